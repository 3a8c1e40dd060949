//! Cumulative incidence (Aalen–Johansen).

use serde::Serialize;

use super::outcome::CompetingEvents;
use crate::stats::distributions::{normal_quantile, normal_two_sided_p};
use crate::stats::error::{StatsError, check_level};
use crate::stats::estimate::{Estimate, Interval};
use crate::stats::hypothesis::TestResult;
use crate::stats::survival::CurveInterval;

/// How the variance of an incidence is estimated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum IncidenceVariance {
    /// Infinitesimal jackknife, as R's `survfit`; right with weights and late entry.
    #[default]
    Jackknife,
    /// Gray's delta-method variance, as R's `cmprsk::cuminc`; unweighted, without late entry.
    Delta,
}

/// Cumulative incidence of every cause: one row per distinct time.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CumulativeIncidence {
    /// Rows.
    pub n: usize,
    /// Distinct times, rising.
    pub time: Vec<f64>,
    /// At risk just before each.
    pub at_risk: Vec<f64>,
    /// Events at each, by cause (`events[cause − 1][row]`).
    pub events: Vec<Vec<f64>>,
    /// Censored at each.
    pub censored: Vec<f64>,
    /// Probability of being free of all events after each.
    pub event_free: Vec<f64>,
    /// Its standard error.
    pub event_free_std_error: Vec<f64>,
    /// Probability of having had each cause (`estimate[cause − 1][row]`).
    pub estimate: Vec<Vec<f64>>,
    /// Their standard errors.
    pub std_error: Vec<Vec<f64>>,
    /// Lower limits; `None` where there are none.
    pub lower: Vec<Vec<Option<f64>>>,
    /// Upper limits.
    pub upper: Vec<Vec<Option<f64>>>,
    /// Level of the limits.
    pub level: f64,
    /// Scale of the limits.
    pub interval_method: CurveInterval,
}

/// One cause's incidence at one time.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct IncidencePoint {
    /// The time.
    pub time: f64,
    /// At risk just before it.
    pub at_risk: f64,
    /// Probability of having had the event.
    pub estimate: f64,
    /// Its standard error.
    pub std_error: f64,
    /// Lower limit.
    pub lower: Option<f64>,
    /// Upper limit.
    pub upper: Option<f64>,
}

/// Cumulative incidence of each cause by the Aalen–Johansen estimator.
///
/// # Formula
/// ```text
/// F_k(t) = Σ_{s ≤ t} S(s−) d_k(s)/n(s),   S the Kaplan–Meier curve of all causes together
/// jackknife: Var = Σ_clusters (Σ w U)²,   U_i = Σ_{s ≤ t} S(s−)(dN_ik − Y_i d_k/n)/n − Σ_{s ≤ t} ΔF_k(s) G_i(s−),
///            G_i(s) = Σ_{u ≤ s} (dN_i − Y_i d/n)/(n − d)
/// ```
/// Limits on the scale asked for, of F: plain `F ± z se`, log `F e^{±z se/F}`, log–log `1 − (1 − F)^{exp(±z se/((1 − F) log(1 − F)))}`.
///
/// # Conventions
/// Competing events are no censorings: `1 −` Kaplan–Meier would overstate every incidence. Standard errors in one pass, O(n log n).
///
/// # Errors
/// [`StatsError::NoEvents`]; [`StatsError::InvalidLevel`]; [`StatsError::LengthMismatch`]; [`StatsError::Undefined`] for the delta
/// variance with weights, late entry or clusters.
///
/// # Agrees with
/// R survival 3.5-3 `survfit(Surv(time, factor(cause)) ~ 1)`, `cmprsk::cuminc`.
///
/// # References
/// Aalen & Johansen (1978), Scand J Stat 5:141–150; Gray (1988), Ann Stat 16:1141–1154.
pub fn cumulative_incidence(
    events: &CompetingEvents,
    variance: IncidenceVariance,
    interval: CurveInterval,
    level: f64,
    cluster: Option<&[usize]>,
) -> Result<CumulativeIncidence, StatsError> {
    check_level(level)?;
    let rows = &events.rows;
    if let Some(cluster) = cluster.filter(|cluster| cluster.len() != rows.len()) {
        return Err(StatsError::LengthMismatch { what: "cluster".to_owned(), found: cluster.len(), expected: rows.len() });
    }
    let causes = events.n_causes();
    if causes == 0 {
        return Err(StatsError::NoEvents);
    }
    if variance == IncidenceVariance::Delta && (rows.entry().is_some() || rows.weights().is_some() || cluster.is_some()) {
        let why = "the delta-method variance is for rows without weights, late entry and clusters; use the jackknife";
        return Err(StatsError::Undefined { why: why.to_owned() });
    }
    let mut result = steps(events, causes, interval, level);
    let z = normal_quantile(0.5 + level / 2.0);
    for cause in 0..causes {
        let errors = match variance {
            IncidenceVariance::Jackknife => jackknife(events, &result, Some(cause), cluster),
            IncidenceVariance::Delta => delta(&result, cause),
        };
        let limits: Vec<Option<(f64, f64)>> =
            result.estimate[cause].iter().zip(&errors).map(|(&estimate, &error)| limits(interval, estimate, error, z)).collect();
        result.lower.push(limits.iter().map(|limits| limits.map(|(lower, _)| lower)).collect());
        result.upper.push(limits.iter().map(|limits| limits.map(|(_, upper)| upper)).collect());
        result.std_error.push(errors);
    }
    result.event_free_std_error = jackknife(events, &result, None, cluster);
    Ok(result)
}

/// The estimates, without standard errors.
fn steps(events: &CompetingEvents, causes: usize, interval: CurveInterval, level: f64) -> CumulativeIncidence {
    let rows = &events.rows;
    let (time, order) = (rows.time(), rows.order());
    let entry = rows.entry().unwrap_or_default();
    let mut entries = rows.entry_order().iter().peekable();
    let mut at_risk = if entry.is_empty() { (0..rows.len()).map(|row| rows.weight(row)).sum() } else { 0.0 };
    let mut n_at_risk = if entry.is_empty() { rows.len() } else { 0 };
    let mut result = CumulativeIncidence {
        n: rows.len(),
        time: vec![],
        at_risk: vec![],
        events: vec![vec![]; causes],
        censored: vec![],
        event_free: vec![],
        event_free_std_error: vec![],
        estimate: vec![vec![]; causes],
        std_error: vec![],
        lower: vec![],
        upper: vec![],
        level,
        interval_method: interval,
    };
    let mut free = 1.0;
    let mut incidence = vec![0.0; causes];
    for tied in order.chunk_by(|&a, &b| time[a as usize].total_cmp(&time[b as usize]).is_eq()) {
        let now = time[tied[0] as usize];
        while let Some(&row) = entries.next_if(|&&row| entry[row as usize] < now) {
            at_risk += rows.weight(row as usize);
            n_at_risk += 1;
        }
        let mut by_cause = vec![0.0; causes + 1];
        tied.iter().for_each(|&row| by_cause[events.cause[row as usize]] += rows.weight(row as usize));
        let all: f64 = by_cause[1..].iter().sum();
        let with_event = tied.iter().filter(|&&row| events.cause[row as usize] > 0).count();
        if with_event > 0 && n_at_risk == with_event {
            at_risk = all;
        }
        for (cause, &d) in by_cause[1..].iter().enumerate() {
            if d > 0.0 {
                incidence[cause] += free * d / at_risk;
            }
            result.events[cause].push(d);
            result.estimate[cause].push(incidence[cause]);
        }
        if all > 0.0 {
            free *= (at_risk - all) / at_risk;
        }
        result.time.push(now);
        result.at_risk.push(at_risk);
        result.censored.push(by_cause[0]);
        result.event_free.push(free);
        at_risk -= all + by_cause[0];
        n_at_risk -= tied.len();
        if n_at_risk == 0 {
            at_risk = 0.0;
        }
    }
    result
}

/// Standard errors by the infinitesimal jackknife, of one cause or of the event-free share.
///
/// While at risk a row's influence is `a + b F(t) + P(t)`, with P the same for all; after its exit `a + b F(t)`. So the sum of squares
/// over clusters needs only sums of products of (a, b, weight at risk), which change at entries and exits.
fn jackknife(events: &CompetingEvents, steps: &CumulativeIncidence, cause: Option<usize>, cluster: Option<&[usize]>) -> Vec<f64> {
    let rows = &events.rows;
    let (time, order) = (rows.time(), rows.order());
    let entry = rows.entry().unwrap_or_default();
    let cluster_of = |row: usize| cluster.map_or(row, |cluster| cluster[row]);
    let n_clusters = (0..rows.len()).map(cluster_of).max().map_or(0, |last| last + 1);
    // Per cluster: constant, coefficient of F, coefficient of P.
    let mut parts = vec![[0.0_f64; 3]; n_clusters];
    let mut sums = [[0.0_f64; 3]; 3];
    let mut change = |cluster: usize, by: [f64; 3]| {
        let old = parts[cluster];
        let new = [old[0] + by[0], old[1] + by[1], old[2] + by[2]];
        for j in 0..3 {
            for k in j..3 {
                sums[j][k] += new[j] * new[k] - old[j] * old[k];
            }
        }
        parts[cluster] = new;
        sums
    };
    let mut sums_now = [[0.0_f64; 3]; 3];
    if entry.is_empty() {
        (0..rows.len()).for_each(|row| sums_now = change(cluster_of(row), [0.0, 0.0, rows.weight(row)]));
    }
    let mut entries = rows.entry_order().iter().peekable();
    let (mut hazard, mut path, mut f) = (0.0_f64, 0.0_f64, 0.0_f64);
    let (mut free_before, mut next) = (1.0_f64, 0);
    // A(e), P(e), F(e) at each row's entry.
    let mut at_entry = vec![[0.0_f64; 3]; if entry.is_empty() { 0 } else { rows.len() }];
    let mut result = Vec::with_capacity(steps.time.len());
    for (step, &now) in steps.time.iter().enumerate() {
        while let Some(&row) = entries.next_if(|&&row| entry[row as usize] < now) {
            let row = row as usize;
            let weight = rows.weight(row);
            at_entry[row] = [hazard, path, f];
            // U = (P(t) − P(e)) − A(e)(F(t) − F(e)), before its sign.
            sums_now = change(cluster_of(row), [weight * (hazard * f - path), -weight * hazard, weight]);
        }
        let n = steps.at_risk[step];
        let d: f64 = steps.events.iter().map(|events| events[step]).sum();
        let of_cause = cause.map_or(0.0, |cause| steps.events[cause][step]);
        let jump = if n > 0.0 { free_before * of_cause / n } else { 0.0 };
        if n > 0.0 && d > 0.0 {
            // P = Σ ΔF (A(s−) − 1/n)
            path += jump * (hazard - 1.0 / n);
        }
        f += jump;
        let survivors = n - d;
        if d > 0.0 && survivors > 0.0 {
            hazard += d / (n * survivors);
        }
        while next < order.len() && time[order[next] as usize] <= now {
            let row = order[next] as usize;
            let weight = rows.weight(row);
            let [a0, p0, f0] = at_entry.get(row).copied().unwrap_or_default();
            let event = events.cause[row] > 0;
            let own = if event && cause == Some(events.cause[row] - 1) { free_before / n } else { 0.0 };
            // G at its exit, which later jumps of F multiply.
            let g = if event && survivors > 0.0 { 1.0 / survivors } else { 0.0 } - (hazard - a0);
            let settled = (path - p0) - a0 * (f - f0) + own;
            sums_now = change(cluster_of(row), [weight * (settled + g * f - (a0 * f0 - p0)), weight * (a0 - g), -weight]);
            next += 1;
        }
        free_before = steps.event_free[step];
        let x = if cause.is_some() { [1.0, f, path] } else { [1.0, 0.0, 0.0] };
        let mut variance = 0.0;
        for j in 0..3 {
            for k in j..3 {
                variance += if j == k { 1.0 } else { 2.0 } * x[j] * x[k] * sums_now[j][k];
            }
        }
        result.push(variance.max(0.0).sqrt());
    }
    if cause.is_none() { event_free_errors(events, steps, cluster) } else { result }
}

/// Standard error of the event-free share: S times that of its logarithm.
fn event_free_errors(events: &CompetingEvents, steps: &CumulativeIncidence, cluster: Option<&[usize]>) -> Vec<f64> {
    let log_variance = crate::stats::survival::robust_log_variance(&events.rows, cluster);
    steps.event_free.iter().zip(log_variance).map(|(free, variance)| if *free > 0.0 { free * variance.sqrt() } else { 0.0 }).collect()
}

/// Gray's delta-method standard errors of one cause.
fn delta(steps: &CumulativeIncidence, cause: usize) -> Vec<f64> {
    let (mut free, mut f) = (1.0_f64, 0.0_f64);
    let [mut v1, mut v2, mut v3] = [0.0_f64; 3];
    let mut variance = 0.0_f64;
    let mut result = Vec::with_capacity(steps.time.len());
    for step in 0..steps.time.len() {
        let n = steps.at_risk[step];
        let own = steps.events[cause][step];
        let others = steps.events.iter().map(|events| events[step]).sum::<f64>() - own;
        let next = if n > 0.0 { free * (n - own - others) / n } else { free };
        if own > 0.0 {
            f += free * own / n;
        }
        let tied = |d: f64| if d > 1.0 { 1.0 - (d - 1.0) / (n - 1.0) } else { 1.0 };
        let mut add = |d: f64, t3: f64, t4: f64| {
            let t6 = free * free * tied(d) * d / (n * n);
            v1 += t4 * t4 * t6;
            v2 += t3 * t4 * t6;
            v3 += t3 * t3 * t6;
        };
        if others > 0.0 && next > 0.0 {
            add(others, 1.0 / next, f / next);
        }
        if own > 0.0 {
            let t3 = if next > 0.0 { 1.0 / next } else { 0.0 };
            add(own, t3, 1.0 + t3 * f);
        }
        // The variance is written at the cause's own events only, as cuminc's steps are.
        if own > 0.0 {
            variance = v1 + f * f * v3 - 2.0 * f * v2;
        }
        free = next;
        result.push(variance.max(0.0).sqrt());
    }
    result
}

/// Limits of an incidence.
fn limits(method: CurveInterval, estimate: f64, std_error: f64, z: f64) -> Option<(f64, f64)> {
    if estimate <= 0.0 {
        return None;
    }
    if matches!(method, CurveInterval::LogLog) {
        // On the scale of the event-free share, so that an incidence near 0 behaves as a survival near 1.
        if estimate >= 1.0 {
            return None;
        }
        let free = 1.0 - estimate;
        let half = z * std_error / (free * free.ln());
        let (a, b) = (1.0 - free.powf(half.exp()), 1.0 - free.powf((-half).exp()));
        return Some((a.min(b), a.max(b)));
    }
    method.limits(estimate, std_error / estimate, z)
}

impl CumulativeIncidence {
    /// One cause's incidence at a time; `None` past the last time, where it is unknown.
    #[must_use]
    pub fn at(&self, cause: usize, time: f64) -> Option<IncidencePoint> {
        let place = cause.checked_sub(1).filter(|&place| place < self.estimate.len())?;
        if time > self.time.last().copied()? {
            return None;
        }
        let at_risk = self.at_risk.get(self.time.partition_point(|&row| row < time)).copied().unwrap_or(0.0);
        Some(match self.time.partition_point(|&row| row <= time).checked_sub(1) {
            None => IncidencePoint { time, at_risk, estimate: 0.0, std_error: 0.0, lower: None, upper: None },
            Some(row) => IncidencePoint {
                time,
                at_risk,
                estimate: self.estimate[place][row],
                std_error: self.std_error[place][row],
                lower: self.lower[place][row],
                upper: self.upper[place][row],
            },
        })
    }
}

/// Difference in one cause's incidence at one time, second less first.
///
/// # Formula
/// `F₂(t) − F₁(t)`, variance the sum of the two, z test and interval.
///
/// # Errors
/// [`StatsError::HorizonBeyondFollowUp`] where either is unknown; [`StatsError::NoEvents`] without a standard error.
pub fn incidence_difference(
    first: &CumulativeIncidence,
    second: &CumulativeIncidence,
    cause: usize,
    time: f64,
) -> Result<(Estimate, TestResult), StatsError> {
    let point = |curve: &CumulativeIncidence| {
        let last = curve.time.last().copied().unwrap_or(0.0);
        curve.at(cause, time).ok_or(StatsError::HorizonBeyondFollowUp { horizon: time, last })
    };
    let (one, two) = (point(first)?, point(second)?);
    let (estimate, std_error) = (two.estimate - one.estimate, one.std_error.hypot(two.std_error));
    if std_error <= 0.0 {
        return Err(StatsError::NoEvents);
    }
    let half = normal_quantile(0.5 + first.level / 2.0) * std_error;
    let statistic = estimate / std_error;
    let interval = Interval { lower: estimate - half, upper: estimate + half, level: first.level };
    let test = TestResult { method: "z test of a difference in incidence", statistic, df: None, p_value: normal_two_sided_p(statistic) };
    Ok((Estimate { estimate, std_error, interval: Some(interval) }, test))
}
