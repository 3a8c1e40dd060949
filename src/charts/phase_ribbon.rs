//! Phases of care as ribbons over a patient's timeline.

use crate::domain::Day;

use super::canvas::{Area, Canvas, Lettering, sheer};
use super::error::ChartError;
use super::legend::{Key, LegendItem, item};
use super::lettering::{Weight, shorten, text_width};
use super::scale::Scale;
use super::theme::{Hue, Theme};

/// A phase of care from one day to another, both included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhaseSpan {
    /// Name of the phase; equal names have equal colors.
    pub label: String,
    /// First day.
    pub from: Day,
    /// Last day.
    pub to: Day,
}

/// Opacity of the ribbons: words stand on them.
const OPACITY: f64 = 0.32;
/// Space on either side of a name.
const PADDING: f64 = 5.0;

/// Height of a lane, the gap under it included.
pub const LANE: f64 = 21.0;

/// The lane of each span: spans that overlap in time stand in different lanes.
#[must_use]
pub fn lanes(phases: &[PhaseSpan]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..phases.len()).collect();
    order.sort_by_key(|index| (phases[*index].from, phases[*index].to, *index));
    let mut ends: Vec<Day> = Vec::new();
    let mut lanes = vec![0; phases.len()];
    for index in order {
        let lane = ends.iter().position(|end| *end < phases[index].from).unwrap_or(ends.len());
        if lane == ends.len() {
            ends.push(phases[index].to);
        } else {
            ends[lane] = phases[index].to;
        }
        lanes[index] = lane;
    }
    lanes
}

/// Distinct names in the order of their first day.
fn names(phases: &[PhaseSpan]) -> Vec<&str> {
    let mut order: Vec<&PhaseSpan> = phases.iter().collect();
    order.sort_by_key(|phase| phase.from);
    let mut names: Vec<&str> = Vec::new();
    for phase in order {
        if !names.contains(&phase.label.as_str()) {
            names.push(&phase.label);
        }
    }
    names
}

/// Order of hues: the blue of the pain logs and the vermillion of recurrences come last.
fn hue(phases: &[PhaseSpan], label: &str, theme: &Theme) -> Hue {
    const ORDER: [usize; 6] = [5, 4, 3, 2, 0, 1];
    let index = names(phases).iter().position(|name| *name == label).unwrap_or(0);
    theme.group(ORDER[index % ORDER.len()])
}

fn extent(phase: &PhaseSpan, x: Scale) -> (f64, f64) {
    (x.at(f64::from(phase.from.0)), x.at(f64::from(phase.to.0) + 1.0))
}

/// Where the name of a phase is written, and how much of it: in the first stretch between the vertical `lines` that holds all of
/// it, else shortened in the widest one; nowhere if less than half would be left.
fn written(phase: &PhaseSpan, x: Scale, lines: &[f64], theme: &Theme) -> Option<(f64, String)> {
    let (left, right) = extent(phase, x);
    let mut edges: Vec<f64> = lines.iter().copied().filter(|line| *line > left && *line < right).chain([left, right]).collect();
    edges.sort_by(f64::total_cmp);
    let room = |edges: &[f64]| edges[1] - edges[0] - 2.0 * PADDING;
    let needed = text_width(&phase.label, theme.tick_size, Weight::Regular);
    let stretch = edges.windows(2).find(|edges| room(edges) >= needed);
    let stretch = stretch.or_else(|| edges.windows(2).max_by(|a, b| room(a).total_cmp(&room(b))))?;
    let text = shorten(&phase.label, room(stretch), theme.tick_size, Weight::Regular)?;
    (2 * text.chars().count() > phase.label.chars().count()).then(|| (stretch[0] + PADDING, text))
}

/// Keys for the phases whose name stands in full in none of their ribbons.
#[must_use]
pub fn legend(phases: &[PhaseSpan], x: Scale, theme: &Theme) -> Vec<LegendItem> {
    names(phases)
        .into_iter()
        .filter(|name| {
            phases.iter().filter(|phase| phase.label == *name).all(|phase| {
                let (left, right) = extent(phase, x);
                text_width(name, theme.tick_size, Weight::Regular) > right - left - 2.0 * PADDING
            })
        })
        .map(|name| item(Key::Box(hue(phases, name, theme).mark, OPACITY), name))
        .collect()
}

/// Draws the ribbons with their upper edge at `top`, their names clear of the vertical `lines` that will cross them.
///
/// # Errors
/// [`ChartError::Drawing`] if the drawing library refuses.
pub fn draw(canvas: &Canvas<'_, '_>, theme: &Theme, top: f64, x: Scale, phases: &[PhaseSpan], lines: &[f64]) -> Result<(), ChartError> {
    for (phase, lane) in phases.iter().zip(lanes(phases)) {
        let (left, right) = extent(phase, x);
        let top = top + lane as f64 * LANE;
        let hue = hue(phases, &phase.label, theme);
        let gap = if right - left > 4.0 { 1.0 } else { 0.0 };
        let area = Area { left, top, right: right - gap, bottom: top + LANE - 3.0 };
        canvas.rectangle(area, sheer(hue.mark, OPACITY))?;
        if let Some((at, text)) = written(phase, x, lines, theme) {
            canvas.text((at, area.middle()), &text, Lettering::regular(theme.tick_size, theme.ink))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_that_overlap_stand_in_different_lanes() {
        let span = |label: &str, from, to| PhaseSpan { label: label.to_owned(), from: Day(from), to: Day(to) };
        let phases = [span("a", 0, 10), span("b", 11, 20), span("c", 5, 15), span("d", 16, 30)];
        assert_eq!(lanes(&phases), [0, 0, 1, 1]);
    }
}
