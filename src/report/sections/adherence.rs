//! Adherence: the number, its bounds, its variants, and the weeks.

use super::super::document::{Block, Table};
use super::super::figures;
use super::{SectionKind, programs_note, reason};
use crate::analysis::{AdherenceVariants, BoundedSummary, Computed, UnitAdherence};
use crate::domain::Counted;
use crate::domain::number::{count, decimal, interval, percent};
use crate::settings::AdherenceRule;
use crate::stats::{Proportion, Summary};
use crate::study::Study;

pub(super) const SECTION: SectionKind = SectionKind { id: "adherence", title: "Adherence", build };

fn build(study: &Study) -> Vec<Block> {
    let analysis = &study.adherence;
    let counted = analysis.counted();
    if let Some(why) = analysis.adherence.reason() {
        return vec![reason(why)];
    }
    let mut blocks = Vec::new();
    if let (Some(value), Some(upper)) = (analysis.adherence.value(), analysis.upper.value()) {
        let total = &analysis.sessions;
        blocks.push(Block::Paragraph(format!(
            "Adherence was {} on average ({}). Of {} sessions prescribed, {} were done, {} logged as missed and {} not logged at all. Had \
             every unlogged session been done, adherence would be {}.",
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
    if let Some(sessions) = analysis.variants.sessions.value() {
        table.push(summary_row("Weeks with enough of their prescription", &Computed::Value(sessions.adherent_weeks.lower)));
        table.push(summary_row("Weeks with more than their prescription", &Computed::Value(sessions.weeks_over)));
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
    table.notes.extend(begun_and_kept_up(&analysis.variants, counted));
    if analysis.variants.undefined_weeks > 0 {
        table.notes.push(format!(
            "{} in which nothing was prescribed are in none of the shares: they are neither 100 % nor 0 %.",
            crate::domain::number::counted(analysis.variants.undefined_weeks, "week", "weeks")
        ));
    }
    if analysis.without_prescription > 0 {
        table.notes.push(format!("{} with a program but no prescription are not in the table.", count(analysis.without_prescription)));
    }
    table.notes.extend(programs_note(analysis.programs, analysis.patients));
    blocks.push(Block::Table(table));
    blocks.push(Block::Figure(figures::DOSE_BANDS.to_owned()));
    blocks.push(Block::Table(variant_table(&analysis.variants)));
    blocks.push(Block::Table(cut_table(&analysis.variants, counted)));
    if !analysis.variants.phases.is_empty() {
        blocks.push(Block::Table(phase_table(&analysis.variants, counted)));
    }
    if !analysis.variants.settings.is_empty() {
        blocks.push(Block::Table(setting_table(&analysis.variants)));
    }
    blocks
}

/// Whether programs were begun and kept up: with implementation the three parts of adherence.
fn begun_and_kept_up(variants: &AdherenceVariants, counted: Counted) -> Vec<String> {
    let mut notes = Vec::new();
    let initiation = &variants.initiation;
    if let Some(begun) = initiation.begun.value() {
        let median = initiation.median_days.value().map_or_else(String::new, |days| format!("; median {} days", decimal(*days, 0)));
        let unknown = if initiation.unknown > 0 {
            format!("; of {} it cannot be told (the start is the first session, or too recent)", count(initiation.unknown))
        } else {
            String::new()
        };
        notes.push(format!("Begun within {} days of the start: {}{median}{unknown}.", initiation.within_days, share(begun, counted)));
    }
    if let Some(persistent) = variants.persistent.value() {
        notes.push(format!("No gap longer than the permissible one: {}.", share(persistent, counted)));
    }
    notes
}

fn share(share: &Proportion, counted: Counted) -> String {
    format!(
        "{} of {} {} ({}; {} %)",
        count(share.count),
        count(share.n),
        counted.plural(),
        percent(share.proportion),
        interval(100.0 * share.interval.lower, 100.0 * share.interval.upper, 0)
    )
}

/// Mean with every unlogged session missed … with every one done.
fn bounds(summary: &BoundedSummary) -> String {
    let (lower, upper) = (summary.lower.mean, summary.upper.mean);
    if upper - lower < 0.005 { percent(lower) } else { format!("{} … {}", percent(lower), percent(upper)) }
}

fn variant_table(variants: &AdherenceVariants) -> Table {
    let columns = ["Unit", "#Weekly, capped", "#Raw", "#Weeks with enough", "#Weeks above 100 %", "#Programs"];
    let mut table = Table::new("Adherence by unit: means, unlogged counted as missed … as done", &columns);
    let units: [(&str, &Computed<UnitAdherence>); 3] =
        [("Sessions", &variants.sessions), ("Exercises", &variants.exercises), ("Minutes", &variants.minutes)];
    for (name, unit) in units {
        match unit {
            Computed::Value(unit) => table.push([
                name.to_owned(),
                bounds(&unit.weekly_capped),
                bounds(&unit.raw),
                bounds(&unit.adherent_weeks),
                percent(unit.weeks_over.mean),
                count(unit.programs),
            ]),
            Computed::NotTestable(why) => table.notes.push(format!("{name}: {why}.")),
        }
    }
    table
}

fn cut_table(variants: &AdherenceVariants, counted: Counted) -> Table {
    let mut table = Table::new(
        "Adherent at several cuts of the weekly, capped share",
        &["At least", "#Unlogged counted as missed", "#Unlogged counted as done"],
    );
    for cut in &variants.cuts {
        let cell = |found: &Computed<Proportion>| found.value().map_or_else(|| "–".to_owned(), |found| share(found, counted));
        table.push([percent(cut.cut), cell(&cut.lower), cell(&cut.upper)]);
    }
    table.notes.push("A single cut, 80 % too, is convention: what holds at one only holds for that one.".to_owned());
    table
}

fn setting_table(variants: &AdherenceVariants) -> Table {
    let columns = ["Where", "#Sessions done", "#Logged as missed", "#Done of those logged: mean", "#Median", "#Programs"];
    let mut table = Table::new("Sessions in the program by where they took place", &columns);
    for setting in &variants.settings {
        table.push([
            crate::domain::capitalized(setting.setting.as_str()),
            count(setting.done.round() as usize),
            count(setting.missed.round() as usize),
            percent(setting.done_of_logged.mean),
            percent(setting.done_of_logged.median),
            count(setting.programs),
        ]);
    }
    table.notes.push("Shares of what was logged: what was prescribed for each place no log says.".to_owned());
    table
}

fn phase_table(variants: &AdherenceVariants, counted: Counted) -> Table {
    let columns = ["Phase", "#Weekly, capped", "#Raw", "#Weeks", counted.column()];
    let mut table = Table::new("Adherence by phase: means, unlogged counted as missed … as done", &columns);
    for phase in &variants.phases {
        table.push([
            crate::domain::capitalized(phase.phase.as_str()),
            bounds(&phase.weekly_capped),
            bounds(&phase.raw),
            count(phase.weeks),
            count(phase.programs),
        ]);
    }
    table
        .notes
        .push("A week belongs to the phase of most of its logged sessions; a week without any, to that of the week before.".to_owned());
    table
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
