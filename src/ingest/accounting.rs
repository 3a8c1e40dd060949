//! Row accounting: nothing is lost without being counted and named.

use std::borrow::Cow;

use serde::Serialize;

use super::rules::{Rule, Severity};
use crate::settings::LogKind;

/// Everything reading has to report.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ReadingReport {
    /// One entry per file, in reading order.
    pub files: Vec<FileAccount>,
    /// Every rejected row, by file and line.
    pub rejected: Vec<Rejected>,
    /// What else was found, by file and line: rows that are used and probably wrong, and what is worth knowing.
    pub findings: Vec<Finding>,
    /// What was assumed or noticed: date orders, separators, derived starts, overlapping exports.
    pub notes: Vec<String>,
}

impl ReadingReport {
    /// Rows rejected in all files.
    #[must_use]
    pub fn rows_rejected(&self) -> usize {
        self.files.iter().map(|file| file.rejected).sum()
    }

    /// Findings that are warnings.
    #[must_use]
    pub fn warnings(&self) -> usize {
        self.findings.iter().filter(|finding| finding.severity == Severity::Warn).count()
    }

    /// Every rejected row and every other finding, by file and line; what concerns a whole file stands before its lines.
    pub fn all_findings(&self) -> impl Iterator<Item = Found<'_>> {
        let mut rejected = self.rejected.iter().map(Found::from).peekable();
        let mut others = self.findings.iter().map(Found::from).peekable();
        std::iter::from_fn(move || match (rejected.peek(), others.peek()) {
            (Some(row), Some(other)) if other.place() < row.place() => others.next(),
            (Some(_), _) => rejected.next(),
            (None, _) => others.next(),
        })
    }

    /// Puts rejected rows and findings into the order of their places.
    pub(super) fn sort(&mut self) {
        self.rejected.sort_by(|a, b| (&a.file, a.line).cmp(&(&b.file, b.line)));
        self.findings.sort_by(|a, b| (&a.file, a.line, a.severity).cmp(&(&b.file, b.line, b.severity)));
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

/// One finding that is no rejected row.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Finding {
    /// Rule id, such as `similar_ids`.
    pub rule: &'static str,
    /// Whether something is probably wrong.
    pub severity: Severity,
    /// Path relative to the study folder.
    pub file: String,
    /// Physical line, counted from 1; none if a whole file or patient is meant.
    pub line: Option<usize>,
    /// Native name of the column, or the name in the file where it is known; empty if a whole row is meant.
    pub column: String,
    /// The value found.
    pub value: String,
    /// The patient concerned, where there is one.
    pub patient: Option<String>,
    /// What was found and what was expected.
    pub sentence: String,
    /// What to do.
    pub fix: Cow<'static, str>,
}

impl Finding {
    /// A finding about a whole file.
    pub(super) fn of_file(rule: Rule, file: &str, value: String, sentence: String) -> Self {
        Self {
            rule: rule.id,
            severity: rule.severity,
            file: file.to_owned(),
            line: None,
            column: String::new(),
            value,
            patient: None,
            sentence,
            fix: Cow::Borrowed(rule.fix),
        }
    }
}

/// A rejected row or another finding, in one shape: a line of `findings.csv`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Found<'a> {
    /// What becomes of it.
    pub severity: Severity,
    /// Rule id.
    pub rule: &'static str,
    /// Path relative to the study folder.
    pub file: &'a str,
    /// Physical line, where there is one.
    pub line: Option<usize>,
    /// Column.
    pub column: &'a str,
    /// The value found.
    pub value: &'a str,
    /// The patient concerned, where it is known.
    pub patient: Option<&'a str>,
    /// What was found and what was expected.
    pub sentence: &'a str,
    /// What to do.
    pub fix: &'a str,
}

impl Found<'_> {
    fn place(&self) -> (&str, Option<usize>) {
        (self.file, self.line)
    }
}

impl<'a> From<&'a Rejected> for Found<'a> {
    fn from(row: &'a Rejected) -> Self {
        Self {
            severity: Severity::Reject,
            rule: row.rule,
            file: &row.file,
            line: Some(row.line),
            column: &row.column,
            value: &row.value,
            patient: None,
            sentence: &row.sentence,
            fix: &row.fix,
        }
    }
}

impl<'a> From<&'a Finding> for Found<'a> {
    fn from(finding: &'a Finding) -> Self {
        Self {
            severity: finding.severity,
            rule: finding.rule,
            file: &finding.file,
            line: finding.line,
            column: &finding.column,
            value: &finding.value,
            patient: finding.patient.as_deref(),
            sentence: &finding.sentence,
            fix: &finding.fix,
        }
    }
}
