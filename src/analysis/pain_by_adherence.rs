//! Weekly pain explained by the week and the adherence so far.

use serde::Serialize;

use crate::cohort::{AdherenceWeek, Cohort, Course, PainCourse};
use crate::domain::Tally;
use crate::settings::Settings;
use crate::stats::Covariates;
use crate::stats::mixed::{Estimation, FixedEffect, RandomEffects, linear_mixed_model};

use super::computed::Computed;

/// The mixed model of weekly mean pain.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PainByAdherence {
    /// Patients.
    pub patients: usize,
    /// Programs.
    pub programs: usize,
    /// Patient-weeks.
    pub weeks: usize,
    /// All fixed effects.
    pub fixed_effects: Vec<FixedEffect>,
    /// How much the weekly change of pain differs for 10 points of percent more adherence so far; negative is a steeper fall.
    pub interaction: FixedEffect,
    /// Standard deviation of the patients' levels.
    pub level_std_dev: f64,
    /// Standard deviation of the patients' weekly changes.
    pub slope_std_dev: f64,
    /// Standard deviation of the weeks around their patient's line.
    pub residual_std_dev: f64,
    /// Which part lies on the edge of what is possible, if one does.
    pub singular: Option<String>,
}

/// Names of the columns; the interaction is the third.
const COLUMNS: [&str; 4] = ["week", "adherence so far, per 10 %", "week x adherence so far, per 10 %", "baseline pain"];

/// Fits the model.
///
/// # Definition
/// ```text
/// pain_iw = β₀ + β₁ w + β₂ A_iw + β₃ w A_iw + β₄ baseline_i + u₀ᵢ + u₁ᵢ w + ε_iw
/// ```
/// over the weeks w ≥ 1 of the program with a log, those with baseline logs left out. A is the mean of the capped weekly shares of the
/// weeks *before* w in tenths, less its mean over all rows: what is not known in week w explains nothing in it. Restricted maximum
/// likelihood, level and slope of each patient free and correlated (where that cannot be told apart: uncorrelated), t on Satterthwaite's
/// degrees of freedom.
///
/// # Edge cases
/// A baseline that is the same in all is left out. Not testable with fewer than `claims.min_group` patients with three such weeks, or where adherence does not vary.
pub(super) fn pain_by_adherence(cohort: &Cohort, settings: &Settings) -> Computed<PainByAdherence> {
    let mut rows = Rows::default();
    let mut tally = Tally::default();
    for course in &cohort.courses {
        if rows.add(course) {
            tally.add(course.patient);
        }
    }
    let needed = settings.claims.min_group;
    if tally.patients < needed {
        return Computed::NotTestable(format!(
            "{} of the {needed} patients it takes have a prescription, a baseline and pain logged in three later weeks of a program",
            tally.patients
        ));
    }
    let Rows { pain, week, mut adherence, baseline, patient } = rows;
    let mean = adherence.iter().sum::<f64>() / adherence.len() as f64;
    for share in &mut adherence {
        *share -= mean;
    }
    let product: Vec<f64> = week.iter().zip(&adherence).map(|(week, share)| week * share).collect();
    let mut names = COLUMNS.map(str::to_owned).to_vec();
    let mut columns = vec![week, adherence, product, baseline];
    if columns[3].iter().all(|value| (value - columns[3][0]).abs() < 1e-12) {
        names.truncate(3);
        columns.truncate(3);
    }
    let fitted = Covariates::new(names, columns).and_then(|fixed| {
        let fit = |correlated| {
            let random = RandomEffects::InterceptAndSlope { column: 0, correlated };
            linear_mixed_model(&pain, Some(&fixed), &patient, random, Estimation::Reml, settings.model.level)
        };
        fit(true).or_else(|_| fit(false))
    });
    match fitted {
        Err(error) => Computed::NotTestable(format!("the model of weekly pain could not be fitted: {error}")),
        Ok(model) => match model.fixed_effects.get(3) {
            None => Computed::NotTestable("the model of weekly pain has no interaction".to_owned()),
            Some(interaction) => Computed::Value(PainByAdherence {
                patients: tally.patients,
                programs: tally.programs,
                weeks: model.n_rows,
                interaction: interaction.clone(),
                level_std_dev: model.random_effects.std_dev.first().copied().unwrap_or(0.0),
                slope_std_dev: model.random_effects.std_dev.get(1).copied().unwrap_or(0.0),
                residual_std_dev: model.residual_std_dev,
                singular: model.singular_component,
                fixed_effects: model.fixed_effects,
            }),
        },
    }
}

/// The columns of the model.
#[derive(Default)]
struct Rows {
    pain: Vec<f64>,
    week: Vec<f64>,
    adherence: Vec<f64>,
    baseline: Vec<f64>,
    patient: Vec<usize>,
}

/// Weeks it takes for a line.
const LEAST_WEEKS: usize = 3;

impl Rows {
    /// Adds a program's weeks; false if it has too few.
    fn add(&mut self, course: &Course) -> bool {
        let (Some(pain), Some(adherence)) = (&course.pain, &course.adherence) else { return false };
        let Some((baseline, _)) = pain.baseline else { return false };
        let before = self.pain.len();
        for (week, mean, so_far) in weeks(pain, &adherence.weeks) {
            self.pain.push(mean);
            self.week.push(f64::from(week));
            self.adherence.push(10.0 * so_far);
            self.baseline.push(baseline);
            self.patient.push(course.patient);
        }
        let enough = self.pain.len() >= before + LEAST_WEEKS;
        if !enough {
            self.pain.truncate(before);
            self.week.truncate(before);
            self.adherence.truncate(before);
            self.baseline.truncate(before);
            self.patient.truncate(before);
        }
        enough
    }
}

/// Week, mean pain, and mean of the capped shares of the weeks before it.
fn weeks<'a>(pain: &'a PainCourse, adherence: &'a [AdherenceWeek]) -> impl Iterator<Item = (u32, f64, f64)> + 'a {
    let (mut next, mut sum, mut n) = (0_usize, 0.0, 0.0);
    pain.weeks.iter().filter(|week| week.week >= pain.week_after_baseline.max(1)).filter_map(move |week| {
        let now = week.week as usize;
        while next < now.min(adherence.len()) {
            if let Some(share) = adherence[next].capped() {
                sum += share;
                n += 1.0;
            }
            next += 1;
        }
        (n > 0.0).then(|| (week.week, week.mean, sum / n))
    })
}
