//! Coefficients with their errors and tests.

use nalgebra::{Cholesky, DMatrix, DVector};
use serde::Serialize;

use super::design::Scaling;
use crate::stats::distributions::{normal_quantile, normal_two_sided_p, t_quantile, t_two_sided_p};
use crate::stats::error::StatsError;
use crate::stats::estimate::Interval;

/// One coefficient of a model.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Coefficient {
    /// Its term; `(Intercept)` for the intercept.
    pub name: String,
    /// The estimate.
    pub estimate: f64,
    /// Its standard error.
    pub std_error: f64,
    /// estimate / `std_error`; `None` where the error is 0.
    pub statistic: Option<f64>,
    /// Degrees of freedom of Student's t; `None` for the normal distribution.
    pub df: Option<f64>,
    /// Two-sided p value; `None` where the error is 0.
    pub p_value: Option<f64>,
    /// Its interval.
    pub interval: Interval,
}

/// A coefficient of a logarithm or a logit, as a ratio.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct RatioEstimate {
    /// exp(estimate).
    pub ratio: f64,
    /// Its interval.
    pub interval: Interval,
}

impl Coefficient {
    /// exp(estimate) with its interval: the odds ratio of a logistic model, the rate or risk ratio of a Poisson model; `None` where
    /// a limit is too large for a number.
    #[must_use]
    pub fn ratio(&self) -> Option<RatioEstimate> {
        let Interval { lower, upper, level } = self.interval;
        let interval = Interval { lower: lower.exp(), upper: upper.exp(), level };
        interval.upper.is_finite().then(|| RatioEstimate { ratio: self.estimate.exp(), interval })
    }
}

/// An F test.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct FTest {
    /// F.
    pub statistic: f64,
    /// Degrees of freedom of the numerator.
    pub df_numerator: f64,
    /// Degrees of freedom of the denominator.
    pub df_denominator: f64,
    /// Upper tail.
    pub p_value: f64,
}

/// Quantile of the t distribution for an interval, or of the normal one without degrees of freedom.
pub(super) fn interval_quantile(level: f64, df: Option<f64>) -> f64 {
    let p = 0.5 + level / 2.0;
    df.map_or_else(|| normal_quantile(p), |df| t_quantile(p, df))
}

/// An estimate with its interval and test.
pub(super) fn coefficient(name: &str, estimate: f64, std_error: f64, df: Option<f64>, level: f64) -> Coefficient {
    let half = interval_quantile(level, df) * std_error;
    let statistic = (std_error > 0.0).then(|| estimate / std_error);
    Coefficient {
        name: name.to_owned(),
        estimate,
        std_error,
        statistic,
        df,
        p_value: statistic.map(|statistic| df.map_or_else(|| normal_two_sided_p(statistic), |df| t_two_sided_p(statistic, df))),
        interval: Interval { lower: estimate - half, upper: estimate + half, level },
    }
}

/// The table of a model. `estimate` and `covariance` are those of the scaled columns.
pub(super) fn coefficients(names: &[String], scaled: &Scaled, df: Option<f64>, level: f64) -> Result<Vec<Coefficient>, StatsError> {
    let estimate = scaled.scaling.coefficients(&scaled.estimate);
    let std_error = scaled.scaling.std_errors(&scaled.covariance);
    let table: Vec<Coefficient> = (0..names.len()).map(|j| coefficient(&names[j], estimate[j], std_error[j], df, level)).collect();
    // Only columns or outcomes at the edge of what a number can hold come here.
    match table.iter().find(|row| !(row.estimate.is_finite() && row.std_error.is_finite() && row.interval.upper.is_finite())) {
        Some(row) => Err(StatsError::NotFinite { what: format!("the coefficient of \"{}\"", row.name), position: 1 }),
        None => Ok(table),
    }
}

/// Rows of a matrix.
pub(super) fn as_rows(matrix: &DMatrix<f64>) -> Vec<Vec<f64>> {
    matrix.row_iter().map(|row| row.iter().copied().collect()).collect()
}

/// Sets the error of a coefficient to 0 where only rounding is left of it, as with as many clusters as coefficients.
pub(super) fn without_rounding(covariance: &mut DMatrix<f64>, model_based: &DMatrix<f64>) {
    for j in 0..covariance.nrows() {
        if covariance[(j, j)] <= 1e-24 * model_based[(j, j)] {
            covariance.row_mut(j).fill(0.0);
            covariance.column_mut(j).fill(0.0);
        }
    }
}

/// The estimate on the scaled columns, from which predictions keep all their digits.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Scaled {
    pub(super) scaling: Scaling,
    pub(super) estimate: Vec<f64>,
    pub(super) covariance: DMatrix<f64>,
}

impl Scaled {
    /// Linear predictor at these covariates and its standard error.
    pub(super) fn predict(&self, values: &[f64]) -> Result<(f64, f64), StatsError> {
        let row = self.scaling.row(values)?;
        let estimate = row.iter().zip(&self.estimate).map(|(x, g)| x * g).sum();
        Ok((estimate, row.dot(&(&self.covariance * &row)).max(0.0).sqrt()))
    }

    /// Difference of the linear predictors at two places, second less first, and its standard error.
    pub(super) fn difference(&self, first: &[f64], second: &[f64]) -> Result<(f64, f64), StatsError> {
        let row = self.scaling.row(second)? - self.scaling.row(first)?;
        let estimate = row.iter().zip(&self.estimate).map(|(x, g)| x * g).sum();
        Ok((estimate, row.dot(&(&self.covariance * &row)).max(0.0).sqrt()))
    }

    /// Wald χ² of several coefficients being 0 (the intercept has position 0 and cannot be among them); `None` without an inverse.
    pub(super) fn wald(&self, terms: &[usize]) -> Option<f64> {
        let part = DVector::from_iterator(terms.len(), terms.iter().map(|&term| self.estimate[term]));
        let block = DMatrix::from_fn(terms.len(), terms.len(), |j, k| self.covariance[(terms[j], terms[k])]);
        // Unit diagonal, so that small errors are not taken for none.
        let root: Vec<f64> = (0..terms.len()).map(|j| block[(j, j)].sqrt()).collect();
        let correlation = DMatrix::from_fn(terms.len(), terms.len(), |j, k| block[(j, k)] / (root[j] * root[k]));
        let scaled = DVector::from_fn(terms.len(), |j, _| part[j] / root[j]);
        let solved = Cholesky::new(correlation)?.solve(&scaled);
        Some(scaled.dot(&solved)).filter(|statistic| statistic.is_finite())
    }
}

/// Positions of named terms.
pub(super) fn positions(coefficients: &[Coefficient], names: &[&str]) -> Option<Vec<usize>> {
    let found: Option<Vec<usize>> =
        names.iter().map(|name| coefficients.iter().skip(1).position(|coefficient| coefficient.name == *name).map(|at| at + 1)).collect();
    found.filter(|found| !found.is_empty())
}
