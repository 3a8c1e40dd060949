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
    /// Whether patient and day are the first two columns of the file.
    first: bool,
    above: Option<Above<'a>>,
}

/// The patient of the row above.
struct Above<'a> {
    patient: u32,
    /// Its cell with the delimiter after it.
    cell: &'a [u8],
    /// The first 16 bytes of these as a number, and where in it they stand: compared first, for most ids this is all.
    start: u128,
    mask: u128,
}

/// A row that starts as usual. Its day may still break a rule.
#[derive(Clone, Copy)]
pub(super) struct Led {
    pub patient: u32,
    pub day: Day,
    pub found: Scan,
}

impl<'a> Lead<'a> {
    pub fn new(block: &'a str, plan: &Plan) -> Self {
        let columns = (&plan.patient, plan.dates.first().map(|date| &date.source));
        Self {
            block: block.as_bytes(),
            marks: plan.marks,
            columns: plan.header.len(),
            first: plan.plain && matches!(columns, (PatientSource::Column(0), Some(DateSource::Column(1)))),
            above: None,
        }
    }

    /// Remembers the patient of a row, whose id is `id`; `known` says that further rows need not be checked for it. Where ids
    /// are pseudonymized the cell is not the id, and nothing is remembered.
    pub fn remember(&mut self, patient: u32, id: &str, known: bool, cell: &Cell) {
        let stands = cell.plain(self.block).is_some_and(|cell| cell == id.as_bytes());
        let place = cell.start() as usize..=cell.end() as usize;
        let with_delimiter = self.block.get(place).filter(|bytes| bytes.last() == Some(&self.marks.delimiter));
        self.above = with_delimiter.filter(|_| self.first && known && stands).map(|cell| {
            let mut start = [0; 16];
            start.iter_mut().zip(cell).for_each(|(place, &byte)| *place = byte);
            let mask = u128::MAX >> (8 * 16_usize.saturating_sub(cell.len()));
            Above { patient, cell, start: u128::from_le_bytes(start), mask }
        });
    }

    /// The row at `start` and its cells, if it starts with the patient above and a day, and has as many plain cells as the header.
    #[inline]
    pub fn row(&self, start: usize, cells: &mut Vec<Cell>) -> Option<Led> {
        let above = self.above.as_ref()?;
        let row = self.block.get(start..)?;
        if (u128::from_le_bytes(*row.first_chunk::<16>()?) ^ above.start) & above.mask != 0 {
            return None;
        }
        if above.cell.len() > 16 && !row.starts_with(above.cell) {
            return None;
        }
        let (date, rest) = row.get(above.cell.len()..)?.split_first_chunk::<10>()?;
        let day = plain::day(date)?;
        if rest.first() != Some(&self.marks.delimiter) {
            return None;
        }
        let date_start = start + above.cell.len();
        cells.clear();
        cells.push(Cell::unquoted(start, date_start - 1));
        cells.push(Cell::unquoted(date_start, date_start + 10));
        let found = scan_rest(self.block, start, date_start + 11, self.marks.delimiter, cells)?;
        (found.kind == Kind::Record && cells.len() == self.columns).then_some(Led { patient: above.patient, day, found })
    }
}
