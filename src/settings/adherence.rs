//! How adherence is counted.

use serde::{Deserialize, Serialize};

use super::adherence_preset::AdherencePreset;

/// Settings of adherence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(from = "WrittenAdherence")]
pub struct AdherenceSettings {
    /// The published definition the others start from; those written beside it stand.
    pub preset: Option<AdherencePreset>,
    /// The variant used as *the* adherence; all are computed.
    pub rule: AdherenceRule,
    /// What one session is.
    pub session: SessionUnit,
    /// Sessions a week prescribed where neither `programs.csv` nor `sessions.csv` says.
    pub prescribed_per_week: Option<f64>,
    /// Minutes a week prescribed; without it there is no adherence in minutes.
    pub prescribed_minutes: Option<f64>,
    /// A week counts as adherent from this share of its prescription.
    pub adherent_week: f64,
    /// What a partial session counts where `fraction_done` is not logged.
    pub partial_counts: f64,
    /// A program is begun by a first session within this many days of its start.
    pub initiation_days: i32,
    /// Persistence ends at the first gap longer than this many days.
    pub permissible_gap: i32,
}

impl Default for AdherenceSettings {
    fn default() -> Self {
        Self {
            preset: None,
            rule: AdherenceRule::WeeklyCapped,
            session: SessionUnit::Auto,
            prescribed_per_week: None,
            prescribed_minutes: None,
            adherent_week: 0.8,
            partial_counts: 0.5,
            initiation_days: 14,
            permissible_gap: 28,
        }
    }
}

/// The section as it stands in the file: what is not written comes from the preset, else from the defaults.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct WrittenAdherence {
    preset: Option<AdherencePreset>,
    rule: Option<AdherenceRule>,
    session: Option<SessionUnit>,
    prescribed_per_week: Option<f64>,
    prescribed_minutes: Option<f64>,
    adherent_week: Option<f64>,
    partial_counts: Option<f64>,
    initiation_days: Option<i32>,
    permissible_gap: Option<i32>,
}

impl From<WrittenAdherence> for AdherenceSettings {
    fn from(written: WrittenAdherence) -> Self {
        let base = written.preset.map_or_else(Self::default, AdherencePreset::settings);
        Self {
            preset: written.preset,
            rule: written.rule.unwrap_or(base.rule),
            session: written.session.unwrap_or(base.session),
            prescribed_per_week: written.prescribed_per_week,
            prescribed_minutes: written.prescribed_minutes,
            adherent_week: written.adherent_week.unwrap_or(base.adherent_week),
            partial_counts: written.partial_counts.unwrap_or(base.partial_counts),
            initiation_days: written.initiation_days.unwrap_or(base.initiation_days),
            permissible_gap: written.permissible_gap.unwrap_or(base.permissible_gap),
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

impl SessionUnit {
    /// Whether the rows of a day make one session, in a log that has an `exercise` column or not.
    #[must_use]
    pub fn by_day(self, has_exercise: bool) -> bool {
        match self {
            Self::Auto => has_exercise,
            Self::Row => false,
            Self::Day => true,
        }
    }
}
