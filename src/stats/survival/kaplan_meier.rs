//! Kaplan–Meier curve.

use serde::Serialize;

use super::limits::CurveInterval;
use super::quantiles::QuantileEstimate;
use super::risk_table::RiskTable;
use super::robust_variance::robust_variance;
use super::time_to_event::TimeToEvent;
use crate::stats::distributions::normal_quantile;
use crate::stats::error::{StatsError, check_level};

/// A survival curve: one row per distinct time, censoring-only times included. Counts are sums of case weights.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SurvivalCurve {
    /// Rows.
    pub n: usize,
    /// Rows that end in the event.
    pub n_events: usize,
    /// Distinct times, rising.
    pub time: Vec<f64>,
    /// At risk just before each.
    pub at_risk: Vec<f64>,
    /// Events at each.
    pub events: Vec<f64>,
    /// Censored at each.
    pub censored: Vec<f64>,
    /// Probability of being event-free after each.
    pub estimate: Vec<f64>,
    /// Standard error of the estimate.
    pub std_error: Vec<f64>,
    /// Standard error of the estimate's logarithm; `None` where the estimate is 0.
    pub std_error_log: Vec<Option<f64>>,
    /// Lower pointwise limit; `None` where there is none.
    pub lower: Vec<Option<f64>>,
    /// Upper pointwise limit.
    pub upper: Vec<Option<f64>>,
    /// Nelson–Aalen cumulative hazard after each time.
    pub cumulative_hazard: Vec<f64>,
    /// Standard error of the cumulative hazard.
    pub cumulative_hazard_std_error: Vec<f64>,
    /// Level of the limits.
    pub level: f64,
    /// Scale of the limits.
    pub interval_method: CurveInterval,
    /// Whether the standard errors are the robust ones (infinitesimal jackknife).
    pub robust: bool,
}

/// How a curve is estimated from the numbers at risk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum CurveEstimator {
    /// Product limit; cumulative hazard by Nelson–Aalen.
    KaplanMeier,
    /// exp(−Nelson–Aalen).
    NelsonAalen,
    /// exp(−H) with tied events counted one after the other (Fleming–Harrington).
    FlemingHarrington,
}

/// The curve at one time.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct CurvePoint {
    /// The time asked for.
    pub time: f64,
    /// At risk just before it.
    pub at_risk: f64,
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
/// Censored at `tᵢ` counts as at risk at `tᵢ`; a row that enters at `tᵢ` does not. One row per distinct time, censoring-only times
/// included. Fractional case weights call for the robust variance ([`curve`] with or without clusters).
///
/// # Edge cases
/// No events: the curve is 1 throughout. Last at risk has the event: S = 0, standard error 0 and no interval there. With late
/// entry the first risk sets may be so small that S falls to 0 early, and stays there.
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
    curve(rows, CurveEstimator::KaplanMeier, interval, level, None)
}

/// A survival curve by any of the estimators, with model-based or robust standard errors.
///
/// # Formula
/// ```text
/// Nelson–Aalen:       H(t) = Σ dᵢ / nᵢ,                          Var H = Σ dᵢ / nᵢ²
/// Fleming–Harrington: H(t) = Σᵢ Σ_{k<dᵢ} 1 / (nᵢ − k),           Var H = Σᵢ Σ_{k<dᵢ} 1 / (nᵢ − k)²
/// S = exp(−H), and the standard error of log S is that of H
/// ```
/// With weights each of the `mᵢ` tied rows stands for the mean weight `dᵢ/mᵢ`. [`kaplan_meier`] has the product limit.
///
/// # Conventions
/// `cluster` (a number per row) or fractional weights switch to the infinitesimal-jackknife variance, as R does.
///
/// # Errors
/// [`StatsError::InvalidLevel`], [`StatsError::LengthMismatch`].
///
/// # Agrees with
/// R survival 3.5-3 `survfit(…, stype = 1 or 2, ctype = 1 or 2, cluster = …)`, but for one case: with `stype = 2, ctype = 1` and
/// robust errors R puts the error of H on S as it is (its `logse` is then `FALSE`); here it stays that of log S, as without.
///
/// # References
/// Nelson (1972); Aalen (1978), Ann Stat 6:701–726; Fleming & Harrington (1984).
pub fn curve(
    rows: &TimeToEvent,
    estimator: CurveEstimator,
    interval: CurveInterval,
    level: f64,
    cluster: Option<&[usize]>,
) -> Result<SurvivalCurve, StatsError> {
    check_level(level)?;
    if let Some(cluster) = cluster.filter(|cluster| cluster.len() != rows.len()) {
        return Err(StatsError::LengthMismatch { what: "cluster".to_owned(), found: cluster.len(), expected: rows.len() });
    }
    let z = normal_quantile(0.5 + level / 2.0);
    let table = RiskTable::new(rows);
    let robust = (cluster.is_some() || rows.has_fractional_weights()).then(|| robust_variance(rows, &table, estimator, cluster));
    let steps = table.time.len();
    let mut result = SurvivalCurve {
        n: rows.len(),
        n_events: rows.n_events(),
        estimate: Vec::with_capacity(steps),
        std_error: Vec::with_capacity(steps),
        std_error_log: Vec::with_capacity(steps),
        lower: Vec::with_capacity(steps),
        upper: Vec::with_capacity(steps),
        cumulative_hazard: Vec::with_capacity(steps),
        cumulative_hazard_std_error: Vec::with_capacity(steps),
        level,
        interval_method: interval,
        robust: robust.is_some(),
        time: vec![],
        at_risk: vec![],
        events: vec![],
        censored: vec![],
    };
    let (mut survival, mut greenwood, mut hazard, mut hazard_variance) = (1.0_f64, 0.0_f64, 0.0_f64, 0.0_f64);
    for step in 0..steps {
        let (d, n, m) = (table.events[step], table.at_risk[step], f64::from(table.event_rows[step]));
        if d > 0.0 {
            survival *= (n - d) / n;
            greenwood += if d < n { d / (n * (n - d)) } else { 0.0 };
            if estimator == CurveEstimator::FlemingHarrington {
                for k in 0..table.event_rows[step] {
                    let left = n - f64::from(k) * d / m;
                    hazard += d / m / left;
                    hazard_variance += d / m / (left * left);
                }
            } else {
                hazard += d / n;
                hazard_variance += d / (n * n);
            }
        }
        let hazard_error = robust.as_ref().map_or(hazard_variance, |robust| robust.cumulative_hazard[step]).sqrt();
        let (estimate, log_error) = match estimator {
            CurveEstimator::KaplanMeier => (survival, robust.as_ref().map_or(greenwood, |robust| robust.log_survival[step]).sqrt()),
            _ => ((-hazard).exp(), hazard_error),
        };
        let limits = match interval {
            // R has limits of S = 0 on this scale if the errors are robust.
            CurveInterval::Plain if robust.is_some() && estimate <= 0.0 => Some((0.0, 0.0)),
            _ => interval.limits(estimate, log_error, z),
        };
        result.estimate.push(estimate);
        result.std_error.push(if estimate > 0.0 { estimate * log_error } else { 0.0 });
        result.std_error_log.push((estimate > 0.0).then_some(log_error));
        result.lower.push(limits.map(|(lower, _)| lower));
        result.upper.push(limits.map(|(_, upper)| upper));
        result.cumulative_hazard.push(hazard);
        result.cumulative_hazard_std_error.push(hazard_error);
    }
    (result.time, result.at_risk, result.events, result.censored) = (table.time, table.at_risk, table.events, table.censored);
    Ok(result)
}

impl SurvivalCurve {
    /// The last time anybody was followed to.
    #[must_use]
    pub fn last_time(&self) -> f64 {
        self.time.last().copied().unwrap_or(0.0)
    }

    /// Number at risk just before `time` (those with a time ≥ it).
    #[must_use]
    pub fn at_risk_at(&self, time: f64) -> f64 {
        self.at_risk.get(self.time.partition_point(|&row| row < time)).copied().unwrap_or(0.0)
    }

    /// The curve at `time`; `None` past the last follow-up, where it is unknown, and for what is not a number.
    #[must_use]
    pub fn at(&self, time: f64) -> Option<CurvePoint> {
        if time.is_nan() || time > self.last_time() {
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
