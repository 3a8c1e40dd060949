//! Generalized estimating equations.

use nalgebra::{DMatrix, DVector};
use serde::Serialize;

use super::design::Design;
use super::family::Family;
use super::generalized_linear::{GlmOptions, generalized_linear_model};
use super::term::{Term, rows, terms};
use super::working_correlation::WorkingCorrelation;
use crate::stats::covariates::Covariates;
use crate::stats::error::{StatsError, check_finite, check_level};
use crate::stats::estimate::Estimate;

/// What estimating equations may have beside outcome, covariates and patients.
#[derive(Clone, Copy, Debug)]
pub struct GeeOptions<'a> {
    /// Distribution of the outcome.
    pub family: Family,
    /// Working correlation.
    pub correlation: WorkingCorrelation,
    /// Times of the rows for AR-1, whole numbers; without them a patient's rows are one step apart in their order.
    pub times: Option<&'a [f64]>,
    /// Level of the intervals.
    pub level: f64,
}

impl Default for GeeOptions<'_> {
    fn default() -> Self {
        Self { family: Family::Gaussian, correlation: WorkingCorrelation::Exchangeable, times: None, level: 0.95 }
    }
}

/// Fitted estimating equations.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct EstimatingEquations {
    /// Distribution of the outcome.
    pub family: Family,
    /// Working correlation.
    pub correlation: WorkingCorrelation,
    /// Terms, intercept first, with sandwich standard errors; `statistic` is z (R prints its square).
    pub terms: Vec<Term>,
    /// Sandwich covariance of the coefficients.
    pub covariance: Vec<Vec<f64>>,
    /// The working correlation's parameter with its sandwich standard error; `None` for independence.
    pub alpha: Option<Estimate>,
    /// Scale: the mean squared Pearson residual.
    pub phi: f64,
    /// Rows.
    pub n: usize,
    /// Patients.
    pub n_clusters: usize,
    /// Rows of the largest patient.
    pub largest_cluster: usize,
    /// Iterations.
    pub iterations: usize,
}

const MAX_ITERATIONS: usize = 500;

/// Generalized estimating equations: the mean over patients of an outcome with several rows each.
///
/// # Formula
/// ```text
/// Σ_i D_iᵀ V_i⁻¹ (y_i − μ_i) = 0,   V = φ A^½ R(α) A^½
/// φ = Σ r²/N,   Σ_pairs ∂ρ/∂α (r_j r_k/φ − ρ) = 0,   r = (y − μ)/√Var(μ)
/// Cov β = M⁻¹ [Σ_i D_iᵀ V_i⁻¹ e_i e_iᵀ V_i⁻¹ D_i] M⁻¹,   M = Σ_i D_iᵀ V_i⁻¹ D_i
/// ```
/// The standard error of α is that of the three sets of equations stacked.
///
/// # Conventions
/// Rows with one id belong together wherever they stand, in the order of their times (or of appearance). No small-sample correction;
/// below some 40 patients the standard errors are too small. O(rows) per iteration.
///
/// # Errors
/// [`StatsError::OneCluster`] below two patients; [`StatsError::NotConverged`]; [`StatsError::Undefined`] where the estimated
/// correlation leaves no valid working matrix; [`StatsError::OutOfRange`] for times that are not whole or repeat; as
/// [`generalized_linear_model`].
///
/// # Agrees with
/// R `geepack::geeglm(y ~ …, id = id, family, corstr)` in coefficients, sandwich errors, α and φ. geepack's standard error of α takes one
/// product of residuals and derivatives crosswise; the two differ by a few per cent.
///
/// # References
/// Liang & Zeger (1986), Biometrika 73:13–22; Yan & Fine (2004), Stat Med 23:859–874.
pub fn estimating_equations(
    outcome: &[f64],
    covariates: &Covariates,
    id: &[usize],
    options: &GeeOptions<'_>,
) -> Result<EstimatingEquations, StatsError> {
    check_level(options.level)?;
    let n = outcome.len();
    for (what, length) in [("id", Some(id.len())), ("times", options.times.map(<[f64]>::len))] {
        if let Some(found) = length.filter(|&length| length != n) {
            return Err(StatsError::LengthMismatch { what: what.to_owned(), found, expected: n });
        }
    }
    check_finite("times", options.times.unwrap_or_default())?;
    let start =
        generalized_linear_model(outcome, covariates, options.family, &GlmOptions { level: options.level, ..GlmOptions::default() })?;
    let clusters = Clusters::new(id, options)?;
    if clusters.starts.len() < 3 {
        return Err(StatsError::OneCluster);
    }
    let sorted = |values: &[f64]| -> Vec<f64> { clusters.order.iter().map(|&row| values[row]).collect() };
    let columns = covariates.columns().iter().map(|column| sorted(column)).collect::<Vec<_>>();
    let covariates = if columns.is_empty() { Covariates::none(n) } else { Covariates::new(covariates.names().to_vec(), columns)? };
    let mut fit = Fit {
        design: Design::new(&covariates)?,
        outcome: sorted(outcome),
        clusters,
        options: *options,
        scaled: DVector::zeros(0),
        phi: 1.0,
        alpha: 0.0,
    };
    let coefficients: Vec<f64> = start.terms.iter().map(|term| term.estimate).collect();
    fit.scaled = fit.to_scaled(&coefficients);
    let iterations = fit.iterate()?;
    fit.result(iterations)
}

/// Rows put together by patient.
struct Clusters {
    order: Vec<usize>,
    /// First place of each cluster, and the end.
    starts: Vec<usize>,
    times: Vec<f64>,
}

impl Clusters {
    fn new(id: &[usize], options: &GeeOptions<'_>) -> Result<Self, StatsError> {
        let mut order: Vec<usize> = (0..id.len()).collect();
        order.sort_by_key(|&row| id[row]);
        let mut starts = vec![0];
        let mut times = vec![0.0; id.len()];
        let mut sorted = Vec::with_capacity(id.len());
        for cluster in order.chunk_by(|&a, &b| id[a] == id[b]) {
            let start = sorted.len();
            sorted.extend_from_slice(cluster);
            if let Some(given) = options.times.filter(|_| options.correlation == WorkingCorrelation::Ar1) {
                sorted[start..].sort_by(|&a, &b| given[a].total_cmp(&given[b]));
                for place in start..sorted.len() {
                    times[place] = given[sorted[place]];
                    let value = times[place];
                    if value.fract() != 0.0 || place > start && value <= times[place - 1] {
                        let expected = "AR-1 needs whole times, each once per patient";
                        return Err(StatsError::OutOfRange { what: "a time", value, expected });
                    }
                }
            } else {
                (start..sorted.len()).for_each(|place| times[place] = (place - start) as f64);
            }
            starts.push(sorted.len());
        }
        Ok(Self { order: sorted, starts, times })
    }
}

struct Fit<'a> {
    design: Design,
    outcome: Vec<f64>,
    clusters: Clusters,
    options: GeeOptions<'a>,
    scaled: DVector<f64>,
    phi: f64,
    alpha: f64,
}

/// The equations at one point.
struct Equations {
    /// Σ DᵀR⁻¹D.
    information: DMatrix<f64>,
    /// Each cluster's DᵀR⁻¹r.
    scores: Vec<DVector<f64>>,
    total: DVector<f64>,
    /// Pearson residuals.
    residuals: Vec<f64>,
    /// √Var: the derivative of the mean over √Var, per unit of the linear predictor.
    roots: Vec<f64>,
    means: Vec<f64>,
}

impl Fit<'_> {
    fn to_scaled(&self, coefficients: &[f64]) -> DVector<f64> {
        let design = &self.design;
        let mut scaled = DVector::from_column_slice(coefficients);
        for j in 1..design.p {
            scaled[0] += coefficients[j] * design.centre_of(j);
            scaled[j] = coefficients[j] * design.scale_of(j);
        }
        scaled
    }

    fn equations(&self) -> Equations {
        let (p, family) = (self.design.p, self.options.family);
        let means: Vec<f64> = self.design.predictor(self.scaled.as_slice()).into_iter().map(|eta| family.mean(eta)).collect();
        let roots: Vec<f64> = means.iter().map(|&mean| family.variance(mean).sqrt()).collect();
        let residuals: Vec<f64> = (0..means.len()).map(|row| (self.outcome[row] - means[row]) / roots[row]).collect();
        let mut result = Equations {
            information: DMatrix::zeros(p, p),
            scores: Vec::with_capacity(self.clusters.starts.len()),
            total: DVector::zeros(p),
            residuals,
            roots,
            means,
        };
        let width = p + 1;
        let mut block = Vec::new();
        let mut products = vec![0.0; p * p];
        for bounds in self.clusters.starts.windows(2) {
            block.clear();
            for row in bounds[0]..bounds[1] {
                block.extend(self.design.row(row).iter().map(|x| x * result.roots[row]));
                block.push(result.residuals[row]);
            }
            self.options.correlation.whiten(self.alpha, &self.clusters.times[bounds[0]..bounds[1]], &mut block, width);
            let mut score = DVector::zeros(p);
            for row in block.chunks_exact(width) {
                for j in 0..p {
                    score[j] += row[j] * row[p];
                    for k in j..p {
                        products[j * p + k] += row[j] * row[k];
                    }
                }
            }
            result.total += &score;
            result.scores.push(score);
        }
        result.information = DMatrix::from_fn(p, p, |j, k| products[j.min(k) * p + j.max(k)]);
        result
    }

    /// β, φ and α in turn until none moves.
    fn iterate(&mut self) -> Result<usize, StatsError> {
        for iteration in 1..=MAX_ITERATIONS {
            let equations = self.equations();
            let step = self.design.factor(equations.information)?.solve(&equations.total);
            self.scaled += &step;
            let before = (self.phi, self.alpha);
            let residuals = self.equations_residuals();
            self.phi = residuals.iter().map(|r| r * r).sum::<f64>() / residuals.len() as f64;
            if !(self.phi > 0.0 && self.phi.is_finite()) {
                return Err(StatsError::NotConverged { iterations: iteration });
            }
            self.solve_alpha(&residuals)?;
            let moved = step.amax() / self.scaled.amax().max(1.0);
            let others = (self.phi - before.0).abs() / self.phi + (self.alpha - before.1).abs();
            if moved < 1e-12 && others < 1e-12 {
                return Ok(iteration);
            }
        }
        Err(StatsError::NotConverged { iterations: MAX_ITERATIONS })
    }

    fn equations_residuals(&self) -> Vec<f64> {
        let family = self.options.family;
        let eta = self.design.predictor(self.scaled.as_slice());
        eta.into_iter()
            .zip(&self.outcome)
            .map(|(eta, y)| {
                let mean = family.mean(eta);
                (y - mean) / family.variance(mean).sqrt()
            })
            .collect()
    }

    /// One Gauss–Newton step of α's equation.
    fn solve_alpha(&mut self, residuals: &[f64]) -> Result<(), StatsError> {
        if self.options.correlation == WorkingCorrelation::Independence {
            return Ok(());
        }
        let (mut score, mut information) = (0.0, 0.0);
        for bounds in self.clusters.starts.windows(2) {
            let range = bounds[0]..bounds[1];
            let sums = self.options.correlation.pairs(self.alpha, &self.clusters.times[range.clone()], &residuals[range], self.phi);
            score += sums.score;
            information += sums.information;
        }
        if information <= 0.0 {
            return Err(StatsError::Undefined {
                why: "no patient has two rows, so no correlation within patients can be estimated".to_owned(),
            });
        }
        self.alpha += score / information;
        let largest = self.clusters.starts.windows(2).map(|bounds| bounds[1] - bounds[0]).max().unwrap_or(1) as f64;
        let least = if self.options.correlation == WorkingCorrelation::Exchangeable { -1.0 / (largest - 1.0) } else { -1.0 };
        if self.alpha >= 1.0 || self.alpha <= least {
            return Err(StatsError::Undefined {
                why: format!("the estimated correlation within patients, {:.3}, leaves no valid working matrix; use another", self.alpha),
            });
        }
        // A negative α to the power of a distance is a sign from row to row, which is what it says for whole distances.
        Ok(())
    }

    fn result(self, iterations: usize) -> Result<EstimatingEquations, StatsError> {
        let equations = self.equations();
        let p = self.design.p;
        let inverse = self.design.factor(equations.information.clone())?.inverse();
        let mut meat = DMatrix::zeros(p, p);
        equations.scores.iter().for_each(|score| meat += score * score.transpose());
        let covariance = self.design.covariance_in_units(&(&inverse * meat * &inverse));
        let coefficients = self.design.in_units(self.scaled.as_slice());
        let sizes = self.clusters.starts.windows(2).map(|bounds| bounds[1] - bounds[0]);
        let alpha = (self.options.correlation != WorkingCorrelation::Independence).then(|| Estimate {
            estimate: self.alpha,
            std_error: self.alpha_variance(&equations, &inverse).max(0.0).sqrt(),
            interval: None,
        });
        Ok(EstimatingEquations {
            family: self.options.family,
            correlation: self.options.correlation,
            terms: terms(&self.design.names, &coefficients, &covariance, None, self.options.level),
            covariance: rows(&covariance),
            alpha,
            phi: self.phi,
            n: self.outcome.len(),
            n_clusters: self.clusters.starts.len() - 1,
            largest_cluster: sizes.max().unwrap_or(0),
            iterations,
        })
    }

    /// Each cluster's influence on α: its own equation, and through β and φ.
    fn alpha_variance(&self, equations: &Equations, inverse: &DMatrix<f64>) -> f64 {
        let (p, phi, family) = (self.design.p, self.phi, self.options.family);
        let n = self.outcome.len() as f64;
        // Derivatives: of Σ r² with respect to β, of α's equation with respect to β and φ.
        let (mut squares_beta, mut alpha_beta) = (DVector::<f64>::zeros(p), DVector::<f64>::zeros(p));
        let (mut alpha_phi, mut information) = (0.0, 0.0);
        let mut own = Vec::with_capacity(equations.scores.len());
        for bounds in self.clusters.starts.windows(2) {
            let range = bounds[0]..bounds[1];
            let (times, residuals) = (&self.clusters.times[range.clone()], &equations.residuals[range.clone()]);
            let sums = self.options.correlation.pairs(self.alpha, times, residuals, phi);
            let partners = self.options.correlation.partners(self.alpha, times, residuals);
            information += sums.information;
            alpha_phi -= sums.products / phi;
            own.push(sums.score);
            for (place, row) in range.enumerate() {
                let r = residuals[place];
                // ∂r/∂β = −(√Var + r Var'/2) x, for a canonical link.
                let slope = -(equations.roots[row] + 0.5 * r * family.variance_slope(equations.means[row]));
                for (j, x) in self.design.row(row).iter().enumerate() {
                    squares_beta[j] += 2.0 * r * slope * x;
                    alpha_beta[j] += partners[place] / phi * slope * x;
                }
            }
        }
        let mut variance = 0.0;
        for (cluster, bounds) in self.clusters.starts.windows(2).enumerate() {
            let beta = inverse * &equations.scores[cluster];
            let squares: f64 = equations.residuals[bounds[0]..bounds[1]].iter().map(|r| r * r - phi).sum();
            let phi_change = (squares + squares_beta.dot(&beta)) / n;
            let change = (own[cluster] + alpha_beta.dot(&beta) + alpha_phi * phi_change) / information;
            variance += change * change;
        }
        variance
    }
}
