//! Adherence in exercises and in minutes: what the rows of the session log add up to, week by week.

use crate::domain::Day;
use crate::ingest::Logs;
use crate::settings::AdherenceSettings;

use super::adherence::AdherenceWeek;
use super::adherence_measure::{AdherenceMeasure, DoseWeek};
use super::prescription::{in_program_rows, week_of};
use super::program::ProgramWindow;
use super::sessions::share_done;

/// Adherence in exercises; `None` if the log has no `exercise` column or no session of the patient.
///
/// # Definition
/// Each row is an exercise. Prescribed in a week: its sessions times the patient's usual number of exercises a session, the
/// median over the days with a session (the higher of the middle two), since no log says what was prescribed. Done: the sum of the
/// rows' shares.
pub(super) fn exercises(
    logs: &Logs,
    patient: usize,
    program: &ProgramWindow,
    sessions: &[AdherenceWeek],
    settings: &AdherenceSettings,
) -> Option<AdherenceMeasure> {
    if !logs.sessions.has_exercise {
        return None;
    }
    let mut weeks = vec![(0.0, 0.0); sessions.len()];
    let mut a_day: Vec<u32> = Vec::new();
    let mut last = None;
    for row in in_program_rows(logs, patient, program) {
        let day = Day(logs.sessions.day[row]);
        match a_day.last_mut() {
            Some(rows) if last == Some(day) => *rows += 1,
            _ => a_day.push(1),
        }
        last = Some(day);
        let share = f64::from(share_done(&logs.sessions, row, settings));
        if let Some((done, missed)) = weeks.get_mut(week_of(program, day)) {
            *done += share;
            *missed += 1.0 - share;
        }
    }
    a_day.sort_unstable();
    let a_session = f64::from(*a_day.get(a_day.len() / 2)?);
    let doses = sessions.iter().zip(weeks).map(|(week, (done, missed))| {
        let prescribed = a_session * week.prescribed;
        DoseWeek { prescribed, done, unlogged: (prescribed - done - missed).max(0.0) }
    });
    AdherenceMeasure::of(doses, settings.adherent_week)
}

/// Minutes of the rows that were done, wholly or in part; `None` if the log has no `minutes` column.
pub(super) fn minutes_done(logs: &Logs, patient: usize, program: &ProgramWindow, settings: &AdherenceSettings) -> Option<f64> {
    if logs.sessions.minutes.is_empty() {
        return None;
    }
    let done = in_program_rows(logs, patient, program).filter(|&row| share_done(&logs.sessions, row, settings) > 0.0);
    Some(done.filter_map(|row| logs.sessions.minutes[row].get()).map(f64::from).sum())
}

/// Adherence in minutes; `None` without minutes in the log or a prescription of minutes.
///
/// # Definition
/// Prescribed: `adherence.prescribed_minutes` times the share of the week inside the program. Unlogged: for each unlogged
/// session, and each done one without minutes, the minutes prescribed over the sessions prescribed.
pub(super) fn minutes(
    logs: &Logs,
    patient: usize,
    program: &ProgramWindow,
    sessions: &[AdherenceWeek],
    settings: &AdherenceSettings,
) -> Option<AdherenceMeasure> {
    let a_week = settings.prescribed_minutes?;
    if logs.sessions.minutes.is_empty() {
        return None;
    }
    let mut weeks = vec![(0.0, 0.0); sessions.len()];
    for row in in_program_rows(logs, patient, program) {
        let share = f64::from(share_done(&logs.sessions, row, settings));
        let Some((done, without)) = weeks.get_mut(week_of(program, Day(logs.sessions.day[row]))) else { continue };
        match logs.sessions.minutes[row].get() {
            Some(minutes) if share > 0.0 => *done += f64::from(minutes),
            Some(_) => {}
            None => *without += share,
        }
    }
    let doses = sessions.iter().zip(weeks).map(|(week, (done, without))| {
        let prescribed = if week.prescribed > 0.0 { a_week * f64::from(week.days) / 7.0 } else { 0.0 };
        let a_session = if week.prescribed > 0.0 { prescribed / week.prescribed } else { 0.0 };
        DoseWeek { prescribed, done, unlogged: a_session * (week.unlogged + without) }
    });
    AdherenceMeasure::of(doses, settings.adherent_week)
}
