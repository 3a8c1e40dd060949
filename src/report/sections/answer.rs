//! The answer: each claim with its verdict, the honest figure, the biased one beside it, and every estimate.

use super::super::document::{Block, CalloutKind, Table};
use super::super::figures;
use super::SectionKind;
use crate::claims::{ClaimResult, Effect, Verdict};
use crate::domain::number::{change, count, interval, p_value, ratio};
use crate::domain::{Counted, capitalized};
use crate::study::Study;

pub(super) const SECTION: SectionKind = SectionKind { id: "answer", title: "Do those who keep it up stay well?", build };

fn build(study: &Study) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    for claim in &study.claims {
        let mut parts = claim_blocks(claim, study.recurrence.counted()).into_iter();
        // The statement and the verdict, then the picture, then the numbers.
        blocks.extend(parts.by_ref().take(2));
        if study.recurrence.landmark.comparison.value().is_some() {
            blocks.push(Block::Figure(figures::LANDMARK.to_owned()));
        }
        blocks.extend(parts);
    }
    if study.recurrence.naive.value().is_some() {
        blocks.push(Block::Heading("Why not simply compare those who exercised with those who did not?".to_owned()));
        blocks.push(Block::Paragraph(
            "Because a patient must stay well for weeks to be seen exercising for weeks. Sorting patients by what they did over the whole \
             follow-up hands those weeks to the exercisers as if the exercise had won them (immortal time), and because pain makes people \
             stop, it also blames the stopping for the pain. The comparison above forms the groups on one day, from what was logged a week \
             and more before it, and counts only what came after."
                .to_owned(),
        ));
        blocks.push(Block::Figure(figures::NAIVE.to_owned()));
    }
    if study.claims.iter().any(|claim| claim.primary.is_some()) {
        blocks.push(Block::Figure(figures::EFFECTS.to_owned()));
    }
    blocks
}

fn kind(verdict: Verdict) -> CalloutKind {
    match verdict {
        Verdict::Supported => CalloutKind::Supported,
        Verdict::Contradicted => CalloutKind::Contradicted,
        Verdict::Inconclusive => CalloutKind::Inconclusive,
        Verdict::NotTestable => CalloutKind::NotTestable,
    }
}

/// A claim: verdict, sentence, doubt, estimates, who is not in it, checks. `counted` is what the study counts.
pub(in crate::report) fn claim_blocks(claim: &ClaimResult, counted: Counted) -> Vec<Block> {
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
        column.name = format!("{} interval", crate::domain::number::percent(primary.interval.level));
    }
    table.push(row(primary, "primary: "));
    for other in &claim.others {
        table.push(row(other, ""));
    }
    table.notes.push(format!(
        "{}, {} recurrences in the primary estimate; p adjusted for the testable claims (Holm): {}.",
        if claim.n_used > claim.n_patients {
            format!("{} (errors by patient)", Counted::in_words(claim.n_used, claim.n_patients))
        } else {
            format!("{} patients", count(claim.n_used))
        },
        count(claim.n_events),
        claim.adjusted_p.map_or_else(|| "–".to_owned(), p_value)
    ));
    if let (Some(estimate), Some(limit)) = (claim.e_value, claim.e_value_limit) {
        table.notes.push(format!(
            "E-value {} (limit {}): the risk ratio by which an unlogged trait would have to go with both keeping it up and staying well to \
             explain the estimate (the limit) away.",
            ratio(estimate),
            ratio(limit)
        ));
    }
    if let Some(minimum) = claim.minimum_detectable {
        table
            .notes
            .push(format!("With this many recurrences a hazard ratio of {} or below would be found with 80 % power.", ratio(minimum)));
    }
    blocks.push(Block::Table(table));
    if !claim.excluded.is_empty() {
        let mut excluded = Table::new("Who is not in the primary estimate", &["Reason", counted.column()]);
        for reason in &claim.excluded {
            excluded.push([capitalized(&reason.reason), count(reason.programs)]);
        }
        let total: usize = claim.excluded.iter().map(|reason| reason.programs).sum();
        excluded.push(["Together".to_owned(), count(total)]);
        excluded.push(["In the primary estimate".to_owned(), count(claim.n_used)]);
        blocks.push(Block::Table(excluded));
    }
    blocks.push(Block::List(claim.checks.clone()));
    blocks
}

fn row(effect: &Effect, role: &str) -> [String; 4] {
    let days = effect.scale == "days";
    let value = if days { change(effect.estimate, 0) } else { ratio(effect.estimate) };
    let name = if days { effect.label.clone() } else { format!("{}, {}", effect.scale, effect.label) };
    [
        capitalized(&format!("{role}{name}")),
        value,
        interval(effect.interval.lower, effect.interval.upper, if days { 0 } else { 2 }),
        p_value(effect.p_value),
    ]
}
