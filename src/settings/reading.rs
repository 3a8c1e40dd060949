//! How the files of a study are laid out.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::cells::{DateOrders, DateSerial, Language, OwnWords};
use super::layouts::{RedcapSettings, WeeklySettings, WideSettings};
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
    /// Questionnaires and other measurements.
    Measures,
}

impl LogKind {
    /// Every kind; `patients` and `programs` before the logs that refer to them.
    pub const ALL: &'static [Self] = &[Self::Patients, Self::Programs, Self::Sessions, Self::Pain, Self::Events, Self::Measures];

    /// Name in `study.toml`, and file name without `.csv`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sessions => "sessions",
            Self::Pain => "pain",
            Self::Programs => "programs",
            Self::Patients => "patients",
            Self::Events => "events",
            Self::Measures => "measures",
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
    /// The sheet of a workbook; found by the log's name if not given.
    pub sheet: Option<String>,
    /// Field separator; detected among `,` `;` tab `|` if not given.
    pub delimiter: Option<char>,
    /// Decimal mark: `.` or `,`. Without it a comma is read as a decimal mark only where the separator is not a comma.
    pub decimal: Option<char>,
    /// Mark between the thousands of a number: `.`, `,`, `'` or a space. Without it no number has one.
    pub thousands: Option<char>,
    /// Lines starting with this character are comments.
    pub comment: Option<char>,
    /// Lines before the header.
    pub skip_lines: usize,
    /// Order of day, month and year.
    pub date_order: Option<DateOrders>,
    /// First year of the hundred that years of two digits stand for: with 1950, `49` is 2049 and `50` is 1950. Without
    /// it such years are refused.
    pub two_digit_years: Option<i32>,
    /// Language of month and weekday names, beside English.
    pub language: Option<Language>,
    /// The zone in which the patients live, such as `Europe/Berlin`: date-times in UTC are taken to the day there.
    pub time_zone: Option<String>,
    /// The epoch of dates written as a spreadsheet's day number (45382). Without it such numbers are refused.
    pub date_serial: Option<DateSerial>,
    /// Native column name → name in this file.
    pub columns: BTreeMap<String, String>,
    /// Columns a date is put together from.
    pub date_parts: Option<DateParts>,
    /// Columns of this file in which an empty cell repeats the one above.
    pub fill_down: Vec<String>,
    /// The patient every row of this file belongs to.
    pub patient_id: Option<String>,
    /// One file per patient: the path with `*` where the patient's id stands; also the path, if none is given.
    pub patient_from_path: Option<String>,
    /// Keep only rows in which this column has one of these values; the others are counted as left out by the filter.
    pub filter: Option<Filter>,
    /// The scale pain is logged on.
    pub scale: Option<ScaleSetting>,
    /// Values that mean "missing", beside an empty cell, NA, `-` and `.`; a number stands for every way of writing it.
    pub missing: Vec<String>,
    /// The clinic's own words: `words = { status = { done = ["gemacht"] }, pain = { "0" = ["none"] } }`.
    pub words: OwnWords,
    /// The file is an export of a REDCap project.
    pub redcap: Option<RedcapSettings>,
    /// The file has one column per day or week.
    pub wide: Option<WideSettings>,
    /// The file holds weekly answers of 0 to 7 days.
    pub weekly: Option<WeeklySettings>,
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
#[serde(
    untagged,
    expecting = "a scale is \"nrs\", \"vas100\", \"vas10\", \"days7\", { name = \"…\", min = 0, max = 10 }, or a table of these by column, such as { vas = \"vas100\" }"
)]
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
    /// The scale of each column that holds scores, by its name; that of the column read as `pain` is used.
    ByColumn(BTreeMap<String, ScaleSetting>),
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
    /// Session rows that repeat another one in every value: `reject` merges and counts them, `keep` uses each.
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
