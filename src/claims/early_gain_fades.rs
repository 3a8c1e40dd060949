//! Gains in the first weeks may not last through the program.

use crate::analysis::{EarlyGains, analyze_early_gains};
use crate::domain::number::{counted, decimal, p_equals, percent};
use crate::stats::{Interval, Proportion, normal_two_sided_p};

use super::detectable::detectable;
use super::guards;
use super::result::{ClaimWarning, Effect, EffectRole, Evaluation, Excluded, Tested};
use super::scale::Scale;
use super::verdict::Claimed;
use super::{Claim, Evidence};

pub(super) const CLAIM: Claim = Claim {
    id: "early-gain-fades",
    statement: "What is gained in the first weeks of a program may not last until its end.",
    source: "A patient's account in a forum: pain, then none, then the same pain again within one course of therapy.",
    exposure: "none: a description of patients with an important change of pain that two of the first four weeks show",
    outcome: "the change is gone in both of the last two weeks of the program",
    estimand: "share of early gains lost by the end of the program, claimed to be more than 10 %",
    trap: "pain moves from week to week, so that some gains and some losses are noise: both have to be seen in two weekly means, and pain has \
           to have risen by a point",
    needs: "pain before the first session and in most weeks of the program",
    evaluate,
};

/// A gain that may not last is one that more than this share lose: one in ten is about what two bad weeks alone bring about.
const CLAIMED_SHARE: f64 = 0.10;

fn evaluate(evidence: &Evidence<'_>) -> Evaluation {
    let found = analyze_early_gains(evidence.cohort, evidence.settings);
    let remedy = "Log pain in the week before the first session and in every week of the program, also after it has become better.";
    if found.judged == 0 {
        return Evaluation::not_testable(
            "no program has a baseline high enough for a percent change and pain in two of its first four weeks",
            remedy,
        );
    }
    let rule = &evidence.settings.claims;
    let lost = match (found.lost.value(), found.lost.reason()) {
        (Some(lost), _) if lost.n >= rule.min_group => lost,
        (lost, _) => {
            let seen = lost.map_or(0, |lost| lost.n);
            return Evaluation::not_testable(
                format!(
                    "{} had an early gain and pain logged at the end of the program; at least {} are needed",
                    counted(seen, "patient", "patients"),
                    rule.min_group
                ),
                remedy,
            );
        }
    };
    Evaluation::Tested(Box::new(tested(&found, lost, evidence)))
}

/// The share against the one claimed; p of the score test, whose inversion is the Wilson interval.
fn effect(label: &str, share: &Proportion) -> Effect {
    let error = (CLAIMED_SHARE * (1.0 - CLAIMED_SHARE) / share.n as f64).sqrt();
    Effect {
        label: label.to_owned(),
        scale: Scale::Share,
        estimate: share.proportion,
        interval: share.interval,
        p_value: normal_two_sided_p((share.proportion - CLAIMED_SHARE) / error),
        role: EffectRole::Estimate,
    }
}

fn tested(found: &EarlyGains, lost: &Proportion, evidence: &Evidence<'_>) -> Tested {
    let claimed = Claimed::Above(CLAIMED_SHARE);
    let variants = [
        ("no important change at the end any more, however little pain had risen", &found.below_threshold),
        ("at least half of the gain given back by the end", &found.half_given_back),
        ("lost by the last two weeks logged, also where the log ended early", &found.lost_when_last_seen),
    ];
    let others: Vec<Effect> = variants.iter().filter_map(|(label, share)| Some(effect(label, share.value()?))).collect();
    let above = claimed.points_to(lost.proportion);
    let contrary: Vec<String> = others
        .iter()
        .filter(|other| claimed.points_to(other.estimate) != above)
        .map(|other| format!("{}: {}", other.label, percent(other.estimate)))
        .collect();
    let unseen = found.unseen;
    let mut checks = vec![format!(
        "{} of {} with pain in their first weeks had an important change by week {}, shown by two weekly means.",
        found.gained,
        guards::programs(found.judged),
        found.by_week
    )];
    if let (true, Some(worst)) = (unseen > 0, found.lost_if_unseen_lost.value()) {
        checks.push(format!(
            "If all {unseen} whose pain was not logged at the end had lost their gain, the share would be {}.",
            percent(worst.proportion)
        ));
    }
    let unseen_share = unseen as f64 / (unseen + lost.n) as f64;
    let warnings = (unseen_share > 0.2).then(|| ClaimWarning {
        id: "end-not-seen",
        sentence: format!(
            "{} of those with an early gain logged no pain at the end of the program: who lost the gain may have stopped logging.",
            percent(unseen_share)
        ),
    });
    let error = (CLAIMED_SHARE * (1.0 - CLAIMED_SHARE) / lost.n as f64).sqrt();
    let Interval { lower, upper, level } = lost.interval;
    let primary = effect("early gains lost by the end of the program", lost);
    Tested {
        finding: format!(
            "Of {} with an important change of pain in the first {} weeks, {} had lost it by the end of the program ({}, {} interval {}–{}; {} against \
             one in ten).",
            counted(lost.n, "patient", "patients"),
            found.by_week,
            lost.count,
            percent(lost.proportion),
            percent(level),
            decimal(100.0 * lower, 0),
            percent(upper),
            p_equals(primary.p_value)
        ),
        doubt: doubt(&contrary, unseen_share),
        primary,
        claimed,
        others,
        n_used: lost.n,
        n_patients: lost.n,
        n_events: Some(lost.count),
        excluded: Excluded::for_reasons(found.left_out.iter().copied()).collect(),
        keeps_direction: contrary.is_empty(),
        checks,
        e_value: None,
        e_value_limit: None,
        minimum_detectable: Some((CLAIMED_SHARE + detectable(error, &evidence.settings.claims)).min(1.0)),
        warnings: warnings.into_iter().collect(),
    }
}

fn doubt(contrary: &[String], unseen_share: f64) -> String {
    if !contrary.is_empty() {
        return format!("The answer hangs on what counts as lost: {}.", contrary.join("; "));
    }
    if unseen_share > 0.1 {
        return format!(
            "{} of those with an early gain logged no pain at the end, and who lost the gain may be over-represented among them.",
            percent(unseen_share)
        );
    }
    "Whether one in ten is a lot is a convention of ours, and those who were lucky in their first weeks fall back somewhat by chance alone."
        .to_owned()
}
