//! Generalized estimating equations: marginal models of correlated rows.

use serde::Serialize;

use super::clusters::{Clusters, Grouped};
use super::coefficient::{Coefficient, Scaled, as_rows, coefficients, interval_quantile, positions};
use super::design::Design;
use super::equations::Equations;
use super::family::Family;
use super::observations::Observations;
use super::scoring::Response;
use super::working_correlation::WorkingCorrelation;
use crate::stats::distributions::chi_squared_upper_p;
use crate::stats::error::{StatsError, check_finite, check_level};
use crate::stats::estimate::{Estimate, Interval};
use crate::stats::hypothesis::TestResult;

/// A fitted marginal model.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct EstimatingEquations {
    /// Variance and link.
    pub family: Family,
    /// Working correlation.
    pub working_correlation: WorkingCorrelation,
    /// Rows with a weight above 0.
    pub n: usize,
    /// Clusters.
    pub n_clusters: usize,
    /// Rows of the largest cluster.
    pub largest_cluster: usize,
    /// The coefficients, intercept first, with sandwich standard errors and z statistics.
    pub coefficients: Vec<Coefficient>,
    /// Wald χ² of each coefficient on one degree of freedom; `None` where the error is 0.
    pub wald: Vec<Option<TestResult>>,
    /// Sandwich covariance.
    pub covariance: Vec<Vec<f64>>,
    /// Covariance if the working correlation held.
    pub model_covariance: Vec<Vec<f64>>,
    /// α; `None` under independence or if no cluster has two rows.
    pub correlation: Option<Estimate>,
    /// The standard error of α as geepack computes it, to compare with; too large or too small (see *Agrees with*).
    pub geepack_correlation_error: Option<f64>,
    /// φ.
    pub scale: Estimate,
    /// Whether α gives every cluster a possible correlation matrix; if not, prefer another working correlation.
    pub is_positive_definite: bool,
    /// Fitted means.
    pub fitted: Vec<f64>,
    /// Iterations taken.
    pub iterations: usize,
    #[serde(skip)]
    scaled: Scaled,
}

/// Fits a marginal model by generalized estimating equations.
///
/// # Formula
/// ```text
/// β: Σ Dᵀ V⁻¹ (y − μ) = 0,  V = φ A^½ W^-½ R(α) W^-½ A^½          (Fisher scoring, one step an iteration)
/// φ = Σ wᵢ rᵢ² / Σ wᵢ,  r = (y − μ)/√V(μ)                           (no correction for the number of coefficients)
/// α: Σ over pairs of e wᵢ wⱼ (rᵢ rⱼ/φ − ρᵢⱼ(α)) = 0,  e = dρ/dα    (exchangeable: a mean of the products)
/// Cov β = H⁻¹ (Σ U Uᵀ) H⁻¹, U each cluster's part of the first equation; no correction for few clusters
/// ```
/// Standard errors of φ and α: the same sandwich of the three sets of equations together.
///
/// # Conventions
/// Rows of equal `id` are one cluster wherever they stand, in order of appearance (geepack: consecutive rows only). Waves are
/// distances as they are (geepack: ranks among the waves present in the data, the same where each wave is present). Inverses of R
/// are closed forms, so an iteration takes time proportional to the rows. It ends when nothing changes by 1e-12; R's default of
/// 1e-4 stops earlier.
///
/// # Edge cases
/// Where no cluster has two rows α is unknown and the fit is that of independence.
///
/// # Errors
/// [`StatsError::TooFewClusters`] below two; [`StatsError::RepeatedWave`] for AR-1; [`StatsError::ConstantOutcome`];
/// [`StatsError::ExactFit`]; [`StatsError::SingularCorrelation`]; [`StatsError::NotConverged`]; else as
/// [`super::generalized_linear_model`].
///
/// # Agrees with
/// R geepack 1.3.9 `geeglm(y ~ …, id, family, corstr, weights, waves)` at `epsilon = 1e-10`, but for the standard error of α.
/// There geepack multiplies each residual of a pair by its own derivative where the product rule has the other's, divides by √V once too
/// often, and counts the cluster before once more for every one-row cluster. On the Ohio data (logistic, exchangeable) its 0.063 stands
/// against 0.035 of 150 bootstrap samples of children and 0.036 of this function; for normal outcomes the difference is 0.1 to 10 %.
/// `geepack_correlation_error` is geepack's number, but for its third slip.
///
/// # References
/// Liang & Zeger (1986), Biometrika 73:13–22. Halekoh, Højsgaard & Yan (2006), J Stat Software 15(2).
pub fn estimating_equations(
    observations: &Observations<'_>,
    clusters: &Clusters<'_>,
    family: Family,
    working_correlation: WorkingCorrelation,
    level: f64,
) -> Result<EstimatingEquations, StatsError> {
    check_level(level)?;
    let used = observations.check()?;
    let p = observations.n_terms();
    if used < p {
        return Err(StatsError::TooFew { found: used, needed: p });
    }
    let grouped = Grouped::new(clusters, observations, working_correlation)?;
    let design = Design::new(observations, Some(&grouped.order))?;
    let response = Response::new(observations, family, Some(&grouped.order))?;
    design.check_rank(&design.triangle(|row| response.weight[row].sqrt(), |_| 0.0))?;
    let gamma = response.fit(&design)?.gamma;

    let model = Equations { design: &design, response: &response, grouped: &grouped, working: working_correlation };
    let (state, iterations) = model.iterate(gamma)?;
    let sandwich = model.sandwich(&state)?;

    let unit = response.unit;
    let scaled = Scaled {
        scaling: design.scaling.clone(),
        estimate: response.in_unit(&state.gamma),
        covariance: sandwich.covariance * unit.powi(2),
    };
    let table = coefficients(&design.names, &scaled, None, level)?;
    let wald = table
        .iter()
        .map(|term| {
            let statistic = term.statistic?.powi(2);
            Some(TestResult { method: "Wald test", statistic, df: Some(1.0), p_value: chi_squared_upper_p(statistic, 1.0) })
        })
        .collect();
    let quantile = interval_quantile(level, None);
    let estimate = |estimate: f64, std_error: f64| {
        let half = quantile * std_error;
        Estimate { estimate, std_error, interval: Some(Interval { lower: estimate - half, upper: estimate + half, level }) }
    };
    let mut fitted = vec![0.0; design.n];
    for (row, &source) in grouped.order.iter().enumerate() {
        let mean = family.mean(response.eta(&design, row, &state.gamma));
        let back = if family == Family::Gaussian { observations.offset_at(source) } else { 0.0 };
        fitted[source] = response.shift + unit * mean + back;
    }
    check_finite("the fitted means", &fitted)?;
    let largest = grouped.ranges().map(|rows| rows.len()).max().unwrap_or(0);
    Ok(EstimatingEquations {
        family,
        working_correlation,
        n: used,
        n_clusters: grouped.starts.len() - 1,
        largest_cluster: largest,
        coefficients: table,
        wald,
        covariance: as_rows(&scaled.scaling.covariance(&scaled.covariance)),
        model_covariance: as_rows(&scaled.scaling.covariance(&(sandwich.model * unit.powi(2)))),
        correlation: state.alpha.map(|alpha| estimate(alpha, sandwich.alpha_error)),
        geepack_correlation_error: state.alpha.map(|_| sandwich.geepack_alpha_error),
        scale: estimate(state.phi * unit.powi(2), sandwich.phi_error * unit.powi(2)),
        is_positive_definite: working_correlation.is_positive_definite(state.alpha.unwrap_or(0.0), largest),
        fitted,
        iterations,
        scaled,
    })
}

impl EstimatingEquations {
    /// Wald χ² test of several coefficients being 0; `None` for unknown terms or without an error.
    ///
    /// # Formula
    /// `βᵀ Cov⁻¹ β` on as many degrees of freedom as terms.
    ///
    /// # Agrees with
    /// R geepack `anova(fit)` of the last term.
    #[must_use]
    pub fn joint_test(&self, terms: &[&str]) -> Option<TestResult> {
        let positions = positions(&self.coefficients, terms)?;
        let (statistic, df) = (self.scaled.wald(&positions)?, positions.len() as f64);
        Some(TestResult { method: "Wald test", statistic, df: Some(df), p_value: chi_squared_upper_p(statistic, df) })
    }
}
