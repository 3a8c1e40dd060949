//! Rows merged away while a log is put together.

use super::places::{Place, Places};
use super::relations::{Conflict, Repeats};

/// Rows merged away, counted for the file each came from.
pub(super) struct Merged<'a> {
    /// For each file of the log, the row after its last one.
    pub file_ends: &'a [usize],
    /// Rows merged, per file.
    pub per_file: Vec<usize>,
    /// Those of them that only say again what another row says, per file.
    pub repeats: Vec<Repeats>,
    /// Days whose scores differ.
    pub conflicts: Vec<Conflict>,
    /// Readings of visits on days that the diary has.
    pub visits: usize,
}

impl<'a> Merged<'a> {
    pub fn new(file_ends: &'a [usize]) -> Self {
        let files = file_ends.len();
        Self { file_ends, per_file: vec![0; files], repeats: vec![Repeats::default(); files], conflicts: Vec::new(), visits: 0 }
    }

    /// The file of a row.
    pub fn file(&self, row: usize) -> usize {
        self.file_ends.partition_point(|&end| end <= row)
    }

    /// Counts a row as merged.
    pub fn count(&mut self, row: usize) {
        let file = self.file(row);
        if let Some(count) = self.per_file.get_mut(file) {
            *count += 1;
        }
    }

    /// Counts the reading of a visit that stands beside the diary's.
    pub fn visit(&mut self, row: usize) {
        self.count(row);
        self.visits += 1;
    }

    /// Counts a row that says again what another row says.
    pub fn repeat(&mut self, row: usize, places: &Places) {
        let file = self.file(row);
        if let Some(repeats) = self.repeats.get_mut(file) {
            repeats.rows += 1;
            let place = places.of(row);
            let earlier = |first: Place| place.is_some_and(|place| place.line < first.line);
            if repeats.first.is_none_or(earlier) {
                repeats.first = place;
            }
        }
    }
}
