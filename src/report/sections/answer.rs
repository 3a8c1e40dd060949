//! The answer: the core claim with its verdict, the honest figure, the biased one beside it, and every estimate.

use super::super::document::Block;
use super::super::figures;
use super::SectionKind;
use super::claims::claim_blocks;
use crate::claims::{CORE, ClaimResult};
use crate::domain::number::counted;
use crate::study::Study;

pub(super) const SECTION: SectionKind = SectionKind { id: "answer", title: "Do those who keep it up stay well?", build };

fn build(study: &Study) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    if let Some(claim) = core_claim(study) {
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
        let until = match study.settings.maintenance.lag {
            0 => "it".to_owned(),
            lag => format!("{} before it", counted(usize::try_from(lag).unwrap_or(0), "day", "days")),
        };
        blocks.push(Block::Paragraph(format!(
            "Because a patient must stay well for weeks to be seen exercising for weeks. Sorting patients by what they did over the whole \
             follow-up hands those weeks to the exercisers as if the exercise had won them (immortal time), and because pain makes people \
             stop, it also blames the stopping for the pain. The comparison above forms the groups on one day, from what was logged up to \
             {until}, and counts only what came after."
        )));
        blocks.push(Block::Figure(figures::NAIVE.to_owned()));
    }
    if core_claim(study).is_some_and(|claim| claim.primary.is_some()) {
        blocks.push(Block::Figure(figures::EFFECTS.to_owned()));
    }
    blocks
}

/// The claim the tool exists for.
pub(in crate::report) fn core_claim(study: &Study) -> Option<&ClaimResult> {
    study.claims.iter().find(|claim| claim.id == CORE)
}
