//! What a header says: whether its words name something personal.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use super::Kind;
use super::words::{BESIDE_AN_ADDRESS, COMPANY, MARKS, YEARS, lists};
use crate::domain::folded;

/// The longest phrase of [`MARKS`], in words.
const LONGEST_PHRASE: usize = 4;

/// What a header names, if every word of it speaks of that: `exercise_name` and `mobile_app_used` name nothing personal.
pub(super) fn kind(header: &str) -> Option<Kind> {
    // `lastName` is two words; `DoB` and `AhvNr` are one or two, so both ways are tried.
    kind_of(&words(header, true)).or_else(|| kind_of(&words(header, false)))
}

/// Whether a header is a part of an address where another column of the file is one.
pub(super) fn beside_an_address(header: &str) -> bool {
    matches!(words(header, false).as_slice(), [word] if lists(BESIDE_AN_ADDRESS, word))
}

/// Whether a header is the one word "name", in any language.
pub(super) fn is_bare_name(header: &str) -> bool {
    matches!(words(header, true).as_slice(), [word] if ["name", "nom", "nombre", "naam", "navn", "namn", "nome"].contains(&word.as_str()))
}

/// Whether a header has one of these words.
pub(super) fn has_word(header: &str, list: &str) -> bool {
    [true, false].iter().any(|&camel| words(header, camel).iter().any(|word| lists(list, word)))
}

fn kind_of(words: &[String]) -> Option<Kind> {
    if words.iter().any(|word| lists(YEARS, word)) {
        return None;
    }
    let mut strongest: Option<usize> = None;
    let (mut at, mut place_words) = (0, false);
    while at < words.len() {
        if let Some((place, length)) = mark(&words[at..]) {
            strongest = Some(strongest.map_or(place, |known| known.min(place)));
            at += length;
        } else if lists(COMPANY, &words[at]) {
            at += 1;
        } else if lists(BESIDE_AN_ADDRESS, &words[at]) {
            place_words = true;
            at += 1;
        } else {
            return None;
        }
    }
    let kind = strongest.and_then(|place| MARKS.get(place)).map(|(kind, _)| *kind);
    // "PLZ/Ort" is one address; a "name of the state" is nobody's.
    kind.filter(|kind| !place_words || *kind == Kind::Address)
}

/// The place of every mark in [`MARKS`]: a file may have thousands of headers.
fn places() -> &'static FxHashMap<&'static str, usize> {
    static PLACES: OnceLock<FxHashMap<&str, usize>> = OnceLock::new();
    PLACES.get_or_init(|| {
        let mut places = FxHashMap::default();
        for (place, (_, marks)) in MARKS.iter().enumerate() {
            marks.split('|').for_each(|mark| {
                places.entry(mark).or_insert(place);
            });
        }
        places
    })
}

/// The longest mark these words begin with: its place in [`MARKS`] and its number of words.
fn mark(words: &[String]) -> Option<(usize, usize)> {
    (1..=words.len().min(LONGEST_PHRASE)).rev().find_map(|length| {
        let phrase = words[..length].join(" ");
        places().get(phrase.as_str()).map(|&place| (place, length))
    })
}

/// The words of a header, folded; numbers are no words. `camel` also cuts before a capital.
fn words(header: &str, camel: bool) -> Vec<String> {
    let letters: Vec<char> = header.chars().collect();
    let (mut words, mut word) = (Vec::new(), String::new());
    let mut cut = |word: &mut String| {
        let folded = folded(word);
        if !folded.is_empty() {
            words.push(folded);
        }
        word.clear();
    };
    for (at, &letter) in letters.iter().enumerate() {
        // A combining accent belongs to the letter before it.
        let accent = ('\u{300}'..='\u{36f}').contains(&letter);
        if !letter.is_alphabetic() && !accent {
            cut(&mut word);
            continue;
        }
        let before = at.checked_sub(1).and_then(|before| letters.get(before));
        let rises = letter.is_uppercase() && before.is_some_and(|before| before.is_lowercase());
        let ends_capitals = letter.is_uppercase()
            && before.is_some_and(|before| before.is_uppercase())
            && letters.get(at + 1).is_some_and(|next| next.is_lowercase());
        if camel && (rises || ends_capitals) {
            cut(&mut word);
        }
        word.push(letter);
    }
    cut(&mut word);
    words
}
