//! One row: its cells by column, and the rules it breaks.

use std::borrow::Cow;

use super::accounting::Rejected;
use super::dates::{self, NotADay, OrderEvidence};
use super::number;
use super::plan::{DateSource, Plan};
use super::record::Cell;
use super::rules::{self, Rule};
use crate::domain::{Day, nearest};
use crate::settings::DateOrder;

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
    /// The row as it stands in the file.
    pub raw: &'a str,
}

impl<'a> Row<'a> {
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
        let missing = text.is_empty() || text.eq_ignore_ascii_case("NA") || self.plan.missing.iter().any(|word| *word == text);
        (!missing).then_some(text)
    }

    /// The number in an optional column, if it lies where it can.
    #[inline]
    pub fn number(&self, column: Option<usize>, range: Range, problems: &mut Problems) -> Option<f64> {
        let column = column?;
        let text = self.present(column)?;
        let Some(value) = number::parse(&text, self.plan.decimal) else {
            problems.not_a_number(self, column, &text);
            return None;
        };
        if value < range.least || value > range.greatest {
            problems.push(rules::OUT_OF_RANGE, self.name(column), &text, format!("\"{text}\" is not {}.", range.expected));
            return None;
        }
        Some(value)
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
        let text = self.present(column)?;
        let word = parse(&text);
        if word.is_none() {
            let known: Vec<&str> = known.collect();
            let near = nearest(&text, known.iter().copied()).map_or_else(String::new, |near| format!(" Did you mean \"{near}\"?"));
            let sentence = format!("\"{text}\" is none of {}.{near}", known.join(", "));
            problems.push(rules::UNKNOWN_WORD, self.name(column), &text, sentence);
        }
        word
    }

    /// The name of a column in the file.
    pub fn name(&self, column: usize) -> &'a str {
        self.plan.header.get(column).map_or("", String::as_str)
    }

    /// The day in a date slot; `None` if it is missing (a problem only if `required`) or broken.
    #[inline]
    pub fn day(&self, slot: usize, required: bool, evidence: &mut [OrderEvidence], problems: &mut Problems) -> Option<Day> {
        let date = &self.plan.dates[slot];
        let day = match date.source {
            DateSource::Column(column) => {
                let Some(text) = self.present(column) else {
                    if required {
                        let text = self.text(column);
                        problems.push(rules::MISSING_DATE, &date.name, &text, "The date is missing.".to_owned());
                    }
                    return None;
                };
                match dates::parse(&text, date.order) {
                    Ok(day) => day,
                    Err(fault) => {
                        if let NotADay::Undecided { parts } = fault {
                            evidence[slot].note(parts, &text, self.line);
                        }
                        problems.push(rules::INVALID_DATE, &date.name, &text, not_a_day(&text, fault, date.order));
                        return None;
                    }
                }
            }
            DateSource::Parts { year, month, day } => self.day_from_parts(&date.name, [year, month, day], problems)?,
        };
        if day < EARLIEST {
            problems.push(rules::BEFORE_1900, &date.name, &self.date_text(slot), format!("{day} lies before 1900."));
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

    fn day_from_parts(&self, name: &str, columns: [usize; 3], problems: &mut Problems) -> Option<Day> {
        let shown = columns.map(|column| self.text(column)).join("-");
        let mut parts = [0_i32; 3];
        for (part, column) in parts.iter_mut().zip(columns) {
            let Some(text) = self.present(column) else {
                problems.push(rules::MISSING_DATE, name, &shown, format!("The date is missing its {}.", self.name(column)));
                return None;
            };
            let number = text.parse::<i32>().ok().filter(|number| (0..=9999).contains(number));
            let Some(number) = number else {
                problems.push(
                    rules::INVALID_DATE,
                    name,
                    &shown,
                    format!("\"{text}\" in column {} is no part of a date.", self.name(column)),
                );
                return None;
            };
            *part = number;
        }
        let [year, month, day] = parts;
        let found = Day::from_ymd(year, month.cast_unsigned(), day.cast_unsigned());
        if found.is_none() {
            problems.push(rules::INVALID_DATE, name, &shown, format!("There is no day {shown} (year-month-day) in the calendar."));
        }
        found
    }
}

fn not_a_day(text: &str, fault: NotADay, order: Option<DateOrder>) -> String {
    let read = match order {
        Some(DateOrder::DayFirst) => " read day first",
        Some(DateOrder::MonthFirst) => " read month first",
        Some(DateOrder::Iso) | None => "",
    };
    match fault {
        NotADay::NoSuchDay => format!("There is no day \"{text}\" in the calendar{read}."),
        NotADay::ShortYear => format!("\"{text}\" has a year of two digits, so its century is not known."),
        NotADay::Shape => format!("\"{text}\" is not a date."),
        NotADay::Undecided { .. } => format!("There is no day \"{text}\" in the calendar, day or month first."),
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
    pub const NOT_NEGATIVE: Self = Self { least: 0.0, greatest: f64::MAX, expected: "0 or more" };
}

struct Problem {
    rule: Rule,
    column: String,
    value: String,
    sentence: String,
    fix: Option<String>,
}

/// The rules a row breaks, in the order of checking.
#[derive(Default)]
pub(super) struct Problems {
    list: Vec<Problem>,
}

impl Problems {
    pub fn clear(&mut self) {
        self.list.clear();
    }

    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    pub fn push(&mut self, rule: Rule, column: &str, value: &str, sentence: String) {
        self.list.push(Problem { rule, column: column.to_owned(), value: value.to_owned(), sentence, fix: None });
    }

    pub fn not_a_number(&mut self, row: &Row<'_>, column: usize, text: &str) {
        self.push(rules::NOT_A_NUMBER, row.name(column), text, format!("\"{text}\" is not a number."));
        let swapped = text.replace(',', ".");
        let other = swapped != text && number::parse(&swapped, number::DecimalMark::Point).is_some();
        if other && let Some(problem) = self.list.last_mut() {
            problem.fix = Some(format!("Write {swapped}, or set decimal = \",\" under [files.{}] in study.toml.", row.plan.kind.as_str()));
        }
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
