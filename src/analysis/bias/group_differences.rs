//! Who keeps the exercise up: what was known of the two groups before.

use serde::Serialize;

use crate::analysis::covariates::CovariateChoice;
use crate::cohort::{Cohort, Exposure, LandmarkFate, landmark_fate};
use crate::settings::Settings;
use crate::stats::comparison::welch_t_test;
use crate::stats::{holm, summarize};

/// One covariate in the two groups of the landmark analysis.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct GroupDifference {
    /// Its name.
    pub name: String,
    /// Programs in which it is known: not maintained, then maintained.
    pub n: [usize; 2],
    /// Its means.
    pub mean: [f64; 2],
    /// Maintained less not maintained, in standard deviations; `None` where it does not vary.
    pub standardized: Option<f64>,
    /// Holm-adjusted p value over the covariates; `None` where there is no test.
    pub p_value: Option<f64>,
}

/// Compares the covariates of those who kept the exercise up by the landmark with those of the others.
///
/// # Definition
/// ```text
/// (x̄₁ − x̄₀) / √((s₁² + s₀²)/2);  Welch's test, adjusted by Holm's method over the covariates
/// ```
/// Programs are taken as independent. Covariates are known before the landmark, so a difference is one of the patients and not of what
/// their exercise did.
///
/// # Edge cases
/// A covariate with fewer than two values in a group is left out.
///
/// # References
/// Austin (2009), Stat Med 28:3083–3107. Welch (1947), Biometrika 34:28–35.
#[must_use]
pub fn analyze_group_differences(cohort: &Cohort, covariates: &CovariateChoice, settings: &Settings) -> Vec<GroupDifference> {
    let (day, origin) = (settings.landmark.day, settings.landmark.origin);
    let member = |(index, course)| match landmark_fate(course, day, origin, &settings.maintenance) {
        Some(LandmarkFate::Member(member)) => Some((index, member.exposure)),
        _ => None,
    };
    let members: Vec<(usize, Exposure)> = cohort.courses.iter().enumerate().filter_map(member).collect();
    let mut tests: Vec<(usize, f64)> = Vec::new();
    let mut differences = Vec::new();
    for (name, column) in covariates.names.iter().zip(&covariates.columns) {
        let [others, maintained] = [Exposure::NotMaintained, Exposure::Maintained].map(|exposure| {
            let of_group = members.iter().filter(|(_, group)| *group == exposure);
            of_group.filter_map(|(index, _)| column[*index]).collect::<Vec<f64>>()
        });
        let (Ok(without), Ok(with)) = (summarize(&others), summarize(&maintained)) else { continue };
        let (Some(without_sd), Some(with_sd)) = (without.std_dev, with.std_dev) else { continue };
        let spread = f64::midpoint(with_sd.powi(2), without_sd.powi(2)).sqrt();
        if let Ok(test) = welch_t_test(&others, &maintained, settings.model.level) {
            tests.push((differences.len(), test.test.p_value));
        }
        differences.push(GroupDifference {
            name: name.clone(),
            n: [without.n, with.n],
            mean: [without.mean, with.mean],
            standardized: (spread > 0.0).then(|| (with.mean - without.mean) / spread),
            p_value: None,
        });
    }
    let p_values: Vec<f64> = tests.iter().map(|(_, p)| *p).collect();
    for ((place, _), adjusted) in tests.iter().zip(holm(&p_values)) {
        if let Some(difference) = differences.get_mut(*place) {
            difference.p_value = Some(adjusted);
        }
    }
    differences
}
