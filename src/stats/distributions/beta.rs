//! Incomplete beta function: Student's t, F, beta and binomial distributions.

use super::gamma::{chi_squared_lower_p, chi_squared_quantile, chi_squared_upper_p};
use super::log_gamma::{deviance, stirling_error};
use super::normal::{normal_quantile, normal_upper_p};
use super::solve::increasing_root;

/// Terms after which the continued fraction is cut; it settles within about 10 √(a + b) of them.
const TERMS: usize = 2_000_000;

/// Degrees of freedom from which Student's t is the normal distribution with a corrected argument.
const NEARLY_NORMAL: f64 = 1e9;

/// (a + b) x − a for x + y = 1, from the smaller of x and y, which has the smaller rounding.
fn excess(a: f64, b: f64, x: f64, y: f64) -> f64 {
    if x <= y { (a + b) * x - a } else { b - (a + b) * y }
}

/// xᵃ yᵇ / B(a, b) for x + y = 1, Loader's way.
fn power_term(a: f64, b: f64, x: f64, y: f64) -> f64 {
    let (n, excess) = (a + b, excess(a, b, x, y));
    let exponent = stirling_error(n) - stirling_error(a) - stirling_error(b) - deviance(a, n * x, excess) - deviance(b, n * y, -excess);
    (a / n * b / std::f64::consts::TAU).sqrt() * exponent.exp()
}

/// Lower and upper regularized incomplete beta function at x, with y = 1 − x given by the caller, who knows it without rounding.
fn incomplete_beta(a: f64, b: f64, x: f64, y: f64) -> (f64, f64) {
    if x <= 0.0 {
        return (0.0, 1.0);
    }
    if y <= 0.0 {
        return (1.0, 0.0);
    }
    if excess(a, b, x, y) > 0.0 {
        let upper = incomplete_beta_below_mean(b, a, y, x);
        (1.0 - upper, upper)
    } else {
        let lower = incomplete_beta_below_mean(a, b, x, y);
        (lower, 1.0 - lower)
    }
}

/// The lower tail at x ≤ a/(a + b), by the even part of the continued fraction: its terms hold no difference of large numbers.
fn incomplete_beta_below_mean(a: f64, b: f64, x: f64, y: f64) -> f64 {
    let power_term = power_term(a, b, x, y);
    if power_term <= 0.0 || power_term.is_nan() {
        return power_term;
    }
    let shortfall = 1.0 - excess(a, b, x, y);
    let mut fraction = shortfall / (a + 1.0);
    let (mut c, mut d) = (fraction, 0.0);
    for m in 1..TERMS {
        let m = m as f64;
        let at = a + 2.0 * m;
        let numerator = (a + m - 1.0) / (at - 2.0) * (a + b + m - 1.0) / (at - 1.0) * x * (m / (at - 1.0)) * ((b - m) / at) * x;
        let denominator = (m + m * (b - m) * x / (at - 1.0) + (a + m) / (at + 1.0) * (shortfall + m * (1.0 + y))) / at;
        d = 1.0 / (denominator + numerator * d);
        c = denominator + numerator / c;
        let factor = c * d;
        fraction *= factor;
        if (factor - 1.0).abs() <= f64::EPSILON {
            break;
        }
    }
    (power_term / a / fraction).clamp(0.0, 1.0)
}

/// The logit of the point where the lower tail is `p`.
fn beta_quantile_logit(p: f64, a: f64, b: f64) -> f64 {
    let at = |u: f64| {
        // The logistic of u and of −u, each without a difference.
        let (x, y) = (1.0 / (1.0 + (-u).exp()), 1.0 / (1.0 + u.exp()));
        (incomplete_beta(a, b, x, y), power_term(a, b, x, y))
    };
    let start = (a / b).ln() + normal_quantile(p) * (1.0 / a + 1.0 / b).sqrt();
    if p <= 0.5 {
        increasing_root(start, |u| {
            let ((lower, _), slope) = at(u);
            (lower.ln() - p.ln(), slope / lower)
        })
    } else {
        let target = (1.0 - p).ln();
        increasing_root(start, |u| {
            let ((_, upper), slope) = at(u);
            (target - upper.ln(), slope / upper)
        })
    }
}

/// Lower tail of the beta distribution.
///
/// # Definition
/// `P(X ≤ x) = Iₓ(a, b)`, the regularized incomplete beta function.
///
/// # Formula
/// ```text
/// Iₓ(a, b) = xᵃ (1 − x)ᵇ / (a B(a, b)) · continued fraction; beyond the mean a/(a + b) from the other tail
/// ```
///
/// # Conventions
/// Not from statrs: its fraction stops after 140 terms settled or not, which is too few from some 10 000 degrees of freedom, and
/// its upper tails of F come from 1 − x.
///
/// # Agrees with
/// R `pbeta(x, a, b)`.
///
/// # References
/// `DiDonato` & Morris (1992), ACM Transactions on Mathematical Software 18:360–373; Loader (2000), Fast and accurate computation of binomial probabilities.
#[must_use]
pub fn beta_lower_p(x: f64, a: f64, b: f64) -> f64 {
    incomplete_beta(a, b, x, 1.0 - x).0
}

/// Upper tail of the beta distribution.
///
/// # Definition
/// `P(X > x)`.
///
/// # Agrees with
/// R `pbeta(x, a, b, lower.tail = FALSE)`.
#[must_use]
pub fn beta_upper_p(x: f64, a: f64, b: f64) -> f64 {
    incomplete_beta(a, b, x, 1.0 - x).1
}

/// Quantile of the beta distribution, for `p` in (0, 1).
///
/// # Definition
/// The `x` with `P(X ≤ x) = p`, by Newton's method on the logit of `x` and the logarithm of the smaller tail.
///
/// # Agrees with
/// R `qbeta(p, a, b)`.
#[must_use]
pub fn beta_quantile(p: f64, a: f64, b: f64) -> f64 {
    1.0 / (1.0 + (-beta_quantile_logit(p, a, b)).exp())
}

/// Lower and upper tail of F.
fn f_tails(x: f64, df1: f64, df2: f64) -> (f64, f64) {
    if x <= 0.0 {
        return (0.0, 1.0);
    }
    if df2 == f64::INFINITY {
        return (chi_squared_lower_p(df1 * x, df1), chi_squared_upper_p(df1 * x, df1));
    }
    let ratio = df1 / df2 * x;
    incomplete_beta(df1 / 2.0, df2 / 2.0, 1.0 / (1.0 + 1.0 / ratio), 1.0 / (1.0 + ratio))
}

/// Lower tail of the F distribution.
///
/// # Definition
/// `P(F ≤ x)`; 0 for x ≤ 0.
///
/// # Agrees with
/// R `pf(x, df1, df2)`.
#[must_use]
pub fn f_lower_p(x: f64, df1: f64, df2: f64) -> f64 {
    f_tails(x, df1, df2).0
}

/// Upper tail of the F distribution.
///
/// # Definition
/// `P(F > x)`; 1 for x ≤ 0. With infinite `df2`, the upper tail of χ²/df1.
///
/// # Agrees with
/// R `pf(x, df1, df2, lower.tail = FALSE)`.
#[must_use]
pub fn f_upper_p(x: f64, df1: f64, df2: f64) -> f64 {
    f_tails(x, df1, df2).1
}

/// Quantile of the F distribution, for `p` in (0, 1).
///
/// # Definition
/// The `x` with `P(F ≤ x) = p`.
///
/// # Agrees with
/// R `qf(p, df1, df2)`.
#[must_use]
pub fn f_quantile(p: f64, df1: f64, df2: f64) -> f64 {
    if df2 == f64::INFINITY {
        return chi_squared_quantile(p, df1) / df1;
    }
    df2 / df1 * beta_quantile_logit(p, df1 / 2.0, df2 / 2.0).exp()
}

/// Upper tail of Student's t for t ≥ 0.
fn t_tail(t: f64, df: f64) -> f64 {
    if df.is_nan() || df <= 0.0 {
        return normal_upper_p(t);
    }
    if df > NEARLY_NORMAL {
        let quarter = 0.25 / df;
        return normal_upper_p(t * (1.0 - quarter) / (1.0 + t * t * 2.0 * quarter).sqrt());
    }
    let ratio = t / df.sqrt();
    let ratio = ratio * ratio;
    0.5 * incomplete_beta(df / 2.0, 0.5, 1.0 / (1.0 + ratio), 1.0 / (1.0 + 1.0 / ratio)).0
}

/// Lower tail of Student's t with `df` degrees of freedom.
///
/// # Definition
/// `P(T ≤ t)`.
///
/// # Agrees with
/// R `pt(t, df)`.
#[must_use]
pub fn t_lower_p(t: f64, df: f64) -> f64 {
    if t <= 0.0 { t_tail(-t, df) } else { 1.0 - t_tail(t, df) }
}

/// Upper tail of Student's t with `df` degrees of freedom.
///
/// # Definition
/// `P(T > t)`.
///
/// # Agrees with
/// R `pt(t, df, lower.tail = FALSE)`.
#[must_use]
pub fn t_upper_p(t: f64, df: f64) -> f64 {
    t_lower_p(-t, df)
}

/// Two-sided p value of a t statistic.
///
/// # Definition
/// `2 P(T > |t|)`.
#[must_use]
pub fn t_two_sided_p(t: f64, df: f64) -> f64 {
    2.0 * t_tail(t.abs(), df)
}

/// Quantile of Student's t with `df` degrees of freedom, for `p` in (0, 1).
///
/// # Definition
/// The `t` with `P(T ≤ t) = p`, by Newton's method on the logarithms of `t` and of its tail, where the heavy tail is nearly a
/// straight line. The ends 0 and 1 give the quantile of the nearest number inside.
#[must_use]
pub fn t_quantile(p: f64, df: f64) -> f64 {
    if p.is_nan() {
        return p;
    }
    let p = p.clamp(f64::MIN_POSITIVE, 1.0 - f64::EPSILON / 2.0);
    let tail = p.min(1.0 - p);
    if tail >= 0.5 {
        return 0.0;
    }
    if df.is_nan() || df <= 0.0 || df > NEARLY_NORMAL {
        let z = normal_quantile(p);
        return if df > NEARLY_NORMAL && df.is_finite() { z + (z * z * z + z) / (4.0 * df) } else { z };
    }
    let target = tail.ln();
    let start = normal_quantile(tail).abs().max(1e-300).ln();
    let log_t = increasing_root(start, |log_t| {
        let t = log_t.exp();
        let ratio = (t / df.sqrt()).powi(2);
        let (x, y) = (1.0 / (1.0 + ratio), 1.0 / (1.0 + 1.0 / ratio));
        let upper = 0.5 * incomplete_beta(df / 2.0, 0.5, x, y).0;
        (target - upper.ln(), power_term(df / 2.0, 0.5, x, y) / upper)
    });
    if p < 0.5 { -log_t.exp() } else { log_t.exp() }
}

/// Probability of `count` successes of `n`.
///
/// # Formula
/// `C(n, count) pᶜᵒᵘⁿᵗ (1 − p)ⁿ⁻ᶜᵒᵘⁿᵗ`; 0 for a count above n.
///
/// # Agrees with
/// R `dbinom(count, n, p)`.
#[must_use]
pub fn binomial_probability(count: u64, n: u64, p: f64) -> f64 {
    let (k, rest, total) = (count as f64, n.saturating_sub(count) as f64, n as f64);
    if count > n {
        0.0
    } else if count == 0 {
        (total * (-p).ln_1p()).exp()
    } else if count == n {
        (total * p.ln()).exp()
    } else if p <= 0.0 || p >= 1.0 {
        0.0
    } else {
        power_term(k, rest, p, 1.0 - p) * (total / k / rest)
    }
}

/// Probability of at most `count` successes of `n`.
///
/// # Definition
/// `P(X ≤ count)`.
///
/// # Agrees with
/// R `pbinom(count, n, p)`.
#[must_use]
pub fn binomial_lower_p(count: u64, n: u64, p: f64) -> f64 {
    if count >= n { 1.0 } else { incomplete_beta((count + 1) as f64, (n - count) as f64, p, 1.0 - p).1 }
}

/// Probability of more than `count` successes of `n`.
///
/// # Definition
/// `P(X > count)`.
///
/// # Agrees with
/// R `pbinom(count, n, p, lower.tail = FALSE)`.
#[must_use]
pub fn binomial_upper_p(count: u64, n: u64, p: f64) -> f64 {
    if count >= n { 0.0 } else { incomplete_beta((count + 1) as f64, (n - count) as f64, p, 1.0 - p).0 }
}
