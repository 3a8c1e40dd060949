//! Rows sorted by patient and day, without moving them.

use rayon::prelude::*;

/// The rows of a log in the order of patient, day, and place in the files.
pub(super) enum Order {
    /// As they come.
    AsRead,
    /// By this permutation.
    Sorted(Vec<u32>),
}

impl Order {
    pub fn of(patient: &[u32], day: &[i32], n_patients: usize) -> Self {
        let sorted = patient.windows(2).zip(day.windows(2)).all(|(p, d)| (p[0], d[0]) <= (p[1], d[1]));
        if sorted {
            return Self::AsRead;
        }
        // A counting sort by patient keeps the order of the files; each patient's few rows are then sorted by day.
        let offsets = offsets(patient, n_patients);
        let mut next = offsets.clone();
        let mut rows = vec![0_u32; patient.len()];
        for (row, &patient) in patient.iter().enumerate() {
            let place = &mut next[patient as usize];
            rows[*place] = row as u32;
            *place += 1;
        }
        let mut rest = rows.as_mut_slice();
        let mut slices = Vec::with_capacity(n_patients);
        for patient in 0..n_patients {
            let (mine, others) = rest.split_at_mut(offsets[patient + 1] - offsets[patient]);
            slices.push(mine);
            rest = others;
        }
        slices.into_par_iter().for_each(|mine| mine.sort_by_key(|&row| day[row as usize]));
        Self::Sorted(rows)
    }

    /// The row at a place of the order.
    pub fn row(&self, place: usize) -> usize {
        match self {
            Self::AsRead => place,
            Self::Sorted(rows) => rows[place] as usize,
        }
    }
}

/// For each patient the number of rows of those before; one more at the end.
pub(super) fn offsets(patient: &[u32], n_patients: usize) -> Vec<usize> {
    let mut offsets = vec![0; n_patients + 1];
    for &patient in patient {
        offsets[patient as usize + 1] += 1;
    }
    for patient in 0..n_patients {
        offsets[patient + 1] += offsets[patient];
    }
    offsets
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_ordered_by_patient_day_and_place() {
        let (patient, day) = ([1, 0, 1, 0, 1], [5, 9, 3, 9, 3]);
        let order = Order::of(&patient, &day, 3);
        assert_eq!((0..5).map(|place| order.row(place)).collect::<Vec<_>>(), [1, 3, 2, 4, 0]);
        assert_eq!(offsets(&patient, 3), [0, 2, 5, 5]);
    }
}
