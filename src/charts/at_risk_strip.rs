//! The number at risk under a survival figure, on the same time axis: part of the figure, not a caption
//! (Morris et al. 2019, BMJ Open 9:e030215).

use crate::stats::survival::SurvivalCurve;

use super::axes::Tick;
use super::canvas::{Canvas, Lettering};
use super::error::ChartError;
use super::lettering::{Weight, text_width};
use super::steps::events_by;
use super::theme::{Hue, Theme};

/// A row of the strip.
pub struct AtRiskRow<'a> {
    /// Group.
    pub label: &'a str,
    /// Its curve.
    pub curve: &'a SurvivalCurve,
    /// Its color.
    pub hue: Hue,
}

const ROW: f64 = 19.0;
const HEADING: f64 = 24.0;
/// Labels wider than this get a line of their own above their numbers.
const WIDEST_BESIDE: f64 = 128.0;

/// Width the labels need beside the numbers; `None` if one is too long and each goes above its numbers.
#[must_use]
pub fn label_width<'a>(labels: impl IntoIterator<Item = &'a str>, theme: &Theme) -> Option<f64> {
    let widest = labels.into_iter().map(|label| text_width(label, theme.tick_size, Weight::SemiBold)).fold(0.0, f64::max);
    (widest <= WIDEST_BESIDE).then_some(widest)
}

/// Height of the strip.
#[must_use]
pub fn height(groups: usize, labels_beside: bool) -> f64 {
    HEADING + groups as f64 * if labels_beside { ROW } else { 2.0 * ROW }
}

/// `at risk (events)` of a group at a time; weighted numbers to a tenth.
#[must_use]
pub fn at_risk_and_events(curve: &SurvivalCurve, time: f64) -> String {
    let tenths = |number: f64| (10.0 * number).round() / 10.0;
    format!("{} ({})", tenths(curve.at_risk_at(time)), tenths(events_by(curve, time)))
}

/// Draws the strip: `ticks` are the places of the axis above it with their times.
///
/// # Errors
/// [`ChartError::Drawing`] if the drawing library refuses.
pub fn draw(
    canvas: &Canvas<'_, '_>,
    theme: &Theme,
    (left, top): (f64, f64),
    rows: &[AtRiskRow<'_>],
    ticks: &[(f64, Tick)],
) -> Result<(), ChartError> {
    let beside = label_width(rows.iter().map(|row| row.label), theme).is_some();
    canvas.text((left, top + HEADING / 2.0 - 2.0), "Number at risk (events so far)", Lettering::semibold(theme.tick_size, theme.ink))?;
    let mut y = top + HEADING + ROW / 2.0;
    for row in rows {
        canvas.text((left, y), row.label, Lettering::semibold(theme.tick_size, row.hue.text))?;
        if !beside {
            y += ROW;
        }
        for (time, tick) in ticks {
            let numbers = at_risk_and_events(row.curve, *time);
            canvas.text((tick.at, y), &numbers, Lettering::regular(theme.tick_size, theme.ink).centered())?;
        }
        y += ROW;
    }
    Ok(())
}
