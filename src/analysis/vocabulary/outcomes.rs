//! Outcomes by name.

use super::{Described, Known, OutcomeKind, OutcomeValues};
use crate::analysis::contrast::EventRow;
use crate::cohort::Course;
use crate::settings::{LandmarkOrigin, PainSettings};

/// Every outcome.
pub const OUTCOMES: &[OutcomeKind] = &[
    OutcomeKind {
        name: "end_pain",
        label: "pain at the end of the program",
        needs: "pain.csv in the last days of the program",
        after_landmark: false,
        values: end_pain,
    },
    OutcomeKind {
        name: "responder",
        label: "an important change of pain by the end of the program",
        needs: "pain.csv before the first session and in the last days of the program",
        after_landmark: false,
        values: responder,
    },
    OutcomeKind {
        name: "recurrence",
        label: "the first recurrence",
        needs: "completed_on in programs.csv, pain after completion",
        after_landmark: true,
        values: recurrence,
    },
];

fn end_pain(described: &Described<'_>, _: Known) -> OutcomeValues {
    OutcomeValues::Number(described.cohort.courses.iter().map(|course| course.pain.as_ref()?.end).collect())
}

/// Whether a program ended with an important change; no pain logged at its end counts as none (non-responder imputation).
fn responder(described: &Described<'_>, _: Known) -> OutcomeValues {
    let rule = &described.settings.pain;
    OutcomeValues::YesNo(described.cohort.courses.iter().map(|course| responded(course, rule).map(f64::from)).collect())
}

/// `None` without a baseline high enough for a share of it to have a meaning.
fn responded(course: &Course, rule: &PainSettings) -> Option<bool> {
    let pain = course.pain.as_ref()?;
    let (baseline, _) = pain.baseline?;
    if baseline < rule.share_from_baseline {
        return None;
    }
    let fall = pain.end.map_or(0.0, |end| baseline - end);
    Some(rule.important(baseline, fall))
}

fn recurrence(described: &Described<'_>, known: Known) -> OutcomeValues {
    let landmark = &described.settings.landmark;
    let rows = described.cohort.courses.iter().enumerate().filter_map(|(index, course)| {
        let (follow_up, completion) = (course.follow_up.ok()?, course.program?.completion.ok()?);
        let zero = match (known, landmark.origin) {
            (Known::Start | Known::End, _) => follow_up.at_risk_from,
            (Known::Landmark, LandmarkOrigin::AtRisk) => follow_up.at_risk_from.plus(landmark.day),
            (Known::Landmark, LandmarkOrigin::Completion) => completion.plus(landmark.day),
        };
        (follow_up.at_risk_from <= zero && follow_up.end > zero).then(|| EventRow {
            course: index,
            patient: course.patient,
            from: 0,
            to: follow_up.end.days_since(zero),
            event: follow_up.recurred(),
            exposure: 0.0,
        })
    });
    OutcomeValues::TimeToEvent(rows.collect())
}
