//! Remission, recurrence, and the end of follow-up.

use serde::{Deserialize, Serialize};

/// When a patient counts as free of pain.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RemissionSettings {
    /// Every log at or below this …
    pub ceiling: f64,
    /// … for at least this many days, first to last log of the run.
    pub days: i32,
    /// A silence longer than this inside the run starts it anew. 0 = no limit.
    pub max_silence: i32,
    /// Which logs may confirm it.
    pub logs: RemissionLogs,
}

/// Which logs may confirm remission.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RemissionLogs {
    /// All logs since program start; time at risk still begins at completion at the earliest.
    SinceStart,
    /// Only logs after the day of completion.
    AfterCompletion,
}

impl Default for RemissionSettings {
    fn default() -> Self {
        Self { ceiling: 1.0, days: 30, max_silence: 7, logs: RemissionLogs::SinceStart }
    }
}

/// When pain counts as having come back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RecurrenceSettings {
    /// A log at or above this …
    pub floor: f64,
    /// … that holds.
    pub hold: Hold,
    /// Two logged days confirm each other only if at most this many days apart.
    pub hold_within: i32,
    /// Whether only a log counts that says the pain limited activity.
    pub limiting: bool,
}

/// How long pain must hold to count: "24 hours" cannot be read off one daily score.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Hold {
    /// One log is enough.
    OneLog,
    /// Two consecutive logged days at most `hold_within` days apart, or `lasted_24h` on the first.
    TwoLogs,
    /// At least three logged days at or above the floor within 7 days, or `lasted_24h` on the first.
    ThreeOfSeven,
}

impl Default for RecurrenceSettings {
    fn default() -> Self {
        Self { floor: 2.0, hold: Hold::TwoLogs, hold_within: 3, limiting: false }
    }
}

/// When follow-up ends without a recurrence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CensoringSettings {
    /// A silence longer than this ends follow-up at the last log before it. 0 = no limit.
    pub silence: i32,
    /// Whether surgery, a new program, withdrawal and death end follow-up.
    pub competing_events: bool,
}

impl Default for CensoringSettings {
    fn default() -> Self {
        Self { silence: 28, competing_events: true }
    }
}
