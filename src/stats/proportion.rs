//! A share and its interval.

use serde::Serialize;

use super::distributions::normal_quantile;
use super::error::{StatsError, check_level};
use super::estimate::Interval;

/// A share with its interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Proportion {
    /// How many.
    pub count: usize,
    /// Of how many.
    pub n: usize,
    /// `count / n`.
    pub proportion: f64,
    /// Wilson interval.
    pub interval: Interval,
}

/// Wilson score interval of a proportion.
///
/// # Formula
/// ```text
/// (p + z²/2n ± z √(p(1 − p)/n + z²/4n²)) / (1 + z²/n)
/// ```
///
/// # Errors
/// [`StatsError::EmptySample`] for `n` = 0, [`StatsError::OutOfRange`] for `count` > `n`, [`StatsError::InvalidLevel`].
///
/// # Agrees with
/// R `prop.test(count, n, correct = FALSE)$conf.int`.
///
/// # References
/// Wilson (1927), JASA 22:209–212.
pub fn wilson(count: usize, n: usize, level: f64) -> Result<Proportion, StatsError> {
    check_level(level)?;
    if n == 0 {
        return Err(StatsError::EmptySample);
    }
    if count > n {
        return Err(StatsError::OutOfRange {
            what: "the count",
            value: count as f64,
            expected: "it cannot exceed the number counted among",
        });
    }
    let (total, p) = (n as f64, count as f64 / n as f64);
    let z = normal_quantile(0.5 + level / 2.0);
    let z2 = z * z;
    let centre = p + z2 / (2.0 * total);
    let half = z * (p * (1.0 - p) / total + z2 / (4.0 * total * total)).sqrt();
    let scale = 1.0 + z2 / total;
    // At the ends the limit is the end itself; the difference above can miss it by a rounding.
    let lower = if count == 0 { 0.0 } else { (centre - half) / scale };
    let upper = if count == n { 1.0 } else { (centre + half) / scale };
    Ok(Proportion { count, n, proportion: p, interval: Interval { lower, upper, level } })
}
