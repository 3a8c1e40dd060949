//! How programs ended, in columns: what claims about the program itself compare.

use crate::cohort::{Cohort, Course};
use crate::domain::Exclusion;
use crate::settings::{PainSettings, Settings};

/// Columns with one value per course of the cohort. An ongoing program has no end, so no outcome.
#[derive(Clone, Debug, PartialEq)]
pub struct ProgramEnds {
    /// Why a course has no end of a program: no program start is known, or it is still going on.
    pub not_ended: Vec<Option<Exclusion>>,
    /// Mean pain of the baseline days.
    pub baseline: Vec<Option<f64>>,
    /// Pain in the last days of the program, where baseline and end are logged.
    pub pain: Vec<Option<f64>>,
    /// The same; where the end is not logged, the mean of the last week with a log in the program.
    pub last_pain: Vec<Option<f64>>,
    /// The same; where the end is not logged, the baseline: as if nothing had changed.
    pub unchanged_pain: Vec<Option<f64>>,
    /// Change from baseline to the end.
    pub change: Vec<Option<f64>>,
    /// 1 for an important change, else 0; who has no log at the end did not respond.
    pub responded: Vec<Option<f64>>,
    /// The same among those with a log at the end.
    pub responded_observed: Vec<Option<f64>>,
    /// Weeks from start to end of the program.
    pub weeks: Vec<Option<f64>>,
}

impl ProgramEnds {
    /// Reads the ends off a cohort.
    #[must_use]
    pub fn of(cohort: &Cohort, settings: &Settings) -> Self {
        let column = |part: &dyn Fn(&Course) -> Option<f64>| -> Vec<Option<f64>> {
            cohort.courses.iter().map(|course| if not_ended(course).is_some() { None } else { part(course) }).collect()
        };
        let baseline = |course: &Course| course.pain.as_ref()?.baseline.map(|(pain, _)| pain);
        let end = |course: &Course| baseline(course).and(course.pain.as_ref()?.end);
        let last = |course: &Course| course.pain.as_ref()?.weeks.last().map(|week| week.mean);
        Self {
            not_ended: cohort.courses.iter().map(not_ended).collect(),
            baseline: column(&baseline),
            pain: column(&end),
            last_pain: column(&|course| end(course).or_else(|| baseline(course).and(last(course)))),
            unchanged_pain: column(&|course| end(course).or_else(|| baseline(course))),
            change: column(&|course| Some(end(course)? - baseline(course)?)),
            responded: column(&|course| responded(course, &settings.pain).map(f64::from)),
            responded_observed: column(&|course| end(course).and_then(|_| responded(course, &settings.pain)).map(f64::from)),
            weeks: column(&|course| course.program.map(|program| f64::from(program.end.days_since(program.start) + 1) / 7.0)),
        }
    }
}

/// Why a course has no end of a program.
#[must_use]
pub fn not_ended(course: &Course) -> Option<Exclusion> {
    match course.program.map(|program| program.completion) {
        None => Some(Exclusion::NoProgram),
        Some(Err(Exclusion::ProgramOngoing)) => Some(Exclusion::ProgramOngoing),
        Some(_) => None,
    }
}

/// Whether a program ended with an important change; no pain logged at its end counts as none (non-responder imputation). `None`
/// without a baseline high enough for a share of it to have a meaning, and while the program is going on.
#[must_use]
pub fn responded(course: &Course, rule: &PainSettings) -> Option<bool> {
    if not_ended(course).is_some() {
        return None;
    }
    let pain = course.pain.as_ref()?;
    let (baseline, _) = pain.baseline?;
    if baseline < rule.share_from_baseline {
        return None;
    }
    let fall = pain.end.map_or(0.0, |end| baseline - end);
    Some(pain.end.is_some() && fall >= rule.important_points - 1e-9 && fall >= rule.important_share * baseline - 1e-9)
}
