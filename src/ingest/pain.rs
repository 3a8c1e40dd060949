//! Pain rows, their scale, and the one score a day that is kept.

use super::columns::Field;
use super::dates::OrderEvidence;
use super::error::IngestError;
use super::logs::PainLog;
use super::number;
use super::order::Order;
use super::plan::Plan;
use super::row::{Problems, Row};
use super::rows::Log;
use super::rules;
use super::scale::LoggedScale;
use crate::domain::{Day, PainScale};
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
    pub patient: Vec<u32>,
    pub day: Vec<i32>,
    score: Vec<f32>,
    /// Empty until the first row that says so.
    lasted: Vec<bool>,
    /// Scores that are numbers, and those of them off the scale.
    scored: usize,
    off: usize,
    span: Option<(f64, f64)>,
}

impl PainRows {
    pub fn new(plan: &Plan, scale: LoggedScale) -> Self {
        Self { pain: plan.column(Field::Pain).unwrap_or(0), lasted: plan.column(Field::Lasted24h), scale }
    }
}

/// Yes and no as people write them.
pub(super) fn yes_or_no(text: &str) -> Option<bool> {
    const YES: [&str; 6] = ["yes", "y", "true", "1", "ja", "x"];
    const NO: [&str; 6] = ["no", "n", "false", "0", "nein", "-"];
    let is = |words: &[&str]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
    if is(&YES) { Some(true) } else { is(&NO).then_some(false) }
}

impl Log for PainRows {
    type Columns = PainColumns;
    type Values = (f32, bool);

    fn values(
        &self,
        row: &Row<'_>,
        _: Option<Day>,
        _: &mut [OrderEvidence],
        columns: &mut PainColumns,
        problems: &mut Problems,
    ) -> (f32, bool) {
        let mut score = 0.0;
        match row.present(self.pain) {
            None => {
                problems.push(rules::MISSING_VALUE, row.name(self.pain), &row.text(self.pain), "The pain score is missing.".to_owned());
            }
            Some(text) => match number::parse(&text, row.plan.decimal) {
                None => problems.not_a_number(row, self.pain, &text),
                Some(value) => {
                    columns.scored += 1;
                    let (least, greatest) = columns.span.unwrap_or((value, value));
                    columns.span = Some((least.min(value), greatest.max(value)));
                    if self.scale.allows(value) {
                        // Minus zero is zero.
                        score = value / self.scale.divide_by + 0.0;
                    } else {
                        columns.off += 1;
                        let sentence = format!("\"{text}\" lies outside {}.", self.scale.shown());
                        problems.push(rules::PAIN_OUT_OF_RANGE, row.name(self.pain), &text, sentence);
                    }
                }
            },
        }
        let lasted = self.lasted.is_some() && row.word(self.lasted, yes_or_no, ["yes", "no"].into_iter(), problems).unwrap_or(false);
        (score as f32, lasted)
    }

    fn push(&self, columns: &mut PainColumns, patient: u32, day: Day, (score, lasted): (f32, bool)) {
        if lasted {
            columns.lasted.resize(columns.day.len(), false);
            columns.lasted.push(true);
        }
        columns.patient.push(patient);
        columns.day.push(day.0);
        columns.score.push(score);
    }

    fn append(columns: &mut PainColumns, later: PainColumns, patients: &[u32]) {
        if !later.lasted.is_empty() {
            columns.lasted.resize(columns.day.len(), false);
            columns.lasted.extend(&later.lasted);
        }
        columns.patient.extend(later.patient.iter().map(|&patient| patients[patient as usize]));
        columns.day.extend(&later.day);
        columns.score.extend(&later.score);
        columns.scored += later.scored;
        columns.off += later.off;
        columns.span = match (columns.span, later.span) {
            (Some((a, b)), Some((c, d))) => Some((a.min(c), b.max(d))),
            (mine, theirs) => mine.or(theirs),
        };
    }
}

/// Fewer values than this off the scale are slips, whatever their share.
const SLIPS: usize = 3;

impl PainColumns {
    /// Refuses a file of which at least half the values are off the scale: it is on another one.
    pub fn check_scale(&self, file: &str, scale: &LoggedScale) -> Result<(), IngestError> {
        if self.off < SLIPS || 2 * self.off < self.scored {
            return Ok(());
        }
        let (least, greatest) = self.span.unwrap_or_default();
        Err(IngestError::OffScale { file: file.to_owned(), off: self.off, scored: self.scored, scale: scale.shown(), least, greatest })
    }

    /// The log, one row a patient and day, and what was merged.
    pub fn into_log(mut self, n_patients: usize, rule: DuplicateRule, merged: &mut Merged<'_>) -> PainLog {
        let any_lasted = !self.lasted.is_empty();
        self.lasted.resize(if any_lasted { self.day.len() } else { 0 }, false);
        let order = Order::of(&self.patient, &self.day, n_patients);
        let rows = self.day.len();
        // Sorted files are compacted in place: the kept row never lies behind the rows still to come.
        let mut sorted = match order {
            Order::AsRead => None,
            Order::Sorted(_) => Some((Vec::with_capacity(rows), Vec::with_capacity(rows), Vec::with_capacity(self.lasted.len()))),
        };
        let mut offsets = vec![0; n_patients + 1];
        let (mut at, mut days) = (0, 0);
        while at < rows {
            let first = order.row(at);
            let (patient, day) = (self.patient[first], self.day[first]);
            let mut end = at + 1;
            while end < rows && self.patient[order.row(end)] == patient && self.day[order.row(end)] == day {
                end += 1;
            }
            let score = if end - at == 1 { self.score[first] } else { self.merge(at..end, &order, rule, merged) };
            let lasted = any_lasted && (at..end).any(|place| self.lasted[order.row(place)]);
            if let Some((sorted_day, sorted_score, sorted_lasted)) = &mut sorted {
                sorted_day.push(day);
                sorted_score.push(score);
                if any_lasted {
                    sorted_lasted.push(lasted);
                }
            } else {
                self.day[days] = day;
                self.score[days] = score;
                if any_lasted {
                    self.lasted[days] = lasted;
                }
            }
            days += 1;
            offsets[patient as usize + 1] += 1;
            at = end;
        }
        for patient in 0..n_patients {
            offsets[patient + 1] += offsets[patient];
        }
        let (mut day, mut score, mut lasted_24h) = sorted.unwrap_or((self.day, self.score, self.lasted));
        day.truncate(days);
        score.truncate(days);
        lasted_24h.truncate(days);
        PainLog { offsets, day, score, lasted_24h }
    }

    /// The mean score of a day. A score that several files repeat counts as often as the file has it that has it most often:
    /// overlapping exports tell of one log twice.
    fn mean(&self, rows: std::ops::Range<usize>, order: &Order, merged: &Merged<'_>) -> f32 {
        let mut counts: Vec<(usize, f32, usize)> = Vec::with_capacity(rows.len());
        for row in rows.map(|place| order.row(place)) {
            let (file, score) = (merged.file(row), self.score[row]);
            match counts.iter_mut().find(|(known, value, _)| *known == file && value.to_bits() == score.to_bits()) {
                Some((.., count)) => *count += 1,
                None => counts.push((file, score, 1)),
            }
        }
        let (mut sum, mut total) = (0.0, 0);
        for (place, &(_, score, _)) in counts.iter().enumerate() {
            let same = |(_, other, _): &&(usize, f32, usize)| other.to_bits() == score.to_bits();
            if counts[..place].iter().any(|other| same(&other)) {
                continue;
            }
            let most = counts.iter().filter(same).map(|&(.., count)| count).max().unwrap_or(1);
            sum += f64::from(score) * most as f64;
            total += most;
        }
        (sum / total.max(1) as f64) as f32
    }

    /// The one score of several rows of a day; all but the row it is taken from (the first one, for a mean) are counted as
    /// merged for their files.
    fn merge(&self, rows: std::ops::Range<usize>, order: &Order, rule: DuplicateRule, merged: &mut Merged<'_>) -> f32 {
        let first = order.row(rows.start);
        let kept = match rule {
            DuplicateRule::Last => order.row(rows.end - 1),
            DuplicateRule::Mean => first,
            DuplicateRule::Max => {
                rows.clone().map(|row| order.row(row)).fold(first, |best, row| if self.score[row] > self.score[best] { row } else { best })
            }
        };
        let conflict = rows.clone().any(|row| (self.score[order.row(row)] - self.score[first]).abs() > f32::EPSILON);
        merged.conflicting_days += usize::from(conflict);
        for row in rows.clone().map(|place| order.row(place)).filter(|&row| row != kept) {
            merged.count(row);
        }
        if rule == DuplicateRule::Mean { self.mean(rows, order, merged) } else { self.score[kept] }
    }
}

/// Rows merged away, counted for the file each came from.
pub(super) struct Merged<'a> {
    /// For each file of the log, the row after its last one.
    pub file_ends: &'a [usize],
    /// Rows merged, per file.
    pub per_file: Vec<usize>,
    /// Days whose scores differ.
    pub conflicting_days: usize,
}

impl<'a> Merged<'a> {
    pub fn new(file_ends: &'a [usize]) -> Self {
        Self { file_ends, per_file: vec![0; file_ends.len()], conflicting_days: 0 }
    }

    /// The file a row came from.
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
