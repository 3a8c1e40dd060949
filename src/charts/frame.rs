//! What every figure has around its drawing: title, subtitle, strip of results, legend, footnotes.

use super::canvas::{Area, Canvas, Lettering, sheer};
use super::error::ChartError;
use super::legend::{self, LegendItem};
use super::lettering::{Weight, wrap};
use super::theme::{THEME, Theme};

/// The words around a figure, broken into lines.
#[derive(Clone, Debug)]
pub struct Frame {
    title: Vec<String>,
    subtitle: Vec<String>,
    strip: Vec<String>,
    legend: Vec<LegendItem>,
    notes: Vec<String>,
}

const STRIP_INDENT: f64 = 12.0;
const STRIP_PADDING: f64 = 6.0;
const GAP: f64 = 10.0;

fn content_width() -> f64 {
    THEME.width - 2.0 * THEME.margin
}

impl Frame {
    /// A frame with a title, a subtitle and footnotes.
    #[must_use]
    pub fn new(title: &str, subtitle: &str, notes: &[String]) -> Self {
        let width = content_width();
        Self {
            title: wrap(title, width, THEME.title_size, Weight::SemiBold),
            subtitle: wrap(subtitle, width, THEME.subtitle_size, Weight::Regular),
            strip: Vec::new(),
            legend: Vec::new(),
            notes: notes.iter().flat_map(|note| wrap(note, width, THEME.note_size, Weight::Regular)).collect(),
        }
    }

    /// With results in a strip of their own above the drawing, where they cover nothing.
    #[must_use]
    pub fn with_strip(mut self, results: &[String]) -> Self {
        let width = content_width() - STRIP_INDENT - STRIP_PADDING;
        let mut line = String::new();
        for result in results {
            let joined = if line.is_empty() { result.clone() } else { format!("{line}   ·   {result}") };
            if line.is_empty() || super::lettering::text_width(&joined, THEME.label_size, Weight::SemiBold) <= width {
                line = joined;
            } else {
                self.strip.extend(wrap_results(&line, width));
                line.clone_from(result);
            }
        }
        if !line.is_empty() {
            self.strip.extend(wrap_results(&line, width));
        }
        self
    }

    /// With a legend between the subtitle and the drawing.
    #[must_use]
    pub fn with_legend(mut self, items: Vec<LegendItem>) -> Self {
        self.legend = items;
        self
    }

    fn title_leading() -> f64 {
        THEME.title_size * 1.28
    }

    fn strip_height(&self) -> f64 {
        if self.strip.is_empty() {
            return 0.0;
        }
        self.strip.len() as f64 * THEME.label_size * THEME.leading + 2.0 * STRIP_PADDING
    }

    fn legend_height(&self) -> f64 {
        legend::rows(&self.legend, content_width(), &THEME).len() as f64 * legend::ROW_HEIGHT
    }

    /// Where the drawing begins, in pixels from the top.
    #[must_use]
    pub fn body_top(&self) -> f64 {
        let mut y = THEME.margin - 4.0 + self.title.len() as f64 * Self::title_leading();
        y += self.subtitle.len() as f64 * THEME.subtitle_size * THEME.leading + if self.subtitle.is_empty() { 0.0 } else { 2.0 };
        if !self.strip.is_empty() {
            y += GAP + self.strip_height();
        }
        if !self.legend.is_empty() {
            y += GAP + self.legend_height();
        }
        y + GAP + 8.0
    }

    fn note_leading() -> f64 {
        THEME.note_size * THEME.leading
    }

    /// Size of the figure around a drawing of this height.
    #[must_use]
    pub fn size(&self, body_height: f64) -> (u32, u32) {
        let notes = if self.notes.is_empty() { 0.0 } else { GAP + 4.0 + self.notes.len() as f64 * Self::note_leading() };
        let height = self.body_top() + body_height + notes + THEME.margin - 6.0;
        (THEME.width as u32, height.ceil() as u32)
    }

    /// Draws the words around a drawing of this height.
    ///
    /// # Errors
    /// [`ChartError::Drawing`] if the drawing library refuses.
    pub fn draw(&self, canvas: &Canvas<'_, '_>, theme: &Theme, body_height: f64) -> Result<(), ChartError> {
        let left = theme.margin;
        let mut y = theme.margin - 4.0 + Self::title_leading() / 2.0;
        y = canvas.lines((left, y), &self.title, Self::title_leading(), Lettering::semibold(theme.title_size, theme.ink))?;
        y -= Self::title_leading() / 2.0;
        let leading = theme.subtitle_size * theme.leading;
        if !self.subtitle.is_empty() {
            y += 2.0 + leading / 2.0;
            y = canvas.lines((left, y), &self.subtitle, leading, Lettering::regular(theme.subtitle_size, theme.muted))?;
            y -= leading / 2.0;
        }
        if !self.strip.is_empty() {
            y += GAP;
            let strip = Area { left, top: y, right: theme.width - theme.margin, bottom: y + self.strip_height() };
            canvas.rectangle(strip, sheer(theme.tint, 1.0))?;
            canvas.rectangle(Area { right: left + 3.0, ..strip }, sheer(theme.axis, 1.0))?;
            let leading = theme.label_size * theme.leading;
            let first = (left + STRIP_INDENT, y + STRIP_PADDING + leading / 2.0);
            canvas.lines(first, &self.strip, leading, Lettering::semibold(theme.label_size, theme.ink))?;
            y = strip.bottom;
        }
        if !self.legend.is_empty() {
            legend::draw(canvas, theme, (left, y + GAP), &self.legend, content_width())?;
        }
        let first_note = self.body_top() + body_height + GAP + 4.0 + Self::note_leading() / 2.0;
        canvas.lines((left, first_note), &self.notes, Self::note_leading(), Lettering::regular(theme.note_size, theme.muted))?;
        Ok(())
    }
}

fn wrap_results(line: &str, width: f64) -> Vec<String> {
    if super::lettering::text_width(line, THEME.label_size, Weight::SemiBold) <= width {
        vec![line.to_owned()]
    } else {
        wrap(line, width, THEME.label_size, Weight::SemiBold)
    }
}
