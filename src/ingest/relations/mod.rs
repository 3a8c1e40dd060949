//! What is odd about the logs together: between files, and along the course of a patient.
//!
//! Each check is a pure function of finished logs. Those of one patient walk the patient's rows once; all patients are
//! walked in parallel, and what is found stands in the order of patients whatever the threads did.

mod after_end;
mod before_program;
mod cut_off;
mod day_length;
mod duplicates;
mod folded_id;
mod scale_change;
mod silence;
mod similar_ids;
mod without_logs;

pub(super) use duplicates::{Conflict, Repeats, apart_notes, merge_notes};

use std::borrow::Cow;

use rayon::prelude::*;

use super::accounting::Finding;
use super::logs::Logs;
use super::measures::ConflictingMeasure;
use super::places::Place;
use super::privacy::KnownIds;
use super::program_log::overlapping_programs;
use super::rules::{self, Rule};
use crate::settings::{Checks, LogKind};

/// What was merged while the logs were put together.
#[derive(Default)]
pub(super) struct Merges {
    /// Rows that repeat another, for each file of a log in turn.
    pub repeats: Vec<(LogKind, Vec<Repeats>)>,
    /// Days of a patient with differing pain scores.
    pub conflicts: Vec<Conflict>,
    /// Measures of a patient and day with differing values.
    pub conflicting_measures: Vec<ConflictingMeasure>,
}

/// A check of one patient.
type PatientCheck = fn(&Logs, usize, &Context<'_>, &mut Vec<Finding>);

/// What checks of one patient have to know beside the logs.
struct Context<'a> {
    checks: &'a Checks,
    /// Whether most pain logs have long pauses: then they are how this study logs, and said once.
    pauses_are_usual: bool,
}

const OF_A_PATIENT: &[PatientCheck] = &[
    without_logs::check,
    before_program::check,
    day_length::check,
    scale_change::check,
    silence::check,
    after_end::check,
    cut_off::completed_after,
];

/// Everything the checks find.
pub(super) fn findings(logs: &Logs, checks: &Checks, merges: &Merges, known: &KnownIds) -> Vec<Finding> {
    let usual = silence::usual(logs, checks);
    let context = Context { checks, pauses_are_usual: usual.is_some() };
    let of_patients: Vec<Vec<Finding>> = (0..logs.n_patients())
        .into_par_iter()
        .with_min_len(64)
        .fold(Vec::new, |mut found, patient| {
            OF_A_PATIENT.iter().for_each(|check| check(logs, patient, &context, &mut found));
            found
        })
        .collect();
    let mut found: Vec<Finding> = Vec::with_capacity(of_patients.iter().map(Vec::len).sum::<usize>() + 64);
    of_patients.into_iter().for_each(|part| found.extend(part));
    found.extend(usual);
    found.extend(duplicates::findings(logs, checks, merges));
    found.extend(duplicates::of_measures(logs, &merges.conflicting_measures));
    found.extend(overlapping(logs));
    found.extend(similar_ids::findings(logs, known));
    found.extend(cut_off::lone_last_days(logs));
    found
}

/// Ids that are not in the roster, held against those that are: for a study of which a log cannot be used.
pub(super) fn unknown_ids(logs: &Logs, known: &KnownIds) -> Vec<Finding> {
    similar_ids::unknown_alone(logs, known)
}

/// A row of a log, or the log as a whole where the row is not known.
#[derive(Clone, Copy)]
struct At {
    kind: LogKind,
    place: Option<Place>,
}

impl At {
    fn pain(logs: &Logs, row: usize) -> Self {
        Self { kind: LogKind::Pain, place: logs.pain.places.of(row) }
    }

    fn session(logs: &Logs, row: usize) -> Self {
        Self { kind: LogKind::Sessions, place: logs.sessions.places.of(row) }
    }

    fn event(logs: &Logs, row: usize) -> Self {
        Self { kind: LogKind::Events, place: logs.events.places.of(row) }
    }

    fn roster(logs: &Logs, patient: usize) -> Self {
        Self { kind: LogKind::Patients, place: logs.patients.places.get(patient).copied().flatten() }
    }

    /// The patient's first row, wherever it stands.
    fn first_of(logs: &Logs, patient: usize) -> Self {
        let first = |rows: std::ops::Range<usize>| (!rows.is_empty()).then_some(rows.start);
        first(logs.pain.rows(patient))
            .map(|row| Self::pain(logs, row))
            .or_else(|| first(logs.sessions.rows(patient)).map(|row| Self::session(logs, row)))
            .or_else(|| first(logs.events.rows(patient)).map(|row| Self::event(logs, row)))
            .unwrap_or_else(|| Self::roster(logs, patient))
    }

    fn file(self, logs: &Logs) -> String {
        let files = &logs.reading.files;
        let of_kind = || files.iter().find(|account| account.kind == self.kind);
        let account = self.place.and_then(|place| files.get(place.file)).or_else(of_kind);
        account.map_or_else(|| format!("{}.csv", self.kind.as_str()), |account| account.file.clone())
    }
}

/// What was found where.
struct Found<'a> {
    rule: Rule,
    at: At,
    column: &'a str,
    value: String,
    sentence: String,
}

impl Found<'_> {
    fn of(self, logs: &Logs, patient: usize) -> Finding {
        Finding {
            rule: self.rule.id,
            severity: self.rule.severity,
            file: self.at.file(logs),
            line: self.at.place.map(|place| place.line),
            column: self.column.to_owned(),
            value: self.value,
            patient: logs.patients.ids.get(patient).cloned(),
            sentence: self.sentence,
            fix: Cow::Borrowed(self.rule.fix),
        }
    }
}

/// Programs of one patient at a time that should have followed each other.
fn overlapping(logs: &Logs) -> impl Iterator<Item = Finding> {
    overlapping_programs(&logs.programs).into_iter().map(|found| {
        let at = At { kind: LogKind::Programs, place: Some(found.later) };
        let sentence = found.sentence(&logs.patients.ids[found.patient], &logs.reading.files);
        let value = found.later_start.to_string();
        Found { rule: rules::OVERLAPPING_PROGRAMS, at, column: "start", value, sentence }.of(logs, found.patient)
    })
}

/// `1 row`, `3 rows`.
fn counted(n: usize, one: &str) -> String {
    crate::domain::number::counted(n, one, &format!("{one}s"))
}

/// The number as it was typed: no more decimals than it has, two at most.
fn plain(value: f64) -> String {
    ((value * 100.0).round() / 100.0).to_string()
}
