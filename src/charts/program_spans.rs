//! A patient's programs as shaded stretches of a timeline, each with its own baseline.

use crate::domain::Day;

use super::canvas::{Area, Canvas, sheer, solid};
use super::error::ChartError;
use super::legend::{Key, LegendItem, item};
use super::scale::Scale;
use super::theme::Theme;

/// A program from one day to another, both included.
#[derive(Clone, Debug, PartialEq)]
pub struct ProgramSpan {
    /// `Program 2`.
    pub label: String,
    /// First day.
    pub from: Day,
    /// Last day.
    pub to: Day,
    /// Baseline pain.
    pub baseline: Option<f64>,
}

/// Opacity of the shading: dots and lines stand on it.
const OPACITY: f64 = 0.1;

/// Keys for the shading and the baselines.
#[must_use]
pub fn legend(programs: &[ProgramSpan], theme: &Theme) -> Vec<LegendItem> {
    let mut keys = Vec::new();
    if !programs.is_empty() {
        keys.push(item(Key::Box(theme.muted, 2.0 * OPACITY), "program"));
    }
    if programs.iter().any(|program| program.baseline.is_some()) {
        keys.push(item(Key::Dashed(theme.axis), "its baseline"));
    }
    keys
}

/// Shades the programs over the height of `panel` and draws their baselines.
///
/// # Errors
/// [`ChartError::Drawing`] if the drawing library refuses.
pub fn draw(canvas: &Canvas<'_, '_>, theme: &Theme, panel: Area, x: Scale, y: Scale, programs: &[ProgramSpan]) -> Result<(), ChartError> {
    for program in programs {
        let (left, right) = (x.at(f64::from(program.from.0)), x.at(f64::from(program.to.0) + 1.0));
        let (left, right) = (left.max(panel.left), right.min(panel.right));
        if left >= right {
            continue;
        }
        canvas.rectangle(Area { left, right, ..panel }, sheer(theme.muted, OPACITY))?;
        if let Some(score) = program.baseline {
            let at = y.at(score);
            canvas.dashed((left, at), (right, at), (5.0, 4.0), solid(theme.axis, 1.2))?;
        }
    }
    Ok(())
}
