//! Numbers as they are typed: `7`, `7.5`, `7,5`, `-1`, and `1.234,5` where thousands are declared.

/// Which marks may stand before the decimals, and between thousands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DecimalMark {
    Point,
    Comma,
    /// Either, in files whose separator is not a comma.
    Either,
    /// With a mark between thousands.
    Grouped {
        /// Whether a point may stand before the decimals.
        point: bool,
        /// Whether a comma may.
        comma: bool,
        thousands: Thousands,
    },
}

/// The mark between thousands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Thousands {
    Point,
    Comma,
    /// A space of any width.
    Space,
    Apostrophe,
}

impl Thousands {
    fn of(mark: char) -> Option<Self> {
        match mark {
            '.' => Some(Self::Point),
            ',' => Some(Self::Comma),
            '\'' | '\u{2019}' => Some(Self::Apostrophe),
            space => space.is_whitespace().then_some(Self::Space),
        }
    }

    fn is(self, mark: char) -> bool {
        Self::of(mark) == Some(self)
    }

    /// The mark, for the account of a file.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Point => "point",
            Self::Comma => "comma",
            Self::Space => "space",
            Self::Apostrophe => "apostrophe",
        }
    }
}

impl DecimalMark {
    /// The marks of a file; `None` if those declared are none.
    pub fn of(declared: Option<char>, thousands: Option<char>, delimiter: u8) -> Option<Self> {
        let plain = match declared {
            None if delimiter == b',' => Self::Point,
            None => Self::Either,
            Some('.') => Self::Point,
            Some(',') => Self::Comma,
            Some(_) => return None,
        };
        let Some(thousands) = thousands else { return Some(plain) };
        let thousands = Thousands::of(thousands)?;
        let (point, comma) = match thousands {
            // Where points stand between thousands, a comma stands before the decimals.
            Thousands::Point => (false, true),
            Thousands::Comma => (true, false),
            Thousands::Space | Thousands::Apostrophe => (plain != Self::Comma, plain != Self::Point),
        };
        Some(Self::Grouped { point, comma, thousands })
    }

    fn is(self, byte: u8) -> bool {
        match self {
            Self::Point => byte == b'.',
            Self::Comma => byte == b',',
            Self::Either => byte == b'.' || byte == b',',
            Self::Grouped { point, comma, .. } => (point && byte == b'.') || (comma && byte == b','),
        }
    }
}

const POWERS: [f64; 16] = [1.0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

/// The number a cell holds, or `None`. Digits are needed; `inf`, `nan` and hexadecimal are words, not numbers.
///
/// Up to 15 digits the result is correctly rounded without further ado: digits and power of ten are exact.
pub(super) fn parse(text: &str, mark: DecimalMark) -> Option<f64> {
    let bytes = text.as_bytes();
    let (negative, digits) = match bytes.split_first()? {
        (b'-', rest) => (true, rest),
        (b'+', rest) => (false, rest),
        _ => (false, bytes),
    };
    let (mut mantissa, mut count, mut decimals, mut seen_mark) = (0_u64, 0, 0, false);
    for &byte in digits {
        if byte.is_ascii_digit() && count < 15 {
            mantissa = mantissa * 10 + u64::from(byte - b'0');
            count += 1;
            decimals += usize::from(seen_mark);
        } else if mark.is(byte) && !seen_mark {
            seen_mark = true;
        } else {
            return slow(text, mark);
        }
    }
    if count == 0 {
        return None;
    }
    let value = mantissa as f64 / POWERS[decimals];
    Some(if negative { -value } else { value })
}

/// Long numbers, exponents, a typeset minus, space around, and thousands.
fn slow(text: &str, mark: DecimalMark) -> Option<f64> {
    let text = text.trim();
    let plain = match text.strip_prefix('\u{2212}') {
        Some(digits) if digits.starts_with(|first: char| first.is_ascii_digit() || first == '.' || first == ',') => format!("-{digits}"),
        _ => text.to_owned(),
    };
    let plain = match mark {
        DecimalMark::Grouped { thousands, .. } => ungrouped(&plain, mark, thousands)?,
        _ => plain,
    };
    let usual = plain.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b'e' | b'E') || mark.is(byte));
    let starts = plain.bytes().next().is_some_and(|byte| !matches!(byte, b'e' | b'E'));
    if !usual || !starts {
        return None;
    }
    plain.replace(',', ".").parse::<f64>().ok().filter(|value| value.is_finite())
}

/// The number without the marks between its thousands, if they stand three digits apart from the decimals on.
fn ungrouped(text: &str, mark: DecimalMark, thousands: Thousands) -> Option<String> {
    let end = text.bytes().position(|byte| mark.is(byte)).unwrap_or(text.len());
    let (whole, decimals) = text.split_at_checked(end)?;
    let (sign, digits) = whole.split_at_checked(whole.bytes().take_while(|byte| matches!(byte, b'+' | b'-')).count())?;
    let mut groups = digits.split(|letter| thousands.is(letter));
    let first = groups.next()?;
    let mut joined = first.to_owned();
    let mut grouped = false;
    for group in groups {
        grouped = true;
        if group.len() != 3 {
            return None;
        }
        joined.push_str(group);
    }
    if grouped && !((1..=3).contains(&first.len()) && joined.bytes().all(|byte| byte.is_ascii_digit())) {
        return None;
    }
    Some(format!("{sign}{joined}{decimals}"))
}

/// What to do about a text that is no number, where its shape says what was meant. `kind` is the log it stands in.
pub(super) fn advice(text: &str, kind: &str) -> Option<String> {
    let text = text.trim();
    let digits_and = |marks: &[char]| text.chars().all(|letter| letter.is_ascii_digit() || marks.contains(&letter));
    let read = |mark, thousands, text: &str| DecimalMark::of(mark, thousands, b';').and_then(|mark| parse(text, mark));
    if !text
        .starts_with(|first: char| first.is_ascii_digit() || matches!(first, '-' | '+' | '\u{2212}' | '<' | '>' | '≤' | '≥' | '~' | '≈'))
    {
        return None;
    }
    let set = |settings: &str| Some(format!("Set {settings} under [files.{kind}] in study.toml, if that is how the file writes numbers."));
    if read(Some(','), None, text).is_some() {
        let point = text.replace(',', ".");
        return Some(format!("Write {point}, or set decimal = \",\" under [files.{kind}] in study.toml."));
    }
    if read(None, Some('.'), text).is_some() {
        return set("thousands = \".\" and decimal = \",\"");
    }
    if read(None, Some(','), text).is_some() {
        return set("thousands = \",\"");
    }
    if read(None, Some(' '), text).is_some() {
        return set("thousands = \" \"");
    }
    if read(None, Some('\''), text).is_some() {
        return set("thousands = \"'\"");
    }
    if is_date(text) {
        return Some("A spreadsheet has made a date of what was entered (7-8 becomes 7 August): look it up in the diary.".to_owned());
    }
    if let Some((value, scale)) = text.split_once('/')
        && digits_and(&['/', ' ', '.', ','])
    {
        let (value, scale) = (value.trim(), scale.trim());
        return Some(format!("If {value} of {scale} is meant, write {value} alone; the scale is declared once for the file (scale = …)."));
    }
    if digits_and(&['-', '\u{2013}', '\u{2014}', ' ', '.', ',']) && text.contains(['-', '\u{2013}', '\u{2014}']) {
        return Some("If a range is meant, write one number, the same way for every range: its worst value, say.".to_owned());
    }
    if text.starts_with(['<', '>', '≤', '≥', '~', '≈']) {
        return Some("Write the number alone; above, below and about have no one value.".to_owned());
    }
    let end = text.find(|letter: char| !letter.is_ascii_digit() && !matches!(letter, '.' | ',' | '-' | '+')).unwrap_or(text.len());
    let (number, unit) = text.split_at_checked(end)?;
    let unit = unit.trim();
    if unit.starts_with([':', 'h']) && unit.chars().nth(1).is_some_and(|letter| letter.is_ascii_digit()) || is_time(unit) {
        return Some("Write the time as one number in the unit of the column: 90 for 1:30 hours in a column of minutes.".to_owned());
    }
    if unit == "%" {
        return Some("Write the share as a number from 0 to 1, such as 0.8 for 80 %.".to_owned());
    }
    let is_unit = !number.is_empty()
        && unit.starts_with(char::is_alphabetic)
        && unit.chars().count() <= 12
        && !unit.contains(|letter: char| letter.is_ascii_digit());
    is_unit.then(|| format!("Write {number} alone; a unit such as \"{unit}\" belongs in the column's name."))
}

/// Whether a text is a day, or a day and the name of a month, as a spreadsheet shows it.
fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split(|letter: char| !letter.is_alphanumeric()).filter(|part| !part.is_empty()).collect();
    let day = |part: &str| part.len() <= 2 && part.bytes().all(|byte| byte.is_ascii_digit());
    let months = ["jan", "feb", "mar", "mär", "mrz", "apr", "may", "mai", "jun", "jul", "aug", "sep", "oct", "okt", "nov", "dec", "dez"];
    match parts.as_slice() {
        [number, month] => day(number) && months.contains(&month.to_lowercase().as_str()),
        [year, month, number] => year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit()) && day(month) && day(number),
        _ => false,
    }
}

/// Whether a unit is one of time in which no column is: the number alone would be another time.
fn is_time(unit: &str) -> bool {
    let unit = unit.trim_end_matches('.').to_lowercase();
    let known =
        ["h", "hr", "hrs", "std", "stunde", "stunden", "heure", "heures", "hora", "horas", "ora", "ore", "uur", "s", "sec", "secs", "sek"];
    known.contains(&unit.as_str()) || unit.starts_with("hour") || unit.starts_with("second") || unit.starts_with("sekunde")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_typed_and_words_are_not() {
        for (text, value) in [("7", 7.0), ("7.5", 7.5), ("-1", -1.0), ("+0.25", 0.25), (".5", 0.5), ("3.", 3.0), ("1e2", 100.0)] {
            assert_eq!(parse(text, DecimalMark::Point), Some(value), "{text}");
        }
        assert_eq!(parse("0.1234567890123456789", DecimalMark::Point), Some(0.123_456_789_012_345_68));
        for text in ["", "-", ".", "7,5", "1.2.3", "inf", "nan", "e5", "0x10", "7 8", "1e999", "seven"] {
            assert_eq!(parse(text, DecimalMark::Point), None, "{text}");
        }
    }

    #[test]
    fn a_decimal_comma_is_read_where_it_may_stand() {
        assert_eq!(parse("7,5", DecimalMark::Comma), Some(7.5));
        assert_eq!(parse("7,5", DecimalMark::Either), Some(7.5));
        assert_eq!(parse("7.5", DecimalMark::Either), Some(7.5));
        assert_eq!(parse("7.5", DecimalMark::Comma), None);
    }

    #[test]
    fn thousands_are_read_where_they_are_declared_and_stand_three_digits_apart() {
        let of = |decimal, thousands| DecimalMark::of(decimal, Some(thousands), b';').unwrap();
        for (text, mark, value) in [
            ("1.234,5", of(None, '.'), 1234.5),
            ("1.234", of(None, '.'), 1234.0),
            ("-12.345.678", of(None, '.'), -12_345_678.0),
            ("1,234.5", of(None, ','), 1234.5),
            ("1 234,5", of(Some(','), ' '), 1234.5),
            ("1\u{202f}234,5", of(None, ' '), 1234.5),
            ("1\u{a0}234.5", of(None, ' '), 1234.5),
            ("1'234.5", of(Some('.'), '\''), 1234.5),
            ("1’234", of(None, '\''), 1234.0),
            ("1234,5", of(None, '.'), 1234.5),
            ("7", of(None, '.'), 7.0),
        ] {
            assert_eq!(parse(text, mark), Some(value), "{text}");
        }
        for (text, thousands) in
            [("7.5", '.'), ("1.23", '.'), ("1234.567", '.'), (".123", '.'), ("1..234", '.'), ("1,23", ','), ("1 2", ' ')]
        {
            assert_eq!(parse(text, of(None, thousands)), None, "{text}");
        }
        assert_eq!(parse("1.234,5", DecimalMark::Either), None);
        assert_eq!(parse("1 234", DecimalMark::Either), None);
    }

    #[test]
    fn a_typeset_minus_and_space_around_are_read() {
        assert_eq!(parse("\u{2212}1.5", DecimalMark::Point), Some(-1.5));
        assert_eq!(parse("7\u{a0}", DecimalMark::Point), Some(7.0));
        assert_eq!(parse("\u{2212}inf", DecimalMark::Point), None);
    }

    #[test]
    fn what_looks_like_a_number_is_answered_with_what_to_do() {
        for (text, wanted) in [
            ("7,5", "Write 7.5, or set decimal = \",\" under [files.pain] in study.toml."),
            (
                "1.234,5",
                "Set thousands = \".\" and decimal = \",\" under [files.pain] in study.toml, if that is how the file writes numbers.",
            ),
            ("1,234.5", "Set thousands = \",\" under [files.pain] in study.toml, if that is how the file writes numbers."),
            ("7/10", "If 7 of 10 is meant, write 7 alone; the scale is declared once for the file (scale = …)."),
            ("3-4", "If a range is meant, write one number, the same way for every range: its worst value, say."),
            ("30 min", "Write 30 alone; a unit such as \"min\" belongs in the column's name."),
            ("80%", "Write the share as a number from 0 to 1, such as 0.8 for 80 %."),
            ("07. Aug", "A spreadsheet has made a date of what was entered (7-8 becomes 7 August): look it up in the diary."),
            ("2024-08-07", "A spreadsheet has made a date of what was entered (7-8 becomes 7 August): look it up in the diary."),
            ("≤3", "Write the number alone; above, below and about have no one value."),
            ("1h30", "Write the time as one number in the unit of the column: 90 for 1:30 hours in a column of minutes."),
            ("90 Sek.", "Write the time as one number in the unit of the column: 90 for 1:30 hours in a column of minutes."),
            ("0:45", "Write the time as one number in the unit of the column: 90 for 1:30 hours in a column of minutes."),
            (">8", "Write the number alone; above, below and about have no one value."),
        ] {
            assert_eq!(advice(text, "pain").as_deref(), Some(wanted), "{text}");
        }
        for text in ["0x5", "bad", "", "seven", "7 (bad night, could not sleep)"] {
            assert_eq!(advice(text, "pain"), None, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn plain_decimals_are_read_as_the_standard_library_reads_them(text in "[+-]?([0-9]{1,20}[.]?[0-9]{0,20}|[.][0-9]{1,20})(e[0-9]{1,2})?") {
            proptest::prop_assert_eq!(parse(&text, DecimalMark::Point), text.parse::<f64>().ok());
            proptest::prop_assert_eq!(parse(&text.replace('.', ","), DecimalMark::Comma), text.parse::<f64>().ok());
        }

        #[test]
        fn no_text_stops_the_parser(text in "\\PC{0,20}", mark in 0_u8..5) {
            let of = |thousands| DecimalMark::of(None, Some(thousands), b';').unwrap();
            let mark = [DecimalMark::Either, of('.'), of(','), of(' '), of('\'')][mark as usize];
            if let Some(value) = parse(&text, mark) {
                proptest::prop_assert!(value.is_finite());
            }
            let _ = advice(&text, "pain");
        }
    }
}
