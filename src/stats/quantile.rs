//! Quantiles of data: type 7, the only kind used anywhere.

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
