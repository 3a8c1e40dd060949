//! Questionnaires: at the start, at completion, and half a year and a year later.

use std::fmt::Write;

use super::patient::Patient;
use super::person::Draws;

/// Rows of `measures.csv`, with their line ends: ODI 0–100, RMDQ 0–24, PGIC 1 (very much better) to 7, EARS 0–24.
pub(super) fn rows(draws: &mut Draws, id: &str, patient: &Patient) -> String {
    let mut text = String::new();
    if !patient.care.asked.questionnaires {
        return text;
    }
    let (start, logged_to) = (patient.person.start, patient.logged_to());
    let ends = patient.completed().into_iter().flat_map(|end| [end, end.plus(182), end.plus(365)]);
    let adherence = patient.program.adherence;
    for day in std::iter::once(start).chain(ends).filter(|day| *day <= logged_to) {
        let pain = patient.pain(day);
        let mut row = |measure: &str, value: f64, limits: (f64, f64)| {
            let _ = writeln!(text, "{id},{day},{measure},{}", value.round().clamp(limits.0, limits.1));
        };
        row("ODI", 2.0 * ((7.0 * pain + 4.0 + 5.0 * draws.normal()) / 2.0).round(), (0.0, 100.0));
        row("RMDQ", 2.0 * pain + 1.0 + 1.5 * draws.normal(), (0.0, 24.0));
        if day > start {
            row("PGIC", 1.0 + 4.0 * pain / patient.person.baseline_pain + 0.6 * draws.normal(), (1.0, 7.0));
            row("EARS", 6.0 + 16.0 * adherence + 2.0 * draws.normal(), (0.0, 24.0));
        }
    }
    text
}
