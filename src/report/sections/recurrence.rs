//! Recurrence: the curve of the whole cohort, and what ended follow-up.

use super::super::document::{Block, Table};
use super::super::figures;
use super::{SectionKind, reason};
use crate::domain::Counted;
use crate::domain::number::{count, decimal, interval, percent};
use crate::stats::survival::QuantileEstimate;
use crate::study::Study;

pub(super) const SECTION: SectionKind = SectionKind { id: "recurrence", title: "Recurrence", build };

fn build(study: &Study) -> Vec<Block> {
    let recurrence = &study.recurrence;
    if let Some(why) = recurrence.curve.reason() {
        return vec![reason(why)];
    }
    let mut blocks = vec![
        Block::Paragraph(format!(
            "Of {} at risk, {} {} a recurrence. {} {}",
            Counted::in_words(recurrence.at_risk, recurrence.patients_at_risk),
            count(recurrence.recurrences),
            if recurrence.clustered() { "were followed by" } else { "had" },
            median_in_words("Median time to recurrence", recurrence.median),
            median_in_words("Median follow-up", recurrence.median_follow_up)
        )),
        Block::Figure(figures::RECURRENCE.to_owned()),
    ];
    let level = percent(study.settings.model.level);
    let mut table = Table::new("Free of recurrence", &["#Days at risk", "#Free of recurrence", "#interval", "#At risk"]);
    if let Some(column) = table.columns.get_mut(2) {
        column.name = format!("{level} interval");
    }
    for (time, point) in recurrence.times.iter().zip(&recurrence.at) {
        let cells = match point {
            None => ["beyond follow-up".to_owned(), "–".to_owned(), "0".to_owned()],
            Some(point) => [
                percent(point.estimate),
                match (point.lower, point.upper) {
                    (Some(lower), Some(upper)) => format!("{} %", interval(100.0 * lower, 100.0 * upper, 0)),
                    _ => "–".to_owned(),
                },
                decimal(point.at_risk, 0),
            ],
        };
        table.push([decimal(*time, 0)].into_iter().chain(cells));
    }
    table.notes.push("Kaplan–Meier, log–log limits, pointwise; at risk just before the day.".to_owned());
    if recurrence.clustered() {
        table.notes.push("Limits by patient (robust), since some patients are at risk after several programs.".to_owned());
    }
    table.notes.push(
        "For comparison: in a cohort of 250 people recovered from low back pain, 69 % (62–74) had a recurrence within 12 months (da Silva 2019)."
            .to_owned(),
    );
    blocks.push(Block::Table(table));
    let mut ended = Table::new("What ended the time at risk", &["Ended by", recurrence.counted().column()]);
    ended.push(["Recurrence".to_owned(), count(recurrence.recurrences)]);
    for censored in &recurrence.censored {
        ended.push([format!("Censored: {}", censored.reason), count(censored.programs)]);
    }
    ended.push(["Together".to_owned(), count(recurrence.at_risk)]);
    blocks.push(Block::Table(ended));
    blocks
}

fn median_in_words(name: &str, median: Option<QuantileEstimate>) -> String {
    match median.and_then(|median| median.estimate.map(|days| (days, median))) {
        None => format!("{name}: not reached."),
        Some((days, median)) => {
            let limit = |limit: Option<f64>| limit.map_or_else(|| "not reached".to_owned(), |days| decimal(days, 0));
            format!("{name}: {} days (interval {} to {}).", decimal(days, 0), limit(median.lower), limit(median.upper))
        }
    }
}
