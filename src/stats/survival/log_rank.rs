//! Log-rank test of two groups or more.

use nalgebra::{DMatrix, DVector};
use serde::Serialize;

use super::time_to_event::TimeToEvent;
use crate::stats::distributions::chi_squared_upper_p;
use crate::stats::error::StatsError;
use crate::stats::hypothesis::TestResult;

/// A log-rank test.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LogRank {
    /// Rows per group.
    pub n: Vec<usize>,
    /// Events observed per group.
    pub observed: Vec<f64>,
    /// Events expected per group if all had the same hazard.
    pub expected: Vec<f64>,
    /// Covariance of observed less expected.
    pub covariance: Vec<Vec<f64>>,
    /// χ² test.
    pub test: TestResult,
}

/// Log-rank test that k groups share one hazard.
///
/// # Formula
/// ```text
/// E_g = Σᵢ dᵢ n_gᵢ / nᵢ
/// V_gh = Σᵢ dᵢ (nᵢ − dᵢ) / (nᵢ − 1) · n_gᵢ/nᵢ (δ_gh − n_hᵢ/nᵢ)
/// χ² = (O − E)ᵀ V⁻ (O − E)   on k − 1 degrees of freedom
/// ```
///
/// # Edge cases
/// A group with no expected events is dropped, with its degree of freedom, as in R.
///
/// # Errors
/// [`StatsError::OneGroup`] if fewer than two groups have expected events; [`StatsError::NoEvents`] without events or if the
/// variance is zero.
///
/// # Agrees with
/// R survival 3.5-3 `survdiff(Surv(time, event) ~ group)`.
///
/// # References
/// Mantel (1966); Peto & Peto (1972), JRSS A 135:185–207.
pub fn log_rank(groups: &[&TimeToEvent]) -> Result<LogRank, StatsError> {
    let k = groups.len();
    if k < 2 {
        return Err(StatsError::OneGroup);
    }
    let mut rows: Vec<(f64, bool, usize)> = groups
        .iter()
        .enumerate()
        .flat_map(|(group, sample)| sample.time().iter().zip(sample.event()).map(move |(&time, &event)| (time, event, group)))
        .collect();
    rows.sort_by(|a, b| a.0.total_cmp(&b.0));
    let n: Vec<usize> = groups.iter().map(|sample| sample.len()).collect();
    let mut at_risk: Vec<f64> = n.iter().map(|&n| n as f64).collect();
    let mut total = at_risk.iter().sum::<f64>();
    let (mut observed, mut expected) = (vec![0.0; k], vec![0.0; k]);
    let mut covariance = vec![vec![0.0; k]; k];
    for tied in rows.chunk_by(|a, b| a.0.total_cmp(&b.0).is_eq()) {
        let mut events = 0.0;
        for &(_, _, group) in tied.iter().filter(|row| row.1) {
            observed[group] += 1.0;
            events += 1.0;
        }
        if events > 0.0 {
            let spread = if total > 1.0 { events * (total - events) / (total - 1.0) } else { 0.0 };
            for g in 0..k {
                let share = at_risk[g] / total;
                expected[g] += events * share;
                for h in 0..k {
                    covariance[g][h] += spread * share * (f64::from(g == h) - at_risk[h] / total);
                }
            }
        }
        for &(_, _, group) in tied {
            at_risk[group] -= 1.0;
        }
        total -= tied.len() as f64;
    }
    if observed.iter().sum::<f64>() <= 0.0 {
        return Err(StatsError::NoEvents);
    }
    let kept: Vec<usize> = (0..k).filter(|&group| expected[group] > 0.0).collect();
    if kept.len() < 2 {
        return Err(StatsError::OneGroup);
    }
    let free = &kept[1..];
    let difference = DVector::from_iterator(free.len(), free.iter().map(|&group| observed[group] - expected[group]));
    let matrix = DMatrix::from_fn(free.len(), free.len(), |row, column| covariance[free[row]][free[column]]);
    let statistic = matrix.cholesky().map(|cholesky| difference.dot(&cholesky.solve(&difference))).ok_or(StatsError::NoEvents)?;
    let df = free.len() as f64;
    let test = TestResult { method: "log-rank test", statistic, df: Some(df), p_value: chi_squared_upper_p(statistic, df) };
    Ok(LogRank { n, observed, expected, covariance, test })
}
