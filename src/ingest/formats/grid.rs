//! A table of text cells, each row with the line it stands on: what every container is turned into.

use crate::ingest::decode::{self, Encoding, Opened};
use crate::ingest::layout::Layout;
use crate::ingest::record::{Kind, scan};

/// A table of text cells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::ingest) struct Grid {
    /// Names as they stand in the file.
    pub header: Vec<String>,
    /// Line (row of a sheet) of the header.
    pub header_line: usize,
    /// Rows after the header that are not blank.
    pub rows: Vec<GridRow>,
    /// What the file is, in words for the account: `sheet "Pain"`, `tab-separated · UTF-16`.
    pub described: Vec<String>,
    /// Whether a number may have a decimal comma: text whose separator is not a comma.
    pub decimal_comma: bool,
}

/// One row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::ingest) struct GridRow {
    /// Its line (row of a sheet), counted from 1.
    pub line: usize,
    /// Its cells without surrounding space; as many as the row has.
    pub cells: Vec<String>,
}

impl GridRow {
    /// The cell of a column, empty where the row is too short.
    pub fn cell(&self, column: usize) -> &str {
        self.cells.get(column).map_or("", String::as_str)
    }
}

impl Grid {
    /// Delimited text as a grid. A line lost to an open quotation mark becomes a row of one cell, so that it is counted
    /// and rejected like any other.
    pub fn of_text(opened: &Opened, layout: &Layout, bytes: &[u8]) -> Self {
        let text = decode::text(bytes, opened.encoding).unwrap_or_else(|| encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0);
        let (mut at, mut line, mut cells, mut rows) = (0, layout.data_line, Vec::new(), Vec::new());
        while at < text.len() {
            let found = scan(text.as_bytes(), at, layout.marks, true, &mut cells);
            match found.kind {
                Kind::Record => rows.push(GridRow { line, cells: cells.iter().map(|cell| cell.text(&text).into_owned()).collect() }),
                Kind::Damaged => rows.push(GridRow { line, cells: vec![text.get(at..found.end).unwrap_or_default().to_owned()] }),
                Kind::Nothing | Kind::Incomplete => {}
            }
            line += found.lines as usize;
            at = found.next.max(at + 1);
        }
        let described = if opened.encoding == Encoding::Utf8 { vec![] } else { vec![opened.encoding.as_str().to_owned()] };
        let decimal_comma = layout.marks.delimiter != b',';
        Self { header: layout.header.clone(), header_line: layout.header_line, rows, described, decimal_comma }
    }

    /// The column of that name, in any case.
    pub fn column(&self, name: &str) -> Option<usize> {
        let exact = self.header.iter().position(|known| known == name.trim());
        exact.or_else(|| self.header.iter().position(|known| known.eq_ignore_ascii_case(name.trim())))
    }
}
