//! Exposure over the whole time at risk: stretches of days with one dose, each known from history only.

use serde::Serialize;

use crate::settings::ExposureSettings;

use super::course::Course;
use super::exposure::{Exposure, exposure_of, window};
use super::follow_up::FollowUp;

/// Days at risk over which the dose stayed the same. A recurrence on a day of the span happened at its dose.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct ExposureSpan {
    /// Days at risk up to and without the span's first: the span is `(from, to]`, counted from the first day at risk.
    pub from: i32,
    /// Its last day.
    pub to: i32,
    /// Sessions done in the window that ends `lag` days before each of its days begins.
    pub sessions: f64,
    /// Days of that window.
    pub window_days: i32,
    /// Whether the span ends in the recurrence.
    pub recurred: bool,
}

impl ExposureSpan {
    /// Whether the window holds the setting's sessions a week.
    #[must_use]
    pub fn exposure(&self, settings: &ExposureSettings) -> Exposure {
        exposure_of(self.sessions, self.window_days, settings)
    }
}

/// The time at risk of a course as spans of one dose each; none for a patient who is not at risk.
///
/// # Definition
/// The span `(d, d + 1]` has the dose known at the end of day `d`: the sessions done in the `window` days that end at
/// `d − lag`, as [`maintained_at`](super::maintained_at) counts them; days up to completion are cut off the window. Days of
/// which fewer than 7 window days are known belong to no span (the patient enters late). No session after a span's first
/// day takes part in its dose, so a span cannot be labelled by what came later.
///
/// # Conventions
/// Spans are in order and do not overlap; neighbors differ in dose or window. Days counted from the first day at risk;
/// the last span ends on the last day of follow-up, and alone may be `recurred`.
///
/// # References
/// Mantel N, Byar DP (1974), *J Am Stat Assoc* 69:81–86; lag: Horwitz RI, Feinstein AR (1980), *Am J Med* 68:255–258.
#[must_use]
pub fn exposure_spans(course: &Course, settings: &ExposureSettings) -> Vec<ExposureSpan> {
    course.follow_up.map(|follow_up| exposure_spans_of(course, &follow_up, settings)).unwrap_or_default()
}

/// As [`exposure_spans`], of one of the course's spells at risk; days are counted from the spell's first day.
#[must_use]
pub fn exposure_spans_of(course: &Course, follow_up: &FollowUp, settings: &ExposureSettings) -> Vec<ExposureSpan> {
    let Some(Ok(completion)) = course.program.map(|program| program.completion) else { return Vec::new() };
    let (days, done) = (&course.sessions.day, &course.sessions.done);
    let mut spans: Vec<ExposureSpan> = Vec::new();
    let mut end = days.partition_point(|&day| day <= completion.0);
    let (mut first, mut sessions) = (end, 0.0_f64);
    for at_risk in 0..follow_up.days() {
        let Some((from, to)) = window(follow_up.at_risk_from.plus(at_risk), completion, settings) else { continue };
        let window_days = to.days_since(from) + 1;
        // A share has 24 bits and the sum 53, so adding and taking away leaves no residue that a threshold would see.
        while end < days.len() && days[end] <= to.0 {
            sessions += f64::from(done[end]);
            end += 1;
        }
        while first < end && days[first] < from.0 {
            sessions -= f64::from(done[first]);
            first += 1;
        }
        let next = ExposureSpan { from: at_risk, to: at_risk + 1, sessions, window_days, recurred: false };
        match spans.last_mut() {
            Some(last) if last.to == at_risk && last.window_days == window_days && same(last.sessions, sessions) => last.to += 1,
            _ => spans.push(next),
        }
    }
    if let Some(last) = spans.last_mut() {
        last.recurred = follow_up.recurred();
    }
    spans
}

fn same(one: f64, other: f64) -> bool {
    (one - other).abs() < 1e-9
}
