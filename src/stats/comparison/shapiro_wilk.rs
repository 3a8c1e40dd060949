//! Shapiro–Wilk test of normality.

use std::f64::consts::{FRAC_1_SQRT_2, PI};

use crate::stats::distributions::{normal_lower_p, normal_quantile};
use crate::stats::error::{StatsError, check_finite};
use crate::stats::hypothesis::TestResult;

/// Shapiro–Wilk test that a sample of 3 to 5,000 values is normal.
///
/// # Formula
/// `W = (Σ aᵢ x₍ᵢ₎)² / Σ (x − x̄)²` with Royston's weights `a`; p from his normal approximation of a transform of W.
///
/// # Errors
/// [`StatsError::TooFew`] below 3 values; [`StatsError::OutOfRange`] above 5,000; [`StatsError::NotFinite`];
/// [`StatsError::Undefined`] if all are equal.
///
/// # Agrees with
/// R `shapiro.test(x)`.
///
/// # References
/// Royston (1995), Applied Statistics 44:547–551 (AS R94).
pub fn shapiro_wilk(values: &[f64]) -> Result<TestResult, StatsError> {
    check_finite("values", values)?;
    let n = values.len();
    if n < 3 {
        return Err(StatsError::TooFew { found: n, needed: 3 });
    }
    if n > 5000 {
        return Err(StatsError::OutOfRange { what: "the number of values", value: n as f64, expected: "it must be at most 5,000" });
    }
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let range = sorted[n - 1] - sorted[0];
    if range <= 0.0 {
        return Err(StatsError::Undefined { why: "all values are equal, so their distribution has no shape".to_owned() });
    }
    let weights = weights(n);
    // Signed weights a against values in units of their range: W = cor(a, x)².
    let signed = |i: usize| {
        if i < n / 2 {
            -weights[i]
        } else if n - 1 - i < n / 2 {
            weights[n - 1 - i]
        } else {
            0.0
        }
    };
    let mean = sorted.iter().map(|value| (value - sorted[0]) / range).sum::<f64>() / n as f64;
    let (mut saa, mut sxx, mut sax) = (0.0, 0.0, 0.0);
    for (i, value) in sorted.iter().enumerate() {
        let (a, x) = (signed(i), (value - sorted[0]) / range - mean);
        saa += a * a;
        sxx += x * x;
        sax += a * x;
    }
    let root = (saa * sxx).sqrt();
    // 1 − W first: W may be within rounding of 1.
    let complement = (root - sax) * (root + sax) / (saa * sxx);
    let w = 1.0 - complement;
    let p_value = p_value(w, complement, n);
    Ok(TestResult { method: "Shapiro-Wilk test", statistic: w, df: None, p_value })
}

/// Σ cᵢ xⁱ.
fn polynomial(coefficients: &[f64], x: f64) -> f64 {
    coefficients.iter().rev().fold(0.0, |sum, coefficient| sum * x + coefficient)
}

/// The weights of the upper half, largest first.
fn weights(n: usize) -> Vec<f64> {
    const LARGEST: [f64; 6] = [0.0, 0.221_157, -0.147_981, -2.071_19, 4.434_685, -2.706_056];
    const SECOND: [f64; 6] = [0.0, 0.042_981, -0.293_762, -1.752_461, 5.682_633, -3.582_633];
    if n == 3 {
        return vec![FRAC_1_SQRT_2];
    }
    let half = n / 2;
    let m: Vec<f64> = (1..=half).map(|i| normal_quantile((i as f64 - 0.375) / (n as f64 + 0.25))).collect();
    let sum = 2.0 * m.iter().map(|m| m * m).sum::<f64>();
    let (root, x) = (sum.sqrt(), 1.0 / (n as f64).sqrt());
    let first = polynomial(&LARGEST, x) - m[0] / root;
    let mut weights = vec![first];
    let factor = if n > 5 {
        let second = polynomial(&SECOND, x) - m[1] / root;
        weights.push(second);
        let rest = sum - 2.0 * m[0] * m[0] - 2.0 * m[1] * m[1];
        (rest / (1.0 - 2.0 * first * first - 2.0 * second * second)).sqrt()
    } else {
        ((sum - 2.0 * m[0] * m[0]) / (1.0 - 2.0 * first * first)).sqrt()
    };
    weights.extend(m[weights.len()..].iter().map(|m| -m / factor));
    weights
}

fn p_value(w: f64, complement: f64, n: usize) -> f64 {
    if n == 3 {
        return (6.0 / PI * (w.sqrt().asin() - 0.75_f64.sqrt().asin())).max(0.0);
    }
    let size = n as f64;
    let y = complement.ln();
    let (y, mean, deviation) = if n <= 11 {
        let gamma = polynomial(&[-2.273, 0.459], size);
        if y >= gamma {
            return 0.0;
        }
        let mean = polynomial(&[0.544, -0.399_78, 0.025_054, -6.714e-4], size);
        (-(gamma - y).ln(), mean, polynomial(&[1.3822, -0.778_57, 0.062_767, -0.002_032_2], size).exp())
    } else {
        let log = size.ln();
        let mean = polynomial(&[-1.5861, -0.310_82, -0.083_751, 0.003_891_5], log);
        (y, mean, polynomial(&[-0.4803, -0.082_676, 0.003_030_2], log).exp())
    };
    normal_lower_p(-(y - mean) / deviation)
}
