//! A cohort as the files of a study.

use rayon::prelude::*;

use super::line::{Line, push_lines};
use super::options::{Columns, SimulationError, SimulationOptions};
use super::readme::{readme, settings};
use super::rows::Rows;
use super::{pain_cells, session_cells};

/// One file of a simulated study.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SimulatedFile {
    /// Its name.
    pub name: String,
    /// Its content.
    pub content: String,
}

/// A simulated study.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SimulatedStudy {
    /// The logs, `study.toml`, `README.md`, and `truth.csv` with what the logs do not show.
    pub files: Vec<SimulatedFile>,
    /// A few lines for the terminal.
    pub summary: String,
}

/// Simulates a cohort.
///
/// # Errors
/// [`SimulationError`] naming the option that makes no cohort.
pub fn simulate(options: &SimulationOptions) -> Result<SimulatedStudy, SimulationError> {
    options.check()?;
    let people: Vec<Rows> = (1..=options.patients).into_par_iter().map(|number| Rows::simulate(number, options)).collect();
    let full = options.columns == Columns::Full;
    let header = |minimal: &str, further: &str| format!("{minimal}{}\n", if full { further } else { "" });
    let whole = |header: String, part: fn(&Rows) -> &str| {
        let mut text = header;
        for rows in &people {
            text.push_str(part(rows));
        }
        text
    };
    let lines = |header: String, part: fn(&Rows) -> &Vec<Line>| {
        let mut text = header;
        for rows in &people {
            push_lines(&mut text, part(rows), options.columns);
        }
        text
    };
    let file = |name: &str, content: String| SimulatedFile { name: name.to_owned(), content };
    let (sessions, pain): (usize, usize) =
        people.iter().fold((0, 0), |(sessions, pain), rows| (sessions + rows.sessions.len(), pain + rows.pain.len()));
    let dirty: usize = people.iter().map(|rows| rows.dirty).sum();
    let mut files = vec![
        file("patients.csv", whole(header("patient_id,age,sex,previous_episodes", ",activity_level"), |rows| &rows.patients)),
        file(
            "programs.csv",
            whole(header("patient_id,start,planned_end,completed_on,outcome,prescribed_per_week,maintenance_per_week", ""), |rows| {
                &rows.programs
            }),
        ),
        file(
            "sessions.csv",
            lines(header("patient_id,date,phase,status,setting,minutes,pain_before,pain_after,technique", session_cells::HEADER), |rows| {
                &rows.sessions
            }),
        ),
        file("pain.csv", lines(header("patient_id,date,pain", pain_cells::HEADER), |rows| &rows.pain)),
        file("events.csv", whole(header("patient_id,date,event", ""), |rows| &rows.events)),
    ];
    if full {
        files.push(file("measures.csv", whole(header("patient_id,date,measure,value", ""), |rows| &rows.measures)));
    }
    files.extend([
        file(
            "truth.csv",
            whole(header("patient_id,completed_on,maintained_to,recurrence_on,logged_to,trait,stopped_on", ""), |rows| &rows.truth),
        ),
        file("study.toml", settings(options)),
        file("README.md", readme(options)),
    ]);
    let summary = format!(
        "{} patients, {sessions} session rows, {pain} pain rows, {dirty} of them damaged.\n\
         Truth: hazard ratio of recurrence while maintaining {}, confounding {}, reverse causation {}.",
        options.patients, options.maintenance_hazard_ratio, options.confounding, options.reverse_causation
    );
    Ok(SimulatedStudy { files, summary })
}
