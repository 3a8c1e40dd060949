//! The intraclass correlation with its exact interval.

use nalgebra::SymmetricEigen;

use super::model::IntraclassCorrelation;
use super::sufficient::Sufficient;
use crate::stats::distributions::f_upper_p;
use crate::stats::estimate::Interval;

/// Degrees of freedom between and within groups, and the sum of squares within.
pub(super) struct Strata {
    pub(super) df_between: usize,
    pub(super) df_within: usize,
    pub(super) within: f64,
}

impl<const Q: usize> Sufficient<Q> {
    /// What is left of the rows once random columns (taken as fixed) and fixed columns are fitted, and what is between.
    pub(super) fn strata(&self) -> Strata {
        let eigen = SymmetricEigen::new(self.within_xx.clone());
        // The columns of X have length 1 over all rows.
        let (mut rank, mut explained) = (0, 0.0);
        for (value, vector) in eigen.eigenvalues.iter().zip(eigen.eigenvectors.column_iter()) {
            if *value > 1e-10 {
                rank += 1;
                explained += vector.dot(&self.within_xy).powi(2) / value;
            }
        }
        let df_within = self.n.saturating_sub(self.random_rank + rank);
        Strata { df_between: (self.n - self.p).saturating_sub(df_within), df_within, within: (self.within_yy - explained).max(0.0) }
    }
}

/// # Formula
/// ```text
/// F(ρ) = ((r²(ρ) − S) / k) / (S / m) ~ F(k, m) at the true ratio ρ = τ²/σ²
/// ```
/// where r²(ρ) is the generalized residual sum of squares, S the residual sum of squares within groups, and k and m the degrees
/// of freedom between and within. F falls as ρ grows, so the limits are where its tail areas are (1 ∓ level)/2; the correlation
/// is ρ/(1 + ρ), cut at 0.
pub(super) fn intraclass_correlation<const Q: usize>(statistics: &Sufficient<Q>, ratio: f64, level: f64) -> IntraclassCorrelation {
    let strata = statistics.strata();
    let (between, within) = (strata.df_between as f64, strata.df_within as f64);
    let usable = strata.df_between > 0 && strata.df_within > 0 && strata.within > 0.0;
    let between_at = |ratio: f64| {
        let mut relative = [[0.0; Q]; Q];
        relative[0][0] = ratio;
        statistics.solve(&relative).map(|solution| (solution.rss - strata.within).max(f64::MIN_POSITIVE))
    };
    let at = |log_ratio: f64| between_at(log_ratio.exp()).map(f64::ln);
    // The ratio at which the sum of squares between has come down to where F has the upper tail `tail`.
    let limit = |tail: f64| {
        let target = (strata.within * between / within).ln() + log_f_quantile(tail, between, within);
        if between_at(0.0)?.ln() <= target { Some(0.0) } else { falling_root(at, target).map(f64::exp) }
    };
    let share = |ratio: f64| ratio / (1.0 + ratio);
    let interval = usable.then(|| {
        let (lower, upper) = (limit((1.0 - level) / 2.0)?, limit(f64::midpoint(1.0, level))?);
        Some(Interval { lower: share(lower), upper: share(upper), level })
    });
    IntraclassCorrelation { estimate: share(ratio), interval: interval.flatten() }
}

/// Logarithm of the F at which the upper tail is `tail`, by bisection.
fn log_f_quantile(tail: f64, df1: f64, df2: f64) -> f64 {
    let (mut low, mut high) = (-700.0, 700.0);
    for _ in 0..80 {
        let middle = f64::midpoint(low, high);
        if f_upper_p(middle.exp(), df1, df2) > tail { low = middle } else { high = middle }
    }
    f64::midpoint(low, high)
}

/// Where a falling function of the logarithm of the ratio meets `target`: the Illinois form of the false position.
fn falling_root(function: impl Fn(f64) -> Option<f64>, target: f64) -> Option<f64> {
    let (mut low, mut high) = (-30.0, 32.0);
    let (mut above, mut below) = (function(low)? - target, function(high)? - target);
    if above <= 0.0 {
        return Some(f64::NEG_INFINITY);
    }
    if below >= 0.0 {
        return Some(high);
    }
    // Halving first brings the bracket to where the function is nearly straight.
    for step in 0..100 {
        let middle = if step < 5 { f64::midpoint(low, high) } else { high - below * (high - low) / (below - above) };
        let value = function(middle)? - target;
        if value > 0.0 {
            (low, above) = (middle, value);
            below /= if step < 5 { 1.0 } else { 2.0 };
        } else {
            (high, below) = (middle, value);
            above /= if step < 5 { 1.0 } else { 2.0 };
        }
        if value.abs() < 1e-13 || high - low < 1e-13 {
            return Some(middle);
        }
    }
    Some(f64::midpoint(low, high))
}
