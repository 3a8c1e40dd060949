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

    /// Where a falling step function crosses 1 − p, over the times with an event and the last time.
    fn crossing(&self, p: f64, value: impl Fn(usize) -> Option<f64>) -> Option<f64> {
        let goal = 1.0 - p;
        let last = self.time.len().checked_sub(1)?;
        let rows = || (0..=last).filter(|&row| self.events[row] > 0);
        // A limit that is missing (S = 0) takes part in no crossing.
        let first_at_or_below = rows().find(|&row| value(row).is_some_and(|value| value <= goal + TOLERANCE))?;
        if value(first_at_or_below).is_some_and(|value| value < goal - TOLERANCE) {
            return Some(self.time[first_at_or_below]);
        }
        let next = rows().find(|&row| row > first_at_or_below && value(row).is_some_and(|value| value < goal - TOLERANCE));
        // A flat part that runs to the end of follow-up ends with the last time.
        Some(f64::midpoint(self.time[first_at_or_below], next.map_or(self.time[last], |row| self.time[row])))
    }
}
