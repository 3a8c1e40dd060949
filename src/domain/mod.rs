//! The clinic's words: days, phases, statuses, scales, reasons. Imports nothing of ours.

mod answer;
mod censoring;
mod counting;
mod day;
mod event;
mod exclusion;
pub mod number;
mod optional_number;
mod outcome;
mod phase;
mod scale;
mod sentence;
mod spelling;
mod status;
mod vocabulary;

pub use answer::Answer;
pub use censoring::CensorReason;
pub use counting::{Counted, Tally};
pub use day::{Day, DayError};
pub use event::EventKind;
pub use exclusion::Exclusion;
pub use optional_number::OptionalNumber;
pub use outcome::ProgramOutcome;
pub use phase::Phase;
pub use scale::PainScale;
pub use sentence::capitalized;
pub use spelling::folded;
pub use status::SessionStatus;
pub use vocabulary::nearest;
