//! A distribution in a few numbers, and the interval of a mean.

use serde::Serialize;

use super::distributions::t_quantile;
use super::error::{StatsError, check_level};
use super::estimate::{Estimate, Interval};
use super::magnitude::check_range;
use super::quantile::of_sorted;

/// A distribution in a few numbers.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Summary {
    /// Number of values.
    pub n: usize,
    /// Mean.
    pub mean: f64,
    /// Standard deviation with n − 1; `None` for one value.
    pub std_dev: Option<f64>,
    /// Median (type 7).
    pub median: f64,
    /// Lower quartile (type 7).
    pub lower_quartile: f64,
    /// Upper quartile (type 7).
    pub upper_quartile: f64,
    /// Least value.
    pub min: f64,
    /// Greatest value.
    pub max: f64,
}

/// Summarizes values.
///
/// # Formula
/// `mean = Σx/n`, `sd = √(Σ(x − mean)²/(n − 1))`, quartiles of type 7.
///
/// # Errors
/// [`StatsError::EmptySample`], [`StatsError::NotFinite`]; [`StatsError::Magnitude`] where squares would overflow or vanish.
pub fn summarize(values: &[f64]) -> Result<Summary, StatsError> {
    if values.is_empty() {
        return Err(StatsError::EmptySample);
    }
    check_range("the values", values)?;
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let n = sorted.len();
    let mean = sorted.iter().sum::<f64>() / n as f64;
    let std_dev = (n > 1).then(|| (sorted.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (n - 1) as f64).sqrt());
    Ok(Summary {
        n,
        mean,
        std_dev,
        median: of_sorted(&sorted, 0.5),
        lower_quartile: of_sorted(&sorted, 0.25),
        upper_quartile: of_sorted(&sorted, 0.75),
        min: sorted[0],
        max: sorted[n - 1],
    })
}

/// Mean with its t interval.
///
/// # Formula
/// `mean ± t₍₁₊level₎⸝₂, n−1 · sd/√n`.
///
/// # Errors
/// [`StatsError::TooFew`] below two values, else as [`summarize`].
///
/// # Agrees with
/// R `t.test(x)$conf.int`.
pub fn mean_interval(values: &[f64], level: f64) -> Result<Estimate, StatsError> {
    check_level(level)?;
    let summary = summarize(values)?;
    let Some(std_dev) = summary.std_dev else { return Err(StatsError::TooFew { found: 1, needed: 2 }) };
    let std_error = std_dev / (summary.n as f64).sqrt();
    let half = t_quantile(0.5 + level / 2.0, (summary.n - 1) as f64) * std_error;
    let interval = Interval { lower: summary.mean - half, upper: summary.mean + half, level };
    Ok(Estimate { estimate: summary.mean, std_error, interval: Some(interval) })
}
