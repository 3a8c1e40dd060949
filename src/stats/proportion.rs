//! A share and its interval, and the difference of two.

use serde::Serialize;

use super::distributions::{beta_quantile, normal_quantile};
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
    /// Its interval.
    pub interval: Interval,
}

/// Two shares and their difference.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct ProportionDifference {
    /// First share, with its Wilson interval.
    pub first: Proportion,
    /// Second share, with its Wilson interval.
    pub second: Proportion,
    /// First less second.
    pub difference: f64,
    /// Newcombe interval of the difference.
    pub interval: Interval,
}

/// Whether `count` of `n` is possible.
pub(super) fn check_count(count: usize, n: usize) -> Result<(), StatsError> {
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
    Ok(())
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
    check_count(count, n)?;
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

/// Clopper–Pearson interval of a proportion: exact, so at least as wide as its level asks.
///
/// # Formula
/// ```text
/// lower = Beta₍α⸝₂₎(count, n − count + 1),  upper = Beta₍₁₋α⸝₂₎(count + 1, n − count)
/// ```
///
/// # Edge cases
/// None counted: the lower limit is 0; all counted: the upper limit is 1.
///
/// # Errors
/// As [`wilson`].
///
/// # Agrees with
/// R `binom.test(count, n)$conf.int`.
///
/// # References
/// Clopper & Pearson (1934), Biometrika 26:404–413.
pub fn clopper_pearson(count: usize, n: usize, level: f64) -> Result<Proportion, StatsError> {
    check_level(level)?;
    check_count(count, n)?;
    let (x, rest) = (count as f64, (n - count) as f64);
    let lower = if count == 0 { 0.0 } else { beta_quantile((1.0 - level) / 2.0, x, rest + 1.0) };
    let upper = if count == n { 1.0 } else { beta_quantile(f64::midpoint(1.0, level), x + 1.0, rest) };
    Ok(Proportion { count, n, proportion: x / n as f64, interval: Interval { lower, upper, level } })
}

/// Newcombe's interval of the difference of two independent proportions (his method 10), first less second.
///
/// # Formula
/// ```text
/// d = p₁ − p₂;   d − √((p₁ − l₁)² + (u₂ − p₂)²),   d + √((u₁ − p₁)² + (p₂ − l₂)²)
/// ```
/// with l and u the Wilson limits of each. It never leaves [−1, 1].
///
/// # Errors
/// As [`wilson`].
///
/// # Agrees with
/// R `DescTools::BinomDiffCI(…, method = "score")`.
///
/// # References
/// Newcombe (1998), Statistics in Medicine 17:873–890.
pub fn newcombe_difference(
    first_count: usize,
    first_n: usize,
    second_count: usize,
    second_n: usize,
    level: f64,
) -> Result<ProportionDifference, StatsError> {
    let (first, second) = (wilson(first_count, first_n, level)?, wilson(second_count, second_n, level)?);
    let difference = first.proportion - second.proportion;
    let below = (first.proportion - first.interval.lower).hypot(second.interval.upper - second.proportion);
    let above = (first.interval.upper - first.proportion).hypot(second.proportion - second.interval.lower);
    let interval = Interval { lower: (difference - below).max(-1.0), upper: (difference + above).min(1.0), level };
    Ok(ProportionDifference { first, second, difference, interval })
}
