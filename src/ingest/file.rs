//! One file of a log: settle its layout, read its blocks in parallel, account for its rows.

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use xxhash_rust::xxh3::Xxh3;

use super::accounting::{FileAccount, Finding, Rejected};
use super::blocks::{Block, Blocks};
use super::dates::{DateStyle, OrderEvidence, Sighting};
use super::decode::{self, Encoding, Opened};
use super::emission::{Emission, Emitted};
use super::error::IngestError;
use super::formats::{self, Input, Origins};
use super::header;
use super::layout::{self, Layout};
use super::locate::{Located, unreadable};
use super::number::DecimalMark;
use super::plan::{DateSource, Plan};
use super::privacy::{KnownIds, OriginalTable, PersonalColumns};
use super::rows::{self, BlockRows, Carry, Checked, Log};
use super::rules;
use super::unused_columns;
use crate::domain::number::counted;
use crate::domain::{Day, SessionStatus};
use crate::settings::{DateOrder, LogKind};

/// How files are cut. The result does not depend on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BlockSize {
    /// Bytes read and parsed at a time.
    pub bytes: usize,
}

impl Default for BlockSize {
    fn default() -> Self {
        Self { bytes: 1 << 20 }
    }
}

/// Patients in the order in which files name them.
#[derive(Default)]
pub(super) struct Interner {
    index: FxHashMap<String, u32>,
    pub ids: Vec<String>,
    /// What pseudonyms stand for, so that no id stays where it was not looked for.
    pub known: KnownIds,
    /// The patient after the one looked up last: files mostly name patients in the same order.
    next: u32,
}

impl Interner {
    fn patient(&mut self, id: &str) -> u32 {
        let patient = if self.ids.get(self.next as usize).is_some_and(|next| next == id) {
            self.next
        } else {
            self.index.get(id).copied().unwrap_or_else(|| self.add(id))
        };
        self.next = patient + 1;
        patient
    }

    fn add(&mut self, id: &str) -> u32 {
        let patient = self.ids.len() as u32;
        self.index.insert(id.to_owned(), patient);
        self.ids.push(id.to_owned());
        patient
    }

    /// Forgets all patients but the first `count`.
    pub fn truncate(&mut self, count: usize) {
        for id in self.ids.drain(count..) {
            self.index.remove(&id);
        }
    }
}

/// A file as read.
pub(super) struct FileRows<C> {
    pub columns: C,
    pub plan: Plan,
    pub account: FileAccount,
    pub rejected: Vec<Rejected>,
    pub findings: Vec<Finding>,
    pub personal: PersonalColumns,
    /// Names of all columns, also of those that were unfolded or did not come along.
    pub header: Vec<String>,
    pub notes: Vec<String>,
    pub hash: u64,
    /// Its accepted rows as native ones, if they were asked for.
    pub emitted: Option<Emitted>,
}

/// One way through the file with the layout as far as it is known.
struct Pass<C> {
    columns: C,
    rejected: Vec<Rejected>,
    read: usize,
    used: usize,
    filtered: usize,
    merged: usize,
    spanning: usize,
    evidence: Vec<OrderEvidence>,
    hash: u64,
    emitted: Vec<u8>,
}

/// Why a pass has to be made again.
enum Again {
    NotUtf8,
    Failed(Box<IngestError>),
}

/// Reads a file. Patients are counted in `interner`; `seen` holds those that have a row in logs that allow one.
pub(super) fn read<L: Log>(
    located: &Located,
    kind: LogKind,
    log: impl Fn(&Plan) -> Result<L, IngestError>,
    checked: &Checked<'_>,
    interner: &mut Interner,
    carry: &mut Carry,
    size: BlockSize,
) -> Result<FileRows<L::Columns>, IngestError> {
    let input = formats::open(located, kind)?;
    let opened = &input.opened;
    let settings = input.settings(&located.settings);
    let settled = layout::settle(opened, &settings, &located.name).map_err(|error| input.place_error(error)).and_then(|mut layout| {
        layout.header_line = input.line(layout.header_line);
        match Plan::new(&located.name, kind, &layout, &settings) {
            Ok(plan) => Ok((layout, plan)),
            Err(error) => Err(formats::suggested_layout(error, &layout.header, kind)),
        }
    });
    let (layout, mut plan) = settled.map_err(|error| header::below(error, opened, kind, &settings))?;
    if input.origins.is_some() && input.read_by.is_none() && plan.decimal == DecimalMark::Point && settings.decimal.is_none() {
        // The separator is ours; a comma in a cell is the clinic's.
        plan.decimal = DecimalMark::Either;
    }
    plan.end_dates(checked.exported, checked.cut_off);
    let personal = PersonalColumns::find(opened, &layout, &plan, checked.privacy)?;
    personal.take_out(&mut plan);
    let made_of = input.origins.as_ref().map_or(&[][..], Origins::names);
    let original = input.original.as_ref().map(|grid| OriginalTable::new(grid, &plan, &personal, made_of, checked.privacy));
    let emission = |divide_by| Emission::new(&plan, divide_by, &personal, checked.privacy.pseudonyms);
    plan.emission = located.emitted.map(emission);
    let log = log(&plan)?;
    let not_utf8 = || opened.without_utf8().map_err(|error| unreadable(&located.name, &error));
    let mut encoding = if opened.encoding == Encoding::Windows1252 { not_utf8()? } else { opened.encoding };
    let mut orders: Vec<Option<String>> = vec![None; plan.dates.len()];
    let (patients, seen) = (interner.ids.len(), carry.seen.clone());
    let file = FileToPass { opened, layout: &layout, size };
    let mut pass = loop {
        plan.lossy = matches!(encoding, Encoding::Mixed | Encoding::Utf16);
        match pass(&file, encoding, &plan, &log, checked, interner, carry) {
            Err(Again::Failed(error)) => return Err(*error),
            Err(Again::NotUtf8) => encoding = not_utf8()?,
            Ok(pass) => {
                if !settle_orders(&mut plan, &pass.evidence, &mut orders, &input)? {
                    break pass;
                }
            }
        }
        interner.truncate(patients);
        carry.seen.clone_from(&seen);
    };
    for rejected in &mut pass.rejected {
        personal.clean(&plan, checked.privacy, rejected);
        input.place(rejected);
    }
    header::check_unmoved(&pass.rejected, kind)?;
    if input.origins.is_some() {
        L::place(&mut pass.columns, |line| input.line(line));
    }
    let account = FileAccount {
        file: located.name.clone(),
        kind,
        read: pass.read + input.aside.rows(),
        used: pass.used,
        rejected: pass.rejected.len() + input.aside.rejected.len(),
        merged: pass.merged + input.aside.merged,
        filtered: pass.filtered + input.aside.filtered,
        layout: describe(&plan, encoding, &orders, &input),
    };
    let mut findings = findings(&plan, encoding, opened, account.read);
    let mut notes = notes(&plan, opened, &pass);
    findings.extend(unused_columns::finding(&plan, opened, &layout, &mut notes));
    findings.extend(L::unread(&mut pass.columns).into_findings(&plan, |line| input.line(line)));
    let mut emitted =
        plan.emission.as_ref().map(|emission| Emitted { columns: emission.names(), text: pass.emitted, decimal: plan.decimal });
    if let Some(settled) = L::settle(&mut pass.columns) {
        notes.push(format!("{}: {settled}", located.name));
        if let Some(emitted) = &mut emitted {
            emitted.fill("status", SessionStatus::Missed.as_str());
        }
    }
    notes.extend(personal.notes(&plan.file, &plan.header));
    findings.extend(personal.findings(&plan));
    let mut header = plan.header.clone();
    let mut aside = input.aside.rejected;
    if let Some(original) = original {
        aside.iter_mut().for_each(|row| original.clean(&plan, &personal, checked.privacy, row));
        notes.extend(original.notes(&plan.file));
        findings.extend(original.findings(&plan.file));
        header.extend(original.header);
    }
    notes.extend(input.notes);
    pass.rejected.extend(aside.into_iter().map(|aside| aside.row));
    Ok(FileRows {
        columns: pass.columns,
        plan,
        account,
        rejected: pass.rejected,
        findings,
        personal,
        header,
        notes,
        hash: pass.hash,
        emitted,
    })
}

struct FileToPass<'a> {
    opened: &'a Opened,
    layout: &'a Layout,
    size: BlockSize,
}

fn pass<L: Log>(
    file: &FileToPass<'_>,
    encoding: Encoding,
    plan: &Plan,
    log: &L,
    checked: &Checked<'_>,
    interner: &mut Interner,
    carry: &mut Carry,
) -> Result<Pass<L::Columns>, Again> {
    let failed = |error: std::io::Error| Again::Failed(Box::new(unreadable(&plan.file, &error)));
    let source = file.opened.from(file.layout.data_offset).map_err(failed)?;
    let mut blocks = Blocks::new(source, plan.marks, file.size.bytes, file.layout.data_line);
    let mut total = Pass {
        columns: L::Columns::default(),
        rejected: Vec::new(),
        read: 0,
        used: 0,
        filtered: 0,
        merged: 0,
        spanning: 0,
        evidence: vec![OrderEvidence::default(); plan.dates.len()],
        hash: 0,
        emitted: Vec::new(),
    };
    carry.filled.clear();
    let in_turn = !plan.fill_down.is_empty() || rows::one_row_each(plan.kind);
    let at_once = rayon::current_num_threads().max(1) * 2;
    let parse = |block: &Block, carry: Option<&mut Carry>| {
        decode::text(&block.bytes, encoding).map(|text| rows::read(log, plan, checked, &text, block.first_line, carry))
    };
    let mut batch = blocks.batch(1).map_err(failed)?;
    while !batch.is_empty() {
        // The next blocks are read from the disk while these are parsed.
        let (next, parsed) = rayon::join(
            || blocks.batch(at_once),
            || -> Vec<Option<BlockRows<L::Columns>>> {
                if in_turn {
                    batch.iter().map(|block| parse(block, Some(&mut *carry))).collect()
                } else {
                    batch.par_iter().map(|block| parse(block, None)).collect()
                }
            },
        );
        for rows in parsed {
            let mut rows = rows.ok_or(Again::NotUtf8)?;
            if checked.privacy.pseudonyms.is_some() {
                rows.patients.index.drain().for_each(|(id, patient)| interner.known.add(&id, &rows.patients.ids[patient as usize]));
            }
            total.add::<L>(rows, interner);
        }
        for block in std::mem::replace(&mut batch, next.map_err(failed)?) {
            blocks.reuse(block);
        }
    }
    let mut hasher = Xxh3::new();
    hasher.update(&file.opened.head[..file.layout.data_offset]);
    hasher.update(&blocks.hash().to_le_bytes());
    total.hash = hasher.digest();
    Ok(total)
}

impl<C> Pass<C> {
    fn add<L: Log<Columns = C>>(&mut self, rows: BlockRows<C>, interner: &mut Interner) {
        let patients = &rows.patients;
        // Patients of rejected rows only are no patients of the study; no row kept refers to them.
        let study: Vec<u32> =
            patients.ids.iter().zip(&patients.used).map(|(id, &used)| if used { interner.patient(id) } else { u32::MAX }).collect();
        L::append(&mut self.columns, rows.columns, &study);
        self.rejected.extend(rows.rejected);
        self.read += rows.read;
        self.used += rows.used;
        self.filtered += rows.filtered;
        self.merged += rows.merged;
        self.emitted.extend(rows.emitted);
        self.spanning += rows.spanning;
        for (mine, theirs) in self.evidence.iter_mut().zip(rows.evidence) {
            mine.extend(theirs);
        }
    }
}

/// Settles the order of each date column from what its cells say; whether the file has to be read again by it.
fn settle_orders(
    plan: &mut Plan,
    evidence: &[OrderEvidence],
    settled_by: &mut [Option<String>],
    input: &Input,
) -> Result<bool, IngestError> {
    let mut again = false;
    let (file, kind) = (plan.file.clone(), plan.kind);
    let line = |sighting: &Sighting| input.line(sighting.line);
    for ((date, evidence), settled_by) in plan.dates.iter_mut().zip(evidence).zip(settled_by) {
        if date.style.order.is_some() || !evidence.decides() {
            continue;
        }
        let (order, sighting) = match (&evidence.day_first, &evidence.month_first, &evidence.either) {
            (Some(day), Some(month), _) => {
                return Err(IngestError::MixedDates {
                    file,
                    kind,
                    column: date.name.clone(),
                    day_first: day.cell.clone(),
                    day_first_line: line(day),
                    month_first: month.cell.clone(),
                    month_first_line: line(month),
                });
            }
            (Some(day), None, _) => (DateOrder::DayFirst, day),
            (None, Some(month), _) => (DateOrder::MonthFirst, month),
            (None, None, Some(either)) => {
                // Both readings are days, or the cell would have settled the order.
                let read = |order| {
                    let style = DateStyle { order: Some(order), ..date.style };
                    super::dates::parse(&either.cell, &style).map_or(Day(0), |dated| dated.day)
                };
                return Err(IngestError::AmbiguousDates {
                    file,
                    kind,
                    line: line(either),
                    column: date.name.clone(),
                    cell: either.cell.clone(),
                    day_first: read(DateOrder::DayFirst),
                    month_first: read(DateOrder::MonthFirst),
                });
            }
            (None, None, None) => continue,
        };
        date.style.order = Some(order);
        *settled_by = Some(format!("settled by {} on line {}", sighting.cell, line(sighting)));
        again = true;
    }
    Ok(again)
}

fn describe(plan: &Plan, encoding: Encoding, settled_by: &[Option<String>], input: &Input) -> String {
    let separator = match plan.marks.delimiter {
        b',' => "comma-separated".to_owned(),
        b';' => "semicolon-separated".to_owned(),
        b'\t' => "tab-separated".to_owned(),
        other => format!("separated by {}", char::from(other)),
    };
    let decimal = match plan.decimal {
        DecimalMark::Point | DecimalMark::Grouped { comma: false, .. } => "decimal point",
        DecimalMark::Comma | DecimalMark::Grouped { point: false, .. } => "decimal comma",
        DecimalMark::Either | DecimalMark::Grouped { .. } => "decimal point or comma",
    };
    let mut parts = if input.origins.is_some() { input.described.clone() } else { vec![separator] };
    parts.push(decimal.to_owned());
    if let DecimalMark::Grouped { thousands, .. } = plan.decimal {
        parts.push(format!("{} between thousands", thousands.as_str()));
    }
    for (date, settled_by) in plan.dates.iter().zip(settled_by) {
        let order = match (&date.source, date.style.order) {
            (DateSource::Parts { .. }, _) => "in parts",
            (_, None | Some(DateOrder::Iso)) => "year-month-day",
            (_, Some(DateOrder::DayFirst)) => "day first",
            (_, Some(DateOrder::MonthFirst)) => "month first",
        };
        let why = settled_by.as_ref().map_or_else(String::new, |why| format!(" ({why})"));
        parts.push(format!("{} {order}{why}", date.name));
    }
    // What was unfolded says itself how its bytes were read.
    if input.origins.is_none() {
        parts.extend(input.described.iter().cloned());
        parts.push(encoding.as_str().to_owned());
    }
    parts.join(" · ")
}

/// What is worth knowing of the file as a whole.
fn findings(plan: &Plan, encoding: Encoding, opened: &Opened, read: usize) -> Vec<Finding> {
    let file = &plan.file;
    let mut findings = Vec::new();
    if encoding == Encoding::Windows1252 {
        findings.push(Finding::of_file(rules::NOT_UTF8, file, String::new(), western(opened)));
    }
    if encoding == Encoding::Mixed {
        let first = decode::not_utf8(opened).ok().flatten().map_or_else(String::new, |found| {
            format!(" in {} (line {} is the first)", counted(found.lines, "line", "lines"), found.first_line)
        });
        let sentence = format!(
            "The file is UTF-8, but bytes{first} are not: it was damaged or put together from two. Rows that need them are rejected."
        );
        findings.push(Finding::of_file(rules::NOT_UTF8, file, String::new(), sentence));
    }
    if read == 0 {
        let sentence = "The file has a header but no rows.".to_owned();
        findings.push(Finding::of_file(rules::NO_ROWS, file, String::new(), sentence));
    }
    findings
}

fn notes<C>(plan: &Plan, opened: &Opened, pass: &Pass<C>) -> Vec<String> {
    let file = &plan.file;
    let mut notes: Vec<String> = opened.remarks.iter().map(|remark| format!("{file} {remark}.")).collect();
    for (date, evidence) in plan.dates.iter().zip(&pass.evidence).filter(|(_, evidence)| evidence.utc > 0) {
        let stamps = counted(evidence.utc, "date-time in UTC was", "date-times in UTC were");
        notes.push(format!(
            "{file}, column {}: {stamps} taken to be on the day written; time_zone = \"Europe/Berlin\" (or yours) under [files.{}] in study.toml takes each to the day it was there.",
            date.name,
            plan.kind.as_str()
        ));
    }
    if pass.spanning > 0 {
        let rows = counted(pass.spanning, "row spans", "rows span");
        notes.push(format!("{file}: {rows} several lines because of line breaks inside quotation marks."));
    }
    notes
}

/// What is said of a file that is not UTF-8.
fn western(opened: &Opened) -> String {
    match decode::not_utf8(opened).ok().flatten() {
        None => "The file is not UTF-8 and was read as Windows-1252.".to_owned(),
        Some(found) => format!("The file is not UTF-8 (line {} is the first that is not) and was read as Windows-1252.", found.first_line),
    }
}
