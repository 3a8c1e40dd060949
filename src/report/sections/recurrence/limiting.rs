//! Recurrence that limits activity, beside recurrence by the score alone.

use super::super::super::document::{Block, Table};
use crate::domain::number::{count, decimal, interval, percent, ratio};
use crate::study::Study;

pub(super) fn blocks(study: &Study) -> Vec<Block> {
    // Where it is not logged there is nothing to show; what to log is said in docs and template.
    let Some(found) = study.recurrence.limiting.value() else { return vec![] };
    let [any, limited] = &found.variants;
    let mut table =
        Table::new("Recurrence by the score, and only where it limits activity", &["What", "#By the score", "#Limiting activity"]);
    let mut row = |what: String, cells: [String; 2]| table.push([what].into_iter().chain(cells));
    let both = [any, limited];
    row("At risk".to_owned(), both.map(|variant| count(variant.at_risk)));
    row("Recurrences".to_owned(), both.map(|variant| count(variant.recurrences)));
    row(
        "Median days to recurrence".to_owned(),
        both.map(|variant| {
            variant.median.value().and_then(|median| median.estimate).map_or_else(|| "not reached".to_owned(), |days| decimal(days, 0))
        }),
    );
    for (place, time) in study.settings.model.times.iter().enumerate() {
        let free = both
            .map(|variant| variant.at.get(place).and_then(Option::as_ref).map_or_else(|| "–".to_owned(), |point| percent(point.estimate)));
        row(format!("Free of it on day {}", decimal(*time, 0)), free);
    }
    row(
        "Hazard ratio from the landmark, maintained against not".to_owned(),
        both.map(|variant| match (variant.hazard_ratio.value(), variant.hazard_ratio.reason()) {
            (Some(found), _) => {
                format!("{} ({})", ratio(found.hazard_ratio), interval(found.interval.lower, found.interval.upper, 2))
            }
            (None, reason) => reason.unwrap_or("–").to_owned(),
        }),
    );
    table.notes.push(format!(
        "A recurrence limits activity if the log that begins it says so; a log without an answer does not count. This report counts {} \
         (recurrence.limiting).",
        if found.limiting { "only those" } else { "all" }
    ));
    vec![Block::Table(table)]
}
