//! Keys and their meanings, in rows.

use plotters::style::RGBColor;

use super::canvas::{Area, Canvas, Lettering, sheer, solid};
use super::error::ChartError;
use super::lettering::{Weight, text_width};
use super::theme::Theme;

/// The small picture before a meaning.
#[derive(Clone, Copy, Debug)]
pub enum Key {
    /// A curve.
    Line(RGBColor),
    /// A dashed line.
    Dashed(RGBColor),
    /// A filled dot with this opacity.
    Dot(RGBColor, f64),
    /// A line with a dot on it.
    LineAndDot(RGBColor),
    /// A filled box with this opacity.
    Box(RGBColor, f64),
    /// A hatched box.
    Hatched(RGBColor),
    /// A box filled to half its height.
    HalfBox(RGBColor),
    /// A cross.
    Cross(RGBColor),
}

/// A key and its meaning.
#[derive(Clone, Debug)]
pub struct LegendItem {
    /// The key.
    pub key: Key,
    /// The meaning.
    pub label: String,
}

/// A key with this meaning.
#[must_use]
pub fn item(key: Key, label: impl Into<String>) -> LegendItem {
    LegendItem { key, label: label.into() }
}

const KEY_WIDTH: f64 = 18.0;
const KEY_GAP: f64 = 6.0;
const ITEM_GAP: f64 = 18.0;
/// Height of one row of the legend.
pub const ROW_HEIGHT: f64 = 19.0;

/// The items in rows no wider than `width`, each with its distance from the left.
#[must_use]
pub fn rows<'a>(items: &'a [LegendItem], width: f64, theme: &Theme) -> Vec<Vec<(f64, &'a LegendItem)>> {
    let mut rows: Vec<Vec<(f64, &LegendItem)>> = Vec::new();
    let mut x = 0.0;
    for item in items {
        let needed = KEY_WIDTH + KEY_GAP + text_width(&item.label, theme.tick_size, Weight::Regular);
        match rows.last_mut() {
            Some(row) if x + needed <= width => row.push((x, item)),
            _ => {
                x = 0.0;
                rows.push(vec![(x, item)]);
            }
        }
        x += needed + ITEM_GAP;
    }
    rows
}

/// Draws the rows with their upper left corner at the point.
///
/// # Errors
/// [`ChartError::Drawing`] if the drawing library refuses.
pub fn draw(canvas: &Canvas<'_, '_>, theme: &Theme, at: (f64, f64), items: &[LegendItem], width: f64) -> Result<(), ChartError> {
    for (number, row) in rows(items, width, theme).into_iter().enumerate() {
        let y = at.1 + (number as f64 + 0.5) * ROW_HEIGHT;
        for (x, item) in row {
            let left = at.0 + x;
            draw_key(canvas, item.key, left, y)?;
            canvas.text((left + KEY_WIDTH + KEY_GAP, y), &item.label, Lettering::regular(theme.tick_size, theme.muted))?;
        }
    }
    Ok(())
}

fn draw_key(canvas: &Canvas<'_, '_>, key: Key, left: f64, y: f64) -> Result<(), ChartError> {
    let center = left + KEY_WIDTH / 2.0;
    let right = left + KEY_WIDTH;
    let square = Area { left: left + 2.0, top: y - 5.5, right: right - 2.0, bottom: y + 5.5 };
    match key {
        Key::Line(color) => canvas.line([(left, y), (right, y)], solid(color, 2.2)),
        Key::Dashed(color) => canvas.dashed((left, y), (right, y), (5.0, 4.0), solid(color, 1.2)),
        Key::Dot(color, opacity) => canvas.dot((center, y), 3.4, sheer(color, opacity)),
        Key::LineAndDot(color) => {
            canvas.line([(left, y), (right, y)], solid(color, 2.0))?;
            canvas.dot((center, y), 3.2, solid(color, 1.0))
        }
        Key::Box(color, opacity) => canvas.rectangle(square, sheer(color, opacity)),
        Key::Hatched(color) => {
            canvas.rectangle(square, sheer(color, 0.18))?;
            canvas.hatching(square, 5.0, solid(color, 0.9))
        }
        Key::HalfBox(color) => {
            canvas.rectangle(square, sheer(color, 0.2))?;
            canvas.rectangle(Area { top: y, ..square }, sheer(color, 0.75))
        }
        Key::Cross(color) => cross(canvas, (center, y), 3.4, color),
    }
}

/// A cross whose arms reach `reach` pixels from its center in each direction.
///
/// # Errors
/// [`ChartError::Drawing`] if the drawing library refuses.
pub fn cross(canvas: &Canvas<'_, '_>, (x, y): (f64, f64), reach: f64, color: RGBColor) -> Result<(), ChartError> {
    canvas.line([(x - reach, y - reach), (x + reach, y + reach)], solid(color, 1.5))?;
    canvas.line([(x - reach, y + reach), (x + reach, y - reach)], solid(color, 1.5))
}
