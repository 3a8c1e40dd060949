//! Quantiles of data: type 7 wherever one is used, the other eight for comparison.

use super::error::{StatsError, check_finite};

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
    if values.is_empty() {
        return Err(StatsError::EmptySample);
    }
    check_finite("values", values)?;
    if !(0.0..=1.0).contains(&p) {
        return Err(StatsError::OutOfRange { what: "the probability", value: p, expected: "it must be between 0 and 1" });
    }
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    Ok(of_sorted(&sorted, p))
}

/// The same for values already sorted and finite, not empty.
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

/// The nine sample quantiles of Hyndman & Fan, by their number.
///
/// # Formula
/// Types 1 to 3 are steps of the empirical distribution (2 averages at its jumps, 3 is the nearest even order statistic); types 4 to 9
/// lie on lines between the order statistics at `h = n p + m`, with m = 0, ½, p, 1 − p, (p + 1)/3, p/4 + 3/8.
///
/// # Errors
/// As [`quantile`]; [`StatsError::OutOfRange`] for a type that is not 1 to 9.
///
/// # Agrees with
/// R `quantile(x, p, type = 1 … 9)`.
///
/// # References
/// Hyndman & Fan (1996), The American Statistician 50:361–365.
pub fn quantile_of_type(values: &[f64], p: f64, kind: u8) -> Result<f64, StatsError> {
    quantile(values, p)?;
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let n = sorted.len() as f64;
    // Order statistics counted from 1, those outside taken as the ends.
    let order = |rank: f64| sorted[(rank.clamp(1.0, n) - 1.0) as usize];
    let offset = match kind {
        1 | 2 | 4 => 0.0,
        3 => -0.5,
        5 => 0.5,
        6 => p,
        7 => 1.0 - p,
        8 => (p + 1.0) / 3.0,
        9 => p / 4.0 + 0.375,
        _ => return Err(StatsError::OutOfRange { what: "the type of a quantile", value: f64::from(kind), expected: "it must be 1 to 9" }),
    };
    // R's slack: n p + m may miss a whole number by a rounding.
    let slack = 4.0 * f64::EPSILON;
    let h = n * p + offset;
    let low = (h + slack).floor();
    let between = if (h - low).abs() < slack { 0.0 } else { h - low };
    let share = match kind {
        1 => f64::from(between > 0.0),
        2 => {
            if between > 0.0 {
                1.0
            } else {
                0.5
            }
        }
        3 => f64::from(between != 0.0 || low % 2.0 != 0.0),
        _ => between,
    };
    Ok(if share == 0.0 {
        order(low)
    } else if share >= 1.0 {
        order(low + 1.0)
    } else {
        (1.0 - share) * order(low) + share * order(low + 1.0)
    })
}

/// Median absolute deviation from the median, scaled to estimate a normal standard deviation.
///
/// # Formula
/// `1.4826 · median |x − median x|`.
///
/// # Errors
/// As [`quantile`].
///
/// # Agrees with
/// R `mad(x)`.
pub fn median_absolute_deviation(values: &[f64]) -> Result<f64, StatsError> {
    let centre = median(values)?;
    let away: Vec<f64> = values.iter().map(|value| (value - centre).abs()).collect();
    Ok(1.4826 * median(&away)?)
}
