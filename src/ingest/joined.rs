//! The files of a log put together, patients in the order of their ids.

use super::events::{EventColumns, EventRows};
use super::measures::{MeasureColumns, MeasureRows};
use super::pain::{PainColumns, PainRows};
use super::places::Places;
use super::rows::Log;
use super::runs::PatientRuns;
use super::sessions::{SessionColumns, SessionRows};

/// For each file the row after its last one, all files counted through.
pub(super) fn file_ends(rows: impl Iterator<Item = usize>) -> Vec<usize> {
    rows.scan(0, |end, rows| {
        *end += rows;
        Some(*end)
    })
    .collect()
}

/// The files of a log as one, its patients by rank; the first file's columns are taken as they are.
pub(super) fn ranked<L: Ranked>(files: Vec<L::Columns>, rank: &[u32], indices: impl Iterator<Item = usize>) -> L::Columns {
    let mut files = files.into_iter().zip(indices).map(|(mut columns, index)| {
        L::places(&mut columns).set_file(index);
        columns
    });
    let Some(mut all) = files.next() else { return L::Columns::default() };
    L::patients(&mut all).renumber(rank);
    for later in files {
        L::append(&mut all, later, rank);
    }
    all
}

/// Logs whose rows can be given other patient numbers in place, and know their places.
pub(super) trait Ranked: Log {
    fn patients(columns: &mut Self::Columns) -> &mut PatientRuns;
    fn places(columns: &mut Self::Columns) -> &mut Places;
}

impl Ranked for SessionRows {
    fn patients(columns: &mut SessionColumns) -> &mut PatientRuns {
        &mut columns.patient
    }

    fn places(columns: &mut SessionColumns) -> &mut Places {
        &mut columns.places
    }
}

impl Ranked for PainRows {
    fn patients(columns: &mut PainColumns) -> &mut PatientRuns {
        &mut columns.patient
    }

    fn places(columns: &mut PainColumns) -> &mut Places {
        &mut columns.places
    }
}

impl Ranked for EventRows {
    fn patients(columns: &mut EventColumns) -> &mut PatientRuns {
        &mut columns.patient
    }

    fn places(columns: &mut EventColumns) -> &mut Places {
        &mut columns.places
    }
}

impl Ranked for MeasureRows {
    fn patients(columns: &mut MeasureColumns) -> &mut PatientRuns {
        &mut columns.patient
    }

    fn places(columns: &mut MeasureColumns) -> &mut Places {
        &mut columns.places
    }
}

/// Ids sorted byte by byte, and for each patient as met the place in them.
pub(super) fn sorted_ids(ids: Vec<String>) -> (Vec<String>, Vec<u32>) {
    let mut order: Vec<u32> = (0..ids.len() as u32).collect();
    order.sort_unstable_by(|&a, &b| ids[a as usize].cmp(&ids[b as usize]));
    let mut rank = vec![0_u32; ids.len()];
    for (place, &patient) in order.iter().enumerate() {
        rank[patient as usize] = place as u32;
    }
    let mut sorted = vec![String::new(); ids.len()];
    for (id, &place) in ids.into_iter().zip(&rank) {
        sorted[place as usize] = id;
    }
    (sorted, rank)
}
