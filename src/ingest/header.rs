//! The line of column names where it is not looked for: below the lines of a title, or again among the rows.

use super::accounting::Rejected;
use super::columns::{Field, columns_of};
use super::decode::{self, Opened};
use super::error::IngestError;
use super::layout::DELIMITERS;
use super::plan::Plan;
use super::record::{Kind, Marks, scan};
use super::row::{Problems, Row};
use super::rules;
use crate::settings::{FileSettings, LogKind};

/// Lines looked at.
const LINES: usize = 60;

/// Where the names of the columns stand again among the rows: as they did, and in another order.
const AGAIN: &str = "The names of the columns stand here again.";
const MOVED: &str = "The names of the columns stand here again, in another order.";

/// Rejects a row that holds the names of the columns again, whose id is the name of its column; whether it is one.
pub(super) fn is_repeated(row: &Row<'_>, column: usize, id: &str, problems: &mut Problems) -> bool {
    if !id.eq_ignore_ascii_case(row.name(column)) {
        return false;
    }
    let is = |column: usize, name: &str| row.name(column).eq_ignore_ascii_case(name);
    let moved = |plan: &Plan| {
        (0..plan.header.len()).any(|at| {
            let name = row.text(at);
            !name.is_empty() && !is(at, &name) && (0..plan.header.len()).any(|other| is(other, &name))
        })
    };
    problems.push(rules::REPEATED_HEADER, row.name(column), id, if moved(row.plan) { MOVED } else { AGAIN }.to_owned());
    true
}

/// Refuses a file whose columns stand in another order from some line on: every row below would be read in the wrong ones.
pub(super) fn check_unmoved(rejected: &[Rejected], kind: LogKind) -> Result<(), IngestError> {
    let moved = rejected.iter().find(|row| row.rule == rules::REPEATED_HEADER.id && row.sentence == MOVED);
    moved.map_or(Ok(()), |row| Err(IngestError::ColumnsMoved { file: row.file.clone(), kind, line: row.line }))
}

/// The error of a file whose header cannot be used, told better if the column names stand further down.
pub(super) fn below(error: IngestError, opened: &Opened, kind: LogKind, settings: &FileSettings) -> IngestError {
    let (file, line) = match &error {
        IngestError::MissingColumn { file, line, .. }
        | IngestError::DuplicateColumn { file, line, .. }
        | IngestError::NamelessHeader { file, line } => (file.clone(), *line),
        _ => return error,
    };
    match find(opened, kind, settings, line) {
        Some(header_line) => IngestError::HeaderBelow { file, kind, line, header_line },
        None => error,
    }
}

/// The first line after `line` that names every required column.
fn find(opened: &Opened, kind: LogKind, settings: &FileSettings, line: usize) -> Option<usize> {
    let mut start = 0;
    for number in 1..=line + LINES {
        let rest = opened.head.get(start..).filter(|rest| !rest.is_empty())?;
        let end = memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
        if number > line && names_the_columns(rest.get(..end)?, opened, kind, settings) {
            return Some(number);
        }
        start += end + if rest.get(end..)?.starts_with(b"\r\n") { 2 } else { 1 };
    }
    None
}

fn names_the_columns(line: &[u8], opened: &Opened, kind: LogKind, settings: &FileSettings) -> bool {
    let Some(text) = decode::text(line, opened.encoding) else { return false };
    let mut cells = Vec::new();
    DELIMITERS.into_iter().any(|delimiter| {
        let found = scan(text.as_bytes(), 0, Marks { delimiter, comment: None }, true, &mut cells);
        let names: Vec<String> = cells.iter().map(|cell| cell.text(&text).into_owned()).collect();
        let required = columns_of(kind).iter().filter(|spec| match spec.field {
            Field::PatientId => settings.patient_id.is_none(),
            Field::Date => spec.required && settings.date_parts.is_none(),
            _ => spec.required,
        });
        found.kind == Kind::Record
            && names.len() > 1
            && required.into_iter().all(|spec| {
                names.iter().any(|name| match settings.columns.get(spec.name) {
                    Some(mapped) => mapped == name,
                    // A line of numbers names nothing.
                    None => name.contains(char::is_alphabetic) && spec.is_called(name),
                })
            })
    })
}
