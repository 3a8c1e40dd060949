//! Pseudo-observations: what each patient contributes to a curve, as an outcome for regression.

use super::kaplan_meier::{CurveEstimator, curve};
use super::limits::CurveInterval;
use super::time_to_event::TimeToEvent;
use crate::stats::error::StatsError;

/// What pseudo-observations are made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PseudoOutcome {
    /// The probability of being event-free at the time.
    Survival,
    /// The restricted mean up to the time.
    RestrictedMean,
}

/// Pseudo-observations of each row at each time (`result[row][time]`), by the infinitesimal jackknife.
///
/// # Formula
/// ```text
/// θ(t) + n U_i(t),   U_i = ∂θ/∂w_i: for S  −S(t) Σ_{s ≤ t} (dN_i − Y_i d/n)/(n − d), for the mean its integral
/// ```
///
/// # Errors
/// [`StatsError::HorizonBeyondFollowUp`] for a time past the curve; [`StatsError::Undefined`] with weights.
///
/// # Agrees with
/// R survival 3.5-3 `pseudo(survfit(…), times, type = "surv" or "rmst")`.
///
/// # References
/// Andersen, Klein & Rosthøj (2003), Biometrika 90:15–27.
pub fn pseudo_values(rows: &TimeToEvent, times: &[f64], outcome: PseudoOutcome) -> Result<Vec<Vec<f64>>, StatsError> {
    if rows.weights().is_some() {
        return Err(StatsError::Undefined { why: "pseudo-observations are for rows without weights".to_owned() });
    }
    let curve = curve(rows, CurveEstimator::KaplanMeier, CurveInterval::Plain, 0.95, None)?;
    let n = rows.len() as f64;
    if let Some(&horizon) = times.iter().find(|&&time| time > curve.last_time()) {
        return Err(StatsError::HorizonBeyondFollowUp { horizon, last: curve.last_time() });
    }
    // Running sums at each distinct time: A = Σ d/(n(n − d)); and for integrals ∫S, ∫SA from 0.
    let steps = curve.time.len();
    let mut a = vec![0.0; steps];
    let (mut area, mut area_a) = (vec![0.0; steps], vec![0.0; steps]);
    let (mut sum, mut last, mut survival) = (0.0, 0.0, 1.0);
    for step in 0..steps {
        let width = curve.time[step] - last;
        area[step] = if step > 0 { area[step - 1] } else { 0.0 } + survival * width;
        area_a[step] = if step > 0 { area_a[step - 1] } else { 0.0 } + survival * sum * width;
        let (d, at_risk) = (curve.events[step], curve.at_risk[step]);
        if d > 0.0 && d < at_risk {
            sum += d / (at_risk * (at_risk - d));
        }
        a[step] = sum;
        (last, survival) = (curve.time[step], curve.estimate[step]);
    }
    // S, A, ∫S and ∫SA at any time.
    let at = |time: f64| match curve.time.partition_point(|&row| row <= time).checked_sub(1) {
        None => (1.0, 0.0, time, 0.0),
        Some(row) => {
            let width = time - curve.time[row];
            let s = curve.estimate[row];
            (s, a[row], area[row] + s * width, area_a[row] + s * a[row] * width)
        }
    };
    let values = (0..rows.len())
        .map(|row| {
            let exit = rows.time()[row];
            let entry = rows.entry().map(|entry| entry[row]);
            let step = curve.time.partition_point(|&time| time < exit);
            let survivors = curve.at_risk[step] - curve.events[step];
            let jump = if rows.event()[row] && survivors > 0.0 { 1.0 / survivors } else { 0.0 };
            let (_, a_exit, area_exit, area_a_exit) = at(exit);
            let (_, a_entry, area_entry, area_a_entry) = entry.map_or((1.0, 0.0, 0.0, 0.0), at);
            times
                .iter()
                .map(|&time| {
                    let (s, a_now, area_now, area_a_now) = at(time);
                    let entered = entry.is_none_or(|entry| entry < time);
                    // G(t) = Σ (dN − Y d/n)/(n − d) up to t.
                    let g = if !entered {
                        0.0
                    } else if time < exit {
                        -(a_now - a_entry)
                    } else {
                        jump - (a_exit - a_entry)
                    };
                    match outcome {
                        PseudoOutcome::Survival => s - n * s * g,
                        PseudoOutcome::RestrictedMean => {
                            // −∫S G: G falls with A while at risk and is constant after.
                            let until = time.min(exit);
                            let (area_until, area_a_until) = if time < exit { (area_now, area_a_now) } else { (area_exit, area_a_exit) };
                            let mut integral = 0.0;
                            if entered {
                                integral -= (area_a_until - area_a_entry) - a_entry * (area_until - area_entry);
                                if time > until {
                                    integral += (jump - (a_exit - a_entry)) * (area_now - area_exit);
                                }
                            }
                            area_now - n * integral
                        }
                    }
                })
                .collect()
        })
        .collect();
    Ok(values)
}
