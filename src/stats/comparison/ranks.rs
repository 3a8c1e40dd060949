//! Ranks with ties, and the k-th smallest of sums of pairs.

/// Ranks counted from 1; ties share the mean of their ranks.
pub(in crate::stats) fn mid_ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
    let mut ranks = vec![0.0; values.len()];
    let mut before = 0;
    for tied in order.chunk_by(|&a, &b| values[a] == values[b]) {
        let rank = before as f64 + (tied.len() as f64 + 1.0) / 2.0;
        tied.iter().for_each(|&row| ranks[row] = rank);
        before += tied.len();
    }
    ranks
}

/// Σ (t³ − t) over the groups of tied values.
pub(in crate::stats) fn tie_sum(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.chunk_by(|a, b| a == b).map(|tied| (tied.len() as f64).powi(3) - tied.len() as f64).sum()
}

/// The k-th smallest (counted from 1) of values of which `count_up_to(v)` are ≤ v: bisection over all floating-point numbers, so the
/// result is one of the values to the last bit.
pub(super) fn kth_smallest(k: u64, count_up_to: impl Fn(f64) -> u64) -> f64 {
    // Integers in the order of the floats they stand for.
    let value = |key: u64| f64::from_bits(if key >> 63 == 1 { key ^ (1 << 63) } else { !key });
    let (mut low, mut high) = (!(f64::MIN.to_bits()), f64::MAX.to_bits() | 1 << 63);
    while low < high {
        let middle = low + (high - low) / 2;
        if count_up_to(value(middle)) >= k {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    // Negative zero is zero.
    value(low) + 0.0
}

/// The median of `count` values: the middle one or the mean of the middle two.
pub(super) fn median_of(count: u64, kth: impl Fn(u64) -> f64) -> f64 {
    if count % 2 == 1 { kth(count.div_ceil(2)) } else { f64::midpoint(kth(count / 2), kth(count / 2 + 1)) }
}
