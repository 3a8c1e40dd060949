//! Dates whose year, month and day stand in columns of their own.

use super::written::full_year;
use super::{DateStyle, NotADay, names};
use crate::domain::Day;

/// Which part of a date in parts cannot be read; `None` if each can, but together they are no day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ingest) struct PartFault {
    pub part: Option<usize>,
    pub fault: NotADay,
}

/// The day of a year, a month (a number or a name) and a day of the month.
pub(in crate::ingest) fn from_parts(parts: [&str; 3], style: &DateStyle) -> Result<Day, PartFault> {
    let [year, month, day] = parts;
    let fault = |part: usize, fault| PartFault { part: Some(part), fault };
    let year_number = whole(year).ok_or(fault(0, NotADay::Shape))?;
    let digits = year.bytes().take_while(u8::is_ascii_digit).count();
    let year = match (digits, style.two_digit_years) {
        (2, Some(first)) => full_year(year_number, first),
        (1 | 2, None) => return Err(fault(0, NotADay::ShortYear)),
        (4, _) => year_number.cast_signed(),
        _ => return Err(fault(0, NotADay::Shape)),
    };
    let named = || names::month(month, style.language);
    let unknown = || if names::languages_of(month).next().is_some() { NotADay::OtherLanguage } else { NotADay::Shape };
    let month = whole(month).or_else(named).ok_or_else(|| fault(1, unknown()))?;
    let day = whole(day).ok_or(fault(2, NotADay::Shape))?;
    Day::from_ymd(year, month, day).ok_or(PartFault { part: None, fault: NotADay::NoSuchDay })
}

/// `3`, `03`, and `3.0`, as programs write whole numbers of a column with gaps.
fn whole(text: &str) -> Option<u32> {
    let (digits, decimals) = text.split_once(['.', ',']).unwrap_or((text, ""));
    let good =
        (1..=4).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()) && decimals.bytes().all(|byte| byte == b'0');
    good.then(|| digits.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Language;

    fn read(parts: [&str; 3], style: DateStyle) -> Result<String, PartFault> {
        from_parts(parts, &style).map(|day| day.to_string())
    }

    #[test]
    fn parts_are_numbers_or_month_names() {
        let plain = DateStyle::default();
        assert_eq!(read(["2024", "3", "31"], plain).as_deref(), Ok("2024-03-31"));
        assert_eq!(read(["2024.0", "3.0", "31.0"], plain).as_deref(), Ok("2024-03-31"));
        assert_eq!(read(["2024", "March", "31"], plain).as_deref(), Ok("2024-03-31"));
        assert_eq!(read(["2024", "März", "31"], DateStyle { language: Some(Language::De), ..plain }).as_deref(), Ok("2024-03-31"));
        assert_eq!(read(["24", "3", "31"], DateStyle { two_digit_years: Some(1950), ..plain }).as_deref(), Ok("2024-03-31"));
        assert_eq!(read(["24", "3", "31"], plain), Err(PartFault { part: Some(0), fault: NotADay::ShortYear }));
        assert_eq!(read(["2024", "März", "31"], plain), Err(PartFault { part: Some(1), fault: NotADay::OtherLanguage }));
        assert_eq!(read(["2024", "3", "x"], plain), Err(PartFault { part: Some(2), fault: NotADay::Shape }));
        assert_eq!(read(["2024", "13", "1"], plain), Err(PartFault { part: None, fault: NotADay::NoSuchDay }));
        assert_eq!(read(["", "", ""], plain), Err(PartFault { part: Some(0), fault: NotADay::Shape }));
    }
}
