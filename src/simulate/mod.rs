//! Cohorts with a known truth: what the logs would look like if keeping the exercise up multiplied the hazard of recurrence by
//! a chosen ratio, with the confounding, reverse causation, dropout and dirt that real logs have.
//!
//! Each patient draws from an own random stream keyed by seed and number, so that patient 7 is the same in a cohort of ten and of
//! ten thousand.

mod aftercare;
mod dirt;
mod options;
mod person;
mod program;
mod rows;
mod study;

pub use options::{SimulationError, SimulationOptions};
pub use study::{SimulatedFile, SimulatedStudy, simulate};
