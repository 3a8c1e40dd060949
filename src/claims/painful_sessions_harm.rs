//! Rehabilitation exercise should be uncomfortable at most, never painful.

use crate::analysis::vocabulary::exposure;
use crate::analysis::{Adjustment, Contrast, SessionPain, adjusted_hazard, drop_out_rows, session_pains, with_both_kinds, within_program};
use crate::domain::Counted;
use crate::domain::number::{count, counted, decimal, percent};
use crate::stats::summarize;

use super::draft::{Draft, adjusted_for, effect, variant};
use super::program_question::ProgramQuestion;
use super::result::{Evaluation, Excluded};
use super::scale::Scale;
use super::verdict::Claimed;
use super::{Claim, Evidence, guards};

pub(super) const CLAIM: Claim = Claim {
    id: "painful-sessions-harm",
    statement: "Exercise should be uncomfortable at most, never painful: sessions that hurt set the patient back.",
    source: "A physician's and a therapist's article and a clinic's handout: stop if it hurts.",
    exposure: "a session in which pain during or after it was at least the setting's points above the pain before it",
    outcome: "pain in the 7 days after the session; dropping out; important change of pain",
    estimand: "difference of mean pain in the 7 days after a painful session against the same patient's other sessions of the program, at equal pain \
               before the session and in the week before it and equal day of the program",
    trap: "the protocol says to stop when it hurts, and a flare that was coming anyway hurts in the session too",
    needs: "pain_before, and pain_during or pain_after, in sessions.csv; pain.csv in the weeks around the sessions",
    evaluate,
};

const REMEDY: &str = "Log pain before and during or after each session (sessions.csv, pain_before, pain_during, pain_after), and pain on most days of the \
                      program.";

fn evaluate(evidence: &Evidence<'_>) -> Evaluation {
    let log = &evidence.logs.sessions;
    if log.pain_before.is_empty() || (log.pain_during.is_empty() && log.pain_after.is_empty()) {
        return Evaluation::not_testable("the session log does not say how much it hurt before and during or after a session", REMEDY);
    }
    let rule = &evidence.settings.claims;
    let sessions = session_pains(evidence.logs, evidence.cohort);
    if sessions.is_empty() {
        return Evaluation::not_testable("no session has pain logged before and during or after it, and in the weeks around it", REMEDY);
    }
    let both = with_both_kinds(&sessions, rule.painful_rise);
    let programs = programs(&both);
    if programs < 2 * rule.min_group {
        let found = evidence.recurrence.counted().count(programs);
        return Evaluation::not_testable(
            format!("{found} with both painful and other sessions; at least {} are needed", 2 * rule.min_group),
            REMEDY,
        );
    }
    let painful = painful(&both, rule.painful_rise);
    if let Some(refusal) = guards::event_count(painful, "painful session", "painful sessions", rule) {
        return refusal;
    }
    match within_program(&both, rule.painful_rise, |pain| Some(pain.week_after), true, evidence.settings.model.level) {
        Ok(primary) => tested(evidence, &sessions, &both, &primary),
        Err(error) => Evaluation::not_testable(error.to_string(), REMEDY),
    }
}

fn programs(sessions: &[SessionPain]) -> usize {
    sessions.chunk_by(|one, other| one.course == other.course).count()
}

fn painful(sessions: &[SessionPain], rise: f64) -> usize {
    sessions.iter().filter(|pain| pain.session.is_painful(rise)).count()
}

fn tested(evidence: &Evidence<'_>, sessions: &[SessionPain], both: &[SessionPain], primary: &Contrast) -> Evaluation {
    let (rule, level) = (&evidence.settings.claims, evidence.settings.model.level);
    let rise = rule.painful_rise;
    let more = Claimed::Above(0.0);
    let label = format!("pain in the 7 days after, painful against other sessions of the same program, {}", adjusted_for(primary));
    let mut draft = Draft::new(effect(label, Scale::Points, primary, 1.0), primary, 1.0, more, rule);
    let later = within_program(both, rise, |pain| pain.later_week_after, true, level);
    draft.in_grid(variant("the same from the second day after the session on", Scale::Points, later, 1.0), more);
    for other in [rise - 1.0, rise + 1.0].into_iter().filter(|&other| other > 0.0) {
        let kept = with_both_kinds(sessions, other);
        if painful(&kept, other) >= rule.min_events {
            let found = within_program(&kept, other, |pain| Some(pain.week_after), true, level);
            let label = format!("a session painful from a rise of {} points on", decimal(other, 1));
            draft.in_grid(variant(label, Scale::Points, found, 1.0), more);
        }
    }
    let simple = within_program(both, rise, |pain| Some(pain.week_after), false, level);
    let label = "not adjusted for the pain before (biased: pain rises most from a low point)";
    draft.biased(variant(label, Scale::Points, simple, 1.0));
    let rows = drop_out_rows(evidence.logs, evidence.cohort, rise);
    if rows.iter().filter(|row| row.event).count() >= rule.min_events {
        let adjustment = Adjustment::but(&evidence.recurrence.covariates, &["adherence"]);
        let label = "dropping out while the last session was painful, against not";
        draft.beside(variant(label, Scale::HazardRatio, adjusted_hazard(&rows, &adjustment, level), 1.0));
    } else {
        draft.check(Some("Too few patients dropped out to tell whether they did so after painful sessions.".to_owned()));
    }
    if let Some(kind) = exposure("painful_share") {
        let question = ProgramQuestion::of(evidence, kind);
        let response = question.slope(&question.ends.responded_observed, &question.exposure, &question.adjustment());
        draft.beside(variant(
            "important change by the end for 10 % more painful sessions, end logged",
            Scale::RiskDifference,
            response,
            0.1,
        ));
    }
    let spread = summarize(&both.iter().map(|pain| pain.week_after).collect::<Vec<_>>());
    draft.e_values_of_points(spread.ok().and_then(|spread| spread.std_dev));
    draft.excluded(excluded(evidence, sessions, both));
    let n_painful = painful(both, rise);
    draft.check(Some(format!(
        "{} of {} in these programs were painful ({}); errors are worked out by patient, since sessions of one patient are not independent.",
        count(n_painful),
        counted(both.len(), "rated session", "rated sessions"),
        percent(n_painful as f64 / both.len() as f64)
    )));
    let estimate = draft.primary().estimate;
    let finding = format!(
        "In {} with both kinds of session, {} painful sessions were followed by {} points {} pain over the next 7 days than the same patients' other \
         sessions, at equal pain before",
        Counted::in_words(primary.n, primary.patients),
        count(n_painful),
        decimal(estimate.abs(), 2),
        if estimate < 0.0 { "less" } else { "more" },
    );
    draft.finish(&finding, "A session can hurt because a flare is on its way: then the days after it would have been worse without it too.")
}

/// Programs without sessions of both kinds.
fn excluded(evidence: &Evidence<'_>, sessions: &[SessionPain], both: &[SessionPain]) -> Vec<Excluded> {
    let rated = programs(sessions);
    let reasons = [
        ("no session with pain logged before it, during or after it, and in the weeks around it", evidence.cohort.courses.len() - rated),
        ("no painful session, or only painful ones", rated - programs(both)),
    ];
    Excluded::for_reasons(reasons).collect()
}
