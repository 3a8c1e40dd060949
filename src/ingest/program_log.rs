//! The programs of each patient from the rows of all files: duplicates merged, conflicts rejected, overlaps found.

use super::accounting::{FileAccount, Rejected};
use super::logs::ProgramLog;
use super::order::Order;
use super::places::Place;
use super::programs::{ProgramColumns, ProgramRow};
use super::rules;
use super::runs::PatientRuns;
use crate::domain::{Day, ProgramOutcome};

/// A file of programs as read.
pub(super) struct ProgramFile {
    pub name: String,
    /// Name of its start column.
    pub start_column: String,
    pub columns: ProgramColumns,
}

/// The programs of all files; patients still in the order in which they were met.
#[derive(Default)]
pub(super) struct SettledPrograms {
    patient: Vec<u32>,
    file: Vec<u32>,
    row: Vec<ProgramRow>,
    /// Rows merged into an equal one, by file.
    pub merged: Vec<usize>,
    /// Rows that say something else of a program already read, by file.
    pub conflicting: Vec<Vec<Rejected>>,
}

/// Settles which rows are programs. Of two rows with one start the first in the files stands: an equal one is merged into
/// it, another one is rejected. `ids` are the patients' ids.
pub(super) fn settle(files: Vec<ProgramFile>, ids: &[String]) -> SettledPrograms {
    let mut settled =
        SettledPrograms { merged: vec![0; files.len()], conflicting: vec![Vec::new(); files.len()], ..SettledPrograms::default() };
    let (mut names, mut patients, mut starts) = (Vec::new(), Vec::new(), Vec::new());
    let (mut file_of, mut rows) = (Vec::new(), Vec::new());
    for (file, read) in files.into_iter().enumerate() {
        names.push((read.name, read.start_column));
        patients.extend(read.columns.patient);
        starts.extend(read.columns.row.iter().map(|row| row.record.start.0));
        file_of.resize(file_of.len() + read.columns.row.len(), file);
        rows.extend(read.columns.row.into_iter().map(Some));
    }
    let order = Order::of(&runs(&patients), &starts, ids.len());
    for place in 0..patients.len() {
        let at = order.row(place);
        let (patient, file) = (patients[at], file_of[at]);
        let Some(row) = rows[at].take() else { continue };
        let standing = settled.row.last().zip(settled.file.last());
        match standing.filter(|(first, _)| settled.patient.last() == Some(&patient) && first.record.start == row.record.start) {
            Some((first, _)) if first.record == row.record => settled.merged[file] += 1,
            Some((first, &first_file)) => {
                let (name, column) = &names[file];
                let rule = rules::CONFLICTING_PROGRAM;
                let sentence = format!(
                    "Patient \"{}\" has another program from {} that says something else: {}, line {}.",
                    ids[patient as usize], row.record.start, names[first_file as usize].0, first.line
                );
                settled.conflicting[file].push(Rejected {
                    file: name.clone(),
                    line: row.line,
                    column: column.clone(),
                    value: row.start.into(),
                    rule: rule.id,
                    sentence,
                    fix: rule.fix.to_owned(),
                    also: String::new(),
                    raw: row.raw.into(),
                });
            }
            None => {
                settled.patient.push(patient);
                settled.file.push(file as u32);
                settled.row.push(row);
            }
        }
    }
    settled
}

impl SettledPrograms {
    /// Each patient's first start.
    pub fn first_starts(&self) -> impl Iterator<Item = (u32, Day)> {
        let first = |at: &usize| *at == 0 || self.patient[at - 1] != self.patient[*at];
        (0..self.patient.len()).filter(first).map(|at| (self.patient[at], self.row[at].record.start))
    }

    /// The log; `rank` leads from the patients as met to the sorted roster, `first_file` is the place of the first program
    /// file among all files.
    pub fn into_log(self, rank: &[u32], first_file: usize) -> ProgramLog {
        let patient: Vec<u32> = self.patient.iter().map(|&patient| rank[patient as usize]).collect();
        let start: Vec<i32> = self.row.iter().map(|row| row.record.start.0).collect();
        let order = Order::of(&runs(&patient), &start, rank.len());
        let rows = (0..patient.len()).map(|place| order.row(place));
        let (record, place) = rows
            .map(|at| {
                let (file, row) = (first_file + self.file[at] as usize, &self.row[at]);
                (row.record, Place { file, line: row.line })
            })
            .unzip();
        ProgramLog { offsets: order.offsets, record, place }
    }
}

/// The patients of rows, said once for rows that follow each other.
fn runs(patients: &[u32]) -> PatientRuns {
    let mut runs = PatientRuns::default();
    patients.iter().for_each(|&patient| runs.push(patient));
    runs
}

/// A program that starts before an earlier one of the same patient has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OverlappingPrograms {
    /// Index of the patient.
    pub patient: usize,
    /// Where the earlier program stands.
    pub earlier: Place,
    /// Its start.
    pub earlier_start: Day,
    /// Its end.
    pub earlier_end: Day,
    /// Where the later one stands.
    pub later: Place,
    /// Its start.
    pub later_start: Day,
}

impl OverlappingPrograms {
    /// What was found, in a sentence; `id` is the patient's, `files` the files read.
    #[must_use]
    pub fn sentence(&self, id: &str, files: &[FileAccount]) -> String {
        let place =
            |place: Place| files.get(place.file).map_or_else(String::new, |account| format!("{}, line {}", account.file, place.line));
        format!(
            "{id}'s program from {} starts before the one from {} ends on {} ({}); both are kept.",
            self.later_start,
            self.earlier_start,
            self.earlier_end,
            place(self.earlier)
        )
    }
}

/// Every program that starts on or before the last day of an earlier one of the patient: its completion, else its planned
/// end. A program the patient dropped out of has no known last day, unless its completion is given.
#[must_use]
pub fn overlapping_programs(programs: &ProgramLog) -> Vec<OverlappingPrograms> {
    let mut found = Vec::new();
    for patient in 0..programs.offsets.len().saturating_sub(1) {
        // The earlier program that lasts longest, and its last day.
        let mut lasting: Option<(usize, Day)> = None;
        for row in programs.rows(patient) {
            let record = &programs.record[row];
            if let Some((earlier, end)) = lasting.filter(|&(_, end)| record.start <= end) {
                found.push(OverlappingPrograms {
                    patient,
                    earlier: programs.place[earlier],
                    earlier_start: programs.record[earlier].start,
                    earlier_end: end,
                    later: programs.place[row],
                    later_start: record.start,
                });
            }
            let planned = record.planned_end.filter(|_| record.outcome != Some(ProgramOutcome::DroppedOut));
            if let Some(end) = record.completed_on.or(planned)
                && lasting.is_none_or(|(_, longest)| end > longest)
            {
                lasting = Some((row, end));
            }
        }
    }
    found
}
