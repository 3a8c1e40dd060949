//! Recurrence by the exposure of the day: person-time and recurrences while the exercise was kept up and while it was not,
//! the time-varying Cox model, and how it moves with the lag.

use rayon::prelude::*;
use serde::Serialize;

use crate::cohort::{Cohort, Exposure, ExposureSpan, FollowUp, exposure_spans};
use crate::domain::Tally;
use crate::settings::{ExposureSettings, Settings};
use crate::stats::survival::{RateRatio, rate_ratio};

use super::comparison::{AdjustedHazard, HazardRatio, MaintainedRow, adjusted_ratio, unadjusted_ratio};
use super::computed::Computed;
use super::covariates::CovariateChoice;

/// The comparison by the exposure of each day.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TimeVaryingAnalysis {
    /// Days between the end of the window and the day.
    pub lag: i32,
    /// Days at risk of which the exposure is known, and those of which it is not yet: together those at risk.
    pub days: i64,
    /// Days at risk before the exposure can be told.
    pub days_unknown: i64,
    /// Recurrences on such days.
    pub recurrences_unknown: usize,
    /// Not maintained, then maintained.
    pub states: [PersonTime; 2],
    /// Rate while maintained over rate while not.
    pub rate_ratio: Computed<RateRatio>,
    /// Hazard ratio without covariates.
    pub unadjusted: Computed<HazardRatio>,
    /// Hazard ratio with covariates.
    pub adjusted: Computed<AdjustedHazard>,
    /// The same at other lags.
    pub lags: Vec<LagCell>,
}

/// Days at risk in one state of exposure.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct PersonTime {
    /// The state.
    pub exposure: Exposure,
    /// Programs that were ever in it while at risk.
    pub programs: usize,
    /// Their patients.
    pub patients: usize,
    /// Days at risk in it.
    pub days: i64,
    /// Recurrences in it.
    pub recurrences: usize,
    /// Recurrences per 100 patient-years; `None` without any day.
    pub per_100_years: Option<f64>,
}

/// The answer at another lag.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LagCell {
    /// Lag in days.
    pub lag: i32,
    /// Recurrences with a known exposure.
    pub n_events: usize,
    /// Adjusted hazard ratio where the covariates allow it, else unadjusted.
    pub hazard_ratio: Computed<HazardRatio>,
}

impl TimeVaryingAnalysis {
    /// The adjusted hazard ratio, else the unadjusted one.
    #[must_use]
    pub fn hazard_ratio(&self) -> Option<&HazardRatio> {
        self.adjusted.value().map(|adjusted| &adjusted.ratio).or_else(|| self.unadjusted.value())
    }
}

pub(super) const DAYS_OF_A_YEAR: f64 = 365.25;

/// Compares days at risk at which the exercise was being kept up with days at which it was not.
///
/// # Definition
/// Every day at risk counts for the exposure of that day ([`exposure_spans`]); the same patient may change sides. The Cox
/// model has one row per stretch of one exposure: `λ(t) = λ₀(t) exp(β maintained(t − lag) + γ x)`, time from the first day at
/// risk. Where a patient is at risk after several programs, errors are worked out by patient.
///
/// # References
/// Mantel & Byar (1974), *J Am Stat Assoc* 69:81–86. Andersen & Gill (1982), *Ann Stat* 10:1100–1120. Suissa (2008),
/// *Am J Epidemiol* 167:492–499.
#[must_use]
pub fn analyze_time_varying(cohort: &Cohort, covariates: &CovariateChoice, settings: &Settings) -> TimeVaryingAnalysis {
    let rule = &settings.maintenance;
    let chosen = at_lag(cohort, rule.lag, covariates, settings);
    let [not_maintained, maintained] = chosen.states;
    let followed = || cohort.courses.iter().filter_map(|course| course.follow_up.ok());
    let days: i64 = not_maintained.days + maintained.days;
    let all_days: i64 = followed().map(|follow_up| i64::from(follow_up.days())).sum();
    let recurrences = not_maintained.recurrences + maintained.recurrences;
    let of = |state: PersonTime| (state.recurrences, state.days as f64);
    let cell = |&lag: &i32| {
        if lag == rule.lag { chosen.cell(lag) } else { at_lag(cohort, lag, covariates, settings).cell(lag) }
    };
    let lags = rule.lags.par_iter().map(cell).collect();
    TimeVaryingAnalysis {
        lag: rule.lag,
        days,
        days_unknown: all_days - days,
        recurrences_unknown: followed().filter(FollowUp::recurred).count() - recurrences,
        states: chosen.states,
        rate_ratio: rate_ratio(of(not_maintained), of(maintained), settings.model.level).into(),
        lags,
        unadjusted: chosen.unadjusted,
        adjusted: chosen.adjusted,
    }
}

/// The comparison at one lag.
struct AtLag {
    states: [PersonTime; 2],
    unadjusted: Computed<HazardRatio>,
    adjusted: Computed<AdjustedHazard>,
}

impl AtLag {
    fn cell(&self, lag: i32) -> LagCell {
        let hazard_ratio = match &self.adjusted {
            Computed::Value(adjusted) => Computed::Value(adjusted.ratio.clone()),
            Computed::NotTestable(_) => self.unadjusted.clone(),
        };
        LagCell { lag, n_events: self.states.iter().map(|state| state.recurrences).sum(), hazard_ratio }
    }
}

fn at_lag(cohort: &Cohort, lag: i32, covariates: &CovariateChoice, settings: &Settings) -> AtLag {
    let rows = rows(cohort, &ExposureSettings { lag, ..settings.maintenance.clone() });
    let states = [Exposure::NotMaintained, Exposure::Maintained].map(|exposure| person_time(&rows, exposure));
    let (unadjusted, adjusted) = ratios(&rows, &states, covariates, settings);
    AtLag { states, unadjusted, adjusted }
}

/// One row per stretch of one exposure.
fn rows(cohort: &Cohort, rule: &ExposureSettings) -> Vec<MaintainedRow> {
    let stretches = |(index, course)| {
        let course: &crate::cohort::Course = course;
        let mut rows: Vec<MaintainedRow> = Vec::new();
        for span in exposure_spans(course, rule) {
            let ExposureSpan { from, to, recurred, .. } = span;
            let exposure = span.exposure(rule);
            match rows.last_mut() {
                Some(last) if last.exposure == exposure && last.days == from => (last.days, last.recurred) = (to, recurred),
                _ => rows.push(MaintainedRow { course: index, patient: course.patient, from, days: to, recurred, exposure }),
            }
        }
        rows
    };
    cohort.courses.par_iter().enumerate().flat_map_iter(stretches).collect()
}

pub(super) fn person_time(rows: &[MaintainedRow], exposure: Exposure) -> PersonTime {
    let of_state = || rows.iter().filter(|row| row.exposure == exposure);
    let mut courses: Vec<(usize, usize)> = of_state().map(|row| (row.course, row.patient)).collect();
    courses.dedup();
    let tally = Tally::of(courses.iter().map(|&(_, patient)| patient));
    let days = of_state().map(|row| i64::from(row.days - row.from)).sum();
    let recurrences = of_state().filter(|row| row.recurred).count();
    let per_100_years = (days > 0).then(|| 100.0 * recurrences as f64 / (days as f64 / DAYS_OF_A_YEAR));
    PersonTime { exposure, programs: tally.programs, patients: tally.patients, days, recurrences, per_100_years }
}

fn ratios(
    rows: &[MaintainedRow],
    states: &[PersonTime; 2],
    covariates: &CovariateChoice,
    settings: &Settings,
) -> (Computed<HazardRatio>, Computed<AdjustedHazard>) {
    let nobody = match states {
        _ if rows.is_empty() => Some("no day at risk has a known exposure"),
        [PersonTime { days: 0, .. }, _] => Some("the exercise was kept up on every day at risk, so there is nothing to compare"),
        [_, PersonTime { days: 0, .. }] => Some("the exercise was kept up on no day at risk, so there is nothing to compare"),
        _ => None,
    };
    match nobody {
        Some(reason) => (Computed::NotTestable(reason.to_owned()), Computed::NotTestable(reason.to_owned())),
        None => (unadjusted_ratio(rows, &settings.model).into(), adjusted_ratio(rows, covariates, &settings.model)),
    }
}
