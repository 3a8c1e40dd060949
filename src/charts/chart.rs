//! What a figure is.

use super::canvas::Canvas;
use super::error::ChartError;
use super::theme::Theme;

/// The numbers behind a figure, as a table of text cells; an empty cell is a missing value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumbersTable {
    /// Column names.
    pub header: Vec<String>,
    /// Rows, each as long as the header.
    pub rows: Vec<Vec<String>>,
}

impl NumbersTable {
    /// A table with these columns and no rows yet.
    #[must_use]
    pub fn new(header: &[&str]) -> Self {
        Self { header: header.iter().map(|&name| name.to_owned()).collect(), rows: Vec::new() }
    }
}

/// A missing value (none, or not a number) is an empty cell; a number is written in full, so that it reads back as the same number.
#[must_use]
pub fn cell(value: Option<f64>) -> String {
    value.filter(|number| !number.is_nan()).map_or_else(String::new, |number| number.to_string())
}

/// A figure: labels and numbers that can draw themselves.
pub trait Chart {
    /// Its name in [`super::CHARTS`].
    fn id(&self) -> &'static str;

    /// Its title.
    fn title(&self) -> &str;

    /// What it shows, in words, for readers who cannot see it.
    fn alt_text(&self) -> String;

    /// Width and height in CSS pixels.
    fn size(&self) -> (u32, u32);

    /// Draws it on a canvas of its size.
    ///
    /// # Errors
    /// [`ChartError::Drawing`] if the drawing library refuses.
    fn draw(&self, canvas: &Canvas<'_, '_>, theme: &Theme) -> Result<(), ChartError>;

    /// The numbers it shows.
    fn numbers(&self) -> NumbersTable;
}
