//! The studentized range, behind Tukey's comparisons of all pairs.

use std::collections::BTreeMap;

use super::log_gamma::log_gamma;
use super::normal::normal_lower_p;

/// Step of the trapezoidal rule in z; its error for such bell-shaped integrands is far below the rounding.
const STEP: f64 = 0.2;

/// Range of `groups` standard normal values, with Φ(z) and φ(z) Φ(z)ᵏ⁻¹ kept on the grid z = STEP · i.
struct NormalRange {
    groups: f64,
    grid: BTreeMap<i64, (f64, f64)>,
}

impl NormalRange {
    fn new(groups: f64) -> Self {
        Self { groups, grid: BTreeMap::new() }
    }

    /// Probability that the range exceeds `w`.
    fn upper_p(&mut self, w: f64) -> f64 {
        if w > 100.0 {
            return 0.0;
        }
        let power = self.groups - 1.0;
        // Outside these z the integrand is below 1e-17 of its largest value.
        let (from, to) = (w / 2.0 - 6.3, (w / 2.0 + 6.3).max((w * w / 2.0 + 78.0).sqrt()));
        let mut sum = 0.0;
        for index in (from / STEP) as i64..=(to / STEP) as i64 {
            let z = index as f64 * STEP;
            let &mut (below, weight) = self.grid.entry(index).or_insert_with(|| {
                let below = normal_lower_p(z);
                (below, (-0.5 * z * z).exp() / std::f64::consts::TAU.sqrt() * below.powf(power))
            });
            if weight > 0.0 {
                let share = (normal_lower_p(z - w) / below).min(1.0);
                // Φᵏ⁻¹ − (Φ(z) − Φ(z − w))ᵏ⁻¹, so that a small difference keeps its digits.
                sum -= weight * (power * (-share).ln_1p()).exp_m1();
            }
        }
        (self.groups * STEP * sum).min(1.0)
    }
}

/// Upper tail of the studentized range of `groups` means with `df` degrees of freedom.
///
/// # Formula
/// ```text
/// P(Q > q) = ∫ f(s) U(q s) ds,   s = √(χ²_df / df),   U(w) = k ∫ φ(z) [Φ(z)ᵏ⁻¹ − (Φ(z) − Φ(z − w))ᵏ⁻¹] dz
/// ```
/// both by the trapezoidal rule, in ln s and in z, where it converges geometrically.
///
/// # Conventions
/// R integrates the lower tail and takes the rest from one, so that it is good to about 1e-10 absolute; this tail keeps its
/// digits.
///
/// # Edge cases
/// Fewer than two groups or no degrees of freedom: 1. Infinite degrees of freedom: the range of normal values.
///
/// # Agrees with
/// R `ptukey(q, groups, df, lower.tail = FALSE)`.
///
/// # References
/// Copenhaver & Holland (1988), Journal of Statistical Computation and Simulation 30:1–15.
#[must_use]
pub fn studentized_range_upper_p(q: f64, groups: usize, df: f64) -> f64 {
    let k = groups as f64;
    if q.is_nan() || q <= 0.0 || groups < 2 || df.is_nan() || df <= 0.0 {
        return 1.0;
    }
    let mut range = NormalRange::new(k);
    if df > 1e9 {
        return range.upper_p(q);
    }
    let half = df / 2.0;
    // ln of s f(s): 2 (df/2)^(df/2) / Γ(df/2) · s^df exp(−df s²/2); centred at s = 1, where it is largest.
    let constant = 2.0_f64.ln() + half * half.ln() - half - log_gamma(half);
    let log_density = |u: f64| constant + df * u - half * (2.0 * u).exp_m1();
    // Small enough for an error below 1e-13 at any number of degrees of freedom.
    let step = 0.11_f64.min(0.4 / df.sqrt());
    let mut sum = 0.0;
    let mut add = |u: f64| {
        let density = log_density(u).exp();
        if density > 0.0 {
            sum += density * range.upper_p(q * u.exp());
        }
        (density, sum)
    };
    // Up until the density is gone; down until neither it nor what lies below it can count.
    for i in 0..100_000 {
        let (density, _) = add(f64::from(i) * step);
        if density < 1e-320 {
            break;
        }
    }
    for i in 1..100_000 {
        let (density, sum) = add(-f64::from(i) * step);
        if density / (df * step) < 1e-17 * sum {
            break;
        }
    }
    (sum * step).min(1.0)
}

/// Value exceeded by the studentized range with probability `upper`.
///
/// # Definition
/// The `q` with `P(Q > q) = upper`, by bisection of its logarithm.
///
/// # Agrees with
/// R `qtukey(upper, groups, df, lower.tail = FALSE)`, which stops at 1e-4; this one is its own inverse to 1e-10.
#[must_use]
pub fn studentized_range_upper_quantile(upper: f64, groups: usize, df: f64) -> f64 {
    let (mut low, mut high) = (1e-6_f64.ln(), 1e6_f64.ln());
    // The secant on logarithms, inside the bracket.
    let target = upper.clamp(1e-300, 1.0).ln();
    let value = |u: f64| target - studentized_range_upper_p(u.exp(), groups, df).ln();
    let (mut f_low, mut f_high) = (value(low), value(high));
    for round in 0..200 {
        let secant = low - f_low * (high - low) / (f_high - f_low);
        let usable = round % 3 != 2 && secant > low && secant < high;
        let next = if usable { secant } else { f64::midpoint(low, high) };
        let found = value(next);
        if found.abs() < 1e-12 || high - low < 1e-13 {
            return next.exp();
        }
        if found < 0.0 {
            (low, f_low) = (next, found);
        } else {
            (high, f_high) = (next, found);
        }
    }
    f64::midpoint(low, high).exp()
}
