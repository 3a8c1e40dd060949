//! Days in the cells and headers of foreign layouts, by the rules of all dates: settled by the column or the settings, never guessed.

use super::foreign::Foreign;
use crate::domain::Day;
use crate::ingest::dates::{self, DateStyle, NotADay, OrderEvidence};
use crate::ingest::error::IngestError;
use crate::settings::DateOrder;

/// How the days of one column (or one header) are read.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct DayCells {
    style: DateStyle,
}

/// Days outside these, from 1770 to 2270, are slips of the key, and too far to count from.
const NEAR: std::ops::Range<i32> = -73_050..109_575;

impl DayCells {
    /// Settles how these cells (each with its line) are read.
    pub fn settled<'c>(foreign: &Foreign<'_>, column: &str, cells: impl Iterator<Item = (&'c str, usize)>) -> Result<Self, IngestError> {
        let settings = &foreign.located.settings;
        let style = DateStyle::of(settings, &foreign.located.name, foreign.kind)?.for_column(settings, "start", column);
        if style.order.is_some() {
            return Ok(Self { style });
        }
        let mut evidence = OrderEvidence::default();
        for (cell, line) in cells {
            if let Err(NotADay::Undecided { parts, weekday }) = dates::parse(cell, &style) {
                evidence.note(parts, weekday, cell, line);
            }
        }
        let ordered = |order| DateStyle { order: Some(order), ..style };
        let (file, kind, column) = (foreign.located.name.clone(), foreign.kind, column.to_owned());
        match (evidence.day_first, evidence.month_first, evidence.either) {
            (Some(day), Some(month), _) => Err(IngestError::MixedDates {
                file,
                kind,
                column,
                day_first: day.cell,
                day_first_line: day.line,
                month_first: month.cell,
                month_first_line: month.line,
            }),
            (Some(_), None, _) => Ok(Self { style: ordered(DateOrder::DayFirst) }),
            (None, Some(_), _) => Ok(Self { style: ordered(DateOrder::MonthFirst) }),
            (None, None, Some(either)) => {
                // Both readings are days, or the cell would have settled the order.
                let read = |order| dates::parse(&either.cell, &ordered(order)).map_or(Day(0), |dated| dated.day);
                let (day_first, month_first) = (read(DateOrder::DayFirst), read(DateOrder::MonthFirst));
                Err(IngestError::AmbiguousDates {
                    file,
                    kind,
                    line: either.line,
                    column,
                    cell: either.cell.clone(),
                    day_first,
                    month_first,
                })
            }
            (None, None, None) => Ok(Self { style }),
        }
    }

    /// The day in a cell.
    pub fn day(self, cell: &str) -> Option<Day> {
        dates::parse(cell, &self.style).ok().map(|dated| dated.day).filter(|day| NEAR.contains(&day.0))
    }
}

/// Whether a text has the shape of a date, in whatever order.
pub(super) fn looks_like_a_date(text: &str) -> bool {
    matches!(dates::parse(text, &DateStyle::default()), Ok(_) | Err(NotADay::Undecided { .. } | NotADay::NoSuchDay))
}
