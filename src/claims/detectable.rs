//! The smallest effect that a study could usually have found.

use crate::settings::ClaimSettings;
use crate::stats::{minimum_detectable_hazard_ratio, normal_quantile};

/// Power at which it is stated.
const POWER: f64 = 0.8;

/// How far from no effect an estimate with this standard error has to lie in truth for a two-sided test at the rule's `alpha` to
/// find it with 80 % power; of a ratio, on the scale of its logarithm.
pub(super) fn detectable(std_error: f64, rule: &ClaimSettings) -> f64 {
    (normal_quantile(1.0 - rule.alpha / 2.0) + normal_quantile(POWER)) * std_error
}

/// The hazard ratio below 1 that this many events find with the same power (Schoenfeld).
pub(super) fn detectable_hazard_ratio(events: usize, share_exposed: f64, rule: &ClaimSettings) -> Option<f64> {
    minimum_detectable_hazard_ratio(events as f64, share_exposed, POWER, rule.alpha).ok()
}
