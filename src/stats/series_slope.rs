//! Slope of a series whose neighboring values resemble each other.

use serde::Serialize;

use super::distributions::{t_quantile, t_two_sided_p};
use super::error::{StatsError, check_level};
use super::estimate::Interval;
use super::trend::least_squares;

/// A least-squares slope whose error allows for autocorrelation.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct SeriesSlope {
    /// Values.
    pub n: usize,
    /// Change of y per unit of x.
    pub slope: f64,
    /// Standard error, autocorrelation allowed for.
    pub std_error: f64,
    /// Correlation of a value with the next one once the line is taken off, 0–1; 0 where it is estimated as negative.
    pub autocorrelation: f64,
    /// So many independent values would tell as much.
    pub effective_n: f64,
    /// `effective_n` − 2.
    pub df: f64,
    /// t interval of the slope.
    pub interval: Interval,
    /// Two-sided p of a slope of zero; `None` if the line fits exactly.
    pub p_value: Option<f64>,
}

/// The greatest autocorrelation that is believed: beyond it the series tells nothing of a slope.
const GREATEST: f64 = 0.98;

/// Least-squares slope of a series in the order of x, with the standard error and degrees of freedom of first-order autocorrelation.
///
/// # Formula
/// With e the residuals of the least-squares line:
/// ```text
/// r₁ = Σ eₜ eₜ₊₁ / Σ eₜ²,   ρ = max(0, (n r₁ + 2) / (n − 4))
/// nₑ = n (1 − ρ) / (1 + ρ),   s² = RSS / (nₑ − 2),   se = s / √Sxx,   t with nₑ − 2 degrees of freedom
/// ```
/// r₁ of residuals from a line is too small by about (2 + 4ρ)/n; ρ takes that off. A negative correlation, which would narrow the
/// interval, is taken as none.
///
/// # Conventions
/// Values are taken as evenly spaced; of a log with gaps ρ is the correlation from one entry to the next, whatever lies between.
///
/// # Edge cases
/// A line that fits exactly has no autocorrelation, a standard error of 0 and no p value.
///
/// # Errors
/// [`StatsError::TooFew`] below 5 values, or where the values tell no more than 3 independent ones would; else as [`least_squares`].
///
/// # References
/// Santer and others (2000), J Geophys Res 105:7337–7356, on the adjusted error and degrees of freedom (there without the correction
/// of r₁).
pub fn series_slope(x: &[f64], y: &[f64], level: f64) -> Result<SeriesSlope, StatsError> {
    check_level(level)?;
    if x.len().min(y.len()) < 5 {
        return Err(StatsError::TooFew { found: x.len().min(y.len()), needed: 5 });
    }
    let fit = least_squares(x, y, level)?;
    let n = x.len() as f64;
    let (intercept, slope) = (fit.intercept.estimate, fit.slope.estimate);
    let (mut squares, mut products, mut before) = (0.0, 0.0, None);
    for (x, y) in x.iter().zip(y) {
        let residual = y - intercept - slope * x;
        squares += residual * residual;
        products += before.map_or(0.0, |before: f64| before * residual);
        before = Some(residual);
    }
    let exact = fit.test.is_none();
    let first = if exact { 0.0 } else { products / squares };
    let autocorrelation = if exact { 0.0 } else { ((n * first + 2.0) / (n - 4.0)).clamp(0.0, GREATEST) };
    let effective_n = n * (1.0 - autocorrelation) / (1.0 + autocorrelation);
    let df = effective_n - 2.0;
    if df < 1.0 {
        return Err(StatsError::TooFew { found: effective_n.floor().max(0.0) as usize, needed: 3 });
    }
    let std_error = fit.slope.std_error * (fit.df / df).sqrt();
    let half = t_quantile(0.5 + level / 2.0, df) * std_error;
    Ok(SeriesSlope {
        n: x.len(),
        slope,
        std_error,
        autocorrelation,
        effective_n,
        df,
        interval: Interval { lower: slope - half, upper: slope + half, level },
        p_value: (!exact).then(|| t_two_sided_p(slope / std_error, df)),
    })
}
