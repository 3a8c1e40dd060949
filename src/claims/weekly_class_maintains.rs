//! A weekly group class keeps past patients well.

use crate::analysis::{Contrast, Place, PlacePair, WhereExercised, analyze_where_exercised};
use crate::domain::Counted;
use crate::domain::number::{interval, p_equals, percent, ratio};
use crate::stats::e_value;

use super::detectable::detectable_hazard_ratio;
use super::draft::adjusted_for;
use super::guards;
use super::result::{Effect, Evaluation, Excluded, Tested};
use super::scale::Scale;
use super::verdict::Claimed;
use super::{Claim, Evidence};

pub(super) const CLAIM: Claim = Claim {
    id: "weekly-class-maintains",
    statement: "A weekly group class keeps past patients free of recurrence.",
    source: "A physician's article on where to start with back exercise.",
    exposure: "at the landmark: the exercise kept up mostly in a class, at home, or not at all, from sessions logged before it",
    outcome: "time from the landmark to the first recurrence",
    estimand: "hazard ratio of recurrence from the landmark on, class against no exercise kept up, adjusted for the covariates that are logged",
    trap: "those who choose a class are other people: class is set against home too, where both keep the exercise up",
    needs: "setting (class, home, clinic) in sessions.csv after completion, completed_on in programs.csv, pain after completion",
    evaluate,
};

fn evaluate(evidence: &Evidence<'_>) -> Evaluation {
    let remedy = "Log where each session took place (sessions.csv, setting: class, home or clinic), also after completion.";
    if let Some(reason) = evidence.recurrence.curve.reason() {
        return Evaluation::not_testable(reason, "Log the day each program was completed (programs.csv, completed_on), and pain after it.");
    }
    if evidence.logs.sessions.setting.is_empty() {
        return Evaluation::not_testable("sessions.csv has no column setting", remedy);
    }
    let at = |day: i32| analyze_where_exercised(evidence.logs, evidence.cohort, &evidence.recurrence.covariates, day, evidence.settings);
    let found = at(evidence.settings.landmark.day);
    let [none, _, class] = &found.groups;
    let rule = &evidence.settings.claims;
    let refused = guards::group_sizes(
        &[("went to a class at the landmark", class.n), ("did not keep the exercise up", none.n)],
        Counted::of(found.n, found.patients),
        rule,
        remedy,
    )
    .or_else(|| {
        guards::event_count(class.recurrences + none.recurrences, "recurrence in these two groups", "recurrences in these two groups", rule)
    });
    if let Some(refusal) = refused {
        return refusal;
    }
    let others: Vec<WhereExercised> =
        evidence.settings.landmark.sensitivity_days.iter().filter(|&&day| day != found.landmark).map(|&day| at(day)).collect();
    let [pair, ..] = &found.pairs;
    match pair.contrast() {
        Some(primary) => Evaluation::Tested(Box::new(tested(&found, pair, primary, &others, evidence))),
        None => Evaluation::not_testable(
            pair.adjusted.reason().unwrap_or("the hazard ratio could not be estimated").to_owned(),
            "More recurrences in both groups would make it estimable.",
        ),
    }
}

fn tested(found: &WhereExercised, pair: &PlacePair, primary: &Contrast, landmarks: &[WhereExercised], evidence: &Evidence<'_>) -> Tested {
    let rule = &evidence.settings.claims;
    let below = primary.estimate < 1.0;
    let mut others = Vec::new();
    let mut contrary = Vec::new();
    if let (true, Some(unadjusted)) = (pair.adjusted.value().is_some(), pair.not_adjusted.value()) {
        others.push(Effect::of_contrast("class against none, not adjusted", Scale::HazardRatio, unadjusted));
        if (unadjusted.estimate < 1.0) != below {
            contrary.push(format!("not adjusted: {}", ratio(unadjusted.estimate)));
        }
    }
    for other in found.pairs.iter().skip(1) {
        let (Some(contrast), Some(p)) = (other.contrast(), other.holm_p) else { continue };
        let label = match (other.one, other.other) {
            (Place::Class, _) => "class against home (p adjusted for the three pairs)",
            _ => "home against none (p adjusted for the three pairs)",
        };
        others.push(Effect { p_value: p, ..Effect::of_contrast(label, Scale::HazardRatio, contrast) });
    }
    for other in landmarks {
        let [pair, ..] = &other.pairs;
        let Some(contrast) = pair.contrast() else { continue };
        others.push(Effect::of_contrast(format!("class against none, landmark at {} days", other.landmark), Scale::HazardRatio, contrast));
        if contrast.n_events.is_some_and(|events| events >= rule.min_events) && (contrast.estimate < 1.0) != below {
            contrary.push(format!("landmark at {} days: {}", other.landmark, ratio(contrast.estimate)));
        }
    }
    let [none, home, class] = &found.groups;
    let warnings = guards::undermining(evidence);
    let e_values = e_value(primary.estimate, Some(primary.interval));
    let label = format!("class against none, {}", adjusted_for(primary));
    let mut checks = vec![format!(
        "At the landmark {} went to a class, {} kept the exercise up at home, {} did not; recurrences {}, {} and {}.",
        class.n, home.n, none.n, class.recurrences, home.recurrences, none.recurrences
    )];
    let curves: Vec<String> = [class, home, none]
        .into_iter()
        .filter_map(|group| {
            let point = group.curve.value()?.at(evidence.settings.model.horizon)?;
            Some(format!("{} of those who {}", percent(point.estimate), group.place.clause()))
        })
        .collect();
    if !curves.is_empty() {
        checks.push(format!(
            "Free of recurrence {:.0} days after the landmark (Kaplan–Meier): {}.",
            evidence.settings.model.horizon,
            curves.join(", ")
        ));
    }
    checks.extend(primary.dropped.iter().map(|dropped| format!("Not adjusted for {dropped}.")));
    Tested {
        finding: finding(found, primary),
        doubt: warnings.first().map_or_else(|| doubt(found, primary, &contrary), |warning| warning.sentence.clone()),
        primary: Effect::of_contrast(label, Scale::HazardRatio, primary),
        claimed: Claimed::Below(1.0),
        n_used: primary.n,
        n_patients: primary.patients,
        n_events: primary.n_events,
        excluded: excluded(found, primary, evidence),
        keeps_direction: contrary.is_empty() && warnings.is_empty(),
        checks,
        e_value: Some(e_values.estimate),
        e_value_limit: e_values.limit,
        minimum_detectable: detectable_hazard_ratio(class.recurrences + none.recurrences, class.n as f64 / (class.n + none.n) as f64, rule),
        others,
        warnings,
    }
}

fn excluded(found: &WhereExercised, primary: &Contrast, evidence: &Evidence<'_>) -> Vec<Excluded> {
    let [_, home, _] = &found.groups;
    let left = [
        ("recurred or no longer followed by the landmark, or too early to tell the exposure", found.not_at_landmark),
        ("kept the exercise up, but where is not logged", found.no_setting),
        ("kept the exercise up at home (compared below)", home.n),
        ("a covariate is missing", primary.missing_covariate),
    ];
    Excluded::from_risk(evidence.recurrence).chain(Excluded::for_reasons(left)).collect()
}

fn finding(found: &WhereExercised, primary: &Contrast) -> String {
    let [none, _, class] = &found.groups;
    format!(
        "Among {} still well at the landmark (day {}), {} of the {} who went to a class and {} of the {} who did not keep the \
         exercise up had a recurrence afterwards (hazard ratio {}, {} interval {}, {}).",
        Counted::in_words(found.n, found.patients),
        found.landmark,
        class.recurrences,
        class.n,
        none.recurrences,
        none.n,
        ratio(primary.estimate),
        percent(primary.interval.level),
        interval(primary.interval.lower, primary.interval.upper, 2),
        p_equals(primary.p_value)
    )
}

fn doubt(found: &WhereExercised, primary: &Contrast, contrary: &[String]) -> String {
    if !contrary.is_empty() {
        return format!("The direction is not stable: {}.", contrary.join("; "));
    }
    if primary.interval.lower <= 1.0 && primary.interval.upper >= 1.0 {
        return "The interval includes no difference at all, and nobody was assigned to a class.".to_owned();
    }
    let [_, against_home, _] = &found.pairs;
    let as_good = against_home.contrast().is_some_and(|contrast| contrast.interval.lower <= 1.0 && contrast.interval.upper >= 1.0);
    if as_good {
        return "Those who exercised at home are not told apart from those in a class: it may be the exercise, or the people, and not the class."
            .to_owned();
    }
    "Nobody was assigned to a class: those who choose one differ in ways the logs do not show.".to_owned()
}
