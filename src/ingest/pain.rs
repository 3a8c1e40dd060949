//! Pain rows, their scale, and the one score a day that is kept.

use super::columns::Field;
use super::dates::OrderEvidence;
use super::error::IngestError;
use super::logs::{Filled, PainLog, SameDayLog};
use super::merged::Merged;
use super::order::Order;
use super::pain_details::{DetailColumns, DetailFields, DetailValues};
use super::places::Places;
use super::plain::Words;
use super::plan::Plan;
use super::relations::Conflict;
use super::row::{Problems, Row};
use super::rows::Log;
use super::rules;
use super::runs::PatientRuns;
use super::same_day::Reading;
use super::scale::{self, Found, LoggedScale};
use super::sessions::pick;
use super::unread::Unread;
use crate::domain::{Answer, Day, PainScale, says_unknown};
use crate::settings::DuplicateRule;

/// How the rows of one pain file are read.
pub(super) struct PainRows {
    pain: usize,
    lasted: Option<usize>,
    details: DetailFields,
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
    pub details: DetailColumns,
    pub found: Found,
    yes_or_no: Words<Answer>,
}

/// The values of one pain row.
pub(super) struct PainValues {
    score: f32,
    lasted: Option<Answer>,
    details: DetailValues,
}

impl PainRows {
    pub fn new(plan: &Plan, scale: LoggedScale) -> Self {
        let (pain, lasted) = (plan.column(Field::Pain).unwrap_or(0), plan.column(Field::Lasted24h));
        Self { pain, lasted, details: DetailFields::new(plan), scale }
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

    /// Whether the pain lasted. As in the other columns of yes and no, that it is not known may be written out.
    #[inline]
    fn lasted(&self, row: &Row<'_>, columns: &mut PainColumns, problems: &mut Problems) -> Option<Answer> {
        let column = self.lasted?;
        let before = problems.len();
        let lasted = row.known_word(Some(column), &mut columns.yes_or_no, Answer::parse, ["yes", "no"].into_iter(), problems);
        if problems.len() > before && row.present(column).is_some_and(|text| says_unknown(&text)) {
            problems.truncate(before);
        }
        lasted
    }
}

impl Log for PainRows {
    type Columns = PainColumns;
    type Values = PainValues;

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
    ) -> PainValues {
        let score = match row.plain_number(self.pain) {
            Some(value) => self.score(value, row, columns, problems),
            None => self.unusual(row, columns, problems),
        };
        let lasted = self.lasted(row, columns, problems);
        PainValues { score: score as f32, lasted, details: self.details.read(row, &mut columns.details) }
    }

    fn push(&self, columns: &mut PainColumns, patient: u32, day: Day, line: usize, values: PainValues) {
        let PainValues { score, lasted, details } = values;
        self.details.push(&mut columns.details, line, details);
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

    fn unread(columns: &mut PainColumns) -> Unread {
        std::mem::take(&mut columns.details.unread)
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
        columns.details.append(later.details, columns.day.len(), later.day.len());
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
        let (mut details, mut same_day) = (DetailColumns::default(), SameDayLog::default());
        for patient in 0..n_patients {
            let (mut at, stop) = (order.offsets[patient], order.offsets[patient + 1]);
            same_day.offsets.push(same_day.day.len());
            while at < stop {
                let first = order.row(at);
                let day = self.day[first];
                let mut end = at + 1;
                while end < stop && self.day[order.row(end)] == day {
                    end += 1;
                }
                self.details.merge_into(&(at..end).map(|place| order.row(place)), &mut details);
                if end - at > 1 || self.details.is_visit(first) {
                    let readings: Vec<Reading> = (at..end).map(|place| self.reading(order.row(place), merged)).collect();
                    same_day.push_day(day, &readings);
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
        same_day.offsets.push(same_day.day.len());
        let mut log = PainLog { offsets, same_day, lasted_filled: self.lasted_filled, ..PainLog::default() };
        details.into_log(&mut log);
        let Some(mut kept) = order.sorted else {
            self.day.truncate(days);
            self.score.truncate(days);
            self.lasted.truncate(days);
            (log.day, log.score, log.lasted_24h) = (self.day, self.score, self.lasted);
            log.places = self.places.without(&dropped);
            return log;
        };
        kept.truncate(days);
        (log.day, log.score, log.lasted_24h) = (pick(&self.day, &kept), pick(&self.score, &kept), pick(&self.lasted, &kept));
        log.places = self.places.ordered(kept);
        log
    }

    /// A row's score as one of its day.
    fn reading(&self, row: usize, merged: &Merged<'_>) -> Reading {
        Reading { score: self.score[row], context: self.details.context(row), file: merged.file(row) }
    }

    /// The mean score of a day. A score that several files repeat counts as often as the file has it that has it most often:
    /// overlapping exports tell of one log twice.
    fn mean(&self, rows: &[usize], merged: &Merged<'_>) -> f32 {
        let mut scores: Vec<(u32, usize)> = rows.iter().map(|&row| (self.score[row].to_bits(), merged.file(row))).collect();
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
    /// merged for their files. Where the diary has a score, the readings of visits have no part in that of the day.
    fn merge(
        &self,
        (patient, places): (usize, std::ops::Range<usize>),
        order: &Order,
        rule: DuplicateRule,
        merged: &mut Merged<'_>,
    ) -> DayOfPain {
        let all = || places.clone().map(|place| order.row(place));
        let lasted = all().any(|row| self.lasted.get(row).copied().unwrap_or(false));
        let (visits, mut rows): (Vec<usize>, Vec<usize>) = all().partition(|&row| self.details.is_visit(row));
        if rows.is_empty() {
            rows = visits;
        } else {
            visits.into_iter().for_each(|row| merged.visit(row));
        }
        let first = rows[0];
        let kept = match rule {
            DuplicateRule::Last => rows[rows.len() - 1],
            DuplicateRule::Mean => first,
            // Rows of a day that is refused come here only where they agree.
            DuplicateRule::Max | DuplicateRule::Refuse => {
                rows.iter().copied().fold(first, |best, row| if self.score[row] > self.score[best] { row } else { best })
            }
        };
        let differs = rows.iter().copied().find(|&row| differ(self.score[row], self.score[first]));
        for &row in rows.iter().filter(|&&row| row != kept) {
            merged.count(row);
            if differs.is_none() {
                merged.repeat(row, &self.places);
            }
        }
        let score = if rule == DuplicateRule::Mean { self.mean(&rows, merged) } else { self.score[kept] };
        if let Some(row) = differs {
            let scores = || rows.iter().map(|&row| self.score[row]);
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
