//! What the analyst chooses, checked: definitions (`Settings`) and how the files are laid out (`Reading`).
//!
//! Every definition has the default of `docs/methods.md`, can be changed in `study.toml`, and is printed in every output.

mod adherence;
mod adherence_preset;
mod bounds;
mod cells;
mod claims;
mod error;
mod exposure;
mod grid;
mod layouts;
mod look_list;
mod negative_control;
mod own_claims;
mod pain;
mod parse;
mod privacy;
mod questionnaires;
mod reading;
mod recurrence;
mod template;
mod weights;
mod writing;

use serde::{Deserialize, Serialize};

pub use adherence::{AdherenceRule, AdherenceSettings, SessionUnit};
pub use adherence_preset::AdherencePreset;
pub use cells::{DateOrder, DateOrders, DateSerial, Language, OwnWords};
pub use claims::{ClaimSettings, ClaimedDirection, EstimateKind, ModelSettings, OwnClaim};
pub use error::SettingsError;
pub use exposure::{ExposureSettings, LandmarkOrigin, LandmarkSettings};
pub use grid::{GridCells, GridSettings};
pub use layouts::{Corrections, RedcapSettings, Step, WeeklySettings, WideSettings};
pub use look_list::LookListSettings;
pub use negative_control::NegativeControlSettings;
pub use pain::{BaselineRule, PainSettings};
pub use parse::{StudyFile, parse};
pub use privacy::PrivacySettings;
pub use questionnaires::QuestionnaireSettings;
pub use reading::{CheckAction, CheckSeverity, Checks, DateParts, DuplicateRule, FileSettings, Filter, LogKind, Reading, ScaleSetting};
pub use recurrence::{CensoringSettings, Hold, RecurrenceSettings, RemissionLogs, RemissionSettings};
pub use template::TEMPLATE;
pub use weights::WeightSettings;
pub use writing::written;

use crate::domain::Day;

/// Every definition an analysis rests on.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "snake_case")]
pub struct Settings {
    /// Name of the study, for headings.
    pub study: StudySettings,
    /// How adherence is counted.
    pub adherence: AdherenceSettings,
    /// Baseline, change, responders, courses and flares.
    pub pain: PainSettings,
    /// When a patient is worth a look.
    pub look_list: LookListSettings,
    /// How answers of questionnaires are coded.
    pub questionnaires: QuestionnaireSettings,
    /// When a patient counts as free of pain.
    pub remission: RemissionSettings,
    /// When pain counts as having come back.
    pub recurrence: RecurrenceSettings,
    /// When follow-up ends without a recurrence.
    pub censoring: CensoringSettings,
    /// When a patient counts as keeping the exercise up.
    pub maintenance: ExposureSettings,
    /// The day on which groups are formed.
    pub landmark: LandmarkSettings,
    /// Other definitions under which the core comparison is made again.
    pub grid: GridSettings,
    /// Intervals, covariates and horizon.
    pub model: ModelSettings,
    /// The weighted comparisons.
    pub weights: WeightSettings,
    /// The rule that turns an estimate into a verdict.
    pub claims: ClaimSettings,
    /// What the exercise cannot prevent.
    pub negative_control: NegativeControlSettings,
}

/// The study as a whole.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct StudySettings {
    /// Name for headings; the folder's name if empty.
    pub name: Option<String>,
    /// Data cut-off. Without it, the last log date; never today.
    pub cut_off: Option<CutOff>,
    /// The day the logs were exported: a log after it is a mistake. Without it, the day on which the files are read.
    pub exported_on: Option<CutOff>,
}

/// A day as written in `study.toml` (`YYYY-MM-DD`, quoted or not).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct CutOff(pub Day);
