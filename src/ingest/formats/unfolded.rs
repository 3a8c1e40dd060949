//! Rows of native shape made from a foreign file, and where each of them came from.

use csv::{Terminator, Writer, WriterBuilder};

use super::grid::Grid;
use crate::ingest::accounting::Rejected;
use crate::ingest::blocks::count_lines;
use crate::settings::FileSettings;

/// Rows of a file that were accounted for before the common reader got to see them.
#[derive(Default)]
pub(in crate::ingest) struct Aside {
    /// Rows that belong to other logs, or hold nothing.
    pub filtered: usize,
    /// Rows whose values became part of another row.
    pub merged: usize,
    /// Rows no value could be made of, with their places in the file.
    pub rejected: Vec<SetAside>,
}

/// A rejected row, and which cells of the file's row its record shows.
pub(in crate::ingest) struct SetAside {
    pub row: Rejected,
    /// The columns of the cells shown, where one cell was a row: all of a long row for each of its cells would be too much.
    pub columns: Option<Vec<usize>>,
}

impl From<Rejected> for SetAside {
    fn from(row: Rejected) -> Self {
        Self { row, columns: None }
    }
}

impl Aside {
    /// All of them.
    pub fn rows(&self) -> usize {
        self.filtered + self.merged + self.rejected.len()
    }
}

/// Where the lines of an unfolded text came from in the file itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::ingest) struct Origins {
    /// For each physical line of the text, counted from 0, the line of the file (row of the sheet).
    lines: Vec<u32>,
    /// For each physical line, one more than the index into `names`, or 0.
    columns: Vec<u32>,
    /// Columns of the file that cells came from, where one row was made of one cell.
    names: Vec<String>,
}

impl Origins {
    /// The line of the file that line `line` of the text (counted from 1) came from.
    pub fn line(&self, line: usize) -> usize {
        let found = line.checked_sub(1).and_then(|index| self.lines.get(index));
        found.map_or(line, |&line| line as usize)
    }

    /// Columns of the file that rows were made of, where one row was made of one cell.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The column of the file a line of the text was made of, if it was made of one cell.
    pub fn column(&self, line: usize) -> Option<&str> {
        let index = self.columns.get(line.checked_sub(1)?)?.checked_sub(1)?;
        self.names.get(index as usize).map(String::as_str)
    }
}

/// Comma-separated text of native shape.
pub(in crate::ingest) struct Unfolded {
    writer: Writer<Vec<u8>>,
    origins: Origins,
    /// What the file is and how it was unfolded, in words for the account.
    pub described: Vec<String>,
    /// What was assumed or left out, in whole sentences.
    pub notes: Vec<String>,
    /// Rows of the file that are not in the text.
    pub aside: Aside,
    /// The settings the text is read by, where unfolding has used up those of the file.
    pub read_by: Option<FileSettings>,
    /// The header and first rows of the file itself, if it had another layout.
    pub original: Option<Grid>,
}

impl Unfolded {
    /// A text with this header, which stands on `line` of the file.
    pub fn new(header: &[&str], line: usize) -> Self {
        let writer = WriterBuilder::new().flexible(true).terminator(Terminator::Any(b'\n')).from_writer(Vec::new());
        let (origins, described, notes) = (Origins::default(), Vec::new(), Vec::new());
        let mut unfolded = Self { writer, origins, described, notes, aside: Aside::default(), read_by: None, original: None };
        unfolded.push(header, line, None);
        unfolded
    }

    /// Sets a row aside.
    pub fn reject(&mut self, row: impl Into<SetAside>) {
        self.aside.rejected.push(row.into());
    }

    /// Adds a row made from `line` of the file. Where it was made of one cell, `column` is the place of the cell's column
    /// among those of [`Self::of_columns`].
    pub fn push(&mut self, cells: &[&str], line: usize, column: Option<usize>) {
        // Writing to memory fails for no row.
        if self.writer.write_record(cells).is_err() {
            return;
        }
        let column = column.map_or(0, |column| column as u32 + 1);
        let lines = 1 + cells.iter().map(|cell| count_lines(cell.as_bytes())).sum::<usize>();
        for _ in 0..lines {
            self.origins.lines.push(line as u32);
            self.origins.columns.push(column);
        }
    }

    /// Names the columns cells will come from, in the order of the file.
    pub fn of_columns<'n>(&mut self, names: impl Iterator<Item = &'n str>) {
        self.origins.names.extend(names.map(str::to_owned));
    }

    /// The text and the places its lines came from.
    pub fn into_parts(self) -> (Vec<u8>, Origins) {
        (self.writer.into_inner().unwrap_or_default(), self.origins)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_the_text_lead_back_to_the_file() {
        let mut unfolded = Unfolded::new(&["patient_id", "note"], 3);
        unfolded.push(&["P1", "two\nlines, and a \"quote\""], 7, None);
        unfolded.of_columns(["day_1", "day_2"].into_iter());
        unfolded.push(&["P2", "x"], 9, Some(1));
        let (text, origins) = unfolded.into_parts();
        assert_eq!(String::from_utf8(text).unwrap(), "patient_id,note\nP1,\"two\nlines, and a \"\"quote\"\"\"\nP2,x\n");
        assert_eq!([1, 2, 3, 4].map(|line| origins.line(line)), [3, 7, 7, 9]);
        assert_eq!((origins.column(3), origins.column(4), origins.column(99)), (None, Some("day_2"), None));
    }
}
