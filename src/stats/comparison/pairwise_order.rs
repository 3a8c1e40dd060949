//! The k-th smallest of all pairwise differences or averages, without listing them: bisection over the numbers themselves, each
//! step counting the pairs below by two pointers. O((n + m) · 64) time, no memory.

/// Numbers in order as integers: the bits, with those of negative numbers turned around.
fn ordinal(value: f64) -> i64 {
    let bits = value.to_bits() as i64;
    bits ^ (((bits >> 63) as u64) >> 1) as i64
}

fn number(ordinal: i64) -> f64 {
    f64::from_bits((ordinal ^ (((ordinal >> 63) as u64) >> 1) as i64) as u64)
}

/// The least number in [low, high] with at least `k` pairs at or below it.
fn smallest_with(k: u64, low: f64, high: f64, count_up_to: impl Fn(f64) -> u64) -> f64 {
    let (mut from, mut to) = (ordinal(low), ordinal(high));
    while from < to {
        let middle = (from & to) + ((from ^ to) >> 1);
        if count_up_to(number(middle)) >= k {
            to = middle;
        } else {
            from = middle + 1;
        }
    }
    // No negative zero.
    number(from) + 0.0
}

/// The `k`-th smallest of xᵢ − yⱼ, k from 1; x and y ascending and not empty.
pub(super) fn kth_difference(x: &[f64], y: &[f64], k: u64) -> f64 {
    let (low, high) = (x[0] - y[y.len() - 1], x[x.len() - 1] - y[0]);
    smallest_with(k, low, high, |limit| {
        let (mut first, mut count) = (0, 0);
        for value in x {
            // The y far enough up for the difference to stay at or below the limit.
            while first < y.len() && value - y[first] > limit {
                first += 1;
            }
            count += (y.len() - first) as u64;
        }
        count
    })
}

/// The `k`-th smallest Walsh average (xᵢ + xⱼ)/2, i ≤ j, k from 1; x ascending and not empty.
pub(super) fn kth_walsh_average(x: &[f64], k: u64) -> f64 {
    smallest_with(k, x[0], x[x.len() - 1], |limit| {
        let (mut end, mut count) = (x.len(), 0);
        for (i, value) in x.iter().enumerate() {
            while end > i && (value + x[end - 1]) / 2.0 > limit {
                end -= 1;
            }
            if end <= i {
                break;
            }
            count += (end - i) as u64;
        }
        count
    })
}

/// Median of `total` ordered pairs, given their k-th.
pub(super) fn median_of(total: u64, kth: impl Fn(u64) -> f64) -> f64 {
    let upper = kth(total / 2 + 1);
    if total % 2 == 1 { upper } else { f64::midpoint(kth(total / 2), upper) }
}
