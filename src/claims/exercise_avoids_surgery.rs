//! The exercise routine keeps most patients out of surgery.

use crate::analysis::{Contrast, SurgeryAnalysis, analyze_surgery};
use crate::domain::Counted;
use crate::domain::number::{counted, interval, p_equals, percent, ratio};
use crate::stats::{EffectMeasure, e_value_of};

use super::detectable::detectable_hazard_ratio;
use super::draft::adjusted_for;
use super::guards;
use super::result::{ClaimWarning, Effect, EffectRole, Evaluation, Excluded, Tested};
use super::scale::Scale;
use super::verdict::Claimed;
use super::{Claim, Evidence};

pub(super) const CLAIM: Claim = Claim {
    id: "exercise-avoids-surgery",
    statement: "Doing the exercise routine keeps most patients out of surgery.",
    source: "A physician's article on where to start with back exercise, and a therapist's on flexibility.",
    exposure: "high or low adherence up to a landmark in the program",
    outcome: "surgery after the landmark, with withdrawal, death and another program as competing exits",
    estimand: "cause-specific hazard ratio of surgery from the landmark on, high against low adherence, adjusted for the covariates that are \
               logged",
    trap: "counting only those who have left as censored overstates how many are operated on; the worst patients both exercise less and are \
           operated on more; and a surgery already planned stops the exercise",
    needs: "surgery in events.csv, a prescription (programs.csv, prescribed_per_week), sessions",
    evaluate,
};

fn evaluate(evidence: &Evidence<'_>) -> Evaluation {
    let found = analyze_surgery(evidence.logs, evidence.cohort, &evidence.recurrence.covariates, evidence.settings);
    let rule = &evidence.settings.claims;
    let remedy = "Log every surgery on the spine (events.csv, event surgery), also of patients who have left, and what was prescribed.";
    if found.surgeries == 0 && found.left_out.surgery_before == 0 {
        return Evaluation::not_testable("no surgery is logged while patients were followed", remedy);
    }
    if found.n == 0 {
        return Evaluation::not_testable("nobody with a prescription is still followed at the landmark", remedy);
    }
    let [low, high] = &found.bands;
    let refused = guards::group_sizes(
        &[("had a high adherence up to the landmark", high.n), ("had a low one", low.n)],
        Counted::of(found.n, found.patients),
        rule,
        remedy,
    )
    .or_else(|| guards::event_count(found.surgeries, "surgery after the landmark", "surgeries after the landmark", rule));
    if let Some(refusal) = refused {
        return refusal;
    }
    match found.adjusted.value().or(found.not_adjusted.value()) {
        Some(primary) => Evaluation::Tested(Box::new(tested(&found, primary, evidence))),
        None => Evaluation::not_testable(
            found.adjusted.reason().unwrap_or("the hazard ratio could not be estimated").to_owned(),
            "More surgeries in both groups would make it estimable.",
        ),
    }
}

fn tested(found: &SurgeryAnalysis, primary: &Contrast, evidence: &Evidence<'_>) -> Tested {
    let rule = &evidence.settings.claims;
    let mut others = Vec::new();
    let variants = [
        ("not adjusted", &found.not_adjusted),
        ("for 10 % more adherence, adjusted", &found.per_tenth),
        ("adjusted, without surgeries in the first four weeks after the landmark", &found.later),
    ];
    let mut contrary = Vec::new();
    for (label, computed) in variants {
        let Some(other) = computed.value() else { continue };
        others.push(Effect::of_contrast(label, Scale::HazardRatio, other));
        let enough = other.n_events.is_some_and(|events| events >= rule.min_events);
        if enough && (other.estimate < 1.0) != (primary.estimate < 1.0) {
            contrary.push(format!("{label}: {}", ratio(other.estimate)));
        }
    }
    if let Some(difference) = found.difference.value()
        && let Some(interval) = difference.difference.interval
    {
        others.push(Effect {
            label: format!("surgery within {:.0} days, high less low adherence, other exits competing", found.horizon),
            scale: Scale::RiskDifference,
            estimate: difference.difference.estimate,
            interval,
            p_value: difference.test.p_value,
            role: EffectRole::Estimate,
        });
    }
    let [_, high] = &found.bands;
    let share = high.n as f64 / found.n as f64;
    let common = found.surgeries as f64 > 0.15 * found.n as f64;
    let measure = if common { EffectMeasure::HazardRatioCommon } else { EffectMeasure::HazardRatioRare };
    let e_values = e_value_of(measure, primary.estimate, Some(primary.interval)).ok();
    let mut checks: Vec<String> = found
        .gray
        .value()
        .map(|test| format!("Gray's test that surgery is as common in both, with other exits competing: {}.", p_equals(test.p_value)))
        .into_iter()
        .collect();
    checks.push(format!(
        "{} after the landmark by another way than surgery; they are censored in the hazard ratio and compete in the shares.",
        counted(found.other_exits, "program ended", "programs ended")
    ));
    if found.patients < found.n {
        checks.push("Errors of the hazard ratios are worked out by patient; those of the shares take programs as independent.".to_owned());
    }
    checks.extend(primary.dropped.iter().map(|dropped| format!("Not adjusted for {dropped}.")));
    let before = found.left_out.surgery_before;
    let warnings = (before > found.surgeries).then(|| ClaimWarning {
        id: "most-surgery-before-landmark",
        sentence: format!(
            "{} came on or before the landmark, more than after it: what is compared is the smaller part of all surgery.",
            counted(before, "surgery", "surgeries")
        ),
    });
    Tested {
        primary: Effect::of_contrast(format!("high against low adherence, {}", adjusted_for(primary)), Scale::HazardRatio, primary),
        claimed: Claimed::Below(1.0),
        n_used: primary.n,
        n_patients: primary.patients,
        n_events: primary.n_events,
        excluded: excluded(found, primary),
        keeps_direction: contrary.is_empty(),
        finding: finding(found, primary),
        doubt: doubt(primary, &contrary),
        checks,
        e_value: e_values.map(|found| found.estimate),
        e_value_limit: e_values.and_then(|found| found.limit),
        minimum_detectable: detectable_hazard_ratio(found.surgeries, share, rule),
        others,
        warnings: warnings.into_iter().collect(),
    }
}

fn excluded(found: &SurgeryAnalysis, primary: &Contrast) -> Vec<Excluded> {
    let left_out = &found.left_out;
    Excluded::for_reasons([
        ("no program, nothing prescribed, or no full week of it by the landmark", left_out.no_prescription),
        ("surgery on or before the landmark", left_out.surgery_before),
        ("another exit, or the end of the log, on or before the landmark", left_out.ended_before),
        ("a covariate is missing", primary.missing_covariate),
    ])
    .collect()
}

fn finding(found: &SurgeryAnalysis, primary: &Contrast) -> String {
    let [low, high] = &found.bands;
    format!(
        "Among {} followed from day {} of their program, {} of {} with high adherence ({} and more) had surgery afterwards and {} of {} with less \
         (hazard ratio {}, {} interval {}, {}).",
        Counted::in_words(found.n, found.patients),
        found.landmark,
        high.surgeries,
        high.n,
        percent(found.cut),
        low.surgeries,
        low.n,
        ratio(primary.estimate),
        percent(primary.interval.level),
        interval(primary.interval.lower, primary.interval.upper, 2),
        p_equals(primary.p_value)
    )
}

fn doubt(primary: &Contrast, contrary: &[String]) -> String {
    if !contrary.is_empty() {
        return format!("The direction is not stable: {}.", contrary.join("; "));
    }
    if primary.interval.lower <= 1.0 && primary.interval.upper >= 1.0 {
        return "The interval includes no difference at all, and nobody was assigned to exercise more.".to_owned();
    }
    "Who is badly off exercises less and is operated on more often; what the logs hold of that (pain at the start, former episodes) is only a \
     part of what a surgeon decides on."
        .to_owned()
}
