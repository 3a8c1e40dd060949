//! The noncentral t distribution, behind the power of t tests and exact limits of agreement.

use super::normal::{normal_lower_p, normal_quantile, normal_upper_p};
use super::solve::increasing_root_between;

/// Lower tail, upper tail and density of (Z + δ)/√(χ²/df) at t.
fn tails(t: f64, df: f64, noncentrality: f64) -> (f64, f64, f64) {
    let density_of_normal = |z: f64| (-0.5 * z * z).exp() / std::f64::consts::TAU.sqrt();
    // Trapezoidal rule in u = ln √(χ²/df), which converges geometrically. The density is eᵈᶠ⁽ᵘ ⁻ ⁽ᵉ²ᵘ⁻¹⁾ᐟ²⁾ over its own sum: no
    // gamma function, whose logarithm would lose digits. Where the normal tail turns, its argument moves by δ per unit of u.
    let step = 0.1_f64.min(0.4 / df.sqrt()).min(0.4 / noncentrality.abs().max(1.0));
    let (mut mass, mut lower, mut upper, mut density) = (0.0, 0.0, 0.0, 0.0);
    for direction in [1.0, -1.0] {
        let first = if direction > 0.0 { 0.0 } else { 1.0 };
        for i in 0..1_000_000 {
            let u = direction * (first + f64::from(i)) * step;
            let weight = (df * (u - 0.5 * (2.0 * u).exp_m1())).exp();
            let scale = u.exp();
            let z = t * scale - noncentrality;
            mass += weight;
            lower += weight * normal_lower_p(z);
            upper += weight * normal_upper_p(z);
            density += weight * scale * density_of_normal(z);
            if weight < 1e-25 * mass && weight < 1e-300_f64.max(1e-19 * lower.min(upper)) {
                break;
            }
        }
    }
    (lower / mass, upper / mass, density / mass)
}

/// Lower tail of the noncentral t distribution.
///
/// # Formula
/// ```text
/// P(T ≤ t) = ∫ f(s) Φ(t s − δ) ds,   s = √(χ²_df/df),   T = (Z + δ)/s
/// ```
///
/// # Edge cases
/// Degrees of freedom not above 0 or beyond 10⁸: the normal distribution around δ.
///
/// # Agrees with
/// R `pt(t, df, ncp)`, which stops at |ncp| = 37.62; this one does not.
///
/// # References
/// Owen (1968), Technometrics 10:445–478.
#[must_use]
pub fn noncentral_t_lower_p(t: f64, df: f64, noncentrality: f64) -> f64 {
    if is_normal(df) { normal_lower_p(t - noncentrality) } else { tails(t, df, noncentrality).0 }
}

/// Upper tail of the noncentral t distribution.
///
/// # Definition
/// `P(T > t)`; see [`noncentral_t_lower_p`].
///
/// # Agrees with
/// R `pt(t, df, ncp, lower.tail = FALSE)`.
#[must_use]
pub fn noncentral_t_upper_p(t: f64, df: f64, noncentrality: f64) -> f64 {
    if is_normal(df) { normal_upper_p(t - noncentrality) } else { tails(t, df, noncentrality).1 }
}

fn is_normal(df: f64) -> bool {
    df.is_nan() || df <= 0.0 || df > 1e8
}

/// Quantile of the noncentral t distribution, for `p` in (0, 1).
///
/// # Definition
/// The `t` with `P(T ≤ t) = p`, by Newton's method inside a bracket.
///
/// # Agrees with
/// R `qt(p, df, ncp)`, which stops at an error of 1e-11 in `p`.
#[must_use]
pub fn noncentral_t_quantile(p: f64, df: f64, noncentrality: f64) -> f64 {
    let z = normal_quantile(p);
    if is_normal(df) {
        return noncentrality + z;
    }
    let spread = (1.0 + noncentrality * noncentrality / (2.0 * df)).sqrt();
    // The excess of the smaller tail, relative to it.
    let excess = |t: f64| {
        let (lower, upper, density) = tails(t, df, noncentrality);
        if p < 0.5 { ((lower / p).ln(), density / lower) } else { (-(upper / (1.0 - p)).ln(), density / upper) }
    };
    let t = noncentrality + z * spread;
    let mut reach = spread;
    let (mut low, mut high) = (t, t);
    while low > -1e15 && excess(low).0 > 0.0 {
        low -= reach;
        reach *= 2.0;
    }
    reach = spread;
    while high < 1e15 && excess(high).0 < 0.0 {
        high += reach;
        reach *= 2.0;
    }
    increasing_root_between(low, high, t, spread, excess)
}
