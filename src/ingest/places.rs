//! Where each row of a finished log stands: in which file, on which line.

/// The place of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Index into `reading.files`.
    pub file: usize,
    /// Physical line, counted from 1 (the first, if the record spans several).
    pub line: usize,
}

/// The places of the rows of a log. Rows mostly stand on one line after the other, so only the breaks are kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Places {
    breaks: Vec<Break>,
    rows: u32,
    /// For each row the one it was as read; empty if rows are in the order of the files.
    order: Vec<u32>,
}

/// From this row on, row and line count on together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Break {
    row: u32,
    line: u32,
    file: u32,
}

impl Break {
    fn line_of(self, row: u32) -> u32 {
        self.line.saturating_add(row - self.row)
    }
}

impl Places {
    /// The place of a row of the finished log.
    #[must_use]
    pub fn of(&self, row: usize) -> Option<Place> {
        let row = u32::try_from(row).ok().filter(|&row| row < self.rows)?;
        let read = if self.order.is_empty() { row } else { *self.order.get(row as usize)? };
        let at = self.breaks.partition_point(|known| known.row <= read).checked_sub(1)?;
        let start = self.breaks.get(at)?;
        Some(Place { file: start.file as usize, line: start.line_of(read) as usize })
    }

    /// Adds a row that stands on `line`.
    #[inline]
    pub(super) fn push(&mut self, line: usize) {
        let (row, line) = (self.rows, u32::try_from(line).unwrap_or(u32::MAX));
        if self.breaks.last().is_none_or(|last| last.file != 0 || last.line_of(row) != line) {
            self.breaks.push(Break { row, line, file: 0 });
        }
        self.rows += 1;
    }

    /// Puts rows on other lines of the same file. Rows are still in the order in which they were read.
    pub(super) fn moved(&mut self, line: impl Fn(usize) -> usize) {
        let rows = std::mem::take(self);
        for row in 0..rows.rows as usize {
            if let Some(place) = rows.of(row) {
                self.push(line(place.line));
            }
        }
    }

    /// Says in which file all rows stand.
    pub(super) fn set_file(&mut self, file: usize) {
        for known in &mut self.breaks {
            known.file = file as u32;
        }
    }

    /// Adds the rows of a later part of the log.
    pub(super) fn append(&mut self, later: &Self) {
        for &known in &later.breaks {
            let moved = Break { row: self.rows + known.row, ..known };
            let goes_on = self.breaks.last().is_some_and(|last| last.file == moved.file && last.line_of(moved.row) == moved.line);
            if !goes_on {
                self.breaks.push(moved);
            }
        }
        self.rows += later.rows;
    }

    /// The places once rows are put in the order of `kept`, the rows as read.
    pub(super) fn ordered(self, kept: Vec<u32>) -> Self {
        Self { breaks: self.breaks, rows: kept.len() as u32, order: kept }
    }

    /// The places without some rows, named as read in ascending order.
    pub(super) fn without(self, dropped: &[u32]) -> Self {
        if dropped.is_empty() {
            return self;
        }
        let mut left = Self { breaks: Vec::with_capacity(self.breaks.len() + dropped.len()), rows: 0, order: Vec::new() };
        let mut dropped = dropped.iter().copied().peekable();
        for (at, &known) in self.breaks.iter().enumerate() {
            let end = self.breaks.get(at + 1).map_or(self.rows, |next| next.row);
            let mut from = known.row;
            while from < end {
                let to = dropped.next_if(|&row| row < end).unwrap_or(end);
                if to > from {
                    left.append(&Self {
                        breaks: vec![Break { row: 0, line: known.line_of(from), file: known.file }],
                        rows: to - from,
                        order: Vec::new(),
                    });
                }
                from = to.saturating_add(1);
            }
        }
        left
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(places: &Places, rows: usize) -> Vec<(usize, usize)> {
        assert_eq!(places.of(rows), None);
        (0..rows).map(|row| places.of(row).map(|place| (place.file, place.line)).unwrap()).collect()
    }

    fn pushed(file: usize, lines: &[usize]) -> Places {
        let mut places = Places::default();
        lines.iter().for_each(|&line| places.push(line));
        places.set_file(file);
        places
    }

    #[test]
    fn rows_keep_file_and_line_through_blocks_and_files() {
        let mut places = pushed(0, &[2, 3, 7]);
        places.append(&pushed(0, &[8, 9]));
        assert_eq!(places.breaks.len(), 2, "a block that goes on takes no further room");
        places.append(&pushed(1, &[10, 11]));
        assert_eq!(lines(&places, 7), [(0, 2), (0, 3), (0, 7), (0, 8), (0, 9), (1, 10), (1, 11)]);
        assert_eq!(lines(&places.ordered(vec![6, 0, 2]), 3), [(1, 11), (0, 2), (0, 7)]);
    }

    #[test]
    fn rows_merged_away_leave_the_places_of_the_others() {
        let lines_read = [2, 3, 4, 5, 9, 10, 11, 20];
        for mask in 0..256_u32 {
            let (dropped, kept): (Vec<u32>, Vec<u32>) = (0..8).partition(|row| mask >> row & 1 == 1);
            let left = pushed(3, &lines_read).without(&dropped);
            let expected: Vec<(usize, usize)> = kept.iter().map(|&row| (3, lines_read[row as usize])).collect();
            assert_eq!(lines(&left, kept.len()), expected, "{mask:b}");
        }
    }
}
