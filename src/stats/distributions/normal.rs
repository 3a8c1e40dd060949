//! The normal distribution: quantiles from statrs, tails from here.

use statrs::distribution::{ContinuousCDF, Normal};

/// Chebyshev coefficients of (z + 5) P(Z > z) exp(z²/2) in t = (z − 5)/(z + 5), computed in 50 digits.
const TAIL: [f64; 27] = [
    1.084_997_431_128_150_7,
    -0.945_121_233_023_523_8,
    0.339_542_824_839_706_7,
    -0.100_801_149_001_279_23,
    0.024_341_617_391_948_19,
    -0.004_578_067_753_083_764_5,
    0.000_596_263_479_387_258_7,
    -3.003_457_240_399_832_6e-5,
    -6.958_208_028_973_146_5e-6,
    1.661_622_275_075_295_8e-6,
    -4.290_591_277_534_993e-8,
    -3.778_472_668_407_595e-8,
    4.656_555_405_437_076e-9,
    7.267_318_981_195_83e-10,
    -1.876_070_956_044_788e-10,
    -1.354_847_535_519_443_6e-11,
    6.754_835_393_421_318e-12,
    2.838_977_484_395_556_3e-13,
    -2.470_501_242_837e-13,
    -9.045_031_546_724_195e-15,
    9.451_160_470_487_844e-15,
    4.824_922_073_332_497e-16,
    -3.745_297_710_059_956_4e-16,
    -3.173_853_738_333_468_6e-17,
    1.486_463_743_120_807_2e-17,
    2.097_641_142_543_751e-18,
    -5.560_979_658_001_585e-19,
];

/// Upper tail for z ≥ 0. statrs' complementary error function is good to 1e-10 only.
fn tail(z: f64) -> f64 {
    if z > 39.0 {
        return 0.0;
    }
    let t = (z - 5.0) / (z + 5.0);
    let (mut first, mut second) = (0.0, 0.0);
    for coefficient in TAIL[1..].iter().rev() {
        (first, second) = (2.0 * t * first - second + coefficient, first);
    }
    let smooth = t * first - second + TAIL[0];
    // z² split so that its rounding does not reach the exponential.
    let coarse = (z * 16.0).trunc() / 16.0;
    smooth / (z + 5.0) * (-0.5 * coarse * coarse).exp() * (-0.5 * (z - coarse) * (z + coarse)).exp()
}

/// Quantile of the standard normal distribution, for `p` in (0, 1).
///
/// # Definition
/// The `z` with `P(Z ≤ z) = p`. The ends 0 and 1 give the quantile of the nearest number inside.
#[must_use]
pub fn normal_quantile(p: f64) -> f64 {
    if p.is_nan() {
        return p;
    }
    Normal::standard().inverse_cdf(p.clamp(f64::MIN_POSITIVE, 1.0 - f64::EPSILON / 2.0))
}

/// Two-sided p value of a standard normal statistic.
///
/// # Definition
/// `2 P(Z > |z|)`.
#[must_use]
pub fn normal_two_sided_p(z: f64) -> f64 {
    2.0 * tail(z.abs())
}

/// Lower tail of the standard normal distribution.
///
/// # Definition
/// `P(Z ≤ z)`.
///
/// # Agrees with
/// R `pnorm(z)`.
#[must_use]
pub fn normal_lower_p(z: f64) -> f64 {
    normal_upper_p(-z)
}

/// Upper tail of the standard normal distribution.
///
/// # Definition
/// `P(Z > z)`.
///
/// # Agrees with
/// R `pnorm(z, lower.tail = FALSE)`.
#[must_use]
pub fn normal_upper_p(z: f64) -> f64 {
    if z < 0.0 { 1.0 - tail(-z) } else { tail(z) }
}

/// Logarithm of the upper tail of the standard normal distribution, also where the tail itself is too small for a number.
///
/// # Formula
/// ```text
/// z ≤ 0: ln(1 − P(Z ≤ z));   z ≤ 30: ln P(Z > z);   beyond: −z²/2 − ln z − ½ ln 2π + ln(1 − 1/z² + 3/z⁴ − 15/z⁶ + …)
/// ```
///
/// # Agrees with
/// R `pnorm(z, lower.tail = FALSE, log.p = TRUE)`.
#[must_use]
pub fn normal_log_upper_p(z: f64) -> f64 {
    if z <= 0.0 {
        (-normal_lower_p(z)).ln_1p()
    } else if z <= 30.0 {
        normal_upper_p(z).ln()
    } else {
        let r = 1.0 / (z * z);
        let series = -r * (1.0 - r * (3.0 - r * (15.0 - r * (105.0 - r * 945.0))));
        -0.5 * z * z - z.ln() - 0.5 * std::f64::consts::TAU.ln() + series.ln_1p()
    }
}
