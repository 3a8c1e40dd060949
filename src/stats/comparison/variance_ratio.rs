//! Two variances compared.

use crate::stats::distributions::{f_quantile, f_upper_p};
use crate::stats::error::{StatsError, check_level};
use crate::stats::estimate::{Estimate, Interval};
use crate::stats::hypothesis::TestResult;
use crate::stats::summary::summarize;

/// F test that two normal samples have one variance; the estimate is the ratio, first over second, `std_error` that of its logarithm
/// (large samples).
///
/// # Formula
/// `F = s²ₓ/s²ᵧ` on (n − 1, m − 1) degrees of freedom; interval `F/F₁₋α⸝₂` to `F/Fα⸝₂`; two-sided p twice the smaller tail. `df` of
/// the result is the first of the two.
///
/// # Errors
/// [`StatsError::TooFew`] below two values in a sample; [`StatsError::Undefined`] if one does not vary; [`StatsError::InvalidLevel`].
///
/// # Agrees with
/// R `var.test(x, y)`.
pub fn variance_ratio_test(x: &[f64], y: &[f64], level: f64) -> Result<(Estimate, TestResult), StatsError> {
    check_level(level)?;
    let deviation = |values: &[f64]| match summarize(values)?.std_dev {
        None => Err(StatsError::TooFew { found: values.len(), needed: 2 }),
        Some(0.0) => Err(StatsError::Undefined { why: "a sample does not vary, so variances cannot be compared".to_owned() }),
        Some(deviation) => Ok(deviation),
    };
    let ratio = (deviation(x)? / deviation(y)?).powi(2);
    let (df1, df2) = (x.len() as f64 - 1.0, y.len() as f64 - 1.0);
    let upper = f_upper_p(ratio, df1, df2);
    let lower = f_upper_p(1.0 / ratio, df2, df1);
    let tail = (1.0 - level) / 2.0;
    let interval = Interval { lower: ratio / f_quantile(1.0 - tail, df1, df2), upper: ratio / f_quantile(tail, df1, df2), level };
    let estimate = Estimate { estimate: ratio, std_error: (2.0 / df1 + 2.0 / df2).sqrt(), interval: Some(interval) };
    let p_value = (2.0 * upper.min(lower)).min(1.0);
    Ok((estimate, TestResult { method: "F test of two variances", statistic: ratio, df: Some(df1), p_value }))
}
