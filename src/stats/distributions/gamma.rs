//! Incomplete gamma function: the χ², gamma and Poisson distributions.

use super::log_gamma::{log_gamma, poisson_mass};
use super::normal::normal_quantile;
use super::solve::increasing_root;
use crate::stats::error::{StatsError, check_level};
use crate::stats::estimate::Interval;

/// Terms after which a series or fraction is cut; they settle within about 10 √a of them.
const TERMS: usize = 2_000_000;

/// Lower and upper regularized incomplete gamma function, each to full relative accuracy where it is the smaller.
fn incomplete_gamma(a: f64, x: f64) -> (f64, f64) {
    if x <= 0.0 {
        return (0.0, 1.0);
    }
    if x == f64::INFINITY {
        return (1.0, 0.0);
    }
    let mass = poisson_mass(a, x);
    if mass.is_nan() {
        return (mass, mass);
    }
    if mass <= 0.0 {
        return if x < a { (0.0, 1.0) } else { (1.0, 0.0) };
    }
    if x < a + 1.0 {
        let (mut term, mut sum, mut denominator) = (1.0, 1.0, a);
        for _ in 0..TERMS {
            denominator += 1.0;
            term *= x / denominator;
            sum += term;
            if term <= sum * 1e-17 {
                break;
            }
        }
        let lower = (mass * sum).min(1.0);
        (lower, 1.0 - lower)
    } else {
        let mut b = x + 1.0 - a;
        let mut c = f64::MAX;
        let mut d = 1.0 / b;
        let mut fraction = d;
        for i in 1..TERMS {
            let i = i as f64;
            let numerator = -i * (i - a);
            b += 2.0;
            d = 1.0 / (numerator * d + b);
            c = b + numerator / c;
            let factor = c * d;
            fraction *= factor;
            if (factor - 1.0).abs() <= f64::EPSILON {
                break;
            }
        }
        let upper = (a * mass * fraction).min(1.0);
        (1.0 - upper, upper)
    }
}

/// Lower tail of the gamma distribution with this shape and scale 1.
///
/// # Definition
/// `P(X ≤ x) = γ(shape, x)/Γ(shape)`; 0 for x ≤ 0.
///
/// # Agrees with
/// R `pgamma(x, shape)`.
///
/// # References
/// Loader (2000), Fast and accurate computation of binomial probabilities; Abramowitz & Stegun (1964), 6.5.29 and 6.5.31.
#[must_use]
pub fn gamma_lower_p(x: f64, shape: f64) -> f64 {
    if shape > 0.0 { incomplete_gamma(shape, x).0 } else { 1.0 }
}

/// Upper tail of the gamma distribution with this shape and scale 1.
///
/// # Definition
/// `P(X > x)`; 1 for x ≤ 0.
///
/// # Agrees with
/// R `pgamma(x, shape, lower.tail = FALSE)`.
#[must_use]
pub fn gamma_upper_p(x: f64, shape: f64) -> f64 {
    if shape > 0.0 { incomplete_gamma(shape, x).1 } else { 0.0 }
}

/// Quantile of the gamma distribution with this shape and scale 1, for `p` in (0, 1).
///
/// # Definition
/// The `x` with `P(X ≤ x) = p`, by Newton's method on the logarithms of `x` and of the smaller tail.
///
/// # Agrees with
/// R `qgamma(p, shape)`.
#[must_use]
pub fn gamma_quantile(p: f64, shape: f64) -> f64 {
    if p.is_nan() || p <= 0.0 || shape.is_nan() || shape <= 0.0 {
        return 0.0;
    }
    let p = p.min(1.0 - f64::EPSILON / 2.0);
    // Wilson and Hilferty's cube; far down the lower tail its first term, p = x^a / Γ(a + 1), is all that counts.
    let spread = 1.0 / (9.0 * shape);
    let cube = shape * (1.0 - spread + normal_quantile(p) * spread.sqrt()).powi(3);
    let power = (p.ln() + log_gamma(shape + 1.0)) / shape;
    let start = if cube > 0.0 && power > -1.0 { cube.ln() } else { power };
    let slope = |u: f64| shape * poisson_mass(shape, u.exp());
    let log_x = if p <= 0.5 {
        let target = p.ln();
        increasing_root(start, |u| {
            let tail = incomplete_gamma(shape, u.exp()).0;
            (tail.ln() - target, slope(u) / tail)
        })
    } else {
        let target = (1.0 - p).ln();
        increasing_root(start, |u| {
            let tail = incomplete_gamma(shape, u.exp()).1;
            (target - tail.ln(), slope(u) / tail)
        })
    };
    log_x.exp()
}

/// Lower tail of the χ² distribution with `df` degrees of freedom.
///
/// # Definition
/// `P(X ≤ x)`; 0 for x ≤ 0.
///
/// # Agrees with
/// R `pchisq(x, df)`.
#[must_use]
pub fn chi_squared_lower_p(x: f64, df: f64) -> f64 {
    if x <= 0.0 { 0.0 } else { gamma_lower_p(x / 2.0, df / 2.0) }
}

/// Upper tail of the χ² distribution with `df` degrees of freedom.
///
/// # Definition
/// `P(X > x)`; 1 for x ≤ 0.
///
/// # Conventions
/// Not from statrs: its prefix `xᵃ e⁻ˣ/Γ(a)` comes from a difference of logarithms, which costs a digit per power of ten of `df`.
///
/// # Agrees with
/// R `pchisq(x, df, lower.tail = FALSE)`.
#[must_use]
pub fn chi_squared_upper_p(x: f64, df: f64) -> f64 {
    if x <= 0.0 || df.is_nan() || df <= 0.0 { 1.0 } else { gamma_upper_p(x / 2.0, df / 2.0) }
}

/// Quantile of the χ² distribution with `df` degrees of freedom, for `p` in (0, 1).
///
/// # Definition
/// The `x` with `P(X ≤ x) = p`.
///
/// # Agrees with
/// R `qchisq(p, df)`.
#[must_use]
pub fn chi_squared_quantile(p: f64, df: f64) -> f64 {
    2.0 * gamma_quantile(p, df / 2.0)
}

/// Exact interval of the mean of a Poisson count; divide by the person-time for a rate.
///
/// # Formula
/// ```text
/// lower = ½ χ²₍α⸝₂₎(2 events),  upper = ½ χ²₍₁₋α⸝₂₎(2 events + 2)
/// ```
///
/// # Edge cases
/// No events: the lower limit is 0. Weighted events may be a fraction.
///
/// # Errors
/// [`StatsError::OutOfRange`] for events below 0 or not finite, [`StatsError::InvalidLevel`].
///
/// # Agrees with
/// R `poisson.test(events)$conf.int`.
///
/// # References
/// Garwood (1936), Biometrika 28:437–442.
pub fn poisson_exact_interval(events: f64, level: f64) -> Result<Interval, StatsError> {
    check_level(level)?;
    if !(events >= 0.0 && events.is_finite()) {
        return Err(StatsError::OutOfRange { what: "the number of events", value: events, expected: "it must be 0 or more" });
    }
    let lower = if events > 0.0 { gamma_quantile((1.0 - level) / 2.0, events) } else { 0.0 };
    Ok(Interval { lower, upper: gamma_quantile(f64::midpoint(1.0, level), events + 1.0), level })
}
