//! Texts made comparable: case, accents, hyphens and stray space do not tell two words apart.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The text in lower case, without accents, with single spaces where it has space, `-` or `_`, and without full stops at its end.
///
/// `Durchgeführt`, `durchgefuhrt` and `DURCHGEFÜHRT ` are one word, as are `drop-out`, `drop_out` and `Drop out`.
#[must_use]
pub fn folded(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for letter in text.nfkd().filter(|&letter| !is_combining_mark(letter) && !invisible(letter)) {
        if letter.is_whitespace() || matches!(letter, '-' | '_' | '\u{2010}'..='\u{2015}' | '\u{2212}') {
            if !folded.is_empty() && !folded.ends_with(' ') {
                folded.push(' ');
            }
            continue;
        }
        for lower in letter.to_lowercase() {
            match lower {
                'ß' => folded.push_str("ss"),
                'æ' => folded.push_str("ae"),
                'œ' => folded.push_str("oe"),
                'ø' => folded.push('o'),
                'ł' => folded.push('l'),
                'ð' | 'đ' => folded.push('d'),
                'þ' => folded.push_str("th"),
                'ı' => folded.push('i'),
                '\u{2018}' | '\u{2019}' => folded.push('\''),
                other => folded.push(other),
            }
        }
    }
    folded.truncate(folded.trim_end_matches([' ', '.']).len());
    folded
}

/// Characters that take no room: a byte-order mark in the middle of a text, joiners, soft hyphens.
fn invisible(letter: char) -> bool {
    matches!(letter, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}' | '\0')
}

#[cfg(test)]
mod tests {
    use super::folded;

    #[test]
    fn spellings_of_one_word_fold_to_one_text() {
        for text in ["Durchgeführt", " durchgefuhrt", "DURCHGEFU\u{308}HRT.", "\u{feff}durchge\u{ad}führt\u{a0}"] {
            assert_eq!(folded(text), "durchgefuhrt", "{text}");
        }
        for text in ["drop-out", "drop_out", "Drop  Out", "drop\u{2013}out"] {
            assert_eq!(folded(text), "drop out", "{text}");
        }
        assert_eq!(folded("Größe"), "grosse");
        assert_eq!(folded("Bjørn Ærø"), "bjorn aero");
        assert_eq!(folded("fév."), "fev");
        assert_eq!(folded("—"), "");
    }
}
