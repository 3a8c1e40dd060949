//! Two groups with an event or without: difference of risks, ratio of risks, ratio of odds.

use serde::Serialize;

use crate::stats::distributions::{normal_quantile, normal_two_sided_p};
use crate::stats::error::{StatsError, check_level};
use crate::stats::estimate::{Estimate, Interval};
use crate::stats::proportion::check_count;

/// A ratio, its standard error on the log scale and its interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct RatioEstimate {
    /// The ratio, first over second; `None` where its denominator is 0.
    pub ratio: Option<f64>,
    /// Standard error of its logarithm; `None` where a count that it needs is 0.
    pub log_std_error: Option<f64>,
    /// Its interval, where it has a standard error.
    pub interval: Option<Interval>,
    /// Wald p value of a ratio of one, where it has a standard error.
    pub p_value: Option<f64>,
}

impl RatioEstimate {
    fn new(numerator: f64, denominator: f64, log_variance: Option<f64>, level: f64) -> Self {
        let ratio = (denominator > 0.0).then(|| numerator / denominator);
        let log_std_error = log_variance.map(f64::sqrt);
        let log_ratio = (numerator / denominator).ln();
        let z = normal_quantile(0.5 + level / 2.0);
        Self {
            ratio,
            log_std_error,
            interval: log_std_error.map(|std_error| Interval {
                lower: (log_ratio - z * std_error).exp(),
                upper: (log_ratio + z * std_error).exp(),
                level,
            }),
            p_value: log_std_error.filter(|std_error| *std_error > 0.0).map(|std_error| normal_two_sided_p(log_ratio / std_error)),
        }
    }
}

/// Events and totals as numbers, checked.
fn checked(first: (usize, usize), second: (usize, usize), level: f64) -> Result<[f64; 4], StatsError> {
    check_level(level)?;
    for (events, n) in [first, second] {
        check_count(events, n)?;
    }
    Ok([first.0 as f64, first.1 as f64, second.0 as f64, second.1 as f64])
}

/// Risk difference, first less second; each group as (events, number).
///
/// # Formula
/// `p₁ − p₂ ± z √(p₁(1 − p₁)/n₁ + p₂(1 − p₂)/n₂)`, cut at −1 and 1.
///
/// # Conventions
/// Wald's interval: too narrow for small groups or risks near 0 or 1, where
/// [`newcombe_difference`](crate::stats::newcombe_difference) holds its level.
///
/// # Errors
/// [`StatsError::EmptySample`] for an empty group, [`StatsError::OutOfRange`] for more events than people,
/// [`StatsError::InvalidLevel`].
///
/// # Agrees with
/// R `prop.test(c(x1, x2), c(n1, n2), correct = FALSE)$conf.int`.
///
/// # References
/// Rothman, Greenland & Lash (2008), Modern Epidemiology, chapter 14.
pub fn risk_difference(first: (usize, usize), second: (usize, usize), level: f64) -> Result<Estimate, StatsError> {
    let [a, n1, c, n2] = checked(first, second, level)?;
    let (p1, p2) = (a / n1, c / n2);
    let estimate = p1 - p2;
    let std_error = (p1 * (1.0 - p1) / n1 + p2 * (1.0 - p2) / n2).sqrt();
    let half = normal_quantile(0.5 + level / 2.0) * std_error;
    let interval = Interval { lower: (estimate - half).max(-1.0), upper: (estimate + half).min(1.0), level };
    Ok(Estimate { estimate, std_error, interval: Some(interval) })
}

/// Risk ratio, first over second; each group as (events, number).
///
/// # Formula
/// `ln RR = ln(p₁/p₂)`, `se² = 1/a − 1/n₁ + 1/c − 1/n₂`, interval exp(ln RR ± z se).
///
/// # Edge cases
/// No events in a group: the ratio is 0 or does not exist, and has no interval. Everyone has an event: standard error 0, no p value.
///
/// # Errors
/// As [`risk_difference`].
///
/// # Agrees with
/// R epitools `riskratio(…, method = "wald")`.
///
/// # References
/// Katz, Baptista, Azen & Pike (1978), Biometrics 34:469–474.
pub fn risk_ratio(first: (usize, usize), second: (usize, usize), level: f64) -> Result<RatioEstimate, StatsError> {
    let [a, n1, c, n2] = checked(first, second, level)?;
    let log_variance = (a > 0.0 && c > 0.0).then(|| (n1 - a) / (a * n1) + (n2 - c) / (c * n2));
    Ok(RatioEstimate::new(a / n1, c / n2, log_variance, level))
}

/// Odds ratio, first over second; each group as (events, number).
///
/// # Formula
/// `ln OR = ln(a d / (b c))`, `se² = 1/a + 1/b + 1/c + 1/d`, interval exp(ln OR ± z se).
///
/// # Conventions
/// The unconditional estimate, without adding ½ to empty cells;
/// [`fisher_exact_two_by_two`](crate::stats::comparison::fisher_exact_two_by_two) gives the conditional one with exact limits.
///
/// # Edge cases
/// An empty cell: the ratio is 0 or does not exist, and has no interval.
///
/// # Errors
/// As [`risk_difference`].
///
/// # Agrees with
/// R epitools `oddsratio(…, method = "wald")`.
///
/// # References
/// Woolf (1955), Annals of Human Genetics 19:251–253.
pub fn odds_ratio(first: (usize, usize), second: (usize, usize), level: f64) -> Result<RatioEstimate, StatsError> {
    let [a, n1, c, n2] = checked(first, second, level)?;
    let (b, d) = (n1 - a, n2 - c);
    let all = a > 0.0 && b > 0.0 && c > 0.0 && d > 0.0;
    let log_variance = all.then(|| 1.0 / a + 1.0 / b + 1.0 / c + 1.0 / d);
    Ok(RatioEstimate::new(a * d, b * c, log_variance, level))
}
