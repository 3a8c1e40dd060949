//! What a regression is fitted to.

use crate::stats::error::{StatsError, check_finite};
use crate::stats::magnitude::check_range;
use crate::stats::survival::Covariates;

/// An outcome with what explains it, row by row.
#[derive(Clone, Copy, Debug)]
pub struct Observations<'a> {
    /// The outcome.
    pub outcome: &'a [f64],
    /// What explains it; `None` for an intercept alone.
    pub covariates: Option<&'a Covariates>,
    /// Prior weights, 0 or above; `None` for 1 everywhere.
    pub weights: Option<&'a [f64]>,
    /// A known part of the linear predictor, such as the logarithm of time at risk; `None` for 0 everywhere.
    pub offset: Option<&'a [f64]>,
}

impl<'a> Observations<'a> {
    /// An outcome and its covariates, every row with weight 1 and no offset.
    #[must_use]
    pub fn new(outcome: &'a [f64], covariates: &'a Covariates) -> Self {
        Self { outcome, covariates: Some(covariates), weights: None, offset: None }
    }

    /// An outcome with an intercept alone.
    #[must_use]
    pub fn intercept_only(outcome: &'a [f64]) -> Self {
        Self { outcome, covariates: None, weights: None, offset: None }
    }

    /// The same with prior weights.
    #[must_use]
    pub fn with_weights(self, weights: &'a [f64]) -> Self {
        Self { weights: Some(weights), ..self }
    }

    /// The same with an offset.
    #[must_use]
    pub fn with_offset(self, offset: &'a [f64]) -> Self {
        Self { offset: Some(offset), ..self }
    }

    /// Number of rows.
    pub(super) fn len(&self) -> usize {
        self.outcome.len()
    }

    /// Number of coefficients.
    pub(super) fn n_terms(&self) -> usize {
        1 + self.covariates.map_or(0, |covariates| covariates.columns().len())
    }

    pub(super) fn weight(&self, row: usize) -> f64 {
        self.weights.map_or(1.0, |weights| weights[row])
    }

    pub(super) fn offset_at(&self, row: usize) -> f64 {
        self.offset.map_or(0.0, |offset| offset[row])
    }

    /// Refuses what no model can use; otherwise the number of rows with a weight above 0.
    pub(super) fn check(&self) -> Result<usize, StatsError> {
        let n = self.len();
        if n == 0 {
            return Err(StatsError::EmptySample);
        }
        check_range("the outcome", self.outcome)?;
        if let Some(found) = self.covariates.map(|covariates| covariates.columns()[0].len()).filter(|&found| found != n) {
            return Err(StatsError::LengthMismatch { what: "covariates".to_owned(), found, expected: n });
        }
        for (name, column) in self.covariates.iter().flat_map(|covariates| covariates.names().iter().zip(covariates.columns())) {
            check_range(&format!("the covariate \"{name}\""), column)?;
        }
        for (what, values) in [("weights", self.weights), ("offset", self.offset)] {
            let Some(values) = values else { continue };
            if values.len() != n {
                return Err(StatsError::LengthMismatch { what: what.to_owned(), found: values.len(), expected: n });
            }
            check_finite(what, values)?;
        }
        let Some(weights) = self.weights else { return Ok(n) };
        if let Some(&value) = weights.iter().find(|&&weight| weight < 0.0) {
            return Err(StatsError::OutOfRange { what: "a weight", value, expected: "weights cannot be negative" });
        }
        match weights.iter().filter(|&&weight| weight > 0.0).count() {
            0 => Err(StatsError::EmptySample),
            used => Ok(used),
        }
    }
}
