//! Patient ids in names of files and in sentences: what stands for them is shown instead.

use rustc_hash::{FxHashMap, FxHashSet};

use super::Pseudonyms;
use super::rejected::REMOVED;
use crate::ingest::accounting::ReadingReport;
use crate::ingest::conversion::ConvertedFile;
use crate::ingest::error::IngestError;
use crate::ingest::rules;
use crate::settings::LogKind;

/// Instead of a record that has an id in a wrong place.
const NOT_SHOWN: &str = "[not shown: ids are pseudonymized, and cells of this row may stand in the wrong columns]";

/// Digits of an id that is looked for in texts.
const LONG_NUMBER: usize = 6;

/// An id is looked for over at most this many words.
const LONGEST_RUN: usize = 8;

/// Every id met, used or rejected, and its pseudonym. Empty unless ids are pseudonymized.
#[derive(Debug, Default)]
pub(in crate::ingest) struct KnownIds {
    /// Id in lower case, without marks at its ends → pseudonym.
    by_id: FxHashMap<String, String>,
    /// Pseudonym → the id it stands for.
    meaning: FxHashMap<String, String>,
    collision: bool,
}

impl KnownIds {
    /// Notes an id.
    pub fn add(&mut self, id: &str, pseudonym: &str) {
        let id = id.trim();
        self.by_id.entry(key(id)).or_insert_with(|| pseudonym.to_owned());
        let known = self.meaning.entry(pseudonym.to_owned()).or_insert_with(|| id.to_owned());
        self.collision |= *known != id;
    }

    /// The id behind a pseudonym, to compare it with others; without pseudonyms the id itself.
    pub fn meaning<'a>(&'a self, shown: &'a str) -> &'a str {
        self.meaning.get(shown).map_or(shown, String::as_str)
    }

    /// Checks that no pseudonym stands for two ids.
    ///
    /// # Errors
    /// [`IngestError::Key`].
    pub fn check(&self) -> Result<(), IngestError> {
        if !self.collision {
            return Ok(());
        }
        Err(IngestError::Key {
            problem: "two patient ids have the same pseudonym by this key".to_owned(),
            fix: "Use another key for this study.".to_owned(),
        })
    }

    /// Whether a cell is an id, and long enough not to be one by chance.
    pub fn is_id(&self, cell: &str) -> bool {
        cell.chars().count() >= 4 && self.by_id.contains_key(&key(cell))
    }

    /// The name of a file or folder with every id in it replaced.
    pub fn in_name(&self, name: &str) -> String {
        self.replaced(name, |_| true)
    }

    /// A sentence with every id in it replaced that cannot be a small number or a short word.
    pub fn in_text(&self, text: &str) -> String {
        self.replaced(text, |id| {
            is_long_number(id) || {
                let (letters, length) = (id.chars().filter(|c| c.is_alphabetic()).count(), id.chars().count());
                letters > 0 && (letters < length && length >= 2 || length >= 4)
            }
        })
    }

    /// The distinct values of a column: ids are replaced, in a column of numbers only if it is one of ids. Where half of the
    /// values are ids that are no small numbers, the others are ids of patients who are not in the study, and get pseudonyms too.
    pub fn in_values(&self, values: &mut [String], pseudonyms: &Pseudonyms) {
        if self.by_id.is_empty() || values.is_empty() {
            return;
        }
        let distinct: FxHashSet<&str> = values.iter().map(String::as_str).collect();
        let ids = distinct.iter().filter(|value| self.is_id(value));
        let named = ids.clone().filter(|id| id.chars().any(char::is_alphabetic) || is_long_number(id)).count();
        let (all_ids, mostly_ids) = (ids.count() == distinct.len(), named * 2 >= distinct.len());
        // A measure that is as large as ids are stays one.
        let numbers = distinct.iter().all(|value| value.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '-')));
        for value in values {
            *value = match (all_ids, mostly_ids) {
                (false, true) if !self.is_id(value) => pseudonyms.of(value),
                (true, _) | (_, true) => self.in_name(value),
                (false, false) if numbers => continue,
                (false, false) => self.in_text(value),
            };
        }
    }

    /// Takes every id out of what is said of the columns of a file.
    pub fn hide_columns(&self, file: &mut ConvertedFile) {
        if self.by_id.is_empty() {
            return;
        }
        file.file = self.in_name(&file.file);
        for (theirs, native) in &mut file.renamed {
            (*theirs, *native) = (self.in_text(theirs), self.in_column(native));
        }
        file.not_carried.iter_mut().for_each(|name| *name = self.in_text(name));
        file.kept.iter_mut().for_each(|name| *name = self.in_column(name));
    }

    /// Takes every id out of what is reported.
    pub fn hide(&self, report: &mut ReadingReport) {
        if self.by_id.is_empty() {
            return;
        }
        let mut names: Vec<(String, String)> = Vec::new();
        for account in &mut report.files {
            let shown = self.in_name(&account.file);
            account.layout = self.in_text(&account.layout);
            names.push((std::mem::replace(&mut account.file, shown.clone()), shown));
        }
        for row in &mut report.rejected {
            row.file = self.in_name(&row.file);
            // An id in another column than its own: the cells of the row stand in the wrong places.
            if !self.meaning.contains_key(&row.value) && self.is_id(&row.value) {
                REMOVED.clone_into(&mut row.value);
                "A patient id stands where something else should.".clone_into(&mut row.sentence);
                row.also.clear();
                row.fix = rules::RULES.iter().find(|rule| rule.id == row.rule).map_or_else(String::new, |rule| rule.fix.to_owned());
                NOT_SHOWN.clone_into(&mut row.raw);
            }
            for text in [&mut row.column, &mut row.value, &mut row.sentence, &mut row.fix, &mut row.also, &mut row.raw] {
                *text = self.in_text(text);
            }
        }
        for finding in &mut report.findings {
            finding.file = self.in_name(&finding.file);
            for text in [&mut finding.column, &mut finding.value, &mut finding.sentence] {
                *text = self.in_text(text);
            }
            finding.fix = self.in_text(&finding.fix).into();
        }
        let names = ShownNames::of(names);
        for note in &mut report.notes {
            *note = self.in_text(&names.replaced(note));
        }
    }

    fn replaced(&self, text: &str, qualifies: impl Fn(&str) -> bool) -> String {
        if self.by_id.is_empty() {
            return text.to_owned();
        }
        let words = words(text);
        let (mut out, mut done, mut at) = (String::with_capacity(text.len()), 0, 0);
        while let Some(&(start, _)) = words.get(at) {
            let last = words.len().min(at + LONGEST_RUN);
            let found = (at..last).rev().find_map(|to| {
                let &(_, end) = words.get(to)?;
                let id = text.get(start..end)?;
                let pseudonym = self.by_id.get(&id.to_lowercase()).filter(|_| qualifies(id) && !is_ours(id))?;
                Some((to, end, pseudonym))
            });
            match found {
                Some((to, end, pseudonym)) => {
                    out.push_str(text.get(done..start).unwrap_or_default());
                    out.push_str(pseudonym);
                    done = end;
                    at = to + 1;
                }
                None => at += 1,
            }
        }
        out.push_str(text.get(done..).unwrap_or_default());
        out
    }
}

/// Names of files and what is shown instead, found in a text whatever their number.
struct ShownNames {
    by_name: FxHashMap<String, String>,
    /// Their lengths in bytes, the longest first.
    lengths: Vec<usize>,
}

impl ShownNames {
    fn of(names: Vec<(String, String)>) -> Self {
        let by_name: FxHashMap<String, String> = names.into_iter().filter(|(name, shown)| name != shown && !name.is_empty()).collect();
        let mut lengths: Vec<usize> = by_name.keys().map(String::len).collect();
        lengths.sort_unstable_by(|a, b| b.cmp(a));
        lengths.dedup();
        Self { by_name, lengths }
    }

    /// The text with every name replaced, the longest of those that begin at a place.
    fn replaced(&self, text: &str) -> String {
        let (mut out, mut at) = (String::with_capacity(text.len()), 0);
        while let Some(letter) = text.get(at..).and_then(|rest| rest.chars().next()) {
            let mut names = self.lengths.iter().filter_map(|length| text.get(at..at + length));
            if let Some((length, shown)) = names.find_map(|name| Some((name.len(), self.by_name.get(name)?))) {
                out.push_str(shown);
                at += length;
            } else {
                out.push(letter);
                at += letter.len_utf8();
            }
        }
        out
    }
}

/// Digits alone, and so many that hardly anything but an id is written so.
fn is_long_number(id: &str) -> bool {
    id.len() >= LONG_NUMBER && id.bytes().all(|byte| byte.is_ascii_digit())
}

fn key(id: &str) -> String {
    id.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase()
}

/// Names of native files, which no id takes away.
fn is_ours(word: &str) -> bool {
    let word = word.to_lowercase();
    ["csv", "study", "toml"].contains(&word.as_str()) || LogKind::ALL.iter().any(|kind| kind.as_str() == word)
}

/// Where the runs of letters and digits of a text start and end.
fn words(text: &str) -> Vec<(usize, usize)> {
    let (mut words, mut start) = (Vec::new(), None);
    for (at, letter) in text.char_indices() {
        match (letter.is_alphanumeric(), start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                words.push((from, at));
                start = None;
            }
            _ => {}
        }
    }
    words.extend(start.map(|from| (from, text.len())));
    words
}

/// The name of a file whose name says whose it is: what the `*` of the pattern stands for is replaced.
pub(in crate::ingest) fn of_patient(name: &str, pattern: &str, pseudonyms: &Pseudonyms) -> String {
    let pattern = pattern.trim().replace('\\', "/");
    let Some((before, after)) = pattern.split_once('*') else { return name.to_owned() };
    let id = name.strip_prefix(before).and_then(|rest| rest.strip_suffix(after));
    id.map_or_else(|| name.to_owned(), |id| format!("{before}{}{after}", pseudonyms.of(id)))
}

/// The name of a file before its rows are known: the id it is declared for, and what a `*` stood for, are replaced.
pub(in crate::ingest) fn located(name: &str, pattern: Option<&str>, id: Option<&str>, pseudonyms: &Pseudonyms) -> String {
    let mut shown = name.to_owned();
    if let Some(id) = id.map(str::trim).filter(|id| !id.is_empty()) {
        let mut known = KnownIds::default();
        known.add(id, &pseudonyms.of(id));
        shown = known.in_name(&shown);
    }
    let Some(pattern) = pattern.filter(|pattern| shown == name && pattern.contains(['*', '?', '['])) else { return shown };
    let before = pattern.split(['*', '?', '[']).next().unwrap_or_default();
    let after = pattern.rsplit(['*', '?', ']']).next().unwrap_or_default();
    let middle = name.strip_prefix(before).and_then(|rest| rest.strip_suffix(after));
    let Some(middle) = middle.filter(|middle| !middle.is_empty()) else { return shown };
    let id = middle.trim_matches(|c: char| !c.is_alphanumeric());
    format!("{before}{}{after}", middle.replacen(id, &pseudonyms.of(id), usize::from(!id.is_empty())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(ids: &[&str]) -> KnownIds {
        let mut known = KnownIds::default();
        ids.iter().enumerate().for_each(|(at, id)| known.add(id, &format!("p-{at}")));
        known
    }

    fn keyed() -> Pseudonyms {
        Pseudonyms::new(b"0123456789abcdef").unwrap()
    }

    #[test]
    fn ids_are_found_in_names_of_files_in_any_case() {
        let known = known(&["MUELLER-1967", "12", "pain", "Meier, Anna"]);
        assert_eq!(known.in_name("diaries/pain_mueller-1967_2024.csv"), "diaries/pain_p-0_2024.csv");
        assert_eq!(known.in_name("12.csv"), "p-1.csv");
        assert_eq!(known.in_name("pain.csv"), "pain.csv");
        assert_eq!(known.in_name("Meier, Anna/sessions.csv"), "p-3/sessions.csv");
    }

    #[test]
    fn a_sentence_loses_ids_and_keeps_its_numbers() {
        let known = known(&["MUELLER-1967", "12", "P7", "no"]);
        assert_eq!(known.in_text("12 rows of P7 and MUELLER-1967 have no day 12."), "12 rows of p-2 and p-0 have no day 12.");
        assert!(known.is_id("mueller-1967") && !known.is_id("12"));
    }

    #[test]
    fn the_longest_name_of_a_file_is_replaced_where_several_begin() {
        let name = |name: &str, shown: &str| (name.to_owned(), shown.to_owned());
        let names = ShownNames::of(vec![name("ä/P1", "x"), name("ä/P1.csv", "y.csv"), name("same.csv", "same.csv"), name("", "z")]);
        assert_eq!(names.replaced("ä/P1.csv: 2 rows; ä/P1 and same.csv é"), "y.csv: 2 rows; x and same.csv é");
    }

    #[test]
    fn values_that_are_all_ids_are_replaced_even_if_they_are_numbers() {
        let known = known(&["1001", "1002"]);
        let (mut twins, mut weights) = (vec!["1002".to_owned(), "1001".to_owned()], vec!["1002".to_owned(), "950".to_owned()]);
        known.in_values(&mut twins, &keyed());
        known.in_values(&mut weights, &keyed());
        assert_eq!((twins, weights), (vec!["p-1".to_owned(), "p-0".to_owned()], vec!["1002".to_owned(), "950".to_owned()]));
    }

    #[test]
    fn ids_of_six_digits_and_more_are_found_in_texts_as_whole_numbers() {
        let known = known(&["100200305", "123456", "12345"]);
        assert_eq!(known.in_text("for 100200305, as (123456)"), "for p-0, as (p-1)");
        assert_eq!(known.in_text("1002003051 and 12345 and kg123456"), "1002003051 and 12345 and kg123456");
        let mut texts = ["for 100200305", "squat", "12345 steps"].map(str::to_owned);
        known.in_values(&mut texts, &keyed());
        assert_eq!(texts, ["for p-0", "squat", "12345 steps"]);
        let mut twins = ["100200305", "123456", "100200399"].map(str::to_owned);
        known.in_values(&mut twins, &keyed());
        assert_eq!(twins, ["p-0".to_owned(), "p-1".to_owned(), keyed().of("100200399")]);
        let mut incomes = ["123456", "99000.5", "81000"].map(str::to_owned);
        known.in_values(&mut incomes, &keyed());
        assert_eq!(incomes, ["123456", "99000.5", "81000"]);
    }

    #[test]
    fn values_beside_ids_are_ids_of_patients_who_are_not_in_the_study() {
        let known = known(&["MUELLER-1967", "HUBER-1950"]);
        let twins = |values: &[&str]| {
            let mut values: Vec<String> = values.iter().map(|&value| value.to_owned()).collect();
            known.in_values(&mut values, &keyed());
            values
        };
        let keller = keyed().of("KELLER-1931");
        assert_eq!(twins(&["mueller-1967", "KELLER-1931"]), ["p-0".to_owned(), keller]);
        assert_eq!(twins(&["MUELLER-1967", "none", "sister of HUBER-1950"]), ["p-0", "none", "sister of p-1"]);
    }

    #[test]
    fn what_a_pattern_left_open_is_the_pseudonym_of_the_id() {
        let pseudonyms = keyed();
        let p0012 = pseudonyms.of("P0012");
        assert_eq!(located("diaries/P0012.csv", Some("diaries/*.csv"), None, &pseudonyms), format!("diaries/{p0012}.csv"));
        assert_eq!(located("pain_P0012.csv", Some("pain*.csv"), None, &pseudonyms), format!("pain_{p0012}.csv"));
        assert_eq!(located("x/p0012 pain.csv", None, Some("P0012"), &pseudonyms), format!("x/{p0012} pain.csv"));
        assert_eq!(located("pain.csv", Some("pain.csv"), None, &pseudonyms), "pain.csv");
    }
}
