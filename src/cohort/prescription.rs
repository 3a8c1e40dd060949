//! How many sessions were prescribed in each week of a program.

use crate::domain::{Day, Phase};
use crate::ingest::Logs;
use crate::settings::AdherenceSettings;

use super::program::ProgramWindow;

/// Rows of the session log in the program's window that are not maintenance.
pub(super) fn in_program_rows<'a>(logs: &'a Logs, patient: usize, program: &ProgramWindow) -> impl Iterator<Item = usize> + use<'a> {
    let rows = logs.sessions.rows(patient);
    let days = &logs.sessions.day[rows.clone()];
    let first = rows.start + days.partition_point(|&day| day < program.start.0);
    let end = rows.start + days.partition_point(|&day| day <= program.end.0);
    (first..end).filter(move |&row| logs.sessions.phase[row].is_none_or(Phase::in_program))
}

/// Weeks of a program, the last one of which may be shorter.
pub(super) fn n_weeks(program: &ProgramWindow) -> usize {
    usize::try_from((program.end.days_since(program.start) + 7) / 7).unwrap_or(0)
}

/// The week of the program in which a day lies that is not before its start.
pub(super) fn week_of(program: &ProgramWindow, day: Day) -> usize {
    usize::try_from(day.days_since(program.start) / 7).unwrap_or(0)
}

/// Sessions a week prescribed for each week of the program; `None` if nothing was in any.
///
/// # Definition
/// That of `programs.csv`; else of each week the mean of what its session rows say, a week without any as the one before, those
/// before the first as the first; else the setting.
pub(super) fn weekly_prescription(logs: &Logs, patient: usize, program: &ProgramWindow, settings: &AdherenceSettings) -> Option<Vec<f64>> {
    let constant = |rate: f64| (rate > 0.0).then(|| vec![rate; n_weeks(program)]);
    if let Some(rate) = program.prescribed_per_week {
        return constant(rate);
    }
    logged(logs, patient, program).or_else(|| constant(settings.prescribed_per_week?))
}

fn logged(logs: &Logs, patient: usize, program: &ProgramWindow) -> Option<Vec<f64>> {
    if logs.sessions.prescribed.is_empty() {
        return None;
    }
    let mut weeks = vec![(0.0, 0_u32); n_weeks(program)];
    for row in in_program_rows(logs, patient, program) {
        let week = weeks.get_mut(week_of(program, Day(logs.sessions.day[row])));
        if let (Some((sum, n)), Some(rate)) = (week, logs.sessions.prescribed[row].get()) {
            *sum += f64::from(rate);
            *n += 1;
        }
    }
    let of_week = |(sum, n): (f64, u32)| (n > 0).then(|| sum / f64::from(n));
    let mut rate = weeks.iter().copied().find_map(of_week)?;
    let rates: Vec<f64> = weeks
        .into_iter()
        .map(|week| {
            rate = of_week(week).unwrap_or(rate);
            rate
        })
        .collect();
    rates.iter().any(|&rate| rate > 0.0).then_some(rates)
}
