//! Kaplan–Meier curve.

use serde::Serialize;

use super::limits::CurveInterval;
use super::quantiles::QuantileEstimate;
use super::time_to_event::TimeToEvent;
use crate::stats::distributions::normal_quantile;
use crate::stats::error::{StatsError, check_level};

/// A Kaplan–Meier curve: one row per distinct time, censoring-only times included.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SurvivalCurve {
    /// Rows.
    pub n: usize,
    /// Events among them.
    pub n_events: usize,
    /// Distinct times, rising.
    pub time: Vec<f64>,
    /// At risk just before each.
    pub at_risk: Vec<usize>,
    /// Events at each.
    pub events: Vec<usize>,
    /// Censored at each.
    pub censored: Vec<usize>,
    /// Probability of being event-free after each.
    pub estimate: Vec<f64>,
    /// Greenwood standard error of the estimate.
    pub std_error: Vec<f64>,
    /// Greenwood standard error of the estimate's logarithm; `None` where the estimate is 0.
    pub std_error_log: Vec<Option<f64>>,
    /// Lower pointwise limit; `None` where there is none.
    pub lower: Vec<Option<f64>>,
    /// Upper pointwise limit.
    pub upper: Vec<Option<f64>>,
    /// Level of the limits.
    pub level: f64,
    /// Scale of the limits.
    pub interval_method: CurveInterval,
}

/// The curve at one time.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct CurvePoint {
    /// The time asked for.
    pub time: f64,
    /// At risk just before it.
    pub at_risk: usize,
    /// Probability of being event-free.
    pub estimate: f64,
    /// Its standard error.
    pub std_error: f64,
    /// Lower limit.
    pub lower: Option<f64>,
    /// Upper limit.
    pub upper: Option<f64>,
}

/// Kaplan–Meier (product-limit) estimate of the probability of being event-free.
///
/// # Formula
/// ```text
/// S(t) = ∏_{tᵢ ≤ t} (1 − dᵢ / nᵢ)
/// Var S(t) = S(t)² Σ_{tᵢ ≤ t} dᵢ / (nᵢ (nᵢ − dᵢ))        (Greenwood)
/// ```
/// where `tᵢ` are the distinct event times, `dᵢ` the events at `tᵢ` and `nᵢ` the number at risk just before.
///
/// # Conventions
/// Censored at `tᵢ` counts as at risk at `tᵢ`. One row per distinct time, censoring-only times included.
///
/// # Edge cases
/// No events: the curve is 1 throughout. Last at risk has the event: S = 0, standard error 0 and no interval there.
///
/// # Errors
/// [`StatsError::InvalidLevel`].
///
/// # Agrees with
/// R survival 3.5-3 `survfit(Surv(time, event) ~ 1, conf.type = …)`: `tests/reference`.
///
/// # References
/// Kaplan & Meier (1958), JASA 53:457–481. Greenwood (1926).
pub fn kaplan_meier(rows: &TimeToEvent, interval: CurveInterval, level: f64) -> Result<SurvivalCurve, StatsError> {
    check_level(level)?;
    let z = normal_quantile(0.5 + level / 2.0);
    let order = rows.order();
    let (time, event) = (rows.time(), rows.event());
    let mut curve = SurvivalCurve {
        n: rows.len(),
        n_events: rows.n_events(),
        time: vec![],
        at_risk: vec![],
        events: vec![],
        censored: vec![],
        estimate: vec![],
        std_error: vec![],
        std_error_log: vec![],
        lower: vec![],
        upper: vec![],
        level,
        interval_method: interval,
    };
    let (mut survival, mut greenwood) = (1.0_f64, 0.0_f64);
    let mut at_risk = rows.len();
    for tied in order.chunk_by(|&a, &b| time[a].total_cmp(&time[b]).is_eq()) {
        let events = tied.iter().filter(|&&row| event[row]).count();
        let (d, n) = (events as f64, at_risk as f64);
        survival *= (n - d) / n;
        greenwood += if events < at_risk { d / (n * (n - d)) } else { 0.0 };
        let log_error = greenwood.sqrt();
        let limits = interval.limits(survival, log_error, z);
        curve.time.push(time[tied[0]]);
        curve.at_risk.push(at_risk);
        curve.events.push(events);
        curve.censored.push(tied.len() - events);
        curve.estimate.push(survival);
        curve.std_error.push(survival * log_error);
        curve.std_error_log.push((survival > 0.0).then_some(log_error));
        curve.lower.push(limits.map(|(lower, _)| lower));
        curve.upper.push(limits.map(|(_, upper)| upper));
        at_risk -= tied.len();
    }
    Ok(curve)
}

impl SurvivalCurve {
    /// The last time anybody was followed to.
    #[must_use]
    pub fn last_time(&self) -> f64 {
        self.time.last().copied().unwrap_or(0.0)
    }

    /// Number at risk just before `time` (those with a time ≥ it).
    #[must_use]
    pub fn at_risk_at(&self, time: f64) -> usize {
        self.at_risk.get(self.time.partition_point(|&row| row < time)).copied().unwrap_or(0)
    }

    /// The curve at `time`; `None` past the last follow-up, where it is unknown.
    #[must_use]
    pub fn at(&self, time: f64) -> Option<CurvePoint> {
        if time > self.last_time() {
            return None;
        }
        let at_risk = self.at_risk_at(time);
        let rows_to = self.time.partition_point(|&row| row <= time);
        Some(match rows_to.checked_sub(1) {
            None => CurvePoint { time, at_risk, estimate: 1.0, std_error: 0.0, lower: Some(1.0), upper: Some(1.0) },
            Some(row) => CurvePoint {
                time,
                at_risk,
                estimate: self.estimate[row],
                std_error: self.std_error[row],
                lower: self.lower[row],
                upper: self.upper[row],
            },
        })
    }

    /// Median time to the event with its limits.
    #[must_use]
    pub fn median(&self) -> QuantileEstimate {
        self.quantile(0.5)
    }
}
