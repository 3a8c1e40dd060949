//! What goes into a Cox model and what comes out.

use serde::Serialize;

use super::prepared::Prepared;
use super::{firth, fit};
use crate::stats::covariates::Covariates;
use crate::stats::error::StatsError;
use crate::stats::estimate::Interval;
use crate::stats::hypothesis::TestResult;
use crate::stats::survival::time_to_event::TimeToEvent;

/// How ties between events are handled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ties {
    /// Efron's approximation.
    #[default]
    Efron,
    /// Breslow's approximation.
    Breslow,
}

/// What a Cox model may have beside times and covariates.
#[derive(Clone, Debug, PartialEq)]
pub struct CoxOptions<'a> {
    /// Ties between events.
    pub ties: Ties,
    /// Level of the intervals.
    pub level: f64,
    /// Each row's stratum, counted from 0: a baseline hazard of its own.
    pub strata: Option<&'a [usize]>,
    /// Each row's known part of the log hazard.
    pub offset: Option<&'a [f64]>,
    /// Each row's cluster (patient), counted from 0: robust standard errors by cluster.
    pub cluster: Option<&'a [usize]>,
    /// Robust standard errors with every row its own cluster.
    pub robust: bool,
    /// Firth's penalty: finite estimates where the events are separated.
    pub firth: bool,
}

impl Default for CoxOptions<'_> {
    fn default() -> Self {
        Self { ties: Ties::Efron, level: 0.95, strata: None, offset: None, cluster: None, robust: false, firth: false }
    }
}

/// One term of a Cox model.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CoxTerm {
    /// Its name.
    pub name: String,
    /// Log hazard ratio per unit.
    pub coefficient: f64,
    /// Standard error: the robust one where asked for, else the model's.
    pub std_error: f64,
    /// Model-based standard error.
    pub model_std_error: f64,
    /// Wald z.
    pub statistic: f64,
    /// Two-sided p value.
    pub p_value: f64,
    /// exp(coefficient).
    pub hazard_ratio: f64,
    /// Wald interval of the hazard ratio.
    pub interval: Interval,
}

/// A fitted Cox model.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CoxFit {
    /// Rows.
    pub n: usize,
    /// Rows that end in the event.
    pub n_events: usize,
    /// Ties between events.
    pub ties: Ties,
    /// Whether standard errors are robust.
    pub robust: bool,
    /// Whether Firth's penalty was used; the log likelihoods are then the penalized ones.
    pub firth: bool,
    /// Terms in the order of the covariates.
    pub terms: Vec<CoxTerm>,
    /// Covariance of the coefficients (robust where asked for).
    pub covariance: Vec<Vec<f64>>,
    /// Model-based covariance of the coefficients.
    pub model_covariance: Vec<Vec<f64>>,
    /// Log partial likelihood with all coefficients 0.
    pub log_likelihood_null: f64,
    /// Log partial likelihood at the estimate.
    pub log_likelihood: f64,
    /// −2 log likelihood + 2 p.
    pub aic: f64,
    /// −2 log likelihood + p log(events).
    pub bic: f64,
    /// Likelihood-ratio test of all coefficients.
    pub likelihood_ratio: TestResult,
    /// Wald test of all coefficients.
    pub wald: Option<TestResult>,
    /// Score test of all coefficients.
    pub score: TestResult,
    /// Robust score test, with robust standard errors.
    pub robust_score: Option<TestResult>,
    /// Newton steps taken.
    pub iterations: usize,
}

/// A fitted Cox model with its data, from which residuals, the baseline, predictions and diagnostics come.
///
/// Its methods are beside their subjects: `residuals`, `baseline_hazard`, `predict`, `concordance`, `proportional_hazards`.
#[derive(Clone, Debug)]
pub struct CoxModel {
    /// The fit.
    pub fit: CoxFit,
    pub(super) data: Prepared,
    /// Coefficients of the scaled covariates.
    pub(super) beta: Vec<f64>,
    /// Cluster of each row of the input.
    pub(super) cluster: Option<Vec<usize>>,
}

impl CoxModel {
    /// Fits a Cox model by Newton's method with step halving.
    ///
    /// # Formula
    /// Maximizes the log partial likelihood, summed over the strata's event times `i` with events `D`, at risk `R`, case weights
    /// `w`, offset `o` and `η = o + xβ`:
    /// ```text
    /// Breslow: ℓ = Σ_i [ Σ_D w η − (Σ_D w) log Σ_R w e^η ]
    /// Efron:   ℓ = Σ_i [ Σ_D w η − w̄_D Σ_{l=0}^{d−1} log(Σ_R w e^η − (l/d) Σ_D w e^η) ]
    /// ```
    /// Covariance is the inverse information `V`, or with clusters `V (Σ_c u_c u_cᵀ) V`, `u_c` the weighted score residuals summed
    /// within cluster c. `z = β/se`; the interval of a hazard ratio is `exp(β ± z se)`.
    ///
    /// # Conventions
    /// At risk at `t`: entry < t ≤ time, in the event's stratum. Time-dependent covariates are start–stop rows. Covariates are centred
    /// and scaled inside, which leaves the fit as it is and keeps far-from-zero covariates from overflowing. Fractional weights call
    /// for robust standard errors: set `robust`, or a cluster.
    ///
    /// # Errors
    /// [`StatsError::NoEvents`]; [`StatsError::ConstantCovariate`], [`StatsError::UninformativeCovariate`],
    /// [`StatsError::Collinear`], [`StatsError::Separation`] naming the term; [`StatsError::NotConverged`];
    /// [`StatsError::LengthMismatch`]; [`StatsError::InvalidLevel`]; [`StatsError::OneCluster`].
    ///
    /// # Agrees with
    /// R survival 3.5-3 `coxph(Surv(start, stop, event) ~ … + strata(s) + offset(o), weights = w, cluster = id, ties = …)` at
    /// `eps = 1e-12`; with `firth`, `coxphf::coxphf` (which uses Breslow ties).
    ///
    /// # References
    /// Cox (1972), JRSS B 34:187–220. Efron (1977), JASA 72:557–565. Lin & Wei (1989), JASA 84:1074–1078. Heinze & Schemper (2001),
    /// Biometrics 57:114–119.
    pub fn fit(rows: &TimeToEvent, covariates: &Covariates, options: &CoxOptions<'_>) -> Result<Self, StatsError> {
        let data = Prepared::new(rows, covariates, options)?;
        if options.firth { firth::fit(data, options) } else { fit::fit(data, options) }
    }

    /// Each row's linear predictor `xβ` (with its offset), in the order of the input, as it is: not centred.
    #[must_use]
    pub fn linear_predictor(&self) -> Vec<f64> {
        let shift = self.data.shifted_predictor(&self.beta);
        let mut result = vec![0.0; self.data.n()];
        for (place, eta) in self.data.predictor(&self.beta).into_iter().enumerate() {
            result[self.data.row[place] as usize] = eta + shift + self.data.offset_mean;
        }
        result
    }
}

/// Fits a Cox model without strata, offset or clusters.
///
/// # Formula
/// As [`CoxModel::fit`].
///
/// # Errors
/// As [`CoxModel::fit`].
pub fn cox(rows: &TimeToEvent, covariates: &Covariates, ties: Ties, level: f64) -> Result<CoxFit, StatsError> {
    let options = CoxOptions { ties, level, ..CoxOptions::default() };
    CoxModel::fit(rows, covariates, &options).map(|model| model.fit)
}
