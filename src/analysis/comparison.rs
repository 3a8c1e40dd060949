//! Those who kept the exercise up beside those who did not: curves, restricted mean time, log-rank, hazard ratios.

use serde::Serialize;

use crate::cohort::Exposure;
use crate::domain::Counted;
use crate::settings::ModelSettings;
use crate::stats::resampling::clustered_rmst_difference;
use crate::stats::survival::{
    Covariates, CoxFit, CoxModel, CoxOptions, CurveEstimator, CurveInterval, CurvePoint, QuantileEstimate, RmstDifference, SurvivalCurve,
    Ties, TimeToEvent, TimeTransform, curve, log_rank, rmst_difference,
};
use crate::stats::{Interval, StatsError, TestResult};

use super::clusters::Clusters;
use super::computed::Computed;
use super::covariates::CovariateChoice;

/// One program in a comparison, or a part of its time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MaintainedRow {
    /// Index of the course.
    pub course: usize,
    /// Index of the patient.
    pub patient: usize,
    /// Days from time zero to the row's first day; above 0 where a program is compared from later on, or in several rows.
    pub from: i32,
    /// Days from time zero to recurrence, censoring or the end of the row.
    pub days: i32,
    /// Whether it ended in a recurrence.
    pub recurred: bool,
    /// Group.
    pub exposure: Exposure,
}

/// One group of a comparison.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct GroupOutcome {
    /// `maintained` or `not maintained`.
    pub label: String,
    /// Group.
    pub exposure: Exposure,
    /// Kaplan–Meier curve of being free of recurrence (with its n and events).
    pub curve: SurvivalCurve,
    /// Median time to recurrence.
    pub median: QuantileEstimate,
    /// Recurrence-free probability at the tabled days.
    pub at: Vec<Option<CurvePoint>>,
}

/// A hazard ratio, maintained against not maintained.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct HazardRatio {
    /// The ratio; below 1 is fewer recurrences among those who kept it up.
    pub hazard_ratio: f64,
    /// Its interval.
    pub interval: Interval,
    /// Two-sided Wald p value.
    pub p_value: f64,
    /// Programs in the model (one per patient, as a rule).
    pub n: usize,
    /// Their patients; if fewer, the errors are robust ones by patient.
    pub patients: usize,
    /// Recurrences among them.
    pub n_events: usize,
}

/// An adjusted hazard ratio and its model.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AdjustedHazard {
    /// The exposure's ratio.
    pub ratio: HazardRatio,
    /// Covariates in the model beside the exposure.
    pub covariates: Vec<String>,
    /// Covariates left out of the model, each with the reason.
    pub dropped: Vec<String>,
    /// Programs left out because a covariate is missing.
    pub missing_covariate: usize,
    /// Test that the exposure's ratio is the same at all times (`cox.zph` on the scale of the curve); `None` of rows that enter late.
    pub proportional_hazards: Option<TestResult>,
    /// The whole fit, exposure last.
    pub fit: CoxFit,
}

/// Two groups compared from a time zero.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct GroupComparison {
    /// Programs compared.
    pub n: usize,
    /// Their patients; if fewer, errors are worked out by patient.
    pub patients: usize,
    /// Recurrences among them.
    pub n_events: usize,
    /// Not maintained, then maintained; only groups that have members.
    pub groups: Vec<GroupOutcome>,
    /// The tabled days.
    pub times: Vec<f64>,
    /// Log-rank test; with several programs of a patient its robust form (score test of the Cox model, clusters are patients).
    pub log_rank: Computed<TestResult>,
    /// Restricted mean recurrence-free days, maintained less not maintained.
    pub rmst: Computed<RmstDifference>,
    /// Hazard ratio without covariates.
    pub unadjusted: Computed<HazardRatio>,
    /// Hazard ratio with covariates.
    pub adjusted: Computed<AdjustedHazard>,
}

impl GroupComparison {
    /// What is compared: patients, or programs where some patient has several.
    #[must_use]
    pub fn counted(&self) -> Counted {
        Counted::of(self.n, self.patients)
    }

    /// The group with this exposure.
    #[must_use]
    pub fn group(&self, exposure: Exposure) -> Option<&GroupOutcome> {
        self.groups.iter().find(|group| group.exposure == exposure)
    }

    /// The adjusted hazard ratio, else the unadjusted one.
    #[must_use]
    pub fn hazard_ratio(&self) -> Option<&HazardRatio> {
        self.adjusted.value().map(|adjusted| &adjusted.ratio).or_else(|| self.unadjusted.value())
    }
}

/// Compares the two groups.
///
/// # Errors
/// [`StatsError`] if there is nobody to compare.
pub fn compare(rows: &[MaintainedRow], covariates: &CovariateChoice, settings: &ModelSettings) -> Result<GroupComparison, StatsError> {
    let outcome = |rows: &[&MaintainedRow]| {
        TimeToEvent::new(rows.iter().map(|row| f64::from(row.days)).collect(), rows.iter().map(|row| row.recurred).collect())
    };
    let Clusters { patients: n_patients, of_row: cluster } = Clusters::of(rows.iter().map(|row| row.patient));
    let (mut groups, mut outcomes, mut clusters_of) = (Vec::new(), Vec::new(), Vec::new());
    for (exposure, label) in [(Exposure::NotMaintained, "not maintained"), (Exposure::Maintained, "maintained")] {
        let places: Vec<usize> = (0..rows.len()).filter(|&place| rows[place].exposure == exposure).collect();
        if places.is_empty() {
            continue;
        }
        let members: Vec<&MaintainedRow> = places.iter().map(|&place| &rows[place]).collect();
        let group = outcome(&members)?;
        let cluster: Option<Vec<usize>> = cluster.as_ref().map(|cluster| places.iter().map(|&place| cluster[place]).collect());
        let curve = curve(&group, CurveEstimator::KaplanMeier, CurveInterval::LogLog, settings.level, cluster.as_deref())?;
        groups.push(GroupOutcome {
            label: label.to_owned(),
            exposure,
            median: curve.median(),
            at: settings.times.iter().map(|&time| curve.at(time)).collect(),
            curve,
        });
        outcomes.push(group);
        clusters_of.extend(cluster);
    }
    let n_events = rows.iter().filter(|row| row.recurred).count();
    let (log_rank, rmst, unadjusted, adjusted) = if let ([not_maintained, maintained], [first, second]) = (&groups[..], &outcomes[..]) {
        let horizon = settings.horizon.min(not_maintained.curve.last_time()).min(maintained.curve.last_time());
        let rmst = match &clusters_of[..] {
            [one, two] => clustered_rmst_difference((first, one), (second, two), horizon, settings.level),
            _ => rmst_difference(&not_maintained.curve, &maintained.curve, horizon),
        };
        (
            if cluster.is_some() { robust_log_rank(rows, settings) } else { log_rank(&[first, second]).map(|result| result.test) }.into(),
            rmst.into(),
            unadjusted_ratio(rows, settings).into(),
            adjusted_ratio(rows, covariates, settings),
        )
    } else {
        let counted = Counted::of(rows.len(), n_patients);
        let reason = groups.first().map_or_else(
            || "nobody is left to compare".to_owned(),
            |group| {
                format!("all {} {} are in one group ({}), so there is nothing to compare", group.curve.n, counted.plural(), group.label)
            },
        );
        let none = || reason.clone();
        (Computed::NotTestable(none()), Computed::NotTestable(none()), Computed::NotTestable(none()), Computed::NotTestable(none()))
    };
    if rows.is_empty() {
        return Err(StatsError::EmptySample);
    }
    let times = settings.times.clone();
    Ok(GroupComparison { n: rows.len(), patients: n_patients, n_events, groups, times, log_rank, rmst, unadjusted, adjusted })
}

/// The log-rank test where some patient has several rows: its numerator is the score of a Cox model with Breslow ties, and its
/// error is that of the patients' sums of scores.
fn robust_log_rank(rows: &[MaintainedRow], settings: &ModelSettings) -> Result<TestResult, StatsError> {
    let rows: Vec<&MaintainedRow> = rows.iter().collect();
    let fit = cox_by_patient(&rows, vec![], vec![], Ties::Breslow, settings.level)?.0.fit;
    fit.robust_score.ok_or(StatsError::UndefinedVariance { what: "the robust log-rank test" })
}

/// Cox model of the covariates given and, last, the exposure; with errors by patient where one has several rows.
fn cox_by_patient(
    rows: &[&MaintainedRow],
    mut names: Vec<String>,
    mut columns: Vec<Vec<f64>>,
    ties: Ties,
    level: f64,
) -> Result<(CoxModel, TimeToEvent), StatsError> {
    let time = rows.iter().map(|row| f64::from(row.days)).collect();
    let mut outcome = TimeToEvent::new(time, rows.iter().map(|row| row.recurred).collect())?;
    if rows.iter().any(|row| row.from > 0) {
        outcome = outcome.with_entry(rows.iter().map(|row| f64::from(row.from)).collect())?;
    }
    names.push("maintained".to_owned());
    columns.push(rows.iter().map(|row| f64::from(row.exposure == Exposure::Maintained)).collect());
    // Parts of one program that hold one recurrence at most need no cluster: several programs of a patient do, or later recurrences.
    let goes_on = rows.windows(2).any(|pair| pair[0].course == pair[1].course && pair[0].recurred);
    let cluster = if goes_on || programs(rows.iter().copied()) > patients(rows.iter().copied()) {
        Clusters::of(rows.iter().map(|row| row.patient)).of_row
    } else {
        None
    };
    let options = CoxOptions { ties, level, cluster: cluster.as_deref(), ..CoxOptions::default() };
    CoxModel::fit(&outcome, &Covariates::new(names, columns)?, &options).map(|model| (model, outcome))
}

/// Hazard ratio of the exposure alone, by a Cox model with Efron ties; rows that begin later than time zero enter late.
///
/// # Errors
/// [`StatsError`] where the model cannot be fitted: no recurrence, one exposure only, separation.
pub fn unadjusted_ratio(rows: &[MaintainedRow], settings: &ModelSettings) -> Result<HazardRatio, StatsError> {
    exposure_ratio(rows, &[], settings).map(|fit| fit.ratio)
}

/// Hazard ratio of the exposure with covariates.
pub(super) fn adjusted_ratio(rows: &[MaintainedRow], covariates: &CovariateChoice, settings: &ModelSettings) -> Computed<AdjustedHazard> {
    if covariates.names.is_empty() {
        return Computed::NotTestable("no covariate is logged; the hazard ratio is not adjusted".to_owned());
    }
    let chosen: Vec<(&str, &[Option<f64>])> =
        covariates.names.iter().map(String::as_str).zip(covariates.columns.iter().map(Vec::as_slice)).collect();
    exposure_ratio(rows, &chosen, settings).into()
}

/// A covariate missing in a larger share of the patients compared is left out of the model, and named.
const MOST_MISSING: f64 = 0.2;

/// Cox model of the exposure and the covariates given, on the rows without a missing covariate.
fn exposure_ratio(
    rows: &[MaintainedRow],
    covariates: &[(&str, &[Option<f64>])],
    settings: &ModelSettings,
) -> Result<AdjustedHazard, StatsError> {
    let n_programs = programs(rows.iter());
    let (used, dropped) = usable_covariates(rows, covariates.iter().copied());
    let complete: Vec<&MaintainedRow> = rows.iter().filter(|row| used.iter().all(|(_, column)| column[row.course].is_some())).collect();
    let names: Vec<String> = used.iter().map(|(name, _)| (*name).to_owned()).collect();
    let columns: Vec<Vec<f64>> = used.iter().map(|(_, column)| complete.iter().filter_map(|row| column[row.course]).collect()).collect();
    let (model, outcome) = cox_by_patient(&complete, names.clone(), columns, Ties::Efron, settings.level)?;
    let proportional_hazards = if complete.iter().all(|row| row.from == 0) {
        model.proportional_hazards(&outcome, TimeTransform::Km).ok().and_then(|tests| Some(tests.terms.last()?.test))
    } else {
        None
    };
    let fit = model.fit;
    let term = fit.terms.last().ok_or(StatsError::EmptySample)?;
    let n = programs(complete.iter().copied());
    let ratio = HazardRatio {
        hazard_ratio: term.hazard_ratio,
        interval: term.interval,
        p_value: term.p_value,
        n,
        patients: patients(complete.iter().copied()),
        n_events: fit.n_events,
    };
    Ok(AdjustedHazard { ratio, covariates: names, dropped, missing_covariate: n_programs - n, proportional_hazards, fit })
}

/// A covariate: its name, and one value per course of the cohort.
pub(super) type NamedColumn<'a> = (&'a str, &'a [Option<f64>]);

/// The covariates a model of these rows can use, and those it cannot, each with the reason. A covariate that many lack would leave
/// few in the model; one that never varies explains nothing.
pub(super) fn usable_covariates<'a>(
    rows: &[MaintainedRow],
    covariates: impl Iterator<Item = NamedColumn<'a>>,
) -> (Vec<NamedColumn<'a>>, Vec<String>) {
    let n_programs = programs(rows.iter());
    let counted = Counted::of(n_programs, patients(rows.iter()));
    let mut dropped = Vec::new();
    let mut used: Vec<NamedColumn<'_>> = Vec::new();
    for (name, column) in covariates {
        let missing = programs(rows.iter().filter(|row| column[row.course].is_none()));
        let mut present = rows.iter().filter_map(|row| column[row.course]);
        let first = present.next();
        if missing as f64 > MOST_MISSING * n_programs as f64 {
            dropped.push(format!("{name}: missing in {missing} of {n_programs} {} compared", counted.plural()));
        } else if first.is_some_and(|first| present.all(|value| (value - first).abs() < f64::EPSILON)) {
            dropped.push(format!("{name}: the same in every {} compared", counted.singular()));
        } else {
            used.push((name, column));
        }
    }
    (used, dropped)
}

/// Programs that rows, in the order of the cohort, belong to.
fn programs<'a>(rows: impl Iterator<Item = &'a MaintainedRow>) -> usize {
    let mut courses: Vec<usize> = rows.map(|row| row.course).collect();
    courses.dedup();
    courses.len()
}

fn patients<'a>(rows: impl Iterator<Item = &'a MaintainedRow>) -> usize {
    Clusters::of(rows.map(|row| row.patient)).patients
}
