//! Rows of models of recurrent events: which event of the patient, and the time since the one before.

use serde::Serialize;

use crate::stats::error::StatsError;

/// For each row of the input, what models of ordered events (Prentice, Williams & Peterson) need.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RecurrentRows {
    /// Number of the event the row is at risk of, from 1: the stratum.
    pub number: Vec<usize>,
    /// Start of the row since the patient's last event: the entry time of a gap-time model.
    pub gap_start: Vec<f64>,
    /// End of the row since the patient's last event: its time.
    pub gap_stop: Vec<f64>,
}

/// Numbers the events of start–stop rows within patients and measures the gaps.
///
/// # Definition
/// Rows of a patient in the order of their start. The number is 1 + events before the row; gaps count from the patient's last event, or
/// from their first start. Andersen–Gill: a Cox model of the rows, clustered by patient. PWP total time: the same with the number as
/// stratum. PWP gap time: `gap_start`, `gap_stop` and the number as stratum.
///
/// # Errors
/// [`StatsError::LengthMismatch`]; [`StatsError::Undefined`] for rows of one patient that overlap.
///
/// # References
/// Prentice, Williams & Peterson (1981), Biometrika 68:373–379; Andersen & Gill (1982), Ann Stat 10:1100–1120.
pub fn order_events(start: &[f64], stop: &[f64], event: &[bool], patient: &[usize]) -> Result<RecurrentRows, StatsError> {
    let n = start.len();
    for (what, found) in [("stop", stop.len()), ("event", event.len()), ("patient", patient.len())] {
        if found != n {
            return Err(StatsError::LengthMismatch { what: what.to_owned(), found, expected: n });
        }
    }
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|&a, &b| patient[a].cmp(&patient[b]).then(start[a].total_cmp(&start[b])));
    let mut result = RecurrentRows { number: vec![0; n], gap_start: vec![0.0; n], gap_stop: vec![0.0; n] };
    for rows in order.chunk_by(|&a, &b| patient[a] == patient[b]) {
        let (mut number, mut since) = (1, start[rows[0]]);
        for (place, &row) in rows.iter().enumerate() {
            if place > 0 && start[row] < stop[rows[place - 1]] {
                let why = format!("rows {} and {} of one patient overlap", rows[place - 1] + 1, row + 1);
                return Err(StatsError::Undefined { why });
            }
            result.number[row] = number;
            result.gap_start[row] = start[row] - since;
            result.gap_stop[row] = stop[row] - since;
            if event[row] {
                number += 1;
                since = stop[row];
            }
        }
    }
    Ok(result)
}
