//! The rows of a sheet: where the header stands, what is beside the table, what is blank.

use super::error::ContainerError;
use super::rows::Rows;
use crate::domain::number::counted;
use crate::settings::{FileSettings, LogKind};

/// Rows looked at for the header where a title stands first.
const LOOKED_AT: usize = 20;

/// Hands the rows of a sheet on as a table.
pub(super) struct SheetRows<'a> {
    file: &'a str,
    kind: LogKind,
    settings: &'a FileSettings,
    table: &'a mut dyn Rows,
    /// Columns of the header, once it was met.
    columns: Option<usize>,
    title: Option<Title>,
    /// Rows with cells right of the header's last name, and the first of them.
    beyond: (usize, usize),
}

/// A single cell where the header was expected.
struct Title {
    line: usize,
    text: String,
    /// The rows below it and how many of their cells are filled.
    below: Vec<(usize, usize)>,
}

impl Title {
    /// The first row nearly as full as the fullest: names stand above what they name.
    fn header_line(&self) -> Option<usize> {
        let fullest = self.below.iter().map(|&(_, filled)| filled).max().filter(|&filled| filled > 1)?;
        self.below.iter().find(|&&(_, filled)| 4 * filled >= 3 * fullest).map(|&(line, _)| line)
    }
}

impl<'a> SheetRows<'a> {
    pub fn new(file: &'a str, kind: LogKind, settings: &'a FileSettings, table: &'a mut dyn Rows) -> Self {
        Self { file, kind, settings, table, columns: None, title: None, beyond: (0, 0) }
    }

    /// Takes row `line` (counted from 1) of the sheet.
    pub fn row(&mut self, cells: &mut Vec<String>, line: usize) -> Result<(), ContainerError> {
        while cells.last().is_some_and(String::is_empty) {
            cells.pop();
        }
        let comment =
            self.settings.comment.is_some_and(|mark| cells.iter().find(|cell| !cell.is_empty()).is_some_and(|cell| cell.starts_with(mark)));
        if cells.is_empty() || comment || line <= self.settings.skip_lines {
            return Ok(());
        }
        let filled = cells.iter().filter(|cell| !cell.is_empty()).count();
        let Some(columns) = self.columns else {
            if filled == 1 {
                let text = cells.last().cloned().unwrap_or_default();
                self.title = Some(Title { line, text, below: Vec::new() });
            }
            self.columns = Some(cells.len());
            self.table.header(cells, line);
            return Ok(());
        };
        if let Some(title) = &mut self.title {
            title.below.push((line, filled));
            if title.below.len() == LOOKED_AT {
                self.no_title()?;
            }
        }
        if cells.len() > columns {
            self.beyond = (self.beyond.0 + 1, if self.beyond.0 == 0 { line } else { self.beyond.1 });
        }
        cells.resize(columns, String::new());
        if cells.iter().any(|cell| !cell.is_empty()) {
            self.table.row(cells, line);
        }
        Ok(())
    }

    /// A single cell is a header only if every row has a single cell.
    fn no_title(&mut self) -> Result<(), ContainerError> {
        let Some(title) = self.title.take() else { return Ok(()) };
        title.header_line().map_or(Ok(()), |header_line| {
            let file = self.file.to_owned();
            Err(ContainerError::TitleRows { file, kind: self.kind, line: title.line, title: title.text, header_line })
        })
    }

    /// After the last row: notes on what was left out.
    pub fn finish(mut self) -> Result<Vec<String>, ContainerError> {
        self.no_title()?;
        if self.columns.is_none() {
            return Err(ContainerError::EmptySheet { file: self.file.to_owned() });
        }
        let (rows, first) = self.beyond;
        let rows_have = counted(rows, "row has", "rows have");
        let beyond =
            format!("{}: {rows_have} cells right of the last named column (the first: row {first}); they are not read.", self.file);
        Ok(if rows == 0 { vec![] } else { vec![beyond] })
    }
}
