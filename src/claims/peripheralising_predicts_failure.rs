//! Symptoms that travel down the leg during therapy mean harm.

use crate::analysis::Contrast;
use crate::analysis::vocabulary::exposure;
use crate::cohort::{exposure_period, symptom_entries};
use crate::domain::Counted;
use crate::domain::number::{count, percent};

use super::draft::{Draft, adjusted_for, effect, variant};
use super::program_question::{ProgramQuestion, values_of};
use super::result::Evaluation;
use super::scale::Scale;
use super::verdict::Claimed;
use super::{Claim, Evidence, guards};

pub(super) const CLAIM: Claim = Claim {
    id: "peripheralising-predicts-failure",
    statement: "Symptoms that travel down the leg during therapy, or new numbness, announce that it will fail.",
    source: "A patient's account of a therapy that ended with the old pain and a numb leg.",
    exposure: "the most distal site of pain rises by a step and stays there for two further entries, or numbness begins, before the days that \
               measure the end of the program",
    outcome: "important change of pain by the end of the program; recurrence and surgery afterwards",
    estimand: "difference of the share with an important change at the end of the program, symptoms that traveled against not, adjusted for \
               baseline pain, entries with a site a week and the covariates that are logged",
    trap: "a sign is seen only in those who log, and only while they have pain: whoever is free of it in the second half is not compared; it is a flag, \
           never a diagnosis",
    needs: "site or numbness in pain.csv, pain.csv at the start and in the last days of the program",
    evaluate,
};

/// Weeks before the program whose entries [`symptom_entries`] counts too.
const WEEKS_BEFORE: f64 = 4.0;

const REMEDY: &str = "Log the most distal site of pain and numbness in the pain diary (pain.csv, site, numbness) throughout the program.";

fn evaluate(evidence: &Evidence<'_>) -> Evaluation {
    let log = &evidence.logs.pain;
    let Some(kind) = exposure("peripheralized").filter(|_| !(log.site.is_empty() && log.numbness.is_empty())) else {
        return Evaluation::not_testable("the pain log says neither where the pain was nor whether there was numbness", REMEDY);
    };
    let question = ProgramQuestion::of(evidence, kind).and("entries with a site a week", entries_a_week(evidence));
    let response = &question.ends.responded_observed;
    let primary = question.slope(response, &question.exposure, &question.adjustment());
    let compared = question.complete(response, primary.as_ref().ok(), &[]);
    let (traveled, not) = question.group_sizes(&compared);
    let groups = [("had symptoms that traveled", traveled), ("had not", not)];
    if let Some(refusal) = guards::group_sizes(&groups, evidence.recurrence.counted(), &evidence.settings.claims, REMEDY) {
        return refusal;
    }
    let names = ["with symptoms that traveled", "without"];
    if let Some(refusal) = guards::separation(&question.sums(&compared), names, "an important change", REMEDY) {
        return refusal;
    }
    match primary {
        Ok(primary) => tested(evidence, &question, &primary, &compared),
        Err(error) => Evaluation::not_testable(error.to_string(), REMEDY),
    }
}

/// Entries a week that tell of site or numbness, from four weeks before the program (what the sign can rise from) to the days that measure
/// the end: the more of them, the more often the sign shows by chance, and who gets well has fewer.
fn entries_a_week(evidence: &Evidence<'_>) -> Vec<Option<f64>> {
    let log = &evidence.logs.pain;
    let value = |course: &crate::cohort::Course| {
        let period = exposure_period(course, evidence.settings.pain.end_days)?;
        Some(symptom_entries(log, course.patient, period.from, period.to) as f64 / (period.weeks() + WEEKS_BEFORE))
    };
    evidence.cohort.courses.iter().map(value).collect()
}

fn tested(evidence: &Evidence<'_>, question: &ProgramQuestion<'_>, primary: &Contrast, compared: &[Option<f64>]) -> Evaluation {
    let ends = &question.ends;
    let fewer = Claimed::Below(0.0);
    let label = format!("important change, symptoms that traveled against not, {}", adjusted_for(primary));
    let mut draft = Draft::new(effect(label, Scale::RiskDifference, primary, 1.0), primary, 1.0, fewer, &evidence.settings.claims);
    let adjusted = question.adjustment();
    let simple = question.slope(&ends.responded_observed, &question.exposure, &question.baseline_only());
    draft.in_grid(variant("the same, adjusted for baseline pain alone", Scale::RiskDifference, simple, 1.0), fewer);
    let early = question.slope(&ends.responded_observed, &values_of(evidence, "peripheralized_early"), &adjusted);
    draft.in_grid(variant("symptoms that traveled in the first half of the program", Scale::RiskDifference, early, 1.0), fewer);
    let pain = question.slope(&ends.pain, &question.exposure, &adjusted);
    draft.in_grid(variant("pain at the end, symptoms that traveled against not", Scale::Points, pain, 1.0), Claimed::Above(0.0));
    for (name, label) in [("recurrence", "recurrence after remission and completion"), ("surgery", "surgery after the program")] {
        draft.beside(question.hazard(name, 1.0, format!("{label}, symptoms that traveled against not")));
    }
    let imputed = question.slope(&ends.responded, &question.exposure, &adjusted);
    let label = "an end that is not logged counted as no change (biased: who leaves early had less time to show a sign)";
    draft.biased(variant(label, Scale::RiskDifference, imputed, 1.0));
    let ((with, without), [share_with, share_without]) = (question.group_sizes(compared), question.shares(compared));
    draft.e_values_of_risk(share_without);
    draft.excluded(question.excluded(
        &ends.responded_observed,
        "fewer than four entries with a site of pain or numbness before the days that measure the end, or none in their second half",
        "baseline too low for a share of it, or no pain logged at the end",
        primary,
    ));
    draft.check(question.balance(compared));
    draft.warn(question.missing_ends());
    let finding = format!(
        "Among {}, {} of the {} whose symptoms traveled down the leg had an important change of pain by the end of the program, against {} of the \
         {} others",
        Counted::in_words(primary.n, primary.patients),
        percent(share_with),
        count(with),
        percent(share_without),
        count(without),
    );
    draft.finish(
        &finding,
        "Where the pain is can only be logged while there is pain, so those who get well have fewer chances to show the sign, and a therapist may \
         have changed the treatment because of it.",
    )
}
