//! Ranks, with the mean rank for ties.

/// Ranks of a sample.
#[derive(Clone, Debug)]
pub(in crate::stats) struct Ranks {
    /// Rank of each value from 1, the mean rank where values are equal.
    pub(in crate::stats) ranks: Vec<f64>,
    /// Sizes of the groups of equal values larger than one.
    pub(in crate::stats) ties: Vec<f64>,
}

impl Ranks {
    /// Of finite values; −0 and 0 are equal.
    pub(in crate::stats) fn of(values: &[f64]) -> Self {
        let mut order: Vec<usize> = (0..values.len()).collect();
        let value = |index: usize| values[index] + 0.0;
        order.sort_unstable_by(|&a, &b| value(a).total_cmp(&value(b)));
        let (mut ranks, mut ties) = (vec![0.0; values.len()], Vec::new());
        let mut below = 0;
        for group in order.chunk_by(|&a, &b| value(a).total_cmp(&value(b)).is_eq()) {
            let rank = below as f64 + (group.len() + 1) as f64 / 2.0;
            for &index in group {
                ranks[index] = rank;
            }
            if group.len() > 1 {
                ties.push(group.len() as f64);
            }
            below += group.len();
        }
        Self { ranks, ties }
    }

    /// Σ (t³ − t) over the groups of ties.
    pub(in crate::stats) fn tie_sum(&self) -> f64 {
        self.ties.iter().map(|t| t * (t * t - 1.0)).sum()
    }
}
