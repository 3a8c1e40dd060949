//! Two survival curves compared, from how often each row was drawn.

use serde::Serialize;

use super::bootstrap::{BootstrapInterval, BootstrapOptions, Statistic, bootstrap};
use super::contrast_influence::{area_influences, survival_influences};
use super::plan::{Resample, ResamplingPlan};
use crate::stats::error::StatsError;
use crate::stats::survival::TimeToEvent;

/// What of two curves is compared, the second with the first.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum CurveMeasure {
    /// Restricted mean of the second less that of the first.
    RmstDifference {
        /// The horizon.
        horizon: f64,
    },
    /// Restricted mean of the second over that of the first.
    RmstRatio {
        /// The horizon.
        horizon: f64,
    },
    /// Median of the second less that of the first.
    MedianDifference,
    /// Probability of being event-free in the second less that in the first.
    SurvivalDifference {
        /// The time.
        time: f64,
    },
}

impl CurveMeasure {
    /// The time up to which rows matter.
    fn reach(self) -> f64 {
        match self {
            Self::RmstDifference { horizon } | Self::RmstRatio { horizon } => horizon,
            Self::SurvivalDifference { time } => time,
            Self::MedianDifference => f64::INFINITY,
        }
    }
}

/// A comparison of two Kaplan–Meier curves, sorted once and then computed from multiplicities alone.
#[derive(Clone, Debug, PartialEq)]
pub struct CurveContrast {
    measure: CurveMeasure,
    n_rows: usize,
    pub(super) first: SortedGroup,
    pub(super) second: SortedGroup,
}

/// The rows of one group by time.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct SortedGroup {
    /// All rows, by rising time, at one time those with the event first.
    pub(super) rows: Vec<u32>,
    /// The distinct times up to the reach.
    pub(super) times: Vec<DistinctTime>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct DistinctTime {
    pub(super) time: f64,
    /// First row at this time, first without the event, first at the next time; positions in `rows`.
    pub(super) start: usize,
    pub(super) censored: usize,
    pub(super) end: usize,
}

/// R's tolerance for "exactly at" a half: the square root of the machine epsilon.
const TOLERANCE: f64 = 1.490_116_119_384_765_6e-8;

fn total(multiplicities: &[u32], rows: &[u32]) -> u64 {
    rows.iter().map(|&row| u64::from(multiplicities[row as usize])).sum()
}

impl SortedGroup {
    fn new(rows: &TimeToEvent, members: Vec<u32>, reach: f64) -> Self {
        let (time, event) = (rows.time(), rows.event());
        let mut order = members;
        let key = |row: u32| (time[row as usize], !event[row as usize], row);
        order.sort_unstable_by(|&a, &b| {
            let (a, b) = (key(a), key(b));
            a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2))
        });
        let (mut times, mut start) = (vec![], 0);
        for tied in order.chunk_by(|&a, &b| time[a as usize].total_cmp(&time[b as usize]).is_eq()) {
            let censored = start + tied.iter().filter(|&&row| event[row as usize]).count();
            let at = time[tied[0] as usize];
            if at <= reach {
                times.push(DistinctTime { time: at, start, censored, end: start + tied.len() });
            }
            start += tied.len();
        }
        Self { rows: order, times }
    }

    /// Runs down the curve: calls `step` at each event time with the time and the probability after it. Gives the last drawn time
    /// within reach, the number still at risk after the reach and the probability there; `None` with nobody drawn.
    fn walk(&self, multiplicities: &[u32], mut step: impl FnMut(f64, f64)) -> Option<(f64, u64, f64)> {
        let mut at_risk = total(multiplicities, &self.rows);
        if at_risk == 0 {
            return None;
        }
        let (mut survival, mut last) = (1.0, 0.0);
        for at in &self.times {
            let events = total(multiplicities, &self.rows[at.start..at.censored]);
            let leaving = events + total(multiplicities, &self.rows[at.censored..at.end]);
            if events > 0 {
                survival *= (at_risk - events) as f64 / at_risk as f64;
                step(at.time, survival);
            }
            if leaving > 0 {
                last = at.time;
                at_risk -= leaving;
            }
        }
        Some((last, at_risk, survival))
    }

    /// Area under the curve up to the horizon; `None` where the curve is unknown there.
    fn area(&self, multiplicities: &[u32], horizon: f64) -> Option<f64> {
        let (mut area, mut from, mut height) = (0.0, 0.0, 1.0);
        let (last, at_risk, survival) = self.walk(multiplicities, |time, survival| {
            area += height * (time - from);
            (from, height) = (time, survival);
        })?;
        let known = at_risk > 0 || survival <= 0.0 || last >= horizon;
        known.then_some(area + height * (horizon - from))
    }

    /// The curve at a time; `None` past the last drawn time unless it has reached 0.
    fn survival(&self, multiplicities: &[u32], time: f64) -> Option<f64> {
        let (last, at_risk, survival) = self.walk(multiplicities, |_, _| ())?;
        (at_risk > 0 || survival <= 0.0 || last >= time).then_some(survival)
    }

    /// Median by R's midpoint rule; `None` where the curve stays above one half.
    fn median(&self, multiplicities: &[u32]) -> Option<f64> {
        let (mut first, mut below): (Option<f64>, Option<f64>) = (None, None);
        let (last, _, _) = self.walk(multiplicities, |time, survival| {
            if survival <= 0.5 + TOLERANCE && first.is_none() {
                first = Some(time);
            }
            if survival < 0.5 - TOLERANCE && below.is_none() {
                below = Some(time);
            }
        })?;
        let first = first?;
        Some(if below == Some(first) { first } else { f64::midpoint(first, below.unwrap_or(last)) })
    }
}

impl CurveContrast {
    /// Sorts the rows of two groups; `in_second` says which group each row is of.
    ///
    /// # Conventions
    /// As [`kaplan_meier`](crate::stats::survival::kaplan_meier), [`rmst`](crate::stats::survival::rmst) and R's median. A curve
    /// is unknown past its last time unless it is 0 there, so a resample that ends before the horizon has no value.
    ///
    /// # Errors
    /// [`StatsError::LengthMismatch`]; [`StatsError::OneGroup`] if a group is empty; [`StatsError::OutOfRange`] for a horizon not
    /// above 0 or a time below 0.
    pub fn new(rows: &TimeToEvent, in_second: &[bool], measure: CurveMeasure) -> Result<Self, StatsError> {
        if in_second.len() != rows.len() {
            return Err(StatsError::LengthMismatch { what: "group".to_owned(), found: in_second.len(), expected: rows.len() });
        }
        match measure {
            CurveMeasure::RmstDifference { horizon } | CurveMeasure::RmstRatio { horizon } if !(horizon > 0.0 && horizon.is_finite()) => {
                return Err(StatsError::OutOfRange { what: "the horizon", value: horizon, expected: "it must be above 0" });
            }
            CurveMeasure::SurvivalDifference { time } if !(time >= 0.0 && time.is_finite()) => {
                return Err(StatsError::OutOfRange { what: "the time", value: time, expected: "it must not be negative" });
            }
            _ => {}
        }
        let members = |second: bool| (0..rows.len() as u32).filter(|&row| in_second[row as usize] == second).collect::<Vec<u32>>();
        let (first, second) = (members(false), members(true));
        if first.is_empty() || second.is_empty() {
            return Err(StatsError::OneGroup);
        }
        let sorted = |members| SortedGroup::new(rows, members, measure.reach());
        Ok(Self { measure, n_rows: rows.len(), first: sorted(first), second: sorted(second) })
    }

    fn compare(&self, multiplicities: &[u32]) -> Option<f64> {
        let both = |of: &dyn Fn(&SortedGroup) -> Option<f64>| Some((of(&self.first)?, of(&self.second)?));
        match self.measure {
            CurveMeasure::RmstDifference { horizon } => both(&|group| group.area(multiplicities, horizon)).map(|(a, b)| b - a),
            CurveMeasure::RmstRatio { horizon } => {
                both(&|group| group.area(multiplicities, horizon)).filter(|&(a, _)| a > 0.0).map(|(a, b)| b / a)
            }
            CurveMeasure::MedianDifference => both(&|group| group.median(multiplicities)).map(|(a, b)| b - a),
            CurveMeasure::SurvivalDifference { time } => both(&|group| group.survival(multiplicities, time)).map(|(a, b)| b - a),
        }
    }
}

impl Statistic for CurveContrast {
    fn value(&self, resample: &Resample<'_>) -> Option<f64> {
        let multiplicities = resample.multiplicities();
        (multiplicities.len() == self.n_rows).then(|| self.compare(multiplicities))?
    }

    /// Closed forms for all but the median, which has no derivative.
    fn influence(&self) -> Option<Vec<f64>> {
        let mut influences = vec![0.0; self.n_rows];
        match self.measure {
            CurveMeasure::RmstDifference { horizon } => {
                area_influences(&self.first, horizon, -1.0, &mut influences);
                area_influences(&self.second, horizon, 1.0, &mut influences);
            }
            CurveMeasure::RmstRatio { horizon } => {
                let once = vec![1; self.n_rows];
                let (first, second) = (self.first.area(&once, horizon)?, self.second.area(&once, horizon)?);
                if first <= 0.0 {
                    return None;
                }
                area_influences(&self.first, horizon, -second / (first * first), &mut influences);
                area_influences(&self.second, horizon, 1.0 / first, &mut influences);
            }
            CurveMeasure::SurvivalDifference { .. } => {
                survival_influences(&self.first, -1.0, &mut influences);
                survival_influences(&self.second, 1.0, &mut influences);
            }
            CurveMeasure::MedianDifference => return None,
        }
        Some(influences)
    }
}

/// Bootstrap of the comparison of two survival curves, each group resampled by itself.
///
/// # Definition
/// [`bootstrap`] of a [`CurveContrast`] over rows, stratified by group. Where patients have several rows, build the contrast and
/// a plan of clusters instead.
///
/// # Errors
/// As [`CurveContrast::new`] and [`bootstrap`]; [`StatsError::TooFew`] for a group of one row.
///
/// # Agrees with
/// R `boot::boot(…, strata = group)` around `survival::survfit`.
///
/// # References
/// Royston & Parmar (2013), BMC Medical Research Methodology 13:152.
pub fn bootstrap_curves(
    first: &TimeToEvent,
    second: &TimeToEvent,
    measure: CurveMeasure,
    options: &BootstrapOptions,
) -> Result<BootstrapInterval, StatsError> {
    let join = |a: &[f64], b: &[f64]| a.iter().chain(b).copied().collect();
    let rows =
        TimeToEvent::new(join(first.time(), second.time()), first.event().iter().chain(second.event()).copied().collect::<Vec<bool>>())?;
    let in_second: Vec<bool> = (0..rows.len()).map(|row| row >= first.len()).collect();
    let contrast = CurveContrast::new(&rows, &in_second, measure)?;
    let strata: Vec<usize> = in_second.iter().map(|&second| usize::from(second)).collect();
    bootstrap(&contrast, &ResamplingPlan::rows(rows.len())?.stratified(&strata)?, options)
}
