//! Checked times to one of several events.

use crate::stats::error::{StatsError, check_finite};
use crate::stats::survival::merge_nearly_equal;

/// Above this, numbers of causes are taken for a mistake: every cause has its own curve.
const MOST_CAUSES: usize = 1_000;

/// Times to the first of several events or to censoring, checked once; entry times and case weights where there are any. Times that
/// differ only by rounding are one time, as in [`TimeToEvent`](crate::stats::survival::TimeToEvent).
#[derive(Clone, Debug, PartialEq)]
pub struct TimeToCause {
    time: Vec<f64>,
    cause: Vec<usize>,
    n_causes: usize,
    entry: Option<Vec<f64>>,
    weights: Option<Vec<f64>>,
}

impl TimeToCause {
    /// Takes times (finite, not negative) and what each ended in: 0 for censoring, 1, 2, … for the causes.
    ///
    /// # Errors
    /// [`StatsError::EmptySample`], [`StatsError::LengthMismatch`], [`StatsError::NotFinite`], [`StatsError::NegativeTime`];
    /// [`StatsError::OutOfRange`] for a cause above 1000.
    pub fn new(mut time: Vec<f64>, cause: Vec<usize>) -> Result<Self, StatsError> {
        if time.is_empty() {
            return Err(StatsError::EmptySample);
        }
        if time.len() != cause.len() {
            return Err(StatsError::LengthMismatch { what: "cause".to_owned(), found: cause.len(), expected: time.len() });
        }
        check_finite("time", &time)?;
        if let Some(index) = time.iter().position(|&value| value < 0.0) {
            return Err(StatsError::NegativeTime { position: index + 1, value: time[index] });
        }
        let n_causes = cause.iter().copied().max().unwrap_or(0);
        check_number_of_causes(n_causes)?;
        merge_nearly_equal(&mut [&mut time]);
        Ok(Self { time, cause, n_causes, entry: None, weights: None })
    }

    /// Says how many causes there are, for a group in which the last ones do not happen.
    ///
    /// # Errors
    /// [`StatsError::OutOfRange`] for fewer than were seen, or more than 1000.
    pub fn with_causes(mut self, n_causes: usize) -> Result<Self, StatsError> {
        if n_causes < self.n_causes {
            return Err(StatsError::OutOfRange {
                what: "the number of causes",
                value: n_causes as f64,
                expected: "it cannot be below the highest cause seen",
            });
        }
        check_number_of_causes(n_causes)?;
        self.n_causes = n_causes;
        Ok(self)
    }

    /// Adds the times from which each row was at risk (left truncation): each below the row's time.
    ///
    /// # Errors
    /// [`StatsError::LengthMismatch`], [`StatsError::NotFinite`], [`StatsError::EntryAfterTime`].
    pub fn with_entry(mut self, mut entry: Vec<f64>) -> Result<Self, StatsError> {
        if entry.len() != self.time.len() {
            return Err(StatsError::LengthMismatch { what: "entry".to_owned(), found: entry.len(), expected: self.time.len() });
        }
        check_finite("entry", &entry)?;
        merge_nearly_equal(&mut [&mut self.time, &mut entry]);
        if let Some(index) = entry.iter().zip(&self.time).position(|(from, to)| from >= to) {
            return Err(StatsError::EntryAfterTime { position: index + 1, entry: entry[index], time: self.time[index] });
        }
        self.entry = Some(entry);
        Ok(self)
    }

    /// Adds case weights, all above 0.
    ///
    /// # Errors
    /// [`StatsError::LengthMismatch`], [`StatsError::NotFinite`], [`StatsError::OutOfRange`].
    pub fn with_weights(mut self, weights: Vec<f64>) -> Result<Self, StatsError> {
        if weights.len() != self.time.len() {
            return Err(StatsError::LengthMismatch { what: "weights".to_owned(), found: weights.len(), expected: self.time.len() });
        }
        check_finite("weights", &weights)?;
        if let Some(&value) = weights.iter().find(|&&weight| weight <= 0.0) {
            return Err(StatsError::OutOfRange { what: "a weight", value, expected: "weights must be above 0" });
        }
        self.weights = Some(weights);
        Ok(self)
    }

    /// Some of the rows, as they are: what is one time stays decided by all rows, and every cause is one still.
    ///
    /// # Errors
    /// [`StatsError::EmptySample`] of no rows.
    pub fn subset(&self, rows: &[usize]) -> Result<Self, StatsError> {
        if rows.is_empty() {
            return Err(StatsError::EmptySample);
        }
        let pick = |values: &[f64]| -> Vec<f64> { rows.iter().map(|&row| values[row]).collect() };
        Ok(Self {
            time: pick(&self.time),
            cause: rows.iter().map(|&row| self.cause[row]).collect(),
            n_causes: self.n_causes,
            entry: self.entry.as_deref().map(pick),
            weights: self.weights.as_deref().map(pick),
        })
    }

    /// Times.
    #[must_use]
    pub fn time(&self) -> &[f64] {
        &self.time
    }

    /// What each ended in; 0 for censoring.
    #[must_use]
    pub fn cause(&self) -> &[usize] {
        &self.cause
    }

    /// Entry times.
    #[must_use]
    pub fn entry(&self) -> Option<&[f64]> {
        self.entry.as_deref()
    }

    /// Case weights.
    #[must_use]
    pub fn weights(&self) -> Option<&[f64]> {
        self.weights.as_deref()
    }

    /// Number of causes.
    #[must_use]
    pub fn n_causes(&self) -> usize {
        self.n_causes
    }

    /// Number of rows; never 0.
    #[must_use]
    #[allow(clippy::len_without_is_empty)]
    pub fn len(&self) -> usize {
        self.time.len()
    }

    /// Number of rows that ended in this cause.
    #[must_use]
    pub fn n_events(&self, cause: usize) -> usize {
        self.cause.iter().filter(|&&found| found == cause).count()
    }

    /// Row indices by rising time, equal times in the order of the rows.
    pub(super) fn order(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.time.len()).collect();
        order.sort_by(|&a, &b| self.time[a].total_cmp(&self.time[b]));
        order
    }

    /// Refuses a cause that is not one of 1, …, `n_causes`.
    pub(super) fn check_cause(&self, cause: usize) -> Result<(), StatsError> {
        if (1..=self.n_causes).contains(&cause) { Ok(()) } else { Err(no_such_cause(cause)) }
    }

    /// Refuses entry times and weights, for methods that have no such form.
    pub(super) fn check_plain(&self, refusal: &'static str) -> Result<(), StatsError> {
        if self.entry.is_some() || self.weights.is_some() { Err(StatsError::Unsupported { what: refusal }) } else { Ok(()) }
    }
}

/// The error of a cause nobody could have.
pub(super) fn no_such_cause(cause: usize) -> StatsError {
    StatsError::OutOfRange { what: "the cause", value: cause as f64, expected: "causes are numbered 1, 2, … up to the highest one" }
}

fn check_number_of_causes(n_causes: usize) -> Result<(), StatsError> {
    if n_causes <= MOST_CAUSES {
        Ok(())
    } else {
        Err(StatsError::OutOfRange {
            what: "the highest cause",
            value: n_causes as f64,
            expected: "causes are numbered 1, 2, … and at most 1000",
        })
    }
}
