//! Text of other people's files on a terminal.

use std::borrow::Cow;

/// The text with its control characters spelled out (`\n`, `\t`, `\u{1b}`): a cell can neither break a table nor command the terminal.
pub(super) fn printable(text: &str) -> Cow<'_, str> {
    if !text.contains(char::is_control) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        if character.is_control() { shown.extend(character.escape_default()) } else { shown.push(character) }
    }
    Cow::Owned(shown)
}

#[cfg(test)]
mod tests {
    use super::printable;

    #[test]
    fn control_characters_are_spelled_out_and_letters_are_left_alone() {
        assert_eq!(printable("a\u{1b}[31mb\n\tc\u{7f}\u{9b}d"), "a\\u{1b}[31mb\\n\\tc\\u{7f}\\u{9b}d");
        assert_eq!(printable("Größe – 5 °C \\n"), "Größe – 5 °C \\n");
    }
}
