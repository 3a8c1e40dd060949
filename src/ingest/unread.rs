//! Cells of optional columns that cannot be read: the row is used, the cell counts as missing, and a finding says so.

use super::accounting::Finding;
use super::columns::Field;
use super::plain::Words;
use super::plan::Plan;
use super::row::{Problems, Range, Row};
use super::rules;
use crate::domain::number::counted;
use crate::domain::says_unknown;

/// The unreadable cells of a file, by column.
#[derive(Debug, Default)]
pub(super) struct Unread {
    columns: Vec<UnreadColumn>,
}

/// The unreadable cells of one column.
#[derive(Debug)]
struct UnreadColumn {
    column: usize,
    /// All of them.
    cells: usize,
    /// Where the first stands.
    line: usize,
    /// What is wrong with it.
    first: Problems,
}

impl Unread {
    /// Whether a cell of the column is known already; what is wrong with further ones need not be said.
    fn knows(&self, column: usize) -> bool {
        self.columns.iter().any(|known| known.column == column)
    }

    /// Counts the cells of a row that is used.
    #[inline]
    pub fn note(&mut self, cells: UnreadCells, line: usize) {
        for (column, first) in cells.0 {
            self.add(UnreadColumn { column, cells: 1, line, first });
        }
    }

    fn add(&mut self, later: UnreadColumn) {
        match self.columns.iter_mut().find(|known| known.column == later.column) {
            Some(known) => known.cells += later.cells,
            None => self.columns.push(later),
        }
    }

    /// Takes over the cells of a later part of the file.
    pub fn append(&mut self, later: Self) {
        later.columns.into_iter().for_each(|column| self.add(column));
    }

    /// A finding for each column; `line` leads to the lines of the file.
    pub fn into_findings(self, plan: &Plan, line: impl Fn(usize) -> usize) -> Vec<Finding> {
        let mut columns = self.columns;
        columns.sort_by_key(|column| column.column);
        columns.into_iter().filter_map(|column| column.finding(plan, &line)).collect()
    }
}

impl UnreadColumn {
    fn finding(mut self, plan: &Plan, line: impl Fn(usize) -> usize) -> Option<Finding> {
        let (mut value, mut sentence, mut fix) = self.first.take_first()?;
        if plan.fields.contains(&(Field::MeasureColumn, self.column)) {
            // It may be a column of remarks, in which anybody may be named.
            (value, sentence) = (String::new(), "The cell is not a number.".to_owned());
            rules::CELL_NOT_READ.fix.clone_into(&mut fix);
        }
        let name = plan.header.get(self.column).map_or("", String::as_str);
        let told = match self.cells {
            1 => "The cell counts as missing; the rest of the row is used.".to_owned(),
            cells => {
                let cells = counted(cells, "cell", "cells");
                format!(
                    "It is the first of {cells} of the column that cannot be read and count as missing; the rest of their rows is used."
                )
            }
        };
        let finding = Finding::of_file(rules::CELL_NOT_READ, &plan.file, value, format!("{sentence} {told}"));
        Some(Finding { line: Some(line(self.line)), column: name.to_owned(), fix: fix.into(), ..finding })
    }
}

/// The unreadable cells of one row: columns, and what is wrong with each unless it was said of another row.
#[derive(Default)]
pub(super) struct UnreadCells(Vec<(usize, Problems)>);

impl UnreadCells {
    /// The number in an optional column, if it is one.
    #[inline]
    pub fn number(&mut self, row: &Row<'_>, column: Option<usize>, range: Range) -> Option<f64> {
        let column = column?;
        let mut problems = Problems::default();
        let value = row.number(Some(column), range, &mut problems);
        if problems.is_empty() {
            return value;
        }
        if !row.present(column).is_some_and(|text| says_unknown(&text)) {
            self.0.push((column, problems));
        }
        None
    }

    /// The word of a closed list in an optional column. That it is unknown may be written out.
    #[inline]
    pub fn word<T: Copy>(
        &mut self,
        row: &Row<'_>,
        column: Option<usize>,
        list: &mut Words<T>,
        parse: impl Fn(&str) -> Option<T>,
        known: impl Iterator<Item = &'static str>,
        unread: &Unread,
    ) -> Option<T> {
        let column = column?;
        let key = row.key(column);
        if let Some(known) = key.and_then(|key| list.get(key)) {
            return known.word;
        }
        let text = row.own_word(column).or_else(|| row.present(column));
        let word = match &text {
            None => None,
            Some(text) => {
                let mut problems = Problems::default();
                let named = row.plan.words.known(column, text).map_or_else(|| parse(text), &parse);
                if named.is_none() && !says_unknown(text) {
                    if !unread.knows(column) {
                        row.word(Some(column), &parse, known, &mut problems);
                    }
                    self.0.push((column, problems));
                    return None;
                }
                named
            }
        };
        if let Some(key) = key {
            list.set(key, word);
        }
        word
    }

    /// Says of a column that its cell cannot be read.
    pub fn push(&mut self, column: usize, problems: Problems) {
        self.0.push((column, problems));
    }
}
