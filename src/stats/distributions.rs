//! Tail areas and quantiles, from statrs. Upper tails come from `sf`, never from 1 − cdf.

use statrs::distribution::{ChiSquared, Continuous, ContinuousCDF, Gamma, Normal, StudentsT};
use statrs::function::beta::beta_reg;
use statrs::function::gamma::ln_gamma;

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

/// Logarithm of the upper tail of the standard normal distribution, without underflow.
///
/// # Definition
/// `log P(Z > z)`; beyond 30 by the first terms of the asymptotic series.
#[must_use]
pub fn normal_log_upper_p(z: f64) -> f64 {
    if z < -1.0 {
        return (-normal_lower_p(z)).ln_1p();
    }
    if z < 30.0 {
        return Normal::standard().sf(z).ln();
    }
    let inverse = 1.0 / (z * z);
    -0.5 * z * z - (z * std::f64::consts::TAU.sqrt()).ln() + (-inverse * (1.0 - 3.0 * inverse * (1.0 - 5.0 * inverse))).ln_1p()
}

/// Lower tail of the standard normal distribution.
///
/// # Definition
/// `P(Z ≤ z)`.
#[must_use]
pub fn normal_lower_p(z: f64) -> f64 {
    // By symmetry, so that a lower tail keeps its digits.
    Normal::standard().sf(-z)
}

/// Quantile of the χ² distribution with `df` degrees of freedom, for `p` in (0, 1).
///
/// # Definition
/// The `x` with `P(X ≤ x) = p`, by bisection on log x of the smaller tail.
#[must_use]
pub fn chi_squared_quantile(p: f64, df: f64) -> f64 {
    let Ok(distribution) = ChiSquared::new(df) else { return 0.0 };
    positive_quantile(p, |x| distribution.cdf(x), |x| distribution.sf(x))
}

/// Upper tail of the F distribution.
///
/// # Definition
/// `P(X > x)`, as a regularized incomplete beta function of the smaller argument; 1 for x ≤ 0.
#[must_use]
pub fn f_upper_p(x: f64, df1: f64, df2: f64) -> f64 {
    if x <= 0.0 {
        return 1.0;
    }
    // P(X > x) = I_{d2/(d2 + d1 x)}(d2/2, d1/2)
    beta_lower_p(df2 / (df2 + df1 * x), df2 / 2.0, df1 / 2.0)
}

/// Quantile of the F distribution, for `p` in (0, 1).
///
/// # Definition
/// The `x` with `P(X ≤ x) = p`.
#[must_use]
pub fn f_quantile(p: f64, df1: f64, df2: f64) -> f64 {
    positive_quantile(p, |x| f_upper_p(1.0 / x, df2, df1), |x| f_upper_p(x, df1, df2))
}

/// Lower tail of the beta distribution: the regularized incomplete beta function.
///
/// # Definition
/// `P(X ≤ x) = I_x(a, b)`.
#[must_use]
pub fn beta_lower_p(x: f64, a: f64, b: f64) -> f64 {
    if x <= 0.0 {
        0.0
    } else if x >= 1.0 {
        1.0
    } else {
        beta_reg(a, b, x)
    }
}

/// Quantile of the beta distribution, for `p` in (0, 1).
///
/// # Definition
/// The `x` with `I_x(a, b) = p`, through the odds of x, which are those of an F variable.
#[must_use]
pub fn beta_quantile(p: f64, a: f64, b: f64) -> f64 {
    let odds = positive_quantile(p, |odds| beta_lower_p(odds / (1.0 + odds), a, b), |odds| beta_lower_p(1.0 / (1.0 + odds), b, a));
    odds / (1.0 + odds)
}

/// Lower and upper tail of the gamma distribution with this shape and scale 1.
///
/// # Definition
/// `P(X ≤ x)`, `P(X > x)`.
#[must_use]
pub fn gamma_tails(x: f64, shape: f64) -> (f64, f64) {
    Gamma::new(shape, 1.0).map_or((0.0, 1.0), |distribution| (distribution.cdf(x), distribution.sf(x)))
}

/// Logarithm of the gamma function for x > 0.
///
/// # Definition
/// `log Γ(x)`.
#[must_use]
pub fn log_gamma(x: f64) -> f64 {
    if x == 1.0 || x == 2.0 { 0.0 } else { ln_gamma(x) }
}

/// Upper tail of the studentized range of `means` normal means with `df` degrees of freedom (Tukey's honest significant difference).
///
/// # Formula
/// ```text
/// P(Q > q) = 1 − ∫ f(s) W(q s) ds,   W(w) = k ∫ φ(z) [Φ(z) − Φ(z − w)]^{k−1} dz
/// ```
/// with `s = √(χ²/df)`; Gauss–Legendre quadrature in panels.
///
/// # Agrees with
/// R `ptukey(q, means, df, lower.tail = FALSE)`.
#[must_use]
pub fn studentized_range_upper_p(q: f64, means: usize, df: f64) -> f64 {
    if q <= 0.0 || means < 2 {
        return 1.0;
    }
    let normal = Normal::standard();
    let k = means as f64;
    let within =
        |w: f64| k * integrate(-8.5, 8.5 + w, 60, |z| normal.pdf(z) * (normal_lower_p(z) - normal_lower_p(z - w)).max(0.0).powf(k - 1.0));
    // The density of s is concentrated around 1, with standard deviation about 1/√(2 df).
    let spread = 1.0 / (2.0 * df).sqrt();
    let (low, high) = ((1.0 - 12.0 * spread).max(0.0), 1.0 + 12.0 * spread.max(0.2));
    let log_constant = std::f64::consts::LN_2 + df / 2.0 * (df / 2.0).ln() - log_gamma(df / 2.0);
    let density = |s: f64| if s > 0.0 { (log_constant + (df - 1.0) * s.ln() - df * s * s / 2.0).exp() } else { 0.0 };
    integrate(low, high, 40, |s| density(s) * (1.0 - within(q * s))).clamp(0.0, 1.0)
}

/// Composite Gauss–Legendre quadrature, 8 points in each panel.
fn integrate(from: f64, to: f64, panels: usize, f: impl Fn(f64) -> f64) -> f64 {
    const NODES: [(f64, f64); 4] = [
        (0.183_434_642_495_649_8, 0.362_683_783_378_362),
        (0.525_532_409_916_329, 0.313_706_645_877_887_3),
        (0.796_666_477_413_626_7, 0.222_381_034_453_374_47),
        (0.960_289_856_497_536_3, 0.101_228_536_290_376_26),
    ];
    let half = (to - from) / panels as f64 / 2.0;
    (0..panels)
        .map(|panel| {
            let middle = from + (2 * panel + 1) as f64 * half;
            NODES.iter().map(|&(node, weight)| weight * (f(middle - half * node) + f(middle + half * node))).sum::<f64>() * half
        })
        .sum()
}

/// Quantile of a distribution on (0, ∞): bisection on log x of whichever tail is smaller.
fn positive_quantile(p: f64, lower: impl Fn(f64) -> f64, upper: impl Fn(f64) -> f64) -> f64 {
    let below = |x: f64| if p <= 0.5 { lower(x) < p } else { upper(x) > 1.0 - p };
    let (mut low, mut high) = (-700.0_f64, 700.0_f64);
    for _ in 0..80 {
        let middle = f64::midpoint(low, high);
        if below(middle.exp()) {
            low = middle;
        } else {
            high = middle;
        }
    }
    f64::midpoint(low, high).exp()
}
