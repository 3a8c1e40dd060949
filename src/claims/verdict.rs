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

/// Where a claim says its primary estimate lies.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Claimed {
    /// Below this value: 1 for a ratio, 0 for a difference.
    Below(f64),
    /// Above this value.
    Above(f64),
    /// Between these values: a claim of little or no difference, or of a number.
    Within(f64, f64),
}

impl Claimed {
    /// Whether the whole interval lies where the claim says.
    fn holds(self, Interval { lower, upper, .. }: Interval) -> bool {
        match self {
            Self::Below(value) => upper < value,
            Self::Above(value) => lower > value,
            Self::Within(low, high) => low <= lower && upper <= high,
        }
    }

    /// Whether the whole interval lies where the claim says it does not.
    fn fails(self, Interval { lower, upper, .. }: Interval) -> bool {
        match self {
            Self::Below(value) => lower > value,
            Self::Above(value) => upper < value,
            Self::Within(low, high) => upper < low || lower > high,
        }
    }

    /// What a p value printed after an estimate is of, where that is not no effect.
    pub(super) fn p_is_of(self) -> &'static str {
        match self {
            Self::Below(_) | Self::Above(_) => "",
            Self::Within(..) => " against the margin",
        }
    }

    /// Whether an estimate lies on the claimed side.
    #[must_use]
    pub fn points_to(self, estimate: f64) -> bool {
        match self {
            Self::Below(value) => estimate < value,
            Self::Above(value) => estimate > value,
            Self::Within(low, high) => low <= estimate && estimate <= high,
        }
    }
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

    /// The verdict on the primary estimate: the adjusted p below `alpha`, the interval wholly on one side of what is claimed, and the
    /// direction kept over the sensitivity grid.
    #[must_use]
    pub fn on(claimed: Claimed, interval: Interval, adjusted_p: f64, alpha: f64, keeps_direction: bool) -> Self {
        let decided = adjusted_p < alpha && keeps_direction;
        if decided && claimed.holds(interval) {
            Self::Supported
        } else if decided && claimed.fails(interval) {
            Self::Contradicted
        } else {
            Self::Inconclusive
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn between(lower: f64, upper: f64) -> Interval {
        Interval { lower, upper, level: 0.95 }
    }

    #[test]
    fn a_verdict_needs_the_interval_the_adjusted_p_and_the_direction() {
        let (below, above, claimed) = (between(0.4, 0.9), between(1.1, 2.0), Claimed::Below(1.0));
        assert_eq!(Verdict::on(claimed, below, 0.01, 0.05, true), Verdict::Supported);
        assert_eq!(Verdict::on(claimed, above, 0.01, 0.05, true), Verdict::Contradicted);
        assert_eq!(Verdict::on(claimed, below, 0.06, 0.05, true), Verdict::Inconclusive);
        assert_eq!(Verdict::on(claimed, below, 0.01, 0.05, false), Verdict::Inconclusive);
        assert_eq!(Verdict::on(Claimed::Above(1.0), above, 0.01, 0.05, true), Verdict::Supported);
        assert_eq!(Verdict::on(Claimed::Above(1.0), below, 0.01, 0.05, true), Verdict::Contradicted);
    }

    #[test]
    fn a_claim_of_little_difference_holds_if_the_whole_interval_is_little() {
        let claimed = Claimed::Within(-1.0, 1.0);
        assert_eq!(Verdict::on(claimed, between(-0.4, 0.7), 0.01, 0.05, true), Verdict::Supported);
        assert_eq!(Verdict::on(claimed, between(-0.4, 1.2), 0.01, 0.05, true), Verdict::Inconclusive);
        assert_eq!(Verdict::on(claimed, between(1.1, 2.0), 0.01, 0.05, true), Verdict::Contradicted);
        assert!(claimed.points_to(0.9) && !claimed.points_to(1.1));
    }
}
