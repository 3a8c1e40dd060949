//! The landmark comparison, weighted for who kept the exercise up and who stayed followed.

use serde::Serialize;

use super::super::comparison::{GroupOutcome, HazardRatio};
use super::super::computed::Computed;
use super::super::covariates::CovariateChoice;
use super::super::landmark::members;
use super::confounders::Confounders;
use super::distribution::WeightDistribution;
use super::followed::{Followed, Loss, LossModel, Person};
use super::history::{KnownPain, PainHistory};
use super::outcome::{WeightedRow, joined, weighted_curves, weighted_ratio};
use super::staying::Stretch;
use super::treatment::{TreatmentModel, treatment_weights};
use super::warnings;
use crate::cohort::{Cohort, Course, Exposure, landmark_day};
use crate::domain::{Counted, Tally};
use crate::ingest::Logs;
use crate::settings::Settings;
use crate::stats::survival::HorizonContrast;

/// The weighted landmark comparison.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct WeightedLandmark {
    /// Programs compared.
    pub n: usize,
    /// Their patients.
    pub patients: usize,
    /// Recurrences among them.
    pub n_events: usize,
    /// Members of the landmark analysis left out because a covariate is missing.
    pub missing_covariate: usize,
    /// Hazard ratio of the same programs without weights.
    pub unweighted: Computed<HazardRatio>,
    /// With weights for who kept the exercise up.
    pub treatment_weighted: Computed<HazardRatio>,
    /// With these and the weights for who stayed followed: the answer.
    pub hazard_ratio: HazardRatio,
    /// Weighted curves: not maintained, then maintained.
    pub groups: Vec<GroupOutcome>,
    /// Difference of the weighted curves at the horizon: maintained less not maintained.
    pub contrast: Computed<HorizonContrast>,
    /// The model of who kept the exercise up.
    pub treatment: TreatmentModel,
    /// The model of who was lost.
    pub loss: LossModel,
    /// Both weights multiplied, over the intervals of follow-up.
    pub weights: WeightDistribution,
    /// What speaks against the comparison.
    pub warnings: Vec<String>,
}

/// Weights the landmark comparison.
///
/// # Definition
/// Members and groups are those of [`analyze_landmark`](super::super::landmark::analyze_landmark).
/// ```text
/// treatment:  wᴬ = P(A = a) / P(A = a | L),  L: covariates, and pain and logging up to the day before the exposure window
/// staying:    wᶜ(k) = Π_{j<k} P(not lost in j | A) / P(not lost in j | A, L, recent pain and logging),  j intervals of 28 days
/// λ(t) = λ₀(t) exp(β A), rows weighted by wᴬ wᶜ, errors by patient
/// ```
/// What was logged inside the exposure window is not weighted for: it may follow from the exercise. Lost is who fell silent or
/// withdrew; the cut-off ends follow-up for reasons outside the patient, and surgery, new programs and deaths are competing events:
/// both are censored without a weight, so the hazard ratio is cause-specific.
///
/// # Edge cases
/// Fewer than 10 lost, or a model that cannot be fitted: no weights for staying, and the reason. Errors take weights as known, which
/// makes intervals too wide rather than too narrow.
///
/// # References
/// Robins, Hernán & Brumback (2000), *Epidemiology* 11:550–560. Cole & Hernán (2008), *Am J Epidemiol* 168:656–664. Robins &
/// Finkelstein (2000), *Biometrics* 56:779–788.
#[must_use]
pub fn weighted_landmark(logs: &Logs, cohort: &Cohort, covariates: &CovariateChoice, settings: &Settings) -> Computed<WeightedLandmark> {
    match weigh(logs, cohort, covariates, settings) {
        Ok(found) => Computed::Value(found),
        Err(reason) => Computed::NotTestable(reason),
    }
}

fn weigh(logs: &Logs, cohort: &Cohort, covariates: &CovariateChoice, settings: &Settings) -> Result<WeightedLandmark, String> {
    let rule = &settings.maintenance;
    let (_, _, rows) = members(cohort, settings.landmark.day, settings.landmark.origin, rule);
    let landmark = |course: &Course| {
        let (follow_up, completion) = (course.follow_up.ok()?, course.program?.completion.ok()?);
        Some(landmark_day(completion, &follow_up, settings.landmark.day, settings.landmark.origin))
    };
    let known: Vec<Option<KnownPain>> = rows
        .iter()
        .map(|row| {
            let course = &cohort.courses[row.course];
            PainHistory::of(logs, course, settings)?.before(landmark(course)?.plus(-rule.lag - rule.window))
        })
        .collect();
    let confounders = Confounders::of(&rows, covariates, &known);
    let people: Vec<Person<'_>> = confounders
        .complete
        .iter()
        .filter_map(|&place| {
            let course = &cohort.courses[rows[place].course];
            Some(Person { row: rows[place], course, time_zero: landmark(course)? })
        })
        .collect();
    let tally = Tally::of(people.iter().map(|person| person.row.patient));
    let counted = Counted::of(tally.programs, tally.patients);
    let n_events = people.iter().filter(|person| person.row.recurred).count();
    enough(&people, n_events, counted, settings)?;

    let exposed: Vec<bool> = people.iter().map(|person| person.row.exposure == Exposure::Maintained).collect();
    let (treatment_weights, treatment) = treatment_weights(&exposed, &confounders, settings.weights.truncate, settings.model.level)?;
    let followed = Followed::of(logs, &people, 0, settings);
    let group = followed.of_person(&|person| f64::from(exposed[person]));
    let Loss { weights: loss_weights, model: loss, .. } = Loss::of(&followed, &confounders, ("maintained", group), true, settings)?;
    let stretches = &followed.stretches;

    let weighted = |weight: &dyn Fn(usize) -> f64| {
        let row = |(place, stretch): (usize, &Stretch)| {
            let person = &people[stretch.person].row;
            WeightedRow {
                patient: person.patient,
                program: person.course,
                exposure: person.exposure,
                from: stretch.from,
                to: stretch.to,
                recurred: stretch.recurred,
                weight: weight(place),
            }
        };
        joined(stretches.iter().enumerate().map(row), 0)
    };
    let both = loss_weights.times(&treatment_weights, |place| Some(stretches[place].person));
    let level = settings.model.level;
    let rows_of_both = weighted(&|place| both.values[place]);
    let cannot = |error: crate::stats::StatsError| format!("the weighted model could not be fitted: {error}");
    let hazard_ratio = weighted_ratio(&rows_of_both, level).map_err(cannot)?;
    let (groups, contrast) = weighted_curves(&rows_of_both, ["not maintained", "maintained"], &settings.model).map_err(cannot)?;
    let weights = both.distribution().map_err(cannot)?;
    let mut warnings = warnings::of_treatment(&treatment, counted.plural());
    if let Some(distribution) = loss.weights.value() {
        warnings.extend(warnings::of_weights("those still followed", distribution));
    }
    Ok(WeightedLandmark {
        n: tally.programs,
        patients: tally.patients,
        n_events,
        missing_covariate: rows.len() - people.len(),
        unweighted: weighted_ratio(&weighted(&|_| 1.0), level).into(),
        treatment_weighted: weighted_ratio(&weighted(&|place| treatment_weights.values[stretches[place].person]), level).into(),
        hazard_ratio,
        groups,
        contrast,
        treatment,
        loss,
        weights,
        warnings,
    })
}

/// Whether there are enough to weigh.
fn enough(people: &[Person<'_>], n_events: usize, counted: Counted, settings: &Settings) -> Result<(), String> {
    let rule = &settings.claims;
    for (exposure, group) in [(Exposure::Maintained, "kept the exercise up"), (Exposure::NotMaintained, "did not keep it up")] {
        let n = people.iter().filter(|person| person.row.exposure == exposure).count();
        if n < rule.min_group {
            return Err(format!(
                "only {} with all covariates {group} at the landmark, and weighting needs {}; log more patients beyond the landmark, and \
                 the covariates of all of them",
                counted.count(n),
                rule.min_group
            ));
        }
    }
    if n_events < rule.min_events {
        return Err(format!(
            "only {n_events} recurrences after the landmark, and weighting needs {}; follow patients for longer, or choose an earlier \
             landmark ([landmark] day)",
            rule.min_events
        ));
    }
    Ok(())
}
