//! A value named on the command line that its column does not hold.

use super::columns::Columns;
use crate::cli::error::CliError;
use crate::domain::nearest;

/// Values listed before the rest is only counted: a column of times has too many to read.
const LISTED: usize = 12;

impl Columns {
    /// The error of a value that no row has: what the column holds, and what may have been meant.
    pub(super) fn no_such_value(&self, column: &str, value: &str) -> Result<CliError, CliError> {
        let values = self.values(column)?;
        let near = nearest(value, values.iter().map(String::as_str)).map_or_else(String::new, |near| format!(". Did you mean {near}?"));
        Ok(CliError::Usage(format!("{}: no row has \"{value}\" in column \"{column}\"; it holds {}{near}", self.file(), listed(&values))))
    }
}

/// `a, b, c`; of many the first and how many more.
pub(super) fn listed(values: &[String]) -> String {
    let first = values[..values.len().min(LISTED)].join(", ");
    match values.len().checked_sub(LISTED) {
        None | Some(0) => first,
        Some(more) => format!("{first} and {more} more"),
    }
}
