//! Event rows.

use super::columns::Field;
use super::dates::OrderEvidence;
use super::logs::EventLog;
use super::merged::Merged;
use super::order::Order;
use super::places::Places;
use super::plan::Plan;
use super::row::{Problems, Row};
use super::rows::Log;
use super::rules;
use super::runs::PatientRuns;
use super::sessions::pick;
use crate::domain::{Day, EventKind};

/// How the rows of one event file are read.
pub(super) struct EventRows {
    event: usize,
}

/// Event rows as they come.
#[derive(Default)]
pub(super) struct EventColumns {
    pub patient: PatientRuns,
    pub places: Places,
    pub day: Vec<i32>,
    kind: Vec<EventKind>,
}

impl EventRows {
    pub fn new(plan: &Plan) -> Self {
        Self { event: plan.column(Field::Event).unwrap_or(0) }
    }
}

impl Log for EventRows {
    type Columns = EventColumns;
    type Values = Option<EventKind>;

    fn values(
        &self,
        row: &Row<'_>,
        _: Option<Day>,
        _: &mut [OrderEvidence],
        _: &mut EventColumns,
        problems: &mut Problems,
    ) -> Option<EventKind> {
        if row.present(self.event).is_none() {
            problems.push(rules::MISSING_VALUE, row.name(self.event), &row.text(self.event), "The event is missing.".to_owned());
            return None;
        }
        row.word(Some(self.event), EventKind::parse, EventKind::ALL.iter().map(|kind| kind.as_str()), problems)
    }

    fn push(&self, columns: &mut EventColumns, patient: u32, day: Day, line: usize, kind: Option<EventKind>) {
        // A row without an event has been rejected.
        if let Some(kind) = kind {
            columns.patient.push(patient);
            columns.places.push(line);
            columns.day.push(day.0);
            columns.kind.push(kind);
        }
    }

    fn place(columns: &mut EventColumns, line: impl Fn(usize) -> usize) {
        columns.places.moved(line);
    }

    fn append(columns: &mut EventColumns, later: EventColumns, patients: &[u32]) {
        columns.patient.append(&later.patient, patients);
        columns.places.append(&later.places);
        columns.day.extend(&later.day);
        columns.kind.extend(&later.kind);
    }
}

impl EventColumns {
    /// The log, sorted; an event of one kind, patient and day counts once, however many files and rows tell of it.
    pub fn into_log(self, n_patients: usize, merged: &mut Merged<'_>) -> EventLog {
        let order = Order::of(&self.patient, &self.day, n_patients);
        let (mut rows, mut offsets): (Vec<u32>, Vec<usize>) = (Vec::with_capacity(self.day.len()), Vec::with_capacity(n_patients + 1));
        for mine in order.offsets.windows(2) {
            let first = rows.len();
            offsets.push(first);
            for row in (mine[0]..mine[1]).map(|place| order.row(place)) {
                let same_day =
                    rows[first..].iter().rev().map(|&other| other as usize).take_while(|&other| self.day[other] == self.day[row]);
                if same_day.into_iter().any(|other| self.kind[other] == self.kind[row]) {
                    merged.count(row);
                    merged.repeat(row, &self.places);
                } else {
                    rows.push(row as u32);
                }
            }
        }
        offsets.push(rows.len());
        EventLog { offsets, day: pick(&self.day, &rows), kind: pick(&self.kind, &rows), places: self.places.ordered(rows) }
    }
}
