//! An event that the exercise cannot prevent (negative-control outcome).

use serde::Serialize;

use crate::analysis::comparison::{HazardRatio, MaintainedRow, adjusted_ratio, unadjusted_ratio};
use crate::analysis::computed::Computed;
use crate::analysis::covariates::CovariateChoice;
use crate::cohort::{Cohort, LandmarkFate, landmark_fate};
use crate::domain::EventKind;
use crate::ingest::Logs;
use crate::settings::Settings;

/// Events without which a ratio says nothing.
const FEWEST: usize = 10;

/// The named event after the landmark, those who kept the exercise up against those who did not.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NegativeControlOutcome {
    /// The event, if the settings name one.
    pub event: Option<EventKind>,
    /// Programs at the landmark.
    pub n: usize,
    /// Those followed by the event.
    pub events: usize,
    /// Hazard ratio of the event, maintained against not: adjusted where the covariates allow it. 1 if the groups differ in nothing
    /// but the exercise.
    pub hazard_ratio: Computed<HazardRatio>,
}

/// Compares the time from the landmark to an event that the exercise cannot prevent.
///
/// # Definition
/// Members and groups of the landmark analysis; the time ends at the first such event after the landmark, or without one with the time at
/// risk. Whatever makes the groups differ in this event (health, age, how much is logged) also stands between them in the
/// recurrences.
///
/// # Edge cases
/// Not testable if the settings name no event, or with fewer than ten events.
///
/// # References
/// Lipsitch, Tchetgen Tchetgen & Cohen (2010), Epidemiology 21:383–388.
#[must_use]
pub fn analyze_negative_outcome(logs: &Logs, cohort: &Cohort, covariates: &CovariateChoice, settings: &Settings) -> NegativeControlOutcome {
    let Some(event) = settings.negative_control.event else {
        let reason = "no event is named that exercise cannot prevent; log one in events.csv (imaging of another part of the body, say) and \
                      name it as event under [negative_control] in study.toml";
        return NegativeControlOutcome { event: None, n: 0, events: 0, hazard_ratio: Computed::NotTestable(reason.to_owned()) };
    };
    let (day, origin) = (settings.landmark.day, settings.landmark.origin);
    let member = |(index, course): (usize, &crate::cohort::Course)| {
        let Some(LandmarkFate::Member(member)) = landmark_fate(course, day, origin, &settings.maintenance) else { return None };
        let end = member.landmark.plus(member.days);
        let happened = logs
            .events
            .rows(member.patient)
            .filter(|&row| logs.events.kind[row] == event)
            .map(|row| logs.events.day[row])
            .find(|&day| day > member.landmark.0 && day <= end.0);
        let days = happened.map_or(member.days, |day| day - member.landmark.0);
        Some(MaintainedRow {
            course: index,
            patient: member.patient,
            from: 0,
            days,
            recurred: happened.is_some(),
            exposure: member.exposure,
        })
    };
    let rows: Vec<MaintainedRow> = cohort.courses.iter().enumerate().filter_map(member).collect();
    let events = rows.iter().filter(|row| row.recurred).count();
    let hazard_ratio = if events < FEWEST {
        Computed::NotTestable(format!(
            "{events} of {} followed from the landmark had the event ({event}), and at least {FEWEST} are needed",
            rows.len()
        ))
    } else {
        match adjusted_ratio(&rows, covariates, &settings.model) {
            Computed::Value(adjusted) => Computed::Value(adjusted.ratio),
            Computed::NotTestable(_) => unadjusted_ratio(&rows, &settings.model).into(),
        }
    };
    NegativeControlOutcome { event: Some(event), n: rows.len(), events, hazard_ratio }
}
