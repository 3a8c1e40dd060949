//! Why a cell is not a day, and what to do about it.

use chrono::{Datelike, Weekday};

use super::{DateStyle, names, serial};
use crate::domain::Day;
use crate::settings::{DateOrder, DateSerial, LogKind};

/// Why a cell is not a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ingest) enum NotADay {
    /// Not the shape of a date.
    Shape,
    /// Three numbers that are no day (31/02).
    NoSuchDay,
    /// A year of two digits.
    ShortYear,
    /// A year of two digits that may stand first or last.
    ShortYearOrder,
    /// Not year-month-day, as the study declares.
    NotIso,
    /// Day, month or both could stand first, and the order is not settled.
    Undecided {
        /// The first two numbers and the year.
        parts: (u32, u32, i32),
        /// The weekday written beside them.
        weekday: Option<Weekday>,
    },
    /// The weekday beside it is another one.
    WrongWeekday {
        /// The weekday as written.
        written: Weekday,
        /// The day as written.
        day: Day,
    },
    /// A spreadsheet's day number.
    Serial {
        /// Its whole part.
        number: i32,
    },
    /// Month or weekday in a language that is not declared.
    OtherLanguage,
}

impl NotADay {
    /// What is wrong with the cell, as a sentence.
    pub fn sentence(self, text: &str, style: &DateStyle) -> String {
        // A year of four digits in front says the order itself.
        let year_first = text.trim_start().bytes().take_while(u8::is_ascii_digit).count() >= 4;
        let read = match style.order {
            _ if year_first => "",
            Some(DateOrder::DayFirst) => " read day first",
            Some(DateOrder::MonthFirst) => " read month first",
            Some(DateOrder::Iso) | None => "",
        };
        match self {
            Self::NoSuchDay => format!("There is no day \"{text}\" in the calendar{read}."),
            Self::ShortYear => format!("\"{text}\" has a year of two digits, so its century is not known."),
            Self::ShortYearOrder => format!("\"{text}\" has a year of two digits, which may be its first number or its last."),
            Self::NotIso => format!("\"{text}\" is not year-month-day, the order declared for the column."),
            Self::Shape => format!("\"{text}\" is not a date."),
            Self::Undecided { weekday: Some(weekday), .. } => {
                format!("\"{text}\" is no {}, day or month first.", names::english(weekday))
            }
            Self::Undecided { .. } => format!("There is no day \"{text}\" in the calendar, day or month first."),
            Self::WrongWeekday { written, day } => {
                format!("\"{text}\" says {}, but {day} is a {}.", names::english(written), names::english(day.date().weekday()))
            }
            Self::Serial { number } => {
                let read = |serial| serial::day(number, serial).map_or_else(|| "no day".to_owned(), |day| day.to_string());
                format!(
                    "\"{text}\" looks like a spreadsheet's day number: {} counted from 1900, {} counted from 1904.",
                    read(DateSerial::From1900),
                    read(DateSerial::From1904)
                )
            }
            Self::OtherLanguage => {
                let names: Vec<&str> = languages(text).map(|language| names::language_name(language).1).collect();
                format!("\"{text}\" names its month or weekday in a language that is not declared (perhaps {}).", names.join(", "))
            }
        }
    }

    /// What to do, where it is more than to write the date as `YYYY-MM-DD`.
    pub fn fix(self, text: &str, kind: LogKind) -> Option<String> {
        let kind = kind.as_str();
        match self {
            Self::ShortYear => Some(format!(
                "Write the year with four digits, or add two_digit_years = 1950 (49 is 2049, 50 is 1950) under [files.{kind}] in study.toml."
            )),
            Self::ShortYearOrder => {
                Some(format!("Add date_order = \"day-first\", \"month-first\" or \"iso\" under [files.{kind}] in study.toml."))
            }
            Self::NotIso => Some(format!("Write the date as YYYY-MM-DD, or correct date_order under [files.{kind}] in study.toml.")),
            Self::WrongWeekday { .. } => Some("Correct the date or the weekday.".to_owned()),
            Self::Serial { .. } => Some(format!(
                "Export the column as dates, or add date_serial = \"1900\" (or \"1904\", from old versions of Excel for Mac) under [files.{kind}] in study.toml."
            )),
            Self::OtherLanguage => {
                let language = languages(text).next().map_or("de", |language| names::language_name(language).0);
                Some(format!("Add language = \"{language}\" under [files.{kind}] in study.toml."))
            }
            Self::Shape | Self::NoSuchDay | Self::Undecided { .. } => None,
        }
    }
}

/// The languages that know every month or weekday among the words of a text.
fn languages(text: &str) -> impl Iterator<Item = crate::settings::Language> {
    let words: Vec<&str> = text.split(|letter: char| !letter.is_alphabetic()).filter(|word| word.chars().count() >= 3).collect();
    names::LANGUAGES.into_iter().filter(move |&language| {
        let mut named = words.iter().filter(|word| names::languages_of(word).next().is_some()).peekable();
        named.peek().is_some() && named.all(|word| names::languages_of(word).any(|knows| knows == language))
    })
}
