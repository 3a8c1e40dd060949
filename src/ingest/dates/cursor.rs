//! A place in a text, from which the next number, word or mark is taken.

/// What is left of a text. Copied before an attempt, so that a failed one costs nothing.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cursor<'a> {
    pub rest: &'a str,
}

impl<'a> Cursor<'a> {
    pub fn new(text: &'a str) -> Self {
        Self { rest: text }
    }

    pub fn is_at_end(self) -> bool {
        self.rest.is_empty()
    }

    /// The digits that come next; empty if none do.
    pub fn digits(&mut self) -> &'a str {
        let end = self.rest.bytes().position(|byte| !byte.is_ascii_digit()).unwrap_or(self.rest.len());
        self.take(end)
    }

    /// The letters that come next; empty if none do.
    pub fn word(&mut self) -> &'a str {
        let end = self.rest.find(|letter: char| !letter.is_alphabetic() && !is_accent(letter)).unwrap_or(self.rest.len());
        self.take(end)
    }

    /// Skips space; whether there was any.
    pub fn space(&mut self) -> bool {
        let trimmed = self.rest.trim_start_matches(is_space);
        let any = trimmed.len() < self.rest.len();
        self.rest = trimmed;
        any
    }

    /// Takes this character if it comes next.
    pub fn eat(&mut self, wanted: char) -> bool {
        self.rest.strip_prefix(wanted).is_some_and(|rest| {
            self.rest = rest;
            true
        })
    }

    /// Takes one of these characters if it comes next.
    pub fn one_of(&mut self, wanted: &[char]) -> Option<char> {
        let next = self.rest.chars().next().filter(|next| wanted.contains(next))?;
        self.eat(next);
        Some(next)
    }

    fn take(&mut self, end: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at_checked(end).unwrap_or((self.rest, ""));
        self.rest = rest;
        taken
    }
}

/// Space of any kind, and marks of writing direction, which some systems put around dates.
///
/// A line break or a tab inside a date is damage, not space.
pub(super) fn is_space(letter: char) -> bool {
    (letter.is_whitespace() && !letter.is_control()) || matches!(letter, '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{FEFF}')
}

/// A combining accent, which follows its letter in texts from a Mac.
fn is_accent(letter: char) -> bool {
    matches!(letter, '\u{300}'..='\u{36F}')
}
