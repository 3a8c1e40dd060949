//! Program rows.

use super::columns::Field;
use super::dates::OrderEvidence;
use super::logs::ProgramRecord;
use super::plan::Plan;
use super::row::{Problems, Range, Row};
use super::rows::Log;
use super::rules;
use crate::domain::{Day, ProgramOutcome};

/// How the rows of one program file are read.
pub(super) struct ProgramRows {
    planned_end: Option<usize>,
    completed_on: Option<usize>,
    outcome: Option<usize>,
    prescribed: Option<usize>,
    maintenance: Option<usize>,
}

/// Program rows as they come.
#[derive(Default)]
pub(super) struct ProgramColumns {
    pub patient: Vec<u32>,
    pub row: Vec<ProgramRow>,
}

/// A program with its row, which may have to be rejected once all programs of the patient are known.
#[derive(Clone, Debug)]
pub(super) struct ProgramRow {
    pub record: ProgramRecord,
    pub line: usize,
    /// The start as it stands in the file.
    pub start: Box<str>,
    /// The row as it stands in the file.
    pub raw: Box<str>,
}

impl ProgramRows {
    pub fn new(plan: &Plan) -> Self {
        Self {
            planned_end: plan.date_slot(Field::PlannedEnd),
            completed_on: plan.date_slot(Field::CompletedOn),
            outcome: plan.column(Field::Outcome),
            prescribed: plan.column(Field::PrescribedPerWeek),
            maintenance: plan.column(Field::MaintenancePerWeek),
        }
    }
}

impl Log for ProgramRows {
    type Columns = ProgramColumns;
    type Values = ProgramRow;

    fn values(
        &self,
        row: &Row<'_>,
        start: Option<Day>,
        evidence: &mut [OrderEvidence],
        _: &mut ProgramColumns,
        problems: &mut Problems,
    ) -> ProgramRow {
        let mut end = |slot: Option<usize>| {
            let slot = slot?;
            let day = row.day(slot, false, evidence, problems)?;
            if let Some(start) = start.filter(|&start| day < start) {
                let sentence = format!("The program ends on {day}, before it starts on {start}.");
                problems.push(rules::END_BEFORE_START, &row.plan.dates[slot].name, &row.date_text(slot), sentence);
            }
            Some(day)
        };
        let (planned_end, completed_on) = (end(self.planned_end), end(self.completed_on));
        let outcome = row.word(self.outcome, ProgramOutcome::parse, ProgramOutcome::ALL.iter().map(|outcome| outcome.as_str()), problems);
        let record = ProgramRecord {
            start: start.unwrap_or(Day(0)),
            planned_end,
            completed_on,
            outcome,
            prescribed_per_week: row.number(self.prescribed, Range::NOT_NEGATIVE, problems),
            maintenance_per_week: row.number(self.maintenance, Range::NOT_NEGATIVE, problems),
        };
        ProgramRow { record, line: row.line, start: row.date_text(0).into(), raw: row.raw().into() }
    }

    fn push(&self, columns: &mut ProgramColumns, patient: u32, _: Day, _: usize, row: ProgramRow) {
        columns.patient.push(patient);
        columns.row.push(row);
    }

    fn place(columns: &mut ProgramColumns, line: impl Fn(usize) -> usize) {
        columns.row.iter_mut().for_each(|row| row.line = line(row.line));
    }

    fn append(columns: &mut ProgramColumns, later: ProgramColumns, patients: &[u32]) {
        columns.patient.extend(later.patient.iter().map(|&patient| patients[patient as usize]));
        columns.row.extend(later.row);
    }
}
