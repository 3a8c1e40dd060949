//! Measurement error in the units of the scale.

use serde::Serialize;

use super::ratings::RatingsVariance;
use crate::stats::distributions::{chi_squared_quantile, normal_quantile};
use crate::stats::error::{StatsError, check_level};
use crate::stats::estimate::Interval;

/// How far a single measurement may lie from the truth, and how far two must lie apart to show a change.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct MeasurementError {
    /// Mean squares.
    pub variance: RatingsVariance,
    /// Standard error of measurement without differences between raters or occasions: √MSE.
    pub sem_consistency: f64,
    /// Its χ² interval.
    pub sem_interval: Interval,
    /// Standard error of measurement with differences between raters or occasions.
    pub sem_agreement: f64,
    /// Minimal detectable change from the first.
    pub mdc_consistency: f64,
    /// Minimal detectable change from the second.
    pub mdc_agreement: f64,
    /// Level of the minimal detectable change: 0.95 for MDC95.
    pub level: f64,
}

/// Standard error of measurement and minimal detectable change of ratings, one slice per rater or occasion with the patients in
/// the same order.
///
/// # Formula
/// ```text
/// SEM_consistency = √MSE (= SD of the differences/√2 for two occasions)
/// SEM_agreement = √(σ²_raters + MSE),  σ²_raters = max(0, (MSJ − MSE)/n);   MDC = z √2 SEM,  z = Φ⁻¹((1 + level)/2)
/// ```
///
/// # Conventions
/// From the mean squares, not from SD √(1 − ICC), which depends on how the patients differ.
///
/// # Errors
/// As [`RatingsVariance::of`]; [`StatsError::InvalidLevel`].
///
/// # Agrees with
/// R `sqrt(anova(lm(rating ~ factor(subject) + factor(rater)))["Residuals", "Mean Sq"])`.
///
/// # References
/// de Vet et al. (2006), Journal of Clinical Epidemiology 59:1033–1039. Weir (2005), Journal of Strength and Conditioning Research
/// 19:231–240.
pub fn measurement_error(ratings: &[&[f64]], level: f64) -> Result<MeasurementError, StatsError> {
    check_level(level)?;
    let variance = RatingsVariance::of(ratings)?;
    let (n, k) = (variance.n_subjects as f64, variance.n_raters as f64);
    let of_raters = ((variance.between_raters - variance.residual) / n).max(0.0);
    let sem_consistency = variance.residual.sqrt();
    let sem_agreement = (of_raters + variance.residual).sqrt();
    let change = normal_quantile(f64::midpoint(1.0, level)) * std::f64::consts::SQRT_2;
    let df = (n - 1.0) * (k - 1.0);
    let limit = |p: f64| sem_consistency * (df / chi_squared_quantile(p, df)).sqrt();
    Ok(MeasurementError {
        variance,
        sem_consistency,
        sem_interval: Interval { lower: limit(f64::midpoint(1.0, level)), upper: limit((1.0 - level) / 2.0), level },
        sem_agreement,
        mdc_consistency: change * sem_consistency,
        mdc_agreement: change * sem_agreement,
        level,
    })
}
