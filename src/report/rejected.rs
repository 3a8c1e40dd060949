//! `rejected.csv`: every rejected row as it stands; `findings.csv`: these and all warnings and notes, in one shape.
//!
//! Both go to the file row by row: a study may have a hundred thousand rejected rows.

use std::borrow::Cow;
use std::io::{self, Write};

use super::csv::write_rows;
use crate::ingest::{Found, ReadingReport, Rejected};

/// Writes the rejected rows as CSV.
///
/// # Errors
/// What the file said.
pub fn write_rejected(reading: &ReadingReport, out: &mut dyn Write) -> io::Result<()> {
    let header = ["file", "line", "column", "value", "rule", "sentence", "fix", "also", "raw"];
    write_rows(&header, reading.rejected.iter().map(rejected_row), out)
}

fn rejected_row(row: &Rejected) -> [Cow<'_, str>; 9] {
    let Rejected { file, line, column, value, rule, sentence, fix, also, raw } = row;
    let line = line.to_string();
    [file.into(), line.into(), column.into(), value.into(), (*rule).into(), sentence.into(), fix.into(), also.into(), raw.into()]
}

/// Writes every finding as CSV, rejected rows among them.
///
/// # Errors
/// What the file said.
pub fn write_findings(reading: &ReadingReport, out: &mut dyn Write) -> io::Result<()> {
    let header = ["severity", "rule", "file", "line", "column", "value", "patient", "sentence", "fix"];
    write_rows(&header, reading.all_findings().map(finding_row), out)
}

fn finding_row(found: Found<'_>) -> [Cow<'_, str>; 9] {
    let Found { severity, rule, file, line, column, value, patient, sentence, fix } = found;
    let line = line.map(|line| line.to_string()).unwrap_or_default();
    let patient = patient.unwrap_or_default();
    let severity = severity.as_str();
    [severity.into(), rule.into(), file.into(), line.into(), column.into(), value.into(), patient.into(), sentence.into(), fix.into()]
}
