//! A patient's sessions, one entry per session whatever the log's grain.

use std::ops::Range;

use crate::domain::{Day, Phase, SessionStatus};
use crate::ingest::SessionLog;
use crate::settings::AdherenceSettings;

/// The share of a row that was done, 0–1.
pub(super) fn share_done(log: &SessionLog, row: usize, settings: &AdherenceSettings) -> f32 {
    let fraction = log.fraction_done.get(row).and_then(|share| share.get());
    match log.status[row] {
        SessionStatus::Done => fraction.unwrap_or(1.0),
        SessionStatus::Partial => fraction.unwrap_or(settings.partial_counts as f32),
        SessionStatus::Missed => 0.0,
    }
}

/// Sessions of one patient in day order, in columns.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SessionDays {
    /// Day of the session (days since 1970-01-01).
    pub day: Vec<i32>,
    /// Share done, 0–1.
    pub done: Vec<f32>,
    /// Phase as logged.
    pub phase: Vec<Option<Phase>>,
}

impl SessionDays {
    /// Collects the sessions of `rows`, which are rows of one patient.
    ///
    /// # Definition
    /// A session is a row, or (setting `adherence.session`, or an `exercise` column) a day: the share done of a day is the
    /// mean over its rows. A done row counts 1, a missed one 0, a partial one its `fraction_done`, else `partial_counts`;
    /// a `fraction_done` on a done row counts as it stands.
    pub(super) fn collect(log: &SessionLog, rows: Range<usize>, settings: &AdherenceSettings) -> Self {
        let by_day = settings.session.by_day(log.has_exercise);
        let mut sessions =
            Self { day: Vec::with_capacity(rows.len()), done: Vec::with_capacity(rows.len()), phase: Vec::with_capacity(rows.len()) };
        let mut rows_of_day = 0.0_f32;
        for row in rows {
            let done = share_done(log, row, settings);
            match (by_day, sessions.day.last(), sessions.done.last_mut()) {
                (true, Some(&day), Some(share)) if day == log.day[row] => {
                    rows_of_day += 1.0;
                    *share += (done - *share) / rows_of_day;
                }
                _ => {
                    rows_of_day = 1.0;
                    sessions.day.push(log.day[row]);
                    sessions.done.push(done);
                    sessions.phase.push(log.phase[row]);
                }
            }
        }
        sessions
    }

    /// The entries with a day in `from..=to`.
    pub(super) fn between(&self, from: Day, to: Day) -> Range<usize> {
        let start = self.day.partition_point(|&day| day < from.0);
        let end = self.day.partition_point(|&day| day <= to.0);
        start..end.max(start)
    }

    /// Sum of the shares done with a day in `from..=to`, whatever the phase.
    #[must_use]
    pub fn done_between(&self, from: Day, to: Day) -> f64 {
        self.done[self.between(from, to)].iter().map(|&share| f64::from(share)).sum()
    }
}
