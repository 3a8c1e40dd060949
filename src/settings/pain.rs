//! Baseline, change, responders, courses and flares.

use serde::{Deserialize, Serialize};

/// Settings of pain outcomes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PainSettings {
    /// Which logs are the baseline.
    pub baseline: BaselineRule,
    /// So many days before the first session, or first logged days, are the baseline.
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
    /// A course has a pattern from this many weeks with a log.
    pub trajectory_weeks: usize,
    /// A flare is at least this many points above the patient's own average.
    pub flare_points: f64,
    /// The average is that of so many logged days before (0 = of all of the patient's logged days).
    pub flare_average: usize,
}

/// Which logs are the baseline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BaselineRule {
    /// The mean of the days before the first session, else of the first logged days of the program.
    BeforeFirstSession,
    /// The mean of the first logged days of the program.
    FirstLoggedDays,
    /// The first score of the program alone.
    FirstScore,
}

impl Default for PainSettings {
    fn default() -> Self {
        Self {
            baseline: BaselineRule::BeforeFirstSession,
            baseline_days: 7,
            end_days: 7,
            important_share: 0.30,
            important_points: 2.0,
            substantial_share: 0.50,
            share_from_baseline: 3.0,
            slope_weeks: 3,
            trajectory_weeks: 12,
            flare_points: 2.0,
            flare_average: 28,
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
