//! The course of a patient through one program.

use crate::domain::{Day, Exclusion, Phase};

use super::adherence::PatientAdherence;
use super::episodes::Episodes;
use super::flares::Flares;
use super::follow_up::FollowUp;
use super::pain::PainCourse;
use super::program::ProgramWindow;
use super::sessions::SessionDays;
use super::setting_sessions::SettingSessions;
use super::trajectory::Trajectory;

/// All that is known of one program of a patient and the time after it, derived from the logs by the settings.
///
/// Logs from a program's start to the day before the next one's start are its own; those before the first program are the
/// first one's.
#[derive(Clone, Debug)]
pub struct Course {
    /// Index into `Logs::patients.ids`.
    pub patient: usize,
    /// The patient's first program is 1.
    pub program_number: u32,
    /// The program, or why there is none.
    pub program: Option<ProgramWindow>,
    /// Start of the patient's next program, if it began by the cut-off.
    pub next_start: Option<Day>,
    /// Rows of the session log that are its own.
    pub session_rows: usize,
    /// Sessions as days with the share done.
    pub sessions: SessionDays,
    /// In-program sessions by where they took place; empty if the log does not say.
    pub settings: Vec<SettingSessions>,
    /// In-program adherence; `None` without a program or a prescription.
    pub adherence: Option<PatientAdherence>,
    /// Baseline, weekly and end-of-program pain; `None` without a program.
    pub pain: Option<PainCourse>,
    /// Rows of the pain log that are its own.
    pub pain_rows: std::ops::Range<usize>,
    /// The pattern of pain from the program's start on.
    pub trajectory: Trajectory,
    /// Days clearly above the patient's own average pain.
    pub flares: Flares,
    /// Time at risk of recurrence, or why the patient is not at risk.
    pub follow_up: Result<FollowUp, Exclusion>,
    /// All times at risk and the episodes between them; `None` for a patient who is not at risk.
    pub episodes: Option<Episodes>,
    /// The time at risk with the other value of `recurrence.limiting`; `None` if no pain log says whether activity was limited.
    pub by_other_limiting: Option<Result<FollowUp, Exclusion>>,
    /// First and last pain log of its own, if any.
    pub pain_logged: Option<(Day, Day)>,
}

impl Course {
    /// Day of the last session of the program that was done, if only in part.
    #[must_use]
    pub fn last_session_done(&self) -> Option<Day> {
        let (program, sessions) = (self.program?, &self.sessions);
        sessions
            .between(program.start, program.end)
            .rev()
            .find(|&index| sessions.done[index] > 0.0 && sessions.phase[index].is_none_or(Phase::in_program))
            .map(|index| Day(sessions.day[index]))
    }
}
