//! Exposures by name.
//!
//! Those of the program are counted over its days before those that measure its end, and only while the patient was in it
//! ([`exposure_period`](crate::cohort::exposure_period)): what is counted comes before the outcome.

mod amount;
mod care;
mod minutes;
mod order;
mod symptoms;

use super::{Described, ExposureKind, Known};
use crate::cohort::{Course, Exposure, ExposurePeriod, LandmarkFate, exposure_period, landmark_fate};

/// Every exposure.
pub const EXPOSURES: &[ExposureKind] = &[
    ExposureKind {
        name: "adherence",
        label: "adherence before the last days of the program",
        per: 0.1,
        per_in_words: "10 % more adherence",
        yes_no: false,
        known: Known::End,
        needs: "sessions.csv, and a prescription (programs.csv, prescribed_per_week)",
        values: amount::adherence,
    },
    ExposureKind {
        name: "maintained_at_landmark",
        label: "keeping the exercise up at the landmark",
        per: 1.0,
        per_in_words: "keeping it up against not",
        yes_no: true,
        known: Known::Landmark,
        needs: "sessions after completion",
        values: maintained_at_landmark,
    },
    ExposureKind {
        name: "early_adherence",
        label: "adherence in the first half of the program",
        per: 0.1,
        per_in_words: "10 % more adherence",
        yes_no: false,
        known: Known::End,
        needs: "sessions.csv, and a prescription (programs.csv, prescribed_per_week)",
        values: amount::early_adherence,
    },
    ExposureKind {
        name: "sessions_per_week",
        label: "sessions a week in the program",
        per: 1.0,
        per_in_words: "one more session a week",
        yes_no: false,
        known: Known::End,
        needs: "sessions.csv",
        values: amount::sessions_per_week,
    },
    ExposureKind {
        name: "minutes_per_week",
        label: "minutes of exercise a week in the program",
        per: 30.0,
        per_in_words: "30 minutes more a week",
        yes_no: false,
        known: Known::End,
        needs: "minutes in sessions.csv",
        values: amount::minutes_per_week,
    },
    ExposureKind {
        name: "exercises_done",
        label: "share of the logged exercises that was done",
        per: 0.1,
        per_in_words: "10 % more of the exercises",
        yes_no: false,
        known: Known::End,
        needs: "exercise and status in sessions.csv",
        values: amount::exercises_done,
    },
    ExposureKind {
        name: "flexibility_first",
        label: "flexibility before strengthening",
        per: 1.0,
        per_in_words: "flexibility first against not",
        yes_no: true,
        known: Known::End,
        needs: "phase in sessions.csv",
        values: order::flexibility_first,
    },
    ExposureKind {
        name: "flexibility_weeks",
        label: "weeks of flexibility work before the first strengthening",
        per: 1.0,
        per_in_words: "one week more",
        yes_no: false,
        known: Known::End,
        needs: "phase in sessions.csv",
        values: order::flexibility_weeks,
    },
    ExposureKind {
        name: "flare_at_start",
        label: "beginning in a flare",
        per: 1.0,
        per_in_words: "beginning in a flare against not",
        yes_no: true,
        known: Known::Start,
        needs: "pain.csv in the 7 days before the first session",
        values: order::flare_at_start,
    },
    ExposureKind {
        name: "active_share",
        label: "share of the session time that was exercise",
        per: 0.1,
        per_in_words: "10 % more active time",
        yes_no: false,
        known: Known::End,
        needs: "modality in sessions.csv, minutes",
        values: care::active_share,
    },
    ExposureKind {
        name: "aquatic_share",
        label: "share of the session time in water",
        per: 0.1,
        per_in_words: "10 % more time in water",
        yes_no: false,
        known: Known::End,
        needs: "modality in sessions.csv, minutes",
        values: care::aquatic_share,
    },
    ExposureKind {
        name: "traction",
        label: "traction",
        per: 1.0,
        per_in_words: "traction against none",
        yes_no: true,
        known: Known::End,
        needs: "modality in sessions.csv",
        values: care::traction,
    },
    ExposureKind {
        name: "traction_sessions",
        label: "sessions of traction",
        per: 1.0,
        per_in_words: "one more session of traction",
        yes_no: false,
        known: Known::End,
        needs: "modality in sessions.csv",
        values: care::traction_sessions,
    },
    ExposureKind {
        name: "technique",
        label: "rating of technique in the program",
        per: 1.0,
        per_in_words: "one point more of technique",
        yes_no: false,
        known: Known::End,
        needs: "technique in sessions.csv",
        values: care::technique,
    },
    ExposureKind {
        name: "early_technique",
        label: "rating of technique in the first half of the program",
        per: 1.0,
        per_in_words: "one point more of technique",
        yes_no: false,
        known: Known::End,
        needs: "technique in sessions.csv",
        values: care::early_technique,
    },
    ExposureKind {
        name: "stretch_rule",
        label: "share of stretches by the rule of hold and repeats",
        per: 0.1,
        per_in_words: "10 % more stretches by the rule",
        yes_no: false,
        known: Known::End,
        needs: "hold_seconds, reps or sets in sessions.csv",
        values: care::stretch_rule,
    },
    ExposureKind {
        name: "stretched_groups",
        label: "share of the seven muscle groups stretched in a week",
        per: 0.1,
        per_in_words: "10 % more of the groups",
        yes_no: false,
        known: Known::End,
        needs: "muscle_group in sessions.csv",
        values: care::stretched_groups,
    },
    ExposureKind {
        name: "painful_share",
        label: "share of sessions that hurt",
        per: 0.1,
        per_in_words: "10 % more painful sessions",
        yes_no: false,
        known: Known::End,
        needs: "pain_before, and pain_during or pain_after in sessions.csv",
        values: symptoms::painful_share,
    },
    ExposureKind {
        name: "peripheralized",
        label: "symptoms traveling down the leg in the program",
        per: 1.0,
        per_in_words: "traveling against not",
        yes_no: true,
        known: Known::End,
        needs: "site or numbness in pain.csv",
        values: symptoms::peripheralized,
    },
    ExposureKind {
        name: "peripheralized_early",
        label: "symptoms traveling down the leg in the first half of the program",
        per: 1.0,
        per_in_words: "traveling against not",
        yes_no: true,
        known: Known::End,
        needs: "site or numbness in pain.csv",
        values: symptoms::peripheralized_early,
    },
];

/// A value of each course's exposure period.
fn of_periods(described: &Described<'_>, value: impl Fn(&Course, ExposurePeriod) -> Option<f64>) -> Vec<Option<f64>> {
    let end_days = described.settings.pain.end_days;
    described.cohort.courses.iter().map(|course| value(course, exposure_period(course, end_days)?)).collect()
}

fn maintained_at_landmark(described: &Described<'_>) -> Vec<Option<f64>> {
    let settings = described.settings;
    let (day, origin) = (settings.landmark.day, settings.landmark.origin);
    let value = |fate| match fate {
        LandmarkFate::Member(member) => Some(f64::from(member.exposure == Exposure::Maintained)),
        _ => None,
    };
    described.cohort.courses.iter().map(|course| landmark_fate(course, day, origin, &settings.maintenance).and_then(value)).collect()
}
