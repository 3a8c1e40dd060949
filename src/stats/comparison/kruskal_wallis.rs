//! Kruskal–Wallis test.

use super::ranks::{mid_ranks, tie_sum};
use crate::stats::distributions::chi_squared_upper_p;
use crate::stats::error::{StatsError, check_finite};
use crate::stats::hypothesis::TestResult;

/// Kruskal–Wallis test that no sample tends to larger values.
///
/// # Formula
/// ```text
/// H = [12/(N(N + 1)) Σ R_g²/n_g − 3(N + 1)] / [1 − Σ(t³ − t)/(N³ − N)],   χ² on k − 1 degrees of freedom
/// ```
///
/// # Errors
/// [`StatsError::OneGroup`] below two samples; [`StatsError::EmptySample`] if one is empty; [`StatsError::NotFinite`];
/// [`StatsError::Undefined`] if all values are equal.
///
/// # Agrees with
/// R `kruskal.test(list(…))`.
///
/// # References
/// Kruskal & Wallis (1952), JASA 47:583–621.
pub fn kruskal_wallis(samples: &[&[f64]]) -> Result<TestResult, StatsError> {
    if samples.len() < 2 {
        return Err(StatsError::OneGroup);
    }
    if samples.iter().any(|sample| sample.is_empty()) {
        return Err(StatsError::EmptySample);
    }
    let all: Vec<f64> = samples.concat();
    check_finite("values", &all)?;
    let n = all.len() as f64;
    let ties = 1.0 - tie_sum(&all) / (n.powi(3) - n);
    if ties <= 0.0 {
        return Err(StatsError::Undefined { why: "all values are equal, so there is nothing to rank".to_owned() });
    }
    let ranks = mid_ranks(&all);
    let mut rest = ranks.as_slice();
    let mut between = 0.0;
    for sample in samples {
        let (own, others) = rest.split_at(sample.len());
        between += own.iter().sum::<f64>().powi(2) / sample.len() as f64;
        rest = others;
    }
    let statistic = (12.0 * between / (n * (n + 1.0)) - 3.0 * (n + 1.0)) / ties;
    let df = samples.len() as f64 - 1.0;
    Ok(TestResult { method: "Kruskal-Wallis test", statistic, df: Some(df), p_value: chi_squared_upper_p(statistic, df) })
}
