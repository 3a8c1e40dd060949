//! Exposures by name.

use super::{Described, ExposureKind, Known};
use crate::cohort::{Exposure, LandmarkFate, landmark_fate};

/// Every exposure.
pub const EXPOSURES: &[ExposureKind] = &[
    ExposureKind {
        name: "adherence",
        label: "adherence in the program",
        per: 0.1,
        per_in_words: "10 % more adherence",
        yes_no: false,
        known: Known::End,
        needs: "sessions.csv, and a prescription (programs.csv, prescribed_per_week)",
        values: adherence,
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
];

fn adherence(described: &Described<'_>) -> Vec<Option<f64>> {
    described.cohort.courses.iter().map(|course| course.adherence.as_ref().map(|adherence| adherence.value)).collect()
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
