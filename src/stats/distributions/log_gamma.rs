//! The logarithm of the gamma function, and the pieces of tail areas that would lose digits if taken from it.

/// ζ(n) − 1 for n = 2, 3, …
const ZETA_LESS_ONE: [f64; 30] = [
    6.449_340_668_482_264e-1,
    2.020_569_031_595_943e-1,
    8.232_323_371_113_819e-2,
    3.692_775_514_336_993e-2,
    1.734_306_198_444_914e-2,
    8.349_277_381_922_827e-3,
    4.077_356_197_944_339e-3,
    2.008_392_826_082_214_4e-3,
    9.945_751_278_180_853e-4,
    4.941_886_041_194_646e-4,
    2.460_865_533_080_483e-4,
    1.227_133_475_784_891_5e-4,
    6.124_813_505_870_483e-5,
    3.058_823_630_702_05e-5,
    1.528_225_940_865_187e-5,
    7.637_197_637_899_762e-6,
    3.817_293_264_999_84e-6,
    1.908_212_716_553_939e-6,
    9.539_620_338_727_96e-7,
    4.769_329_867_878_065e-7,
    2.384_505_027_277_33e-7,
    1.192_199_259_653_110_7e-7,
    5.960_818_905_125_948e-8,
    2.980_350_351_465_228e-8,
    1.490_155_482_836_504e-8,
    7.450_711_789_835_43e-9,
    3.725_334_024_788_457e-9,
    1.862_659_723_513_049e-9,
    9.313_274_324_196_682e-10,
    4.656_629_065_033_784e-10,
];

const ONE_LESS_EULER: f64 = 0.422_784_335_098_467_14;
const HALF_LOG_TWO_PI: f64 = 0.918_938_533_204_672_7;

/// Logarithm of the gamma function, for x > 0; NaN elsewhere.
///
/// # Formula
/// ```text
/// |x − 1| ≤ ½:  ln Γ(1 + t) = −ln(1 + t) + t(1 − γ) + Σ_{n ≥ 2} (−1)ⁿ (ζ(n) − 1) tⁿ/n
/// to 15: brought there by Γ(x + 1) = x Γ(x);   above: Stirling's series
/// ```
///
/// # Conventions
/// Exact zeros at 1 and 2. statrs' Lanczos sum leaves 1e-16 there, which is no digit at all.
///
/// # Agrees with
/// R `lgamma(x)`.
///
/// # References
/// Abramowitz & Stegun (1964), 6.1.33 and 6.1.41.
#[must_use]
pub fn log_gamma(x: f64) -> f64 {
    if x.is_nan() || x <= 0.0 {
        f64::NAN
    } else if x < 0.5 {
        log_gamma_near_one(x) - x.ln()
    } else if x < 1.5 {
        log_gamma_near_one(x - 1.0)
    } else if x < 2.5 {
        (x - 2.0).ln_1p() + log_gamma_near_one(x - 2.0)
    } else if x < 15.0 {
        let (mut argument, mut product) = (x, 1.0);
        while argument >= 2.5 {
            argument -= 1.0;
            product *= argument;
        }
        log_gamma(argument) + product.ln()
    } else {
        (x - 0.5) * x.ln() - x + HALF_LOG_TWO_PI + stirling_series(x)
    }
}

/// ln Γ(1 + t) for |t| ≤ ½.
fn log_gamma_near_one(t: f64) -> f64 {
    let mut sum = 0.0;
    for (index, zeta) in ZETA_LESS_ONE.iter().enumerate().rev() {
        let n = (index + 2) as f64;
        sum = zeta / n - t * sum;
    }
    -t.ln_1p() + t * ONE_LESS_EULER + t * t * sum
}

/// ln Γ(x) + ln x less Stirling's (x + ½) ln x − x + ½ ln 2π, by its series; for x ≥ 15.
fn stirling_series(x: f64) -> f64 {
    let square = x * x;
    (1.0 / 12.0 - (1.0 / 360.0 - (1.0 / 1260.0 - (1.0 / 1680.0 - (1.0 / 1188.0) / square) / square) / square) / square) / x
}

/// Error of Stirling's formula: ln Γ(x + 1) − (x + ½) ln x + x − ½ ln 2π, for x > 0.
pub(super) fn stirling_error(x: f64) -> f64 {
    if x >= 15.0 { stirling_series(x) } else { log_gamma(x + 1.0) - (x + 0.5) * x.ln() + x - HALF_LOG_TWO_PI }
}

/// Deviance term: x ln(x/m) + m − x for x, m > 0, without the cancellation near x = m; `excess` is m − x as exactly as it is known.
pub(super) fn deviance(x: f64, m: f64, excess: f64) -> f64 {
    if excess.abs() >= 0.1 * (x + m) {
        return x * (x / m).ln() + excess;
    }
    let v = -excess / (x + m);
    let square = v * v;
    let (mut power, mut sum) = (2.0 * x * v, -excess * v);
    // |v| < 0.1: each term is a hundredth of the last.
    for odd in 1..12 {
        power *= square;
        sum += power / f64::from(2 * odd + 1);
    }
    sum
}

/// xᵃ e⁻ˣ / Γ(a + 1), Loader's way: relative error near 1e-15 where the logarithms themselves would cost a digit per power of ten.
pub(super) fn poisson_mass(a: f64, x: f64) -> f64 {
    (-stirling_error(a) - deviance(a, x, x - a)).exp() / (std::f64::consts::TAU * a).sqrt()
}
