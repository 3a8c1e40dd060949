//! Logs after the patient died or withdrew.

use std::ops::Range;

use super::{At, Context, Found, Logs, counted};
use crate::domain::{Day, EventKind};
use crate::ingest::accounting::Finding;
use crate::ingest::rules::{self, Rule};

pub(super) fn check(logs: &Logs, patient: usize, _: &Context<'_>, found: &mut Vec<Finding>) {
    for (kind, rule, what) in
        [(EventKind::Died, rules::LOG_AFTER_DEATH, "died"), (EventKind::Withdrawn, rules::LOG_AFTER_WITHDRAWAL, "withdrew")]
    {
        let Some(end) = logs.events.rows(patient).find(|&row| logs.events.kind[row] == kind).map(|row| logs.events.day[row]) else {
            continue;
        };
        after(logs, patient, (rule, what, end), found);
    }
}

fn after(logs: &Logs, patient: usize, (rule, what, end): (Rule, &str, i32), found: &mut Vec<Finding>) {
    let id = &logs.patients.ids[patient];
    let mut report = |rows: Range<usize>, days: &[i32], word: &str, at: fn(&Logs, usize) -> At| {
        let first = rows.start + days[rows.clone()].partition_point(|&day| day <= end);
        let later = rows.end - first;
        if later == 0 {
            return;
        }
        let (day, which) = (Day(days[first]), if later == 1 { "on" } else { "the first on" });
        let sentence = format!("{id} {what} on {} and has {} after that day, {which} {day}.", Day(end), counted(later, word));
        found.push(Found { rule, at: at(logs, first), column: "date", value: day.to_string(), sentence }.of(logs, patient));
    };
    report(logs.sessions.rows(patient), &logs.sessions.day, "session", At::session);
    report(logs.pain.rows(patient), &logs.pain.day, "pain score", At::pain);
    if rule == rules::LOG_AFTER_DEATH {
        report(logs.events.rows(patient), &logs.events.day, "event", At::event);
    }
}
