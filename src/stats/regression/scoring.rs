//! Maximum likelihood of a generalized linear model by Newton's method (Fisher scoring, the links being canonical).

use nalgebra::{Cholesky, DMatrix, DVector};

use super::design::{Design, add_outer, added, by_chunks, symmetric};
use super::family::Family;
use super::observations::Observations;
use crate::stats::error::StatsError;

const MAX_ITERATIONS: usize = 100;
/// Longest step on the scaled columns at which the iteration ends; convergence being quadratic, what is left is its square.
const TOLERANCE: f64 = 1e-9;

/// Outcome, weight and offset in the rows' order.
pub(super) struct Response {
    pub(super) family: Family,
    pub(super) outcome: Vec<f64>,
    pub(super) weight: Vec<f64>,
    pub(super) offset: Vec<f64>,
    /// The outcome is (outcome given − offset − shift) / unit; 0 and 1 but for the Gaussian family.
    pub(super) shift: f64,
    pub(super) unit: f64,
}

/// A fit on the scaled columns.
pub(super) struct Fit {
    pub(super) gamma: Vec<f64>,
    pub(super) deviance: f64,
    pub(super) null_deviance: f64,
    pub(super) iterations: usize,
}

impl Response {
    /// Takes checked observations in the given order.
    pub(super) fn new(observations: &Observations<'_>, family: Family, order: Option<&[usize]>) -> Result<Self, StatsError> {
        family.check(observations)?;
        let n = observations.len();
        let source = |row: usize| order.map_or(row, |order| order[row]);
        let weight: Vec<f64> = (0..n).map(|row| observations.weight(source(row))).collect();
        let mut offset: Vec<f64> = (0..n).map(|row| observations.offset_at(source(row))).collect();
        let mut outcome: Vec<f64> = (0..n).map(|row| observations.outcome[source(row)]).collect();
        let (mut shift, mut unit) = (0.0, 1.0);
        if family == Family::Gaussian {
            for (outcome, offset) in outcome.iter_mut().zip(&mut offset) {
                *outcome -= *offset;
                *offset = 0.0;
            }
            let first = outcome.iter().zip(&weight).find(|(_, weight)| **weight > 0.0).map_or(0.0, |(&outcome, _)| outcome);
            let total: f64 = weight.iter().sum();
            shift = first + outcome.iter().zip(&weight).map(|(outcome, weight)| weight * (outcome - first)).sum::<f64>() / total;
            let squares: f64 = outcome.iter().zip(&weight).map(|(outcome, weight)| weight * (outcome - shift).powi(2)).sum();
            unit = (squares / total).sqrt();
            if unit <= 1e-15 * shift.abs() || unit <= 0.0 {
                return Err(StatsError::ConstantOutcome);
            }
            for outcome in &mut outcome {
                *outcome = (*outcome - shift) / unit;
            }
        }
        Ok(Self { family, outcome, weight, offset, shift, unit })
    }

    /// Linear predictor of a row.
    pub(super) fn eta(&self, design: &Design, row: usize, gamma: &[f64]) -> f64 {
        design.predictor(row, gamma) + self.offset[row]
    }

    /// Coefficients in the outcome's own unit.
    pub(super) fn in_unit(&self, gamma: &[f64]) -> Vec<f64> {
        let mut gamma: Vec<f64> = gamma.iter().map(|g| g * self.unit).collect();
        gamma[0] += self.shift;
        gamma
    }

    /// Fits the intercept alone, then from there the whole.
    pub(super) fn fit(&self, design: &Design) -> Result<Fit, StatsError> {
        let null = self.fit_null()?;
        if design.p == 1 {
            return Ok(null);
        }
        let mut start = vec![0.0; design.p];
        start[0] = null.gamma[0];
        Ok(Fit { null_deviance: null.deviance, ..self.newton(design, start)? })
    }

    fn fit_null(&self) -> Result<Fit, StatsError> {
        let sum = |of: &dyn Fn(usize) -> f64| (0..self.outcome.len()).map(|row| self.weight[row] * of(row)).sum::<f64>();
        let (total, hits) = (sum(&|_| 1.0), sum(&|row| self.outcome[row]));
        let start = match self.family {
            Family::Gaussian => hits / total,
            Family::Binomial => self.family.link(hits / total) - sum(&|row| self.offset[row]) / total,
            Family::Poisson => (hits / sum(&|row| self.offset[row].exp())).ln(),
        };
        self.newton(&Design::intercept(self.outcome.len()), vec![start])
    }

    /// Maximizes the likelihood from `start` on.
    fn newton(&self, design: &Design, start: Vec<f64>) -> Result<Fit, StatsError> {
        let positive = self.weight.iter().filter(|&&weight| weight > 0.0).count() as f64;
        let mean_weight = self.weight.iter().sum::<f64>() / positive;
        let mut gamma = start;
        let mut current = self.evaluate(design, &gamma);
        if !current.deviance.is_finite() {
            return Err(StatsError::NotConverged { iterations: 0 });
        }
        let mut last_move = None;
        for iterations in 1..=MAX_ITERATIONS {
            let Some(step) = current.step() else { return Err(self.without_information(design, &gamma)) };
            let (next, after) = self.halved(design, &gamma, &step, &current);
            let gain = current.deviance - after.deviance;
            let longest = step.iter().zip(&gamma).map(|(step, g)| step.abs() / (1.0 + g.abs())).fold(0.0_f64, f64::max);
            let old = std::mem::replace(&mut gamma, next);
            current = after;
            if longest <= TOLERANCE {
                let deviance = current.deviance;
                return Ok(Fit { gamma, deviance, null_deviance: deviance, iterations });
            }
            // The likelihood stands still while predictions move as far as before: they move for ever. On the way to an estimate each
            // move is far shorter than the last, also that of a row whose covariates are huge.
            if gain.abs() <= 1e-6 * mean_weight && !self.family.has_scale() {
                let move_of = |row: usize| (design.predictor(row, &gamma) - design.predictor(row, &old)).abs();
                let moved = (0..design.n).filter(|&row| self.weight[row] > 0.0).map(move_of).fold(0.0_f64, f64::max);
                if moved > 0.1 && last_move.is_some_and(|last| moved > 0.5 * last) {
                    return Err(StatsError::Separation { term: runaway(design, step.as_slice()) });
                }
                last_move = Some(moved);
            } else {
                last_move = None;
            }
        }
        Err(StatsError::NotConverged { iterations: MAX_ITERATIONS })
    }

    /// Far out the information vanishes; near the start it is singular because columns repeat each other.
    fn without_information(&self, design: &Design, gamma: &[f64]) -> StatsError {
        let far = (0..design.n).any(|row| self.weight[row] > 0.0 && self.eta(design, row, gamma).abs() > 20.0);
        let term = runaway(design, gamma);
        if far { StatsError::Separation { term } } else { StatsError::Collinear { term } }
    }

    /// A step, halved until the deviance does not rise.
    fn halved(&self, design: &Design, gamma: &[f64], step: &DVector<f64>, current: &Evaluation) -> (Vec<f64>, Evaluation) {
        let mut fraction = 1.0;
        loop {
            let next: Vec<f64> = gamma.iter().zip(step.iter()).map(|(g, s)| g + fraction * s).collect();
            let after = self.evaluate(design, &next);
            let slack = 1e-11 * current.deviance.abs();
            if (after.deviance.is_finite() && after.deviance <= current.deviance + slack) || fraction < 1e-10 {
                return (next, after);
            }
            fraction /= 2.0;
        }
    }

    fn evaluate(&self, design: &Design, gamma: &[f64]) -> Evaluation {
        let p = design.p;
        let width = p * (p + 1) / 2;
        // Information, then score, then deviance.
        let sums = added(by_chunks(design.n, |rows| {
            let mut sum = vec![0.0; width + p + 1];
            for row in rows {
                let (x, eta, weight) = (design.row(row), self.eta(design, row, gamma), self.weight[row]);
                if weight <= 0.0 {
                    continue;
                }
                add_outer(&mut sum[..width], x, weight * self.family.variance(eta));
                let score = weight * (self.outcome[row] - self.family.mean(eta));
                for (slot, x) in sum[width..width + p].iter_mut().zip(x) {
                    *slot += score * x;
                }
                sum[width + p] += weight * self.family.deviance(self.outcome[row], eta);
            }
            sum
        }));
        Evaluation {
            information: symmetric(&sums[..width], p),
            score: DVector::from_column_slice(&sums[width..width + p]),
            deviance: sums[width + p],
        }
    }
}

struct Evaluation {
    information: DMatrix<f64>,
    score: DVector<f64>,
    deviance: f64,
}

impl Evaluation {
    fn step(&self) -> Option<DVector<f64>> {
        let step = Cholesky::new(self.information.clone())?.solve(&self.score);
        step.iter().all(|value| value.is_finite()).then_some(step)
    }
}

/// The term that moves most, the intercept only if it is alone.
fn runaway(design: &Design, step: &[f64]) -> String {
    let term = (1..design.p).max_by(|&a, &b| step[a].abs().total_cmp(&step[b].abs())).unwrap_or(0);
    design.names[term].clone()
}
