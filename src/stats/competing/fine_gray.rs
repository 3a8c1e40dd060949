//! Fine and Gray's proportional subdistribution hazards model.

use nalgebra::{Cholesky, DMatrix, DVector, Dyn, SymmetricEigen};
use serde::Serialize;

use super::subdistribution::{Likelihood, Rows};
use super::time_to_cause::TimeToCause;
use crate::stats::distributions::{chi_squared_upper_p, normal_quantile, normal_two_sided_p};
use crate::stats::error::{StatsError, check_finite, check_level};
use crate::stats::estimate::Interval;
use crate::stats::hypothesis::TestResult;
use crate::stats::survival::Covariates;

/// Which implementation of the model to agree with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FineGrayMethod {
    /// R `survival::finegray` and a weighted `coxph(…, robust = FALSE)`: at equal times events leave before censorings in the
    /// estimate of the censoring distribution; model-based standard errors.
    Weighted,
    /// The same with standard errors robust by patient, weights taken as known: `coxph(…, cluster = id)`.
    WeightedRobust,
    /// The same with the standard errors `coxph` gives when asked for nothing: every row of the expanded data counts as
    /// independent of the others (model-based where no weight is a fraction). For agreement only: these are too small.
    WeightedRobustByRow,
    /// R `cmprsk::crr`: events at the time of a censoring count as at risk of it; Fine and Gray's sandwich standard errors.
    Crr,
}

/// One term of a Fine–Gray model.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FineGrayTerm {
    /// Its name.
    pub name: String,
    /// Log subdistribution hazard ratio per unit.
    pub coefficient: f64,
    /// Standard error.
    pub std_error: f64,
    /// Wald z.
    pub statistic: f64,
    /// Two-sided p value.
    pub p_value: f64,
    /// exp(coefficient).
    pub subdistribution_hazard_ratio: f64,
    /// Wald interval of the subdistribution hazard ratio.
    pub interval: Interval,
}

/// A fitted Fine–Gray model.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FineGrayFit {
    /// Rows.
    pub n: usize,
    /// The cause of interest.
    pub cause: usize,
    /// Rows that ended in each cause, the first being cause 1.
    pub n_events: Vec<usize>,
    /// Convention followed.
    pub method: FineGrayMethod,
    /// Terms in the order of the covariates.
    pub terms: Vec<FineGrayTerm>,
    /// Covariance of the coefficients the standard errors come from.
    pub covariance: Vec<Vec<f64>>,
    /// Log (pseudo) partial likelihood with all coefficients 0.
    pub log_likelihood_null: f64,
    /// Log (pseudo) partial likelihood at the estimate.
    pub log_likelihood: f64,
    /// (Pseudo) likelihood-ratio test of all coefficients.
    pub likelihood_ratio: TestResult,
    /// Wald test of all coefficients, from the covariance above.
    pub wald: TestResult,
    /// Score test of all coefficients, from the information.
    pub score: TestResult,
    /// Newton steps taken.
    pub iterations: usize,
    /// Distinct times of the events.
    pub event_time: Vec<f64>,
    /// Cumulative subdistribution hazard after each, at the covariates' means.
    pub baseline_cumulative_hazard: Vec<f64>,
    /// Means of the covariates.
    pub covariate_means: Vec<f64>,
}

/// Cumulative incidence predicted by a Fine–Gray model.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PredictedIncidence {
    /// Distinct times of the events.
    pub time: Vec<f64>,
    /// Probability of the cause by each.
    pub estimate: Vec<f64>,
}

const MAX_ITERATIONS: usize = 60;
/// Relative change of the log likelihood at which the iteration may end.
const TOLERANCE: f64 = 1e-13;
/// A step this long (in standard deviations) while the likelihood stands still means there is no finite estimate.
const RUNAWAY_STEP: f64 = 1e-3;

/// Fits Fine and Gray's model of the subdistribution hazard of one cause.
///
/// # Formula
/// ```text
/// λ(t; x) = λ₀(t) exp(βᵀx),   F(t; x) = 1 − exp(−Λ₀(t) exp(βᵀx))
/// ```
/// Newton's method on the partial likelihood (Breslow's approximation for ties) in which rows that ended in another cause at s
/// stay at risk at t > s with weight G(t−)/G(s−), G the Kaplan–Meier estimate of the censoring distribution.
///
/// # Conventions
/// See [`FineGrayMethod`]. Covariates are centred and scaled inside.
///
/// # Errors
/// [`StatsError::NoEvents`] without an event of the cause; [`StatsError::ConstantCovariate`],
/// [`StatsError::UninformativeCovariate`], [`StatsError::Collinear`], [`StatsError::Separation`] naming the term;
/// [`StatsError::NotConverged`]; [`StatsError::LengthMismatch`]; [`StatsError::OutOfRange`] for a cause that is not there;
/// [`StatsError::Unsupported`] for entry times and weights; [`StatsError::InvalidLevel`].
///
/// # Agrees with
/// R survival 3.5-3 `coxph(Surv(fgstart, fgstop, fgstatus) ~ …, weights = fgwt, ties = "breslow")` on `finegray(…)`;
/// R cmprsk 2.2-11 `crr(time, cause, x, failcode)`.
///
/// # References
/// Fine & Gray (1999), JASA 94:496–509.
pub fn fine_gray(
    rows: &TimeToCause,
    cause: usize,
    covariates: &Covariates,
    method: FineGrayMethod,
    level: f64,
) -> Result<FineGrayFit, StatsError> {
    check_level(level)?;
    rows.check_plain("the Fine–Gray model has no form for entry times or weights here")?;
    let found = covariates.columns()[0].len();
    if found != rows.len() {
        return Err(StatsError::LengthMismatch { what: "covariates".to_owned(), found, expected: rows.len() });
    }
    rows.check_cause(cause)?;
    let n_events = rows.n_events(cause);
    if n_events == 0 {
        return Err(StatsError::NoEvents);
    }
    let model = Model::new(rows, cause, covariates, method)?;
    let null = model.rows.evaluate(&vec![0.0; model.rows.p]);
    model.check_information(&null, n_events)?;
    let (beta, last, iterations) = model.maximize(&null)?;
    model.fit(rows, cause, method, level, &beta, &null, &last, iterations)
}

impl FineGrayFit {
    /// Cumulative incidence at given covariates, in the order of the terms.
    ///
    /// # Formula
    /// `F(t; x) = 1 − exp(−Λ₀(t) exp(βᵀ(x − x̄)))` with Breslow's Λ₀ at the means.
    ///
    /// # Errors
    /// [`StatsError::LengthMismatch`], [`StatsError::NotFinite`].
    ///
    /// # Agrees with
    /// R cmprsk 2.2-11 `predict(crr(…), x)`.
    pub fn predict(&self, covariates: &[f64]) -> Result<PredictedIncidence, StatsError> {
        if covariates.len() != self.terms.len() {
            return Err(StatsError::LengthMismatch { what: "covariates".to_owned(), found: covariates.len(), expected: self.terms.len() });
        }
        check_finite("covariates", covariates)?;
        let predictor: f64 =
            self.terms.iter().zip(covariates).zip(&self.covariate_means).map(|((term, x), mean)| term.coefficient * (x - mean)).sum();
        let ratio = ratio(predictor);
        let estimate = self.baseline_cumulative_hazard.iter().map(|hazard| -(-hazard * ratio).exp_m1()).collect();
        Ok(PredictedIncidence { time: self.event_time.clone(), estimate })
    }
}

/// exp, but finite: coefficients of covariates that hardly vary can be huge.
fn ratio(log: f64) -> f64 {
    log.exp().min(f64::MAX)
}

/// Rows with covariates centred and scaled.
struct Model {
    rows: Rows,
    names: Vec<String>,
    mean: Vec<f64>,
    scale: Vec<f64>,
}

impl Model {
    fn new(rows: &TimeToCause, cause: usize, covariates: &Covariates, method: FineGrayMethod) -> Result<Self, StatsError> {
        let (n, p) = (rows.len(), covariates.columns().len());
        let order = rows.order();
        let mut x = vec![0.0; n * p];
        let (mut means, mut scale) = (Vec::with_capacity(p), Vec::with_capacity(p));
        for (j, (name, column)) in covariates.names().iter().zip(covariates.columns()).enumerate() {
            let first = column[0];
            if column.iter().all(|value| value - first == 0.0) {
                return Err(StatsError::ConstantCovariate { term: name.clone() });
            }
            // Differences from the first value first: a mean of numbers near 1e9 would lose their digits.
            let mean = column.iter().map(|value| value - first).sum::<f64>() / n as f64;
            let deviation = (column.iter().map(|value| (value - first - mean).powi(2)).sum::<f64>() / n as f64).sqrt();
            if !(deviation > 0.0 && deviation.is_finite()) {
                return Err(StatsError::OutOfRange {
                    what: "a covariate",
                    value: first,
                    expected: "its squares do not fit a number; give it in other units",
                });
            }
            means.push(first + mean);
            scale.push(deviation);
            for (row, &source) in order.iter().enumerate() {
                x[row * p + j] = (column[source] - first - mean) / deviation;
            }
        }
        let model = Self { rows: Rows::new(rows, &order, cause, x, method), names: covariates.names().to_vec(), mean: means, scale };
        model.check_collinear()?;
        Ok(model)
    }

    /// The smallest eigenvalue of the covariates' correlation matrix shows whether one is made of others.
    fn check_collinear(&self) -> Result<(), StatsError> {
        let p = self.rows.p;
        let n = (self.rows.x.len() / p) as f64;
        let x = DMatrix::from_row_slice(self.rows.x.len() / p, p, &self.rows.x);
        let eigen = SymmetricEigen::new(x.tr_mul(&x) / n);
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
        Cholesky::new(DMatrix::from_row_slice(p, p, &likelihood.information)).ok_or_else(|| {
            let largest = (0..p).max_by(|&a, &b| beta[a].abs().total_cmp(&beta[b].abs())).unwrap_or(0);
            // Far out the information vanishes; near zero it is singular because covariates repeat each other in the risk sets.
            if beta[largest].abs() > 5.0 {
                StatsError::Separation { term: self.names[largest].clone() }
            } else {
                StatsError::Collinear { term: self.names[p - 1].clone() }
            }
        })
    }

    /// Newton's method; steps are halved until the likelihood does not fall.
    fn maximize(&self, null: &Likelihood) -> Result<(Vec<f64>, Likelihood, usize), StatsError> {
        let mut beta = vec![0.0; self.rows.p];
        let mut current = null.clone();
        let mut last_step = f64::INFINITY;
        for iteration in 1..=MAX_ITERATIONS {
            let step = self.factor(&current, &beta)?.solve(&DVector::from_column_slice(&current.score));
            let (next_beta, next) = self.halved_step(&beta, &step, &current);
            let change = (next.log_likelihood - current.log_likelihood).abs();
            let size = current.log_likelihood.abs();
            (beta, current) = (next_beta, next);
            let (term, longest) =
                step.iter().map(|step| step.abs()).enumerate().max_by(|a, b| a.1.total_cmp(&b.1)).ok_or(StatsError::EmptySample)?;
            let still = change <= TOLERANCE * size.max(1.0);
            // The last digits of a flat likelihood may wander; that is as far as the arithmetic goes.
            if still && (longest < 1e-9 || iteration == MAX_ITERATIONS && longest < 1e-6) {
                return Ok((beta, current, iteration));
            }
            // On the way to an estimate each step is far shorter than the last.
            let as_long = longest > RUNAWAY_STEP && longest > 0.5 * last_step;
            last_step = longest;
            if (still || change <= 1e-9 * size.max(1e-9)) && as_long {
                return Err(StatsError::Separation { term: self.names[term].clone() });
            }
        }
        Err(StatsError::NotConverged { iterations: MAX_ITERATIONS })
    }

    fn halved_step(&self, beta: &[f64], step: &DVector<f64>, current: &Likelihood) -> (Vec<f64>, Likelihood) {
        let slack = 1e-12 * current.log_likelihood.abs().max(1.0);
        let mut fraction = 1.0;
        loop {
            let next: Vec<f64> = beta.iter().zip(step.iter()).map(|(b, s)| b + fraction * s).collect();
            let likelihood = self.rows.evaluate(&next);
            let better = likelihood.log_likelihood.is_finite() && likelihood.log_likelihood >= current.log_likelihood - slack;
            if better || fraction < 1e-8 {
                return (next, likelihood);
            }
            fraction /= 2.0;
        }
    }

    #[allow(clippy::too_many_arguments)]
    fn fit(
        &self,
        rows: &TimeToCause,
        cause: usize,
        method: FineGrayMethod,
        level: f64,
        beta: &[f64],
        null: &Likelihood,
        last: &Likelihood,
        iterations: usize,
    ) -> Result<FineGrayFit, StatsError> {
        let p = self.rows.p;
        let inverse = self.factor(last, beta)?.inverse();
        let meat = match method {
            FineGrayMethod::Weighted => None,
            FineGrayMethod::WeightedRobust => Some(self.rows.meat(last, false)),
            FineGrayMethod::WeightedRobustByRow => self.rows.has_fractional_weights().then(|| self.rows.meat_by_row(last)),
            FineGrayMethod::Crr => Some(self.rows.meat(last, true)),
        };
        let covariance = match meat {
            None => inverse,
            Some(meat) => &inverse * DMatrix::from_row_slice(p, p, &meat) * &inverse,
        };
        let z = normal_quantile(0.5 + level / 2.0);
        let terms = (0..p)
            .map(|j| {
                let (coefficient, std_error) = (beta[j] / self.scale[j], covariance[(j, j)].sqrt() / self.scale[j]);
                let statistic = coefficient / std_error;
                FineGrayTerm {
                    name: self.names[j].clone(),
                    coefficient,
                    std_error,
                    statistic,
                    p_value: normal_two_sided_p(statistic),
                    subdistribution_hazard_ratio: ratio(coefficient),
                    interval: Interval { lower: ratio(coefficient - z * std_error), upper: ratio(coefficient + z * std_error), level },
                }
            })
            .collect();
        let score = DVector::from_column_slice(&null.score);
        let score_statistic = score.dot(&self.factor(null, &vec![0.0; p])?.solve(&score));
        let estimate = DVector::from_column_slice(beta);
        let precision = Cholesky::new(covariance.clone()).ok_or(StatsError::UndefinedVariance { what: "the Fine–Gray model" })?;
        let wald = estimate.dot(&precision.solve(&estimate));
        let df = p as f64;
        let test = |method, statistic| TestResult { method, statistic, df: Some(df), p_value: chi_squared_upper_p(statistic, df) };
        // Jumps are on the scale of the largest risk; the baseline is at the means, where the centred covariates are 0.
        let offset =
            self.rows.x.chunks_exact(p).map(|x| x.iter().zip(beta).map(|(x, b)| x * b).sum::<f64>()).fold(f64::NEG_INFINITY, f64::max);
        let mut hazard = 0.0;
        let baseline = last.jumps.iter().map(|jump| {
            hazard += jump * (-offset).exp();
            hazard
        });
        Ok(FineGrayFit {
            n: rows.len(),
            cause,
            n_events: (1..=rows.n_causes()).map(|cause| rows.n_events(cause)).collect(),
            method,
            terms,
            covariance: (0..p).map(|j| (0..p).map(|k| covariance[(j, k)] / (self.scale[j] * self.scale[k])).collect()).collect(),
            log_likelihood_null: null.log_likelihood,
            log_likelihood: last.log_likelihood,
            likelihood_ratio: test("likelihood-ratio test", 2.0 * (last.log_likelihood - null.log_likelihood)),
            wald: test("Wald test", wald),
            score: test("score test", score_statistic),
            iterations,
            event_time: self.rows.event_time.clone(),
            baseline_cumulative_hazard: baseline.collect(),
            covariate_means: self.mean.clone(),
        })
    }
}
