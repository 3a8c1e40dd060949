//! Who keeps the exercise up, as of a day, from history only.
//!
//! A group may be formed only from what had happened by the day it is formed (else those who stayed well long enough to
//! be labelled look protected: immortal time), and the window ends `lag` days earlier (else a prodrome that stops the
//! exercise makes stopping look harmful: reverse causation).

use serde::Serialize;

use crate::domain::Day;
use crate::settings::{ExposureSettings, LandmarkOrigin};

use super::course::Course;
use super::follow_up::FollowUp;
use super::sessions::SessionDays;

/// Exposure as of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Exposure {
    /// Fewer sessions than the setting.
    NotMaintained,
    /// At least the setting's sessions a week.
    Maintained,
}

/// Shortest part of the window after completion that can tell maintenance from none.
pub const SHORTEST_WINDOW: i32 = 7;

/// Exposure at `day`: sessions a week, on average, over the `window` days ending at `day − lag`, after completion.
///
/// # Definition
/// ```text
/// maintained ⇔ sessions done in (day − lag − window, day − lag] ≥ sessions_per_week × days of the window / 7
/// ```
/// Days up to completion are cut off the window: they belong to the program. `None` if fewer than 7 days are left.
#[must_use]
pub fn maintained_at(sessions: &SessionDays, completion: Day, day: Day, settings: &ExposureSettings) -> Option<Exposure> {
    let (from, to) = window(day, completion, settings)?;
    Some(exposure_of(sessions.done_between(from, to), to.days_since(from) + 1, settings))
}

/// First and last day of the window that tells the exposure at `day`; none while too few of its days are known.
#[must_use]
pub fn window(day: Day, completion: Day, settings: &ExposureSettings) -> Option<(Day, Day)> {
    let to = day.plus(-settings.lag);
    let from = to.plus(1 - settings.window).max(completion.plus(1));
    (to.days_since(from) + 1 >= SHORTEST_WINDOW).then_some((from, to))
}

/// Exposure by the sessions done in a window of so many days.
#[must_use]
pub fn exposure_of(done: f64, days: i32, settings: &ExposureSettings) -> Exposure {
    let needed = settings.sessions_per_week * f64::from(days) / 7.0;
    if done >= needed - 1e-9 { Exposure::Maintained } else { Exposure::NotMaintained }
}

/// Whether any `window` days inside the time at risk held the setting's sessions a week.
///
/// This looks ahead: a patient must stay recurrence-free for `window` days to be labelled. It exists only to show the
/// bias of the obvious comparison beside the honest one.
#[must_use]
pub fn ever_maintained(sessions: &SessionDays, follow_up: &FollowUp, settings: &ExposureSettings) -> Exposure {
    let needed = settings.sessions_per_week * f64::from(settings.window) / 7.0 - 1e-9;
    let at_risk = sessions.between(follow_up.at_risk_from.plus(1), follow_up.end);
    let mut first = at_risk.start;
    let mut done = 0.0;
    for last in at_risk {
        done += f64::from(sessions.done[last]);
        while sessions.day[last] - sessions.day[first] >= settings.window {
            done -= f64::from(sessions.done[first]);
            first += 1;
        }
        let window_fits = follow_up.days() >= settings.window;
        if window_fits && done >= needed {
            return Exposure::Maintained;
        }
    }
    Exposure::NotMaintained
}

/// A patient in the landmark analysis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LandmarkMember {
    /// Index of the patient.
    pub patient: usize,
    /// The patient's landmark day.
    pub landmark: Day,
    /// Group, decided by the landmark day.
    pub exposure: Exposure,
    /// Days from the landmark to recurrence or censoring.
    pub days: i32,
    /// Whether it ended in a recurrence.
    pub recurred: bool,
}

/// What the landmark makes of a patient at risk.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum LandmarkFate {
    /// In the analysis.
    Member(LandmarkMember),
    /// Recurrence on or before the landmark.
    RecurredBefore,
    /// Follow-up ended on or before the landmark.
    CensoredBefore,
    /// At risk only after the landmark (landmarks counted from completion).
    NotYetAtRisk,
    /// Too little time since completion to tell the exposure.
    ExposureUnknown,
}

/// The landmark of a program: `day` days after the origin.
#[must_use]
pub fn landmark_day(completion: Day, follow_up: &FollowUp, day: i32, origin: LandmarkOrigin) -> Day {
    match origin {
        LandmarkOrigin::AtRisk => follow_up.at_risk_from.plus(day),
        LandmarkOrigin::Completion => completion.plus(day),
    }
}

/// Places a patient at a landmark `day` days after the origin; `None` for a patient who is not at risk at all.
#[must_use]
pub fn landmark_fate(course: &Course, day: i32, origin: LandmarkOrigin, settings: &ExposureSettings) -> Option<LandmarkFate> {
    landmark_fate_of(course, &course.follow_up.ok()?, day, origin, settings)
}

/// As [`landmark_fate`], of a follow-up by another definition of recurrence.
#[must_use]
pub fn landmark_fate_of(
    course: &Course,
    follow_up: &FollowUp,
    day: i32,
    origin: LandmarkOrigin,
    settings: &ExposureSettings,
) -> Option<LandmarkFate> {
    let completion = course.program?.completion.ok()?;
    let landmark = landmark_day(completion, follow_up, day, origin);
    Some(if follow_up.at_risk_from > landmark {
        LandmarkFate::NotYetAtRisk
    } else if follow_up.end <= landmark {
        if follow_up.recurred() { LandmarkFate::RecurredBefore } else { LandmarkFate::CensoredBefore }
    } else {
        maintained_at(&course.sessions, completion, landmark, settings).map_or(LandmarkFate::ExposureUnknown, |exposure| {
            LandmarkFate::Member(LandmarkMember {
                patient: course.patient,
                landmark,
                exposure,
                days: follow_up.end.days_since(landmark),
                recurred: follow_up.recurred(),
            })
        })
    })
}
