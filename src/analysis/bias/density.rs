//! How often those who keep the exercise up log their pain, beside those who do not.

use rayon::prelude::*;
use serde::Serialize;

use super::clustered_mean::clustered_mean;
use crate::analysis::computed::Computed;
use crate::cohort::{Cohort, Course, Exposure, LandmarkFate, exposure_spans, landmark_fate};
use crate::domain::Day;
use crate::ingest::Logs;
use crate::settings::Settings;
use crate::stats::regression::{Coefficient, Covariance, Family, Observations, RatioEstimate, generalized_linear_model};
use crate::stats::{Covariates, Estimate, StatsError};

/// Weeks since the landmark that are shown.
const MOST_WEEKS: usize = 52;
/// Programs in a group below which a week is not shown.
const FEWEST_SHOWN: usize = 5;

/// Pain entries of the two groups.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LoggingDensity {
    /// Days at risk by the exposure of the day: not maintained, then maintained.
    pub by_day: [ArmDensity; 2],
    /// Entries a week while maintained over those while not.
    pub by_day_ratio: Computed<RatioEstimate>,
    /// From the landmark on, by the exposure at it: not maintained, then maintained.
    pub by_landmark: [ArmDensity; 2],
    /// Entries a week of the maintained over those of the others.
    pub by_landmark_ratio: Computed<RatioEstimate>,
    /// Entries in each week since the landmark, while both groups have at least five programs.
    pub weeks: Vec<DensityWeek>,
}

/// Entries in one state or group.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct ArmDensity {
    /// The state or group.
    pub exposure: Exposure,
    /// Programs.
    pub programs: usize,
    /// Days at risk.
    pub days: i64,
    /// Days with a pain entry among them.
    pub entries: usize,
    /// Entries a week; `None` without a day.
    pub per_week: Option<f64>,
    /// Median days from one entry to the next; `None` without two of them.
    pub median_gap: Option<i32>,
}

/// Entries in one week since the landmark.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct DensityWeek {
    /// The week, from 1.
    pub week: u32,
    /// Programs at risk to its end: not maintained, then maintained.
    pub n: [usize; 2],
    /// Their entries in it, on average.
    pub mean: [Estimate; 2],
}

/// Counts pain entries by exposure.
///
/// # Definition
/// *By day*: days at risk of which the exposure is known ([`exposure_spans`]) and days with a pain entry among them. *By landmark*: days from the
/// landmark to the end of the time at risk. The ratio of the rates is that of a Poisson model with the days as offset and errors by
/// patient. A gap between two entries belongs to the state in which it begins.
///
/// Who logs more has more chances that a flare is seen, and is seen earlier. A ratio away from 1 makes the groups differ in what
/// is detected.
///
/// # Edge cases
/// Not testable where a group has no day or no entry.
#[must_use]
pub fn analyze_density(logs: &Logs, cohort: &Cohort, settings: &Settings) -> LoggingDensity {
    let of_course = |course: &Course| (course_by_day(logs, course, settings), course_by_landmark(logs, course, settings));
    let counted: Vec<(Vec<Counted>, Option<Counted>)> = cohort.courses.par_iter().map(of_course).collect();
    let by_day: Vec<&Counted> = counted.iter().flat_map(|(by_day, _)| by_day).collect();
    let by_landmark: Vec<&Counted> = counted.iter().filter_map(|(_, by_landmark)| by_landmark.as_ref()).collect();
    let (level, arms) = (settings.model.level, [Exposure::NotMaintained, Exposure::Maintained]);
    LoggingDensity {
        by_day: arms.map(|exposure| arm(&by_day, exposure)),
        by_day_ratio: ratio(&by_day, level),
        by_landmark: arms.map(|exposure| arm(&by_landmark, exposure)),
        by_landmark_ratio: ratio(&by_landmark, level),
        weeks: weeks(&by_landmark, level),
    }
}

/// One course in one state.
#[derive(Clone, Debug)]
struct Counted {
    patient: usize,
    exposure: Exposure,
    days: i32,
    entries: usize,
    gaps: Vec<i32>,
    /// Entries in each whole week.
    weekly: Vec<u32>,
}

impl Counted {
    fn new(patient: usize, exposure: Exposure) -> Self {
        Self { patient, exposure, days: 0, entries: 0, gaps: vec![], weekly: vec![] }
    }

    /// Adds the days after `from` up to `to`.
    fn add(&mut self, days: &[i32], from: Day, to: Day) {
        let first = days.partition_point(|&day| day <= from.0);
        let end = days.partition_point(|&day| day <= to.0);
        self.days += to.days_since(from);
        self.entries += end.saturating_sub(first);
        self.gaps.extend((first..end).filter_map(|at| Some(days.get(at + 1)? - days[at])));
    }
}

fn pain_days<'a>(logs: &'a Logs, course: &Course) -> &'a [i32] {
    let rows = logs.pain.rows(course.patient);
    let days = &logs.pain.day[rows];
    // What is logged in the next program is not this one's.
    let end = course.next_start.map_or(days.len(), |next| days.partition_point(|&day| day < next.0));
    &days[..end]
}

fn course_by_day(logs: &Logs, course: &Course, settings: &Settings) -> Vec<Counted> {
    let Ok(follow_up) = course.follow_up else { return Vec::new() };
    let days = pain_days(logs, course);
    let mut states = [Exposure::NotMaintained, Exposure::Maintained].map(|exposure| Counted::new(course.patient, exposure));
    let mut open: Option<(Exposure, i32, i32)> = None;
    let [not_maintained, maintained] = &mut states;
    let mut close = |stretch: Option<(Exposure, i32, i32)>| {
        if let Some((exposure, from, to)) = stretch {
            let state = if exposure == Exposure::Maintained { &mut *maintained } else { &mut *not_maintained };
            state.add(days, follow_up.at_risk_from.plus(from), follow_up.at_risk_from.plus(to));
        }
    };
    for span in exposure_spans(course, &settings.maintenance) {
        let exposure = span.exposure(&settings.maintenance);
        match &mut open {
            Some((now, _, to)) if *now == exposure && *to == span.from => *to = span.to,
            _ => close(open.replace((exposure, span.from, span.to))),
        }
    }
    close(open);
    states.into_iter().filter(|state| state.days > 0).collect()
}

fn course_by_landmark(logs: &Logs, course: &Course, settings: &Settings) -> Option<Counted> {
    let fate = landmark_fate(course, settings.landmark.day, settings.landmark.origin, &settings.maintenance)?;
    let LandmarkFate::Member(member) = fate else { return None };
    let days = pain_days(logs, course);
    let mut counted = Counted::new(course.patient, member.exposure);
    counted.add(days, member.landmark, member.landmark.plus(member.days));
    let whole = usize::try_from(member.days / 7).unwrap_or(0).min(MOST_WEEKS);
    counted.weekly = (0..whole as i32)
        .map(|week| {
            let by = |days_on: i32| days.partition_point(|&day| day <= member.landmark.plus(days_on).0);
            by(7 * (week + 1)).saturating_sub(by(7 * week)) as u32
        })
        .collect();
    Some(counted)
}

fn arm(counted: &[&Counted], exposure: Exposure) -> ArmDensity {
    let of_arm = || counted.iter().filter(|course| course.exposure == exposure);
    let days: i64 = of_arm().map(|course| i64::from(course.days)).sum();
    let entries = of_arm().map(|course| course.entries).sum();
    let mut gaps: Vec<i32> = of_arm().flat_map(|course| &course.gaps).copied().collect();
    let middle = gaps.len().saturating_sub(1) / 2;
    let median_gap = (!gaps.is_empty()).then(|| *gaps.select_nth_unstable(middle).1);
    let per_week = (days > 0).then(|| entries as f64 * 7.0 / days as f64);
    ArmDensity { exposure, programs: of_arm().count(), days, entries, per_week, median_gap }
}

fn ratio(counted: &[&Counted], level: f64) -> Computed<RatioEstimate> {
    for (exposure, name) in [(Exposure::NotMaintained, "not kept up"), (Exposure::Maintained, "kept up")] {
        let arm = arm(counted, exposure);
        if arm.days == 0 || arm.entries == 0 {
            return Computed::NotTestable(format!("no pain entry stands on a day at risk with the exercise {name}"));
        }
    }
    poisson_ratio(counted, level).into()
}

fn poisson_ratio(counted: &[&Counted], level: f64) -> Result<RatioEstimate, StatsError> {
    let column = |value: &dyn Fn(&Counted) -> f64| counted.iter().map(|course| value(course)).collect::<Vec<f64>>();
    let outcome = column(&|course| course.entries as f64);
    let offset = column(&|course| f64::from(course.days).ln());
    let maintained = column(&|course| f64::from(course.exposure == Exposure::Maintained));
    let covariates = Covariates::new(vec!["maintained".to_owned()], vec![maintained])?;
    let cluster: Vec<usize> = counted.iter().map(|course| course.patient).collect();
    let observations = Observations::new(&outcome, &covariates).with_offset(&offset);
    let model = generalized_linear_model(&observations, Family::Poisson, Covariance::ClusterHc0(&cluster), level)?;
    model.coefficients.last().and_then(Coefficient::ratio).ok_or(StatsError::UndefinedVariance { what: "the ratio of the entries" })
}

fn weeks(counted: &[&Counted], level: f64) -> Vec<DensityWeek> {
    let arms = [Exposure::NotMaintained, Exposure::Maintained];
    let of_week = |week: usize| {
        let values = arms.map(|exposure| {
            let of_arm = counted.iter().filter(|course| course.exposure == exposure);
            of_arm.filter_map(|course| Some((course.patient, f64::from(*course.weekly.get(week)?)))).collect::<Vec<(usize, f64)>>()
        });
        if values.iter().any(|values| values.len() < FEWEST_SHOWN) {
            return None;
        }
        let [first, second] = &values;
        let mean = [clustered_mean(first, level)?.0, clustered_mean(second, level)?.0];
        Some(DensityWeek { week: week as u32 + 1, n: [first.len(), second.len()], mean })
    };
    (0..MOST_WEEKS).map_while(of_week).collect()
}
