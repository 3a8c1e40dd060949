//! The days before a recurrence against earlier days of the same patient (case-crossover).

use serde::Serialize;

use super::conditional_odds::{OddsRatio, SETS_A_TERM, SetRow, conditional_logistic, discordant, odds_ratio, too_few};
use super::risk_sets::{RiskSet, completion_of, day_of};
use crate::analysis::computed::Computed;
use crate::cohort::{Cohort, Course, Exposure, exposure_of, exposure_window};
use crate::domain::Day;
use crate::settings::{ExposureSettings, Settings};

/// Earlier windows a recurrence is compared with, at most.
const MOST_REFERENTS: i32 = 3;
/// Others at risk on the same day whose windows tell the trend.
const TREND_CONTROLS: usize = 2;

/// Each recurrence against earlier windows of the same patient.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct WithinPerson {
    /// Days between the window's end and the recurrence.
    pub lag: i32,
    /// Days of a window, and from one window to the next.
    pub window: i32,
    /// Recurrences.
    pub recurrences: usize,
    /// Those with at least one earlier window after completion and at risk.
    pub sets: usize,
    /// Their patients.
    pub patients: usize,
    /// Earlier windows they are compared with.
    pub referents: usize,
    /// Sets in which the exercise was kept up in some windows and not in others: only these tell anything.
    pub discordant: usize,
    /// Odds ratio of recurrence, kept up against not.
    pub maintained: Computed<OddsRatio>,
    /// The same freed of how everybody's exercise changes with time.
    pub maintained_over_trend: Computed<OverTrend>,
    /// Odds ratio of recurrence for each session a week more.
    pub per_session: Computed<OddsRatio>,
    /// The same freed of how everybody's exercise changes with time.
    pub per_session_over_trend: Computed<OverTrend>,
}

/// Case-time-control estimate.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OverTrend {
    /// Sets of patients without a recurrence on that day.
    pub control_sets: usize,
    /// Odds ratio of the windows now against earlier among them: the trend.
    pub trend: OddsRatio,
    /// Odds ratio of recurrence over the trend.
    pub ratio: OddsRatio,
}

/// Compares the exposure before each recurrence with that in earlier windows of the same patient.
///
/// # Definition
/// The case window is that by which the study's rule tells the exposure of the last day at risk before the recurrence ([`exposure_window`]:
/// it ends `lag` days earlier). Its referents are the windows of the days one, two and three times `window` days earlier: next to each
/// other and not overlapping, each of full length, wholly after completion, of a day at risk. Conditional logistic regression within the
/// patient: whatever stays the same in a patient cannot confound.
///
/// All referents lie before the case. Where exercise falls off with time, so does exposure, and the odds ratio falls below 1 without
/// any effect (trend bias). `…_over_trend` divides it by the odds ratio of the same windows of up to two others who were as long at risk on that
/// day (case-time-control): rows of cases and of these, terms exposure and exposure × case, errors by patient. Neither removes
/// reverse causation, nor what changes in a patient together with the exercise.
///
/// # Edge cases
/// Not testable below ten discordant sets, and where all of them differ in one direction (exercise that only ever stops cannot be compared
/// within a patient).
///
/// # References
/// Maclure (1991), Am J Epidemiol 133:144–153. Suissa (1995), Epidemiology 6:248–253. Greenland (1996), Epidemiology 7:231–239.
#[must_use]
pub fn analyze_within_person(cohort: &Cohort, sets: &[RiskSet], settings: &Settings) -> WithinPerson {
    let rule = &settings.maintenance;
    let mut rows: Vec<SetRow> = Vec::new();
    let mut others: Vec<SetRow> = Vec::new();
    let mut used = 0;
    for (set, risk) in sets.iter().enumerate() {
        let course = &cohort.courses[risk.case];
        let mine = windows(course, risk.day - 1, rule);
        if mine.len() < 2 {
            continue;
        }
        used += 1;
        rows.extend(set_rows(set, course.patient, &mine));
        let controls = risk.controls.iter().map(|&index| &cohort.courses[index]);
        let compared =
            controls.map(|course| (course.patient, windows(course, risk.day - 1, rule))).filter(|(_, windows)| windows.len() > 1);
        for (number, (patient, windows)) in compared.take(TREND_CONTROLS).enumerate() {
            others.extend(set_rows(sets.len() + set * TREND_CONTROLS + number, patient, &windows));
        }
    }
    let level = settings.model.level;
    let refusal =
        |rows: &[SetRow], term: usize, who: &str| too_few(discordant(rows, term), SETS_A_TERM, who).or_else(|| one_sided(rows, term));
    let one = |term: usize, name: &str, what: &str| {
        if let Some(reason) = refusal(&rows, term, what) {
            return Computed::NotTestable(reason);
        }
        let alone: Vec<SetRow> = rows.iter().map(|row| SetRow { values: vec![row.values[term]], ..*row }).collect();
        conditional_logistic(&alone, &[name.to_owned()], level).and_then(|fit| odds_ratio(&fit, 0)).into()
    };
    let over_trend = |term: usize, name: &str, what: &str| {
        let among_others = format!("among those without a recurrence, {what}");
        if let Some(reason) = refusal(&rows, term, what).or_else(|| refusal(&others, term, &among_others)) {
            return Computed::NotTestable(reason);
        }
        let of = |case: f64| move |row: &SetRow| SetRow { values: vec![row.values[term], case * row.values[term]], ..*row };
        let both: Vec<SetRow> = rows.iter().map(of(1.0)).chain(others.iter().map(of(0.0))).collect();
        let control_sets = others.iter().filter(|row| row.case).count();
        conditional_logistic(&both, &[name.to_owned(), format!("{name} × recurrence")], level)
            .and_then(|fit| Ok(OverTrend { control_sets, trend: odds_ratio(&fit, 0)?, ratio: odds_ratio(&fit, 1)? }))
            .into()
    };
    let mut patients: Vec<usize> = rows.iter().map(|row| row.patient).collect();
    patients.sort_unstable();
    patients.dedup();
    WithinPerson {
        lag: rule.lag,
        window: rule.window,
        recurrences: sets.len(),
        sets: used,
        patients: patients.len(),
        referents: rows.len() - used,
        discordant: discordant(&rows, 0),
        maintained: one(0, "maintained", KEPT_UP),
        maintained_over_trend: over_trend(0, "maintained", KEPT_UP),
        per_session: one(1, "sessions a week", SESSIONS),
        per_session_over_trend: over_trend(1, "sessions a week", SESSIONS),
    }
}

const KEPT_UP: &str = "whether the exercise was kept up";
const SESSIONS: &str = "the number of sessions";

/// Why sets that all differ in one direction have no odds ratio.
fn one_sided(rows: &[SetRow], term: usize) -> Option<String> {
    let (mut less, mut more) = (false, false);
    for set in rows.chunk_by(|one, other| one.set == other.set) {
        let Some(case) = set.iter().find(|row| row.case) else { continue };
        less |= set.iter().any(|row| row.values[term] > case.values[term] + 1e-9);
        more |= set.iter().any(|row| row.values[term] < case.values[term] - 1e-9);
    }
    let direction = match (less, more) {
        (true, false) => "less",
        (false, true) => "more",
        _ => return None,
    };
    Some(format!(
        "wherever the windows of a patient differ, the later one has {direction} exercise: what only ever goes one way cannot be compared within a patient; \
         it takes patients who stop and start again"
    ))
}

/// The windows of a day at risk and of days earlier, the latest first: exposure and sessions a week of each.
fn windows(course: &Course, day: i32, rule: &ExposureSettings) -> Vec<[f64; 2]> {
    let (Some(completion), Some(latest)) = (completion_of(course), day_of(course, day)) else { return Vec::new() };
    let of_day = |number: i32| -> Option<[f64; 2]> {
        let back = rule.window.checked_mul(number)?;
        let at_risk = day - back >= 0;
        let (from, to) = exposure_window(latest.plus(-back), completion, rule).filter(|&(from, to)| at_risk && full(from, to, rule))?;
        let done = course.sessions.done_between(from, to);
        let maintained = exposure_of(done, rule.window, rule) == Exposure::Maintained;
        Some([f64::from(maintained), done * 7.0 / f64::from(rule.window)])
    };
    (0..=MOST_REFERENTS).map_while(of_day).collect()
}

fn full(from: Day, to: Day, rule: &ExposureSettings) -> bool {
    to.days_since(from) + 1 == rule.window
}

fn set_rows(set: usize, patient: usize, windows: &[[f64; 2]]) -> impl Iterator<Item = SetRow> {
    windows.iter().enumerate().map(move |(number, values)| SetRow { set, case: number == 0, patient, values: values.to_vec() })
}
