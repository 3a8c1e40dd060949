//! Which layout a file has, and what all layouts that are unfolded have in common.

use std::borrow::Cow;

use csv::WriterBuilder;

use super::grid::{Grid, GridRow};
use super::unfolded::Unfolded;
use super::{grid, redcap, weekly, wide};
use crate::domain::nearest;
use crate::domain::number::{count, counted};
use crate::ingest::accounting::Rejected;
use crate::ingest::columns::{columns_of, normalized};
use crate::ingest::decode::Opened;
use crate::ingest::error::IngestError;
use crate::ingest::locate::Located;
use crate::ingest::missing::MissingCodes;
use crate::ingest::number::{self, DecimalMark};
use crate::ingest::privacy::SAMPLED;
use crate::ingest::rules::{self, Rule};
use crate::ingest::words;
use crate::settings::{FileSettings, LogKind, ScaleSetting};

/// A file in another layout than the native one, with all its cells.
pub(super) struct Foreign<'a> {
    pub located: &'a Located,
    pub kind: LogKind,
    pub grid: Grid,
    missing: MissingCodes,
}

/// A column of the file that is carried over as it stands.
pub(super) struct Carried {
    /// Native name, or the name a covariate is to have.
    pub native: String,
    /// The column in the file, and its name there.
    pub column: usize,
    pub name: String,
}

/// Unfolds a file whose settings give it another layout than the native one.
pub(super) fn unfold(located: &Located, kind: LogKind) -> Result<Option<Unfolded>, IngestError> {
    let FileSettings { redcap, wide, weekly, .. } = &located.settings;
    let given: Vec<&str> = [("redcap", redcap.is_some()), ("wide", wide.is_some()), ("weekly", weekly.is_some())]
        .into_iter()
        .filter_map(|(name, given)| given.then_some(name))
        .collect();
    match given.as_slice() {
        [] => return Ok(None),
        [_] => {}
        [first, second, ..] => {
            return Err(IngestError::Setting {
                file: located.name.clone(),
                setting: format!("files.{}.{second}", kind.as_str()),
                problem: format!("stands beside {first}, but a file has one layout"),
                fix: format!("Keep one of {first} and {second} under [files.{}] in study.toml.", kind.as_str()),
            });
        }
    }
    let (grid, notes) = grid(located, kind)?;
    let mut foreign = Foreign::new(located, kind, grid);
    foreign.fill_down()?;
    let mut unfolded = match (redcap, wide, weekly) {
        (Some(redcap), ..) => redcap::unfold(&foreign, redcap)?,
        (_, Some(wide), _) => wide::unfold(&foreign, wide)?,
        (.., Some(weekly)) => weekly::unfold(&foreign, weekly)?,
        (None, None, None) => return Ok(None),
    };
    unfolded.described.extend(foreign.grid.described.iter().cloned());
    unfolded.notes.extend(notes);
    // What is not carried is looked at all the same.
    foreign.grid.rows.truncate(SAMPLED);
    foreign.grid.rows.shrink_to_fit();
    unfolded.original = Some(foreign.grid);
    Ok(Some(unfolded))
}

/// Refuses a REDCap export that would be read as if it were one plain log.
pub(super) fn check_native(opened: &Opened, located: &Located, kind: LogKind) -> Result<(), IngestError> {
    let first = opened.head.get(..opened.head.len().min(1 << 16)).unwrap_or_default();
    let marks: [&[u8]; 4] = [b"redcap_event_name", b"redcap_repeat_instance", b"Repeat Instance", b"Event Name"];
    if !marks.iter().any(|mark| memchr::memmem::find(first, mark).is_some()) {
        return Ok(());
    }
    check_native_table(located, kind, grid(located, kind)?.0)
}

/// As [`check_native`], for a file whose cells are known.
pub(super) fn check_native_table(located: &Located, kind: LogKind, grid: Grid) -> Result<(), IngestError> {
    redcap::check_declared(&Foreign::new(located, kind, grid))
}

/// The scale a layout itself gives pain where the settings say nothing, and a sentence that says so.
pub(in crate::ingest) fn scale(located: &Located) -> Result<Option<(ScaleSetting, String)>, IngestError> {
    match (&located.settings.redcap, &located.settings.weekly) {
        (Some(redcap), _) => redcap::scale(located, redcap),
        (_, Some(_)) => {
            let note = format!("{}: the answers are read on the scale of 0 to 7 days a week (scale = \"days7\").", located.name);
            Ok(Some((ScaleSetting::Named("days7".to_owned()), note)))
        }
        _ => Ok(None),
    }
}

/// Adds to the error of a file without dates the layout its header looks like.
pub(in crate::ingest) fn suggested_layout(error: IngestError, header: &[String], kind: LogKind) -> IngestError {
    match error {
        IngestError::MissingColumn { file, line, wanted, found, nearest, fix } => {
            // A numbered column ("day_7") is not the date somebody misspelled.
            let near = nearest.as_ref().is_some_and(|near| !near.contains(|c: char| c.is_ascii_digit()));
            let undated = wanted.as_ref() == "column for date" && !near;
            let fix = if undated { wide::suggestion(header, kind).unwrap_or(fix) } else { fix };
            IngestError::MissingColumn { file, line, wanted, found, nearest, fix }
        }
        other => other,
    }
}

impl<'a> Foreign<'a> {
    fn new(located: &'a Located, kind: LogKind, grid: Grid) -> Self {
        // Which mark stands before decimals is settled when the unfolded text is read.
        Self { located, kind, grid, missing: MissingCodes::new(&located.settings.missing, DecimalMark::Either) }
    }

    /// An error about a setting of this file.
    pub fn setting(&self, setting: &str, problem: String, fix: String) -> IngestError {
        IngestError::Setting { file: self.located.name.clone(), setting: format!("files.{}.{setting}", self.kind.as_str()), problem, fix }
    }

    /// The column a setting names.
    pub fn column(&self, name: &str, setting: &str) -> Result<usize, IngestError> {
        self.grid.column(name).ok_or_else(|| {
            let near = nearest(name, self.grid.header.iter().map(String::as_str)).map(str::to_owned);
            let perhaps = near.as_ref().map_or_else(String::new, |near| format!(", perhaps to \"{near}\""));
            let fix = format!("Correct {setting} under [files.{}] in study.toml{perhaps}.", self.kind.as_str());
            self.no_column(format!("column \"{name}\", which study.toml names as {setting}"), near, fix)
        })
    }

    /// The error of a column that is not there.
    pub fn no_column(&self, wanted: String, nearest: Option<String>, fix: String) -> IngestError {
        IngestError::MissingColumn {
            file: self.located.name.clone(),
            line: self.grid.header_line,
            wanted: wanted.into(),
            found: self.grid.header.clone().into_boxed_slice(),
            nearest,
            fix,
        }
    }

    /// Columns carried over as they stand: those the settings map and those of native names, without `made` (native
    /// names the layout makes itself) and without the columns that are `taken`.
    pub fn carried(&self, made: &[&str], taken: impl Fn(usize) -> bool) -> Result<Vec<Carried>, IngestError> {
        let settings = &self.located.settings;
        let mut carried: Vec<Carried> = Vec::new();
        let plain: Vec<String> = self.grid.header.iter().map(|name| normalized(name)).collect();
        for spec in columns_of(self.kind) {
            if made.contains(&spec.name) || (spec.name == "patient_id" && settings.patient_id.is_some()) {
                continue;
            }
            let free = |column: &usize| !taken(*column) && !carried.iter().any(|known| known.column == *column);
            let found = match settings.columns.get(spec.name) {
                Some(name) => Some(self.column(name, &format!("columns.{}", spec.name))?),
                None => of_native_name(&plain, spec.name, spec.aliases, free),
            };
            if let Some(column) = found {
                carried.push(Carried { native: spec.name.to_owned(), column, name: self.grid.header[column].clone() });
            } else if spec.name == "patient_id" {
                let fix =
                    format!("Add to study.toml: [files.{}] columns = {{ patient_id = \"its name in the file\" }}", self.kind.as_str());
                return Err(self.no_column("column for patient_id".to_owned(), None, fix));
            }
        }
        if let Some(filter) = &settings.filter {
            let column = self.column(&filter.column, "filter.column")?;
            if !carried.iter().any(|known| known.column == column) {
                carried.push(Carried { native: String::new(), column, name: self.grid.header[column].clone() });
            }
        }
        Ok(carried)
    }

    /// The settings the unfolded text is read by: `columns` leads from native names to the header of the text.
    pub fn settings_of_text(&self, columns: impl IntoIterator<Item = (String, String)>) -> FileSettings {
        let mut settings = self.located.settings.clone();
        settings.columns.extend(columns.into_iter().filter(|(native, _)| !native.is_empty()));
        // What is said of the bytes of the file is not said of the text.
        FileSettings {
            delimiter: None,
            comment: None,
            skip_lines: 0,
            fill_down: Vec::new(),
            redcap: None,
            wide: None,
            weekly: None,
            ..settings
        }
    }

    fn fill_down(&mut self) -> Result<(), IngestError> {
        for name in &self.located.settings.fill_down {
            let (column, mut above) = (self.column(name, "fill_down")?, String::new());
            let columns = self.grid.header.len();
            for row in &mut self.grid.rows {
                let spare = row.cells.iter().skip(columns).any(|cell| !cell.is_empty());
                if spare || (columns > 1 && row.cells.len() == 1) {
                    // Its cells cannot be told apart: nobody knows what an empty cell below it repeats.
                    above.clear();
                } else if let Some(cell) = row.cells.get_mut(column) {
                    if cell.is_empty() {
                        cell.clone_from(&above);
                    } else {
                        above.clone_from(cell);
                    }
                }
            }
        }
        Ok(())
    }

    /// Whether a cell means that there is no value.
    pub fn is_missing(&self, cell: &str) -> bool {
        self.missing.has(cell, DecimalMark::Either)
    }

    /// Whether a cell of the native column `native` means that there is no value, and is none of the study's own words for one.
    pub fn is_missing_value(&self, native: &str, cell: &str) -> bool {
        cell.is_empty() || self.is_missing(cell) && !self.is_own_word(native, cell)
    }

    /// Whether the study gives a cell a meaning in the native column `native`: `-` for missed, say.
    pub fn is_own_word(&self, native: &str, cell: &str) -> bool {
        words::declares(&self.located.settings.words, native, cell)
    }

    /// A cell that holds a number, with a decimal point where the file has a comma.
    pub fn with_point(&self, cell: &str) -> String {
        let comma = self.grid.decimal_comma && self.located.settings.decimal.is_none() && cell.contains(',');
        if comma && number::parse(cell, DecimalMark::Comma).is_some() { cell.replace(',', ".") } else { cell.to_owned() }
    }

    /// The name of a column in the file.
    pub fn name(&self, column: usize) -> &str {
        self.grid.header.get(column).map_or("", String::as_str)
    }

    /// A rejection of a row of the file.
    pub fn rejected(&self, rule: Rule, row: &GridRow, column: &str, value: &str, sentence: String) -> Rejected {
        Rejected { raw: record(&row.cells), ..self.rejected_cell(rule, row, column, value, sentence) }
    }

    /// A rejection of one cell of a row, without the record.
    pub fn rejected_cell(&self, rule: Rule, row: &GridRow, column: &str, value: &str, sentence: String) -> Rejected {
        Rejected {
            file: self.located.name.clone(),
            line: row.line,
            column: column.to_owned(),
            value: value.to_owned(),
            rule: rule.id,
            sentence,
            fix: rule.fix.to_owned(),
            also: String::new(),
            raw: String::new(),
        }
    }

    /// The rejection of a row that has not the cells it needs, if it has not. `needed` counts cells.
    pub fn misshapen(&self, row: &GridRow, needed: usize) -> Option<Rejected> {
        let (cells, columns) = (row.cells.len(), self.grid.header.len());
        if cells == 1 && columns > 1 && row.cell(0).starts_with('"') {
            let sentence = "A quotation mark opens a cell and is not closed.".to_owned();
            return Some(Rejected {
                raw: row.cell(0).to_owned(),
                ..self.rejected(rules::UNTERMINATED_QUOTE, row, "", row.cell(0), sentence)
            });
        }
        let too_many = row.cells.iter().skip(columns).any(|cell| !cell.is_empty());
        let wrong = too_many || cells < needed.min(columns);
        wrong.then(|| {
            let cells = counted(cells, "cell", "cells");
            let sentence = format!("The row has {cells}, the header {}.", count(columns));
            self.rejected(rules::WRONG_NUMBER_OF_CELLS, row, "", "", sentence)
        })
    }
}

/// The column of a native name, or the only one of those that can stand for it; `plain` are the normalized names.
fn of_native_name(plain: &[String], name: &str, aliases: &[&str], free: impl Fn(&usize) -> bool) -> Option<usize> {
    let columns = || (0..plain.len()).filter(|column| free(column));
    columns().find(|&column| plain[column] == name).or_else(|| {
        let mut fits = columns().filter(|&column| aliases.contains(&plain[column].as_str()));
        fits.next().filter(|_| fits.next().is_none())
    })
}

/// The longest text of another cell that is quoted for each cell of a row.
const LONGEST_QUOTED: usize = 200;

/// A cell as it is quoted for other cells, of which there may be many.
pub(super) fn shortened(cell: &str) -> Cow<'_, str> {
    match cell.char_indices().nth(LONGEST_QUOTED) {
        Some((end, _)) => Cow::Owned(format!("{}\u{2026}", cell.get(..end).unwrap_or_default())),
        None => Cow::Borrowed(cell),
    }
}

/// Cells as comma-separated text.
pub(super) fn record<T: AsRef<[u8]>>(cells: impl IntoIterator<Item = T>) -> String {
    let mut writer = WriterBuilder::new().flexible(true).from_writer(Vec::new());
    // Writing to memory fails for no row.
    let written = writer.write_record(cells).is_ok();
    let bytes = if written { writer.into_inner().unwrap_or_default() } else { Vec::new() };
    String::from_utf8(bytes).unwrap_or_default().trim_end_matches('\n').to_owned()
}
