//! Recurrence over the cohort: who is at risk, the curve, and what ended follow-up.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::cohort::{Cohort, FollowUp, FollowUpEnd};
use crate::domain::{CensorReason, Counted, Exclusion, Tally};
use crate::ingest::Logs;
use crate::settings::Settings;
use crate::stats::survival::{CurveEstimator, CurveInterval, CurvePoint, QuantileEstimate, SurvivalCurve, TimeToEvent, curve};
use crate::stats::{Summary, summarize};

use super::bias::{BiasAnalysis, Compared, analyze_bias};
use super::clusters::Clusters;
use super::comparison::GroupComparison;
use super::computed::Computed;
use super::covariates::CovariateChoice;
use super::dose_response::{DoseResponse, analyze_dose_response};
use super::exits::{ExitAnalysis, analyze_exits};
use super::interval_censored::{IntervalCensoredCurve, analyze_interval_censored};
use super::landmark::{LandmarkAnalysis, analyze_landmark, analyze_naive};
use super::limiting::{LimitingComparison, analyze_limiting};
use super::repeated_recurrence::{RepeatedRecurrence, analyze_repeated};
use super::time_varying::{TimeVaryingAnalysis, analyze_time_varying};
use super::weighting::{CloneCensorWeight, WeightedLandmark, clone_censor_weight, weighted_landmark};

/// Recurrence of the cohort.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RecurrenceAnalysis {
    /// Patients of the study.
    pub patients: usize,
    /// Their programs; a patient without any counts as one.
    pub programs: usize,
    /// Excluded programs, by the first reason that fits. `programs = at_risk + Σ excluded`.
    pub excluded: Vec<Excluded>,
    /// Programs after which the patient was at risk.
    pub at_risk: usize,
    /// Patients of these programs.
    pub patients_at_risk: usize,
    /// Recurrences after them.
    pub recurrences: usize,
    /// Patients with a recurrence.
    pub patients_recurred: usize,
    /// Censored programs, by reason. `at_risk = recurrences + Σ censored`.
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
    /// The comparison by the exposure of each day.
    pub time_varying: TimeVaryingAnalysis,
    /// The core comparison by weights.
    pub weighted: Computed<WeightedLandmark>,
    /// Keeping it up against dropping it, by clone, censor and weight.
    pub clone_censor_weight: Computed<CloneCensorWeight>,
    /// All recurrences, the first and later ones.
    pub repeated: RepeatedRecurrence,
    /// What else ended the time at risk, as competing exits.
    pub exits: ExitAnalysis,
    /// Curves that know a recurrence only to lie between two logs: everybody at risk, then the arms of the landmark comparison.
    pub between_logs: Vec<Computed<IntervalCensoredCurve>>,
    /// Recurrence that limits activity beside recurrence by the score, where that is logged.
    pub limiting: Computed<LimitingComparison>,
    /// The biased one.
    pub naive: Computed<GroupComparison>,
    /// The hazard by sessions a week.
    pub dose: DoseResponse,
    /// What could mislead.
    pub bias: BiasAnalysis,
}

/// Programs excluded for one reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Excluded {
    /// Why.
    pub reason: Exclusion,
    /// Their patients.
    pub patients: usize,
    /// How many.
    pub programs: usize,
}

/// Programs censored for one reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Censored {
    /// Why.
    pub reason: CensorReason,
    /// Their patients.
    pub patients: usize,
    /// How many.
    pub programs: usize,
}

impl RecurrenceAnalysis {
    /// What is counted: patients, or programs where some patient has several.
    #[must_use]
    pub fn counted(&self) -> Counted {
        Counted::of(self.programs, self.patients)
    }

    /// Whether some patient is at risk after more than one program, so that errors are worked out by patient.
    #[must_use]
    pub fn clustered(&self) -> bool {
        self.at_risk > self.patients_at_risk
    }
}

/// Analyzes recurrence after completion.
#[must_use]
pub fn analyze_recurrence(logs: &Logs, cohort: &Cohort, covariates: CovariateChoice, settings: &Settings) -> RecurrenceAnalysis {
    let mut excluded: BTreeMap<Exclusion, Tally> = BTreeMap::new();
    let mut censored: BTreeMap<CensorReason, Tally> = BTreeMap::new();
    let mut at_risk: Vec<(usize, FollowUp)> = Vec::new();
    let mut days_to_risk = Vec::new();
    for course in &cohort.courses {
        match course.follow_up {
            Err(reason) => excluded.entry(reason).or_default().add(course.patient),
            Ok(follow_up) => {
                if let FollowUpEnd::Censored(reason) = follow_up.ended_by {
                    censored.entry(reason).or_default().add(course.patient);
                }
                if let Some(Ok(completion)) = course.program.map(|program| program.completion) {
                    days_to_risk.push(f64::from(follow_up.at_risk_from.days_since(completion)));
                }
                at_risk.push((course.patient, follow_up));
            }
        }
    }
    let curve = recurrence_curve(&at_risk, &excluded, settings.model.level, false);
    let reversed = recurrence_curve(&at_risk, &excluded, settings.model.level, true);
    let times = settings.model.times.clone();
    let landmark = analyze_landmark(cohort, &covariates, settings);
    let time_varying = analyze_time_varying(cohort, &covariates, settings);
    let naive = analyze_naive(cohort, &covariates, settings);
    let compared = Compared { landmark: &landmark, time_varying: &time_varying, naive: &naive };
    let bias = analyze_bias(logs, cohort, &covariates, &compared, settings);
    let recurred = Tally::of(at_risk.iter().filter(|(_, follow_up)| follow_up.recurred()).map(|(patient, _)| *patient));
    let cause_specific = landmark.comparison.value().and_then(|comparison| comparison.unadjusted.value());
    let (weighted, clone_censor_weight) =
        rayon::join(|| weighted_landmark(logs, cohort, &covariates, settings), || clone_censor_weight(logs, cohort, &covariates, settings));
    RecurrenceAnalysis {
        patients: cohort.n_patients(),
        programs: cohort.courses.len(),
        excluded: excluded
            .into_iter()
            .map(|(reason, tally)| Excluded { reason, patients: tally.patients, programs: tally.programs })
            .collect(),
        at_risk: at_risk.len(),
        patients_at_risk: Tally::of(at_risk.iter().map(|(patient, _)| *patient)).patients,
        recurrences: recurred.programs,
        patients_recurred: recurred.patients,
        censored: censored
            .into_iter()
            .map(|(reason, tally)| Censored { reason, patients: tally.patients, programs: tally.programs })
            .collect(),
        days_to_risk: if days_to_risk.is_empty() {
            Computed::NotTestable("no patient is at risk of recurrence".to_owned())
        } else {
            summarize(&days_to_risk).into()
        },
        median: curve.value().map(SurvivalCurve::median),
        at: times.iter().map(|&time| curve.value().and_then(|curve| curve.at(time))).collect(),
        median_follow_up: reversed.value().map(SurvivalCurve::median),
        weighted,
        clone_censor_weight,
        dose: analyze_dose_response(cohort, &covariates, settings),
        bias,
        repeated: analyze_repeated(cohort, &covariates, settings),
        exits: analyze_exits(cohort, |time| curve.value()?.at(time).map(|point| point.estimate), cause_specific, settings),
        limiting: analyze_limiting(cohort, &covariates, settings),
        between_logs: analyze_interval_censored(cohort, settings),
        landmark,
        time_varying,
        naive,
        times,
        curve,
        covariates,
    }
}

fn recurrence_curve(
    at_risk: &[(usize, FollowUp)],
    excluded: &BTreeMap<Exclusion, Tally>,
    level: f64,
    reversed: bool,
) -> Computed<SurvivalCurve> {
    if at_risk.is_empty() {
        return Computed::NotTestable(nobody_at_risk(excluded));
    }
    let time = at_risk.iter().map(|(_, follow_up)| f64::from(follow_up.days())).collect();
    let event = at_risk.iter().map(|(_, follow_up)| follow_up.recurred() != reversed).collect();
    let cluster = Clusters::of(at_risk.iter().map(|(patient, _)| *patient)).of_row;
    TimeToEvent::new(time, event)
        .and_then(|rows| curve(&rows, CurveEstimator::KaplanMeier, CurveInterval::LogLog, level, cluster.as_deref()))
        .into()
}

/// Why nobody is at risk: the commonest exclusion, and what to log to change it.
fn nobody_at_risk(excluded: &BTreeMap<Exclusion, Tally>) -> String {
    let commonest = excluded.iter().max_by_key(|(reason, tally)| (tally.programs, std::cmp::Reverse(**reason)));
    match commonest.map(|(reason, _)| *reason) {
        Some(Exclusion::NoCompletion | Exclusion::NoProgram) => {
            "not testable: no completion. No patient's program has a known end; log completed_on in programs.csv, or the phase of each session"
                .to_owned()
        }
        Some(reason) => format!("not testable: no patient is at risk of recurrence; the commonest reason is \"{reason}\""),
        None => "not testable: the study has no patients".to_owned(),
    }
}
