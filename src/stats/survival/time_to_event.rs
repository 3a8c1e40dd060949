//! Checked times to event.

use rayon::slice::ParallelSliceMut;

use super::equal_times::{EqualTimes, are_whole};
use crate::stats::error::{StatsError, check_finite};

/// Times from zero to an event or to censoring, checked and sorted once.
///
/// Rows may enter late ([`with_entry`](Self::with_entry)): left truncation, or one of several start–stop rows of a patient. A row
/// is at risk at `t` if `entry < t ≤ time`. Rows may count for more than one ([`with_weights`](Self::with_weights)).
#[derive(Clone, Debug, PartialEq)]
pub struct TimeToEvent {
    time: Vec<f64>,
    event: Vec<bool>,
    entry: Option<Vec<f64>>,
    weight: Option<Vec<f64>>,
    /// Row indices by rising time.
    order: Vec<u32>,
    /// Row indices by rising entry time; empty without entry times.
    entry_order: Vec<u32>,
}

impl TimeToEvent {
    /// Takes times (finite, not negative) and whether each ended in the event.
    ///
    /// # Errors
    /// [`StatsError::EmptySample`], [`StatsError::LengthMismatch`], [`StatsError::NotFinite`], [`StatsError::NegativeTime`],
    /// [`StatsError::TooManyRows`].
    pub fn new(time: Vec<f64>, event: Vec<bool>) -> Result<Self, StatsError> {
        if time.is_empty() {
            return Err(StatsError::EmptySample);
        }
        if u32::try_from(time.len()).is_err() {
            return Err(StatsError::TooManyRows);
        }
        if time.len() != event.len() {
            return Err(StatsError::LengthMismatch { what: "event".to_owned(), found: event.len(), expected: time.len() });
        }
        check_finite("time", &time)?;
        if let Some(index) = time.iter().position(|&value| value < 0.0) {
            return Err(StatsError::NegativeTime { position: index + 1, value: time[index] });
        }
        let mut rows = Self { order: rising(&time), time, event, entry: None, weight: None, entry_order: vec![] };
        rows.merge_nearly_equal();
        Ok(rows)
    }

    /// Adds the time from which each row is at risk.
    ///
    /// # Errors
    /// [`StatsError::LengthMismatch`], [`StatsError::NotFinite`]; [`StatsError::EntryAfterTime`] where a row would enter at or
    /// after its time and so never be at risk.
    pub fn with_entry(mut self, entry: Vec<f64>) -> Result<Self, StatsError> {
        if entry.len() != self.time.len() {
            return Err(StatsError::LengthMismatch { what: "entry".to_owned(), found: entry.len(), expected: self.time.len() });
        }
        check_finite("entry", &entry)?;
        self.entry_order = rising(&entry);
        self.entry = Some(entry);
        self.merge_nearly_equal();
        let entry = self.entry.as_deref().unwrap_or_default();
        if let Some(index) = entry.iter().zip(&self.time).position(|(entry, time)| entry >= time) {
            return Err(StatsError::EntryAfterTime { position: index + 1, entry: entry[index], time: self.time[index] });
        }
        Ok(self)
    }

    /// Adds case weights: a row of weight 2 counts as two equal rows; fractions weight a sample.
    ///
    /// # Errors
    /// [`StatsError::LengthMismatch`], [`StatsError::NotFinite`], [`StatsError::OutOfRange`] unless all are above 0.
    pub fn with_weights(mut self, weight: Vec<f64>) -> Result<Self, StatsError> {
        if weight.len() != self.time.len() {
            return Err(StatsError::LengthMismatch { what: "weights".to_owned(), found: weight.len(), expected: self.time.len() });
        }
        check_finite("weights", &weight)?;
        if let Some(&value) = weight.iter().find(|&&weight| weight <= 0.0) {
            return Err(StatsError::OutOfRange { what: "a weight", value, expected: "weights must be above 0" });
        }
        self.weight = Some(weight);
        Ok(self)
    }

    /// Some of the rows, as they are: what is one time stays decided by all rows.
    ///
    /// # Errors
    /// [`StatsError::EmptySample`] of no rows.
    pub fn subset(&self, rows: &[usize]) -> Result<Self, StatsError> {
        if rows.is_empty() {
            return Err(StatsError::EmptySample);
        }
        let pick = |values: &[f64]| -> Vec<f64> { rows.iter().map(|&row| values[row]).collect() };
        let (time, entry) = (pick(&self.time), self.entry.as_deref().map(pick));
        Ok(Self {
            order: rising(&time),
            entry_order: entry.as_deref().map_or_else(Vec::new, rising),
            event: rows.iter().map(|&row| self.event[row]).collect(),
            weight: self.weight.as_deref().map(pick),
            time,
            entry,
        })
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

    /// Entry times, where rows enter late.
    #[must_use]
    pub fn entry(&self) -> Option<&[f64]> {
        self.entry.as_deref()
    }

    /// Case weights, where rows have them.
    #[must_use]
    pub fn weights(&self) -> Option<&[f64]> {
        self.weight.as_deref()
    }

    /// Weight of a row; 1 without weights.
    #[must_use]
    pub fn weight(&self, row: usize) -> f64 {
        self.weight.as_ref().map_or(1.0, |weight| weight[row])
    }

    /// Whether some weight is not a whole number, so that it cannot stand for repeated rows.
    #[must_use]
    pub fn has_fractional_weights(&self) -> bool {
        self.weight.as_ref().is_some_and(|weight| weight.iter().any(|weight| weight.fract() != 0.0))
    }

    /// Number of rows; never 0.
    #[must_use]
    #[allow(clippy::len_without_is_empty)]
    pub fn len(&self) -> usize {
        self.time.len()
    }

    /// Number of rows that end in the event.
    #[must_use]
    pub fn n_events(&self) -> usize {
        self.event.iter().filter(|&&event| event).count()
    }

    /// Row indices by rising time; rows of equal time in their order.
    #[must_use]
    pub fn order(&self) -> &[u32] {
        &self.order
    }

    /// Row indices by rising entry time; empty without entry times.
    #[must_use]
    pub fn entry_order(&self) -> &[u32] {
        &self.entry_order
    }

    /// As [`merge_nearly_equal`](super::equal_times::merge_nearly_equal), with the order that is there already.
    fn merge_nearly_equal(&mut self) {
        if are_whole(&self.time) && self.entry.as_deref().is_none_or(are_whole) {
            return;
        }
        let mut rising: Vec<f64> = self.order.iter().map(|&row| self.time[row as usize]).collect();
        if let Some(entry) = &self.entry {
            rising.extend(entry);
            rising.par_sort_unstable_by(f64::total_cmp);
        }
        let Some(equal) = EqualTimes::among(rising) else { return };
        settle(&equal, &mut self.time, &mut self.order);
        if let Some(entry) = &mut self.entry {
            settle(&equal, entry, &mut self.entry_order);
        }
    }
}

/// Makes times equal, and puts rows whose times have become equal into their order.
fn settle(equal: &EqualTimes, times: &mut [f64], order: &mut [u32]) {
    equal.settle_in_order(times, order);
    order.chunk_by_mut(|&a, &b| times[a as usize].total_cmp(&times[b as usize]).is_eq()).for_each(<[u32]>::sort_unstable);
}

/// Indices by rising value, equal values in their order. Whole numbers of moderate size (days) are counted, not compared.
pub(super) fn rising(values: &[f64]) -> Vec<u32> {
    let (low, high) = values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), &value| (low.min(value), high.max(value)));
    if low >= 0.0 && high < (4 * values.len() + 64) as f64 && values.iter().all(|value| value.fract() == 0.0) {
        let mut starts = vec![0_u32; high as usize + 2];
        for &value in values {
            starts[value as usize + 1] += 1;
        }
        for slot in 1..starts.len() {
            starts[slot] += starts[slot - 1];
        }
        let mut order = vec![0_u32; values.len()];
        for (row, &value) in (0_u32..).zip(values) {
            let slot = &mut starts[value as usize];
            order[*slot as usize] = row;
            *slot += 1;
        }
        return order;
    }
    let mut pairs: Vec<(f64, u32)> = values.iter().copied().zip(0_u32..).collect();
    pairs.par_sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    pairs.into_iter().map(|(_, row)| row).collect()
}
