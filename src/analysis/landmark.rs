//! The core comparison at a landmark, its sensitivity to landmark and lag, and the naive one shown as the biased one.

use rayon::prelude::*;
use serde::Serialize;

use crate::cohort::{Cohort, Exposure, LandmarkFate, ever_maintained, landmark_fate};
use crate::domain::{Counted, Tally};
use crate::settings::{ExposureSettings, LandmarkOrigin, Settings};

use super::comparison::{GroupComparison, GroupOutcome, HazardRatio, MaintainedRow, compare};
use super::computed::Computed;
use super::covariates::CovariateChoice;
use crate::stats::survival::{CurvePoint, RmstDifference};

/// Who is in the landmark analysis, and why the others are not, in programs or in patients. Programs sum to those at risk; a
/// patient with two programs may be counted in two places.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct LandmarkCounts {
    /// At risk of recurrence.
    pub at_risk: usize,
    /// In the analysis.
    pub members: usize,
    /// Of those, maintained.
    pub maintained: usize,
    /// Recurrence on or before the landmark.
    pub recurred_before: usize,
    /// Follow-up ended on or before the landmark.
    pub censored_before: usize,
    /// At risk only after the landmark.
    pub not_yet_at_risk: usize,
    /// Too little time since completion to tell the exposure.
    pub exposure_unknown: usize,
}

/// The landmark analysis.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LandmarkAnalysis {
    /// Days after the origin.
    pub day: i32,
    /// What it is counted from.
    pub origin: LandmarkOrigin,
    /// Who is in it, in programs.
    pub counts: LandmarkCounts,
    /// The same in patients.
    pub patients: LandmarkCounts,
    /// The comparison.
    pub comparison: Computed<GroupComparison>,
    /// The same at other landmarks and lags.
    pub sensitivity: Vec<SensitivityCell>,
    /// Each of the landmarks at the study's lag, in full.
    pub days: Vec<LandmarkDay>,
}

/// The comparison at one of several landmarks.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LandmarkDay {
    /// Landmark day.
    pub day: i32,
    /// Who is in it, in programs.
    pub counts: LandmarkCounts,
    /// Not maintained, then maintained; only groups that have members.
    pub groups: Vec<LandmarkDayGroup>,
    /// The tabled days after the landmark.
    pub times: Vec<f64>,
    /// Recurrence-free days, maintained less not maintained, up to the horizon.
    pub rmst: Computed<RmstDifference>,
    /// Adjusted hazard ratio where the covariates allow it, else unadjusted.
    pub hazard_ratio: Computed<HazardRatio>,
}

/// A group at one of several landmarks.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LandmarkDayGroup {
    /// Group.
    pub exposure: Exposure,
    /// Programs in it.
    pub n: usize,
    /// Recurrences among them.
    pub n_events: usize,
    /// Recurrence-free probability at the tabled days.
    pub at: Vec<Option<CurvePoint>>,
}

/// The answer at another landmark and lag.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SensitivityCell {
    /// Landmark day.
    pub landmark: i32,
    /// Lag in days.
    pub lag: i32,
    /// Programs (one per patient, as a rule).
    pub n: usize,
    /// Recurrences.
    pub n_events: usize,
    /// Adjusted hazard ratio where the covariates allow it, else unadjusted.
    pub hazard_ratio: Computed<HazardRatio>,
}

/// Compares, from the landmark on, those who were keeping the exercise up by then with those who were not.
#[must_use]
pub fn analyze_landmark(cohort: &Cohort, covariates: &CovariateChoice, settings: &Settings) -> LandmarkAnalysis {
    let (day, origin) = (settings.landmark.day, settings.landmark.origin);
    let (counts, patients, rows) = members(cohort, day, origin, &settings.maintenance);
    let comparison = comparison_of(&rows, &counts, &patients, covariates, settings);
    let cells: Vec<(i32, i32)> = settings
        .landmark
        .sensitivity_days
        .iter()
        .flat_map(|&landmark| settings.landmark.sensitivity_lags.iter().map(move |&lag| (landmark, lag)))
        .collect();
    let sensitivity = cells
        .into_par_iter()
        .map(|(landmark, lag)| {
            let exposure = ExposureSettings { lag, ..settings.maintenance.clone() };
            let (counts, patients, rows) = members(cohort, landmark, origin, &exposure);
            let comparison = comparison_of(&rows, &counts, &patients, covariates, settings);
            let hazard_ratio = ratio_of(&comparison);
            SensitivityCell { landmark, lag, n: rows.len(), n_events: rows.iter().filter(|row| row.recurred).count(), hazard_ratio }
        })
        .collect();
    let days = settings
        .landmark
        .sensitivity_days
        .par_iter()
        .map(|&landmark| {
            if landmark == day {
                return at_day(day, counts, &comparison, settings);
            }
            let (counts, patients, rows) = members(cohort, landmark, origin, &settings.maintenance);
            at_day(landmark, counts, &comparison_of(&rows, &counts, &patients, covariates, settings), settings)
        })
        .collect();
    LandmarkAnalysis { day, origin, counts, patients, comparison, sensitivity, days }
}

/// The hazard ratio of a comparison, adjusted where it could be.
fn ratio_of(comparison: &Computed<GroupComparison>) -> Computed<HazardRatio> {
    match comparison {
        Computed::NotTestable(reason) => Computed::NotTestable(reason.clone()),
        Computed::Value(comparison) => comparison
            .hazard_ratio()
            .cloned()
            .map_or_else(|| Computed::NotTestable(comparison.unadjusted.reason().unwrap_or("no hazard ratio").to_owned()), Computed::Value),
    }
}

fn at_day(day: i32, counts: LandmarkCounts, comparison: &Computed<GroupComparison>, settings: &Settings) -> LandmarkDay {
    let groups = comparison.value().map_or(&[][..], |comparison| &comparison.groups);
    let group = |group: &GroupOutcome| LandmarkDayGroup {
        exposure: group.exposure,
        n: group.curve.n,
        n_events: group.curve.n_events,
        at: group.at.clone(),
    };
    LandmarkDay {
        day,
        counts,
        groups: groups.iter().map(group).collect(),
        times: settings.model.times.clone(),
        rmst: match comparison {
            Computed::Value(comparison) => comparison.rmst.clone(),
            Computed::NotTestable(reason) => Computed::NotTestable(reason.clone()),
        },
        hazard_ratio: ratio_of(comparison),
    }
}

/// Who is where at a landmark: in programs, in patients, and those in the analysis.
pub(super) fn members(
    cohort: &Cohort,
    day: i32,
    origin: LandmarkOrigin,
    exposure: &ExposureSettings,
) -> (LandmarkCounts, LandmarkCounts, Vec<MaintainedRow>) {
    let [mut at_risk, mut members, mut maintained, mut recurred, mut censored, mut not_yet, mut unknown] = [Tally::default(); 7];
    let mut rows = Vec::new();
    for (index, course) in cohort.courses.iter().enumerate() {
        let Some(fate) = landmark_fate(course, day, origin, exposure) else { continue };
        at_risk.add(course.patient);
        match fate {
            LandmarkFate::Member(member) => {
                members.add(course.patient);
                if member.exposure == Exposure::Maintained {
                    maintained.add(course.patient);
                }
                rows.push(MaintainedRow {
                    course: index,
                    patient: member.patient,
                    from: 0,
                    days: member.days,
                    recurred: member.recurred,
                    exposure: member.exposure,
                });
            }
            LandmarkFate::RecurredBefore => recurred.add(course.patient),
            LandmarkFate::CensoredBefore => censored.add(course.patient),
            LandmarkFate::NotYetAtRisk => not_yet.add(course.patient),
            LandmarkFate::ExposureUnknown => unknown.add(course.patient),
        }
    }
    let counts = |part: fn(Tally) -> usize| LandmarkCounts {
        at_risk: part(at_risk),
        members: part(members),
        maintained: part(maintained),
        recurred_before: part(recurred),
        censored_before: part(censored),
        not_yet_at_risk: part(not_yet),
        exposure_unknown: part(unknown),
    };
    (counts(|tally| tally.programs), counts(|tally| tally.patients), rows)
}

fn comparison_of(
    rows: &[MaintainedRow],
    counts: &LandmarkCounts,
    patients: &LandmarkCounts,
    covariates: &CovariateChoice,
    settings: &Settings,
) -> Computed<GroupComparison> {
    if rows.is_empty() {
        return Computed::NotTestable(format!(
            "of {} {} at risk, none is still followed without a recurrence at the landmark",
            counts.at_risk,
            Counted::of(counts.at_risk, patients.at_risk).plural()
        ));
    }
    compare(rows, covariates, &settings.model).into()
}

/// The obvious comparison: ever maintained during the whole time at risk, against never. Biased by immortal time; shown
/// only beside the landmark analysis.
#[must_use]
pub fn analyze_naive(cohort: &Cohort, covariates: &CovariateChoice, settings: &Settings) -> Computed<GroupComparison> {
    let rows: Vec<MaintainedRow> = cohort
        .courses
        .iter()
        .enumerate()
        .filter_map(|(index, course)| {
            let follow_up = course.follow_up.ok()?;
            let exposure = ever_maintained(&course.sessions, &follow_up, &settings.maintenance);
            let (days, recurred) = (follow_up.days(), follow_up.recurred());
            Some(MaintainedRow { course: index, patient: course.patient, from: 0, days, recurred, exposure })
        })
        .collect();
    if rows.is_empty() {
        return Computed::NotTestable("no patient is at risk of recurrence".to_owned());
    }
    compare(&rows, covariates, &settings.model).into()
}
