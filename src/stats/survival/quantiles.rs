//! Quantiles of a survival curve.

use serde::Serialize;

use super::kaplan_meier::SurvivalCurve;

/// A quantile of the time to event; `None` where the curve (or its limit) does not get there.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct QuantileEstimate {
    /// Share who have had the event.
    pub probability: f64,
    /// Time by which that share has had it.
    pub estimate: Option<f64>,
    /// Lower limit, from the curve's lower band.
    pub lower: Option<f64>,
    /// Upper limit, from the curve's upper band.
    pub upper: Option<f64>,
}

/// R's tolerance for "exactly at": the square root of the machine epsilon.
const TOLERANCE: f64 = 1.490_116_119_384_765_6e-8;

impl SurvivalCurve {
    /// Time by which a share `p` has had the event.
    ///
    /// # Definition
    /// The first time at which S falls below 1 − p; where S stays at exactly 1 − p over an interval, the middle of that
    /// interval (R's rule). The limits are the same quantile of the lower and upper band.
    ///
    /// # Agrees with
    /// R `quantile(survfit(…), p)`.
    ///
    /// # References
    /// Brookmeyer & Crowley (1982), Biometrics 38:29–41.
    #[must_use]
    pub fn quantile(&self, p: f64) -> QuantileEstimate {
        let curve = |row: usize| Some(self.estimate[row]);
        QuantileEstimate {
            probability: p,
            estimate: self.crossing(p, curve),
            lower: self.crossing(p, |row| self.lower[row]),
            upper: self.crossing(p, |row| self.upper[row]),
        }
    }

    /// Where a step function reaches 1 − p, as R's `findq`: the time of the smallest value of 1 − S at or above p, and the middle to the
    /// next where that is p itself. With late entry a limit may rise and fall, hence the smallest and not the first.
    fn crossing(&self, p: f64, value: impl Fn(usize) -> Option<f64>) -> Option<f64> {
        let last_time = self.time.last().copied()?;
        // Each distinct value once, at its first time; the curve starts at 1.
        let mut points: Vec<(f64, Option<f64>)> = vec![(0.0, Some(0.0))];
        for (row, &time) in self.time.iter().enumerate() {
            let failed = value(row).map(|survival| 1.0 - survival);
            let seen = points.last().is_some_and(|last| last.1 == failed);
            if !seen {
                points.push((time, failed));
            }
        }
        let smallest_from = |bound: f64| {
            let known = points.iter().filter_map(|&(time, failed)| failed.filter(|&failed| failed >= bound).map(|failed| (time, failed)));
            known.reduce(|best, point| if point.1 < best.1 { point } else { best })
        };
        let reached = smallest_from(p - TOLERANCE)?;
        if p <= 0.0 {
            return Some(0.0);
        }
        // A flat part that runs to the end of follow-up ends with the last time.
        if points.last().and_then(|point| point.1).is_some_and(|last| (p - last).abs() < TOLERANCE) {
            return Some(f64::midpoint(reached.0, last_time));
        }
        smallest_from(p + TOLERANCE).map(|passed| f64::midpoint(reached.0, passed.0))
    }
}
