//! Tail areas and quantiles, from statrs. Upper tails come from `sf`, never from 1 − cdf.

use statrs::distribution::{ChiSquared, Continuous, ContinuousCDF, Normal, StudentsT};

/// Quantile of the standard normal distribution, for `p` in (0, 1).
///
/// # Definition
/// The `z` with `P(Z ≤ z) = p`.
#[must_use]
pub fn normal_quantile(p: f64) -> f64 {
    Normal::standard().inverse_cdf(p)
}

/// Two-sided p value of a standard normal statistic.
///
/// # Definition
/// `2 P(Z > |z|)`.
#[must_use]
pub fn normal_two_sided_p(z: f64) -> f64 {
    2.0 * Normal::standard().sf(z.abs())
}

/// Upper tail of the χ² distribution with `df` degrees of freedom.
///
/// # Definition
/// `P(X > x)`; 1 for x ≤ 0.
#[must_use]
pub fn chi_squared_upper_p(x: f64, df: f64) -> f64 {
    if x <= 0.0 { 1.0 } else { ChiSquared::new(df).map_or(1.0, |chi_squared| chi_squared.sf(x)) }
}

/// Quantile of Student's t with `df` degrees of freedom, for `p` in (0, 1).
///
/// # Definition
/// The `t` with `P(T ≤ t) = p`, by Newton's method on the logarithms of `t` and of its tail, where the heavy tail is nearly a
/// straight line.
#[must_use]
pub fn t_quantile(p: f64, df: f64) -> f64 {
    let tail = p.min(1.0 - p);
    let Ok(distribution) = StudentsT::new(0.0, 1.0, df) else { return normal_quantile(p) };
    if tail >= 0.5 {
        return 0.0;
    }
    let mut log_t = normal_quantile(tail).abs().max(1e-300).ln();
    for _ in 0..200 {
        let t = log_t.exp();
        let upper = distribution.sf(t);
        let step = (upper / tail).ln() * upper / (distribution.pdf(t) * t);
        // A step of at most three in the logarithm keeps the first ones from overshooting.
        log_t += step.clamp(-3.0, 3.0);
        if step.abs() < 1e-15 {
            break;
        }
    }
    if p < 0.5 { -log_t.exp() } else { log_t.exp() }
}

/// Two-sided p value of a t statistic.
///
/// # Definition
/// `2 P(T > |t|)`.
#[must_use]
pub fn t_two_sided_p(t: f64, df: f64) -> f64 {
    StudentsT::new(0.0, 1.0, df).map_or_else(|_| normal_two_sided_p(t), |distribution| 2.0 * distribution.sf(t.abs()))
}
