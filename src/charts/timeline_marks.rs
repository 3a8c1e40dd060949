//! Days that matter, as vertical lines with labels above a patient's timeline.

use crate::domain::Day;

use super::canvas::{Area, Canvas, Lettering, sheer, solid};
use super::error::ChartError;
use super::labels::{Flag, stagger};
use super::lettering::{Weight, text_width};
use super::scale::Scale;
use super::theme::{GRAY, GREEN, Hue, PURPLE, SKY, Theme, VERMILLION};

/// A day that matters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimelineMark {
    /// The day.
    pub day: Day,
    /// What it is, which gives it its color.
    pub kind: MarkKind,
    /// Words beside the line.
    pub label: String,
}

/// What a marked day is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MarkKind {
    /// Start of the program; weeks are counted from here.
    ProgramStart,
    /// Completion of the program.
    Completion,
    /// Remission confirmed: at risk of recurrence from here.
    AtRisk,
    /// Recurrence.
    Recurrence,
    /// Landmark of the analysis.
    Landmark,
    /// Another event, by name.
    Event(String),
}

impl MarkKind {
    /// Its color.
    #[must_use]
    pub fn hue(&self, theme: &Theme) -> Hue {
        match self {
            Self::ProgramStart => Hue { mark: theme.muted, text: theme.muted },
            Self::Completion => GREEN,
            Self::AtRisk => SKY,
            Self::Recurrence => VERMILLION,
            Self::Landmark => GRAY,
            Self::Event(_) => PURPLE,
        }
    }

    /// Its name, for marks without a label.
    #[must_use]
    pub fn word(&self) -> &str {
        match self {
            Self::ProgramStart => "program start",
            Self::Completion => "completion",
            Self::AtRisk => "at risk",
            Self::Recurrence => "recurrence",
            Self::Landmark => "landmark",
            Self::Event(name) => name,
        }
    }
}

impl TimelineMark {
    /// The words beside its line.
    #[must_use]
    pub fn words(&self) -> &str {
        if self.label.is_empty() { self.kind.word() } else { &self.label }
    }

    fn width(&self, theme: &Theme) -> f64 {
        text_width(self.words(), theme.tick_size, Weight::SemiBold)
    }
}

/// Height of a row of labels.
pub const ROW: f64 = 18.0;
/// Distance of a label from its line.
const GAP: f64 = 5.0;

/// Rows and sides for the labels of the marks.
#[must_use]
pub fn flags(marks: &[TimelineMark], x: Scale, theme: &Theme) -> Vec<Flag> {
    let lines: Vec<(f64, f64)> = marks.iter().map(|mark| (x.at(f64::from(mark.day.0)), mark.width(theme) + 2.0 * GAP)).collect();
    stagger(&lines, theme.width - theme.margin)
}

/// Draws lines down to `floor`, then their labels above `bottom`.
///
/// # Errors
/// [`ChartError::Drawing`] if the drawing library refuses.
pub fn draw(
    canvas: &Canvas<'_, '_>,
    theme: &Theme,
    marks: &[TimelineMark],
    flags: &[Flag],
    x: Scale,
    (bottom, floor): (f64, f64),
) -> Result<(), ChartError> {
    let middle = |flag: &Flag| bottom - (flag.row as f64 + 0.5) * ROW;
    for (mark, flag) in marks.iter().zip(flags) {
        let color = mark.kind.hue(theme).mark;
        let x = x.at(f64::from(mark.day.0));
        let top = middle(flag) - ROW / 2.0 + 2.0;
        if mark.kind == MarkKind::Landmark {
            canvas.dashed((x, top), (x, floor), (4.0, 3.0), solid(color, 1.4))?;
        } else {
            canvas.line([(x, top), (x, floor)], solid(color, 1.5))?;
        }
    }
    for (mark, flag) in marks.iter().zip(flags) {
        let x = x.at(f64::from(mark.day.0));
        let middle = middle(flag);
        let width = mark.width(theme) + GAP;
        let left = if flag.leftward { x - GAP + 2.0 - width } else { x + GAP - 2.0 };
        // Labels interrupt the lines that run behind them.
        let plate = Area { left, top: middle - ROW / 2.0 + 1.0, right: left + width, bottom: middle + ROW / 2.0 - 1.0 };
        canvas.rectangle(plate, sheer(theme.paper, 1.0))?;
        let lettering = Lettering::semibold(theme.tick_size, mark.kind.hue(theme).text);
        let (at, lettering) = if flag.leftward { (x - GAP, lettering.ending()) } else { (x + GAP, lettering) };
        canvas.text((at, middle), mark.words(), lettering)?;
    }
    Ok(())
}
