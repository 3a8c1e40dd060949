//! Analysis of variance of patients rated by several raters.

use serde::Serialize;

use crate::stats::error::{StatsError, check_finite};
use crate::stats::magnitude::check_range;

/// Mean squares of a complete table of patients and raters.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct RatingsVariance {
    /// Patients.
    pub n_subjects: usize,
    /// Raters, or occasions.
    pub n_raters: usize,
    /// Mean square between patients, n − 1 degrees of freedom.
    pub between_subjects: f64,
    /// Mean square between raters, k − 1.
    pub between_raters: f64,
    /// Residual mean square, (n − 1)(k − 1).
    pub residual: f64,
    /// Mean square within patients, raters and residual together, n(k − 1).
    pub within_subjects: f64,
}

impl RatingsVariance {
    /// Mean squares of ratings, one slice per rater with the patients in the same order.
    ///
    /// # Formula
    /// ```text
    /// MSB = k Σᵢ (x̄ᵢ. − x̄)²/(n − 1),  MSJ = n Σⱼ (x̄.ⱼ − x̄)²/(k − 1),  MSE = Σᵢⱼ (xᵢⱼ − x̄ᵢ. − x̄.ⱼ + x̄)²/((n − 1)(k − 1))
    /// ```
    ///
    /// # Errors
    /// [`StatsError::TooFew`] below two patients or raters, [`StatsError::LengthMismatch`] for a rater with other patients,
    /// [`StatsError::NotFinite`], [`StatsError::Magnitude`].
    pub fn of(ratings: &[&[f64]]) -> Result<Self, StatsError> {
        let n_raters = ratings.len();
        let n_subjects = ratings.first().map_or(0, |rater| rater.len());
        for (index, rater) in ratings.iter().enumerate() {
            if rater.len() != n_subjects {
                return Err(StatsError::LengthMismatch { what: format!("rater {}", index + 1), found: rater.len(), expected: n_subjects });
            }
            check_range(&format!("rater {}", index + 1), rater)?;
        }
        if n_subjects.min(n_raters) < 2 {
            return Err(StatsError::TooFew { found: n_subjects.min(n_raters), needed: 2 });
        }
        let (n, k) = (n_subjects as f64, n_raters as f64);
        // Less a first value and then the mean, so that large ratings keep their digits.
        let origin = ratings[0][0];
        let grand = origin + ratings.iter().flat_map(|rater| rater.iter()).map(|value| value - origin).sum::<f64>() / (n * k);
        let of_rater: Vec<f64> = ratings.iter().map(|rater| rater.iter().map(|value| value - grand).sum::<f64>() / n).collect();
        let of_subject: Vec<f64> =
            (0..n_subjects).map(|subject| ratings.iter().map(|rater| rater[subject] - grand).sum::<f64>() / k).collect();
        let (mut residual, mut within) = (0.0, 0.0);
        for (rater, level) in ratings.iter().zip(&of_rater) {
            for (value, own) in rater.iter().zip(&of_subject) {
                within += (value - grand - own).powi(2);
                residual += (value - grand - own - level).powi(2);
            }
        }
        let squares = |values: &[f64]| values.iter().map(|value| value * value).sum::<f64>();
        let found = Self {
            n_subjects,
            n_raters,
            between_subjects: k * squares(&of_subject) / (n - 1.0),
            between_raters: n * squares(&of_rater) / (k - 1.0),
            residual: residual / ((n - 1.0) * (k - 1.0)),
            within_subjects: within / (n * (k - 1.0)),
        };
        check_finite("mean square", &[found.between_subjects, found.between_raters, found.residual, found.within_subjects])?;
        Ok(found)
    }
}
