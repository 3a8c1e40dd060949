//! Means compared: Student's and Welch's t tests, for two samples, pairs, or one sample.

use serde::Serialize;

use super::moments::Moments;
use crate::stats::distributions::{t_quantile, t_two_sided_p};
use crate::stats::error::{StatsError, check_level};
use crate::stats::estimate::{Estimate, Interval};
use crate::stats::hypothesis::TestResult;
use crate::stats::magnitude::check_range;

/// A sample in two numbers.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct SampleMean {
    /// Number of values.
    pub n: usize,
    /// Mean.
    pub mean: f64,
    /// Standard deviation with n − 1; `None` for one value.
    pub std_dev: Option<f64>,
}

/// Two means and their difference.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct MeanDifference {
    /// First sample.
    pub first: SampleMean,
    /// Second sample.
    pub second: SampleMean,
    /// First less second, with its t interval.
    pub difference: Estimate,
    /// t test of no difference.
    pub test: TestResult,
}

/// One mean against a fixed value.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct OneSampleMean {
    /// Number of values or pairs.
    pub n: usize,
    /// Mean (of pairs: of first less second), with its t interval.
    pub mean: Estimate,
    /// The value under the null hypothesis.
    pub null_value: f64,
    /// t test that the mean is that value.
    pub test: TestResult,
}

/// A difference with its standard error and degrees of freedom, before any test.
#[derive(Clone, Copy, Debug)]
pub(super) struct Contrast {
    pub(super) estimate: f64,
    pub(super) std_error: f64,
    pub(super) df: f64,
}

impl Contrast {
    /// Refuses a standard error that is nothing but rounding, as R's "data are essentially constant".
    fn checked(self, scale: f64) -> Result<Self, StatsError> {
        if self.std_error <= 10.0 * f64::EPSILON * scale { Err(StatsError::NoVariation { what: "the values" }) } else { Ok(self) }
    }

    pub(super) fn interval(&self, level: f64) -> Interval {
        let half = t_quantile(0.5 + level / 2.0, self.df) * self.std_error;
        Interval { lower: self.estimate - half, upper: self.estimate + half, level }
    }

    fn with_interval(&self, level: f64) -> Estimate {
        Estimate { estimate: self.estimate, std_error: self.std_error, interval: Some(self.interval(level)) }
    }

    /// Distance from a value in standard errors.
    pub(super) fn standardized(&self, null_value: f64) -> Result<f64, StatsError> {
        let statistic = (self.estimate - null_value) / self.std_error;
        if statistic.is_finite() {
            Ok(statistic)
        } else {
            Err(StatsError::NotPossible { what: "the test", reason: "the spread of the values is too small beside the difference" })
        }
    }

    fn test(&self, method: &'static str, null_value: f64) -> Result<TestResult, StatsError> {
        let statistic = self.standardized(null_value)?;
        Ok(TestResult { method, statistic, df: Some(self.df), p_value: t_two_sided_p(statistic, self.df) })
    }
}

pub(super) fn one_mean(values: &[f64]) -> Result<Contrast, StatsError> {
    let moments = Moments::of("the values", values, 2)?;
    Contrast { estimate: moments.mean, std_error: (moments.variance() / moments.n).sqrt(), df: moments.n - 1.0 }.checked(moments.mean.abs())
}

pub(super) fn paired_differences(first: &[f64], second: &[f64]) -> Result<Vec<f64>, StatsError> {
    if first.len() != second.len() {
        return Err(StatsError::LengthMismatch { what: "the second sample".to_owned(), found: second.len(), expected: first.len() });
    }
    check_range("the first sample", first)?;
    check_range("the second sample", second)?;
    Ok(first.iter().zip(second).map(|(a, b)| a - b).collect())
}

pub(super) fn welch_contrast(first: &Moments, second: &Moments) -> Result<Contrast, StatsError> {
    let (a, b) = (first.variance() / first.n, second.variance() / second.n);
    // Shares of the variance, so that no square can overflow or vanish.
    let total = a + b;
    let (p, q) = (a / total, b / total);
    let df = 1.0 / (p * p / (first.n - 1.0) + q * q / (second.n - 1.0));
    let contrast = Contrast { estimate: first.mean - second.mean, std_error: total.sqrt(), df };
    contrast.checked(first.mean.abs().max(second.mean.abs()))
}

fn described(moments: &Moments) -> SampleMean {
    let std_dev = (moments.n > 1.0).then(|| moments.variance().sqrt());
    SampleMean { n: moments.n as usize, mean: moments.mean, std_dev }
}

/// Welch's t test: two means, variances not assumed equal.
///
/// # Formula
/// ```text
/// d = x̄₁ − x̄₂,  se² = s₁²/n₁ + s₂²/n₂,  t = d/se,  df = se⁴ / ((s₁²/n₁)²/(n₁ − 1) + (s₂²/n₂)²/(n₂ − 1))
/// ```
///
/// # Edge cases
/// One sample may be constant; if both are, there is no test.
///
/// # Errors
/// [`StatsError::TooFew`] below two values in a sample, [`StatsError::NoVariation`], [`StatsError::NotFinite`],
/// [`StatsError::EmptySample`], [`StatsError::InvalidLevel`].
///
/// # Agrees with
/// R `t.test(first, second)`.
///
/// # References
/// Welch (1947), Biometrika 34:28–35.
pub fn welch_t_test(first: &[f64], second: &[f64], level: f64) -> Result<MeanDifference, StatsError> {
    check_level(level)?;
    let (one, two) = (Moments::of("the first sample", first, 2)?, Moments::of("the second sample", second, 2)?);
    let contrast = welch_contrast(&one, &two)?;
    Ok(MeanDifference {
        first: described(&one),
        second: described(&two),
        difference: contrast.with_interval(level),
        test: contrast.test("Welch's two-sample t test", 0.0)?,
    })
}

/// Student's t test: two means, variances assumed equal.
///
/// # Formula
/// ```text
/// s² = ((n₁ − 1) s₁² + (n₂ − 1) s₂²)/(n₁ + n₂ − 2),  se² = s² (1/n₁ + 1/n₂),  t = d/se,  df = n₁ + n₂ − 2
/// ```
///
/// # Edge cases
/// A sample may hold a single value: the other one then gives the variance.
///
/// # Errors
/// [`StatsError::TooFew`] below three values in all, else as [`welch_t_test`].
///
/// # Agrees with
/// R `t.test(first, second, var.equal = TRUE)`.
///
/// # References
/// Student (1908), Biometrika 6:1–25.
pub fn student_t_test(first: &[f64], second: &[f64], level: f64) -> Result<MeanDifference, StatsError> {
    check_level(level)?;
    let (one, two) = (Moments::of("the first sample", first, 1)?, Moments::of("the second sample", second, 1)?);
    let df = one.n + two.n - 2.0;
    if df < 1.0 {
        return Err(StatsError::TooFew { found: 2, needed: 3 });
    }
    let variance = (one.sum_of_squares + two.sum_of_squares) / df;
    let contrast = Contrast { estimate: one.mean - two.mean, std_error: (variance * (1.0 / one.n + 1.0 / two.n)).sqrt(), df };
    let contrast = contrast.checked(one.mean.abs().max(two.mean.abs()))?;
    Ok(MeanDifference {
        first: described(&one),
        second: described(&two),
        difference: contrast.with_interval(level),
        test: contrast.test("Student's two-sample t test", 0.0)?,
    })
}

/// One-sample t test: is the mean `null_value`?
///
/// # Formula
/// `t = (x̄ − μ₀)/(s/√n)`, df = n − 1.
///
/// # Errors
/// [`StatsError::TooFew`] below two values, [`StatsError::NoVariation`], [`StatsError::NotFinite`], [`StatsError::EmptySample`],
/// [`StatsError::InvalidLevel`].
///
/// # Agrees with
/// R `t.test(values, mu = null_value)`.
///
/// # References
/// Student (1908), Biometrika 6:1–25.
pub fn one_sample_t_test(values: &[f64], null_value: f64, level: f64) -> Result<OneSampleMean, StatsError> {
    check_level(level)?;
    crate::stats::error::check_finite("the value under the null hypothesis", &[null_value])?;
    let contrast = one_mean(values)?;
    let test = contrast.test("one-sample t test", null_value)?;
    Ok(OneSampleMean { n: values.len(), mean: contrast.with_interval(level), null_value, test })
}

/// Paired t test: is the mean of first less second zero?
///
/// # Formula
/// As [`one_sample_t_test`] of the differences.
///
/// # Errors
/// [`StatsError::LengthMismatch`], else as [`one_sample_t_test`].
///
/// # Agrees with
/// R `t.test(first, second, paired = TRUE)`.
///
/// # References
/// Student (1908), Biometrika 6:1–25.
pub fn paired_t_test(first: &[f64], second: &[f64], level: f64) -> Result<OneSampleMean, StatsError> {
    check_level(level)?;
    let contrast = one_mean(&paired_differences(first, second)?)?;
    let test = contrast.test("paired t test", 0.0)?;
    Ok(OneSampleMean { n: first.len(), mean: contrast.with_interval(level), null_value: 0.0, test })
}
