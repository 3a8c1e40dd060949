//! Fine and Gray's model of the subdistribution hazard.

use nalgebra::{Cholesky, DMatrix, DVector};
use serde::Serialize;

use super::censoring::Censoring;
use super::outcome::CompetingEvents;
use crate::stats::covariates::Covariates;
use crate::stats::distributions::{chi_squared_upper_p, normal_quantile, normal_two_sided_p};
use crate::stats::error::{StatsError, check_finite, check_level};
use crate::stats::estimate::Interval;
use crate::stats::hypothesis::TestResult;
use crate::stats::regression::Design;
use crate::stats::survival::CoxTerm;

/// Whose conventions are followed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FineGrayMethod {
    /// `cmprsk::crr`: censoring and events at one time are at risk of each other; sandwich standard errors that count the estimated
    /// weights.
    #[default]
    Crr,
    /// `survival::finegray` with `coxph`: events come before censorings. Standard errors as `coxph` prints them for such rows: robust, each
    /// of the expanded rows on its own, which understates them; the model-based ones are beside them.
    Weighted,
}

/// A fitted subdistribution hazard model.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FineGray {
    /// Whose conventions.
    pub method: FineGrayMethod,
    /// The cause of interest.
    pub cause: usize,
    /// Terms; `hazard_ratio` is the subdistribution hazard ratio.
    pub terms: Vec<CoxTerm>,
    /// Covariance of the coefficients.
    pub covariance: Vec<Vec<f64>>,
    /// Log pseudo-likelihood with all coefficients 0.
    pub log_likelihood_null: f64,
    /// Log pseudo-likelihood at the estimate.
    pub log_likelihood: f64,
    /// Likelihood-ratio test (pseudo-likelihood).
    pub likelihood_ratio: TestResult,
    /// Wald test of all coefficients.
    pub wald: TestResult,
    /// Rows.
    pub n: usize,
    /// Events of the cause.
    pub n_events: usize,
    /// Competing events.
    pub n_competing: usize,
    /// Newton steps taken.
    pub iterations: usize,
    /// Times of the cause's events, rising.
    pub event_time: Vec<f64>,
    /// Cumulative baseline subdistribution hazard (covariates 0) after each.
    pub baseline: Vec<f64>,
}

/// Predicted cumulative incidence at the times of the events.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct IncidencePrediction {
    /// Times of the cause's events.
    pub time: Vec<f64>,
    /// Probability of having had the event.
    pub estimate: Vec<f64>,
}

const MAX_ITERATIONS: usize = 60;

/// Fits Fine and Gray's proportional subdistribution hazards model.
///
/// # Formula
/// ```text
/// ℓ = Σ_{cause} [ η_i − log Σ_j w_j(t) e^{η_j} ],   w_j(t) = 1 while at risk, G(t−)/G(x_j−) after a competing event at x_j
/// Crr:      V = I⁻¹ [Σ_i (η̂_i + ψ̂_i)(η̂_i + ψ̂_i)ᵀ] I⁻¹,  η̂ the row's score, ψ̂ its share in estimating G
/// Weighted: V = I⁻¹ [Σ_rows (w u)(w u)ᵀ] I⁻¹ over the expanded rows; model-based I⁻¹
/// ```
/// Breslow ties. The weight of a row after its competing event factors in t and j, so risk sets are two running sums and the whole is
/// O(n log n + n p²) a step, without expanding the rows.
///
/// # Conventions
/// G is the Kaplan–Meier curve of censoring of all rows together. The two methods treat equal times differently ([`FineGrayMethod`]).
///
/// # Errors
/// [`StatsError::NoEvents`]; [`StatsError::ConstantCovariate`], [`StatsError::Collinear`], [`StatsError::Separation`] naming the term;
/// [`StatsError::NotConverged`]; [`StatsError::LengthMismatch`]; [`StatsError::InvalidLevel`]; [`StatsError::Undefined`] with weights or
/// late entry.
///
/// # Agrees with
/// R `cmprsk::crr(time, cause, X)`; `coxph(…, weights = fgwt, ties = "breslow")` on `survival::finegray`.
///
/// # References
/// Fine & Gray (1999), JASA 94:496–509; Geskus (2011), Biometrics 67:39–49.
pub fn fine_gray(
    events: &CompetingEvents,
    covariates: &Covariates,
    cause: usize,
    method: FineGrayMethod,
    level: f64,
) -> Result<FineGray, StatsError> {
    check_level(level)?;
    let rows = &events.rows;
    let n = rows.len();
    if covariates.n_rows() != n {
        return Err(StatsError::LengthMismatch { what: "covariates".to_owned(), found: covariates.n_rows(), expected: n });
    }
    if covariates.width() == 0 {
        return Err(StatsError::EmptySample);
    }
    if rows.entry().is_some() || rows.weights().is_some() {
        return Err(StatsError::Undefined {
            why: "the subdistribution hazard model is for rows without weights and late entry".to_owned(),
        });
    }
    let n_events = events.cause.iter().filter(|&&found| found == cause).count();
    if cause == 0 || n_events == 0 {
        return Err(StatsError::NoEvents);
    }
    let problem = Problem::new(events, covariates, cause, method)?;
    let p = problem.p;
    let null = problem.evaluate(&vec![0.0; p]);
    if let Some(j) = (0..p).find(|&j| null.information[(j, j)] <= 1e-12 * n_events as f64) {
        return Err(StatsError::UninformativeCovariate { term: problem.names[j].clone() });
    }
    let (mut beta, mut current, mut iterations) = (vec![0.0; p], null.clone(), 0);
    loop {
        let step = problem.factor(&current, &beta)?.solve(&current.score);
        let mut fraction = 1.0;
        let (next_beta, next) = loop {
            let next_beta: Vec<f64> = beta.iter().zip(step.iter()).map(|(b, s)| b + fraction * s).collect();
            let next = problem.evaluate(&next_beta);
            let slack = 1e-12 * current.log_likelihood.abs().max(1.0);
            if next.log_likelihood.is_finite() && next.log_likelihood >= current.log_likelihood - slack || fraction < 1e-8 {
                break (next_beta, next);
            }
            fraction /= 2.0;
        };
        iterations += 1;
        let change = (next.log_likelihood - current.log_likelihood).abs();
        (beta, current) = (next_beta, next);
        let (place, longest) = (step.iamax(), step.amax());
        if longest < 1e-9 {
            break;
        }
        if change <= 1e-9 * current.log_likelihood.abs().max(1e-9) && longest > 1e-3 {
            return Err(StatsError::Separation { term: problem.names[place].clone() });
        }
        if iterations == MAX_ITERATIONS {
            return Err(StatsError::NotConverged { iterations });
        }
    }
    let inverse = problem.factor(&current, &beta)?.inverse();
    let meat = match method {
        FineGrayMethod::Weighted => problem.expanded_rows(&beta),
        FineGrayMethod::Crr => {
            let influence = problem.influence(&beta);
            influence.transpose() * influence
        }
    };
    let covariance = &inverse * meat * &inverse;
    problem.result(&beta, [covariance, inverse], &null, &current, level, iterations)
}

/// Rows by rising time with what the sums need.
struct Problem<'a> {
    events: &'a CompetingEvents,
    cause: usize,
    method: FineGrayMethod,
    names: Vec<String>,
    p: usize,
    /// Covariates centred and scaled, by place, row by row.
    x: Vec<f64>,
    centre: Vec<f64>,
    scale: Vec<f64>,
    /// Row of the input at each place.
    row: Vec<usize>,
    censoring: Censoring,
    /// Places of each distinct time.
    bounds: Vec<usize>,
}

#[derive(Clone)]
struct Likelihood {
    log_likelihood: f64,
    score: DVector<f64>,
    information: DMatrix<f64>,
}

/// Σ w e^η, Σ w e^η x and Σ w e^η xxᵀ (upper triangle).
#[derive(Clone)]
struct Sums {
    weight: f64,
    first: Vec<f64>,
    second: Vec<f64>,
}

impl Sums {
    fn new(p: usize) -> Self {
        Self { weight: 0.0, first: vec![0.0; p], second: vec![0.0; p * (p + 1) / 2] }
    }

    fn add(&mut self, weight: f64, x: &[f64]) {
        self.weight += weight;
        let mut second = self.second.iter_mut();
        for (j, (first, xj)) in self.first.iter_mut().zip(x).enumerate() {
            let wx = weight * xj;
            *first += wx;
            for (xk, sum) in x[j..].iter().zip(second.by_ref()) {
                *sum += wx * xk;
            }
        }
    }
}

impl<'a> Problem<'a> {
    fn new(events: &'a CompetingEvents, covariates: &Covariates, cause: usize, method: FineGrayMethod) -> Result<Self, StatsError> {
        let design = Design::new(covariates)?;
        let rows = &events.rows;
        let p = covariates.width();
        let row: Vec<usize> = rows.order().iter().map(|&row| row as usize).collect();
        let x = row.iter().flat_map(|&row| design.row(row)[1..].iter().copied()).collect();
        let mut bounds = vec![0];
        for place in 1..row.len() {
            if rows.time()[row[place]] > rows.time()[row[place - 1]] {
                bounds.push(place);
            }
        }
        bounds.push(row.len());
        Ok(Self {
            events,
            cause,
            method,
            names: covariates.names().to_vec(),
            p,
            x,
            centre: (1..=p).map(|j| design.centre_of(j)).collect(),
            scale: (1..=p).map(|j| design.scale_of(j)).collect(),
            censoring: Censoring::new(events, method == FineGrayMethod::Weighted),
            row,
            bounds,
        })
    }

    fn covariates(&self, place: usize) -> &[f64] {
        &self.x[place * self.p..(place + 1) * self.p]
    }

    fn cause_at(&self, place: usize) -> usize {
        self.events.cause[self.row[place]]
    }

    fn is_competing(&self, place: usize) -> bool {
        let cause = self.cause_at(place);
        cause != 0 && cause != self.cause
    }

    fn predictor(&self, beta: &[f64]) -> Vec<f64> {
        self.x.chunks_exact(self.p).map(|x| x.iter().zip(beta).map(|(x, b)| x * b).sum()).collect()
    }

    /// Visits the times with events of the cause, from the first to the last: (time's step, places of the events, risk-set sums).
    fn sweep(&self, risk: &[f64], mut visit: impl FnMut(usize, &[usize], &Sums)) {
        let p = self.p;
        // Those still followed: everybody, less who has left. From the back, so that nothing is subtracted.
        let steps = self.bounds.len() - 1;
        let with_events: Vec<bool> =
            (0..steps).map(|step| (self.bounds[step]..self.bounds[step + 1]).any(|place| self.cause_at(place) == self.cause)).collect();
        let mut followed = vec![None; steps];
        let mut running = Sums::new(p);
        for step in (0..steps).rev() {
            (self.bounds[step]..self.bounds[step + 1]).for_each(|place| running.add(risk[place], self.covariates(place)));
            if with_events[step] {
                followed[step] = Some(running.clone());
            }
        }
        let mut competed = Sums::new(p);
        let mut places = Vec::new();
        for step in 0..steps {
            let range = self.bounds[step]..self.bounds[step + 1];
            if let Some(mut sums) = followed[step].take() {
                let g = self.censoring.before[step];
                sums.weight += g * competed.weight;
                sums.first.iter_mut().zip(&competed.first).for_each(|(sum, other)| *sum += g * other);
                sums.second.iter_mut().zip(&competed.second).for_each(|(sum, other)| *sum += g * other);
                places.clear();
                places.extend(range.clone().filter(|&place| self.cause_at(place) == self.cause));
                visit(step, &places, &sums);
            }
            for place in range.filter(|&place| self.is_competing(place)) {
                competed.add(risk[place] / self.censoring.before[step], self.covariates(place));
            }
        }
    }

    fn evaluate(&self, beta: &[f64]) -> Likelihood {
        let p = self.p;
        let eta = self.predictor(beta);
        let risk: Vec<f64> = eta.iter().map(|eta| eta.exp()).collect();
        let (mut log_likelihood, mut score, mut upper) = (0.0, DVector::zeros(p), vec![0.0; p * (p + 1) / 2]);
        self.sweep(&risk, |_, places, sums| {
            let d = places.len() as f64;
            for &place in places {
                log_likelihood += eta[place];
                self.covariates(place).iter().enumerate().for_each(|(j, x)| score[j] += x);
            }
            log_likelihood -= d * sums.weight.ln();
            let mut cells = upper.iter_mut().zip(&sums.second);
            for j in 0..p {
                let mean = sums.first[j] / sums.weight;
                score[j] -= d * mean;
                for (first, (cell, second)) in sums.first[j..].iter().zip(cells.by_ref()) {
                    *cell += d * (second / sums.weight - mean * first / sums.weight);
                }
            }
        });
        let at = |j: usize, k: usize| j * p - j * (j + 1) / 2 + k;
        let information = DMatrix::from_fn(p, p, |j, k| upper[at(j.min(k), j.max(k))]);
        Likelihood { log_likelihood, score, information }
    }

    fn factor(&self, likelihood: &Likelihood, beta: &[f64]) -> Result<Cholesky<f64, nalgebra::Dyn>, StatsError> {
        let (largest, size) =
            beta.iter().map(|b| b.abs()).enumerate().fold((0, 0.0), |best, (j, b)| if b > best.1 { (j, b) } else { best });
        Cholesky::new(likelihood.information.clone()).ok_or_else(|| {
            if size > 5.0 {
                StatsError::Separation { term: self.names[largest].clone() }
            } else {
                StatsError::Collinear { term: self.names[self.p - 1].clone() }
            }
        })
    }

    /// η̂ + ψ̂ of each place: its own part of the score, and its part in estimating G.
    fn influence(&self, beta: &[f64]) -> DMatrix<f64> {
        let p = self.p;
        let n = self.row.len();
        let risk: Vec<f64> = self.predictor(beta).iter().map(|eta| eta.exp()).collect();
        let steps = self.bounds.len() - 1;
        // Per time: dΛ, and the mean of the risk set.
        let (mut hazard, mut mean) = (vec![0.0; steps], vec![0.0; steps * p]);
        self.sweep(&risk, |step, places, sums| {
            hazard[step] = places.len() as f64 / sums.weight;
            (0..p).for_each(|j| mean[step * p + j] = sums.first[j] / sums.weight);
        });
        // Running sums through each time of dΛ and dΛ x̄; from each time on of G dΛ and G dΛ x̄.
        let width = p + 1;
        let mut through = vec![0.0; (steps + 1) * width];
        let mut after = vec![0.0; (steps + 1) * width];
        for step in 0..steps {
            for j in 0..width {
                let value = if j == p { hazard[step] } else { hazard[step] * mean[step * p + j] };
                through[(step + 1) * width + j] = through[step * width + j] + value;
            }
        }
        for step in (0..steps).rev() {
            for j in 0..width {
                let value = if j == p { hazard[step] } else { hazard[step] * mean[step * p + j] };
                after[step * width + j] = after[(step + 1) * width + j] + self.censoring.before[step] * value;
            }
        }
        let mut influence = DMatrix::zeros(n, p);
        // Σ e^η/G and Σ e^η x/G over those with a competing event so far.
        let mut competed = vec![0.0; width];
        // Running sum of q(u)/π(u) · dΛ_c(u).
        let mut compensator = vec![0.0; p];
        for step in 0..steps {
            let range = self.bounds[step]..self.bounds[step + 1];
            let g = self.censoring.before[step];
            // As crr: a censoring at u counts for those with a competing event before u, and for the events from u on.
            let (here, later) = (&after[step * width..(step + 1) * width], &after[(step + 1) * width..(step + 2) * width]);
            let q: Vec<f64> = (0..p).map(|j| competed[j] * here[p] - competed[p] * here[j]).collect();
            let (censored, at_risk) = (self.censoring.censored[step], self.censoring.at_risk[step]);
            if censored > 0.0 {
                (0..p).for_each(|j| compensator[j] += q[j] * censored / (at_risk * at_risk));
            }
            for place in range.clone() {
                let x = self.covariates(place);
                let relative = risk[place];
                for j in 0..p {
                    let lived = x[j] * through[(step + 1) * width + p] - through[(step + 1) * width + j];
                    let mut own = -relative * lived;
                    if self.cause_at(place) == self.cause {
                        own += x[j] - mean[step * p + j];
                    }
                    if self.is_competing(place) {
                        own -= relative / g * (x[j] * later[p] - later[j]);
                    }
                    let censoring = if self.cause_at(place) == 0 { q[j] / at_risk } else { 0.0 };
                    influence[(place, j)] = own + censoring - compensator[j];
                }
            }
            for place in range.filter(|&place| self.is_competing(place)) {
                let weight = risk[place] / g;
                self.covariates(place).iter().enumerate().for_each(|(j, x)| competed[j] += weight * x);
                competed[p] += weight;
            }
        }
        influence
    }

    /// Squared scores of the rows that `finegray` expands the data to, each a cluster of its own: what `coxph` takes for robust without an
    /// id. A row after a competing event is cut wherever G falls.
    fn expanded_rows(&self, beta: &[f64]) -> DMatrix<f64> {
        let p = self.p;
        let risk: Vec<f64> = self.predictor(beta).iter().map(|eta| eta.exp()).collect();
        let steps = self.bounds.len() - 1;
        let (mut hazard, mut hazard_mean) = (vec![0.0; steps], vec![DVector::zeros(p); steps]);
        let mut mean = vec![DVector::zeros(p); steps];
        self.sweep(&risk, |step, places, sums| {
            hazard[step] = places.len() as f64 / sums.weight;
            mean[step] = DVector::from_iterator(p, sums.first.iter().map(|first| first / sums.weight));
            hazard_mean[step] = &mean[step] * hazard[step];
        });
        // Stretches of constant G: their last step, and their sums of dΛ and dΛ x̄ times G.
        let mut level_of = vec![0; steps];
        let mut levels: Vec<(usize, f64, DVector<f64>)> = Vec::new();
        for step in 0..steps {
            let g = self.censoring.before[step];
            if step == 0 || g < self.censoring.before[step - 1] {
                levels.push((step, 0.0, DVector::zeros(p)));
            }
            level_of[step] = levels.len() - 1;
            if let Some((last, sum, sum_mean)) = levels.last_mut() {
                *last = step;
                *sum += g * hazard[step];
                *sum_mean += &hazard_mean[step] * g;
            }
        }
        // From each stretch on: Σ s², Σ s m and Σ m mᵀ.
        let mut later = vec![(0.0, DVector::zeros(p), DMatrix::zeros(p, p)); levels.len() + 1];
        for level in (0..levels.len()).rev() {
            let (_, sum, sum_mean) = &levels[level];
            let (a, b, c) = &later[level + 1];
            later[level] = (a + sum * sum, b + sum_mean * *sum, c + sum_mean * sum_mean.transpose());
        }
        let (mut total, mut total_mean) = (vec![0.0; steps], vec![DVector::zeros(p); steps]);
        for step in 0..steps {
            total[step] = hazard[step] + if step > 0 { total[step - 1] } else { 0.0 };
            total_mean[step] = if step > 0 { &total_mean[step - 1] + &hazard_mean[step] } else { hazard_mean[step].clone() };
        }
        let mut meat = DMatrix::zeros(p, p);
        for step in 0..steps {
            for place in self.bounds[step]..self.bounds[step + 1] {
                let x = DVector::from_column_slice(self.covariates(place));
                // The first row of a competing event lasts until G falls.
                let end = if self.is_competing(place) { levels[level_of[step]].0 } else { step };
                let mut own = (&total_mean[end] - &x * total[end]) * risk[place];
                if self.cause_at(place) == self.cause {
                    own += &x - &mean[step];
                }
                meat += &own * own.transpose();
                if self.is_competing(place) {
                    let (a, b, c) = &later[level_of[step] + 1];
                    let scale = (risk[place] / self.censoring.before[step]).powi(2);
                    meat += (&x * x.transpose() * *a - &x * b.transpose() - b * x.transpose() + c) * scale;
                }
            }
        }
        meat
    }

    fn result(
        &self,
        beta: &[f64],
        [covariance, model]: [DMatrix<f64>; 2],
        null: &Likelihood,
        last: &Likelihood,
        level: f64,
        iterations: usize,
    ) -> Result<FineGray, StatsError> {
        let p = self.p;
        let z = normal_quantile(0.5 + level / 2.0);
        let terms = (0..p)
            .map(|j| {
                let coefficient = beta[j] / self.scale[j];
                let std_error = covariance[(j, j)].sqrt() / self.scale[j];
                let statistic = coefficient / std_error;
                CoxTerm {
                    name: self.names[j].clone(),
                    coefficient,
                    std_error,
                    model_std_error: model[(j, j)].sqrt() / self.scale[j],
                    statistic,
                    p_value: normal_two_sided_p(statistic),
                    hazard_ratio: coefficient.exp(),
                    interval: Interval { lower: (coefficient - z * std_error).exp(), upper: (coefficient + z * std_error).exp(), level },
                }
            })
            .collect();
        let estimate = DVector::from_column_slice(beta);
        let wald = Cholesky::new(covariance.clone()).ok_or(StatsError::NotConverged { iterations })?;
        let df = p as f64;
        let test = |method, statistic| TestResult { method, statistic, df: Some(df), p_value: chi_squared_upper_p(statistic, df) };
        // The baseline at covariates 0, from that at their means.
        let shift: f64 = (0..p).map(|j| -beta[j] * self.centre[j] / self.scale[j]).sum();
        let risk: Vec<f64> = self.predictor(beta).iter().map(|eta| eta.exp()).collect();
        let (mut event_time, mut baseline, mut total) = (Vec::new(), Vec::new(), 0.0);
        self.sweep(&risk, |step, places, sums| {
            total += places.len() as f64 / sums.weight * shift.exp();
            event_time.push(self.censoring.time[step]);
            baseline.push(total);
        });
        let counted = |wanted: &dyn Fn(usize) -> bool| self.events.cause.iter().filter(|&&cause| wanted(cause)).count();
        Ok(FineGray {
            method: self.method,
            cause: self.cause,
            terms,
            covariance: (0..p).map(|j| (0..p).map(|k| covariance[(j, k)] / (self.scale[j] * self.scale[k])).collect()).collect(),
            log_likelihood_null: null.log_likelihood,
            log_likelihood: last.log_likelihood,
            likelihood_ratio: test("likelihood-ratio test", 2.0 * (last.log_likelihood - null.log_likelihood)),
            wald: test("Wald test", estimate.dot(&wald.solve(&estimate))),
            n: self.row.len(),
            n_events: counted(&|cause| cause == self.cause),
            n_competing: counted(&|cause| cause != 0 && cause != self.cause),
            iterations,
            event_time,
            baseline,
        })
    }
}

impl FineGray {
    /// Cumulative incidence predicted at values of the covariates.
    ///
    /// # Formula
    /// `F(t|x) = 1 − exp(−Λ₀(t) e^{xβ})`.
    ///
    /// # Errors
    /// [`StatsError::LengthMismatch`] unless there is a value for each term; [`StatsError::NotFinite`].
    ///
    /// # Agrees with
    /// R `cmprsk::predict.crr`.
    pub fn predict(&self, covariates: &[f64]) -> Result<IncidencePrediction, StatsError> {
        if covariates.len() != self.terms.len() {
            return Err(StatsError::LengthMismatch { what: "covariates".to_owned(), found: covariates.len(), expected: self.terms.len() });
        }
        check_finite("covariates", covariates)?;
        let relative = covariates.iter().zip(&self.terms).map(|(x, term)| x * term.coefficient).sum::<f64>().exp();
        let estimate = self.baseline.iter().map(|hazard| -(-hazard * relative).exp_m1()).collect();
        Ok(IncidencePrediction { time: self.event_time.clone(), estimate })
    }
}
