//! Questionnaires, where `measures.csv` has some.

use super::super::document::{Block, Table};
use super::{SectionKind, reason, share};
use crate::analysis::{Computed, EARS_ACCEPTABLE, Instrument, NoScore, QuestionnaireAnalysis};
use crate::domain::number::{change, count, counted, decimal, interval};
use crate::domain::{Counted, capitalized};
use crate::stats::Summary;
use crate::study::Study;

pub(super) const SECTION: SectionKind = SectionKind { id: "questionnaires", title: "Questionnaires", build };

fn build(study: &Study) -> Vec<Block> {
    if study.questionnaires.is_empty() {
        return vec![reason("no questionnaire (ODI, RMDQ, PGIC, EARS) is in the logs; measures.csv would hold them")];
    }
    let mut table = Table::new(
        "Scores at the start and at the end of the program",
        &["Questionnaire", "#Programs", "#Start: median (middle half)", "#End: median (middle half)", "#Mean change"],
    );
    for found in &study.questionnaires {
        table.push([
            found.instrument.as_str().to_owned(),
            count(found.programs),
            spread(&found.start),
            spread(&found.end),
            found.change.as_ref().and_then(Computed::value).map_or_else(
                || "–".to_owned(),
                |found| {
                    let limits =
                        found.interval.map_or_else(String::new, |limits| format!(" ({})", interval(limits.lower, limits.upper, 1)));
                    format!("{}{limits}", change(found.estimate, 1))
                },
            ),
        ]);
        table.notes.push(account(found));
    }
    table.notes.push(format!(
        "ODI 0–100 %, RMDQ 0–24: less is better. EARS 0–24: more is better. PGIC 1–7, {} is very much improved (questionnaires.pgic_best).",
        study.settings.questionnaires.pgic_best
    ));
    let mut blocks = vec![Block::Table(table)];
    let mut judged =
        Table::new("Better by the questionnaires", &["Questionnaire", "#Not seen at the end = no change", "#Seen at the end only"]);
    for found in &study.questionnaires {
        for important in &found.important {
            judged.push([
                format!("{}: {}", found.instrument.as_str(), important.threshold),
                share(important.imputed.value()),
                share(important.observed.value()),
            ]);
        }
        if let Some(good) = &found.good_at_end {
            let what = match found.instrument {
                Instrument::Ears => format!("EARS: {} and more, acceptable adherence", decimal(EARS_ACCEPTABLE, 0)),
                _ => "PGIC: much or very much improved".to_owned(),
            };
            judged.push([what, "–".to_owned(), share(good.value())]);
        }
    }
    if study.questionnaires.iter().any(|found| !found.important.is_empty()) {
        judged
            .notes
            .push("At least so many points less: of scores as high and higher at the start; 30 % less: of scores above 0.".to_owned());
    }
    blocks.push(Block::Table(judged));
    blocks.extend(study.questionnaires.iter().find(|found| !found.bands.is_empty()).map(|found| Block::Table(bands(found))));
    blocks
}

/// How many scores there are, and which answers give none.
fn account(found: &QuestionnaireAnalysis) -> String {
    let name = found.instrument.as_str();
    let refused = |reason| found.refused.get(&reason).copied().unwrap_or(0);
    let (range, few) = (refused(NoScore::OutOfRange), refused(NoScore::TooFewAnswers));
    let items = if found.from_items > 0 { format!(", {} of them from items", count(found.from_items)) } else { String::new() };
    let mut text = format!("{name}: {} of {}{items}", counted(found.scores, "score", "scores"), Counted::Patients.count(found.patients));
    if range > 0 {
        text.push_str(&format!("; {} outside what it allows", counted(range, "day", "days")));
    }
    if few > 0 {
        text.push_str(&format!("; {} with too many answers missing", counted(few, "day", "days")));
    }
    format!("{text}.")
}

fn bands(found: &QuestionnaireAnalysis) -> Table {
    let mut table = Table::new("Disability by the ODI", &["Band", "#Start", "#End"]);
    let mut from = 0;
    for (band, (top, _)) in found.bands.iter().zip(crate::analysis::ODI_BANDS) {
        table.push([format!("{} ({from}–{})", capitalized(band.band), decimal(top, 0)), count(band.start), count(band.end)]);
        from = top as u32 + 1;
    }
    table
}

fn spread(summary: &Computed<Summary>) -> String {
    summary.value().map_or_else(
        || "–".to_owned(),
        |summary| {
            format!(
                "{} ({}), n = {}",
                decimal(summary.median, 1),
                interval(summary.lower_quartile, summary.upper_quartile, 1),
                count(summary.n)
            )
        },
    )
}
