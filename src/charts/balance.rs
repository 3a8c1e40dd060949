//! Love plot: how much the groups differ in each covariate, before and after weighting.

use crate::domain::number::decimal;

use super::axes::{self, TICK_ROW, TITLE_ROW, Tick};
use super::canvas::{Area, Canvas, Lettering, sheer, solid};
use super::chart::{Chart, NumbersTable, cell};
use super::error::ChartError;
use super::frame::Frame;
use super::legend::{Key, item};
use super::lettering::{Weight, wrap};
use super::scale::Scale;
use super::theme::{BLUE, GRAY, THEME, Theme};
use super::ticks::{tick_label, value_ticks};

/// Its name in [`super::CHARTS`].
pub const ID: &str = "balance";

/// Differences between two groups, a row for each covariate.
#[derive(Clone, Debug)]
pub struct Balance {
    /// Title.
    pub title: String,
    /// Subtitle.
    pub subtitle: String,
    /// Title of the axis.
    pub x_label: String,
    /// Rows, from the top.
    pub rows: Vec<BalanceDifference>,
    /// Differences below this are called small.
    pub threshold: f64,
    /// Footnotes.
    pub notes: Vec<String>,
}

/// The difference in one covariate, of either sign; drawn by its size.
#[derive(Clone, Debug, PartialEq)]
pub struct BalanceDifference {
    /// The covariate.
    pub label: String,
    /// Before weighting; `None` where there is none.
    pub before: Option<f64>,
    /// After it.
    pub after: Option<f64>,
}

const LABEL_WIDTH: f64 = 280.0;
const LEADING: f64 = 16.0;
const ROW_PADDING: f64 = 5.0;

impl Balance {
    fn frame(&self) -> Frame {
        Frame::new(&self.title, &self.subtitle, &self.notes).with_legend(vec![
            item(Key::Cross(GRAY.mark), "before weighting"),
            item(Key::Dot(BLUE.mark, 1.0), "after weighting"),
            item(Key::Dashed(THEME.axis), format!("{}: differences below it are small", tick_label(self.threshold))),
        ])
    }

    fn labels(&self) -> Vec<Vec<String>> {
        self.rows.iter().map(|row| wrap(&row.label, LABEL_WIDTH, THEME.label_size, Weight::Regular)).collect()
    }

    fn heights(&self) -> Vec<f64> {
        self.labels().iter().map(|lines| lines.len().max(1) as f64 * LEADING + 2.0 * ROW_PADDING).collect()
    }

    fn x_title(&self) -> Vec<String> {
        wrap(&self.x_label, THEME.width - 2.0 * THEME.margin - LABEL_WIDTH, THEME.label_size, Weight::Regular)
    }

    fn body_height(&self) -> f64 {
        self.heights().iter().sum::<f64>() + TICK_ROW + self.x_title().len().max(1) as f64 * TITLE_ROW
    }
}

fn size(difference: Option<f64>) -> Option<f64> {
    difference.filter(|difference| difference.is_finite()).map(f64::abs)
}

impl Chart for Balance {
    fn id(&self) -> &'static str {
        ID
    }

    fn title(&self) -> &str {
        &self.title
    }

    fn alt_text(&self) -> String {
        let number = |difference| size(difference).map_or_else(|| "none".to_owned(), |size| decimal(size, 2));
        let rows: Vec<String> =
            self.rows.iter().map(|row| format!("{}: {} before, {} after", row.label, number(row.before), number(row.after))).collect();
        format!("Dot plot of {} before and after weighting. {}.", self.x_label, rows.join("; "))
    }

    fn size(&self) -> (u32, u32) {
        self.frame().size(self.body_height())
    }

    fn draw(&self, canvas: &Canvas<'_, '_>, theme: &Theme) -> Result<(), ChartError> {
        let frame = self.frame();
        frame.draw(canvas, theme, self.body_height())?;
        let (labels, heights) = (self.labels(), self.heights());
        let top = frame.body_top();
        let panel = Area {
            left: theme.margin + LABEL_WIDTH + 14.0,
            top,
            right: theme.width - theme.margin - 12.0,
            bottom: top + heights.iter().sum::<f64>(),
        };
        let largest = self.rows.iter().flat_map(|row| [row.before, row.after]).filter_map(size).fold(2.5 * self.threshold, f64::max);
        let end = largest * 1.05;
        let x = Scale::new((0.0, end), (panel.left, panel.right));
        let ticks: Vec<Tick> =
            value_ticks(0.0, end, 6).into_iter().map(|value| Tick { at: x.at(value), label: tick_label(value) }).collect();
        axes::draw_vertical_grid(canvas, theme, panel, &ticks)?;
        let small = x.at(self.threshold);
        canvas.rectangle(Area { right: small, ..panel }, sheer(theme.tint, 1.0))?;
        canvas.dashed((small, panel.top), (small, panel.bottom), (5.0, 4.0), solid(theme.axis, 1.2))?;
        let mut y = top;
        for ((row, lines), height) in self.rows.iter().zip(&labels).zip(&heights) {
            let middle = y + height / 2.0;
            canvas.line([(theme.margin, y), (panel.right, y)], solid(theme.grid, theme.rule_width))?;
            let first = middle - (lines.len() as f64 - 1.0) / 2.0 * LEADING;
            canvas.lines((theme.margin, first), lines, LEADING, Lettering::regular(theme.label_size, theme.ink))?;
            let (before, after) = (size(row.before).map(|size| x.at(size)), size(row.after).map(|size| x.at(size)));
            if let (Some(before), Some(after)) = (before, after) {
                canvas.line([(before, middle), (after, middle)], solid(theme.grid, 2.0))?;
            }
            if let Some(before) = before {
                super::legend::cross(canvas, (before, middle), 4.0, GRAY.mark)?;
            }
            if let Some(after) = after {
                canvas.dot((after, middle), 4.6, sheer(BLUE.mark, 1.0))?;
            }
            y += height;
        }
        axes::draw_x(canvas, theme, panel, &ticks)?;
        axes::draw_x_title(canvas, theme, panel, panel.bottom + TICK_ROW + TITLE_ROW / 2.0, &self.x_title())
    }

    fn numbers(&self) -> NumbersTable {
        let mut table = NumbersTable::new(&["covariate", "before", "after"]);
        for row in &self.rows {
            table.rows.push(vec![row.label.clone(), cell(row.before), cell(row.after)]);
        }
        table
    }
}
