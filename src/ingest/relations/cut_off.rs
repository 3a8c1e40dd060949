//! The last day of the study: what lies after it, and whether it is one.

use std::ops::Range;

use super::{At, Context, Found, Logs};
use crate::domain::Day;
use crate::ingest::accounting::Finding;
use crate::ingest::rules;
use crate::settings::LogKind;

/// A program completed after the cut-off.
pub(super) fn completed_after(logs: &Logs, patient: usize, _: &Context<'_>, found: &mut Vec<Finding>) {
    let id = &logs.patients.ids[patient];
    for row in logs.programs.rows(patient) {
        let Some(completed_on) = logs.programs.record[row].completed_on.filter(|&day| day > logs.cut_off) else { continue };
        let sentence = format!("{id}'s program is completed on {completed_on}, after the data cut-off, {}.", logs.cut_off);
        let at = At { kind: LogKind::Programs, place: logs.programs.place.get(row).copied() };
        found.push(
            Found { rule: rules::COMPLETED_AFTER_CUT_OFF, at, column: "completed_on", value: completed_on.to_string(), sentence }
                .of(logs, patient),
        );
    }
}

/// Days this much later than all others are no end of a study.
const LONE: i32 = 180;
/// So many last days are looked at.
const LAST_DAYS: usize = 4;

/// The few last rows that alone make the cut-off what it is, where none is declared.
pub(super) fn lone_last_days(logs: &Logs) -> Vec<Finding> {
    if logs.cut_off_declared {
        return Vec::new();
    }
    let last = last_days(logs);
    let Some(lone) = (1..last.len()).rev().find(|&place| last[place - 1].saturating_sub(last[place]) > LONE) else { return Vec::new() };
    let (others_end, earliest) = (Day(last[lone]), last[lone - 1]);
    let mut found = Vec::new();
    for patient in 0..logs.n_patients() {
        let id = &logs.patients.ids[patient];
        for (kind, rows, days) in long_logs(logs, patient) {
            for row in rows.clone().rev().take_while(|&row| days[row] >= earliest) {
                let day = Day(days[row]);
                let sentence = format!(
                    "{id} has a row of {day}; every other day of the study is {others_end} or earlier, and without a declared cut-off the last day is the cut-off."
                );
                let at = match kind {
                    LogKind::Pain => At::pain(logs, row),
                    LogKind::Sessions => At::session(logs, row),
                    _ => At::event(logs, row),
                };
                found.push(Found { rule: rules::LONE_LAST_DAY, at, column: "date", value: day.to_string(), sentence }.of(logs, patient));
            }
        }
    }
    found
}

/// The last days of all logs, the last one first.
fn last_days(logs: &Logs) -> Vec<i32> {
    let mut last: Vec<i32> = Vec::with_capacity(LAST_DAYS + 1);
    for patient in 0..logs.n_patients() {
        for (_, rows, days) in long_logs(logs, patient) {
            for &day in days[rows].iter().rev() {
                if last.len() == LAST_DAYS && last.last().is_some_and(|&least| day <= least) {
                    break;
                }
                let place = last.partition_point(|&later| later > day);
                if last.get(place) != Some(&day) {
                    last.insert(place, day);
                    last.truncate(LAST_DAYS);
                }
            }
        }
    }
    last
}

fn long_logs(logs: &Logs, patient: usize) -> [(LogKind, Range<usize>, &[i32]); 3] {
    [
        (LogKind::Pain, logs.pain.rows(patient), &logs.pain.day),
        (LogKind::Sessions, logs.sessions.rows(patient), &logs.sessions.day),
        (LogKind::Events, logs.events.rows(patient), &logs.events.day),
    ]
}
