//! Lines over days: mean counts or shares by group, with bands, solid or dashed.

use crate::domain::number::{decimal, percent};

use super::axes::{self, TICK_ROW, TITLE_ROW, Tick, Y_AXIS_WIDTH};
use super::canvas::{Area, Canvas, Point, sheer, solid};
use super::chart::{Chart, NumbersTable, cell};
use super::error::ChartError;
use super::frame::Frame;
use super::labels::draw_end_labels;
use super::lettering::{Weight, widest, wrap};
use super::scale::Scale;
use super::theme::{THEME, Theme};
use super::ticks::{day_ticks, tick_label, value_ticks};

/// Its name in [`super::CHARTS`].
pub const ID: &str = "time-lines";

/// Lines over days.
#[derive(Clone, Debug)]
pub struct TimeLines {
    /// Title.
    pub title: String,
    /// Subtitle.
    pub subtitle: String,
    /// Title of the time axis.
    pub x_label: String,
    /// Title of the other axis.
    pub y_label: String,
    /// Whether values are shares, shown from 0 to 100 %.
    pub shares: bool,
    /// The lines, in the order of their colors.
    pub lines: Vec<TimeLine>,
    /// Results, each short, set in a strip above the lines.
    pub annotations: Vec<String>,
    /// Footnotes.
    pub notes: Vec<String>,
}

/// A line and its name.
#[derive(Clone, Debug, PartialEq)]
pub struct TimeLine {
    /// Name.
    pub label: String,
    /// Whether it stays at a value until the next; else it runs straight there.
    pub steps: bool,
    /// Whether it is dashed.
    pub dashed: bool,
    /// Its points by rising day.
    pub points: Vec<TimePoint>,
}

/// A value on a day.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TimePoint {
    /// The day.
    pub time: f64,
    /// The value from this day on.
    pub value: f64,
    /// Limits, where there are any.
    pub limits: Option<(f64, f64)>,
}

const PANEL_HEIGHT: f64 = 320.0;
const LABEL_WIDTH: f64 = 132.0;

struct Layout {
    frame: Frame,
    panel: Area,
    x_end: f64,
    y_end: f64,
    labels: Vec<Vec<String>>,
    body_height: f64,
}

impl TimeLines {
    fn layout(&self) -> Layout {
        let frame = Frame::new(&self.title, &self.subtitle, &self.notes).with_strip(&self.annotations);
        let wrapped = |line: &TimeLine| wrap(&line.label, LABEL_WIDTH, THEME.label_size, Weight::SemiBold);
        let labels: Vec<Vec<String>> = self.lines.iter().map(wrapped).collect();
        let label_width = labels.iter().map(|lines| widest(lines, THEME.label_size, Weight::SemiBold)).fold(0.0, f64::max);
        let top = frame.body_top() + 6.0;
        let panel = Area {
            left: THEME.margin + Y_AXIS_WIDTH,
            top,
            right: THEME.width - THEME.margin - (label_width + 12.0).max(30.0),
            bottom: top + PANEL_HEIGHT,
        };
        let points = || self.lines.iter().flat_map(|line| &line.points);
        let above = |end: f64| if end.is_finite() && end > 0.0 { end } else { 1.0 };
        let value = points().map(|point| point.value).fold(0.0, f64::max);
        // A wide band at the end must not press the lines flat.
        let limit = points().filter_map(|point| Some(point.limits?.1)).fold(value, f64::max).min(1.6 * value);
        Layout {
            x_end: above(points().map(|point| point.time).fold(0.0, f64::max)),
            y_end: if self.shares { 1.0 } else { above(limit) },
            frame,
            panel,
            labels,
            body_height: 6.0 + PANEL_HEIGHT + TICK_ROW + TITLE_ROW,
        }
    }
}

/// Corners of a line: (day, value).
fn corners(line: &TimeLine) -> Vec<(f64, f64)> {
    let mut path: Vec<(f64, f64)> = Vec::with_capacity(2 * line.points.len());
    for point in &line.points {
        if let Some(last) = path.last().copied().filter(|_| line.steps) {
            path.push((point.time, last.1));
        }
        path.push((point.time, point.value));
    }
    path.dedup();
    path
}

/// The outline of a line's band, one for each stretch with limits.
fn bands(line: &TimeLine) -> Vec<Vec<(f64, f64)>> {
    let mut outlines = Vec::new();
    for stretch in line.points.chunk_by(|one, other| one.limits.is_some() == other.limits.is_some()) {
        let edge = |part: fn((f64, f64)) -> f64| {
            let points = stretch.iter().filter_map(|point| Some(TimePoint { value: part(point.limits?), ..*point })).collect();
            corners(&TimeLine { points, ..line.clone() })
        };
        let (lower, upper) = (edge(|limits| limits.0), edge(|limits| limits.1));
        outlines.push(lower.into_iter().chain(upper.into_iter().rev()).collect());
    }
    outlines
}

/// The pieces of a dashed path.
fn dashes(path: &[Point], dash: f64, gap: f64) -> Vec<Vec<Point>> {
    let mut pieces: Vec<Vec<Point>> = vec![path.iter().take(1).copied().collect()];
    let (mut left, mut drawing) = (dash, true);
    for pair in path.windows(2) {
        let (mut from, to) = (pair[0], pair[1]);
        let mut length = (to.0 - from.0).hypot(to.1 - from.1);
        while length > left {
            let share = left / length;
            from = (from.0 + (to.0 - from.0) * share, from.1 + (to.1 - from.1) * share);
            length -= left;
            if let (true, Some(piece)) = (drawing, pieces.last_mut()) {
                piece.push(from);
            } else {
                pieces.push(vec![from]);
            }
            drawing = !drawing;
            left = if drawing { dash } else { gap };
        }
        left -= length;
        if let (true, Some(piece)) = (drawing, pieces.last_mut()) {
            piece.push(to);
        }
    }
    pieces
}

impl Chart for TimeLines {
    fn id(&self) -> &'static str {
        ID
    }

    fn title(&self) -> &str {
        &self.title
    }

    fn alt_text(&self) -> String {
        let lines: Vec<String> = self
            .lines
            .iter()
            .filter_map(|line| {
                let last = line.points.last()?;
                let value = if self.shares { percent(last.value) } else { decimal(last.value, 2) };
                Some(format!("{}: {value} on day {}", line.label, tick_label(last.time)))
            })
            .collect();
        format!("Lines of {} by {}. {}. {}", self.y_label, self.x_label, lines.join("; "), self.annotations.join(". "))
    }

    fn size(&self) -> (u32, u32) {
        let layout = self.layout();
        layout.frame.size(layout.body_height)
    }

    fn draw(&self, canvas: &Canvas<'_, '_>, theme: &Theme) -> Result<(), ChartError> {
        let layout = self.layout();
        let panel = layout.panel;
        layout.frame.draw(canvas, theme, layout.body_height)?;
        let x = Scale::new((0.0, layout.x_end), (panel.left, panel.right));
        let y = Scale::new((0.0, layout.y_end), (panel.bottom, panel.top));
        let place = |(time, value): (f64, f64)| (x.at(time), y.at(value));
        let values = if self.shares { vec![0.0, 0.25, 0.5, 0.75, 1.0] } else { value_ticks(0.0, layout.y_end, 6) };
        let y_ticks: Vec<Tick> = values
            .into_iter()
            .map(|value| Tick { at: y.at(value), label: if self.shares { percent(value) } else { tick_label(value) } })
            .collect();
        axes::draw_y(canvas, theme, panel, &y_ticks, &self.y_label, panel.left - Y_AXIS_WIDTH + 6.0)?;
        for (index, line) in self.lines.iter().enumerate() {
            for band in bands(line) {
                canvas.shape(band.into_iter().map(place), sheer(theme.group(index).mark, 0.16))?;
            }
        }
        for (index, line) in self.lines.iter().enumerate() {
            let path: Vec<Point> = corners(line).into_iter().map(place).collect();
            let ink = solid(theme.group(index).mark, theme.curve_width);
            if line.dashed {
                for piece in dashes(&path, 7.0, 4.0) {
                    canvas.line(piece, ink)?;
                }
            } else {
                canvas.line(path, ink)?;
            }
        }
        let ends = self.lines.iter().map(|line| y.at(line.points.last().map_or(0.0, |last| last.value)));
        let labels: Vec<_> =
            ends.zip(&layout.labels).enumerate().map(|(index, (end, lines))| (end, lines.as_slice(), theme.group(index).text)).collect();
        draw_end_labels(canvas, theme, panel, &labels)?;
        let ticks: Vec<Tick> =
            day_ticks(layout.x_end, 10).into_iter().map(|time| Tick { at: x.at(time), label: tick_label(time) }).collect();
        axes::draw_x(canvas, theme, panel, &ticks)?;
        let title_y = panel.bottom + TICK_ROW + TITLE_ROW / 2.0;
        axes::draw_x_title(canvas, theme, panel, title_y, std::slice::from_ref(&self.x_label))
    }

    fn numbers(&self) -> NumbersTable {
        let mut table = NumbersTable::new(&["line", "time", "value", "lower", "upper"]);
        for line in &self.lines {
            for point in &line.points {
                table.rows.push(vec![
                    line.label.clone(),
                    cell(Some(point.time)),
                    cell(Some(point.value)),
                    cell(point.limits.map(|limits| limits.0)),
                    cell(point.limits.map(|limits| limits.1)),
                ]);
            }
        }
        table
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dashes_run_on_around_a_corner() {
        // Six to the right and six up: dashes of 4 with gaps of 4 at 0–4 and 8–12, the second after the corner.
        let pieces = dashes(&[(0.0, 0.0), (6.0, 0.0), (6.0, 6.0)], 4.0, 4.0);
        assert_eq!(pieces, [vec![(0.0, 0.0), (4.0, 0.0)], vec![(6.0, 2.0), (6.0, 6.0)]]);
    }
}
