//! Recurrence: the curve of the whole cohort, and what ended follow-up.

mod between_logs;
mod exits;
mod limiting;
mod repeated;

use super::super::document::{Block, Table};
use super::super::figures;
use super::{SectionKind, reason};
use crate::analysis::{Computed, HazardRatio, LandmarkDayGroup};
use crate::cohort::Exposure;
use crate::domain::number::{change, count, decimal, interval, p_equals, percent, ratio};
use crate::domain::{Counted, capitalized};
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
    blocks.push(Block::Table(by_landmark(study)));
    blocks.extend(limiting::blocks(study));
    blocks.extend(exits::blocks(study));
    blocks.extend(between_logs::blocks(study));
    blocks.push(Block::Table(by_exposure(study)));
    if study.recurrence.time_varying.lags.iter().any(|cell| cell.hazard_ratio.value().is_some()) {
        blocks.push(Block::Figure(figures::LAGS.to_owned()));
    }
    blocks.push(Block::Table(by_dose(study)));
    if study.recurrence.dose.curve.value().is_some() {
        blocks.push(Block::Figure(figures::DOSE.to_owned()));
    }
    blocks.extend(repeated::blocks(study));
    blocks
}

/// Bands of dose, the line through them, and whether it bends.
fn by_dose(study: &Study) -> Table {
    let dose = &study.recurrence.dose;
    let mut table = Table::new(
        "By the sessions a week of each day's window",
        &["Sessions a week", "#Days at risk", "#Recurrences", "#Mean dose", "#Hazard ratio", "#interval"],
    );
    if let Some(column) = table.columns.last_mut() {
        column.name = format!("{} interval", percent(study.settings.model.level));
    }
    for band in &dose.bands {
        let found = match band.hazard_ratio.as_ref().map(Computed::value) {
            None => ["1".to_owned(), "reference".to_owned()],
            Some(None) => ["–".to_owned(), "–".to_owned()],
            Some(Some(found)) => [ratio(found.hazard_ratio), interval(found.interval.lower, found.interval.upper, 2)],
        };
        let mean = band.mean_dose.map_or_else(|| "–".to_owned(), |mean| decimal(mean, 1));
        table.push([capitalized(band.label), count(band.days as usize), count(band.recurrences), mean].into_iter().chain(found));
    }
    table.notes.push(match &dose.per_session {
        Computed::Value(found) => {
            let adjusted = if dose.covariates.is_empty() { "not adjusted".to_owned() } else { format!("adjusted for {}", dose.covariates.join(", ")) };
            let trend = dose.trend.value().map_or_else(String::new, |trend| format!(" Trend over the bands: {}.", p_equals(trend.p_value)));
            let bend = dose.curve.value().and_then(|curve| curve.nonlinearity);
            let bend = bend.map_or_else(String::new, |test| format!(" Does the curve bend: {}.", p_equals(test.p_value)));
            format!(
                "Each session a week more goes with a hazard of recurrence {} times as high ({}), {adjusted}; errors by patient.{trend}{bend}",
                ratio(found.hazard_ratio),
                interval(found.interval.lower, found.interval.upper, 2)
            )
        }
        Computed::NotTestable(reason) => format!("{}.", capitalized(reason)),
    });
    if let (Computed::Value(_), Some(reason)) = (&dose.per_session, dose.curve.reason()) {
        table.notes.push(format!("No smooth curve: {reason}."));
    }
    if dose.step > 1 {
        table.notes.push(format!("In a study of this size the dose is looked at every {} days.", dose.step));
    }
    table
}

/// The comparison at each landmark: who is in it, the curves at the last tabled day both reach, recurrence-free days, hazard ratio.
fn by_landmark(study: &Study) -> Table {
    let landmark = &study.recurrence.landmark;
    let mut table = Table::new(
        format!("Landmark by landmark, exposure {} days earlier", study.settings.maintenance.lag),
        &[
            "#Day",
            "#Kept up",
            "#Dropped",
            "#Recurrences",
            "Free of recurrence, kept up against dropped",
            "#Difference in days",
            "#Hazard ratio",
        ],
    );
    for day in &landmark.days {
        let size = |exposure| day.groups.iter().find(|group| group.exposure == exposure);
        let (kept, dropped) = (size(Exposure::Maintained), size(Exposure::NotMaintained));
        let at = kept.zip(dropped).and_then(|(kept, dropped)| {
            let points = kept.at.iter().zip(&dropped.at).zip(&day.times).rev();
            points.into_iter().find_map(|((kept, dropped), time)| Some((kept.as_ref()?.estimate, dropped.as_ref()?.estimate, *time)))
        });
        let n = |group: Option<&LandmarkDayGroup>| count(group.map_or(0, |group| group.n));
        table.push([
            day.day.to_string(),
            n(kept),
            n(dropped),
            count(day.groups.iter().map(|group| group.n_events).sum()),
            at.map_or_else(
                || "–".to_owned(),
                |(kept, dropped, time)| format!("{} against {} after {time:.0} days", percent(kept), percent(dropped)),
            ),
            day.rmst.value().map_or_else(
                || "–".to_owned(),
                |rmst| {
                    let limits = rmst.difference.interval;
                    let limits = limits.map_or_else(String::new, |limits| format!(" ({})", interval(limits.lower, limits.upper, 0)));
                    format!("{}{limits}", change(rmst.difference.estimate, 0))
                },
            ),
            day.hazard_ratio.value().map_or_else(
                || "–".to_owned(),
                |found| format!("{} ({})", ratio(found.hazard_ratio), interval(found.interval.lower, found.interval.upper, 2)),
            ),
        ]);
    }
    table.notes.push(format!(
        "Difference in days: recurrence-free days within {:.0} days of the landmark, kept up less dropped (restricted mean). Who recurred or was lost before a \
         landmark is not in it.",
        study.settings.model.horizon
    ));
    table
}

/// Person-time and recurrences by the exposure of the day.
fn by_exposure(study: &Study) -> Table {
    let over_time = &study.recurrence.time_varying;
    let programs = study.recurrence.counted().column();
    let mut table =
        Table::new("By the exposure of each day", &["Exercise", programs, "#Days at risk", "#Recurrences", "#Per 100 patient-years"]);
    for state in &over_time.states {
        let name = if state.exposure == Exposure::Maintained { "Kept up" } else { "Not kept up" };
        table.push([
            name.to_owned(),
            count(state.programs),
            count(state.days as usize),
            count(state.recurrences),
            state.per_100_years.map_or_else(|| "–".to_owned(), |rate| decimal(rate, 1)),
        ]);
    }
    table.push([
        "Not known yet".to_owned(),
        "–".to_owned(),
        count(over_time.days_unknown as usize),
        count(over_time.recurrences_unknown),
        "–".to_owned(),
    ]);
    let one =
        |ratio: &HazardRatio| format!("{} ({})", self::ratio(ratio.hazard_ratio), interval(ratio.interval.lower, ratio.interval.upper, 2));
    let found = match (over_time.unadjusted.value(), over_time.adjusted.value()) {
        (Some(unadjusted), Some(adjusted)) => {
            format!("Hazard ratio {}; adjusted for {}: {}.", one(unadjusted), adjusted.covariates.join(", "), one(&adjusted.ratio))
        }
        (Some(unadjusted), None) => format!("Hazard ratio {}, not adjusted.", one(unadjusted)),
        (None, _) => capitalized(over_time.unadjusted.reason().unwrap_or("no hazard ratio")) + ".",
    };
    table.notes.push(format!(
        "A day counts as kept up by the sessions of the days that end {} days before it; a patient may change sides, so nobody has to stay \
         well to be counted as exercising. {found}",
        over_time.lag
    ));
    table
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
