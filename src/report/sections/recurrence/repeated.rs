//! All recurrences, the first and later ones.

use super::super::super::document::{Block, Table};
use super::super::super::figures;
use crate::analysis::{HazardRatio, RepeatedRecurrence};
use crate::cohort::Exposure;
use crate::domain::number::{count, counted, decimal, interval, p_equals, ratio};
use crate::domain::{Counted, capitalized};
use crate::stats::recurrent::CountPoint;
use crate::study::Study;

pub(super) fn blocks(study: &Study) -> Vec<Block> {
    let repeated = &study.recurrence.repeated;
    if repeated.mean_count.value().is_none() || repeated.recurrences == 0 {
        return vec![];
    }
    vec![
        Block::Heading("The first and later recurrences".to_owned()),
        Block::Paragraph(in_words(repeated)),
        Block::Figure(figures::REPEATED.to_owned()),
        Block::Table(counts(repeated)),
        Block::Table(rates(repeated)),
    ]
}

fn in_words(repeated: &RepeatedRecurrence) -> String {
    let rate = repeated.per_patient_year.map_or_else(String::new, |rate| format!(" ({} per patient-year at risk)", decimal(rate, 2)));
    let several: usize = repeated.by_number.iter().skip(2).sum();
    format!(
        "{} had {}{rate}; {} had more than one. After {} of them a new remission was confirmed, so that the patient was at risk again.",
        capitalized(&Counted::in_words(repeated.programs, repeated.patients)),
        counted(repeated.recurrences, "recurrence", "recurrences"),
        count(several),
        count(repeated.remitted)
    )
}

fn mean(point: &CountPoint) -> String {
    match (point.lower, point.upper) {
        (Some(lower), Some(upper)) => format!("{} ({})", decimal(point.estimate, 2), interval(lower, upper, 2)),
        _ => decimal(point.estimate, 2),
    }
}

fn counts(repeated: &RepeatedRecurrence) -> Table {
    let mut table =
        Table::new("Mean number of recurrences", &["#Days", "#All, since at risk", "#Not maintained, since the landmark", "#Maintained"]);
    let cell = |points: Option<&Vec<Option<CountPoint>>>, row: usize| {
        points.and_then(|points| points.get(row)).and_then(Option::as_ref).map_or_else(|| "–".to_owned(), mean)
    };
    let arm = |exposure| repeated.arms.iter().find(|arm| arm.exposure == exposure).map(|arm| &arm.at);
    for (row, time) in repeated.times.iter().enumerate() {
        table.push([
            decimal(*time, 0),
            cell(Some(&repeated.at), row),
            cell(arm(Exposure::NotMaintained), row),
            cell(arm(Exposure::Maintained), row),
        ]);
    }
    if let Some(found) = repeated.difference.value()
        && let Some(limits) = found.difference.interval
    {
        table.notes.push(format!(
            "By day {}: {} recurrences per patient, maintained less not ({}; {}).",
            decimal(found.first.time, 0),
            crate::domain::number::change(found.difference.estimate, 2),
            interval(limits.lower, limits.upper, 2),
            p_equals(found.test.p_value)
        ));
    }
    table.notes.push(
        "Mean cumulative function per patient still observed, in an episode too; robust limits. Surgery, new programs, withdrawals and deaths end \
         observation: the mean is of patients without them."
            .to_owned(),
    );
    table
}

fn rates(repeated: &RepeatedRecurrence) -> Table {
    let mut table =
        Table::new("All recurrences by the exposure of each day", &["Exercise", "#Days at risk", "#Recurrences", "#Per 100 patient-years"]);
    for state in &repeated.states {
        table.push([
            if state.exposure == Exposure::Maintained { "Kept up" } else { "Not kept up" }.to_owned(),
            count(usize::try_from(state.days).unwrap_or(0)),
            count(state.recurrences),
            state.per_100_years.map_or_else(|| "–".to_owned(), |rate| decimal(rate, 1)),
        ]);
    }
    let known: i64 = repeated.states.iter().map(|state| state.days).sum();
    table.push([
        "Not known yet".to_owned(),
        count(usize::try_from(repeated.days_at_risk - known).unwrap_or(0)),
        count(repeated.recurrences - repeated.states.iter().map(|state| state.recurrences).sum::<usize>()),
        "–".to_owned(),
    ]);
    let one = |found: &HazardRatio| format!("{} ({})", ratio(found.hazard_ratio), interval(found.interval.lower, found.interval.upper, 2));
    let mut found = match (repeated.unadjusted.value(), repeated.adjusted.value()) {
        (Some(unadjusted), Some(adjusted)) => format!(
            "Rate ratio (Andersen–Gill) {}; adjusted for {}: {}.",
            one(unadjusted),
            adjusted.covariates.join(", "),
            one(&adjusted.ratio)
        ),
        (Some(unadjusted), None) => format!("Rate ratio (Andersen–Gill) {}, not adjusted.", one(unadjusted)),
        (None, _) => capitalized(repeated.unadjusted.reason().unwrap_or("no rate ratio")) + ".",
    };
    if let Some(gap_time) = repeated.gap_time.value() {
        found += &format!(" Check with time since each spell at risk began, by number of the recurrence (PWP): {}.", one(gap_time));
    }
    table.notes.push(format!(
        "Episodes and the days that confirm a remission are no time at risk. Errors by patient: recurrences of one patient belong together. {found}"
    ));
    table
}
