//! Skipping balance and coordination training means episodes for years.

use crate::analysis::{BalanceTraining, Contrast, analyze_balance_training};
use crate::domain::Counted;
use crate::domain::number::{counted, decimal, interval, p_equals, percent, ratio};
use crate::stats::{EffectMeasure, e_value_of};

use super::detectable::detectable;
use super::draft::adjusted_for;
use super::guards;
use super::result::{Effect, Evaluation, Excluded, Tested};
use super::scale::Scale;
use super::verdict::Claimed;
use super::{Claim, Evidence};

pub(super) const CLAIM: Claim = Claim {
    id: "skipping-proprioception-relapses",
    statement: "Patients who skip balance and coordination training go on having episodes for years.",
    source: "A physician's article on where to start with back exercise.",
    exposure: "no session of balance or coordination (phase proprioception) by the planned end of the program, against any",
    outcome: "all recurrences after the program, the first and later ones",
    estimand: "rate ratio of recurrence (Andersen–Gill), without such training against with it, adjusted for the covariates that are logged; \
               errors by patient",
    trap: "the phase comes late, so that those who do well reach it: only programs that were completed and ended in remission are compared, by \
           what was done by their planned end, and once more at equal pain at the end of the program",
    needs: "phase in sessions.csv (proprioception among them), completed_on and planned_end in programs.csv, pain after completion",
    evaluate,
};

fn evaluate(evidence: &Evidence<'_>) -> Evaluation {
    let remedy = "Log the phase of each session (sessions.csv, phase: proprioception for balance and coordination), for everybody.";
    if let Some(reason) = evidence.recurrence.curve.reason() {
        return Evaluation::not_testable(reason, "Log the day each program was completed (programs.csv, completed_on), and pain after it.");
    }
    if !evidence.logs.sessions.has_phase {
        return Evaluation::not_testable("sessions.csv has no column phase", remedy);
    }
    let found = analyze_balance_training(evidence.logs, evidence.cohort, &evidence.recurrence.covariates, evidence.settings);
    let rule = &evidence.settings.claims;
    let refused = guards::group_sizes(
        &[("had no balance training in the program", found.without), ("had some", found.with)],
        Counted::of(found.n, found.patients),
        rule,
        remedy,
    )
    .or_else(|| guards::event_count(found.recurrences_with + found.recurrences_without, "recurrence", "recurrences", rule));
    if let Some(refusal) = refused {
        return refusal;
    }
    match found.adjusted.value().or(found.not_adjusted.value()) {
        Some(primary) => Evaluation::Tested(Box::new(tested(&found, primary, evidence))),
        None => Evaluation::not_testable(
            found.adjusted.reason().unwrap_or("the rate ratio could not be estimated").to_owned(),
            "More recurrences in both groups would make it estimable.",
        ),
    }
}

fn tested(found: &BalanceTraining, primary: &Contrast, evidence: &Evidence<'_>) -> Tested {
    let rule = &evidence.settings.claims;
    let mut others = Vec::new();
    let mut contrary = Vec::new();
    let variants = [
        ("not adjusted", Scale::RateRatio, &found.not_adjusted),
        ("at equal pain at the end of the program, too", Scale::RateRatio, &found.at_equal_end_pain),
        ("fewer than 4 such sessions counted as none", Scale::RateRatio, &found.few_as_none),
        ("the first recurrence alone", Scale::HazardRatio, &found.first_only),
    ];
    for (label, scale, computed) in variants {
        let Some(other) = computed.value() else { continue };
        others.push(Effect::of_contrast(label, scale, other));
        if other.n_events.is_some_and(|events| events >= rule.min_events) && (other.estimate > 1.0) != (primary.estimate > 1.0) {
            contrary.push(format!("{label}: {}", ratio(other.estimate)));
        }
    }
    let label = format!("no balance training against some, all recurrences, {}", adjusted_for(primary));
    let e_values = e_value_of(EffectMeasure::RiskRatio, primary.estimate, Some(primary.interval)).ok();
    let mut checks = Vec::new();
    if let Some(difference) = found.difference.value() {
        checks.push(format!(
            "Mean number of recurrences in {} days: {} without balance training, {} with it ({}).",
            decimal(found.horizon, 0),
            decimal(difference.second.estimate, 2),
            decimal(difference.first.estimate, 2),
            p_equals(difference.test.p_value)
        ));
    }
    checks.push("Several recurrences of a patient are not independent: errors are worked out by patient.".to_owned());
    checks.extend(primary.dropped.iter().map(|dropped| format!("Not adjusted for {dropped}.")));
    let left = [("no phase logged in the program", found.no_phases), ("a covariate is missing", primary.missing_covariate)];
    Tested {
        finding: format!(
            "Among {} at risk, the {} without balance training had {} and the {} with it {} (rate ratio {}, {} interval {}, {}).",
            Counted::in_words(found.n, found.patients),
            found.without,
            counted(found.recurrences_without, "recurrence", "recurrences"),
            found.with,
            found.recurrences_with,
            ratio(primary.estimate),
            percent(primary.interval.level),
            interval(primary.interval.lower, primary.interval.upper, 2),
            p_equals(primary.p_value)
        ),
        doubt: doubt(primary, &contrary),
        primary: Effect::of_contrast(label, Scale::RateRatio, primary),
        claimed: Claimed::Above(1.0),
        n_used: primary.n,
        n_patients: primary.patients,
        n_events: primary.n_events,
        excluded: Excluded::from_risk(evidence.recurrence).chain(Excluded::for_reasons(left)).collect(),
        keeps_direction: contrary.is_empty(),
        checks,
        e_value: e_values.map(|found| found.estimate),
        e_value_limit: e_values.and_then(|found| found.limit),
        minimum_detectable: Some(detectable(primary.std_error, rule).exp()),
        others,
        warnings: vec![],
    }
}

fn doubt(primary: &Contrast, contrary: &[String]) -> String {
    if !contrary.is_empty() {
        return format!("The direction is not stable: {}.", contrary.join("; "));
    }
    if primary.interval.lower <= 1.0 && primary.interval.upper >= 1.0 {
        return "The interval includes no difference at all, and nobody was assigned to go without.".to_owned();
    }
    "The phase is the last of a program: those who reached it were doing well, and may have recurred less anyway.".to_owned()
}
