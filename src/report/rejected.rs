//! `rejected.csv`: every rejected row as it stands; `findings.csv`: these and all warnings and notes, in one shape.

use super::csv::csv_text;
use super::document::DataTable;
use crate::ingest::ReadingReport;

/// The rejected rows as CSV.
#[must_use]
pub fn rejected_csv(reading: &ReadingReport) -> String {
    csv_text(&rejected_table(reading))
}

/// Every finding as CSV, rejected rows among them.
#[must_use]
pub fn findings_csv(reading: &ReadingReport) -> String {
    csv_text(&findings_table(reading))
}

/// Every finding as a data table.
pub(super) fn findings_table(reading: &ReadingReport) -> DataTable {
    let header = ["severity", "rule", "file", "line", "column", "value", "patient", "sentence", "fix"];
    let rows = reading
        .all_findings()
        .map(|found| {
            vec![
                found.severity.as_str().to_owned(),
                found.rule.to_owned(),
                found.file.to_owned(),
                found.line.map(|line| line.to_string()).unwrap_or_default(),
                found.column.to_owned(),
                found.value.to_owned(),
                found.patient.unwrap_or_default().to_owned(),
                found.sentence.to_owned(),
                found.fix.to_owned(),
            ]
        })
        .collect();
    DataTable { name: "findings".to_owned(), header: header.map(str::to_owned).to_vec(), rows }
}

/// The rejected rows as a data table.
pub(super) fn rejected_table(reading: &ReadingReport) -> DataTable {
    let header = ["file", "line", "column", "value", "rule", "sentence", "fix", "also", "raw"];
    let rows = reading
        .rejected
        .iter()
        .map(|row| {
            vec![
                row.file.clone(),
                row.line.to_string(),
                row.column.clone(),
                row.value.clone(),
                row.rule.to_owned(),
                row.sentence.clone(),
                row.fix.clone(),
                row.also.clone(),
                row.raw.clone(),
            ]
        })
        .collect();
    DataTable { name: "rejected".to_owned(), header: header.map(str::to_owned).to_vec(), rows }
}
