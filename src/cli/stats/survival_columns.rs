//! Times, events, late entry and weights from columns.

use clap::Args;

use super::columns::Columns;
use super::groups::rows_of_groups;
use crate::cli::error::CliError;
use crate::stats::survival::TimeToEvent;

/// Which columns hold the times and what ended them.
#[derive(Args, Clone, Debug)]
pub(super) struct SurvivalOptions {
    /// Column of the time to event or censoring
    #[arg(long, value_name = "COLUMN")]
    pub(super) time: String,
    /// Column that says whether the event happened (0/1, true/false, yes/no)
    #[arg(long, value_name = "COLUMN")]
    pub(super) event: String,
    /// The value of --event that means the event happened (2 where the coding is 1/2)
    #[arg(long, allow_negative_numbers = true, value_name = "VALUE")]
    pub(super) event_code: Option<String>,
    /// Column of the time from which a row is at risk (late entry; the start of a start-stop row)
    #[arg(long, value_name = "COLUMN")]
    pub(super) entry: Option<String>,
    /// Column of case weights
    #[arg(long, value_name = "COLUMN")]
    pub(super) weights: Option<String>,
}

impl SurvivalOptions {
    /// The columns used.
    pub(super) fn used(&self) -> Vec<&str> {
        [Some(&self.time), Some(&self.event), self.entry.as_ref(), self.weights.as_ref()]
            .into_iter()
            .flatten()
            .map(String::as_str)
            .collect()
    }

    /// All rows as one sample.
    pub(super) fn sample(&self, columns: &Columns) -> Result<TimeToEvent, CliError> {
        let events = columns.truths(&self.event, self.event_code.as_deref(), "event-code")?;
        self.sample_of(columns, events)
    }

    /// All rows as one sample, with events worked out elsewhere.
    pub(super) fn sample_of(&self, columns: &Columns, events: Vec<bool>) -> Result<TimeToEvent, CliError> {
        let mut sample = columns.located(TimeToEvent::new(columns.numbers(&self.time)?, events))?;
        if let Some(entry) = &self.entry {
            sample = columns.located(sample.with_entry(columns.numbers(entry)?))?;
        }
        if let Some(weights) = &self.weights {
            sample = sample.with_weights(columns.numbers(weights)?)?;
        }
        Ok(sample)
    }
}

/// The rows of each group as samples of their own.
pub(super) fn split(rows: &TimeToEvent, codes: &[usize], n_groups: usize) -> Result<Vec<TimeToEvent>, CliError> {
    Ok(rows_of_groups(codes, n_groups).iter().map(|members| rows.subset(members)).collect::<Result<_, _>>()?)
}
