//! Logs → one course per program of a patient: program, adherence, pain, remission, time at risk, exposure.
//!
//! The logs come sorted by patient and day, so each patient's course is a walk over slices, and patients are walked in
//! parallel. Nothing here computes a statistic over patients; that is `analysis`.

mod adherence;
mod adherence_measure;
mod build;
mod course;
mod dose_spans;
mod episodes;
mod exposure;
mod exposure_period;
mod exposure_spans;
mod flares;
mod follow_up;
mod pain;
mod peripheralization;
mod prescription;
mod program;
mod row_doses;
mod sessions;
mod setting_sessions;
mod tables;
mod trajectory;

pub use adherence::{AdherenceWeek, Initiation, PatientAdherence, PhaseAdherence};
pub use adherence_measure::{AdherenceMeasure, DoseBand, DoseWeek};
pub use build::Cohort;
pub use course::Course;
pub use dose_spans::dose_spans;
pub use episodes::{Episode, Episodes};
pub use exposure::{
    Exposure, LandmarkFate, LandmarkMember, SHORTEST_WINDOW, ever_maintained, exposure_of, landmark_day, landmark_fate, landmark_fate_of,
    maintained_at, window as exposure_window,
};
pub use exposure_period::{ExposurePeriod, exposure_period};
pub use exposure_spans::{ExposureSpan, exposure_spans, exposure_spans_of};
pub use flares::{Flare, Flares};
pub use follow_up::{FollowUp, FollowUpEnd, RemissionSpan, follow_up, remissions};
pub use pain::{BaselineSource, PainCourse, PainWeek};
pub use peripheralization::{
    PeripheralSign, PeripheralSymptom, Peripheralization, newly_yes, peripheralization, peripheralizations, symptom_entries,
    symptoms_between,
};
pub use program::{ProgramSource, ProgramWindow};
pub use sessions::SessionDays;
pub use setting_sessions::SettingSessions;
pub use tables::{patient_table, patient_week_table};
pub use trajectory::{CourseChange, NoPattern, Pattern, Severity, Trajectory};
