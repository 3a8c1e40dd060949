//! Dates as they are typed, and the order of day and month settled by the column itself, never guessed.

use crate::domain::Day;
use crate::settings::DateOrder;

/// Why a cell is not a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NotADay {
    /// Not the shape of a date.
    Shape,
    /// Three numbers that are no day (31/02).
    NoSuchDay,
    /// A year of two digits.
    ShortYear,
    /// Day, month or both could stand first, and the order is not settled.
    Undecided {
        /// The first two numbers and the year.
        parts: (u32, u32, i32),
    },
}

/// Reads a day: `YYYY-MM-DD` in any case, else by `order`; a time of day after it is accepted, and the local day counts.
pub(super) fn parse(text: &str, order: Option<DateOrder>) -> Result<Day, NotADay> {
    if let Ok(day) = Day::parse_iso(text) {
        return Ok(day);
    }
    let (date, time) = match text.find(['T', ' ']) {
        Some(at) => (&text[..at], Some(text[at + 1..].trim_start())),
        None => (text, None),
    };
    if time.is_some_and(|time| !is_time(time)) {
        return Err(NotADay::Shape);
    }
    let separator = date.find(|c: char| !c.is_ascii_digit()).and_then(|at| date[at..].chars().next());
    let Some(separator @ ('-' | '/' | '.')) = separator else { return Err(NotADay::Shape) };
    let mut parts = date.split(separator);
    let (Some(a), Some(b), Some(c), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
        return Err(NotADay::Shape);
    };
    let numbers = |text: &str, most: usize| -> Result<u32, NotADay> {
        let good = !text.is_empty() && text.len() <= most && text.bytes().all(|byte| byte.is_ascii_digit());
        if good { text.parse().map_err(|_| NotADay::Shape) } else { Err(NotADay::Shape) }
    };
    if a.len() == 4 {
        let (year, month, day) = (numbers(a, 4)?, numbers(b, 2)?, numbers(c, 2)?);
        return Day::from_ymd(year.cast_signed(), month, day).ok_or(NotADay::NoSuchDay);
    }
    let (first, second, year) = (numbers(a, 2)?, numbers(b, 2)?, numbers(c, 4)?.cast_signed());
    if c.len() != 4 {
        return Err(if c.len() == 2 { NotADay::ShortYear } else { NotADay::Shape });
    }
    match order {
        Some(DateOrder::Iso) => Err(NotADay::Shape),
        Some(DateOrder::DayFirst) => Day::from_ymd(year, second, first).ok_or(NotADay::NoSuchDay),
        Some(DateOrder::MonthFirst) => Day::from_ymd(year, first, second).ok_or(NotADay::NoSuchDay),
        None => Err(NotADay::Undecided { parts: (first, second, year) }),
    }
}

/// The time of day that stands beside the date in a cell.
pub(super) fn time_of_day(text: &str) -> Option<&str> {
    text.match_indices(['T', ' ']).map(|(at, _)| text[at + 1..].trim()).find(|rest| is_time(rest))
}

/// `hh:mm[:ss[.f…]][Z|±hh[:]mm]`
fn is_time(text: &str) -> bool {
    let zone = text.find(['Z', '+', '-']).unwrap_or(text.len());
    let (clock, zone) = text.split_at(zone);
    let two = |part: &str, below: u32| part.len() == 2 && part.parse::<u32>().is_ok_and(|number| number < below);
    let mut fields = clock.trim_end().split(':');
    let clock_good = fields.next().is_some_and(|hours| hours.len() <= 2 && hours.parse::<u32>().is_ok_and(|number| number < 24))
        && fields.next().is_some_and(|minutes| two(minutes, 60))
        && fields.next().is_none_or(|seconds| {
            let (whole, fraction) = seconds.split_once(['.', ',']).unwrap_or((seconds, "0"));
            two(whole, 61) && fraction.bytes().all(|byte| byte.is_ascii_digit())
        })
        && fields.next().is_none();
    let zone_good = match zone.strip_prefix(['+', '-']) {
        Some(offset) => {
            let digits = offset.replace(':', "");
            matches!(digits.len(), 2 | 4) && digits.bytes().all(|byte| byte.is_ascii_digit())
        }
        None => zone.is_empty() || zone == "Z",
    };
    clock_good && zone_good
}

/// A cell and its line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sighting {
    pub cell: String,
    pub line: usize,
}

/// What the cells of one date column say of its order.
#[derive(Clone, Debug, Default)]
pub(super) struct OrderEvidence {
    /// First cell that can only be day first.
    pub day_first: Option<Sighting>,
    /// First cell that can only be month first.
    pub month_first: Option<Sighting>,
    /// First cell that could be either.
    pub either: Option<Sighting>,
}

impl OrderEvidence {
    /// Notes a cell whose first two numbers and year are `parts`.
    pub fn note(&mut self, parts: (u32, u32, i32), cell: &str, line: usize) {
        let (first, second, year) = parts;
        let slot = match (Day::from_ymd(year, second, first).is_some(), Day::from_ymd(year, first, second).is_some()) {
            (true, true) => &mut self.either,
            (true, false) if first > 12 => &mut self.day_first,
            (false, true) if second > 12 => &mut self.month_first,
            // 31/02 is no day in either order and says nothing.
            _ => return,
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
    }

    /// Whether a cell was met that the order decides: the file is then read again by it, or refused.
    pub fn decides(&self) -> bool {
        self.day_first.is_some() || self.month_first.is_some() || self.either.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(year: i32, month: u32, day: u32) -> Result<Day, NotADay> {
        Day::from_ymd(year, month, day).ok_or(NotADay::NoSuchDay)
    }

    #[test]
    fn iso_dates_and_date_times_are_read_whatever_the_order() {
        for text in ["2024-03-31", "2024-03-31 23:59", "2024-03-31T23:59:59.5+02:00", "2024-03-31T00:00:00Z", "2024/3/31", "2024.03.31"] {
            assert_eq!(parse(text, None), day(2024, 3, 31), "{text}");
            assert_eq!(parse(text, Some(DateOrder::MonthFirst)), day(2024, 3, 31), "{text}");
        }
    }

    #[test]
    fn other_dates_follow_the_order_and_are_undecided_without() {
        assert_eq!(parse("31/03/2024", Some(DateOrder::DayFirst)), day(2024, 3, 31));
        assert_eq!(parse("3-31-2024 8:05", Some(DateOrder::MonthFirst)), day(2024, 3, 31));
        assert_eq!(parse("31.02.2024", Some(DateOrder::DayFirst)), Err(NotADay::NoSuchDay));
        assert_eq!(parse("31.03.2024", Some(DateOrder::Iso)), Err(NotADay::Shape));
        assert_eq!(parse("3/4/2024", None), Err(NotADay::Undecided { parts: (3, 4, 2024) }));
        assert_eq!(parse("3/4/24", None), Err(NotADay::ShortYear));
        for text in
            ["", "yesterday", "2024-03-31x", "2024-03-31 noon", "2024-03-31 25:00", "1/2-2024", "1/2/3/2024", "2023-13-01x", "1/é/2024"]
        {
            assert_eq!(parse(text, None), Err(NotADay::Shape), "{text}");
        }
        assert_eq!(parse("2022-13-01", None), Err(NotADay::NoSuchDay));
    }

    #[test]
    fn a_column_is_settled_by_the_cell_that_can_be_read_one_way() {
        let mut evidence = OrderEvidence::default();
        evidence.note((3, 4, 2024), "3/4/2024", 2);
        assert!(evidence.day_first.is_none() && evidence.month_first.is_none());
        evidence.note((31, 3, 2024), "31/3/2024", 9);
        assert_eq!(evidence.day_first, Some(Sighting { cell: "31/3/2024".into(), line: 9 }));
        evidence.note((31, 2, 2024), "31/2/2024", 10);
        assert!(evidence.month_first.is_none());
    }
}
