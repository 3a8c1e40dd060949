//! Firth's penalized partial likelihood: finite estimates where the events are separated.

use nalgebra::{Cholesky, DMatrix, DVector, Dyn};

use super::fit::{MAX_ITERATIONS, assemble, check_information, longest};
use super::likelihood::{Likelihood, evaluate};
use super::model::{CoxModel, CoxOptions, Ties};
use super::prepared::Prepared;
use crate::stats::error::StatsError;

/// Steps are shortened to this many standard deviations' worth of log hazard ratio, as `coxphf` does.
const LONGEST_STEP: f64 = 2.5;

/// Maximizes `ℓ(β) + ½ log |I(β)|`.
///
/// The score gets the term `½ tr(I⁻¹ ∂I/∂β_r)`, in which `∂I_jk/∂β_r` is the third central moment of the covariates within the risk
/// sets, summed over the events. Newton steps use the curvature of the penalized likelihood, by differences of its score; with `I` in
/// its place, as `coxphf` has it, two rows can send the steps to and fro for ever.
pub(super) fn fit(data: Prepared, options: &CoxOptions<'_>) -> Result<CoxModel, StatsError> {
    let p = data.p;
    let zero = vec![0.0; p];
    let null = evaluate(&data, &zero, options.ties);
    check_information(&data, &null)?;
    let penalized = |beta: &[f64]| Penalized::new(&data, beta, options.ties);
    let first = penalized(&zero)?;
    let mut beta = zero;
    let mut current = penalized(&beta)?;
    let mut iterations = 0;
    loop {
        let mut step = curvature(&penalized, &beta).unwrap_or_else(|| current.factor.clone()).solve(&current.score);
        let (_, size) = longest(step.as_slice());
        step *= (LONGEST_STEP / size).min(1.0);
        let mut fraction = 1.0;
        let (next_beta, next) = loop {
            let next_beta: Vec<f64> = beta.iter().zip(step.iter()).map(|(b, s)| b + fraction * s).collect();
            match penalized(&next_beta) {
                Ok(next) if next.log_likelihood >= current.log_likelihood - 1e-12 * current.log_likelihood.abs().max(1.0) => {
                    break (next_beta, next);
                }
                Err(error) if fraction < 1e-8 => return Err(error),
                Ok(next) if fraction < 1e-8 => break (next_beta, next),
                _ => fraction /= 2.0,
            }
        };
        (beta, current) = (next_beta, next);
        iterations += 1;
        if longest(step.as_slice()).1 * fraction < 1e-10 {
            break;
        }
        if iterations == 3 * MAX_ITERATIONS {
            return Err(StatsError::NotConverged { iterations });
        }
    }
    let score_statistic = first.score.dot(&first.factor.solve(&first.score));
    let inverse = current.factor.inverse();
    // Back from scaled covariates, whose information has another determinant.
    let units: f64 = data.scale.iter().map(|scale| scale.ln()).sum();
    let log_likelihoods = [first.log_likelihood + units, current.log_likelihood + units];
    assemble(data, options, beta, &inverse, log_likelihoods, score_statistic, iterations)
}

/// Factor of the penalized likelihood's curvature; `None` where it bends the wrong way.
fn curvature(penalized: &impl Fn(&[f64]) -> Result<Penalized, StatsError>, beta: &[f64]) -> Option<Cholesky<f64, Dyn>> {
    const STEP: f64 = 1e-5;
    let p = beta.len();
    let moved = |j: usize, by: f64| {
        let mut beta = beta.to_vec();
        beta[j] += by;
        penalized(&beta).ok().map(|found| found.score)
    };
    let mut matrix = DMatrix::zeros(p, p);
    for j in 0..p {
        let slope = (moved(j, -STEP)? - moved(j, STEP)?) / (2.0 * STEP);
        matrix.set_column(j, &slope);
    }
    Cholesky::new((&matrix + matrix.transpose()) * 0.5)
}

struct Penalized {
    log_likelihood: f64,
    score: DVector<f64>,
    factor: Cholesky<f64, Dyn>,
}

impl Penalized {
    fn new(data: &Prepared, beta: &[f64], ties: Ties) -> Result<Self, StatsError> {
        let p = data.p;
        let Likelihood { log_likelihood, score, information } = evaluate(data, beta, ties);
        let singular = || StatsError::Collinear { term: data.names[p - 1].clone() };
        let factor = Cholesky::new(DMatrix::from_row_slice(p, p, &information)).ok_or_else(singular)?;
        let log_determinant = 2.0 * factor.l_dirty().diagonal().iter().map(|cell| cell.ln()).sum::<f64>();
        let inverse = factor.inverse();
        let third = third_moments(data, beta, ties);
        let mut score = DVector::from_vec(score);
        for r in 0..p {
            let trace: f64 = (0..p * p).map(|cell| inverse[(cell / p, cell % p)] * third[r * p * p + cell]).sum();
            score[r] += 0.5 * trace;
        }
        Ok(Self { log_likelihood: log_likelihood + 0.5 * log_determinant, score, factor })
    }
}

/// Σ over events of the third central moments within the risk sets, `p × p × p`.
///
/// The raw third moments need sums of their own, so this walks the risk sets itself; Firth's method is for few rows.
fn third_moments(data: &Prepared, beta: &[f64], ties: Ties) -> Vec<f64> {
    let p = data.p;
    let risk = data.risk(beta);
    let mut result = vec![0.0; p * p * p];
    let mut at_risk = Moments::new(p);
    let mut dying = Moments::new(p);
    for range in &data.strata {
        at_risk.clear();
        let mut entries = if data.by_entry.is_empty() { [].iter() } else { data.by_entry[range.clone()].iter() }.peekable();
        let mut start = range.start;
        while start < range.end {
            let time = data.time[start];
            while let Some(&place) = entries.next_if(|&&place| data.entry[place as usize] >= time) {
                at_risk.add(-risk[place as usize], data.covariates(place as usize));
            }
            dying.clear();
            let (mut deaths, mut case_weight, mut end) = (0, 0.0, start);
            while end < range.end && data.time[end].total_cmp(&time).is_eq() {
                at_risk.add(risk[end], data.covariates(end));
                if data.event[end] {
                    dying.add(risk[end], data.covariates(end));
                    deaths += 1;
                    case_weight += data.weight(end);
                }
                end += 1;
            }
            start = end;
            let parts = if ties == Ties::Efron { deaths } else { deaths.min(1) };
            for part in 0..parts {
                at_risk.add_central(&dying, f64::from(part) / f64::from(deaths), case_weight / f64::from(parts), &mut result);
            }
        }
    }
    result
}

/// Raw moments up to the third.
struct Moments {
    p: usize,
    sums: [Vec<f64>; 4],
}

impl Moments {
    fn new(p: usize) -> Self {
        Self { p, sums: [vec![0.0], vec![0.0; p], vec![0.0; p * p], vec![0.0; p * p * p]] }
    }

    fn clear(&mut self) {
        self.sums.iter_mut().for_each(|sums| sums.fill(0.0));
    }

    fn add(&mut self, weight: f64, x: &[f64]) {
        let p = self.p;
        self.sums[0][0] += weight;
        for j in 0..p {
            self.sums[1][j] += weight * x[j];
            for k in 0..p {
                self.sums[2][j * p + k] += weight * x[j] * x[k];
                for r in 0..p {
                    self.sums[3][(r * p + j) * p + k] += weight * x[j] * x[k] * x[r];
                }
            }
        }
    }

    /// Adds the central moments of these rows less `removed` times the dying ones.
    fn add_central(&self, dying: &Self, removed: f64, factor: f64, result: &mut [f64]) {
        let p = self.p;
        let total = self.sums[0][0] - removed * dying.sums[0][0];
        let raw = |order: usize, cell: usize| (self.sums[order][cell] - removed * dying.sums[order][cell]) / total;
        for r in 0..p {
            for j in 0..p {
                for k in 0..p {
                    let (mr, mj, mk) = (raw(1, r), raw(1, j), raw(1, k));
                    let central = raw(3, (r * p + j) * p + k) - mr * raw(2, j * p + k) - mj * raw(2, r * p + k) - mk * raw(2, r * p + j)
                        + 2.0 * mr * mj * mk;
                    result[(r * p + j) * p + k] += factor * central;
                }
            }
        }
    }
}
