//! How the weighted comparisons weigh.

use serde::{Deserialize, Serialize};

/// The weighted comparisons: propensity and censoring weights at the landmark, and clone–censor–weight.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WeightSettings {
    /// Share of the weights at each end that are set to the percentile there; 0 for none.
    pub truncate: f64,
    /// Days of an interval over which leaving (loss of follow-up, a change of exercise) is modeled.
    pub interval: i32,
    /// Days after the first day at risk by which exercise has to be kept up, or dropped, to follow a strategy.
    pub grace: i32,
}

impl Default for WeightSettings {
    fn default() -> Self {
        Self { truncate: 0.01, interval: 28, grace: 28 }
    }
}
