//! Three to four weeks without the exercise bring pain back, and resuming takes it away.

use crate::analysis::{LapseAnalysis, LapseDifference, analyze_lapses};
use crate::domain::number::{change, counted, interval, p_equals, percent};
use crate::stats::{EffectMeasure, Interval, e_value_of};

use super::detectable::detectable;
use super::guards;
use super::result::{ClaimWarning, Effect, EffectRole, Evaluation, Excluded, Tested};
use super::scale::Scale;
use super::verdict::Claimed;
use super::{Claim, Evidence};

pub(super) const CLAIM: Claim = Claim {
    id: "lapse-brings-pain-back",
    statement: "Three to four weeks without the maintenance exercise bring some pain back, and resuming it takes the pain away.",
    source: "A forum account of somebody whose stiffness and slight pain came back within a month of stopping.",
    exposure: "21 days or more from a maintenance session to the next, against periods of the same patient in which exercise went on",
    outcome: "own mean pain on days 8 to 28 after the last session, less that of the 28 days up to it",
    estimand: "difference of the two changes within patients, at equal pain before, in points; interval by drawing patients",
    trap: "pain that stops the exercise looks like exercise that keeps pain away: periods in which pain was already rising in the week \
           before or after the last session are left out; and pain returns to its usual level from wherever it was (regression to the mean)",
    needs: "sessions after completion with their dates, and pain logged at least weekly all the time",
    evaluate,
};

fn evaluate(evidence: &Evidence<'_>) -> Evaluation {
    let remedy = "Log every maintenance session and pain at least once a week, also in weeks without exercise, and go on after completion.";
    if evidence.recurrence.curve.reason().is_some() && evidence.cohort.courses.iter().all(|course| course.sessions.day.is_empty()) {
        return Evaluation::not_testable("no sessions are logged", remedy);
    }
    let found = analyze_lapses(evidence.logs, evidence.cohort, evidence.settings);
    let rule = &evidence.settings.claims;
    if found.patients_compared < rule.min_group {
        return Evaluation::not_testable(
            format!(
                "{} a lapse that can be judged (of {} in all) and a period of going on to compare it with; at least {} are needed",
                counted(found.patients_compared, "patient has", "patients have"),
                counted(found.lapses + found.too_early + found.not_logged + found.rising, "lapse", "lapses"),
                rule.min_group
            ),
            remedy,
        );
    }
    match (found.adjusted.value(), found.adjusted.reason()) {
        (Some(primary), _) => Evaluation::Tested(Box::new(tested(&found, primary, evidence))),
        (None, reason) => Evaluation::not_testable(reason.unwrap_or("the difference could not be estimated"), remedy),
    }
}

fn effect(label: &str, found: &LapseDifference, role: EffectRole) -> Effect {
    Effect {
        label: label.to_owned(),
        scale: Scale::Points,
        estimate: found.estimate,
        interval: found.interval,
        p_value: found.p_value,
        role,
    }
}

fn tested(found: &LapseAnalysis, primary: &LapseDifference, evidence: &Evidence<'_>) -> Tested {
    let rule = &evidence.settings.claims;
    let named = [
        ("not at equal pain before", &found.not_adjusted),
        ("between patients too, at equal pain before and usual pain so far", &found.by_history),
        ("in the 28 days from the day the lapse is known", &found.once_known),
        ("lapses of at least 28 days", &found.longer),
    ];
    let mut others = Vec::new();
    let mut contrary = Vec::new();
    for (label, computed) in named {
        let Some(other) = computed.value() else { continue };
        others.push(effect(label, other, EffectRole::Estimate));
        if other.patients >= rule.min_group && other.lapses >= rule.min_group && (other.estimate > 0.0) != (primary.estimate > 0.0) {
            contrary.push(format!("{label}: {} points", change(other.estimate, 2)));
        }
    }
    if let Some(plain) = found.before_after.value() {
        others.push(effect("after less before in lapses alone (biased by drift and regression to the mean)", plain, EffectRole::Biased));
    }
    if let Some(resuming) = found.resuming.value() {
        others.push(effect("the 28 days after resuming less the lapse itself (negative: pain went away)", resuming, EffectRole::Estimate));
    }
    let measure = found.change_std_dev.filter(|&sd| sd > 0.0).map(|std_dev| EffectMeasure::MeanDifference { std_dev });
    let e_values = measure.and_then(|measure| e_value_of(measure, primary.estimate, Some(primary.interval)).ok());
    let lapses = found.lapses + found.too_early + found.not_logged + found.rising;
    let rising_share = found.rising as f64 / (found.rising + found.lapses).max(1) as f64;
    let mut warnings = guards::undermining(evidence);
    let undermined = warnings.first().map(|warning| warning.sentence.clone());
    warnings.extend((rising_share > 0.2).then(|| ClaimWarning {
        id: "pain-before-lapse",
        sentence: format!(
            "Pain was already rising around {} of the lapses: in these logs pain stops the exercise, and some of what is left may be of that kind.",
            percent(rising_share)
        ),
    }));
    Tested {
        primary: effect("change of own pain, lapses against going on, at equal pain before", primary, EffectRole::Estimate),
        claimed: Claimed::Above(0.0),
        n_used: primary.patients,
        n_patients: primary.patients,
        n_events: None,
        excluded: excluded(found, evidence),
        keeps_direction: contrary.is_empty() && undermined.is_none(),
        finding: finding(primary),
        doubt: undermined.unwrap_or_else(|| doubt(primary, &contrary, found)),
        checks: vec![
            format!(
                "Of {} of at least 21 days, {} can be judged; left out: {} before exercise had been kept up for 28 days after completion, {} \
                 without pain logged around them, {} around which pain was already rising by a point or more.",
                counted(lapses, "lapse", "lapses"),
                found.lapses,
                found.too_early,
                found.not_logged,
                found.rising
            ),
            "A day without a session logged counts as a day without exercise; a session not logged makes a lapse that was none.".to_owned(),
        ],
        e_value: e_values.map(|found| found.estimate),
        e_value_limit: e_values.and_then(|found| found.limit),
        minimum_detectable: Some(detectable(primary.std_error, rule)),
        others,
        warnings,
    }
}

fn excluded(found: &LapseAnalysis, evidence: &Evidence<'_>) -> Vec<Excluded> {
    let everybody = evidence.cohort.n_patients();
    Excluded::for_reasons([
        ("no lapse that can be judged", everybody - found.patients_with_lapse),
        ("a lapse, but no period of going on to compare it with", found.patients_with_lapse - found.patients_compared),
    ])
    .collect()
}

fn finding(primary: &LapseDifference) -> String {
    let Interval { lower, upper, level } = primary.interval;
    format!(
        "In {} with {} of at least 3 weeks, own pain after a lapse had changed by {} points compared with weeks in which the same patients went \
         on exercising ({} interval {}, {}).",
        counted(primary.patients, "patient", "patients"),
        counted(primary.lapses, "lapse", "lapses"),
        change(primary.estimate, 2),
        percent(level),
        interval(lower, upper, 2),
        p_equals(primary.p_value)
    )
}

fn doubt(primary: &LapseDifference, contrary: &[String], found: &LapseAnalysis) -> String {
    let Interval { lower, upper, .. } = primary.interval;
    if !contrary.is_empty() {
        return format!("The direction is not stable: {}.", contrary.join("; "));
    }
    if lower <= 0.0 && upper >= 0.0 {
        return "The interval includes no change at all, and nobody was told to pause.".to_owned();
    }
    if found.rising > 0 {
        return format!(
            "Pain was already rising around {} of {} lapses, which were left out; pain that announces itself more quietly may have stopped the \
             exercise in others.",
            found.rising,
            found.rising + found.lapses
        );
    }
    "People pause for reasons of their own, such as illness, travel or work, which may bring pain by themselves.".to_owned()
}
