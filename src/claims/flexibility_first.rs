//! Flexibility has to be restored before strengthening.

use crate::analysis::Contrast;
use crate::analysis::vocabulary::exposure;
use crate::domain::Counted;
use crate::domain::number::{count, counted, percent};

use super::draft::{Draft, adjusted_for, effect, variant};
use super::program_question::{ProgramQuestion, values_of};
use super::result::Evaluation;
use super::scale::Scale;
use super::verdict::Claimed;
use super::{Claim, Evidence, guards};

pub(super) const CLAIM: Claim = Claim {
    id: "flexibility-first",
    statement: "Flexibility must be restored before strengthening begins; without it the later routines fail.",
    source: "A physician's and a therapist's article on where to start: stretch first, then strengthen.",
    exposure: "weeks of flexibility work before the first strengthening session: as many as the setting asks for, or fewer",
    outcome: "important change of pain by the end of the program; recurrence afterwards",
    estimand: "difference of the share with an important change at the end of the program, flexibility first against not, adjusted for baseline pain \
               and the covariates that are logged",
    trap: "few leave the order out, and whoever begins strengthening early has longer to drop out: who has no pain logged at the end is not \
           counted as a failure in the primary estimate",
    needs: "phase in sessions.csv (flexibility, strengthening), pain.csv at the start and in the last days of the program",
    evaluate,
};

fn evaluate(evidence: &Evidence<'_>) -> Evaluation {
    let Some(kind) = exposure("flexibility_first").filter(|_| evidence.logs.sessions.has_phase) else {
        return Evaluation::not_testable(
            "sessions have no phase, so the order of flexibility and strengthening is not known",
            "Log the phase of every session (sessions.csv, phase).",
        );
    };
    let question = ProgramQuestion::of(evidence, kind);
    if question.exposure.iter().all(Option::is_none) {
        return Evaluation::not_testable(
            "no program has a strengthening session before its last days",
            "Log the phase of every session (sessions.csv, phase): flexibility, strengthening and so on.",
        );
    }
    let response = &question.ends.responded_observed;
    let primary = question.slope(response, &question.exposure, &question.adjustment());
    let compared = question.complete(response, primary.as_ref().ok(), &[]);
    let (first, not) = question.group_sizes(&compared);
    let counted_as = evidence.recurrence.counted();
    let remedy = "Where strengthening is begun at once for a reason, log it so; a comparison needs patients of both kinds, with pain at start and end.";
    let groups = [("had flexibility work first", first), ("began strengthening without it", not)];
    if let Some(refusal) = guards::group_sizes(&groups, counted_as, &evidence.settings.claims, remedy) {
        return refusal;
    }
    if let Some(refusal) =
        guards::separation(&question.sums(&compared), ["with flexibility first", "without it"], "an important change", remedy)
    {
        return refusal;
    }
    match primary {
        Ok(primary) => tested(evidence, &question, &primary, &compared),
        Err(error) => Evaluation::not_testable(error.to_string(), remedy),
    }
}

fn tested(evidence: &Evidence<'_>, question: &ProgramQuestion<'_>, primary: &Contrast, compared: &[Option<f64>]) -> Evaluation {
    let ends = &question.ends;
    let weeks = evidence.settings.claims.flexibility_weeks;
    let more = Claimed::Above(0.0);
    let label = format!("important change, {} of flexibility first against fewer, {}", counted_weeks(weeks), adjusted_for(primary));
    let mut draft = Draft::new(effect(label, Scale::RiskDifference, primary, 1.0), primary, 1.0, more, &evidence.settings.claims);
    let adjusted = question.adjustment();
    let simple = question.slope(&ends.responded_observed, &question.exposure, &question.baseline_only());
    draft.in_grid(variant("the same, adjusted for baseline pain alone", Scale::RiskDifference, simple, 1.0), more);
    let by_weeks = values_of(evidence, "flexibility_weeks");
    for other in [weeks.saturating_sub(1), weeks + 1].into_iter().filter(|&other| other > 0) {
        let cut: Vec<Option<f64>> = by_weeks.iter().map(|found| found.map(|found| f64::from(found >= f64::from(other)))).collect();
        if smaller_group(&ends.responded_observed, &cut) >= evidence.settings.claims.min_group {
            let label = format!("important change, {} of flexibility first against fewer", counted_weeks(other));
            draft.in_grid(variant(label, Scale::RiskDifference, question.slope(&ends.responded_observed, &cut, &adjusted), 1.0), more);
        }
    }
    let pain = question.slope(&ends.pain, &question.exposure, &adjusted);
    draft.in_grid(variant("pain at the end, flexibility first against not", Scale::Points, pain, 1.0), Claimed::Below(0.0));
    let label = "recurrence after remission and completion, flexibility first against not";
    draft.beside(question.hazard("recurrence", 1.0, label.to_owned()));
    let imputed = question.slope(&ends.responded, &question.exposure, &adjusted);
    let label = "an end that is not logged counted as no change (biased: who strengthens early has longer to leave)";
    draft.biased(variant(label, Scale::RiskDifference, imputed, 1.0));
    let ((with, without), [share_with, share_without]) = (question.group_sizes(compared), question.shares(compared));
    draft.e_values_of_risk(share_without);
    draft.excluded(question.excluded(
        &ends.responded_observed,
        "no strengthening session before the days that measure the end",
        "baseline too low for a share of it, or no pain logged at the end",
        primary,
    ));
    draft.check(question.balance(compared));
    draft.warn(question.missing_ends());
    let finding = format!(
        "Among {} with strengthening, {} of the {} with {} of flexibility work before it had an important change of pain by the end, against {} \
         of the {} without",
        Counted::in_words(primary.n, primary.patients),
        percent(share_with),
        count(with),
        counted_weeks(weeks),
        percent(share_without),
        count(without),
    );
    draft.finish(
        &finding,
        "Nobody was assigned an order: a therapist may begin strengthening at once with those who need little flexibility work, or with those \
         in a hurry.",
    )
}

fn counted_weeks(weeks: u32) -> String {
    counted(weeks as usize, "week", "weeks")
}

fn smaller_group(outcome: &[Option<f64>], exposure: &[Option<f64>]) -> usize {
    let used: Vec<f64> = exposure.iter().zip(outcome).filter_map(|(exposure, outcome)| outcome.and(*exposure)).collect();
    let exposed = used.iter().filter(|&&exposure| exposure > 0.5).count();
    exposed.min(used.len() - exposed)
}
