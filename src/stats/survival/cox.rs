//! Cox proportional-hazards model.

use nalgebra::{Cholesky, DMatrix, DVector, Dyn, SymmetricEigen};
use serde::Serialize;

use super::cox_likelihood::{Likelihood, Rows, evaluate};
use super::time_to_event::TimeToEvent;
use crate::stats::distributions::{chi_squared_upper_p, normal_quantile, normal_two_sided_p};
use crate::stats::error::{StatsError, check_finite, check_level};
use crate::stats::estimate::Interval;
use crate::stats::hypothesis::TestResult;

/// How ties between events are handled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ties {
    /// Efron's approximation.
    Efron,
    /// Breslow's approximation.
    Breslow,
}

/// Named explanatory variables of equal length.
#[derive(Clone, Debug, PartialEq)]
pub struct Covariates {
    names: Vec<String>,
    columns: Vec<Vec<f64>>,
}

impl Covariates {
    /// Takes one column per name.
    ///
    /// # Errors
    /// [`StatsError::EmptySample`] without columns, [`StatsError::LengthMismatch`], [`StatsError::NotFinite`].
    pub fn new(names: Vec<String>, columns: Vec<Vec<f64>>) -> Result<Self, StatsError> {
        if columns.is_empty() {
            return Err(StatsError::EmptySample);
        }
        if names.len() != columns.len() {
            return Err(StatsError::LengthMismatch { what: "names".to_owned(), found: names.len(), expected: columns.len() });
        }
        for (name, column) in names.iter().zip(&columns) {
            if column.len() != columns[0].len() {
                return Err(StatsError::LengthMismatch { what: name.clone(), found: column.len(), expected: columns[0].len() });
            }
            check_finite(name, column)?;
        }
        Ok(Self { names, columns })
    }

    /// Names.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Columns.
    #[must_use]
    pub fn columns(&self) -> &[Vec<f64>] {
        &self.columns
    }
}

/// One term of a Cox model.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CoxTerm {
    /// Its name.
    pub name: String,
    /// Log hazard ratio per unit.
    pub coefficient: f64,
    /// Model-based standard error.
    pub std_error: f64,
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
    /// Events among them.
    pub n_events: usize,
    /// Ties between events.
    pub ties: Ties,
    /// Terms in the order of the covariates.
    pub terms: Vec<CoxTerm>,
    /// Covariance of the coefficients.
    pub covariance: Vec<Vec<f64>>,
    /// Log partial likelihood with all coefficients 0.
    pub log_likelihood_null: f64,
    /// Log partial likelihood at the estimate.
    pub log_likelihood: f64,
    /// Likelihood-ratio test of all coefficients.
    pub likelihood_ratio: TestResult,
    /// Wald test of all coefficients.
    pub wald: TestResult,
    /// Score test of all coefficients.
    pub score: TestResult,
    /// Newton steps taken.
    pub iterations: usize,
}

const MAX_ITERATIONS: usize = 60;
/// Relative change of the log likelihood at which the iteration may end.
const TOLERANCE: f64 = 1e-13;
/// A step this long (in standard deviations) while the likelihood stands still means there is no finite estimate.
const RUNAWAY_STEP: f64 = 1e-3;

/// Fits a Cox model by Newton's method with step halving.
///
/// # Formula
/// Maximizes the log partial likelihood (Efron's or Breslow's approximation for ties); covariance is the inverse
/// information; `z = β/se`; the interval of a hazard ratio is `exp(β ± z se)`.
///
/// # Conventions
/// Covariates are centred and scaled inside, which leaves the fit as it is and keeps far-from-zero covariates from
/// overflowing. Tests at 0 and at the estimate as R's `coxph` prints them.
///
/// # Errors
/// [`StatsError::NoEvents`]; [`StatsError::ConstantCovariate`], [`StatsError::UninformativeCovariate`],
/// [`StatsError::Collinear`], [`StatsError::Separation`] naming the term; [`StatsError::NotConverged`];
/// [`StatsError::LengthMismatch`]; [`StatsError::InvalidLevel`].
///
/// # Agrees with
/// R survival 3.5-3 `coxph(Surv(time, event) ~ …, ties = …)` at `eps = 1e-12`.
///
/// # References
/// Cox (1972), JRSS B 34:187–220. Efron (1977), JASA 72:557–565.
pub fn cox(rows: &TimeToEvent, covariates: &Covariates, ties: Ties, level: f64) -> Result<CoxFit, StatsError> {
    check_level(level)?;
    let n = rows.len();
    if covariates.columns[0].len() != n {
        return Err(StatsError::LengthMismatch { what: "covariates".to_owned(), found: covariates.columns[0].len(), expected: n });
    }
    if rows.n_events() == 0 {
        return Err(StatsError::NoEvents);
    }
    let scaled = Scaled::new(rows, covariates)?;
    let p = scaled.rows.p;
    let null = evaluate(&scaled.rows, &vec![0.0; p], ties);
    scaled.check_information(&null, rows.n_events())?;

    let mut beta = vec![0.0; p];
    let mut current = null.clone();
    let mut iterations = 0;
    loop {
        let factor = scaled.factor(&current, &beta)?;
        let step = factor.solve(&DVector::from_column_slice(&current.score));
        let (next_beta, next) = halved_step(&scaled.rows, &beta, &step, &current, ties);
        iterations += 1;
        let change = (next.log_likelihood - current.log_likelihood).abs();
        let still = change <= TOLERANCE * current.log_likelihood.abs().max(1.0);
        (beta, current) = (next_beta, next);
        let longest =
            step.iter().enumerate().max_by(|a, b| a.1.abs().total_cmp(&b.1.abs())).map_or((0, 0.0), |(term, step)| (term, step.abs()));
        if still && longest.1 < 1e-9 {
            break;
        }
        if (still || change <= 1e-9 * current.log_likelihood.abs().max(1e-9)) && longest.1 > RUNAWAY_STEP {
            return Err(StatsError::Separation { term: covariates.names[longest.0].clone() });
        }
        if iterations == MAX_ITERATIONS {
            // The last digits of a flat likelihood may wander; that is as far as the arithmetic goes.
            if still && longest.1 < 1e-6 {
                break;
            }
            return Err(StatsError::NotConverged { iterations });
        }
    }
    scaled.fit(&beta, &null, &current, covariates, ties, level, iterations, rows.n_events())
}

/// A Newton step, halved until the likelihood does not fall.
fn halved_step(rows: &Rows, beta: &[f64], step: &DVector<f64>, current: &Likelihood, ties: Ties) -> (Vec<f64>, Likelihood) {
    let mut fraction = 1.0;
    loop {
        let next: Vec<f64> = beta.iter().zip(step.iter()).map(|(b, s)| b + fraction * s).collect();
        let likelihood = evaluate(rows, &next, ties);
        let slack = 1e-12 * current.log_likelihood.abs().max(1.0);
        if (likelihood.log_likelihood.is_finite() && likelihood.log_likelihood >= current.log_likelihood - slack) || fraction < 1e-8 {
            return (next, likelihood);
        }
        fraction /= 2.0;
    }
}

/// Covariates centred and scaled, rows sorted by falling time.
struct Scaled {
    rows: Rows,
    scale: Vec<f64>,
    names: Vec<String>,
}

impl Scaled {
    fn new(rows: &TimeToEvent, covariates: &Covariates) -> Result<Self, StatsError> {
        let (n, p) = (rows.len(), covariates.columns.len());
        let mut order = rows.order();
        order.reverse();
        let mut x = vec![0.0; n * p];
        let mut scale = Vec::with_capacity(p);
        for (j, (name, column)) in covariates.names.iter().zip(&covariates.columns).enumerate() {
            let first = column[0];
            if column.iter().all(|value| value.total_cmp(&first).is_eq()) {
                return Err(StatsError::ConstantCovariate { term: name.clone() });
            }
            // Differences from the first value first: a mean of numbers near 1e9 would lose their digits.
            let mean = column.iter().map(|value| value - first).sum::<f64>() / n as f64;
            let variance = column.iter().map(|value| (value - first - mean).powi(2)).sum::<f64>() / n as f64;
            let deviation = variance.sqrt();
            scale.push(deviation);
            for (row, &source) in order.iter().enumerate() {
                x[row * p + j] = (column[source] - first - mean) / deviation;
            }
        }
        let time = order.iter().map(|&row| rows.time()[row]).collect();
        let event = order.iter().map(|&row| rows.event()[row]).collect();
        let scaled = Self { rows: Rows { time, event, x, p }, scale, names: covariates.names.clone() };
        scaled.check_collinear()?;
        Ok(scaled)
    }

    /// The smallest eigenvalue of the covariates' correlation matrix shows whether one is made of others.
    fn check_collinear(&self) -> Result<(), StatsError> {
        let (p, n) = (self.rows.p, self.rows.time.len());
        let mut correlation = DMatrix::<f64>::zeros(p, p);
        for row in self.rows.x.chunks_exact(p) {
            for j in 0..p {
                for k in j..p {
                    correlation[(j, k)] += row[j] * row[k] / n as f64;
                }
            }
        }
        correlation.fill_lower_triangle_with_upper_triangle();
        let eigen = SymmetricEigen::new(correlation);
        let Some((smallest, value)) = eigen.eigenvalues.iter().enumerate().min_by(|a, b| a.1.total_cmp(b.1)) else { return Ok(()) };
        if *value > 1e-11 {
            return Ok(());
        }
        let involved = eigen.eigenvectors.column(smallest);
        // Of the terms in the combination, the last one named is the one to leave out.
        let term = (0..p).rev().find(|&j| involved[j].abs() > 1e-4).unwrap_or(p - 1);
        Err(StatsError::Collinear { term: self.names[term].clone() })
    }

    /// At zero the information of a scaled covariate is its variance within risk sets, summed over events.
    fn check_information(&self, null: &Likelihood, n_events: usize) -> Result<(), StatsError> {
        let p = self.rows.p;
        match (0..p).find(|&j| null.information[j * p + j] <= 1e-12 * n_events as f64) {
            Some(j) => Err(StatsError::UninformativeCovariate { term: self.names[j].clone() }),
            None => Ok(()),
        }
    }

    fn factor(&self, likelihood: &Likelihood, beta: &[f64]) -> Result<Cholesky<f64, Dyn>, StatsError> {
        let p = self.rows.p;
        let information = DMatrix::from_row_slice(p, p, &likelihood.information);
        let largest = (0..p).max_by(|&a, &b| beta[a].abs().total_cmp(&beta[b].abs())).unwrap_or(0);
        Cholesky::new(information).ok_or_else(|| {
            let term = self.names[largest].clone();
            // Far out the information vanishes; near zero it is singular because covariates repeat each other in the risk sets.
            if beta[largest].abs() > 5.0 {
                StatsError::Separation { term }
            } else {
                StatsError::Collinear { term: self.names[p - 1].clone() }
            }
        })
    }

    #[allow(clippy::too_many_arguments)]
    fn fit(
        &self,
        beta: &[f64],
        null: &Likelihood,
        last: &Likelihood,
        covariates: &Covariates,
        ties: Ties,
        level: f64,
        iterations: usize,
        n_events: usize,
    ) -> Result<CoxFit, StatsError> {
        let p = self.rows.p;
        let inverse = self.factor(last, beta)?.inverse();
        let z = normal_quantile(0.5 + level / 2.0);
        let terms = (0..p)
            .map(|j| {
                let coefficient = beta[j] / self.scale[j];
                let std_error = inverse[(j, j)].sqrt() / self.scale[j];
                let statistic = coefficient / std_error;
                CoxTerm {
                    name: covariates.names[j].clone(),
                    coefficient,
                    std_error,
                    statistic,
                    p_value: normal_two_sided_p(statistic),
                    hazard_ratio: coefficient.exp(),
                    interval: Interval { lower: (coefficient - z * std_error).exp(), upper: (coefficient + z * std_error).exp(), level },
                }
            })
            .collect();
        let covariance = (0..p).map(|j| (0..p).map(|k| inverse[(j, k)] / (self.scale[j] * self.scale[k])).collect()).collect();
        let score = DVector::from_column_slice(&null.score);
        let score_statistic = score.dot(&self.factor(null, &vec![0.0; p])?.solve(&score));
        let estimate = DVector::from_column_slice(beta);
        let information = DMatrix::from_row_slice(p, p, &last.information);
        let wald_statistic = estimate.dot(&(information * &estimate));
        let df = p as f64;
        let test = |method, statistic| TestResult { method, statistic, df: Some(df), p_value: chi_squared_upper_p(statistic, df) };
        Ok(CoxFit {
            n: self.rows.time.len(),
            n_events,
            ties,
            terms,
            covariance,
            log_likelihood_null: null.log_likelihood,
            log_likelihood: last.log_likelihood,
            likelihood_ratio: test("likelihood-ratio test", 2.0 * (last.log_likelihood - null.log_likelihood)),
            wald: test("Wald test", wald_statistic),
            score: test("score test", score_statistic),
            iterations,
        })
    }
}
