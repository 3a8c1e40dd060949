//! When a patient counts as keeping the exercise up, and the day that is decided.

use serde::{Deserialize, Serialize};

/// Maintained at day t: at least `sessions_per_week` on average in the `window` days ending at t − `lag`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ExposureSettings {
    /// Sessions a week, on average over the window.
    pub sessions_per_week: f64,
    /// Days looked back over.
    pub window: i32,
    /// Days between the window's end and t, so that a prodrome cannot pass for a lapse.
    pub lag: i32,
    /// Further lags at which the comparison by the exposure of each day is made.
    pub lags: Vec<i32>,
}

impl Default for ExposureSettings {
    fn default() -> Self {
        Self { sessions_per_week: 1.0, window: 28, lag: 7, lags: vec![0, 7, 14, 28, 42, 56] }
    }
}

/// The day on which groups are formed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LandmarkSettings {
    /// Days after the origin.
    pub day: i32,
    /// What the landmark is counted from.
    pub origin: LandmarkOrigin,
    /// Further landmarks at which the answer is checked.
    pub sensitivity_days: Vec<i32>,
    /// Further lags at which the answer is checked.
    pub sensitivity_lags: Vec<i32>,
}

/// What the landmark is counted from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LandmarkOrigin {
    /// Each patient's first day at risk.
    AtRisk,
    /// Each patient's day of completion.
    Completion,
}

impl Default for LandmarkSettings {
    fn default() -> Self {
        Self { day: 84, origin: LandmarkOrigin::AtRisk, sensitivity_days: vec![28, 56, 84, 182], sensitivity_lags: vec![0, 7, 28] }
    }
}
