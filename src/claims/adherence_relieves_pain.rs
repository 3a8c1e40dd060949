//! Therapy relieves pain only if the prescribed exercises are done.

use crate::analysis::Contrast;
use crate::analysis::vocabulary::exposure;
use crate::domain::Counted;
use crate::domain::number::{counted, decimal, percent};

use super::draft::{Draft, adjusted_for, effect, variant};
use super::program_question::{ProgramQuestion, spread, values_of};
use super::result::Evaluation;
use super::scale::Scale;
use super::verdict::Claimed;
use super::{Claim, Evidence, guards};

pub(super) const CLAIM: Claim = Claim {
    id: "adherence-relieves-pain",
    statement: "Therapy is unlikely to relieve pain unless the prescribed exercises are done and enough time is given to them.",
    source: "Patient-education pages on back exercise: programs fail because exercises are left out or given too little time.",
    exposure: "adherence in the program, before the days that measure its end and while the patient was in it",
    outcome: "pain in the last days of the program at equal baseline pain; important change of pain",
    estimand: "difference of pain at the end of the program for 10 % more adherence, adjusted for baseline pain and the covariates that are logged \
               (analysis of covariance)",
    trap: "drop-outs (counting them as not relieved makes low adherence look harmful, leaving them out looks only at those who stayed), pain that \
           stops the exercise, and the healthy adherer",
    needs: "a prescription (programs.csv, prescribed_per_week), sessions.csv, pain.csv at the start and in the last days of the program",
    evaluate,
};

/// Ten percent.
const PER: f64 = 0.1;
/// Adherence bands: below the first, from the second on; between them the middle.
const BANDS: (f64, f64) = (0.5, 0.8);

fn evaluate(evidence: &Evidence<'_>) -> Evaluation {
    let Some(kind) = exposure("adherence") else {
        return Evaluation::not_testable("adherence is not known", "Log sessions and the number prescribed.");
    };
    let question = ProgramQuestion::of(evidence, kind);
    let rule = &evidence.settings.claims;
    if question.exposure.iter().all(Option::is_none) {
        return Evaluation::not_testable(
            "no program has both sessions and a prescription before its last days",
            "Log every session and the number prescribed a week (programs.csv, prescribed_per_week, or adherence.prescribed_per_week in study.toml).",
        );
    }
    let remedy =
        "Log sessions, the number prescribed, and pain in the week before the first session and in the last week of every program.";
    if let Some(refusal) = guards::variation(&question.used(&question.ends.pain), "adherence", rule, remedy) {
        return refusal;
    }
    match question.slope(&question.ends.pain, &question.exposure, &question.adjustment()) {
        Ok(primary) => tested(evidence, &question, &primary),
        Err(error) => Evaluation::not_testable(error.to_string(), remedy),
    }
}

fn tested(evidence: &Evidence<'_>, question: &ProgramQuestion<'_>, primary: &Contrast) -> Evaluation {
    let ends = &question.ends;
    let label = format!("pain at the end for 10 % more adherence, {}", adjusted_for(primary));
    let less = Claimed::Below(0.0);
    let mut draft = Draft::new(effect(label, Scale::Points, primary, PER), primary, PER, less, &evidence.settings.claims);
    let adjusted = question.adjustment();
    let slope = |label: &str, outcome: &[Option<f64>], exposure: &[Option<f64>], per: f64| {
        variant(label, Scale::Points, question.slope(outcome, exposure, &adjusted), per)
    };
    let simple = question.slope(&ends.pain, &question.exposure, &question.baseline_only());
    draft.in_grid(variant("the same, adjusted for baseline pain alone", Scale::Points, simple, PER), less);
    let early = values_of(evidence, "early_adherence");
    draft.in_grid(slope("adherence in the first half of the program", &ends.pain, &early, PER), less);
    draft.beside(early_slope(evidence, question, &early));
    let last = "with the last pain logged in the program where the end is missing";
    draft.in_grid(slope(last, &ends.last_pain, &question.exposure, PER), less);
    draft.in_grid(slope("for one more session a week", &ends.pain, &values_of(evidence, "sessions_per_week"), 1.0), less);
    draft.in_grid(slope("for 30 minutes more a week", &ends.pain, &values_of(evidence, "minutes_per_week"), 30.0), less);
    draft.in_grid(slope("for 10 % more of the logged exercises", &ends.pain, &values_of(evidence, "exercises_done"), PER), less);
    let bands = high_against_low(&question.exposure);
    let more = Claimed::Above(0.0);
    let response =
        |outcome: &[Option<f64>], label: &str| variant(label, Scale::RiskDifference, question.slope(outcome, &bands, &adjusted), 1.0);
    draft.in_grid(
        response(&ends.responded_observed, "important change at 80 % adherence and more against below 50 %, end of program logged"),
        more,
    );
    draft.biased(response(&ends.responded, "the same, an end that is not logged counted as no change (biased if the less adherent leave)"));
    let unchanged = "pain at the end as at baseline where it is not logged (biased if the less adherent leave)";
    draft.biased(slope(unchanged, &ends.unchanged_pain, &question.exposure, PER));
    draft.e_values_of_points(spread(&ends.pain, &question.exposure));
    draft.excluded(question.excluded(
        &ends.pain,
        "adherence not known: no prescription, or less than a week before the days that measure the end",
        "no pain logged at the end",
        primary,
    ));
    draft.check(by_band(question));
    draft.check(question.straightness(&ends.pain));
    draft.check(question.balance(&ends.pain));
    draft.warn(question.missing_ends());
    let estimate = draft.primary().estimate;
    let finding = format!(
        "Among {}, every 10 % more adherence went with {} points {} pain at the end of the program at equal baseline pain",
        Counted::in_words(primary.n, primary.patients),
        decimal(estimate.abs(), 2),
        if estimate < 0.0 { "less" } else { "more" },
    );
    draft.finish(
        &finding,
        "Nobody was assigned to do more or less: pain that would not go may have stopped the exercise, and people who stick to a plan do better \
         even where the plan is a placebo.",
    )
}

/// Adherence of the first half, at equal pain in the middle: what is left of it once all that it has brought by then is taken away. Near
/// none where its benefit is at once; clearly on the other side it speaks against the claim.
fn early_slope(evidence: &Evidence<'_>, question: &ProgramQuestion<'_>, early: &[Option<f64>]) -> Option<super::draft::Variant> {
    let middle = |course: &crate::cohort::Course| {
        let program = course.program?;
        let week = u32::try_from((program.end.days_since(program.start) + 1 - evidence.settings.pain.end_days) / 14).ok()?;
        course.pain.as_ref()?.weeks.iter().rev().find(|logged| logged.week < week).map(|logged| logged.mean)
    };
    let middle: Vec<Option<f64>> = evidence.cohort.courses.iter().map(middle).collect();
    let adjustment = question.adjustment().and("pain at half-time", &middle);
    let label = "adherence in the first half, at equal pain at half-time";
    variant(label, Scale::Points, question.slope(&question.ends.pain, early, &adjustment), PER)
}

/// 1 from 80 % adherence on, 0 below 50 %.
fn high_against_low(adherence: &[Option<f64>]) -> Vec<Option<f64>> {
    let band = |value: f64| match value + 1e-9 {
        value if value < BANDS.0 => Some(0.0),
        value if value >= BANDS.1 => Some(1.0),
        _ => None,
    };
    adherence.iter().map(|value| value.and_then(band)).collect()
}

/// Response by band of adherence, once with a missing end as no response and once without.
fn by_band(question: &ProgramQuestion<'_>) -> Option<String> {
    let ends = &question.ends;
    let bands = [("below 50 %", f64::NEG_INFINITY, BANDS.0), ("50 to 79 %", BANDS.0, BANDS.1), ("80 % and more", BANDS.1, f64::INFINITY)];
    let told: Vec<String> = bands
        .iter()
        .filter_map(|&(name, from, to)| {
            let inside = |course: &usize| question.exposure[*course].is_some_and(|value| value + 1e-9 >= from && value + 1e-9 < to);
            let courses: Vec<usize> = (0..question.exposure.len()).filter(inside).collect();
            let of = |column: &[Option<f64>]| courses.iter().filter_map(|&course| column[course]).collect::<Vec<f64>>();
            let (all, observed) = (of(&ends.responded), of(&ends.responded_observed));
            let share = |values: &[f64]| percent(values.iter().sum::<f64>() / values.len() as f64);
            (!all.is_empty()).then(|| {
                let logged =
                    if observed.is_empty() { String::new() } else { format!(", {} of those with an end logged", share(&observed)) };
                format!("{name} {} of {}{logged}", share(&all), counted(all.len(), "program", "programs"))
            })
        })
        .collect();
    (!told.is_empty())
        .then(|| format!("Important change of pain by adherence, an end that is not logged counted as none: {}.", told.join("; ")))
}
