//! Rows sorted by patient and day, without moving them.

use rayon::prelude::*;

use super::runs::PatientRuns;

/// The rows of a log in the order of patient, day, and place in the files.
pub(super) struct Order {
    /// The rows in order; none if they are so as they come.
    pub sorted: Option<Vec<u32>>,
    /// For each patient the number of rows of those before; one more at the end.
    pub offsets: Vec<usize>,
}

impl Order {
    pub fn of(patient: &PatientRuns, day: &[i32], n_patients: usize) -> Self {
        let offsets = offsets(patient, n_patients);
        if as_read(patient, day) {
            return Self { sorted: None, offsets };
        }
        // A counting sort by patient keeps the order of the files; each patient's few rows are then sorted by day.
        let mut next = offsets.clone();
        let mut rows = vec![0_u32; day.len()];
        for (patient, run) in patient.iter() {
            let place = next[patient];
            next[patient] += run.len();
            for (place, row) in rows[place..next[patient]].iter_mut().zip(run) {
                *place = row as u32;
            }
        }
        let mut rest = rows.as_mut_slice();
        let mut slices = Vec::with_capacity(n_patients);
        for patient in 0..n_patients {
            let (mine, others) = rest.split_at_mut(offsets[patient + 1] - offsets[patient]);
            slices.push(mine);
            rest = others;
        }
        slices.into_par_iter().for_each(|mine| mine.sort_by_key(|&row| day[row as usize]));
        Self { sorted: Some(rows), offsets }
    }

    /// The row at a place of the order.
    pub fn row(&self, place: usize) -> usize {
        match &self.sorted {
            None => place,
            Some(rows) => rows[place] as usize,
        }
    }
}

/// Whether rows are sorted as they come.
fn as_read(patient: &PatientRuns, day: &[i32]) -> bool {
    let mut before = None;
    patient.iter().all(|(patient, run)| {
        let follows = before.is_none_or(|before| before < patient);
        before = Some(patient);
        follows && day[run].is_sorted()
    })
}

fn offsets(patient: &PatientRuns, n_patients: usize) -> Vec<usize> {
    let mut offsets = vec![0; n_patients + 1];
    for (patient, run) in patient.iter() {
        offsets[patient + 1] += run.len();
    }
    for patient in 0..n_patients {
        offsets[patient + 1] += offsets[patient];
    }
    offsets
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(patient: &[u32], day: &[i32]) -> Order {
        let mut runs = PatientRuns::default();
        patient.iter().for_each(|&patient| runs.push(patient));
        Order::of(&runs, day, 3)
    }

    #[test]
    fn rows_are_ordered_by_patient_day_and_place() {
        let mixed = order(&[1, 0, 1, 0, 1], &[5, 9, 3, 9, 3]);
        assert_eq!((mixed.sorted.as_deref(), mixed.offsets.as_slice()), (Some(&[1, 3, 2, 4, 0][..]), &[0, 2, 5, 5][..]));
        let sorted = order(&[0, 0, 2, 2, 2], &[5, 9, 3, 9, 9]);
        assert_eq!((sorted.sorted, sorted.offsets.as_slice()), (None, &[0, 2, 2, 5][..]));
        assert!(order(&[0, 0, 2], &[9, 5, 9]).sorted.is_some());
    }
}
