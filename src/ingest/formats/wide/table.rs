//! A wide table with its columns settled, and the native rows its cells become.

use std::borrow::Cow;

use super::{Days, Fit};
use crate::domain::{Day, number};
use crate::ingest::accounting::Rejected;
use crate::ingest::error::IngestError;
use crate::ingest::formats::foreign::{Carried, Foreign, record, shortened};
use crate::ingest::formats::grid::GridRow;
use crate::ingest::formats::unfolded::{SetAside, Unfolded};
use crate::ingest::rules;
use crate::settings::Step;

/// What a cell becomes.
pub(in crate::ingest::formats) enum Made {
    /// A row with this value, and what the column beside it says.
    One { value: String, beside: String },
    /// As many rows as there were sessions; one that says so if there was none.
    Sessions(u32),
    /// No row; the rejection is without the record.
    Rejected(Box<Rejected>),
}

impl Made {
    /// A row with this value alone.
    pub fn one(value: &str) -> Self {
        Self::One { value: value.to_owned(), beside: String::new() }
    }
}

/// What became of the rows and cells.
#[derive(Default)]
pub(in crate::ingest::formats) struct Counts {
    rows: usize,
    empty: usize,
    silent_rows: usize,
    short_rows: usize,
}

/// A wide table with its columns settled.
pub(in crate::ingest::formats) struct Table<'a> {
    foreign: &'a Foreign<'a>,
    fits: Vec<Fit>,
    days: Days,
    carried: Vec<Carried>,
    /// Native column the cells are of.
    value: &'a str,
    /// A further column made of the cells.
    beside: Option<&'static str>,
    step: Step,
    /// Cells a row cannot do without.
    needed: usize,
    /// For each column of the file whether its cells are values.
    of_values: Vec<bool>,
}

impl<'a> Table<'a> {
    pub fn new(
        foreign: &'a Foreign<'a>,
        fits: Vec<Fit>,
        days: Days,
        value: &'a str,
        beside: Option<&'static str>,
        step: Step,
    ) -> Result<Self, IngestError> {
        if foreign.located.settings.date_parts.is_some() {
            let problem = "is given, but the days of this layout come from its columns".to_owned();
            return Err(foreign.setting("date_parts", problem, "Take date_parts out.".to_owned()));
        }
        let start = days.start_column();
        let made: Vec<&str> = ["date", value].into_iter().chain(beside).collect();
        let mut of_values = vec![false; foreign.grid.header.len()];
        for fit in &fits {
            of_values[fit.column] = true;
        }
        let carried = foreign.carried(&made, |column| Some(column) == start || of_values[column])?;
        let both = carried.iter().map(|carried| carried.column).chain(start).find(|&column| of_values[column]);
        if let Some(both) = both {
            let problem = format!("fit \"{}\" too, which study.toml names as something else", foreign.name(both));
            return Err(foreign.setting("wide.columns", problem, "Give a pattern that fits only the columns with values.".to_owned()));
        }
        let ids = carried.iter().filter(|carried| carried.native == "patient_id" || carried.native.is_empty());
        let needed = ids.map(|carried| carried.column).chain(start).max().map_or(1, |column| column + 1);
        Ok(Self { foreign, fits, days, carried, value, beside, step, needed, of_values })
    }

    /// The text to fill, and the settings it is to be read by.
    pub fn unfolded(&self) -> Unfolded {
        let names = self.carried.iter().map(|carried| carried.name.as_str());
        let header: Vec<&str> = names.chain(["date", self.value]).chain(self.beside).collect();
        let mut unfolded = Unfolded::new(&header, self.foreign.grid.header_line);
        unfolded.of_columns(self.fits.iter().map(|fit| self.foreign.name(fit.column)));
        let same = |name: &str| (name.to_owned(), name.to_owned());
        let columns = self.carried.iter().map(|carried| (carried.native.clone(), carried.name.clone()));
        unfolded.read_by =
            Some(self.foreign.settings_of_text(columns.chain([same("date"), same(self.value)]).chain(self.beside.map(same))));
        unfolded
    }

    /// Reads one row; `value` makes something of the cell (its row, the name of its column, its text).
    pub fn read(&self, row: &GridRow, counts: &mut Counts, unfolded: &mut Unfolded, value: impl Fn(&GridRow, &str, &str) -> Made) {
        let foreign = self.foreign;
        counts.rows += 1;
        if let Some(rejected) = foreign.misshapen(row, self.needed) {
            counts.empty += self.fits.len();
            unfolded.reject(rejected);
            return;
        }
        counts.short_rows += usize::from(row.cells.len() < foreign.grid.header.len());
        let start = self.days.start(foreign, row);
        let mut filled = false;
        for (index, fit) in self.fits.iter().enumerate() {
            let cell = row.cell(fit.column);
            if foreign.is_missing_value(self.value, cell) {
                counts.empty += 1;
                continue;
            }
            filled = true;
            let name = foreign.name(fit.column);
            let day = match start {
                Ok(start) => self.days.day(start, index),
                Err(none) => {
                    let start = self.days.start_column().unwrap_or_default();
                    unfolded.reject(self.set_aside(row, fit, none.rejected(foreign, row, start, name, cell)));
                    continue;
                }
            };
            match (day, value(row, name, cell)) {
                (None, _) => {
                    let sentence = format!("The month has no day \"{name}\".");
                    let rejected = foreign.rejected_cell(rules::INVALID_DATE, row, name, cell, sentence);
                    unfolded.reject(self.set_aside(row, fit, rejected));
                }
                (Some(day), Made::One { value, beside }) => self.push(row, index, day, &value, &beside, unfolded),
                (Some(day), Made::Sessions(0)) => self.push(row, index, day, "missed", "0", unfolded),
                (Some(day), Made::Sessions(sessions)) => {
                    for session in 0..sessions.cast_signed() {
                        let after = if self.step == Step::Week { session % 7 } else { 0 };
                        self.push(row, index, day.plus(after), "done", &(session + 1).to_string(), unfolded);
                    }
                }
                (_, Made::Rejected(rejected)) => unfolded.reject(self.set_aside(row, fit, *rejected)),
            }
        }
        counts.silent_rows += usize::from(!filled);
    }

    /// A cell that is rejected, with what tells whose it is and of which day.
    fn set_aside(&self, row: &GridRow, fit: &Fit, rejected: Rejected) -> SetAside {
        let id = self.carried.iter().find(|carried| carried.native == "patient_id").map(|carried| carried.column);
        let mut columns: Vec<usize> = id.into_iter().chain(self.days.start_column()).chain([fit.column]).collect();
        columns.sort_unstable();
        columns.dedup();
        let cell = |&column: &usize| {
            let whole = column == fit.column || Some(column) == id;
            if whole { Cow::Borrowed(row.cell(column)) } else { shortened(row.cell(column)) }
        };
        let raw = record(columns.iter().map(|column| cell(column).into_owned()));
        SetAside { row: Rejected { raw, ..rejected }, columns: Some(columns) }
    }

    fn push(&self, row: &GridRow, index: usize, day: Day, value: &str, beside: &str, unfolded: &mut Unfolded) {
        let day = day.to_string();
        let carried = self.carried.iter().map(|carried| row.cell(carried.column));
        let cells: Vec<&str> = carried.chain([day.as_str(), value]).chain(self.beside.map(|_| beside)).collect();
        unfolded.push(&cells, row.line, Some(index));
    }

    /// Says how many cells there were and what was left out.
    pub fn note(&self, counts: &Counts, unfolded: &mut Unfolded) {
        let (foreign, file) = (self.foreign, &self.foreign.located.name);
        let cells = counts.rows * self.fits.len();
        let ends = [self.fits.first(), self.fits.last()].map(|fit| fit.map_or("", |fit| foreign.name(fit.column)));
        unfolded.described.push(format!("{} columns {} … {} unfolded", number::count(self.fits.len()), ends[0], ends[1]));
        unfolded.notes.push(format!(
            "{file}: {} × {} ({} … {}) = {}; {} empty (not logged), {} read.",
            number::counted(counts.rows, "row", "rows"),
            number::counted(self.fits.len(), "column", "columns"),
            ends[0],
            ends[1],
            number::counted(cells, "cell", "cells"),
            number::count(counts.empty),
            number::count(cells - counts.empty),
        ));
        if counts.silent_rows > 0 {
            let rows = number::counted(counts.silent_rows, "row has", "rows have");
            unfolded.notes.push(format!("{file}: {rows} no value in any of these columns."));
        }
        if counts.short_rows > 0 {
            let rows = number::counted(counts.short_rows, "row has", "rows have");
            unfolded.notes.push(format!("{file}: {rows} fewer cells than the header; the cells that are not there count as empty."));
        }
        let used = |column: usize| {
            let value = self.of_values[column] || self.days.start_column() == Some(column);
            value || self.carried.iter().any(|carried| carried.column == column)
        };
        let unused: Vec<&str> = (0..foreign.grid.header.len()).filter(|&column| !used(column)).map(|column| foreign.name(column)).collect();
        let unused: Vec<&str> = unused.into_iter().filter(|name| !name.is_empty()).collect();
        if !unused.is_empty() {
            unfolded.notes.push(format!("{file}: columns not used: {}.", unused.join(", ")));
        }
    }
}
