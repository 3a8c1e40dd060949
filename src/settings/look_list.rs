//! When a patient is worth a look.

use serde::{Deserialize, Serialize};

/// Settings of the list of patients worth a look.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LookListSettings {
    /// What happened in so many days up to the data cut-off is looked at.
    pub days: i32,
    /// A trend needs at least this many pain logs in them.
    pub logs: usize,
    /// Weekly mean pain has risen by at least this many points.
    pub rise: f64,
    /// No log of any kind for more than this many days is silence (0 = never).
    pub silence: i32,
    /// Who fell silent longer ago than this many days is not listed any more (0 = no limit).
    pub silence_until: i32,
}

impl Default for LookListSettings {
    fn default() -> Self {
        Self { days: 28, logs: 5, rise: 2.0, silence: 14, silence_until: 84 }
    }
}
