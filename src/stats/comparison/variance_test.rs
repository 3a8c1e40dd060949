//! Two variances compared.

use serde::Serialize;

use super::moments::Moments;
use crate::stats::distributions::{f_lower_p, f_quantile, f_upper_p};
use crate::stats::error::{StatsError, check_level};
use crate::stats::estimate::Interval;
use crate::stats::hypothesis::TestResult;

/// Ratio of two variances.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct VarianceRatio {
    /// First variance over second.
    pub ratio: f64,
    /// Its interval.
    pub interval: Interval,
    /// Degrees of freedom of the first.
    pub numerator_df: f64,
    /// Degrees of freedom of the second.
    pub denominator_df: f64,
    /// F test of a ratio of one.
    pub test: TestResult,
}

/// F test of two variances, for normal data.
///
/// # Formula
/// ```text
/// F = s₁²/s₂²,   p = 2 min(P(F′ ≤ F), P(F′ > F)),   limits F/F₍₁₋α⸝₂₎ and F/F₍α⸝₂₎, with n₁ − 1 and n₂ − 1 degrees of freedom
/// ```
///
/// # Errors
/// [`StatsError::TooFew`] below two values in a sample, [`StatsError::NoVariation`] if one is constant, [`StatsError::NotFinite`],
/// [`StatsError::EmptySample`], [`StatsError::InvalidLevel`].
///
/// # Agrees with
/// R `var.test(first, second)`.
///
/// # References
/// Snedecor & Cochran (1989), Statistical Methods, 6.11.
pub fn variance_test(first: &[f64], second: &[f64], level: f64) -> Result<VarianceRatio, StatsError> {
    check_level(level)?;
    let (one, two) = (Moments::of("the first sample", first, 2)?, Moments::of("the second sample", second, 2)?);
    if one.sum_of_squares <= 0.0 || two.sum_of_squares <= 0.0 {
        return Err(StatsError::NoVariation { what: "the values of a sample" });
    }
    let (df1, df2) = (one.n - 1.0, two.n - 1.0);
    let ratio = one.variance() / two.variance();
    let (lower, upper) = (ratio / f_quantile(0.5 + level / 2.0, df1, df2), ratio / f_quantile(0.5 - level / 2.0, df1, df2));
    if !(ratio.is_finite() && upper.is_finite()) {
        return Err(StatsError::NotPossible { what: "the ratio of the variances", reason: "one is too small beside the other" });
    }
    let p_value = (2.0 * f_lower_p(ratio, df1, df2).min(f_upper_p(ratio, df1, df2))).min(1.0);
    Ok(VarianceRatio {
        ratio,
        interval: Interval { lower, upper, level },
        numerator_df: df1,
        denominator_df: df2,
        test: TestResult { method: "F test of two variances", statistic: ratio, df: None, p_value },
    })
}
