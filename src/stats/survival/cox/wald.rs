//! Wald test of several coefficients at once.

use nalgebra::{Cholesky, DMatrix, DVector};

use super::model::CoxFit;
use crate::stats::distributions::chi_squared_upper_p;
use crate::stats::hypothesis::TestResult;

impl CoxFit {
    /// Wald test of some of the coefficients being 0, by the covariance of the fit (robust where it is).
    ///
    /// # Formula
    /// `bᵀ V⁻¹ b` with `b` the coefficients at `terms` and `V` their covariance; χ² with as many degrees of freedom as terms.
    ///
    /// # Edge cases
    /// `None` without terms, for one that does not exist or stands twice, and where `V` cannot be inverted.
    ///
    /// # Agrees with
    /// R `t(b) %*% solve(V, b)` of `coef` and `vcov`.
    #[must_use]
    pub fn wald_of(&self, terms: &[usize]) -> Option<TestResult> {
        let coefficients: Option<Vec<f64>> = terms.iter().map(|&term| self.terms.get(term).map(|term| term.coefficient)).collect();
        let errors: Vec<f64> = terms.iter().map(|&term| self.covariance.get(term).map_or(0.0, |row| row[term].sqrt())).collect();
        if terms.is_empty() || errors.iter().any(|error| error.is_nan() || *error <= 0.0) {
            return None;
        }
        // Unit diagonal, so that small errors are not taken for none.
        let n = terms.len();
        let correlation = DMatrix::from_fn(n, n, |j, k| self.covariance[terms[j]][terms[k]] / (errors[j] * errors[k]));
        let scaled = DVector::from_iterator(n, coefficients?.into_iter().zip(&errors).map(|(coefficient, error)| coefficient / error));
        let statistic = scaled.dot(&Cholesky::new(correlation)?.solve(&scaled));
        let df = n as f64;
        statistic.is_finite().then(|| TestResult {
            method: "Wald test",
            statistic,
            df: Some(df),
            p_value: chi_squared_upper_p(statistic, df),
        })
    }
}
