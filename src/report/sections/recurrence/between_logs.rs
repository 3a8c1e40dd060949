//! Recurrence known only to lie between two logs.

use super::super::super::document::{Block, Table};
use super::super::super::figures;
use crate::analysis::IntervalCensoredCurve;
use crate::cohort::Exposure;
use crate::domain::number::{count, decimal, percent};
use crate::study::Study;

/// Curves farther apart than this are worth a sentence.
const WORTH_SAYING: f64 = 0.05;
/// Logs this many days apart, by the middle interval, are sparse.
const SPARSE: f64 = 3.0;

pub(super) fn blocks(study: &Study) -> Vec<Block> {
    let found: Vec<&IntervalCensoredCurve> = study.recurrence.between_logs.iter().filter_map(|curve| curve.value()).collect();
    let Some(all) = found.iter().find(|curve| curve.exposure.is_none() && curve.n_events > 0) else { return vec![] };
    let width = all.median_width.unwrap_or(0.0);
    let mut table = Table::new(
        "Recurrence dated by the log, and between the logs",
        &["Who", "#Recurrences", "#Days between logs", "#Median by log", "#Median between logs", "#Farthest apart"],
    );
    // By day, the arms would repeat the landmark table.
    for curve in found.iter().filter(|curve| curve.exposure.is_none() || width > SPARSE) {
        let who = match curve.exposure {
            None => "All at risk",
            Some(Exposure::Maintained) => "Maintained at the landmark",
            Some(Exposure::NotMaintained) => "Not maintained at the landmark",
        };
        let days = |days: Option<f64>| days.map_or_else(|| "not reached".to_owned(), |days| decimal(days, 0));
        let gap = curve.widest_gap;
        table.push([
            who.to_owned(),
            count(curve.n_events),
            curve.median_width.map_or_else(|| "–".to_owned(), |days| decimal(days, 0)),
            days(curve.median_by_log.estimate),
            days(curve.median),
            format!("{} points, day {}", decimal(100.0 * gap.gap(), 1), decimal(gap.day, 0)),
        ]);
    }
    table.notes.push(
        "A recurrence began after the last log below the floor and by the first log of the recurrence; the further logs that make it hold confirm \
         it and do not date it. Between the logs: Turnbull's estimate, spread evenly within an interval."
            .to_owned(),
    );
    if all.in_weeks {
        table.notes.push("For so many recurrences intervals are widened to whole weeks.".to_owned());
    }
    let mut blocks = vec![Block::Table(table)];
    if all.curves_part() {
        blocks.push(Block::Figure(figures::BETWEEN_LOGS.to_owned()));
    }
    let gap = all.widest_gap;
    if gap.gap() > WORTH_SAYING {
        blocks.push(Block::Paragraph(format!(
            "The two curves are {} points apart on day {}: by the logs {} are still free of recurrence, between the logs {}. Pain was logged too \
             seldom to date recurrences; times to recurrence above are too {}, and a group that logs less often looks better for it.",
            decimal(100.0 * gap.gap(), 0),
            decimal(gap.day, 0),
            percent(gap.by_log),
            percent(gap.by_interval),
            if gap.by_log > gap.by_interval { "long" } else { "short" }
        )));
    }
    blocks
}
