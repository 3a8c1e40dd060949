//! Those who do have surgery do better because they were conditioned.

use crate::analysis::{Contrast, RecoveryAfterSurgery, analyze_recovery_after_surgery};
use crate::domain::Counted;
use crate::domain::number::{counted, decimal, interval, p_equals, percent, ratio};
use crate::stats::{EffectMeasure, e_value_of};

use super::detectable::detectable_hazard_ratio;
use super::draft::adjusted_for;
use super::guards;
use super::result::{Effect, Evaluation, Excluded, Tested};
use super::scale::Scale;
use super::verdict::Claimed;
use super::{Claim, Evidence};

pub(super) const CLAIM: Claim = Claim {
    id: "fit-for-surgery",
    statement: "Patients who do need surgery recover better from it if they were conditioned by exercise before.",
    source: "A physician's article on where to start with back exercise.",
    exposure: "high or low adherence in the program's weeks before surgery",
    outcome: "time from surgery to the first day of a remission that held",
    estimand: "hazard ratio of recovery after surgery, high against low adherence before it, adjusted for the covariates that are logged",
    trap: "few are operated on, so that it can seldom be tested; and those who could exercise until surgery were better off before it",
    needs: "surgery in events.csv, a prescription and sessions before it, pain logged for months after it",
    evaluate,
};

fn evaluate(evidence: &Evidence<'_>) -> Evaluation {
    let found = analyze_recovery_after_surgery(evidence.logs, evidence.cohort, &evidence.recurrence.covariates, evidence.settings);
    let rule = &evidence.settings.claims;
    let remedy = "Log surgery (events.csv, event surgery), what was prescribed and done before it, and pain for half a year after it; pool the \
                  patients of several years.";
    if found.surgeries == 0 {
        return Evaluation::not_testable("no surgery after the start of a program is logged", remedy);
    }
    if found.n == 0 {
        return Evaluation::not_testable(
            format!(
                "none of {} has both adherence before it and pain logged for long enough after it",
                counted(found.surgeries, "surgery", "surgeries")
            ),
            remedy,
        );
    }
    let [low, high] = found.sizes;
    let refused = guards::group_sizes(
        &[("had surgery after high adherence, with pain logged after it", high), ("after low adherence", low)],
        Counted::of(found.n, found.patients),
        rule,
        remedy,
    )
    .or_else(|| guards::event_count(found.recovered, "recovery after surgery", "recoveries after surgery", rule));
    if let Some(refusal) = refused {
        return refusal;
    }
    match found.adjusted.value().or(found.not_adjusted.value()) {
        Some(primary) => Evaluation::Tested(Box::new(tested(&found, primary, evidence))),
        None => Evaluation::not_testable(found.adjusted.reason().unwrap_or("the hazard ratio could not be estimated").to_owned(), remedy),
    }
}

fn tested(found: &RecoveryAfterSurgery, primary: &Contrast, evidence: &Evidence<'_>) -> Tested {
    let rule = &evidence.settings.claims;
    let mut others = Vec::new();
    let mut contrary = Vec::new();
    for (label, computed) in [("not adjusted", &found.not_adjusted), ("for 10 % more adherence, adjusted", &found.per_tenth)] {
        let Some(other) = computed.value() else { continue };
        others.push(Effect::of_contrast(label, Scale::HazardRatio, other));
        if (other.estimate > 1.0) != (primary.estimate > 1.0) {
            contrary.push(format!("{label}: {}", ratio(other.estimate)));
        }
    }
    let [low, high] = found.sizes;
    let e_values = e_value_of(EffectMeasure::HazardRatioCommon, primary.estimate, Some(primary.interval)).ok();
    let label = format!("high against low adherence before surgery, {}", adjusted_for(primary));
    let median = |band: usize| {
        let curve = found.curves.get(band)?.value()?;
        curve.median().estimate
    };
    let told = match (median(1), median(0)) {
        (Some(high), Some(low)) => format!(": half had recovered after {} days against {}", decimal(high, 0), decimal(low, 0)),
        _ => String::new(),
    };
    let without = [
        ("less than a week of a prescription before surgery", found.no_adherence),
        ("pain not logged for long enough after surgery", found.no_pain),
        ("in remission on the day of surgery", found.in_remission),
        ("a covariate is missing", primary.missing_covariate),
        ("no surgery after the start of a program", evidence.cohort.courses.len() - found.surgeries),
    ];
    let mut checks: Vec<String> = primary.dropped.iter().map(|dropped| format!("Not adjusted for {dropped}.")).collect();
    checks.push(format!(
        "Of {} after the start of a program, {} can be followed to a recovery.",
        counted(found.surgeries, "surgery", "surgeries"),
        found.n
    ));
    Tested {
        finding: format!(
            "After surgery, the {high} with high adherence before it ({} and more) recovered {} the {low} with less{told} (hazard ratio {}, {} interval \
             {}, {}).",
            percent(found.cut),
            if primary.estimate > 1.0 { "sooner than" } else { "no sooner than" },
            ratio(primary.estimate),
            percent(primary.interval.level),
            interval(primary.interval.lower, primary.interval.upper, 2),
            p_equals(primary.p_value)
        ),
        doubt: if contrary.is_empty() {
            "Who could exercise until surgery was better off before it, and surgeons choose whom they operate on.".to_owned()
        } else {
            format!("The direction is not stable: {}.", contrary.join("; "))
        },
        primary: Effect::of_contrast(label, Scale::HazardRatio, primary),
        claimed: Claimed::Above(1.0),
        n_used: primary.n,
        n_patients: primary.patients,
        n_events: primary.n_events,
        excluded: Excluded::for_reasons(without).collect(),
        keeps_direction: contrary.is_empty(),
        checks,
        e_value: e_values.map(|found| found.estimate),
        e_value_limit: e_values.and_then(|found| found.limit),
        minimum_detectable: detectable_hazard_ratio(found.recovered, high as f64 / found.n as f64, rule),
        others,
        warnings: vec![],
    }
}
