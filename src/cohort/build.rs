//! All courses of a study, in parallel.

use std::ops::Range;

use rayon::prelude::*;

use crate::domain::{Counted, Day, Exclusion};
use crate::ingest::Logs;
use crate::settings::Settings;

use super::adherence::PatientAdherence;
use super::course::Course;
use super::episodes::episodes;
use super::flares::Flares;
use super::follow_up::{FollowUp, Observed, follow_up};
use super::pain::PainCourse;
use super::program::{ProgramSource, ProgramWindow};
use super::sessions::SessionDays;
use super::setting_sessions::by_setting;
use super::trajectory::Trajectory;

/// The courses of all patients, in the order of `Logs::patients` and, within a patient, of the programs' starts.
#[derive(Clone, Debug)]
pub struct Cohort {
    /// One course per program; one for a patient without any.
    pub courses: Vec<Course>,
    /// `n_patients + 1` offsets into `courses`.
    offsets: Vec<usize>,
}

impl Cohort {
    /// Derives every course from the logs by the settings.
    #[must_use]
    pub fn build(logs: &Logs, settings: &Settings) -> Self {
        let mut offsets = Vec::with_capacity(logs.n_patients() + 1);
        offsets.push(0);
        let mut programs = Vec::with_capacity(logs.n_patients());
        for patient in 0..logs.n_patients() {
            let recorded = logs.programs.of(patient).len();
            programs.extend((0..recorded.max(1)).map(|program| (patient, program)));
            offsets.push(programs.len());
        }
        let other_limiting = logs.pain.limited.iter().any(Option::is_some).then(|| {
            let mut other = settings.clone();
            other.recurrence.limiting = !settings.recurrence.limiting;
            other
        });
        let courses =
            programs.into_par_iter().map(|(patient, program)| course(logs, patient, program, settings, other_limiting.as_ref())).collect();
        Self { courses, offsets }
    }

    /// Number of patients.
    #[must_use]
    pub fn n_patients(&self) -> usize {
        self.offsets.len() - 1
    }

    /// What the courses are counted as.
    #[must_use]
    pub fn counted(&self) -> Counted {
        Counted::of(self.courses.len(), self.n_patients())
    }

    /// The courses of a patient, the earliest program first.
    #[must_use]
    pub fn of(&self, patient: usize) -> &[Course] {
        &self.courses[self.offsets[patient]..self.offsets[patient + 1]]
    }

    /// Every course's time at risk by other definitions of remission, recurrence and censoring, in the order of the courses. Programs
    /// stay as they are.
    #[must_use]
    pub fn follow_ups(&self, logs: &Logs, settings: &Settings) -> Vec<Result<FollowUp, Exclusion>> {
        let one = |course: &Course| {
            let program = course.program.ok_or(Exclusion::NoProgram)?;
            follow_up(&logs.pain, &logs.events, course.patient, &program, course.next_start, logs.cut_off, settings)
        };
        self.courses.iter().map(one).collect()
    }

    /// Number of patients whose program dates were derived from their sessions.
    #[must_use]
    pub fn derived_programs(&self) -> usize {
        self.courses.iter().filter(|course| course.program.is_some_and(|program| program.source == ProgramSource::Derived)).count()
    }
}

fn course(logs: &Logs, patient: usize, index: usize, settings: &Settings, other_limiting: Option<&Settings>) -> Course {
    let records = logs.programs.of(patient);
    let record = records.get(index);
    // What was logged before the first program belongs to it.
    let from = record.filter(|_| index > 0).map(|record| record.start);
    // A start after the cut-off has not happened yet.
    let next_start = records.get(index + 1).map(|next| next.start).filter(|&day| day <= logs.cut_off);
    let own = |rows: Range<usize>, days: &[i32]| {
        let days = &days[rows.clone()];
        let first = from.map_or(0, |from| days.partition_point(|&day| day < from.0));
        let end = next_start.map_or(days.len(), |next| days.partition_point(|&day| day < next.0));
        rows.start + first..rows.start + end.max(first)
    };
    let session_rows = own(logs.sessions.rows(patient), &logs.sessions.day);
    let sessions = SessionDays::collect(&logs.sessions, session_rows.clone(), &settings.adherence);
    let program = ProgramWindow::find(record, next_start, &sessions, &logs.sessions, logs.cut_off);
    let adherence = program.and_then(|program| PatientAdherence::of(logs, patient, &program, &sessions, &settings.adherence));
    let pain = program.map(|program| {
        let first_session = sessions.day.first().map(|&day| Day(day)).filter(|&day| day >= program.start);
        PainCourse::of(&logs.pain, patient, &program, first_session, &settings.pain)
    });
    let followed = program.ok_or(Exclusion::NoProgram).and_then(|program| {
        let observed = Observed::of(&logs.pain, &logs.events, patient, &program, next_start, logs.cut_off, settings)?;
        let (first, recurred_at) = observed.first_spell()?;
        Ok((first, episodes(&observed, first, recurred_at)))
    });
    let by_other_limiting = other_limiting.map(|other| {
        let program = program.ok_or(Exclusion::NoProgram)?;
        follow_up(&logs.pain, &logs.events, patient, &program, next_start, logs.cut_off, other)
    });
    let (follow_up, episodes) = match followed {
        Ok((first, episodes)) => (Ok(first), Some(episodes)),
        Err(reason) => (Err(reason), None),
    };
    let rows = own(logs.pain.rows(patient), &logs.pain.day);
    let from = program.map(|program| program.start.0).or_else(|| logs.pain.day.get(rows.start).copied()).unwrap_or(0);
    let since = rows.start + logs.pain.day[rows.clone()].partition_point(|&day| day < from);
    let trajectory = Trajectory::of(&logs.pain, since..rows.end, from, &settings.pain);
    let flares = Flares::of(&logs.pain, rows.clone(), &settings.pain);
    let pain_logged = (!rows.is_empty()).then(|| (Day(logs.pain.day[rows.start]), Day(logs.pain.day[rows.end - 1])));
    Course {
        patient,
        program_number: index as u32 + 1,
        program,
        next_start,
        session_rows: session_rows.len(),
        settings: program.map(|program| by_setting(logs, patient, &program, &settings.adherence)).unwrap_or_default(),
        sessions,
        adherence,
        pain,
        pain_rows: rows,
        trajectory,
        flares,
        follow_up,
        episodes,
        by_other_limiting,
        pain_logged,
    }
}
