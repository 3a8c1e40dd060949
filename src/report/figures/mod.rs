//! Results → figures: labels and numbers handed to `charts`, which draws and computes nothing.

mod adherence;
mod curves;
mod density;
pub(super) use density::FEWEST_WEEKS;
mod dose;
mod dose_bands;
mod effects;
mod event_centered;
mod follow_up;
mod lags;
mod pain;
mod patient;
mod patterns;
mod specification;
mod weighting;

use rayon::prelude::*;

pub(super) use patient::patient_timeline;
pub(super) use weighting::{SMALL_DIFFERENCE, covariate_in_words};

use super::ReportError;
use super::document::{DataTable, Figure};
use super::provenance::Provenance;
use crate::charts::{Chart, FontUse, render_svg};
use crate::study::Study;

/// Ids of the report's figures in the order of the report.
pub(super) const LANDMARK: &str = "landmark";
pub(super) const NAIVE: &str = "naive";
pub(super) const EFFECTS: &str = "effects";
pub(super) const LAGS: &str = "lags";
pub(super) const WEIGHTED: &str = "weighted";
pub(super) const BALANCE: &str = "balance";
pub(super) const OVERLAP: &str = "overlap";
pub(super) const STRATEGIES: &str = "strategies";
pub(super) const ADHERENCE: &str = "adherence";
pub(super) const DOSE_BANDS: &str = "dose_bands";
pub(super) const PAIN: &str = "pain";
pub(super) const PATTERNS: &str = "patterns";
pub(super) const RECURRENCE: &str = "recurrence";
pub(super) const EXITS: &str = "exits";
pub(super) const REPEATED: &str = "repeated";
pub(super) const BETWEEN_LOGS: &str = "between-logs";
pub(super) const DOSE: &str = "dose";
pub(super) const EVENT_CENTERED: &str = "event-centered";
pub(super) const DENSITY: &str = "density";
pub(super) const SPECIFICATION: &str = "specification";

/// Program weeks a figure has room for; the tables hold all of them.
const MOST_WEEKS: usize = 156;

/// A word on weeks that are not drawn, to follow a note.
fn weeks_left_out(weeks: usize) -> String {
    if weeks > MOST_WEEKS { format!(" Weeks {} to {weeks} are not drawn.", MOST_WEEKS + 1) } else { String::new() }
}

/// Draws every figure the study has numbers for.
pub(super) fn draw_all(study: &Study, provenance: &Provenance) -> Result<Vec<Figure>, ReportError> {
    let made = provenance.figure_line(&study.logs);
    let landmark = curves::landmark(study, &made);
    let naive = curves::naive(study, &made);
    let recurrence = curves::recurrence(study, &made);
    let effects = effects::effects(study, &made);
    let lags = lags::lags(study, &made);
    let weighted = weighting::weighted(study, &made);
    let balance = weighting::balance(study, &made);
    let overlap = weighting::overlap(study, &made);
    let strategies = weighting::strategies(study, &made);
    let adherence = adherence::adherence(study, &made);
    let dose_bands = dose_bands::dose_bands(study, &made);
    let pain = pain::pain(study, &made);
    let exits = follow_up::exits(study, &made);
    let between_logs = follow_up::between_logs(study, &made);
    let repeated = follow_up::repeated(study, &made);
    let patterns = patterns::patterns(study, &made);
    let dose = dose::dose(study, &made);
    let event_centered = event_centered::event_centered(study, &made);
    let density = density::density(study, &made);
    let specification = specification::specification(study, &made);
    let mut charts: Vec<(&str, &(dyn Chart + Sync))> = Vec::new();
    if let Some(chart) = &landmark {
        charts.push((LANDMARK, chart));
    }
    if let Some(chart) = &naive {
        charts.push((NAIVE, chart));
    }
    if let Some(chart) = &effects {
        charts.push((EFFECTS, chart));
    }
    if let Some(chart) = &lags {
        charts.push((LAGS, chart));
    }
    if let Some(chart) = &weighted {
        charts.push((WEIGHTED, chart));
    }
    if let Some(chart) = &balance {
        charts.push((BALANCE, chart));
    }
    if let Some(chart) = &overlap {
        charts.push((OVERLAP, chart));
    }
    if let Some(chart) = &strategies {
        charts.push((STRATEGIES, chart));
    }
    if let Some(chart) = &adherence {
        charts.push((ADHERENCE, chart));
    }
    if let Some(chart) = &dose_bands {
        charts.push((DOSE_BANDS, chart));
    }
    if let Some(chart) = &pain {
        charts.push((PAIN, chart));
    }
    if let Some(chart) = &patterns {
        charts.push((PATTERNS, chart));
    }
    if let Some(chart) = &recurrence {
        charts.push((RECURRENCE, chart));
    }
    if let Some(chart) = &exits {
        charts.push((EXITS, chart));
    }
    if let Some(chart) = &between_logs {
        charts.push((BETWEEN_LOGS, chart));
    }
    if let Some(chart) = &repeated {
        charts.push((REPEATED, chart));
    }
    if let Some(chart) = &dose {
        charts.push((DOSE, chart));
    }
    if let Some(chart) = &event_centered {
        charts.push((EVENT_CENTERED, chart));
    }
    if let Some(chart) = &density {
        charts.push((DENSITY, chart));
    }
    if let Some(chart) = &specification {
        charts.push((SPECIFICATION, chart));
    }
    charts.into_par_iter().map(|(id, chart)| figure(id, chart)).collect()
}

/// Draws one figure under its name.
pub(super) fn figure(id: &str, chart: &dyn Chart) -> Result<Figure, ReportError> {
    let numbers = chart.numbers();
    Ok(Figure {
        id: id.to_owned(),
        title: chart.title().to_owned(),
        alt_text: chart.alt_text(),
        svg_inline: render_svg(chart, FontUse::External)?,
        svg_file: render_svg(chart, FontUse::Embedded)?,
        numbers: DataTable { name: id.to_owned(), header: numbers.header, rows: numbers.rows },
    })
}
