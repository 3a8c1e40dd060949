//! The definitions, worked by hand on logs of a few lines.

mod adherence;
mod adherence_variants;
mod bias;
mod comparison;
mod data_quality;
mod definition_grid;
mod episodes;
mod exposure;
mod exposure_spans;
mod follow_up;
mod invariants;
mod look_list;
mod pain;
mod pain_by_adherence;
mod pain_courses;
mod program;
mod questionnaires;
mod repeated_recurrence;
mod several_programs;
mod weighting;

use std::fmt::Write;

use staywell::domain::Day;
use staywell::ingest::{open_study, read_study};
use staywell::report::{Provenance, Report, build, render};
use staywell::study::Study;

use crate::harness::StudyFolder;

/// A study from CSV texts, analyzed.
pub(crate) fn study(files: &[(&str, &str)]) -> Study {
    let folder = files.iter().fold(StudyFolder::new(), |folder, (name, text)| folder.file(name, text));
    let (path, file) = open_study(folder.path(), None).unwrap();
    let logs = read_study(&path, &file).unwrap();
    Study::run(logs, file.settings)
}

/// The report of a study, and its text.
pub(crate) fn report(study: &Study) -> (Report, String) {
    let provenance = Provenance { version: "test".to_owned(), settings_hash: "s".to_owned(), input_hash: "i".to_owned() };
    let report = build(study, &provenance).unwrap();
    let text = render::markdown(&report.document, &report.figures);
    (report, text)
}

/// `2024-01-01` is day 1, `2024-01-02` day 2, …
pub(crate) fn day(n: i32) -> Day {
    Day::from_ymd(2024, 1, 1).unwrap().plus(n - 1)
}

/// pain.csv of one patient from (day, pain) pairs.
pub(crate) fn pain_csv(rows: impl IntoIterator<Item = (i32, f64)>) -> String {
    let mut text = "patient_id,date,pain\n".to_owned();
    for (n, pain) in rows {
        writeln!(text, "A,{},{pain}", day(n)).unwrap();
    }
    text
}

/// sessions.csv of one patient from (day, phase, status) triples.
pub(crate) fn sessions_csv(rows: impl IntoIterator<Item = (i32, &'static str, &'static str)>) -> String {
    let mut text = "patient_id,date,phase,status\n".to_owned();
    for (n, phase, status) in rows {
        writeln!(text, "A,{},{phase},{status}", day(n)).unwrap();
    }
    text
}

/// programs.csv of one patient who starts on day 1 and completes on `completed`.
pub(crate) fn program_csv(completed: i32, per_week: u32) -> String {
    format!("patient_id,start,completed_on,outcome,prescribed_per_week\nA,{},{},completed,{per_week}\n", day(1), day(completed))
}
