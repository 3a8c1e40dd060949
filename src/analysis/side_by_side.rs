//! The core question asked in every way, side by side: one row an estimate, whatever it was computed by.

use serde::Serialize;

use super::comparison::HazardRatio;
use super::computed::Computed;
use super::recurrence::RecurrenceAnalysis;
use crate::domain::Counted;
use crate::domain::number::{count, counted};
use crate::stats::Interval;

/// One estimate of the core question.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SideBySideRow {
    /// Which way of asking it belongs to.
    pub way: Way,
    /// What was compared, in words.
    pub label: String,
    /// In whom: patients or programs, recurrences.
    pub detail: String,
    /// What the ratio is of.
    pub measure: Measure,
    /// The ratio, maintained against not maintained.
    pub ratio: f64,
    /// Its interval.
    pub interval: Interval,
    /// Two-sided p value.
    pub p_value: f64,
}

/// A way of asking the core question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Way {
    /// Groups formed at a landmark.
    Landmark,
    /// Groups or strategies made alike by weights.
    Weighted,
    /// By the exposure of each day.
    EachDay,
    /// Other outcomes: with competing exits, and all recurrences.
    OtherOutcome,
    /// Each patient against themselves.
    WithinPerson,
    /// Something that exercise cannot change: the ratio should be 1.
    NegativeControl,
    /// Known to be biased, and shown only for contrast.
    Biased,
}

/// What a ratio is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Measure {
    /// Hazards.
    HazardRatio,
    /// Odds.
    OddsRatio,
    /// Rates.
    RateRatio,
}

/// Every estimate there is, the honest ones first; what could not be computed is left out here and says why in its own place.
#[must_use]
pub fn side_by_side(recurrence: &RecurrenceAnalysis) -> Vec<SideBySideRow> {
    let mut rows: Vec<SideBySideRow> = Vec::new();
    landmarks(recurrence, &mut rows);
    weighted(recurrence, &mut rows);
    each_day(recurrence, &mut rows);
    other_outcomes(recurrence, &mut rows);
    within_person_and_controls(recurrence, &mut rows);
    if let Some(naive) = recurrence.naive.value().and_then(|naive| naive.hazard_ratio()) {
        rows.push(of(Way::Biased, "ever maintained at any time (biased by immortal time)", naive));
    }
    rows
}

/// A row of a hazard ratio.
fn of(way: Way, label: impl Into<String>, found: &HazardRatio) -> SideBySideRow {
    SideBySideRow {
        way,
        label: label.into(),
        detail: format!("{}, {}", Counted::in_words(found.n, found.patients), counted(found.n_events, "recurrence", "recurrences")),
        measure: Measure::HazardRatio,
        ratio: found.hazard_ratio,
        interval: found.interval,
        p_value: found.p_value,
    }
}

fn landmarks(recurrence: &RecurrenceAnalysis, rows: &mut Vec<SideBySideRow>) {
    let landmark = &recurrence.landmark;
    if let Some(comparison) = landmark.comparison.value() {
        if let Some(adjusted) = comparison.adjusted.value() {
            rows.push(of(Way::Landmark, format!("landmark day {}, adjusted", landmark.day), &adjusted.ratio));
        }
        if let Some(unadjusted) = comparison.unadjusted.value() {
            rows.push(of(Way::Landmark, format!("landmark day {}, not adjusted", landmark.day), unadjusted));
        }
    }
    for other in landmark.days.iter().filter(|other| other.day != landmark.day) {
        if let Some(found) = other.hazard_ratio.value() {
            rows.push(of(Way::Landmark, format!("landmark day {}", other.day), found));
        }
    }
}

fn weighted(recurrence: &RecurrenceAnalysis, rows: &mut Vec<SideBySideRow>) {
    if let Some(weighted) = recurrence.weighted.value() {
        let label = format!("landmark day {}, weighted for who keeps it up and who is lost", recurrence.landmark.day);
        rows.push(of(Way::Weighted, label, &weighted.hazard_ratio));
    }
    if let Some(strategies) = recurrence.clone_censor_weight.value() {
        let label = format!("keeping it up against dropping it within {} days (clone, censor, weight)", strategies.grace);
        rows.push(of(Way::Weighted, label, &strategies.hazard_ratio));
    }
}

fn each_day(recurrence: &RecurrenceAnalysis, rows: &mut Vec<SideBySideRow>) {
    let over_time = &recurrence.time_varying;
    let mut cells: Vec<(i32, &HazardRatio)> =
        over_time.lags.iter().filter_map(|cell| Some((cell.lag, cell.hazard_ratio.value()?))).collect();
    cells.sort_by_key(|(lag, _)| *lag);
    for (lag, found) in cells {
        let label = match lag {
            0 => "exposure of each day, up to the day itself".to_owned(),
            1 => "exposure of each day, 1 day earlier".to_owned(),
            days => format!("exposure of each day, {days} days earlier"),
        };
        rows.push(of(Way::EachDay, label, found));
    }
}

fn other_outcomes(recurrence: &RecurrenceAnalysis, rows: &mut Vec<SideBySideRow>) {
    if let Some(found) = recurrence.exits.arms.value().and_then(|arms| arms.subdistribution.value()) {
        let label = format!("landmark day {}, other exits competing (subdistribution)", recurrence.landmark.day);
        rows.push(of(Way::OtherOutcome, label, found));
    }
    let repeated = &recurrence.repeated;
    let found = repeated.adjusted.value().map(|adjusted| &adjusted.ratio).or_else(|| repeated.unadjusted.value());
    if let Some(found) = found {
        let row =
            of(Way::OtherOutcome, format!("all recurrences, exposure of each day, {} days earlier", recurrence.time_varying.lag), found);
        rows.push(SideBySideRow { measure: Measure::RateRatio, ..row });
    }
}

fn within_person_and_controls(recurrence: &RecurrenceAnalysis, rows: &mut Vec<SideBySideRow>) {
    let within = &recurrence.bias.within_person;
    let mut odds = |way: Way, label: String, detail: String, found: (f64, Interval, f64)| {
        let (ratio, interval, p_value) = found;
        rows.push(SideBySideRow { way, label, detail, measure: Measure::OddsRatio, ratio, interval, p_value });
    };
    let over_trend = within.maintained_over_trend.value().map(|over| (&over.ratio, ", freed of everybody's trend"));
    if let Some((found, freed)) = over_trend.or_else(|| within.maintained.value().map(|found| (found, ""))) {
        odds(
            Way::WithinPerson,
            format!("each patient against themselves earlier (case-crossover{freed})"),
            format!("{} recurrences, {} with a difference", count(within.sets), count(within.discordant)),
            (found.odds_ratio, found.interval, found.p_value),
        );
    }
    let control = &recurrence.bias.negative_exposure;
    if let Computed::Value(found) = &control.adjusted {
        odds(
            Way::NegativeControl,
            format!("negative control: exercise {} to {} days after the recurrence", control.from, control.to),
            counted(control.adjusted_sets, "recurrence", "recurrences"),
            (found.odds_ratio, found.interval, found.p_value),
        );
    }
    let control = &recurrence.bias.negative_outcome;
    if let (Some(event), Some(found)) = (control.event, control.hazard_ratio.value()) {
        let row = of(Way::NegativeControl, format!("negative control: {event} in place of a recurrence"), found);
        rows.push(SideBySideRow {
            detail: format!("{}, {}", Counted::in_words(found.n, found.patients), counted(found.n_events, "event", "events")),
            ..row
        });
    }
}
