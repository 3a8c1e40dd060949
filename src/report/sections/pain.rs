//! Pain: baseline, change, responders, weeks, slopes.

use super::super::document::{Block, Table};
use super::super::figures;
use super::{SectionKind, programs_note, reason};
use crate::analysis::{Computed, Responders};
use crate::domain::number::{change, count, counted, decimal, interval, percent};
use crate::stats::{Proportion, Summary};
use crate::study::Study;

pub(super) const SECTION: SectionKind = SectionKind { id: "pain", title: "Pain", build };

fn build(study: &Study) -> Vec<Block> {
    let analysis = &study.pain;
    if analysis.patients == 0 {
        return vec![reason("no patient has a pain log in a program, so there is no baseline and no change to report")];
    }
    let mut blocks = Vec::new();
    match analysis.change.value() {
        Some(found) => {
            let limits = found.interval.map(|limits| interval(limits.lower, limits.upper, 1)).unwrap_or_default();
            blocks.push(Block::Paragraph(format!(
                "Pain changed by {} points on average from baseline to the end of the program ({} interval {limits}; scale {}).",
                change(found.estimate, 1),
                percent(study.settings.model.level),
                study.logs.scale.name
            )));
        }
        None => blocks.push(reason("no program has both a baseline and a log at its end, so no change can be reported")),
    }
    if analysis.without_program > 0 {
        blocks.push(Block::Paragraph(format!(
            "{} with pain logs {} no program start (neither a session nor programs.csv) and {} in none of these numbers.",
            counted(analysis.without_program, "patient", "patients"),
            if analysis.without_program == 1 { "has" } else { "have" },
            if analysis.without_program == 1 { "is" } else { "are" }
        )));
    }
    blocks.push(Block::Figure(figures::PAIN.to_owned()));
    let unit = analysis.counted();
    let columns = ["Measure", "#Mean", "#Median", "#Middle half", unit.column()];
    let mut table = Table::new(format!("Pain over {}", unit.plural()), &columns);
    table.push(summary_row("Baseline", &analysis.baseline));
    table.push(summary_row("End of the program", &analysis.end));
    if let Some(slopes) = analysis.slopes.value() {
        table.push(summary_row("Slope, points a week (least squares)", &Computed::Value(slopes.least_squares)));
        table.push(summary_row("Slope, points a week (Theil–Sen)", &Computed::Value(slopes.theil_sen)));
    }
    table.notes.push(format!(
        "Baseline: {} from the days before the first session, {} from the first days of the program (treatment had begun).",
        count(analysis.baselines_before_first_session),
        count(analysis.baselines_in_program)
    ));
    table.notes.extend(programs_note(analysis.programs, analysis.patients));
    blocks.push(Block::Table(table));
    if analysis.important.imputed.value().is_some() {
        blocks.push(Block::Table(responder_table(study)));
    }
    blocks
}

fn responder_table(study: &Study) -> Table {
    let analysis = &study.pain;
    let mut table =
        Table::new("Responders at the end of the program", &["Change", "#Not seen at the end = no response", "#Seen at the end only"]);
    for (name, responders) in [("Important", &analysis.important), ("Substantial", &analysis.substantial)] {
        table.push([
            format!("{name}: at least {} and {} points less", percent(responders.share), decimal(responders.points, 0)),
            share(responders.imputed.value()),
            share(responders.observed.value()),
        ]);
    }
    let Responders { baseline_too_low, no_baseline, .. } = analysis.important;
    if baseline_too_low + no_baseline > 0 {
        table.notes.push(format!(
            "Not in the table: {} with a baseline below {} (a percent change means little there), {} without a baseline.",
            count(baseline_too_low),
            decimal(study.settings.pain.share_from_baseline, 0),
            count(no_baseline)
        ));
    }
    table.notes.push("Programs that are still running are not counted.".to_owned());
    table
}

fn share(share: Option<&Proportion>) -> String {
    share.map_or_else(
        || "–".to_owned(),
        |share| {
            format!(
                "{} of {} ({}; {} %)",
                count(share.count),
                count(share.n),
                percent(share.proportion),
                interval(100.0 * share.interval.lower, 100.0 * share.interval.upper, 0)
            )
        },
    )
}

fn summary_row(name: &str, summary: &Computed<Summary>) -> Vec<String> {
    match summary.value() {
        None => vec![name.to_owned(), "–".to_owned(), "–".to_owned(), "–".to_owned(), "0".to_owned()],
        Some(summary) => vec![
            name.to_owned(),
            decimal(summary.mean, 2),
            decimal(summary.median, 2),
            interval(summary.lower_quartile, summary.upper_quartile, 2),
            count(summary.n),
        ],
    }
}
