//! Means compared by Student's t.

use serde::Serialize;

use crate::stats::distributions::{t_quantile, t_two_sided_p};
use crate::stats::error::{StatsError, check_level};
use crate::stats::estimate::{Estimate, Interval};
use crate::stats::hypothesis::TestResult;
use crate::stats::summary::{Summary, summarize};

/// A t test.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct TTest {
    /// The first sample (of the differences, in a paired test).
    pub first: Summary,
    /// The second sample, if there is one.
    pub second: Option<Summary>,
    /// First less second (or less the value tested), with its interval.
    pub difference: Estimate,
    /// The test.
    pub test: TestResult,
}

/// Welch's t test of two means with variances of their own.
///
/// # Formula
/// ```text
/// t = (x̄ − ȳ)/√(s²ₓ/n + s²ᵧ/m),   df = (vₓ + vᵧ)² / (vₓ²/(n−1) + vᵧ²/(m−1)),   v = s²/n
/// ```
///
/// # Errors
/// [`StatsError::TooFew`] below two values in a sample; [`StatsError::Undefined`] if neither sample varies; as [`summarize`].
///
/// # Agrees with
/// R `t.test(x, y)`.
///
/// # References
/// Welch (1947), Biometrika 34:28–35.
pub fn welch_t_test(x: &[f64], y: &[f64], level: f64) -> Result<TTest, StatsError> {
    let ((first, sx), (second, sy)) = (with_deviation(x)?, with_deviation(y)?);
    let (vx, vy) = (sx * sx / first.n as f64, sy * sy / second.n as f64);
    let df = (vx + vy).powi(2) / (vx * vx / (first.n as f64 - 1.0) + vy * vy / (second.n as f64 - 1.0));
    finish("Welch t test", first, Some(second), first.mean - second.mean, (vx + vy).sqrt(), df, level)
}

/// Student's t test of two means with one variance.
///
/// # Formula
/// `t = (x̄ − ȳ)/(s √(1/n + 1/m))`, `s²` pooled, on n + m − 2 degrees of freedom.
///
/// # Errors
/// As [`welch_t_test`].
///
/// # Agrees with
/// R `t.test(x, y, var.equal = TRUE)`.
///
/// # References
/// Student (1908), Biometrika 6:1–25.
pub fn student_t_test(x: &[f64], y: &[f64], level: f64) -> Result<TTest, StatsError> {
    let ((first, sx), (second, sy)) = (with_deviation(x)?, with_deviation(y)?);
    let (n, m) = (first.n as f64, second.n as f64);
    let df = n + m - 2.0;
    let pooled = ((n - 1.0) * sx * sx + (m - 1.0) * sy * sy) / df;
    let std_error = (pooled * (1.0 / n + 1.0 / m)).sqrt();
    finish("Student t test", first, Some(second), first.mean - second.mean, std_error, df, level)
}

/// t test of the mean difference of pairs.
///
/// # Formula
/// [`one_sample_t_test`] of `x − y` at 0.
///
/// # Errors
/// As [`welch_t_test`]; [`StatsError::LengthMismatch`].
///
/// # Agrees with
/// R `t.test(x, y, paired = TRUE)`.
pub fn paired_t_test(x: &[f64], y: &[f64], level: f64) -> Result<TTest, StatsError> {
    if x.len() != y.len() {
        return Err(StatsError::LengthMismatch { what: "the second sample".to_owned(), found: y.len(), expected: x.len() });
    }
    let differences: Vec<f64> = x.iter().zip(y).map(|(x, y)| x - y).collect();
    one_sample_t_test(&differences, 0.0, level).map(|test| TTest { test: TestResult { method: "paired t test", ..test.test }, ..test })
}

/// t test that a mean has a given value.
///
/// # Formula
/// `t = (x̄ − μ)/(s/√n)` on n − 1 degrees of freedom.
///
/// # Errors
/// As [`welch_t_test`].
///
/// # Agrees with
/// R `t.test(x, mu = value)`.
pub fn one_sample_t_test(x: &[f64], value: f64, level: f64) -> Result<TTest, StatsError> {
    let (first, deviation) = with_deviation(x)?;
    let n = first.n as f64;
    finish("one-sample t test", first, None, first.mean - value, deviation / n.sqrt(), n - 1.0, level)
}

fn with_deviation(values: &[f64]) -> Result<(Summary, f64), StatsError> {
    let summary = summarize(values)?;
    let deviation = summary.std_dev.ok_or(StatsError::TooFew { found: values.len(), needed: 2 })?;
    Ok((summary, deviation))
}

fn finish(
    method: &'static str,
    first: Summary,
    second: Option<Summary>,
    estimate: f64,
    std_error: f64,
    df: f64,
    level: f64,
) -> Result<TTest, StatsError> {
    check_level(level)?;
    let largest = first.mean.abs().max(second.map_or(0.0, |second| second.mean.abs()));
    // R's limit: below it the spread is rounding.
    if std_error <= 10.0 * f64::EPSILON * largest || std_error <= 0.0 {
        return Err(StatsError::Undefined { why: "the values do not vary, so their means cannot be tested".to_owned() });
    }
    let half = t_quantile(0.5 + level / 2.0, df) * std_error;
    let statistic = estimate / std_error;
    Ok(TTest {
        first,
        second,
        difference: Estimate { estimate, std_error, interval: Some(Interval { lower: estimate - half, upper: estimate + half, level }) },
        test: TestResult { method, statistic, df: Some(df), p_value: t_two_sided_p(statistic, df) },
    })
}
