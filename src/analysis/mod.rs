//! Which statistic answers which question. Takes the cohort, gives plain results that claims, charts and reports share.

mod adherence;
mod clusters;
mod comparison;
mod computed;
mod covariates;
mod data_quality;
mod definition_grid;
mod exits;
mod interval_censored;
mod landmark;
mod pain;
mod patient;
mod power;
mod recurrence;
mod repeated_recurrence;
mod time_varying;

pub use adherence::{AdherenceAnalysis, AdherenceByWeek, analyze_adherence};
pub use comparison::{AdjustedHazard, GroupComparison, GroupOutcome, HazardRatio, MaintainedRow, compare, unadjusted_ratio};
pub use computed::Computed;
pub use covariates::{CovariateChoice, choose_covariates};
pub use data_quality::{ColumnFilled, DataQuality, LoggingWeeks, STREAK, Scores, Streaks, assess_data_quality};
pub use definition_grid::{
    Choice, ChoiceEffect, Definition, DefinitionGrid, GridCell, GridSpread, LONGEST_LOG, LevelEffect, analyze_definition_grid,
};
pub use exits::{Exit, ExitAnalysis, ExitComparison, analyze_exits};
pub use interval_censored::{IntervalCensoredCurve, WidestGap, analyze_interval_censored};
pub use landmark::{LandmarkAnalysis, LandmarkCounts, SensitivityCell, analyze_landmark, analyze_naive};
pub use pain::{PainAnalysis, PainByWeek, Responders, SlopeSummary, analyze_pain};
pub use patient::{PatientAnalysis, PatientProgram, analyze_patient};
pub use power::{PowerAssumptions, PowerNeeded, PowerOfStudy, power_assumptions, power_needed, power_of_study};
pub use recurrence::{Censored, Excluded, RecurrenceAnalysis, analyze_recurrence};
pub use repeated_recurrence::{ArmCount, RepeatedRecurrence, analyze_repeated};
pub use time_varying::{LagCell, PersonTime, TimeVaryingAnalysis, analyze_time_varying};
