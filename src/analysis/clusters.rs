//! Several programs of one patient are not independent.

/// For each row the number of its patient, counted from 0 among the patients given, if some patient has several rows; `None`
/// if every row is another patient, so that rows are independent as they are.
pub(super) fn clusters(patients: &[usize]) -> Option<Vec<usize>> {
    let mut distinct = patients.to_vec();
    distinct.sort_unstable();
    distinct.dedup();
    (distinct.len() < patients.len()).then(|| patients.iter().map(|patient| distinct.partition_point(|other| other < patient)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_one_patient_are_one_cluster_and_single_rows_are_none() {
        assert_eq!(clusters(&[4, 9, 4, 7]), Some(vec![0, 2, 0, 1]));
        assert_eq!(clusters(&[4, 9, 7]), None);
    }
}
