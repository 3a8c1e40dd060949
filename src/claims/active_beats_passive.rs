//! Programs of passive treatment without active exercise fail.

use crate::analysis::vocabulary::exposure;
use crate::analysis::{Contrast, ProgramEnds};
use crate::domain::Counted;
use crate::domain::number::decimal;

use super::draft::{Draft, adjusted_for, effect, variant};
use super::program_question::{ProgramQuestion, spread, values_of};
use super::result::Evaluation;
use super::scale::Scale;
use super::verdict::Claimed;
use super::{Claim, Evidence, guards};

pub(super) const CLAIM: Claim = Claim {
    id: "active-beats-passive",
    statement: "Programs of heat, cold, stimulation and other passive treatment without active exercise fail.",
    source: "An encyclopedia page on why back exercise fails.",
    exposure: "share of the session time that was exercise, of all time whose modality is logged (of sessions, where minutes are not logged)",
    outcome: "pain in the last days of the program at equal baseline pain; important change of pain; recurrence afterwards",
    estimand: "difference of pain at the end of the program for 10 % more active time, adjusted for baseline pain, length of the program and the \
               covariates that are logged (analysis of covariance)",
    trap: "indication: passive treatment goes to those in most pain, and to those who cannot yet exercise",
    needs: "modality (and minutes) in sessions.csv, pain.csv at the start and in the last days of the program",
    evaluate,
};

const PER: f64 = 0.1;
/// From this share of active time on, a program is mostly active.
const MOSTLY: f64 = 0.5;
const REMEDY: &str =
    "Log the modality of every session (sessions.csv, modality), its minutes, and pain in the first and last week of the program.";

fn evaluate(evidence: &Evidence<'_>) -> Evaluation {
    let Some(kind) = exposure("active_share").filter(|_| !evidence.logs.sessions.modality.is_empty()) else {
        return Evaluation::not_testable("sessions have no modality, so active and passive ones cannot be told apart", REMEDY);
    };
    let weeks = ProgramEnds::of(evidence.cohort, evidence.settings).weeks;
    let question = ProgramQuestion::of(evidence, kind).and("weeks of the program", weeks);
    let used = question.used(&question.ends.pain);
    if let Some(refusal) = guards::variation(&used, "a share of active time", &evidence.settings.claims, REMEDY) {
        return refusal;
    }
    match question.slope(&question.ends.pain, &question.exposure, &question.adjustment()) {
        Ok(primary) => tested(evidence, &question, &primary),
        Err(error) => Evaluation::not_testable(error.to_string(), REMEDY),
    }
}

fn tested(evidence: &Evidence<'_>, question: &ProgramQuestion<'_>, primary: &Contrast) -> Evaluation {
    let (ends, rule) = (&question.ends, &evidence.settings.claims);
    let less = Claimed::Below(0.0);
    let label = format!("pain at the end for 10 % more active time, {}", adjusted_for(primary));
    let mut draft = Draft::new(effect(label, Scale::Points, primary, PER), primary, PER, less, rule);
    let adjusted = question.adjustment();
    let simple = question.slope(&ends.pain, &question.exposure, &question.baseline_only());
    draft.in_grid(variant("the same, adjusted for baseline pain alone", Scale::Points, simple, PER), less);
    let adherence = values_of(evidence, "adherence");
    let with_adherence = question.adjustment().and("adherence", &adherence);
    let with_adherence = question.slope(&ends.pain, &question.exposure, &with_adherence);
    draft.in_grid(variant("the same, at equal adherence too", Scale::Points, with_adherence, PER), less);
    let last = question.slope(&ends.last_pain, &question.exposure, &adjusted);
    draft.in_grid(variant("with the last pain logged in the program where the end is missing", Scale::Points, last, PER), less);
    let mostly: Vec<Option<f64>> = question.exposure.iter().map(|share| share.map(|share| f64::from(share >= MOSTLY - 1e-9))).collect();
    let sizes = |outcome: &[Option<f64>]| {
        let used: Vec<f64> = mostly.iter().zip(outcome).filter_map(|(mostly, outcome)| outcome.and(*mostly)).collect();
        let active = used.iter().filter(|&&mostly| mostly > 0.5).count();
        (active, used.len() - active)
    };
    let (active, passive) = sizes(&ends.responded_observed);
    if active.min(passive) >= rule.min_group {
        let label = "important change, mostly active against mostly passive programs";
        let observed = question.slope(&ends.responded_observed, &mostly, &adjusted);
        draft.in_grid(variant(format!("{label}, end logged"), Scale::RiskDifference, observed, 1.0), Claimed::Above(0.0));
        let imputed = question.slope(&ends.responded, &mostly, &adjusted);
        let label = format!("{label}, an end that is not logged counted as none");
        draft.beside(variant(label, Scale::RiskDifference, imputed, 1.0));
    } else {
        draft.check(Some(format!(
            "{active} mostly active and {passive} mostly passive programs: too few of one kind to compare as groups."
        )));
    }
    draft.beside(question.hazard("recurrence", PER, "recurrence after remission and completion, for 10 % more active time".to_owned()));
    draft.e_values_of_points(spread(&ends.pain, &question.exposure));
    draft.excluded(question.excluded(
        &ends.pain,
        "no modality logged before the days that measure the end",
        "no pain logged at the end",
        primary,
    ));
    draft.check(question.straightness(&ends.pain));
    draft.check(question.balance(&ends.pain));
    draft.warn(question.missing_ends());
    let estimate = draft.primary().estimate;
    let finding = format!(
        "Among {}, every 10 % more of the session time spent in exercise went with {} points {} pain at the end of the program at equal \
         baseline pain",
        Counted::in_words(primary.n, primary.patients),
        decimal(estimate.abs(), 2),
        if estimate < 0.0 { "less" } else { "more" },
    );
    draft.finish(
        &finding,
        "Passive treatment goes to those who are worse, and baseline pain shows only a part of it: what made the therapist choose it may be \
         what kept the pain.",
    )
}
