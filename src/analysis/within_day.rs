//! How far the several scores of one day lie apart.

use rayon::prelude::*;
use serde::Serialize;

use crate::ingest::Logs;
use crate::stats::{Summary, summarize};

use super::computed::Computed;

/// Spread within days over patients.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct WithinDaySpread {
    /// Patients with a day of several scores.
    pub patients: usize,
    /// Days with several scores.
    pub days: usize,
    /// Greatest less least score of a day, over days.
    pub spread: Summary,
    /// Mean of that for each patient, over patients.
    pub of_patients: Summary,
}

/// Greatest less least score of each day with at least two of the diary; readings of visits are left out, since they are asked otherwise.
pub(super) fn within_day(logs: &Logs) -> Computed<WithinDaySpread> {
    let log = &logs.pain.same_day;
    let of_patient = |patient: usize| -> Vec<f64> {
        let rows: Vec<usize> = log.rows(patient).filter(|&row| !log.is_visit(row)).collect();
        rows.chunk_by(|one, other| log.day[*one] == log.day[*other])
            .filter(|day| day.len() > 1)
            .map(|day| {
                let scores = || day.iter().map(|&row| log.score(row));
                scores().fold(f64::NEG_INFINITY, f64::max) - scores().fold(f64::INFINITY, f64::min)
            })
            .collect()
    };
    let patients: Vec<Vec<f64>> =
        (0..logs.n_patients()).into_par_iter().with_min_len(256).map(of_patient).filter(|days| !days.is_empty()).collect();
    let means: Vec<f64> = patients.iter().map(|days| days.iter().sum::<f64>() / days.len() as f64).collect();
    let days: Vec<f64> = patients.into_iter().flatten().collect();
    match (summarize(&days), summarize(&means)) {
        (Ok(spread), Ok(of_patients)) => Computed::Value(WithinDaySpread { patients: means.len(), days: days.len(), spread, of_patients }),
        _ => Computed::NotTestable("no day has several scores".to_owned()),
    }
}
