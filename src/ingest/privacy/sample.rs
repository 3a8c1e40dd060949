//! The first rows of a file, to see what its columns hold.

use std::borrow::Cow;

use crate::ingest::decode::{self, Opened};
use crate::ingest::formats::Grid;
use crate::ingest::layout::Layout;
use crate::ingest::record::{Kind, scan};

/// Rows looked at.
pub(in crate::ingest) const ROWS: usize = 2_000;

/// The cells of the first rows.
pub(in crate::ingest) struct Sample {
    rows: Vec<Vec<String>>,
}

impl Sample {
    pub fn of(opened: &Opened, layout: &Layout) -> Self {
        let head = opened.head.get(layout.data_offset..).unwrap_or_default();
        // The last line of a longer file may be cut in the middle of a character.
        let sure = if opened.whole { head.len() } else { memchr::memrchr(b'\n', head).map_or(0, |at| at + 1) };
        let head = head.get(..sure).unwrap_or_default();
        let text: Cow<'_, str> =
            decode::text(head, opened.encoding).unwrap_or_else(|| encoding_rs::WINDOWS_1252.decode_without_bom_handling(head).0);
        let (mut at, mut cells, mut rows) = (0, Vec::new(), Vec::new());
        while at < text.len() && rows.len() < ROWS {
            let found = scan(text.as_bytes(), at, layout.marks, opened.whole, &mut cells);
            match found.kind {
                Kind::Incomplete => break,
                Kind::Record if cells.len() <= layout.header.len() => {
                    rows.push(cells.iter().map(|cell| cell.text(&text).into_owned()).collect());
                }
                // Cells of a row with too many stand in the wrong columns.
                Kind::Record | Kind::Nothing | Kind::Damaged => {}
            }
            at = found.next.max(at + 1);
        }
        Self { rows }
    }

    /// The first rows of a table.
    pub fn of_table(grid: &Grid) -> Self {
        Self { rows: grid.rows.iter().take(ROWS).map(|row| row.cells.clone()).collect() }
    }

    /// The cells of a column that are not missing, each with the cell of another one.
    pub fn column(&self, column: usize, beside: Option<usize>, is_missing: impl Fn(&str) -> bool) -> Vec<(&str, &str)> {
        let mut cells = Vec::new();
        for row in &self.rows {
            let (Some(text), other) = (row.get(column), beside.and_then(|at| row.get(at))) else { continue };
            if !is_missing(text) {
                cells.push((other.map_or("", String::as_str), text.as_str()));
            }
        }
        cells
    }
}
