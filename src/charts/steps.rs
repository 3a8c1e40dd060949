//! Step curves and step bands from a survival curve.

use crate::stats::survival::SurvivalCurve;

/// Corners (time, probability) of the step curve, from (0, 1) to the last time followed or to `until`: one vertical step for each
/// distinct event time.
#[must_use]
pub fn step_curve(curve: &SurvivalCurve, until: f64) -> Vec<(f64, f64)> {
    let mut corners = vec![(0.0, 1.0)];
    let mut height = 1.0;
    let mut last = 0.0;
    for ((&time, &events), &estimate) in curve.time.iter().zip(&curve.events).zip(&curve.estimate) {
        if time > until {
            corners.push((until, height));
            return corners;
        }
        last = time;
        if events > 0.0 {
            corners.push((time, height));
            corners.push((time, estimate));
            height = estimate;
        }
    }
    corners.push((last, height));
    corners.dedup();
    corners
}

/// Outlines of the step band: one closed shape for each stretch of times that has limits.
#[must_use]
pub fn step_bands(curve: &SurvivalCurve, until: f64) -> Vec<Vec<(f64, f64)>> {
    let mut bands = Vec::new();
    let mut lower: Vec<(f64, f64)> = Vec::new();
    let mut upper: Vec<(f64, f64)> = Vec::new();
    let mut close = |lower: &mut Vec<(f64, f64)>, upper: &mut Vec<(f64, f64)>| {
        let outline: Vec<(f64, f64)> = upper.drain(..).chain(lower.drain(..).rev()).collect();
        if outline.len() >= 4 {
            bands.push(outline);
        }
    };
    for (row, &time) in curve.time.iter().enumerate() {
        if time > until {
            break;
        }
        let next = curve.time.get(row + 1).copied().unwrap_or(time).min(until);
        if let (Some(low), Some(high)) = (curve.lower.get(row).copied().flatten(), curve.upper.get(row).copied().flatten()) {
            lower.extend([(time, low), (next, low)]);
            upper.extend([(time, high), (next, high)]);
        } else {
            close(&mut lower, &mut upper);
        }
    }
    close(&mut lower, &mut upper);
    bands
}

/// Where censored follow-ups ended: (time, probability there).
#[must_use]
pub fn censor_marks(curve: &SurvivalCurve, until: f64) -> Vec<(f64, f64)> {
    let rows = curve.time.iter().zip(&curve.censored).zip(&curve.estimate);
    rows.filter(|((time, censored), _)| **censored > 0.0 && **time <= until).map(|((time, _), estimate)| (*time, *estimate)).collect()
}

/// Events up to and including `time`. (An empty sum of floats would be −0.)
#[must_use]
pub fn events_by(curve: &SurvivalCurve, time: f64) -> f64 {
    curve.time.iter().zip(&curve.events).filter(|(at, _)| **at <= time).fold(0.0, |sum, (_, events)| sum + events)
}
