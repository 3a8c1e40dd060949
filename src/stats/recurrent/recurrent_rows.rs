//! Checked start–stop rows of patients who can have the event again.

use crate::stats::error::{StatsError, check_finite};
use crate::stats::survival::merge_nearly_equal;

/// Start–stop rows, several per patient: at risk in (start, stop], with or without an event at stop. Checked once.
#[derive(Clone, Debug, PartialEq)]
pub struct RecurrentRows {
    id: Vec<usize>,
    start: Vec<f64>,
    stop: Vec<f64>,
    event: Vec<bool>,
    by_patient: Vec<usize>,
}

impl RecurrentRows {
    /// Takes patient codes, starts, stops and whether there is an event at stop. Rows may come in any order; a patient's
    /// rows may leave gaps but not overlap. Times that differ only by rounding are one time.
    ///
    /// # Errors
    /// [`StatsError::EmptySample`], [`StatsError::LengthMismatch`], [`StatsError::NotFinite`]; [`StatsError::EntryAfterTime`] for
    /// a row that does not end after it starts; [`StatsError::OverlappingIntervals`].
    pub fn new(id: Vec<usize>, mut start: Vec<f64>, mut stop: Vec<f64>, event: Vec<bool>) -> Result<Self, StatsError> {
        let expected = id.len();
        if expected == 0 {
            return Err(StatsError::EmptySample);
        }
        for (what, found) in [("start", start.len()), ("stop", stop.len()), ("event", event.len())] {
            if found != expected {
                return Err(StatsError::LengthMismatch { what: what.to_owned(), found, expected });
            }
        }
        check_finite("start", &start)?;
        check_finite("stop", &stop)?;
        merge_nearly_equal(&mut [&mut start, &mut stop]);
        if let Some(index) = start.iter().zip(&stop).position(|(start, stop)| start >= stop) {
            return Err(StatsError::EntryAfterTime { position: index + 1, entry: start[index], time: stop[index] });
        }
        let mut by_patient: Vec<usize> = (0..expected).collect();
        by_patient.sort_by(|&a, &b| id[a].cmp(&id[b]).then(start[a].total_cmp(&start[b])));
        if let Some(pair) = by_patient.windows(2).find(|pair| id[pair[0]] == id[pair[1]] && stop[pair[0]] > start[pair[1]]) {
            return Err(StatsError::OverlappingIntervals { time: start[pair[1]] });
        }
        Ok(Self { id, start, stop, event, by_patient })
    }

    /// Patient codes.
    #[must_use]
    pub fn id(&self) -> &[usize] {
        &self.id
    }

    /// Starts.
    #[must_use]
    pub fn start(&self) -> &[f64] {
        &self.start
    }

    /// Stops.
    #[must_use]
    pub fn stop(&self) -> &[f64] {
        &self.stop
    }

    /// Whether there is an event at each stop.
    #[must_use]
    pub fn event(&self) -> &[bool] {
        &self.event
    }

    /// Number of rows; never 0.
    #[must_use]
    #[allow(clippy::len_without_is_empty)]
    pub fn len(&self) -> usize {
        self.id.len()
    }

    /// Number of events.
    #[must_use]
    pub fn n_events(&self) -> usize {
        self.event.iter().filter(|&&event| event).count()
    }

    /// Row indices of each patient in turn, by rising start.
    pub(super) fn patients(&self) -> impl Iterator<Item = &[usize]> {
        self.by_patient.chunk_by(|&a, &b| self.id[a] == self.id[b])
    }
}
