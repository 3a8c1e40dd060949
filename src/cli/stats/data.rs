//! Times, events, groups and covariates from the columns of any CSV.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use clap::Args;

use crate::cli::error::CliError;
use crate::ingest::{Table, read_table};
use crate::stats::survival::TimeToEvent;

/// Which columns hold what.
#[derive(Args, Clone, Debug)]
pub(super) struct DataOptions {
    /// Any CSV with a header
    #[arg(long, value_name = "FILE")]
    pub(super) data: PathBuf,
    /// Column of the time to event or censoring
    #[arg(long, value_name = "COLUMN")]
    pub(super) time: String,
    /// Column that says whether the event happened (0/1, true/false, yes/no)
    #[arg(long, value_name = "COLUMN")]
    pub(super) event: String,
    /// The value of --event that means the event happened (2 where the coding is 1/2)
    #[arg(long, value_name = "VALUE")]
    pub(super) event_code: Option<String>,
    /// Confidence level
    #[arg(long, default_value_t = 0.95, value_name = "LEVEL")]
    pub(super) level: f64,
}

/// The rows in use.
pub(super) struct SurvivalData {
    pub(super) table: Table,
    /// Rows without a missing value in any used column.
    pub(super) rows: Vec<usize>,
    pub(super) time: Vec<f64>,
    pub(super) event: Vec<bool>,
    pub(super) notes: Vec<String>,
}

impl SurvivalData {
    /// Reads the file and drops rows with a missing value in time, event or one of the `also` columns.
    pub(super) fn read(options: &DataOptions, also: &[&str]) -> Result<Self, CliError> {
        let table = read_table(&options.data)?;
        let time = table.numbers(&options.time)?;
        let event = events(&table, options)?;
        let mut complete: Vec<bool> = (0..table.n_rows()).map(|row| time[row].is_some() && event[row].is_some()).collect();
        for name in also {
            for (complete, cell) in complete.iter_mut().zip(table.texts(name)?) {
                *complete &= cell.is_some();
            }
        }
        let rows: Vec<usize> = (0..table.n_rows()).filter(|&row| complete[row]).collect();
        let dropped = table.n_rows() - rows.len();
        let data = Self {
            time: rows.iter().filter_map(|&row| time[row]).collect(),
            event: rows.iter().filter_map(|&row| event[row]).collect(),
            notes: vec![format!(
                "{} rows used, {} events; {dropped} dropped because a used column is missing.",
                rows.len(),
                rows.iter().filter(|&&row| event[row] == Some(true)).count()
            )],
            table,
            rows,
        };
        Ok(data)
    }

    /// All rows as one sample.
    pub(super) fn whole(&self) -> Result<TimeToEvent, CliError> {
        Ok(TimeToEvent::new(self.time.clone(), self.event.clone())?)
    }

    /// Levels of a column among the used rows in sorted order (numbers by value), with each used row's level.
    pub(super) fn levels(&self, column: &str) -> Result<(Vec<String>, Vec<usize>), CliError> {
        let all = self.table.texts(column)?;
        let text: Vec<&str> = self.rows.iter().filter_map(|&row| all[row].as_deref()).collect();
        let mut levels: Vec<&str> = text.iter().copied().collect::<BTreeSet<_>>().into_iter().collect();
        if levels.iter().all(|level| level.parse::<f64>().is_ok_and(f64::is_finite)) {
            levels.sort_by(|a, b| a.parse::<f64>().unwrap_or(0.0).total_cmp(&b.parse::<f64>().unwrap_or(0.0)));
        }
        let code_of: BTreeMap<&str, usize> = levels.iter().enumerate().map(|(code, level)| (*level, code)).collect();
        let codes = text.iter().filter_map(|value| code_of.get(value).copied()).collect();
        Ok((levels.into_iter().map(str::to_owned).collect(), codes))
    }

    /// The sample of each level of a column, labelled `column=level`.
    pub(super) fn groups(&self, column: &str) -> Result<Vec<(String, TimeToEvent)>, CliError> {
        let (levels, codes) = self.levels(column)?;
        let mut members: Vec<(Vec<f64>, Vec<bool>)> = vec![(vec![], vec![]); levels.len()];
        for (row, &code) in codes.iter().enumerate() {
            members[code].0.push(self.time[row]);
            members[code].1.push(self.event[row]);
        }
        levels.iter().zip(members).map(|(level, (time, event))| Ok((format!("{column}={level}"), TimeToEvent::new(time, event)?))).collect()
    }
}

/// Reads the event column: by the code given, else 0/1, true/false, yes/no. Anything else is refused, never guessed.
fn events(table: &Table, options: &DataOptions) -> Result<Vec<Option<bool>>, CliError> {
    let mut events = Vec::with_capacity(table.n_rows());
    for (row, cell) in table.texts(&options.event)?.iter().enumerate() {
        let text = cell.as_deref().unwrap_or_default();
        let known = match (&options.event_code, text.to_ascii_lowercase().as_str()) {
            (_, "" | "na" | "nan") => None,
            (Some(code), _) => Some(same_value(text, code)),
            (None, "1" | "true" | "yes" | "t" | "y") => Some(true),
            (None, "0" | "false" | "no" | "f" | "n") => Some(false),
            (None, _) => {
                return Err(CliError::Usage(format!(
                    "{}, line {}, column \"{}\": \"{text}\" does not say whether the event happened. Expected 0/1, true/false or yes/no. \
                     If one value means the event, name it: --event-code {text}",
                    options.data.display(),
                    table.line(row),
                    options.event
                )));
            }
        };
        events.push(known);
    }
    Ok(events)
}

fn same_value(text: &str, code: &str) -> bool {
    match (text.parse::<f64>(), code.parse::<f64>()) {
        (Ok(a), Ok(b)) => (a - b).abs() < f64::EPSILON,
        _ => text.eq_ignore_ascii_case(code),
    }
}
