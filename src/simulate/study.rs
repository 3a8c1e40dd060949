//! A cohort as the files of a study.

use rayon::prelude::*;

use super::options::{SimulationError, SimulationOptions};
use super::rows::Rows;

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
    /// The five logs, `study.toml`, `README.md`, and `truth.csv` with what the logs do not show.
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
    let whole = |header: &str, part: fn(&Rows) -> &str| {
        let mut text = format!("{header}\n");
        for rows in &people {
            text.push_str(part(rows));
        }
        text
    };
    let lines = |header: &str, part: fn(&Rows) -> &Vec<String>| {
        let mut text = format!("{header}\n");
        for row in people.iter().flat_map(part) {
            text.push_str(row);
        }
        text
    };
    let file = |name: &str, content: String| SimulatedFile { name: name.to_owned(), content };
    let (sessions, pain): (usize, usize) =
        people.iter().fold((0, 0), |(sessions, pain), rows| (sessions + rows.sessions.len(), pain + rows.pain.len()));
    let dirty: usize = people.iter().map(|rows| rows.dirty).sum();
    let files = vec![
        file("patients.csv", whole("patient_id,age,sex,previous_episodes", |rows| &rows.patients)),
        file(
            "programs.csv",
            whole("patient_id,start,planned_end,completed_on,outcome,prescribed_per_week,maintenance_per_week", |rows| &rows.programs),
        ),
        file("sessions.csv", lines("patient_id,date,phase,status,setting,minutes,pain_before,pain_after,technique", |rows| &rows.sessions)),
        file("pain.csv", lines("patient_id,date,pain", |rows| &rows.pain)),
        file("events.csv", whole("patient_id,date,event", |rows| &rows.events)),
        file("truth.csv", whole("patient_id,completed_on,maintained_to,recurrence_on,logged_to,trait", |rows| &rows.truth)),
        file("study.toml", settings(options)),
        file("README.md", readme(options)),
    ];
    let summary = format!(
        "{} patients, {sessions} session rows, {pain} pain rows, {dirty} of them damaged.\n\
         Truth: hazard ratio of recurrence while maintaining {}, confounding {}, reverse causation {}.",
        options.patients, options.maintenance_hazard_ratio, options.confounding, options.reverse_causation
    );
    Ok(SimulatedStudy { files, summary })
}

fn settings(options: &SimulationOptions) -> String {
    format!(
        "# A synthetic study: see README.md. Every definition is the default.\n\n[study]\nname = \"Simulated back clinic\"\ncut_off = {}\n",
        options.cut_off
    )
}

fn readme(options: &SimulationOptions) -> String {
    let command = if *options == SimulationOptions::sample() {
        "staywell simulate --sample --out sample-data".to_owned()
    } else {
        format!(
            "staywell simulate --patients {} --seed {} --first-start {} --enrolment-days {} --cut-off {} --maintenance-hazard-ratio {} --program-effect {} \
             --confounding {} --reverse-causation {} --dropout-per-year {} --logs-per-week {} --dirty-share {} --out DIR",
            options.patients,
            options.seed,
            options.first_start,
            options.enrolment_days,
            options.cut_off,
            options.maintenance_hazard_ratio,
            options.program_effect,
            options.confounding,
            options.reverse_causation,
            options.dropout_per_year,
            options.logs_per_week,
            options.dirty_share
        )
    };
    format!(
        "# A synthetic study\n\nNobody in these files exists. They were made by\n\n```sh\n{command}\n```\n\nwith seed {seed}; the same command gives \
         the same bytes.\n\n| file | what |\n|---|---|\n\
         | patients.csv | {patients} patients: age, sex, previous episodes |\n\
         | programs.csv | start, planned end, completion, outcome, sessions a week prescribed |\n\
         | sessions.csv | sessions done, partial or missed, by phase and setting, with minutes, pain before and after, technique in the clinic |\n\
         | pain.csv | 0–10 NRS, about {logs} days a week after the program |\n\
         | events.csv | surgery, injection, imaging, new program, withdrawal |\n\
         | study.toml | name and cut-off ({cut_off}) |\n\n\
         ## The truth behind them\n\n\
         - While a patient maintains, the hazard of recurrence is {ratio} times that of a patient who does not.\n\
         - Healthy adherers (strength {confounding}): a trait that no file holds raises the odds of taking up and keeping up the exercise and lowers \
         the hazard; previous episodes show a part of it.\n\
         - Reverse causation: {reverse} of recurrences stop the exercise 1 to 10 days before they are logged.\n\
         - Pain falls faster the more of the program is done; about one in six keeps pain whatever is done; one in ten drops out.\n\
         - {dropout} of patients a year stop logging.\n\n\
         ## The dirt in them\n\n\
         About {dirty} of the rows are damaged: pain 11, a word for a number, no pain, 31 February, a stranger's id, exact and conflicting double \
         entries, a date after the cut-off, a cell missing, negative minutes, a misspelt status. `staywell check` finds each.\n",
        seed = options.seed,
        patients = options.patients,
        logs = options.logs_per_week,
        cut_off = options.cut_off,
        ratio = options.maintenance_hazard_ratio,
        confounding = options.confounding,
        reverse = percent(options.reverse_causation),
        dropout = percent(options.dropout_per_year),
        dirty = percent(options.dirty_share),
    )
}

fn percent(share: f64) -> String {
    format!("{} %", crate::domain::number::decimal(100.0 * share, 1).trim_end_matches(".0"))
}
