//! When a claim cannot be tested: the reasons that many claims share, each with what to log.

use crate::analysis::CommonSupport;
use crate::domain::Counted;
use crate::domain::number::counted;
use crate::settings::ClaimSettings;

use super::Evidence;
use super::result::{ClaimWarning, Evaluation};

impl Evaluation {
    /// These logs cannot test it: a clause that says why, and a sentence that says what would change it.
    pub(super) fn not_testable(reason: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::NotTestable { reason: reason.into(), remedy: remedy.into() }
    }
}

/// `1 program`, `2,000 programs`.
pub(super) fn programs(n: usize) -> String {
    counted(n, "program", "programs")
}

/// Refuses a comparison in which a group is too small. Groups come with their names as a clause: "kept the exercise up".
pub(super) fn group_sizes(groups: &[(&str, usize)], unit: Counted, rule: &ClaimSettings, remedy: &str) -> Option<Evaluation> {
    (groups.iter().any(|(_, size)| *size < rule.min_group)).then(|| {
        let sizes: Vec<String> = groups.iter().map(|(name, size)| format!("{} {name}", unit.count(*size))).collect();
        Evaluation::not_testable(format!("{}; each group needs at least {}", sizes.join(", "), rule.min_group), remedy)
    })
}

/// Refuses a comparison of too few events; `one` and `many` name them.
pub(super) fn event_count(events: usize, one: &str, many: &str, rule: &ClaimSettings) -> Option<Evaluation> {
    (events < rule.min_events).then(|| {
        let found = counted(events, one, many);
        let verb = if events == 1 { "is" } else { "are" };
        Evaluation::not_testable(
            format!("there {verb} {found}; the rule asks for at least {}", rule.min_events),
            "Follow patients for longer, or pool more of them.",
        )
    })
}

/// Refuses a comparison of groups that are not alike in what is adjusted for: too few have a probability of the exposure that the other
/// group reaches too. Groups, not exposed and exposed, come with their names as a clause.
fn overlap(support: &CommonSupport, groups: [&str; 2], unit: Counted, rule: &ClaimSettings) -> Option<Evaluation> {
    let [without, with] = support.within;
    if without.min(with) >= rule.min_group {
        return None;
    }
    let reason = match &support.told_apart_by {
        Some(term) => format!(
            "\"{term}\" tells those who {} from those who {}, so nobody can be compared with anybody like them",
            groups[1], groups[0]
        ),
        None => format!(
            "by the covariates only {} who {} and {} who {} have somebody like them in the other group; at least {} of each are needed",
            unit.count(without),
            groups[0],
            unit.count(with),
            groups[1],
            rule.min_group
        ),
    };
    Some(Evaluation::not_testable(
        reason,
        "Log more patients, or leave a covariate out ([model] covariates in study.toml) if it follows from the exercise.",
    ))
}

/// Refuses a comparison by exercise at the landmark where its groups are not alike; the claims that share these groups ask here.
pub(super) fn landmark_overlap(evidence: &Evidence<'_>) -> Option<Evaluation> {
    let comparison = evidence.recurrence.landmark.comparison.value()?;
    let support = comparison.common_support.as_ref()?;
    let groups = ["had not kept the exercise up at the landmark", "had kept it up then"];
    overlap(support, groups, comparison.counted(), &evidence.settings.claims)
}

/// Refuses a slope on an exposure that hardly anybody has, or that is the same in all: at least twice the smallest group must have a
/// value, and the values must differ.
pub(super) fn variation(values: &[f64], what: &str, rule: &ClaimSettings, remedy: &str) -> Option<Evaluation> {
    let needed = 2 * rule.min_group;
    if values.len() < needed {
        let found = counted(values.len(), "program has", "programs have");
        return Some(Evaluation::not_testable(format!("{found} {what} and the outcome; at least {needed} are needed"), remedy));
    }
    let first = values.first().copied().unwrap_or_default();
    let same = values.iter().all(|value| (value - first).abs() < 1e-9);
    same.then(|| Evaluation::not_testable(format!("{what} is the same in all of them, so there is nothing to compare"), remedy))
}

/// Refuses a difference of shares where nobody or everybody of a group has the outcome: its error would come out as none. Groups as
/// sum and number, with their names as a clause.
pub(super) fn separation(sums: &[(f64, usize); 2], names: [&str; 2], what: &str, remedy: &str) -> Option<Evaluation> {
    sums.iter().zip(names).find_map(|(&(sum, n), name)| {
        let all = (sum - n as f64).abs() < 0.5;
        (sum < 0.5 || all).then(|| {
            let who = if all { "every one" } else { "none" };
            Evaluation::not_testable(format!("{who} of the {n} {name} had {what}, so the difference has no usable error"), remedy)
        })
    })
}

/// Warnings about recurrence in these logs with which no verdict is given on exercise after the program, whatever the estimate: pain on
/// its way stops the exercise, or exercise goes with what it cannot have brought about.
pub(super) fn undermining(evidence: &Evidence<'_>) -> Vec<ClaimWarning> {
    const IDS: [&str; 4] = ["reverse-causation", "lag-sweep", "negative-exposure", "negative-outcome"];
    let found = evidence.recurrence.bias.warnings.iter().filter(|warning| IDS.contains(&warning.id));
    found.map(|warning| ClaimWarning { id: warning.id, sentence: warning.sentence.clone() }).collect()
}
