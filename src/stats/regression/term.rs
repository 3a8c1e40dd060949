//! One term of a regression.

use nalgebra::DMatrix;
use serde::Serialize;

use crate::stats::distributions::{normal_quantile, normal_two_sided_p, t_quantile, t_two_sided_p};
use crate::stats::estimate::Interval;

/// One term of a regression; the first is the intercept.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Term {
    /// Its name; `(Intercept)` for the intercept.
    pub name: String,
    /// Change of the linear predictor per unit.
    pub estimate: f64,
    /// Its standard error.
    pub std_error: f64,
    /// Estimate over standard error.
    pub statistic: f64,
    /// Two-sided p value.
    pub p_value: f64,
    /// Its interval.
    pub interval: Interval,
}

/// Terms from coefficients and their covariance, by t with `df` degrees of freedom or by z.
pub(super) fn terms(names: &[String], coefficients: &[f64], covariance: &DMatrix<f64>, df: Option<f64>, level: f64) -> Vec<Term> {
    let quantile = df.map_or_else(|| normal_quantile(0.5 + level / 2.0), |df| t_quantile(0.5 + level / 2.0, df));
    let name = |place: usize| if place == 0 { "(Intercept)".to_owned() } else { names[place - 1].clone() };
    (0..coefficients.len())
        .map(|place| {
            let (estimate, std_error) = (coefficients[place], covariance[(place, place)].max(0.0).sqrt());
            let statistic = estimate / std_error;
            Term {
                name: name(place),
                estimate,
                std_error,
                statistic,
                p_value: df.map_or_else(|| normal_two_sided_p(statistic), |df| t_two_sided_p(statistic, df)),
                interval: Interval { lower: estimate - quantile * std_error, upper: estimate + quantile * std_error, level },
            }
        })
        .collect()
}

/// Rows of a matrix.
pub(super) fn rows(matrix: &DMatrix<f64>) -> Vec<Vec<f64>> {
    (0..matrix.nrows()).map(|j| matrix.row(j).iter().copied().collect()).collect()
}
