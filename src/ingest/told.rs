//! What the roster has told of its patients so far, so that a second row can be compared with the first.

use rustc_hash::FxHashMap;

/// Patients that have a row of the roster, and its values. Names and values are kept once: most patients share them.
#[derive(Clone, Default)]
pub(super) struct Told {
    /// For each patient columns and their values, as numbers of texts, in the order of the columns' numbers.
    patients: FxHashMap<Box<str>, Vec<(u32, u32)>>,
    numbers: FxHashMap<Box<str>, u32>,
    texts: Vec<Box<str>>,
}

impl Told {
    /// Whether a patient has a row.
    pub fn knows(&self, id: &str) -> bool {
        self.patients.contains_key(id)
    }

    /// The first column of which a row says something else than before, and what was said before.
    pub fn contradiction<'a>(&self, id: &str, row: impl Iterator<Item = (&'a str, String)>) -> Option<(&str, &str)> {
        let known = self.patients.get(id)?;
        row.into_iter().find_map(|(column, value)| {
            let column = *self.numbers.get(column)?;
            let at = known.binary_search_by_key(&column, |said| said.0).ok()?;
            let before = self.text(known.get(at)?.1);
            (before != value).then(|| (self.text(column), before))
        })
    }

    /// Adds what a row says of columns nothing was said of before.
    pub fn add<'a>(&mut self, id: &str, row: impl Iterator<Item = (&'a str, String)>) {
        let mut row: Vec<(u32, u32)> = row.map(|(column, value)| (self.number(column), self.number(&value))).collect();
        if let Some(known) = self.patients.get_mut(id) {
            known.append(&mut row);
            // Of two values of a column the one said first stays: the order of equals is kept.
            known.sort_by_key(|said| said.0);
            known.dedup_by_key(|said| said.0);
        } else {
            row.sort_by_key(|said| said.0);
            row.dedup_by_key(|said| said.0);
            self.patients.insert(id.into(), row);
        }
    }

    fn text(&self, number: u32) -> &str {
        self.texts.get(number as usize).map_or("", |text| text)
    }

    fn number(&mut self, text: &str) -> u32 {
        if let Some(&number) = self.numbers.get(text) {
            return number;
        }
        let number = self.texts.len() as u32;
        self.texts.push(text.into());
        self.numbers.insert(text.into(), number);
        number
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row<'a>(cells: &'a [(&'a str, &'a str)]) -> impl Iterator<Item = (&'a str, String)> {
        cells.iter().map(|&(column, value)| (column, value.to_owned()))
    }

    #[test]
    fn what_was_said_first_stands_and_what_was_left_open_is_added() {
        let mut told = Told::default();
        told.add("P1", row(&[("age", "54")]));
        told.add("P1", row(&[("age", "55"), ("sex", "54")]));
        assert!(told.knows("P1") && !told.knows("P2"));
        assert_eq!(told.contradiction("P1", row(&[("age", "54"), ("sex", "54"), ("site", "x")])), None);
        assert_eq!(told.contradiction("P1", row(&[("sex", "m"), ("age", "55")])), Some(("sex", "54")));
        assert_eq!(told.contradiction("P2", row(&[("sex", "m")])), None);
    }
}
