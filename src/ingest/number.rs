//! Numbers as they are typed: `7`, `7.5`, `7,5`, `-1`.

/// Which marks may stand before the decimals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DecimalMark {
    Point,
    Comma,
    /// Either, in files whose separator is not a comma.
    Either,
}

impl DecimalMark {
    pub fn of(declared: Option<char>, delimiter: u8) -> Option<Self> {
        match declared {
            None if delimiter == b',' => Some(Self::Point),
            None => Some(Self::Either),
            Some('.') => Some(Self::Point),
            Some(',') => Some(Self::Comma),
            Some(_) => None,
        }
    }

    fn is(self, byte: u8) -> bool {
        match self {
            Self::Point => byte == b'.',
            Self::Comma => byte == b',',
            Self::Either => byte == b'.' || byte == b',',
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

/// Long numbers and exponents.
fn slow(text: &str, mark: DecimalMark) -> Option<f64> {
    let usual = text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b'e' | b'E') || mark.is(byte));
    let starts = text.bytes().next().is_some_and(|byte| !matches!(byte, b'e' | b'E'));
    if !usual || !starts {
        return None;
    }
    text.replace(',', ".").parse::<f64>().ok().filter(|value| value.is_finite())
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
}
