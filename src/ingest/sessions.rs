//! Session rows, and rows that repeat another in every value.

use rustc_hash::FxHashSet;
use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

use super::columns::{Field, normalized};
use super::dates::{OrderEvidence, time_of_day};
use super::logs::{Filled, SessionLog};
use super::merged::Merged;
use super::number;
use super::order::Order;
use super::places::Places;
use super::plain::Words;
use super::plan::{DateSource, Plan};
use super::row::{Problems, Range, Row};
use super::rows::Log;
use super::runs::PatientRuns;
use super::scale::LoggedScale;
use super::session_details::{DetailColumns, DetailFields, DetailValues};
use super::unread::Unread;
use crate::domain::number::counted;
use crate::domain::{Day, Modality, OptionalNumber, Phase, SessionStatus, Setting};

/// How the rows of one session file are read.
pub(super) struct SessionRows {
    phase: Option<usize>,
    status: Option<usize>,
    exercise: Option<usize>,
    minutes: Option<usize>,
    prescribed: Option<usize>,
    fraction_done: Option<usize>,
    technique: Option<usize>,
    details: DetailFields,
    /// For each column compared as text what its name hashes to; empty if rows are not compared.
    compared: Vec<Option<u64>>,
    /// The column with the time of day, if it stands beside the date in one cell.
    moment: Option<usize>,
}

/// Session rows as they come.
#[derive(Default)]
pub(super) struct SessionColumns {
    pub patient: PatientRuns,
    pub places: Places,
    pub day: Vec<i32>,
    phase: Vec<Option<Phase>>,
    status: Vec<SessionStatus>,
    fraction_done: Vec<OptionalNumber>,
    minutes: Vec<OptionalNumber>,
    prescribed: Vec<OptionalNumber>,
    /// Hash of all values; empty if rows are not compared.
    hashes: Vec<u64>,
    has_phase: bool,
    has_exercise: bool,
    phases: Words<Phase>,
    statuses: Words<SessionStatus>,
    boxes: Boxes,
    status_filled: Filled,
    details: DetailColumns,
}

/// Whether the status column is one of boxes to tick.
#[derive(Default)]
struct Boxes {
    /// Whether a cell holds a tick, and whether one holds another word.
    ticked: bool,
    worded: bool,
    /// Rows whose cell is empty, unless it is known that there are words.
    empty: Vec<u32>,
}

/// The values of one session row.
pub(super) struct SessionValues {
    phase: Option<Phase>,
    status: Option<SessionStatus>,
    fraction_done: Option<f32>,
    minutes: Option<f32>,
    prescribed: Option<f32>,
    details: DetailValues,
    hash: u64,
}

impl SessionRows {
    /// `scale` is that of the pains with exercise.
    pub fn new(plan: &Plan, compared: bool, scale: LoggedScale) -> Self {
        Self {
            phase: plan.column(Field::Phase),
            status: plan.column(Field::Status),
            exercise: plan.column(Field::Exercise),
            minutes: plan.column(Field::Minutes),
            prescribed: plan.column(Field::Prescribed),
            fraction_done: plan.column(Field::FractionDone),
            technique: plan.column(Field::Technique),
            details: DetailFields::new(plan, scale),
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
        (!read && !date).then(|| xxh3_64(normalized(&plan.native[column]).as_bytes()))
    }

    /// A hash of all values of a row, whatever the order of its columns and the form of its numbers and dates.
    fn hash(&self, row: &Row<'_>, values: &SessionValues) -> u64 {
        let words = [values.phase.map_or(0xFF, |phase| phase as u8), values.status.map_or(0xFF, |status| status as u8)];
        let mut sum = hashed(2, &words);
        for (meaning, number) in [(3, values.minutes), (4, values.prescribed), (5, values.fraction_done)] {
            sum = sum.wrapping_add(number.map_or(0, |number| hashed(meaning, &number.to_bits().to_le_bytes())));
        }
        if let Some(column) = self.moment {
            // A second session of the day may differ by its time only.
            let text = row.text(column);
            sum = sum.wrapping_add(time_of_day(&text, &row.plan.dates[0].style).map_or(0, |time| hashed(1, time.as_bytes())));
        }
        let details = [values.details.setting.map(Setting::as_str), values.details.modality.map(Modality::as_str)];
        let columns = self.details.words();
        // A known word is compared as such, however it is spelled.
        let word = |column: usize| columns.iter().zip(details).find(|(at, _)| **at == Some(column)).and_then(|(_, word)| word);
        for (column, name) in self.compared.iter().enumerate() {
            let Some(name) = name else { continue };
            if let Some(word) = word(column) {
                sum = sum.wrapping_add(hashed(*name, word.as_bytes()));
                continue;
            }
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

/// A hash of a text under the number of what it means.
fn hashed(meaning: u64, bytes: &[u8]) -> u64 {
    xxh3_64_with_seed(bytes, meaning)
}

impl Log for SessionRows {
    type Columns = SessionColumns;
    type Values = SessionValues;

    fn columns(&self, rows: usize) -> SessionColumns {
        SessionColumns {
            day: Vec::with_capacity(rows),
            phase: Vec::with_capacity(rows),
            status: Vec::with_capacity(rows),
            minutes: Vec::with_capacity(if self.minutes.is_some() { rows } else { 0 }),
            ..SessionColumns::default()
        }
    }

    fn values(
        &self,
        row: &Row<'_>,
        _: Option<Day>,
        _: &mut [OrderEvidence],
        columns: &mut SessionColumns,
        problems: &mut Problems,
    ) -> SessionValues {
        let phase = row.known_word(self.phase, &mut columns.phases, Phase::parse, Phase::ALL.iter().map(|phase| phase.as_str()), problems);
        let status = row.known_word(
            self.status,
            &mut columns.statuses,
            SessionStatus::parse,
            SessionStatus::ALL.iter().map(|status| status.as_str()),
            problems,
        );
        if let (false, Some(column), Some(_)) = (columns.boxes.worded, self.status, status) {
            let tick = matches!(row.text(column).as_ref(), "x" | "X" | "✓" | "✔" | "☑" | "☒");
            columns.boxes.ticked |= tick;
            columns.boxes.worded |= !tick;
        }
        let mut number = |column, range| row.number(column, range, problems).map(|value| value as f32);
        let minutes = number(self.minutes, Range::NOT_NEGATIVE);
        let prescribed = number(self.prescribed, Range::NOT_NEGATIVE);
        let fraction_done = number(self.fraction_done, Range { least: 0.0, greatest: 1.0, expected: "a share from 0 to 1" });
        let technique = number(self.technique, Range { least: 1.0, greatest: 5.0, expected: "a grade from 1 to 5" });
        let details = self.details.read(row, technique, &mut columns.details);
        let mut values = SessionValues { phase, status, fraction_done, minutes, prescribed, details, hash: 0 };
        if !self.compared.is_empty() {
            values.hash = self.hash(row, &values);
        }
        values
    }

    fn push(&self, columns: &mut SessionColumns, patient: u32, day: Day, line: usize, values: SessionValues) {
        columns.has_phase |= self.phase.is_some();
        columns.has_exercise |= self.exercise.is_some();
        columns.patient.push(patient);
        columns.places.push(line);
        columns.day.push(day.0);
        columns.phase.push(values.phase);
        if self.status.is_some() && values.status.is_none() && !columns.boxes.worded {
            columns.boxes.empty.push(columns.status.len() as u32);
        }
        if self.status.is_some() {
            columns.status_filled.note(values.status.is_some());
        }
        // A row without a status says that the session took place.
        columns.status.push(values.status.unwrap_or(SessionStatus::Done));
        if self.fraction_done.is_some() {
            columns.fraction_done.push(values.fraction_done.into());
        }
        if self.minutes.is_some() {
            columns.minutes.push(values.minutes.into());
        }
        if self.prescribed.is_some() {
            columns.prescribed.push(values.prescribed.into());
        }
        if !self.compared.is_empty() {
            columns.hashes.push(values.hash);
        }
        self.details.push(&mut columns.details, line, values.details);
    }

    fn unread(columns: &mut SessionColumns) -> Unread {
        std::mem::take(&mut columns.details.unread)
    }

    /// Where the only word is a tick, an empty cell is a box that was not ticked.
    fn settle(columns: &mut SessionColumns) -> Option<String> {
        let Boxes { ticked, worded, empty } = std::mem::take(&mut columns.boxes);
        if !ticked || worded || empty.is_empty() {
            return None;
        }
        for &row in &empty {
            columns.status[row as usize] = SessionStatus::Missed;
        }
        columns.status_filled.filled = columns.status_filled.cells;
        Some(format!(
            "the only status written is a tick, so {} read as missed; words = {{ status = {{ done = [\"\"] }} }} under [files.sessions] in study.toml reads it as done.",
            counted(empty.len(), "empty cell is", "empty cells are")
        ))
    }

    fn place(columns: &mut SessionColumns, line: impl Fn(usize) -> usize) {
        columns.places.moved(line);
    }

    fn append(columns: &mut SessionColumns, later: SessionColumns, patients: &[u32]) {
        let (before, added) = (columns.day.len(), later.day.len());
        append_optional(&mut columns.fraction_done, later.fraction_done, before, added, OptionalNumber::MISSING);
        append_optional(&mut columns.minutes, later.minutes, before, added, OptionalNumber::MISSING);
        append_optional(&mut columns.prescribed, later.prescribed, before, added, OptionalNumber::MISSING);
        columns.details.append(later.details, before, added);
        columns.patient.append(&later.patient, patients);
        columns.places.append(&later.places);
        columns.day.extend(&later.day);
        columns.phase.extend(&later.phase);
        columns.status.extend(&later.status);
        columns.hashes.extend(&later.hashes);
        columns.has_phase |= later.has_phase;
        columns.has_exercise |= later.has_exercise;
        columns.status_filled.add(later.status_filled);
        columns.boxes.ticked |= later.boxes.ticked;
        columns.boxes.worded |= later.boxes.worded;
        columns.boxes.empty.extend(later.boxes.empty.iter().map(|row| row + before as u32));
    }
}

/// A column that some files have and others do not: absent cells are missing ones.
pub(super) fn append_optional<T: Copy>(column: &mut Vec<T>, later: Vec<T>, before: usize, added: usize, missing: T) {
    if column.is_empty() && later.is_empty() {
        return;
    }
    column.resize(before, missing);
    column.extend(later);
    column.resize(before + added, missing);
}

/// From this many rows of a patient and day on, repeated ones are looked up and not searched for.
const MANY: usize = 32;

impl SessionColumns {
    /// The log, sorted; rows equal in every value are merged if they were compared.
    pub fn into_log(self, n_patients: usize, merged: &mut Merged<'_>) -> SessionLog {
        let mut order = Order::of(&self.patient, &self.day, n_patients);
        if !self.hashes.is_empty() {
            self.merge_equal(&mut order, merged);
        }
        let mut log = SessionLog {
            offsets: order.offsets,
            status_filled: self.status_filled,
            has_phase: self.has_phase,
            has_exercise: self.has_exercise,
            ..SessionLog::default()
        };
        self.details.into_log(order.sorted.as_deref(), &mut log);
        let Some(kept) = order.sorted else {
            (log.day, log.phase, log.status) = (self.day, self.phase, self.status);
            (log.fraction_done, log.minutes, log.prescribed) = (self.fraction_done, self.minutes, self.prescribed);
            log.places = self.places;
            return log;
        };
        (log.day, log.phase, log.status) = (pick(&self.day, &kept), pick(&self.phase, &kept), pick(&self.status, &kept));
        log.fraction_done = pick(&self.fraction_done, &kept);
        (log.minutes, log.prescribed) = (pick(&self.minutes, &kept), pick(&self.prescribed, &kept));
        log.places = self.places.ordered(kept);
        log
    }

    /// Changes the free texts.
    pub fn change_texts(&mut self, change: impl Fn(&mut [String])) {
        self.details.exercise.change(&change);
        self.details.muscle_group.change(&change);
    }

    /// Leaves rows out of the order that repeat an earlier one of the same patient and day.
    fn merge_equal(&self, order: &mut Order, merged: &mut Merged<'_>) {
        let mut kept: Vec<u32> = Vec::with_capacity(self.day.len());
        let (mut offsets, mut repeated) = (Vec::with_capacity(order.offsets.len()), 0);
        let mut known: FxHashSet<u64> = FxHashSet::default();
        for rows in order.offsets.windows(2) {
            let first = kept.len();
            offsets.push(first);
            let mut same_day = first;
            known.clear();
            for row in (rows[0]..rows[1]).map(|place| order.row(place)) {
                if kept[first..].last().is_none_or(|&last| self.day[last as usize] != self.day[row]) {
                    same_day = kept.len();
                    known.clear();
                }
                let equal = |&other: &u32| self.hashes[other as usize] == self.hashes[row];
                let repeats = if kept.len() - same_day < MANY {
                    kept[same_day..].iter().any(equal)
                } else {
                    // A file with one date throughout must not take the square of its rows.
                    if known.is_empty() {
                        known.extend(kept[same_day..].iter().map(|&other| self.hashes[other as usize]));
                    }
                    !known.insert(self.hashes[row])
                };
                if repeats {
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
