//! Whether lumbar traction adds anything is disputed.

use crate::analysis::Contrast;
use crate::analysis::vocabulary::exposure;
use crate::domain::Counted;
use crate::domain::number::{count, decimal, p_equals};

use super::draft::{Draft, adjusted_for, effect, variant};
use super::program_question::{ProgramQuestion, spread, values_of};
use super::result::{Effect, Evaluation};
use super::scale::Scale;
use super::verdict::Claimed;
use super::{Claim, Evidence, guards};

pub(super) const CLAIM: Claim = Claim {
    id: "traction-adds-little",
    statement: "Lumbar traction adds little or nothing to a back program.",
    source: "An encyclopedia page on back exercise, which calls its benefit disputed.",
    exposure: "any session of traction before the days that measure the end of the program, or none",
    outcome: "pain in the last days of the program at equal baseline pain",
    estimand: "difference of pain at the end of the program, traction against none, adjusted for baseline pain and the covariates that are logged; \
               little if its interval lies within the setting's margin (two one-sided tests)",
    trap: "no evidence of a difference is not evidence of none: the whole interval has to lie within the margin; and traction goes to those in \
           most pain",
    needs: "modality in sessions.csv, pain.csv at the start and in the last days of the program",
    evaluate,
};

const REMEDY: &str = "Log the modality of every session (sessions.csv, modality), also of those without traction, and pain in the first and last week \
                      of the program.";

fn evaluate(evidence: &Evidence<'_>) -> Evaluation {
    let Some(kind) = exposure("traction").filter(|_| !evidence.logs.sessions.modality.is_empty()) else {
        return Evaluation::not_testable("sessions have no modality, so traction cannot be told", REMEDY);
    };
    let question = ProgramQuestion::of(evidence, kind);
    let primary = question.slope(&question.ends.pain, &question.exposure, &question.adjustment());
    let compared = question.complete(&question.ends.pain, primary.as_ref().ok(), &[]);
    let (with, without) = question.group_sizes(&compared);
    let groups = [("had traction", with), ("had none", without)];
    if let Some(refusal) = guards::group_sizes(&groups, evidence.recurrence.counted(), &evidence.settings.claims, REMEDY) {
        return refusal;
    }
    match primary {
        Ok(primary) => tested(evidence, &question, &primary, &compared),
        Err(error) => Evaluation::not_testable(error.to_string(), REMEDY),
    }
}

fn tested(evidence: &Evidence<'_>, question: &ProgramQuestion<'_>, primary: &Contrast, compared: &[Option<f64>]) -> Evaluation {
    let (ends, rule) = (&question.ends, &evidence.settings.claims);
    let margin = rule.equivalence_margin;
    let little = Claimed::Within(-margin, margin);
    let difference_p = primary.p_value;
    let label = format!("pain at the end, traction against none, {}", adjusted_for(primary));
    let equivalence = Effect { p_value: primary.p_of_equivalence((-margin, margin), false), ..effect(label, Scale::Points, primary, 1.0) };
    let mut draft = Draft::new(equivalence, primary, 1.0, little, rule);
    let adjusted = question.adjustment();
    let simple = question.slope(&ends.pain, &question.exposure, &question.baseline_only());
    draft.in_grid(variant("the same, adjusted for baseline pain alone", Scale::Points, simple, 1.0), little);
    let adherence = values_of(evidence, "adherence");
    let with_adherence = question.slope(&ends.pain, &question.exposure, &question.adjustment().and("adherence", &adherence));
    draft.in_grid(variant("the same, at equal adherence too", Scale::Points, with_adherence, 1.0), little);
    let last = question.slope(&ends.last_pain, &question.exposure, &adjusted);
    draft.in_grid(variant("with the last pain logged in the program where the end is missing", Scale::Points, last, 1.0), little);
    let dose = question.slope(&ends.pain, &values_of(evidence, "traction_sessions"), &adjusted);
    draft.beside(variant("for each session of traction", Scale::Points, dose, 1.0));
    let response = question.slope(&ends.responded_observed, &question.exposure, &adjusted);
    draft.beside(variant("important change, traction against none, end logged", Scale::RiskDifference, response, 1.0));
    draft.e_values_of_points(spread(compared, &question.exposure));
    draft.excluded(question.excluded(
        &ends.pain,
        "no modality logged before the days that measure the end",
        "no pain logged at the end",
        primary,
    ));
    let points = decimal(margin, 1);
    draft.check(Some(format!(
        "The p value is that of the difference lying within {points} points of none (the larger of two one-sided tests), or beyond them where the \
         estimate does; that of any difference at all: {}.",
        p_equals(difference_p)
    )));
    draft.check(question.balance(compared));
    draft.warn(question.missing_ends());
    let estimate = draft.primary().estimate;
    let (with, without) = question.group_sizes(compared);
    let finding = format!(
        "Among {}, the {} with traction ended the program with {} points {} pain than the {} without, at equal baseline pain, where up \
         to {points} points count as little",
        Counted::in_words(primary.n, primary.patients),
        count(with),
        decimal(estimate.abs(), 2),
        if estimate < 0.0 { "less" } else { "more" },
        count(without),
    );
    let interval = draft.primary().interval;
    let inside = -margin <= interval.lower && interval.upper <= margin;
    draft.finish(
        &finding,
        if inside {
            "Traction goes to those in most pain, or with pain down the leg: what it adds for them may be hidden by who they are."
        } else {
            "The interval reaches beyond the margin: a difference that matters cannot be ruled out, nor can none."
        },
    )
}
