//! Rows of questionnaires and other measurements.

use super::categories::Interned;
use super::columns::Field;
use super::dates::OrderEvidence;
use super::logs::MeasureLog;
use super::merged::Merged;
use super::order::Order;
use super::places::{Place, Places};
use super::plan::Plan;
use super::row::{Problems, Range, Row};
use super::rows::Log;
use super::rules;
use super::runs::PatientRuns;
use super::sessions::pick;
use crate::domain::Day;

/// How the rows of one file of measurements are read.
pub(super) struct MeasureRows {
    measure: usize,
    value: usize,
}

/// Measurements as they come.
#[derive(Default)]
pub(super) struct MeasureColumns {
    pub patient: PatientRuns,
    pub places: Places,
    pub day: Vec<i32>,
    measure: Interned,
    value: Vec<f64>,
}

/// A measure of a patient and day of which several values are logged that differ.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ConflictingMeasure {
    pub patient: u32,
    pub day: i32,
    pub measure: u32,
    /// The values, in the order of the files; the last one is used.
    pub values: Vec<f64>,
    /// The first row that differs from the one before it.
    pub place: Option<Place>,
}

impl MeasureRows {
    pub fn new(plan: &Plan) -> Self {
        Self { measure: plan.column(Field::Measure).unwrap_or(0), value: plan.column(Field::Value).unwrap_or(0) }
    }
}

impl Log for MeasureRows {
    type Columns = MeasureColumns;
    type Values = (u32, f64);

    fn values(
        &self,
        row: &Row<'_>,
        _: Option<Day>,
        _: &mut [OrderEvidence],
        columns: &mut MeasureColumns,
        problems: &mut Problems,
    ) -> (u32, f64) {
        for (column, what) in [(self.measure, "name of the measure"), (self.value, "value")] {
            if row.present(column).is_none() {
                problems.push(rules::MISSING_VALUE, row.name(column), &row.text(column), format!("The {what} is missing."));
            }
        }
        let value = row.number(Some(self.value), Range::ANY, problems).unwrap_or_default();
        (columns.measure.of(row, Some(self.measure)), value + 0.0)
    }

    fn push(&self, columns: &mut MeasureColumns, patient: u32, day: Day, line: usize, (measure, value): (u32, f64)) {
        columns.patient.push(patient);
        columns.places.push(line);
        columns.day.push(day.0);
        columns.measure.codes.push(measure);
        columns.value.push(value);
    }

    fn place(columns: &mut MeasureColumns, line: impl Fn(usize) -> usize) {
        columns.places.moved(line);
    }

    fn append(columns: &mut MeasureColumns, later: MeasureColumns, patients: &[u32]) {
        columns.measure.append(&later.measure, columns.day.len(), later.day.len());
        columns.patient.append(&later.patient, patients);
        columns.places.append(&later.places);
        columns.day.extend(&later.day);
        columns.value.extend(&later.value);
    }
}

impl MeasureColumns {
    /// Changes the names of the measures.
    pub fn change_texts(&mut self, change: impl FnOnce(&mut [String])) {
        self.measure.change(change);
    }

    /// The log, sorted; of a measure that stands several times for a patient and day the last value in the files is used.
    pub fn into_log(self, n_patients: usize, merged: &mut Merged<'_>) -> (MeasureLog, Vec<ConflictingMeasure>) {
        let order = Order::of(&self.patient, &self.day, n_patients);
        let measures = self.measure.into_categories();
        let (mut kept, mut offsets): (Vec<u32>, Vec<usize>) = (Vec::with_capacity(self.day.len()), Vec::with_capacity(n_patients + 1));
        let mut conflicts = Vec::new();
        for (patient, mine) in order.offsets.windows(2).enumerate() {
            offsets.push(kept.len());
            let mut rows: Vec<usize> = (mine[0]..mine[1]).map(|place| order.row(place)).collect();
            // Stable, so that rows of one measure and day stay in the order of the files.
            rows.sort_by_key(|&row| (self.day[row], measures.codes[row]));
            for same in rows.chunk_by(|&one, &other| (self.day[one], measures.codes[one]) == (self.day[other], measures.codes[other])) {
                let (Some(&first), Some(&last)) = (same.first(), same.last()) else { continue };
                let differs = same.iter().copied().find(|&row| self.value[row].to_bits() != self.value[first].to_bits());
                for &row in same.iter().filter(|&&row| row != last) {
                    merged.count(row);
                    if differs.is_none() {
                        merged.repeat(row, &self.places);
                    }
                }
                if let Some(row) = differs {
                    conflicts.push(ConflictingMeasure {
                        patient: patient as u32,
                        day: self.day[first],
                        measure: measures.codes[first],
                        values: same.iter().map(|&row| self.value[row]).collect(),
                        place: self.places.of(row),
                    });
                }
                kept.push(last as u32);
            }
        }
        offsets.push(kept.len());
        let (day, value) = (pick(&self.day, &kept), pick(&self.value, &kept));
        let measure = pick(&measures.codes, &kept);
        (MeasureLog { offsets, day, measure, names: measures.levels, value, places: self.places.ordered(kept) }, conflicts)
    }
}
