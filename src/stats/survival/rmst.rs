//! Restricted mean time to event.

use serde::Serialize;

use super::kaplan_meier::SurvivalCurve;
use crate::stats::distributions::{normal_quantile, normal_two_sided_p};
use crate::stats::error::StatsError;
use crate::stats::estimate::{Estimate, Interval};
use crate::stats::hypothesis::TestResult;

/// Why restricted means are not compared. All at risk having the event at once leaves no error either.
const NO_ERROR: &str =
    "neither group's mean has a standard error, for nobody has the event before the horizon or all at risk have it at once";

/// Restricted means of two groups and their difference.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct RmstDifference {
    /// Mean of the first group.
    pub first: Estimate,
    /// Mean of the second group.
    pub second: Estimate,
    /// Second less first.
    pub difference: Estimate,
    /// z test of no difference.
    pub test: TestResult,
    /// The horizon.
    pub horizon: f64,
}

/// Restricted mean time to event: the area under the curve up to the horizon.
///
/// # Formula
/// ```text
/// μ(τ) = ∫₀^τ S(t) dt,   Var = Σ_{tᵢ ≤ τ} A(tᵢ)² dᵢ / (nᵢ (nᵢ − dᵢ)),   A(tᵢ) = ∫_{tᵢ}^τ S
/// ```
/// without a finite-sample factor; the interval is normal at the curve's level.
///
/// # Edge cases
/// A curve that has reached 0 is 0 from there on, so any later horizon is allowed.
///
/// # Errors
/// [`StatsError::OutOfRange`] for a horizon not above 0; [`StatsError::HorizonBeyondFollowUp`] if the curve is unknown there.
///
/// # Agrees with
/// R survival 3.5-3 `summary(survfit(…), rmean = τ)$table`.
///
/// # References
/// Royston & Parmar (2013), BMC Medical Research Methodology 13:152.
pub fn rmst(curve: &SurvivalCurve, horizon: f64) -> Result<Estimate, StatsError> {
    if !(horizon > 0.0 && horizon.is_finite()) {
        return Err(StatsError::OutOfRange { what: "the horizon", value: horizon, expected: "it must be above 0" });
    }
    let reaches_zero = curve.estimate.last().is_some_and(|&last| last <= 0.0);
    if horizon > curve.last_time() && !reaches_zero {
        return Err(StatsError::HorizonBeyondFollowUp { horizon, last: curve.last_time() });
    }
    let rows = curve.time.partition_point(|&time| time <= horizon);
    // From the horizon back: the area to the right of each time is then a running sum.
    let (mut area, mut variance, mut right) = (0.0_f64, 0.0_f64, horizon);
    for row in (0..rows).rev() {
        area += curve.estimate[row] * (right - curve.time[row]);
        right = curve.time[row];
        let (d, n) = (curve.events[row], curve.at_risk[row]);
        if d > 0.0 && d < n {
            variance += area * area * d / (n * (n - d));
        }
    }
    area += right;
    let std_error = variance.sqrt();
    let half = normal_quantile(0.5 + curve.level / 2.0) * std_error;
    Ok(Estimate { estimate: area, std_error, interval: Some(Interval { lower: area - half, upper: area + half, level: curve.level }) })
}

/// Difference of restricted means, second less first.
///
/// # Formula
/// `μ₂(τ) − μ₁(τ)`, variance the sum of the two, z test and interval.
///
/// # Errors
/// As [`rmst`]; [`StatsError::NotPossible`] if neither mean has a standard error, as without an event before the horizon.
pub fn rmst_difference(first: &SurvivalCurve, second: &SurvivalCurve, horizon: f64) -> Result<RmstDifference, StatsError> {
    let (one, two) = (rmst(first, horizon)?, rmst(second, horizon)?);
    let estimate = two.estimate - one.estimate;
    let std_error = one.std_error.hypot(two.std_error);
    if std_error <= 0.0 {
        return Err(StatsError::NotPossible { what: "the difference of restricted means", reason: NO_ERROR });
    }
    let half = normal_quantile(0.5 + first.level / 2.0) * std_error;
    let statistic = estimate / std_error;
    Ok(RmstDifference {
        first: one,
        second: two,
        difference: Estimate {
            estimate,
            std_error,
            interval: Some(Interval { lower: estimate - half, upper: estimate + half, level: first.level }),
        },
        test: TestResult {
            method: "z test of the restricted mean difference",
            statistic,
            df: None,
            p_value: normal_two_sided_p(statistic),
        },
        horizon,
    })
}

/// Ratio of restricted means, second to first.
///
/// # Formula
/// `log(μ₂/μ₁)` with variance `(se₁/μ₁)² + (se₂/μ₂)²`; z test and interval on the log scale, given back as the ratio. `std_error`
/// is that of the log ratio.
///
/// # Errors
/// As [`rmst_difference`].
pub fn rmst_ratio(first: &SurvivalCurve, second: &SurvivalCurve, horizon: f64) -> Result<(Estimate, TestResult), StatsError> {
    let (one, two) = (rmst(first, horizon)?, rmst(second, horizon)?);
    let log = (two.estimate / one.estimate).ln();
    let std_error = (one.std_error / one.estimate).hypot(two.std_error / two.estimate);
    if !(std_error > 0.0 && log.is_finite()) {
        return Err(StatsError::NotPossible { what: "the ratio of restricted means", reason: NO_ERROR });
    }
    let half = normal_quantile(0.5 + first.level / 2.0) * std_error;
    let interval = Interval { lower: (log - half).exp(), upper: (log + half).exp(), level: first.level };
    let statistic = log / std_error;
    let test = TestResult { method: "z test of the restricted mean ratio", statistic, df: None, p_value: normal_two_sided_p(statistic) };
    Ok((Estimate { estimate: log.exp(), std_error, interval: Some(interval) }, test))
}

/// Difference in the probability of being event-free at one time, second less first.
///
/// # Formula
/// `S₂(t) − S₁(t)`, variance the sum of the two, z test and interval.
///
/// # Errors
/// [`StatsError::HorizonBeyondFollowUp`] where either curve is unknown; [`StatsError::NotPossible`] if neither curve has a
/// standard error there.
pub fn survival_difference(first: &SurvivalCurve, second: &SurvivalCurve, time: f64) -> Result<(Estimate, TestResult), StatsError> {
    let beyond = |curve: &SurvivalCurve| StatsError::HorizonBeyondFollowUp { horizon: time, last: curve.last_time() };
    let one = first.at(time).ok_or_else(|| beyond(first))?;
    let two = second.at(time).ok_or_else(|| beyond(second))?;
    let (estimate, std_error) = (two.estimate - one.estimate, one.std_error.hypot(two.std_error));
    if std_error <= 0.0 {
        return Err(StatsError::NotPossible {
            what: "the difference at this time",
            reason: "neither curve has a standard error there, for nobody has had the event or everybody at risk has",
        });
    }
    let half = normal_quantile(0.5 + first.level / 2.0) * std_error;
    let interval = Interval { lower: estimate - half, upper: estimate + half, level: first.level };
    let statistic = estimate / std_error;
    let test = TestResult { method: "z test of a difference at one time", statistic, df: None, p_value: normal_two_sided_p(statistic) };
    Ok((Estimate { estimate, std_error, interval: Some(interval) }, test))
}
