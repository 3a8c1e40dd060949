//! Hold 30 seconds to 2 minutes, 3 to 5 repeats, one stretch from each of seven muscle groups.

use crate::analysis::Contrast;
use crate::analysis::vocabulary::exposure;
use crate::domain::Counted;
use crate::domain::number::{decimal, percent};
use crate::stats::summarize;

use super::draft::{Draft, adjusted_for, effect, variant};
use super::program_question::{ProgramQuestion, spread, values_of};
use super::result::Evaluation;
use super::scale::Scale;
use super::verdict::Claimed;
use super::{Claim, Evidence, guards};

pub(super) const CLAIM: Claim = Claim {
    id: "stretch-dose-rules",
    statement: "Stretches work if each is held for 30 seconds to 2 minutes and repeated 3 to 5 times, with all seven muscle groups in turn.",
    source: "A therapist's article on flexibility exercises: eight rules for stretching.",
    exposure: "share of the stretches that were held 30 to 120 seconds and repeated 3 to 5 times; muscle groups stretched in a week",
    outcome: "pain in the last days of the program at equal baseline pain",
    estimand: "difference of pain at the end of the program for 10 % more stretches by the rule, adjusted for baseline pain, adherence and the \
               covariates that are logged (analysis of covariance)",
    trap: "who keeps to the rules also does more: it is adjusted for adherence",
    needs: "hold_seconds and reps (or sets) of stretches in sessions.csv, a prescription, pain.csv at the start and in the last days of the program",
    evaluate,
};

const PER: f64 = 0.1;
const REMEDY: &str = "Log seconds held and repeats of each stretch (sessions.csv, hold_seconds, reps), the number of sessions prescribed, and pain in the \
                      first and last week of the program.";

fn evaluate(evidence: &Evidence<'_>) -> Evaluation {
    let log = &evidence.logs.sessions;
    let Some(kind) = exposure("stretch_rule").filter(|_| !(log.hold_seconds.is_empty() || log.reps.is_empty() && log.sets.is_empty()))
    else {
        return Evaluation::not_testable(
            "the session log does not say how long stretches were held and how often they were repeated",
            REMEDY,
        );
    };
    let adherence = values_of(evidence, "adherence");
    let question = ProgramQuestion::of(evidence, kind);
    // Without adherence the rule and the amount cannot be told apart, so programs without it are not compared.
    let pain: Vec<Option<f64>> = question.ends.pain.iter().zip(&adherence).map(|(pain, adherence)| adherence.and(*pain)).collect();
    let question = question.and("adherence", adherence);
    if let Some(refusal) =
        guards::variation(&question.used(&pain), "stretches with hold and repeats, adherence", &evidence.settings.claims, REMEDY)
    {
        return refusal;
    }
    match question.slope(&pain, &question.exposure, &question.adjustment()) {
        Ok(primary) => tested(evidence, &question, &pain, &primary),
        Err(error) => Evaluation::not_testable(error.to_string(), REMEDY),
    }
}

fn tested(evidence: &Evidence<'_>, question: &ProgramQuestion<'_>, pain: &[Option<f64>], primary: &Contrast) -> Evaluation {
    let less = Claimed::Below(0.0);
    let label = format!("pain at the end for 10 % more stretches by the rule, {}", adjusted_for(primary));
    let mut draft = Draft::new(effect(label, Scale::Points, primary, PER), primary, PER, less, &evidence.settings.claims);
    let adjusted = question.adjustment();
    let simple = question.slope(pain, &question.exposure, &question.baseline_only());
    draft.in_grid(variant("the same, adjusted for baseline pain alone", Scale::Points, simple, PER), less);
    let last = question.slope(&question.ends.last_pain, &question.exposure, &adjusted);
    draft.in_grid(variant("with the last pain logged in the program where the end is missing", Scale::Points, last, PER), less);
    let response = question.slope(&question.ends.responded_observed, &question.exposure, &adjusted);
    let label = "important change for 10 % more stretches by the rule, end logged";
    draft.in_grid(variant(label, Scale::RiskDifference, response, PER), Claimed::Above(0.0));
    let groups = values_of(evidence, "stretched_groups");
    draft.beside(variant(
        "for one more of the seven muscle groups a week",
        Scale::Points,
        question.slope(pain, &groups, &adjusted),
        1.0 / 7.0,
    ));
    draft.e_values_of_points(spread(pain, &question.exposure));
    draft.excluded(question.excluded(
        pain,
        "no stretch with hold and repeats before the days that measure the end",
        "no pain logged at the end, or no adherence",
        primary,
    ));
    draft.check(summarize(&question.used(pain)).ok().map(|shares| {
        let sevenths: Vec<f64> = groups.iter().flatten().map(|share| 7.0 * share).collect();
        let weekly = summarize(&sevenths).map_or_else(
            |_| String::new(),
            |groups| format!("; {} of the seven muscle groups were stretched in a week", decimal(groups.mean, 1)),
        );
        format!("On average {} of a program's stretches kept the rule{weekly}.", percent(shares.mean))
    }));
    draft.check(question.straightness(pain));
    draft.check(question.balance(pain));
    draft.warn(question.missing_ends());
    let estimate = draft.primary().estimate;
    let finding = format!(
        "Among {}, every 10 % more of the stretches held for 30 to 120 seconds and repeated 3 to 5 times went with {} points {} pain at the end \
         of the program at equal baseline pain and adherence",
        Counted::in_words(primary.n, primary.patients),
        decimal(estimate.abs(), 2),
        if estimate < 0.0 { "less" } else { "more" },
    );
    draft.finish(
        &finding,
        "Nobody was assigned to the rules: who keeps to them is careful in other things too, and who hurts may hold a stretch for less long.",
    )
}
