//! Generalized linear models by iteratively reweighted least squares.

use nalgebra::{DMatrix, DVector};
use serde::Serialize;

use super::design::Design;
use super::family::Family;
use super::linear::check_weights;
use super::sandwich::{ErrorKind, sandwich};
use super::term::{Term, rows, terms};
use crate::stats::covariates::Covariates;
use crate::stats::error::{StatsError, check_finite, check_level};

/// What a generalized linear model may have beside outcome and covariates.
#[derive(Clone, Copy, Debug)]
pub struct GlmOptions<'a> {
    /// Prior weights: trials of a binomial share, repeats of a row.
    pub weights: Option<&'a [f64]>,
    /// Known part of the linear predictor (log of the time at risk, for rates).
    pub offset: Option<&'a [f64]>,
    /// Standard errors.
    pub errors: ErrorKind<'a>,
    /// Level of the intervals.
    pub level: f64,
}

impl Default for GlmOptions<'_> {
    fn default() -> Self {
        Self { weights: None, offset: None, errors: ErrorKind::Model, level: 0.95 }
    }
}

/// A fitted generalized linear model.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct GeneralizedLinearModel {
    /// Distribution of the outcome.
    pub family: Family,
    /// Terms, intercept first; on the scale of the link.
    pub terms: Vec<Term>,
    /// Covariance of the coefficients (robust where asked for).
    pub covariance: Vec<Vec<f64>>,
    /// Rows.
    pub n: usize,
    /// Residual degrees of freedom.
    pub df_residual: f64,
    /// Deviance.
    pub deviance: f64,
    /// Deviance with an intercept alone.
    pub null_deviance: f64,
    /// Log likelihood.
    pub log_likelihood: f64,
    /// Akaike's criterion.
    pub aic: f64,
    /// Schwarz's criterion.
    pub bic: f64,
    /// Σ of squared Pearson residuals over the degrees of freedom: above 1 where counts vary more than Poisson's.
    pub dispersion: f64,
    /// Fitted means.
    pub fitted: Vec<f64>,
    /// Newton steps taken.
    pub iterations: usize,
}

const MAX_ITERATIONS: usize = 100;

/// Logistic or Poisson regression (or least squares, for comparison).
///
/// # Formula
/// ```text
/// link(μ) = offset + β₀ + Σ βⱼxⱼ;   Newton: β ← β + (XᵀWX)⁻¹ Xᵀ w(y − μ),   W = w Var(μ)
/// V = (XᵀWX)⁻¹, or (XᵀWX)⁻¹ [Σ w²(y − μ)² c xxᵀ] (XᵀWX)⁻¹, or summed within clusters times G/(G − 1)
/// ```
/// z tests and Wald intervals. For `Gaussian` V is not scaled: use [`super::linear_regression`].
///
/// # Errors
/// [`StatsError::Separation`] naming the term where no finite estimate exists; [`StatsError::ConstantCovariate`],
/// [`StatsError::Collinear`]; [`StatsError::OutOfRange`] for outcomes the family cannot have; [`StatsError::Undefined`] for one outcome
/// throughout; [`StatsError::NotConverged`]; [`StatsError::TooFew`], [`StatsError::LengthMismatch`], [`StatsError::NotFinite`],
/// [`StatsError::InvalidLevel`], [`StatsError::OneCluster`].
///
/// # Agrees with
/// R `glm(y ~ …, family, weights = w, offset = o)`; `sandwich::vcovHC(type = "HC0")`, `sandwich::vcovCL(type = "HC0")`.
///
/// # References
/// McCullagh & Nelder (1989), Generalized Linear Models. Zou (2004), Am J Epidemiol 159:702–706, for risk ratios by robust Poisson.
pub fn generalized_linear_model(
    outcome: &[f64],
    covariates: &Covariates,
    family: Family,
    options: &GlmOptions<'_>,
) -> Result<GeneralizedLinearModel, StatsError> {
    check_level(options.level)?;
    let n = outcome.len();
    if n == 0 {
        return Err(StatsError::EmptySample);
    }
    for (what, length) in [("covariates", Some(covariates.n_rows())), ("offset", options.offset.map(<[f64]>::len))] {
        if let Some(found) = length.filter(|&length| length != n) {
            return Err(StatsError::LengthMismatch { what: what.to_owned(), found, expected: n });
        }
    }
    check_finite("outcome", outcome)?;
    check_finite("offset", options.offset.unwrap_or_default())?;
    if let Some(weights) = options.weights {
        check_weights(weights, n)?;
    }
    family.check(outcome)?;
    let design = Design::new(covariates)?;
    let problem = Problem { outcome, family, weights: options.weights, offset: options.offset };
    let fit = problem.solve(&design)?;
    let null = if design.p > 1 { problem.solve(&Design::new(&Covariates::none(n))?)?.deviance } else { fit.deviance };
    let p = design.p;
    let inverse = design.factor(fit.information.clone())?.inverse();
    let score: Vec<f64> = (0..n).map(|row| problem.weight(row) * (outcome[row] - fit.mean[row])).collect();
    let leverage = |row: usize| {
        let x = DVector::from_column_slice(design.row(row));
        problem.weight(row) * family.variance(fit.mean[row]) * x.dot(&(&inverse * &x))
    };
    let covariance = design.covariance_in_units(&sandwich(&design, &inverse, &score, leverage, options.errors, false)?);
    let coefficients = design.in_units(fit.scaled.as_slice());
    let (nf, df) = (n as f64, (n - p) as f64);
    let pearson: f64 =
        (0..n).map(|row| problem.weight(row) * (outcome[row] - fit.mean[row]).powi(2) / family.variance(fit.mean[row])).sum();
    let (log_likelihood, parameters) = if family == Family::Gaussian {
        let log_weights: f64 = options.weights.map_or(0.0, |weights| weights.iter().map(|weight| weight.ln()).sum());
        (0.5 * (log_weights - nf * ((std::f64::consts::TAU * fit.deviance / nf).ln() + 1.0)), p as f64 + 1.0)
    } else {
        ((0..n).map(|row| family.log_likelihood(outcome[row], fit.mean[row], problem.weight(row))).sum(), p as f64)
    };
    Ok(GeneralizedLinearModel {
        family,
        terms: terms(&design.names, &coefficients, &covariance, None, options.level),
        covariance: rows(&covariance),
        n,
        df_residual: df,
        deviance: fit.deviance,
        null_deviance: null,
        log_likelihood,
        aic: 2.0 * (parameters - log_likelihood),
        bic: parameters * nf.ln() - 2.0 * log_likelihood,
        dispersion: if n > p { pearson / df } else { 1.0 },
        fitted: fit.mean,
        iterations: fit.iterations,
    })
}

struct Problem<'a> {
    outcome: &'a [f64],
    family: Family,
    weights: Option<&'a [f64]>,
    offset: Option<&'a [f64]>,
}

struct Solution {
    scaled: DVector<f64>,
    mean: Vec<f64>,
    deviance: f64,
    information: DMatrix<f64>,
    iterations: usize,
}

impl Problem<'_> {
    fn weight(&self, row: usize) -> f64 {
        self.weights.map_or(1.0, |weights| weights[row])
    }

    fn means(&self, design: &Design, scaled: &DVector<f64>) -> (Vec<f64>, f64) {
        let mut eta = design.predictor(scaled.as_slice());
        eta.iter_mut().zip(self.offset.unwrap_or_default()).for_each(|(eta, offset)| *eta += offset);
        let mean: Vec<f64> = eta.into_iter().map(|eta| self.family.mean(eta)).collect();
        let deviance = (0..mean.len()).map(|row| self.weight(row) * self.family.deviance(self.outcome[row], mean[row])).sum();
        (mean, deviance)
    }

    /// Newton's method with step halving, from the intercept that fits the mean.
    fn solve(&self, design: &Design) -> Result<Solution, StatsError> {
        let n = self.outcome.len();
        let total: f64 = (0..n).map(|row| self.weight(row)).sum();
        let mean = (0..n).map(|row| self.weight(row) * self.outcome[row]).sum::<f64>() / total;
        let mut scaled = DVector::zeros(design.p);
        let offset = self.offset.map_or(0.0, |offset| offset.iter().sum::<f64>() / n as f64);
        scaled[0] = self.family.link(mean) - offset;
        let (mut mean, mut deviance) = self.means(design, &scaled);
        let mut iterations = 0;
        loop {
            let residual: Vec<f64> =
                mean.iter().zip(self.outcome).map(|(mean, y)| (y - mean) / self.family.variance(*mean).max(f64::MIN_POSITIVE)).collect();
            let (information, score) = design.crossproducts(|row| self.weight(row) * self.family.variance(mean[row]), &residual);
            let (largest, size) =
                scaled.iter().map(|b| b.abs()).enumerate().fold((0, 0.0), |best, (j, b)| if b > best.1 { (j, b) } else { best });
            let separated = |place: usize| StatsError::Separation {
                term: if place == 0 { "(Intercept)".to_owned() } else { design.names[place - 1].clone() },
            };
            let factor = design.factor(information).map_err(|error| if size > 8.0 { separated(largest) } else { error })?;
            let step = factor.solve(&score);
            let mut fraction = 1.0;
            let (next, next_mean, next_deviance) = loop {
                let next = &scaled + &step * fraction;
                let (next_mean, next_deviance) = self.means(design, &next);
                if next_deviance.is_finite() && next_deviance <= deviance + 1e-12 * deviance.abs().max(1e-12) || fraction < 1e-8 {
                    break (next, next_mean, next_deviance);
                }
                fraction /= 2.0;
            };
            let change = (next_deviance - deviance).abs();
            (scaled, mean, deviance) = (next, next_mean, next_deviance);
            iterations += 1;
            let (place, longest) =
                step.iter().map(|s| s.abs()).enumerate().fold((0, 0.0), |best, (j, s)| if s > best.1 { (j, s) } else { best });
            let small = longest < 1e-9 * scaled.amax().max(1.0);
            if small || self.family == Family::Gaussian && iterations == 2 {
                let variance = |row: usize| self.weight(row) * self.family.variance(mean[row]);
                let (information, _) = design.crossproducts(variance, self.outcome);
                return Ok(Solution { scaled, mean, deviance, information, iterations });
            }
            // The deviance stands still while the coefficients run away: a separated outcome.
            if change <= 1e-8 * (deviance.abs() + 0.1) && longest > 0.1 && iterations > 5 {
                let runaway = (1..step.len()).max_by(|&a, &b| step[a].abs().total_cmp(&step[b].abs())).unwrap_or(place);
                return Err(separated(runaway));
            }
            if iterations == MAX_ITERATIONS {
                return Err(StatsError::NotConverged { iterations });
            }
        }
    }
}
