//! Cumulative incidence of competing events.

use serde::Serialize;

use super::paths::Paths;
use super::time_to_cause::{TimeToCause, no_such_cause};
use crate::stats::distributions::{normal_quantile, normal_two_sided_p};
use crate::stats::error::{StatsError, check_level};
use crate::stats::estimate::{Estimate, Interval};
use crate::stats::hypothesis::TestResult;

/// How the standard error of an incidence is estimated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum IncidenceVariance {
    /// Sum of squared influences of the rows, as R survival.
    InfinitesimalJackknife,
    /// Aalen's, with a factor for ties, as R cmprsk. Weights count as repeated rows; the error of an incidence stands still
    /// between the events of its own cause.
    Aalen,
}

/// Scale on which the limits of a state probability are symmetric.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum IncidenceInterval {
    /// The probability itself, cut at 0 and 1.
    Plain,
    /// Its logarithm, cut at 1.
    Log,
    /// log(−log p): inside (0, 1) always.
    LogLog,
}

/// Probability of being in one state over time.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StateCurve {
    /// Probability after each time.
    pub estimate: Vec<f64>,
    /// Its standard error.
    pub std_error: Vec<f64>,
    /// Lower pointwise limit; `None` where there is none.
    pub lower: Vec<Option<f64>>,
    /// Upper pointwise limit.
    pub upper: Vec<Option<f64>>,
}

/// Cumulative incidence of each cause: one row per distinct time, censoring-only times included.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CumulativeIncidence {
    /// Rows.
    pub n: usize,
    /// Distinct times, rising.
    pub time: Vec<f64>,
    /// Weight at risk just before each (the number, without weights).
    pub at_risk: Vec<f64>,
    /// Weight of the events at each, by cause: `events[cause - 1][row]`.
    pub events: Vec<Vec<f64>>,
    /// Weight of the censorings at each.
    pub censored: Vec<f64>,
    /// Probability of no event so far.
    pub event_free: StateCurve,
    /// Cumulative incidence of each cause, `incidence[cause - 1]`.
    pub incidence: Vec<StateCurve>,
    /// Level of the limits.
    pub level: f64,
    /// How the standard errors were estimated.
    pub variance: IncidenceVariance,
    /// Scale of the limits.
    pub interval_method: IncidenceInterval,
}

/// A cumulative incidence at one time.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct IncidencePoint {
    /// The time asked for.
    pub time: f64,
    /// Weight at risk just before it.
    pub at_risk: f64,
    /// Probability.
    pub estimate: f64,
    /// Its standard error.
    pub std_error: f64,
    /// Lower limit.
    pub lower: Option<f64>,
    /// Upper limit.
    pub upper: Option<f64>,
}

/// Difference of a cumulative incidence between two groups at one time.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct IncidenceDifference {
    /// First group.
    pub first: IncidencePoint,
    /// Second group.
    pub second: IncidencePoint,
    /// Second less first.
    pub difference: Estimate,
    /// z test of no difference.
    pub test: TestResult,
}

/// Aalen–Johansen estimate of the cumulative incidence of each of several competing causes.
///
/// # Formula
/// ```text
/// S(t) = ∏_{s ≤ t} (1 − d(s)/n(s)),   Fₖ(t) = Σ_{s ≤ t} S(s−) dₖ(s)/n(s)
/// infinitesimal jackknife:  Var = Σᵢ wᵢ² (∂Fₖ(t)/∂wᵢ)²
/// Aalen:  Var Fₖ(t) = Σ_{s ≤ t} [δₛ + (Fₖ(s) − Fₖ(t))/S(s)]² S(s−)² c d(s)/n(s)²,  one term per cause, δ = 1 for the cause itself,
///         c = 1 − (d − 1)/(n − 1)
/// ```
///
/// # Conventions
/// At risk at s: entered before s, not gone before s. The jackknife is summed in one sweep over the times from six running
/// sums per cause; while only one cause has happened its error is that of S, exactly 0 where its incidence is 1.
///
/// # Edge cases
/// All at risk have an event: S is 0 from there on and the incidences stand still. No event: probabilities 0 and 1, errors 0.
///
/// # Errors
/// [`StatsError::InvalidLevel`].
///
/// # Agrees with
/// R survival 3.5-3 `survfit(Surv(time, factor(cause)) ~ 1, weights, id)` (whose numbers at risk and of events leave the
/// weights out); with [`IncidenceVariance::Aalen`]
/// R cmprsk 2.2-11 `timepoints(cuminc(time, cause), times)`.
///
/// # References
/// Aalen & Johansen (1978), Scand J Stat 5:141–150. Aalen (1978), Ann Stat 6:534–545.
pub fn cumulative_incidence(
    rows: &TimeToCause,
    variance: IncidenceVariance,
    interval: IncidenceInterval,
    level: f64,
) -> Result<CumulativeIncidence, StatsError> {
    check_level(level)?;
    let z = normal_quantile(0.5 + level / 2.0);
    let (paths, k) = (Paths::new(rows), rows.n_causes());
    let errors = match variance {
        IncidenceVariance::InfinitesimalJackknife => infinitesimal_jackknife(&paths, rows),
        IncidenceVariance::Aalen => aalen(&paths, k),
    };
    let mut curves = std::iter::once(&paths.event_free).chain(&paths.incidence).zip(errors).map(|(path, variance)| {
        let mut curve = StateCurve { estimate: path[1..].to_vec(), std_error: vec![], lower: vec![], upper: vec![] };
        for (&estimate, variance) in curve.estimate.iter().zip(variance) {
            let std_error = variance.max(0.0).sqrt();
            let limits = interval.limits(estimate, std_error, z);
            curve.std_error.push(std_error);
            curve.lower.push(limits.map(|limits| limits.0));
            curve.upper.push(limits.map(|limits| limits.1));
        }
        curve
    });
    let event_free = curves.next().ok_or(StatsError::EmptySample)?;
    let incidence = curves.collect();
    let events = (0..k).map(|cause| paths.events.iter().skip(cause).step_by(k).copied().collect()).collect();
    Ok(CumulativeIncidence {
        n: rows.len(),
        time: paths.time,
        at_risk: paths.at_risk,
        events,
        censored: paths.censored,
        event_free,
        incidence,
        level,
        variance,
        interval_method: interval,
    })
}

impl CumulativeIncidence {
    /// The last time anybody was followed to.
    #[must_use]
    pub fn last_time(&self) -> f64 {
        self.time.last().copied().unwrap_or(0.0)
    }

    /// Cumulative incidence of a cause at `time` (cause 0: no event so far).
    ///
    /// # Errors
    /// [`StatsError::OutOfRange`] for a cause that is not there; [`StatsError::HorizonBeyondFollowUp`] past the last follow-up.
    pub fn at(&self, cause: usize, time: f64) -> Result<IncidencePoint, StatsError> {
        let curve = match cause {
            0 => &self.event_free,
            cause => self.incidence.get(cause - 1).ok_or_else(|| no_such_cause(cause))?,
        };
        // Not a number is as unknown as a time past the last.
        if time.is_nan() || time > self.last_time() {
            return Err(StatsError::HorizonBeyondFollowUp { horizon: time, last: self.last_time() });
        }
        let at_risk = self.at_risk[self.time.partition_point(|&step| step < time)];
        Ok(match self.time.partition_point(|&step| step <= time).checked_sub(1) {
            None => {
                let estimate = if cause == 0 { 1.0 } else { 0.0 };
                IncidencePoint { time, at_risk, estimate, std_error: 0.0, lower: Some(estimate), upper: Some(estimate) }
            }
            Some(step) => IncidencePoint {
                time,
                at_risk,
                estimate: curve.estimate[step],
                std_error: curve.std_error[step],
                lower: curve.lower[step],
                upper: curve.upper[step],
            },
        })
    }
}

/// Difference of the cumulative incidence of a cause between two groups at one time, second less first.
///
/// # Formula
/// `F₂(t) − F₁(t)`, variance the sum of the two, normal interval at the first curve's level, z test.
///
/// # Errors
/// As [`CumulativeIncidence::at`]; [`StatsError::UndefinedVariance`] if neither group has had an event of the cause.
pub fn incidence_difference(
    first: &CumulativeIncidence,
    second: &CumulativeIncidence,
    cause: usize,
    time: f64,
) -> Result<IncidenceDifference, StatsError> {
    let (one, two) = (first.at(cause, time)?, second.at(cause, time)?);
    let estimate = two.estimate - one.estimate;
    let std_error = one.std_error.hypot(two.std_error);
    if std_error <= 0.0 {
        return Err(StatsError::UndefinedVariance { what: "the difference of the incidences" });
    }
    let half = normal_quantile(0.5 + first.level / 2.0) * std_error;
    let statistic = estimate / std_error;
    Ok(IncidenceDifference {
        first: one,
        second: two,
        difference: Estimate {
            estimate,
            std_error,
            interval: Some(Interval { lower: estimate - half, upper: estimate + half, level: first.level }),
        },
        test: TestResult {
            method: "z test of the difference of cumulative incidences",
            statistic,
            df: None,
            p_value: normal_two_sided_p(statistic),
        },
    })
}

impl IncidenceInterval {
    /// Limits of a probability, as R's `survfit_confint` with `logse = FALSE`; `None` where there are none.
    fn limits(self, p: f64, std_error: f64, z: f64) -> Option<(f64, f64)> {
        let relative = if std_error > 0.0 { std_error / p } else { 0.0 };
        match self {
            Self::Plain => Some(((p - z * std_error).max(0.0), (p + z * std_error).min(1.0))),
            Self::Log => (p > 0.0).then(|| (p * (-z * relative).exp(), (p * (z * relative).exp()).min(1.0))),
            Self::LogLog => (p > 0.0 && p < 1.0).then(|| {
                let (centre, half) = ((-p.ln()).ln(), z * relative / -p.ln());
                ((-(centre + half).exp()).exp(), (-(centre - half).exp()).exp())
            }),
        }
    }
}

/// Σ w² × (influence)² at every time: first the event-free probability, then each cause.
///
/// A row's influence v on an incidence and l on log S change by the same rule for everybody (v by l times the rise of the
/// incidence) and by the same amounts for all at risk, so sums of their squares and products carry over from time to time.
fn infinitesimal_jackknife(paths: &Paths, rows: &TimeToCause) -> Vec<Vec<f64>> {
    let (steps, k) = (paths.time.len(), rows.n_causes());
    let square = |row: usize| rows.weights().map_or(1.0, |weights| weights[row] * weights[row]);
    let mut entering = vec![0.0; steps];
    for (row, &step) in paths.entry.iter().enumerate() {
        entering[step] += square(row);
    }
    let mut variances = vec![vec![0.0; steps]; k + 1];
    // Of all: Σw²l², Σw²v², Σw²vl; of those at risk: Σw², Σw²l, Σw²v.
    let (mut ll, mut risk, mut risk_l) = (0.0_f64, 0.0_f64, 0.0_f64);
    let (mut vv, mut vl, mut risk_v) = (vec![0.0_f64; k], vec![0.0_f64; k], vec![0.0_f64; k]);
    for step in 0..steps {
        risk += entering[step];
        let (n, d) = (paths.at_risk[step], paths.all_events[step]);
        let leaving = &paths.order[paths.starts[step]..paths.starts[step + 1]];
        let jump = paths.event_free[step] / n;
        for cause in 1..=k {
            let c = cause - 1;
            let rise = jump * paths.events[step * k + c];
            let fall = rise / n;
            vv[c] += 2.0 * rise * vl[c] + rise * rise * ll - 2.0 * fall * (risk_v[c] + rise * risk_l) + fall * fall * risk;
            vl[c] += rise * ll - fall * risk_l;
            risk_v[c] += rise * risk_l - fall * risk;
            for &row in leaving.iter().filter(|&&row| rows.cause()[row] == cause) {
                let (weight, v) = (square(row), paths.incidence_influence_at_risk(row, cause, step + 1));
                let l = paths.log_survival_influence(row, false, step);
                vv[c] += weight * jump * (2.0 * v + jump);
                vl[c] += weight * jump * l;
                risk_v[c] += weight * jump;
            }
        }
        // Once nobody is event-free nothing changes any more, so the influences on log S are not needed.
        if !paths.ends[step] && paths.event_free[step] > 0.0 {
            let (rise, own) = (d / (n * (n - d)), 1.0 / (n - d));
            for c in 0..k {
                vl[c] += rise * risk_v[c];
            }
            ll += 2.0 * rise * risk_l + rise * rise * risk;
            risk_l += rise * risk;
            for &row in leaving.iter().filter(|&&row| rows.cause()[row] > 0) {
                let (weight, l) = (square(row), paths.log_survival_influence(row, false, step + 1));
                ll += weight * own * (own - 2.0 * l);
                risk_l -= weight * own;
                for (c, vl) in vl.iter_mut().enumerate() {
                    *vl -= weight * own * influence_at_exit(paths, rows, row, c + 1);
                }
            }
        }
        for &row in leaving {
            let weight = square(row);
            risk -= weight;
            risk_l -= weight * paths.log_survival_influence(row, rows.cause()[row] > 0, step + 1);
            for (c, risk_v) in risk_v.iter_mut().enumerate() {
                *risk_v -= weight * influence_at_exit(paths, rows, row, c + 1);
            }
        }
        variances[0][step] = paths.event_free[step + 1].powi(2) * ll;
        // A cause that alone has happened so far has F = 1 − S and the variance of S, which does not cancel on the way to F = 1.
        let has_happened = |c: &usize| paths.incidence[*c][step + 1] > 0.0;
        let is_alone = (0..k).filter(has_happened).count() == 1;
        for c in 0..k {
            variances[c + 1][step] = if is_alone && has_happened(&c) { variances[0][step] } else { vv[c] };
        }
    }
    variances
}

fn influence_at_exit(paths: &Paths, rows: &TimeToCause, row: usize, cause: usize) -> f64 {
    paths.incidence_influence(row, rows.cause()[row], cause, paths.exit[row] + 1)
}

/// Aalen's variance: Greenwood's for the event-free probability, then each cause.
fn aalen(paths: &Paths, k: usize) -> Vec<Vec<f64>> {
    let steps = paths.time.len();
    let greenwood = (0..steps).map(|step| paths.event_free[step + 1].powi(2) * paths.greenwood[step + 1]).collect();
    let mut variances = vec![greenwood];
    for cause in 0..k {
        // With F(t) multiplied out: v = a + F² c − 2 F b.
        let (mut a, mut b, mut c, mut variance) = (0.0_f64, 0.0_f64, 0.0_f64, 0.0_f64);
        let mut column = Vec::with_capacity(steps);
        for step in 0..steps {
            let (n, own) = (paths.at_risk[step], paths.events[step * k + cause]);
            let other = paths.all_events[step] - own;
            let (before, after) = (paths.event_free[step], paths.event_free[step + 1]);
            let incidence = paths.incidence[cause][step + 1];
            let spread = |events: f64| {
                let tied = if events > 1.0 { 1.0 - (events - 1.0) / (n - 1.0) } else { 1.0 };
                before * before * tied * events / (n * n)
            };
            let over = if after > 0.0 { 1.0 / after } else { 0.0 };
            let mut add = |weight: f64, spread: f64| {
                a += weight * weight * spread;
                b += over * weight * spread;
                c += over * over * spread;
            };
            if other > 0.0 && after > 0.0 {
                add(incidence * over, spread(other));
            }
            if own > 0.0 {
                add(1.0 + incidence * over, spread(own));
                variance = a + incidence * incidence * c - 2.0 * incidence * b;
            }
            column.push(variance);
        }
        variances.push(column);
    }
    variances
}
