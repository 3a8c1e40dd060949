//! The more maintenance sessions a week, the fewer recurrences.

use crate::analysis::{Computed, DoseResponse, HazardRatio, LagCell};
use crate::domain::Counted;
use crate::domain::number::{counted, interval, p_equals, percent, ratio};
use crate::stats::{e_value, normal_quantile};

use super::detectable::detectable;
use super::draft::adjusted_for_covariates;
use super::guards;
use super::result::{Effect, EffectRole, Evaluation, Excluded, Tested};
use super::scale::Scale;
use super::verdict::Claimed;
use super::{Claim, Evidence};

pub(super) const CLAIM: Claim = Claim {
    id: "maintenance-dose-response",
    statement: "The more maintenance sessions a week, the fewer recurrences; one a week may be enough.",
    source: "A physician's article on where to start with back exercise: as with all exercise, it has to be kept up.",
    exposure: "sessions a week in the weeks before each day at risk, some days earlier",
    outcome: "the first recurrence",
    estimand: "hazard ratio of recurrence for each further session a week, by the dose of each day known some days before, adjusted for the \
               covariates that are logged",
    trap: "choosing where to cut the dose until something shows (the line is the estimate, bands and curve stand beside it); pain on its way \
           lowers the dose before it counts as a recurrence",
    needs: "completed_on in programs.csv (or session phases), every session after completion, pain after completion",
    evaluate,
};

fn evaluate(evidence: &Evidence<'_>) -> Evaluation {
    let remedy = "Log every session after completion with its date, also of those who exercise little, and pain after completion.";
    if let Some(reason) = evidence.recurrence.curve.reason() {
        return Evaluation::not_testable(reason, "Log the day each program was completed (programs.csv, completed_on), and pain after it.");
    }
    let (dose, rule) = (&evidence.recurrence.dose, &evidence.settings.claims);
    if dose.patients < 2 * rule.min_group {
        return Evaluation::not_testable(
            format!(
                "{} at risk with a known dose; at least {} are needed",
                counted(dose.patients, "patient is", "patients are"),
                2 * rule.min_group
            ),
            remedy,
        );
    }
    if let Some(refusal) = guards::landmark_overlap(evidence) {
        return refusal;
    }
    if let Some(refusal) = guards::event_count(dose.n_events, "recurrence with a known dose", "recurrences with a known dose", rule) {
        return refusal;
    }
    match (dose.per_session.value(), dose.per_session.reason()) {
        (Some(primary), _) => Evaluation::Tested(Box::new(tested(dose, primary, evidence))),
        (None, reason) => Evaluation::not_testable(reason.unwrap_or("the hazard ratio could not be estimated"), remedy),
    }
}

fn effect(label: String, found: &HazardRatio) -> Effect {
    Effect {
        label,
        scale: Scale::HazardRatio,
        estimate: found.hazard_ratio,
        interval: found.interval,
        p_value: found.p_value,
        role: EffectRole::Estimate,
    }
}

fn tested(dose: &DoseResponse, primary: &HazardRatio, evidence: &Evidence<'_>) -> Tested {
    let rule = &evidence.settings.claims;
    let mut others = Vec::new();
    let mut contrary = Vec::new();
    let below = primary.hazard_ratio < 1.0;
    for band in &dose.bands {
        let Some(found) = band.hazard_ratio.as_ref().and_then(Computed::value) else { continue };
        others.push(effect(format!("{} a week against none", band.label), found));
        // A band of a few recurrences may lie anywhere.
        if band.recurrences >= rule.min_events && (found.hazard_ratio < 1.0) != below {
            contrary.push(format!("{} a week against none: {}", band.label, ratio(found.hazard_ratio)));
        }
    }
    // At lags up to the study's own, early pain still counts as little exercise; longer ones show what is left of it.
    let later = |cell: &&LagCell| cell.lag > dose.lag && cell.n_events >= rule.min_events;
    for cell in evidence.recurrence.time_varying.lags.iter().filter(later) {
        let Some(found) = cell.hazard_ratio.value() else { continue };
        if (found.hazard_ratio < 1.0) != below {
            contrary.push(format!("kept up or not, {} days earlier: {}", cell.lag, ratio(found.hazard_ratio)));
        }
    }
    let warnings = guards::undermining(evidence);
    let e_values = e_value(primary.hazard_ratio, Some(primary.interval));
    // The interval is that of the logarithm, so its width gives the error back.
    let z = normal_quantile(f64::midpoint(1.0, primary.interval.level));
    let std_error = (primary.interval.upper.ln() - primary.interval.lower.ln()) / (2.0 * z);
    let label = format!("each further session a week, {}", adjusted_for_covariates(&dose.covariates));
    Tested {
        primary: effect(label, primary),
        claimed: Claimed::Below(1.0),
        n_used: primary.n,
        n_patients: primary.patients,
        n_events: Some(primary.n_events),
        excluded: excluded(dose, primary, evidence),
        keeps_direction: contrary.is_empty() && warnings.is_empty(),
        finding: finding(dose, primary),
        doubt: warnings.first().map_or_else(|| doubt(primary, &contrary, dose), |warning| warning.sentence.clone()),
        checks: checks(dose),
        e_value: Some(e_values.estimate),
        e_value_limit: e_values.limit,
        minimum_detectable: Some((-detectable(std_error, rule)).exp()),
        others,
        warnings,
    }
}

fn excluded(dose: &DoseResponse, primary: &HazardRatio, evidence: &Evidence<'_>) -> Vec<Excluded> {
    let recurrence = evidence.recurrence;
    let others = [
        ("too little time since completion to tell the dose", recurrence.at_risk - dose.programs),
        ("a covariate is missing", dose.programs - primary.n.min(dose.programs)),
    ];
    Excluded::from_risk(recurrence).chain(Excluded::for_reasons(others)).collect()
}

fn finding(dose: &DoseResponse, primary: &HazardRatio) -> String {
    format!(
        "Among {} at risk, each further session a week, as known {} days before, went with {} recurrences (hazard ratio {}, {} interval {}, {}).",
        Counted::in_words(primary.n, primary.patients),
        dose.lag,
        if primary.hazard_ratio < 1.0 { "fewer" } else { "no fewer" },
        ratio(primary.hazard_ratio),
        percent(primary.interval.level),
        interval(primary.interval.lower, primary.interval.upper, 2),
        p_equals(primary.p_value)
    )
}

fn doubt(primary: &HazardRatio, contrary: &[String], dose: &DoseResponse) -> String {
    if !contrary.is_empty() {
        return format!("The direction is not stable: {}.", contrary.join("; "));
    }
    if primary.interval.lower <= 1.0 && primary.interval.upper >= 1.0 {
        return "The interval includes no difference at all, and nobody was assigned a dose.".to_owned();
    }
    let bends = dose.curve.value().and_then(|curve| curve.nonlinearity).is_some_and(|test| test.p_value < 0.05);
    if bends {
        return "The curve bends: one number for each further session says too much at some doses and too little at others.".to_owned();
    }
    "Nobody was assigned a dose: people who exercise much also sleep, work and cope differently, and pain on its way lowers the dose."
        .to_owned()
}

fn checks(dose: &DoseResponse) -> Vec<String> {
    let mut checks = vec![format!(
        "Days at risk and recurrences by sessions a week: {}.",
        dose.bands
            .iter()
            .map(|band| {
                let days = usize::try_from(band.days).unwrap_or(0);
                format!("{}: {}, {}", band.label, counted(days, "day", "days"), counted(band.recurrences, "recurrence", "recurrences"))
            })
            .collect::<Vec<_>>()
            .join("; ")
    )];
    if let Some(test) = dose.trend.value() {
        checks.push(format!("Trend over the bands by their mean doses: {}.", p_equals(test.p_value)));
    }
    if let Some(test) = dose.curve.value().and_then(|curve| curve.nonlinearity) {
        let reading = if test.p_value < 0.05 { "the hazard does not follow a line" } else { "no sign that the hazard leaves a line" };
        checks.push(format!("Smooth curve against a line: {} ({reading}).", p_equals(test.p_value)));
    }
    if dose.step > 1 {
        checks.push(format!("The dose is looked at every {} days, since the study is large.", dose.step));
    }
    checks.extend(dose.dropped.iter().map(|dropped| format!("Not adjusted for {dropped}.")));
    checks
}
