//! Checked times to event.

use crate::stats::error::{StatsError, check_finite};

/// Times from zero to an event or to censoring, checked once.
#[derive(Clone, Debug, PartialEq)]
pub struct TimeToEvent {
    time: Vec<f64>,
    event: Vec<bool>,
}

impl TimeToEvent {
    /// Takes times (finite, not negative) and whether each ended in the event.
    ///
    /// # Errors
    /// [`StatsError::EmptySample`], [`StatsError::LengthMismatch`], [`StatsError::NotFinite`], [`StatsError::NegativeTime`].
    pub fn new(time: Vec<f64>, event: Vec<bool>) -> Result<Self, StatsError> {
        if time.is_empty() {
            return Err(StatsError::EmptySample);
        }
        if time.len() != event.len() {
            return Err(StatsError::LengthMismatch { what: "event".to_owned(), found: event.len(), expected: time.len() });
        }
        check_finite("time", &time)?;
        if let Some(index) = time.iter().position(|&value| value < 0.0) {
            return Err(StatsError::NegativeTime { position: index + 1, value: time[index] });
        }
        Ok(Self { time, event })
    }

    /// Times.
    #[must_use]
    pub fn time(&self) -> &[f64] {
        &self.time
    }

    /// Whether each time is that of the event.
    #[must_use]
    pub fn event(&self) -> &[bool] {
        &self.event
    }

    /// Number of rows; never 0.
    #[must_use]
    #[allow(clippy::len_without_is_empty)]
    pub fn len(&self) -> usize {
        self.time.len()
    }

    /// Number of events.
    #[must_use]
    pub fn n_events(&self) -> usize {
        self.event.iter().filter(|&&event| event).count()
    }

    /// Row indices by rising time.
    pub(super) fn order(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.time.len()).collect();
        order.sort_by(|&a, &b| self.time[a].total_cmp(&self.time[b]));
        order
    }
}
