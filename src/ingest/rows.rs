//! The rows of one block → columns, rejections and counts. The same for every kind of log.

use rustc_hash::{FxHashMap, FxHashSet};

use super::accounting::Rejected;
use super::columns::Field;
use super::dates::OrderEvidence;
use super::emission;
use super::fill_down::{Filled, Known};
use super::header;
use super::lead::Lead;
use super::plan::{LastDay, PatientSource, Plan};
use super::privacy::Privacy;
use super::record::{Cell, Kind, scan};
use super::row::{Problems, Row};
use super::rules;
use super::told::Told;
use super::unread::Unread;
use crate::domain::Day;
use crate::settings::LogKind;

/// What one kind of log makes of a row's values.
pub(super) trait Log: Sync {
    /// The columns it fills.
    type Columns: Default + Send;
    /// The values of one row.
    type Values;

    /// Empty columns with room for some rows.
    fn columns(&self, _rows: usize) -> Self::Columns {
        Self::Columns::default()
    }

    /// Reads the values of a row and names what is wrong with them.
    fn values(
        &self,
        row: &Row<'_>,
        day: Option<Day>,
        evidence: &mut [OrderEvidence],
        columns: &mut Self::Columns,
        problems: &mut Problems,
    ) -> Self::Values;

    /// Keeps a row that broke no rule. `patient` counts within the block, `line` is the physical one.
    fn push(&self, columns: &mut Self::Columns, patient: u32, day: Day, line: usize, values: Self::Values);

    /// Settles what only a file as a whole can say, and says so in words that follow the file's name.
    fn settle(_: &mut Self::Columns) -> Option<String> {
        None
    }

    /// Takes the cells that could not be read out of rows that are used.
    fn unread(_: &mut Self::Columns) -> Unread {
        Unread::default()
    }

    /// Says on which line of the file rows stand whose lines were those of an unfolded text.
    fn place(columns: &mut Self::Columns, line: impl Fn(usize) -> usize);

    /// Adds the columns of a later block; `patients` leads from its patients to the study's.
    fn append(columns: &mut Self::Columns, later: Self::Columns, patients: &[u32]);
}

/// Days whose pain scores differ, by patient: the least and the greatest score on the study's scale.
pub(super) type RefusedDays = FxHashMap<String, FxHashMap<i32, (f32, f32)>>;

/// What the rows of a file are checked against.
#[derive(Clone, Copy)]
pub(super) struct Checked<'a> {
    /// Patients of `patients.csv`, if rows of others are to be rejected.
    pub roster: Option<&'a FxHashSet<String>>,
    /// Program starts, if rows before them are to be rejected.
    pub starts: Option<&'a FxHashMap<String, Day>>,
    /// Days of patients whose pain scores differ, with the least and the greatest, if they are to be rejected.
    pub refused: Option<&'a RefusedDays>,
    /// The declared cut-off.
    pub cut_off: Option<Day>,
    /// Personal columns and pseudonyms.
    pub privacy: Privacy<'a>,
    /// The day of export, or today.
    pub exported: Option<LastDay>,
}

/// What a row takes over from the rows above it.
#[derive(Default)]
pub(super) struct Carry {
    /// Last value of each column that is filled down.
    pub filled: Filled,
    /// Patients that have a row, in logs that allow one row a patient, and what the roster says of them.
    pub seen: Told,
}

/// What became of one block.
pub(super) struct BlockRows<C> {
    pub columns: C,
    pub patients: BlockPatients,
    pub rejected: Vec<Rejected>,
    pub read: usize,
    pub used: usize,
    pub filtered: usize,
    /// Rows of the roster that repeat another.
    pub merged: usize,
    /// Records over several lines.
    pub spanning: usize,
    pub evidence: Vec<OrderEvidence>,
    /// Accepted rows as native ones, if they are written.
    pub emitted: Vec<u8>,
}

/// The patients of a block, counted as they come.
#[derive(Default)]
pub(super) struct BlockPatients {
    /// By the id as it stands in the file.
    pub index: FxHashMap<String, u32>,
    /// Ids as they are known from here on: pseudonyms, if there are any.
    pub ids: Vec<String>,
    pub used: Vec<bool>,
    known: Vec<bool>,
    start: Vec<Option<Day>>,
}

impl BlockPatients {
    fn find(&mut self, id: &str, last: Option<u32>, checked: &Checked<'_>) -> u32 {
        // Logs mostly come patient by patient.
        if let Some(last) = last
            && checked.privacy.pseudonyms.is_none()
            && self.ids[last as usize] == id
        {
            return last;
        }
        if let Some(&patient) = self.index.get(id) {
            return patient;
        }
        let patient = self.ids.len() as u32;
        let shown = checked.privacy.shown(id);
        self.index.insert(id.to_owned(), patient);
        self.used.push(false);
        self.known.push(checked.roster.is_none_or(|roster| roster.contains(&shown)));
        self.start.push(checked.starts.and_then(|starts| starts.get(&shown).copied()));
        self.ids.push(shown);
        patient
    }
}

/// Reads the records of `block`, the first of which stands on `first_line`.
pub(super) fn read<L: Log>(
    log: &L,
    plan: &Plan,
    checked: &Checked<'_>,
    block: &str,
    first_line: usize,
    mut carry: Option<&mut Carry>,
) -> BlockRows<L::Columns> {
    let bytes = block.as_bytes();
    // Room for the rows of a block of short ones; what is not used is not touched.
    let least_row = 2 * (plan.header.len() + 4);
    let mut out = BlockRows {
        columns: log.columns(bytes.len() / least_row),
        patients: BlockPatients::default(),
        rejected: Vec::new(),
        read: 0,
        used: 0,
        filtered: 0,
        merged: 0,
        spanning: 0,
        evidence: vec![OrderEvidence::default(); plan.dates.len()],
        emitted: Vec::new(),
    };
    let mut emitted = plan.emission.as_ref().map(|emission| (emission, emission::Rows::new()));
    let (mut cells, mut problems): (Vec<Cell>, Problems) = (Vec::with_capacity(plan.header.len() + 1), Problems::default());
    let (mut at, mut line, mut last) = (0, first_line, None);
    let mut lead = Lead::new(block, plan);
    let damaged = memchr::memchr(0, bytes).is_some();
    while at < bytes.len() {
        let (start, this_line) = (at, line);
        let led = lead.row(at, &mut cells);
        let found = led.map_or_else(|| scan(bytes, at, plan.marks, true, &mut cells), |led| led.found);
        at = found.next;
        line += found.lines as usize;
        if found.kind == Kind::Nothing {
            continue;
        }
        out.read += 1;
        let raw = || block.get(start..found.end).unwrap_or_default();
        let columns = plan.header.len();
        let too_many = cells.len() > columns && cells[columns..].iter().any(|cell| !cell.text(block).is_empty());
        let (extent, zeros) = ((start, found.end), damaged && raw().contains('\0'));
        let told_apart = found.kind == Kind::Record && !zeros && !too_many && cells.len() >= plan.cells_needed;
        if let Some(carry) = carry.as_deref_mut() {
            let known = match found.kind {
                Kind::Record if told_apart => Known::All,
                Kind::Record if too_many && !plan.fill_down.is_empty() => {
                    let filled = carry.filled.values();
                    let row = Row { plan, block, cells: &cells[..columns], filled, line: this_line, extent, day: None };
                    if reads_well(log, &row, &mut out.patients, checked) { Known::All } else { Known::Shifted }
                }
                Kind::Record => Known::Shifted,
                _ => Known::First,
            };
            carry.filled.take(plan, block, &cells, known);
        }
        if found.kind != Kind::Record {
            problems.push(rules::UNTERMINATED_QUOTE, "", raw(), "A quotation mark opens a cell and is not closed.".to_owned());
            out.rejected.extend(problems.rejected(&plan.file, this_line, raw()));
            continue;
        }
        out.spanning += usize::from(found.lines > 1);
        if zeros {
            let sentence = "The row holds NUL bytes, which no text has: it was damaged when it was saved or copied.".to_owned();
            problems.push(rules::NUL_BYTE, "", "", sentence);
            out.rejected.extend(problems.rejected(&plan.file, this_line, raw()));
            continue;
        }
        let filled = carry.as_deref().map_or(&[][..], |carry| carry.filled.values());
        let row = Row { plan, block, cells: &cells, filled, line: this_line, extent, day: led.map(|led| led.day) };
        if !told_apart {
            problems.push(rules::WRONG_NUMBER_OF_CELLS, "", "", format!("The row has {} cells, the header {columns}.", cells.len()));
            out.rejected.extend(problems.rejected(&plan.file, this_line, raw()));
            continue;
        }
        if plan.lossy {
            undecoded(&row, &mut problems);
        }
        if let Some(carry) = carry.as_deref() {
            carry.filled.check(&row, &mut problems);
        }
        if let Some(filter) = plan.filter.as_ref().filter(|filter| !problems.name(row.name(filter.column))) {
            let value = row.text(filter.column).to_lowercase();
            if !filter.values.contains(&value) {
                out.filtered += 1;
                problems.clear();
                continue;
            }
        }
        let patient = if let Some(led) = led {
            Some(led.patient)
        } else {
            let patient = patient(&row, &mut out.patients, last, checked, &mut problems);
            last = patient.or(last);
            if let (Some(patient), Some(cell)) = (patient, cells.first()) {
                lead.remember(patient, &out.patients.ids[patient as usize], out.patients.known[patient as usize], cell);
            }
            patient
        };
        let day = day(&row, checked, &mut out.evidence, &mut problems);
        let values = log.values(&row, day, &mut out.evidence, &mut out.columns, &mut problems);
        let repeats = match (patient, carry.as_deref()) {
            (Some(patient), Some(carry)) => repeats(&row, &out.patients.ids[patient as usize], carry, checked, &mut problems),
            _ => false,
        };
        if let (Some(patient), Some(day)) = (patient, day)
            && let Some(start) = out.patients.start[patient as usize].filter(|&start| day < start)
        {
            let sentence = format!("{day} lies before the program's start, {start}.");
            let rule = if plan.kind == LogKind::Sessions { rules::EXERCISE_BEFORE_PROGRAM } else { rules::BEFORE_PROGRAM };
            problems.push(rule, &plan.dates[0].name, &row.date_text(0), sentence);
        }
        if let (Some(refused), Some(patient), Some(day)) = (checked.refused, patient, day) {
            refuse(&row, refused, &out.patients.ids[patient as usize], day, &mut problems);
        }
        match (patient, problems.is_empty()) {
            (Some(patient), true) => {
                if let Some((emission, rows)) = &mut emitted {
                    emission.write(&row, &out.patients.ids[patient as usize], day, rows);
                }
                out.used += usize::from(!repeats);
                out.merged += usize::from(repeats);
                out.patients.used[patient as usize] = true;
                if one_row_each(plan.kind) {
                    let said = said(plan, &row);
                    if let Some(carry) = carry.as_deref_mut() {
                        carry.seen.add(&out.patients.ids[patient as usize], said.into_iter());
                    }
                }
                // Without a date column (patients.csv) the day means nothing.
                log.push(&mut out.columns, patient, day.unwrap_or(Day(0)), this_line, values);
            }
            // A pass that will be made again with the order of dates known need not list its rejections.
            _ if out.evidence.iter().any(OrderEvidence::decides) => {}
            _ => out.rejected.extend(problems.rejected(&plan.file, this_line, raw())),
        }
        problems.clear();
    }
    out.emitted = emitted.map_or_else(Vec::new, |(_, rows)| rows.into_text());
    out
}

/// Whether a log allows one row a patient.
pub(super) fn one_row_each(kind: LogKind) -> bool {
    kind == LogKind::Patients
}

/// Whether a row breaks no rule if its spare cells are left away: those before them then stand where they should.
fn reads_well<L: Log>(log: &L, row: &Row<'_>, patients: &mut BlockPatients, checked: &Checked<'_>) -> bool {
    let (mut evidence, mut problems) = (vec![OrderEvidence::default(); row.plan.dates.len()], Problems::default());
    patient(row, patients, None, checked, &mut problems);
    let day = day(row, checked, &mut evidence, &mut problems);
    log.values(row, day, &mut evidence, &mut L::Columns::default(), &mut problems);
    problems.is_empty()
}

fn undecoded(row: &Row<'_>, problems: &mut Problems) {
    for column in row.plan.columns_in_use() {
        let text = row.text(column);
        if text.contains(char::REPLACEMENT_CHARACTER) {
            let sentence = format!("\"{text}\" holds bytes (shown as \u{fffd}) that are no letters in the encoding of the file.");
            problems.push(rules::MIXED_ENCODING, row.name(column), &text, sentence);
        }
    }
}

/// What a spreadsheet shows for a formula that failed, also in what it exports.
const SPREADSHEET_ERRORS: [&str; 7] = ["#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#NUM!", "#NULL!", "#N/A"];

fn patient(row: &Row<'_>, patients: &mut BlockPatients, last: Option<u32>, checked: &Checked<'_>, problems: &mut Problems) -> Option<u32> {
    let (name, patient) = match &row.plan.patient {
        PatientSource::Constant(id) => {
            let named = row.plan.also_names_patient.and_then(|column| Some((column, row.present(column)?)));
            if let Some((column, other)) = named.filter(|(_, other)| other != id) {
                let [this, other] = [id.as_str(), other.as_ref()].map(|id| patients.find(id, None, checked) as usize);
                let (this, other) = (&patients.ids[this], &patients.ids[other]);
                let sentence = format!("The file is \"{this}\"'s by its name, but the row is \"{other}\"'s.");
                problems.push(rules::ANOTHER_PATIENT, row.name(column), other, sentence);
                return None;
            }
            ("", patients.find(id, last, checked))
        }
        PatientSource::Column(column) => {
            // Logs mostly come patient by patient. A cell is an id, and no pseudonym.
            if let Some(last) = last
                && checked.privacy.pseudonyms.is_none()
                && patients.known[last as usize]
                && row.plain(*column) == Some(patients.ids[last as usize].as_bytes())
            {
                return Some(last);
            }
            let Some(id) = row.present(*column) else {
                let text = row.text(*column);
                let sentence = "The patient id is missing.".to_owned();
                problems.push_with(rules::MISSING_PATIENT_ID, row.name(*column), &text, sentence, repeats_above(row, *column));
                return None;
            };
            if header::is_repeated(row, *column, &id, problems) {
                return None;
            }
            if id.starts_with('#') && SPREADSHEET_ERRORS.contains(&id.as_ref()) {
                let sentence = format!("A formula gave the error {id}, not a patient id.");
                problems.push(rules::SPREADSHEET_ERROR, row.name(*column), &id, sentence);
                return None;
            }
            if is_shortened(&id) {
                let sentence = format!("\"{id}\" is a long number as a spreadsheet shortens it: which patient it was cannot be said.");
                let fix = "Export the file again with the column of the ids as text.".to_owned();
                problems.push_with(rules::SPREADSHEET_ERROR, row.name(*column), &id, sentence, Some(fix));
                return None;
            }
            (row.name(*column), patients.find(&id, last, checked))
        }
    };
    if !patients.known[patient as usize] {
        let id = &patients.ids[patient as usize];
        problems.push(rules::UNKNOWN_PATIENT, name, id, format!("There is no patient \"{id}\" in patients.csv."));
    }
    Some(patient)
}

/// Whether an id is `1.23E+11`: several long numbers are written so.
fn is_shortened(id: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let parts = id.split_once("E+").and_then(|(number, power)| Some((number.split_once(['.', ','])?, power)));
    parts.is_some_and(|((whole, decimals), power)| digits(whole) && digits(decimals) && digits(power))
}

/// What to do about an empty id where a spreadsheet shows the one above.
fn repeats_above(row: &Row<'_>, column: usize) -> Option<String> {
    let dated = row.plan.dates.first().is_some_and(|_| !row.date_text(0).is_empty());
    (dated && row.text(column).is_empty() && row.plan.fill_down.is_empty()).then(|| {
        let (name, kind) = (row.name(column), row.plan.kind.as_str());
        format!("Enter the patient id; where each empty cell means the id above it, add fill_down = [{name:?}] under [files.{kind}] in study.toml.")
    })
}

fn day(row: &Row<'_>, checked: &Checked<'_>, evidence: &mut [OrderEvidence], problems: &mut Problems) -> Option<Day> {
    if row.plan.kind == LogKind::Patients {
        return None;
    }
    let day = row.day(0, true, evidence, problems)?;
    if let Some(cut_off) = checked.cut_off.filter(|&cut_off| day > cut_off) {
        let sentence = format!("{day} lies after the cut-off, {cut_off}.");
        problems.push(rules::AFTER_CUT_OFF, &row.plan.dates[0].name, &row.date_text(0), sentence);
        return None;
    }
    Some(day)
}

/// Names a row of a day whose scores differ.
fn refuse(row: &Row<'_>, refused: &RefusedDays, id: &str, day: Day, problems: &mut Problems) {
    let Some((least, greatest)) = refused.get(id).and_then(|days| days.get(&day.0)) else { return };
    let Some(column) = row.plan.column(Field::Pain).filter(|_| problems.is_empty()) else { return };
    let sentence = format!("The scores of {id} on {day} differ (from {least} to {greatest}), and the study uses none of them then.");
    problems.push(rules::CONFLICTING_PAIN, row.name(column), &row.text(column), sentence);
}

/// What a row of the roster says: columns by native name, and their values.
fn said<'a>(plan: &'a Plan, row: &Row<'_>) -> Vec<(&'a str, String)> {
    let covariates = plan.fields.iter().filter(|(field, _)| plan.kind == LogKind::Patients && *field == Field::Covariate);
    covariates.filter_map(|&(_, column)| Some((plan.native.get(column)?.as_str(), row.present(column)?.into_owned()))).collect()
}

/// Whether a row repeats, or adds to, what an earlier row says of its patient; a problem if it says something else.
fn repeats(row: &Row<'_>, id: &str, carry: &Carry, checked: &Checked<'_>, problems: &mut Problems) -> bool {
    if !carry.seen.knows(id) {
        return false;
    }
    let name = match row.plan.patient {
        PatientSource::Column(column) => row.name(column),
        PatientSource::Constant(_) => "",
    };
    match row.plan.kind {
        LogKind::Patients => {
            let Some((column, value)) = carry.seen.contradiction(id, said(row.plan, row).into_iter()) else { return true };
            // The value may be the id of another patient.
            let shown = if checked.privacy.pseudonyms.is_some() { "something else".to_owned() } else { format!("\"{value}\"") };
            problems.push(rules::REPEATED_PATIENT, name, id, format!("Patient \"{id}\" already has a row, whose {column} is {shown}."));
        }
        LogKind::Programs | LogKind::Sessions | LogKind::Pain | LogKind::Events | LogKind::Measures => {}
    }
    false
}
