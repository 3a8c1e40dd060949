//! Accepted rows as rows of the native files: native names, ISO dates, decimal points, canonical words.
//!
//! Rows come out as they were logged, before any merging, so that nothing is lost: reading them again merges them again.
//! Times of day stay beside their dates. Sessions that differ only in columns no native file has are told apart by `entry`,
//! or they would be merged as repeated when they are read again. Personal columns have no part in it, unless ids are
//! pseudonymized and the hash is a keyed one: names can be guessed and hashed.
//! A cell that begins with `=`, `+`, `-` or `@` stays as it is. These are files to be read by programs, and `-1` is a number.

use std::collections::BTreeMap;

use csv::{Terminator, Writer, WriterBuilder};
use xxhash_rust::xxh3::xxh3_64;

use super::columns::{Field, columns_of, normalized};
use super::dates::{OrderEvidence, time_of_day};
use super::number::{self, DecimalMark};
use super::plan::Plan;
use super::privacy::{PersonalColumns, Pseudonyms};
use super::row::{Problems, Range, Row};
use crate::domain::{Answer, Day, EventKind, Modality, PainContext, PainSite, Phase, ProgramOutcome, SessionStatus, Setting};
use crate::settings::LogKind;

/// How accepted rows of a file are written.
#[derive(Clone, Debug)]
pub(super) struct Emission {
    columns: Vec<(String, Told)>,
    /// Columns that are not carried and tell rows apart.
    apart: Vec<usize>,
    /// Measures that have a column each, which become a row each.
    measures: Vec<(String, usize)>,
    /// Hashes cells that are not carried, where ids are pseudonymized.
    pseudonyms: Option<Pseudonyms>,
}

/// How the cell of a column is told.
#[derive(Clone, Copy, Debug)]
enum Told {
    Patient,
    Day(usize),
    Number(usize),
    /// Divided by this.
    Pain(usize, f64),
    YesOrNo(usize),
    /// A number that costs no row, divided by this; whether one that cannot be read is told as it stands.
    Detail(usize, f64, bool),
    Word(usize, fn(&str) -> Option<&'static str>),
    Text(usize),
    /// The `entry` column, if there is one.
    Entry(Option<usize>),
}

const ENTRY: &str = "entry";

impl Emission {
    /// The columns of a file; pain is divided by `divide_by`.
    pub fn new(plan: &Plan, divide_by: f64, personal: &PersonalColumns, pseudonyms: Option<&Pseudonyms>) -> Self {
        let mut columns = Vec::new();
        let hashed = |column: &usize| plan.unknown.binary_search(column).is_ok() || pseudonyms.is_some() && personal.holds(*column);
        let apart: Vec<usize> = (0..plan.header.len()).filter(hashed).collect();
        let of_measures = plan.fields.iter().filter(|(field, _)| *field == Field::MeasureColumn);
        let measures: Vec<(String, usize)> = of_measures.map(|&(_, column)| (plan.header[column].clone(), column)).collect();
        let wide = !measures.is_empty();
        for spec in columns_of(plan.kind) {
            let told = match spec.field {
                Field::PatientId => Some(Told::Patient),
                Field::Date => (plan.kind != LogKind::Patients).then_some(Told::Day(0)),
                Field::PlannedEnd | Field::CompletedOn => plan.date_slot(spec.field).map(Told::Day),
                Field::Covariate => None,
                Field::Unused if spec.name == ENTRY => {
                    let given = plan.unused.iter().find(|(name, _)| *name == ENTRY).map(|&(_, column)| column);
                    (given.is_some() || !apart.is_empty()).then_some(Told::Entry(given))
                }
                Field::Unused => plan.unused.iter().find(|(name, _)| *name == spec.name).map(|&(_, column)| Told::Text(column)),
                // An id that stands in such a column by mistake is not to be found among numbers.
                Field::PainBefore | Field::PainDuring | Field::PainAfter => {
                    plan.column(spec.field).map(|column| Told::Detail(column, divide_by, pseudonyms.is_none()))
                }
                Field::Sets | Field::Reps | Field::HoldSeconds => {
                    plan.column(spec.field).map(|column| Told::Detail(column, 1.0, pseudonyms.is_none()))
                }
                Field::Measure if wide => Some(Told::Text(0)),
                Field::Value if wide => Some(Told::Number(0)),
                field => plan.column(field).map(|column| told(field, column, divide_by)),
            };
            columns.extend(told.map(|told| (spec.name.to_owned(), told)));
        }
        let covariates = plan.fields.iter().filter(|(field, _)| *field == Field::Covariate);
        columns.extend(covariates.map(|&(_, column)| (plan.native[column].clone(), Told::Text(column))));
        Self { columns, apart, measures, pseudonyms: pseudonyms.cloned() }
    }

    /// Names of the columns.
    pub fn names(&self) -> Vec<String> {
        self.columns.iter().map(|(name, _)| name.clone()).collect()
    }

    /// Writes a row of a patient. A day that is not needed (`planned_end`) is read from the row.
    pub fn write(&self, row: &Row<'_>, patient: &str, day: Option<Day>, out: &mut Rows) {
        for (measure, column) in &self.measures {
            // As reading takes it: a row of its own with a value out of range would be rejected.
            let value = row.number(Some(*column), Range::ANY, &mut Problems::default());
            if let Some(value) = value {
                let day = Told::Day(0).cell(row, day).unwrap_or_default();
                let _ = out.0.write_record([patient, &day, measure, &shown(value)]);
            }
        }
        if !self.measures.is_empty() {
            return;
        }
        let cells = self.columns.iter().map(|(_, told)| match *told {
            Told::Patient => patient.to_owned(),
            Told::Entry(given) => self.entry(row, given).unwrap_or_default(),
            told => told.cell(row, day).unwrap_or_default(),
        });
        // Writing to memory fails for no row.
        let _ = out.0.write_record(cells);
    }

    /// What tells a row apart from others of its day: the entry given, else a hash of the cells that are not carried.
    fn entry(&self, row: &Row<'_>, given: Option<usize>) -> Option<String> {
        let given = given.and_then(|column| row.present(column)).map(std::borrow::Cow::into_owned);
        let others = self.apart.iter().filter_map(|&column| Some((normalized(row.name(column)), row.present(column)?)));
        // A sum, so that the order of columns does not matter.
        let hashes = others.map(|(name, text)| {
            let cell = format!("{name}\0{text}");
            self.pseudonyms.as_ref().map_or_else(|| xxh3_64(cell.as_bytes()), |pseudonyms| pseudonyms.mark(&cell))
        });
        match (hashes.reduce(u64::wrapping_add), given) {
            (None, given) => given,
            (Some(hash), None) => Some(format!("{hash:016x}")),
            (Some(hash), Some(given)) => Some(format!("{given} {hash:016x}")),
        }
    }
}

fn told(field: Field, column: usize, divide_by: f64) -> Told {
    match field {
        Field::Pain => Told::Pain(column, divide_by),
        Field::Lasted24h | Field::Numbness | Field::Weakness | Field::Limited | Field::Medication => Told::YesOrNo(column),
        Field::Setting => Told::Word(column, |text| Setting::parse(text).map(Setting::as_str)),
        Field::Modality => Told::Word(column, |text| Modality::parse(text).map(Modality::as_str)),
        Field::Site => Told::Word(column, |text| PainSite::parse(text).map(PainSite::as_str)),
        Field::Context => Told::Word(column, |text| PainContext::parse(text).map(PainContext::as_str)),
        Field::Phase => Told::Word(column, |text| Phase::parse(text).map(Phase::as_str)),
        Field::Status => Told::Word(column, |text| SessionStatus::parse(text).map(SessionStatus::as_str)),
        Field::Outcome => Told::Word(column, |text| ProgramOutcome::parse(text).map(ProgramOutcome::as_str)),
        Field::Event => Told::Word(column, |text| EventKind::parse(text).map(EventKind::as_str)),
        Field::Exercise | Field::MuscleGroup | Field::Measure => Told::Text(column),
        _ => Told::Number(column),
    }
}

impl Told {
    /// The native text of a cell, unless it means "missing".
    fn cell(self, row: &Row<'_>, day: Option<Day>) -> Option<String> {
        let present = |column: usize| row.present(column).map(std::borrow::Cow::into_owned);
        let number = |column: usize| {
            let text = present(column)?;
            Some(number::parse(&text, row.plan.decimal).map_or(text, shown))
        };
        let word = |column: usize, parse: fn(&str) -> Option<&'static str>| {
            let own = row.plan.words.known(column, &row.text(column)).map(str::to_owned);
            own.or_else(|| present(column)).map(|text| parse(&text).map_or(text, str::to_owned))
        };
        match self {
            Self::Patient | Self::Entry(_) => None,
            Self::Day(0) => day.map(|day| {
                let text = row.date_text(0);
                time_of_day(&text, &row.plan.dates[0].style).map_or_else(|| day.to_string(), |time| format!("{day} {time}"))
            }),
            Self::Day(slot) => {
                let mut evidence = vec![OrderEvidence::default(); row.plan.dates.len()];
                row.day(slot, false, &mut evidence, &mut Problems::default()).map(|day| day.to_string())
            }
            Self::Number(column) => number(column),
            Self::Detail(column, divide_by, as_it_stands) => {
                let text = present(column)?;
                match number::parse(&text, row.plan.decimal) {
                    // Twelve decimals are more than any log has, and fewer than a division gets wrong.
                    Some(value) if divide_by.to_bits() != 1.0_f64.to_bits() => Some(shown((value / divide_by * 1e12).round() / 1e12)),
                    Some(value) => Some(shown(value)),
                    None => as_it_stands.then_some(text),
                }
            }
            Self::Pain(column, divide_by) => {
                let text = present(column).or_else(|| row.own_word(column).map(std::borrow::Cow::into_owned));
                text.map(|text| row.score(column, &text).map_or(text, |value| shown(value / divide_by)))
            }
            Self::YesOrNo(column) => word(column, |text| Answer::parse(text).map(Answer::as_str)),
            Self::Word(column, parse) => word(column, parse),
            Self::Text(column) => present(column),
        }
    }
}

/// The shortest decimal that is read as the same number.
fn shown(value: f64) -> String {
    format!("{}", value + 0.0)
}

/// Rows written so far.
pub(super) struct Rows(Writer<Vec<u8>>);

impl Rows {
    pub fn new() -> Self {
        Self(writer())
    }

    pub fn into_text(self) -> Vec<u8> {
        self.0.into_inner().unwrap_or_default()
    }
}

fn writer() -> Writer<Vec<u8>> {
    WriterBuilder::new().flexible(true).terminator(Terminator::Any(b'\n')).from_writer(Vec::new())
}

/// The rows of one file.
pub(super) struct Emitted {
    pub columns: Vec<String>,
    pub text: Vec<u8>,
    pub decimal: DecimalMark,
}

impl Emitted {
    /// Says in a column what its empty cells mean.
    pub fn fill(&mut self, column: &str, meaning: &str) {
        let Some(at) = self.columns.iter().position(|name| name == column) else { return };
        let mut out = writer();
        for record in records(&self.text) {
            let cells = record.iter().enumerate().map(|(place, cell)| if place == at && cell.is_empty() { meaning } else { cell });
            let _ = out.write_record(cells);
        }
        self.text = out.into_inner().unwrap_or_default();
    }
}

/// Changes the distinct texts of each column of free text, over all files of a log.
pub(super) fn change_texts(kind: LogKind, files: &mut [Emitted], change: impl Fn(&mut [String])) {
    let is_text = |name: &str| match columns_of(kind).iter().find(|spec| spec.name == name) {
        Some(spec) => {
            let text = [Field::Unused, Field::Exercise, Field::Covariate, Field::Measure];
            // A detail that cannot be read may say anything.
            text.contains(&spec.field) || spec.field.is_detail() && !spec.field.is_number()
        }
        None => true,
    };
    let mut columns: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    for file in files.iter() {
        for record in records(&file.text) {
            for (name, text) in file.columns.iter().zip(&record).filter(|(name, text)| is_text(name) && !text.is_empty()) {
                let texts = columns.entry(name.clone()).or_default();
                if !texts.contains_key(text) {
                    texts.insert(text.to_owned(), String::new());
                }
            }
        }
    }
    for texts in columns.values_mut() {
        let mut changed: Vec<String> = texts.keys().cloned().collect();
        change(&mut changed);
        texts.values_mut().zip(changed).for_each(|(text, changed)| *text = changed);
    }
    columns.retain(|_, texts| texts.iter().any(|(text, changed)| text != changed));
    for file in files.iter_mut().filter(|file| file.columns.iter().any(|name| columns.contains_key(name))) {
        let mut out = writer();
        for record in records(&file.text) {
            let cells = file
                .columns
                .iter()
                .zip(&record)
                .map(|(name, text)| columns.get(name).and_then(|texts| texts.get(text)).map_or(text, String::as_str));
            let _ = out.write_record(cells);
        }
        file.text = out.into_inner().unwrap_or_default();
    }
}

/// A log in native form.
#[derive(Clone, Debug)]
pub struct NativeLog {
    /// Which one.
    pub kind: LogKind,
    /// The text of its file.
    pub text: Vec<u8>,
    /// Rows after the header.
    pub rows: usize,
}

impl NativeLog {
    /// The files of a log as one: all columns any of them has, rows in the order of the files.
    pub(super) fn of(kind: LogKind, mut files: Vec<Emitted>) -> Self {
        // Columns of a file without an accepted row say nothing.
        if files.iter().any(|file| !file.text.is_empty()) {
            files.retain(|file| !file.text.is_empty());
        }
        let mut columns: Vec<String> = Vec::new();
        let named = |name: &String| files.iter().any(|file| file.columns.contains(name));
        columns.extend(columns_of(kind).iter().map(|spec| spec.name.to_owned()).filter(|name| kind != LogKind::Patients && named(name)));
        for name in files.iter().flat_map(|file| &file.columns) {
            if !columns.contains(name) {
                columns.push(name.clone());
            }
        }
        let mut out = writer();
        let _ = out.write_record(&columns);
        let mut text = out.into_inner().unwrap_or_default();
        let numbers = if kind == LogKind::Patients { numeric(&files, &columns) } else { vec![None; columns.len()] };
        let mut rows = 0;
        for file in files {
            let as_is = file.columns == columns && numbers.iter().all(Option::is_none);
            if as_is {
                rows += count(&file.text);
                text.extend(file.text);
                continue;
            }
            let places: Vec<Option<usize>> = columns.iter().map(|name| file.columns.iter().position(|known| known == name)).collect();
            let mut out = writer();
            for record in records(&file.text) {
                let cell = |(place, mark): (&Option<usize>, &Option<DecimalMark>)| {
                    let text = place.and_then(|place| record.get(place)).unwrap_or_default();
                    let number = mark.and_then(|mark| number::parse(text, mark));
                    number.map_or_else(|| text.to_owned(), shown)
                };
                let _ = out.write_record(places.iter().zip(&numbers).map(cell));
                rows += 1;
            }
            text.extend(out.into_inner().unwrap_or_default());
        }
        Self { kind, text, rows }
    }

    /// Puts the rows in the order of their patients, whose own rows stay in order. Else the order of the files would tell who a
    /// pseudonym stands for, where patients stand by name.
    pub(super) fn sort_by_patient(&mut self) {
        let mut records = records(&self.text);
        let header = records.next();
        let mut rows: Vec<csv::StringRecord> = records.collect();
        // The patient's column is the first of every log.
        rows.sort_by(|one, other| one.get(0).cmp(&other.get(0)));
        let mut out = writer();
        for record in header.iter().chain(&rows) {
            let _ = out.write_record(record);
        }
        self.text = out.into_inner().unwrap_or_default();
    }
}

fn records(text: &[u8]) -> impl Iterator<Item = csv::StringRecord> + '_ {
    csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text).into_records().filter_map(Result::ok)
}

fn count(text: &[u8]) -> usize {
    if memchr::memchr(b'"', text).is_none() { memchr::memchr_iter(b'\n', text).count() } else { records(text).count() }
}

/// The decimal mark of each column of the roster whose every value is a number: a category stays as it is written.
fn numeric(files: &[Emitted], columns: &[String]) -> Vec<Option<DecimalMark>> {
    let first = files.first().map_or(DecimalMark::Point, |file| file.decimal);
    let mark = if files.iter().all(|file| file.decimal == first) { first } else { DecimalMark::Either };
    let mut numeric: Vec<Option<DecimalMark>> = columns.iter().map(|name| (name != "patient_id").then_some(mark)).collect();
    for file in files {
        for record in records(&file.text) {
            for (name, text) in file.columns.iter().zip(&record) {
                if !text.is_empty()
                    && number::parse(text, mark).is_none()
                    && let Some(at) = columns.iter().position(|column| column == name)
                {
                    numeric[at] = None;
                }
            }
        }
    }
    numeric
}
