//! Exercise after the recurrence, which cannot have prevented it (negative-control exposure).

use serde::Serialize;

use super::conditional_odds::{OddsRatio, SETS_A_TERM, SetRow, conditional_logistic, discordant, odds_ratio, too_few};
use super::risk_sets::{RiskSet, completion_of, day_of, last_logged};
use crate::analysis::computed::Computed;
use crate::analysis::covariates::CovariateChoice;
use crate::analysis::usable_covariates::UsableCovariates;
use crate::cohort::{Cohort, Course, Exposure, exposure_of, exposure_window};
use crate::settings::{ExposureSettings, Settings};

/// Days from the recurrence to the first day of the later window. Most recurrences are over by then.
const FUTURE_GAP: i32 = 28;

/// Exposure later, and three terms of the exercise before.
const TERMS: usize = 4;

/// Exercise in a window after the recurrence, between those who recurred on a day and those at risk on it who did not.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NegativeControlExposure {
    /// First day of the later window, counted from the day of the recurrence.
    pub from: i32,
    /// Its last day.
    pub to: i32,
    /// Recurrences.
    pub recurrences: usize,
    /// Those compared: the patient still logs at the window's end, and so does another who was at risk.
    pub sets: usize,
    /// Sets the adjusted ratio rests on: the others lack a covariate.
    pub adjusted_sets: usize,
    /// Patients they are compared with, counted once for each recurrence.
    pub controls: usize,
    /// Recurrences of patients who log nothing any more at the window's end.
    pub not_followed: usize,
    /// Sets in which the later exercise differs.
    pub discordant: usize,
    /// Those of them that the adjusted ratio rests on.
    pub adjusted_discordant: usize,
    /// Odds ratio of the recurrence, exercise kept up in the later window against not, without regard to the exercise before.
    pub unadjusted: Computed<OddsRatio>,
    /// The same at equal exercise before the recurrence and equal covariates: 1 if only the exercise before it matters.
    pub adjusted: Computed<OddsRatio>,
    /// Covariates in the adjusted model beside the exercise before.
    pub covariates: Vec<String>,
    /// Those left out of it, each with the reason.
    pub dropped: Vec<String>,
}

/// Compares exercise after a recurrence, which cannot have prevented it.
///
/// # Definition
/// For every recurrence and up to ten patients at risk on its day who went on without one: *later* exposure is at least the
/// setting's sessions a week in the `window` days from the 29th day after that day on (days 29 to 56 with a window of 28). In the sets are
/// those who log pain or a session on the window's last day or after it. Conditional logistic regression within the sets;
/// adjusted for the exercise before the day (kept up or not by the study's rule, sessions a week in its window, sessions a week in the
/// days of the lag after it) and the covariates.
///
/// If the exercise before the day is all that connects exercise and recurrence, the later one adds nothing to it: the adjusted odds ratio is
/// 1, also where the exercise works and where who exercises now mostly exercises later. It departs from 1
/// - below, where those who exercise are patients who recur less anyway (healthy adherer): the later exercise shows who they are;
/// - below, where recurrences stop the exercise for long, and above, where they start it (exercise follows pain).
///
/// It does not tell these two apart, which is why it begins 28 days after the recurrence, when most are over, and is read beside the days
/// around the recurrence. Those who no longer log are not in it.
///
/// # Edge cases
/// Not testable with fewer than ten sets in which the later exercise differs.
///
/// # References
/// Lipsitch, Tchetgen Tchetgen & Cohen (2010), Epidemiology 21:383–388. Flanders, Klein, Darrow et al. (2011), Epidemiology
/// 22:59–67 (future exposure).
#[must_use]
pub fn analyze_negative_exposure(
    cohort: &Cohort,
    sets: &[RiskSet],
    covariates: &CovariateChoice,
    settings: &Settings,
) -> NegativeControlExposure {
    let rule = &settings.maintenance;
    let of_course = |index: usize, day: i32| Some((index, exposures(&cohort.courses[index], day, rule)?));
    let mut members: Vec<(usize, bool, usize, [f64; TERMS])> = Vec::new();
    let (mut used, mut not_followed) = (0, 0);
    for (set, risk) in sets.iter().enumerate() {
        let Some((case, values)) = of_course(risk.case, risk.day) else {
            not_followed += usize::from(!followed(&cohort.courses[risk.case], risk.day, rule));
            continue;
        };
        let before = members.len();
        members.extend(
            risk.controls.iter().filter_map(|&index| of_course(index, risk.day)).map(|(index, values)| (set, false, index, values)),
        );
        if members.len() > before {
            members.push((set, true, case, values));
            used += 1;
        }
    }
    let row = |&(set, case, index, _): &(usize, bool, usize, [f64; TERMS]), values: Vec<f64>| {
        let patient = cohort.courses[index].patient;
        SetRow { set, case, patient, values }
    };
    let alone: Vec<SetRow> = members.iter().map(|member| row(member, vec![member.3[0]])).collect();
    let what = "the exercise after the recurrence";
    let differing = discordant(&alone, 0);
    let level = settings.model.level;
    let mut courses: Vec<usize> = members.iter().map(|member| member.2).collect();
    courses.sort_unstable();
    courses.dedup();
    let adjustment = UsableCovariates::of(covariates, cohort, &courses);
    let complete: Vec<SetRow> = members
        .iter()
        .filter_map(|member| Some(row(member, member.3.iter().copied().chain(adjustment.values(member.2)?).collect())))
        .collect();
    let exercise = ["maintained later", "maintained before", "sessions a week before", "sessions a week in the lag"];
    let names: Vec<String> = exercise.map(str::to_owned).into_iter().chain(adjustment.names.clone()).collect();
    let told = informative(&complete, names.len());
    let adjusted = || {
        if let Some(reason) = too_few(discordant(&complete, 0), SETS_A_TERM, what) {
            return Computed::NotTestable(reason);
        }
        fit_of(&complete, &names, &told, level)
    };
    let unadjusted = || match too_few(differing, SETS_A_TERM, what) {
        Some(reason) => Computed::NotTestable(reason),
        None => fit_of(&alone, &names[..1], &[0], level),
    };
    NegativeControlExposure {
        from: FUTURE_GAP + 1,
        to: FUTURE_GAP + rule.window,
        recurrences: sets.len(),
        sets: used,
        adjusted_sets: complete_sets(&complete),
        controls: members.len() - used,
        not_followed,
        discordant: differing,
        adjusted_discordant: discordant(&complete, 0),
        unadjusted: unadjusted(),
        adjusted: adjusted(),
        covariates: told.iter().filter(|&&term| term >= TERMS).map(|&term| names[term].clone()).collect(),
        dropped: adjustment.dropped,
    }
}

/// The terms that some set can tell something of (a past exposure may be the same in all), and the first.
fn informative(rows: &[SetRow], terms: usize) -> Vec<usize> {
    (0..terms).filter(|&term| term == 0 || discordant(rows, term) > 0).collect()
}

/// Sets that hold their case and somebody else.
fn complete_sets(rows: &[SetRow]) -> usize {
    rows.chunk_by(|one, other| one.set == other.set).filter(|set| set.len() > 1 && set.iter().any(|row| row.case)).count()
}

/// The first term's odds ratio in a model of the terms asked for.
fn fit_of(rows: &[SetRow], names: &[String], terms: &[usize], level: f64) -> Computed<OddsRatio> {
    let kept: Vec<SetRow> =
        rows.iter().map(|row| SetRow { values: terms.iter().map(|&term| row.values[term]).collect(), ..*row }).collect();
    let names: Vec<String> = terms.iter().map(|&term| names[term].clone()).collect();
    conditional_logistic(&kept, &names, level).and_then(|fit| odds_ratio(&fit, 0)).into()
}

fn followed(course: &Course, day: i32, rule: &ExposureSettings) -> bool {
    day_of(course, day).is_some_and(|day| last_logged(course) >= Some(day.plus(FUTURE_GAP + rule.window)))
}

/// Exposure later, and exposure before a day at risk: kept up or not, sessions a week in its window, and in the days of the lag after it.
/// `None` where one of them is not known.
fn exposures(course: &Course, day: i32, rule: &ExposureSettings) -> Option<[f64; TERMS]> {
    let (completion, of_day) = (completion_of(course)?, day_of(course, day)?);
    if !followed(course, day, rule) {
        return None;
    }
    let (from, to) = exposure_window(of_day.plus(-1), completion, rule)?;
    let days = to.days_since(from) + 1;
    let before = course.sessions.done_between(from, to);
    let later = course.sessions.done_between(of_day.plus(FUTURE_GAP + 1), of_day.plus(FUTURE_GAP + rule.window));
    let recent = course.sessions.done_between(to.plus(1), of_day.plus(-1)) * 7.0 / f64::from(rule.lag.max(1));
    let kept_up = |done: f64, days: i32| f64::from(exposure_of(done, days, rule) == Exposure::Maintained);
    Some([kept_up(later, rule.window), kept_up(before, days), before * 7.0 / f64::from(days), recent])
}
