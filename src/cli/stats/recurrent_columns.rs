//! Start–stop rows of patients who can have the event again, from columns.

use clap::Args;

use super::columns::Columns;
use crate::cli::error::CliError;

/// Which columns hold the ends of rows, what ended them, and whose they are.
#[derive(Args, Clone, Debug)]
pub(super) struct RecurrentOptions {
    /// Column of its end
    #[arg(long, value_name = "COLUMN")]
    pub(super) time: String,
    /// Column that says whether it ended in an event (0/1, true/false, yes/no)
    #[arg(long, value_name = "COLUMN")]
    pub(super) event: String,
    /// The value of --event that means the event happened
    #[arg(long, allow_negative_numbers = true, value_name = "VALUE")]
    pub(super) event_code: Option<String>,
    /// Column of the patients
    #[arg(long, value_name = "COLUMN")]
    pub(super) id: String,
}

/// End, event and patient of each row.
pub(super) struct RowEnds {
    pub(super) stop: Vec<f64>,
    pub(super) event: Vec<bool>,
    pub(super) patient: Vec<usize>,
}

impl RecurrentOptions {
    /// The columns used.
    pub(super) fn used(&self) -> Vec<&str> {
        vec![&self.time, &self.event, &self.id]
    }

    pub(super) fn ends(&self, columns: &Columns) -> Result<RowEnds, CliError> {
        Ok(RowEnds {
            stop: columns.numbers(&self.time)?,
            event: columns.truths(&self.event, self.event_code.as_deref(), "event-code")?,
            patient: columns.identities(&self.id)?.1,
        })
    }
}
