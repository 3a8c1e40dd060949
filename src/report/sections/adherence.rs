//! Adherence: the number, its bounds, its variants, and the weeks.

use super::super::document::{Block, Table};
use super::super::figures;
use super::{SectionKind, programs_note, reason};
use crate::analysis::Computed;
use crate::domain::Counted;
use crate::domain::number::{count, decimal, interval, percent};
use crate::settings::AdherenceRule;
use crate::stats::Summary;
use crate::study::Study;

pub(super) const SECTION: SectionKind = SectionKind { id: "adherence", title: "Adherence", build };

fn build(study: &Study) -> Vec<Block> {
    let analysis = &study.adherence;
    let counted = analysis.counted();
    if let Some(why) = analysis.adherence.reason() {
        return vec![reason(why)];
    }
    let mut blocks = Vec::new();
    if let (Some(value), Some(upper)) = (analysis.adherence.value(), analysis.if_unlogged_done.value()) {
        let total = &analysis.sessions;
        blocks.push(Block::Paragraph(format!(
            "Patients did {} of what was prescribed on average ({}). Of {} sessions prescribed, {} were done, {} logged as missed and {} not \
             logged at all. Had every unlogged session been done, weekly adherence would be {}.",
            percent(value.mean),
            rule_in_words(analysis.rule),
            count(total.prescribed.round() as usize),
            count(total.done.round() as usize),
            count(total.missed.round() as usize),
            count(total.unlogged.round() as usize),
            percent(upper.mean)
        )));
    }
    blocks.push(Block::Figure(figures::ADHERENCE.to_owned()));
    let mut table =
        Table::new(format!("Adherence over {}", counted.plural()), &["Measure", "#Mean", "#Median", "#Middle half", counted.column()]);
    for (name, summary) in [
        ("Weekly, capped (unlogged counted as missed)", &analysis.weekly_capped),
        ("The same, unlogged counted as done", &analysis.if_unlogged_done),
        ("Raw: done over prescribed", &analysis.raw),
    ] {
        table.push(summary_row(name, summary));
    }
    let enough = percent(study.settings.adherence.adherent_week);
    if let Some(share) = analysis.adherent_patients.value() {
        table.notes.push(format!(
            "{} of {} {} ({}, {} interval {} %) {}.",
            count(share.count),
            count(share.n),
            counted.plural(),
            percent(share.proportion),
            percent(share.interval.level),
            interval(100.0 * share.interval.lower, 100.0 * share.interval.upper, 0),
            match counted {
                Counted::Patients => format!("did at least {enough} of their prescription"),
                Counted::Programs => format!("had at least {enough} of their prescription done"),
            }
        ));
    }
    if let Some(days) = analysis.median_persistence_days.value() {
        table.notes.push(format!(
            "Median time from program start to the first gap longer than {} days, or to the end of the program: {} days.",
            study.settings.adherence.permissible_gap,
            decimal(*days, 0)
        ));
    }
    if analysis.without_prescription > 0 {
        table.notes.push(format!("{} with a program but no prescription are not in the table.", count(analysis.without_prescription)));
    }
    table.notes.extend(programs_note(analysis.programs, analysis.patients));
    blocks.push(Block::Table(table));
    blocks
}

fn summary_row(name: &str, summary: &Computed<Summary>) -> Vec<String> {
    match summary.value() {
        None => vec![name.to_owned(), "–".to_owned(), "–".to_owned(), "–".to_owned(), "0".to_owned()],
        Some(summary) => vec![
            name.to_owned(),
            percent(summary.mean),
            percent(summary.median),
            format!("{} %", interval(100.0 * summary.lower_quartile, 100.0 * summary.upper_quartile, 0)),
            count(summary.n),
        ],
    }
}

/// What the adherence called so is.
pub(in crate::report) fn rule_in_words(rule: AdherenceRule) -> &'static str {
    match rule {
        AdherenceRule::WeeklyCapped => "mean over weeks of the share done, each week capped at 100 %",
        AdherenceRule::Raw => "sessions done over sessions prescribed",
        AdherenceRule::RawCapped => "sessions done over sessions prescribed, capped at 100 %",
        AdherenceRule::AdherentWeeks => "share of weeks with enough of their prescription done",
    }
}
