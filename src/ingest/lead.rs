//! The usual start of a row: the patient of the row before, then a day. Read in one step where it stands so; all other rows are
//! read cell by cell, to the same patient and day.

use super::plain;
use super::plan::{DateSource, PatientSource, Plan};
use super::record::{Cell, Kind, Marks, Scan, scan_rest};
use crate::domain::Day;

/// How rows of a block start.
pub(super) struct Lead<'a> {
    block: &'a [u8],
    marks: Marks,
    columns: usize,
    /// Later days are for the rules.
    last_day: Day,
    /// Whether patient and day are the first two columns of the file.
    first: bool,
    /// The cell of the patient above with the delimiter after it, and the patient.
    above: Option<(&'a [u8], u32)>,
}

/// A row that starts as usual.
#[derive(Clone, Copy)]
pub(super) struct Led {
    pub patient: u32,
    pub day: Day,
    pub found: Scan,
}

impl<'a> Lead<'a> {
    pub fn new(block: &'a str, plan: &Plan, cut_off: Option<Day>) -> Self {
        let exported = plan.dates.first().and_then(|date| date.last).map(|last| last.day);
        let last = cut_off.into_iter().chain(exported).min();
        let columns = (&plan.patient, plan.dates.first().map(|date| &date.source));
        Self {
            block: block.as_bytes(),
            marks: plan.marks,
            columns: plan.header.len(),
            last_day: last.unwrap_or(Day(i32::MAX)),
            first: plan.plain && matches!(columns, (PatientSource::Column(0), Some(DateSource::Column(1)))),
            above: None,
        }
    }

    /// Remembers the patient of a row, whose id is `id`; `known` says that further rows need not be checked for it.
    pub fn remember(&mut self, patient: u32, id: &str, known: bool, cell: &Cell) {
        let stands = cell.plain(self.block).is_some_and(|cell| cell == id.as_bytes());
        let place = cell.start() as usize..=cell.end() as usize;
        let with_delimiter = self.block.get(place).filter(|bytes| bytes.last() == Some(&self.marks.delimiter));
        self.above = with_delimiter.filter(|_| self.first && known && stands).map(|bytes| (bytes, patient));
    }

    /// The row at `start` and its cells, if it starts with the patient above and a day, and has as many plain cells as the header.
    #[inline]
    pub fn row(&self, start: usize, cells: &mut Vec<Cell>) -> Option<Led> {
        let (above, patient) = self.above?;
        let rest = self.block.get(start..)?.strip_prefix(above)?;
        let (date, rest) = rest.split_first_chunk::<10>()?;
        let day = plain::day(date)?;
        if rest.first() != Some(&self.marks.delimiter) || day > self.last_day {
            return None;
        }
        let date_start = start + above.len();
        cells.clear();
        cells.push(Cell::unquoted(start, date_start - 1));
        cells.push(Cell::unquoted(date_start, date_start + 10));
        let found = scan_rest(self.block, start, date_start + 11, self.marks.delimiter, cells)?;
        (found.kind == Kind::Record && cells.len() == self.columns).then_some(Led { patient, day, found })
    }
}
