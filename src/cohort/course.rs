//! One patient's course.

use crate::domain::{Day, Exclusion};

use super::adherence::PatientAdherence;
use super::follow_up::FollowUp;
use super::pain::PainCourse;
use super::program::ProgramWindow;
use super::sessions::SessionDays;

/// All that is known of one patient, derived from the logs by the settings.
#[derive(Clone, Debug)]
pub struct Course {
    /// Index into `Logs::patients.ids`.
    pub patient: usize,
    /// The program, or why there is none.
    pub program: Option<ProgramWindow>,
    /// Sessions as days with the share done.
    pub sessions: SessionDays,
    /// In-program adherence; `None` without a program or a prescription.
    pub adherence: Option<PatientAdherence>,
    /// Baseline, weekly and end-of-program pain; `None` without a program.
    pub pain: Option<PainCourse>,
    /// Time at risk of recurrence, or why the patient is not at risk.
    pub follow_up: Result<FollowUp, Exclusion>,
    /// First and last pain log, if any.
    pub pain_logged: Option<(Day, Day)>,
}
