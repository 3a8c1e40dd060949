//! Rows handed on one by one: from a container to a grid or to native text, without holding both.

use super::grid::{Grid, GridRow};
use super::unfolded::Unfolded;

/// Takes the rows of a table.
pub(super) trait Rows: Send {
    /// The names of the columns and the line they stand on; comes first, once.
    fn header(&mut self, names: &[String], line: usize);
    /// A row, as many cells as the header has names.
    fn row(&mut self, cells: &[String], line: usize);
}

impl Rows for Grid {
    fn header(&mut self, names: &[String], line: usize) {
        self.header = names.to_vec();
        self.header_line = line;
    }

    fn row(&mut self, cells: &[String], line: usize) {
        self.rows.push(GridRow { line, cells: cells.to_vec() });
    }
}

impl Rows for Option<Unfolded> {
    fn header(&mut self, names: &[String], line: usize) {
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        *self = Some(Unfolded::new(&names, line));
    }

    fn row(&mut self, cells: &[String], line: usize) {
        if let Some(unfolded) = self {
            let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
            unfolded.push(&cells, line, None);
        }
    }
}

/// What a container says of itself beside its rows.
#[derive(Clone, Debug, Default)]
pub(super) struct Said {
    /// What the file is, in words for the account.
    pub described: Vec<String>,
    /// What was assumed or left out, in whole sentences.
    pub notes: Vec<String>,
}
