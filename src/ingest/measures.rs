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
use super::unread::{Unread, UnreadCells};
use crate::domain::Day;

/// How the rows of one file of measurements are read.
pub(super) enum MeasureRows {
    /// A row for each measure: the columns of its name and of its value.
    Long { measure: usize, value: usize },
    /// A column for each measure, named after it.
    Wide { columns: Vec<(usize, String)> },
}

/// Measurements as they come.
#[derive(Default)]
pub(super) struct MeasureColumns {
    pub patient: PatientRuns,
    pub places: Places,
    pub day: Vec<i32>,
    measure: Interned,
    value: Vec<f64>,
    /// For each measurement the row it stands in, counted from 0.
    row: Vec<u32>,
    rows: u32,
    unread: Unread,
}

/// The measurements of one row.
pub(super) struct MeasureValues {
    measured: Vec<(u32, f64)>,
    unread: UnreadCells,
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
        if let (Some(measure), Some(value)) = (plan.column(Field::Measure), plan.column(Field::Value)) {
            return Self::Long { measure, value };
        }
        let columns = plan.fields.iter().filter(|(field, _)| *field == Field::MeasureColumn);
        Self::Wide { columns: columns.map(|&(_, column)| (column, plan.header[column].clone())).collect() }
    }
}

impl Log for MeasureRows {
    type Columns = MeasureColumns;
    type Values = MeasureValues;

    fn values(
        &self,
        row: &Row<'_>,
        _: Option<Day>,
        _: &mut [OrderEvidence],
        columns: &mut MeasureColumns,
        problems: &mut Problems,
    ) -> MeasureValues {
        let mut unread = UnreadCells::default();
        let measured = match self {
            Self::Long { measure, value } => {
                for (column, what) in [(*measure, "name of the measure"), (*value, "value")] {
                    if row.present(column).is_none() {
                        problems.push(rules::MISSING_VALUE, row.name(column), &row.text(column), format!("The {what} is missing."));
                    }
                }
                let number = row.number(Some(*value), Range::ANY, problems);
                number.map(|value| (columns.measure.of(row, Some(*measure)), value + 0.0)).into_iter().collect()
            }
            Self::Wide { columns: measures } => {
                let mut measured = Vec::with_capacity(measures.len());
                for (column, name) in measures {
                    let number = unread.number(row, Some(*column), Range::ANY);
                    measured.extend(number.map(|value| (columns.measure.code(name), value + 0.0)));
                }
                if measured.is_empty() {
                    let sentence = "The row has no value of any measure that can be read.".to_owned();
                    problems.push(rules::MISSING_VALUE, "", "", sentence);
                }
                measured
            }
        };
        MeasureValues { measured, unread }
    }

    fn push(&self, columns: &mut MeasureColumns, patient: u32, day: Day, line: usize, values: MeasureValues) {
        for (measure, value) in values.measured {
            columns.patient.push(patient);
            columns.places.push(line);
            columns.day.push(day.0);
            columns.measure.codes.push(measure);
            columns.value.push(value);
            columns.row.push(columns.rows);
        }
        columns.rows += 1;
        columns.unread.note(values.unread, line);
    }

    fn unread(columns: &mut MeasureColumns) -> Unread {
        std::mem::take(&mut columns.unread)
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
        columns.row.extend(later.row.iter().map(|row| row + columns.rows));
        columns.rows += later.rows;
        columns.unread.append(later.unread);
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
        // A row is merged once nothing of it is left, and repeats another if no value of it differs from what is kept.
        let (mut left, mut repeats) = (vec![false; self.rows as usize], vec![true; self.rows as usize]);
        for (patient, mine) in order.offsets.windows(2).enumerate() {
            offsets.push(kept.len());
            let mut rows: Vec<usize> = (mine[0]..mine[1]).map(|place| order.row(place)).collect();
            // Stable, so that rows of one measure and day stay in the order of the files.
            rows.sort_by_key(|&row| (self.day[row], measures.codes[row]));
            for same in rows.chunk_by(|&one, &other| (self.day[one], measures.codes[one]) == (self.day[other], measures.codes[other])) {
                let (Some(&first), Some(&last)) = (same.first(), same.last()) else { continue };
                let differs = same.iter().copied().find(|&row| self.value[row].to_bits() != self.value[first].to_bits());
                left[self.row[last] as usize] = true;
                if differs.is_some() {
                    same.iter().for_each(|&row| repeats[self.row[row] as usize] = false);
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
        let mut counted = None;
        for (measurement, &row) in self.row.iter().enumerate() {
            if !left[row as usize] && counted.replace(row) != Some(row) {
                merged.count(measurement);
                if repeats[row as usize] {
                    merged.repeat(measurement, &self.places);
                }
            }
        }
        let (day, value) = (pick(&self.day, &kept), pick(&self.value, &kept));
        let measure = pick(&measures.codes, &kept);
        (MeasureLog { offsets, day, measure, names: measures.levels, value, places: self.places.ordered(kept) }, conflicts)
    }
}
