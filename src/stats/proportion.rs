//! Shares, their intervals, and two of them compared.

use serde::Serialize;

use super::distributions::{beta_quantile, normal_quantile};
use super::error::{StatsError, check_level};
use super::estimate::{Estimate, Interval};

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

/// Exact (Clopper–Pearson) interval of a proportion.
///
/// # Formula
/// ```text
/// lower = B(α/2; x, n − x + 1),   upper = B(1 − α/2; x + 1, n − x)
/// ```
/// with B the quantile of the beta distribution; 0 at x = 0 and 1 at x = n.
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
    let wilson = wilson(count, n, level)?;
    let tail = (1.0 - level) / 2.0;
    let (x, rest) = (count as f64, (n - count) as f64);
    let lower = if count == 0 { 0.0 } else { beta_quantile(tail, x, rest + 1.0) };
    let upper = if count == n { 1.0 } else { beta_quantile(1.0 - tail, x + 1.0, rest) };
    Ok(Proportion { interval: Interval { lower, upper, level }, ..wilson })
}

/// Two independent shares compared, second against first.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct TwoProportions {
    /// The first share, with its Wilson interval.
    pub first: Proportion,
    /// The second.
    pub second: Proportion,
    /// Second less first; standard error unpooled, interval Newcombe's.
    pub difference: Estimate,
    /// Second over first; standard error that of its logarithm. `None` where a share is 0.
    pub risk_ratio: Option<Estimate>,
    /// Odds of the second over those of the first; standard error that of its logarithm. `None` with an empty cell.
    pub odds_ratio: Option<Estimate>,
}

/// Compares two independent proportions.
///
/// # Formula
/// ```text
/// difference  d = p₂ − p₁,  d − √((p₂ − l₂)² + (u₁ − p₁)²)  to  d + √((u₂ − p₂)² + (p₁ − l₁)²)      (Newcombe's method 10)
/// risk ratio  p₂/p₁,  log se = √(1/x₂ − 1/n₂ + 1/x₁ − 1/n₁)
/// odds ratio  ad/bc,  log se = √(1/a + 1/b + 1/c + 1/d)
/// ```
/// where l and u are the Wilson limits.
///
/// # Errors
/// As [`wilson`].
///
/// # References
/// Newcombe (1998), Statistics in Medicine 17:873–890. Katz et al. (1978); Woolf (1955).
pub fn two_proportions(first: (usize, usize), second: (usize, usize), level: f64) -> Result<TwoProportions, StatsError> {
    let (one, two) = (wilson(first.0, first.1, level)?, wilson(second.0, second.1, level)?);
    let z = normal_quantile(0.5 + level / 2.0);
    let variance = |share: &Proportion| share.proportion * (1.0 - share.proportion) / share.n as f64;
    let estimate = two.proportion - one.proportion;
    let down = (two.proportion - two.interval.lower).hypot(one.interval.upper - one.proportion);
    let up = (two.interval.upper - two.proportion).hypot(one.proportion - one.interval.lower);
    let difference = Estimate {
        estimate,
        std_error: (variance(&one) + variance(&two)).sqrt(),
        interval: Some(Interval { lower: estimate - down, upper: estimate + up, level }),
    };
    let ratio = |ratio: f64, log_error: f64| Estimate {
        estimate: ratio,
        std_error: log_error,
        interval: Some(Interval { lower: ratio * (-z * log_error).exp(), upper: ratio * (z * log_error).exp(), level }),
    };
    let cells = [one.count, one.n - one.count, two.count, two.n - two.count].map(|cell| cell as f64);
    let [a, b, c, d] = cells;
    let risk_ratio = (a > 0.0 && c > 0.0).then(|| {
        let log_variance = 1.0 / c - 1.0 / two.n as f64 + 1.0 / a - 1.0 / one.n as f64;
        ratio(two.proportion / one.proportion, log_variance.max(0.0).sqrt())
    });
    let odds_ratio =
        cells.iter().all(|&cell| cell > 0.0).then(|| ratio(c * b / (d * a), cells.iter().map(|cell| 1.0 / cell).sum::<f64>().sqrt()));
    Ok(TwoProportions { first: one, second: two, difference, risk_ratio, odds_ratio })
}
