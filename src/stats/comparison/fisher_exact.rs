//! Fisher's exact test.

use serde::Serialize;

use super::contingency::margins;
use crate::stats::distributions::log_gamma;
use crate::stats::error::{StatsError, check_level};

/// Fisher's exact test.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct FisherExact {
    /// Probability of tables as improbable as this one, or more so, given the margins.
    pub p_value: f64,
    /// Conditional maximum-likelihood odds ratio of a 2 × 2 table; `None` where it is infinite, or for larger tables.
    pub odds_ratio: Option<f64>,
    /// Its lower exact limit (0 where unbounded).
    pub lower: Option<f64>,
    /// Its upper exact limit; `None` where it is infinite, or for larger tables.
    pub upper: Option<f64>,
    /// Level of the limits.
    pub level: f64,
}

/// Tables with more ways to fill them than this are refused.
const MOST_TABLES: usize = 2_000_000;
/// R's slack for "as improbable as": rounding must not split equals.
const SLACK: f64 = 1.0 + 1e-7;

/// Fisher's exact test that rows and columns of a table are independent.
///
/// # Formula
/// Given all margins a table's probability is hypergeometric; p sums those not above the observed table's. For 2 × 2 the odds ratio
/// maximizes the noncentral hypergeometric likelihood of the first cell, and its limits leave α/2 in each tail.
///
/// # Errors
/// As [`super::chi_square_test`] but that empty margins are allowed in 2 × 2 (p = 1); [`StatsError::Undefined`] for larger tables with
/// more than two million fillings.
///
/// # Agrees with
/// R `fisher.test(table)`.
///
/// # References
/// Fisher (1935); Cornfield (1956).
pub fn fisher_exact(table: &[Vec<u64>], level: f64) -> Result<FisherExact, StatsError> {
    check_level(level)?;
    let (rows, columns, total) = margins(table)?;
    if total <= 0.0 {
        return Err(StatsError::EmptySample);
    }
    if rows.len() == 2 && columns.len() == 2 {
        return Ok(two_by_two(table, &rows, &columns, level));
    }
    let p_value = larger(table, &rows, &columns)?;
    Ok(FisherExact { p_value, odds_ratio: None, lower: None, upper: None, level })
}

fn log_choose(n: f64, k: f64) -> f64 {
    log_gamma(n + 1.0) - log_gamma(k + 1.0) - log_gamma(n - k + 1.0)
}

fn two_by_two(table: &[Vec<u64>], rows: &[f64], columns: &[f64], level: f64) -> FisherExact {
    let x = table[0][0] as f64;
    let (low, high) = ((columns[0] - rows[1]).max(0.0), rows[0].min(columns[0]));
    let support: Vec<f64> = (low as u64..=high as u64).map(|cell| cell as f64).collect();
    let log_density: Vec<f64> = support.iter().map(|&cell| log_choose(columns[0], cell) + log_choose(columns[1], rows[0] - cell)).collect();
    // Probabilities of the first cell at a log odds ratio.
    let at = |log_odds: f64| -> Vec<f64> {
        let weights: Vec<f64> = log_density.iter().zip(&support).map(|(density, cell)| density + log_odds * cell).collect();
        let largest = weights.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let terms: Vec<f64> = weights.iter().map(|weight| (weight - largest).exp()).collect();
        let sum: f64 = terms.iter().sum();
        terms.into_iter().map(|term| term / sum).collect()
    };
    let null = at(0.0);
    let own = null[(x - low) as usize];
    let p_value = null.iter().filter(|&&share| share <= own * SLACK).sum::<f64>().min(1.0);
    let mean = |log_odds: f64| at(log_odds).iter().zip(&support).map(|(share, cell)| share * cell).sum::<f64>();
    let tail = |log_odds: f64, up: bool| -> f64 {
        let inside = |cell: f64| if up { cell >= x } else { cell <= x };
        at(log_odds).iter().zip(&support).filter(|(_, cell)| inside(**cell)).map(|(share, _)| share).sum()
    };
    // All three rise with the odds ratio (the lower tail falls): bisection on its logarithm.
    let solve = |too_low: &dyn Fn(f64) -> bool| {
        let (mut from, mut to) = (-700.0_f64, 700.0_f64);
        for _ in 0..100 {
            let middle = f64::midpoint(from, to);
            if too_low(middle) { from = middle } else { to = middle }
        }
        f64::midpoint(from, to).exp()
    };
    let alpha = (1.0 - level) / 2.0;
    let fixed = low >= high;
    let odds_ratio = if fixed || x >= high { None } else { Some(if x <= low { 0.0 } else { solve(&|odds| mean(odds) < x) }) };
    let lower = if fixed || x <= low { 0.0 } else { solve(&|odds| tail(odds, true) < alpha) };
    let upper = (!fixed && x < high).then(|| solve(&|odds| tail(odds, false) > alpha));
    FisherExact { p_value, odds_ratio, lower: Some(lower), upper, level }
}

/// All fillings of the table with its margins, row after row.
fn larger(table: &[Vec<u64>], rows: &[f64], columns: &[f64]) -> Result<f64, StatsError> {
    let log_of = |cells: &[u64]| cells.iter().map(|&cell| log_gamma(cell as f64 + 1.0)).sum::<f64>();
    let constant: f64 =
        rows.iter().chain(columns).map(|&sum| log_gamma(sum + 1.0)).sum::<f64>() - log_gamma(rows.iter().sum::<f64>() + 1.0);
    let own = constant - table.iter().map(|row| log_of(row)).sum::<f64>();
    let mut search = Search { limit: own + SLACK.ln(), sum: 0.0, visited: 0 };
    let mut left: Vec<u64> = columns.iter().map(|&sum| sum as u64).collect();
    let sums: Vec<u64> = rows.iter().map(|&sum| sum as u64).collect();
    search.row(&sums, &mut left, constant)?;
    Ok(search.sum.min(1.0))
}

struct Search {
    limit: f64,
    sum: f64,
    visited: usize,
}

impl Search {
    fn row(&mut self, rows: &[u64], left: &mut [u64], log: f64) -> Result<(), StatsError> {
        let Some((&row, rest)) = rows.split_first() else { return Ok(()) };
        if rest.is_empty() {
            self.visited += 1;
            if self.visited > MOST_TABLES {
                return Err(StatsError::Undefined {
                    why: "the table has too many fillings for the exact test; use the chi-square test".to_owned(),
                });
            }
            let log = log - left.iter().map(|&cell| log_gamma(cell as f64 + 1.0)).sum::<f64>();
            if log <= self.limit {
                self.sum += log.exp();
            }
            return Ok(());
        }
        self.cell(0, row, rest, left, log)
    }

    fn cell(&mut self, column: usize, row_left: u64, rest: &[u64], left: &mut [u64], log: f64) -> Result<(), StatsError> {
        if column + 1 == left.len() {
            if row_left > left[column] {
                return Ok(());
            }
            left[column] -= row_left;
            let result = self.row(rest, left, log - log_gamma(row_left as f64 + 1.0));
            left[column] += row_left;
            return result;
        }
        for cell in 0..=row_left.min(left[column]) {
            left[column] -= cell;
            let result = self.cell(column + 1, row_left - cell, rest, left, log - log_gamma(cell as f64 + 1.0));
            left[column] += cell;
            result?;
        }
        Ok(())
    }
}
