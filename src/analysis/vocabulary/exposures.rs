//! Exposures by name.
//!
//! Those of the program are counted over its days before those that measure its end, and only while the patient was in it
//! ([`exposure_period`](crate::cohort::exposure_period)): what is counted comes before the outcome.

mod amount;
mod order;

use super::{Described, ExposureKind, Known};
use crate::cohort::{Exposure, LandmarkFate, landmark_fate};

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
];

fn maintained_at_landmark(described: &Described<'_>) -> Vec<Option<f64>> {
    let settings = described.settings;
    let (day, origin) = (settings.landmark.day, settings.landmark.origin);
    let value = |fate| match fate {
        LandmarkFate::Member(member) => Some(f64::from(member.exposure == Exposure::Maintained)),
        _ => None,
    };
    described.cohort.courses.iter().map(|course| landmark_fate(course, day, origin, &settings.maintenance).and_then(value)).collect()
}
