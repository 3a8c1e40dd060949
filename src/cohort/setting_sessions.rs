//! Sessions of a program by where they took place.

use crate::domain::Setting;
use crate::ingest::Logs;
use crate::settings::AdherenceSettings;

use super::prescription::in_program_rows;
use super::program::ProgramWindow;
use super::sessions::share_done;

/// Sessions logged in one setting. What was prescribed there no log says, so these are shares of what was logged.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SettingSessions {
    /// Where.
    pub setting: Setting,
    /// Sessions done there (partial ones by their share).
    pub done: f64,
    /// Sessions, or parts of them, logged as not done.
    pub missed: f64,
}

/// The sessions of a program in each setting that has some. Where a day is a session, its rows in one setting are one.
pub(super) fn by_setting(logs: &Logs, patient: usize, program: &ProgramWindow, settings: &AdherenceSettings) -> Vec<SettingSessions> {
    let log = &logs.sessions;
    if log.setting.is_empty() {
        return Vec::new();
    }
    let by_day = settings.session.by_day(log.has_exercise);
    // For each setting: done, missed, and the sum and number of the rows of the session at hand.
    let mut found = vec![(0.0, 0.0, 0.0, 0_u32); Setting::ALL.len()];
    let close = |found: &mut Vec<(f64, f64, f64, u32)>| {
        for (done, missed, sum, rows) in found {
            if *rows > 0 {
                let share = *sum / f64::from(*rows);
                *done += share;
                *missed += 1.0 - share;
                (*sum, *rows) = (0.0, 0);
            }
        }
    };
    let mut last = None;
    for row in in_program_rows(logs, patient, program) {
        if !by_day || last != Some(log.day[row]) {
            close(&mut found);
        }
        last = Some(log.day[row]);
        if let Some((_, _, sum, rows)) = log.setting[row].and_then(|setting| found.get_mut(setting as usize)) {
            *sum += f64::from(share_done(log, row, settings));
            *rows += 1;
        }
    }
    close(&mut found);
    Setting::ALL
        .iter()
        .zip(found)
        .filter(|(_, (done, missed, ..))| done + missed > 0.0)
        .map(|(&setting, (done, missed, ..))| SettingSessions { setting, done, missed })
        .collect()
}
