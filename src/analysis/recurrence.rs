//! Recurrence over the cohort: who is at risk, the curve, and what ended follow-up.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::cohort::{Cohort, FollowUp, FollowUpEnd};
use crate::domain::{CensorReason, Exclusion};
use crate::settings::Settings;
use crate::stats::survival::{CurveInterval, CurvePoint, QuantileEstimate, SurvivalCurve, TimeToEvent, kaplan_meier};
use crate::stats::{Summary, summarize};

use super::comparison::GroupComparison;
use super::computed::Computed;
use super::covariates::CovariateChoice;
use super::landmark::{LandmarkAnalysis, analyze_landmark, analyze_naive};

/// Recurrence of the cohort.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RecurrenceAnalysis {
    /// Patients of the study.
    pub patients: usize,
    /// Excluded, by the first reason that fits. `patients = at_risk + Σ excluded`.
    pub excluded: Vec<Excluded>,
    /// Patients at risk.
    pub at_risk: usize,
    /// Recurrences among them.
    pub recurrences: usize,
    /// Censored, by reason. `at_risk = recurrences + Σ censored`.
    pub censored: Vec<Censored>,
    /// Days from completion to the first day at risk.
    pub days_to_risk: Computed<Summary>,
    /// Kaplan–Meier curve from the first day at risk.
    pub curve: Computed<SurvivalCurve>,
    /// Median time to recurrence.
    pub median: Option<QuantileEstimate>,
    /// The tabled days.
    pub times: Vec<f64>,
    /// Recurrence-free probability at those days; `None` beyond the last follow-up.
    pub at: Vec<Option<CurvePoint>>,
    /// Median follow-up by the reversed curve (recurrences as censorings).
    pub median_follow_up: Option<QuantileEstimate>,
    /// What the hazard ratios are adjusted for.
    pub covariates: CovariateChoice,
    /// The core comparison.
    pub landmark: LandmarkAnalysis,
    /// The biased one.
    pub naive: Computed<GroupComparison>,
}

/// Patients excluded for one reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Excluded {
    /// Why.
    pub reason: Exclusion,
    /// How many.
    pub patients: usize,
}

/// Patients censored for one reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Censored {
    /// Why.
    pub reason: CensorReason,
    /// How many.
    pub patients: usize,
}

/// Analyzes recurrence after completion.
#[must_use]
pub fn analyze_recurrence(cohort: &Cohort, covariates: CovariateChoice, settings: &Settings) -> RecurrenceAnalysis {
    let mut excluded: BTreeMap<Exclusion, usize> = BTreeMap::new();
    let mut censored: BTreeMap<CensorReason, usize> = BTreeMap::new();
    let mut at_risk: Vec<FollowUp> = Vec::new();
    let mut days_to_risk = Vec::new();
    for course in &cohort.courses {
        match course.follow_up {
            Err(reason) => *excluded.entry(reason).or_default() += 1,
            Ok(follow_up) => {
                if let FollowUpEnd::Censored(reason) = follow_up.ended_by {
                    *censored.entry(reason).or_default() += 1;
                }
                if let Some(Ok(completion)) = course.program.map(|program| program.completion) {
                    days_to_risk.push(f64::from(follow_up.at_risk_from.days_since(completion)));
                }
                at_risk.push(follow_up);
            }
        }
    }
    let curve = recurrence_curve(&at_risk, &excluded, settings.model.level, false);
    let reversed = recurrence_curve(&at_risk, &excluded, settings.model.level, true);
    let times = settings.model.times.clone();
    RecurrenceAnalysis {
        patients: cohort.courses.len(),
        excluded: excluded.into_iter().map(|(reason, patients)| Excluded { reason, patients }).collect(),
        at_risk: at_risk.len(),
        recurrences: at_risk.iter().filter(|follow_up| follow_up.recurred()).count(),
        censored: censored.into_iter().map(|(reason, patients)| Censored { reason, patients }).collect(),
        days_to_risk: if days_to_risk.is_empty() {
            Computed::NotTestable("no patient is at risk of recurrence".to_owned())
        } else {
            summarize(&days_to_risk).into()
        },
        median: curve.value().map(SurvivalCurve::median),
        at: times.iter().map(|&time| curve.value().and_then(|curve| curve.at(time))).collect(),
        times,
        curve,
        median_follow_up: reversed.value().map(SurvivalCurve::median),
        landmark: analyze_landmark(cohort, &covariates, settings),
        naive: analyze_naive(cohort, &covariates, settings),
        covariates,
    }
}

fn recurrence_curve(at_risk: &[FollowUp], excluded: &BTreeMap<Exclusion, usize>, level: f64, reversed: bool) -> Computed<SurvivalCurve> {
    if at_risk.is_empty() {
        return Computed::NotTestable(nobody_at_risk(excluded));
    }
    let time = at_risk.iter().map(|follow_up| f64::from(follow_up.days())).collect();
    let event = at_risk.iter().map(|follow_up| follow_up.recurred() != reversed).collect();
    TimeToEvent::new(time, event).and_then(|rows| kaplan_meier(&rows, CurveInterval::LogLog, level)).into()
}

/// Why nobody is at risk: the commonest exclusion, and what to log to change it.
fn nobody_at_risk(excluded: &BTreeMap<Exclusion, usize>) -> String {
    let commonest = excluded.iter().max_by_key(|(reason, patients)| (**patients, std::cmp::Reverse(**reason)));
    match commonest.map(|(reason, _)| *reason) {
        Some(Exclusion::NoCompletion | Exclusion::NoProgram) => {
            "not testable: no completion. No patient's program has a known end; log completed_on in programs.csv, or the phase of each session"
                .to_owned()
        }
        Some(reason) => format!("not testable: no patient is at risk of recurrence; the commonest reason is \"{reason}\""),
        None => "not testable: the study has no patients".to_owned(),
    }
}
