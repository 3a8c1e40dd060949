//! Generalized linear models: logistic and Poisson regression.

use serde::Serialize;

use super::coefficient::{Coefficient, Scaled, as_rows, coefficients, interval_quantile, positions, without_rounding};
use super::design::{Design, inverse_triangle};
use super::family::Family;
use super::observations::Observations;
use super::sandwich::{Covariance, Scores, sandwich};
use super::scoring::Response;
use crate::stats::distributions::chi_squared_upper_p;
use crate::stats::error::{StatsError, check_finite, check_level};
use crate::stats::estimate::{Estimate, Interval};
use crate::stats::hypothesis::TestResult;

/// A fitted generalized linear model.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct GeneralizedLinearModel {
    /// Distribution and link.
    pub family: Family,
    /// Rows with a weight above 0.
    pub n: usize,
    /// The coefficients, intercept first; [`Coefficient::ratio`] gives odds, rate or risk ratios.
    pub coefficients: Vec<Coefficient>,
    /// Their covariance.
    pub covariance: Vec<Vec<f64>>,
    /// How it was estimated.
    pub covariance_type: &'static str,
    /// Deviance.
    pub deviance: f64,
    /// Deviance of the intercept (and offset) alone.
    pub null_deviance: f64,
    /// n − number of coefficients.
    pub df_residual: f64,
    /// Sum of squared Pearson residuals; over `df_residual` well above 1 means overdispersion.
    pub pearson_chi_squared: f64,
    /// Scale: 1, or Pearson χ² / df for the Gaussian family.
    pub dispersion: f64,
    /// Log-likelihood; `None` if a Gaussian fit is exact.
    pub log_likelihood: Option<f64>,
    /// −2 ℓ + 2 (number of parameters, a Gaussian scale included).
    pub aic: Option<f64>,
    /// −2 ℓ + ln(n) (number of parameters).
    pub bic: Option<f64>,
    /// Likelihood-ratio test against the intercept alone; `None` without covariates and for the Gaussian family.
    pub likelihood_ratio: Option<TestResult>,
    /// Fitted means.
    pub fitted: Vec<f64>,
    /// Newton steps taken.
    pub iterations: usize,
    #[serde(skip)]
    scaled: Scaled,
    #[serde(skip)]
    reference_df: Option<f64>,
    #[serde(skip)]
    level: f64,
}

/// A predicted mean.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct MeanPrediction {
    /// Linear predictor (log-odds, log rate).
    pub linear: Estimate,
    /// The mean (probability, rate): standard error by the delta method, limits from those of the linear predictor.
    pub mean: Estimate,
}

/// Fits a generalized linear model with the canonical link.
///
/// # Formula
/// ```text
/// g(μᵢ) = offsetᵢ + xᵢᵀβ;  Newton: β ← β + (XᵀWX)⁻¹ Xᵀ diag(wᵢ)(y − μ),  W = wᵢ V(μᵢ);  Cov β = φ (XᵀWX)⁻¹ or a sandwich
/// ```
/// φ = 1 (binomial, Poisson) or Pearson χ²/(n − p) (Gaussian); z statistics, t for the Gaussian family; Wald intervals.
///
/// # Conventions
/// Steps are halved until the deviance does not rise; the iteration ends when no coefficient of the scaled columns moves by 1e-9.
/// The log-likelihood weights each row's by its prior weight, where R rounds a weighted number of successes to a whole number. A
/// robust covariance of a Poisson model of a 0/1 outcome gives risk ratios.
///
/// # Errors
/// [`StatsError::Separation`] naming the term whose coefficient runs away; [`StatsError::NoEvents`] and
/// [`StatsError::ConstantOutcome`]; [`StatsError::OutOfRange`] for outcomes the family cannot have; [`StatsError::NotConverged`]; else as
/// [`super::linear_regression`].
///
/// # Agrees with
/// R 4.2 `glm(y ~ …, family, weights = w, offset = o)` at `epsilon = 1e-14`; sandwich 3.0-2.
///
/// # References
/// `McCullagh` & Nelder (1989), Generalized Linear Models. Zou (2004), Am J Epidemiology 159:702–706.
pub fn generalized_linear_model(
    observations: &Observations<'_>,
    family: Family,
    covariance: Covariance<'_>,
    level: f64,
) -> Result<GeneralizedLinearModel, StatsError> {
    check_level(level)?;
    let used = observations.check()?;
    let (n, p) = (observations.len(), observations.n_terms());
    let needed = p + usize::from(family.has_scale() || covariance != Covariance::Classical);
    if used < needed {
        return Err(StatsError::TooFew { found: used, needed });
    }
    let weight = |row: usize| observations.weight(row);
    covariance.check(n, weight)?;
    let design = Design::new(observations, None)?;
    let response = Response::new(observations, family, None)?;
    design.check_rank(&design.triangle(|row| weight(row).sqrt(), |_| 0.0))?;

    let fit = response.fit(&design)?;
    let null_deviance = fit.null_deviance * response.unit.powi(2);
    let eta: Vec<f64> = (0..n).map(|row| response.eta(&design, row, &fit.gamma)).collect();
    let pearson: f64 = (0..n)
        .filter(|&row| weight(row) > 0.0)
        .map(|row| weight(row) * (response.outcome[row] - family.mean(eta[row])).powi(2) / family.variance(eta[row]))
        .sum();
    let df = (used - p) as f64;
    // What rounding leaves of an exact fit is nothing.
    let exact = family.has_scale() && pearson <= 1e-28 * used as f64;
    let pearson = if exact { 0.0 } else { pearson };
    let scale = if family.has_scale() { pearson / df } else { 1.0 };
    let root: Vec<f64> = (0..n).map(|row| (weight(row) * family.variance(eta[row])).sqrt()).collect();
    let triangle = design.triangle(|row| root[row], |_| 0.0);
    let inverse = inverse_triangle(&triangle, p).ok_or_else(|| StatsError::Collinear { term: design.names[p - 1].clone() })?;
    let bread = &inverse * inverse.transpose();
    let classical = &bread * scale;
    let n_clusters = covariance.n_clusters(weight);
    let estimated = if covariance == Covariance::Classical || exact {
        classical
    } else {
        let score: Vec<f64> = (0..n).map(|row| weight(row) * (response.outcome[row] - family.mean(eta[row]))).collect();
        let leverage = if covariance.needs_leverage() { design.leverages(&inverse, |row| root[row].powi(2)) } else { vec![] };
        let mut robust = sandwich(&design, &bread, &Scores { score: &score, leverage: &leverage, n: used, n_clusters }, covariance)?;
        without_rounding(&mut robust, &classical);
        robust
    };

    let log_likelihood = if exact { None } else { Some(log_likelihood(&response, fit.deviance, used)) };
    let parameters = (p + usize::from(family.has_scale())) as f64;
    let deviance = fit.deviance * response.unit.powi(2);
    let likelihood_ratio = (p > 1 && !family.has_scale()).then(|| {
        let (statistic, df) = ((null_deviance - deviance).max(0.0), (p - 1) as f64);
        TestResult { method: "likelihood-ratio test", statistic, df: Some(df), p_value: chi_squared_upper_p(statistic, df) }
    });
    let fitted = eta.iter().enumerate().map(|(row, &eta)| match family {
        Family::Gaussian => response.shift + response.unit * eta + observations.offset_at(row),
        _ => family.mean(eta),
    });
    let fitted: Vec<f64> = fitted.collect();
    check_finite("the fitted means", &fitted)?;
    let reference_df = family.has_scale().then(|| n_clusters.map_or(df, |clusters| (clusters - 1) as f64));
    let scaled = Scaled { scaling: design.scaling, estimate: response.in_unit(&fit.gamma), covariance: estimated * response.unit.powi(2) };
    Ok(GeneralizedLinearModel {
        family,
        n: used,
        coefficients: coefficients(&design.names, &scaled, reference_df, level)?,
        covariance: as_rows(&scaled.scaling.covariance(&scaled.covariance)),
        covariance_type: covariance.name(),
        deviance,
        null_deviance,
        df_residual: df,
        pearson_chi_squared: pearson * response.unit.powi(2),
        dispersion: scale * response.unit.powi(2),
        log_likelihood,
        aic: log_likelihood.map(|log_likelihood| -2.0 * log_likelihood + 2.0 * parameters),
        bic: log_likelihood.map(|log_likelihood| -2.0 * log_likelihood + (used as f64).ln() * parameters),
        likelihood_ratio,
        fitted,
        iterations: fit.iterations,
        scaled,
        reference_df,
        level,
    })
}

/// Log-likelihood from the deviance.
fn log_likelihood(response: &Response, deviance: f64, n: usize) -> f64 {
    let weighted = || response.outcome.iter().zip(&response.weight).filter(|(_, weight)| **weight > 0.0);
    if response.family.has_scale() {
        let logs: f64 = weighted().map(|(_, weight)| weight.ln()).sum();
        let variance = deviance * response.unit.powi(2) / n as f64;
        return 0.5 * (logs - n as f64 * ((std::f64::consts::TAU * variance).ln() + 1.0));
    }
    weighted().map(|(&outcome, &weight)| response.family.perfect_log_likelihood(outcome, weight)).sum::<f64>() - deviance / 2.0
}

impl GeneralizedLinearModel {
    /// Mean at these covariates (in their order) and this offset.
    ///
    /// # Formula
    /// `η = offset + xᵀβ`, `se(η) = √(xᵀ Cov x)`; mean `g⁻¹(η)`, standard error `|dμ/dη| se(η)`, limits `g⁻¹(η ± z se(η))`.
    ///
    /// # Errors
    /// [`StatsError::LengthMismatch`], [`StatsError::NotFinite`].
    ///
    /// # Agrees with
    /// R `predict(fit, newdata, type = "link" | "response", se.fit = TRUE)`.
    pub fn predict(&self, values: &[f64], offset: f64) -> Result<MeanPrediction, StatsError> {
        let (without, std_error) = self.scaled.predict(values)?;
        let eta = without + offset;
        let half = interval_quantile(self.level, self.reference_df) * std_error;
        let limits = (eta - half, eta + half);
        let (mean, upper) = (self.family.mean(eta), self.family.mean(limits.1));
        check_finite("the prediction", &[eta, mean, upper])?;
        let level = self.level;
        Ok(MeanPrediction {
            linear: Estimate { estimate: eta, std_error, interval: Some(Interval { lower: limits.0, upper: limits.1, level }) },
            mean: Estimate {
                estimate: mean,
                std_error: self.family.variance(eta) * std_error,
                interval: Some(Interval { lower: self.family.mean(limits.0), upper, level }),
            },
        })
    }

    /// Wald χ² test of several coefficients being 0; `None` for unknown terms or without an error.
    ///
    /// # Formula
    /// `βᵀ Cov⁻¹ β` on as many degrees of freedom as terms.
    #[must_use]
    pub fn joint_test(&self, terms: &[&str]) -> Option<TestResult> {
        let positions = positions(&self.coefficients, terms)?;
        let (statistic, df) = (self.scaled.wald(&positions)?, positions.len() as f64);
        Some(TestResult { method: "Wald test", statistic, df: Some(df), p_value: chi_squared_upper_p(statistic, df) })
    }
}
