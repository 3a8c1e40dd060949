//! A recurrence is known only to have begun between two logs: the curve that says so, beside Kaplan–Meier.

use rayon::prelude::*;
use serde::Serialize;

use crate::cohort::{Cohort, Exposure, FollowUp, LandmarkFate, landmark_fate};
use crate::domain::Day;
use crate::settings::Settings;
use crate::stats::StatsError;
use crate::stats::survival::{
    CurveEstimator, CurveInterval, IntervalCensored, QuantileEstimate, SurvivalCurve, TimeToEvent, TurnbullCurve, curve, turnbull,
};

use super::computed::Computed;

/// Turnbull's curve beside Kaplan–Meier's, of the cohort or of an arm of the landmark comparison.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct IntervalCensoredCurve {
    /// The arm; `None` for everybody at risk.
    pub exposure: Option<Exposure>,
    /// Programs.
    pub n: usize,
    /// Recurrences.
    pub n_events: usize,
    /// Median days between the last log free of recurrence and the log that shows it; `None` without a recurrence.
    pub median_width: Option<f64>,
    /// Whether the intervals were widened to whole weeks, as they are for many recurrences.
    pub in_weeks: bool,
    /// Turnbull's estimate.
    pub turnbull: TurnbullCurve,
    /// First day by which half are expected to have had a recurrence, spread evenly within intervals; `None` if not reached.
    pub median: Option<f64>,
    /// The same of the Kaplan–Meier curve.
    pub median_by_log: QuantileEstimate,
    /// Where the curves are farthest apart up to the horizon.
    pub widest_gap: WidestGap,
}

/// Where two curves are farthest apart.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct WidestGap {
    /// The day.
    pub day: f64,
    /// Free of recurrence by Kaplan–Meier, which dates a recurrence by the log that shows it.
    pub by_log: f64,
    /// By Turnbull's curve.
    pub by_interval: f64,
}

impl WidestGap {
    /// The distance.
    #[must_use]
    pub fn gap(&self) -> f64 {
        (self.by_log - self.by_interval).abs()
    }
}

impl IntervalCensoredCurve {
    /// Whether the curves are far enough apart to be told from each other in a figure.
    #[must_use]
    pub fn curves_part(&self) -> bool {
        self.widest_gap.gap() > 0.02
    }

    /// Probability of being free of recurrence at a day, each interval's probability spread evenly over it.
    #[must_use]
    pub fn free_at(&self, day: f64) -> f64 {
        free_at(&self.turnbull, day)
    }
}

/// Above this many recurrences intervals are widened to weeks: more distinct ends make the search slow and the curve no better.
pub(super) const MOST_BY_DAY: usize = 500;

/// Estimates the curves with what is known of each recurrence's day.
///
/// # Definition
/// A recurrence lies in `(last log below the floor, first log of the recurrence]`, both while at risk; who had none is free up to the
/// last log below the floor. The log that "holds" (`recurrence.hold`) confirms a recurrence but does not date it: a high log that
/// does not hold does not end the interval and is no proof of being free either. Turnbull's nonparametric maximum likelihood
/// estimate; within an interval, where the data do not say, its probability is spread evenly for the median and the comparison.
///
/// # Conventions
/// The cohort from the first day at risk, then the arms from the landmark. Above 500 recurrences the ends are rounded
/// outwards to weeks; Kaplan–Meier stays as it is.
///
/// # References
/// Turnbull (1976), *J R Stat Soc B* 38:290–295. Lindsey & Ryan (1998), *Stat Med* 17:219–238.
#[must_use]
pub fn analyze_interval_censored(cohort: &Cohort, settings: &Settings) -> Vec<Computed<IntervalCensoredCurve>> {
    let everybody = cohort.courses.iter().filter_map(|course| course.follow_up.ok()).map(|follow_up| (follow_up.at_risk_from, follow_up));
    let of_arm = |exposure| {
        let member = move |course: &crate::cohort::Course| match landmark_fate(
            course,
            settings.landmark.day,
            settings.landmark.origin,
            &settings.maintenance,
        )? {
            LandmarkFate::Member(member) if member.exposure == exposure => Some((member.landmark, course.follow_up.ok()?)),
            _ => None,
        };
        (Some(exposure), cohort.courses.iter().filter_map(member).collect::<Vec<_>>())
    };
    let groups = [(None, everybody.collect()), of_arm(Exposure::NotMaintained), of_arm(Exposure::Maintained)];
    groups.into_par_iter().map(|(exposure, followed)| estimate(exposure, &followed, settings).into()).collect()
}

fn estimate(exposure: Option<Exposure>, followed: &[(Day, FollowUp)], settings: &Settings) -> Result<IntervalCensoredCurve, StatsError> {
    let n_events = followed.iter().filter(|(_, follow_up)| follow_up.recurred()).count();
    let in_weeks = n_events > MOST_BY_DAY;
    // Outwards, so that the interval still holds the day.
    let (down, up) = (
        |days: f64| if in_weeks { 7.0 * (days / 7.0).floor() } else { days },
        |days: f64| if in_weeks { 7.0 * (days / 7.0).ceil() } else { days },
    );
    let (mut left, mut right, mut widths) = (vec![], vec![], vec![]);
    for (zero, follow_up) in followed {
        // What is known of before the origin is that there was no recurrence yet.
        let (from, to) = (follow_up.last_free.days_since(*zero).max(0), follow_up.end.days_since(*zero));
        left.push(down(f64::from(from)));
        if follow_up.recurred() {
            widths.push(f64::from(to - from));
            right.push(up(f64::from(to)));
        } else {
            right.push(f64::INFINITY);
        }
    }
    let found = turnbull(&IntervalCensored::new(left, right)?)?;
    let rows = TimeToEvent::new(
        followed.iter().map(|(zero, follow_up)| f64::from(follow_up.end.days_since(*zero))).collect(),
        followed.iter().map(|(_, follow_up)| follow_up.recurred()).collect(),
    )?;
    let by_log = curve(&rows, CurveEstimator::KaplanMeier, CurveInterval::LogLog, settings.model.level, None)?;
    let last = settings.model.horizon.min(by_log.last_time());
    Ok(IntervalCensoredCurve {
        exposure,
        n: followed.len(),
        n_events,
        median_width: crate::stats::median(&widths).ok(),
        in_weeks,
        median: median(&found),
        median_by_log: by_log.median(),
        widest_gap: widest_gap(&found, &by_log, last),
        turnbull: found,
    })
}

/// Free of recurrence at a day, the probability of each interval spread evenly over it; that of the last, which has no end, stays.
fn free_at(curve: &TurnbullCurve, day: f64) -> f64 {
    let left_at = |interval: &crate::stats::survival::TurnbullInterval| match interval.right {
        None => 1.0,
        Some(right) if day >= right => 0.0,
        Some(_) if day <= interval.left => 1.0,
        Some(right) => (right - day) / (right - interval.left),
    };
    curve.intervals.iter().map(|interval| interval.mass * left_at(interval)).sum::<f64>().clamp(0.0, 1.0)
}

fn median(curve: &TurnbullCurve) -> Option<f64> {
    let mut before = 0.0;
    for interval in &curve.intervals {
        if before + interval.mass >= 0.5 - 1e-12 {
            let right = interval.right?;
            return Some(interval.left + (right - interval.left) * ((0.5 - before) / interval.mass).clamp(0.0, 1.0));
        }
        before += interval.mass;
    }
    None
}

fn widest_gap(found: &TurnbullCurve, by_log: &SurvivalCurve, last: f64) -> WidestGap {
    let mut widest = WidestGap { day: 0.0, by_log: 1.0, by_interval: 1.0 };
    let mut day = 0.0;
    while day <= last {
        if let Some(point) = by_log.at(day) {
            let here = WidestGap { day, by_log: point.estimate, by_interval: free_at(found, day) };
            if here.gap() > widest.gap() {
                widest = here;
            }
        }
        day += 1.0;
    }
    widest
}
