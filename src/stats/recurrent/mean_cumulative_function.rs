//! Mean cumulative function: how many events a patient has had by a time, on average.

use serde::Serialize;

use crate::stats::distributions::{normal_quantile, normal_two_sided_p};
use crate::stats::error::StatsError;
use crate::stats::estimate::{Estimate, Interval};
use crate::stats::hypothesis::TestResult;
use crate::stats::survival::{CurveEstimator, CurveInterval, TimeToEvent, curve};

/// A mean cumulative function: one row per distinct time.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MeanCumulativeFunction {
    /// Patients.
    pub n_patients: usize,
    /// Events.
    pub n_events: usize,
    /// Distinct times, rising.
    pub time: Vec<f64>,
    /// At risk just before each.
    pub at_risk: Vec<f64>,
    /// Events at each.
    pub events: Vec<f64>,
    /// Mean number of events so far.
    pub estimate: Vec<f64>,
    /// Robust standard error.
    pub std_error: Vec<f64>,
    /// Lower limit (on the log scale); `None` before the first event.
    pub lower: Vec<Option<f64>>,
    /// Upper limit.
    pub upper: Vec<Option<f64>>,
    /// Level of the limits.
    pub level: f64,
}

/// Mean cumulative function of recurrent events from start–stop rows.
///
/// # Formula
/// ```text
/// M(t) = Σ_{s ≤ t} d(s)/n(s),   Var = Σ_patients (Σ_rows w Σ_{s ≤ t} (dN − Y d/n)/n)²
/// limits M e^{±z se/M}
/// ```
///
/// # Conventions
/// Robust: a patient's events need not be independent. Right-censored; a death that ends the risk of events should be a row's end, and
/// M then counts events while alive.
///
/// # Errors
/// [`StatsError::NoEvents`]; [`StatsError::OneCluster`] below two patients; as [`curve`].
///
/// # Agrees with
/// R survival 3.5-3 `survfit(Surv(start, stop, event) ~ 1, id = id)`, its `cumhaz` and `std.chaz`.
///
/// # References
/// Nelson (1988), J Qual Tech 20:24–35; Lawless & Nadeau (1995), Technometrics 37:158–168.
pub fn mean_cumulative_function(rows: &TimeToEvent, patient: &[usize], level: f64) -> Result<MeanCumulativeFunction, StatsError> {
    if rows.n_events() == 0 {
        return Err(StatsError::NoEvents);
    }
    let curve = curve(rows, CurveEstimator::NelsonAalen, CurveInterval::Log, level, Some(patient))?;
    let mut patients = patient.to_vec();
    patients.sort_unstable();
    patients.dedup();
    if patients.len() < 2 {
        return Err(StatsError::OneCluster);
    }
    let z = normal_quantile(0.5 + level / 2.0);
    let limit = |sign: f64| -> Vec<Option<f64>> {
        let pairs = curve.cumulative_hazard.iter().zip(&curve.cumulative_hazard_std_error);
        pairs.map(|(mean, error)| (*mean > 0.0).then(|| mean * (sign * z * error / mean).exp())).collect()
    };
    Ok(MeanCumulativeFunction {
        n_patients: patients.len(),
        n_events: curve.n_events,
        lower: limit(-1.0),
        upper: limit(1.0),
        time: curve.time,
        at_risk: curve.at_risk,
        events: curve.events,
        estimate: curve.cumulative_hazard,
        std_error: curve.cumulative_hazard_std_error,
        level,
    })
}

impl MeanCumulativeFunction {
    /// Mean and standard error at a time; `None` past the last time, where it is unknown.
    #[must_use]
    pub fn at(&self, time: f64) -> Option<Estimate> {
        if time > self.time.last().copied()? {
            return None;
        }
        Some(match self.time.partition_point(|&row| row <= time).checked_sub(1) {
            None => Estimate { estimate: 0.0, std_error: 0.0, interval: None },
            Some(row) => Estimate {
                estimate: self.estimate[row],
                std_error: self.std_error[row],
                interval: self.lower[row].zip(self.upper[row]).map(|(lower, upper)| Interval { lower, upper, level: self.level }),
            },
        })
    }
}

/// Difference in the mean number of events by a time, second less first.
///
/// # Formula
/// `M₂(t) − M₁(t)`, variance the sum of the two, z test and interval.
///
/// # Errors
/// [`StatsError::HorizonBeyondFollowUp`] where either is unknown; [`StatsError::NoEvents`] without a standard error.
pub fn mean_cumulative_difference(
    first: &MeanCumulativeFunction,
    second: &MeanCumulativeFunction,
    time: f64,
) -> Result<(Estimate, TestResult), StatsError> {
    let point = |curve: &MeanCumulativeFunction| {
        let last = curve.time.last().copied().unwrap_or(0.0);
        curve.at(time).ok_or(StatsError::HorizonBeyondFollowUp { horizon: time, last })
    };
    let (one, two) = (point(first)?, point(second)?);
    let (estimate, std_error) = (two.estimate - one.estimate, one.std_error.hypot(two.std_error));
    if std_error <= 0.0 {
        return Err(StatsError::NoEvents);
    }
    let half = normal_quantile(0.5 + first.level / 2.0) * std_error;
    let statistic = estimate / std_error;
    let interval = Interval { lower: estimate - half, upper: estimate + half, level: first.level };
    let test = TestResult { method: "z test of a difference in means", statistic, df: None, p_value: normal_two_sided_p(statistic) };
    Ok((Estimate { estimate, std_error, interval: Some(interval) }, test))
}
