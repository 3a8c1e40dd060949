//! Which statistic answers which question. Takes the cohort, gives plain results that claims, charts and reports share.

mod adherence;
mod adjustment;
mod bias;
mod clusters;
mod comparison;
mod computed;
mod covariates;
mod data_quality;
mod dose_response;
mod landmark;
mod pain;
mod patient;
mod power;
mod recurrence;
mod time_varying;

pub use adherence::{AdherenceAnalysis, AdherenceByWeek, analyze_adherence};
pub use bias::{
    ArmDensity, BEFORE, BiasAnalysis, BiasWarning, BinMean, ChangeBefore, Compared, DayBin, DensityWeek, EARLIER, EventCentered,
    FUTURE_GAP, GroupDifference, LAST_WEEK, LoggingDensity, NegativeControlExposure, NegativeControlOutcome, OddsRatio, OverTrend,
    WithinPerson, bias_warnings,
};
pub use comparison::{AdjustedHazard, GroupComparison, GroupOutcome, HazardRatio, MaintainedRow, compare, unadjusted_ratio};
pub use computed::Computed;
pub use covariates::{CovariateChoice, choose_covariates};
pub use data_quality::{ColumnFilled, DataQuality, LoggingWeeks, STREAK, Scores, Streaks, assess_data_quality};
pub use dose_response::{DoseBand, DoseCurve, DoseDays, DosePoint, DoseResponse, analyze_dose_response};
pub use landmark::{LandmarkAnalysis, LandmarkCounts, SensitivityCell, analyze_landmark, analyze_naive};
pub use pain::{PainAnalysis, PainByWeek, Responders, SlopeSummary, analyze_pain};
pub use patient::{PatientAnalysis, PatientProgram, analyze_patient};
pub use power::{PowerAssumptions, PowerNeeded, PowerOfStudy, power_assumptions, power_needed, power_of_study};
pub use recurrence::{Censored, Excluded, RecurrenceAnalysis, analyze_recurrence};
pub use time_varying::{LagCell, PersonTime, TimeVaryingAnalysis, analyze_time_varying};
