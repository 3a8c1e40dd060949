//! Multiple linear regression.

use nalgebra::DVector;
use serde::Serialize;

use super::coefficient::{Coefficient, FTest, Scaled, as_rows, coefficient, coefficients, interval_quantile, positions, without_rounding};
use super::design::{Design, added, by_chunks, inverse_triangle};
use super::observations::Observations;
use super::sandwich::{Covariance, Scores, sandwich};
use crate::stats::distributions::f_upper_p;
use crate::stats::error::{StatsError, check_level};
use crate::stats::estimate::Interval;

/// A fitted linear regression.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LinearRegression {
    /// Rows with a weight above 0.
    pub n: usize,
    /// The coefficients, intercept first.
    pub coefficients: Vec<Coefficient>,
    /// Their covariance.
    pub covariance: Vec<Vec<f64>>,
    /// How it was estimated.
    pub covariance_type: &'static str,
    /// √(RSS / df).
    pub residual_std_error: f64,
    /// n − number of coefficients.
    pub df: f64,
    /// Share of the variance explained; `None` if the outcome does not vary.
    pub r_squared: Option<f64>,
    /// 1 − (1 − R²)(n − 1)/df.
    pub adjusted_r_squared: Option<f64>,
    /// F test of all slopes being 0, from the classical covariance; `None` without slopes or if the fit is exact.
    pub f_test: Option<FTest>,
    /// Log-likelihood; `None` if the fit is exact.
    pub log_likelihood: Option<f64>,
    /// −2 ℓ + 2 (p + 1).
    pub aic: Option<f64>,
    /// −2 ℓ + ln(n) (p + 1).
    pub bic: Option<f64>,
    /// Fitted values.
    pub fitted: Vec<f64>,
    /// Outcome less fitted.
    pub residuals: Vec<f64>,
    /// Diagonal of the hat matrix; 0 for rows of weight 0.
    pub leverage: Vec<f64>,
    #[serde(skip)]
    pub(super) scaled: Scaled,
    #[serde(skip)]
    level: f64,
    #[serde(skip)]
    reference_df: f64,
}

/// A predicted value.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct LinearPrediction {
    /// The expected outcome.
    pub estimate: f64,
    /// Its standard error.
    pub std_error: f64,
    /// Interval of the expected outcome.
    pub interval: Interval,
    /// Interval of a single new outcome (of weight 1).
    pub prediction_interval: Interval,
}

/// Fits a linear regression with several covariates.
///
/// # Formula
/// ```text
/// β = argmin Σ wᵢ (yᵢ − xᵢᵀβ)²,  σ² = Σ wᵢ eᵢ² / (n − p),  Cov β = σ² (XᵀWX)⁻¹ or a sandwich (see Covariance)
/// ℓ = ½ (Σ ln wᵢ − n (ln(2π RSS/n) + 1)),  hᵢ = wᵢ xᵢᵀ (XᵀWX)⁻¹ xᵢ
/// ```
///
/// # Conventions
/// QR decomposition of the centred and scaled columns. t with n − p degrees of freedom, with clusters G − 1. An offset is taken from
/// the outcome and added back to the fitted values; R² and F are then those of the outcome less the offset (R 4.2's summary counts the
/// offset as explained). The F test is always the classical one.
///
/// # Edge cases
/// A fit that leaves only rounding has residuals, σ and errors of 0 and no statistics.
///
/// # Errors
/// [`StatsError::TooFew`] without a row more than coefficients; [`StatsError::ConstantCovariate`] and [`StatsError::Collinear`] naming
/// the term; [`StatsError::FullLeverage`] for HC2 and HC3; [`StatsError::TooFewClusters`]; [`StatsError::OutOfRange`] for a negative
/// weight; [`StatsError::NotFinite`], [`StatsError::LengthMismatch`], [`StatsError::InvalidLevel`].
///
/// # Agrees with
/// R 4.2 `lm(y ~ …, weights = w)` with `summary`, `logLik`, `AIC`, `BIC`, `hatvalues`, `predict`; sandwich 3.0-2.
pub fn linear_regression(observations: &Observations<'_>, covariance: Covariance<'_>, level: f64) -> Result<LinearRegression, StatsError> {
    check_level(level)?;
    let used = observations.check()?;
    let (n, p) = (observations.len(), observations.n_terms());
    let weight = |row: usize| observations.weight(row);
    if used <= p {
        return Err(StatsError::TooFew { found: used, needed: p + 1 });
    }
    covariance.check(n, weight)?;
    let design = Design::new(observations, None)?;

    let given = |row: usize| observations.outcome[row] - observations.offset_at(row);
    let first = (0..n).find(|&row| weight(row) > 0.0).map_or(0.0, given);
    let sums = added(by_chunks(n, |rows| {
        rows.fold(vec![0.0; 2], |sum, row| vec![sum[0] + weight(row), sum[1] + weight(row) * (given(row) - first)])
    }));
    let mean = first + sums[1] / sums[0];
    let outcome = |row: usize| given(row) - mean;
    let triangle = design.triangle(|row| weight(row).sqrt(), outcome);
    design.check_rank(&triangle)?;
    let inverse = inverse_triangle(&triangle, p).ok_or_else(|| StatsError::Collinear { term: design.names[p - 1].clone() })?;
    let mut gamma: Vec<f64> = (&inverse * triangle.view((0, p), (p, 1))).iter().copied().collect();

    let parts = by_chunks(n, |rows| rows.map(|row| outcome(row) - design.predictor(row, &gamma)).collect::<Vec<f64>>());
    let mut residuals = parts.concat();
    let leverage = design.leverages(&inverse, weight);
    let squares = added(by_chunks(n, |rows| {
        rows.fold(vec![0.0; 2], |sum, row| vec![sum[0] + weight(row) * residuals[row].powi(2), sum[1] + weight(row) * outcome(row).powi(2)])
    }));
    let (mut rss, total) = (squares[0], squares[1]);
    // What rounding leaves of an exact fit, against the spread and the size of the outcome.
    if rss <= 1e-28 * total + 1e-31 * sums[0] * mean * mean {
        rss = 0.0;
        residuals.fill(0.0);
    }
    let df = (used - p) as f64;
    let variance = rss / df;
    let bread = &inverse * inverse.transpose();
    let classical = &bread * variance;
    let n_clusters = covariance.n_clusters(weight);
    let estimated = if covariance == Covariance::Classical || rss <= 0.0 {
        classical.clone()
    } else {
        let score: Vec<f64> = residuals.iter().enumerate().map(|(row, residual)| weight(row) * residual).collect();
        let scores = Scores { score: &score, leverage: &leverage, n: used, n_clusters };
        let mut robust = sandwich(&design, &bread, &scores, covariance)?;
        without_rounding(&mut robust, &classical);
        robust
    };
    let f_test = f_test(&triangle, p, variance, df);
    gamma[0] += mean;
    let log_likelihood = (rss > 0.0).then(|| {
        let logs: f64 = observations.weights.map_or(0.0, |weights| weights.iter().filter(|&&w| w > 0.0).map(|w| w.ln()).sum());
        0.5 * (logs - used as f64 * ((std::f64::consts::TAU * rss / used as f64).ln() + 1.0))
    });
    let (parameters, slopes) = ((p + 1) as f64, (p - 1) as f64);
    let r_squared = (total > 0.0).then(|| if slopes > 0.0 { 1.0 - rss / total } else { 0.0 });
    let reference_df = n_clusters.map_or(df, |clusters| (clusters - 1) as f64);
    let scaled = Scaled { scaling: design.scaling, estimate: gamma, covariance: estimated };
    Ok(LinearRegression {
        n: used,
        coefficients: coefficients(&design.names, &scaled, Some(reference_df), level)?,
        covariance: as_rows(&scaled.scaling.covariance(&scaled.covariance)),
        covariance_type: covariance.name(),
        residual_std_error: variance.sqrt(),
        df,
        r_squared,
        adjusted_r_squared: r_squared.map(|r_squared| 1.0 - (1.0 - r_squared) * (used - 1) as f64 / df),
        f_test,
        log_likelihood,
        aic: log_likelihood.map(|log_likelihood| -2.0 * log_likelihood + 2.0 * parameters),
        bic: log_likelihood.map(|log_likelihood| -2.0 * log_likelihood + (used as f64).ln() * parameters),
        fitted: residuals.iter().enumerate().map(|(row, residual)| observations.outcome[row] - residual).collect(),
        residuals,
        leverage,
        scaled,
        level,
        reference_df,
    })
}

/// The outcome's part along the slopes, whose squared length is the explained sum of squares, against the residual variance.
fn f_test(triangle: &nalgebra::DMatrix<f64>, p: usize, variance: f64, df: f64) -> Option<FTest> {
    let slopes = (p - 1) as f64;
    if p < 2 || variance <= 0.0 {
        return None;
    }
    let explained: f64 = (1..p).map(|j| triangle[(j, p)].powi(2)).sum();
    let statistic = explained / slopes / variance;
    Some(FTest { statistic, df_numerator: slopes, df_denominator: df, p_value: f_upper_p(statistic, slopes, df) })
}

impl LinearRegression {
    /// Expected outcome at these covariates (in their order), without offset.
    ///
    /// # Formula
    /// `xᵀβ`, standard error `√(xᵀ Cov x)`; a new outcome adds σ² to the variance.
    ///
    /// # Errors
    /// [`StatsError::LengthMismatch`], [`StatsError::NotFinite`].
    ///
    /// # Agrees with
    /// R `predict(fit, newdata, interval = "confidence" | "prediction")` with the classical covariance.
    pub fn predict(&self, values: &[f64]) -> Result<LinearPrediction, StatsError> {
        let (estimate, std_error) = self.scaled.predict(values)?;
        let quantile = interval_quantile(self.level, Some(self.reference_df));
        let around = |half: f64| Interval { lower: estimate - half, upper: estimate + half, level: self.level };
        Ok(LinearPrediction {
            estimate,
            std_error,
            interval: around(quantile * std_error),
            prediction_interval: around(quantile * std_error.hypot(self.residual_std_error)),
        })
    }

    /// Difference of the expected outcome between two places, second less first.
    ///
    /// # Errors
    /// As [`LinearRegression::predict`].
    pub fn contrast(&self, name: &str, first: &[f64], second: &[f64]) -> Result<Coefficient, StatsError> {
        let (estimate, std_error) = self.scaled.difference(first, second)?;
        Ok(coefficient(name, estimate, std_error, Some(self.reference_df), self.level))
    }

    /// F test of several coefficients being 0, from the model's covariance; `None` for unknown terms or an exact fit.
    ///
    /// # Formula
    /// `F = βᵀ Cov⁻¹ β / k` on k and the coefficients' degrees of freedom.
    ///
    /// # Agrees with
    /// R `drop1(fit, test = "F")` for a factor's columns with the classical covariance.
    #[must_use]
    pub fn joint_test(&self, terms: &[&str]) -> Option<FTest> {
        let positions = positions(&self.coefficients, terms)?;
        let k = positions.len() as f64;
        let statistic = self.scaled.wald(&positions)? / k;
        let p_value = f_upper_p(statistic, k, self.reference_df);
        Some(FTest { statistic, df_numerator: k, df_denominator: self.reference_df, p_value })
    }

    /// Variance inflation factor of each covariate: how many times its variance exceeds that with uncorrelated covariates.
    ///
    /// # Formula
    /// `Σ wᵢ (xᵢⱼ − x̄ⱼ)² · [(XᵀWX)⁻¹]ⱼⱼ`, from the classical covariance; `None` for a fit with another one or an exact fit.
    #[must_use]
    pub fn variance_inflation(&self) -> Option<Vec<f64>> {
        let variance = self.residual_std_error.powi(2);
        (variance > 0.0 && self.covariance_type == Covariance::Classical.name()).then(|| {
            let block = self.scaled.covariance.view((1, 1), (self.scaled.estimate.len() - 1, self.scaled.estimate.len() - 1)) / variance;
            let diagonal: DVector<f64> = block.diagonal();
            let intercept = self.scaled.covariance[(0, 0)] / variance;
            // The scaled columns have weighted mean 0 and variance 1, so their sum of squares is the total weight, 1/intercept.
            diagonal.iter().map(|value| value / intercept).collect()
        })
    }
}
