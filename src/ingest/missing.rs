//! What means "missing": an empty cell, NA and its kin, and the codes a study declares.

use super::number::{self, DecimalMark};

/// The codes for "missing" that a file declares.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct MissingCodes {
    words: Vec<String>,
    /// Codes that are numbers: `-9` is also `-9.0` and `-9,0`.
    numbers: Vec<f64>,
}

impl MissingCodes {
    pub fn new(declared: &[String], decimal: DecimalMark) -> Self {
        let words: Vec<String> = declared.iter().map(|code| code.trim().to_owned()).collect();
        let number = |code: &String| number::parse(code, decimal).or_else(|| number::parse(code, DecimalMark::Point));
        Self { numbers: words.iter().filter_map(number).collect(), words }
    }

    /// The codes as they are declared.
    pub fn declared_codes(&self) -> &[String] {
        &self.words
    }

    /// Whether a cell means "missing".
    #[inline]
    pub fn has(&self, text: &str, decimal: DecimalMark) -> bool {
        // Most cells begin with a digit and are no longer looked at.
        let digit = text.as_bytes().first().is_some_and(u8::is_ascii_digit);
        (!digit && text.len() <= 4 && always(text)) || (!self.words.is_empty() && self.declared(text, decimal))
    }

    fn declared(&self, text: &str, decimal: DecimalMark) -> bool {
        self.words.iter().any(|word| word.eq_ignore_ascii_case(text))
            || (!self.numbers.is_empty() && number::parse(text, decimal).is_some_and(|value| self.numbers.contains(&value)))
    }
}

/// What means "missing" in every file.
#[inline]
fn always(text: &str) -> bool {
    let is = |words: &[&str]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
    match text.len() {
        0 => true,
        1 => text == "-" || text == ".",
        2 => is(&["NA", "--"]),
        // Dashes and the minus sign take three bytes.
        3 => is(&["N/A", "NaN", "---", "\u{2013}", "\u{2014}", "\u{2212}"]),
        4 => is(&["NULL", "n.a.", "#N/A", "<NA>"]),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_na_dash_and_stop_are_always_missing_and_zero_never() {
        let none = MissingCodes::default();
        for text in ["", "NA", "na", "N/A", "-", "–", "—", ".", "NULL", "NaN", "#N/A"] {
            assert!(none.has(text, DecimalMark::Point), "{text}");
        }
        for text in ["0", "none", "no", "P1", "nan1", "-9", "x"] {
            assert!(!none.has(text, DecimalMark::Point), "{text}");
        }
    }

    #[test]
    fn a_declared_number_stands_for_every_way_of_writing_it() {
        let codes = MissingCodes::new(&["-9".to_owned(), " 99,5".to_owned(), "Refused".to_owned()], DecimalMark::Either);
        for text in ["-9", "-9.0", "-9,0", "-9.", "99.5", "REFUSED"] {
            assert!(codes.has(text, DecimalMark::Either), "{text}");
        }
        for text in ["9", "-90", "99", "refuse"] {
            assert!(!codes.has(text, DecimalMark::Either), "{text}");
        }
    }
}
