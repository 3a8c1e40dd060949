//! All courses of a study, in parallel.

use rayon::prelude::*;

use crate::domain::{Day, Exclusion};
use crate::ingest::Logs;
use crate::settings::Settings;

use super::adherence::PatientAdherence;
use super::course::Course;
use super::follow_up::follow_up;
use super::pain::PainCourse;
use super::program::{ProgramSource, ProgramWindow};
use super::sessions::SessionDays;

/// The courses of all patients, in the order of `Logs::patients`.
#[derive(Clone, Debug)]
pub struct Cohort {
    /// One course per patient.
    pub courses: Vec<Course>,
}

impl Cohort {
    /// Derives every patient's course from the logs by the settings.
    #[must_use]
    pub fn build(logs: &Logs, settings: &Settings) -> Self {
        Self { courses: (0..logs.n_patients()).into_par_iter().map(|patient| course(logs, patient, settings)).collect() }
    }

    /// Number of patients whose program dates were derived from their sessions.
    #[must_use]
    pub fn derived_programs(&self) -> usize {
        self.courses.iter().filter(|course| course.program.is_some_and(|program| program.source == ProgramSource::Derived)).count()
    }
}

fn course(logs: &Logs, patient: usize, settings: &Settings) -> Course {
    let sessions = SessionDays::collect(&logs.sessions, patient, &settings.adherence);
    let record = logs.programs.get(patient).and_then(Option::as_ref);
    let program = ProgramWindow::find(record, &sessions, &logs.sessions, logs.cut_off);
    let adherence = program.and_then(|program| {
        let prescribed =
            program.prescribed_per_week.or_else(|| logged_prescription(logs, patient, &program)).or(settings.adherence.prescribed_per_week);
        PatientAdherence::of(&program, &sessions, prescribed, logged_minutes(logs, patient, &program), &settings.adherence)
    });
    let pain = program.map(|program| {
        let first_session = sessions.day.first().map(|&day| Day(day)).filter(|&day| day >= program.start);
        PainCourse::of(&logs.pain, patient, &program, first_session, &settings.pain)
    });
    let follow_up = program
        .ok_or(Exclusion::NoProgram)
        .and_then(|program| follow_up(&logs.pain, &logs.events, patient, &program, logs.cut_off, settings));
    let rows = logs.pain.rows(patient);
    let pain_logged = (!rows.is_empty()).then(|| (Day(logs.pain.day[rows.start]), Day(logs.pain.day[rows.end - 1])));
    Course { patient, program, sessions, adherence, pain, follow_up, pain_logged }
}

fn in_program_rows(logs: &Logs, patient: usize, program: &ProgramWindow) -> impl Iterator<Item = usize> {
    let (start, end) = (program.start.0, program.end.0);
    logs.sessions.rows(patient).filter(move |&row| {
        (start..=end).contains(&logs.sessions.day[row]) && logs.sessions.phase[row].is_none_or(crate::domain::Phase::in_program)
    })
}

/// Mean of the prescription logged on the in-program session rows.
fn logged_prescription(logs: &Logs, patient: usize, program: &ProgramWindow) -> Option<f64> {
    if logs.sessions.prescribed.is_empty() {
        return None;
    }
    let (mut sum, mut n) = (0.0, 0_u32);
    for row in in_program_rows(logs, patient, program) {
        if let Some(rate) = logs.sessions.prescribed[row] {
            sum += f64::from(rate);
            n += 1;
        }
    }
    (n > 0).then(|| sum / f64::from(n))
}

fn logged_minutes(logs: &Logs, patient: usize, program: &ProgramWindow) -> Option<f64> {
    if logs.sessions.minutes.is_empty() {
        return None;
    }
    Some(in_program_rows(logs, patient, program).filter_map(|row| logs.sessions.minutes[row]).map(f64::from).sum())
}
