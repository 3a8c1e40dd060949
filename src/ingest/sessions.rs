//! Session rows, and rows that repeat another in every value.

use std::hash::{Hash, Hasher};

use rustc_hash::FxHasher;

use super::columns::{Field, normalized};
use super::dates::{OrderEvidence, time_of_day};
use super::logs::SessionLog;
use super::number;
use super::order::{Order, offsets};
use super::pain::Merged;
use super::plan::{DateSource, Plan};
use super::row::{Problems, Range, Row};
use super::rows::Log;
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
    /// For each column compared as text what its name hashes to; empty if rows are not compared.
    compared: Vec<Option<u64>>,
    /// The column with the time of day, if it stands beside the date in one cell.
    moment: Option<usize>,
}

/// Session rows as they come.
#[derive(Default)]
pub(super) struct SessionColumns {
    pub patient: Vec<u32>,
    pub day: Vec<i32>,
    phase: Vec<Option<Phase>>,
    status: Vec<SessionStatus>,
    fraction_done: Vec<Option<f32>>,
    minutes: Vec<Option<f32>>,
    prescribed: Vec<Option<f32>>,
    /// Hash of all values; empty if rows are not compared.
    hashes: Vec<u64>,
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
    hash: u64,
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
            compared: if compared { (0..plan.header.len()).map(|column| Self::name_hash(plan, column)).collect() } else { Vec::new() },
            moment: plan.dates.first().and_then(|date| match date.source {
                DateSource::Column(column) => Some(column),
                DateSource::Parts { .. } => None,
            }),
        }
    }

    /// What the name of a column hashes to; `None` for those whose values are compared as they are read.
    fn name_hash(plan: &Plan, column: usize) -> Option<u64> {
        const READ: [Field; 6] = [Field::PatientId, Field::Phase, Field::Status, Field::Minutes, Field::Prescribed, Field::FractionDone];
        let read = plan.fields.iter().any(|&(field, at)| at == column && READ.contains(&field));
        let date = plan.dates.iter().any(|date| match date.source {
            DateSource::Column(at) => at == column,
            DateSource::Parts { year, month, day } => [year, month, day].contains(&column),
        });
        (!read && !date).then(|| hashed(0, normalized(&plan.native[column]).as_bytes()))
    }

    /// A hash of all values of a row, whatever the order of its columns and the form of its numbers and dates.
    fn hash(&self, row: &Row<'_>, values: &SessionValues) -> u64 {
        let mut hasher = FxHasher::default();
        (values.phase.map(|phase| phase as u8), values.status as u8).hash(&mut hasher);
        for number in [values.minutes, values.prescribed, values.fraction_done] {
            number.map(f32::to_bits).hash(&mut hasher);
        }
        let mut sum = hasher.finish();
        if let Some(column) = self.moment {
            // A second session of the day may differ by its time only.
            let text = row.text(column);
            let time = time_of_day(&text).unwrap_or_default();
            sum = sum.wrapping_add(hashed(1, time.strip_suffix(":00").filter(|time| time.contains(':')).unwrap_or(time).as_bytes()));
        }
        for (column, name) in self.compared.iter().enumerate() {
            let Some(name) = name else { continue };
            let Some(text) = row.present(column) else { continue };
            let number = if text.starts_with('0') && text.len() > 1 && !text[1..].starts_with(['.', ',']) {
                None
            } else {
                number::parse(&text, row.plan.decimal)
            };
            sum = sum.wrapping_add(match number {
                Some(number) => hashed(*name, &number.to_bits().to_le_bytes()),
                None => hashed(*name, text.as_bytes()),
            });
        }
        sum
    }
}

fn hashed(start: u64, bytes: &[u8]) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write_u64(start);
    hasher.write(bytes);
    hasher.write_u8(0xFF);
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
        // A row without a status says that the session took place.
        let mut values =
            SessionValues { phase, status: status.unwrap_or(SessionStatus::Done), fraction_done, minutes, prescribed, hash: 0 };
        if !self.compared.is_empty() {
            values.hash = self.hash(row, &values);
        }
        values
    }

    fn push(&self, columns: &mut SessionColumns, patient: u32, day: Day, values: SessionValues) {
        columns.has_phase |= self.phase.is_some();
        columns.has_exercise |= self.exercise.is_some();
        columns.patient.push(patient);
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
        if !self.compared.is_empty() {
            columns.hashes.push(values.hash);
        }
    }

    fn append(columns: &mut SessionColumns, later: SessionColumns, patients: &[u32]) {
        let (before, added) = (columns.day.len(), later.day.len());
        append_optional(&mut columns.fraction_done, later.fraction_done, before, added);
        append_optional(&mut columns.minutes, later.minutes, before, added);
        append_optional(&mut columns.prescribed, later.prescribed, before, added);
        columns.patient.extend(later.patient.iter().map(|&patient| patients[patient as usize]));
        columns.day.extend(&later.day);
        columns.phase.extend(&later.phase);
        columns.status.extend(&later.status);
        columns.hashes.extend(&later.hashes);
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
    /// The log, sorted; rows equal in every value are merged if they were compared.
    pub fn into_log(self, n_patients: usize, merged: &mut Merged<'_>) -> SessionLog {
        let order = Order::of(&self.patient, &self.day, n_patients);
        let mut kept: Vec<u32> = Vec::new();
        let compared = !self.hashes.is_empty();
        if compared {
            kept = self.distinct(&order, merged);
        }
        let as_read = matches!(order, Order::AsRead) && (!compared || kept.len() == self.day.len());
        if as_read {
            return SessionLog {
                offsets: offsets(&self.patient, n_patients),
                day: self.day,
                phase: self.phase,
                status: self.status,
                fraction_done: self.fraction_done,
                minutes: self.minutes,
                prescribed: self.prescribed,
                has_phase: self.has_phase,
                has_exercise: self.has_exercise,
            };
        }
        if !compared {
            kept = (0..self.day.len()).map(|place| order.row(place) as u32).collect();
        }
        let patient = pick(&self.patient, &kept);
        SessionLog {
            offsets: offsets(&patient, n_patients),
            day: pick(&self.day, &kept),
            phase: pick(&self.phase, &kept),
            status: pick(&self.status, &kept),
            fraction_done: pick(&self.fraction_done, &kept),
            minutes: pick(&self.minutes, &kept),
            prescribed: pick(&self.prescribed, &kept),
            has_phase: self.has_phase,
            has_exercise: self.has_exercise,
        }
    }

    /// Rows in order, without those that repeat an earlier one of the same patient and day.
    fn distinct(&self, order: &Order, merged: &mut Merged<'_>) -> Vec<u32> {
        let mut kept: Vec<u32> = Vec::with_capacity(self.day.len());
        let mut same_day = 0;
        for place in 0..self.day.len() {
            let row = order.row(place);
            let changed = kept.last().is_none_or(|&last| {
                let last = last as usize;
                self.patient[last] != self.patient[row] || self.day[last] != self.day[row]
            });
            if changed {
                same_day = kept.len();
            }
            if kept[same_day..].iter().any(|&other| self.hashes[other as usize] == self.hashes[row]) {
                merged.count(row);
            } else {
                kept.push(row as u32);
            }
        }
        kept
    }
}

/// The values of these rows; none of an absent column.
pub(super) fn pick<T: Copy>(column: &[T], rows: &[u32]) -> Vec<T> {
    if column.is_empty() { Vec::new() } else { rows.iter().map(|&row| column[row as usize]).collect() }
}
