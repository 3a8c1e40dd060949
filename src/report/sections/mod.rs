//! The sections of the report, one file each, listed in [`SECTIONS`].

mod adherence;
mod answer;
mod bias;
mod claims;
mod data_quality;
mod definition_grid;
mod definitions;
mod look_list;
mod methods;
mod pain;
mod patients;
mod questionnaires;
mod recurrence;
mod weighting;

pub(super) use adherence::rule_in_words;
pub(super) use answer::core_claim;
pub(super) use claims::claim_blocks;
pub(super) use data_quality::{quality_blocks, reading_blocks};

use super::document::Block;
use crate::domain::number::{count, interval, percent};
use crate::domain::{Counted, capitalized};
use crate::stats::Proportion;
use crate::study::Study;

/// A section of the report.
#[derive(Clone, Copy, Debug)]
pub struct SectionKind {
    /// Anchor, and name of its file.
    pub id: &'static str,
    /// Heading.
    pub title: &'static str,
    /// Builds its content.
    pub build: fn(&Study) -> Vec<Block>,
}

/// Every section in the order of the report: the answer first.
pub const SECTIONS: &[SectionKind] = &[
    answer::SECTION,
    patients::SECTION,
    look_list::SECTION,
    adherence::SECTION,
    pain::SECTION,
    questionnaires::SECTION,
    recurrence::SECTION,
    weighting::SECTION,
    bias::SECTION,
    definition_grid::SECTION,
    claims::SECTION,
    data_quality::SECTION,
    definitions::SECTION,
    methods::SECTION,
];

/// Under a table whose rows are programs: how many patients they are of, and what that does to its intervals.
pub(super) fn programs_note(programs: usize, patients: usize) -> Option<String> {
    (programs > patients)
        .then(|| format!("{}; intervals of means and shares take programs as independent.", Counted::in_words(programs, patients)))
}

/// A share with its interval, or a dash.
pub(super) fn share(share: Option<&Proportion>) -> String {
    share.map_or_else(
        || "–".to_owned(),
        |share| {
            format!(
                "{} of {} ({}; {} %)",
                count(share.count),
                count(share.n),
                percent(share.proportion),
                interval(100.0 * share.interval.lower, 100.0 * share.interval.upper, 0)
            )
        },
    )
}

/// What a point is, where the scale is not the one that the usual points are meant for.
pub(super) fn points_note(study: &Study) -> Option<String> {
    let scale = &study.logs.scale;
    (!scale.is_zero_to_ten()).then(|| {
        format!("Points are those of the scale pain was logged on ({}); the usual ones are meant for a scale from 0 to 10.", scale.name)
    })
}

/// A paragraph that says why something is not there.
pub(super) fn reason(text: &str) -> Block {
    let sentence = capitalized(text);
    let stop = if sentence.ends_with('.') { "" } else { "." };
    Block::Paragraph(format!("{sentence}{stop}"))
}
