//! Which statistic answers which question. Takes the cohort, gives plain results that claims, charts and reports share.

mod adherence;
mod adherence_variants;
mod bias;
mod clusters;
mod common_support;
mod comparison;
mod computed;
mod contrast;
mod covariates;
mod data_quality;
mod definition_grid;
mod dose_response;
mod exits;
mod interval_censored;
mod landmark;
mod landmarks;
mod limiting;
mod look_list;
mod pain;
mod pain_by_adherence;
mod pain_course;
mod pain_over_time;
mod painful_sessions;
mod patient;
mod power;
mod program_ends;
mod program_start;
mod questionnaires;
mod recurrence;
mod repeated_recurrence;
mod responders;
mod side_by_side;
mod time_varying;
mod usable_covariates;
pub mod vocabulary;
mod weighting;
mod within_day;

pub use adherence::{AdherenceAnalysis, AdherenceByWeek, analyze_adherence};
pub use adherence_variants::{
    AdherenceVariants, AdherentAtCut, BoundedSummary, CUTS, DoseBandCount, InitiationAnalysis, PhaseAdherenceSummary, SettingSummary,
    UnitAdherence,
};
pub use bias::{
    ArmDensity, BiasAnalysis, BiasWarning, BinMean, ChangeBefore, Compared, DayBin, DensityWeek, EventCentered, GroupDifference,
    LoggingDensity, NegativeControlExposure, NegativeControlOutcome, OddsRatio, OverTrend, WithinPerson, bias_warnings,
};
pub use common_support::CommonSupport;
pub use comparison::{AdjustedHazard, GroupComparison, GroupOutcome, HazardRatio, MaintainedRow, compare, unadjusted_ratio};
pub use computed::Computed;
pub use contrast::{Adjustment, Contrast, EventRow, adjusted_hazard, adjusted_slope};
pub use covariates::{CovariateChoice, choose_covariates};
pub use data_quality::{ColumnFilled, DataQuality, LoggingWeeks, STREAK, Scores, Streaks, assess_data_quality};
pub use definition_grid::{
    Choice, ChoiceEffect, Definition, DefinitionGrid, GridCell, GridSpread, LONGEST_LOG, LevelEffect, analyze_definition_grid,
};
pub use dose_response::{DoseBand, DoseCurve, DoseDays, DosePoint, DoseResponse, analyze_dose_response};
pub use exits::{Exit, ExitAnalysis, ExitComparison, analyze_exits};
pub use interval_censored::{IntervalCensoredCurve, WidestGap, analyze_interval_censored};
pub use landmark::{LandmarkAnalysis, LandmarkCounts, LandmarkDay, LandmarkDayGroup, SensitivityCell, analyze_landmark, analyze_naive};
pub use landmarks::{
    BalanceTraining, BandOutcome, Place, PlaceOutcome, PlacePair, RecoveryAfterSurgery, SurgeryAnalysis, SurgeryLeftOut, WhereExercised,
    analyze_balance_training, analyze_recovery_after_surgery, analyze_surgery, analyze_where_exercised,
};
pub use limiting::{LimitingComparison, LimitingVariant, analyze_limiting};
pub use look_list::{Look, LookEntry, LookList, LookReason, list_looks, looks_of};
pub use pain::{PainAnalysis, PainByWeek, SlopeSummary, analyze_pain};
pub use pain_by_adherence::PainByAdherence;
pub use pain_course::{ChangeCount, FlareSummary, PainCourses, PatternCount, PatternTable, ReasonCount, TrendCounts};
pub use pain_over_time::{
    ClusteredShare, EarlyGain, EarlyGains, LapseAnalysis, LapseDifference, LapsePeriod, PeriodRule, PeriodsFound, RecoveredBy,
    RecoveryTime, VisitReadings, analyze_early_gains, analyze_lapses, analyze_recovery_time, analyze_visit_readings, half_recovered_p,
};
pub use painful_sessions::{RatedSession, SessionPain, drop_out_rows, rated_sessions, session_pains, with_both_kinds, within_program};
pub use patient::{PatientAnalysis, PatientProgram, analyze_patient};
pub use power::{PowerAssumptions, PowerNeeded, PowerOfStudy, power_assumptions, power_needed, power_of_study};
pub use program_ends::{ProgramEnds, not_ended, responded};
pub use program_start::{EARLIER_DAYS, FLARE_DAYS, ProgramStarts, first_session};
pub use questionnaires::{
    BandCount, EARS_ACCEPTABLE, ImportantChange, Instrument, NoScore, ODI_BANDS, Part, QuestionnaireAnalysis, analyze_questionnaires,
};
pub use recurrence::{Censored, Excluded, RecurrenceAnalysis, analyze_recurrence};
pub use repeated_recurrence::{ArmCount, RepeatedRecurrence, analyze_repeated};
pub use responders::{Responders, SimpleResponders};
pub use side_by_side::{Measure, SideBySideRow, Way, side_by_side};
pub use time_varying::{LagCell, PersonTime, TimeVaryingAnalysis, analyze_time_varying};
pub use weighting::{
    CloneCensorWeight, LossModel, OverlapBin, PropensityOverlap, StrategyArm, TreatmentModel, WeightDistribution, WeightedLandmark,
    clone_censor_weight, weighted_landmark,
};
pub use within_day::WithinDaySpread;
