//! Limits from the replicates of a statistic.

use serde::Serialize;

use crate::stats::distributions::{normal_lower_p, normal_quantile};
use crate::stats::error::{StatsError, check_finite, check_level};
use crate::stats::estimate::Interval;

/// How the limits come from the replicates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum BootstrapMethod {
    /// Quantiles of the replicates.
    Percentile,
    /// Quantiles moved for bias and for an error that changes with the parameter (bias-corrected and accelerated).
    Bca,
}

/// Limits with what made them.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct BootstrapLimits {
    /// The limits.
    pub interval: Interval,
    /// Bias correction z₀; `None` for percentile limits.
    pub bias_correction: Option<f64>,
    /// Acceleration a; `None` for percentile limits.
    pub acceleration: Option<f64>,
    /// Whether a limit is the outermost replicate: more replicates are needed for this level.
    pub extreme: bool,
}

/// Quantile between order statistics on the normal scale, and whether it had to stop at an end.
fn order_statistic(sorted: &[f64], p: f64) -> (f64, bool) {
    let n = sorted.len();
    let rank = (n + 1) as f64 * p;
    let below = rank.floor() as usize;
    if below == 0 {
        return (sorted[0], true);
    }
    if below >= n {
        return (sorted[n - 1], true);
    }
    let extreme = rank <= 1.0 || rank >= n as f64;
    let at = |k: usize| normal_quantile(k as f64 / (n + 1) as f64);
    let share = if rank > below as f64 { (normal_quantile(p) - at(below)) / (at(below + 1) - at(below)) } else { 0.0 };
    let (low, high) = (sorted[below - 1], sorted[below]);
    (low + share * (high - low), extreme)
}

fn sorted(replicates: &[f64], level: f64) -> Result<Vec<f64>, StatsError> {
    check_level(level)?;
    check_finite("replicates", replicates)?;
    if replicates.is_empty() {
        return Err(StatsError::EmptySample);
    }
    let mut sorted = replicates.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    Ok(sorted)
}

/// Percentile limits.
///
/// # Formula
/// ```text
/// α/2 and 1 − α/2 quantiles of R replicates: with r = (R + 1) p and k = ⌊r⌋,
/// t₍ₖ₎ + (Φ⁻¹(p) − Φ⁻¹(k/(R+1))) / (Φ⁻¹((k+1)/(R+1)) − Φ⁻¹(k/(R+1))) · (t₍ₖ₊₁₎ − t₍ₖ₎)
/// ```
///
/// # Conventions
/// Order statistics with interpolation on the normal scale, as R's `boot`, not the type-7 quantile used for data.
///
/// # Edge cases
/// Too few replicates for the level: the outermost one, and `extreme` is true.
///
/// # Errors
/// [`StatsError::EmptySample`], [`StatsError::NotFinite`], [`StatsError::InvalidLevel`].
///
/// # Agrees with
/// R `boot::boot.ci(type = "perc")`.
///
/// # References
/// Davison & Hinkley (1997), Bootstrap Methods and their Application, 5.2.1 and 5.3.1.
pub fn percentile_limits(replicates: &[f64], level: f64) -> Result<BootstrapLimits, StatsError> {
    let sorted = sorted(replicates, level)?;
    let (lower, first) = order_statistic(&sorted, (1.0 - level) / 2.0);
    let (upper, last) = order_statistic(&sorted, f64::midpoint(1.0, level));
    Ok(BootstrapLimits { interval: Interval { lower, upper, level }, bias_correction: None, acceleration: None, extreme: first || last })
}

/// Bias-corrected and accelerated limits.
///
/// # Formula
/// ```text
/// z₀ = Φ⁻¹(share of replicates below the estimate),   a = Σ dᵤ³ / (6 (Σ dᵤ²)^{3/2})
/// the quantiles at Φ(z₀ + (z₀ + z)/(1 − a (z₀ + z))),  z = ±z₁₋α⸝₂
/// ```
/// with `dᵤ` the influence of each unit ([`super::unit_influences`]).
///
/// # Conventions
/// Replicates equal to the estimate count half, which matters where the statistic takes few values (a median); without such ties
/// this is `boot`'s rule. Influences are over the number of units in their stratum, so strata of different size get their
/// weight (Davison & Hinkley, 5.3.2); `boot` leaves that out, which is the same for one stratum and for strata of one size.
///
/// # Edge cases
/// All influences 0: a = 0.
///
/// # Errors
/// As [`percentile_limits`]; [`StatsError::OneSidedResamples`] if all replicates lie on one side of the estimate.
///
/// # Agrees with
/// R `boot::boot.ci(type = "bca", L = …)`.
///
/// # References
/// Efron (1987), JASA 82:171–185. Davison & Hinkley (1997), 5.3.2.
pub fn bca_limits(estimate: f64, replicates: &[f64], influences: &[f64], level: f64) -> Result<BootstrapLimits, StatsError> {
    let sorted = sorted(replicates, level)?;
    check_finite("estimate", &[estimate])?;
    check_finite("influences", influences)?;
    let below = sorted.partition_point(|&value| value < estimate);
    let equal = sorted.partition_point(|&value| value <= estimate) - below;
    let share = (below as f64 + equal as f64 / 2.0) / sorted.len() as f64;
    if share <= 0.0 || share >= 1.0 {
        return Err(StatsError::OneSidedResamples);
    }
    let bias_correction = normal_quantile(share);
    // Over the largest, so that cubes neither vanish nor overflow.
    let scale = influences.iter().fold(0.0_f64, |largest, value| largest.max(value.abs()));
    let acceleration = if scale > 0.0 {
        let power = |n: i32| influences.iter().map(|value| (value / scale).powi(n)).sum::<f64>();
        power(3) / (6.0 * power(2).powf(1.5))
    } else {
        0.0
    };
    let moved = |p: f64| {
        let z = bias_correction + normal_quantile(p);
        let divisor = 1.0 - acceleration * z;
        // Past its pole the formula turns back; the quantile it was heading for is the outermost one.
        if divisor <= 0.0 { if z > 0.0 { 1.0 } else { 0.0 } } else { normal_lower_p(bias_correction + z / divisor) }
    };
    let (lower, first) = order_statistic(&sorted, moved((1.0 - level) / 2.0));
    let (upper, last) = order_statistic(&sorted, moved(f64::midpoint(1.0, level)));
    Ok(BootstrapLimits {
        interval: Interval { lower, upper, level },
        bias_correction: Some(bias_correction),
        acceleration: Some(acceleration),
        extreme: first || last,
    })
}
