//! A patient's rows in the logs.

use std::fmt::Write;

use crate::domain::{Day, SessionStatus};

use super::aftercare::CALM;
use super::line::Line;
use super::options::{Columns, SimulationOptions};
use super::patient::Patient;
use super::person::{Draws, Purpose};
use super::program::Session;
use super::session_cells::Held;
use super::{dirt, measures, pain_cells, session_cells};

/// One patient's rows; the texts have their line ends.
#[derive(Clone, Debug, Default)]
pub(super) struct Rows {
    pub(super) patients: String,
    pub(super) programs: String,
    pub(super) sessions: Vec<Line>,
    pub(super) pain: Vec<Line>,
    pub(super) events: String,
    pub(super) measures: String,
    pub(super) truth: String,
    pub(super) dirty: usize,
}

impl Rows {
    /// Simulates patient `number` (from 1).
    pub(super) fn simulate(number: usize, options: &SimulationOptions) -> Self {
        let id = format!("P{number:04}");
        let (patient, mut draws) = Patient::draw(number, options);
        let mut columns = Draws::new(options.seed, number, Purpose::Columns);
        let Patient { person, program, after, .. } = &patient;
        let sex = if person.female { "female" } else { "male" };
        let activity = if options.columns == Columns::Full { format!(",{:.1}", person.activity_level()) } else { String::new() };
        let mut rows = Self { patients: format!("{id},{},{sex},{}{activity}\n", person.age, person.previous_episodes), ..Self::default() };
        let completed = patient.completed().map(|day| day.to_string()).unwrap_or_default();
        rows.programs =
            format!("{id},{},{},{completed},{},{},{}\n", person.start, program.planned_end, program.outcome, program.per_week, 2);
        let mut exercises = Vec::new();
        for session in program.sessions.iter().chain(after.iter().flat_map(|after| &after.sessions)) {
            let (line, further) = session_rows(&mut draws, &mut columns, &id, session, &patient);
            rows.sessions.push(line);
            exercises.extend(further);
        }
        let diary_days = rows.keep_diary(&mut draws, &mut columns, &id, &patient, options);
        for (day, kind) in after.iter().flat_map(|after| &after.events) {
            let _ = writeln!(rows.events, "{id},{day},{kind}");
        }
        rows.truth = truth(&id, &patient);
        rows.dirty = dirt::damage(&mut draws, &mut rows.pain, &mut rows.sessions, number, options);
        if options.columns == Columns::Full {
            rows.pain.extend(pain_cells::beside_the_diary(&mut columns, &id, &patient, &diary_days));
            rows.sessions.extend(exercises);
            rows.pain.sort_by_key(|line| line.day);
            rows.sessions.sort_by_key(|line| line.day);
            rows.measures = measures::rows(&mut columns, &id, &patient);
        }
        rows
    }

    /// Logs pain from a week before the program to the last day of logging; returns the days.
    fn keep_diary(&mut self, draws: &mut Draws, columns: &mut Draws, id: &str, patient: &Patient, options: &SimulationOptions) -> Vec<Day> {
        let (end, logged_to) = (patient.program.end, patient.logged_to());
        let mut day = patient.person.start.plus(-6);
        let (mut days, mut last) = (Vec::new(), 0);
        while day <= logged_to {
            last = score(draws, patient, day, last);
            let further = pain_cells::diary(columns, patient, day, last);
            self.pain.push(Line { day, core: format!("{id},{day},{last}"), further });
            days.push(day);
            let usual = if day < end {
                7.0 / options.logs_per_week.max(4.5)
            } else {
                7.0 / options.logs_per_week / if patient.maintains(day) { 1.0 } else { options.logging_when_stopped }
            };
            // Now and then a holiday without the diary.
            let gap = if draws.happens(0.003) { draws.whole(8, 20) } else { (usual * draws.between(0.5, 1.5)).round().max(1.0) as i32 };
            day = day.plus(gap);
        }
        days
    }
}

/// A 0–10 score of a day: calm days are 0 or 1, rarely 2; twinges are ones that come more and more often, and now and then a 2 that
/// does not hold.
fn score(draws: &mut Draws, patient: &Patient, day: Day, before: i32) -> i32 {
    let mean = patient.pain(day);
    if mean >= CALM {
        return (mean + 0.8 * draws.normal()).round().clamp(0.0, 10.0) as i32;
    }
    let chance = draws.share();
    match patient.twinges(day) {
        Some(come) if chance < 0.08 * come => 1 + i32::from(before < 2),
        Some(come) => i32::from(chance < 0.3 + 0.6 * come),
        None if chance < 0.0025 => 2,
        None => i32::from(chance < 0.0025 + 0.45 * mean),
    }
}

fn session_rows(draws: &mut Draws, columns: &mut Draws, id: &str, session: &Session, patient: &Patient) -> (Line, Vec<Line>) {
    let (minutes, before) = ((30.0 + 8.0 * draws.normal()).round().clamp(8.0, 75.0), score(draws, patient, session.day, 0));
    let after = (f64::from(before) + 0.7 * draws.normal()).round().clamp(0.0, 10.0) as i32;
    let technique = (3.9 + patient.care.technique + 0.8 * draws.normal()).round().clamp(1.0, 5.0);
    let Session { day, phase, status, setting, painful } = *session;
    if status == SessionStatus::Missed {
        let line = Line { day, core: format!("{id},{day},{phase},{status},{setting},,,,"), further: ",,,,,,,".to_owned() };
        return (line, vec![]);
    }
    let minutes = if status == SessionStatus::Partial { (minutes / 2.0).round() } else { minutes };
    let technique = if setting == "clinic" { technique.to_string() } else { String::new() };
    let after = if painful { after.max(before + 1).min(10) } else { after };
    let around_minutes = (format!("{id},{day},{phase},{status},{setting}"), format!("{before},{after},{technique}"));
    let core = format!("{},{minutes},{}", around_minutes.0, around_minutes.1);
    session_cells::rows(columns, Held { session, core, around_minutes, before }, &patient.care)
}

fn truth(id: &str, patient: &Patient) -> String {
    let text = |day: Option<Day>| day.map(|day| day.to_string()).unwrap_or_default();
    let after = patient.after.as_ref();
    format!(
        "{id},{},{},{},{},{:.6},{}\n",
        text(patient.completed()),
        text(after.and_then(|after| after.maintained_to)),
        text(after.and_then(|after| after.episodes.first()).map(|episode| episode.from)),
        text(after.map(|after| after.logged_to)),
        patient.person.health_trait,
        text(after.and_then(|after| after.stopped_on)),
    )
}
