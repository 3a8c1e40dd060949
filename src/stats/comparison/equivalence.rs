//! Equivalence: two one-sided tests that a difference lies inside margins.

use serde::Serialize;

use super::moments::Moments;
use super::t_test::{Contrast, one_mean, paired_differences, welch_contrast};
use crate::stats::distributions::{normal_lower_p, normal_quantile, normal_upper_p, t_lower_p, t_upper_p};
use crate::stats::error::StatsError;
use crate::stats::estimate::{Estimate, Interval};
use crate::stats::hypothesis::TestResult;

/// Two one-sided tests.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct EquivalenceTest {
    /// The difference, with the interval at level 1 − 2α that lies inside the margins exactly if both tests reject.
    pub difference: Estimate,
    /// One-sided test that the difference is not at or below the lower margin.
    pub above_lower: TestResult,
    /// One-sided test that the difference is not at or above the upper margin.
    pub below_upper: TestResult,
    /// The larger of the two p values.
    pub p_value: f64,
    /// Whether that is below α.
    pub equivalent: bool,
}

fn check_margins(margins: (f64, f64), alpha: f64) -> Result<(), StatsError> {
    let out_of_range = |what, value, expected| Err(StatsError::OutOfRange { what, value, expected });
    for (what, value) in [("the lower margin", margins.0), ("the upper margin", margins.1)] {
        if !value.is_finite() {
            return out_of_range(what, value, "a margin must be a finite number");
        }
    }
    if margins.0 >= margins.1 {
        return out_of_range("the lower margin", margins.0, "it must lie below the upper one");
    }
    if alpha > 0.0 && alpha < 0.5 { Ok(()) } else { out_of_range("the significance level", alpha, "it must be above 0 and below one half") }
}

fn of_means(contrast: Contrast, margins: (f64, f64), alpha: f64, method: &'static str) -> Result<EquivalenceTest, StatsError> {
    let Contrast { estimate, std_error, df } = contrast;
    let (low, high) = (contrast.standardized(margins.0)?, contrast.standardized(margins.1)?);
    let test = |statistic, p_value| TestResult { method, statistic, df: Some(df), p_value };
    let (above_lower, below_upper) = (test(low, t_upper_p(low, df)), test(high, t_lower_p(high, df)));
    let p_value = above_lower.p_value.max(below_upper.p_value);
    Ok(EquivalenceTest {
        difference: Estimate { estimate, std_error, interval: Some(contrast.interval(1.0 - 2.0 * alpha)) },
        above_lower,
        below_upper,
        p_value,
        equivalent: p_value < alpha,
    })
}

/// Equivalence of two means, variances not assumed equal; difference first less second.
///
/// # Formula
/// ```text
/// t_L = (d − lower)/se, p_L = P(T > t_L);   t_U = (d − upper)/se, p_U = P(T < t_U);   p = max(p_L, p_U)
/// ```
/// with Welch's standard error and degrees of freedom.
///
/// # Errors
/// [`StatsError::OutOfRange`] for margins not in order or α outside (0, ½), else as
/// [`welch_t_test`](crate::stats::comparison::welch_t_test).
///
/// # Agrees with
/// R `t.test(first, second, mu = lower, alternative = "greater")` and `t.test(first, second, mu = upper, alternative = "less")`.
///
/// # References
/// Schuirmann (1987), Journal of Pharmacokinetics and Biopharmaceutics 15:657–680.
pub fn equivalence_of_means(first: &[f64], second: &[f64], margins: (f64, f64), alpha: f64) -> Result<EquivalenceTest, StatsError> {
    check_margins(margins, alpha)?;
    let contrast = welch_contrast(&Moments::of("the first sample", first, 2)?, &Moments::of("the second sample", second, 2)?)?;
    of_means(contrast, margins, alpha, "one-sided Welch test of equivalence")
}

/// Equivalence of the means of pairs; difference first less second.
///
/// # Formula
/// As [`equivalence_of_means`], with the standard error of the mean difference and pairs − 1 degrees of freedom.
///
/// # Errors
/// As [`equivalence_of_means`]; [`StatsError::LengthMismatch`].
///
/// # Agrees with
/// R `t.test(first, second, paired = TRUE, mu = lower, alternative = "greater")`, and the same below the upper margin.
///
/// # References
/// Schuirmann (1987), Journal of Pharmacokinetics and Biopharmaceutics 15:657–680.
pub fn equivalence_of_paired_means(first: &[f64], second: &[f64], margins: (f64, f64), alpha: f64) -> Result<EquivalenceTest, StatsError> {
    check_margins(margins, alpha)?;
    let contrast = one_mean(&paired_differences(first, second)?)?;
    of_means(contrast, margins, alpha, "one-sided paired t test of equivalence")
}

/// Equivalence of two proportions, each as (events, number); difference first less second.
///
/// # Formula
/// ```text
/// z_L = (d − lower)/se,  z_U = (d − upper)/se,  se² = p₁(1 − p₁)/n₁ + p₂(1 − p₂)/n₂
/// ```
///
/// # Conventions
/// Wald's test, for groups that are not small.
///
/// # Errors
/// [`StatsError::NoVariation`] if both proportions are 0 or 1, so that there is no standard error, [`StatsError::OutOfRange`],
/// [`StatsError::EmptySample`].
///
/// # Agrees with
/// R TOSTER `TOSTtwo.prop`.
///
/// # References
/// Walker & Nowacki (2011), Journal of General Internal Medicine 26:192–196.
pub fn equivalence_of_proportions(
    first: (usize, usize),
    second: (usize, usize),
    margins: (f64, f64),
    alpha: f64,
) -> Result<EquivalenceTest, StatsError> {
    check_margins(margins, alpha)?;
    let level = 1.0 - 2.0 * alpha;
    let Estimate { estimate, std_error, .. } = super::risk::risk_difference(first, second, level)?;
    if std_error <= 0.0 {
        return Err(StatsError::NoVariation { what: "the outcomes of both groups" });
    }
    let contrast = Contrast { estimate, std_error, df: f64::INFINITY };
    let (low, high) = (contrast.standardized(margins.0)?, contrast.standardized(margins.1)?);
    let test = |statistic, p_value| TestResult { method: "one-sided z test of equivalence", statistic, df: None, p_value };
    let (above_lower, below_upper) = (test(low, normal_upper_p(low)), test(high, normal_lower_p(high)));
    let p_value = above_lower.p_value.max(below_upper.p_value);
    let half = normal_quantile(1.0 - alpha) * std_error;
    let interval = Interval { lower: estimate - half, upper: estimate + half, level };
    Ok(EquivalenceTest {
        difference: Estimate { estimate, std_error, interval: Some(interval) },
        above_lower,
        below_upper,
        p_value,
        equivalent: p_value < alpha,
    })
}
