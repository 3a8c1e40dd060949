//! Programs of one patient that overlap.

use super::{At, Found, Logs};
use crate::ingest::accounting::Finding;
use crate::ingest::program_log::overlapping_programs;
use crate::ingest::rules;

pub(super) fn findings(logs: &Logs) -> Vec<Finding> {
    let overlaps = overlapping_programs(&logs.programs);
    let found = overlaps.iter().map(|overlap| {
        let rows = logs.programs.rows(overlap.patient);
        let row = rows.clone().find(|&row| logs.programs.place[row] == overlap.later).unwrap_or(rows.start);
        let sentence = overlap.sentence(&logs.patients.ids[overlap.patient], &logs.reading.files);
        let value = overlap.later_start.to_string();
        let found = Found { rule: rules::OVERLAPPING_PROGRAMS, at: At::program(logs, row), column: "start", value, sentence };
        found.of(logs, overlap.patient)
    });
    found.collect()
}
