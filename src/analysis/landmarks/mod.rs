//! Groups formed on a day by what is known by then, and what happened afterwards: recurrences, surgery, and recovery after it.

mod balance_training;
mod recovery_after_surgery;
mod surgery;
mod where_exercised;

pub use balance_training::{BalanceTraining, analyze_balance_training};
pub use recovery_after_surgery::{RecoveryAfterSurgery, analyze_recovery_after_surgery};
pub use surgery::{BandOutcome, SurgeryAnalysis, SurgeryLeftOut, analyze_surgery};
pub use where_exercised::{Place, PlaceOutcome, PlacePair, WhereExercised, analyze_where_exercised};
