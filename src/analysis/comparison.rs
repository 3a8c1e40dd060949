//! Those who kept the exercise up beside those who did not: curves, restricted mean time, log-rank, hazard ratios.

use serde::Serialize;

use crate::cohort::Exposure;
use crate::domain::Counted;
use crate::settings::ModelSettings;
use crate::stats::resampling::clustered_rmst_difference;
use crate::stats::survival::{
    CoxFit, CurveEstimator, CurveInterval, CurvePoint, QuantileEstimate, RmstDifference, SurvivalCurve, Ties, TimeToEvent, TimeTransform,
    curve, log_rank, rmst_difference,
};
use crate::stats::{Interval, StatsError, TestResult};

use super::clusters::Clusters;
use super::common_support::CommonSupport;
use super::computed::Computed;
use super::contrast::{Adjustment, EventRow, HazardModel, ModelRows};
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
    /// Test that the hazard ratio (the adjusted one, else the other) is the same at all times: `cox.zph` on the scale of the curve.
    pub proportional_hazards: Option<TestResult>,
    /// How many of each group are like some of the other by the covariates; `None` where there are none.
    pub common_support: Option<CommonSupport>,
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
    let (log_rank, rmst, unadjusted, adjusted, proportional_hazards) = if let ([not_maintained, maintained], [first, second]) =
        (&groups[..], &outcomes[..])
    {
        let horizon = settings.horizon.min(not_maintained.curve.last_time()).min(maintained.curve.last_time());
        let rmst = match &clusters_of[..] {
            [one, two] => clustered_rmst_difference((first, one), (second, two), horizon, settings.level),
            _ => rmst_difference(&not_maintained.curve, &maintained.curve, horizon),
        };
        let alone = exposure_model(rows, &Adjustment::default(), settings);
        let (proportional_hazards, adjusted) = match adjusted_model(rows, covariates, settings) {
            Ok(fitted) => (proportional(&fitted), adjusted_of(fitted).into()),
            Err(reason) => (alone.as_ref().ok().and_then(proportional), Computed::NotTestable(reason)),
        };
        (
            if cluster.is_some() { robust_log_rank(rows, settings) } else { log_rank(&[first, second]).map(|result| result.test) }.into(),
            rmst.into(),
            alone.as_ref().map_err(Clone::clone).and_then(ratio_of).into(),
            adjusted,
            proportional_hazards,
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
        (Computed::NotTestable(none()), Computed::NotTestable(none()), Computed::NotTestable(none()), Computed::NotTestable(none()), None)
    };
    if rows.is_empty() {
        return Err(StatsError::EmptySample);
    }
    let times = settings.times.clone();
    Ok(GroupComparison {
        n: rows.len(),
        patients: n_patients,
        n_events,
        groups,
        times,
        log_rank,
        rmst,
        unadjusted,
        adjusted,
        proportional_hazards,
        common_support: common_support(rows, covariates, settings.level),
    })
}

fn common_support(rows: &[MaintainedRow], covariates: &CovariateChoice, level: f64) -> Option<CommonSupport> {
    let of = |part: fn(&MaintainedRow) -> usize| rows.iter().map(part).collect::<Vec<usize>>();
    let chosen = ModelRows::choose(&of(|row| row.course), &of(|row| row.patient), &Adjustment::but(covariates, &[]));
    let exposure: Vec<f64> = chosen.places.iter().map(|&place| f64::from(rows[place].exposure == Exposure::Maintained)).collect();
    CommonSupport::of(&chosen.names, &chosen.columns, &exposure, level)
}

/// The log-rank test where some patient has several rows: its numerator is the score of a Cox model with Breslow ties, and its
/// error is that of the patients' sums of scores.
fn robust_log_rank(rows: &[MaintainedRow], settings: &ModelSettings) -> Result<TestResult, StatsError> {
    let fitted = HazardModel::fit(&event_rows(rows), TERM, &Adjustment::default(), Ties::Breslow, settings.level)?;
    fitted.model.fit.robust_score.ok_or(StatsError::UndefinedVariance { what: "the robust log-rank test" })
}

/// Name of the exposure in a model.
const TERM: &str = "maintained";

fn event_rows(rows: &[MaintainedRow]) -> Vec<EventRow> {
    let event = |row: &MaintainedRow| EventRow {
        course: row.course,
        patient: row.patient,
        from: row.from,
        to: row.days,
        event: row.recurred,
        exposure: f64::from(row.exposure == Exposure::Maintained),
    };
    rows.iter().map(event).collect()
}

/// Hazard ratio of the exposure alone, by a Cox model with Efron ties; rows that begin later than time zero enter late.
///
/// # Errors
/// [`StatsError`] where the model cannot be fitted: no recurrence, one exposure only, separation.
pub fn unadjusted_ratio(rows: &[MaintainedRow], settings: &ModelSettings) -> Result<HazardRatio, StatsError> {
    exposure_model(rows, &Adjustment::default(), settings).and_then(|fitted| ratio_of(&fitted))
}

/// Hazard ratio of the exposure with covariates; not testable where none can be used, since it would not be adjusted.
pub(super) fn adjusted_ratio(rows: &[MaintainedRow], covariates: &CovariateChoice, settings: &ModelSettings) -> Computed<AdjustedHazard> {
    match adjusted_model(rows, covariates, settings) {
        Ok(fitted) => adjusted_of(fitted).into(),
        Err(reason) => Computed::NotTestable(reason),
    }
}

fn adjusted_model(rows: &[MaintainedRow], covariates: &CovariateChoice, settings: &ModelSettings) -> Result<HazardModel, String> {
    if covariates.names.is_empty() {
        return Err("no covariate is logged; the hazard ratio is not adjusted".to_owned());
    }
    let fitted = exposure_model(rows, &Adjustment::but(covariates, &[]), settings).map_err(|error| error.to_string())?;
    if fitted.chosen.names.is_empty() {
        return Err(format!("no covariate can be used ({}); the hazard ratio is not adjusted", fitted.chosen.dropped.join("; ")));
    }
    Ok(fitted)
}

/// Cox model of the exposure and the covariates given, on the rows without a missing covariate.
fn exposure_model(rows: &[MaintainedRow], adjustment: &Adjustment<'_>, settings: &ModelSettings) -> Result<HazardModel, StatsError> {
    HazardModel::fit(&event_rows(rows), TERM, adjustment, Ties::Efron, settings.level)
}

fn ratio_of(fitted: &HazardModel) -> Result<HazardRatio, StatsError> {
    let term = fitted.exposure()?;
    Ok(HazardRatio {
        hazard_ratio: term.hazard_ratio,
        interval: term.interval,
        p_value: term.p_value,
        n: fitted.chosen.n,
        patients: fitted.chosen.patients,
        n_events: fitted.model.fit.n_events,
    })
}

fn adjusted_of(fitted: HazardModel) -> Result<AdjustedHazard, StatsError> {
    let ratio = ratio_of(&fitted)?;
    let HazardModel { chosen, model, .. } = fitted;
    Ok(AdjustedHazard { ratio, covariates: chosen.names, dropped: chosen.dropped, missing_covariate: chosen.missing, fit: model.fit })
}

/// Test that the ratio of the exposure stays the same over time.
fn proportional(fitted: &HazardModel) -> Option<TestResult> {
    let tests = fitted.model.proportional_hazards(&fitted.outcome, TimeTransform::Km).ok()?;
    Some(tests.terms.last()?.test)
}
