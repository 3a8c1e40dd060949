//! Two one-sided tests: is a difference small enough not to matter?

use serde::Serialize;

use super::t_test::{TTest, paired_t_test, welch_t_test};
use crate::stats::distributions::{normal_lower_p, t_two_sided_p};
use crate::stats::error::StatsError;
use crate::stats::estimate::{Estimate, Interval};
use crate::stats::hypothesis::TestResult;
use crate::stats::proportion::two_proportions;

/// Two one-sided tests of equivalence.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Equivalence {
    /// The difference, with the interval of level 1 − 2α that lies within the margins if the tests reject.
    pub difference: Estimate,
    /// Test that the difference is above the lower margin.
    pub above_lower: TestResult,
    /// Test that it is below the upper margin.
    pub below_upper: TestResult,
    /// The larger of the two one-sided p values.
    pub p_value: f64,
    /// Whether equivalence is shown at 1 − level.
    pub equivalent: bool,
}

/// TOST of two means (Welch), first less second, within `lower` and `upper`.
///
/// # Formula
/// ```text
/// t₁ = (d − lower)/se,  t₂ = (d − upper)/se;   p = max(P(T > t₁), P(T < t₂))
/// ```
/// `level` is 1 − α; the interval reported is of level 1 − 2α.
///
/// # Errors
/// As [`welch_t_test`]; [`StatsError::OutOfRange`] unless lower < upper and level > ½.
///
/// # Agrees with
/// R `TOSTER::t_TOST`, `t.test(x, y, mu = lower, alternative = "greater")` and the other side.
///
/// # References
/// Schuirmann (1987), J Pharmacokinet Biopharm 15:657–680.
pub fn equivalence_of_means(x: &[f64], y: &[f64], lower: f64, upper: f64, level: f64) -> Result<Equivalence, StatsError> {
    by_t(&welch_t_test(x, y, wide(lower, upper, level)?)?, lower, upper, level)
}

/// TOST of the mean difference of pairs.
///
/// # Formula
/// As [`equivalence_of_means`], with the paired t test.
///
/// # Errors
/// As [`equivalence_of_means`]; [`StatsError::LengthMismatch`].
pub fn equivalence_of_paired_means(x: &[f64], y: &[f64], lower: f64, upper: f64, level: f64) -> Result<Equivalence, StatsError> {
    by_t(&paired_t_test(x, y, wide(lower, upper, level)?)?, lower, upper, level)
}

/// TOST of two proportions, second less first: z tests with unpooled standard error, Newcombe's interval.
///
/// # Formula
/// As [`equivalence_of_means`] with z for t.
///
/// # Errors
/// As [`two_proportions`]; [`StatsError::Undefined`] if both proportions are 0 or 1.
pub fn equivalence_of_proportions(
    first: (usize, usize),
    second: (usize, usize),
    lower: f64,
    upper: f64,
    level: f64,
) -> Result<Equivalence, StatsError> {
    let compared = two_proportions(first, second, wide(lower, upper, level)?)?;
    let difference = compared.difference;
    if difference.std_error <= 0.0 {
        return Err(StatsError::Undefined { why: "both proportions are 0 or 1, so their difference has no standard error".to_owned() });
    }
    let test = |method, margin: f64, sign: f64| {
        let statistic = (difference.estimate - margin) / difference.std_error;
        TestResult { method, statistic, df: None, p_value: normal_lower_p(-sign * statistic) }
    };
    Ok(finish(difference, test("z test above the lower margin", lower, 1.0), test("z test below the upper margin", upper, -1.0), level))
}

/// Level of the interval that goes with the two tests.
fn wide(lower: f64, upper: f64, level: f64) -> Result<f64, StatsError> {
    if !(lower < upper && lower.is_finite() && upper.is_finite()) {
        return Err(StatsError::OutOfRange { what: "the lower margin", value: lower, expected: "it must be below the upper one" });
    }
    if !(level > 0.5 && level < 1.0) {
        return Err(StatsError::OutOfRange { what: "the level", value: level, expected: "it must be between 0.5 and 1" });
    }
    Ok(2.0 * level - 1.0)
}

fn by_t(compared: &TTest, lower: f64, upper: f64, level: f64) -> Result<Equivalence, StatsError> {
    let difference = compared.difference;
    let df = compared.test.df.unwrap_or(f64::MAX);
    let test = |method, margin: f64, sign: f64| {
        let statistic = (difference.estimate - margin) / difference.std_error;
        let half = t_two_sided_p(statistic, df) / 2.0;
        let p_value = if sign * statistic > 0.0 { half } else { 1.0 - half };
        TestResult { method, statistic, df: Some(df), p_value }
    };
    Ok(finish(difference, test("t test above the lower margin", lower, 1.0), test("t test below the upper margin", upper, -1.0), level))
}

fn finish(difference: Estimate, above_lower: TestResult, below_upper: TestResult, level: f64) -> Equivalence {
    let p_value = above_lower.p_value.max(below_upper.p_value);
    let interval = difference.interval.map(|interval| Interval { level: 2.0 * level - 1.0, ..interval });
    Equivalence { difference: Estimate { interval, ..difference }, above_lower, below_upper, p_value, equivalent: p_value < 1.0 - level }
}
