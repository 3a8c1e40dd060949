//! What an estimate is counted in, and where "no effect" lies.

use serde::{Serialize, Serializer};

use crate::domain::number::{change, decimal, interval, percent, ratio};
use crate::stats::Interval;

/// The scale of an estimate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// Hazard ratio; 1 is no effect.
    HazardRatio,
    /// Odds ratio; 1 is no effect.
    OddsRatio,
    /// Ratio of rates; 1 is no effect.
    RateRatio,
    /// Difference in days.
    Days,
    /// A number of days, such as a median; it has no point of no effect.
    DurationDays,
    /// Difference in points of pain (0–10).
    Points,
    /// Difference of risks, as a share.
    RiskDifference,
    /// A share; it has no point of no effect.
    Share,
}

impl Scale {
    /// Its name, as in the data tables.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::HazardRatio => "hazard ratio",
            Self::OddsRatio => "odds ratio",
            Self::RateRatio => "rate ratio",
            Self::Days => "days",
            Self::DurationDays => "duration in days",
            Self::Points => "points of pain",
            Self::RiskDifference => "risk difference",
            Self::Share => "share",
        }
    }

    /// Where no effect lies; `None` for a description, which has no such point.
    #[must_use]
    pub fn no_effect(self) -> Option<f64> {
        match self {
            Self::HazardRatio | Self::OddsRatio | Self::RateRatio => Some(1.0),
            Self::Days | Self::Points | Self::RiskDifference => Some(0.0),
            Self::DurationDays | Self::Share => None,
        }
    }

    /// Whether the name says nothing that the label of an estimate does not say.
    #[must_use]
    pub fn is_ratio(self) -> bool {
        matches!(self, Self::HazardRatio | Self::OddsRatio | Self::RateRatio)
    }

    /// The estimate as printed: `0.62`, `+12`, `−1.2 points`, `+8 percentage points`, `67 %`.
    #[must_use]
    pub fn print(self, value: f64) -> String {
        match self {
            Self::HazardRatio | Self::OddsRatio | Self::RateRatio => ratio(value),
            Self::Days => change(value, 0),
            Self::DurationDays => decimal(value, 0),
            Self::Points => change(value, 2),
            Self::RiskDifference => format!("{} points of 100", change(100.0 * value, 0)),
            Self::Share => percent(value),
        }
    }

    /// Its interval as printed.
    #[must_use]
    pub fn print_interval(self, Interval { lower, upper, .. }: Interval) -> String {
        match self {
            Self::HazardRatio | Self::OddsRatio | Self::RateRatio | Self::Points => interval(lower, upper, 2),
            Self::Days | Self::DurationDays => interval(lower, upper, 0),
            Self::RiskDifference => interval(100.0 * lower, 100.0 * upper, 0),
            Self::Share => format!("{} %", interval(100.0 * lower, 100.0 * upper, 0)),
        }
    }
}

impl Serialize for Scale {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}
