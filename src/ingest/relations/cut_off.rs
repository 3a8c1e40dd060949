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
/// More patients than these with days so late are a wave of the study and no slips.
const SLIPS: usize = 3;
/// A patient with more rows than these so late has taken the log up again.
const FEW_ROWS: usize = 14;

/// Patients whose last rows alone make the cut-off what it is, where none is declared.
pub(super) fn lone_last_days(logs: &Logs) -> Vec<Finding> {
    if logs.cut_off_declared {
        return Vec::new();
    }
    let mut last: Vec<(i32, usize)> = (0..logs.n_patients()).filter_map(|patient| Some((last_day(logs, patient)?, patient))).collect();
    last.sort_unstable_by(|one, other| other.cmp(one));
    let Some((latest, others_end)) = (1..=SLIPS.min(last.len())).find_map(|n| {
        let latest: Vec<usize> = last[..n].iter().map(|&(_, patient)| patient).collect();
        let others_end = before_the_gap(logs, &latest, last.get(n).map(|&(day, _)| day))?;
        Some((latest, others_end))
    }) else {
        return Vec::new();
    };
    let mut latest: Vec<usize> = latest;
    latest.sort_unstable();
    let late: Vec<Vec<Late>> = latest.iter().map(|&patient| late_rows(logs, patient, others_end)).collect();
    if late.iter().any(|rows| rows.len() > FEW_ROWS) {
        return Vec::new();
    }
    latest.into_iter().zip(late).map(|(patient, rows)| lone(logs, patient, &rows, Day(others_end))).collect()
}

/// Day, log and row.
type Late = (i32, LogKind, usize);

/// The rows of a patient after a day, the earliest first.
fn late_rows(logs: &Logs, patient: usize, others_end: i32) -> Vec<Late> {
    let mut rows: Vec<Late> = long_logs(logs, patient)
        .into_iter()
        .flat_map(|(kind, rows, days)| rows.rev().take_while(|&row| days[row] > others_end).map(move |row| (days[row], kind, row)))
        .collect();
    rows.sort_unstable_by_key(|&(day, _, row)| (day, row));
    rows
}

/// The last day before a gap of more than [`LONE`] days, all days of some patients and the last one of the others taken together.
fn before_the_gap(logs: &Logs, patients: &[usize], others: Option<i32>) -> Option<i32> {
    let all = patients.iter().flat_map(|&patient| long_logs(logs, patient)).flat_map(|(_, rows, days)| &days[rows]);
    let mut days: Vec<i32> = all.copied().filter(|&day| others.is_none_or(|others| day > others)).chain(others).collect();
    days.sort_unstable();
    days.windows(2).rev().find(|pair| pair[1].saturating_sub(pair[0]) > LONE).map(|pair| pair[0])
}

/// The late rows of a patient, as one finding at the first of them.
fn lone(logs: &Logs, patient: usize, rows: &[Late], others_end: Day) -> Finding {
    let id = &logs.patients.ids[patient];
    let day = |found: Option<&Late>| found.map_or(others_end, |&(day, ..)| Day(day));
    let (first, last) = (day(rows.first()), day(rows.last()));
    let which = match rows.len() {
        1 => format!("a row of {first}"),
        n if first == last => format!("{n} rows of {first}"),
        n => format!("{n} rows from {first} to {last}"),
    };
    let sentence = format!(
        "{id} has {which}; every other day of the study is {others_end} or earlier, and without a declared cut-off the last day is the cut-off."
    );
    let at = match rows.first() {
        Some(&(_, LogKind::Pain, row)) => At::pain(logs, row),
        Some(&(_, LogKind::Sessions, row)) => At::session(logs, row),
        Some(&(_, LogKind::Measures, row)) => At { kind: LogKind::Measures, place: logs.measures.places.of(row) },
        Some(&(.., row)) => At::event(logs, row),
        None => At { kind: LogKind::Pain, place: None },
    };
    Found { rule: rules::LONE_LAST_DAY, at, column: "date", value: first.to_string(), sentence }.of(logs, patient)
}

/// The last day of a patient's logs.
fn last_day(logs: &Logs, patient: usize) -> Option<i32> {
    long_logs(logs, patient).into_iter().filter_map(|(_, rows, days)| days[rows].last().copied()).max()
}

fn long_logs(logs: &Logs, patient: usize) -> [(LogKind, Range<usize>, &[i32]); 4] {
    [
        (LogKind::Pain, logs.pain.rows(patient), &logs.pain.day),
        (LogKind::Sessions, logs.sessions.rows(patient), &logs.sessions.day),
        (LogKind::Events, logs.events.rows(patient), &logs.events.day),
        (LogKind::Measures, logs.measures.rows(patient), &logs.measures.day),
    ]
}
