//! Rows that repeat another, and pain scores of one day that differ.

use super::{At, Found, Logs, Merges, counted, plain};
use crate::domain::{Day, number};
use crate::ingest::accounting::Finding;
use crate::ingest::measures::ConflictingMeasure;
use crate::ingest::places::Place;
use crate::ingest::rules;
use crate::settings::{Checks, DuplicateRule, LogKind};

/// Rows of a file that say again what another row says.
#[derive(Clone, Copy, Default)]
pub(in crate::ingest) struct Repeats {
    pub rows: usize,
    pub first: Option<Place>,
}

/// A day of a patient with differing scores.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::ingest) struct Conflict {
    pub patient: u32,
    pub day: i32,
    pub rows: u32,
    pub least: f32,
    pub greatest: f32,
    /// The score that is used.
    pub used: f32,
    /// The first row that differs from the one before it.
    pub place: Option<Place>,
}

/// Beyond this share of days (and this number) a log asks several times a day.
const SEVERAL_A_DAY: (usize, usize) = (5, 50);

pub(super) fn findings(logs: &Logs, checks: &Checks, merges: &Merges) -> Vec<Finding> {
    let mut found = Vec::new();
    for (kind, files) in &merges.repeats {
        let accounts = logs.reading.files.iter().filter(|account| account.kind == *kind);
        for (repeats, account) in files.iter().zip(accounts).filter(|(repeats, _)| repeats.rows > 0) {
            let rows = number::counted(repeats.rows, "row says", "rows say");
            let sentence = match kind {
                LogKind::Pain => format!("{rows} a day's pain score again and {} merged into it.", were(repeats.rows)),
                LogKind::Programs => format!("{rows} the same of a program as another row and {} merged into it.", were(repeats.rows)),
                LogKind::Measures => format!("{rows} a measure of a patient and day again and {} merged into it.", were(repeats.rows)),
                LogKind::Events => format!("{rows} an event of a patient and day again and {} merged into it.", were(repeats.rows)),
                _ => format!("{rows} the same as another row in every value and {} merged into it.", were(repeats.rows)),
            };
            let finding = Finding::of_file(rules::REPEATED_ROWS, &account.file, repeats.rows.to_string(), sentence);
            found.push(Finding { line: repeats.first.map(|place| place.line), ..finding });
        }
    }
    let file_of = |conflict: &Conflict| conflict.place.map_or(0, |place| place.file);
    let mut days_of: Vec<usize> = vec![0; logs.reading.files.len()];
    for conflict in &merges.conflicts {
        if let Some(days) = days_of.get_mut(file_of(conflict)) {
            *days += 1;
        }
    }
    let files = || logs.reading.files.iter().zip(&days_of);
    let many: Vec<bool> = files().map(|(account, &days)| days > SEVERAL_A_DAY.1 && days * SEVERAL_A_DAY.0 > account.used).collect();
    for ((account, &days), _) in files().zip(&many).filter(|(_, many)| **many) {
        let sentence = format!("{} have several scores that differ; {} is used.", counted(days, "day"), used(checks.same_day_pain));
        found.push(Finding::of_file(rules::MANY_SCORES_A_DAY, &account.file, days.to_string(), sentence));
    }
    let said = |conflict: &&Conflict| many.get(file_of(conflict)).is_some_and(|&many| many);
    for conflict in merges.conflicts.iter().filter(|conflict| !said(conflict)) {
        let Some(id) = logs.patients.ids.get(conflict.patient as usize) else { continue };
        let score = |score: f32| plain(f64::from(score));
        let sentence = format!(
            "{id} has {} from {} to {} on {}; {}, {}, is used.",
            counted(conflict.rows as usize, "score"),
            score(conflict.least),
            score(conflict.greatest),
            Day(conflict.day),
            used(checks.same_day_pain),
            score(conflict.used)
        );
        let at = At { kind: LogKind::Pain, place: conflict.place };
        let value = Day(conflict.day).to_string();
        found.push(Found { rule: rules::CONFLICTING_PAIN, at, column: "date", value, sentence }.of(logs, conflict.patient as usize));
    }
    found
}

/// Measures of a patient and day with differing values.
pub(super) fn of_measures(logs: &Logs, conflicts: &[ConflictingMeasure]) -> Vec<Finding> {
    let finding = |conflict: &ConflictingMeasure| {
        let id = logs.patients.ids.get(conflict.patient as usize)?;
        let name = logs.measures.names.get(conflict.measure as usize)?;
        let (last, day) = (conflict.values.last()?, Day(conflict.day));
        let values: Vec<String> = conflict.values.iter().map(|&value| plain(value)).collect();
        let sentence =
            format!("{id} has {name} of {} on {day}; the last one in the files, {}, is used.", values.join(" and "), plain(*last));
        let at = At { kind: LogKind::Measures, place: conflict.place };
        let found = Found { rule: rules::CONFLICTING_MEASURE, at, column: "value", value: plain(*last), sentence };
        Some(found.of(logs, conflict.patient as usize))
    };
    conflicts.iter().filter_map(finding).collect()
}

/// Lines for the account: readings of visits beside the diary's, measurements merged, and those of them that differ.
pub(in crate::ingest) fn apart_notes(visits: usize, measures: usize, conflicts: usize) -> Vec<String> {
    let mut notes = Vec::new();
    if visits > 0 {
        notes.push(format!(
            "Pain: {} on days of which the diary has a score; the diary's is the pain of the day, the visit's is kept apart.",
            number::counted(visits, "reading of a visit stands", "readings of visits stand")
        ));
    }
    if measures > 0 {
        notes.push(format!(
            "Measures: {} of a measure and day already logged merged into the last one in the files; the values differed {}.",
            counted(measures, "row"),
            counted(conflicts, "time")
        ));
    }
    notes
}

/// Lines for the account: session rows and pain rows merged, days whose scores differ, events merged.
pub(in crate::ingest) fn merge_notes([sessions, pain, conflicts, events]: [usize; 4], rule: DuplicateRule) -> Vec<String> {
    let mut notes = Vec::new();
    if sessions > 0 {
        notes.push(format!("Sessions: {} repeated another in every value and merged into it.", counted(sessions, "row")));
    }
    if pain > 0 {
        notes.push(format!(
            "Pain: {} of a day already logged merged into one score ({}); on {} the scores differed.",
            counted(pain, "row"),
            used(rule),
            counted(conflicts, "day")
        ));
    }
    if events > 0 {
        notes.push(format!("Events: {} repeated another of the patient and day and merged into it.", counted(events, "row")));
    }
    notes
}

fn were(rows: usize) -> &'static str {
    if rows == 1 { "was" } else { "were" }
}

/// The score used of several, in words.
fn used(rule: DuplicateRule) -> &'static str {
    match rule {
        DuplicateRule::Max => "the day's worst",
        DuplicateRule::Mean => "the day's mean",
        DuplicateRule::Last => "the last one in the files",
        DuplicateRule::Refuse => "none where they differ",
    }
}
