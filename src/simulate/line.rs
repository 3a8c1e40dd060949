//! A row of a log: the cells every log has, and those of the full columns.

use crate::domain::Day;

use super::options::Columns;

/// A row, without its line end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// Its day as drawn, whatever damage does to the cell.
    pub(super) day: Day,
    /// The minimal columns.
    pub(super) core: String,
    /// The others, each with the comma before it.
    pub(super) further: String,
}

/// All rows with their line ends.
pub(super) fn push_lines(text: &mut String, lines: &[Line], columns: Columns) {
    for line in lines {
        text.push_str(&line.core);
        if columns == Columns::Full {
            text.push_str(&line.further);
        }
        text.push('\n');
    }
}
