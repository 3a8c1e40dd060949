//! Courses of pain over the cohort: trends with honest errors, patterns, pain-defined flares.

use rayon::prelude::*;
use serde::Serialize;

use crate::cohort::{Cohort, Course, CourseChange, NoPattern, Pattern, Severity};
use crate::domain::Tally;
use crate::ingest::Logs;
use crate::settings::Settings;
use crate::stats::{SeriesSlope, Summary, series_slope, summarize};

use super::computed::Computed;
use super::within_day::{WithinDaySpread, within_day};

/// Courses of the cohort.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PainCourses {
    /// Trends of daily pain in the program, patient by patient.
    pub trends: Computed<TrendCounts>,
    /// Severity and pattern of the courses.
    pub patterns: Computed<PatternTable>,
    /// Pain-defined flares.
    pub flares: Computed<FlareSummary>,
    /// How far the several scores of one day lie apart.
    pub within_day: Computed<WithinDaySpread>,
}

/// Daily least-squares slopes whose errors allow for autocorrelation, counted by direction.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TrendCounts {
    /// Patients with a slope.
    pub patients: usize,
    /// Programs with a slope.
    pub programs: usize,
    /// Programs with too few logs, or logs too alike, for a slope with an interval.
    pub without: usize,
    /// Interval below 0.
    pub falling: usize,
    /// Interval above 0.
    pub rising: usize,
    /// Interval around 0.
    pub unclear: usize,
    /// Slopes in points a week.
    pub slope: Summary,
    /// Correlation of a log with the next, the line taken off.
    pub autocorrelation: Summary,
    /// So many independent logs would tell as much, over the logs there are.
    pub effective_share: Summary,
}

/// Courses by severity and pattern.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PatternTable {
    /// Patients with a course that has a log.
    pub patients: usize,
    /// Courses with a log.
    pub programs: usize,
    /// Counts for each severity and pattern, in the order of the severities, then of the patterns.
    pub classes: Vec<PatternCount>,
    /// Courses without a pattern, by reason.
    pub unclassified: Vec<ReasonCount>,
    /// Courses by change.
    pub changes: Vec<ChangeCount>,
}

/// Courses of one severity and pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct PatternCount {
    /// Severity.
    pub severity: Severity,
    /// Pattern.
    pub pattern: Pattern,
    /// Courses.
    pub programs: usize,
}

/// Courses without a pattern for one reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct ReasonCount {
    /// Why.
    pub reason: NoPattern,
    /// Courses.
    pub programs: usize,
}

/// Courses with one change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct ChangeCount {
    /// The change.
    pub change: CourseChange,
    /// Courses.
    pub programs: usize,
}

/// Pain-defined flares of the cohort.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FlareSummary {
    /// Patients with a day that could be judged.
    pub patients: usize,
    /// Patients with a flare.
    pub patients_with: usize,
    /// Flares.
    pub flares: usize,
    /// Logged days in a flare.
    pub days: u64,
    /// Logged days that could be judged.
    pub judged_days: u64,
    /// Flares per 100 judged days, all patients together.
    pub per_100_days: f64,
    /// Flares per 100 judged days, over patients.
    pub rate: Summary,
    /// Days from the first to the last of a flare, both counted.
    pub length: Option<Summary>,
}

/// Analyzes the courses.
#[must_use]
pub(super) fn analyze_courses(logs: &Logs, cohort: &Cohort, settings: &Settings) -> PainCourses {
    PainCourses {
        trends: trends(logs, cohort, settings),
        patterns: patterns(logs, cohort),
        flares: flares(cohort),
        within_day: within_day(logs),
    }
}

/// Slope of daily pain in the program in points a week.
pub(super) fn daily_slope(logs: &Logs, course: &Course, settings: &Settings) -> Option<SeriesSlope> {
    let program = course.program?;
    let rows = course.pain_rows.clone();
    let days = &logs.pain.day[rows.clone()];
    let first = rows.start + days.partition_point(|&day| day < program.start.0);
    let end = rows.start + days.partition_point(|&day| day <= program.end.0);
    slope_of_rows(logs, first..end.max(first), settings.model.level)
}

/// Slope of the pain of these rows in points a week.
pub(super) fn slope_of_rows(logs: &Logs, rows: std::ops::Range<usize>, level: f64) -> Option<SeriesSlope> {
    let first = *logs.pain.day.get(rows.start)?;
    let weeks: Vec<f64> = rows.clone().map(|row| f64::from(logs.pain.day[row].saturating_sub(first)) / 7.0).collect();
    let scores: Vec<f64> = rows.map(|row| logs.pain.score(row)).collect();
    series_slope(&weeks, &scores, level).ok()
}

fn trends(logs: &Logs, cohort: &Cohort, settings: &Settings) -> Computed<TrendCounts> {
    let with_program: Vec<&Course> = cohort.courses.iter().filter(|course| course.program.is_some()).collect();
    let found: Vec<(usize, SeriesSlope)> = with_program
        .par_iter()
        .with_min_len(64)
        .filter_map(|course| Some((course.patient, daily_slope(logs, course, settings)?)))
        .collect();
    let tally = Tally::of(found.iter().map(|(patient, _)| *patient));
    let of = |part: fn(&SeriesSlope) -> f64| summarize(&found.iter().map(|(_, slope)| part(slope)).collect::<Vec<_>>());
    let (Ok(slope), Ok(autocorrelation), Ok(effective_share)) =
        (of(|slope| slope.slope), of(|slope| slope.autocorrelation), of(|slope| slope.effective_n / slope.n as f64))
    else {
        return Computed::NotTestable("no patient has enough pain logs in a program for a trend with an interval".to_owned());
    };
    let count = |keeps: fn(&SeriesSlope) -> bool| found.iter().filter(|(_, slope)| keeps(slope)).count();
    let (falling, rising) = (count(|slope| slope.interval.upper < 0.0), count(|slope| slope.interval.lower > 0.0));
    Computed::Value(TrendCounts {
        patients: tally.patients,
        programs: tally.programs,
        without: with_program.len() - found.len(),
        falling,
        rising,
        unclear: found.len() - falling - rising,
        slope,
        autocorrelation,
        effective_share,
    })
}

fn patterns(logs: &Logs, cohort: &Cohort) -> Computed<PatternTable> {
    if !logs.scale.is_zero_to_ten() {
        return Computed::NotTestable(format!(
            "patterns of pain are defined on a scale from 0 to 10, and pain was logged on {}",
            logs.scale.name
        ));
    }
    let logged: Vec<&Course> = cohort.courses.iter().filter(|course| course.trajectory.weeks > 0).collect();
    if logged.is_empty() {
        return Computed::NotTestable("no pain was logged".to_owned());
    }
    let tally = Tally::of(logged.iter().map(|course| course.patient));
    let count = |keeps: &dyn Fn(&Course) -> bool| logged.iter().filter(|course| keeps(course)).count();
    Computed::Value(PatternTable {
        patients: tally.patients,
        programs: tally.programs,
        classes: Severity::ALL
            .into_iter()
            .flat_map(|severity| Pattern::ALL.map(|pattern| (severity, pattern)))
            .map(|(severity, pattern)| PatternCount {
                severity,
                pattern,
                programs: count(&|course| course.trajectory.severity == Some(severity) && course.trajectory.pattern == Ok(pattern)),
            })
            .collect(),
        unclassified: NoPattern::ALL
            .into_iter()
            .map(|reason| ReasonCount { reason, programs: count(&|course| course.trajectory.pattern == Err(reason)) })
            .collect(),
        changes: CourseChange::ALL
            .into_iter()
            .map(|change| ChangeCount { change, programs: count(&|course| course.trajectory.change == Some(change)) })
            .collect(),
    })
}

fn flares(cohort: &Cohort) -> Computed<FlareSummary> {
    let (mut flares, mut days, mut judged_days, mut patients_with) = (0, 0_u64, 0_u64, 0);
    let (mut rates, mut lengths) = (Vec::new(), Vec::new());
    for patient in 0..cohort.n_patients() {
        let courses = cohort.of(patient);
        let judged: u64 = courses.iter().map(|course| u64::from(course.flares.judged_days)).sum();
        if judged == 0 {
            continue;
        }
        let own: usize = courses.iter().map(|course| course.flares.flares.len()).sum();
        flares += own;
        patients_with += usize::from(own > 0);
        days += courses.iter().map(|course| u64::from(course.flares.days())).sum::<u64>();
        judged_days += judged;
        rates.push(100.0 * own as f64 / judged as f64);
        lengths.extend(courses.iter().flat_map(|course| &course.flares.flares).map(|flare| f64::from(flare.to.days_since(flare.from) + 1)));
    }
    match summarize(&rates) {
        Err(_) => {
            Computed::NotTestable("no patient has seven pain logs before another one, so none has an average of their own".to_owned())
        }
        Ok(rate) => Computed::Value(FlareSummary {
            patients: rates.len(),
            patients_with,
            flares,
            days,
            judged_days,
            per_100_days: 100.0 * flares as f64 / judged_days as f64,
            rate,
            length: summarize(&lengths).ok(),
        }),
    }
}
