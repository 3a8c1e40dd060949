//! The rows of one block → columns, rejections and counts. The same for every kind of log.

use rustc_hash::{FxHashMap, FxHashSet};

use super::accounting::Rejected;
use super::columns::Field;
use super::dates::OrderEvidence;
use super::plan::{PatientSource, Plan};
use super::privacy::Privacy;
use super::record::{Cell, Kind, scan};
use super::row::{Problems, Row};
use super::rules;
use crate::domain::Day;
use crate::settings::LogKind;

/// What one kind of log makes of a row's values.
pub(super) trait Log: Sync {
    /// The columns it fills.
    type Columns: Default + Send;
    /// The values of one row.
    type Values;

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
}

/// What a row takes over from the rows above it.
#[derive(Default)]
pub(super) struct Carry {
    /// Last value of each column that is filled down.
    pub filled: Vec<Option<String>>,
    /// Patients that have a row, in logs that allow one row a patient.
    pub seen: FxHashSet<String>,
}

/// What became of one block.
pub(super) struct BlockRows<C> {
    pub columns: C,
    pub patients: BlockPatients,
    pub rejected: Vec<Rejected>,
    pub read: usize,
    pub used: usize,
    pub filtered: usize,
    /// Records over several lines.
    pub spanning: usize,
    pub evidence: Vec<OrderEvidence>,
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
    let mut out = BlockRows {
        columns: L::Columns::default(),
        patients: BlockPatients::default(),
        rejected: Vec::new(),
        read: 0,
        used: 0,
        filtered: 0,
        spanning: 0,
        evidence: vec![OrderEvidence::default(); plan.dates.len()],
    };
    let (mut cells, mut problems): (Vec<Cell>, Problems) = (Vec::with_capacity(plan.header.len() + 1), Problems::default());
    let (mut at, mut line, mut last) = (0, first_line, None);
    while at < bytes.len() {
        let (start, this_line) = (at, line);
        let found = scan(bytes, at, plan.marks, true, &mut cells);
        at = found.next;
        line += found.lines as usize;
        if found.kind == Kind::Nothing {
            continue;
        }
        out.read += 1;
        let raw = || block.get(start..found.end).unwrap_or_default();
        if found.kind != Kind::Record {
            problems.push(rules::UNTERMINATED_QUOTE, "", raw(), "A quotation mark opens a cell and is not closed.".to_owned());
            out.rejected.extend(problems.rejected(&plan.file, this_line, raw()));
            continue;
        }
        out.spanning += usize::from(found.lines > 1);
        if let Some(carry) = carry.as_deref_mut() {
            fill_down(plan, block, &cells, &mut carry.filled);
        }
        let filled: &[Option<String>] = carry.as_deref().map_or(&[], |carry| &carry.filled);
        let row = Row { plan, block, cells: &cells, filled, line: this_line, raw: raw() };
        let columns = plan.header.len();
        let too_many = cells.len() > columns && cells[columns..].iter().any(|cell| !cell.text(block).is_empty());
        if too_many || cells.len() < plan.cells_needed {
            problems.push(rules::WRONG_NUMBER_OF_CELLS, "", "", format!("The row has {} cells, the header {columns}.", cells.len()));
            out.rejected.extend(problems.rejected(&plan.file, this_line, raw()));
            continue;
        }
        if let Some(filter) = &plan.filter {
            let value = row.text(filter.column).to_lowercase();
            if !filter.values.contains(&value) {
                out.filtered += 1;
                continue;
            }
        }
        let patient = patient(&row, &mut out.patients, last, checked, &mut problems);
        last = patient.or(last);
        let day = day(&row, checked, &mut out.evidence, &mut problems);
        let values = log.values(&row, day, &mut out.evidence, &mut out.columns, &mut problems);
        if let (Some(patient), Some(carry)) = (patient, carry.as_deref()) {
            only_once(&row, &out.patients.ids[patient as usize], carry, &mut problems);
        }
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
                out.used += 1;
                out.patients.used[patient as usize] = true;
                if let Some(carry) = carry.as_deref_mut()
                    && one_row_each(plan.kind)
                {
                    carry.seen.insert(out.patients.ids[patient as usize].clone());
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
    out
}

/// Whether a log allows one row a patient.
pub(super) fn one_row_each(kind: LogKind) -> bool {
    kind == LogKind::Patients
}

fn fill_down(plan: &Plan, block: &str, cells: &[Cell], filled: &mut Vec<Option<String>>) {
    if plan.fill_down.is_empty() {
        return;
    }
    filled.resize(plan.header.len(), None);
    for &column in &plan.fill_down {
        let text = cells.get(column).map(|cell| cell.text(block)).filter(|text| !text.is_empty());
        if let Some(text) = text {
            filled[column] = Some(text.into_owned());
        }
    }
}

fn patient(row: &Row<'_>, patients: &mut BlockPatients, last: Option<u32>, checked: &Checked<'_>, problems: &mut Problems) -> Option<u32> {
    let (name, patient) = match &row.plan.patient {
        PatientSource::Constant(id) => ("", patients.find(id, last, checked)),
        PatientSource::Column(column) => {
            let Some(id) = row.present(*column) else {
                problems.push(rules::MISSING_PATIENT_ID, row.name(*column), &row.text(*column), "The patient id is missing.".to_owned());
                return None;
            };
            (row.name(*column), patients.find(&id, last, checked))
        }
    };
    if !patients.known[patient as usize] {
        let id = &patients.ids[patient as usize];
        problems.push(rules::UNKNOWN_PATIENT, name, id, format!("There is no patient \"{id}\" in patients.csv."));
    }
    Some(patient)
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

fn only_once(row: &Row<'_>, id: &str, carry: &Carry, problems: &mut Problems) {
    if !carry.seen.contains(id) {
        return;
    }
    let name = match row.plan.patient {
        PatientSource::Column(column) => row.name(column),
        PatientSource::Constant(_) => "",
    };
    match row.plan.kind {
        LogKind::Patients => problems.push(rules::REPEATED_PATIENT, name, id, format!("Patient \"{id}\" already has a row.")),
        LogKind::Programs | LogKind::Sessions | LogKind::Pain | LogKind::Events => {}
    }
}
