//! Who is in, who is not, and why: numbers that add up.

use super::super::document::{Block, Table};
use super::SectionKind;
use crate::domain::Counted;
use crate::domain::number::count;
use crate::study::Study;

pub(super) const SECTION: SectionKind = SectionKind { id: "patients", title: "Patients", build };

fn build(study: &Study) -> Vec<Block> {
    let recurrence = &study.recurrence;
    let counts = recurrence.landmark.counts;
    let counted = recurrence.counted();
    let mut flow = Table::new("From the logs to the comparison", &["Step", counted.column()]);
    flow.push(["In the study".to_owned(), count(recurrence.programs)]);
    for excluded in &recurrence.excluded {
        flow.push([format!("− {}", excluded.reason), count(excluded.programs)]);
    }
    flow.push(["= at risk of recurrence".to_owned(), count(recurrence.at_risk)]);
    for (reason, n) in [
        ("recurrence on or before the landmark", counts.recurred_before),
        ("follow-up ended on or before the landmark", counts.censored_before),
        ("not yet at risk at the landmark", counts.not_yet_at_risk),
        ("too little time since completion to tell the exposure", counts.exposure_unknown),
    ] {
        if n > 0 {
            flow.push([format!("− {reason}"), count(n)]);
        }
    }
    flow.push(["= compared from the landmark on".to_owned(), count(counts.members)]);
    flow.push(["of whom maintained".to_owned(), count(counts.maintained)]);
    flow.push(["of whom not maintained".to_owned(), count(counts.members - counts.maintained)]);
    flow.notes.push(format!("Each {} is left out once, for the first reason that fits.", counted.singular()));
    if counted == Counted::Programs {
        flow.notes.push(format!(
            "The study has {}; at risk are {}, compared {}. Follow-up after a program ends at the latest the day before the patient's next \
             one; hazard ratios, curves, log-rank test and restricted means have errors by patient.",
            Counted::in_words(recurrence.programs, recurrence.patients),
            Counted::in_words(recurrence.at_risk, recurrence.patients_at_risk),
            Counted::in_words(counts.members, recurrence.landmark.patients.members)
        ));
    }
    let mut blocks = vec![Block::Table(flow)];
    let derived = study.cohort.derived_programs();
    if derived > 0 {
        blocks.push(Block::Paragraph(format!(
            "For {} of {} patients programs.csv has no row: their program starts with the first session and, where sessions carry a phase, is \
             completed with the last session before maintenance.",
            count(derived),
            count(recurrence.patients)
        )));
    }
    blocks
}
