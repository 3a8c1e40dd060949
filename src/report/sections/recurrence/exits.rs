//! What else ended the time at risk, as competing exits.

use super::super::super::document::{Block, Table};
use super::super::super::figures;
use super::super::reason;
use crate::analysis::{Exit, ExitAnalysis, ExitComparison, HazardRatio};
use crate::domain::capitalized;
use crate::domain::number::{count, decimal, interval, p_equals, percent, ratio};
use crate::stats::competing::IncidencePoint;
use crate::study::Study;

pub(super) fn blocks(study: &Study) -> Vec<Block> {
    let exits = &study.recurrence.exits;
    if exits.incidence.value().is_none() {
        return vec![];
    }
    let mut blocks = vec![Block::Figure(figures::EXITS.to_owned()), Block::Table(by_day(study, exits)), Block::Table(overstated(exits))];
    match (exits.arms.value(), exits.arms.reason()) {
        (Some(arms), _) => blocks.push(Block::Table(by_arm(study, arms, exits))),
        (None, Some(why)) => blocks.push(reason(&format!("incidence by group: {why}"))),
        (None, None) => {}
    }
    blocks
}

fn shares(point: &IncidencePoint) -> String {
    match (point.lower, point.upper) {
        (Some(lower), Some(upper)) => format!("{} ({})", percent(point.estimate), interval(100.0 * lower, 100.0 * upper, 0)),
        _ => percent(point.estimate),
    }
}

/// Shares at the tabled days: one column for each exit that somebody took.
fn by_day(study: &Study, exits: &ExitAnalysis) -> Table {
    let taken: Vec<usize> = (0..Exit::ALL.len()).filter(|&exit| exits.counts[exit] > 0).collect();
    let names: Vec<String> = taken.iter().map(|&exit| format!("#{}", capitalized(Exit::ALL[exit].as_str()))).collect();
    let mut columns = vec!["#Days at risk"];
    columns.extend(names.iter().map(String::as_str));
    columns.push("#Still well");
    let mut table = Table::new("Share of those at risk who had left, by how", &columns);
    for (time, points) in exits.times.iter().zip(&exits.at) {
        let cells = taken.iter().copied().chain([Exit::ALL.len()]);
        let cells = cells.map(|place| points.get(place).map_or_else(|| "–".to_owned(), shares));
        table.push([decimal(*time, 0)].into_iter().chain(cells));
    }
    table.notes.push(format!(
        "Aalen–Johansen with {} log–log limits. Each end is counted as it happened, silence too; the shares add up to 100 %.",
        percent(study.settings.model.level)
    ));
    if study.recurrence.clustered() {
        table.notes.push("Limits take programs as independent.".to_owned());
    }
    table
}

/// 1 − Kaplan–Meier beside the incidence.
fn overstated(exits: &ExitAnalysis) -> Table {
    let mut table = Table::new(
        "Recurrence with and without what competes with it",
        &["#Days at risk", "#1 − Kaplan–Meier", "#Incidence", "#Overstated by"],
    );
    for ((time, naive), point) in exits.times.iter().zip(&exits.one_minus_survival).zip(&exits.recurrence) {
        let dash = || "–".to_owned();
        table.push([
            decimal(*time, 0),
            naive.map_or_else(dash, percent),
            point.as_ref().map_or_else(dash, shares),
            naive.zip(*point).map_or_else(dash, |(naive, point)| format!("{} points", decimal(100.0 * (naive - point.estimate), 1))),
        ]);
    }
    table.notes.push(
        "Kaplan–Meier shows how many would have had a recurrence by then if nobody had had surgery, begun another program, withdrawn or died; \
         the incidence shows how many had one. In both, who went silent is taken to be like those still logging."
            .to_owned(),
    );
    table
}

fn by_arm(study: &Study, arms: &ExitComparison, exits: &ExitAnalysis) -> Table {
    let mut table =
        Table::new("Incidence of recurrence from the landmark, by group", &["#Days since the landmark", "#Not maintained", "#Maintained"]);
    let [not_maintained, maintained] = &arms.at;
    for ((time, one), other) in exits.times.iter().zip(not_maintained).zip(maintained) {
        let cell = |point: &Option<IncidencePoint>| point.as_ref().map_or_else(|| "–".to_owned(), shares);
        table.push([decimal(*time, 0), cell(one), cell(other)]);
    }
    let [[first, first_others], [second, second_others]] = arms.counts;
    table.push([
        "Recurrences; what competed".to_owned(),
        format!("{}; {}", count(first), count(first_others)),
        format!("{}; {}", count(second), count(second_others)),
    ]);
    let one = |found: &HazardRatio| format!("{} ({})", ratio(found.hazard_ratio), interval(found.interval.lower, found.interval.upper, 2));
    let gray = arms.gray.value().map_or_else(|| arms.gray.reason().unwrap_or_default().to_owned(), |test| p_equals(test.p_value));
    let fine_gray = arms.subdistribution.value().map_or_else(|| arms.subdistribution.reason().unwrap_or_default().to_owned(), one);
    let cause = arms.cause_specific.as_ref().map_or_else(|| "none".to_owned(), one);
    table.notes.push(format!(
        "Gray's test {gray}. Hazard ratio of recurrence, unadjusted: {cause} among those still followed (cause-specific: does exercise go with \
         less pain coming back?), {fine_gray} with those who left otherwise kept in the denominator (Fine–Gray: do fewer patients end up with a \
         recurrence?). They part where one group leaves otherwise more often. Silence is a censoring in both."
    ));
    if study.recurrence.clustered() {
        table.notes.push(
            "The shares, Gray's test and the Fine–Gray interval take programs as independent; the cause-specific interval is by patient."
                .to_owned(),
        );
    }
    table
}
