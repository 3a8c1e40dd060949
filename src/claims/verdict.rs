//! The rule that turns an estimate into a verdict, fixed before looking.

use serde::Serialize;

use crate::stats::Interval;

/// What the logs say of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Adjusted p below the limit and the interval on the claimed side.
    Supported,
    /// Adjusted p below the limit and the interval on the other side.
    Contradicted,
    /// Neither, or the direction is lost elsewhere in the sensitivity grid.
    Inconclusive,
    /// These logs cannot test it.
    NotTestable,
}

impl Verdict {
    /// Printed form.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Supported => "supported",
            Self::Contradicted => "contradicted",
            Self::Inconclusive => "inconclusive",
            Self::NotTestable => "not testable",
        }
    }

    /// The verdict on a ratio that the claim says lies below 1.
    #[must_use]
    pub fn on_ratio_below_one(interval: Interval, adjusted_p: f64, alpha: f64, keeps_direction: bool) -> Self {
        let decided = adjusted_p < alpha;
        if decided && interval.upper < 1.0 && keeps_direction {
            Self::Supported
        } else if decided && interval.lower > 1.0 && keeps_direction {
            Self::Contradicted
        } else {
            Self::Inconclusive
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verdict_needs_the_interval_the_adjusted_p_and_the_direction() {
        let below = Interval { lower: 0.4, upper: 0.9, level: 0.95 };
        let above = Interval { lower: 1.1, upper: 2.0, level: 0.95 };
        assert_eq!(Verdict::on_ratio_below_one(below, 0.01, 0.05, true), Verdict::Supported);
        assert_eq!(Verdict::on_ratio_below_one(above, 0.01, 0.05, true), Verdict::Contradicted);
        assert_eq!(Verdict::on_ratio_below_one(below, 0.06, 0.05, true), Verdict::Inconclusive);
        assert_eq!(Verdict::on_ratio_below_one(below, 0.01, 0.05, false), Verdict::Inconclusive);
    }
}
