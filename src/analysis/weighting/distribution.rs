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

/// Weights, and which of them were cut.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Weights {
    /// As used.
    pub values: Vec<f64>,
    /// Whether each was set to a percentile.
    pub cut: Vec<bool>,
}

impl Weights {
    /// Weights of 1.
    pub fn ones(n: usize) -> Self {
        Self { values: vec![1.0; n], cut: vec![false; n] }
    }

    /// Weights cut at the percentiles `share` and 1 − `share`; as they are if the share is 0.
    ///
    /// # Errors
    /// [`StatsError::EmptySample`] of no weights.
    pub fn truncated(weights: Vec<f64>, share: f64) -> Result<Self, StatsError> {
        if share <= 0.0 {
            return Ok(Self { cut: vec![false; weights.len()], values: weights });
        }
        let limits = quantiles(&weights, &[share, 1.0 - share], QuantileType::default())?;
        let [low, high] = limits[..] else { return Err(StatsError::EmptySample) };
        let cut = weights.iter().map(|&weight| weight < low || weight > high).collect();
        Ok(Self { values: weights.into_iter().map(|weight| weight.clamp(low, high)).collect(), cut })
    }

    /// Their distribution.
    ///
    /// # Errors
    /// [`StatsError::EmptySample`] of no weights.
    pub fn distribution(&self) -> Result<WeightDistribution, StatsError> {
        let weights = &self.values;
        let summary = summarize(weights)?;
        let tails = quantiles(weights, &[0.01, 0.05, 0.95, 0.99], QuantileType::default())?;
        let [percentile_1, percentile_5, percentile_95, percentile_99] = tails[..] else { return Err(StatsError::EmptySample) };
        Ok(WeightDistribution {
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
            share_truncated: self.cut.iter().filter(|&&cut| cut).count() as f64 / summary.n as f64,
        })
    }

    /// Some of them, by their places.
    pub fn among(&self, places: impl Iterator<Item = usize> + Clone) -> Self {
        Self { values: places.clone().map(|place| self.values[place]).collect(), cut: places.map(|place| self.cut[place]).collect() }
    }

    /// The products of weights, each of these with the other at the place given for it; `None` is 1.
    pub fn times(&self, other: &Self, place: impl Fn(usize) -> Option<usize>) -> Self {
        let (values, cut) = self
            .values
            .iter()
            .zip(&self.cut)
            .enumerate()
            .map(|(row, (&value, &cut))| place(row).map_or((value, cut), |place| (value * other.values[place], cut || other.cut[place])))
            .unzip();
        Self { values, cut }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_cut_at_their_percentiles_and_those_cut_are_counted() {
        // 1 … 101: the 5th percentile is 6, the 95th 96; five lie below and five above.
        let weights = Weights::truncated((1..=101).map(f64::from).collect(), 0.05).unwrap();
        let found = weights.distribution().unwrap();
        assert!((found.min - 6.0).abs() < 1e-9 && (found.max - 96.0).abs() < 1e-9 && (found.mean - 51.0).abs() < 1e-9);
        assert!((found.share_truncated - 10.0 / 101.0).abs() < 1e-12);
        assert_eq!(Weights::truncated(vec![1.0, 9.0], 0.0).unwrap(), Weights { values: vec![1.0, 9.0], cut: vec![false, false] });
    }

    #[test]
    fn a_product_is_cut_if_one_of_its_weights_was() {
        let one = Weights { values: vec![2.0, 3.0, 5.0], cut: vec![false, true, false] };
        let other = Weights { values: vec![10.0, 100.0], cut: vec![true, false] };
        let product = one.times(&other, |row| [Some(0), None, Some(1)][row]);
        assert_eq!(product, Weights { values: vec![20.0, 3.0, 500.0], cut: vec![true, true, false] });
    }
}
