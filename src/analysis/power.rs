//! How many recurrences and patients a hazard ratio needs under a clinic's rates, and what a study could have found.

use serde::Serialize;

use crate::cohort::Exposure;
use crate::stats::{StatsError, events_needed, log_rank_power, minimum_detectable_hazard_ratio};

use super::recurrence::RecurrenceAnalysis;

/// What is known before the study.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct PowerAssumptions {
    /// Share of patients with a recurrence during follow-up, both groups together.
    pub recurrence: f64,
    /// Share of patients who keep the exercise up.
    pub maintained: f64,
    /// Probability of finding the hazard ratio if it is there.
    pub power: f64,
    /// Size of the two-sided test.
    pub alpha: f64,
}

/// What one hazard ratio needs.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct PowerNeeded {
    /// The hazard ratio.
    pub hazard_ratio: f64,
    /// Recurrences.
    pub recurrences: f64,
    /// Patients still well at the landmark.
    pub patients: f64,
}

/// What a study of this size could have found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PowerOfStudy {
    /// Programs in the landmark analysis.
    pub n: usize,
    /// Recurrences among them.
    pub recurrences: usize,
    /// The hazard ratio nearest to 1 found with the power asked for.
    pub minimum_detectable: f64,
    /// Power for each hazard ratio asked for.
    pub power: Vec<(f64, f64)>,
}

/// Recurrences and patients needed for each hazard ratio.
///
/// # Formula
/// Recurrences `d = (z₁₋α⸝₂ + z_power)² / (p (1 − p) ln(HR)²)` with `p` the share that keeps it up (Schoenfeld); patients
/// `d / recurrence`.
///
/// # Errors
/// [`StatsError::OutOfRange`] for shares that are none, and a hazard ratio of 1.
pub fn power_needed(hazard_ratios: &[f64], assumed: &PowerAssumptions) -> Result<Vec<PowerNeeded>, StatsError> {
    if !(assumed.recurrence > 0.0 && assumed.recurrence <= 1.0) {
        return Err(StatsError::OutOfRange {
            what: "the share of patients with a recurrence",
            value: assumed.recurrence,
            expected: "it must be above 0 and at most 1",
        });
    }
    let needed = |&hazard_ratio: &f64| {
        let recurrences = events_needed(hazard_ratio, assumed.maintained, assumed.power, assumed.alpha)?;
        Ok(PowerNeeded { hazard_ratio, recurrences: recurrences.ceil(), patients: (recurrences / assumed.recurrence).ceil() })
    };
    hazard_ratios.iter().map(needed).collect()
}

/// The rates of a study at its landmark, or why it has none.
///
/// # Errors
/// The reason in words.
pub fn power_assumptions(recurrence: &RecurrenceAnalysis, power: f64, alpha: f64) -> Result<PowerAssumptions, String> {
    let comparison = recurrence
        .landmark
        .comparison
        .value()
        .ok_or_else(|| recurrence.landmark.comparison.reason().unwrap_or("nobody reaches the landmark").to_owned())?;
    let maintained = comparison.group(Exposure::Maintained).map_or(0, |group| group.curve.n);
    if maintained == 0 || maintained == comparison.n {
        return Err("all patients at the landmark are in one group".to_owned());
    }
    if comparison.n_events == 0 {
        return Err("there is no recurrence after the landmark".to_owned());
    }
    let share = |count: usize| count as f64 / comparison.n as f64;
    Ok(PowerAssumptions { recurrence: share(comparison.n_events), maintained: share(maintained), power, alpha })
}

/// What a study could have found with the recurrences it has; nothing without any.
///
/// # Errors
/// As [`minimum_detectable_hazard_ratio`].
pub fn power_of_study(
    recurrence: &RecurrenceAnalysis,
    hazard_ratios: &[f64],
    assumed: &PowerAssumptions,
) -> Result<Option<PowerOfStudy>, StatsError> {
    let Some(comparison) = recurrence.landmark.comparison.value().filter(|comparison| comparison.n_events > 0) else {
        return Ok(None);
    };
    let events = comparison.n_events as f64;
    let found = |&ratio: &f64| Ok((ratio, log_rank_power(events, ratio, assumed.maintained, assumed.alpha)?));
    Ok(Some(PowerOfStudy {
        n: comparison.n,
        recurrences: comparison.n_events,
        minimum_detectable: minimum_detectable_hazard_ratio(events, assumed.maintained, assumed.power, assumed.alpha)?,
        power: hazard_ratios.iter().map(found).collect::<Result<_, StatsError>>()?,
    }))
}
