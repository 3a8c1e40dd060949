//! Periods of a patient around a maintenance session: those after which a lapse opened, and those after which exercise went on.

use serde::Serialize;

use crate::cohort::Course;
use crate::domain::Day;
use crate::ingest::{Logs, PainLog};

/// What a lapse is and which days around its opening are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct PeriodRule {
    /// Days without a session that make a lapse.
    pub lapse: i32,
    /// Pain is compared from the day after this many days after the last session …
    pub after_from: i32,
    /// … up to this many.
    pub after_to: i32,
}

/// Days before the last session over which own pain is taken, and over which exercise had to be kept up.
pub(super) const BEFORE: i32 = 28;
/// The week before the last session, and the one after it, in which pain must not have been rising.
const WEEK: i32 = 7;
/// Pain is rising if a week's mean is this many points above the three weeks earlier.
const RISE: f64 = 1.0;
/// A mean needs at least this many logs.
const LEAST_LOGS: usize = 2;

impl Default for PeriodRule {
    /// Three weeks without a session; pain on days 8 to 28 after the last one.
    fn default() -> Self {
        Self { lapse: 21, after_from: WEEK, after_to: 28 }
    }
}

/// Pain around a maintenance session of one patient.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LapsePeriod {
    /// Index of the patient.
    pub patient: usize,
    /// The session.
    pub last_session: Day,
    /// Whether no session followed for as long as a lapse asks.
    pub lapse: bool,
    /// Mean pain of the 28 days up to the session.
    pub before: f64,
    /// Mean pain of the days compared.
    pub after: f64,
    /// Mean pain logged from completion to the session: what was usual so far.
    pub usual: f64,
    /// For a lapse that ended: mean pain from a week after the last session to the next, and of the 28 days after that.
    pub resumed: Option<(f64, f64)>,
}

/// The periods found, and lapses that are not among them, by reason.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PeriodsFound {
    /// Periods, those of a patient together and in order.
    pub periods: Vec<LapsePeriod>,
    /// Lapses opened before exercise had been kept up for 28 days after completion.
    pub too_early: usize,
    /// Lapses around which pain was not logged.
    pub not_logged: usize,
    /// Lapses around which pain was already rising.
    pub rising: usize,
}

impl PeriodsFound {
    pub(super) fn add(&mut self, other: Self) {
        self.periods.extend(other.periods);
        self.too_early += other.too_early;
        self.not_logged += other.not_logged;
        self.rising += other.rising;
    }
}

/// Scores of a course with running sums, so that the mean of any days is two look-ups.
struct OwnPain<'a> {
    day: &'a [i32],
    sum: Vec<f64>,
}

impl<'a> OwnPain<'a> {
    fn of(pain: &'a PainLog, course: &Course) -> Self {
        let rows = pain.rows(course.patient);
        let day = &pain.day[rows.clone()];
        let mut sum = Vec::with_capacity(day.len() + 1);
        sum.push(0.0);
        let mut total = 0.0;
        for row in rows {
            total += pain.score(row);
            sum.push(total);
        }
        Self { day, sum }
    }

    /// Mean of the logs in (`from`, `to`], if there are enough.
    fn mean(&self, from: i32, to: i32, least: usize) -> Option<f64> {
        let (first, end) = (self.day.partition_point(|&day| day <= from), self.day.partition_point(|&day| day <= to));
        let n = end.checked_sub(first).filter(|&n| n >= least.max(1))?;
        Some((self.sum[end] - self.sum[first]) / n as f64)
    }
}

/// The periods of one course.
///
/// # Definition
/// Around a day `a` on which a session was done: *before* is (a − 28, a], *after* is (a + 7, a + 28] unless the rule says otherwise. The
/// session counts if it lies at least 28 days after completion and no break as long as a lapse fell into those 28 days. It opens a
/// *lapse* if no session was done in (a, a + 21); otherwise it is a period of *going on*, and of these every one at least 28 days after
/// the one before is taken. Which of the two it is, is known on day a + 21; whether the patient ever resumed plays no part.
///
/// Pain must not be what stopped the exercise: a period is left out, lapse or not, if the mean pain of the week up to `a` or of the week
/// after it lies a point or more above that of the three weeks earlier.
pub(super) fn periods(course: &Course, logs: &Logs, rule: &PeriodRule) -> PeriodsFound {
    let mut found = PeriodsFound::default();
    let Some(completion) = course.program.and_then(|program| program.completion.ok()) else { return found };
    let done: Vec<i32> = {
        let sessions = &course.sessions;
        let mut days: Vec<i32> = (0..sessions.day.len()).filter(|&at| sessions.done[at] > 0.0).map(|at| sessions.day[at]).collect();
        days.dedup();
        days
    };
    let known_to = course.next_start.map_or(logs.cut_off, |next| next.plus(-1)).0;
    let exit = logs
        .events
        .rows(course.patient)
        .find(|&row| logs.events.day[row] > completion.0 && logs.events.kind[row].ends_follow_up())
        .map(|row| logs.events.day[row]);
    let known_to = exit.map_or(known_to, |exit| known_to.min(exit));
    if done.last().is_none_or(|&last| last <= completion.0) {
        return found;
    }
    let pain = OwnPain::of(&logs.pain, course);
    let mut kept_since = done.first().copied().unwrap_or_default();
    let mut last_going_on: Option<i32> = None;
    for (at, &a) in done.iter().enumerate() {
        if at > 0 && a - done[at - 1] >= rule.lapse {
            kept_since = a;
        }
        if a <= completion.0 || a + rule.after_to.max(rule.lapse) > known_to {
            continue;
        }
        let next = done.get(at + 1).copied();
        let lapse = next.is_none_or(|next| next - a >= rule.lapse);
        if a - BEFORE < completion.0 || kept_since > a - BEFORE {
            found.too_early += usize::from(lapse);
            continue;
        }
        if !lapse && last_going_on.is_some_and(|last| a - last < BEFORE) {
            continue;
        }
        let means = (
            pain.mean(a - BEFORE, a - WEEK, LEAST_LOGS),
            pain.mean(a - WEEK, a, 1),
            pain.mean(a, a + WEEK, 1),
            pain.mean(a - BEFORE, a, LEAST_LOGS),
            pain.mean(a + rule.after_from, a + rule.after_to, LEAST_LOGS),
            pain.mean(completion.0, a, LEAST_LOGS),
        );
        let (Some(earlier), Some(week_before), Some(week_after), Some(before), Some(after), Some(usual)) = means else {
            found.not_logged += usize::from(lapse);
            continue;
        };
        if week_before.max(week_after) - earlier >= RISE - 1e-9 {
            found.rising += usize::from(lapse);
            continue;
        }
        let resumed = next
            .filter(|&next| lapse && next + BEFORE <= known_to)
            .and_then(|next| Some((pain.mean(a + WEEK, next - 1, LEAST_LOGS)?, pain.mean(next, next + BEFORE, LEAST_LOGS)?)));
        if !lapse {
            last_going_on = Some(a);
        }
        found.periods.push(LapsePeriod { patient: course.patient, last_session: Day(a), lapse, before, after, usual, resumed });
    }
    found
}
