//! What the pain log said of a patient by a day.

use crate::cohort::{Course, FollowUp, FollowUpEnd};
use crate::domain::{CensorReason, Day};
use crate::ingest::{Logs, PainLog};
use crate::settings::Settings;

/// Days looked back over for what is recent.
const RECENT: i32 = 28;

/// A last log this long before the cut-off is a loss where no silence ends follow-up.
const GONE: i32 = 28;

/// Pain and logging over some days.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct KnownPain {
    /// Mean of the scores.
    pub mean: f64,
    /// Logs at or above the floor of a recurrence.
    pub painful: f64,
    /// Days logged a week.
    pub logs_per_week: f64,
}

impl KnownPain {
    /// Names of the three, before or in a period.
    pub fn names(when: &str) -> [String; 3] {
        [format!("mean pain {when}"), format!("painful logs {when}"), format!("logs a week {when}")]
    }

    pub fn values(self) -> [f64; 3] {
        [self.mean, self.painful, self.logs_per_week]
    }
}

/// The pain log of a program from the first log of its remission to the end of its follow-up.
pub(super) struct PainHistory<'a> {
    pain: &'a PainLog,
    first_row: usize,
    days: &'a [i32],
    remission: (Day, Day),
    floor: f64,
}

impl<'a> PainHistory<'a> {
    /// `None` for a program that is not at risk.
    pub fn of(logs: &'a Logs, course: &Course, settings: &Settings) -> Option<Self> {
        let follow_up = course.follow_up.ok()?;
        let rows = logs.pain.rows(course.patient);
        let days = &logs.pain.day[rows.clone()];
        let first = days.partition_point(|&day| day < follow_up.remission_from.0);
        let end = days.partition_point(|&day| day <= follow_up.end.0);
        Some(Self {
            pain: &logs.pain,
            first_row: rows.start + first,
            days: days.get(first..end.max(first))?,
            remission: (follow_up.remission_from, follow_up.remission_confirmed),
            floor: settings.recurrence.floor,
        })
    }

    /// From the first log of the remission to a day, or to the log that confirmed it if that is later: what is known of a patient
    /// before an exposure window that begins the day after.
    pub fn before(&self, day: Day) -> Option<KnownPain> {
        let (from, confirmed) = self.remission;
        self.between(from, day.max(confirmed))
    }

    /// The last 28 days up to a day; where nothing was logged in them, the last log before.
    pub fn recent(&self, day: Day) -> Option<KnownPain> {
        self.between(day.plus(1 - RECENT), day).or_else(|| {
            let end = self.days.partition_point(|&logged| logged <= day.0);
            let mean = self.pain.score(self.first_row + end.checked_sub(1)?);
            Some(KnownPain { mean, painful: f64::from(mean >= self.floor), logs_per_week: 0.0 })
        })
    }

    fn between(&self, from: Day, to: Day) -> Option<KnownPain> {
        let first = self.days.partition_point(|&day| day < from.0);
        let end = self.days.partition_point(|&day| day <= to.0);
        let n = end.checked_sub(first).filter(|&n| n > 0)? as f64;
        let scores = (first..end).map(|row| self.pain.score(self.first_row + row));
        let (sum, painful) = scores.fold((0.0, 0.0), |(sum, painful), score| (sum + score, painful + f64::from(score >= self.floor)));
        Some(KnownPain { mean: sum / n, painful, logs_per_week: 7.0 * n / f64::from(to.days_since(from) + 1) })
    }
}

/// Whether a follow-up ended because the patient was lost: by silence or withdrawal, or where silence never ends follow-up by a last
/// log long before the cut-off. The cut-off itself and competing events are no loss.
pub(in crate::analysis) fn is_lost(follow_up: &FollowUp, cut_off: Day, settings: &Settings) -> bool {
    match follow_up.ended_by {
        FollowUpEnd::Censored(CensorReason::Silence | CensorReason::Withdrawn) => true,
        FollowUpEnd::Censored(CensorReason::LastLog) => settings.censoring.silence == 0 && cut_off.days_since(follow_up.end) > GONE,
        _ => false,
    }
}
