//! Layouts that have to be unfolded: REDCap exports, wide tables, weekly answers.

use serde::{Deserialize, Serialize};

use super::CutOff;

/// An export of a REDCap project: rows of all instruments and events in one file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RedcapSettings {
    /// The instrument the log is on, as in `redcap_repeat_instrument`. Without it, every row in which a field of the log is filled.
    pub instrument: Option<String>,
    /// Events the log is on (unique names such as `baseline_arm_1`, or their labels); all if empty.
    pub events: Vec<String>,
    /// The data dictionary (18 columns), relative to the study folder: codes become labels, checkboxes and scales are understood.
    pub dictionary: Option<String>,
}

/// A table with one row per patient and one column per day or week.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WideSettings {
    /// Names of the value columns; `*` stands for a number or a date: `day*`, `d*_pain`, `*`.
    pub columns: String,
    /// What the cells hold: a column of the log (`pain`, `status`, `minutes` …), or `sessions`, their number.
    pub value: String,
    /// Column of the day the numbers count from.
    #[serde(default)]
    pub start: Option<String>,
    /// That day, where it is the same for every row (`YYYY-MM-DD`).
    #[serde(default)]
    pub start_date: Option<CutOff>,
    /// The month the numbers are days of (`YYYY-MM`).
    #[serde(default)]
    pub month: Option<String>,
    /// The number of the column of the start day.
    #[serde(default = "one")]
    pub first: i32,
    /// What lies between two numbers.
    #[serde(default)]
    pub step: Step,
    /// Whether the sessions of a week may be dated on its first days.
    #[serde(default)]
    pub spread: bool,
}

fn one() -> i32 {
    1
}

/// What lies between two columns of a wide table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// A day.
    #[default]
    Day,
    /// Seven days.
    Week,
}

impl Step {
    /// Its length.
    #[must_use]
    pub fn days(self) -> i32 {
        match self {
            Self::Day => 1,
            Self::Week => 7,
        }
    }
}

/// Weekly answers to "on how many days of the last seven did pain bother you?", by text message.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WeeklySettings {
    /// Column of the answer, one row per answer.
    pub answer: Option<String>,
    /// Or the answer columns, one per week; `*` stands for the number of the week: `w*`.
    pub columns: Option<String>,
    /// Column of the number of the week.
    pub week: Option<String>,
    /// Column of the day from which weeks are counted.
    pub start: Option<String>,
    /// The number of the week whose answer was asked for on the start day; the answer of week `n` is dated `7 · (n − first)` days later.
    pub first: i32,
    /// Column of the day of the answer, instead of `week` and `start`: when the question was sent, or else when it was answered.
    pub date: Option<String>,
    /// Several answers for one week.
    pub corrections: Corrections,
}

/// What becomes of several answers for one week.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Corrections {
    /// The last one in the file that is an answer.
    #[default]
    Last,
    /// The first one.
    First,
    /// All but equal ones are rejected.
    Refuse,
}
