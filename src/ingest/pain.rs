//! Pain rows, their scale, and the one score a day that is kept.

use super::columns::Field;
use super::dates::OrderEvidence;
use super::error::IngestError;
use super::logs::PainLog;
use super::number;
use super::order::Order;
use super::places::{Place, Places};
use super::plan::Plan;
use super::relations::{Conflict, Repeats};
use super::row::{Problems, Row};
use super::rows::Log;
use super::rules;
use super::runs::PatientRuns;
use super::scale::LoggedScale;
use super::sessions::pick;
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
    pub patient: PatientRuns,
    pub places: Places,
    pub day: Vec<i32>,
    pub score: Vec<f32>,
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
fn yes_or_no(text: &str) -> Option<bool> {
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
                        score = value / self.scale.divide_by;
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

    fn push(&self, columns: &mut PainColumns, patient: u32, day: Day, line: usize, (score, lasted): (f32, bool)) {
        if lasted {
            columns.lasted.resize(columns.day.len(), false);
            columns.lasted.push(true);
        }
        columns.patient.push(patient);
        columns.places.push(line);
        columns.day.push(day.0);
        columns.score.push(score);
    }

    fn append(columns: &mut PainColumns, later: PainColumns, patients: &[u32]) {
        if !later.lasted.is_empty() {
            columns.lasted.resize(columns.day.len(), false);
            columns.lasted.extend(&later.lasted);
        }
        columns.patient.append(&later.patient, patients);
        columns.places.append(&later.places);
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
        let Some(mut kept) = order.sorted else {
            self.day.truncate(days);
            self.score.truncate(days);
            self.lasted.truncate(days);
            return PainLog { offsets, day: self.day, score: self.score, lasted_24h: self.lasted, places: self.places.without(&dropped) };
        };
        kept.truncate(days);
        let (day, score, lasted_24h) = (pick(&self.day, &kept), pick(&self.score, &kept), pick(&self.lasted, &kept));
        PainLog { offsets, day, score, lasted_24h, places: self.places.ordered(kept) }
    }

    fn mean(&self, rows: std::ops::Range<usize>, order: &Order) -> f32 {
        let count = rows.len() as f64;
        (rows.map(|row| f64::from(self.score[order.row(row)])).sum::<f64>() / count) as f32
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
        let score = if rule == DuplicateRule::Mean { self.mean(rows.clone(), order) } else { self.score[kept] };
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
