//! One row: its cells by column, and the rules it breaks.

use std::borrow::Cow;

use super::accounting::Rejected;
use super::columns::Field;
use super::dates::{self, NotADay, OrderEvidence};
use super::number;
use super::plain::{self, Words};
use super::plan::{DateSource, Plan};
use super::record::Cell;
use super::rules::{self, Rule};
use super::words;
use crate::domain::{Day, nearest};

/// 1900-01-01: no log, and no patient's program, is older.
const EARLIEST: Day = Day(-25_567);

/// A row of a block.
pub(super) struct Row<'a> {
    pub plan: &'a Plan,
    pub block: &'a str,
    pub cells: &'a [Cell],
    /// Values carried down from the rows above, by column; empty without `fill_down`.
    pub filled: &'a [Option<String>],
    pub line: usize,
    /// Where the row stands in the block.
    pub extent: (usize, usize),
    /// The day logged, if it has been read with the start of the row.
    pub day: Option<Day>,
}

impl<'a> Row<'a> {
    /// The row as it stands in the file.
    pub fn raw(&self) -> &'a str {
        self.block.get(self.extent.0..self.extent.1).unwrap_or_default()
    }

    /// The cell of a column, empty where the row is too short.
    #[inline]
    pub fn text(&self, column: usize) -> Cow<'a, str> {
        let text = self.cells.get(column).map_or(Cow::Borrowed(""), |cell| cell.text(self.block));
        if text.is_empty()
            && let Some(Some(above)) = self.filled.get(column)
        {
            return Cow::Borrowed(above);
        }
        text
    }

    /// The cell, or `None` if it means "missing".
    #[inline]
    pub fn present(&self, column: usize) -> Option<Cow<'a, str>> {
        let text = self.text(column);
        (!self.plan.missing.has(&text, self.plan.decimal)).then_some(text)
    }

    /// The bytes of a cell that holds what stands in it, whatever the study's settings.
    #[inline]
    pub fn plain(&self, column: usize) -> Option<&'a [u8]> {
        if self.plan.plain { self.cells.get(column)?.plain(self.block.as_bytes()) } else { None }
    }

    /// The number in a cell, if it is a plain one.
    #[inline]
    pub fn plain_number(&self, column: usize) -> Option<f64> {
        plain::number(self.plain(column)?, self.plan.decimal)
    }

    /// The number in an optional column, if it lies where it can.
    #[inline]
    pub fn number(&self, column: Option<usize>, range: Range, problems: &mut Problems) -> Option<f64> {
        let column = column?;
        if let Some(value) = self.plain_number(column).filter(|&value| range.holds(value)) {
            return Some(value);
        }
        let text = self.present(column)?;
        let Some(value) = number::parse(&text, self.plan.decimal) else {
            problems.not_a_number(self, column, &text);
            return None;
        };
        if value > Range::MOST {
            let sentence = format!("\"{text}\" is more than any log can mean (at most 1,000,000).");
            problems.push(rules::OUT_OF_RANGE, self.name(column), &text, sentence);
            return None;
        }
        if !range.holds(value) {
            problems.push(rules::OUT_OF_RANGE, self.name(column), &text, format!("\"{text}\" is not {}.", range.expected));
            return None;
        }
        Some(value)
    }

    /// A cell that means "missing" elsewhere and is one of the study's own words here (`-` for no pain, say).
    pub fn own_word(&self, column: usize) -> Option<Cow<'a, str>> {
        let text = self.text(column);
        self.plan.words.known(column, &text).is_some().then_some(text)
    }

    /// The score a cell says, in digits or in a word the study declares.
    #[inline]
    pub fn score(&self, column: usize, text: &str) -> Option<f64> {
        number::parse(text, self.plan.decimal).or_else(|| self.plan.words.score(column, text))
    }

    /// The word of a closed list in an optional column.
    pub fn word<T: Copy>(
        &self,
        column: Option<usize>,
        parse: impl Fn(&str) -> Option<T>,
        known: impl Iterator<Item = &'static str>,
        problems: &mut Problems,
    ) -> Option<T> {
        let column = column?;
        if let Some(known) = self.plan.words.known(column, &self.text(column)) {
            return parse(known);
        }
        let text = self.present(column)?;
        let word = parse(&text);
        if word.is_none() {
            let known: Vec<&str> = known.collect();
            let near = nearest(&text, known.iter().copied());
            let meant = near.map_or_else(String::new, |near| format!(" Did you mean \"{near}\"?"));
            let sentence = format!("\"{text}\" is none of {}.{meant}", known.join(", "));
            let fix = words::advice(&text, self.plan.native_field(column), near.unwrap_or("…"), self.plan.kind);
            problems.push_with(rules::UNKNOWN_WORD, self.name(column), &text, sentence, Some(fix));
        }
        word
    }

    /// As [`Self::word`], looking words up in `words` first.
    #[inline]
    pub fn known_word<T: Copy>(
        &self,
        column: Option<usize>,
        words: &mut Words<T>,
        parse: impl Fn(&str) -> Option<T>,
        known: impl Iterator<Item = &'static str>,
        problems: &mut Problems,
    ) -> Option<T> {
        // A cell that is filled down means what the row above says.
        let key = self.key(column?);
        if let Some(known) = key.and_then(|key| words.get(key)) {
            return known.word;
        }
        let before = problems.len();
        let word = self.word(column, parse, known, problems);
        if let Some(key) = key.filter(|_| problems.len() == before) {
            words.set(key, word);
        }
        word
    }

    /// The bytes of a short cell as one number, unless an empty one may repeat the row above.
    #[inline]
    pub fn key(&self, column: usize) -> Option<u128> {
        if self.filled.is_empty() { self.cells.get(column)?.key(self.block.as_bytes()) } else { None }
    }

    /// The name of a column in the file.
    pub fn name(&self, column: usize) -> &'a str {
        self.plan.header.get(column).map_or("", String::as_str)
    }

    /// The day in a date slot; `None` if it is missing (a problem only if `required`) or broken.
    #[inline]
    pub fn day(&self, slot: usize, required: bool, evidence: &mut [OrderEvidence], problems: &mut Problems) -> Option<Day> {
        let date = &self.plan.dates[slot];
        let plain = match (slot, self.day, &date.source) {
            (0, Some(day), _) => Some(day),
            (_, _, DateSource::Column(column)) => self.plain(*column).and_then(plain::day),
            (_, _, DateSource::Parts { .. }) => None,
        };
        let day = match date.source {
            _ if plain.is_some() => plain?,
            DateSource::Column(column) => {
                let Some(text) = self.present(column) else {
                    if required {
                        let text = self.text(column);
                        problems.push(rules::MISSING_DATE, &date.name, &text, "The date is missing.".to_owned());
                    }
                    return None;
                };
                match dates::parse(&text, &date.style) {
                    Ok(dated) => {
                        if dated.utc() {
                            evidence[slot].utc += 1;
                        }
                        dated.day
                    }
                    Err(fault) => {
                        if let NotADay::Undecided { parts, weekday } = fault {
                            evidence[slot].note(parts, weekday, &text, self.line);
                            if evidence[slot].decides() {
                                // The file is read again by the order, or refused: this finding is never shown.
                                problems.push(rules::INVALID_DATE, "", "", String::new());
                                return None;
                            }
                        }
                        let weekday = matches!(fault, NotADay::WrongWeekday { .. });
                        let rule = if weekday { rules::WEEKDAY_MISMATCH } else { rules::INVALID_DATE };
                        let (sentence, fix) = (fault.sentence(&text, &date.style), fault.fix(&text, self.plan.kind));
                        problems.push_with(rule, &date.name, &text, sentence, fix);
                        return None;
                    }
                }
            }
            DateSource::Parts { year, month, day } => self.day_from_parts(slot, [year, month, day], problems)?,
        };
        if day < EARLIEST {
            problems.push(rules::BEFORE_1900, &date.name, &self.date_text(slot), format!("{day} lies before 1900."));
            return None;
        }
        if let Some(last) = date.last.filter(|last| day > last.day) {
            let (end, fix) = if last.declared { ("the day of export", None) } else { ("today", Some("Correct the date.".to_owned())) };
            let sentence = format!("{day} lies after {end}, {}.", last.day);
            problems.push_with(rules::FUTURE_DATE, &date.name, &self.date_text(slot), sentence, fix);
            return None;
        }
        Some(day)
    }

    /// The date of a slot as it stands in the row.
    pub fn date_text(&self, slot: usize) -> String {
        match self.plan.dates[slot].source {
            DateSource::Column(column) => self.text(column).into_owned(),
            DateSource::Parts { year, month, day } => format!("{}-{}-{}", self.text(year), self.text(month), self.text(day)),
        }
    }

    fn day_from_parts(&self, slot: usize, columns: [usize; 3], problems: &mut Problems) -> Option<Day> {
        let date = &self.plan.dates[slot];
        let texts = columns.map(|column| self.text(column));
        let shown = texts.join("-");
        for (column, text) in columns.into_iter().zip(&texts) {
            if self.plan.missing.has(text, self.plan.decimal) {
                problems.push(rules::MISSING_DATE, &date.name, &shown, format!("The date is missing its {}.", self.name(column)));
                return None;
            }
        }
        let [year, month, day] = &texts;
        let wrong = match dates::from_parts([year, month, day], &date.style) {
            Ok(day) => return Some(day),
            Err(wrong) => wrong,
        };
        let place = wrong.part.and_then(|part| columns.get(part).zip(texts.get(part)));
        let (sentence, fix) = match (place, wrong.fault) {
            (None, _) => (format!("There is no day {shown} (year-month-day) in the calendar."), None),
            (Some((&column, text)), NotADay::Shape) => (format!("\"{text}\" in column {} is no part of a date.", self.name(column)), None),
            (Some((_, text)), fault) => (fault.sentence(text, &date.style), fault.fix(text, self.plan.kind)),
        };
        problems.push_with(rules::INVALID_DATE, &date.name, &shown, sentence, fix);
        None
    }
}

/// Where a number may lie, and the words for it.
#[derive(Clone, Copy)]
pub(super) struct Range {
    pub least: f64,
    pub greatest: f64,
    pub expected: &'static str,
}

impl Range {
    /// Greater numbers are slips, and sums of them are no numbers any more.
    const MOST: f64 = 1e6;

    fn holds(&self, value: f64) -> bool {
        value >= self.least && value <= self.greatest
    }

    /// Any number a log can mean.
    pub const ANY: Self = Self { least: -Self::MOST, greatest: Self::MOST, expected: "from -1,000,000 to 1,000,000" };

    pub const NOT_NEGATIVE: Self = Self { least: 0.0, greatest: Self::MOST, expected: "0 or more" };
}

#[derive(Debug)]
struct Problem {
    rule: Rule,
    column: String,
    value: String,
    sentence: String,
    fix: Option<String>,
}

/// The rules a row breaks, in the order of checking.
#[derive(Debug, Default)]
pub(super) struct Problems {
    list: Vec<Problem>,
}

impl Problems {
    #[inline]
    pub fn clear(&mut self) {
        if !self.list.is_empty() {
            self.list.clear();
        }
    }

    pub fn len(&self) -> usize {
        self.list.len()
    }

    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Takes back those that were added after the first `len`.
    pub fn truncate(&mut self, len: usize) {
        self.list.truncate(len);
    }

    /// Whether one of them is about a column of this name.
    pub fn name(&self, column: &str) -> bool {
        self.list.iter().any(|problem| problem.column == column)
    }

    pub fn push(&mut self, rule: Rule, column: &str, value: &str, sentence: String) {
        self.push_with(rule, column, value, sentence, None);
    }

    /// As [`Self::push`], with what to do where the rule's own advice is not enough.
    pub fn push_with(&mut self, rule: Rule, column: &str, value: &str, sentence: String, fix: Option<String>) {
        self.list.push(Problem { rule, column: column.to_owned(), value: value.to_owned(), sentence, fix });
    }

    pub fn not_a_number(&mut self, row: &Row<'_>, column: usize, text: &str) {
        let kind = row.plan.kind.as_str();
        let in_words = row.plan.column(Field::Pain) == Some(column) && !text.bytes().any(|byte| byte.is_ascii_digit());
        let fix = if in_words {
            Some(format!(
                "Write a number, or say which one it stands for: words = {{ pain = {{ \"…\" = [{text:?}] }} }} under [files.{kind}] in study.toml, with the number for …."
            ))
        } else {
            number::advice(text, kind)
        };
        self.push_with(rules::NOT_A_NUMBER, row.name(column), text, format!("\"{text}\" is not a number."), fix);
    }

    /// Value, sentence and advice of the first.
    pub fn take_first(&mut self) -> Option<(String, String, String)> {
        let first = self.list.drain(..).next()?;
        Some((first.value, first.sentence, first.fix.unwrap_or_else(|| first.rule.fix.to_owned())))
    }

    /// The rejection these problems make of a row.
    pub fn rejected(&mut self, file: &str, line: usize, raw: &str) -> Option<Rejected> {
        let mut problems = self.list.drain(..);
        let first = problems.next()?;
        let also: Vec<String> = problems.map(|problem| format!("{}: {}", problem.rule.id, problem.sentence)).collect();
        Some(Rejected {
            file: file.to_owned(),
            line,
            column: first.column,
            value: first.value,
            rule: first.rule.id,
            sentence: first.sentence,
            fix: first.fix.unwrap_or_else(|| first.rule.fix.to_owned()),
            also: also.join(" "),
            raw: raw.to_owned(),
        })
    }
}
