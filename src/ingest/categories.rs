//! Columns of free text as codes into sorted levels.

use rustc_hash::FxHashMap;

use super::row::Row;
use crate::domain::folded;

/// A column of free text: for each row a code into sorted levels. Texts that differ in case, accents, hyphens or space are one level,
/// spelled as it was met first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Categories {
    /// Distinct texts, sorted.
    pub levels: Vec<String>,
    /// One code a row; [`Self::MISSING`] where nothing is logged. Empty if the column is absent.
    pub codes: Vec<u32>,
}

impl Categories {
    /// The code of a row with nothing logged.
    pub const MISSING: u32 = u32::MAX;

    /// Whether no file has the column.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.codes.is_empty()
    }

    /// The code of a row, if anything is logged.
    #[must_use]
    pub fn code(&self, row: usize) -> Option<u32> {
        self.codes.get(row).copied().filter(|&code| code != Self::MISSING)
    }
}

/// The text by which levels are compared.
fn key(text: &str) -> String {
    let folded = folded(text);
    if folded.is_empty() { text.trim().to_owned() } else { folded }
}

/// Texts in the order in which they are met.
#[derive(Debug, Default)]
pub(super) struct Interned {
    /// As spelled first.
    texts: Vec<String>,
    by_spelling: FxHashMap<String, u32>,
    by_key: FxHashMap<String, u32>,
    /// Met last: rows mostly repeat the one above.
    last: u32,
    /// The code of each row.
    pub codes: Vec<u32>,
}

impl Interned {
    /// The code of a cell, [`Categories::MISSING`] if it holds nothing.
    #[inline]
    pub fn of(&mut self, row: &Row<'_>, column: Option<usize>) -> u32 {
        column.and_then(|column| row.present(column)).map_or(Categories::MISSING, |text| self.code(&text))
    }

    /// The code of a text.
    #[inline]
    pub fn code(&mut self, text: &str) -> u32 {
        if self.texts.get(self.last as usize).is_some_and(|last| last == text) {
            return self.last;
        }
        self.last = match self.by_spelling.get(text) {
            Some(&code) => code,
            None => self.add(text),
        };
        self.last
    }

    fn add(&mut self, text: &str) -> u32 {
        let next = self.texts.len() as u32;
        let code = *self.by_key.entry(key(text)).or_insert(next);
        if code == next {
            self.texts.push(text.to_owned());
        }
        self.by_spelling.insert(text.to_owned(), code);
        code
    }

    /// Adds the rows of a later part of the log, `before` and `added` rows being those of both parts.
    pub fn append(&mut self, later: &Self, before: usize, added: usize) {
        if self.codes.is_empty() && later.codes.is_empty() {
            return;
        }
        let codes: Vec<u32> = later.texts.iter().map(|text| self.code(text)).collect();
        let code = |&code: &u32| codes.get(code as usize).copied().unwrap_or(Categories::MISSING);
        self.codes.resize(before, Categories::MISSING);
        self.codes.extend(later.codes.iter().map(code));
        self.codes.resize(before + added, Categories::MISSING);
    }

    /// Changes the texts.
    pub fn change(&mut self, change: impl FnOnce(&mut [String])) {
        change(&mut self.texts);
    }

    /// The column with sorted levels; texts of rows that were not used are none.
    pub fn into_categories(self) -> Categories {
        let mut used = vec![false; self.texts.len()];
        for &code in &self.codes {
            if let Some(used) = used.get_mut(code as usize) {
                *used = true;
            }
        }
        let mut levels: Vec<String> = self.texts.iter().zip(&used).filter(|(_, used)| **used).map(|(text, _)| text.clone()).collect();
        levels.sort_unstable();
        levels.dedup();
        let place = |text: &String| levels.binary_search(text).map_or(Categories::MISSING, |place| place as u32);
        let places: Vec<u32> = self.texts.iter().map(place).collect();
        let codes = self.codes.iter().map(|&code| places.get(code as usize).copied().unwrap_or(Categories::MISSING)).collect();
        Categories { levels, codes }
    }
}
