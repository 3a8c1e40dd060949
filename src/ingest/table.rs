//! Any CSV file as a table of texts, for `staywell stats`.

use std::borrow::Cow;
use std::path::Path;

use super::decode::{self, Encoding};
use super::error::IngestError;
use super::layout;
use super::locate::unreadable;
use super::number::{self, DecimalMark};
use super::record::{Cell, Kind, scan};
use crate::domain::nearest;
use crate::settings::FileSettings;

/// A CSV file with a header, its cells kept as they stand.
#[derive(Debug)]
pub struct Table {
    file: String,
    text: String,
    names: Vec<String>,
    cells: Vec<Cell>,
    lines: Vec<usize>,
    decimal: DecimalMark,
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
    let text = match decode::text(&bytes, opened.encoding).or_else(|| decode::text(&bytes, Encoding::Windows1252)) {
        Some(text) => text.into_owned(),
        None => String::new(),
    };
    if u32::try_from(text.len()).is_err() {
        return Err(IngestError::Unreadable { file, problem: "tables beyond 4 GB are not read".to_owned() });
    }
    let columns = layout.header.len();
    let (mut cells, mut lines, mut row) = (Vec::new(), Vec::new(), Vec::new());
    let (mut at, mut line) = (0, layout.data_line);
    while at < text.len() {
        let found = scan(text.as_bytes(), at, layout.marks, true, &mut row);
        match found.kind {
            Kind::Nothing => {}
            Kind::Damaged | Kind::Incomplete => return Err(IngestError::OpenQuote { file, line }),
            Kind::Record => {
                let spare = row.iter().skip(columns).any(|cell| !cell.text(&text).is_empty());
                if row.len() < columns || spare {
                    return Err(IngestError::RaggedRow { file, line, cells: row.len(), columns });
                }
                cells.extend_from_slice(&row[..columns]);
                lines.push(line);
            }
        }
        at = found.next;
        line += found.lines as usize;
    }
    if lines.is_empty() {
        return Err(IngestError::HeaderOnly { file });
    }
    let decimal = DecimalMark::of(None, layout.marks.delimiter).unwrap_or(DecimalMark::Point);
    Ok(Table { file, text, names: layout.header, cells, lines, decimal })
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
        self.lines.len()
    }

    /// Physical line of a row, counted from 1.
    #[must_use]
    pub fn line(&self, row: usize) -> usize {
        self.lines[row]
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
        let text = self.cells[row * self.names.len() + column].text(&self.text);
        let missing = text.is_empty() || text.eq_ignore_ascii_case("NA");
        (!missing).then_some(text)
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
                line: self.lines[row],
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
