//! Kendall's score: agreements less disagreements of pairs, in O(n log n).

/// Pairs of two variables, counted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct KendallScore {
    /// Concordant less discordant pairs.
    pub(super) score: f64,
    /// Pairs tied in x (also those tied in both).
    pub(super) tied_x: f64,
    /// Pairs tied in y.
    pub(super) tied_y: f64,
    /// All pairs.
    pub(super) pairs: f64,
    /// Variance of the score if x and y are independent, ties taken into account.
    pub(super) variance: f64,
}

/// Counts by Knight's method: sort by x, then count the exchanges a merge sort by y needs.
pub(super) fn kendall_score(x: &[f64], y: &[f64]) -> KendallScore {
    let n = x.len();
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|&a, &b| x[a].total_cmp(&x[b]).then(y[a].total_cmp(&y[b])));
    let pairs_of = |size: usize| size as f64 * (size as f64 - 1.0) / 2.0;
    let tied_x: f64 = order.chunk_by(|&a, &b| x[a] == x[b]).map(|tied| pairs_of(tied.len())).sum();
    let tied_both: f64 = order.chunk_by(|&a, &b| x[a] == x[b] && y[a] == y[b]).map(|tied| pairs_of(tied.len())).sum();
    let mut values: Vec<f64> = order.iter().map(|&row| y[row]).collect();
    let mut room = values.clone();
    let exchanges = sort_counting(&mut values, &mut room) as f64;
    let tied_y: f64 = values.chunk_by(|a, b| a == b).map(|tied| pairs_of(tied.len())).sum();
    let pairs = pairs_of(n);
    let score = pairs - tied_x - tied_y + tied_both - 2.0 * exchanges;

    let mut sorted_x = x.to_vec();
    sorted_x.sort_by(f64::total_cmp);
    let sums = |sorted: &[f64]| {
        sorted.chunk_by(|a, b| a == b).fold([0.0; 3], |[a, b, c], tied| {
            let t = tied.len() as f64;
            [a + t * (t - 1.0) * (2.0 * t + 5.0), b + t * (t - 1.0), c + t * (t - 1.0) * (t - 2.0)]
        })
    };
    let ([x5, x1, x2], [y5, y1, y2]) = (sums(&sorted_x), sums(&values));
    let nf = n as f64;
    let mut variance = (nf * (nf - 1.0) * (2.0 * nf + 5.0) - x5 - y5) / 18.0;
    if n > 1 {
        variance += x1 * y1 / (2.0 * nf * (nf - 1.0));
    }
    if n > 2 {
        variance += x2 * y2 / (9.0 * nf * (nf - 1.0) * (nf - 2.0));
    }
    KendallScore { score, tied_x, tied_y, pairs, variance }
}

/// Sorts, and counts the pairs that were in falling order.
fn sort_counting(values: &mut [f64], room: &mut [f64]) -> u64 {
    let n = values.len();
    if n < 2 {
        return 0;
    }
    let middle = n / 2;
    let mut count = sort_counting(&mut values[..middle], room) + sort_counting(&mut values[middle..], room);
    let (mut left, mut right) = (0, middle);
    for slot in &mut room[..n] {
        if left < middle && (right == n || values[left] <= values[right]) {
            *slot = values[left];
            left += 1;
        } else {
            *slot = values[right];
            right += 1;
            count += (middle - left) as u64;
        }
    }
    values.copy_from_slice(&room[..n]);
    count
}
