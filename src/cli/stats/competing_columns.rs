//! Times that end in one of several causes, from columns.

use clap::Args;

use super::columns::Columns;
use super::groups::{pick, rows_of_groups};
use crate::cli::error::CliError;
use crate::stats::competing::TimeToCause;

/// Which columns hold the times and what ended them.
#[derive(Args, Clone, Debug)]
pub(super) struct CompetingOptions {
    /// Column of the time to an event or censoring
    #[arg(long, value_name = "COLUMN")]
    pub(super) time: String,
    /// Column of what ended it: the value of --censor, or one of the events
    #[arg(long, value_name = "COLUMN")]
    pub(super) event: String,
    /// The value of --event that means censored
    #[arg(long, default_value = "0", value_name = "VALUE")]
    pub(super) censor: String,
    /// Column of the time from which a row is at risk
    #[arg(long, value_name = "COLUMN")]
    pub(super) entry: Option<String>,
    /// Column of case weights
    #[arg(long, value_name = "COLUMN")]
    pub(super) weights: Option<String>,
}

impl CompetingOptions {
    pub(super) fn used(&self) -> Vec<&str> {
        [Some(&self.time), Some(&self.event), self.entry.as_ref(), self.weights.as_ref()]
            .into_iter()
            .flatten()
            .map(String::as_str)
            .collect()
    }

    /// The rows, and the names of the causes 1, 2, … in sorted order.
    pub(super) fn events(&self, columns: &Columns) -> Result<(TimeToCause, Vec<String>), CliError> {
        let (levels, codes) = columns.levels(&self.event)?;
        let censored = levels.iter().position(|level| super::columns::same_value(level, &self.censor));
        let causes: Vec<String> =
            levels.iter().enumerate().filter(|(code, _)| Some(*code) != censored).map(|(_, level)| level.clone()).collect();
        let cause_of = |code: usize| match censored {
            Some(censored) if code == censored => 0,
            Some(censored) if code > censored => code,
            _ => code + 1,
        };
        let cause: Vec<usize> = codes.into_iter().map(cause_of).collect();
        let mut rows = TimeToCause::new(columns.numbers(&self.time)?, cause)?.with_causes(causes.len())?;
        if let Some(entry) = &self.entry {
            rows = rows.with_entry(columns.numbers(entry)?)?;
        }
        if let Some(weights) = &self.weights {
            rows = rows.with_weights(columns.numbers(weights)?)?;
        }
        Ok((rows, causes))
    }

    /// The number of a cause named on the command line.
    pub(super) fn cause(&self, causes: &[String], wanted: &str) -> Result<usize, CliError> {
        causes.iter().position(|cause| super::columns::same_value(cause, wanted)).map(|place| place + 1).ok_or_else(|| {
            CliError::Usage(format!(
                "--cause {wanted}: \"{}\" holds the events {} (and {} for censored)",
                self.event,
                causes.join(", "),
                self.censor
            ))
        })
    }
}

/// The rows of each group; every group has all the causes.
pub(super) fn split(rows: &TimeToCause, codes: &[usize], n_groups: usize) -> Result<Vec<TimeToCause>, CliError> {
    rows_of_groups(codes, n_groups)
        .iter()
        .map(|members| {
            let mut own = TimeToCause::new(pick(rows.time(), members), pick(rows.cause(), members))?.with_causes(rows.n_causes())?;
            if let Some(entry) = rows.entry() {
                own = own.with_entry(pick(entry, members))?;
            }
            if let Some(weights) = rows.weights() {
                own = own.with_weights(pick(weights, members))?;
            }
            Ok(own)
        })
        .collect()
}
