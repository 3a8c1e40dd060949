//! Groups formed on a day by what is known by then, and what happened afterwards: surgery, and recovery after it.

mod recovery_after_surgery;
mod surgery;

pub use recovery_after_surgery::{RecoveryAfterSurgery, analyze_recovery_after_surgery};
pub use surgery::{BandOutcome, SurgeryAnalysis, SurgeryLeftOut, analyze_surgery};
