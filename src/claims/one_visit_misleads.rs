//! Pain varies so much within days that the reading of one visit misleads.

use crate::analysis::{ClusteredShare, VisitReadings, analyze_visit_readings};
use crate::domain::number::{change, counted, decimal, interval, p_equals, percent};
use crate::stats::Interval;

use super::detectable::detectable;
use super::result::{ClaimWarning, Effect, EffectRole, Evaluation, Excluded, Tested};
use super::scale::Scale;
use super::verdict::Claimed;
use super::{Claim, Evidence};

pub(super) const CLAIM: Claim = Claim {
    id: "one-visit-misleads",
    statement: "Pain varies so much within days that what is read at one visit misleads.",
    source: "A patient's account in a forum: bad and good hours within one day.",
    exposure: "none: each visit's reading beside the same patient's diary from 3 days before to 3 days after",
    outcome: "the visit is off by an important change of pain (2 points) or more, either way",
    estimand: "share of visits that are off, claimed to be more than one in five; interval by patient",
    trap: "visits happen on bad days, so that a visit can be off on average without pain varying much: the mean difference is shown, and the \
           share without it",
    needs: "context (diary or visit) in pain.csv, and a diary of at least 3 days around each visit",
    evaluate,
};

/// A visit misleads if more than this share are off by an important change: a convention, fixed before looking.
const CLAIMED_SHARE: f64 = 0.20;

fn evaluate(evidence: &Evidence<'_>) -> Evaluation {
    let remedy =
        "Say of each pain score where it was asked (pain.csv, context: diary or visit), and keep a diary in the days around visits.";
    let found = analyze_visit_readings(evidence.logs, evidence.settings);
    if found.visits == 0 {
        return Evaluation::not_testable("no pain score is marked as the reading of a visit", remedy);
    }
    let rule = &evidence.settings.claims;
    if found.patients < rule.min_group || found.compared < rule.min_events {
        return Evaluation::not_testable(
            format!(
                "of {}, {} of {} have a diary of at least 3 days around them; at least {} of {} patients are needed",
                counted(found.visits, "visit", "visits"),
                found.compared,
                counted(found.patients, "patient", "patients"),
                rule.min_events,
                rule.min_group
            ),
            remedy,
        );
    }
    match (found.off.value(), found.off.reason()) {
        (Some(off), _) => Evaluation::Tested(Box::new(tested(&found, off, evidence))),
        (None, reason) => Evaluation::not_testable(reason.unwrap_or("the share could not be estimated"), remedy),
    }
}

fn effect(label: String, share: &ClusteredShare) -> Effect {
    Effect {
        label,
        scale: Scale::Share,
        estimate: share.share,
        interval: share.interval,
        p_value: share.p_against(CLAIMED_SHARE),
        role: EffectRole::Estimate,
    }
}

fn tested(found: &VisitReadings, off: &ClusteredShare, evidence: &Evidence<'_>) -> Tested {
    let rule = &evidence.settings.claims;
    let claimed = Claimed::Above(CLAIMED_SHARE);
    let above = claimed.points_to(off.share);
    let mut others = Vec::new();
    let mut contrary = Vec::new();
    for (label, computed) in [
        ("against the diary of 7 days on either side", &found.off_of_week),
        ("against the diary of the same day alone", &found.off_of_day),
        ("after taking away how much higher visits read on average", &found.off_without_bias),
    ] {
        let Some(share) = computed.value() else { continue };
        others.push(effect(label.to_owned(), share));
        if share.n >= rule.min_events && claimed.points_to(share.share) != above {
            contrary.push(format!("{label}: {}", percent(share.share)));
        }
    }
    let bias = found.agreement.value().and_then(|agreement| Some((agreement.bias.estimate, agreement.bias.interval?)));
    let mut checks = Vec::new();
    if found.visits > found.compared {
        checks.push(format!(
            "{} of {} have no diary of 3 days around them and are not compared.",
            found.visits - found.compared,
            counted(found.visits, "visit", "visits")
        ));
    }
    if let Some(agreement) = found.agreement.value() {
        checks.push(format!(
            "95 of 100 visits lie between {} and {} points of the own diary (limits of agreement for several visits of a patient); visits read {} \
             points on average.",
            change(agreement.lower.estimate, 1),
            change(agreement.upper.estimate, 1),
            change(agreement.bias.estimate, 2)
        ));
    }
    checks.push(found.within_day.map_or_else(
        || "How much pain varies within a day cannot be told: no day has several scores in the diary.".to_owned(),
        |sd| {
            format!(
                "Scores of one day vary with a standard deviation of {} points ({} with several scores).",
                decimal(sd, 1),
                counted(found.days_with_several, "day", "days")
            )
        },
    ));
    let warnings = bias.filter(|(_, interval)| interval.lower > 0.0).map(|(bias, limits)| ClaimWarning {
        id: "visits-on-bad-days",
        sentence: format!(
            "Visits read {} points higher than the diary around them (interval {}): they may happen on bad days, or pain may be told differently there.",
            change(bias, 2),
            interval(limits.lower, limits.upper, 2)
        ),
    });
    let error = (CLAIMED_SHARE * (1.0 - CLAIMED_SHARE) / off.effective_n).sqrt();
    let Interval { lower, upper, level } = off.interval;
    let primary = effect(format!("visits off by {} points or more", decimal(found.points, 0)), off);
    Tested {
        finding: format!(
            "Of {} of {} with a diary around them, {} were off by {} points or more ({}, {} interval {}–{}; {} against one in five).",
            counted(off.n, "visit", "visits"),
            counted(off.patients, "patient", "patients"),
            off.count,
            decimal(found.points, 0),
            percent(off.share),
            percent(level),
            decimal(100.0 * lower, 0),
            percent(upper),
            p_equals(primary.p_value)
        ),
        doubt: if contrary.is_empty() {
            "From which share on visits mislead is a convention of ours; and only visits with a diary around them are seen.".to_owned()
        } else {
            format!("The answer hangs on what a visit is compared with: {}.", contrary.join("; "))
        },
        primary,
        claimed,
        n_used: off.patients,
        n_patients: off.patients,
        n_events: None,
        excluded: (evidence.logs.n_patients() > off.patients)
            .then(|| Excluded {
                reason: "no visit with a diary of 3 days around it".to_owned(),
                programs: evidence.logs.n_patients() - off.patients,
            })
            .into_iter()
            .collect(),
        keeps_direction: contrary.is_empty(),
        checks,
        e_value: None,
        e_value_limit: None,
        minimum_detectable: Some((CLAIMED_SHARE + detectable(error, rule)).min(1.0)),
        others,
        warnings: warnings.into_iter().collect(),
    }
}
