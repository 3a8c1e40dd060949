//! Pain around the first session of a program: how it began, and what it was some weeks on.

use crate::cohort::{Cohort, Course};
use crate::domain::{Day, Phase};
use crate::ingest::{Logs, PainLog};

/// Days before the first session in which a flare at the start is looked for.
pub const FLARE_DAYS: i32 = 7;
/// Days before those, from which an earlier baseline is taken.
pub const EARLIER_DAYS: i32 = 28;

/// Columns with one value per course of the cohort; `None` where no pain is logged in the days named, or no session was done.
#[derive(Clone, Debug, PartialEq)]
pub struct ProgramStarts {
    /// Highest pain of the 7 days before the first session.
    pub highest: Vec<Option<f64>>,
    /// Mean pain of these days.
    pub mean: Vec<Option<f64>>,
    /// Mean pain of the 28 days before these.
    pub earlier: Vec<Option<f64>>,
    /// Mean pain of the eighth week from the first session (days 49 to 55 after it), in programs that last as long.
    pub eighth_week: Vec<Option<f64>>,
}

impl ProgramStarts {
    /// Reads the starts off the logs.
    #[must_use]
    pub fn of(logs: &Logs, cohort: &Cohort) -> Self {
        let pain = &logs.pain;
        let column = |part: &dyn Fn(&Course, Day) -> Option<f64>| -> Vec<Option<f64>> {
            cohort.courses.iter().map(|course| part(course, first_session(course)?)).collect()
        };
        let before = |first: Day| (first.plus(-FLARE_DAYS), first.plus(-1));
        Self {
            highest: column(&|course, first| {
                let (from, to) = before(first);
                scores(pain, course.patient, from, to).reduce(f64::max)
            }),
            mean: column(&|course, first| {
                let (from, to) = before(first);
                mean_pain(pain, course.patient, from, to)
            }),
            earlier: column(&|course, first| {
                mean_pain(pain, course.patient, first.plus(-FLARE_DAYS - EARLIER_DAYS), first.plus(-FLARE_DAYS - 1))
            }),
            eighth_week: column(&|course, first| {
                let within = course.program.is_some_and(|program| first.plus(55) <= program.end);
                if within { mean_pain(pain, course.patient, first.plus(49), first.plus(55)) } else { None }
            }),
        }
    }
}

/// Day of the first session of the program that was done.
#[must_use]
pub fn first_session(course: &Course) -> Option<Day> {
    let (program, sessions) = (course.program?, &course.sessions);
    let first = sessions.day.partition_point(|&day| day < program.start.0);
    (first..sessions.day.len())
        .find(|&index| sessions.done[index] > 0.0 && sessions.phase[index].is_none_or(Phase::in_program))
        .map(|index| Day(sessions.day[index]))
}

fn scores(log: &PainLog, patient: usize, from: Day, to: Day) -> impl Iterator<Item = f64> {
    let rows = log.rows(patient);
    let days = &log.day[rows.clone()];
    let first = rows.start + days.partition_point(|&day| day < from.0);
    let end = rows.start + days.partition_point(|&day| day <= to.0);
    (first..end.max(first)).map(|row| log.score(row))
}

/// Mean of a patient's pain logs from one day to another, both counted.
pub(super) fn mean_pain(log: &PainLog, patient: usize, from: Day, to: Day) -> Option<f64> {
    let (n, sum) = scores(log, patient, from, to).fold((0_u32, 0.0), |(n, sum), score| (n + 1, sum + score));
    (n > 0).then(|| sum / f64::from(n))
}
