//! `rejected.csv`: every rejected row, one shape for all rules.

use super::csv::csv_text;
use super::document::DataTable;
use crate::ingest::ReadingReport;

/// The rejected rows as CSV.
#[must_use]
pub fn rejected_csv(reading: &ReadingReport) -> String {
    csv_text(&rejected_table(reading))
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
