//! Axes, grid lines and their labels.

use super::canvas::{Area, Canvas, Lettering, solid};
use super::error::ChartError;
use super::theme::Theme;

/// A place on an axis, in pixels, and what is written there.
#[derive(Clone, Debug)]
pub struct Tick {
    /// Pixel.
    pub at: f64,
    /// Label.
    pub label: String,
}

/// Length of a tick mark.
pub const TICK_LENGTH: f64 = 4.0;
/// Height of a row of tick labels under an axis, tick marks included.
pub const TICK_ROW: f64 = 22.0;
/// Height of an axis title under its tick labels.
pub const TITLE_ROW: f64 = 20.0;
/// Width that a y axis of short labels and its title need.
pub const Y_AXIS_WIDTH: f64 = 58.0;

/// Grid lines and labels at the left of a panel, and the axis title reading upwards at `title_x`.
///
/// # Errors
/// [`ChartError::Drawing`] if the drawing library refuses.
pub fn draw_y(canvas: &Canvas<'_, '_>, theme: &Theme, panel: Area, ticks: &[Tick], title: &str, title_x: f64) -> Result<(), ChartError> {
    for tick in ticks {
        canvas.line([(panel.left, tick.at), (panel.right, tick.at)], solid(theme.grid, theme.rule_width))?;
        let lettering = Lettering::regular(theme.tick_size, theme.muted).ending();
        canvas.text((panel.left - TICK_LENGTH - 4.0, tick.at), &tick.label, lettering)?;
    }
    let lettering = Lettering::regular(theme.label_size, theme.ink).centered();
    let room = panel.bottom - panel.top + 24.0;
    let lines = super::lettering::wrap(title, room, theme.label_size, super::lettering::Weight::Regular);
    for (number, line) in lines.iter().enumerate() {
        let back = (lines.len() - 1 - number) as f64;
        canvas.upwards((title_x - back * theme.label_size * theme.leading, panel.middle()), line, lettering)?;
    }
    Ok(())
}

/// The line, tick marks and labels under a panel.
///
/// # Errors
/// [`ChartError::Drawing`] if the drawing library refuses.
pub fn draw_x(canvas: &Canvas<'_, '_>, theme: &Theme, panel: Area, ticks: &[Tick]) -> Result<(), ChartError> {
    canvas.line([(panel.left, panel.bottom), (panel.right, panel.bottom)], solid(theme.axis, theme.rule_width))?;
    for tick in ticks {
        canvas.line([(tick.at, panel.bottom), (tick.at, panel.bottom + TICK_LENGTH)], solid(theme.axis, theme.rule_width))?;
        let lettering = Lettering::regular(theme.tick_size, theme.muted).centered();
        canvas.text((tick.at, panel.bottom + TICK_LENGTH + 9.0), &tick.label, lettering)?;
    }
    Ok(())
}

/// Light vertical lines through a panel.
///
/// # Errors
/// [`ChartError::Drawing`] if the drawing library refuses.
pub fn draw_vertical_grid(canvas: &Canvas<'_, '_>, theme: &Theme, panel: Area, ticks: &[Tick]) -> Result<(), ChartError> {
    for tick in ticks {
        canvas.line([(tick.at, panel.top), (tick.at, panel.bottom)], solid(theme.grid, theme.rule_width))?;
    }
    Ok(())
}

/// The title of an x axis, centered under a panel, its middle at this height.
///
/// # Errors
/// [`ChartError::Drawing`] if the drawing library refuses.
pub fn draw_x_title(canvas: &Canvas<'_, '_>, theme: &Theme, panel: Area, y: f64, lines: &[String]) -> Result<(), ChartError> {
    let lettering = Lettering::regular(theme.label_size, theme.ink).centered();
    canvas.lines((panel.center(), y), lines, theme.label_size * theme.leading, lettering)?;
    Ok(())
}
