//! Columns of any CSV: the rows without a missing value, as numbers and truth values.

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use clap::Args;
use rayon::prelude::*;

use super::percent::percent;
use crate::cli::error::CliError;
use crate::ingest::{IngestError, Table, read_table};

/// The file and the level of all intervals.
#[derive(Args, Clone, Debug)]
pub(super) struct FileOptions {
    /// Any CSV with a header; - for standard input
    #[arg(long, value_name = "FILE")]
    pub(super) data: PathBuf,
    /// Confidence level
    #[arg(long, allow_negative_numbers = true, default_value_t = 0.95, value_name = "LEVEL", value_parser = confidence_level)]
    pub(super) level: f64,
}

fn confidence_level(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(level) if level > 0.0 && level < 1.0 => Ok(level),
        Ok(level) if level > 1.0 && level < 100.0 => Err(format!("a share between 0 and 1 is expected, such as {}", percent(level / 1e4))),
        _ => Err("a share between 0 and 1 is expected, such as 0.95".to_owned()),
    }
}

/// Rows of one task when cells are parsed in parallel.
const ROWS_AT_ONCE: usize = 1 << 15;

/// A file's rows that have a value in every used column.
pub(super) struct Columns {
    pub(super) table: Table,
    pub(super) rows: Vec<usize>,
}

impl Columns {
    /// Reads the file; rows with an empty cell or `NA` in one of the used columns are left out.
    pub(super) fn read(file: &Path, used: &[&str]) -> Result<Self, CliError> {
        let table = read_table(file).map_err(CliError::Table)?;
        let columns =
            used.iter().map(|name| table.column(name).map_err(|error| in_a_list(&table, name, error))).collect::<Result<Vec<_>, _>>()?;
        let is_complete = |row: &usize| columns.iter().all(|&column| !table.is_missing(*row, column));
        let rows: Vec<usize> = (0..table.n_rows()).into_par_iter().filter(is_complete).collect();
        if rows.is_empty() {
            let missing = |column: usize| (0..table.n_rows()).filter(|&row| table.is_missing(row, column)).count();
            let counts: Vec<String> =
                used.iter().zip(&columns).map(|(name, &column)| format!("\"{name}\" in {}", missing(column))).collect();
            return Err(CliError::Usage(format!(
                "{}: every one of the {} rows lacks a value that is used: {}",
                table.file(),
                table.n_rows(),
                counts.join(", ")
            )));
        }
        Ok(Self { table, rows })
    }

    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    pub(super) fn dropped(&self) -> usize {
        self.table.n_rows() - self.rows.len()
    }

    /// How many rows are used and how many were dropped.
    pub(super) fn note(&self) -> String {
        format!("{} rows used; {} dropped because a used column is missing.", self.len(), self.dropped())
    }

    /// Physical line of the i-th row in use.
    pub(super) fn line(&self, index: usize) -> usize {
        self.table.line(self.rows[index])
    }

    pub(super) fn file(&self) -> &str {
        self.table.file()
    }

    pub(super) fn numbers(&self, name: &str) -> Result<Vec<f64>, CliError> {
        let column = self.table.column(name)?;
        self.parsed(|row| Ok(self.table.number(row, column)?.unwrap_or_default()))
    }

    /// Numbers of a column that may be empty.
    pub(super) fn optional_numbers(&self, name: &str) -> Result<Vec<Option<f64>>, CliError> {
        let column = self.table.column(name)?;
        self.parsed(|row| Ok(self.table.number(row, column)?))
    }

    /// What `parse` makes of each row in use, or the first error from above.
    fn parsed<T: Default + Send>(&self, parse: impl Fn(usize) -> Result<T, CliError> + Sync) -> Result<Vec<T>, CliError> {
        let failed = AtomicBool::new(false);
        let or_note = |_| {
            failed.store(true, Ordering::Relaxed);
            T::default()
        };
        let all = self.rows.par_iter().with_min_len(ROWS_AT_ONCE).map(|&row| parse(row).unwrap_or_else(or_note)).collect();
        if failed.into_inner()
            && let Some(error) = self.rows.iter().find_map(|&row| parse(row).err())
        {
            return Err(error);
        }
        Ok(all)
    }

    pub(super) fn texts(&self, name: &str) -> Result<Vec<Cow<'_, str>>, CliError> {
        let column = self.table.column(name)?;
        Ok(self.rows.iter().map(|&row| self.table.text(row, column).unwrap_or_default()).collect())
    }

    /// 1 and 0 (or true/false, yes/no, or one value named by `code`) as a truth value. Anything else is refused, never guessed.
    pub(super) fn truths(&self, name: &str, code: Option<&str>, option: &str) -> Result<Vec<bool>, CliError> {
        if let Some(code) = code {
            let Some(event) = self.value_named(name, code, option)? else { return Err(self.no_such_value(name, code)?) };
            let column = self.table.column(name)?;
            return self.parsed(|row| Ok(self.table.text(row, column).is_some_and(|text| self.is_same(&text, &event))));
        }
        let column = self.table.column(name)?;
        let known = |text: &str| {
            let one_of = |words: [&str; 5]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
            if one_of(["1", "true", "yes", "t", "y"]) || self.is_same(text, "1") {
                return Some(true);
            }
            (one_of(["0", "false", "no", "f", "n"]) || self.is_same(text, "0")).then_some(false)
        };
        self.parsed(|row| {
            let text = self.table.text(row, column).unwrap_or_default();
            known(&text).ok_or_else(|| {
                CliError::Usage(format!(
                    "{}, line {}, column \"{name}\": \"{text}\" does not say whether the event happened. Expected 0/1, true/false or yes/no. \
                     If one value means the event, name it: --{option} {text}",
                    self.file(),
                    self.table.line(row),
                ))
            })
        })
    }
}

/// The error of a column that is not there. A name with a comma or a colon is cut in two by lists and products.
fn in_a_list(table: &Table, name: &str, error: IngestError) -> CliError {
    let whole =
        table.names().iter().find(|known| known.contains([',', ':']) && known.split([',', ':']).any(|part| part.trim() == name.trim()));
    match whole {
        Some(whole) => CliError::Usage(format!(
            "{} has no column \"{name}\". If \"{whole}\" is meant: commas separate the names of a list and colons the parts of a product, so give \
             the column a name without them",
            table.file()
        )),
        None => error.into(),
    }
}
