//! Person-time and event rates.

use serde::Serialize;

use super::time_to_event::TimeToEvent;
use crate::stats::distributions::{beta_quantile, log_gamma};
use crate::stats::error::{StatsError, check_level};
use crate::stats::estimate::Interval;
use crate::stats::hypothesis::TestResult;
use crate::stats::proportion::poisson_interval;

/// Events over person-time.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct PersonTimeRate {
    /// Rows.
    pub n: usize,
    /// Events (sum of weights).
    pub events: f64,
    /// Person-time in units of the scale.
    pub person_time: f64,
    /// Events per unit of person-time.
    pub rate: f64,
    /// Exact Poisson interval of the rate.
    pub interval: Interval,
}

/// Rate of events per person-time, with exact Poisson limits.
///
/// # Formula
/// ```text
/// T = Σ w (time − entry)/scale,   rate = d/T,   limits χ²(α/2; 2d)/2T and χ²(1 − α/2; 2d + 2)/2T
/// ```
/// `scale` turns the unit of time into that of the rate: 365.25 for days into years.
///
/// # Errors
/// [`StatsError::OutOfRange`] for a scale not above 0; [`StatsError::Undefined`] without person-time; [`StatsError::InvalidLevel`].
///
/// # Agrees with
/// R survival 3.5-3 `pyears(Surv(start, stop, event) ~ g, scale = …)` with `cipoisson`.
///
/// # References
/// Garwood (1936), Biometrika 28:437–442.
pub fn person_time_rate(rows: &TimeToEvent, scale: f64, level: f64) -> Result<PersonTimeRate, StatsError> {
    check_level(level)?;
    if !(scale > 0.0 && scale.is_finite()) {
        return Err(StatsError::OutOfRange { what: "the scale", value: scale, expected: "it must be above 0" });
    }
    let entry = |row: usize| rows.entry().map_or(0.0, |entry| entry[row]);
    let person_time = (0..rows.len()).map(|row| rows.weight(row) * (rows.time()[row] - entry(row))).sum::<f64>() / scale;
    if person_time <= 0.0 {
        return Err(StatsError::Undefined { why: "nobody was followed for any time, so there is no rate".to_owned() });
    }
    let events = (0..rows.len()).filter(|&row| rows.event()[row]).map(|row| rows.weight(row)).sum();
    let count = poisson_interval(events, level)?;
    let interval = Interval { lower: count.lower / person_time, upper: count.upper / person_time, level };
    Ok(PersonTimeRate { n: rows.len(), events, person_time, rate: events / person_time, interval })
}

/// Two rates compared, second over first.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct RateRatio {
    /// The ratio; `None` without events in the first group.
    pub estimate: Option<f64>,
    /// Exact conditional lower limit.
    pub lower: f64,
    /// Exact conditional upper limit; `None` where unbounded.
    pub upper: Option<f64>,
    /// Mid-p test that it is 1.
    pub test: TestResult,
}

/// Ratio of two rates, exact given the total number of events.
///
/// # Formula
/// Given d = d₁ + d₂ the second count is binomial with probability `π = ρT₂/(T₁ + ρT₂)`; Clopper–Pearson limits of π turn into limits
/// of ρ. The mid-p value counts half the probability of the observed table, doubled in the smaller tail.
///
/// # Errors
/// [`StatsError::NoEvents`] without events; [`StatsError::OutOfRange`] for counts that are not whole.
///
/// # References
/// Rothman, Greenland & Lash (2008), Modern Epidemiology, ch. 14.
pub fn rate_ratio(first: &PersonTimeRate, second: &PersonTimeRate, level: f64) -> Result<RateRatio, StatsError> {
    check_level(level)?;
    let (d1, d2) = (first.events, second.events);
    for value in [d1, d2] {
        if value.fract() != 0.0 {
            return Err(StatsError::OutOfRange { what: "the number of events", value, expected: "the exact interval needs whole numbers" });
        }
    }
    let d = d1 + d2;
    if d <= 0.0 {
        return Err(StatsError::NoEvents);
    }
    let tail = (1.0 - level) / 2.0;
    let ratio = |share: f64| share / (1.0 - share) * first.person_time / second.person_time;
    let lower = if d2 > 0.0 { ratio(beta_quantile(tail, d2, d1 + 1.0)) } else { 0.0 };
    let upper = (d1 > 0.0).then(|| ratio(beta_quantile(1.0 - tail, d2 + 1.0, d1)));
    let share = second.person_time / (first.person_time + second.person_time);
    let density = |x: f64| {
        let ways = log_gamma(d + 1.0) - log_gamma(x + 1.0) - log_gamma(d - x + 1.0);
        (ways + x * share.ln() + (d - x) * (1.0 - share).ln()).exp()
    };
    let (mut below, mut above) = (0.0, 0.0);
    for x in 0..=d as u64 {
        let x = x as f64;
        if x < d2 {
            below += density(x);
        } else if x > d2 {
            above += density(x);
        }
    }
    let half = 0.5 * density(d2);
    let p_value = (2.0 * (below + half).min(above + half)).min(1.0);
    let test = TestResult { method: "exact conditional test (mid-p)", statistic: d2, df: None, p_value };
    Ok(RateRatio { estimate: (d1 > 0.0).then(|| second.rate / first.rate), lower, upper, test })
}
