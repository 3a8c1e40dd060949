//! How the logs were kept: how densely, how completely, and whether scores look as if they had been thought about.
//!
//! Everything is counted in one walk over each patient's pain log, patients in parallel. Counts are whole numbers, so that
//! their sums do not hang on the order of the threads.

use rayon::prelude::*;
use serde::Serialize;

use crate::ingest::{CovariateValues, Logs};
use crate::settings::LogKind;
use crate::stats::{Heaping, heaping};

/// How the logs were kept.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DataQuality {
    /// Weeks of the program (all weeks where no completion is recorded).
    pub program_weeks: LoggingWeeks,
    /// Weeks after completion.
    pub later_weeks: LoggingWeeks,
    /// How many cells of each column are filled.
    pub columns: Vec<ColumnFilled>,
    /// Which scores were given.
    pub scores: Scores,
    /// Scores that stay the same.
    pub streaks: Streaks,
    /// Pain logs by day of the week, Monday first.
    pub weekdays: [u64; 7],
}

/// Patient-weeks by the number of days with a pain log.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct LoggingWeeks {
    /// Weeks with 0, 1, … 7 logged days.
    pub by_days: [u64; 8],
}

impl LoggingWeeks {
    /// All weeks.
    #[must_use]
    pub fn weeks(&self) -> u64 {
        self.by_days.iter().sum()
    }

    /// Share of weeks with at least `days` logged days.
    #[must_use]
    pub fn share_with(&self, days: usize) -> Option<f64> {
        let weeks = self.weeks();
        (weeks > 0).then(|| self.by_days.iter().skip(days).sum::<u64>() as f64 / weeks as f64)
    }

    /// Mean number of logged days a week.
    #[must_use]
    pub fn mean_days(&self) -> Option<f64> {
        let logged: u64 = self.by_days.iter().zip(0_u64..).map(|(weeks, days)| weeks * days).sum();
        let weeks = self.weeks();
        (weeks > 0).then(|| logged as f64 / weeks as f64)
    }

    fn add(&mut self, other: &Self) {
        self.by_days.iter_mut().zip(other.by_days).for_each(|(mine, theirs)| *mine += theirs);
    }
}

/// A column and how many of its cells hold a value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ColumnFilled {
    /// Which log.
    pub log: LogKind,
    /// Native name of the column.
    pub column: String,
    /// Cells with a value.
    pub filled: usize,
    /// Cells.
    pub cells: usize,
}

/// Which scores were given.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Scores {
    /// Pain logs.
    pub logs: u64,
    /// How often each whole number, from 0 on.
    pub whole: Vec<u64>,
    /// Scores between whole numbers.
    pub between: u64,
    /// 5 against 4 and 6.
    pub fives: Option<Heaping>,
    /// Share of whole numbers, where the scale has tenths and they are used; about one in ten if no last digit is preferred.
    pub whole_share: Option<f64>,
    /// Share of scores halfway between whole numbers, in the same case.
    pub half_share: Option<f64>,
    /// Share of scores that are 0.
    pub zero_share: Option<f64>,
}

/// Scores that stay the same from log to log.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Streaks {
    /// Patients with a pain log.
    pub patients: u64,
    /// Patients with at least [`STREAK`] equal scores above 0 in a row.
    pub with_streak: u64,
    /// The longest run of equal scores above 0 among all patients, in logs.
    pub longest: u32,
}

/// So many equal scores in a row are a streak.
pub const STREAK: u32 = 14;

/// Scores are counted up to this one; scales that go further are counted in whole numbers only below it.
const GREATEST: usize = 100;

#[derive(Clone)]
struct Tally {
    program: LoggingWeeks,
    later: LoggingWeeks,
    whole: [u64; GREATEST + 1],
    between: u64,
    halves: u64,
    streaks: Streaks,
    weekdays: [u64; 7],
}

impl Tally {
    fn new() -> Self {
        Self {
            program: LoggingWeeks::default(),
            later: LoggingWeeks::default(),
            whole: [0; GREATEST + 1],
            between: 0,
            halves: 0,
            streaks: Streaks::default(),
            weekdays: [0; 7],
        }
    }

    fn add(mut self, other: &Self) -> Self {
        self.program.add(&other.program);
        self.later.add(&other.later);
        self.whole.iter_mut().zip(other.whole).for_each(|(mine, theirs)| *mine += theirs);
        self.between += other.between;
        self.halves += other.halves;
        self.streaks.patients += other.streaks.patients;
        self.streaks.with_streak += other.streaks.with_streak;
        self.streaks.longest = self.streaks.longest.max(other.streaks.longest);
        self.weekdays.iter_mut().zip(other.weekdays).for_each(|(mine, theirs)| *mine += theirs);
        self
    }

    fn patient(&mut self, logs: &Logs, patient: usize) {
        let rows = logs.pain.rows(patient);
        let (days, scores) = (&logs.pain.day[rows.clone()], &logs.pain.score[rows]);
        self.weeks(logs, patient, days);
        let (mut run, mut longest, mut before) = (0_u32, 0, f32::NAN);
        for (&day, &score) in days.iter().zip(scores) {
            // 1970-01-01 was a Thursday.
            self.weekdays[(day.wrapping_add(3)).rem_euclid(7) as usize] += 1;
            let whole = score as usize;
            if same(whole as f32, score) {
                // Scales that go further are told whole by whole only up to here.
                if let Some(count) = self.whole.get_mut(whole) {
                    *count += 1;
                }
            } else {
                self.between += 1;
                self.halves += u64::from(same(whole as f32 + 0.5, score));
            }
            run = if same(score, before) { run + 1 } else { 1 };
            before = score;
            if run > longest && score > 0.0 {
                longest = run;
            }
        }
        self.streaks.patients += u64::from(!days.is_empty());
        self.streaks.with_streak += u64::from(longest >= STREAK);
        self.streaks.longest = self.streaks.longest.max(longest);
    }

    /// Whole weeks from the start of the (first) program, or the first log, to the last log of any kind.
    fn weeks(&mut self, logs: &Logs, patient: usize, days: &[i32]) {
        let sessions = &logs.sessions.day[logs.sessions.rows(patient)];
        let program = logs.programs.of(patient).first();
        let first = [days.first(), sessions.first()].into_iter().flatten().min();
        let Some(start) = program.map(|program| program.start.0).or(first.copied()) else { return };
        let Some(&last) = [days.last(), sessions.last()].into_iter().flatten().max() else { return };
        let weeks = (last.saturating_sub(start).saturating_add(1)).max(0) / 7;
        let completed = program.and_then(|program| program.completed_on);
        // A week that begins in the program is the program's.
        let of_program = completed.map_or(weeks, |day| (day.0.saturating_sub(start).max(-1) / 7 + 1).clamp(0, weeks));
        let mut logged = days.partition_point(|&day| day < start);
        let (mut with_logs_program, mut with_logs_later) = (0, 0);
        while logged < days.len() {
            let week = days[logged].saturating_sub(start) / 7;
            if week >= weeks {
                break;
            }
            let first = logged;
            while logged < days.len() && days[logged].saturating_sub(start) / 7 == week {
                logged += 1;
            }
            let count = (logged - first).min(7);
            if week < of_program {
                self.program.by_days[count] += 1;
                with_logs_program += 1;
            } else {
                self.later.by_days[count] += 1;
                with_logs_later += 1;
            }
        }
        self.program.by_days[0] += u64::from((of_program - with_logs_program).max(0).cast_unsigned());
        self.later.by_days[0] += u64::from((weeks - of_program - with_logs_later).max(0).cast_unsigned());
    }
}

/// How the logs were kept.
#[must_use]
pub fn assess_data_quality(logs: &Logs) -> DataQuality {
    let tally = (0..logs.n_patients())
        .into_par_iter()
        .with_min_len(256)
        .fold(Tally::new, |mut tally, patient| {
            tally.patient(logs, patient);
            tally
        })
        .reduce(Tally::new, |one, other| one.add(&other));
    let n = logs.pain.day.len() as u64;
    let share = |count: u64| (n > 0).then(|| count as f64 / n as f64);
    let greatest = (logs.scale.max.clamp(0.0, GREATEST as f64) as usize).max(tally.whole.iter().rposition(|&count| count > 0).unwrap_or(0));
    let in_tenths = tally.between * 100 > n;
    DataQuality {
        program_weeks: tally.program,
        later_weeks: tally.later,
        columns: columns(logs),
        scores: Scores {
            logs: n,
            whole: tally.whole[..=greatest].to_vec(),
            between: tally.between,
            fives: if in_tenths { None } else { heaping(&tally.whole[..=greatest], 5) },
            whole_share: if in_tenths { share(n - tally.between) } else { None },
            half_share: if in_tenths { share(tally.halves) } else { None },
            zero_share: share(tally.whole[0]),
        },
        streaks: tally.streaks,
        weekdays: tally.weekdays,
    }
}

/// Whether two scores are one.
fn same(one: f32, other: f32) -> bool {
    (one - other).abs() < f32::EPSILON
}

/// Columns that are there and may be empty. Those a row cannot do without are full in every row used.
fn columns(logs: &Logs) -> Vec<ColumnFilled> {
    let sessions = &logs.sessions;
    let mut columns = Vec::new();
    let mut add = |log: LogKind, column: &str, filled: usize, cells: usize| {
        if cells > 0 {
            columns.push(ColumnFilled { log, column: column.to_owned(), filled, cells });
        }
    };
    if sessions.has_phase {
        add(LogKind::Sessions, "phase", sessions.phase.par_iter().filter(|phase| phase.is_some()).count(), sessions.phase.len());
    }
    add(LogKind::Sessions, "status", sessions.status_filled.filled, sessions.status_filled.cells);
    for (name, values) in [("minutes", &sessions.minutes), ("prescribed", &sessions.prescribed), ("fraction_done", &sessions.fraction_done)]
    {
        add(LogKind::Sessions, name, values.par_iter().filter(|value| value.is_some()).count(), values.len());
    }
    add(LogKind::Pain, "lasted_24h", logs.pain.lasted_filled.filled, logs.pain.lasted_filled.cells);
    let programs = &logs.programs.record;
    // A column without any value is not told apart from one that is not there.
    let mut program = |name: &str, filled: usize| add(LogKind::Programs, name, filled, if filled > 0 { programs.len() } else { 0 });
    program("planned_end", programs.iter().filter(|program| program.planned_end.is_some()).count());
    program("completed_on", programs.iter().filter(|program| program.completed_on.is_some()).count());
    program("outcome", programs.iter().filter(|program| program.outcome.is_some()).count());
    program("prescribed_per_week", programs.iter().filter(|program| program.prescribed_per_week.is_some()).count());
    program("maintenance_per_week", programs.iter().filter(|program| program.maintenance_per_week.is_some()).count());
    for covariate in &logs.patients.covariates {
        let filled = match &covariate.values {
            CovariateValues::Number(values) => values.iter().filter(|value| value.is_some()).count(),
            CovariateValues::Category { codes, .. } => codes.iter().filter(|code| code.is_some()).count(),
        };
        add(LogKind::Patients, &covariate.name, filled, logs.patients.places.iter().flatten().count());
    }
    columns
}
