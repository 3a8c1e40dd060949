//! Intraclass correlation: the share of the variance of ratings that is between patients.

use serde::Serialize;

use super::ratings::RatingsVariance;
use crate::stats::distributions::{f_quantile, f_upper_p};
use crate::stats::error::{StatsError, check_level};
use crate::stats::estimate::Interval;

/// One form of the intraclass correlation.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct IntraclassCorrelation {
    /// The correlation; negative where patients differ less than their ratings do.
    pub estimate: f64,
    /// F interval; `None` of a mean whose limits the Spearman–Brown formula cannot give (a single correlation at or below −1/(k − 1)),
    /// and where the limits do not hold the estimate: Satterthwaite's degrees of freedom can come so near 0 that F has no quantile.
    pub interval: Option<Interval>,
    /// F statistic of no correlation; `None` if the ratings of each patient agree exactly.
    pub f_statistic: Option<f64>,
    /// Its numerator degrees of freedom.
    pub df_numerator: f64,
    /// Its denominator degrees of freedom.
    pub df_denominator: f64,
    /// One-sided p value (correlation above 0), as is usual for it.
    pub p_value: f64,
}

/// The six forms of Shrout and Fleiss; `None` where a form has no value (its denominator is not above 0).
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct IntraclassCorrelations {
    /// Mean squares.
    pub variance: RatingsVariance,
    /// ICC(1,1): each patient has raters of their own.
    pub one_way_single: Option<IntraclassCorrelation>,
    /// ICC(2,1): raters drawn at random, absolute agreement; `McGraw` and Wong's ICC(A,1).
    pub agreement_single: Option<IntraclassCorrelation>,
    /// ICC(3,1): these raters only, consistency; ICC(C,1).
    pub consistency_single: Option<IntraclassCorrelation>,
    /// ICC(1,k): the mean of k ratings.
    pub one_way_mean: Option<IntraclassCorrelation>,
    /// ICC(2,k), ICC(A,k).
    pub agreement_mean: Option<IntraclassCorrelation>,
    /// ICC(3,k), ICC(C,k).
    pub consistency_mean: Option<IntraclassCorrelation>,
}

/// Intraclass correlations of ratings, one slice per rater with the patients in the same order.
///
/// # Formula
/// ```text
/// ICC(1,1) = (MSB − MSW)/(MSB + (k − 1) MSW)                            ICC(1,k) = (MSB − MSW)/MSB
/// ICC(2,1) = (MSB − MSE)/(MSB + (k − 1) MSE + k (MSJ − MSE)/n)          ICC(2,k) = (MSB − MSE)/(MSB + (MSJ − MSE)/n)
/// ICC(3,1) = (MSB − MSE)/(MSB + (k − 1) MSE)                            ICC(3,k) = (MSB − MSE)/MSB
/// ```
/// Limits from F over its quantiles; those of ICC(2,·) with Satterthwaite's degrees of freedom; those of means by Spearman and
/// Brown's k ρ/(1 + (k − 1) ρ).
///
/// # Conventions
/// Complete ratings: every rater saw every patient.
///
/// # Edge cases
/// Ratings that agree exactly: 1, interval 1 to 1. Two patients: ICC(2,·) may have no interval.
///
/// # Errors
/// As [`RatingsVariance::of`]; [`StatsError::ConstantCovariate`] if all ratings are equal; [`StatsError::InvalidLevel`].
///
/// # Agrees with
/// R `psych::ICC(ratings, lmer = FALSE)`, `irr::icc`.
///
/// # References
/// Shrout & Fleiss (1979), Psychological Bulletin 86:420–428. `McGraw` & Wong (1996), Psychological Methods 1:30–46.
pub fn intraclass_correlation(ratings: &[&[f64]], level: f64) -> Result<IntraclassCorrelations, StatsError> {
    check_level(level)?;
    let variance = RatingsVariance::of(ratings)?;
    let RatingsVariance { between_subjects: msb, between_raters: msj, residual: mse, within_subjects: msw, .. } = variance;
    if msb <= 0.0 && msw <= 0.0 {
        return Err(StatsError::ConstantCovariate { term: "rating".to_owned() });
    }
    let (n, k) = (variance.n_subjects as f64, variance.n_raters as f64);
    let (half, df) = ((1.0 - level) / 2.0, n - 1.0);
    let ratio = |top: f64, bottom: f64| (bottom > 0.0).then(|| top / bottom);
    let form = |estimate: Option<f64>, limits: Option<[f64; 2]>, error: f64, df_denominator: f64| {
        let estimate = estimate?;
        let rounding = 1e-9 * (1.0 + estimate.abs());
        Some(IntraclassCorrelation {
            estimate,
            interval: limits
                .map(|[one, other]| Interval { lower: one.min(other), upper: one.max(other), level })
                .filter(|limits| limits.lower - rounding <= estimate && estimate <= limits.upper + rounding),
            f_statistic: ratio(msb, error),
            df_numerator: df,
            df_denominator,
            p_value: ratio(msb, error).map_or(0.0, |f| f_upper_p(f, df, df_denominator)),
        })
    };
    // (F/F₁₋ₐ − 1)/(F/F₁₋ₐ + k − 1) and its mirror, multiplied out so that an error of 0 is no division.
    let simple = |error: f64, df_error: f64| {
        let (upper_f, lower_f) = (f_quantile(1.0 - half, df, df_error), f_quantile(1.0 - half, df_error, df));
        Some([
            ratio(msb - upper_f * error, msb + (k - 1.0) * upper_f * error)?,
            ratio(msb * lower_f - error, msb * lower_f + (k - 1.0) * error)?,
        ])
    };
    let of_mean = |limits: Option<[f64; 2]>| {
        // Below −1/(k − 1) no mean of k can have it, and the formula runs through a pole.
        let brown = |single: f64| Some(1.0 + (k - 1.0) * single).filter(|rest| *rest > 1e-9).map(|rest| k * single / rest);
        limits.and_then(|[lower, upper]| Some([brown(lower)?, brown(upper)?]))
    };
    let (df_within, df_error) = (n * (k - 1.0), df * (k - 1.0));
    let one_way = simple(msw, df_within);
    let consistency = simple(mse, df_error);
    let agreement_estimate = ratio(msb - mse, msb + (k - 1.0) * mse + k * (msj - mse) / n);
    let agreement = agreement_estimate.and_then(|icc| {
        // Satterthwaite: degrees of freedom of a MSJ + b MSE, both multiplied by 1 − ICC.
        let (a, b) = (k * icc / n * msj, (1.0 - icc + k * icc * (n - 1.0) / n) * mse);
        let v = ratio((a + b).powi(2), a * a / (k - 1.0) + b * b / df_error).unwrap_or(df_error);
        let (upper_f, lower_f) = (f_quantile(1.0 - half, df, v), f_quantile(1.0 - half, v, df));
        let error = k * msj + (k * n - k - n) * mse;
        Some([ratio(n * (msb - upper_f * mse), upper_f * error + n * msb)?, ratio(n * (lower_f * msb - mse), error + n * lower_f * msb)?])
    });
    Ok(IntraclassCorrelations {
        variance,
        one_way_single: form(ratio(msb - msw, msb + (k - 1.0) * msw), one_way, msw, df_within),
        agreement_single: form(agreement_estimate, agreement, mse, df_error),
        consistency_single: form(ratio(msb - mse, msb + (k - 1.0) * mse), consistency, mse, df_error),
        one_way_mean: form(ratio(msb - msw, msb), of_mean(one_way), msw, df_within),
        agreement_mean: form(ratio(msb - mse, msb + (msj - mse) / n), of_mean(agreement), mse, df_error),
        consistency_mean: form(ratio(msb - mse, msb), of_mean(consistency), mse, df_error),
    })
}
