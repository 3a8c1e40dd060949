//! The hazard's steps at the event times, and their running sums.

use super::likelihood::sweep;
use super::model::Ties;
use super::prepared::Prepared;

/// Steps of the baseline hazard (of centred covariates) at the event times of one stratum, times rising.
///
/// With Efron's method a tie has several parts; a row with the event counts only partly in each, so it has sums of its own.
#[derive(Clone, Debug, Default)]
pub(super) struct Steps {
    pub(super) time: Vec<f64>,
    /// Running sum of λ through each time.
    pub(super) hazard: Vec<f64>,
    /// Running sum of λ x̄ through each time, `p` numbers each.
    pub(super) hazard_mean: Vec<f64>,
    /// Running sum of the variance of the hazard's steps, λ over the sum at risk.
    pub(super) variance: Vec<f64>,
    /// At each time alone, for the rows with the event: Σ λ (1 − l/d) and Σ λ (1 − l/d) x̄.
    own_hazard: Vec<f64>,
    own_hazard_mean: Vec<f64>,
    /// Mean covariates over the parts, `p` numbers each.
    pub(super) mean: Vec<f64>,
}

impl Steps {
    /// The steps of every stratum.
    pub(super) fn all(rows: &Prepared, beta: &[f64], ties: Ties) -> Vec<Self> {
        let p = rows.p;
        let mut strata = vec![Self::default(); rows.strata.len()];
        let mut room = vec![0.0; p];
        sweep(rows, &rows.risk(beta), ties, |tie| {
            let steps = &mut strata[tie.stratum];
            let (mut hazard, mut own_hazard, mut variance) = (0.0, 0.0, 0.0);
            let start = steps.mean.len();
            steps.time.push(tie.time);
            for column in [&mut steps.hazard_mean, &mut steps.own_hazard_mean, &mut steps.mean] {
                column.resize(start + p, 0.0);
            }
            let mut parts = 0.0;
            tie.parts(&mut room, |part| {
                let lambda = part.case_weight / part.weight;
                let own = lambda * (1.0 - part.removed);
                hazard += lambda;
                own_hazard += own;
                variance += lambda / part.weight;
                parts += 1.0;
                for (j, &mean) in part.mean.iter().enumerate() {
                    steps.hazard_mean[start + j] += lambda * mean;
                    steps.own_hazard_mean[start + j] += own * mean;
                    steps.mean[start + j] += mean;
                }
            });
            steps.mean[start..].iter_mut().for_each(|mean| *mean /= parts);
            steps.hazard.push(hazard);
            steps.own_hazard.push(own_hazard);
            steps.variance.push(variance);
        });
        strata.iter_mut().for_each(|steps| steps.turn_and_sum(p));
        strata
    }

    /// The sweep went back in time: turn the columns round and make running sums.
    fn turn_and_sum(&mut self, p: usize) {
        for column in [&mut self.time, &mut self.hazard, &mut self.own_hazard, &mut self.variance] {
            column.reverse();
        }
        for column in [&mut self.hazard_mean, &mut self.own_hazard_mean, &mut self.mean] {
            *column = column.rchunks_exact(p).flatten().copied().collect();
        }
        for column in [&mut self.hazard, &mut self.variance] {
            for step in 1..column.len() {
                column[step] += column[step - 1];
            }
        }
        for at in p..self.hazard_mean.len() {
            self.hazard_mean[at] += self.hazard_mean[at - p];
        }
    }

    /// Number of steps at or before `time`.
    pub(super) fn through(&self, time: f64) -> usize {
        self.time.partition_point(|&step| step <= time)
    }

    /// Adds to `mean` the sum of λ x̄ over the first `steps` times with the sign given, and gives back that of λ.
    fn add_through(&self, steps: usize, sign: f64, mean: &mut [f64]) -> f64 {
        let Some(last) = steps.checked_sub(1) else { return 0.0 };
        let p = mean.len();
        for (sum, step) in mean.iter_mut().zip(&self.hazard_mean[last * p..]) {
            *sum += sign * step;
        }
        sign * self.hazard[last]
    }

    /// What the row at a place has gone through while at risk: Σ λ, with Σ λ x̄ put into `mean`; and its step, if it had the event.
    pub(super) fn lived_through(&self, rows: &Prepared, place: usize, mean: &mut [f64]) -> (f64, Option<usize>) {
        mean.fill(0.0);
        let steps = self.through(rows.time[place]);
        let own_step = rows.event[place].then(|| steps - 1);
        let mut hazard = self.add_through(own_step.unwrap_or(steps), 1.0, mean);
        if let Some(step) = own_step {
            hazard += self.own_hazard[step];
            let p = mean.len();
            mean.iter_mut().zip(&self.own_hazard_mean[step * p..]).for_each(|(sum, own)| *sum += own);
        }
        if let Some(&entry) = rows.entry.get(place) {
            hazard += self.add_through(self.through(entry), -1.0, mean);
        }
        (hazard, own_step)
    }
}
