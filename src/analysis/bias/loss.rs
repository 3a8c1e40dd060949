//! Who stops logging: loss of follow-up by the groups of the landmark.

use serde::Serialize;

use super::super::computed::Computed;
use super::super::contrast::{Adjustment, Contrast, EventRow, adjusted_hazard};
use super::super::weighting::is_lost;
use crate::cohort::{Cohort, Exposure, LandmarkFate, landmark_fate};
use crate::ingest::Logs;
use crate::settings::Settings;

/// Fewest losses from which a ratio is worked out.
const FEWEST: usize = 10;

/// Loss of follow-up in the two groups of the landmark.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LossByArm {
    /// Programs followed from the landmark: not maintained, then maintained.
    pub n: [usize; 2],
    /// Of those, lost: the log went silent, or the patient withdrew.
    pub lost: [usize; 2],
    /// Hazard ratio of loss, maintained against not, not adjusted.
    pub hazard_ratio: Computed<Contrast>,
}

/// Compares the time from the landmark to the loss of follow-up; a recurrence, another exit and the cut-off are censorings.
///
/// # Definition
/// Members and groups of the landmark comparison; lost is who fell silent for longer than `censoring.silence` (where that is 0: whose
/// last log lies more than 28 days before the cut-off) or withdrew. Where one
/// group is lost faster, recurrences go unseen on one side if those about to recur are among the lost.
///
/// # Edge cases
/// Not testable with fewer than ten losses.
///
/// # References
/// Howe, Cole, Lau, Napravnik & Eron (2016), *Epidemiology* 27:91–97 (selection by loss of follow-up).
#[must_use]
pub fn analyze_loss(logs: &Logs, cohort: &Cohort, settings: &Settings) -> LossByArm {
    let (day, origin) = (settings.landmark.day, settings.landmark.origin);
    let (mut n, mut lost, mut rows) = ([0; 2], [0; 2], Vec::new());
    for (index, course) in cohort.courses.iter().enumerate() {
        let Some(LandmarkFate::Member(member)) = landmark_fate(course, day, origin, &settings.maintenance) else { continue };
        let event = course.follow_up.is_ok_and(|follow_up| is_lost(&follow_up, logs.cut_off, settings));
        let group = usize::from(member.exposure == Exposure::Maintained);
        n[group] += 1;
        lost[group] += usize::from(event);
        rows.push(EventRow { course: index, patient: member.patient, from: 0, to: member.days, event, exposure: group as f64 });
    }
    let hazard_ratio = if lost[0] + lost[1] < FEWEST {
        Computed::NotTestable(format!(
            "{} of {} were lost after the landmark, and at least {FEWEST} are needed",
            lost[0] + lost[1],
            rows.len()
        ))
    } else {
        adjusted_hazard(&rows, &Adjustment::default(), settings.model.level).into()
    };
    LossByArm { n, lost, hazard_ratio }
}
