//! What a session was: where, of which kind, which muscles and exercise, how much of it, and the pain with it.

use super::categories::Interned;
use super::columns::Field;
use super::logs::SessionLog;
use super::plain::Words;
use super::plan::Plan;
use super::row::{Problems, Range, Row};
use super::rules;
use super::scale::LoggedScale;
use super::sessions::{append_optional, pick};
use super::unread::{Unread, UnreadCells};
use crate::domain::{Modality, OptionalNumber, Setting};

/// Columns of numbers, in the order in which they are kept.
const NUMBERS: [Field; 3] = [Field::Sets, Field::Reps, Field::HoldSeconds];
const PAINS: [Field; 3] = [Field::PainBefore, Field::PainDuring, Field::PainAfter];
const ALL_NUMBERS: usize = NUMBERS.len() + PAINS.len() + 1;
const TECHNIQUE: usize = ALL_NUMBERS - 1;

/// Where the details stand in a row of one file.
pub(super) struct DetailFields {
    setting: Option<usize>,
    modality: Option<usize>,
    muscle_group: Option<usize>,
    exercise: Option<usize>,
    technique: bool,
    numbers: [Option<usize>; NUMBERS.len()],
    pains: [Option<usize>; PAINS.len()],
    /// The scale of the pains, and what they are divided by.
    scale: LoggedScale,
    /// Whether there is any of them.
    any: bool,
}

/// The details of a row.
#[derive(Default)]
pub(super) struct DetailValues {
    pub setting: Option<Setting>,
    pub modality: Option<Modality>,
    muscle_group: u32,
    exercise: u32,
    numbers: [Option<f32>; ALL_NUMBERS],
    unread: UnreadCells,
}

/// Details of rows as they come; a column is empty until a file has it.
#[derive(Default)]
pub(super) struct DetailColumns {
    setting: Vec<Option<Setting>>,
    modality: Vec<Option<Modality>>,
    pub muscle_group: Interned,
    pub exercise: Interned,
    numbers: [Vec<OptionalNumber>; ALL_NUMBERS],
    settings: Words<Setting>,
    modalities: Words<Modality>,
    pub unread: Unread,
}

impl DetailFields {
    pub fn new(plan: &Plan, scale: LoggedScale) -> Self {
        let mut fields = Self {
            setting: plan.column(Field::Setting),
            modality: plan.column(Field::Modality),
            muscle_group: plan.column(Field::MuscleGroup),
            exercise: plan.column(Field::Exercise),
            technique: plan.column(Field::Technique).is_some(),
            numbers: NUMBERS.map(|field| plan.column(field)),
            pains: PAINS.map(|field| plan.column(field)),
            scale,
            any: false,
        };
        let words = [fields.setting, fields.modality, fields.muscle_group, fields.exercise];
        fields.any = fields.technique || words.iter().chain(&fields.numbers).chain(&fields.pains).any(Option::is_some);
        fields
    }

    /// The column of the setting, and that of the modality.
    pub fn words(&self) -> [Option<usize>; 2] {
        [self.setting, self.modality]
    }

    /// Reads the details of a row; `technique` is read with what costs a row.
    #[inline]
    pub fn read(&self, row: &Row<'_>, technique: Option<f32>, columns: &mut DetailColumns) -> DetailValues {
        let mut values = DetailValues::default();
        if !self.any {
            return values;
        }
        let (unread, known) = (&mut values.unread, &columns.unread);
        let settings = Setting::ALL.iter().map(|word| word.as_str());
        values.setting = unread.word(row, self.setting, &mut columns.settings, Setting::parse, settings, known);
        let modalities = Modality::ALL.iter().map(|word| word.as_str());
        values.modality = unread.word(row, self.modality, &mut columns.modalities, Modality::parse, modalities, known);
        values.muscle_group = columns.muscle_group.of(row, self.muscle_group);
        values.exercise = columns.exercise.of(row, self.exercise);
        for (place, &column) in values.numbers.iter_mut().zip(&self.numbers) {
            *place = unread.number(row, column, Range::NOT_NEGATIVE).map(|value| value as f32);
        }
        for (place, &column) in values.numbers[NUMBERS.len()..].iter_mut().zip(&self.pains) {
            *place = column.and_then(|column| self.pain(row, column, unread));
        }
        values.numbers[TECHNIQUE] = technique;
        values
    }

    /// A pain score on the study's scale.
    fn pain(&self, row: &Row<'_>, column: usize, unread: &mut UnreadCells) -> Option<f32> {
        let value = unread.number(row, Some(column), Range::ANY)?;
        if self.scale.allows(value) {
            return Some((value / self.scale.divide_by + 0.0) as f32);
        }
        let text = row.text(column);
        let mut problems = Problems::default();
        let sentence = format!("\"{text}\" lies outside {}.", self.scale.shown());
        problems.push(rules::CELL_NOT_READ, row.name(column), &text, sentence);
        unread.push(column, problems);
        None
    }

    /// Keeps the details of a row that is used.
    #[inline]
    pub fn push(&self, columns: &mut DetailColumns, line: usize, values: DetailValues) {
        if !self.any {
            return;
        }
        if self.setting.is_some() {
            columns.setting.push(values.setting);
        }
        if self.modality.is_some() {
            columns.modality.push(values.modality);
        }
        if self.muscle_group.is_some() {
            columns.muscle_group.codes.push(values.muscle_group);
        }
        if self.exercise.is_some() {
            columns.exercise.codes.push(values.exercise);
        }
        let present = self.numbers.iter().chain(&self.pains).map(Option::is_some).chain([self.technique]);
        for ((column, value), _) in columns.numbers.iter_mut().zip(values.numbers).zip(present).filter(|(_, present)| *present) {
            column.push(value.into());
        }
        columns.unread.note(values.unread, line);
    }
}

impl DetailColumns {
    /// Adds the rows of a later part of the log, `before` and `added` rows being those of both parts.
    pub fn append(&mut self, later: Self, before: usize, added: usize) {
        append_optional(&mut self.setting, later.setting, before, added, None);
        append_optional(&mut self.modality, later.modality, before, added, None);
        self.muscle_group.append(&later.muscle_group, before, added);
        self.exercise.append(&later.exercise, before, added);
        for (column, later) in self.numbers.iter_mut().zip(later.numbers) {
            append_optional(column, later, before, added, OptionalNumber::MISSING);
        }
        self.unread.append(later.unread);
    }

    /// Puts the columns into the log: as they are, or the rows `kept`.
    pub fn into_log(mut self, kept: Option<&[u32]>, log: &mut SessionLog) {
        for interned in [&mut self.muscle_group, &mut self.exercise] {
            interned.codes = taken(std::mem::take(&mut interned.codes), kept);
        }
        log.setting = taken(self.setting, kept);
        log.modality = taken(self.modality, kept);
        log.muscle_group = self.muscle_group.into_categories();
        log.exercise = self.exercise.into_categories();
        let [sets, reps, hold_seconds, pain_before, pain_during, pain_after, technique] = self.numbers.map(|column| taken(column, kept));
        (log.sets, log.reps, log.hold_seconds, log.technique) = (sets, reps, hold_seconds, technique);
        (log.pain_before, log.pain_during, log.pain_after) = (pain_before, pain_during, pain_after);
    }
}

/// A column as it is, or its rows `kept`.
fn taken<T: Copy>(column: Vec<T>, kept: Option<&[u32]>) -> Vec<T> {
    match kept {
        None => column,
        Some(rows) => pick(&column, rows),
    }
}
