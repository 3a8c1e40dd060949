//! Cohorts with a known truth: what the logs would look like if keeping the exercise up multiplied the hazard of recurrence by
//! a chosen ratio, with the confounding, reverse causation, dropout and dirt that real logs have.
//!
//! Each patient draws from own random streams keyed by seed and number, so that patient 7 is the same in a cohort of ten and of
//! ten thousand. What only the further columns show is drawn from a stream of its own, and moves nothing else.

mod aftercare;
mod care;
mod dirt;
mod line;
mod measures;
mod options;
mod pain_cells;
mod patient;
mod person;
mod program;
mod readme;
mod rows;
mod session_cells;
mod study;
mod truth;

pub use options::{Columns, SimulationError, SimulationOptions, Uptake};
pub use study::{SimulatedFile, SimulatedStudy, simulate};
pub use truth::{TrueCourse, true_courses};
