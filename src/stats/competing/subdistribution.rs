//! Weighted partial likelihood of the subdistribution hazard, without expanding the data.
//!
//! A row that ended in another cause at s stays in the risk set at t > s with weight G(t−)/G(s−). The weight factors, so the
//! sums over a risk set at the u-th event time are a suffix sum (rows still followed) plus G(u) times a prefix sum (rows gone).

use super::fine_gray::FineGrayMethod;
use super::time_to_cause::TimeToCause;

#[derive(Clone, Copy, PartialEq)]
enum End {
    Censored,
    Event,
    Other,
}

/// Rows by rising time with covariates centred and scaled.
pub(super) struct Rows {
    pub p: usize,
    pub x: Vec<f64>,
    end: Vec<End>,
    /// Distinct event times at or before each row's time: those at which it is at risk with weight 1.
    reach: Vec<usize>,
    /// G just before each row's time.
    follow_up: Vec<f64>,
    /// Distinct event times.
    pub event_time: Vec<f64>,
    events: Vec<f64>,
    follow_up_at_event: Vec<f64>,
    /// Where rows of equal time start, and the end.
    ties: Vec<usize>,
}

/// The likelihood at some coefficients.
#[derive(Clone)]
pub(super) struct Likelihood {
    pub log_likelihood: f64,
    pub score: Vec<f64>,
    /// Row-major.
    pub information: Vec<f64>,
    /// d / S₀ at each event time: jumps of the baseline cumulative subdistribution hazard.
    pub jumps: Vec<f64>,
    /// exp(η − offset), and the mean of the covariates in each risk set.
    risk: Vec<f64>,
    means: Vec<f64>,
}

impl Rows {
    /// `order` are the rows by rising time, `x` their covariates in that order.
    pub(super) fn new(rows: &TimeToCause, order: &[usize], cause: usize, x: Vec<f64>, method: FineGrayMethod) -> Self {
        let time: Vec<f64> = order.iter().map(|&row| rows.time()[row]).collect();
        let end: Vec<End> = order
            .iter()
            .map(|&row| match rows.cause()[row] {
                0 => End::Censored,
                found if found == cause => End::Event,
                _ => End::Other,
            })
            .collect();
        let n = time.len();
        let (mut ties, mut reach, mut follow_up) = (Vec::new(), vec![0; n], vec![0.0; n]);
        let (mut event_time, mut events, mut follow_up_at_event) = (Vec::new(), Vec::new(), Vec::new());
        let (mut start, mut g) = (0, 1.0_f64);
        for tied in time.chunk_by(|a, b| a.total_cmp(b).is_eq()) {
            let stop = start + tied.len();
            let count = |kind: End| end[start..stop].iter().filter(|&&end| end == kind).count() as f64;
            let (censored, own, other) = (count(End::Censored), count(End::Event), count(End::Other));
            if own > 0.0 {
                event_time.push(tied[0]);
                events.push(own);
                follow_up_at_event.push(g);
            }
            reach[start..stop].fill(event_time.len());
            follow_up[start..stop].fill(g);
            let at_risk = (n - start) as f64;
            let of = match method {
                FineGrayMethod::Crr => at_risk,
                _ => at_risk - own - other,
            };
            if censored > 0.0 {
                g *= (of - censored) / of;
            }
            ties.push(start);
            start = stop;
        }
        ties.push(n);
        Self { p: x.len() / n, x, end, reach, follow_up, event_time, events, follow_up_at_event, ties }
    }

    fn covariates(&self) -> std::slice::ChunksExact<'_, f64> {
        self.x.chunks_exact(self.p)
    }

    /// Log likelihood (Breslow's approximation for ties), score and information.
    pub(super) fn evaluate(&self, beta: &[f64]) -> Likelihood {
        let (p, times) = (self.p, self.event_time.len());
        let eta: Vec<f64> = self.covariates().map(|x| x.iter().zip(beta).map(|(x, b)| x * b).sum()).collect();
        let offset = eta.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let risk: Vec<f64> = eta.iter().map(|eta| (eta - offset).exp()).collect();

        // Column 0 is Σ w, the others Σ w x. Rows still followed at event times below `reach`, rows gone from it on.
        let width = p + 1;
        let (mut sums, mut gone) = (vec![0.0; times * width], vec![0.0; times * width]);
        let mut log_likelihood = 0.0;
        let mut score = vec![0.0; p];
        for (row, x) in self.covariates().enumerate() {
            let reach = self.reach[row];
            if reach > 0 {
                add(&mut sums[(reach - 1) * width..reach * width], risk[row], x);
            }
            match self.end[row] {
                End::Event => {
                    log_likelihood += eta[row] - offset;
                    score.iter_mut().zip(x).for_each(|(score, x)| *score += x);
                }
                End::Other if reach < times => add(&mut gone[reach * width..(reach + 1) * width], risk[row] / self.follow_up[row], x),
                _ => {}
            }
        }
        for index in (width..times * width).rev() {
            sums[index - width] += sums[index];
        }
        for index in width..times * width {
            gone[index] += gone[index - width];
        }
        let (mut jumps, mut means) = (Vec::with_capacity(times), Vec::with_capacity(times * p));
        for time in 0..times {
            let (g, d) = (self.follow_up_at_event[time], self.events[time]);
            let at = |column: usize| sums[time * width + column] + g * gone[time * width + column];
            let total = at(0);
            log_likelihood -= d * total.ln();
            jumps.push(d / total);
            for (column, score) in score.iter_mut().enumerate() {
                let mean = at(column + 1) / total;
                *score -= d * mean;
                means.push(mean);
            }
        }
        let mut likelihood = Likelihood { log_likelihood, score, information: vec![], jumps, risk, means };
        likelihood.information = self.information(&likelihood);
        likelihood
    }

    /// Σ over event times of d (Σ w x xᵀ / S₀ − x̄ x̄ᵀ), the first sum turned round: by row, then over its event times.
    fn information(&self, likelihood: &Likelihood) -> Vec<f64> {
        let p = self.p;
        let hazard = prefix(1, &likelihood.jumps);
        let later = self.weighted_suffix(1, &likelihood.jumps);
        let mut information = vec![0.0; p * p];
        for (row, x) in self.covariates().enumerate() {
            let reach = self.reach[row];
            let mut expected = likelihood.risk[row] * hazard[reach];
            if self.end[row] == End::Other {
                expected += likelihood.risk[row] * later[reach] / self.follow_up[row];
            }
            add_square(&mut information, x, expected);
        }
        for (mean, &d) in likelihood.means.chunks_exact(p).zip(&self.events) {
            add_square(&mut information, mean, -d);
        }
        mirror(&mut information, p);
        information
    }

    /// Σ (η + ψ)(η + ψ)ᵀ of Fine and Gray: score residuals η, with what the estimated G adds to them if `estimated_weights`.
    pub(super) fn meat(&self, likelihood: &Likelihood, estimated_weights: bool) -> Vec<f64> {
        let p = self.p;
        let by_mean = self.jumps_by_mean(likelihood);
        let (hazard, hazard_mean) = (prefix(1, &likelihood.jumps), prefix(p, &by_mean));
        let (later, later_mean) = (self.weighted_suffix(1, &likelihood.jumps), self.weighted_suffix(p, &by_mean));
        let mut meat = vec![0.0; p * p];
        // Σ over rows gone of w, w x; the hazard part of ψ, common to all at risk for censoring.
        let mut gone = vec![0.0; p + 1];
        let (mut drift, mut q, mut residual) = (vec![0.0; p], vec![0.0; p], vec![0.0; p]);
        let n = self.end.len();
        for tie in self.ties.windows(2) {
            let (start, stop) = (tie[0], tie[1]);
            let censored = self.end[start..stop].iter().filter(|&&end| end == End::Censored).count() as f64;
            let at_risk = (n - start) as f64;
            // Event times at or after this one.
            let from = self.reach[start] - usize::from(self.end[start..stop].contains(&End::Event));
            if estimated_weights {
                for j in 0..p {
                    q[j] = gone[j + 1] * later[from] - gone[0] * later_mean[from * p + j];
                    drift[j] -= censored * q[j] / (at_risk * at_risk);
                }
            }
            for row in start..stop {
                let (x, reach, risk) = (self.row(row), self.reach[row], likelihood.risk[row]);
                for j in 0..p {
                    residual[j] = drift[j] - risk * (x[j] * hazard[reach] - hazard_mean[reach * p + j]);
                    residual[j] += match self.end[row] {
                        End::Censored => q[j] / at_risk,
                        End::Event => x[j] - likelihood.means[(reach - 1) * p + j],
                        End::Other => -risk / self.follow_up[row] * (x[j] * later[reach] - later_mean[reach * p + j]),
                    };
                }
                add_square(&mut meat, &residual, 1.0);
            }
            for row in (start..stop).filter(|&row| self.end[row] == End::Other) {
                add(&mut gone, likelihood.risk[row] / self.follow_up[row], self.row(row));
            }
        }
        mirror(&mut meat, p);
        meat
    }

    /// Whether any row ever has a weight other than 0 and 1.
    pub(super) fn has_fractional_weights(&self) -> bool {
        let last = self.follow_up_at_event.last().copied().unwrap_or(1.0);
        (0..self.end.len()).any(|row| self.end[row] == End::Other && last < self.follow_up[row])
    }

    /// Σ r rᵀ over the rows of the expanded data: one for the follow-up and the rest of its stretch of constant G, one for each
    /// later stretch with events. Later stretches enter as (w/G)² Σ g² (x ΔH − ΔM)(x ΔH − ΔM)ᵀ, multiplied out.
    pub(super) fn meat_by_row(&self, likelihood: &Likelihood) -> Vec<f64> {
        let (p, times) = (self.p, self.event_time.len());
        let by_mean = self.jumps_by_mean(likelihood);
        let (hazard, hazard_mean) = (prefix(1, &likelihood.jumps), prefix(p, &by_mean));
        let g = &self.follow_up_at_event;
        let mut stretch_end = vec![times; times];
        for time in (0..times.saturating_sub(1)).rev() {
            stretch_end[time] = if g[time].total_cmp(&g[time + 1]).is_eq() { stretch_end[time + 1] } else { time + 1 };
        }
        let (mut meat, mut residual) = (vec![0.0; p * p], vec![0.0; p]);
        // Σ G² ΔH², Σ G² ΔH ΔM, Σ G² ΔM ΔMᵀ over the stretches from `from` on; rows are taken from the last back.
        let (mut squares, mut products, mut outer, mut from) = (0.0, vec![0.0; p], vec![0.0; p * p], times);
        for row in (0..self.end.len()).rev() {
            let (x, reach, risk) = (self.row(row), self.reach[row], likelihood.risk[row]);
            let other = self.end[row] == End::Other;
            let in_stretch = other && reach < times && g[reach].total_cmp(&self.follow_up[row]).is_eq();
            let followed = if in_stretch { stretch_end[reach] } else { reach };
            for j in 0..p {
                residual[j] = -risk * (x[j] * hazard[followed] - hazard_mean[followed * p + j]);
                if self.end[row] == End::Event {
                    residual[j] += x[j] - likelihood.means[(reach - 1) * p + j];
                }
            }
            add_square(&mut meat, &residual, 1.0);
            if !other {
                continue;
            }
            while from > followed {
                let mut start = from - 1;
                while start > followed && g[start - 1].total_cmp(&g[from - 1]).is_eq() {
                    start -= 1;
                }
                let square = g[start] * g[start];
                let rise = hazard[from] - hazard[start];
                for j in 0..p {
                    residual[j] = hazard_mean[from * p + j] - hazard_mean[start * p + j];
                    products[j] += square * rise * residual[j];
                }
                squares += square * rise * rise;
                add_square(&mut outer, &residual, square);
                from = start;
            }
            let weight = (risk / self.follow_up[row]).powi(2);
            for j in 0..p {
                for k in 0..=j {
                    meat[j * p + k] += weight * (x[j] * x[k] * squares - x[j] * products[k] - x[k] * products[j] + outer[j * p + k]);
                }
            }
        }
        mirror(&mut meat, p);
        meat
    }

    fn row(&self, row: usize) -> &[f64] {
        &self.x[row * self.p..(row + 1) * self.p]
    }

    fn jumps_by_mean(&self, likelihood: &Likelihood) -> Vec<f64> {
        let means = likelihood.means.chunks_exact(self.p);
        means.zip(&likelihood.jumps).flat_map(|(mean, jump)| mean.iter().map(move |mean| mean * jump)).collect()
    }

    /// Σ over event times from each one on of G × value, `width` values a time; one row more than there are times.
    fn weighted_suffix(&self, width: usize, values: &[f64]) -> Vec<f64> {
        let mut sums = vec![0.0; values.len() + width];
        for index in (0..values.len()).rev() {
            sums[index] = sums[index + width] + self.follow_up_at_event[index / width] * values[index];
        }
        sums
    }
}

/// Running sums, `width` values a time; one row more than there are times.
fn prefix(width: usize, values: &[f64]) -> Vec<f64> {
    let mut sums = vec![0.0; values.len() + width];
    for (index, value) in values.iter().enumerate() {
        sums[index + width] = sums[index] + value;
    }
    sums
}

fn add(sums: &mut [f64], weight: f64, x: &[f64]) {
    sums[0] += weight;
    for (sum, x) in sums[1..].iter_mut().zip(x) {
        *sum += weight * x;
    }
}

/// Adds weight × v vᵀ to the lower triangle.
fn add_square(matrix: &mut [f64], v: &[f64], weight: f64) {
    for (j, vj) in v.iter().enumerate() {
        for (k, vk) in v[..=j].iter().enumerate() {
            matrix[j * v.len() + k] += weight * vj * vk;
        }
    }
}

fn mirror(matrix: &mut [f64], p: usize) {
    for j in 0..p {
        for k in 0..j {
            matrix[k * p + j] = matrix[j * p + k];
        }
    }
}
