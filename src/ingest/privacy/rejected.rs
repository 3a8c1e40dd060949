//! Rejected rows without personal values, and with pseudonyms for ids.
//!
//! A row is rejected because something in it is wrong, and often its cells stand in the wrong columns. So what is shown of
//! it must be seen to be what its column holds; else the text is withheld, and the place remains.

use super::{PersonalColumns, Privacy};
use crate::domain::{EventKind, Phase, ProgramOutcome, SessionStatus, folded, nearest};
use crate::ingest::accounting::Rejected;
use crate::ingest::columns::{Field, columns_of};
use crate::ingest::plan::{DateSource, PatientSource, Plan};
use crate::ingest::record::{Cell, Kind, Marks, scan};
use crate::ingest::rules::{self, RULES, Rule};

pub(super) const REMOVED: &str = "[removed]";

impl PersonalColumns {
    /// Takes out of a rejected row what is personal. Without personal columns and pseudonyms it stays as it is.
    pub fn clean(&self, plan: &Plan, privacy: Privacy<'_>, row: &mut Rejected) {
        if self.first().is_none() && privacy.pseudonyms.is_none() {
            return;
        }
        let damaged = is_damaged(row);
        // What cannot be decoded may be a piece of an id or of a name.
        let undecoded = breaks(row, rules::MIXED_ENCODING);
        match cells(plan.marks, &row.raw).filter(|_| !damaged && !undecoded) {
            Some(cells) if !misplaced(plan, &cells, &row.raw) => row.raw = self.shown(plan, privacy, &cells, &row.raw),
            None if damaged => self.withhold_record(row),
            _ => self.withhold(row),
        }
    }

    /// Why something is not shown.
    fn reason(&self) -> &'static str {
        if self.first().is_some() { "the file has personal columns" } else { "ids are pseudonymized" }
    }

    /// For rules that speak of the row and show nothing of it.
    pub(super) fn withhold_record(&self, row: &mut Rejected) {
        row.value.clear();
        row.raw = format!("[not shown: {}, and the cells of this row cannot be told apart]", self.reason());
    }

    /// For rules that quote a cell, where cells cannot be trusted to stand in their columns.
    pub(super) fn withhold(&self, row: &mut Rejected) {
        let reason = self.reason();
        row.value = if row.value.is_empty() { String::new() } else { REMOVED.to_owned() };
        row.sentence = format!("A cell does not hold what its column should; its text is not shown, because {reason}.");
        row.raw = format!("[not shown: {reason}, and cells of this row may stand in the wrong columns]");
        quote_nothing(row);
    }

    /// The record with personal cells removed and the pseudonym for the id.
    fn shown(&self, plan: &Plan, privacy: Privacy<'_>, cells: &[Cell], raw: &str) -> String {
        let id = match plan.patient {
            PatientSource::Column(column) => Some(column),
            PatientSource::Constant(_) => plan.also_names_patient,
        };
        let mut shown: Vec<String> = Vec::with_capacity(cells.len());
        let mut start = 0;
        for (column, cell) in cells.iter().enumerate() {
            let as_it_stands = raw.get(start..cell.end() as usize).unwrap_or_default();
            start = cell.end() as usize + 1;
            let text = cell.text(raw);
            let used = kept(plan, column);
            let after = self.first().is_some_and(|first| column > first);
            let removed = self.holds(column) || !used && (privacy.pseudonyms.is_some() || after && says_much(&text));
            shown.push(match privacy.pseudonyms {
                _ if text.is_empty() => as_it_stands.to_owned(),
                Some(pseudonyms) if id == Some(column) => pseudonyms.of(&text),
                _ if removed && id != Some(column) => REMOVED.to_owned(),
                _ => as_it_stands.to_owned(),
            });
        }
        shown.join(&char::from(plan.marks.delimiter).to_string())
    }
}

/// Whether the cells of a row cannot be told apart.
pub(super) fn is_damaged(row: &Rejected) -> bool {
    [rules::UNTERMINATED_QUOTE, rules::WRONG_NUMBER_OF_CELLS, rules::NUL_BYTE].iter().any(|rule| row.rule == rule.id)
}

fn breaks(row: &Rejected, rule: Rule) -> bool {
    row.rule == rule.id || row.also.contains(&format!("{}: ", rule.id))
}

/// Leaves of what else is said of a row the rules it breaks, and what to do about the first.
pub(super) fn quote_nothing(row: &mut Rejected) {
    let broken: Vec<&str> = RULES.iter().filter(|rule| row.also.contains(&format!("{}: ", rule.id))).map(|rule| rule.id).collect();
    row.also = broken.join(", ");
    if let Some(rule) = RULES.iter().find(|rule| rule.id == row.rule) {
        rule.fix.clone_into(&mut row.fix);
    }
}

/// The cells of a record by itself; `None` if it is not one whole record.
pub(super) fn cells(marks: Marks, raw: &str) -> Option<Vec<Cell>> {
    let mut cells = Vec::new();
    let found = scan(raw.as_bytes(), 0, marks, true, &mut cells);
    (found.kind == Kind::Record && found.end == raw.len()).then_some(cells)
}

/// Whether the reader has a use for a column whose cells it can tell to be what they should.
fn kept(plan: &Plan, column: usize) -> bool {
    let is_id = matches!(plan.patient, PatientSource::Column(id) if id == column) || plan.also_names_patient == Some(column);
    is_id || holds(plan, column).is_some()
}

/// What the cells of a column should be.
#[derive(Clone, Copy)]
enum Holds {
    Date,
    Number,
    Word(fn(&str) -> bool),
}

fn holds(plan: &Plan, column: usize) -> Option<Holds> {
    let dated = plan.dates.iter().any(|date| matches!(date.source, DateSource::Column(at) if at == column));
    if dated {
        return Some(Holds::Date);
    }
    let parts =
        plan.dates.iter().any(|date| matches!(date.source, DateSource::Parts { year, month, day } if [year, month, day].contains(&column)));
    if parts {
        return Some(Holds::Number);
    }
    let field = plan.fields.iter().find(|(_, at)| *at == column).map(|&(field, _)| field)?;
    match field {
        field if field.is_number() => Some(Holds::Number),
        Field::Phase => Some(Holds::Word(|text| known(text, Phase::parse(text).is_some(), Phase::ALL.iter().map(|word| word.as_str())))),
        Field::Status => {
            Some(Holds::Word(|text| known(text, SessionStatus::parse(text).is_some(), SessionStatus::ALL.iter().map(|word| word.as_str()))))
        }
        Field::Outcome => Some(Holds::Word(|text| {
            known(text, ProgramOutcome::parse(text).is_some(), ProgramOutcome::ALL.iter().map(|word| word.as_str()))
        })),
        Field::Event => {
            Some(Holds::Word(|text| known(text, EventKind::parse(text).is_some(), EventKind::ALL.iter().map(|word| word.as_str()))))
        }
        Field::Lasted24h => Some(Holds::Word(|text| known(text, text.chars().count() <= 5, std::iter::empty()))),
        Field::Covariate => {
            let name = plan.header.get(column).map_or("", String::as_str);
            let spec = columns_of(plan.kind).iter().find(|spec| spec.is_called(name));
            spec.filter(|spec| spec.holds == "number").map(|_| Holds::Number)
        }
        _ => None,
    }
}

/// Whether a word is one of a list, or nearly.
fn known(text: &str, is_known: bool, list: impl Iterator<Item = &'static str>) -> bool {
    is_known || nearest(text, list).is_some()
}

/// Whether a cell of a column in use is not what it should be, as where a separator too many moved the cells of the row.
fn misplaced(plan: &Plan, cells: &[Cell], raw: &str) -> bool {
    cells.iter().enumerate().any(|(column, cell)| {
        let text = cell.text(raw);
        if plan.missing.has(&text, plan.decimal) || plan.words.known(column, &text).is_some() {
            return false;
        }
        match holds(plan, column) {
            Some(Holds::Date) => !is_date_like(&text),
            Some(Holds::Number) => !is_number_like(&text),
            Some(Holds::Word(is_known)) => says_much(&text) && !is_known(&text),
            None => false,
        }
    })
}

/// Digits, and at most the words of a date.
pub(super) fn is_date_like(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let words = text.split(|c: char| !c.is_alphabetic()).map(folded).filter(|word| word.chars().count() >= 2);
    (3..=20).contains(&digits) && !text.contains(['@', '+']) && words.into_iter().all(|word| is_word_of_date(&word))
}

/// Names of months and weekdays by their first letters, and what stands beside them.
fn is_word_of_date(word: &str) -> bool {
    const BEGINNINGS: &[&str] = &[
        "jan", "feb", "fev", "mar", "mae", "mrz", "mrt", "maa", "apr", "avr", "abr", "mai", "may", "mag", "maj", "mei", "jun", "jui",
        "giu", "jul", "lug", "aug", "aou", "ago", "sep", "set", "oct", "okt", "ott", "out", "nov", "dec", "dez", "dic", "des", "gen",
        "ene", "mon", "tue", "wed", "thu", "fri", "sat", "sun", "die", "mit", "don", "fre", "sam", "son", "lun", "mer", "jeu", "ven",
        "dim",
    ];
    let whole = [
        "st", "nd", "rd", "th", "am", "pm", "uhr", "at", "um", "of", "de", "utc", "gmt", "cet", "cest", "mo", "di", "mi", "do", "fr", "sa",
        "so",
    ];
    whole.contains(&word) || word.len() <= 10 && BEGINNINGS.iter().any(|beginning| word.starts_with(beginning))
}

/// A number, perhaps with a unit, a range or a mark.
pub(super) fn is_number_like(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let words = text.split(|c: char| !c.is_alphabetic()).map(folded).filter(|word| word.chars().count() >= 2);
    let units = ["min", "mins", "minutes", "minuten", "std", "hours", "sec", "sek", "mm", "cm", "nrs", "vas", "to", "bis", "of", "von"];
    (1..=6).contains(&digits) && super::shapes::year_of_date(text).is_none() && words.into_iter().all(|word| units.contains(&word.as_str()))
}

/// Letters or digits enough to tell somebody.
pub(super) fn says_much(text: &str) -> bool {
    text.chars().filter(|c| c.is_alphabetic()).count() >= 2 || text.bytes().filter(u8::is_ascii_digit).count() >= 5
}
