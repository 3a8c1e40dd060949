//! What a study of time to event could find.

use super::distributions::{normal_lower_p, normal_quantile};
use super::error::StatsError;

fn check(share_exposed: f64, power: f64, alpha: f64) -> Result<f64, StatsError> {
    for (what, value) in [("the share exposed", share_exposed), ("the power", power), ("alpha", alpha)] {
        if !(value > 0.0 && value < 1.0) {
            return Err(StatsError::OutOfRange { what, value, expected: "it must be between 0 and 1" });
        }
    }
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
/// [`StatsError::OutOfRange`] for a share, power or alpha outside (0, 1), or a hazard ratio not above 0 or equal to 1.
///
/// # References
/// Schoenfeld (1983), Biometrics 39:499–503.
pub fn events_needed(hazard_ratio: f64, share_exposed: f64, power: f64, alpha: f64) -> Result<f64, StatsError> {
    let z = check(share_exposed, power, alpha)?;
    if !(hazard_ratio > 0.0 && hazard_ratio.is_finite()) || hazard_ratio.ln() == 0.0 {
        return Err(StatsError::OutOfRange { what: "the hazard ratio", value: hazard_ratio, expected: "it must be above 0 and not 1" });
    }
    Ok(z * z / (share_exposed * (1.0 - share_exposed) * hazard_ratio.ln().powi(2)))
}

/// The hazard ratio below 1 nearest to 1 that `events` events can find.
///
/// # Formula
/// `HR = exp(−(z₁₋α⸝₂ + z_power) / √(d p (1 − p)))`.
///
/// # Errors
/// [`StatsError::OutOfRange`] as [`events_needed`]; [`StatsError::NoEvents`] without events.
///
/// # References
/// Schoenfeld (1983), Biometrics 39:499–503.
pub fn minimum_detectable_hazard_ratio(events: f64, share_exposed: f64, power: f64, alpha: f64) -> Result<f64, StatsError> {
    let z = check(share_exposed, power, alpha)?;
    if events.is_nan() || events <= 0.0 {
        return Err(StatsError::NoEvents);
    }
    Ok((-z / (events * share_exposed * (1.0 - share_exposed)).sqrt()).exp())
}

/// Power of a two-sided log-rank test with `events` events.
///
/// # Formula
/// `Φ(√(d p (1 − p)) |ln HR| − z₁₋α⸝₂)`.
///
/// # Errors
/// [`StatsError::OutOfRange`], [`StatsError::NoEvents`] as [`events_needed`] and [`minimum_detectable_hazard_ratio`].
///
/// # References
/// Schoenfeld (1983), Biometrics 39:499–503.
pub fn power_of_events(events: f64, hazard_ratio: f64, share_exposed: f64, alpha: f64) -> Result<f64, StatsError> {
    // Checks the hazard ratio, the share and alpha.
    events_needed(hazard_ratio, share_exposed, 0.5, alpha)?;
    if events.is_nan() || events <= 0.0 {
        return Err(StatsError::NoEvents);
    }
    let shift = (events * share_exposed * (1.0 - share_exposed)).sqrt() * hazard_ratio.ln().abs();
    Ok(normal_lower_p(shift - normal_quantile(1.0 - alpha / 2.0)))
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
        assert!((power_of_events(events, 0.6, 0.3, 0.05).unwrap() - 0.9).abs() < 1e-12);
        assert!((minimum_detectable_hazard_ratio(events, 0.3, 0.9, 0.05).unwrap() - 0.6).abs() < 1e-12);
    }
}
