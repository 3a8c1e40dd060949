//! Least squares with several covariates.

use nalgebra::DVector;
use serde::Serialize;

use super::design::Design;
use super::sandwich::{ErrorKind, sandwich};
use super::term::{Term, rows, terms};
use crate::stats::covariates::Covariates;
use crate::stats::distributions::{f_upper_p, t_quantile};
use crate::stats::error::{StatsError, check_finite, check_level};
use crate::stats::estimate::{Estimate, Interval};
use crate::stats::hypothesis::TestResult;

/// What least squares may have beside outcome and covariates.
#[derive(Clone, Copy, Debug)]
pub struct LinearOptions<'a> {
    /// Case weights: inverse variances.
    pub weights: Option<&'a [f64]>,
    /// Standard errors.
    pub errors: ErrorKind<'a>,
    /// Level of the intervals.
    pub level: f64,
}

impl Default for LinearOptions<'_> {
    fn default() -> Self {
        Self { weights: None, errors: ErrorKind::Model, level: 0.95 }
    }
}

/// A fitted linear model.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LinearModel {
    /// Terms, intercept first.
    pub terms: Vec<Term>,
    /// Covariance of the coefficients (robust where asked for).
    pub covariance: Vec<Vec<f64>>,
    /// Rows.
    pub n: usize,
    /// Residual degrees of freedom.
    pub df_residual: f64,
    /// Residual standard error.
    pub sigma: f64,
    /// Share of the variance explained; `None` if the outcome does not vary.
    pub r_squared: Option<f64>,
    /// The same adjusted for the number of terms.
    pub adjusted_r_squared: Option<f64>,
    /// F test of all covariates; its `df` is the numerator's.
    pub f_test: Option<TestResult>,
    /// Log likelihood of normal errors.
    pub log_likelihood: f64,
    /// Akaike's criterion (σ counted as a parameter, as R does).
    pub aic: f64,
    /// Schwarz's criterion.
    pub bic: f64,
    /// Fitted values, in the order of the rows.
    pub fitted: Vec<f64>,
    /// Residuals.
    pub residuals: Vec<f64>,
    /// Leverage of each row.
    pub leverage: Vec<f64>,
}

/// Least squares: `y = β₀ + Σ βⱼxⱼ + ε`. With the indicators of a group and a baseline covariate this is analysis of covariance.
///
/// # Formula
/// ```text
/// β = (XᵀWX)⁻¹XᵀWy,   σ² = Σ w e²/(n − p),   V = σ²(XᵀWX)⁻¹
/// HC0 … HC3: (XᵀWX)⁻¹ [Σ w²e² c xxᵀ] (XᵀWX)⁻¹,   c = 1, n/(n − p), 1/(1 − h), 1/(1 − h)²
/// cluster:   (XᵀWX)⁻¹ [Σ_g u_g u_gᵀ] (XᵀWX)⁻¹ · G/(G − 1) · (n − 1)/(n − p)
/// ```
/// Intervals and p values by t on n − p degrees of freedom (clusters: G − 1).
///
/// # Conventions
/// Normal equations of centred and scaled columns with one step of refinement. The log likelihood, AIC and BIC count σ.
///
/// # Errors
/// [`StatsError::TooFew`] unless there are more rows than terms; [`StatsError::ConstantCovariate`], [`StatsError::Collinear`];
/// [`StatsError::LengthMismatch`], [`StatsError::NotFinite`], [`StatsError::InvalidLevel`]; [`StatsError::OutOfRange`] for a weight not
/// above 0; [`StatsError::OneCluster`]; [`StatsError::Undefined`] for a perfect fit.
///
/// # Agrees with
/// R `lm(y ~ …, weights = w)`, `sandwich::vcovHC(type = "HC0" … "HC3")`, `sandwich::vcovCL(type = "HC1")`.
///
/// # References
/// White (1980); MacKinnon & White (1985), J Econometrics 29:305–325.
pub fn linear_regression(outcome: &[f64], covariates: &Covariates, options: &LinearOptions<'_>) -> Result<LinearModel, StatsError> {
    check_level(options.level)?;
    let n = outcome.len();
    if covariates.n_rows() != n {
        return Err(StatsError::LengthMismatch { what: "covariates".to_owned(), found: covariates.n_rows(), expected: n });
    }
    check_finite("outcome", outcome)?;
    if let Some(weights) = options.weights {
        check_weights(weights, n)?;
    }
    let design = Design::new(covariates)?;
    let p = design.p;
    if n <= p {
        return Err(StatsError::TooFew { found: n, needed: p + 1 });
    }
    let weight = |row: usize| options.weights.map_or(1.0, |weights| weights[row]);
    // About its mean the outcome keeps its digits.
    let centre = outcome[0] + outcome.iter().map(|value| value - outcome[0]).sum::<f64>() / n as f64;
    let y: Vec<f64> = outcome.iter().map(|value| value - centre).collect();
    let (products, sums) = design.crossproducts(weight, &y);
    let factor = design.factor(products)?;
    let mut scaled = factor.solve(&sums);
    let residuals_at =
        |scaled: &DVector<f64>| -> Vec<f64> { design.predictor(scaled.as_slice()).iter().zip(&y).map(|(fitted, y)| y - fitted).collect() };
    scaled += factor.solve(&design.crossproducts(weight, &residuals_at(&scaled)).1);
    let residuals = residuals_at(&scaled);
    let inverse = factor.inverse();

    let (nf, df) = (n as f64, (n - p) as f64);
    let sum_of_squares = |values: &[f64]| values.iter().enumerate().map(|(row, value)| weight(row) * value * value).sum::<f64>();
    let rss = sum_of_squares(&residuals);
    let total_weight: f64 = (0..n).map(weight).sum();
    let mean = (0..n).map(|row| weight(row) * y[row]).sum::<f64>() / total_weight;
    let tss = sum_of_squares(&y.iter().map(|value| value - mean).collect::<Vec<_>>());
    if rss <= 1e-28 * tss.max(f64::MIN_POSITIVE) || rss <= 0.0 {
        return Err(StatsError::Undefined {
            why: "the line goes through every point, so there is no spread to judge the terms by".to_owned(),
        });
    }
    let sigma2 = rss / df;
    let leverage: Vec<f64> = (0..n)
        .map(|row| {
            let x = DVector::from_column_slice(design.row(row));
            weight(row) * x.dot(&(&inverse * &x))
        })
        .collect();
    let score: Vec<f64> = residuals.iter().enumerate().map(|(row, residual)| weight(row) * residual).collect();
    let covariance = match options.errors {
        ErrorKind::Model => &inverse * sigma2,
        kind => sandwich(&design, &inverse, &score, |row| leverage[row], kind, true)?,
    };
    let covariance = design.covariance_in_units(&covariance);
    let mut coefficients = design.in_units(scaled.as_slice());
    coefficients[0] += centre;
    let test_df = match options.errors {
        ErrorKind::Cluster(cluster) => {
            let mut codes = cluster.to_vec();
            codes.sort_unstable();
            codes.dedup();
            codes.len() as f64 - 1.0
        }
        _ => df,
    };
    let log_weights: f64 = options.weights.map_or(0.0, |weights| weights.iter().map(|weight| weight.ln()).sum());
    let log_likelihood = 0.5 * (log_weights - nf * ((std::f64::consts::TAU * rss / nf).ln() + 1.0));
    let parameters = p as f64 + 1.0;
    let explained = (tss > 0.0 && p > 1).then(|| 1.0 - rss / tss);
    let f_test = (p > 1).then(|| {
        let df1 = p as f64 - 1.0;
        let statistic = (tss - rss) / df1 / sigma2;
        TestResult { method: "F test of all covariates", statistic, df: Some(df1), p_value: f_upper_p(statistic, df1, df) }
    });
    Ok(LinearModel {
        terms: terms(&design.names, &coefficients, &covariance, Some(test_df), options.level),
        covariance: rows(&covariance),
        n,
        df_residual: df,
        sigma: sigma2.sqrt(),
        r_squared: explained,
        adjusted_r_squared: explained.map(|r2| 1.0 - (1.0 - r2) * (nf - 1.0) / df),
        f_test,
        log_likelihood,
        aic: 2.0 * (parameters - log_likelihood),
        bic: parameters * nf.ln() - 2.0 * log_likelihood,
        fitted: outcome.iter().zip(&residuals).map(|(value, residual)| value - residual).collect(),
        residuals,
        leverage,
    })
}

impl LinearModel {
    /// Mean predicted at values of the covariates, with the interval of the mean.
    ///
    /// # Formula
    /// `xβ ± t √(xVxᵀ)`.
    ///
    /// # Errors
    /// [`StatsError::LengthMismatch`] unless there is a value for each covariate; [`StatsError::NotFinite`].
    pub fn predict(&self, covariates: &[f64]) -> Result<Estimate, StatsError> {
        let expected = self.terms.len() - 1;
        if covariates.len() != expected {
            return Err(StatsError::LengthMismatch { what: "covariates".to_owned(), found: covariates.len(), expected });
        }
        check_finite("covariates", covariates)?;
        let x: Vec<f64> = std::iter::once(1.0).chain(covariates.iter().copied()).collect();
        let estimate = x.iter().zip(&self.terms).map(|(x, term)| x * term.estimate).sum::<f64>();
        let mut variance = 0.0;
        for (j, row) in self.covariance.iter().enumerate() {
            variance += row.iter().enumerate().map(|(k, cell)| x[j] * cell * x[k]).sum::<f64>();
        }
        let std_error = variance.max(0.0).sqrt();
        let level = self.terms[0].interval.level;
        let half = t_quantile(0.5 + level / 2.0, self.df_residual) * std_error;
        Ok(Estimate { estimate, std_error, interval: Some(Interval { lower: estimate - half, upper: estimate + half, level }) })
    }
}

/// Weights above 0, one for each row.
pub(super) fn check_weights(weights: &[f64], n: usize) -> Result<(), StatsError> {
    if weights.len() != n {
        return Err(StatsError::LengthMismatch { what: "weights".to_owned(), found: weights.len(), expected: n });
    }
    check_finite("weights", weights)?;
    match weights.iter().find(|&&weight| weight <= 0.0) {
        Some(&value) => Err(StatsError::OutOfRange { what: "a weight", value, expected: "weights must be above 0" }),
        None => Ok(()),
    }
}
