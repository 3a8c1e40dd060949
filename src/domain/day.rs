//! A calendar day, held as the number of days since 1970-01-01.

use std::fmt;

use chrono::{Datelike, NaiveDate};
use serde::{Serialize, Serializer};

/// A calendar day: whole days since 1970-01-01 (the Unix epoch), so that differences are exact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub i32);

/// Why a text is not a calendar day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayError {
    /// Not three numbers in the expected order.
    Shape,
    /// Three numbers, but there is no such day (31/02).
    NoSuchDay,
}

const EPOCH_FROM_CE: i32 = 719_163;

impl Day {
    /// The day with this year, month (1–12) and day of the month, where there is one.
    #[must_use]
    pub fn from_ymd(year: i32, month: u32, day: u32) -> Option<Self> {
        NaiveDate::from_ymd_opt(year, month, day).map(|date| Self(date.num_days_from_ce() - EPOCH_FROM_CE))
    }

    /// Reads `YYYY-MM-DD`.
    ///
    /// # Errors
    /// [`DayError::Shape`] if the text has another shape, [`DayError::NoSuchDay`] if there is no such day.
    pub fn parse_iso(text: &str) -> Result<Self, DayError> {
        let bytes = text.as_bytes();
        if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
            return Err(DayError::Shape);
        }
        let number = |range: std::ops::Range<usize>| -> Result<u32, DayError> {
            bytes[range].iter().try_fold(0u32, |sum, byte| {
                if byte.is_ascii_digit() { Ok(sum * 10 + u32::from(byte - b'0')) } else { Err(DayError::Shape) }
            })
        };
        let (year, month, day) = (number(0..4)?, number(5..7)?, number(8..10)?);
        Self::from_ymd(year.cast_signed(), month, day).ok_or(DayError::NoSuchDay)
    }

    /// Days from `earlier` to this day; negative if `earlier` is later.
    #[must_use]
    pub fn days_since(self, earlier: Self) -> i32 {
        self.0.saturating_sub(earlier.0)
    }

    /// The day `days` later (earlier if negative).
    #[must_use]
    pub fn plus(self, days: i32) -> Self {
        Self(self.0.saturating_add(days))
    }

    /// The same day as a calendar date.
    #[must_use]
    pub fn date(self) -> NaiveDate {
        NaiveDate::from_num_days_from_ce_opt(self.0.saturating_add(EPOCH_FROM_CE)).unwrap_or(NaiveDate::MAX)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.date().format("%Y-%m-%d"))
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_epoch_is_day_zero_and_text_comes_back() {
        assert_eq!(Day::parse_iso("1970-01-01"), Ok(Day(0)));
        assert_eq!(Day::parse_iso("2024-02-29").unwrap().to_string(), "2024-02-29");
        assert_eq!(Day::parse_iso("2023-02-29"), Err(DayError::NoSuchDay));
        assert_eq!(Day::parse_iso("29/02/2024"), Err(DayError::Shape));
    }
}
