//! Back-to-back histogram of a probability in two groups: who there is to be compared with whom.

use crate::domain::Counted;
use crate::domain::number::{count, percent};

use super::axes::{self, TICK_ROW, TITLE_ROW, Tick, Y_AXIS_WIDTH};
use super::canvas::{Area, Canvas, Lettering, sheer, solid};
use super::chart::{Chart, NumbersTable, cell};
use super::error::ChartError;
use super::frame::Frame;
use super::lettering::{Weight, wrap};
use super::scale::Scale;
use super::theme::{THEME, Theme};
use super::ticks::value_ticks;

/// Its name in [`super::CHARTS`].
pub const ID: &str = "overlap";

/// How many of two groups have which probability.
#[derive(Clone, Debug)]
pub struct Overlap {
    /// Title.
    pub title: String,
    /// Subtitle.
    pub subtitle: String,
    /// Title of the probability axis.
    pub x_label: String,
    /// What is counted: patients or programs.
    pub counted: Counted,
    /// The group drawn upwards, then the one drawn downwards.
    pub groups: (String, String),
    /// Ranges of the probability that follow each other.
    pub bars: Vec<OverlapBars>,
    /// The probabilities both groups reach; marked.
    pub support: (f64, f64),
    /// Footnotes.
    pub notes: Vec<String>,
}

/// The counts of one range.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OverlapBars {
    /// From this probability …
    pub from: f64,
    /// … to this one.
    pub to: f64,
    /// Of the first group.
    pub up: usize,
    /// Of the second.
    pub down: usize,
}

const PANEL_HEIGHT: f64 = 260.0;

impl Overlap {
    fn frame(&self) -> Frame {
        Frame::new(&self.title, &self.subtitle, &self.notes)
    }

    fn x_title(&self) -> Vec<String> {
        wrap(&self.x_label, THEME.width - 2.0 * THEME.margin - Y_AXIS_WIDTH, THEME.label_size, Weight::Regular)
    }

    fn body_height(&self) -> f64 {
        PANEL_HEIGHT + TICK_ROW + self.x_title().len().max(1) as f64 * TITLE_ROW
    }
}

impl Chart for Overlap {
    fn id(&self) -> &'static str {
        ID
    }

    fn title(&self) -> &str {
        &self.title
    }

    fn alt_text(&self) -> String {
        let total = |of: fn(&OverlapBars) -> usize| self.bars.iter().map(of).sum::<usize>();
        format!(
            "Back-to-back histogram of {}: {} (above), {} (below). Both groups reach from {} to {}.",
            self.x_label,
            format_args!("{} {}", self.groups.0, self.counted.count(total(|bar| bar.up))),
            format_args!("{} {}", self.groups.1, self.counted.count(total(|bar| bar.down))),
            percent(self.support.0),
            percent(self.support.1)
        )
    }

    fn size(&self) -> (u32, u32) {
        self.frame().size(self.body_height())
    }

    fn draw(&self, canvas: &Canvas<'_, '_>, theme: &Theme) -> Result<(), ChartError> {
        let frame = self.frame();
        frame.draw(canvas, theme, self.body_height())?;
        let top = frame.body_top();
        let panel = Area { left: theme.margin + Y_AXIS_WIDTH, top, right: theme.width - theme.margin - 12.0, bottom: top + PANEL_HEIGHT };
        let highest = |of: fn(&OverlapBars) -> usize| self.bars.iter().map(of).max().unwrap_or(0).max(1) as f64 * 1.1;
        let (up, down) = (highest(|bar| bar.up), highest(|bar| bar.down));
        let x = Scale::new((0.0, 1.0), (panel.left, panel.right));
        let y = Scale::new((-down, up), (panel.bottom, panel.top));
        let y_ticks: Vec<Tick> = value_ticks(-down, up, 7)
            .into_iter()
            .filter(|value| value.fract().abs() < 1e-9)
            .map(|value| Tick { at: y.at(value), label: count(value.abs() as usize) })
            .collect();
        let counted = self.counted.column().trim_start_matches('#');
        let (low, high) = (x.at(self.support.0), x.at(self.support.1));
        if low < high {
            canvas.rectangle(Area { left: low, right: high, ..panel }, sheer(theme.tint, 1.0))?;
        }
        axes::draw_y(canvas, theme, panel, &y_ticks, counted, theme.margin + 6.0)?;
        if low < high {
            for edge in [low, high] {
                canvas.dashed((edge, panel.top), (edge, panel.bottom), (5.0, 4.0), solid(theme.axis, 1.2))?;
            }
        }
        let hues = [theme.group(1), theme.group(0)];
        let zero = y.at(0.0);
        for bar in &self.bars {
            let (left, right) = (x.at(bar.from) + 1.0, x.at(bar.to) - 1.0);
            canvas.rectangle(Area { left, top: y.at(bar.up as f64), right, bottom: zero }, sheer(hues[0].mark, 0.75))?;
            canvas.rectangle(Area { left, top: zero, right, bottom: y.at(-(bar.down as f64)) }, sheer(hues[1].mark, 0.75))?;
        }
        canvas.line([(panel.left, zero), (panel.right, zero)], solid(theme.axis, theme.rule_width))?;
        let label = theme.label_size;
        canvas.text((panel.left + 8.0, panel.top + 10.0), &self.groups.0, Lettering::semibold(label, hues[0].text))?;
        canvas.text((panel.left + 8.0, panel.bottom - 10.0), &self.groups.1, Lettering::semibold(label, hues[1].text))?;
        let ticks: Vec<Tick> =
            [0.0, 0.2, 0.4, 0.6, 0.8, 1.0].into_iter().map(|share| Tick { at: x.at(share), label: percent(share) }).collect();
        axes::draw_x(canvas, theme, panel, &ticks)?;
        axes::draw_x_title(canvas, theme, panel, panel.bottom + TICK_ROW + TITLE_ROW / 2.0, &self.x_title())
    }

    fn numbers(&self) -> NumbersTable {
        let mut table = NumbersTable::new(&["from", "to", "first_group", "second_group"]);
        for bar in &self.bars {
            table.rows.push(vec![cell(Some(bar.from)), cell(Some(bar.to)), bar.up.to_string(), bar.down.to_string()]);
        }
        table
    }
}
