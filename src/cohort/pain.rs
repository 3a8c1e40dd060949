//! Baseline, weekly and end-of-program pain of one patient.

use serde::Serialize;

use crate::domain::Day;
use crate::ingest::PainLog;
use crate::settings::{BaselineRule, PainSettings};

use super::program::ProgramWindow;

/// Where the baseline comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum BaselineSource {
    /// The days before the first session.
    BeforeFirstSession,
    /// The first logged days of the program: treatment had begun.
    FirstProgramDays,
    /// The first score of the program alone.
    FirstScore,
}

/// Mean pain of one program week of one patient.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PainWeek {
    /// Week since program start, from 0.
    pub week: u32,
    /// Days logged in it.
    pub days: u32,
    /// Mean of those days.
    pub mean: f64,
}

/// A patient's pain in the program.
#[derive(Clone, Debug, PartialEq)]
pub struct PainCourse {
    /// Mean baseline pain and where it comes from.
    pub baseline: Option<(f64, BaselineSource)>,
    /// The first program week none of whose logs is part of the baseline.
    pub week_after_baseline: u32,
    /// Mean pain of the last days of the program.
    pub end: Option<f64>,
    /// Weeks with at least one log, in order.
    pub weeks: Vec<PainWeek>,
}

impl PainCourse {
    /// Change from baseline to the end of the program; negative is less pain.
    #[must_use]
    pub fn change(&self) -> Option<f64> {
        Some(self.end? - self.baseline?.0)
    }

    pub(super) fn of(log: &PainLog, patient: usize, program: &ProgramWindow, first_session: Option<Day>, settings: &PainSettings) -> Self {
        let rows = log.rows(patient);
        let days = &log.day[rows.clone()];
        let from = |day: Day| rows.start + days.partition_point(|&logged| logged < day.0);
        let after = |day: Day| rows.start + days.partition_point(|&logged| logged <= day.0);
        let mean = |range: std::ops::Range<usize>| {
            let n = range.len();
            (n > 0).then(|| range.map(|row| log.score(row)).sum::<f64>() / n as f64)
        };
        let (program_from, program_to) = (from(program.start), after(program.end).max(from(program.start)));

        let first = first_session.unwrap_or(program.start);
        let before = mean(from(first.plus(-settings.baseline_days))..from(first).max(from(first.plus(-settings.baseline_days))));
        let first_days = program_from..program_to.min(program_from + usize::try_from(settings.baseline_days).unwrap_or(0));
        let first_score = program_from..program_to.min(program_from + 1);
        let in_program = |rows: &std::ops::Range<usize>, source| mean(rows.clone()).map(|pain| (pain, source));
        let baseline = match settings.baseline {
            BaselineRule::BeforeFirstSession => before
                .map(|pain| (pain, BaselineSource::BeforeFirstSession))
                .or_else(|| in_program(&first_days, BaselineSource::FirstProgramDays)),
            BaselineRule::FirstLoggedDays => in_program(&first_days, BaselineSource::FirstProgramDays),
            BaselineRule::FirstScore => in_program(&first_score, BaselineSource::FirstScore),
        };
        let last_of_baseline = match baseline {
            None => None,
            Some((_, BaselineSource::BeforeFirstSession)) => Some(first.plus(-1)),
            Some((_, BaselineSource::FirstProgramDays)) => Some(Day(log.day[first_days.end - 1])),
            Some((_, BaselineSource::FirstScore)) => Some(Day(log.day[program_from])),
        };
        let week_after_baseline =
            last_of_baseline.filter(|&day| day >= program.start).map_or(0, |day| day.days_since(program.start).unsigned_abs() / 7 + 1);

        let end_from = from(program.end.plus(1 - settings.end_days)).max(program_from);
        let end = mean(end_from..program_to.max(end_from));

        let mut weeks: Vec<PainWeek> = Vec::new();
        for row in program_from..program_to {
            let week = (log.day[row] - program.start.0) as u32 / 7;
            match weeks.last_mut() {
                Some(last) if last.week == week => {
                    last.days += 1;
                    last.mean += log.score(row);
                }
                _ => weeks.push(PainWeek { week, days: 1, mean: log.score(row) }),
            }
        }
        for week in &mut weeks {
            week.mean /= f64::from(week.days);
        }
        Self { baseline, week_after_baseline, end, weeks }
    }
}
