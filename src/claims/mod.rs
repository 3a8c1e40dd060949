//! The statements under test. One claim is one file and one line in [`CLAIMS`].

mod active_beats_passive;
mod adherence_relieves_pain;
mod aquatic_suits_older;
mod clinic_defined;
mod detectable;
mod draft;
mod early_gain_fades;
mod exercise_avoids_surgery;
mod family;
mod fit_for_surgery;
mod flexibility_first;
mod guards;
mod lapse_brings_pain_back;
mod maintenance_delays_recurrence;
mod maintenance_dose_response;
mod one_visit_misleads;
mod painful_sessions_harm;
mod peripheralising_predicts_failure;
mod process_takes_3_4_months;
mod program_question;
mod result;
mod scale;
mod skipping_proprioception_relapses;
mod starting_in_flare_fails;
mod stretch_dose_rules;
mod technique_matters;
mod traction_adds_little;
mod verdict;
mod weekly_class_maintains;

pub use clinic_defined::{OwnClaimError, check_own_claims};
pub use family::test_claims;
pub use result::{ClaimResult, ClaimWarning, Effect, EffectRole, Evaluation, Excluded, Tested};
pub use scale::Scale;
pub use verdict::{Claimed, Verdict};

use crate::analysis::{AdherenceAnalysis, PainAnalysis, RecurrenceAnalysis};
use crate::cohort::Cohort;
use crate::ingest::Logs;
use crate::settings::Settings;

/// A statement of the field and how the logs test it.
#[derive(Clone, Copy, Debug)]
pub struct Claim {
    /// Short name, unique, as in `staywell claims --only ID`.
    pub id: &'static str,
    /// The statement in one sentence.
    pub statement: &'static str,
    /// Who says so.
    pub source: &'static str,
    /// What is compared.
    pub exposure: &'static str,
    /// What is looked at.
    pub outcome: &'static str,
    /// The estimate the verdict rests on, fixed before looking.
    pub estimand: &'static str,
    /// What makes the obvious test dishonest.
    pub trap: &'static str,
    /// Columns without which it cannot be tested.
    pub needs: &'static str,
    /// Tests it.
    pub evaluate: fn(&Evidence<'_>) -> Evaluation,
}

/// What a claim may look at.
#[derive(Clone, Copy, Debug)]
pub struct Evidence<'a> {
    /// The logs as read.
    pub logs: &'a Logs,
    /// One course per program of a patient.
    pub cohort: &'a Cohort,
    /// Adherence.
    pub adherence: &'a AdherenceAnalysis,
    /// Pain.
    pub pain: &'a PainAnalysis,
    /// Recurrence.
    pub recurrence: &'a RecurrenceAnalysis,
    /// Definitions and the verdict's rule.
    pub settings: &'a Settings,
}

/// The claim the tool exists for.
pub const CORE: &str = maintenance_delays_recurrence::CLAIM.id;

/// Every claim, in the order of the report.
pub const CLAIMS: &[Claim] = &[
    maintenance_delays_recurrence::CLAIM,
    maintenance_dose_response::CLAIM,
    lapse_brings_pain_back::CLAIM,
    skipping_proprioception_relapses::CLAIM,
    adherence_relieves_pain::CLAIM,
    active_beats_passive::CLAIM,
    technique_matters::CLAIM,
    flexibility_first::CLAIM,
    process_takes_3_4_months::CLAIM,
    painful_sessions_harm::CLAIM,
    starting_in_flare_fails::CLAIM,
    stretch_dose_rules::CLAIM,
    weekly_class_maintains::CLAIM,
    exercise_avoids_surgery::CLAIM,
    fit_for_surgery::CLAIM,
    traction_adds_little::CLAIM,
    aquatic_suits_older::CLAIM,
    peripheralising_predicts_failure::CLAIM,
    one_visit_misleads::CLAIM,
    early_gain_fades::CLAIM,
];
