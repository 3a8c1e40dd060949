//! The scale pain was logged on.

use serde::Serialize;

/// A pain scale: its name as printed on axes, and the least and greatest value it allows.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PainScale {
    /// Name for axes and tables, such as `0–10 NRS`.
    pub name: String,
    /// Least value allowed.
    pub min: f64,
    /// Greatest value allowed.
    pub max: f64,
}

impl PainScale {
    /// The 0–10 numeric rating scale.
    #[must_use]
    pub fn numeric_rating() -> Self {
        Self { name: "0–10 NRS".to_owned(), min: 0.0, max: 10.0 }
    }

    /// The 0–7 days of a week with bothersome pain.
    #[must_use]
    pub fn days_a_week() -> Self {
        Self { name: "0–7 days a week".to_owned(), min: 0.0, max: 7.0 }
    }

    /// Whether it goes from 0 to 10: published bands of severity and least changes are points of such a scale.
    #[must_use]
    pub fn is_zero_to_ten(&self) -> bool {
        self.min.abs() < f64::EPSILON && (self.max - 10.0).abs() < f64::EPSILON
    }

    /// Whether the value lies on the scale.
    #[must_use]
    pub fn contains(&self, value: f64) -> bool {
        value >= self.min && value <= self.max
    }
}
