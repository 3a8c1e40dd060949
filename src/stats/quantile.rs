//! Quantiles of data, in the nine kinds there are, and the spread around the median.

use serde::Serialize;

use super::error::{StatsError, check_finite};

/// How a quantile is read between two values of a sample, by Hyndman and Fan's numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub enum QuantileType {
    /// Type 1: inverse of the empirical distribution.
    InverseEmpirical,
    /// Type 2: the same, with the mean of both values at a jump.
    AveragedEmpirical,
    /// Type 3: the nearest value, of two equally near the even-ranked (SAS).
    NearestEven,
    /// Type 4: straight lines between the jumps of the empirical distribution.
    LinearEmpirical,
    /// Type 5: straight lines between the middles of its steps.
    Hazen,
    /// Type 6: ranks over n + 1 (Minitab, SPSS).
    Weibull,
    /// Type 7: ranks less 1 over n − 1 (R's and spreadsheets' default).
    #[default]
    Linear,
    /// Type 8: nearly median-unbiased for any distribution.
    MedianUnbiased,
    /// Type 9: nearly unbiased for the normal distribution.
    NormalUnbiased,
}

impl QuantileType {
    /// All nine, in order of their numbers.
    pub const ALL: [Self; 9] = [
        Self::InverseEmpirical,
        Self::AveragedEmpirical,
        Self::NearestEven,
        Self::LinearEmpirical,
        Self::Hazen,
        Self::Weibull,
        Self::Linear,
        Self::MedianUnbiased,
        Self::NormalUnbiased,
    ];
}

fn sorted_finite(values: &[f64]) -> Result<Vec<f64>, StatsError> {
    if values.is_empty() {
        return Err(StatsError::EmptySample);
    }
    check_finite("values", values)?;
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    Ok(sorted)
}

fn check_probability(p: f64) -> Result<(), StatsError> {
    if (0.0..=1.0).contains(&p) {
        Ok(())
    } else {
        Err(StatsError::OutOfRange { what: "the probability", value: p, expected: "it must be between 0 and 1" })
    }
}

/// Sample quantile, type 7 (R's default).
///
/// # Formula
/// ```text
/// h = (n − 1) p,  Q = x₍⌊h⌋₊₁₎ + (h − ⌊h⌋)(x₍⌊h⌋₊₂₎ − x₍⌊h⌋₊₁₎)
/// ```
///
/// # Errors
/// [`StatsError::EmptySample`], [`StatsError::NotFinite`], or [`StatsError::OutOfRange`] for `p` outside [0, 1].
///
/// # Agrees with
/// R `quantile(x, p, type = 7)`.
///
/// # References
/// Hyndman & Fan (1996), The American Statistician 50:361–365.
pub fn quantile(values: &[f64], p: f64) -> Result<f64, StatsError> {
    check_probability(p)?;
    Ok(of_sorted(&sorted_finite(values)?, p))
}

/// Sample quantiles of a chosen type, one for each probability.
///
/// # Formula
/// ```text
/// Q = (1 − g) x₍ⱼ₎ + g x₍ⱼ₊₁₎,   j + h = n p + m,   ranks cut at 1 and n
/// 1: m = 0, g = [h > 0]            2: m = 0, g = ½ at h = 0, else 1      3: m = −½, g = 0 at h = 0 and even j, else 1
/// 4: m = 0    5: m = ½    6: m = p    7: m = 1 − p    8: m = (p + 1)/3    9: m = p/4 + 3/8;   g = h
/// ```
///
/// # Conventions
/// In types 4 to 9 an h within 4 units of rounding of 0 is 0; in types 1 to 3, as in R 4.2, n p is taken as it comes out.
///
/// # Errors
/// As [`quantile`].
///
/// # Agrees with
/// R 4.2 `quantile(x, p, type = …)`.
///
/// # References
/// Hyndman & Fan (1996), The American Statistician 50:361–365.
pub fn quantiles(values: &[f64], probabilities: &[f64], kind: QuantileType) -> Result<Vec<f64>, StatsError> {
    let sorted = sorted_finite(values)?;
    probabilities
        .iter()
        .map(|&p| {
            check_probability(p)?;
            Ok(of_sorted_by(&sorted, p, kind))
        })
        .collect()
}

fn of_sorted_by(sorted: &[f64], p: f64, kind: QuantileType) -> f64 {
    let n = sorted.len() as f64;
    let (rank, weight) = match kind {
        QuantileType::Linear => return of_sorted(sorted, p),
        QuantileType::InverseEmpirical => {
            let position = n * p;
            (position.floor(), f64::from(position > position.floor()))
        }
        QuantileType::AveragedEmpirical => {
            let position = n * p;
            (position.floor(), if position > position.floor() { 1.0 } else { 0.5 })
        }
        QuantileType::NearestEven => {
            let position = n * p - 0.5;
            let rank = position.floor();
            (rank, f64::from(position > rank || rank.rem_euclid(2.0) >= 1.0))
        }
        QuantileType::LinearEmpirical => between(n * p),
        QuantileType::Hazen => between(0.5 + p * n),
        QuantileType::Weibull => between(p * (n + 1.0)),
        QuantileType::MedianUnbiased => between(1.0 / 3.0 + p * (n + 1.0 / 3.0)),
        QuantileType::NormalUnbiased => between(0.375 + p * (n + 0.25)),
    };
    let at = |rank: f64| sorted[(rank.clamp(1.0, n) - 1.0) as usize];
    let (low, high) = (at(rank), at(rank + 1.0));
    if weight <= 0.0 || low.total_cmp(&high).is_eq() {
        low
    } else if weight >= 1.0 {
        high
    } else {
        (1.0 - weight) * low + weight * high
    }
}

/// Whole part and rest of a position; a rest at the level of rounding is none.
fn between(position: f64) -> (f64, f64) {
    let fuzz = 4.0 * f64::EPSILON;
    let rank = (position + fuzz).floor();
    let rest = position - rank;
    (rank, if rest.abs() < fuzz { 0.0 } else { rest })
}

/// The same for values already sorted and finite, not empty, type 7.
pub(super) fn of_sorted(sorted: &[f64], p: f64) -> f64 {
    let h = (sorted.len() - 1) as f64 * p;
    let low = h.floor() as usize;
    let high = (low + 1).min(sorted.len() - 1);
    sorted[low] + (h - low as f64) * (sorted[high] - sorted[low])
}

/// Median: the type-7 quantile at one half.
///
/// # Definition
/// The middle value, or the mean of the middle two.
///
/// # Errors
/// As [`quantile`].
pub fn median(values: &[f64]) -> Result<f64, StatsError> {
    quantile(values, 0.5)
}

/// Median absolute deviation, scaled to the standard deviation of normal data.
///
/// # Formula
/// `1.4826 · median |x − median(x)|`.
///
/// # Errors
/// As [`quantile`].
///
/// # Agrees with
/// R `mad(x)`.
///
/// # References
/// Hampel (1974), JASA 69:383–393.
pub fn median_absolute_deviation(values: &[f64]) -> Result<f64, StatsError> {
    let centre = median(values)?;
    let deviations: Vec<f64> = values.iter().map(|value| (value - centre).abs()).collect();
    Ok(1.4826 * median(&deviations)?)
}
