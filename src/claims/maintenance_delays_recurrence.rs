//! Patients who keep up the maintenance program after completion stay free of recurrence for longer.

use crate::analysis::{
    GroupComparison, HazardRatio, LandmarkAnalysis, Measure, RecurrenceAnalysis, SideBySideRow, TimeVaryingAnalysis, Way, WeightedLandmark,
    side_by_side,
};
use crate::cohort::Exposure;
use crate::domain::Counted;
use crate::domain::number::{interval, p_equals, percent, ratio};
use crate::settings::LandmarkOrigin;
use crate::stats::{Interval, e_value};

use super::detectable::detectable_hazard_ratio;
use super::draft::adjusted_for_covariates;
use super::guards;
use super::result::{ClaimWarning, Effect, EffectRole, Evaluation, Excluded, Tested};
use super::scale::Scale;
use super::verdict::Claimed;
use super::{Claim, Evidence};

pub(super) const CLAIM: Claim = Claim {
    id: "maintenance-delays-recurrence",
    statement: "Patients who keep up the maintenance program after completing therapy stay free of recurrence for longer than those who drop it.",
    source: "Patient-education pages on back exercise: people come back a year or two later because they dropped the home program.",
    exposure: "maintained or not at the landmark, from sessions logged before it",
    outcome: "time from the landmark to the first recurrence",
    estimand: "hazard ratio of recurrence from the landmark on, maintained against not, adjusted for the covariates that are logged",
    trap: "immortal time (only those who stayed well can go on exercising), reverse causation (pain stops the exercise), and the healthy adherer",
    needs: "completed_on in programs.csv (or session phases), sessions after completion, pain after completion",
    evaluate,
};

/// A test of proportional hazards below this is told as a change over time.
const PROPORTIONAL: f64 = 0.05;

fn evaluate(evidence: &Evidence<'_>) -> Evaluation {
    let landmark = &evidence.recurrence.landmark;
    if let Some(reason) = evidence.recurrence.curve.reason() {
        return Evaluation::not_testable(reason, "Log the day each program was completed (programs.csv, completed_on), and pain after it.");
    }
    let comparison = match (landmark.comparison.value(), landmark.comparison.reason()) {
        (Some(comparison), _) => comparison,
        (None, reason) => {
            return Evaluation::not_testable(
                reason.unwrap_or("nobody reaches the landmark"),
                "Follow patients beyond the landmark, or choose an earlier one ([landmark] day in study.toml).",
            );
        }
    };
    if let Some(refusal) = guards(comparison, evidence) {
        return refusal;
    }
    match comparison.hazard_ratio() {
        Some(ratio) => Evaluation::Tested(Box::new(tested(evidence, landmark, comparison, ratio))),
        None => Evaluation::not_testable(
            comparison.unadjusted.reason().unwrap_or("the hazard ratio could not be estimated"),
            "More recurrences in both groups would make it estimable.",
        ),
    }
}

/// Too few events, too few patients in a group, or too few who are like some of the other group.
fn guards(comparison: &GroupComparison, evidence: &Evidence<'_>) -> Option<Evaluation> {
    let rule = &evidence.settings.claims;
    let size = |exposure| comparison.group(exposure).map_or(0, |group| group.curve.n);
    guards::group_sizes(
        &[("had kept the exercise up at the landmark", size(Exposure::Maintained)), ("had not", size(Exposure::NotMaintained))],
        comparison.counted(),
        rule,
        "Log sessions after completion for everybody, also for those who exercise little, and wait for more patients to complete.",
    )
    .or_else(|| guards::event_count(comparison.n_events, "recurrence after the landmark", "recurrences after the landmark", rule))
    .or_else(|| guards::landmark_overlap(evidence))
}

/// An estimate that stands beside the primary one.
fn beside(row: SideBySideRow) -> Effect {
    Effect {
        scale: match row.measure {
            Measure::HazardRatio => Scale::HazardRatio,
            Measure::OddsRatio => Scale::OddsRatio,
            Measure::RateRatio => Scale::RateRatio,
        },
        role: match row.way {
            Way::Biased => EffectRole::Biased,
            Way::NegativeControl => EffectRole::NegativeControl,
            _ => EffectRole::Estimate,
        },
        label: row.label,
        estimate: row.ratio,
        interval: row.interval,
        p_value: row.p_value,
    }
}

fn effect(label: String, ratio: &HazardRatio) -> Effect {
    Effect {
        label,
        scale: Scale::HazardRatio,
        estimate: ratio.hazard_ratio,
        interval: ratio.interval,
        p_value: ratio.p_value,
        role: EffectRole::Estimate,
    }
}

fn tested(evidence: &Evidence<'_>, landmark: &LandmarkAnalysis, comparison: &GroupComparison, primary: &HazardRatio) -> Tested {
    let recurrence = evidence.recurrence;
    let adjusted = comparison.adjusted.value();
    let covariates = adjusted.map_or(&[][..], |adjusted| &adjusted.covariates);
    let label = format!("landmark, {}", adjusted_for_covariates(covariates));
    // The landmark's own estimate is the primary one and comes first.
    let mut rows = side_by_side(recurrence).into_iter().skip(1).peekable();
    let mut others: Vec<Effect> = Vec::new();
    if adjusted.is_some()
        && let Some(unadjusted) = rows.next_if(|row| row.way == Way::Landmark)
    {
        others.push(beside(unadjusted));
    }
    if let Some(rmst) = comparison.rmst.value()
        && let Some(interval) = rmst.difference.interval
    {
        others.push(Effect {
            label: format!("difference in recurrence-free days within {:.0} days of the landmark", rmst.horizon),
            scale: Scale::Days,
            estimate: rmst.difference.estimate,
            interval,
            p_value: rmst.test.p_value,
            role: EffectRole::Estimate,
        });
    }
    others.extend(rows.map(beside));
    let below_one = primary.hazard_ratio < 1.0;
    let min_events = evidence.settings.claims.min_events;
    let enough = landmark.sensitivity.iter().filter(|cell| cell.n_events >= min_events);
    let usable: Vec<_> = enough.filter_map(|cell| Some((cell, cell.hazard_ratio.value()?))).collect();
    let contrary: Vec<String> = usable
        .iter()
        .filter(|(_, ratio)| (ratio.hazard_ratio < 1.0) != below_one)
        .map(|(cell, ratio_there)| format!("landmark {} d, lag {} d: {}", cell.landmark, cell.lag, ratio(ratio_there.hazard_ratio)))
        .collect();
    let share = comparison.group(Exposure::Maintained).map_or(0.0, |group| group.curve.n as f64 / comparison.n as f64);
    let undermined = guards::undermining(evidence).into_iter().next();
    let e_values = e_value(primary.hazard_ratio, Some(primary.interval));
    Tested {
        primary: effect(label, primary),
        n_used: primary.n,
        n_patients: primary.patients,
        n_events: Some(primary.n_events),
        claimed: Claimed::Below(1.0),
        warnings: warnings(recurrence, primary),
        excluded: excluded(evidence, landmark, comparison),
        keeps_direction: contrary.is_empty() && undermined.is_none(),
        finding: finding(landmark, comparison, primary, adjusted.is_some()),
        doubt: undermined.map_or_else(|| doubt(primary, &contrary, e_values.limit), |warning| warning.sentence),
        checks: checks(landmark, comparison, recurrence.weighted.value(), (&contrary, usable.len(), min_events))
            .into_iter()
            .chain(by_lag(&recurrence.time_varying))
            .collect(),
        e_value: Some(e_values.estimate),
        e_value_limit: e_values.limit,
        minimum_detectable: detectable_hazard_ratio(primary.n_events, share, &evidence.settings.claims),
        others,
    }
}

fn excluded(evidence: &Evidence<'_>, landmark: &LandmarkAnalysis, comparison: &GroupComparison) -> Vec<Excluded> {
    let counts = &landmark.counts;
    let missing = comparison.adjusted.value().map_or(0, |adjusted| adjusted.missing_covariate);
    let by_the_landmark = [
        ("recurrence on or before the landmark", counts.recurred_before),
        ("follow-up ended on or before the landmark", counts.censored_before),
        ("not yet at risk at the landmark", counts.not_yet_at_risk),
        ("too little time since completion to tell the exposure", counts.exposure_unknown),
        ("a covariate is missing", missing),
    ];
    Excluded::from_risk(evidence.recurrence).chain(Excluded::for_reasons(by_the_landmark)).collect()
}

fn finding(landmark: &LandmarkAnalysis, comparison: &GroupComparison, primary: &HazardRatio, adjusted: bool) -> String {
    let from = match landmark.origin {
        LandmarkOrigin::AtRisk => "days after remission and completion",
        LandmarkOrigin::Completion => "days after completing the program",
    };
    let at_last = |exposure| {
        let group = comparison.group(exposure)?;
        let (time, point) = comparison.times.iter().zip(&group.at).rev().find_map(|(time, point)| Some((*time, point.as_ref()?)))?;
        Some((time, point.estimate))
    };
    let less_often = primary.hazard_ratio < 1.0;
    // Curves are not adjusted: where they point the other way than the ratio, they would read as its contradiction.
    let curves = match (at_last(Exposure::Maintained), at_last(Exposure::NotMaintained)) {
        (Some((time, kept)), Some((same, dropped))) if (time - same).abs() < 0.5 && (kept > dropped) == less_often => {
            format!(": {} against {} were still free of recurrence {time:.0} days later", percent(kept), percent(dropped))
        }
        _ => String::new(),
    };
    let size = |exposure| comparison.group(exposure).map_or(0, |group| group.curve.n);
    let programs = Counted::in_words(comparison.n, comparison.patients);
    let (kept, dropped) = match comparison.counted() {
        Counted::Patients => ("who were keeping the exercise up had recurrences", "who were not"),
        Counted::Programs => ("after which the exercise was being kept up were followed by recurrences", "after which it was not"),
    };
    format!(
        "Among {programs} still well {} {from}, the {} {kept} {} often than the {} {dropped}{curves} (hazard ratio {}{}, {} interval {}, {}).",
        landmark.day,
        size(Exposure::Maintained),
        if less_often { "less" } else { "no less" },
        size(Exposure::NotMaintained),
        ratio(primary.hazard_ratio),
        if adjusted { " adjusted" } else { "" },
        percent(primary.interval.level),
        interval(primary.interval.lower, primary.interval.upper, 2),
        p_equals(primary.p_value),
    )
}

/// What the measures of bias warn of, and estimates that look like a bias that is known.
fn warnings(recurrence: &RecurrenceAnalysis, primary: &HazardRatio) -> Vec<ClaimWarning> {
    let mut warnings: Vec<ClaimWarning> =
        recurrence.bias.warnings.iter().map(|warning| ClaimWarning { id: warning.id, sentence: warning.sentence.clone() }).collect();
    let Interval { lower, upper, .. } = primary.interval;
    if primary.hazard_ratio < STRONGER_THAN_TRIALS {
        warnings.push(ClaimWarning {
            id: "stronger-than-trials",
            sentence: "The estimate is stronger than anything randomized trials have shown (about 0.5–0.75).".to_owned(),
        });
    }
    if primary.hazard_ratio < 1.0 && lower < PLACEBO_ADHERENCE && PLACEBO_ADHERENCE < upper {
        warnings.push(ClaimWarning {
            id: "placebo-band",
            sentence: format!(
                "The interval holds {}, what sticking to a placebo goes with: these logs cannot tell the exercise from the kind of patient who \
                 keeps it up.",
                ratio(PLACEBO_ADHERENCE)
            ),
        });
    }
    warnings
}

/// Randomized trials of exercise after recovery have found 0.5 to 0.75.
const STRONGER_THAN_TRIALS: f64 = 0.45;

/// Adherence to a placebo "works" with an odds ratio of about 0.56 (Simpson 2006): what no effect looks like.
const PLACEBO_ADHERENCE: f64 = 0.56;

fn doubt(primary: &HazardRatio, contrary: &[String], e_value_limit: Option<f64>) -> String {
    let Interval { lower, upper, .. } = primary.interval;
    if !contrary.is_empty() {
        return format!("The direction is not stable: {}.", contrary.join("; "));
    }
    if lower <= 1.0 && upper >= 1.0 {
        return "The interval includes no difference at all, and nobody was assigned to keep it up.".to_owned();
    }
    if primary.hazard_ratio < STRONGER_THAN_TRIALS {
        return "The estimate is stronger than anything randomized trials have shown (about 0.5–0.75); read it as an alarm for bias first."
            .to_owned();
    }
    if lower < PLACEBO_ADHERENCE && PLACEBO_ADHERENCE < upper {
        return "Nobody was assigned to keep it up: people who stick to a placebo also do better than those who do not (odds ratio about 0.56), \
                so a difference of this size can be the kind of patient rather than the exercise."
            .to_owned();
    }
    e_value_limit.map_or_else(
        || "Nobody was assigned to keep it up, so the groups may differ in ways the logs do not show.".to_owned(),
        |limit| {
            format!(
                "Nobody was assigned to keep it up; an unlogged trait tied to both by a risk ratio of {} would bring the interval to no difference.",
                ratio(limit)
            )
        },
    )
}

/// How the comparison by the exposure of each day moves with the lag.
fn by_lag(over_time: &TimeVaryingAnalysis) -> Option<String> {
    let mut cells: Vec<(i32, f64)> =
        over_time.lags.iter().filter_map(|cell| Some((cell.lag, cell.hazard_ratio.value()?.hazard_ratio))).collect();
    cells.sort_by_key(|&(lag, _)| lag);
    let ((_, shortest), (_, longest)) = (cells.first()?, cells.last()?);
    let told: Vec<String> = cells.iter().map(|(lag, found)| format!("{} at {lag}", ratio(*found))).collect();
    let toward_one = *shortest < 1.0 && longest.ln() > shortest.ln() / 2.0;
    let reading = if toward_one {
        "it loses half of its distance from 1 and more, as it would if early pain had stopped the exercise"
    } else {
        "it keeps more than half of its distance from 1, where it would fade if early pain had stopped the exercise"
    };
    (cells.len() > 1 && *shortest < 1.0)
        .then(|| format!("By the exposure of each day, the hazard ratio by days of lag: {}; {reading}.", told.join(", ")))
}

fn checks(
    landmark: &LandmarkAnalysis,
    comparison: &GroupComparison,
    landmark_weights: Option<&WeightedLandmark>,
    (contrary, usable, min_events): (&[String], usize, usize),
) -> Vec<String> {
    let counts = &landmark.counts;
    let counted = Counted::of(counts.at_risk, landmark.patients.at_risk);
    let mut checks = vec![format!(
        "Groups were formed at day {} from sessions logged before it; {} {} and {} were no longer followed.",
        landmark.day,
        counted.count(counts.recurred_before),
        match counted {
            Counted::Patients => "had already recurred",
            Counted::Programs => "had already been followed by a recurrence",
        },
        counts.censored_before
    )];
    checks.push(match (contrary.len(), usable) {
        (_, 0) => {
            format!("No combination of landmark and lag has {min_events} recurrences: whether the direction depends on them is not known.")
        }
        (0, _) => {
            format!("The direction is the same at all {usable} combinations of landmark and lag with at least {min_events} recurrences.")
        }
        (turned, _) => {
            format!("The direction turns at {turned} of {usable} combinations of landmark and lag with at least {min_events} recurrences.")
        }
    });
    if comparison.counted() == Counted::Programs {
        checks.push(format!(
            "{} are compared: errors are worked out by patient, since programs of one patient are not independent.",
            Counted::in_words(comparison.n, comparison.patients)
        ));
    }
    if let Some(adjusted) = comparison.adjusted.value() {
        let per_term = adjusted.fit.n_events as f64 / adjusted.fit.terms.len() as f64;
        if per_term < 10.0 {
            checks.push(format!("Only {per_term:.0} recurrences per term in the model: the adjusted ratio is fragile."));
        }
        checks.extend(adjusted.dropped.iter().map(|dropped| format!("Not adjusted for {dropped}.")));
    } else if let Some(reason) = comparison.adjusted.reason() {
        checks.push(format!("Not adjusted: {reason}."));
    }
    if let Some(test) = comparison.proportional_hazards {
        checks.push(if test.p_value < PROPORTIONAL {
            format!(
                "The hazard ratio changes over time (test of proportional hazards: {}): it is an average; the difference in recurrence-free \
                 days does not rest on it.",
                p_equals(test.p_value)
            )
        } else {
            format!("No sign that the hazard ratio changes over time (test of proportional hazards: {}).", p_equals(test.p_value))
        });
    }
    checks.extend(landmark_weights.into_iter().flat_map(|weighted| weighted.warnings.iter().cloned()));
    checks
}
