//! Distributions of rank statistics over all orders, built up by adding one value at a time: sums of positive terms only.

/// Largest number of table cells worked through for an exact distribution.
const MOST_WORK: f64 = 4e8;

/// Probabilities of W = 0, 1, …, m n: how many of the m n pairs have the first sample's value above. `None` if too long to compute.
///
/// The largest of all m + n values belongs to the first sample with probability m/(m + n), and then lies above all n of the second.
pub(super) fn rank_sum_distribution(m: usize, n: usize) -> Option<Vec<f64>> {
    if (m * n) as f64 * (m * n) as f64 / 4.0 > MOST_WORK {
        return None;
    }
    // One row per size of the second sample, for the current size of the first.
    let mut rows: Vec<Vec<f64>> = vec![vec![1.0]; n + 1];
    for i in 1..=m {
        let mut below: Vec<f64> = vec![1.0];
        for (j, row) in rows.iter_mut().enumerate().skip(1) {
            let share = i as f64 / (i + j) as f64;
            let mut next = vec![0.0; i * j + 1];
            for (w, probability) in row.iter().enumerate() {
                next[w + j] += share * probability;
            }
            for (w, probability) in below.iter().enumerate() {
                next[w] += (1.0 - share) * probability;
            }
            below.clone_from(&next);
            *row = next;
        }
    }
    rows.pop()
}

/// Probabilities of V = 0, 1, …, n (n + 1)/2: the sum of the ranks with a positive sign.
pub(super) fn signed_rank_distribution(n: usize) -> Option<Vec<f64>> {
    if n > 1_000 {
        return None;
    }
    let mut row = vec![1.0];
    for rank in 1..=n {
        let mut next = vec![0.0; row.len() + rank];
        for (v, probability) in row.iter().enumerate() {
            next[v] += 0.5 * probability;
            next[v + rank] += 0.5 * probability;
        }
        row = next;
    }
    Some(row)
}

/// Probabilities of 0, 1, …, n (n − 1)/2 concordant pairs among n values.
pub(in crate::stats) fn concordance_distribution(n: usize) -> Option<Vec<f64>> {
    if n > 250 {
        return None;
    }
    let mut row = vec![1.0];
    for size in 2..=n {
        let mut next = vec![0.0; row.len() + size - 1];
        for (pairs, probability) in row.iter().enumerate() {
            for cell in &mut next[pairs..pairs + size] {
                *cell += probability / size as f64;
            }
        }
        row = next;
    }
    Some(row)
}

/// Two-sided p value: twice the smaller tail of a symmetric distribution, at most 1.
pub(in crate::stats) fn two_sided(distribution: &[f64], observed: usize) -> f64 {
    let smaller = observed.min(distribution.len() - 1 - observed);
    (2.0 * distribution[..=smaller].iter().sum::<f64>()).min(1.0)
}

/// Ranks of the limits among the ordered pairs of a rank test, counted from either end, with the level they reach.
///
/// # Conventions
/// As R: the smallest q with P(≤ q) ≥ α/2, at least 1; the level asked for is reported unless it is missed by more than half of α.
pub(super) fn limit_rank(distribution: &[f64], level: f64) -> (u64, f64) {
    let alpha = 1.0 - level;
    let wanted = alpha / 2.0 - 10.0 * f64::EPSILON;
    let mut below = 0.0;
    let mut rank = 0;
    for (q, probability) in distribution.iter().enumerate() {
        if below + probability >= wanted {
            rank = q;
            break;
        }
        below += probability;
    }
    if rank == 0 {
        (rank, below) = (1, distribution[0]);
    }
    let reached = 2.0 * below;
    (rank as u64, if reached - alpha > alpha / 2.0 { 1.0 - reached } else { level })
}
