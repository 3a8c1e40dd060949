//! Partial likelihood with its score and information, in one pass over the risk sets.

use super::model::Ties;
use super::prepared::Prepared;

/// Log partial likelihood with its first and (negative) second derivatives.
#[derive(Clone, Debug)]
pub(super) struct Likelihood {
    pub(super) log_likelihood: f64,
    pub(super) score: Vec<f64>,
    /// `p × p`, row by row.
    pub(super) information: Vec<f64>,
}

/// Weighted sums over a set of rows: Σw, Σwx, Σwxxᵀ (upper triangle, rows one after the other).
#[derive(Clone, Debug)]
pub(super) struct Sums {
    pub(super) weight: f64,
    pub(super) first: Vec<f64>,
    pub(super) second: Vec<f64>,
}

impl Sums {
    fn new(p: usize) -> Self {
        Self { weight: 0.0, first: vec![0.0; p], second: vec![0.0; p * (p + 1) / 2] }
    }

    fn clear(&mut self) {
        self.weight = 0.0;
        self.first.fill(0.0);
        self.second.fill(0.0);
    }

    /// The few covariates of most models have loops of fixed length: this is where a fit spends its time.
    fn add(&mut self, weight: f64, x: &[f64]) {
        match x.len() {
            1 => self.add_fixed::<1>(weight, x),
            2 => self.add_fixed::<2>(weight, x),
            3 => self.add_fixed::<3>(weight, x),
            4 => self.add_fixed::<4>(weight, x),
            5 => self.add_fixed::<5>(weight, x),
            6 => self.add_fixed::<6>(weight, x),
            7 => self.add_fixed::<7>(weight, x),
            8 => self.add_fixed::<8>(weight, x),
            _ => self.add_any(weight, x),
        }
    }

    #[inline]
    fn add_fixed<const P: usize>(&mut self, weight: f64, x: &[f64]) {
        let (Some(x), Some(first)) = (x.first_chunk::<P>(), self.first.first_chunk_mut::<P>()) else { return };
        let Some(second) = self.second.get_mut(..P * (P + 1) / 2) else { return };
        self.weight += weight;
        let mut cell = 0;
        for j in 0..P {
            let wx = weight * x[j];
            first[j] += wx;
            for &xk in &x[j..] {
                second[cell] += wx * xk;
                cell += 1;
            }
        }
    }

    fn add_any(&mut self, weight: f64, x: &[f64]) {
        self.weight += weight;
        let mut second = self.second.iter_mut();
        for (j, (first, &xj)) in self.first.iter_mut().zip(x).enumerate() {
            let wx = weight * xj;
            *first += wx;
            for (&xk, sum) in x[j..].iter().zip(second.by_ref()) {
                *sum += wx * xk;
            }
        }
    }
}

/// The events at one time of one stratum, with all who are at risk.
pub(super) struct TiedEvents<'a> {
    pub(super) stratum: usize,
    pub(super) time: f64,
    /// Places of the rows with the event.
    pub(super) places: &'a [u32],
    /// Sum of their case weights.
    pub(super) weight: f64,
    at_risk: &'a Sums,
    dying: &'a Sums,
    ties: Ties,
}

/// One of the `d` parts of a tie: with Efron's method the l-th counts the tied rows at 1 − l/d.
pub(super) struct Part<'a> {
    /// Share of each tied row that is left out, l/d.
    pub(super) removed: f64,
    /// Mean case weight of the tied rows.
    pub(super) case_weight: f64,
    /// Σ w e^η of those at risk in this part.
    pub(super) weight: f64,
    /// Their mean covariates.
    pub(super) mean: &'a [f64],
    at_risk: &'a Sums,
    dying: &'a Sums,
}

impl Part<'_> {
    /// Adds `factor` times the covariance of the covariates among those at risk to an upper triangle.
    pub(super) fn add_covariance(&self, factor: f64, upper: &mut [f64]) {
        let (scale, removed) = (factor / self.weight, self.removed);
        let mut cells = upper.iter_mut().zip(self.at_risk.second.iter().zip(&self.dying.second));
        for (j, &mj) in self.mean.iter().enumerate() {
            let mj = factor * mj;
            for (&mk, (cell, (all, dead))) in self.mean[j..].iter().zip(cells.by_ref()) {
                *cell += scale * (all - removed * dead) - mj * mk;
            }
        }
    }
}

impl TiedEvents<'_> {
    /// Takes the means of all parts from the score, adds their covariances to an upper triangle, and gives back Σ w̄ log of their weights.
    ///
    /// The parts differ only in the share of the tied rows they leave out, so their sums are sums of a few numbers times the same matrices:
    /// many tied rows cost no more than one.
    fn add_all_parts(&self, score: &mut [f64], upper: &mut [f64]) -> f64 {
        let deaths = self.places.len();
        let parts = if self.ties == Ties::Efron { deaths } else { 1 };
        let case_weight = self.weight / parts as f64;
        let (mut logs, mut once, mut once_removed) = (0.0, 0.0, 0.0);
        let [mut twice, mut twice_removed, mut twice_both] = [0.0; 3];
        for part in 0..parts {
            let removed = part as f64 / deaths as f64;
            let weight = self.at_risk.weight - removed * self.dying.weight;
            let share = case_weight / weight;
            logs += case_weight * weight.ln();
            once += share;
            once_removed += share * removed;
            twice += share / weight;
            twice_removed += share / weight * removed;
            twice_both += share / weight * removed * removed;
        }
        let (all, dead) = (&self.at_risk, &self.dying);
        let mut cells = upper.iter_mut().zip(&all.second);
        if parts == 1 {
            for (j, score) in score.iter_mut().enumerate() {
                let mean = once * all.first[j];
                *score -= mean;
                let factor = twice * all.first[j];
                for (other, (cell, second)) in all.first[j..].iter().zip(cells.by_ref()) {
                    *cell += once * second - factor * other;
                }
            }
            return logs;
        }
        let mut dead_cells = dead.second.iter();
        for (j, score) in score.iter_mut().enumerate() {
            let (a, d) = (all.first[j], dead.first[j]);
            *score -= once * a - once_removed * d;
            let (with_all, with_dead) = (twice * a - twice_removed * d, twice_both * d - twice_removed * a);
            let others = all.first[j..].iter().zip(&dead.first[j..]);
            for ((other, other_dead), ((cell, second), second_dead)) in others.zip(cells.by_ref().zip(dead_cells.by_ref())) {
                *cell += once * second - once_removed * second_dead - with_all * other - with_dead * other_dead;
            }
        }
        logs
    }

    /// Visits the parts of the tie; `mean` is room for the means.
    pub(super) fn parts(&self, mean: &mut [f64], mut visit: impl FnMut(&Part<'_>)) {
        let deaths = self.places.len();
        let parts = match self.ties {
            Ties::Efron => deaths,
            Ties::Breslow => 1,
        };
        for part in 0..parts {
            let removed = part as f64 / deaths as f64;
            let weight = self.at_risk.weight - removed * self.dying.weight;
            for (mean, (all, dead)) in mean.iter_mut().zip(self.at_risk.first.iter().zip(&self.dying.first)) {
                *mean = (all - removed * dead) / weight;
            }
            let case_weight = self.weight / parts as f64;
            visit(&Part { removed, case_weight, weight, mean, at_risk: self.at_risk, dying: self.dying });
        }
    }
}

/// When one who was nearly all at risk has gone, the sums of those who are left are little but rounding, and are made anew.
const LEAST_SHARE: f64 = 1e-6;

/// Goes through the event times of each stratum, from the last to the first. `risk` is `w e^η` by place.
pub(super) fn sweep(rows: &Prepared, risk: &[f64], ties: Ties, mut visit: impl FnMut(&TiedEvents<'_>)) {
    let p = rows.p;
    let (mut at_risk, mut dying) = (Sums::new(p), Sums::new(p));
    let mut places: Vec<u32> = Vec::new();
    for (stratum, range) in rows.strata.iter().enumerate() {
        at_risk.clear();
        let mut n_at_risk = 0_usize;
        let mut only_rounding = false;
        let mut entries = if rows.by_entry.is_empty() { [].iter() } else { rows.by_entry[range.clone()].iter() }.peekable();
        let mut start = range.start;
        while start < range.end {
            let time = rows.time[start];
            // Whoever enters at or after this time is not at risk here nor before.
            while let Some(&place) = entries.next_if(|&&place| rows.entry[place as usize] >= time) {
                let gone = risk[place as usize];
                at_risk.add(-gone, rows.covariates(place as usize));
                n_at_risk -= 1;
                only_rounding |= at_risk.weight < LEAST_SHARE * gone;
            }
            if n_at_risk == 0 {
                at_risk.clear();
            } else if std::mem::take(&mut only_rounding) {
                at_risk.clear();
                let still = (range.start..start).filter(|&place| rows.entry[place] < time);
                still.for_each(|place| at_risk.add(risk[place], rows.covariates(place)));
            }
            places.clear();
            let mut end = start;
            while end < range.end && rows.time[end].total_cmp(&time).is_eq() {
                at_risk.add(risk[end], rows.covariates(end));
                if rows.event[end] {
                    places.push(end as u32);
                }
                end += 1;
            }
            n_at_risk += end - start;
            start = end;
            if places.is_empty() {
                continue;
            }
            if ties == Ties::Efron {
                dying.clear();
                if places.len() > 1 {
                    places.iter().for_each(|&place| dying.add(risk[place as usize], rows.covariates(place as usize)));
                }
            }
            let weight = places.iter().map(|&place| rows.weight(place as usize)).sum();
            visit(&TiedEvents { stratum, time, places: &places, weight, at_risk: &at_risk, dying: &dying, ties });
        }
    }
}

/// Evaluates the partial likelihood at `beta`.
pub(super) fn evaluate(rows: &Prepared, beta: &[f64], ties: Ties) -> Likelihood {
    let p = rows.p;
    let risk = rows.risk(beta);
    let (mut log_likelihood, mut score, mut upper) = (0.0, vec![0.0; p], vec![0.0; p * (p + 1) / 2]);
    sweep(rows, &risk, ties, |tie| {
        for &place in tie.places {
            let place = place as usize;
            let weight = rows.weight(place);
            log_likelihood += weight * rows.predictor_at(place, beta);
            for (score, x) in score.iter_mut().zip(rows.covariates(place)) {
                *score += weight * x;
            }
        }
        log_likelihood -= tie.add_all_parts(&mut score, &mut upper);
    });
    Likelihood { log_likelihood, score, information: full(&upper, p) }
}

/// A symmetric matrix, row by row, from its upper triangle.
pub(super) fn full(upper: &[f64], p: usize) -> Vec<f64> {
    let mut matrix = vec![0.0; p * p];
    let mut cells = upper.iter();
    for j in 0..p {
        for (k, &cell) in (j..p).zip(cells.by_ref()) {
            matrix[j * p + k] = cell;
            matrix[k * p + j] = cell;
        }
    }
    matrix
}
