//! Outcomes by name.

use super::{Described, Known, OutcomeKind, OutcomeValues};
use crate::analysis::contrast::EventRow;
use crate::analysis::program_ends::{ProgramEnds, not_ended, responded};
use crate::cohort::Course;
use crate::domain::{Day, EventKind, Exclusion};
use crate::settings::{EstimateKind, LandmarkOrigin};

/// Every outcome.
pub const OUTCOMES: &[OutcomeKind] = &[
    OutcomeKind {
        name: "end_pain",
        label: "pain at the end of the program",
        needs: "pain.csv in the last days of the program",
        latest: Known::End,
        estimate: EstimateKind::MeanDifference,
        values: end_pain,
    },
    OutcomeKind {
        name: "responder",
        label: "an important change of pain by the end of the program",
        needs: "pain.csv before the first session and in the last days of the program",
        latest: Known::End,
        estimate: EstimateKind::RiskDifference,
        values: responder,
    },
    OutcomeKind {
        name: "recurrence",
        label: "the first recurrence",
        needs: "completed_on in programs.csv, pain after completion",
        latest: Known::Landmark,
        estimate: EstimateKind::HazardRatio,
        values: recurrence,
    },
    OutcomeKind {
        name: "change",
        label: "change of pain from baseline to the end of the program",
        needs: "pain.csv before the first session and in the last days of the program",
        latest: Known::End,
        estimate: EstimateKind::MeanDifference,
        values: change,
    },
    OutcomeKind {
        name: "drop_out",
        label: "dropping out of the program",
        needs: "outcome in programs.csv, sessions.csv",
        latest: Known::Start,
        estimate: EstimateKind::HazardRatio,
        values: drop_out,
    },
    OutcomeKind {
        name: "surgery",
        label: "surgery",
        needs: "events.csv with surgery",
        latest: Known::Landmark,
        estimate: EstimateKind::HazardRatio,
        values: surgery,
    },
];

fn end_pain(described: &Described<'_>, _: Known) -> OutcomeValues {
    let end = |course: &Course| not_ended(course).map_or_else(|| course.pain.as_ref()?.end, |_| None);
    OutcomeValues::Number(described.cohort.courses.iter().map(end).collect())
}

fn change(described: &Described<'_>, _: Known) -> OutcomeValues {
    OutcomeValues::Number(ProgramEnds::of(described.cohort, described.settings).change)
}

/// Whether a program ended with an important change; no pain logged at its end counts as none (non-responder imputation).
fn responder(described: &Described<'_>, _: Known) -> OutcomeValues {
    let rule = &described.settings.pain;
    OutcomeValues::YesNo(described.cohort.courses.iter().map(|course| responded(course, rule).map(f64::from)).collect())
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

/// Days from program start to the day after the last session done of a patient who dropped out; censored at completion, at the end of
/// what is known of the program, or at the cut-off. Nobody whose exposure is known only later is at risk of it.
fn drop_out(described: &Described<'_>, known: Known) -> OutcomeValues {
    let rows = described.cohort.courses.iter().enumerate().filter(|_| known == Known::Start).filter_map(|(index, course)| {
        let program = course.program?;
        let left = program.completion == Err(Exclusion::DroppedOut);
        let end = if left { left_on(course)? } else { program.end };
        let to = end.days_since(program.start);
        (to > 0).then_some(EventRow { course: index, patient: course.patient, from: 0, to, event: left, exposure: 0.0 })
    });
    OutcomeValues::TimeToEvent(rows.collect())
}

/// The day after the last session of the program that was done.
pub fn left_on(course: &Course) -> Option<Day> {
    course.last_session_done().map(|day| day.plus(1))
}

/// Days to surgery; censored at the patient's next program, withdrawal or death, else at the cut-off: events count as recorded until
/// then whether or not the patient goes on logging.
fn surgery(described: &Described<'_>, known: Known) -> OutcomeValues {
    let (landmark, events) = (&described.settings.landmark, &described.logs.events);
    let rows = described.cohort.courses.iter().enumerate().filter_map(|(index, course)| {
        let program = course.program?;
        let zero = match (known, landmark.origin) {
            (Known::Start, _) => program.start,
            (Known::End, _) => program.end,
            (Known::Landmark, LandmarkOrigin::AtRisk) => course.follow_up.ok()?.at_risk_from.plus(landmark.day),
            (Known::Landmark, LandmarkOrigin::Completion) => program.completion.ok()?.plus(landmark.day),
        };
        let own_end = course.next_start.map_or(described.logs.cut_off, |next| next.plus(-1));
        let ends = [EventKind::Surgery, EventKind::Withdrawn, EventKind::Died];
        let first = events.rows(course.patient).find(|&row| events.day[row] > program.start.0 && ends.contains(&events.kind[row]));
        let (end, event) = match first.map(|row| (Day(events.day[row]), events.kind[row])) {
            Some((day, kind)) if day <= own_end => (day, kind == EventKind::Surgery),
            _ => (own_end, false),
        };
        let to = end.days_since(zero);
        (to > 0).then_some(EventRow { course: index, patient: course.patient, from: 0, to, event, exposure: 0.0 })
    });
    OutcomeValues::TimeToEvent(rows.collect())
}
