//! Every other claim: an overview of the verdicts, then each testable one with its numbers, then what the rest would need.

use super::super::document::{Block, CalloutKind, Table};
use super::SectionKind;
use crate::claims::{CORE, ClaimResult, Effect, Scale, Verdict};
use crate::domain::number::{count, counted, p_value, percent, ratio};
use crate::domain::{Counted, capitalized};
use crate::study::Study;

pub(super) const SECTION: SectionKind = SectionKind { id: "claims", title: "What else is claimed", build };

fn build(study: &Study) -> Vec<Block> {
    let others: Vec<&ClaimResult> = study.claims.iter().filter(|claim| claim.id != CORE).collect();
    let (untestable, testable): (Vec<_>, Vec<_>) = others.into_iter().partition(|claim| claim.verdict == Verdict::NotTestable);
    let mut blocks = vec![Block::Paragraph(format!(
        "Beside the claim above, {} can be tested with these logs and {} cannot. All verdicts are judged together: each p value is \
         adjusted for the number of claims tested (Holm), and the rule was fixed before looking.",
        counted(testable.len(), "claim", "claims"),
        count(untestable.len())
    ))];
    if !testable.is_empty() {
        let mut overview = Table::new("Verdicts", &["Claim", "Verdict", "Primary estimate", "#Adjusted p"]);
        for claim in &testable {
            overview.push([
                claim.statement.clone(),
                capitalized(claim.verdict.as_str()),
                claim.primary.as_ref().map_or_else(|| "–".to_owned(), in_short),
                claim.adjusted_p.map_or_else(|| "–".to_owned(), p_value),
            ]);
        }
        blocks.push(Block::Table(overview));
    }
    if !untestable.is_empty() {
        let mut table = Table::new("Not testable with these logs", &["Claim", "Why", "To make it testable"]);
        for claim in &untestable {
            table.push([claim.statement.clone(), claim.sentence.clone(), claim.doubt.clone()]);
        }
        blocks.push(Block::Table(table));
    }
    for claim in testable {
        blocks.push(Block::Heading(claim.id.clone()));
        blocks.extend(claim_blocks(claim, study.recurrence.counted()));
    }
    blocks
}

/// `hazard ratio 0.62 (0.45–0.85)`.
fn in_short(effect: &Effect) -> String {
    let value = format!("{} ({})", effect.scale.print(effect.estimate), effect.scale.print_interval(effect.interval));
    match effect.scale {
        Scale::HazardRatio | Scale::OddsRatio | Scale::RateRatio | Scale::Points => format!("{} {value}", effect.scale.name()),
        Scale::Days | Scale::DurationDays => format!("{value} days"),
        Scale::RiskDifference | Scale::Share => value,
    }
}

fn kind(verdict: Verdict) -> CalloutKind {
    match verdict {
        Verdict::Supported => CalloutKind::Supported,
        Verdict::Contradicted => CalloutKind::Contradicted,
        Verdict::Inconclusive => CalloutKind::Inconclusive,
        Verdict::NotTestable => CalloutKind::NotTestable,
    }
}

/// A claim: verdict, sentence, doubt, estimates, who is not in it, checks. `unit` is what the study counts.
pub(in crate::report) fn claim_blocks(claim: &ClaimResult, unit: Counted) -> Vec<Block> {
    let mut blocks = vec![
        Block::Paragraph(format!("The claim: {}", claim.statement)),
        Block::Callout {
            kind: kind(claim.verdict),
            title: capitalized(claim.verdict.as_str()),
            text: vec![
                claim.sentence.clone(),
                if claim.verdict == Verdict::NotTestable {
                    format!("To make it testable: {}", claim.doubt)
                } else {
                    format!("Strongest reason to doubt it: {}", claim.doubt)
                },
            ],
        },
    ];
    let Some(primary) = &claim.primary else {
        return blocks;
    };
    let mut table = Table::new("Estimates", &["Estimate", "#Value", "#95 % interval", "#p"]);
    if let Some(column) = table.columns.get_mut(2) {
        column.name = format!("{} interval", percent(primary.interval.level));
    }
    table.push(row(primary, "primary: "));
    for other in &claim.others {
        table.push(row(other, ""));
    }
    table.notes.push(format!(
        "{}{} in the primary estimate; p adjusted for the testable claims (Holm): {}.",
        if claim.n_used > claim.n_patients {
            format!("{} (errors by patient)", Counted::in_words(claim.n_used, claim.n_patients))
        } else {
            format!("{} patients", count(claim.n_used))
        },
        claim.n_events.map_or_else(String::new, |events| format!(", {}", counted(events, "event", "events"))),
        claim.adjusted_p.map_or_else(|| "–".to_owned(), p_value)
    ));
    if let (Some(estimate), Some(limit)) = (claim.e_value, claim.e_value_limit) {
        table.notes.push(format!(
            "E-value {} (limit {}): the risk ratio by which an unlogged trait would have to go with both what is compared and the outcome to \
             explain the estimate (the limit) away.",
            ratio(estimate),
            ratio(limit)
        ));
    }
    if let Some(minimum) = claim.minimum_detectable {
        let minimum = primary.scale.print(minimum);
        let found = match (primary.scale.is_ratio(), &claim.n_events) {
            (true, Some(_)) => format!("With this many events a {} of {minimum} or further from 1", primary.scale.name()),
            _ => format!("With this many patients an effect of {minimum} or more ({})", primary.scale.name()),
        };
        table.notes.push(format!("{found} would be found with 80 % power."));
    }
    blocks.push(Block::Table(table));
    if !claim.excluded.is_empty() {
        let mut excluded = Table::new("Who is not in the primary estimate", &["Reason", unit.column()]);
        for reason in &claim.excluded {
            excluded.push([capitalized(&reason.reason), count(reason.programs)]);
        }
        let total: usize = claim.excluded.iter().map(|reason| reason.programs).sum();
        excluded.push(["Together".to_owned(), count(total)]);
        excluded.push(["In the primary estimate".to_owned(), count(claim.n_used)]);
        blocks.push(Block::Table(excluded));
    }
    if !claim.warnings.is_empty() {
        blocks.push(Block::Callout {
            kind: CalloutKind::Warning,
            title: "Warnings from these logs".to_owned(),
            text: claim.warnings.iter().map(|warning| warning.sentence.clone()).collect(),
        });
    }
    blocks.push(Block::List(claim.checks.clone()));
    blocks
}

fn row(effect: &Effect, role: &str) -> [String; 4] {
    let name = if effect.scale.is_ratio() { format!("{}, {}", effect.scale.name(), effect.label) } else { effect.label.clone() };
    [
        capitalized(&format!("{role}{name}")),
        effect.scale.print(effect.estimate),
        effect.scale.print_interval(effect.interval),
        p_value(effect.p_value),
    ]
}
