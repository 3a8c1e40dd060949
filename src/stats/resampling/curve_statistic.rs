//! Statistics of survival curves under resampling: sorted once, then one pass per resample.

use crate::stats::error::StatsError;
use crate::stats::survival::TimeToEvent;

/// What is resampled.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum CurveStatistic {
    /// Restricted mean of the only group up to a horizon.
    RestrictedMean(f64),
    /// Difference of restricted means, second group less first.
    RestrictedMeanDifference(f64),
    /// Ratio of restricted means, second group over first.
    RestrictedMeanRatio(f64),
    /// Probability of being event-free at a time, in the only group.
    Survival(f64),
    /// Difference of these, second group less first.
    SurvivalDifference(f64),
    /// Median of the only group.
    Median,
    /// Difference of medians, second group less first.
    MedianDifference,
}

/// One or two groups sorted by time, for [`super::bootstrap`].
#[derive(Clone, Debug)]
pub struct CurveComparison {
    statistic: CurveStatistic,
    groups: Vec<SortedGroup>,
}

#[derive(Clone, Debug)]
struct SortedGroup {
    time: Vec<f64>,
    event: Vec<bool>,
    /// Unit of each row.
    unit: Vec<u32>,
}

impl CurveComparison {
    /// `group` counts from 0; `unit` is the patient of each row, counted from 0, or none if each row is one.
    ///
    /// # Errors
    /// [`StatsError::LengthMismatch`]; [`StatsError::OneGroup`] unless there are as many groups as the statistic compares;
    /// [`StatsError::Undefined`] with late entry or weights.
    pub fn new(rows: &TimeToEvent, group: &[usize], unit: Option<&[usize]>, statistic: CurveStatistic) -> Result<Self, StatsError> {
        for (what, codes) in [("group", Some(group)), ("unit", unit)] {
            if let Some(codes) = codes.filter(|codes| codes.len() != rows.len()) {
                return Err(StatsError::LengthMismatch { what: what.to_owned(), found: codes.len(), expected: rows.len() });
            }
        }
        if rows.entry().is_some() || rows.weights().is_some() {
            return Err(StatsError::Undefined { why: "curves are resampled without weights and late entry".to_owned() });
        }
        let expected = match statistic {
            CurveStatistic::RestrictedMean(_) | CurveStatistic::Survival(_) | CurveStatistic::Median => 1,
            _ => 2,
        };
        let found = group.iter().max().map_or(0, |last| last + 1);
        if found != expected {
            return Err(if expected == 2 && found < 2 {
                StatsError::OneGroup
            } else {
                StatsError::Undefined {
                    why: format!("this statistic is of {expected} group{}, there are {found}", if expected == 1 { "" } else { "s" }),
                }
            });
        }
        let mut groups = vec![SortedGroup { time: vec![], event: vec![], unit: vec![] }; expected];
        for &row in rows.order() {
            let row = row as usize;
            let own = &mut groups[group[row]];
            own.time.push(rows.time()[row]);
            own.event.push(rows.event()[row]);
            own.unit.push(unit.map_or(row, |unit| unit[row]) as u32);
        }
        Ok(Self { statistic, groups })
    }

    /// The statistic when each unit counts as often as given; `None` where a curve does not reach that far.
    #[must_use]
    pub fn value(&self, counts: &[u32]) -> Option<f64> {
        let each = |value: &dyn Fn(&SortedGroup) -> Option<f64>| -> Option<[f64; 2]> {
            let first = value(&self.groups[0])?;
            Some([first, self.groups.get(1).map_or(Some(0.0), value)?])
        };
        match self.statistic {
            CurveStatistic::RestrictedMean(horizon) => self.groups[0].restricted_mean(counts, horizon),
            CurveStatistic::RestrictedMeanDifference(horizon) => {
                each(&|group| group.restricted_mean(counts, horizon)).map(|[first, second]| second - first)
            }
            CurveStatistic::RestrictedMeanRatio(horizon) => {
                each(&|group| group.restricted_mean(counts, horizon)).map(|[first, second]| second / first)
            }
            CurveStatistic::Survival(time) => self.groups[0].survival(counts, time),
            CurveStatistic::SurvivalDifference(time) => each(&|group| group.survival(counts, time)).map(|[first, second]| second - first),
            CurveStatistic::Median => self.groups[0].median(counts),
            CurveStatistic::MedianDifference => each(&|group| group.median(counts)).map(|[first, second]| second - first),
        }
    }
}

impl SortedGroup {
    fn at_risk(&self, counts: &[u32]) -> u32 {
        self.unit.iter().map(|&unit| counts[unit as usize]).sum()
    }

    /// Walks the distinct times with events: (time, survival after); stops when told to. Gives the last followed time.
    fn walk(&self, counts: &[u32], mut visit: impl FnMut(f64, f64) -> bool) -> f64 {
        let mut at_risk = self.at_risk(counts);
        let (mut survival, mut row, mut last) = (1.0, 0, 0.0);
        while row < self.time.len() && at_risk > 0 {
            let now = self.time[row];
            let (mut events, mut gone) = (0, 0);
            while row < self.time.len() && self.time[row] <= now {
                let count = counts[self.unit[row] as usize];
                gone += count;
                if self.event[row] {
                    events += count;
                }
                row += 1;
            }
            if gone > 0 {
                last = now;
            }
            if events > 0 {
                survival *= f64::from(at_risk - events) / f64::from(at_risk);
                if !visit(now, survival) {
                    return f64::INFINITY;
                }
            }
            at_risk -= gone;
        }
        if survival <= 0.0 { f64::INFINITY } else { last }
    }

    fn restricted_mean(&self, counts: &[u32], horizon: f64) -> Option<f64> {
        let (mut area, mut before, mut height) = (0.0, 0.0, 1.0);
        let reached = self.walk(counts, |time, survival| {
            if time >= horizon {
                return false;
            }
            area += height * (time - before);
            (before, height) = (time, survival);
            true
        });
        (reached >= horizon).then(|| area + height * (horizon - before))
    }

    fn survival(&self, counts: &[u32], at: f64) -> Option<f64> {
        let mut height = 1.0;
        let reached = self.walk(counts, |time, survival| {
            if time > at {
                return false;
            }
            height = survival;
            true
        });
        (reached >= at).then_some(height)
    }

    /// R's midpoint rule.
    fn median(&self, counts: &[u32]) -> Option<f64> {
        let (mut found, mut flat) = (None, None);
        let reached = self.walk(counts, |time, survival| {
            if survival < 0.5 - 1.5e-8 {
                found = Some(flat.map_or(time, |flat| f64::midpoint(flat, time)));
                return false;
            }
            if survival <= 0.5 + 1.5e-8 && flat.is_none() {
                flat = Some(time);
            }
            true
        });
        found.or_else(|| flat.filter(|_| reached.is_finite()).map(|flat| f64::midpoint(flat, reached)))
    }
}
