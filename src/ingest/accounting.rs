//! Row accounting: nothing is lost without being counted and named.

use serde::Serialize;

use crate::settings::LogKind;

/// Everything reading has to report.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ReadingReport {
    /// One entry per file, in reading order.
    pub files: Vec<FileAccount>,
    /// Every rejected row, by file and line.
    pub rejected: Vec<Rejected>,
    /// What was assumed or noticed: date orders, separators, derived starts, overlapping exports.
    pub notes: Vec<String>,
}

impl ReadingReport {
    /// Rows rejected in all files.
    #[must_use]
    pub fn rows_rejected(&self) -> usize {
        self.files.iter().map(|file| file.rejected).sum()
    }
}

/// The account of one file. `read = used + rejected + merged + filtered`, asserted on every run.
#[derive(Clone, Debug, Serialize)]
pub struct FileAccount {
    /// Path relative to the study folder.
    pub file: String,
    /// Which log it is.
    pub kind: LogKind,
    /// Records after the header (blank and comment lines are no records).
    pub read: usize,
    /// Rows that became data.
    pub used: usize,
    /// Rows listed in `rejected.csv`.
    pub rejected: usize,
    /// Rows merged into another one: duplicates of it, or rows of one record that make one row.
    pub merged: usize,
    /// Rows left out by the `filter` of `study.toml` (another symptom, say), or of other instruments and events of an export.
    pub filtered: usize,
    /// Separator, decimal mark, date order and encoding as settled, for the data-quality section.
    pub layout: String,
}

impl FileAccount {
    /// Whether every row read is accounted for.
    #[must_use]
    pub fn balances(&self) -> bool {
        self.read == self.used + self.rejected + self.merged + self.filtered
    }
}

/// One rejected row: the first rule it breaks, and the further ones in `also`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Rejected {
    /// Path relative to the study folder.
    pub file: String,
    /// Physical line (the first, if the record spans several), counted from 1.
    pub line: usize,
    /// Column name in the file; empty if the whole row is meant.
    pub column: String,
    /// The cell as it stands.
    pub value: String,
    /// Rule id, such as `invalid_date`.
    pub rule: &'static str,
    /// What was found and what was expected.
    pub sentence: String,
    /// What to do.
    pub fix: String,
    /// Further rules the row breaks, in words.
    pub also: String,
    /// The record as it stands in the file.
    pub raw: String,
}
