//! Which statistic answers which question. Takes the cohort, gives plain results that claims, charts and reports share.

mod adherence;
mod clusters;
mod comparison;
mod computed;
mod contrast;
mod covariates;
mod data_quality;
mod landmark;
mod pain;
mod painful_sessions;
mod patient;
mod power;
mod program_ends;
mod program_start;
mod recurrence;
mod time_varying;
pub mod vocabulary;

pub use adherence::{AdherenceAnalysis, AdherenceByWeek, analyze_adherence};
pub use comparison::{AdjustedHazard, GroupComparison, GroupOutcome, HazardRatio, MaintainedRow, compare, unadjusted_ratio};
pub use computed::Computed;
pub use contrast::{Adjustment, Contrast, EventRow, adjusted_hazard, adjusted_slope};
pub use covariates::{CovariateChoice, choose_covariates};
pub use data_quality::{ColumnFilled, DataQuality, LoggingWeeks, STREAK, Scores, Streaks, assess_data_quality};
pub use landmark::{LandmarkAnalysis, LandmarkCounts, SensitivityCell, analyze_landmark, analyze_naive};
pub use pain::{PainAnalysis, PainByWeek, Responders, SlopeSummary, analyze_pain};
pub use painful_sessions::{RatedSession, SessionPain, drop_out_rows, rated_sessions, session_pains, with_both_kinds, within_program};
pub use patient::{PatientAnalysis, PatientProgram, analyze_patient};
pub use power::{PowerAssumptions, PowerNeeded, PowerOfStudy, power_assumptions, power_needed, power_of_study};
pub use program_ends::{ProgramEnds, not_ended, responded};
pub use program_start::{EARLIER_DAYS, FLARE_DAYS, ProgramStarts, first_session};
pub use recurrence::{Censored, Excluded, RecurrenceAnalysis, analyze_recurrence};
pub use time_varying::{LagCell, PersonTime, TimeVaryingAnalysis, analyze_time_varying};
