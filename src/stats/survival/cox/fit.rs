//! Newton's method for the partial likelihood, and the tests at its maximum.

use nalgebra::{Cholesky, DMatrix, DVector, Dyn};

use super::likelihood::{Likelihood, evaluate};
use super::model::{CoxFit, CoxModel, CoxOptions, CoxTerm, Ties};
use super::prepared::Prepared;
use super::residuals::cluster_sums;
use crate::stats::distributions::{chi_squared_upper_p, normal_quantile, normal_two_sided_p};
use crate::stats::error::StatsError;
use crate::stats::estimate::Interval;
use crate::stats::hypothesis::TestResult;

pub(super) const MAX_ITERATIONS: usize = 60;
/// Relative change of the log likelihood at which the iteration may end.
const TOLERANCE: f64 = 1e-13;
/// A step this long (in standard deviations) while the likelihood stands still means there is no finite estimate.
const RUNAWAY_STEP: f64 = 1e-3;
/// A last step this short leaves an error of its square.
const LAST_STEP: f64 = 1e-8;

pub(super) fn fit(data: Prepared, options: &CoxOptions<'_>) -> Result<CoxModel, StatsError> {
    let p = data.p;
    let null = evaluate(&data, &vec![0.0; p], options.ties);
    check_information(&data, &null)?;
    let mut beta = vec![0.0; p];
    let mut current = null.clone();
    let mut iterations = 0;
    let mut last_step = f64::INFINITY;
    loop {
        let step = factor(&data, &current, &beta)?.solve(&DVector::from_column_slice(&current.score));
        let (next_beta, next) = halved_step(&data, &beta, &step, &current, options.ties);
        iterations += 1;
        let change = (next.log_likelihood - current.log_likelihood).abs();
        let still = change <= TOLERANCE * current.log_likelihood.abs().max(1.0);
        (beta, current) = (next_beta, next);
        let (term, longest) = longest(step.as_slice());
        if longest < LAST_STEP {
            break;
        }
        // On the way to an estimate each step is far shorter than the last, also that of a covariate with outliers.
        let as_long = longest > RUNAWAY_STEP && longest > 0.5 * last_step;
        last_step = longest;
        if (still || change <= 1e-9 * current.log_likelihood.abs().max(1e-9)) && as_long {
            return Err(StatsError::Separation { term: data.names[term].clone() });
        }
        if iterations == MAX_ITERATIONS {
            // The last digits of a flat likelihood may wander; that is as far as the arithmetic goes.
            if still && longest < 1e-6 {
                break;
            }
            return Err(StatsError::NotConverged { iterations });
        }
    }
    let inverse = factor(&data, &current, &beta)?.inverse();
    let null_factor = factor(&data, &null, &vec![0.0; p])?;
    let score = DVector::from_column_slice(&null.score);
    let score_statistic = score.dot(&null_factor.solve(&score));
    assemble(data, options, beta, &inverse, [null.log_likelihood, current.log_likelihood], score_statistic, iterations)
}

/// The place and size of the largest element.
pub(super) fn longest(step: &[f64]) -> (usize, f64) {
    step.iter().map(|step| step.abs()).enumerate().max_by(|a, b| a.1.total_cmp(&b.1)).unwrap_or((0, 0.0))
}

/// A Newton step, halved until the likelihood does not fall.
fn halved_step(rows: &Prepared, beta: &[f64], step: &DVector<f64>, current: &Likelihood, ties: Ties) -> (Vec<f64>, Likelihood) {
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

/// At zero the information of a scaled covariate is its variance within risk sets, summed over events.
pub(super) fn check_information(data: &Prepared, null: &Likelihood) -> Result<(), StatsError> {
    let p = data.p;
    match (0..p).find(|&j| null.information[j * p + j] <= 1e-12 * data.n_events as f64) {
        Some(j) => Err(StatsError::UninformativeCovariate { term: data.names[j].clone() }),
        None => Ok(()),
    }
}

pub(super) fn factor(data: &Prepared, likelihood: &Likelihood, beta: &[f64]) -> Result<Cholesky<f64, Dyn>, StatsError> {
    let p = data.p;
    let (largest, size) = longest(beta);
    Cholesky::new(DMatrix::from_row_slice(p, p, &likelihood.information)).ok_or_else(|| {
        // Far out the information vanishes; near zero it is singular because covariates repeat each other in the risk sets.
        if size > 5.0 {
            StatsError::Separation { term: data.names[largest].clone() }
        } else {
            StatsError::Collinear { term: data.names[p - 1].clone() }
        }
    })
}

/// The model from its estimate: robust covariance if asked for, terms and tests.
pub(super) fn assemble(
    data: Prepared,
    options: &CoxOptions<'_>,
    beta: Vec<f64>,
    inverse: &DMatrix<f64>,
    [log_likelihood_null, log_likelihood]: [f64; 2],
    score_statistic: f64,
    iterations: usize,
) -> Result<CoxModel, StatsError> {
    let p = data.p;
    let df = p as f64;
    let test = |method, statistic| TestResult { method, statistic, df: Some(df), p_value: chi_squared_upper_p(statistic, df) };
    let robust = options.robust || options.cluster.is_some();
    let cluster: Option<Vec<usize>> = options.cluster.map(<[usize]>::to_vec);
    let mut covariance = inverse.clone();
    let mut robust_score = None;
    if robust {
        let n_clusters = distinct(cluster.as_deref(), data.n());
        if n_clusters < 2 {
            return Err(StatsError::OneCluster);
        }
        let meat = cluster_sums(&data, &beta, options.ties, cluster.as_deref());
        covariance = inverse * (meat.transpose() * &meat) * inverse;
        // Scores that cancel to their rounding within every cluster leave no error to speak of.
        if (0..p).any(|j| covariance[(j, j)] <= 1e-20 * inverse[(j, j)]) {
            return Err(StatsError::UndefinedVariance { what: "a robust standard error" });
        }
        // Lin & Wei's score test: the spread of the clusters' scores at zero instead of the information.
        let at_zero = cluster_sums(&data, &vec![0.0; p], options.ties, cluster.as_deref());
        let total = DVector::from_iterator(p, at_zero.column_iter().map(|column| column.sum()));
        robust_score = regular(&(at_zero.transpose() * &at_zero)).map(|spread| test("robust score test", total.dot(&spread.solve(&total))));
    }
    let z = normal_quantile(0.5 + options.level / 2.0);
    let in_units = |matrix: &DMatrix<f64>| -> Vec<Vec<f64>> {
        (0..p).map(|j| (0..p).map(|k| matrix[(j, k)] / (data.scale[j] * data.scale[k])).collect()).collect()
    };
    let terms = (0..p)
        .map(|j| {
            let coefficient = beta[j] / data.scale[j];
            let std_error = covariance[(j, j)].sqrt() / data.scale[j];
            let statistic = coefficient / std_error;
            let interval =
                Interval { lower: (coefficient - z * std_error).exp(), upper: (coefficient + z * std_error).exp(), level: options.level };
            CoxTerm {
                name: data.names[j].clone(),
                coefficient,
                std_error,
                model_std_error: inverse[(j, j)].sqrt() / data.scale[j],
                statistic,
                p_value: normal_two_sided_p(statistic),
                hazard_ratio: coefficient.exp(),
                interval,
            }
        })
        .collect();
    let estimate = DVector::from_column_slice(&beta);
    // With no more clusters than terms the robust covariance is singular, and there is no joint Wald test of it.
    let wald = regular(&covariance).map(|covariance| test("Wald test", estimate.dot(&covariance.solve(&estimate))));
    let fit = CoxFit {
        n: data.n(),
        n_events: data.n_events,
        ties: options.ties,
        robust,
        firth: options.firth,
        terms,
        covariance: in_units(&covariance),
        model_covariance: in_units(inverse),
        log_likelihood_null,
        log_likelihood,
        aic: 2.0 * (df - log_likelihood),
        bic: df * (data.n_events as f64).ln() - 2.0 * log_likelihood,
        likelihood_ratio: test("likelihood-ratio test", 2.0 * (log_likelihood - log_likelihood_null)),
        wald,
        score: test("score test", score_statistic),
        robust_score,
        iterations,
    };
    Ok(CoxModel { fit, data, beta, cluster })
}

/// The decomposition of a covariance, unless a pivot is nothing but rounding.
fn regular(covariance: &DMatrix<f64>) -> Option<Cholesky<f64, Dyn>> {
    let spread = covariance.diagonal().map(f64::sqrt);
    let correlation = DMatrix::from_fn(covariance.nrows(), covariance.ncols(), |j, k| covariance[(j, k)] / (spread[j] * spread[k]));
    let pivots = Cholesky::new(correlation)?.l().diagonal();
    pivots.iter().all(|pivot| pivot.powi(2) > 1e-10).then(|| Cholesky::new(covariance.clone())).flatten()
}

fn distinct(cluster: Option<&[usize]>, n: usize) -> usize {
    let Some(cluster) = cluster else { return n };
    let mut seen = vec![false; cluster.iter().max().map_or(0, |last| last + 1)];
    cluster.iter().for_each(|&code| seen[code] = true);
    seen.into_iter().filter(|&seen| seen).count()
}
