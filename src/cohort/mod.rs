//! Logs → one course per program of a patient: program, adherence, pain, remission, time at risk, exposure.
//!
//! The logs come sorted by patient and day, so each patient's course is a walk over slices, and patients are walked in
//! parallel. Nothing here computes a statistic over patients; that is `analysis`.

mod adherence;
mod build;
mod course;
mod exposure;
mod exposure_period;
mod exposure_spans;
mod follow_up;
mod pain;
mod peripheralization;
mod program;
mod sessions;
mod tables;

pub use adherence::{AdherenceWeek, PatientAdherence};
pub use build::Cohort;
pub use course::Course;
pub use exposure::{Exposure, LandmarkFate, LandmarkMember, ever_maintained, landmark_fate, maintained_at};
pub use exposure_period::{ExposurePeriod, exposure_period};
pub use exposure_spans::{ExposureSpan, exposure_spans};
pub use follow_up::{FollowUp, FollowUpEnd, RemissionSpan, follow_up, remissions};
pub use pain::{BaselineSource, PainCourse, PainWeek};
pub use peripheralization::{PeripheralSign, Peripheralization, peripheralization, symptom_entries};
pub use program::{ProgramSource, ProgramWindow};
pub use sessions::SessionDays;
pub use tables::{patient_table, patient_week_table};
