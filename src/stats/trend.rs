//! Straight lines: least squares, and Theil–Sen against outliers.

use std::cmp::Ordering;

use serde::Serialize;

use super::distributions::{normal_quantile, t_quantile, t_two_sided_p};
use super::error::{StatsError, check_finite, check_level};
use super::estimate::{Estimate, Interval};
use super::hypothesis::TestResult;
use super::magnitude::check_range;
use super::mann_kendall::pair_signs;
use super::slope_selection::SlopeSelection;

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
/// [`StatsError::Magnitude`],
/// [`StatsError::LengthMismatch`], [`StatsError::InvalidLevel`].
///
/// # Agrees with
/// R `lm(y ~ x)`.
pub fn least_squares(x: &[f64], y: &[f64], level: f64) -> Result<LinearFit, StatsError> {
    check_level(level)?;
    check_pairs(x, y, 3)?;
    check_range("x", x)?;
    check_range("y", y)?;
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
/// limits: the slopes of rank (N ∓ z √Var S)/2 (and one further up), Var S as in the Mann–Kendall test, with ties in x and in y
/// ```
/// where N is the number of these pairs. An even number of pairs: mean of the middle two.
///
/// # Conventions
/// Long series are not held as pairs: the slopes asked for are found by counting, exactly.
///
/// # Errors
/// As [`least_squares`], from two points on; [`StatsError::NotFinite`] also where points a hair apart in x give no finite slope.
///
/// # References
/// Theil (1950); Sen (1968), JASA 63:1379–1389.
pub fn theil_sen(x: &[f64], y: &[f64], level: f64) -> Result<TheilSen, StatsError> {
    check_level(level)?;
    check_pairs(x, y, 2)?;
    let mut ranked = RankedSlopes::new(x, y);
    let n_pairs = ranked.len();
    if n_pairs == 0 {
        return Err(StatsError::ConstantCovariate { term: "x".to_owned() });
    }
    let z = normal_quantile(0.5 + level / 2.0);
    let spread = z * ranked.variance_of_score(x, y).sqrt();
    let lower_rank = ((n_pairs as f64 - spread) / 2.0).round();
    let upper_rank = f64::midpoint(n_pairs as f64, spread).round() + 1.0;
    let slope = ranked.median();
    let interval = (lower_rank >= 1.0 && upper_rank <= n_pairs as f64).then(|| Interval {
        lower: ranked.select(lower_rank as usize - 1),
        upper: ranked.select(upper_rank as usize - 1),
        level,
    });
    let intercept = super::quantile::median(y)? - slope * super::quantile::median(x)?;
    // Points a hair apart in x can have slopes beyond every number.
    let limits = interval.map_or([0.0; 2], |interval| [interval.lower, interval.upper]);
    check_finite("the slope, intercept and limits", &[slope, intercept, limits[0], limits[1]])?;
    Ok(TheilSen { slope, intercept, interval, n_pairs })
}

/// Points above which the slopes of all pairs are no longer held at once.
const HELD_POINTS: usize = 400;

/// The slopes of all pairs, to be asked for by rank.
enum RankedSlopes {
    Held { slopes: Vec<f64>, middle: usize },
    Counted(Box<SlopeSelection>),
}

impl RankedSlopes {
    fn new(x: &[f64], y: &[f64]) -> Self {
        if x.len() > HELD_POINTS {
            return Self::Counted(Box::new(SlopeSelection::new(x, y)));
        }
        let mut slopes = Vec::with_capacity(x.len() * (x.len() - 1) / 2);
        pair_slopes(x, y, &mut slopes);
        let middle = slopes.len() / 2;
        if middle < slopes.len() {
            slopes.select_nth_unstable_by(middle, f64::total_cmp);
        }
        Self::Held { slopes, middle }
    }

    /// Variance of Kendall's S of the points.
    fn variance_of_score(&self, x: &[f64], y: &[f64]) -> f64 {
        match self {
            Self::Held { .. } => pair_signs(x, y).variance_of_score(),
            Self::Counted(selection) => selection.variance_of_score(),
        }
    }

    fn len(&self) -> usize {
        match self {
            Self::Held { slopes, .. } => slopes.len(),
            Self::Counted(selection) => selection.n_pairs() as usize,
        }
    }

    /// The slope of a rank, counted from 0.
    fn select(&mut self, rank: usize) -> f64 {
        match self {
            // The middle has parted the slopes already, so only one side is left to search.
            Self::Held { slopes, middle } => match rank.cmp(middle) {
                Ordering::Less => *slopes[..*middle].select_nth_unstable_by(rank, f64::total_cmp).1,
                Ordering::Equal => slopes[*middle],
                Ordering::Greater => *slopes[*middle + 1..].select_nth_unstable_by(rank - *middle - 1, f64::total_cmp).1,
            },
            Self::Counted(selection) => selection.select(rank as u64),
        }
    }

    /// Mean of the middle two where their number is even, taken as the type-7 quantile takes it.
    fn median(&mut self) -> f64 {
        let n = self.len();
        let upper = self.select(n / 2);
        if n % 2 == 1 {
            return upper;
        }
        let lower = self.select(n / 2 - 1);
        lower + 0.5 * (upper - lower)
    }
}

/// Theil–Sen slope with a buffer to reuse; `None` if no two x differ.
///
/// # Formula
/// As [`theil_sen`].
#[must_use]
pub fn theil_sen_slope(x: &[f64], y: &[f64], scratch: &mut Vec<f64>) -> Option<f64> {
    if x.len() > HELD_POINTS && x.len() == y.len() && x.iter().chain(y).all(|value| value.is_finite()) {
        let mut selection = RankedSlopes::new(x, y);
        return (selection.len() > 0).then(|| selection.median()).filter(|slope| slope.is_finite());
    }
    scratch.clear();
    pair_slopes(x, y, scratch);
    let n = scratch.len();
    if n == 0 {
        return None;
    }
    let (below, &mut middle, _) = scratch.select_nth_unstable_by(n / 2, f64::total_cmp);
    let slope = if n % 2 == 1 {
        middle
    } else {
        let other = below.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        f64::midpoint(other, middle)
    };
    Some(slope).filter(|slope| slope.is_finite())
}

/// Slopes of all pairs with different x, −0 made 0.
fn pair_slopes(x: &[f64], y: &[f64], slopes: &mut Vec<f64>) {
    // Without ties there is nothing to leave out, and the loop runs without a branch.
    let rising = x.windows(2).all(|pair| pair[0] < pair[1]);
    for (i, (&xi, &yi)) in x.iter().zip(y).enumerate() {
        let later = x[i + 1..].iter().zip(&y[i + 1..]);
        if rising {
            slopes.extend(later.map(|(&xj, &yj)| (yj - yi) / (xj - xi) + 0.0));
        } else {
            slopes.extend(later.filter(|&(&xj, _)| xj - xi != 0.0).map(|(&xj, &yj)| (yj - yi) / (xj - xi) + 0.0));
        }
    }
}
