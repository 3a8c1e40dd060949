//! What the cells of one date column say of its order.

use chrono::{Datelike, Weekday};

use crate::domain::Day;

/// A cell and its line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::ingest) struct Sighting {
    pub cell: String,
    pub line: usize,
}

/// What the cells of one date column say of its order.
#[derive(Clone, Debug, Default)]
pub(in crate::ingest) struct OrderEvidence {
    /// First cell that can only be day first.
    pub day_first: Option<Sighting>,
    /// First cell that can only be month first.
    pub month_first: Option<Sighting>,
    /// First cell that could be either.
    pub either: Option<Sighting>,
    /// Date-times in UTC whose day was taken as written.
    pub utc: usize,
}

impl OrderEvidence {
    /// Notes a cell whose first two numbers and year are `parts`, and the weekday written beside them.
    pub fn note(&mut self, parts: (u32, u32, i32), weekday: Option<Weekday>, cell: &str, line: usize) {
        let (first, second, year) = parts;
        let fits =
            |month, day| Day::from_ymd(year, month, day).is_some_and(|day| weekday.is_none_or(|weekday| day.date().weekday() == weekday));
        let slot = match (fits(second, first), fits(first, second)) {
            (true, true) => &mut self.either,
            (true, false) => &mut self.day_first,
            (false, true) => &mut self.month_first,
            // 31/02 is no day in either order and says nothing.
            (false, false) => return,
        };
        if slot.is_none() {
            *slot = Some(Sighting { cell: cell.to_owned(), line });
        }
    }

    /// Takes over what a later part of the column says.
    pub fn extend(&mut self, later: Self) {
        self.day_first = self.day_first.take().or(later.day_first);
        self.month_first = self.month_first.take().or(later.month_first);
        self.either = self.either.take().or(later.either);
        self.utc += later.utc;
    }

    /// Whether a cell was met that the order decides: the file is then read again by it, or refused.
    pub fn decides(&self) -> bool {
        self.day_first.is_some() || self.month_first.is_some() || self.either.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_is_settled_by_the_cell_that_can_be_read_one_way() {
        let mut evidence = OrderEvidence::default();
        evidence.note((3, 4, 2024), None, "3/4/2024", 2);
        assert!(evidence.day_first.is_none() && evidence.month_first.is_none());
        evidence.note((31, 3, 2024), None, "31/3/2024", 9);
        assert_eq!(evidence.day_first, Some(Sighting { cell: "31/3/2024".into(), line: 9 }));
        evidence.note((31, 2, 2024), None, "31/2/2024", 10);
        assert!(evidence.month_first.is_none());
    }
}
