//! Dates in any shape but the plain ISO one.

use chrono::{Datelike, Weekday};

use super::clock::clock;
use super::cursor::{Cursor, is_space};
use super::{DateStyle, Dated, NotADay, names, serial};
use crate::domain::Day;
use crate::settings::DateOrder;

/// A date as written, its order not yet applied.
#[derive(Clone, Copy)]
enum Written {
    /// Year, month and day are known.
    Day(Day),
    /// Three numbers, the last of them the year.
    Numbers { first: u32, second: u32, year: i32 },
}

/// Reads a date in any shape.
pub(super) fn parse(text: &str, style: &DateStyle) -> Result<Dated, NotADay> {
    if let Some((first, second, year)) = plain(text.as_bytes()) {
        return settled(Written::Numbers { first, second, year }, None, style).map(|day| Dated { day, time: None });
    }
    let text = text.trim_matches(is_space);
    if let Some(number) = serial_number(text, style) {
        return match style.serial {
            Some(epoch) => serial::day(number, epoch).map(|day| Dated { day, time: serial::time(text) }).ok_or(NotADay::NoSuchDay),
            None => Err(NotADay::Serial { number }),
        };
    }
    let at = Cursor::new(text);
    let found = match leading_weekday(at, style) {
        // "mar" is Tuesday or March; whichever makes a date of the rest.
        Some((weekday, rest)) => match whole(rest, Some(weekday), style) {
            Err(NotADay::Shape) => whole(at, None, style),
            found => found,
        },
        None => whole(at, None, style),
    };
    match found {
        Err(NotADay::Shape) if names_of_another_language(text, style) => Err(NotADay::OtherLanguage),
        found => found,
    }
}

/// The day number a text holds: any with the setting, else one that cannot be anything else.
fn serial_number(text: &str, style: &DateStyle) -> Option<i32> {
    if !text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.' || byte == b',') {
        return None;
    }
    if style.serial.is_some() { serial::number(text) } else { serial::looks_like_one(text) }
}

/// A date with what may stand after it: a time, a weekday.
fn whole(mut at: Cursor<'_>, weekday: Option<Weekday>, style: &DateStyle) -> Result<Dated, NotADay> {
    let (written, basic) = date(&mut at, style)?;
    let mut weekday = weekday;
    let mut time = None;
    if !at.is_at_end() {
        let mut after = at;
        if let Some(found) = behind(&mut after, basic) {
            (time, at) = (Some(found), after);
        } else if weekday.is_none() {
            weekday = Some(trailing_weekday(&mut at, style).ok_or(NotADay::Shape)?);
        }
        at.space();
        if !at.is_at_end() {
            return Err(NotADay::Shape);
        }
    }
    let day = settled(written, weekday, style)?;
    if let Some(written) = weekday.filter(|&weekday| day.date().weekday() != weekday) {
        return Err(NotADay::WrongWeekday { written, day });
    }
    match (time, style.zone) {
        (Some(time), Some(zone)) if time.utc => {
            let (day, time) = time.local(day, zone).ok_or(NotADay::NoSuchDay)?;
            Ok(Dated { day, time: Some(time) })
        }
        _ => Ok(Dated { day, time }),
    }
}

/// The day of a date in the order of its column.
fn settled(written: Written, weekday: Option<Weekday>, style: &DateStyle) -> Result<Day, NotADay> {
    match written {
        Written::Day(day) => Ok(day),
        Written::Numbers { first, second, year } => match style.order {
            Some(DateOrder::Iso) => Err(NotADay::NotIso),
            Some(DateOrder::DayFirst) => Day::from_ymd(year, second, first).ok_or(NotADay::NoSuchDay),
            Some(DateOrder::MonthFirst) => Day::from_ymd(year, first, second).ok_or(NotADay::NoSuchDay),
            None => Err(NotADay::Undecided { parts: (first, second, year), weekday }),
        },
    }
}

/// The numbers of `31/03/2024`, the commonest shape after the ISO one, without looking for anything else.
fn plain(bytes: &[u8]) -> Option<(u32, u32, i32)> {
    let short = |at: &mut usize| {
        let mut number = u32::from(bytes.get(*at)?.checked_sub(b'0').filter(|digit| *digit < 10)?);
        *at += 1;
        if let Some(digit) = bytes.get(*at).and_then(|byte| byte.checked_sub(b'0')).filter(|digit| *digit < 10) {
            number = number * 10 + u32::from(digit);
            *at += 1;
        }
        Some(number)
    };
    let mut at = 0;
    let first = short(&mut at)?;
    let separator = *bytes.get(at).filter(|byte| matches!(byte, b'/' | b'.' | b'-'))?;
    at += 1;
    let second = short(&mut at)?;
    if bytes.get(at) != Some(&separator) || bytes.len() != at + 5 {
        return None;
    }
    let year = bytes[at + 1..].iter().try_fold(0, |year, byte| {
        let digit = byte.checked_sub(b'0').filter(|digit| *digit < 10)?;
        Some(year * 10 + i32::from(digit))
    })?;
    Some((first, second, year))
}

/// The time behind a date.
fn behind(at: &mut Cursor<'_>, basic: bool) -> Option<super::clock::Clock> {
    // `31MAR2024:14:05:00`, as SAS writes it.
    if at.eat(':') {
        return clock(at, false);
    }
    let mut after = *at;
    if after.one_of(&['T', 't']).is_some() && after.rest.starts_with(|next: char| next.is_ascii_digit()) {
        *at = after;
        return clock(at, basic);
    }
    let comma = at.eat(',');
    if !at.space() && !comma {
        return None;
    }
    let mut after = *at;
    let word = after.word();
    if ["at", "um", "à", "a", "alle", "às", "om", "kl", "klo"].iter().any(|known| word.eq_ignore_ascii_case(known)) {
        after.eat('.');
        after.space();
        let mut further = after;
        // "a las 14:05", "alle ore 14:05"
        if ["las", "ore"].iter().any(|known| further.word().eq_ignore_ascii_case(known)) {
            further.space();
            after = further;
        }
        *at = after;
    }
    clock(at, false)
}

fn leading_weekday<'a>(mut at: Cursor<'a>, style: &DateStyle) -> Option<(Weekday, Cursor<'a>)> {
    let weekday = weekday_word(&mut at, style)?;
    at.eat('.');
    at.eat(',');
    at.space();
    // "mandag den 4. marts"
    let mut after = at;
    if ["den", "the", "le", "el", "de"].contains(&after.word()) && after.space() {
        at = after;
    }
    Some((weekday, at))
}

fn weekday_word(at: &mut Cursor<'_>, style: &DateStyle) -> Option<Weekday> {
    let word = at.word();
    let weekday = if word.is_empty() { None } else { names::weekday(word, style.language) }?;
    if let Some(rest) = at.rest.strip_prefix("-feira") {
        *at = Cursor::new(rest);
    }
    Some(weekday)
}

fn trailing_weekday(at: &mut Cursor<'_>, style: &DateStyle) -> Option<Weekday> {
    at.eat(',');
    at.space();
    let bracket = at.eat('(');
    let weekday = weekday_word(at, style)?;
    at.eat('.');
    (at.eat(')') == bracket).then_some(weekday)
}

/// The date at the start of a text, and whether it is written without separators.
fn date(at: &mut Cursor<'_>, style: &DateStyle) -> Result<(Written, bool), NotADay> {
    let a = at.digits();
    match a.len() {
        0 => {
            let month = month_word(at, style).ok_or(NotADay::Shape)?;
            between(at);
            let day = number(at.digits(), 2)?;
            ordinal(at);
            between(at);
            let year = year(at, style)?;
            ymd(year, month, day)
        }
        8 => {
            let part = |from: usize, to: usize| a.get(from..to).and_then(|part| part.parse::<u32>().ok()).ok_or(NotADay::Shape);
            let (year, month, day) = (part(0, 4)?, part(4, 6)?, part(6, 8)?);
            ymd(year.cast_signed(), month, day).map(|(written, _)| (written, true))
        }
        4 => {
            let year = number(a, 4)?.cast_signed();
            let separator = separator(at);
            if let Some(month) = month_word(at, style) {
                between(at);
                let day = number(at.digits(), 2)?;
                return ymd(year, month, day);
            }
            let month = number(at.digits(), 2)?;
            if separator.is_none() || self::separator(at) != separator {
                return Err(NotADay::Shape);
            }
            let day = number(at.digits(), 2)?;
            ymd(year, month, day)
        }
        1 | 2 => {
            let first = number(a, 2)?;
            let mut after = *at;
            ordinal(&mut after);
            between(&mut after);
            if let Some(month) = month_word(&mut after, style) {
                *at = after;
                between(at);
                let year = year(at, style)?;
                return ymd(year, month, first);
            }
            numbers(at, first, style)
        }
        _ => Err(NotADay::Shape),
    }
}

/// Three numbers of which the first is no year of four digits.
fn numbers(at: &mut Cursor<'_>, first: u32, style: &DateStyle) -> Result<(Written, bool), NotADay> {
    let separator = separator(at).ok_or(NotADay::Shape)?;
    let second = number(at.digits(), 2)?;
    if self::separator(at) != Some(separator) {
        return Err(NotADay::Shape);
    }
    let third = at.digits();
    match third.len() {
        4 => Ok((Written::Numbers { first, second, year: number(third, 4)?.cast_signed() }, false)),
        2 => {
            let window = style.two_digit_years.ok_or(NotADay::ShortYear)?;
            let third = number(third, 2)?;
            match style.order {
                None => Err(NotADay::ShortYearOrder),
                Some(DateOrder::Iso) => ymd(full_year(first, window), second, third),
                Some(_) => Ok((Written::Numbers { first, second, year: full_year(third, window) }, false)),
            }
        }
        _ => Err(NotADay::Shape),
    }
}

fn ymd(year: i32, month: u32, day: u32) -> Result<(Written, bool), NotADay> {
    Day::from_ymd(year, month, day).map(|day| (Written::Day(day), false)).ok_or(NotADay::NoSuchDay)
}

/// The year two digits stand for, in the hundred years from `first` on.
pub(super) fn full_year(digits: u32, first: i32) -> i32 {
    first + (digits.cast_signed() - first).rem_euclid(100)
}

fn number(digits: &str, most: usize) -> Result<u32, NotADay> {
    if digits.is_empty() || digits.len() > most { Err(NotADay::Shape) } else { digits.parse().map_err(|_| NotADay::Shape) }
}

/// The year behind a month name: four digits, or two with the setting.
fn year(at: &mut Cursor<'_>, style: &DateStyle) -> Result<i32, NotADay> {
    let apostrophe = at.one_of(&['\'', '\u{2019}']).is_some();
    let digits = at.digits();
    match digits.len() {
        4 if !apostrophe => Ok(number(digits, 4)?.cast_signed()),
        2 => Ok(full_year(number(digits, 2)?, style.two_digit_years.ok_or(NotADay::ShortYear)?)),
        _ => Err(NotADay::Shape),
    }
}

fn month_word(at: &mut Cursor<'_>, style: &DateStyle) -> Option<u32> {
    let mut after = *at;
    let word = after.word();
    let month = if word.is_empty() { None } else { names::month(word, style.language) }?;
    *at = after;
    Some(month)
}

/// `st`, `nd`, `rd`, `th`, `er`, `º` behind the day of a month.
fn ordinal(at: &mut Cursor<'_>) {
    let mut after = *at;
    let word = after.word();
    // `º` and `ª` are letters to Unicode.
    if ["st", "nd", "rd", "th", "er", "e", "º", "ª", "o"].iter().any(|known| word.eq_ignore_ascii_case(known)) {
        *at = after;
    }
    at.eat('°');
}

/// What may stand between the parts of a date with a month name.
fn between(at: &mut Cursor<'_>) {
    at.space();
    at.one_of(&['.', '-', '/', ',', '\u{2013}', '\u{2010}', '\u{2011}']);
    at.eat(',');
    at.space();
    let mut after = *at;
    if ["of", "de", "del", "di", "du", "den"].contains(&after.word()) && after.space() {
        *at = after;
    }
}

/// The separator of a date in numbers; dashes of any length are one.
fn separator(at: &mut Cursor<'_>) -> Option<char> {
    let space = at.space();
    let mark = at.one_of(&['-', '/', '.', '\u{2013}', '\u{2010}', '\u{2011}']);
    match mark {
        None => space.then_some(' '),
        Some(mark) => {
            at.space();
            Some(if matches!(mark, '/' | '.') { mark } else { '-' })
        }
    }
}

/// Whether a text with digits names a month or weekday that neither English nor the file's language has.
fn names_of_another_language(text: &str, style: &DateStyle) -> bool {
    let mut words = text.split(|letter: char| !letter.is_alphabetic()).filter(|word| word.chars().count() >= 3);
    text.bytes().any(|byte| byte.is_ascii_digit())
        && words.any(|word| {
            let known = names::month(word, style.language).is_some() || names::weekday(word, style.language).is_some();
            !known && names::languages_of(word).next().is_some()
        })
}
