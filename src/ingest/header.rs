//! The line of column names below the lines of a title, for the message about it.

use super::columns::{Field, columns_of};
use super::decode::{self, Opened};
use super::error::IngestError;
use super::layout::DELIMITERS;
use super::record::{Kind, Marks, scan};
use crate::settings::{FileSettings, LogKind};

/// Lines looked at.
const LINES: usize = 60;

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
