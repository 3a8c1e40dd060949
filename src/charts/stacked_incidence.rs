//! Where patients stand by each day: shares stacked to one.

use crate::domain::number::percent;

use super::axes::{self, TICK_ROW, TITLE_ROW, Tick, Y_AXIS_WIDTH};
use super::canvas::{Area, Canvas, sheer, solid};
use super::chart::{Chart, NumbersTable, cell};
use super::error::ChartError;
use super::frame::Frame;
use super::labels::draw_end_labels;
use super::lettering::{Weight, widest, wrap};
use super::scale::Scale;
use super::theme::{BLUE, GRAY, GREEN, Hue, ORANGE, PURPLE, SKY, THEME, Theme, VERMILLION};
use super::ticks::{day_ticks, tick_label};

/// Its name in [`super::CHARTS`].
pub const ID: &str = "stacked-incidence";

/// Shares by day, stacked from the bottom; together they are 1 on every day.
#[derive(Clone, Debug)]
pub struct StackedIncidence {
    /// Title.
    pub title: String,
    /// Subtitle.
    pub subtitle: String,
    /// Title of the time axis.
    pub x_label: String,
    /// Title of the share axis.
    pub y_label: String,
    /// Days on which shares change, rising.
    pub time: Vec<f64>,
    /// Layers from the bottom.
    pub layers: Vec<IncidenceLayer>,
    /// Results, each short, set in a strip above the drawing.
    pub annotations: Vec<String>,
    /// Footnotes.
    pub notes: Vec<String>,
}

/// One layer.
#[derive(Clone, Debug, PartialEq)]
pub struct IncidenceLayer {
    /// Name.
    pub label: String,
    /// Place of its color among those of the figure, so that a layer that is not there leaves the others theirs.
    pub color: usize,
    /// Its share before the first of the days: 1 for the state everybody begins in, 0 for all others.
    pub at_start: f64,
    /// Its share from each of the days on.
    pub share: Vec<f64>,
}

const PANEL_HEIGHT: f64 = 330.0;
const LABEL_WIDTH: f64 = 170.0;
/// Steps smaller than this are less than a third of a pixel: they are drawn with the next one.
const SMALLEST_STEP: f64 = 0.001;

struct Layout {
    frame: Frame,
    panel: Area,
    x_end: f64,
    labels: Vec<Vec<String>>,
    body_height: f64,
}

fn hue(index: usize) -> Hue {
    [VERMILLION, PURPLE, BLUE, ORANGE, GRAY, GREEN, SKY][index % 7]
}

impl StackedIncidence {
    fn layout(&self) -> Layout {
        let frame = Frame::new(&self.title, &self.subtitle, &self.notes).with_strip(&self.annotations);
        let labels: Vec<Vec<String>> = self
            .layers
            .iter()
            .map(|layer| {
                let end = layer.share.last().copied().unwrap_or(layer.at_start);
                wrap(&format!("{} {}", layer.label, percent(end)), LABEL_WIDTH, THEME.label_size, Weight::SemiBold)
            })
            .collect();
        let label_width = labels.iter().map(|lines| widest(lines, THEME.label_size, Weight::SemiBold)).fold(0.0, f64::max);
        let top = frame.body_top() + 6.0;
        let panel = Area {
            left: THEME.margin + Y_AXIS_WIDTH,
            top,
            right: THEME.width - THEME.margin - label_width - 12.0,
            bottom: top + PANEL_HEIGHT,
        };
        let x_end = self.time.last().copied().filter(|end| end.is_finite() && *end > 0.0).unwrap_or(1.0);
        Layout { frame, panel, x_end, labels, body_height: 6.0 + PANEL_HEIGHT + TICK_ROW + TITLE_ROW }
    }

    fn color(&self, layer: usize) -> usize {
        self.layers.get(layer).map_or(layer, |layer| layer.color)
    }

    /// Upper edge of each layer after the first `steps` days.
    fn edges(&self, steps: usize) -> Vec<f64> {
        let mut sum = 0.0;
        let share = |layer: &IncidenceLayer| match steps.checked_sub(1) {
            None => layer.at_start,
            Some(step) => layer.share.get(step).copied().unwrap_or(0.0),
        };
        self.layers
            .iter()
            .map(|layer| {
                sum += share(layer);
                sum
            })
            .collect()
    }

    /// Days and edges from each of them on, without steps nobody could see.
    fn steps(&self) -> Vec<(f64, Vec<f64>)> {
        let mut steps = vec![(0.0, self.edges(0))];
        for (number, &time) in self.time.iter().enumerate() {
            let edges = self.edges(number + 1);
            let moved =
                steps.last().is_none_or(|(_, last)| last.iter().zip(&edges).any(|(one, other)| (one - other).abs() >= SMALLEST_STEP));
            if moved || number + 1 == self.time.len() {
                steps.push((time, edges));
            }
        }
        steps
    }
}

impl Chart for StackedIncidence {
    fn id(&self) -> &'static str {
        ID
    }

    fn title(&self) -> &str {
        &self.title
    }

    fn alt_text(&self) -> String {
        let layers: Vec<String> = self
            .layers
            .iter()
            .map(|layer| format!("{} {}", layer.label, percent(layer.share.last().copied().unwrap_or(layer.at_start))))
            .collect();
        format!(
            "Stacked areas of {} by {}; on day {}: {}. {}",
            self.y_label,
            self.x_label,
            tick_label(self.layout().x_end),
            layers.join(", "),
            self.annotations.join(". ")
        )
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
        let y = Scale::new((0.0, 1.0), (panel.bottom, panel.top));
        let steps = self.steps();
        // The edge of layer `number` as a step curve; that below the first layer is the axis.
        let edge = |number: Option<usize>| -> Vec<(f64, f64)> {
            let height = |edges: &[f64]| y.at(number.map_or(0.0, |number| edges.get(number).copied().unwrap_or(0.0)));
            let mut path: Vec<(f64, f64)> = Vec::with_capacity(2 * steps.len());
            for (time, edges) in &steps {
                if let Some(last) = path.last().copied() {
                    path.push((x.at(*time), last.1));
                }
                path.push((x.at(*time), height(edges)));
            }
            path.extend(path.last().map(|last| (panel.right, last.1)));
            path
        };
        let mut below = edge(None);
        for number in 0..self.layers.len() {
            let above = edge(Some(number));
            canvas.shape(above.iter().chain(below.iter().rev()).copied(), sheer(hue(self.color(number)).mark, 0.62))?;
            canvas.line(above.iter().copied(), solid(theme.paper, 0.8))?;
            below = above;
        }
        let y_ticks: Vec<Tick> =
            [0.0, 0.25, 0.5, 0.75, 1.0].into_iter().map(|share| Tick { at: y.at(share), label: percent(share) }).collect();
        axes::draw_y(canvas, theme, panel, &y_ticks, &self.y_label, panel.left - Y_AXIS_WIDTH + 6.0)?;
        let last = self.edges(self.time.len());
        let middle = |number: usize| {
            let low = number.checked_sub(1).and_then(|below| last.get(below)).copied().unwrap_or(0.0);
            y.at(f64::midpoint(low, last.get(number).copied().unwrap_or(low)))
        };
        let numbered = layout.labels.iter().enumerate();
        let labels: Vec<_> = numbered.map(|(number, lines)| (middle(number), lines.as_slice(), hue(self.color(number)).text)).collect();
        draw_end_labels(canvas, theme, panel, &labels)?;
        let ticks: Vec<Tick> =
            day_ticks(layout.x_end, 10).into_iter().map(|time| Tick { at: x.at(time), label: tick_label(time) }).collect();
        axes::draw_x(canvas, theme, panel, &ticks)?;
        let title_y = panel.bottom + TICK_ROW + TITLE_ROW / 2.0;
        axes::draw_x_title(canvas, theme, panel, title_y, std::slice::from_ref(&self.x_label))
    }

    fn numbers(&self) -> NumbersTable {
        let mut table = NumbersTable::new(&["time"]);
        table.header.extend(self.layers.iter().map(|layer| layer.label.clone()));
        let row = |time: f64, shares: &mut dyn Iterator<Item = f64>| {
            let mut row = vec![cell(Some(time))];
            row.extend(shares.map(|share| cell(Some(share))));
            row
        };
        table.rows.push(row(0.0, &mut self.layers.iter().map(|layer| layer.at_start)));
        for (step, &time) in self.time.iter().enumerate() {
            table.rows.push(row(time, &mut self.layers.iter().map(|layer| layer.share.get(step).copied().unwrap_or(f64::NAN))));
        }
        table
    }
}
