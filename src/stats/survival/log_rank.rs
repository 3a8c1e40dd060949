//! Log-rank tests of two groups or more: weighted, stratified, for trend.

use nalgebra::{DMatrix, DVector};
use serde::Serialize;

use super::time_to_event::{TimeToEvent, rising};
use crate::stats::distributions::chi_squared_upper_p;
use crate::stats::error::StatsError;
use crate::stats::hypothesis::TestResult;

/// Share of a group's variance that others leave unexplained below which it is rounding.
const LEAST_PIVOT: f64 = 1e-9;

/// A log-rank test.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LogRank {
    /// Rows per group.
    pub n: Vec<usize>,
    /// Events observed per group, weighted if the test is.
    pub observed: Vec<f64>,
    /// Events expected per group if all had the same hazard, weighted if the test is.
    pub expected: Vec<f64>,
    /// Covariance of observed less expected.
    pub covariance: Vec<Vec<f64>>,
    /// χ² test.
    pub test: TestResult,
}

/// Weights over time: `S(t−)^rho · (1 − S(t−))^gamma` with the Kaplan–Meier curve of all rows of the stratum together.
///
/// (0, 0) is the log-rank test; (1, 0) Peto & Peto's version of the Wilcoxon test, for early differences; (0, 1) is for late ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct FlemingHarringtonWeights {
    /// Weight of early times.
    pub rho: f64,
    /// Weight of late times.
    pub gamma: f64,
}

/// Log-rank test that k samples share one hazard.
///
/// # Formula
/// As [`log_rank_by`], unweighted and without strata.
///
/// # Errors
/// As [`log_rank_by`].
pub fn log_rank(groups: &[&TimeToEvent]) -> Result<LogRank, StatsError> {
    if groups.len() < 2 {
        return Err(StatsError::OneGroup);
    }
    let gather = |part: fn(&TimeToEvent, usize) -> f64| -> Vec<f64> {
        groups.iter().flat_map(|rows| (0..rows.len()).map(move |row| part(rows, row))).collect()
    };
    let events = groups.iter().flat_map(|rows| rows.event().iter().copied()).collect();
    let mut all = TimeToEvent::new(gather(|rows, row| rows.time()[row]), events)?;
    if groups.iter().any(|rows| rows.entry().is_some()) {
        all = all.with_entry(gather(|rows, row| rows.entry().map_or(-1.0, |entry| entry[row])))?;
    }
    let codes: Vec<usize> = groups.iter().enumerate().flat_map(|(group, rows)| vec![group; rows.len()]).collect();
    log_rank_by(&all, &codes, None, FlemingHarringtonWeights::default())
}

/// Weighted and stratified log-rank test that the groups share one hazard within each stratum.
///
/// # Formula
/// Summed over the event times `i` of each stratum, with weight `wᵢ` ([`FlemingHarringtonWeights`]):
/// ```text
/// O_g = Σ wᵢ d_gᵢ,   E_g = Σ wᵢ dᵢ n_gᵢ / nᵢ
/// V_gh = Σ wᵢ² dᵢ (nᵢ − dᵢ) / (nᵢ − 1) · n_gᵢ/nᵢ (δ_gh − n_hᵢ/nᵢ)
/// χ² = (O − E)ᵀ V⁻ (O − E)   on k − 1 degrees of freedom
/// ```
///
/// # Conventions
/// Group codes count from 0; late entry is allowed; case weights are not used, as in R.
///
/// # Edge cases
/// A group with no expected events is dropped, with its degree of freedom, as in R. Groups that are never at risk together (each in
/// strata of its own) leave fewer than k − 1 degrees of freedom; R stops there.
///
/// # Errors
/// [`StatsError::OneGroup`] without a second group; [`StatsError::NotPossible`] if fewer than two groups have anybody at risk when an
/// event happens; [`StatsError::NoEvents`] without events;
/// [`StatsError::UndefinedVariance`] if nobody of another group is at risk at any event; [`StatsError::LengthMismatch`]; [`StatsError::OutOfRange`] for a negative rho or gamma.
///
/// # Agrees with
/// R survival 3.5-3 `survdiff(Surv(time, event) ~ group + strata(stratum), rho = …)`.
///
/// # References
/// Mantel (1966); Peto & Peto (1972), JRSS A 135:185–207; Harrington & Fleming (1982), Biometrika 69:553–566.
pub fn log_rank_by(
    rows: &TimeToEvent,
    group: &[usize],
    strata: Option<&[usize]>,
    weights: FlemingHarringtonWeights,
) -> Result<LogRank, StatsError> {
    for (what, codes) in [("group", Some(group)), ("strata", strata)] {
        if let Some(codes) = codes.filter(|codes| codes.len() != rows.len()) {
            return Err(StatsError::LengthMismatch { what: what.to_owned(), found: codes.len(), expected: rows.len() });
        }
    }
    for (what, value) in [("rho", weights.rho), ("gamma", weights.gamma)] {
        if !(value >= 0.0 && value.is_finite()) {
            return Err(StatsError::OutOfRange { what, value, expected: "it must be 0 or more" });
        }
    }
    let k = group.iter().max().map_or(0, |last| last + 1);
    if k < 2 {
        return Err(StatsError::OneGroup);
    }
    let mut sums = Sums { observed: vec![0.0; k], expected: vec![0.0; k], covariance: vec![0.0; k * k] };
    let mut n = vec![0; k];
    group.iter().for_each(|&code| n[code] += 1);
    match strata {
        None => sums.add_stratum(rows, group, weights, rows.order(), rows.entry_order()),
        Some(strata) => {
            let codes: Vec<f64> = strata.iter().map(|&code| code as f64).collect();
            // A stable sort by stratum of rows already sorted by time.
            let sorted = |order: &[u32]| -> Vec<u32> {
                let in_order: Vec<f64> = order.iter().map(|&row| codes[row as usize]).collect();
                rising(&in_order).into_iter().map(|place| order[place as usize]).collect()
            };
            let (by_time, by_entry) = (sorted(rows.order()), sorted(rows.entry_order()));
            let mut entries = by_entry.chunk_by(|&a, &b| strata[a as usize] == strata[b as usize]);
            for stratum in by_time.chunk_by(|&a, &b| strata[a as usize] == strata[b as usize]) {
                sums.add_stratum(rows, group, weights, stratum, entries.next().unwrap_or_default());
            }
        }
    }
    sums.test(n)
}

/// Log-rank test for trend over ordered groups: does the hazard rise or fall from group to group?
///
/// # Formula
/// ```text
/// χ² = [Σ_g s_g (O_g − E_g)]² / (sᵀ V s)   on 1 degree of freedom
/// ```
/// with scores `s`, usually 1 … k.
///
/// # Errors
/// [`StatsError::LengthMismatch`] unless there is a score per group; [`StatsError::NotFinite`]; [`StatsError::OneGroup`] if the
/// scores leave no variance.
///
/// # Agrees with
/// R: `survdiff` with the contrast worked out by hand; `survMisc::comp` trend test.
///
/// # References
/// Tarone (1975), Biometrika 62:679–682.
pub fn log_rank_trend(log_rank: &LogRank, scores: &[f64]) -> Result<TestResult, StatsError> {
    let k = log_rank.observed.len();
    if scores.len() != k {
        return Err(StatsError::LengthMismatch { what: "scores".to_owned(), found: scores.len(), expected: k });
    }
    crate::stats::error::check_finite("score", scores)?;
    let difference: f64 = (0..k).map(|g| scores[g] * (log_rank.observed[g] - log_rank.expected[g])).sum();
    let variance: f64 = (0..k).map(|g| (0..k).map(|h| scores[g] * scores[h] * log_rank.covariance[g][h]).sum::<f64>()).sum();
    let largest: f64 = (0..k).map(|g| scores[g] * scores[g] * log_rank.covariance[g][g]).sum();
    if variance <= 1e-12 * largest || variance <= 0.0 {
        return Err(StatsError::OneGroup);
    }
    let statistic = difference * difference / variance;
    Ok(TestResult { method: "log-rank test for trend", statistic, df: Some(1.0), p_value: chi_squared_upper_p(statistic, 1.0) })
}

struct Sums {
    observed: Vec<f64>,
    expected: Vec<f64>,
    /// `k × k`, row by row; the lower triangle is filled at the end.
    covariance: Vec<f64>,
}

impl Sums {
    fn add_stratum(&mut self, rows: &TimeToEvent, group: &[usize], weights: FlemingHarringtonWeights, order: &[u32], entry_order: &[u32]) {
        let k = self.observed.len();
        let (time, event) = (rows.time(), rows.event());
        let entry = rows.entry().unwrap_or_default();
        let mut at_risk = vec![0.0; k];
        let mut entries = entry_order.iter().peekable();
        if entry.is_empty() {
            order.iter().for_each(|&row| at_risk[group[row as usize]] += 1.0);
        }
        let (mut survival, mut start) = (1.0_f64, 0);
        let mut dying = vec![0.0; k];
        while start < order.len() {
            let now = time[order[start] as usize];
            while let Some(row) = entries.next_if(|&&row| entry[row as usize] < now) {
                at_risk[group[*row as usize]] += 1.0;
            }
            let mut end = start;
            let mut events = 0.0;
            while end < order.len() && time[order[end] as usize].total_cmp(&now).is_eq() {
                let row = order[end] as usize;
                if event[row] {
                    dying[group[row]] += 1.0;
                    events += 1.0;
                }
                end += 1;
            }
            if events > 0.0 {
                let total: f64 = at_risk.iter().sum();
                let weight = if weights.rho == 0.0 && weights.gamma == 0.0 {
                    1.0
                } else {
                    survival.powf(weights.rho) * (1.0 - survival).powf(weights.gamma)
                };
                let spread = if total > 1.0 { weight * weight * events * (total - events) / (total - 1.0) } else { 0.0 };
                for g in 0..k {
                    let share = at_risk[g] / total;
                    self.observed[g] += weight * dying[g];
                    self.expected[g] += weight * events * share;
                    for h in g..k {
                        self.covariance[g * k + h] += spread * share * (f64::from(g == h) - at_risk[h] / total);
                    }
                }
                survival *= (total - events) / total;
                dying.fill(0.0);
            }
            order[start..end].iter().for_each(|&row| at_risk[group[row as usize]] -= 1.0);
            start = end;
        }
    }

    fn test(self, n: Vec<usize>) -> Result<LogRank, StatsError> {
        let k = n.len();
        let covariance: Vec<Vec<f64>> = (0..k).map(|g| (0..k).map(|h| self.covariance[g.min(h) * k + g.max(h)]).collect()).collect();
        if self.observed.iter().sum::<f64>() <= 0.0 {
            return Err(StatsError::NoEvents);
        }
        let kept: Vec<usize> = (0..k).filter(|&group| self.expected[group] > 0.0).collect();
        if kept.len() < 2 {
            return Err(StatsError::NotPossible {
                what: "a log-rank test",
                reason: "only one group has anybody at risk when an event happens",
            });
        }
        let free = independent(&kept[1..], &covariance);
        let difference = DVector::from_iterator(free.len(), free.iter().map(|&group| self.observed[group] - self.expected[group]));
        let matrix = DMatrix::from_fn(free.len(), free.len(), |row, column| covariance[free[row]][free[column]]);
        let undefined = StatsError::UndefinedVariance { what: "the log-rank test" };
        if free.is_empty() {
            return Err(undefined);
        }
        let statistic = matrix.cholesky().map(|cholesky| difference.dot(&cholesky.solve(&difference))).ok_or(undefined)?;
        let df = free.len() as f64;
        let test = TestResult { method: "log-rank test", statistic, df: Some(df), p_value: chi_squared_upper_p(statistic, df) };
        Ok(LogRank { n, observed: self.observed, expected: self.expected, covariance, test })
    }
}

/// The groups whose differences say all there is: the pivots of a Cholesky decomposition of their correlations.
fn independent(groups: &[usize], covariance: &[Vec<f64>]) -> Vec<usize> {
    let spread: Vec<f64> = groups.iter().map(|&group| covariance[group][group].max(0.0).sqrt()).collect();
    let size = groups.len();
    let known = |row: usize, column: usize| spread[row] > 0.0 && spread[column] > 0.0;
    let mut rest = DMatrix::from_fn(size, size, |row, column| {
        if known(row, column) { covariance[groups[row]][groups[column]] / (spread[row] * spread[column]) } else { 0.0 }
    });
    let mut pivots = Vec::new();
    for _ in 0..size {
        let Some(pivot) = (0..size).max_by(|&a, &b| rest[(a, a)].total_cmp(&rest[(b, b)]).then(b.cmp(&a))) else { break };
        let left = rest[(pivot, pivot)];
        if left <= LEAST_PIVOT {
            break;
        }
        pivots.push(pivot);
        let column = rest.column(pivot).into_owned();
        rest -= &column * column.transpose() / left;
        rest.row_mut(pivot).fill(0.0);
        rest.column_mut(pivot).fill(0.0);
    }
    pivots.sort_unstable();
    pivots.into_iter().map(|pivot| groups[pivot]).collect()
}
