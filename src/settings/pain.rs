//! Baseline, change and responders.

use serde::{Deserialize, Serialize};

/// Settings of pain outcomes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PainSettings {
    /// Baseline is the mean pain of this many days before the first session, else of the first logged days.
    pub baseline_days: i32,
    /// End-of-program pain is the mean of this many days up to completion.
    pub end_days: i32,
    /// An important change is at least this share of baseline …
    pub important_share: f64,
    /// … and at least this many points.
    pub important_points: f64,
    /// A substantial change is at least this share of baseline (and `important_points`).
    pub substantial_share: f64,
    /// Percent change has a meaning only from this baseline.
    pub share_from_baseline: f64,
    /// A slope needs at least this many weeks with a log.
    pub slope_weeks: usize,
}

impl Default for PainSettings {
    fn default() -> Self {
        Self {
            baseline_days: 7,
            end_days: 7,
            important_share: 0.30,
            important_points: 2.0,
            substantial_share: 0.50,
            share_from_baseline: 3.0,
            slope_weeks: 3,
        }
    }
}

impl PainSettings {
    /// Whether a fall of pain from a baseline is an important change: the share of baseline and the points both.
    #[must_use]
    pub fn important(&self, baseline: f64, fall: f64) -> bool {
        // A hair of slack, so that 7 to 4.9 is 30 % whatever the last bit says.
        fall >= self.important_points - 1e-9 && fall >= self.important_share * baseline - 1e-9
    }
}
