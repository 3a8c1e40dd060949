//! Errors about a row of a sample, told by its line in the file.

use super::columns::Columns;
use crate::cli::error::CliError;
use crate::stats::{StatsError, exact_text};

impl Columns {
    /// A result of all rows in use; an error about one of them names its line.
    pub(super) fn located<T>(&self, result: Result<T, StatsError>) -> Result<T, CliError> {
        self.located_among(result, |row| row)
    }

    /// The same for a result of some of the rows: `row_of` is the row in use of each of them.
    pub(super) fn located_among<T>(&self, result: Result<T, StatsError>, row_of: impl Fn(usize) -> usize) -> Result<T, CliError> {
        result.map_err(|error| {
            let Some((position, what)) = about_a_row(&error) else { return error.into() };
            CliError::Usage(format!("{}, line {}: {what}", self.file(), self.line(row_of(position - 1))))
        })
    }
}

/// The row an error is about, counted from 1, and what is wrong with it.
fn about_a_row(error: &StatsError) -> Option<(usize, String)> {
    Some(match *error {
        StatsError::NegativeTime { position, value } => {
            (position, format!("the time is {}; times to event cannot be negative", exact_text(value)))
        }
        StatsError::EntryAfterTime { position, entry, time } => {
            (position, format!("the row enters at {}, not before its time {}; it is never at risk", exact_text(entry), exact_text(time)))
        }
        StatsError::EndBeforeStart { position, start, end } => {
            (position, format!("the row ends at {}, before its start {}", exact_text(end), exact_text(start)))
        }
        StatsError::FullLeverage { position } => {
            (position, "the row alone decides a coefficient (leverage 1), so the HC2 and HC3 errors are not defined".to_owned())
        }
        _ => return None,
    })
}
