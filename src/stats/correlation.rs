//! How closely two variables go together: Pearson, Spearman, Kendall.

use serde::Serialize;

use super::comparison::{Calculation, Moments, Ranks, concordance_distribution, two_sided};
use super::distributions::{normal_lower_p, normal_quantile, normal_two_sided_p, normal_upper_p, t_lower_p, t_two_sided_p, t_upper_p};
use super::error::{StatsError, check_finite, check_level};
use super::estimate::Interval;
use super::hypothesis::TestResult;

/// A correlation.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Correlation {
    /// Number of pairs.
    pub n: usize,
    /// The coefficient, from −1 to 1.
    pub coefficient: f64,
    /// Its interval, where there is one.
    pub interval: Option<Interval>,
    /// Test of no correlation; `None` if a Pearson correlation is exactly −1 or 1: t is infinite, p 0.
    pub test: Option<TestResult>,
}

fn check_pairs(x: &[f64], y: &[f64], needed: usize) -> Result<(), StatsError> {
    if x.len() != y.len() {
        return Err(StatsError::LengthMismatch { what: "y".to_owned(), found: y.len(), expected: x.len() });
    }
    if x.is_empty() {
        return Err(StatsError::EmptySample);
    }
    if x.len() < needed {
        return Err(StatsError::TooFew { found: x.len(), needed });
    }
    check_finite("x", x)?;
    check_finite("y", y)
}

fn coefficient(x: &[f64], y: &[f64]) -> Result<f64, StatsError> {
    let (a, b) = (Moments::of("x", x, 2)?, Moments::of("y", y, 2)?);
    let (scale_x, scale_y) = (a.sum_of_squares.sqrt(), b.sum_of_squares.sqrt());
    // A spread that is nothing but the rounding of the mean is none.
    for (scale, mean, what) in [(scale_x, a.mean, "the values of x"), (scale_y, b.mean, "the values of y")] {
        if scale <= f64::EPSILON * mean.abs() || scale <= 0.0 {
            return Err(StatsError::NoVariation { what });
        }
    }
    let sum: f64 = x.iter().zip(y).map(|(x, y)| (x - a.mean) / scale_x * ((y - b.mean) / scale_y)).sum();
    // A line is a line: what is left of 1 − |r| is rounding.
    Ok(if 1.0 - sum.abs() <= 4.0 * f64::EPSILON { sum.signum() } else { sum })
}

/// Pearson's correlation, with Fisher's interval.
///
/// # Formula
/// ```text
/// r = Sxy/√(Sxx Syy),   t = r √((n − 2)/(1 − r²)) with n − 2 degrees of freedom,   limits tanh(artanh r ± z/√(n − 3))
/// ```
///
/// # Edge cases
/// Three pairs: no interval. r of exactly ±1: no test, and an interval of that one value.
///
/// # Errors
/// [`StatsError::TooFew`] below 3 pairs, [`StatsError::NoVariation`] if x or y is constant, [`StatsError::LengthMismatch`],
/// [`StatsError::NotFinite`], [`StatsError::InvalidLevel`].
///
/// # Agrees with
/// R `cor.test(x, y)`.
///
/// # References
/// Fisher (1921), Metron 1:3–32.
pub fn pearson(x: &[f64], y: &[f64], level: f64) -> Result<Correlation, StatsError> {
    check_level(level)?;
    check_pairs(x, y, 3)?;
    let r = coefficient(x, y)?;
    let n = x.len() as f64;
    let df = n - 2.0;
    let rest = (1.0 - r) * (1.0 + r);
    let test = (rest > 0.0).then(|| {
        let statistic = r * (df / rest).sqrt();
        TestResult { method: "t test of Pearson's correlation", statistic, df: Some(df), p_value: t_two_sided_p(statistic, df) }
    });
    let interval = (n > 3.0).then(|| {
        let half = normal_quantile(0.5 + level / 2.0) / (n - 3.0).sqrt();
        let z = r.atanh();
        Interval { lower: (z - half).tanh(), upper: (z + half).tanh(), level }
    });
    Ok(Correlation { n: x.len(), coefficient: r, interval, test })
}

/// Spearman's rank correlation.
///
/// # Formula
/// ```text
/// ρ = Pearson's correlation of the mean ranks,   S = (n³ − n)(1 − ρ)/6
/// without ties: P(S) from all orders to n = 9, from an Edgeworth series to n = 1290
/// else: t = ρ √((n − 2)/(1 − ρ²)) with n − 2 degrees of freedom
/// ```
///
/// # Conventions
/// "Exact" is R's word for the series too, which is good to about 1e-3 of the tail. The statistic is S.
///
/// # Errors
/// [`StatsError::TooFew`] below 2 pairs (3 for the t distribution), [`StatsError::NoVariation`], [`StatsError::NotPossible`] for
/// [`Calculation::Exact`] with ties or above 1290 pairs, [`StatsError::LengthMismatch`], [`StatsError::NotFinite`].
///
/// # Agrees with
/// R 4.2 `cor.test(x, y, method = "spearman")`.
///
/// # References
/// Best & Roberts (1975), Applied Statistics 24:377–379 (AS 89).
pub fn spearman(x: &[f64], y: &[f64], calculation: Calculation) -> Result<Correlation, StatsError> {
    check_pairs(x, y, 2)?;
    let (a, b) = (Ranks::of(x), Ranks::of(y));
    let rho = coefficient(&a.ranks, &b.ranks)?;
    let n = x.len() as f64;
    let tied = !(a.ties.is_empty() && b.ties.is_empty());
    let exact = match calculation {
        Calculation::Automatic => !tied && x.len() <= 1290,
        Calculation::Exact if tied => {
            return Err(StatsError::NotPossible { what: "an exact test of Spearman's correlation", reason: "there are tied values" });
        }
        Calculation::Exact if x.len() > 1290 => {
            return Err(StatsError::NotPossible { what: "an exact test of Spearman's correlation", reason: "there are too many pairs" });
        }
        Calculation::Exact => true,
        Calculation::Asymptotic => false,
    };
    let statistic =
        if tied { n * (n * n - 1.0) * (1.0 - rho) / 6.0 } else { a.ranks.iter().zip(&b.ranks).map(|(a, b)| (a - b).powi(2)).sum() };
    let above_middle = statistic > n * (n * n - 1.0) / 6.0;
    let (method, p_value);
    if exact {
        method = "exact test of Spearman's correlation";
        p_value = if above_middle { s_at_least(statistic.round(), x.len()) } else { s_below(statistic.round() + 2.0, x.len()) };
    } else {
        if x.len() < 3 {
            return Err(StatsError::TooFew { found: x.len(), needed: 3 });
        }
        method = "t test of Spearman's correlation";
        let (df, rest) = (n - 2.0, (1.0 - rho) * (1.0 + rho));
        // ρ = ±1: an infinite t, whose tail is 0.
        let t = rho * (df / rest).sqrt();
        p_value = if above_middle { t_lower_p(t, df) } else { t_upper_p(t, df) };
    }
    let test = TestResult { method, statistic, df: None, p_value: (2.0 * p_value).min(1.0) };
    Ok(Correlation { n: x.len(), coefficient: rho, interval: None, test: Some(test) })
}

/// Number of orders of n ≤ 9 values with Σ(i − order i)² at or above a limit, and of all orders.
fn orders_at_least(limit: f64, n: usize) -> (f64, f64) {
    fn place(row: usize, n: usize, used: u32, sum: usize, counts: &mut [f64]) {
        if row == n {
            counts[sum] += 1.0;
            return;
        }
        for column in (0..n).filter(|column| used & (1 << column) == 0) {
            place(row + 1, n, used | (1 << column), sum + row.abs_diff(column).pow(2), counts);
        }
    }
    let mut counts = vec![0.0; n * (n * n - 1) / 3 + 1];
    place(0, n, 0, 0, &mut counts);
    let at_least = counts.iter().enumerate().filter(|(sum, _)| *sum as f64 >= limit).map(|(_, count)| count).sum();
    (at_least, counts.iter().sum())
}

/// P(S ≥ s).
fn s_at_least(s: f64, n: usize) -> f64 {
    if n <= 9 {
        let (at_least, all) = orders_at_least(s, n);
        return at_least / all;
    }
    let (x, correction) = edgeworth(s, n as f64);
    (normal_upper_p(x) + correction).clamp(0.0, 1.0)
}

/// P(S < s).
fn s_below(s: f64, n: usize) -> f64 {
    let count = n as f64;
    if s > count * (count * count - 1.0) / 3.0 {
        return 1.0;
    }
    if n <= 9 {
        let (at_least, all) = orders_at_least(s, n);
        return (all - at_least) / all;
    }
    let (x, correction) = edgeworth(s, count);
    (normal_lower_p(x) - correction).clamp(0.0, 1.0)
}

/// Normal deviate of S ≥ s and the series' correction to its upper tail.
fn edgeworth(s: f64, n: f64) -> (f64, f64) {
    let b = 1.0 / n;
    let x = (6.0 * (s - 1.0) * b / (n * n - 1.0) - 1.0) * (n - 1.0).sqrt();
    let y = x * x;
    let fourth = 0.0072 - 0.0831 * b + y * b * (0.0131 - 0.000_46 * y);
    let third = 0.0879 + 0.0151 * b - y * fourth;
    let second = -0.0758 + b * (0.1033 + 0.3932 * b) - y * b * third;
    let series = x * b * (0.2274 + b * (0.2531 + 0.1745 * b) + y * second);
    (x, series / (y / 2.0).exp())
}

/// Kendall's τ-b.
///
/// # Formula
/// ```text
/// τ = S/√((N − Nx)(N − Ny)),   S = concordant − discordant pairs, N = n(n − 1)/2, Nx and Ny pairs tied in x and in y
/// z = S/√Var S,   Var S = (v(n) − Σ v(t) − Σ v(u))/18 + Σ t(t−1) Σ u(u−1) / (2n(n−1))
///                         + Σ t(t−1)(t−2) Σ u(u−1)(u−2) / (9n(n−1)(n−2)),   v(k) = k(k − 1)(2k + 5)
/// exact, without ties: from the number of orders with each count of concordant pairs
/// ```
///
/// # Conventions
/// [`Calculation::Automatic`] is exact below 50 pairs without ties, as R. The statistic is z, or the number of concordant pairs of
/// the exact test. Pairs are counted by merge sort, in O(n log n).
///
/// # Errors
/// [`StatsError::TooFew`] below 2 pairs, [`StatsError::NoVariation`], [`StatsError::NotPossible`] for an exact test with ties or
/// above 250 pairs, [`StatsError::LengthMismatch`], [`StatsError::NotFinite`].
///
/// # Agrees with
/// R `cor.test(x, y, method = "kendall")`.
///
/// # References
/// Kendall (1945), Biometrika 33:239–251; Knight (1966), JASA 61:436–439.
pub fn kendall(x: &[f64], y: &[f64], calculation: Calculation) -> Result<Correlation, StatsError> {
    check_pairs(x, y, 2)?;
    let (a, b) = (Ranks::of(x), Ranks::of(y));
    let n = x.len() as f64;
    for (ranks, what) in [(&a, "the values of x"), (&b, "the values of y")] {
        if ranks.ties.first().is_some_and(|&t| t >= n) {
            return Err(StatsError::NoVariation { what });
        }
    }
    let pairs_in = |ties: &[f64]| ties.iter().map(|t| t * (t - 1.0)).sum::<f64>() / 2.0;
    let (all, tied_x, tied_y) = (n * (n - 1.0) / 2.0, pairs_in(&a.ties), pairs_in(&b.ties));
    let mut order: Vec<(f64, f64)> = a.ranks.iter().copied().zip(b.ranks.iter().copied()).collect();
    order.sort_unstable_by(|p, q| p.0.total_cmp(&q.0).then(p.1.total_cmp(&q.1)));
    let tied_both: f64 = order.chunk_by(|p, q| p == q).map(|group| (group.len() * (group.len() - 1) / 2) as f64).sum();
    let mut sequence: Vec<f64> = order.iter().map(|pair| pair.1).collect();
    let discordant = inversions(&mut sequence, &mut vec![0.0; x.len()]) as f64;
    let concordant = all - tied_x - tied_y + tied_both - discordant;
    let score = concordant - discordant;
    let tau = (score / ((all - tied_x).sqrt() * (all - tied_y).sqrt())).clamp(-1.0, 1.0);
    let tied = !(a.ties.is_empty() && b.ties.is_empty());
    let exact = match calculation {
        Calculation::Automatic => !tied && x.len() < 50,
        Calculation::Exact if tied => {
            return Err(StatsError::NotPossible { what: "an exact test of Kendall's correlation", reason: "there are tied values" });
        }
        Calculation::Exact => true,
        Calculation::Asymptotic => false,
    };
    let test = if exact {
        let Some(distribution) = concordance_distribution(x.len()) else {
            return Err(StatsError::NotPossible { what: "an exact test of Kendall's correlation", reason: "there are too many pairs" });
        };
        let p_value = two_sided(&distribution, concordant as usize);
        TestResult { method: "exact test of Kendall's correlation", statistic: concordant, df: None, p_value }
    } else {
        let sum = |ties: &[f64], of: fn(f64) -> f64| ties.iter().map(|&t| of(t)).sum::<f64>();
        let spread = |k: f64| k * (k - 1.0) * (2.0 * k + 5.0);
        let threes = sum(&a.ties, |t| t * (t - 1.0) * (t - 2.0)) * sum(&b.ties, |t| t * (t - 1.0) * (t - 2.0));
        let variance = (spread(n) - sum(&a.ties, spread) - sum(&b.ties, spread)) / 18.0
            + 2.0 * tied_x * tied_y / (n * (n - 1.0))
            + if threes > 0.0 { threes / (9.0 * n * (n - 1.0) * (n - 2.0)) } else { 0.0 };
        let statistic = score / variance.sqrt();
        TestResult { method: "z test of Kendall's correlation", statistic, df: None, p_value: normal_two_sided_p(statistic) }
    };
    Ok(Correlation { n: x.len(), coefficient: tau, interval: None, test: Some(test) })
}

/// Pairs out of order, counted while sorting.
fn inversions(values: &mut [f64], buffer: &mut [f64]) -> u64 {
    let n = values.len();
    if n < 2 {
        return 0;
    }
    let middle = n / 2;
    let (left, right) = values.split_at_mut(middle);
    let mut count = inversions(left, &mut buffer[..middle]) + inversions(right, &mut buffer[middle..]);
    let (mut i, mut j) = (0, 0);
    for slot in buffer.iter_mut() {
        if i < left.len() && (j >= right.len() || left[i] <= right[j]) {
            *slot = left[i];
            i += 1;
        } else {
            count += (left.len() - i) as u64;
            *slot = right[j];
            j += 1;
        }
    }
    values.copy_from_slice(buffer);
    count
}
