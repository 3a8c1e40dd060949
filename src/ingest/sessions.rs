//! Session rows, and rows that repeat another to the letter.

use std::hash::Hasher;

use rustc_hash::FxHasher;

use super::columns::Field;
use super::dates::OrderEvidence;
use super::logs::SessionLog;
use super::order::Order;
use super::pain::Merged;
use super::places::Places;
use super::plan::Plan;
use super::row::{Problems, Range, Row};
use super::rows::Log;
use super::runs::PatientRuns;
use crate::domain::{Day, Phase, SessionStatus};

/// How the rows of one session file are read.
pub(super) struct SessionRows {
    phase: Option<usize>,
    status: Option<usize>,
    exercise: Option<usize>,
    minutes: Option<usize>,
    prescribed: Option<usize>,
    fraction_done: Option<usize>,
    technique: Option<usize>,
    /// Whether rows are to be compared to the letter.
    compared: bool,
}

/// Session rows as they come.
#[derive(Default)]
pub(super) struct SessionColumns {
    pub patient: PatientRuns,
    pub places: Places,
    pub day: Vec<i32>,
    phase: Vec<Option<Phase>>,
    status: Vec<SessionStatus>,
    fraction_done: Vec<Option<f32>>,
    minutes: Vec<Option<f32>>,
    prescribed: Vec<Option<f32>>,
    /// Hash of all cells; empty if rows are not compared.
    letters: Vec<u64>,
    has_phase: bool,
    has_exercise: bool,
}

/// The values of one session row.
pub(super) struct SessionValues {
    phase: Option<Phase>,
    status: SessionStatus,
    fraction_done: Option<f32>,
    minutes: Option<f32>,
    prescribed: Option<f32>,
    letters: u64,
}

impl SessionRows {
    pub fn new(plan: &Plan, compared: bool) -> Self {
        Self {
            phase: plan.column(Field::Phase),
            status: plan.column(Field::Status),
            exercise: plan.column(Field::Exercise),
            minutes: plan.column(Field::Minutes),
            prescribed: plan.column(Field::Prescribed),
            fraction_done: plan.column(Field::FractionDone),
            technique: plan.column(Field::Technique),
            compared,
        }
    }
}

/// A hash of all cells; trailing empty ones do not count.
fn letters(row: &Row<'_>) -> u64 {
    let filled = row.cells.iter().rposition(|cell| !cell.text(row.block).is_empty()).map_or(0, |last| last + 1);
    let mut hasher = FxHasher::default();
    for cell in &row.cells[..filled] {
        hasher.write(cell.text(row.block).as_bytes());
        hasher.write_u8(0xFF);
    }
    hasher.finish()
}

impl Log for SessionRows {
    type Columns = SessionColumns;
    type Values = SessionValues;

    fn values(
        &self,
        row: &Row<'_>,
        _: Option<Day>,
        _: &mut [OrderEvidence],
        _: &mut SessionColumns,
        problems: &mut Problems,
    ) -> SessionValues {
        let phase = row.word(self.phase, Phase::parse, Phase::ALL.iter().map(|phase| phase.as_str()), problems);
        let status = row.word(self.status, SessionStatus::parse, SessionStatus::ALL.iter().map(|status| status.as_str()), problems);
        let mut number = |column, range| row.number(column, range, problems).map(|value| value as f32);
        let minutes = number(self.minutes, Range::NOT_NEGATIVE);
        let prescribed = number(self.prescribed, Range::NOT_NEGATIVE);
        let fraction_done = number(self.fraction_done, Range { least: 0.0, greatest: 1.0, expected: "a share from 0 to 1" });
        number(self.technique, Range { least: 1.0, greatest: 5.0, expected: "a grade from 1 to 5" });
        let letters = if self.compared { letters(row) } else { 0 };
        // A row without a status says that the session took place.
        SessionValues { phase, status: status.unwrap_or(SessionStatus::Done), fraction_done, minutes, prescribed, letters }
    }

    fn push(&self, columns: &mut SessionColumns, patient: u32, day: Day, line: usize, values: SessionValues) {
        columns.has_phase |= self.phase.is_some();
        columns.has_exercise |= self.exercise.is_some();
        columns.patient.push(patient);
        columns.places.push(line);
        columns.day.push(day.0);
        columns.phase.push(values.phase);
        columns.status.push(values.status);
        if self.fraction_done.is_some() {
            columns.fraction_done.push(values.fraction_done);
        }
        if self.minutes.is_some() {
            columns.minutes.push(values.minutes);
        }
        if self.prescribed.is_some() {
            columns.prescribed.push(values.prescribed);
        }
        if self.compared {
            columns.letters.push(values.letters);
        }
    }

    fn append(columns: &mut SessionColumns, later: SessionColumns, patients: &[u32]) {
        let (before, added) = (columns.day.len(), later.day.len());
        append_optional(&mut columns.fraction_done, later.fraction_done, before, added);
        append_optional(&mut columns.minutes, later.minutes, before, added);
        append_optional(&mut columns.prescribed, later.prescribed, before, added);
        columns.patient.append(&later.patient, patients);
        columns.places.append(&later.places);
        columns.day.extend(&later.day);
        columns.phase.extend(&later.phase);
        columns.status.extend(&later.status);
        columns.letters.extend(&later.letters);
        columns.has_phase |= later.has_phase;
        columns.has_exercise |= later.has_exercise;
    }
}

/// A column that some files have and others do not: absent cells are missing ones.
fn append_optional(column: &mut Vec<Option<f32>>, later: Vec<Option<f32>>, before: usize, added: usize) {
    if column.is_empty() && later.is_empty() {
        return;
    }
    column.resize(before, None);
    column.extend(later);
    column.resize(before + added, None);
}

impl SessionColumns {
    /// The log, sorted; rows equal to the letter are merged if they were compared.
    pub fn into_log(self, n_patients: usize, merged: &mut Merged<'_>) -> SessionLog {
        let mut order = Order::of(&self.patient, &self.day, n_patients);
        if !self.letters.is_empty() {
            self.merge_equal(&mut order, merged);
        }
        let Some(kept) = order.sorted else {
            return SessionLog {
                offsets: order.offsets,
                day: self.day,
                phase: self.phase,
                status: self.status,
                fraction_done: self.fraction_done,
                minutes: self.minutes,
                prescribed: self.prescribed,
                has_phase: self.has_phase,
                has_exercise: self.has_exercise,
                places: self.places,
            };
        };
        SessionLog {
            offsets: order.offsets,
            day: pick(&self.day, &kept),
            phase: pick(&self.phase, &kept),
            status: pick(&self.status, &kept),
            fraction_done: pick(&self.fraction_done, &kept),
            minutes: pick(&self.minutes, &kept),
            prescribed: pick(&self.prescribed, &kept),
            has_phase: self.has_phase,
            has_exercise: self.has_exercise,
            places: self.places.ordered(kept),
        }
    }

    /// Leaves rows out of the order that repeat an earlier one of the same patient and day.
    fn merge_equal(&self, order: &mut Order, merged: &mut Merged<'_>) {
        let mut kept: Vec<u32> = Vec::with_capacity(self.day.len());
        let (mut offsets, mut repeated) = (Vec::with_capacity(order.offsets.len()), 0);
        for rows in order.offsets.windows(2) {
            let first = kept.len();
            offsets.push(first);
            let mut same_day = first;
            for row in (rows[0]..rows[1]).map(|place| order.row(place)) {
                if kept[first..].last().is_none_or(|&last| self.day[last as usize] != self.day[row]) {
                    same_day = kept.len();
                }
                if kept[same_day..].iter().any(|&other| self.letters[other as usize] == self.letters[row]) {
                    merged.count(row);
                    merged.repeat(row, &self.places);
                    repeated += 1;
                } else {
                    kept.push(row as u32);
                }
            }
        }
        if repeated > 0 {
            offsets.push(kept.len());
            *order = Order { sorted: Some(kept), offsets };
        }
    }
}

/// The values of these rows; none of an absent column.
pub(super) fn pick<T: Copy>(column: &[T], rows: &[u32]) -> Vec<T> {
    if column.is_empty() { Vec::new() } else { rows.iter().map(|&row| column[row as usize]).collect() }
}
