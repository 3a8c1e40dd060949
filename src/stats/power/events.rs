//! Studies of time to event.

use serde::Serialize;

use crate::stats::distributions::{normal_lower_p, normal_quantile};
use crate::stats::error::StatsError;

/// A study of time to event in numbers.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct SurvivalSampleSize {
    /// Events needed, not rounded.
    pub events: f64,
    /// Probability of the event in the second group.
    pub second_event_probability: f64,
    /// Patients in the first group, rounded up.
    pub first: u64,
    /// Patients in the second group, rounded up.
    pub second: u64,
}

/// Refuses a probability outside (0, 1).
pub(super) fn check_probability(what: &'static str, value: f64) -> Result<(), StatsError> {
    if value > 0.0 && value < 1.0 {
        return Ok(());
    }
    Err(StatsError::OutOfRange { what, value, expected: "it must be between 0 and 1" })
}

/// Refuses a power or alpha outside (0, 1), and a power that a two-sided test has without any effect.
pub(super) fn check_power(power: f64, alpha: f64) -> Result<(), StatsError> {
    check_probability("the power", power)?;
    check_probability("alpha", alpha)?;
    if power > alpha / 2.0 {
        return Ok(());
    }
    Err(StatsError::OutOfRange { what: "the power", value: power, expected: "it must be above alpha/2" })
}

/// Refuses what is not above 0.
pub(super) fn check_positive(what: &'static str, value: f64) -> Result<(), StatsError> {
    if value > 0.0 && value.is_finite() {
        Ok(())
    } else {
        Err(StatsError::OutOfRange { what, value, expected: "it must be a number above 0" })
    }
}

/// Rounds a number of patients up; a rounding above a whole number asks for no further one.
pub(super) fn whole(n: f64) -> u64 {
    (n * (1.0 - 1e-12)).ceil() as u64
}

fn check_hazard_ratio(value: f64) -> Result<(), StatsError> {
    if value > 0.0 && value.is_finite() && value.ln() != 0.0 {
        return Ok(());
    }
    Err(StatsError::OutOfRange { what: "the hazard ratio", value, expected: "it must be above 0 and not 1" })
}

/// Refuses a number of events that is none.
fn check_events(events: f64) -> Result<(), StatsError> {
    if events == 0.0 {
        return Err(StatsError::NoEvents);
    }
    check_positive("the number of events", events)
}

fn check(share_exposed: f64, power: f64, alpha: f64) -> Result<f64, StatsError> {
    check_probability("the share exposed", share_exposed)?;
    check_power(power, alpha)?;
    Ok(normal_quantile(1.0 - alpha / 2.0) + normal_quantile(power))
}

/// Events needed to find a hazard ratio with a two-sided log-rank test.
///
/// # Formula
/// ```text
/// d = (z₁₋α⸝₂ + z_power)² / (p (1 − p) ln² HR)
/// ```
///
/// # Errors
/// [`StatsError::OutOfRange`] for a share, power or alpha outside (0, 1), a power not above alpha/2, or a hazard ratio
/// not above 0 or equal to 1.
///
/// # References
/// Schoenfeld (1983), Biometrics 39:499–503.
pub fn events_needed(hazard_ratio: f64, share_exposed: f64, power: f64, alpha: f64) -> Result<f64, StatsError> {
    let z = check(share_exposed, power, alpha)?;
    check_hazard_ratio(hazard_ratio)?;
    Ok(z * z / (share_exposed * (1.0 - share_exposed) * hazard_ratio.ln().powi(2)))
}

/// The hazard ratio below 1 nearest to 1 that `events` events can find.
///
/// # Formula
/// `HR = exp(−(z₁₋α⸝₂ + z_power) / √(d p (1 − p)))`.
///
/// # Errors
/// [`StatsError::OutOfRange`] as [`events_needed`] and for a number of events that is none; [`StatsError::NoEvents`] without events.
///
/// # References
/// Schoenfeld (1983), Biometrics 39:499–503.
pub fn minimum_detectable_hazard_ratio(events: f64, share_exposed: f64, power: f64, alpha: f64) -> Result<f64, StatsError> {
    let z = check(share_exposed, power, alpha)?;
    check_events(events)?;
    Ok((-z / (events * share_exposed * (1.0 - share_exposed)).sqrt()).exp())
}

/// Power of a two-sided log-rank test for this number of events.
///
/// # Formula
/// `Φ(√(d p (1 − p)) |ln HR| − z₁₋α⸝₂)`, the inverse of [`events_needed`]: a significant result on the wrong side is not counted.
///
/// # Errors
/// As [`minimum_detectable_hazard_ratio`].
///
/// # References
/// Schoenfeld (1983), Biometrics 39:499–503.
pub fn log_rank_power(events: f64, hazard_ratio: f64, share_exposed: f64, alpha: f64) -> Result<f64, StatsError> {
    check_probability("the share exposed", share_exposed)?;
    check_probability("alpha", alpha)?;
    check_hazard_ratio(hazard_ratio)?;
    check_events(events)?;
    let signal = (events * share_exposed * (1.0 - share_exposed)).sqrt() * hazard_ratio.ln().abs();
    Ok(normal_lower_p(signal - normal_quantile(1.0 - alpha / 2.0)))
}

/// Patients needed for a number of events, rounded up.
///
/// # Formula
/// `n = d / P(event)`, with the probability of having the event during the study over everybody.
///
/// # Errors
/// [`StatsError::OutOfRange`] for a probability outside (0, 1] or a number of events that is none; [`StatsError::NoEvents`] without
/// events.
pub fn sample_size_from_events(events: f64, event_probability: f64) -> Result<u64, StatsError> {
    check_events(events)?;
    if !(event_probability > 0.0 && event_probability <= 1.0) {
        return Err(StatsError::OutOfRange {
            what: "the probability of the event",
            value: event_probability,
            expected: "it must be above 0 and at most 1",
        });
    }
    Ok(whole(events / event_probability))
}

/// Patients needed to find a hazard ratio of the second group against the first.
///
/// # Formula
/// ```text
/// d = events_needed(HR, r/(1 + r)),   p₂ = 1 − (1 − p₁)^HR,   n₁ = d/(p₁ + r p₂),   n₂ = r n₁
/// ```
/// with `r` patients of the second group per patient of the first.
///
/// # Conventions
/// `first_event_probability` is that of having the event before the end of the study, censoring included.
///
/// # Errors
/// As [`events_needed`], and for a probability outside (0, 1) or a ratio not above 0.
///
/// # References
/// Schoenfeld (1983), Biometrics 39:499–503. Collett (2015), Modelling Survival Data in Medical Research, 15.
pub fn sample_size_for_hazard_ratio(
    hazard_ratio: f64,
    first_event_probability: f64,
    ratio: f64,
    power: f64,
    alpha: f64,
) -> Result<SurvivalSampleSize, StatsError> {
    check_probability("the probability of the event", first_event_probability)?;
    check_positive("the ratio of the groups", ratio)?;
    let events = events_needed(hazard_ratio, ratio / (1.0 + ratio), power, alpha)?;
    let second_event_probability = -(hazard_ratio * (-first_event_probability).ln_1p()).exp_m1();
    let first = events / (first_event_probability + ratio * second_event_probability);
    Ok(SurvivalSampleSize { events, second_event_probability, first: whole(first), second: whole(ratio * first) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_events_needed_are_those_of_the_formula_and_the_inverse_comes_back() {
        // (1.959964 + 0.841621)² / (0.25 · ln² 0.72) = 7.848879 / 0.0269794 = 290.9; for 0.5: 65.3.
        assert!((events_needed(0.72, 0.5, 0.8, 0.05).unwrap() - 290.9).abs() < 0.1);
        assert!((events_needed(0.5, 0.5, 0.8, 0.05).unwrap() - 65.3).abs() < 0.1);
        let events = events_needed(0.6, 0.3, 0.9, 0.05).unwrap();
        assert!((minimum_detectable_hazard_ratio(events, 0.3, 0.9, 0.05).unwrap() - 0.6).abs() < 1e-12);
    }
}
