//! When a patient's program began and ended.

use serde::Serialize;

use crate::domain::{Day, Exclusion, ProgramOutcome};
use crate::ingest::{ProgramRecord, SessionLog};

use super::sessions::SessionDays;

/// Where start and completion come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProgramSource {
    /// `programs.csv`.
    Recorded,
    /// First session; last session whose phase is not maintenance.
    Derived,
}

/// One program of a patient.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ProgramWindow {
    /// First day.
    pub start: Day,
    /// Last day over which adherence and weekly pain are counted: completion, else the planned end, else the last
    /// in-program session or the cut-off; never later than the day before the next program.
    pub end: Day,
    /// The day of completion, or why there is none.
    pub completion: Result<Day, Exclusion>,
    /// Where the dates come from.
    pub source: ProgramSource,
    /// Sessions a week prescribed, where recorded.
    pub prescribed_per_week: Option<f64>,
}

/// A program without a record counts as ended when the log has been silent of it this long.
const SILENCE_ENDS_PROGRAM: i32 = 28;

impl ProgramWindow {
    /// The program as recorded, or derived from the sessions; `None` if nothing shows a start. `next_start` is that of the
    /// patient's next program.
    pub(super) fn find(
        record: Option<&ProgramRecord>,
        next_start: Option<Day>,
        sessions: &SessionDays,
        log: &SessionLog,
        cut_off: Day,
    ) -> Option<Self> {
        let last_in_program = || {
            let last = (0..sessions.day.len()).rev().find(|&index| sessions.phase[index].is_none_or(crate::domain::Phase::in_program));
            last.map(|index| Day(sessions.day[index]))
        };
        let Some(record) = record else {
            let first = Day(*sessions.day.first()?);
            let last = last_in_program().unwrap_or(first);
            let completion = derived_completion(sessions, log, last, cut_off);
            let end = completion.unwrap_or(if log.has_phase { last } else { cut_off });
            return Some(Self { start: first, end: end.max(first), completion, source: ProgramSource::Derived, prescribed_per_week: None });
        };
        let own_end = next_start.map_or(cut_off, |next| next.plus(-1));
        let planned = record.planned_end.filter(|&day| day <= cut_off);
        let recorded = record.completed_on.filter(|&day| day <= cut_off);
        let completion = match (record.outcome, recorded) {
            (Some(ProgramOutcome::DroppedOut), _) => Err(Exclusion::DroppedOut),
            (Some(ProgramOutcome::Ongoing), _) => Err(Exclusion::ProgramOngoing),
            (_, Some(day)) => Ok(day),
            (Some(ProgramOutcome::Completed), None) => planned.ok_or(Exclusion::NoCompletion),
            (None, None) if record.completed_on.is_some() || record.planned_end.is_some_and(|day| day > cut_off) => {
                Err(Exclusion::ProgramOngoing)
            }
            (None, None) => last_in_program().map_or(Err(Exclusion::NoCompletion), |last| derived_completion(sessions, log, last, own_end)),
        };
        // A program that another one follows is not going on, whatever was planned.
        let completion =
            completion.map_err(|why| if next_start.is_some() && why == Exclusion::ProgramOngoing { Exclusion::NoCompletion } else { why });
        let end = match completion {
            Ok(day) => day,
            Err(Exclusion::ProgramOngoing) => cut_off,
            Err(_) => planned.or(recorded).or_else(last_in_program).unwrap_or(cut_off),
        };
        Some(Self {
            start: record.start,
            end: next_start.map_or(end, |_| end.min(own_end)).max(record.start),
            completion,
            source: ProgramSource::Recorded,
            prescribed_per_week: record.prescribed_per_week,
        })
    }
}

/// Completion without a record: the last in-program session, once maintenance or a long silence follows it.
fn derived_completion(sessions: &SessionDays, log: &SessionLog, last: Day, cut_off: Day) -> Result<Day, Exclusion> {
    if !log.has_phase {
        return Err(Exclusion::NoCompletion);
    }
    let maintenance_follows = sessions.day.last().is_some_and(|&day| day > last.0);
    if maintenance_follows || cut_off.days_since(last) > SILENCE_ENDS_PROGRAM { Ok(last) } else { Err(Exclusion::ProgramOngoing) }
}
