//! Correlation: Pearson, Spearman, Kendall.

use serde::Serialize;

use super::comparison::mid_ranks;
use super::distributions::{normal_lower_p, normal_quantile, normal_two_sided_p, t_two_sided_p};
use super::error::{StatsError, check_finite, check_level};
use super::estimate::Interval;
use super::hypothesis::TestResult;
use super::kendall::kendall_score;

/// A correlation with its test.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Correlation {
    /// The coefficient.
    pub estimate: f64,
    /// Its interval (Pearson's, from four pairs on).
    pub interval: Option<Interval>,
    /// Test that it is 0.
    pub test: TestResult,
    /// Pairs.
    pub n: usize,
}

fn checked(x: &[f64], y: &[f64], needed: usize) -> Result<(), StatsError> {
    if x.len() != y.len() {
        return Err(StatsError::LengthMismatch { what: "y".to_owned(), found: y.len(), expected: x.len() });
    }
    check_finite("x", x)?;
    check_finite("y", y)?;
    if x.len() < needed {
        return Err(StatsError::TooFew { found: x.len(), needed });
    }
    for (name, values) in [("x", x), ("y", y)] {
        if values.iter().all(|value| *value == values[0]) {
            return Err(StatsError::ConstantCovariate { term: name.to_owned() });
        }
    }
    Ok(())
}

/// The product-moment coefficient.
fn product_moment(x: &[f64], y: &[f64]) -> f64 {
    let n = x.len() as f64;
    let mean = |values: &[f64]| values[0] + values.iter().map(|value| value - values[0]).sum::<f64>() / n;
    let (mx, my) = (mean(x), mean(y));
    let (mut sxx, mut syy, mut sxy) = (0.0, 0.0, 0.0);
    for (x, y) in x.iter().zip(y) {
        sxx += (x - mx) * (x - mx);
        syy += (y - my) * (y - my);
        sxy += (x - mx) * (y - my);
    }
    (sxy / (sxx * syy).sqrt()).clamp(-1.0, 1.0)
}

/// t test of a product-moment coefficient.
fn t_of(method: &'static str, r: f64, n: usize) -> TestResult {
    let df = n as f64 - 2.0;
    let statistic = r * (df / ((1.0 - r) * (1.0 + r)).max(f64::MIN_POSITIVE)).sqrt();
    TestResult { method, statistic, df: Some(df), p_value: t_two_sided_p(statistic, df) }
}

/// Pearson's product-moment correlation.
///
/// # Formula
/// ```text
/// r = Σ(x − x̄)(y − ȳ)/√(Σ(x − x̄)² Σ(y − ȳ)²),   t = r √((n − 2)/(1 − r²)),   interval tanh(atanh r ± z/√(n − 3))
/// ```
///
/// # Errors
/// [`StatsError::TooFew`] below 3 pairs; [`StatsError::ConstantCovariate`]; [`StatsError::LengthMismatch`];
/// [`StatsError::NotFinite`]; [`StatsError::InvalidLevel`].
///
/// # Agrees with
/// R `cor.test(x, y)`.
pub fn pearson(x: &[f64], y: &[f64], level: f64) -> Result<Correlation, StatsError> {
    check_level(level)?;
    checked(x, y, 3)?;
    let (r, n) = (product_moment(x, y), x.len());
    let interval = (n > 3 && r.abs() < 1.0).then(|| {
        let half = normal_quantile(0.5 + level / 2.0) / (n as f64 - 3.0).sqrt();
        Interval { lower: (r.atanh() - half).tanh(), upper: (r.atanh() + half).tanh(), level }
    });
    Ok(Correlation { estimate: r, interval, test: t_of("Pearson correlation", r, n), n })
}

/// Spearman's rank correlation; the statistic is `S = Σ d²` of the ranks.
///
/// # Formula
/// Pearson's coefficient of the mean ranks; `S = (n³ − n)(1 − ρ)/6`.
///
/// # Conventions
/// Without ties and below 1,290 pairs p is R's: exact up to 9 pairs, beyond by the Edgeworth series of AS 89; else by t.
///
/// # Errors
/// As [`pearson`].
///
/// # Agrees with
/// R `cor.test(x, y, method = "spearman")`.
///
/// # References
/// Best & Roberts (1975), Applied Statistics 24:377–379.
pub fn spearman(x: &[f64], y: &[f64]) -> Result<Correlation, StatsError> {
    checked(x, y, 2)?;
    let n = x.len();
    let (rx, ry) = (mid_ranks(x), mid_ranks(y));
    let rho = product_moment(&rx, &ry);
    let nf = n as f64;
    let statistic = (nf.powi(3) - nf) * (1.0 - rho) / 6.0;
    let ties = [&rx, &ry].iter().any(|ranks| {
        let mut sorted = (*ranks).clone();
        sorted.sort_by(f64::total_cmp);
        sorted.windows(2).any(|pair| pair[0] == pair[1])
    });
    let p_value = if ties || n >= 1290 {
        if n > 2 { t_of("", rho, n).p_value } else { 1.0 }
    } else {
        let s = statistic.round();
        let upper = if s > (nf.powi(3) - nf) / 6.0 { spearman_upper(s, n) } else { 1.0 - spearman_upper(s + 2.0, n) };
        (2.0 * upper).min(1.0)
    };
    let test = TestResult { method: "Spearman rank correlation", statistic, df: None, p_value };
    Ok(Correlation { estimate: rho, interval: None, test, n })
}

/// P(S ≥ s) without ties, AS 89.
fn spearman_upper(s: f64, n: usize) -> f64 {
    const C: [f64; 12] = [0.2274, 0.2531, 0.1745, 0.0758, 0.1033, 0.3932, 0.0879, 0.0151, 0.0072, 0.0831, 0.0131, 4.6e-4];
    let nf = n as f64;
    let greatest = nf * (nf * nf - 1.0) / 3.0;
    if s <= 0.0 {
        return 1.0;
    }
    if s > greatest {
        return 0.0;
    }
    if n <= 9 {
        let mut ranks: Vec<usize> = (0..n).collect();
        let (mut above, mut all) = (0_u64, 0_u64);
        permutations(&mut ranks, 0, &mut |order| {
            let sum: f64 = order.iter().enumerate().map(|(i, &rank)| (i as f64 - rank as f64).powi(2)).sum();
            all += 1;
            above += u64::from(sum >= s);
        });
        return above as f64 / all as f64;
    }
    let b = 1.0 / nf;
    // S takes even values only.
    let even = 2.0 * (s / 2.0).ceil();
    let x = (6.0 * (even - 1.0) * b / (nf * nf - 1.0) - 1.0) * (1.0 / b - 1.0).sqrt();
    let y = x * x;
    let u = x
        * b
        * (C[0]
            + b * (C[1] + C[2] * b)
            + y * (-C[3] + b * (C[4] + C[5] * b) - y * b * (C[6] + C[7] * b - y * (C[8] - C[9] * b + y * b * (C[10] - C[11] * y)))));
    (u / (y / 2.0).exp() + normal_lower_p(-x)).clamp(0.0, 1.0)
}

fn permutations(order: &mut [usize], from: usize, visit: &mut impl FnMut(&[usize])) {
    if from == order.len() {
        visit(order);
        return;
    }
    for other in from..order.len() {
        order.swap(from, other);
        permutations(order, from + 1, visit);
        order.swap(from, other);
    }
}

/// Kendall's tau-b; the statistic is z, or the number of concordant pairs where p is exact.
///
/// # Formula
/// ```text
/// τ_b = S/√((N − T_x)(N − T_y)),   z = S/√Var S
/// ```
/// S concordant less discordant pairs, N all pairs, T those tied; the variance takes ties into account.
///
/// # Conventions
/// Without ties and below 50 pairs p is exact (R's rule), else normal without continuity correction.
///
/// # Errors
/// As [`pearson`].
///
/// # Agrees with
/// R `cor.test(x, y, method = "kendall")`.
///
/// # References
/// Kendall (1938), Biometrika 30:81–93; Knight (1966), JASA 61:436–439.
pub fn kendall(x: &[f64], y: &[f64]) -> Result<Correlation, StatsError> {
    checked(x, y, 2)?;
    let n = x.len();
    let counted = kendall_score(x, y);
    let estimate = counted.score / ((counted.pairs - counted.tied_x) * (counted.pairs - counted.tied_y)).sqrt();
    let method = "Kendall rank correlation";
    let test = if counted.tied_x + counted.tied_y == 0.0 && n < 50 {
        let concordant = f64::midpoint(counted.pairs, counted.score).round();
        let shares = inversions(n);
        let q = concordant as usize;
        let lower: f64 = shares[..=q].iter().sum();
        let upper: f64 = shares[q..].iter().sum();
        TestResult { method, statistic: concordant, df: None, p_value: (2.0 * lower.min(upper)).min(1.0) }
    } else {
        let statistic = counted.score / counted.variance.sqrt();
        TestResult { method, statistic, df: None, p_value: normal_two_sided_p(statistic) }
    };
    Ok(Correlation { estimate, interval: None, test, n })
}

/// P(k concordant pairs) of n values in random order.
fn inversions(n: usize) -> Vec<f64> {
    let mut shares = vec![1.0];
    for next in 2..=n {
        let mut longer = vec![0.0; shares.len() + next - 1];
        for (at, share) in shares.iter().enumerate() {
            longer[at..at + next].iter_mut().for_each(|slot| *slot += share / next as f64);
        }
        shares = longer;
    }
    shares
}
