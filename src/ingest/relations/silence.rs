//! Pain logs with long pauses, and those that end while exercise goes on.

use rayon::prelude::*;

use super::{At, Context, Found, Logs, counted};
use crate::domain::Day;
use crate::ingest::accounting::Finding;
use crate::ingest::rules;
use crate::settings::{Checks, LogKind};

/// Pauses are how a study logs if at least so many patients, and more than half of those with a pain log, have them.
const MANY: usize = 50;

/// One note on all pauses where most pain logs have them.
pub(super) fn usual(logs: &Logs, checks: &Checks) -> Option<Finding> {
    let longest_allowed = checks.silence;
    if longest_allowed == 0 {
        return None;
    }
    let (logged, with_pauses) = (0..logs.n_patients())
        .into_par_iter()
        .with_min_len(256)
        .map(|patient| {
            let days = &logs.pain.day[logs.pain.rows(patient)];
            let pauses = days.windows(2).any(|pair| pair[1].saturating_sub(pair[0]) > longest_allowed);
            (usize::from(!days.is_empty()), usize::from(pauses))
        })
        .reduce(|| (0, 0), |one, other| (one.0 + other.0, one.1 + other.1));
    if with_pauses < MANY || 2 * with_pauses <= logged {
        return None;
    }
    let file = At { kind: LogKind::Pain, place: None }.file(logs);
    let sentence = format!(
        "{} of {} with a pain log have a pause of more than {longest_allowed} days in it; they are not listed one by one.",
        crate::domain::number::count(with_pauses),
        counted(logged, "patient")
    );
    Some(Finding::of_file(rules::PAUSE_IN_LOG, &file, with_pauses.to_string(), sentence))
}

pub(super) fn check(logs: &Logs, patient: usize, context: &Context<'_>, found: &mut Vec<Finding>) {
    let longest_allowed = context.checks.silence;
    let (rows, sessions) = (logs.pain.rows(patient), logs.sessions.rows(patient));
    if longest_allowed == 0 || rows.is_empty() {
        return;
    }
    let id = &logs.patients.ids[patient];
    let days = &logs.pain.day[rows.clone()];
    let mut pauses = 0;
    let mut longest = (0, 0);
    let pairs = if context.pauses_are_usual { &[] } else { days };
    for (row, pair) in pairs.windows(2).enumerate() {
        let pause = pair[1].saturating_sub(pair[0]);
        if pause > longest_allowed {
            pauses += 1;
            if pause > longest.0 {
                longest = (pause, row + 1);
            }
        }
    }
    if pauses > 0 {
        let (length, after) = longest;
        let (from, to) = (Day(days[after - 1]), Day(days[after]));
        let which = if pauses == 1 { "from" } else { "the longest from" };
        let sentence = format!(
            "{id}'s pain log has {} of more than {longest_allowed} days, {which} {from} to {to} ({length} days).",
            counted(pauses, "pause")
        );
        let at = At::pain(logs, rows.start + after);
        found.push(Found { rule: rules::PAUSE_IN_LOG, at, column: "date", value: to.to_string(), sentence }.of(logs, patient));
    }
    let (last, last_session) = (days[days.len() - 1], logs.sessions.day[sessions].last().copied());
    if let Some(last_session) = last_session.filter(|&day| day.saturating_sub(last) > longest_allowed) {
        let (last, sessions_end) = (Day(last), Day(last_session));
        let sentence =
            format!("{id}'s pain log ends on {last}, {} days before the last session on {sessions_end}.", sessions_end.days_since(last));
        let at = At::pain(logs, rows.end - 1);
        found.push(Found { rule: rules::WENT_SILENT, at, column: "date", value: last.to_string(), sentence }.of(logs, patient));
    }
}
