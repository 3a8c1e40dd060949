//! Weighted difference of an outcome between the exposed and the others.

use nalgebra::{Cholesky, DMatrix, DVector};
use serde::Serialize;

use super::propensity::PropensityWeights;
use crate::stats::distributions::{normal_quantile, normal_two_sided_p};
use crate::stats::error::{StatsError, check_finite, check_level};
use crate::stats::estimate::{Estimate, Interval};
use crate::stats::hypothesis::TestResult;
use crate::stats::magnitude::check_range;
use crate::stats::regression::{Design, Observations};
use crate::stats::survival::Covariates;

/// Weighted means of two groups and their difference.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct WeightedDifference {
    /// Weighted mean of the exposed.
    pub exposed: Estimate,
    /// Weighted mean of the others.
    pub unexposed: Estimate,
    /// Exposed less others (for a 0/1 outcome, the risk difference).
    pub difference: Estimate,
    /// z test of no difference; `None` where the error is 0.
    pub test: Option<TestResult>,
    /// Standard error of the difference had the weights been given (HC0), usually too large.
    pub std_error_given_weights: f64,
}

/// Weighted mean of the exposed less that of the others, with an error that knows the weights were estimated.
///
/// # Formula
/// ```text
/// m_g = Σ w y / Σ w over group g;  ψᵢ = wᵢ (yᵢ − m_g)/W_g + dm_g/dβ · I⁻¹ xᵢ (aᵢ − eᵢ);  Var = Σ ψᵢ²
/// dm_g/dβ = Σ (d ln wᵢ/dη) wᵢ (yᵢ − m_g) xᵢ / W_g,  I the information of the logistic model
/// ```
/// the sandwich of the means' and the logistic model's equations together; normal intervals.
///
/// # Conventions
/// A truncated weight counts as given: it does not move with the model. `covariates` are those the weights were made from.
///
/// # Errors
/// [`StatsError::LengthMismatch`], [`StatsError::NotFinite`], [`StatsError::InvalidLevel`].
///
/// # Agrees with
/// `std_error_given_weights`: R sandwich `vcovHC(lm(y ~ a, weights = w), "HC0")`; the other: `WeightIt` `lm_weightit(…, vcov = "asympt")`.
///
/// # References
/// Lunceford & Davidian (2004), Statistics in Medicine 23:2937–2960.
pub fn weighted_difference(
    outcome: &[f64],
    exposed: &[bool],
    covariates: &Covariates,
    weights: &PropensityWeights,
    level: f64,
) -> Result<WeightedDifference, StatsError> {
    check_level(level)?;
    check_range("the outcome", outcome)?;
    let n = weights.weights.len();
    for (what, found) in [("outcome", outcome.len()), ("exposed", exposed.len()), ("covariates", covariates.columns()[0].len())] {
        if found != n {
            return Err(StatsError::LengthMismatch { what: what.to_owned(), found, expected: n });
        }
    }
    let design = Design::new(&Observations::new(outcome, covariates), None)?;
    let (p, w) = (weights.model.coefficients.len(), &weights.weights);
    // Differences from the first value in units of the largest keep their digits wherever the outcome lies.
    let first = outcome[0];
    let span = outcome.iter().map(|value| (value - first).abs()).fold(0.0_f64, f64::max);
    let unit = if span > 0.0 { span } else { 1.0 };
    let outcome: Vec<f64> = outcome.iter().map(|value| (value - first) / unit).collect();
    let mut mean = [0.0; 2];
    let mut total = [0.0; 2];
    for ((&exposed, &weight), &value) in exposed.iter().zip(w).zip(&outcome) {
        total[usize::from(exposed)] += weight;
        mean[usize::from(exposed)] += weight * value;
    }
    if total.iter().any(|&total| total <= 0.0) {
        return Err(StatsError::OneExposureGroup);
    }
    let mean = [mean[0] / total[0], mean[1] / total[1]];

    // What each row adds to its group's mean, and how the mean moves with the logistic model.
    let part = |row: usize| {
        let group = usize::from(exposed[row]);
        w[row] * (outcome[row] - mean[group]) / total[group]
    };
    let mut information = DMatrix::<f64>::zeros(p, p);
    let mut slope = [DVector::<f64>::zeros(p), DVector::<f64>::zeros(p)];
    for (row, (&exposed, &e)) in exposed.iter().zip(&weights.propensity).enumerate() {
        let x = DVector::from_column_slice(design.row(row));
        information.ger(e * (1.0 - e), &x, &x, 1.0);
        let is_cut = w[row].total_cmp(&weights.weights_before_truncation[row]).is_ne();
        if !is_cut {
            slope[usize::from(exposed)].axpy(weights.kind.log_slope(exposed, e) * part(row), &x, 1.0);
        }
    }
    let Some(factor) = Cholesky::new(information) else {
        return Err(StatsError::Collinear { term: covariates.names()[covariates.names().len() - 1].clone() });
    };
    let slope = slope.map(|slope| factor.solve(&slope));
    let mut variance = [0.0; 3];
    let mut given = 0.0;
    for (row, (&exposed, &e)) in exposed.iter().zip(&weights.propensity).enumerate() {
        let score = f64::from(exposed) - e;
        let moved = |group: usize| design.row(row).iter().zip(slope[group].iter()).map(|(x, s)| x * s).sum::<f64>() * score;
        let own = part(row);
        let (other, one) = (if exposed { 0.0 } else { own } + moved(0), if exposed { own } else { 0.0 } + moved(1));
        variance[0] += other * other;
        variance[1] += one * one;
        variance[2] += (one - other).powi(2);
        given += own * own;
    }
    let z = normal_quantile(0.5 + level / 2.0);
    let estimate = |estimate: f64, variance: f64| {
        let std_error = unit * variance.sqrt();
        let half = z * std_error;
        Estimate { estimate, std_error, interval: Some(Interval { lower: estimate - half, upper: estimate + half, level }) }
    };
    let difference = estimate(unit * (mean[1] - mean[0]), variance[2]);
    let (one, other) = (estimate(first + unit * mean[1], variance[1]), estimate(first + unit * mean[0], variance[0]));
    for found in [one, other, difference] {
        check_finite("the weighted difference", &[found.estimate - z * found.std_error, found.estimate + z * found.std_error])?;
    }
    let test = (difference.std_error > 0.0).then(|| {
        let statistic = difference.estimate / difference.std_error;
        TestResult { method: "z test of the weighted difference", statistic, df: None, p_value: normal_two_sided_p(statistic) }
    });
    Ok(WeightedDifference { exposed: one, unexposed: other, difference, test, std_error_given_weights: unit * given.sqrt() })
}
