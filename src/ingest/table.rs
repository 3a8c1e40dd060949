//! Any CSV file as a table of texts, for `staywell stats`.

use std::borrow::Cow;
use std::ops::Range;
use std::path::Path;

use rayon::prelude::*;

use super::blocks::count_lines;
use super::decode::{self, Encoding};
use super::error::IngestError;
use super::layout;
use super::locate::unreadable;
use super::number::{self, DecimalMark};
use super::record::{Cell, Kind, Marks, scan};
use crate::domain::nearest;
use crate::settings::FileSettings;

/// A CSV file with a header, its cells kept as they stand.
#[derive(Debug)]
pub struct Table {
    file: String,
    text: String,
    names: Vec<String>,
    rows: Vec<Row>,
    /// Where each cell ends, row by row. A cell starts after the end of the one before it: a table of millions of cells is memory first.
    ends: Vec<u32>,
    decimal: DecimalMark,
}

#[derive(Clone, Copy, Debug)]
struct Row {
    start: u32,
    line: u32,
}

/// Reads a CSV file with a header; the separator is detected among `,` `;` tab `|`.
///
/// # Errors
/// [`IngestError::Unreadable`], [`IngestError::EmptyFile`], [`IngestError::HeaderOnly`],
/// [`IngestError::DuplicateColumn`], [`IngestError::RaggedRow`] or [`IngestError::OpenQuote`]: a table for statistics has no rows to spare.
pub fn read_table(path: &Path) -> Result<Table, IngestError> {
    let file = path.display().to_string();
    let failed = |error: std::io::Error| unreadable(&file, &error);
    let opened = decode::open(path).map_err(failed)?;
    let layout = layout::settle(&opened, &FileSettings::default(), &file)?;
    let mut bytes = Vec::new();
    std::io::Read::read_to_end(&mut opened.from(layout.data_offset).map_err(failed)?, &mut bytes).map_err(failed)?;
    let text = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(other) => decode::text(other.as_bytes(), Encoding::Windows1252).unwrap_or_default().into_owned(),
    };
    if u32::try_from(text.len()).is_err() {
        return Err(IngestError::Unreadable { file, problem: "tables beyond 4 GB are not read".to_owned() });
    }
    let parts = parts(text.as_bytes(), rayon::current_num_threads());
    let scanned: Vec<_> = parts.par_iter().map(|part| Scanned::new(&text, part.clone(), layout.marks, layout.header.len())).collect();
    let n_rows = scanned.iter().map(|scanned| scanned.rows.len()).sum();
    let (mut rows, mut ends) = (Vec::with_capacity(n_rows), Vec::with_capacity(n_rows * layout.header.len()));
    let mut line = layout.data_line;
    for (scanned, part) in scanned.into_iter().zip(parts) {
        rows.extend(scanned.rows.iter().map(|row| Row { line: row.line + line as u32, ..*row }));
        ends.extend(scanned.ends);
        match scanned.flaw {
            Some((after, Flaw::OpenQuote)) => return Err(IngestError::OpenQuote { file, line: line + after }),
            Some((after, Flaw::Ragged { cells })) => {
                return Err(IngestError::RaggedRow { file, line: line + after, cells, columns: layout.header.len() });
            }
            None => line += count_lines(&text.as_bytes()[part]),
        }
    }
    if rows.is_empty() {
        return Err(IngestError::HeaderOnly { file });
    }
    let decimal = DecimalMark::of(None, None, layout.marks.delimiter).unwrap_or(DecimalMark::Point);
    Ok(Table { file, text, names: layout.header, rows, ends, decimal })
}

/// Pieces of a text that end where a line ends; with quotation marks in it, a line end may be in a cell, and it stays whole.
fn parts(text: &[u8], wanted: usize) -> Vec<Range<usize>> {
    let (mut parts, mut start) = (Vec::new(), 0);
    if memchr::memchr(b'"', text).is_none() {
        for part in 1..wanted {
            let near = start.max(text.len() / wanted * part);
            let Some(end) = memchr::memchr(b'\n', &text[near..]) else { break };
            parts.push(start..near + end + 1);
            start = near + end + 1;
        }
    }
    parts.push(start..text.len());
    parts
}

/// The rows of a part of the text, their lines counted from its first.
struct Scanned {
    rows: Vec<Row>,
    ends: Vec<u32>,
    /// Why it ended early, and on which line.
    flaw: Option<(usize, Flaw)>,
}

enum Flaw {
    OpenQuote,
    Ragged { cells: usize },
}

impl Scanned {
    fn new(text: &str, part: Range<usize>, marks: Marks, columns: usize) -> Self {
        let mut scanned = Self { rows: Vec::new(), ends: Vec::new(), flaw: None };
        let (block, mut cells) = (&text.as_bytes()[..part.end], Vec::new());
        let (mut at, mut line) = (part.start, 0);
        while at < part.end {
            let found = scan(block, at, marks, true, &mut cells);
            match found.kind {
                Kind::Nothing => {}
                Kind::Damaged | Kind::Incomplete => {
                    scanned.flaw = Some((line, Flaw::OpenQuote));
                    break;
                }
                Kind::Record => {
                    let spare = cells.iter().skip(columns).any(|cell| !cell.text(text).is_empty());
                    if cells.len() < columns || spare {
                        scanned.flaw = Some((line, Flaw::Ragged { cells: cells.len() }));
                        break;
                    }
                    scanned.rows.push(Row { start: at as u32, line: line as u32 });
                    scanned.ends.extend(cells[..columns].iter().map(Cell::end));
                }
            }
            at = found.next;
            line += found.lines as usize;
        }
        scanned
    }
}

impl Table {
    /// Column names as they stand.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Number of rows after the header.
    #[must_use]
    pub fn n_rows(&self) -> usize {
        self.rows.len()
    }

    /// Physical line of a row, counted from 1.
    #[must_use]
    pub fn line(&self, row: usize) -> usize {
        self.rows[row].line as usize
    }

    /// The file as named.
    #[must_use]
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The place of a column.
    ///
    /// # Errors
    /// [`IngestError::NoColumn`] with the nearest name.
    pub fn column(&self, name: &str) -> Result<usize, IngestError> {
        self.names.iter().position(|known| known == name).ok_or_else(|| IngestError::NoColumn {
            file: self.file.clone(),
            name: name.to_owned(),
            found: self.names.clone(),
            nearest: nearest(name, self.names.iter().map(String::as_str)).map(str::to_owned),
        })
    }

    /// Whether a cell is empty or `NA`.
    #[must_use]
    pub fn is_missing(&self, row: usize, column: usize) -> bool {
        self.text(row, column).is_none()
    }

    /// A cell as text; an empty cell and `NA` are missing.
    #[must_use]
    pub fn text(&self, row: usize, column: usize) -> Option<Cow<'_, str>> {
        let place = row * self.names.len() + column;
        let start = if column == 0 { self.rows[row].start } else { self.ends[place - 1] + 1 };
        let text = Cell::between(&self.text, start, self.ends[place]).text(&self.text);
        let missing = text.is_empty() || text.eq_ignore_ascii_case("NA");
        (!missing).then_some(text)
    }

    /// The marks that may stand before the decimals in this file.
    #[must_use]
    pub fn decimal_marks(&self) -> &'static [char] {
        match self.decimal {
            DecimalMark::Point => &['.'],
            DecimalMark::Comma => &[','],
            DecimalMark::Either | DecimalMark::Grouped { .. } => &['.', ','],
        }
    }

    /// A cell as a number; an empty cell and `NA` are missing.
    ///
    /// # Errors
    /// [`IngestError::NotANumber`] with line and column.
    pub fn number(&self, row: usize, column: usize) -> Result<Option<f64>, IngestError> {
        match self.text(row, column) {
            None => Ok(None),
            Some(text) => number::parse(&text, self.decimal).map(Some).ok_or_else(|| IngestError::NotANumber {
                file: self.file.clone(),
                line: self.line(row),
                column: self.names[column].clone(),
                cell: text.into_owned(),
            }),
        }
    }

    /// A column as texts; an empty cell and `NA` are missing.
    ///
    /// # Errors
    /// [`IngestError::NoColumn`].
    pub fn texts(&self, name: &str) -> Result<Vec<Option<Cow<'_, str>>>, IngestError> {
        let column = self.column(name)?;
        Ok((0..self.n_rows()).map(|row| self.text(row, column)).collect())
    }

    /// A column as numbers; an empty cell and `NA` are missing.
    ///
    /// # Errors
    /// [`IngestError::NoColumn`], or [`IngestError::NotANumber`] with line and column of the first cell that is none.
    pub fn numbers(&self, name: &str) -> Result<Vec<Option<f64>>, IngestError> {
        let column = self.column(name)?;
        (0..self.n_rows()).map(|row| self.number(row, column)).collect()
    }
}
