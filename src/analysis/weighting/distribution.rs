//! Weights in a few numbers.

use serde::Serialize;

use crate::stats::causal::effective_sample_size;
use crate::stats::{QuantileType, StatsError, quantiles, summarize};

/// The distribution of weights.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct WeightDistribution {
    /// Rows: programs, or parts of their follow-up.
    pub n: usize,
    /// Mean; near 1 if the models of stabilized weights fit.
    pub mean: f64,
    /// Standard deviation; `None` for one row.
    pub std_dev: Option<f64>,
    /// Least.
    pub min: f64,
    /// 1st percentile.
    pub percentile_1: f64,
    /// 5th percentile.
    pub percentile_5: f64,
    /// Median.
    pub median: f64,
    /// 95th percentile.
    pub percentile_95: f64,
    /// 99th percentile.
    pub percentile_99: f64,
    /// Greatest.
    pub max: f64,
    /// (Σw)² / Σw²: as many unweighted rows would say as much.
    pub effective_sample_size: f64,
    /// Share of rows whose weight was set to a percentile.
    pub share_truncated: f64,
}

impl WeightDistribution {
    /// Of weights as used, `n_truncated` of which were cut.
    ///
    /// # Errors
    /// [`StatsError::EmptySample`] of no weights.
    pub(super) fn of(weights: &[f64], n_truncated: usize) -> Result<Self, StatsError> {
        let summary = summarize(weights)?;
        let tails = quantiles(weights, &[0.01, 0.05, 0.95, 0.99], QuantileType::default())?;
        let [percentile_1, percentile_5, percentile_95, percentile_99] = tails[..] else { return Err(StatsError::EmptySample) };
        Ok(Self {
            n: summary.n,
            mean: summary.mean,
            std_dev: summary.std_dev,
            min: summary.min,
            percentile_1,
            percentile_5,
            median: summary.median,
            percentile_95,
            percentile_99,
            max: summary.max,
            effective_sample_size: effective_sample_size(weights),
            share_truncated: n_truncated as f64 / summary.n as f64,
        })
    }
}

/// Weights cut at the percentiles `share` and 1 − `share`, and how many were; as they are if the share is 0.
///
/// # Errors
/// [`StatsError::EmptySample`] of no weights.
pub(super) fn truncated(weights: Vec<f64>, share: f64) -> Result<(Vec<f64>, usize), StatsError> {
    if share <= 0.0 {
        return Ok((weights, 0));
    }
    let limits = quantiles(&weights, &[share, 1.0 - share], QuantileType::default())?;
    let [low, high] = limits[..] else { return Err(StatsError::EmptySample) };
    let outside = weights.iter().filter(|&&weight| weight < low || weight > high).count();
    Ok((weights.into_iter().map(|weight| weight.clamp(low, high)).collect(), outside))
}
