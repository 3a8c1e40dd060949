//! Residuals of a Cox model, each in one pass.

use nalgebra::DMatrix;
use serde::Serialize;

use super::model::{CoxModel, Ties};
use super::prepared::Prepared;
use super::steps::Steps;

/// Residuals; those per row in the order of the input, matrices row by row, one column per term.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CoxResiduals {
    /// Event less expected number of events.
    pub martingale: Vec<f64>,
    /// Martingale residuals made symmetric.
    pub deviance: Vec<f64>,
    /// Each row's part of the score.
    pub score: Vec<Vec<f64>>,
    /// Approximate change of the coefficients when the row is left out (weighted).
    pub dfbeta: Vec<Vec<f64>>,
    /// Rows with the event by stratum and rising time: the order of the two fields below.
    pub event_row: Vec<usize>,
    /// Covariates at the event less their mean among those at risk.
    pub schoenfeld: Vec<Vec<f64>>,
    /// Schoenfeld residuals times events times the covariance, plus the coefficients: β(t) without smoothing.
    pub scaled_schoenfeld: Vec<Vec<f64>>,
}

impl CoxModel {
    /// Martingale, deviance, score, dfbeta and Schoenfeld residuals.
    ///
    /// # Formula
    /// With the baseline steps `λ` and means at risk `x̄` at the event times `s` while row i is at risk:
    /// ```text
    /// martingale  M = δ − e^η Σ λ(s)
    /// deviance    D = sign(M) √(−2 [M + δ log(δ − M)])
    /// score       U = δ (x − x̄(t)) − e^η Σ λ(s) (x − x̄(s))
    /// dfbeta      w U V
    /// Schoenfeld  x − x̄(t) at each event;  scaled: d · Schoenfeld · V + β
    /// ```
    /// Efron's ties count a tied row at `1 − l/d` in the l-th part, and take the mean of the parts' `x̄`.
    ///
    /// # Conventions
    /// `V` is the model-based covariance; only dfbeta is weighted. All as R's defaults. O(n log n).
    ///
    /// # Agrees with
    /// R survival 3.5-3 `residuals(coxph(…), type = …)`.
    ///
    /// # References
    /// Therneau, Grambsch & Fleming (1990), Biometrika 77:147–160. Grambsch & Therneau (1994), Biometrika 81:515–526.
    #[must_use]
    pub fn residuals(&self) -> CoxResiduals {
        let (data, p, n) = (&self.data, self.data.p, self.data.n());
        let strata = Steps::all(data, &self.beta, self.fit.ties);
        let scores = score_residuals(data, &self.beta, &strata);
        let covariance: Vec<&[f64]> = self.fit.model_covariance.iter().map(Vec::as_slice).collect();
        let times_covariance =
            |row: &[f64]| -> Vec<f64> { (0..p).map(|k| row.iter().zip(&covariance).map(|(u, v)| u * v[k]).sum()).collect() };
        let mut result = CoxResiduals {
            martingale: vec![0.0; n],
            deviance: vec![0.0; n],
            score: vec![vec![]; n],
            dfbeta: vec![vec![]; n],
            event_row: vec![],
            schoenfeld: vec![],
            scaled_schoenfeld: vec![],
        };
        for place in 0..n {
            let row = data.row[place] as usize;
            let martingale = scores.martingale[place];
            let event = f64::from(data.event[place]);
            let inside = if data.event[place] { martingale + (event - martingale).ln() } else { martingale };
            result.martingale[row] = martingale;
            result.deviance[row] = martingale.signum() * (-2.0 * inside).max(0.0).sqrt();
            let score: Vec<f64> = (0..p).map(|j| scores.score[place * p + j] * data.scale[j]).collect();
            result.dfbeta[row] = times_covariance(&score).into_iter().map(|change| change * data.weight(place)).collect();
            result.score[row] = score;
        }
        for (steps, range) in strata.iter().zip(&data.strata) {
            let mut events: Vec<usize> = range.clone().filter(|&place| data.event[place]).collect();
            events.sort_by(|&a, &b| data.time[a].total_cmp(&data.time[b]).then(data.row[a].cmp(&data.row[b])));
            for place in events {
                let step = steps.through(data.time[place]) - 1;
                let mean = &steps.mean[step * p..];
                let residual: Vec<f64> = (0..p).map(|j| (data.covariates(place)[j] - mean[j]) * data.scale[j]).collect();
                let scaled = times_covariance(&residual)
                    .into_iter()
                    .zip(&self.fit.terms)
                    .map(|(change, term)| change * data.n_events as f64 + term.coefficient)
                    .collect();
                result.event_row.push(data.row[place] as usize);
                result.schoenfeld.push(residual);
                result.scaled_schoenfeld.push(scaled);
            }
        }
        result
    }
}

struct ScoreResiduals {
    /// By place.
    martingale: Vec<f64>,
    /// Of the scaled covariates, by place, `p` numbers each; not weighted.
    score: Vec<f64>,
}

fn score_residuals(data: &Prepared, beta: &[f64], strata: &[Steps]) -> ScoreResiduals {
    let p = data.p;
    let mut result = ScoreResiduals { martingale: Vec::with_capacity(data.n()), score: Vec::with_capacity(data.n() * p) };
    let mut lived = vec![0.0; p];
    for (steps, range) in strata.iter().zip(&data.strata) {
        for place in range.clone() {
            let (hazard, own_step) = steps.lived_through(data, place, &mut lived);
            let relative = data.predictor_at(place, beta).exp();
            result.martingale.push(f64::from(data.event[place]) - relative * hazard);
            for (j, &x) in data.covariates(place).iter().enumerate() {
                let at_event = own_step.map_or(0.0, |step| x - steps.mean[step * p + j]);
                result.score.push(at_event - relative * (x * hazard - lived[j]));
            }
        }
    }
    result
}

/// Weighted score residuals of the scaled covariates, summed within clusters: one row per cluster (or per row of the data).
pub(super) fn cluster_sums(data: &Prepared, beta: &[f64], ties: Ties, cluster: Option<&[usize]>) -> DMatrix<f64> {
    let p = data.p;
    let scores = score_residuals(data, beta, &Steps::all(data, beta, ties));
    let n_clusters = cluster.map_or(data.n(), |cluster| cluster.iter().max().map_or(0, |last| last + 1));
    let mut sums = DMatrix::zeros(n_clusters, p);
    for (place, score) in scores.score.chunks_exact(p).enumerate() {
        let row = data.row[place] as usize;
        let weight = data.weight(place);
        for (j, score) in score.iter().enumerate() {
            sums[(cluster.map_or(row, |cluster| cluster[row]), j)] += weight * score;
        }
    }
    sums
}
