//! The part of a program over which something may be counted that is compared by how the program ended.

use std::ops::RangeInclusive;

use crate::domain::{Day, Exclusion, Phase, SessionStatus};
use crate::ingest::SessionLog;

use super::course::Course;

/// First and last day over which an exposure is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExposurePeriod {
    /// Program start.
    pub from: Day,
    /// Last day.
    pub to: Day,
}

/// Shortest period from which anything is counted.
const SHORTEST: i32 = 7;

/// The days of a program before those that measure its end, as long as the patient was in it.
///
/// # Definition
/// ```text
/// from program start to the earlier of program end − end_days and, of a drop-out, the last session done
/// ```
/// What is counted here has happened before the outcome is measured, and a patient who left is not judged by the weeks after leaving.
/// `None` without a program, or if fewer than 7 days are left.
#[must_use]
pub fn exposure_period(course: &Course, end_days: i32) -> Option<ExposurePeriod> {
    let program = course.program?;
    let before_outcome = program.end.plus(-end_days);
    let to =
        if program.completion == Err(Exclusion::DroppedOut) { before_outcome.min(course.last_session_done()?) } else { before_outcome };
    (to.days_since(program.start) + 1 >= SHORTEST).then_some(ExposurePeriod { from: program.start, to })
}

impl ExposurePeriod {
    /// Its days.
    #[must_use]
    pub fn days(&self) -> RangeInclusive<i32> {
        self.from.0..=self.to.0
    }

    /// Length in weeks.
    #[must_use]
    pub fn weeks(&self) -> f64 {
        f64::from(self.to.days_since(self.from) + 1) / 7.0
    }

    /// Rows of a patient's session log in the period and the program, whatever their status.
    pub fn rows<'a>(&self, log: &'a SessionLog, patient: usize) -> impl Iterator<Item = usize> + use<'a> {
        let rows = log.rows(patient);
        let days = &log.day[rows.clone()];
        let first = rows.start + days.partition_point(|&day| day < self.from.0);
        let end = rows.start + days.partition_point(|&day| day <= self.to.0);
        (first..end.max(first)).filter(|&row| log.phase[row].is_none_or(Phase::in_program))
    }

    /// Those of them that were done, if only in part.
    pub fn done_rows<'a>(&self, log: &'a SessionLog, patient: usize) -> impl Iterator<Item = usize> + use<'a> {
        self.rows(log, patient).filter(|&row| log.status[row] != SessionStatus::Missed)
    }
}
