//! Two-sample Kolmogorov–Smirnov test.

use std::f64::consts::PI;

use crate::stats::error::{StatsError, check_finite};
use crate::stats::hypothesis::TestResult;

/// Kolmogorov–Smirnov test that two samples have one distribution; asymptotic.
///
/// # Formula
/// ```text
/// D = max |F₁ − F₂|,   z = D √(nm/(n + m))
/// p = 2 Σ (−1)^{k−1} exp(−2k²z²)    or, for small z,   1 − √(2π)/z Σ exp(−(2k − 1)²π²/(8z²))
/// ```
///
/// # Conventions
/// Approximate with ties, as everywhere. R cuts the series at 1e-6; this goes on to the last digit.
///
/// # Errors
/// [`StatsError::EmptySample`], [`StatsError::NotFinite`].
///
/// # Agrees with
/// R `ks.test(x, y, exact = FALSE)` to R's 1e-6.
///
/// # References
/// Smirnov (1948), Ann Math Stat 19:279–281.
pub fn kolmogorov_smirnov(x: &[f64], y: &[f64]) -> Result<TestResult, StatsError> {
    for sample in [x, y] {
        if sample.is_empty() {
            return Err(StatsError::EmptySample);
        }
        check_finite("values", sample)?;
    }
    let (n, m) = (x.len() as f64, y.len() as f64);
    let mut all: Vec<(f64, bool)> = x.iter().map(|&value| (value, true)).chain(y.iter().map(|&value| (value, false))).collect();
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut first, mut second, mut largest) = (0.0, 0.0, 0.0_f64);
    for tied in all.chunk_by(|a, b| a.0 == b.0) {
        let own = tied.iter().filter(|(_, is_first)| *is_first).count() as f64;
        first += own;
        second += tied.len() as f64 - own;
        largest = largest.max((first / n - second / m).abs());
    }
    let z = largest * (n * m / (n + m)).sqrt();
    let p_value = if z < 1e-8 {
        1.0
    } else if z < 1.0 {
        let sum: f64 = (1..20).map(|k| (-f64::from(2 * k - 1).powi(2) * PI * PI / (8.0 * z * z)).exp()).sum();
        1.0 - (2.0 * PI).sqrt() / z * sum
    } else {
        (1..20).map(|k| if k % 2 == 1 { 2.0 } else { -2.0 } * (-2.0 * f64::from(k * k) * z * z).exp()).sum()
    };
    Ok(TestResult { method: "Kolmogorov-Smirnov test", statistic: largest, df: None, p_value: p_value.clamp(0.0, 1.0) })
}
