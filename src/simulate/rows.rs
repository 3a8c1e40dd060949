//! A patient's rows in the five logs.

use std::fmt::Write;

use crate::domain::{Day, SessionStatus};

use super::aftercare::Aftercare;
use super::dirt;
use super::options::SimulationOptions;
use super::person::{Draws, Person};
use super::program::{Program, Session};
use crate::domain::ProgramOutcome;

/// One patient's rows, as lines with their line ends.
#[derive(Clone, Debug, Default)]
pub(super) struct Rows {
    pub(super) patients: String,
    pub(super) programs: String,
    pub(super) sessions: Vec<String>,
    pub(super) pain: Vec<String>,
    pub(super) events: String,
    pub(super) truth: String,
    pub(super) dirty: usize,
}

impl Rows {
    /// Simulates patient `number` (from 1).
    pub(super) fn simulate(number: usize, options: &SimulationOptions) -> Self {
        let mut draws = Draws::new(options.seed, number);
        let id = format!("P{number:04}");
        let person = Person::draw(&mut draws, options);
        let program = Program::draw(&mut draws, &person, options);
        let after = (program.outcome == ProgramOutcome::Completed).then(|| Aftercare::draw(&mut draws, &person, &program, options));
        let mut rows = Self {
            patients: format!("{id},{},{},{}\n", person.age, if person.female { "female" } else { "male" }, person.previous_episodes),
            ..Self::default()
        };
        let completed = if program.outcome == ProgramOutcome::Completed { program.end.to_string() } else { String::new() };
        rows.programs =
            format!("{id},{},{},{completed},{},{},{}\n", person.start, program.planned_end, program.outcome, program.per_week, 2);
        let mean = |day: Day| match &after {
            Some(after) if day > program.end => after.pain(&person, &program, day),
            _ => program.pain(&person, day),
        };
        let sessions = program.sessions.iter().chain(after.iter().flat_map(|after| &after.sessions));
        for session in sessions {
            rows.sessions.push(session_row(&mut draws, &id, session, mean(session.day)));
        }
        let logged_to = after.as_ref().map_or(program.end, |after| after.logged_to);
        let mut day = person.start.plus(-6);
        while day <= logged_to {
            rows.pain.push(format!("{id},{day},{}\n", score(&mut draws, mean(day))));
            let usual = if day < program.end { 7.0 / options.logs_per_week.max(4.5) } else { 7.0 / options.logs_per_week };
            // Now and then a holiday without the diary.
            let gap = if draws.happens(0.003) { draws.whole(8, 20) } else { (usual * draws.between(0.5, 1.5)).round().max(1.0) as i32 };
            day = day.plus(gap);
        }
        for (day, kind) in after.iter().flat_map(|after| &after.events) {
            let _ = writeln!(rows.events, "{id},{day},{kind}");
        }
        rows.truth = truth(&id, &person, &program, after.as_ref());
        rows.dirty = dirt::damage(&mut draws, &mut rows.pain, &mut rows.sessions, number, options);
        rows
    }
}

/// A 0–10 score around a mean: calm days are 0 or 1, rarely 2.
fn score(draws: &mut Draws, mean: f64) -> i32 {
    if mean < 0.9 {
        let chance = draws.share();
        return if chance < 0.0025 { 2 } else { i32::from(chance < 0.0025 + 0.45 * mean) };
    }
    (mean + 0.8 * draws.normal()).round().clamp(0.0, 10.0) as i32
}

fn session_row(draws: &mut Draws, id: &str, session: &Session, pain: f64) -> String {
    let (minutes, before) = ((30.0 + 8.0 * draws.normal()).round().clamp(8.0, 75.0), score(draws, pain));
    let after = (f64::from(before) + 0.7 * draws.normal()).round().clamp(0.0, 10.0);
    let technique = (3.9 + 0.8 * draws.normal()).round().clamp(1.0, 5.0);
    let Session { day, phase, status, setting } = session;
    match status {
        SessionStatus::Missed => format!("{id},{day},{phase},{status},{setting},,,,\n"),
        SessionStatus::Done | SessionStatus::Partial => {
            let minutes = if *status == SessionStatus::Partial { (minutes / 2.0).round() } else { minutes };
            let technique = if *setting == "clinic" { technique.to_string() } else { String::new() };
            format!("{id},{day},{phase},{status},{setting},{minutes},{before},{after},{technique}\n")
        }
    }
}

fn truth(id: &str, person: &Person, program: &Program, after: Option<&Aftercare>) -> String {
    let text = |day: Option<Day>| day.map(|day| day.to_string()).unwrap_or_default();
    let completed = (program.outcome == ProgramOutcome::Completed).then_some(program.end);
    format!(
        "{id},{},{},{},{},{:.6}\n",
        text(completed),
        text(after.and_then(|after| after.maintained_to)),
        text(after.and_then(|after| after.episodes.first()).map(|episode| episode.from)),
        text(after.map(|after| after.logged_to)),
        person.health_trait
    )
}
