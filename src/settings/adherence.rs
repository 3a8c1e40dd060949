//! How adherence is counted.

use serde::{Deserialize, Serialize};

/// Settings of adherence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AdherenceSettings {
    /// The variant used as *the* adherence; all are computed.
    pub rule: AdherenceRule,
    /// What one session is.
    pub session: SessionUnit,
    /// Sessions a week prescribed where neither `programs.csv` nor `sessions.csv` says.
    pub prescribed_per_week: Option<f64>,
    /// A week counts as adherent from this share of its prescription.
    pub adherent_week: f64,
    /// What a partial session counts where `fraction_done` is not logged.
    pub partial_counts: f64,
    /// Persistence ends at the first gap longer than this many days.
    pub permissible_gap: i32,
}

impl Default for AdherenceSettings {
    fn default() -> Self {
        Self {
            rule: AdherenceRule::WeeklyCapped,
            session: SessionUnit::Auto,
            prescribed_per_week: None,
            adherent_week: 0.8,
            partial_counts: 0.5,
            permissible_gap: 28,
        }
    }
}

/// Which ratio is called adherence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AdherenceRule {
    /// Mean over weeks of min(done, prescribed) / prescribed. Exercise cannot be banked.
    WeeklyCapped,
    /// Sum of done over sum of prescribed; may exceed 1.
    Raw,
    /// The raw ratio, cut at 1.
    RawCapped,
    /// Share of weeks with at least `adherent_week` of the prescription.
    AdherentWeeks,
}

/// What one session is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SessionUnit {
    /// A day if the log has an `exercise` column (several rows make one session), else a row.
    Auto,
    /// Each row is a session.
    Row,
    /// Each day with a row is a session.
    Day,
}
