//! Straight lines: least squares, and Theil–Sen against outliers.

use serde::Serialize;

use super::distributions::{normal_quantile, t_quantile, t_two_sided_p};
use super::error::{StatsError, check_finite, check_level};
use super::estimate::{Estimate, Interval};
use super::hypothesis::TestResult;

/// A least-squares line.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct LinearFit {
    /// Value at x = 0.
    pub intercept: Estimate,
    /// Change of y per unit of x.
    pub slope: Estimate,
    /// √(RSS / (n − 2)).
    pub residual_std_error: f64,
    /// Share of the variance explained; `None` if y does not vary.
    pub r_squared: Option<f64>,
    /// n − 2.
    pub df: f64,
    /// t test of a slope of zero; `None` if the line fits exactly.
    pub test: Option<TestResult>,
}

/// A Theil–Sen line.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct TheilSen {
    /// Median of the slopes of all pairs.
    pub slope: f64,
    /// median(y) − slope · median(x).
    pub intercept: f64,
    /// Sen's interval of the slope; `None` with too few pairs for the level.
    pub interval: Option<Interval>,
    /// Pairs with different x.
    pub n_pairs: usize,
}

fn check_pairs(x: &[f64], y: &[f64], needed: usize) -> Result<(), StatsError> {
    if x.len() != y.len() {
        return Err(StatsError::LengthMismatch { what: "y".to_owned(), found: y.len(), expected: x.len() });
    }
    if x.len() < needed {
        return Err(StatsError::TooFew { found: x.len(), needed });
    }
    check_finite("x", x)?;
    check_finite("y", y)
}

/// Least-squares line with t intervals.
///
/// # Formula
/// ```text
/// b = Sxy / Sxx,  a = ȳ − b x̄,  s² = RSS / (n − 2),  se(b) = s / √Sxx,  se(a) = s √(1/n + x̄²/Sxx)
/// ```
///
/// # Errors
/// [`StatsError::TooFew`] below 3 points, [`StatsError::ConstantCovariate`] if x does not vary, [`StatsError::NotFinite`],
/// [`StatsError::LengthMismatch`], [`StatsError::InvalidLevel`].
///
/// # Agrees with
/// R `lm(y ~ x)`.
pub fn least_squares(x: &[f64], y: &[f64], level: f64) -> Result<LinearFit, StatsError> {
    check_level(level)?;
    check_pairs(x, y, 3)?;
    let n = x.len() as f64;
    let (mean_x, mean_y) = (x.iter().sum::<f64>() / n, y.iter().sum::<f64>() / n);
    let sxx: f64 = x.iter().map(|value| (value - mean_x).powi(2)).sum();
    let syy: f64 = y.iter().map(|value| (value - mean_y).powi(2)).sum();
    if sxx <= 0.0 {
        return Err(StatsError::ConstantCovariate { term: "x".to_owned() });
    }
    let slope = x.iter().zip(y).map(|(a, b)| (a - mean_x) * (b - mean_y)).sum::<f64>() / sxx;
    let intercept = mean_y - slope * mean_x;
    let rss: f64 = x.iter().zip(y).map(|(a, b)| (b - mean_y - slope * (a - mean_x)).powi(2)).sum();
    let df = n - 2.0;
    let residual = (rss / df).sqrt();
    let t = t_quantile(0.5 + level / 2.0, df);
    let estimate = |value: f64, std_error: f64| Estimate {
        estimate: value,
        std_error,
        interval: Some(Interval { lower: value - t * std_error, upper: value + t * std_error, level }),
    };
    let slope_error = residual / sxx.sqrt();
    let test = (slope_error > 0.0).then(|| {
        let statistic = slope / slope_error;
        TestResult { method: "t test of the slope", statistic, df: Some(df), p_value: t_two_sided_p(statistic, df) }
    });
    Ok(LinearFit {
        intercept: estimate(intercept, residual * (1.0 / n + mean_x * mean_x / sxx).sqrt()),
        slope: estimate(slope, slope_error),
        residual_std_error: residual,
        r_squared: (syy > 0.0).then(|| 1.0 - rss / syy),
        df,
        test,
    })
}

/// Slope of the least-squares line, without allocation; `None` below two points or if x does not vary.
///
/// # Formula
/// `b = Σ(x − x̄)(y − ȳ) / Σ(x − x̄)²`.
#[must_use]
pub fn least_squares_slope(x: &[f64], y: &[f64]) -> Option<f64> {
    let n = x.len().min(y.len()) as f64;
    if n < 2.0 {
        return None;
    }
    let (mean_x, mean_y) = (x.iter().sum::<f64>() / n, y.iter().sum::<f64>() / n);
    let sxx: f64 = x.iter().map(|value| (value - mean_x).powi(2)).sum();
    let sxy: f64 = x.iter().zip(y).map(|(a, b)| (a - mean_x) * (b - mean_y)).sum();
    (sxx > 0.0).then(|| sxy / sxx)
}

/// Theil–Sen line with Sen's interval.
///
/// # Formula
/// ```text
/// slope = median over i < j, xᵢ ≠ xⱼ, of (yⱼ − yᵢ)/(xⱼ − xᵢ);   intercept = median(y) − slope median(x)
/// limits: the slopes of rank (N ∓ z √Var S)/2 (and one further up), Var S = (n(n−1)(2n+5) − Σ t(t−1)(2t+5))/18
/// ```
/// where N is the number of pairs and t the sizes of groups of tied y. An even number of pairs: mean of the middle two.
///
/// # Errors
/// As [`least_squares`], from two points on.
///
/// # References
/// Theil (1950); Sen (1968), JASA 63:1379–1389.
pub fn theil_sen(x: &[f64], y: &[f64], level: f64) -> Result<TheilSen, StatsError> {
    check_level(level)?;
    check_pairs(x, y, 2)?;
    let mut slopes = Vec::new();
    pair_slopes(x, y, &mut slopes);
    if slopes.is_empty() {
        return Err(StatsError::ConstantCovariate { term: "x".to_owned() });
    }
    slopes.sort_unstable_by(f64::total_cmp);
    let slope = super::quantile::of_sorted(&slopes, 0.5);
    let intercept = super::quantile::median(y)? - slope * super::quantile::median(x)?;
    let z = normal_quantile(0.5 + level / 2.0);
    let n_pairs = slopes.len();
    let spread = z * kendall_variance(y).sqrt();
    let lower_rank = ((n_pairs as f64 - spread) / 2.0).round();
    let upper_rank = f64::midpoint(n_pairs as f64, spread).round() + 1.0;
    let interval = (lower_rank >= 1.0 && upper_rank <= n_pairs as f64).then(|| Interval {
        lower: slopes[lower_rank as usize - 1],
        upper: slopes[upper_rank as usize - 1],
        level,
    });
    Ok(TheilSen { slope, intercept, interval, n_pairs })
}

/// Theil–Sen slope with a buffer to reuse; `None` if no two x differ.
///
/// # Formula
/// As [`theil_sen`].
#[must_use]
pub fn theil_sen_slope(x: &[f64], y: &[f64], scratch: &mut Vec<f64>) -> Option<f64> {
    scratch.clear();
    pair_slopes(x, y, scratch);
    let n = scratch.len();
    if n == 0 {
        return None;
    }
    let (below, &mut middle, _) = scratch.select_nth_unstable_by(n / 2, f64::total_cmp);
    if n % 2 == 1 {
        return Some(middle);
    }
    let other = below.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    Some(f64::midpoint(other, middle))
}

fn pair_slopes(x: &[f64], y: &[f64], slopes: &mut Vec<f64>) {
    for (i, (&xi, &yi)) in x.iter().zip(y).enumerate() {
        for (&xj, &yj) in x[i + 1..].iter().zip(&y[i + 1..]) {
            let run = xj - xi;
            if run != 0.0 {
                slopes.push((yj - yi) / run);
            }
        }
    }
}

/// Variance of Kendall's S with ties in y.
fn kendall_variance(y: &[f64]) -> f64 {
    let mut sorted = y.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let part = |n: f64| n * (n - 1.0) * (2.0 * n + 5.0);
    let tied: f64 = sorted.chunk_by(|a, b| a.total_cmp(b).is_eq()).map(|group| part(group.len() as f64)).sum();
    (part(y.len() as f64) - tied) / 18.0
}
