//! How the files of a study are laid out.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::privacy::PrivacySettings;

/// The kinds of log a study may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum LogKind {
    /// Exercise sessions.
    Sessions,
    /// Pain scores.
    Pain,
    /// Programs.
    Programs,
    /// The roster.
    Patients,
    /// Clinical events.
    Events,
}

impl LogKind {
    /// Every kind; `patients` and `programs` before the logs that refer to them.
    pub const ALL: &'static [Self] = &[Self::Patients, Self::Programs, Self::Sessions, Self::Pain, Self::Events];

    /// Name in `study.toml`, and file name without `.csv`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sessions => "sessions",
            Self::Pain => "pain",
            Self::Programs => "programs",
            Self::Patients => "patients",
            Self::Events => "events",
        }
    }

    /// Whether a study cannot do without it.
    #[must_use]
    pub fn required(self) -> bool {
        matches!(self, Self::Sessions | Self::Pain)
    }
}

/// The files of a study and the checks on their rows.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Reading {
    /// The files of each kind of log; a kind not listed is looked for as `<kind>.csv`.
    pub files: BTreeMap<LogKind, Vec<FileSettings>>,
    /// Checks whose severity a study may choose.
    pub checks: Checks,
    /// Personal columns.
    pub privacy: PrivacySettings,
}

/// One file (or several of one layout) and how to read it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FileSettings {
    /// Path relative to the study folder; `*` matches any run of characters.
    pub path: Option<String>,
    /// Field separator; detected among `,` `;` tab `|` if not given.
    pub delimiter: Option<char>,
    /// Decimal mark: `.` or `,`. Without it a comma is read as a decimal mark only where the separator is not a comma.
    pub decimal: Option<char>,
    /// Lines starting with this character are comments.
    pub comment: Option<char>,
    /// Lines before the header.
    pub skip_lines: usize,
    /// Order of day, month and year.
    pub date_order: Option<DateOrder>,
    /// Native column name → name in this file.
    pub columns: BTreeMap<String, String>,
    /// Columns a date is put together from.
    pub date_parts: Option<DateParts>,
    /// Columns of this file in which an empty cell repeats the one above.
    pub fill_down: Vec<String>,
    /// The patient every row of this file belongs to.
    pub patient_id: Option<String>,
    /// Keep only rows in which this column has one of these values; the others are counted as left out by the filter.
    pub filter: Option<Filter>,
    /// The scale pain is logged on.
    pub scale: Option<ScaleSetting>,
    /// Values that mean "missing", beside an empty cell and NA.
    pub missing: Vec<String>,
}

/// Order of day, month and year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DateOrder {
    /// 2024-03-31
    Iso,
    /// 31/03/2024
    DayFirst,
    /// 03/31/2024
    MonthFirst,
}

/// The columns of this file that hold a date in parts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DateParts {
    /// Column of the year.
    pub year: String,
    /// Column of the month (1–12).
    pub month: String,
    /// Column of the day of the month.
    pub day: String,
}

/// Rows to keep.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Filter {
    /// Column of this file.
    pub column: String,
    /// Values to keep (upper and lower case alike).
    pub equals: Vec<String>,
}

/// The scale pain is logged on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum ScaleSetting {
    /// `nrs` (0–10), `vas100` (0–100, divided by ten), `vas10` (0–10 cm), `days7` (0–7 days a week, kept as it is).
    Named(String),
    /// A scale of the study's own, kept as it is.
    Own {
        /// Name for axes.
        name: String,
        /// Least value.
        min: f64,
        /// Greatest value.
        max: f64,
    },
}

/// What becomes of several pain scores of one patient on one day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DuplicateRule {
    /// The day's worst.
    #[default]
    Max,
    /// The day's mean.
    Mean,
    /// The last one in the files.
    Last,
    /// None of them: every row of a day whose scores differ is rejected.
    Refuse,
}

/// Reject the row, or keep it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CheckAction {
    /// The row is rejected and listed.
    Reject,
    /// The row is used.
    Keep,
}

/// Reject the row, or use it and warn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CheckSeverity {
    /// The row is rejected and listed.
    Reject,
    /// The row is used, with a warning.
    Warn,
}

/// Checks whose severity a study may choose.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Checks {
    /// A log of a patient who is not in `patients.csv`.
    pub unknown_patient: CheckAction,
    /// A pain log before the program's start (`programs.csv`); kept by default, since the baseline lies there.
    pub pain_before_program: CheckAction,
    /// Several pain scores of one patient on one day.
    pub same_day_pain: DuplicateRule,
    /// Session rows that repeat another one to the letter: `reject` merges and counts them, `keep` uses each.
    pub repeated_sessions: CheckAction,
    /// A session before the patient's (first) program starts.
    pub exercise_before_program: CheckSeverity,
    /// A pause in a patient's pain log is worth a note if it is longer than this many days (0: never).
    pub silence: i32,
    /// Ids of rules whose warnings and notes are not wanted.
    pub ignore: Vec<String>,
}

impl Default for Checks {
    fn default() -> Self {
        Self {
            unknown_patient: CheckAction::Reject,
            pain_before_program: CheckAction::Keep,
            same_day_pain: DuplicateRule::Max,
            repeated_sessions: CheckAction::Reject,
            exercise_before_program: CheckSeverity::Warn,
            silence: 28,
            ignore: Vec::new(),
        }
    }
}
