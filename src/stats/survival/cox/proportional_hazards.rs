//! Does a hazard ratio change over time?

use nalgebra::{Cholesky, DMatrix, DVector};
use serde::Serialize;

use super::likelihood::{full, sweep};
use super::model::CoxModel;
use crate::stats::distributions::chi_squared_upper_p;
use crate::stats::error::StatsError;
use crate::stats::hypothesis::TestResult;
use crate::stats::survival::kaplan_meier::{CurveEstimator, curve};
use crate::stats::survival::limits::CurveInterval;
use crate::stats::survival::time_to_event::TimeToEvent;

/// Scale of time on which a log hazard ratio may rise or fall.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum TimeTransform {
    /// 1 − S(t−), the Kaplan–Meier curve of all rows: even steps from event to event.
    #[default]
    Km,
    /// Rank of the time among all rows.
    Rank,
    /// log t.
    Log,
    /// t.
    Identity,
}

/// The test of one term.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ProportionalHazardsTest {
    /// The term.
    pub term: String,
    /// χ² test on 1 degree of freedom.
    pub test: TestResult,
}

/// Tests of proportional hazards.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ProportionalHazards {
    /// Scale of time.
    pub transform: TimeTransform,
    /// Each term alone.
    pub terms: Vec<ProportionalHazardsTest>,
    /// All terms together.
    pub global: TestResult,
}

impl CoxModel {
    /// Score tests that each log hazard ratio is constant over time.
    ///
    /// # Formula
    /// The score test of adding `x · g(t)`: with `r(t)` the score contribution of the event times and `I(t)` their information,
    /// ```text
    /// u = Σ g(t) r(t),   I = Σ [ I(t)      g(t) I(t)
    ///                            g(t) I(t) g(t)² I(t) ],   χ² = (0, u) I⁻¹ (0, u)ᵀ
    /// ```
    /// `g` is centred at its mean over the events, which changes nothing but rounding. `rows` are those of the fit.
    ///
    /// # Conventions
    /// Ranks and the Kaplan–Meier scale ignore strata and weights, as in R. Model-based whatever the fit's standard errors.
    ///
    /// # Errors
    /// [`StatsError::LengthMismatch`] if the rows are not those of the fit; [`StatsError::OutOfRange`] for a logarithm of time 0;
    /// [`StatsError::Undefined`] if the events are too few or their times too alike.
    ///
    /// # Agrees with
    /// R survival 3.5-3 `cox.zph(fit, transform = …, terms = FALSE)` (the score test, since 3.0).
    ///
    /// # References
    /// Grambsch & Therneau (1994), Biometrika 81:515–526.
    pub fn proportional_hazards(&self, rows: &TimeToEvent, transform: TimeTransform) -> Result<ProportionalHazards, StatsError> {
        let data = &self.data;
        let p = data.p;
        if rows.len() != data.n() {
            return Err(StatsError::LengthMismatch { what: "rows".to_owned(), found: rows.len(), expected: data.n() });
        }
        let scale = Scale::new(rows, transform)?;
        let events = rows.time().iter().zip(rows.event()).filter(|(_, event)| **event).map(|(&time, _)| scale.at(time));
        let centre = events.sum::<f64>() / data.n_events as f64;

        let size = p * (p + 1) / 2;
        let (mut plain, mut once, mut twice) = (vec![0.0; size], vec![0.0; size], vec![0.0; size]);
        let mut u = vec![0.0; p];
        let mut room = vec![0.0; p];
        sweep(data, &data.risk(&self.beta), self.fit.ties, |tie| {
            let g = scale.at(tie.time) - centre;
            for &place in tie.places {
                let weight = data.weight(place as usize);
                u.iter_mut().zip(data.covariates(place as usize)).for_each(|(u, x)| *u += g * weight * x);
            }
            tie.parts(&mut room, |part| {
                u.iter_mut().zip(part.mean).for_each(|(u, mean)| *u -= g * part.case_weight * mean);
                part.add_covariance(part.case_weight, &mut plain);
                part.add_covariance(part.case_weight * g, &mut once);
                part.add_covariance(part.case_weight * g * g, &mut twice);
            });
        });
        let [plain, once, twice] = [plain, once, twice].map(|upper| full(&upper, p));
        let statistic = |terms: &[usize]| -> Result<f64, StatsError> {
            let size = p + terms.len();
            let cell = |j: usize, k: usize| match (j < p, k < p) {
                (true, true) => plain[j * p + k],
                (true, false) => once[j * p + terms[k - p]],
                (false, true) => once[terms[j - p] * p + k],
                (false, false) => twice[terms[j - p] * p + terms[k - p]],
            };
            let score = DVector::from_fn(size, |j, _| if j < p { 0.0 } else { u[terms[j - p]] });
            // Scaled to a unit diagonal: g may be in days.
            let units: Vec<f64> = (0..size).map(|j| cell(j, j).sqrt()).collect();
            if units.iter().any(|&unit| !(unit > 0.0 && unit.is_finite())) {
                return Err(too_alike());
            }
            let matrix = DMatrix::from_fn(size, size, |j, k| cell(j, k) / (units[j] * units[k]));
            let score = DVector::from_fn(size, |j, _| score[j] / units[j]);
            let factor = Cholesky::new(matrix).ok_or_else(too_alike)?;
            Ok(score.dot(&factor.solve(&score)))
        };
        let test = |statistic: f64, df: f64| TestResult {
            method: "score test of proportional hazards",
            statistic,
            df: Some(df),
            p_value: chi_squared_upper_p(statistic, df),
        };
        let terms = (0..p)
            .map(|j| Ok(ProportionalHazardsTest { term: data.names[j].clone(), test: test(statistic(&[j])?, 1.0) }))
            .collect::<Result<Vec<_>, StatsError>>()?;
        let global = test(statistic(&(0..p).collect::<Vec<_>>())?, p as f64);
        Ok(ProportionalHazards { transform, terms, global })
    }
}

fn too_alike() -> StatsError {
    StatsError::Undefined { why: "there are too few different event times to see whether hazard ratios change over time".to_owned() }
}

/// g(t) at the distinct times.
struct Scale {
    time: Vec<f64>,
    value: Vec<f64>,
}

impl Scale {
    fn new(rows: &TimeToEvent, transform: TimeTransform) -> Result<Self, StatsError> {
        let mut time: Vec<f64> = rows.order().iter().map(|&row| rows.time()[row as usize]).collect();
        let value = match transform {
            TimeTransform::Km => {
                let mut plain = TimeToEvent::new(rows.time().to_vec(), rows.event().to_vec())?;
                if let Some(entry) = rows.entry() {
                    plain = plain.with_entry(entry.to_vec())?;
                }
                let curve = curve(&plain, CurveEstimator::KaplanMeier, CurveInterval::Plain, 0.95, None)?;
                time.dedup();
                std::iter::once(1.0).chain(curve.estimate).map(|survival| 1.0 - survival).take(time.len()).collect()
            }
            TimeTransform::Rank => {
                // Tied times share the mean of their ranks.
                let mut ranks = Vec::new();
                let mut before = 0.0;
                for tied in time.chunk_by(|a, b| a.total_cmp(b).is_eq()) {
                    ranks.push(before + f64::midpoint(tied.len() as f64, 1.0));
                    before += tied.len() as f64;
                }
                time.dedup();
                ranks
            }
            TimeTransform::Log => {
                time.dedup();
                if time[0] <= 0.0 && rows.time().iter().zip(rows.event()).any(|(&time, &event)| event && time <= 0.0) {
                    return Err(StatsError::OutOfRange { what: "an event's time", value: 0.0, expected: "log t needs times above 0" });
                }
                time.iter().map(|time| time.ln()).collect()
            }
            TimeTransform::Identity => {
                time.dedup();
                time.clone()
            }
        };
        Ok(Self { time, value })
    }

    fn at(&self, time: f64) -> f64 {
        self.value[self.time.partition_point(|&known| known < time)]
    }
}
