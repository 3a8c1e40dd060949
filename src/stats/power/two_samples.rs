//! Studies that compare two means or two proportions.

use serde::Serialize;

use super::events::{check_positive, check_power, check_probability, whole};
use crate::stats::distributions::{noncentral_t_upper_p, normal_lower_p, normal_quantile, t_quantile};
use crate::stats::error::StatsError;

/// A study of two groups in numbers.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct TwoSampleSize {
    /// Patients in the first group, not rounded.
    pub first_exact: f64,
    /// Patients in the first group, rounded up.
    pub first: u64,
    /// Patients in the second group, rounded up.
    pub second: u64,
}

fn size(first: f64, ratio: f64) -> TwoSampleSize {
    TwoSampleSize { first_exact: first, first: whole(first), second: whole(ratio * first) }
}

/// Power of a two-sided t test of two means.
///
/// # Formula
/// ```text
/// P(T > t₁₋α⸝₂),  T noncentral t with n₁ + n₂ − 2 degrees of freedom and δ = |difference|/sd · √(n₁n₂/(n₁ + n₂))
/// ```
///
/// # Conventions
/// A significant result on the wrong side is not counted. Sizes may be fractions.
///
/// # Errors
/// [`StatsError::OutOfRange`] for sizes below 1 or together not above 2, a standard deviation not above 0, a difference that is
/// not a number, or alpha outside (0, 1).
///
/// # Agrees with
/// R `power.t.test(n, delta, sd, sig.level)$power`; `pwr::pwr.t2n.test`, which counts both sides.
pub fn power_two_means(first: f64, second: f64, difference: f64, std_dev: f64, alpha: f64) -> Result<f64, StatsError> {
    check_probability("alpha", alpha)?;
    check_positive("the standard deviation", std_dev)?;
    if !difference.is_finite() {
        return Err(StatsError::OutOfRange { what: "the difference", value: difference, expected: "it must be a number" });
    }
    for n in [first, second] {
        if !(n >= 1.0 && n.is_finite()) || first + second <= 2.0 {
            return Err(StatsError::OutOfRange { what: "the size of a group", value: n, expected: "two groups need three values" });
        }
    }
    Ok(power_of_t(first, second, difference.abs() / std_dev, alpha))
}

fn power_of_t(first: f64, second: f64, effect: f64, alpha: f64) -> f64 {
    let df = first + second - 2.0;
    let noncentrality = effect * (first / (first + second) * second).sqrt();
    // Far past any critical value; the integral has nothing left to add.
    if noncentrality > 1e6 { 1.0 } else { noncentral_t_upper_p(t_quantile(1.0 - alpha / 2.0, df), df, noncentrality) }
}

/// Patients needed to find a difference of means with a two-sided t test.
///
/// # Definition
/// The least size with this [`power_two_means`], `ratio` patients of the second group per patient of the first; not below two in
/// the smaller group.
///
/// # Errors
/// As [`power_two_means`]; [`StatsError::OutOfRange`] for a difference of 0, a ratio not above 0, a power outside (alpha/2, 1), or
/// a difference that needs more than 10¹² patients.
///
/// # Agrees with
/// R `power.t.test(delta, sd, power, sig.level)$n`, within its own tolerance.
pub fn sample_size_two_means(difference: f64, std_dev: f64, ratio: f64, power: f64, alpha: f64) -> Result<TwoSampleSize, StatsError> {
    check_power(power, alpha)?;
    check_positive("the standard deviation", std_dev)?;
    check_positive("the ratio of the groups", ratio)?;
    let effect = difference.abs() / std_dev;
    let z = normal_quantile(1.0 - alpha / 2.0) + normal_quantile(power);
    let rough = z * z * (1.0 + 1.0 / ratio) / (effect * effect);
    if !(effect.is_finite() && rough * (1.0 + ratio) < 1e12) {
        return Err(StatsError::OutOfRange {
            what: "the difference",
            value: difference,
            expected: "it must be far enough from 0 to be found by 10^12 patients",
        });
    }
    let reached = |first: f64| power_of_t(first, ratio * first, effect, alpha);
    let least = 2.0_f64.max(2.0 / ratio);
    if reached(least) >= power {
        return Ok(size(least, ratio));
    }
    // The normal approximation is a few patients too low.
    let (mut low, mut high) = (least, rough.max(least) + 4.0);
    while reached(high) < power {
        low = high;
        high *= 2.0;
    }
    for _ in 0..200 {
        let middle = f64::midpoint(low, high);
        if high - low <= 1e-11 * high || middle <= low || middle >= high {
            break;
        }
        if reached(middle) < power {
            low = middle;
        } else {
            high = middle;
        }
    }
    Ok(size(high, ratio))
}

fn check_proportions(first: f64, second: f64, alpha: f64) -> Result<(), StatsError> {
    for value in [first, second] {
        if !(0.0..=1.0).contains(&value) {
            return Err(StatsError::OutOfRange { what: "the proportion", value, expected: "it must be between 0 and 1" });
        }
    }
    check_probability("alpha", alpha)
}

/// Standard deviations, times √n₁, of the difference of two proportions: without and with the difference.
fn deviations(first: f64, second: f64, ratio: f64) -> (f64, f64) {
    let pooled = (first + ratio * second) / (1.0 + ratio);
    let null = ((1.0 + 1.0 / ratio) * pooled * (1.0 - pooled)).sqrt();
    (null, (first * (1.0 - first) + second * (1.0 - second) / ratio).sqrt())
}

/// Power of a two-sided test of two proportions, without continuity correction.
///
/// # Formula
/// ```text
/// Φ((|p₁ − p₂| √n₁ − z₁₋α⸝₂ √((1 + 1/r) p̄q̄)) / √(p₁q₁ + p₂q₂/r)),  r = n₂/n₁,  p̄ = (p₁ + r p₂)/(1 + r)
/// ```
///
/// # Edge cases
/// Proportions of 0 and 1: the power is 1 or 0, for nothing varies.
///
/// # Errors
/// [`StatsError::OutOfRange`] for sizes not above 0, proportions outside `[0, 1]` or alpha outside (0, 1).
///
/// # Agrees with
/// R `power.prop.test(n, p1, p2, sig.level)$power` for equal groups.
///
/// # References
/// Fleiss, Levin & Paik (2003), Statistical Methods for Rates and Proportions, 4.
pub fn power_two_proportions(n_first: f64, n_second: f64, first: f64, second: f64, alpha: f64) -> Result<f64, StatsError> {
    check_proportions(first, second, alpha)?;
    check_positive("the size of the first group", n_first)?;
    check_positive("the size of the second group", n_second)?;
    let (null, alternative) = deviations(first, second, n_second / n_first);
    let excess = (first - second).abs() * n_first.sqrt() - normal_quantile(1.0 - alpha / 2.0) * null;
    if alternative <= 0.0 {
        return Ok(if excess > 0.0 { 1.0 } else { 0.0 });
    }
    Ok(normal_lower_p(excess / alternative))
}

/// Patients needed to find a difference of proportions with a two-sided test without continuity correction.
///
/// # Formula
/// ```text
/// n₁ = (z₁₋α⸝₂ √((1 + 1/r) p̄q̄) + z_power √(p₁q₁ + p₂q₂/r))² / (p₁ − p₂)²,   n₂ = r n₁
/// ```
///
/// # Errors
/// [`StatsError::OutOfRange`] for equal proportions or outside `[0, 1]`, a ratio not above 0, a power outside (alpha/2, 1)
/// or alpha outside (0, 1).
///
/// # Agrees with
/// R `power.prop.test(p1, p2, power, sig.level)$n` for equal groups.
///
/// # References
/// Fleiss, Levin & Paik (2003), Statistical Methods for Rates and Proportions, 4.
pub fn sample_size_two_proportions(first: f64, second: f64, ratio: f64, power: f64, alpha: f64) -> Result<TwoSampleSize, StatsError> {
    check_proportions(first, second, alpha)?;
    check_power(power, alpha)?;
    check_positive("the ratio of the groups", ratio)?;
    let (null, alternative) = deviations(first, second, ratio);
    let root = (normal_quantile(1.0 - alpha / 2.0) * null + normal_quantile(power) * alternative).max(0.0) / (first - second).abs();
    if !root.is_finite() {
        return Err(StatsError::OutOfRange { what: "the second proportion", value: second, expected: "it must differ from the first" });
    }
    Ok(size(root * root, ratio))
}
