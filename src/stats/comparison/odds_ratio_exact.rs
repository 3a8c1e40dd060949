//! Fisher's exact test of a 2 × 2 table, with the conditional odds ratio.

use serde::Serialize;

use super::contingency::without_empty_lines;
use crate::stats::error::{StatsError, check_level};

/// Fisher's exact test of a 2 × 2 table.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct FisherExact {
    /// Two-sided p value.
    pub p_value: f64,
    /// Conditional maximum-likelihood odds ratio; `None` where it is infinite.
    pub odds_ratio: Option<f64>,
    /// Exact lower limit.
    pub lower: f64,
    /// Exact upper limit; `None` where it is infinite.
    pub upper: Option<f64>,
    /// Level of the limits.
    pub level: f64,
}

/// Relative difference up to which two probabilities count as equal, as in R.
pub(super) const EQUAL: f64 = 1e-7;

/// Noncentral hypergeometric distribution of the first cell, given the margins.
struct FirstCell {
    /// Least possible value.
    least: u64,
    /// Log weights at an odds ratio of one, from the least value on.
    log_weights: Vec<f64>,
}

impl FirstCell {
    fn of(row: u64, column: u64, other_column: u64) -> Self {
        let (least, greatest) = (row.saturating_sub(other_column), row.min(column));
        let mut log_weights = Vec::with_capacity((greatest - least) as usize + 1);
        let mut log_weight = 0.0;
        log_weights.push(log_weight);
        for x in least..greatest {
            let up = (column - x) as f64 * (row - x) as f64;
            let down = (x + 1) as f64 * (other_column + x + 1 - row) as f64;
            log_weight += (up / down).ln();
            log_weights.push(log_weight);
        }
        Self { least, log_weights }
    }

    /// Weights at this log odds ratio, the largest 1.
    fn weights(&self, log_odds: f64) -> impl Iterator<Item = f64> {
        let log = move |(index, weight): (usize, &f64)| weight + index as f64 * log_odds;
        let largest = self.log_weights.iter().enumerate().map(log).fold(f64::NEG_INFINITY, f64::max);
        self.log_weights.iter().enumerate().map(move |pair| (log(pair) - largest).exp())
    }

    /// Mean of the cell above its least value.
    fn mean(&self, log_odds: f64) -> f64 {
        let (mut sum, mut total) = (0.0, 0.0);
        for (index, weight) in self.weights(log_odds).enumerate() {
            sum += index as f64 * weight;
            total += weight;
        }
        sum / total
    }

    /// P(cell ≤ at) and P(cell ≥ at), `at` counted from the least value.
    fn tails(&self, at: usize, log_odds: f64) -> (f64, f64) {
        let (mut below, mut here, mut above) = (0.0, 0.0, 0.0);
        for (index, weight) in self.weights(log_odds).enumerate() {
            match index.cmp(&at) {
                std::cmp::Ordering::Less => below += weight,
                std::cmp::Ordering::Equal => here = weight,
                std::cmp::Ordering::Greater => above += weight,
            }
        }
        let total = below + here + above;
        ((below + here) / total, (here + above) / total)
    }
}

/// Root of an increasing function of the log odds ratio.
fn root(of: impl Fn(f64) -> f64) -> f64 {
    let (mut low, mut high) = (-1.0, 1.0);
    while of(low) > 0.0 && low > -700.0 {
        low *= 2.0;
    }
    while of(high) < 0.0 && high < 700.0 {
        high *= 2.0;
    }
    for _ in 0..100 {
        let middle = f64::midpoint(low, high);
        if middle <= low || middle >= high {
            break;
        }
        if of(middle) > 0.0 {
            high = middle;
        } else {
            low = middle;
        }
    }
    f64::midpoint(low, high)
}

/// Fisher's exact test of a 2 × 2 table of counts, rows the groups, first column the events.
///
/// # Formula
/// ```text
/// p = Σ P(x) over all x with P(x) ≤ P(observed) (1 + 1e-7), given the margins
/// odds ratio: E(x; ψ) = observed;   limits: P(X ≥ observed; ψ) = α/2 and P(X ≤ observed; ψ) = α/2
/// ```
/// with X the noncentral hypergeometric first cell.
///
/// # Conventions
/// R's roots stop at an error of 1e-4 (`uniroot`'s default) of the odds ratio or its inverse, so that its estimate differs from this
/// one in the fourth digit and a far limit by a percent or two; the p values agree.
///
/// # Edge cases
/// First cell as small as the margins allow: odds ratio and lower limit 0; as large: odds ratio and upper limit infinite (`None`).
///
/// # Errors
/// [`StatsError::OneGroup`] if a row or column holds no counts, [`StatsError::LengthMismatch`] if the table is not 2 × 2,
/// [`StatsError::NotPossible`] for margins of more than ten million.
///
/// # Agrees with
/// R `fisher.test(table)`.
///
/// # References
/// Fisher (1935), JRSS 98:39–54; Cornfield (1956), Third Berkeley Symposium 4:135–148.
pub fn fisher_exact_two_by_two(table: [[u64; 2]; 2], level: f64) -> Result<FisherExact, StatsError> {
    check_level(level)?;
    without_empty_lines(&[table[0].to_vec(), table[1].to_vec()])?;
    let [[a, b], [c, d]] = table;
    let cell = {
        let (row, column, other_column) = (a + b, a + c, b + d);
        if row.min(column).min(other_column).min(c + d) > 10_000_000 {
            return Err(StatsError::NotPossible { what: "Fisher's exact test", reason: "the counts are too large to go through" });
        }
        FirstCell::of(row, column, other_column)
    };
    let at = (a - cell.least) as usize;
    let last = cell.log_weights.len() - 1;
    let weights: Vec<f64> = cell.weights(0.0).collect();
    let limit = weights[at] * (1.0 + EQUAL);
    let (mut extreme, mut total) = (0.0, 0.0);
    for weight in weights {
        total += weight;
        if weight <= limit {
            extreme += weight;
        }
    }
    let alpha = (1.0 - level) / 2.0;
    let odds_ratio = match at {
        0 => Some(0.0),
        _ if at == last => None,
        _ => Some(root(|log_odds| cell.mean(log_odds) - at as f64).exp()),
    };
    let lower = if at == 0 { 0.0 } else { root(|log_odds| cell.tails(at, log_odds).1 - alpha).exp() };
    let upper = (at < last).then(|| root(|log_odds| alpha - cell.tails(at, log_odds).0).exp());
    Ok(FisherExact { p_value: (extreme / total).min(1.0), odds_ratio, lower, upper, level })
}
