//! Several programs of one patient are not independent.

/// The patients of an analysis's rows.
pub(super) struct Clusters {
    /// Distinct patients.
    pub patients: usize,
    /// For each row the number of its patient, counted from 0 among them, if some patient has several rows; `None` if every row
    /// is another patient, so that rows are independent as they are.
    pub of_row: Option<Vec<usize>>,
}

impl Clusters {
    pub fn of(patients: impl IntoIterator<Item = usize>) -> Self {
        let patients: Vec<usize> = patients.into_iter().collect();
        let mut distinct = patients.clone();
        distinct.sort_unstable();
        distinct.dedup();
        let several = distinct.len() < patients.len();
        let number = |patient: &usize| distinct.partition_point(|other| other < patient);
        Self { patients: distinct.len(), of_row: several.then(|| patients.iter().map(number).collect()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_one_patient_are_one_cluster_and_single_rows_are_none() {
        let several = Clusters::of([4, 9, 4, 7]);
        assert_eq!((several.patients, several.of_row), (3, Some(vec![0, 2, 0, 1])));
        assert_eq!(Clusters::of([4, 9, 7]).of_row, None);
    }
}
