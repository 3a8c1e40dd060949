//! Exercises done incorrectly do not help.

use crate::analysis::Contrast;
use crate::analysis::vocabulary::exposure;
use crate::domain::number::{count, decimal};
use crate::domain::{Counted, Setting};

use super::draft::{Draft, adjusted_for, effect, variant};
use super::program_question::{ProgramQuestion, spread, values_of};
use super::result::{ClaimWarning, Evaluation};
use super::scale::Scale;
use super::verdict::Claimed;
use super::{Claim, Evidence, guards};

pub(super) const CLAIM: Claim = Claim {
    id: "technique-matters",
    statement: "Exercises that are done incorrectly do not help.",
    source: "An encyclopedia page on why back exercise fails.",
    exposure: "mean rating of technique over the sessions before the days that measure the end of the program",
    outcome: "pain in the last days of the program at equal baseline pain; important change of pain",
    estimand: "difference of pain at the end of the program for one point more of technique, adjusted for baseline pain and the covariates that \
               are logged (analysis of covariance)",
    trap: "whoever rates the technique sees how the patient is doing, and pain spoils technique",
    needs: "technique (1–5) in sessions.csv, pain.csv at the start and in the last days of the program",
    evaluate,
};

const REMEDY: &str = "Have technique rated (sessions.csv, technique, 1 to 5), best by somebody who does not see the pain diary, and log pain in the first \
                      and last week of the program.";

fn evaluate(evidence: &Evidence<'_>) -> Evaluation {
    let Some(kind) = exposure("technique").filter(|_| !evidence.logs.sessions.technique.is_empty()) else {
        return Evaluation::not_testable("technique is not rated in the session log", REMEDY);
    };
    let question = ProgramQuestion::of(evidence, kind);
    let used = question.used(&question.ends.pain);
    if let Some(refusal) = guards::variation(&used, "a rating of technique", &evidence.settings.claims, REMEDY) {
        return refusal;
    }
    match question.slope(&question.ends.pain, &question.exposure, &question.adjustment()) {
        Ok(primary) => tested(evidence, &question, &primary),
        Err(error) => Evaluation::not_testable(error.to_string(), REMEDY),
    }
}

fn tested(evidence: &Evidence<'_>, question: &ProgramQuestion<'_>, primary: &Contrast) -> Evaluation {
    let ends = &question.ends;
    let less = Claimed::Below(0.0);
    let label = format!("pain at the end for one point more of technique, {}", adjusted_for(primary));
    let mut draft = Draft::new(effect(label, Scale::Points, primary, 1.0), primary, 1.0, less, &evidence.settings.claims);
    let adjusted = question.adjustment();
    let simple = question.slope(&ends.pain, &question.exposure, &question.baseline_only());
    draft.in_grid(variant("the same, adjusted for baseline pain alone", Scale::Points, simple, 1.0), less);
    let early = question.slope(&ends.pain, &values_of(evidence, "early_technique"), &adjusted);
    draft.in_grid(variant("technique in the first half of the program", Scale::Points, early, 1.0), less);
    let adherence = values_of(evidence, "adherence");
    let with_adherence = question.slope(&ends.pain, &question.exposure, &question.adjustment().and("adherence", &adherence));
    draft.in_grid(variant("the same, at equal adherence too", Scale::Points, with_adherence, 1.0), less);
    let last = question.slope(&ends.last_pain, &question.exposure, &adjusted);
    draft.in_grid(variant("with the last pain logged in the program where the end is missing", Scale::Points, last, 1.0), less);
    let response = question.slope(&ends.responded_observed, &question.exposure, &adjusted);
    let label = "important change for one point more of technique, end logged";
    draft.in_grid(variant(label, Scale::RiskDifference, response, 1.0), Claimed::Above(0.0));
    draft.e_values_of_points(spread(&ends.pain, &question.exposure));
    draft.excluded(question.excluded(
        &ends.pain,
        "technique not rated before the days that measure the end",
        "no pain logged at the end",
        primary,
    ));
    draft.check(question.straightness(&ends.pain));
    draft.check(question.balance(&ends.pain));
    draft.warn(question.missing_ends());
    draft.warn(rated_at_home(evidence));
    let estimate = draft.primary().estimate;
    let finding = format!(
        "Among {}, one point more of technique (of 1 to 5, mean of the program) went with {} points {} pain at its end at equal baseline pain",
        Counted::in_words(primary.n, primary.patients),
        decimal(estimate.abs(), 2),
        if estimate < 0.0 { "less" } else { "more" },
    );
    draft.finish(
        &finding,
        "Whoever rates the technique sees how the patient is doing, and pain spoils technique: the rating may follow the pain rather than lead it.",
    )
}

/// Ratings of sessions at home are mostly the patient's own, who also logs the pain.
fn rated_at_home(evidence: &Evidence<'_>) -> Option<ClaimWarning> {
    let log = &evidence.logs.sessions;
    let rated = || (0..log.technique.len()).filter(|&row| log.technique[row].is_some());
    let home = rated().filter(|&row| log.setting(row) == Some(Setting::Home)).count();
    let all = rated().count();
    (10 * home > all).then(|| ClaimWarning {
        id: "rated-at-home",
        sentence: format!(
            "{} of {} ratings of technique are of sessions at home: where the same person rates technique and pain, a good or bad day moves both.",
            count(home),
            count(all)
        ),
    })
}
