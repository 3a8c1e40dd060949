//! Pain rows, their scale, and the one score a day that is kept.

use super::columns::Field;
use super::dates::OrderEvidence;
use super::error::IngestError;
use super::logs::{Filled, PainLog};
use super::order::Order;
use super::places::{Place, Places};
use super::plain::Words;
use super::plan::Plan;
use super::relations::{Conflict, Repeats};
use super::row::{Problems, Row};
use super::rows::Log;
use super::rules;
use super::runs::PatientRuns;
use super::scale::{self, Found, LoggedScale};
use super::sessions::pick;
use crate::domain::{Answer, Day, PainScale};
use crate::settings::DuplicateRule;

/// How the rows of one pain file are read.
pub(super) struct PainRows {
    pain: usize,
    lasted: Option<usize>,
    scale: LoggedScale,
}

/// Pain rows as they come.
#[derive(Default)]
pub(super) struct PainColumns {
    pub patient: PatientRuns,
    pub places: Places,
    pub day: Vec<i32>,
    pub score: Vec<f32>,
    /// Empty until the first row that says so.
    lasted: Vec<bool>,
    lasted_filled: Filled,
    pub found: Found,
    yes_or_no: Words<Answer>,
}

impl PainRows {
    pub fn new(plan: &Plan, scale: LoggedScale) -> Self {
        Self { pain: plan.column(Field::Pain).unwrap_or(0), lasted: plan.column(Field::Lasted24h), scale }
    }
}

impl PainRows {
    /// The score of a value as logged.
    #[inline]
    fn score(&self, value: f64, row: &Row<'_>, columns: &mut PainColumns, problems: &mut Problems) -> f64 {
        let allowed = self.scale.allows(value);
        columns.found.note(value, allowed);
        if allowed {
            // Minus zero is zero.
            return value / self.scale.divide_by + 0.0;
        }
        let text = row.text(self.pain);
        let sentence = format!("\"{text}\" lies outside {}.", self.scale.shown());
        problems.push_with(rules::PAIN_OUT_OF_RANGE, row.name(self.pain), &text, sentence, scale::advice(value));
        0.0
    }

    /// The score of a cell that is not a plain number.
    fn unusual(&self, row: &Row<'_>, columns: &mut PainColumns, problems: &mut Problems) -> f64 {
        let Some(text) = row.present(self.pain).or_else(|| row.own_word(self.pain)) else {
            let text = row.text(self.pain);
            problems.push(rules::MISSING_VALUE, row.name(self.pain), &text, "The pain score is missing.".to_owned());
            return 0.0;
        };
        let Some(value) = row.score(self.pain, &text) else {
            problems.not_a_number(row, self.pain, &text);
            return 0.0;
        };
        self.score(value, row, columns, problems)
    }
}

impl Log for PainRows {
    type Columns = PainColumns;
    type Values = (f32, Option<Answer>);

    fn columns(&self, rows: usize) -> PainColumns {
        PainColumns { day: Vec::with_capacity(rows), score: Vec::with_capacity(rows), ..PainColumns::default() }
    }

    fn values(
        &self,
        row: &Row<'_>,
        _: Option<Day>,
        _: &mut [OrderEvidence],
        columns: &mut PainColumns,
        problems: &mut Problems,
    ) -> (f32, Option<Answer>) {
        let score = match row.plain_number(self.pain) {
            Some(value) => self.score(value, row, columns, problems),
            None => self.unusual(row, columns, problems),
        };
        let lasted = self
            .lasted
            .and_then(|column| row.known_word(Some(column), &mut columns.yes_or_no, Answer::parse, ["yes", "no"].into_iter(), problems));
        (score as f32, lasted)
    }

    fn push(&self, columns: &mut PainColumns, patient: u32, day: Day, line: usize, (score, lasted): (f32, Option<Answer>)) {
        if self.lasted.is_some() {
            columns.lasted_filled.note(lasted.is_some());
        }
        if lasted == Some(Answer::Yes) {
            columns.lasted.resize(columns.day.len(), false);
            columns.lasted.push(true);
        }
        columns.patient.push(patient);
        columns.places.push(line);
        columns.day.push(day.0);
        columns.score.push(score);
    }

    fn place(columns: &mut PainColumns, line: impl Fn(usize) -> usize) {
        columns.places.moved(line);
    }

    fn append(columns: &mut PainColumns, later: PainColumns, patients: &[u32]) {
        if !later.lasted.is_empty() {
            columns.lasted.resize(columns.day.len(), false);
            columns.lasted.extend(&later.lasted);
        }
        columns.lasted_filled.add(later.lasted_filled);
        columns.patient.append(&later.patient, patients);
        columns.places.append(&later.places);
        columns.day.extend(&later.day);
        columns.score.extend(&later.score);
        columns.found.extend(&later.found);
    }
}

impl PainColumns {
    /// The log, one row a patient and day, and what was merged.
    pub fn into_log(mut self, n_patients: usize, rule: DuplicateRule, merged: &mut Merged<'_>) -> PainLog {
        let any_lasted = !self.lasted.is_empty();
        self.lasted.resize(if any_lasted { self.day.len() } else { 0 }, false);
        let mut order = Order::of(&self.patient, &self.day, n_patients);
        let mut offsets = vec![0; n_patients + 1];
        // Days are compacted in place: a day never lies behind the rows still to come.
        let (mut days, mut dropped) = (0, Vec::new());
        for patient in 0..n_patients {
            let (mut at, stop) = (order.offsets[patient], order.offsets[patient + 1]);
            while at < stop {
                let first = order.row(at);
                let day = self.day[first];
                let mut end = at + 1;
                while end < stop && self.day[order.row(end)] == day {
                    end += 1;
                }
                let day = if end - at == 1 {
                    DayOfPain { kept: first, score: self.score[first], lasted: any_lasted && self.lasted[first] }
                } else {
                    self.merge((patient, at..end), &order, rule, merged)
                };
                // Where rows were sorted, merged values wait in the row they are taken from.
                let place = if let Some(rows) = &mut order.sorted {
                    rows[days] = day.kept as u32;
                    day.kept
                } else {
                    dropped.extend((at..end).filter(|&row| row != day.kept).map(|row| row as u32));
                    self.day[days] = self.day[day.kept];
                    days
                };
                self.score[place] = day.score;
                if any_lasted {
                    self.lasted[place] = day.lasted;
                }
                days += 1;
                at = end;
            }
            offsets[patient + 1] = days;
        }
        let lasted_filled = self.lasted_filled;
        let Some(mut kept) = order.sorted else {
            self.day.truncate(days);
            self.score.truncate(days);
            self.lasted.truncate(days);
            let places = self.places.without(&dropped);
            return PainLog { offsets, day: self.day, score: self.score, lasted_24h: self.lasted, lasted_filled, places };
        };
        kept.truncate(days);
        let (day, score, lasted_24h) = (pick(&self.day, &kept), pick(&self.score, &kept), pick(&self.lasted, &kept));
        PainLog { offsets, day, score, lasted_24h, lasted_filled, places: self.places.ordered(kept) }
    }

    /// The mean score of a day. A score that several files repeat counts as often as the file has it that has it most often:
    /// overlapping exports tell of one log twice.
    fn mean(&self, rows: std::ops::Range<usize>, order: &Order, merged: &Merged<'_>) -> f32 {
        let mut scores: Vec<(u32, usize)> =
            rows.map(|place| order.row(place)).map(|row| (self.score[row].to_bits(), merged.file(row))).collect();
        scores.sort_unstable();
        let (mut sum, mut total) = (0.0, 0);
        for same in scores.chunk_by(|one, other| one.0 == other.0) {
            let most = same.chunk_by(|one, other| one.1 == other.1).map(<[_]>::len).max().unwrap_or(1);
            sum += f64::from(f32::from_bits(same[0].0)) * most as f64;
            total += most;
        }
        (sum / total.max(1) as f64) as f32
    }

    /// The one day of several rows; all but the row its score is taken from (the first one, for a mean) are counted as
    /// merged for their files.
    fn merge(
        &self,
        (patient, rows): (usize, std::ops::Range<usize>),
        order: &Order,
        rule: DuplicateRule,
        merged: &mut Merged<'_>,
    ) -> DayOfPain {
        let first = order.row(rows.start);
        let kept = match rule {
            DuplicateRule::Last => order.row(rows.end - 1),
            DuplicateRule::Mean => first,
            // Rows of a day that is refused come here only where they agree.
            DuplicateRule::Max | DuplicateRule::Refuse => {
                rows.clone().map(|row| order.row(row)).fold(first, |best, row| if self.score[row] > self.score[best] { row } else { best })
            }
        };
        let differs = rows.clone().map(|place| order.row(place)).find(|&row| differ(self.score[row], self.score[first]));
        for row in rows.clone().map(|place| order.row(place)).filter(|&row| row != kept) {
            merged.count(row);
            if differs.is_none() {
                merged.repeat(row, &self.places);
            }
        }
        let lasted = rows.clone().any(|place| self.lasted.get(order.row(place)).copied().unwrap_or(false));
        let score = if rule == DuplicateRule::Mean { self.mean(rows.clone(), order, merged) } else { self.score[kept] };
        if let Some(row) = differs {
            let scores = || rows.clone().map(|place| self.score[order.row(place)]);
            merged.conflicts.push(Conflict {
                patient: patient as u32,
                day: self.day[first],
                rows: rows.len() as u32,
                least: scores().fold(f32::INFINITY, f32::min),
                greatest: scores().fold(f32::NEG_INFINITY, f32::max),
                used: score,
                place: self.places.of(row),
            });
        }
        DayOfPain { kept, score, lasted }
    }
}

/// Whether two scores are not the same.
fn differ(one: f32, other: f32) -> bool {
    (one - other).abs() > f32::EPSILON
}

/// What is kept of a day.
struct DayOfPain {
    /// The row its score stands in.
    kept: usize,
    score: f32,
    lasted: bool,
}

/// Rows merged away, counted for the file each came from.
pub(super) struct Merged<'a> {
    /// For each file of the log, the row after its last one.
    pub file_ends: &'a [usize],
    /// Rows merged, per file.
    pub per_file: Vec<usize>,
    /// Those of them that only say again what another row says, per file.
    pub repeats: Vec<Repeats>,
    /// Days whose scores differ.
    pub conflicts: Vec<Conflict>,
}

impl<'a> Merged<'a> {
    pub fn new(file_ends: &'a [usize]) -> Self {
        let files = file_ends.len();
        Self { file_ends, per_file: vec![0; files], repeats: vec![Repeats::default(); files], conflicts: Vec::new() }
    }

    fn file(&self, row: usize) -> usize {
        self.file_ends.partition_point(|&end| end <= row)
    }

    /// Counts a row as merged.
    pub fn count(&mut self, row: usize) {
        let file = self.file(row);
        if let Some(count) = self.per_file.get_mut(file) {
            *count += 1;
        }
    }

    /// Counts a row that says again what another row says.
    pub fn repeat(&mut self, row: usize, places: &Places) {
        let file = self.file(row);
        if let Some(repeats) = self.repeats.get_mut(file) {
            repeats.rows += 1;
            let place = places.of(row);
            let earlier = |first: Place| place.is_some_and(|place| place.line < first.line);
            if repeats.first.is_none_or(earlier) {
                repeats.first = place;
            }
        }
    }
}

/// The scale of every pain value of the study.
pub(super) fn one_scale(files: &[(String, LoggedScale)]) -> Result<PainScale, IngestError> {
    let Some((first, scale)) = files.first() else { return Ok(PainScale::numeric_rating()) };
    match files.iter().find(|(_, other)| other.result != scale.result) {
        None => Ok(scale.result.clone()),
        Some((second, other)) => Err(IngestError::DifferentScales {
            first: first.clone(),
            first_scale: scale.result.name.clone(),
            second: second.clone(),
            second_scale: other.result.name.clone(),
        }),
    }
}
