//! Pairs out of order, counted by merging.

/// For every pair of positions i < j, counts those with `valuesⱼ < valuesᵢ − margin` (`strict`) or `valuesⱼ ≤ valuesᵢ + margin`,
/// and leaves the values sorted. O(n log n).
pub(super) fn count_inversions(values: &mut [f64], buffer: &mut Vec<f64>, margin: f64, strict: bool) -> u64 {
    buffer.clear();
    buffer.resize(values.len(), 0.0);
    if strict {
        sort(values, buffer, &|left, right| right < left - margin)
    } else {
        sort(values, buffer, &|left, right| right <= left + margin)
    }
}

/// Runs shorter than this are counted pair by pair.
const SHORT: usize = 16;

fn sort(values: &mut [f64], buffer: &mut [f64], inverted: &impl Fn(f64, f64) -> bool) -> u64 {
    let n = values.len();
    let mut count = 0;
    if n <= SHORT {
        for i in 1..n {
            let value = values[i];
            count += values[..i].iter().filter(|&&left| inverted(left, value)).count() as u64;
            let mut hole = i;
            // What stands before is sorted by now, which leaves the count of pairs as it was.
            while hole > 0 && values[hole - 1] > value {
                values[hole] = values[hole - 1];
                hole -= 1;
            }
            values[hole] = value;
        }
        return count;
    }
    let middle = n / 2;
    let (left, right) = values.split_at_mut(middle);
    let (left_buffer, right_buffer) = buffer.split_at_mut(middle);
    count += sort(left, left_buffer, inverted) + sort(right, right_buffer, inverted);
    // For a rising right value the first left value out of order with it moves up only.
    let mut first = 0;
    for &value in right.iter() {
        while first < middle && !inverted(left[first], value) {
            first += 1;
        }
        if first == middle {
            break;
        }
        count += (middle - first) as u64;
    }
    let (mut i, mut j) = (0, 0);
    for slot in buffer.iter_mut() {
        if j >= right.len() || (i < middle && left[i] <= right[j]) {
            *slot = left[i];
            i += 1;
        } else {
            *slot = right[j];
            j += 1;
        }
    }
    values.copy_from_slice(buffer);
    count
}
