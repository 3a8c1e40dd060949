//! Is a sample from a normal distribution?

use crate::stats::distributions::{normal_quantile, normal_upper_p};
use crate::stats::error::{StatsError, check_finite};
use crate::stats::hypothesis::TestResult;

/// Coefficients in ascending powers.
fn polynomial(coefficients: &[f64], x: f64) -> f64 {
    coefficients.iter().rev().fold(0.0, |sum, coefficient| sum * x + coefficient)
}

/// Weights of the upper half of the ordered sample, outermost first.
fn weights(n: usize) -> Vec<f64> {
    if n == 3 {
        return vec![std::f64::consts::FRAC_1_SQRT_2];
    }
    let count = n as f64;
    let scores: Vec<f64> = (1..=n / 2).map(|i| -normal_quantile((i as f64 - 0.375) / (count + 0.25))).collect();
    let sum_of_squares = 2.0 * scores.iter().map(|score| score * score).sum::<f64>();
    let length = sum_of_squares.sqrt();
    let u = 1.0 / count.sqrt();
    let outermost = polynomial(&[scores[0] / length, 0.221_157, -0.147_981, -2.071_19, 4.434_685, -2.706_056], u);
    let mut weights = vec![outermost];
    let (mut rest, mut left) = (sum_of_squares - 2.0 * scores[0].powi(2), 1.0 - 2.0 * outermost.powi(2));
    if n > 5 {
        let next = polynomial(&[scores[1] / length, 0.042_981, -0.293_762, -1.752_461, 5.682_633, -3.582_633], u);
        weights.push(next);
        rest -= 2.0 * scores[1].powi(2);
        left -= 2.0 * next.powi(2);
    }
    let scale = (rest / left).sqrt();
    weights.extend(scores[weights.len()..].iter().map(|score| score / scale));
    weights
}

/// Shapiro–Wilk test of normality, for 3 to 5000 values.
///
/// # Formula
/// ```text
/// W = (Σ aᵢ (x₍ₙ₊₁₋ᵢ₎ − x₍ᵢ₎))² / Σ(x − x̄)²,   i up to n/2
/// ```
/// with Royston's approximations of the weights a and of the distribution of ln(1 − W) (n = 3: exact).
///
/// # Conventions
/// Ties are taken as they are; many of them lower W.
///
/// # Errors
/// [`StatsError::TooFew`] below 3 values, [`StatsError::NotPossible`] above 5000 (the approximation was made up to there),
/// [`StatsError::NoVariation`], [`StatsError::NotFinite`].
///
/// # Agrees with
/// R `shapiro.test(values)`.
///
/// # References
/// Royston (1995), Applied Statistics 44:547–551 (AS R94); Shapiro & Wilk (1965), Biometrika 52:591–611.
pub fn shapiro_wilk(values: &[f64]) -> Result<TestResult, StatsError> {
    check_finite("values", values)?;
    let n = values.len();
    if n < 3 {
        return Err(StatsError::TooFew { found: n, needed: 3 });
    }
    if n > 5_000 {
        return Err(StatsError::NotPossible { what: "a Shapiro–Wilk test", reason: "it is known for up to 5000 values" });
    }
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    // Halved before the subtraction, so that no range overflows.
    let range = sorted[n - 1] / 2.0 - sorted[0] / 2.0;
    if range <= 0.0 {
        return Err(StatsError::NoVariation { what: "the values" });
    }
    let middle = sorted[n / 2];
    let scaled: Vec<f64> = sorted.iter().map(|value| (value / 2.0 - middle / 2.0) / range).collect();
    let mean = scaled.iter().sum::<f64>() / n as f64;
    let weights = weights(n);
    let length = 2.0 * weights.iter().map(|weight| weight * weight).sum::<f64>();
    let spread: f64 = scaled.iter().map(|value| (value - mean).powi(2)).sum();
    let contrast: f64 = weights.iter().enumerate().map(|(i, weight)| weight * (scaled[n - 1 - i] - scaled[i])).sum();
    // 1 − W as a product, which keeps its digits when W is near 1.
    let whole = (length * spread).sqrt();
    let shortfall = ((whole - contrast) * (whole + contrast) / (length * spread)).max(0.0);
    let statistic = 1.0 - shortfall;
    let p_value = upper_tail(statistic, shortfall, n as f64);
    Ok(TestResult { method: "Shapiro–Wilk test of normality", statistic, df: None, p_value })
}

fn upper_tail(statistic: f64, shortfall: f64, n: f64) -> f64 {
    if n <= 3.0 {
        let p = 6.0 / std::f64::consts::PI * (statistic.max(0.75).sqrt().asin() - 0.75_f64.sqrt().asin());
        return p.clamp(0.0, 1.0);
    }
    let log = shortfall.max(f64::MIN_POSITIVE).ln();
    let (value, mean, std_dev) = if n <= 11.0 {
        let limit = 0.459 * n - 2.273;
        if log >= limit {
            return 1e-99;
        }
        (
            -(limit - log).ln(),
            polynomial(&[0.544, -0.399_78, 0.025_054, -6.714e-4], n),
            polynomial(&[1.382_2, -0.778_57, 0.062_767, -0.002_032_2], n).exp(),
        )
    } else {
        let log_n = n.ln();
        (
            log,
            polynomial(&[-1.586_1, -0.310_82, -0.083_751, 0.003_891_5], log_n),
            polynomial(&[-0.480_3, -0.082_676, 0.003_030_2], log_n).exp(),
        )
    };
    normal_upper_p((value - mean) / std_dev)
}
