//! Which statistic answers which question. Takes the cohort, gives plain results that claims, charts and reports share.

mod adherence;
mod adjustment;
mod bias;
mod clusters;
mod comparison;
mod computed;
mod contrast;
mod covariates;
mod data_quality;
mod dose_response;
mod landmark;
mod landmarks;
mod pain;
mod pain_over_time;
mod patient;
mod power;
mod recurrence;
mod time_varying;
pub mod vocabulary;
mod weighting;

pub use adherence::{AdherenceAnalysis, AdherenceByWeek, analyze_adherence};
pub use bias::{
    ArmDensity, BEFORE, BiasAnalysis, BiasWarning, BinMean, ChangeBefore, Compared, DayBin, DensityWeek, EARLIER, EventCentered,
    FUTURE_GAP, LAST_WEEK, LoggingDensity, NegativeControlExposure, NegativeControlOutcome, OddsRatio, TrendAdjusted, WithinPerson,
    bias_warnings,
};
pub use comparison::{AdjustedHazard, GroupComparison, GroupOutcome, HazardRatio, MaintainedRow, compare, unadjusted_ratio};
pub use computed::Computed;
pub use contrast::{Adjustment, Contrast, EventRow, adjusted_hazard, adjusted_slope};
pub use covariates::{CovariateChoice, choose_covariates};
pub use data_quality::{ColumnFilled, DataQuality, LoggingWeeks, STREAK, Scores, Streaks, assess_data_quality};
pub use dose_response::{DoseBand, DoseCurve, DoseDays, DosePoint, DoseResponse, analyze_dose_response};
pub use landmark::{LandmarkAnalysis, LandmarkCounts, SensitivityCell, analyze_landmark, analyze_naive};
pub use landmarks::{BandOutcome, RecoveryAfterSurgery, SurgeryAnalysis, SurgeryLeftOut, analyze_recovery_after_surgery, analyze_surgery};
pub use pain::{PainAnalysis, PainByWeek, Responders, SlopeSummary, analyze_pain};
pub use pain_over_time::{
    ClusteredShare, EarlyGain, EarlyGains, LapseAnalysis, LapseDifference, LapsePeriod, PeriodRule, PeriodsFound, RecoveredBy,
    RecoveryTime, VisitReadings, analyze_early_gains, analyze_lapses, analyze_recovery_time, analyze_visit_readings, half_recovered_p,
};
pub use patient::{PatientAnalysis, PatientProgram, analyze_patient};
pub use power::{PowerAssumptions, PowerNeeded, PowerOfStudy, power_assumptions, power_needed, power_of_study};
pub use recurrence::{Censored, Excluded, RecurrenceAnalysis, analyze_recurrence};
pub use time_varying::{LagCell, PersonTime, TimeVaryingAnalysis, analyze_time_varying};
pub use weighting::{
    CloneCensorWeight, LossModel, OverlapBin, PropensityOverlap, StrategyArm, TreatmentModel, WeightDistribution, WeightedLandmark,
    clone_censor_weight, weighted_landmark,
};
