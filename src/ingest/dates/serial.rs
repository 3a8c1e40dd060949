//! Dates as the day numbers spreadsheets keep: 45382 is 2024-03-31.

use super::clock::Clock;
use crate::domain::Day;
use crate::settings::DateSerial;

/// The whole part of a day number: digits, perhaps with the time of day as decimals behind them.
pub(super) fn number(text: &str) -> Option<i32> {
    let (whole, decimals) = text.split_once(['.', ',']).unwrap_or((text, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    (digits(whole) && digits(decimals) && whole.len() <= 6 && decimals.len() <= 20).then(|| whole.parse().ok()).flatten()
}

/// The time of day its decimals stand for, if it has any.
pub(super) fn time(text: &str) -> Option<Clock> {
    let (_, decimals) = text.split_once(['.', ','])?;
    let share: f64 = format!("0.{decimals}").parse().ok()?;
    (share > 0.0).then(|| Clock::of_share(share))
}

/// Whether a number can be meant as a day of a log: 1927 to 2173 counted from 1900.
pub(super) fn looks_like_one(text: &str) -> Option<i32> {
    number(text).filter(|number| (10_000..100_000).contains(number))
}

/// 1970-01-01 counted from each epoch.
const EPOCH_FROM_1900: i32 = 25_569;
const EPOCH_FROM_1904: i32 = 24_107;

/// The day of a number, if there is one.
pub(super) fn day(number: i32, serial: DateSerial) -> Option<Day> {
    match serial {
        // 60 is 1900-02-29, a day that was not; the days before it are counted from one day later.
        DateSerial::From1900 if number == 60 || number < 1 => None,
        DateSerial::From1900 => Some(Day(number - EPOCH_FROM_1900 + i32::from(number < 60))),
        DateSerial::From1904 => (number >= 0).then_some(Day(number - EPOCH_FROM_1904)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn day_numbers_are_those_of_spreadsheets() {
        // Microsoft documents 2008-01-01 as 39448, and 1462 days between the epochs.
        let from_1900 = |number| day(number, DateSerial::From1900).map(|day| day.to_string());
        assert_eq!(from_1900(39_448).as_deref(), Some("2008-01-01"));
        assert_eq!(from_1900(1).as_deref(), Some("1900-01-01"));
        assert_eq!(from_1900(59).as_deref(), Some("1900-02-28"));
        assert_eq!(from_1900(60), None);
        assert_eq!(from_1900(61).as_deref(), Some("1900-03-01"));
        assert_eq!(from_1900(0), None);
        assert_eq!(day(39_448 - 1462, DateSerial::From1904).map(|day| day.to_string()).as_deref(), Some("2008-01-01"));
        assert_eq!(day(0, DateSerial::From1904).map(|day| day.to_string()).as_deref(), Some("1904-01-01"));
    }

    #[test]
    fn only_digits_with_decimals_make_a_day_number() {
        assert_eq!(number("45382.5"), Some(45_382));
        assert_eq!(number("45382,75"), Some(45_382));
        for text in ["", "45382.", ".5", "-1", "4e4", "1234567", "45 382"] {
            assert_eq!(number(text), None, "{text}");
        }
        assert_eq!((looks_like_one("2024"), looks_like_one("45382")), (None, Some(45_382)));
    }
}
