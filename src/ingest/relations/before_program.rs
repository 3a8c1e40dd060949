//! Sessions and events before the patient's first program.

use super::{At, Context, Found, Logs, counted};
use crate::domain::Day;
use crate::ingest::accounting::Finding;
use crate::ingest::rules;

pub(super) fn check(logs: &Logs, patient: usize, _: &Context<'_>, found: &mut Vec<Finding>) {
    let Some(start) = logs.programs.of(patient).first().map(|program| program.start) else { return };
    let id = &logs.patients.ids[patient];

    let rows = logs.sessions.rows(patient);
    let before = logs.sessions.day[rows.clone()].partition_point(|&day| day < start.0);
    if before > 0 {
        let first = Day(logs.sessions.day[rows.start]);
        let (has, which) = (counted(before, "session"), if before == 1 { "on" } else { "the first on" });
        let sentence = format!("{id} has {has} before the program starts on {start}, {which} {first}.");
        let at = At::session(logs, rows.start);
        found
            .push(Found { rule: rules::EXERCISE_BEFORE_PROGRAM, at, column: "date", value: first.to_string(), sentence }.of(logs, patient));
    }

    for row in logs.events.rows(patient).take_while(|&row| logs.events.day[row] < start.0) {
        let (day, kind) = (Day(logs.events.day[row]), logs.events.kind[row]);
        let sentence = format!("{id} has the event {kind} on {day}, before the program starts on {start}.");
        let at = At::event(logs, row);
        found.push(Found { rule: rules::EVENT_BEFORE_PROGRAM, at, column: "date", value: day.to_string(), sentence }.of(logs, patient));
    }
}
