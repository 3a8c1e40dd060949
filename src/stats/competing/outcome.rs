//! Times that end in one of several events, or in censoring.

use crate::stats::error::StatsError;
use crate::stats::survival::TimeToEvent;

/// Checked times with the cause that ended each: 0 censored, 1, 2, … the events.
#[derive(Clone, Debug, PartialEq)]
pub struct CompetingEvents {
    /// Times, entry times and weights; an event is any cause.
    pub(super) rows: TimeToEvent,
    pub(super) cause: Vec<usize>,
}

impl CompetingEvents {
    /// Takes times to any event or censoring, with entry times and weights if there are, and the cause of each.
    ///
    /// # Errors
    /// [`StatsError::LengthMismatch`]; [`StatsError::Undefined`] if `event` and `cause` do not agree.
    pub fn new(rows: TimeToEvent, cause: Vec<usize>) -> Result<Self, StatsError> {
        if cause.len() != rows.len() {
            return Err(StatsError::LengthMismatch { what: "cause".to_owned(), found: cause.len(), expected: rows.len() });
        }
        if rows.event().iter().zip(&cause).any(|(event, cause)| *event != (*cause > 0)) {
            return Err(StatsError::Undefined { why: "a row with a cause must end in an event, one without must not".to_owned() });
        }
        Ok(Self { rows, cause })
    }

    /// Takes times and causes, everybody at risk from 0.
    ///
    /// # Errors
    /// As [`TimeToEvent::new`].
    pub fn from_times(time: Vec<f64>, cause: Vec<usize>) -> Result<Self, StatsError> {
        let event = cause.iter().map(|&cause| cause > 0).collect();
        Self::new(TimeToEvent::new(time, event)?, cause)
    }

    /// The times, an event being any cause.
    #[must_use]
    pub fn rows(&self) -> &TimeToEvent {
        &self.rows
    }

    /// The causes.
    #[must_use]
    pub fn cause(&self) -> &[usize] {
        &self.cause
    }

    /// The largest cause.
    #[must_use]
    pub fn n_causes(&self) -> usize {
        self.cause.iter().copied().max().unwrap_or(0)
    }
}
