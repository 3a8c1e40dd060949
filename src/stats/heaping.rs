//! Whether people prefer certain numbers when they give a score.

use serde::Serialize;

/// How often a value was given, against the values beside it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Heaping {
    /// How often the value itself.
    pub count: u64,
    /// How often its two neighbors together.
    pub neighbors: u64,
    /// `count` over the mean of the two neighbors; 1 where the value is as frequent as they are.
    pub ratio: f64,
}

/// Compares the frequency of a value with that of the two values beside it.
///
/// # Formula
/// ```text
/// ratio = n[v] / ((n[v − 1] + n[v + 1]) / 2)
/// ```
/// Where frequencies change evenly from one value to the next, the ratio is 1 whatever their slope; it is the idea of
/// Whipple's index on a scale of its own neighbors.
///
/// # Conventions
/// `counts[v]` is the frequency of the value `v`. No test goes with it: scores of one person resemble each other, so that a
/// p value of the pooled counts would be far too small.
///
/// # Edge cases
/// `None` for the first and the last value (they have one neighbor only) and where no neighbor was ever given.
///
/// # References
/// United Nations (1955), *Methods of appraisal of quality of basic data for population estimates* (Whipple's index).
#[must_use]
pub fn heaping(counts: &[u64], value: usize) -> Option<Heaping> {
    let below = *counts.get(value.checked_sub(1)?)?;
    let (count, above) = (*counts.get(value)?, *counts.get(value + 1)?);
    let neighbors = below.saturating_add(above);
    (neighbors > 0).then(|| Heaping { count, neighbors, ratio: count as f64 / (neighbors as f64 / 2.0) })
}
