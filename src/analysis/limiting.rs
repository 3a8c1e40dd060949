//! Recurrence that limits activity, beside recurrence by the score alone.

use serde::Serialize;

use crate::cohort::{Cohort, FollowUp};
use crate::settings::Settings;
use crate::stats::survival::{CurveEstimator, CurveInterval, CurvePoint, QuantileEstimate, TimeToEvent, curve};

use super::clusters::Clusters;
use super::comparison::{HazardRatio, MaintainedRow, adjusted_ratio, unadjusted_ratio};
use super::computed::Computed;
use super::covariates::CovariateChoice;
use super::definition_grid::{landmark_rows, too_few};

/// The answer by score alone and with activity limited, side by side.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LimitingComparison {
    /// Any log of the score, then only logs on which activity was limited.
    pub variants: [LimitingVariant; 2],
    /// Which of the two the report counts: `recurrence.limiting`.
    pub limiting: bool,
}

/// Recurrence by one of the two rules.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LimitingVariant {
    /// Programs at risk.
    pub at_risk: usize,
    /// Recurrences.
    pub recurrences: usize,
    /// Median time to recurrence.
    pub median: Computed<QuantileEstimate>,
    /// Free of recurrence at the tabled days; `None` beyond the last follow-up.
    pub at: Vec<Option<CurvePoint>>,
    /// Programs in the landmark comparison.
    pub n: usize,
    /// Recurrences among them.
    pub n_events: usize,
    /// Hazard ratio from the landmark, adjusted where the covariates allow it.
    pub hazard_ratio: Computed<HazardRatio>,
}

/// Puts both rules side by side.
///
/// # Definition
/// *Activity-limiting*: the log that begins the recurrence says that the pain limited activity (`limited` in pain.csv); a log
/// without an answer does not. All else is as in the main analysis, and remission is the same.
///
/// # Conventions
/// Not testable where no pain log says whether activity was limited. A variant with fewer recurrences or patients in a group than a
/// claim needs has no ratio.
///
/// # References
/// Stanton et al. (2011), *Eur Spine J* 20:744–752 (what counts as a recurrence); Pocovi et al. (2024), *Lancet* 404:134–144
/// (recurrence that limits activity as the outcome); Deyo et al. (2014), *J Pain* 15:569–585 (limited activity as a core item).
#[must_use]
pub fn analyze_limiting(cohort: &Cohort, covariates: &CovariateChoice, settings: &Settings) -> Computed<LimitingComparison> {
    let courses = || cohort.courses.iter().enumerate();
    if courses().all(|(_, course)| course.by_other_limiting.is_none()) {
        return Computed::NotTestable("whether pain limited activity is not logged; log it as limited (yes, no) in pain.csv".to_owned());
    }
    let main: Vec<(usize, FollowUp)> = courses().filter_map(|(index, course)| Some((index, course.follow_up.ok()?))).collect();
    let other: Vec<(usize, FollowUp)> = courses().filter_map(|(index, course)| Some((index, course.by_other_limiting?.ok()?))).collect();
    let limiting = settings.recurrence.limiting;
    let (any, limited) = if limiting { (other, main) } else { (main, other) };
    Computed::Value(LimitingComparison {
        variants: [any, limited].map(|followed| variant(&followed, cohort, covariates, settings)),
        limiting,
    })
}

fn variant(followed: &[(usize, FollowUp)], cohort: &Cohort, covariates: &CovariateChoice, settings: &Settings) -> LimitingVariant {
    let model = &settings.model;
    let found = TimeToEvent::new(
        followed.iter().map(|(_, follow_up)| f64::from(follow_up.days())).collect(),
        followed.iter().map(|(_, follow_up)| follow_up.recurred()).collect(),
    )
    .and_then(|rows| {
        let cluster = Clusters::of(followed.iter().filter_map(|(index, _)| Some(cohort.courses.get(*index)?.patient))).of_row;
        curve(&rows, CurveEstimator::KaplanMeier, CurveInterval::LogLog, model.level, cluster.as_deref())
    });
    let rows: Vec<MaintainedRow> = landmark_rows(followed, cohort, settings.landmark.day, settings.landmark.origin, &settings.maintenance);
    let n_events = rows.iter().filter(|row| row.recurred).count();
    let hazard_ratio = match too_few(&rows, n_events, &settings.claims) {
        Some(reason) => Computed::NotTestable(reason),
        None => match adjusted_ratio(&rows, covariates, model) {
            Computed::Value(adjusted) => Computed::Value(adjusted.ratio),
            Computed::NotTestable(_) => unadjusted_ratio(&rows, model).into(),
        },
    };
    LimitingVariant {
        at_risk: followed.len(),
        recurrences: followed.iter().filter(|(_, follow_up)| follow_up.recurred()).count(),
        at: model.times.iter().map(|&time| found.as_ref().ok().and_then(|curve| curve.at(time))).collect(),
        median: found.map(|curve| curve.median()).into(),
        n: rows.len(),
        n_events,
        hazard_ratio,
    }
}
