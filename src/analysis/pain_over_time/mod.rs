//! Questions put to the whole course of a patient's pain: how long until it is gone, whether an early gain lasts, what comes after a
//! lapse.

mod early_gain;
mod lapse;
mod own_periods;
mod recovery_time;
mod visit_reading;

pub use early_gain::{EarlyGain, EarlyGains, analyze_early_gains};
pub use lapse::{LapseAnalysis, LapseDifference, analyze_lapses};
pub use own_periods::{LapsePeriod, PeriodRule, PeriodsFound};
pub use recovery_time::{RecoveredBy, RecoveryTime, analyze_recovery_time, half_recovered_p};
pub use visit_reading::{ClusteredShare, VisitReadings, analyze_visit_readings};
