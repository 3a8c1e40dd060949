//! Cells read by their bytes: whole numbers, short decimals and days written `YYYY-MM-DD`. Nearly all cells of nearly all logs are
//! such; what is unusual in any way is left to the rules, which read these to the same values.

use super::number::DecimalMark;
use crate::domain::Day;

/// A number of up to seven characters: digits, perhaps a point and one or two decimals; `None` for all others.
#[inline]
pub(super) fn number(cell: &[u8], mark: DecimalMark) -> Option<f64> {
    if cell.is_empty() || cell.len() > 7 {
        return None;
    }
    let mut value = 0_u32;
    for (at, &byte) in cell.iter().enumerate() {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return if at > 0 && byte == b'.' && matches!(mark, DecimalMark::Point | DecimalMark::Either) {
                decimals(value, &cell[at + 1..])
            } else {
                None
            };
        }
        value = value * 10 + u32::from(digit);
    }
    Some(f64::from(value))
}

fn decimals(whole: u32, decimals: &[u8]) -> Option<f64> {
    let digit = |byte: u8| byte.is_ascii_digit().then(|| u32::from(byte - b'0'));
    match *decimals {
        [tenths] => Some(f64::from(whole * 10 + digit(tenths)?) / 10.0),
        [tenths, hundredths] => Some(f64::from(whole * 100 + digit(tenths)? * 10 + digit(hundredths)?) / 100.0),
        _ => None,
    }
}

/// A cell of up to 15 bytes as one number, which no other cell has.
#[inline]
pub(super) fn key(block: &[u8], start: usize, end: usize) -> Option<u128> {
    let bytes = u128::from_le_bytes(*block.get(start..)?.first_chunk::<16>()?);
    let length = end.checked_sub(start).filter(|&length| length < 16)?;
    Some(bytes & ((1 << (8 * length)) - 1) | (length as u128) << 120)
}

/// The words of a column met last and what they mean, so that each is looked up once and not on every row.
#[derive(Debug)]
pub(super) struct Words<T> {
    known: [Option<Known<T>>; 8],
}

/// A cell and what it means: a word, or none where it is missing.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known<T> {
    cell: u128,
    pub word: Option<T>,
}

impl<T> Default for Words<T> {
    fn default() -> Self {
        Self { known: [const { None }; 8] }
    }
}

impl<T: Copy> Words<T> {
    fn place(key: u128) -> usize {
        (key ^ key >> 120) as usize & 7
    }

    /// What a cell means, if it is known.
    #[inline]
    pub fn get(&self, cell: u128) -> Option<Known<T>> {
        self.known[Self::place(cell)].filter(|known| known.cell == cell)
    }

    /// Takes note of a cell.
    pub fn set(&mut self, cell: u128, word: Option<T>) {
        self.known[Self::place(cell)] = Some(Known { cell, word });
    }
}

/// Days before each month of a year that is no leap year, and after the last.
const BEFORE_MONTH: [i32; 13] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365];

const FIRST_YEAR: i32 = 1900;

/// The first day of each year from 1900 on, and of the year after the last.
const NEW_YEAR: [i32; 302] = {
    // 1900-01-01 lies 25,567 days before 1970-01-01.
    let (mut days, mut at) = ([-25_567; 302], 1);
    while at < days.len() {
        let year = FIRST_YEAR + at as i32 - 1;
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        days[at] = days[at - 1] + if leap { 366 } else { 365 };
        at += 1;
    }
    days
};

/// The day written as `YYYY-MM-DD`, from 1900 to 2200; `None` for everything else.
#[inline]
pub(super) fn day(cell: &[u8]) -> Option<Day> {
    const SHAPE: u64 = u64::from_be_bytes(*b"0000-00-");
    const DASHES: u64 = u64::from_be_bytes([0, 0, 0, 0, 0xFF, 0, 0, 0xFF]);
    if cell.len() != 10 {
        return None;
    }
    let (start, end) = cell.split_first_chunk::<8>()?;
    // Where a digit is to stand, what differs from "0" is the digit.
    let digits = u64::from_be_bytes(*start) ^ SHAPE;
    let date = u16::from_be_bytes(*end.first_chunk::<2>()?) ^ u16::from_be_bytes(*b"00");
    // A byte above 9 reaches its highest bit once 0x76 is added, or has it already.
    let above = (digits | digits.wrapping_add(0x7676_7676_7676_7676)) & 0x8080_8080_8080_8080;
    let above_in_date = (date | date.wrapping_add(0x7676)) & 0x8080;
    if above != 0 || above_in_date != 0 || digits & DASHES != 0 {
        return None;
    }
    // Two digits become one number: the years' pairs stand in the highest bytes.
    let pairs = digits.wrapping_mul(10).wrapping_add(digits << 8);
    let year = (pairs >> 56) * 100 + (pairs >> 40 & 0xFF);
    let month = ((digits >> 16 & 0xF) * 10 + (digits >> 8 & 0xF)) as usize;
    let day = i32::from(date >> 8) * 10 + i32::from(date & 0xF);
    let year = (year as usize).checked_sub(FIRST_YEAR as usize)?;
    let (new_year, next) = (*NEW_YEAR.get(year)?, *NEW_YEAR.get(year + 1)?);
    let (before, after) = (*BEFORE_MONTH.get(month.checked_sub(1)?)?, *BEFORE_MONTH.get(month)?);
    let leap = next - new_year - 365;
    let length = after - before + if month == 2 { leap } else { 0 };
    if day == 0 || day > length {
        return None;
    }
    Some(Day(new_year + before + if month > 2 { leap } else { 0 } + day - 1))
}

#[cfg(test)]
mod tests {
    use super::super::number;
    use super::*;

    #[test]
    fn every_day_reads_as_the_calendar_has_it_and_nothing_else_is_a_day() {
        for year in 1890..2420 {
            for month in 0..14 {
                for date in 0..33 {
                    let text = format!("{year}-{month:02}-{date:02}");
                    let expected = Day::parse_iso(&text).ok().filter(|_| (1900..=2200).contains(&year));
                    assert_eq!(day(text.as_bytes()), expected, "{text}");
                }
            }
        }
        for text in ["", "2024-1-01", "2024-01-011", "2024/01/01", "2O24-01-01", "2024-01-0/", "2024-01-0:", "+024-01-01"] {
            assert_eq!(day(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn numbers_are_those_of_the_rules() {
        let marks = [DecimalMark::Point, DecimalMark::Comma, DecimalMark::Either];
        let wholes = (0..=9999).flat_map(|whole| [format!("{whole}"), format!("{whole:04}")]);
        let decimals =
            (0..=99_999).flat_map(|whole| [format!("{}.{:02}", whole / 100, whole % 100), format!("{}.{}", whole / 10, whole % 10)]);
        for text in wholes.chain(decimals) {
            for mark in marks {
                match number(text.as_bytes(), mark) {
                    Some(value) => assert_eq!(Some(value), number::parse(&text, mark), "{text}"),
                    None => assert!(text.contains('.') && (mark == DecimalMark::Comma || text.len() > 7), "{text}"),
                }
            }
        }
        for text in ["", ".", ".5", "5.", "-1", "+1", "1e2", "7,5", "1.2.3", "1.234", "1 ", " 1", "12345678", "0x1", "١"] {
            assert_eq!(number(text.as_bytes(), DecimalMark::Either), None, "{text}");
        }
    }
}
