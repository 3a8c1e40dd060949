//! Water therapy suits elderly patients more.

use crate::analysis::vocabulary::exposure;
use crate::analysis::{Contrast, choose_covariates};
use crate::domain::Counted;
use crate::domain::number::decimal;
use crate::settings::Settings;
use crate::stats::summarize;

use super::draft::{Draft, adjusted_for, effect, variant};
use super::program_question::{ProgramQuestion, spread};
use super::result::Evaluation;
use super::scale::Scale;
use super::verdict::Claimed;
use super::{Claim, Evidence, guards};

pub(super) const CLAIM: Claim = Claim {
    id: "aquatic-suits-older",
    statement: "Exercise in water suits older patients more than younger ones.",
    source: "An encyclopedia page on types of back exercise.",
    exposure: "share of the session time in water, with age",
    outcome: "pain in the last days of the program at equal baseline pain",
    estimand: "how much more (or less) half of the time in water goes with, for every ten years of age: the product of share and age beside both, \
               adjusted for baseline pain and the covariates that are logged (analysis of covariance)",
    trap: "a subgroup looked at afterwards: differences between subgroups are mostly chance, and it takes four times the patients of a plain \
           comparison to find one",
    needs: "modality in sessions.csv, age or birth_year in patients.csv, pain.csv at the start and in the last days of the program",
    evaluate,
};

/// Half of the time in water.
const PER: f64 = 0.5;
const DECADE: f64 = 10.0;
/// Old, where two groups are shown.
const OLD: f64 = 60.0;
const REMEDY: &str = "Log the modality of every session (sessions.csv, modality), the patients' age (patients.csv), and pain in the first and last week \
                      of the program.";

/// Age in years, whatever the study adjusts for.
fn age(evidence: &Evidence<'_>) -> Option<Vec<Option<f64>>> {
    let mut settings: Settings = evidence.settings.clone();
    settings.model.covariates = Some(vec!["age".to_owned()]);
    let choice = choose_covariates(evidence.logs, evidence.cohort, &settings);
    choice.names.iter().zip(choice.columns).find(|(name, _)| *name == "age").map(|(_, column)| column)
}

fn evaluate(evidence: &Evidence<'_>) -> Evaluation {
    let Some(kind) = exposure("aquatic_share").filter(|_| !evidence.logs.sessions.modality.is_empty()) else {
        return Evaluation::not_testable("sessions have no modality, so those in water cannot be told", REMEDY);
    };
    let Some(age) = age(evidence) else {
        return Evaluation::not_testable("the patients' age is not known", REMEDY);
    };
    let question = ProgramQuestion::of(evidence, kind).without("age");
    let pain: Vec<Option<f64>> = question.ends.pain.iter().zip(&age).map(|(pain, age)| age.and(*pain)).collect();
    let used = question.used(&pain);
    let wet = used.iter().filter(|&&share| share > 0.0).count();
    let groups = [("exercised in water", wet), ("did not", used.len() - wet)];
    if let Some(refusal) = guards::group_sizes(&groups, evidence.recurrence.counted(), &evidence.settings.claims, REMEDY) {
        return refusal;
    }
    let ages: Vec<f64> = (0..age.len()).filter_map(|course| pain[course].and(question.exposure[course]).and(age[course])).collect();
    if let Some(refusal) = guards::variation(&ages, "age", &evidence.settings.claims, REMEDY) {
        return refusal;
    }
    let (middle_age, middle_share) = (mean(&ages), mean(&used));
    let product: Vec<Option<f64>> = question
        .exposure
        .iter()
        .zip(&age)
        .map(|(share, age)| Some((share.as_ref()? - middle_share) * ((*age)? - middle_age) / DECADE))
        .collect();
    let share = question.exposure.clone();
    let question = question.and("age", age.clone()).and("share in water", share);
    match question.slope(&pain, &product, &question.adjustment()) {
        Ok(primary) => tested(evidence, &question, &age, &pain, &product, &primary),
        Err(error) => Evaluation::not_testable(error.to_string(), REMEDY),
    }
}

fn mean(values: &[f64]) -> f64 {
    summarize(values).map_or(0.0, |summary| summary.mean)
}

fn tested(
    evidence: &Evidence<'_>,
    question: &ProgramQuestion<'_>,
    age: &[Option<f64>],
    pain: &[Option<f64>],
    product: &[Option<f64>],
    primary: &Contrast,
) -> Evaluation {
    let (ends, rule) = (&question.ends, &evidence.settings.claims);
    let less = Claimed::Below(0.0);
    let label = format!("pain at the end for half of the time in water, per ten years of age, {}", adjusted_for(primary));
    let mut draft = Draft::new(effect(label, Scale::Points, primary, PER), primary, PER, less, rule);
    let water = &question.exposure;
    let simple = question.baseline_only().and("age", age).and("share in water", water);
    let simple = question.slope(pain, product, &simple);
    draft.in_grid(variant("the same, adjusted for baseline pain, age and time in water alone", Scale::Points, simple, PER), less);
    let any: Vec<Option<f64>> = water.iter().map(|share| share.map(|share| f64::from(share > 0.0))).collect();
    let middle = mean(&age.iter().flatten().copied().collect::<Vec<_>>());
    let any_by_age: Vec<Option<f64>> =
        any.iter().zip(age).map(|(any, age)| Some((any.as_ref()? - 0.5) * ((*age)? - middle) / DECADE)).collect();
    let with_any = question.covariates().and("baseline_pain", &ends.baseline).and("age", age).and("any exercise in water", &any);
    let with_any = question.slope(pain, &any_by_age, &with_any);
    draft.in_grid(variant("any exercise in water against none, per ten years of age", Scale::Points, with_any, 1.0), less);
    let adjusted = question.adjustment();
    let last = question.slope(&ends.last_pain, product, &adjusted);
    draft.in_grid(variant("with the last pain logged in the program where the end is missing", Scale::Points, last, PER), less);
    let among = question.covariates().and("baseline_pain", &ends.baseline).and("age", age);
    for (label, old) in [("half of the time in water, at 60 years and above", true), ("half of the time in water, below 60 years", false)] {
        let part: Vec<Option<f64>> =
            pain.iter().zip(age).map(|(pain, age)| if age.is_some_and(|age| (age >= OLD) == old) { *pain } else { None }).collect();
        let wet = water.iter().zip(&part).filter(|(share, pain)| pain.is_some() && share.is_some_and(|share| share > 0.0)).count();
        if wet >= rule.min_group {
            draft.beside(variant(label, Scale::Points, question.slope(&part, water, &among), PER));
        }
    }
    draft.e_values_of_points(spread(pain, water));
    draft.excluded(question.excluded(
        pain,
        "no modality logged before the days that measure the end",
        "no pain logged at the end, or age not known",
        primary,
    ));
    draft.check(question.balance(pain));
    draft.warn(question.missing_ends());
    let estimate = draft.primary().estimate;
    let finding = format!(
        "Among {}, half of the session time in water went with {} points {} pain at the end of the program for every ten years that a patient was \
         older",
        Counted::in_words(primary.n, primary.patients),
        decimal(estimate.abs(), 2),
        if estimate < 0.0 { "less" } else { "more" },
    );
    draft.finish(
        &finding,
        "It is a difference between subgroups, and most of those do not come up again in other patients; who is sent to the pool also depends on age.",
    )
}
