//! Rows for Prentice–Williams–Peterson models: stratified by the number of the event to come.

use serde::Serialize;

use super::recurrent_rows::RecurrentRows;
use crate::stats::error::StatsError;

/// Rows by patient and time, with the number of the event each waits for. Columns for a stratified Cox fit on total time
/// (`start`, `stop`) or on gap time (`gap_start`, `gap_stop`).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ConditionalRows {
    /// Position of each row in the input.
    pub source_row: Vec<usize>,
    /// Patient code.
    pub id: Vec<usize>,
    /// 1 until the first event, 2 until the second, …: the stratum.
    pub event_number: Vec<usize>,
    /// Start on the patient's own clock.
    pub start: Vec<f64>,
    /// Stop on the patient's own clock.
    pub stop: Vec<f64>,
    /// Start since the patient was first at risk of this event.
    pub gap_start: Vec<f64>,
    /// Stop since the patient was first at risk of this event.
    pub gap_stop: Vec<f64>,
    /// Whether the event is at stop.
    pub event: Vec<bool>,
}

/// Numbers the events of each patient and sets the clock of gap times.
///
/// # Formula
/// ```text
/// event number = 1 + events of the patient before;   gap time = time − start of the first row with that event number
/// ```
///
/// # Conventions
/// Rows come out by patient code and start. Where a patient is at risk without a break, the gap clock starts at the previous
/// event; after a break it starts at the return. `last_event_number` leaves out the rows that wait for later events, whose
/// strata are small.
///
/// # Errors
/// [`StatsError::OutOfRange`] for a `last_event_number` of 0.
///
/// # Agrees with
/// R `coxph(Surv(start, stop, event) ~ … + strata(enum))` (total time) and `coxph(Surv(stop - start, event) ~ … +
/// strata(enum))` (gap time) on one row per event, as `survival::bladder2`.
///
/// # References
/// Prentice, Williams & Peterson (1981), Biometrika 68:373–379.
pub fn conditional_rows(rows: &RecurrentRows, last_event_number: Option<usize>) -> Result<ConditionalRows, StatsError> {
    if last_event_number == Some(0) {
        return Err(StatsError::OutOfRange { what: "the last event number", value: 0.0, expected: "events are numbered from 1" });
    }
    let mut out = ConditionalRows {
        source_row: vec![],
        id: vec![],
        event_number: vec![],
        start: vec![],
        stop: vec![],
        gap_start: vec![],
        gap_stop: vec![],
        event: vec![],
    };
    for patient in rows.patients() {
        let (mut event_number, mut zero) = (1, rows.start()[patient[0]]);
        let mut after_event = false;
        for &row in patient {
            let (start, stop, event) = (rows.start()[row], rows.stop()[row], rows.event()[row]);
            if after_event {
                event_number += 1;
                zero = start;
            }
            if last_event_number.is_some_and(|last| event_number > last) {
                break;
            }
            out.source_row.push(row);
            out.id.push(rows.id()[row]);
            out.event_number.push(event_number);
            out.start.push(start);
            out.stop.push(stop);
            out.gap_start.push(start - zero);
            out.gap_stop.push(stop - zero);
            out.event.push(event);
            after_event = event;
        }
    }
    Ok(out)
}
