//! Counts of classes as horizontal bars, each made of parts.

use crate::domain::number::{count, counted, percent};

use super::axes::{self, TICK_ROW, TITLE_ROW, Tick};
use super::canvas::{Area, Canvas, Lettering, sheer};
use super::chart::{Chart, NumbersTable};
use super::error::ChartError;
use super::frame::Frame;
use super::legend::{Key, LegendItem, item};
use super::lettering::{Weight, shorten, text_width};
use super::scale::Scale;
use super::theme::{THEME, Theme};
use super::ticks::value_ticks;

/// Its name in [`super::CHARTS`].
pub const ID: &str = "bars";

/// Counts of classes.
#[derive(Clone, Debug)]
pub struct Bars {
    /// Title.
    pub title: String,
    /// Subtitle.
    pub subtitle: String,
    /// Title of the axis: what is counted.
    pub x_label: String,
    /// What the parts of a bar are, in the order of their values; empty where a bar has one part.
    pub parts: Vec<String>,
    /// Bars from the top.
    pub bars: Vec<Bar>,
    /// What the shares behind the bars are of.
    pub total: usize,
    /// Footnotes.
    pub notes: Vec<String>,
}

/// One class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bar {
    /// Name of the class.
    pub label: String,
    /// Counts of its parts.
    pub counts: Vec<usize>,
}

impl Bar {
    fn total(&self) -> usize {
        self.counts.iter().sum()
    }
}

const ROW: f64 = 30.0;
const BAR: f64 = 19.0;
const MOST_LABEL: f64 = 240.0;
const GAP: f64 = 10.0;
/// Opacity of the parts: as strong as the other figures' areas.
const OPACITY: f64 = 0.85;

impl Bars {
    fn frame(&self) -> Frame {
        let legend: Vec<LegendItem> =
            self.parts.iter().enumerate().map(|(part, name)| item(Key::Box(self.hue(part).mark, OPACITY), name)).collect();
        Frame::new(&self.title, &self.subtitle, &self.notes).with_legend(legend)
    }

    /// A bar of one part is blue; parts have the colors of groups, lightest first.
    fn hue(&self, part: usize) -> super::theme::Hue {
        const ORDER: [usize; 6] = [5, 2, 4, 1, 3, 0];
        if self.parts.is_empty() { THEME.group(5) } else { THEME.group(ORDER[part % ORDER.len()]) }
    }

    fn body_height(&self) -> f64 {
        self.bars.len() as f64 * ROW + TICK_ROW + TITLE_ROW
    }

    fn label_width(&self) -> f64 {
        let widest = self.bars.iter().map(|bar| text_width(&bar.label, THEME.label_size, Weight::Regular)).fold(0.0, f64::max);
        widest.min(MOST_LABEL)
    }

    fn words(&self, bar: &Bar) -> String {
        let total = bar.total();
        if self.total == 0 { count(total) } else { format!("{} ({})", count(total), percent(total as f64 / self.total as f64)) }
    }
}

impl Chart for Bars {
    fn id(&self) -> &'static str {
        ID
    }

    fn title(&self) -> &str {
        &self.title
    }

    fn alt_text(&self) -> String {
        let bars: Vec<String> = self.bars.iter().map(|bar| format!("{}: {}", bar.label, self.words(bar))).collect();
        format!("Bars of {}, {}. {}.", self.x_label, counted(self.bars.len(), "class", "classes"), bars.join("; "))
    }

    fn size(&self) -> (u32, u32) {
        self.frame().size(self.body_height())
    }

    fn draw(&self, canvas: &Canvas<'_, '_>, theme: &Theme) -> Result<(), ChartError> {
        let frame = self.frame();
        frame.draw(canvas, theme, self.body_height())?;
        let top = frame.body_top();
        let label_width = self.label_width();
        let value_width =
            self.bars.iter().map(|bar| text_width(&self.words(bar), theme.label_size, Weight::Regular)).fold(0.0, f64::max) + GAP;
        let panel = Area {
            left: theme.margin + label_width + GAP,
            top,
            right: theme.width - theme.margin - value_width,
            bottom: top + self.bars.len() as f64 * ROW,
        };
        let most = self.bars.iter().map(Bar::total).max().unwrap_or(0).max(1) as f64;
        let x = Scale::new((0.0, most), (panel.left, panel.right));
        let marks: Vec<Tick> = value_ticks(0.0, most, 6)
            .into_iter()
            .filter(|tick| tick.fract() == 0.0)
            .map(|tick| Tick { at: x.at(tick), label: count(tick.round() as usize) })
            .collect();
        axes::draw_vertical_grid(canvas, theme, panel, &marks)?;
        for (number, bar) in self.bars.iter().enumerate() {
            let middle = panel.top + (number as f64 + 0.5) * ROW;
            let label = shorten(&bar.label, label_width, theme.label_size, Weight::Regular).unwrap_or_default();
            canvas.text((panel.left - GAP, middle), &label, Lettering::regular(theme.label_size, theme.ink).ending())?;
            let mut from = 0_usize;
            for (part, &height) in bar.counts.iter().enumerate() {
                let (left, right) = (x.at(from as f64), x.at((from + height) as f64));
                let area = Area { left, top: middle - BAR / 2.0, right, bottom: middle + BAR / 2.0 };
                canvas.rectangle(area, sheer(self.hue(part).mark, OPACITY))?;
                from += height;
            }
            canvas.text((x.at(from as f64) + 6.0, middle), &self.words(bar), Lettering::regular(theme.label_size, theme.muted))?;
        }
        axes::draw_x(canvas, theme, panel, &marks)?;
        axes::draw_x_title(canvas, theme, panel, panel.bottom + TICK_ROW + TITLE_ROW / 2.0, std::slice::from_ref(&self.x_label))
    }

    fn numbers(&self) -> NumbersTable {
        let mut header = vec!["class"];
        if self.parts.is_empty() {
            header.push("count");
        } else {
            header.extend(self.parts.iter().map(String::as_str));
        }
        let mut table = NumbersTable::new(&header);
        for bar in &self.bars {
            table.rows.push(std::iter::once(bar.label.clone()).chain(bar.counts.iter().map(ToString::to_string)).collect());
        }
        table
    }
}
