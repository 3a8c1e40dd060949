//! Rows by group.

/// The rows of each group in their order, from one pass over the codes however many groups there are.
pub(super) fn rows_of_groups(codes: &[usize], n_groups: usize) -> Vec<Vec<usize>> {
    let mut rows = vec![vec![]; n_groups];
    for (row, &code) in codes.iter().enumerate() {
        rows[code].push(row);
    }
    rows
}

/// The values of these rows.
pub(super) fn pick<T: Copy>(values: &[T], rows: &[usize]) -> Vec<T> {
    rows.iter().map(|&row| values[row]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_keep_their_order_and_a_group_may_be_empty() {
        let rows = rows_of_groups(&[2, 0, 2, 0, 0], 4);
        assert_eq!(rows, [vec![1, 3, 4], vec![], vec![0, 2], vec![]]);
        assert_eq!(pick(&['a', 'b', 'c', 'd', 'e'], &rows[0]), ['b', 'd', 'e']);
    }
}
