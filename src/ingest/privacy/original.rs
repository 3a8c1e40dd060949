//! Tables that were unfolded: their columns that did not come along, and their rows that were set aside.

use rustc_hash::{FxHashMap, FxHashSet};

use super::rejected::{REMOVED, cells, is_damaged, is_date_like, is_number_like, quote_nothing, says_much};
use super::{PersonalColumns, Privacy};
use crate::ingest::accounting::Finding;
use crate::ingest::formats::{Grid, SetAside};
use crate::ingest::plan::{PatientSource, Plan};
use crate::ingest::record::Marks;
use crate::ingest::rules;
use crate::settings::LogKind;

/// How rows set aside are written.
const MARKS: Marks = Marks { delimiter: b',', comment: None };

/// The columns of the table a log was unfolded from.
pub(in crate::ingest) struct OriginalTable {
    /// Names of its columns.
    pub header: Vec<String>,
    id: Option<usize>,
    /// Columns the log was made of.
    used: Vec<bool>,
    personal: PersonalColumns,
    /// Columns that are personal, whether they came along or not.
    is_personal: Vec<bool>,
    /// The first of them.
    first: Option<usize>,
}

impl OriginalTable {
    /// The table of the log with this plan and these personal columns; `made_of` names further columns the log was made of.
    pub fn new(grid: &Grid, plan: &Plan, carried: &PersonalColumns, made_of: &[String], privacy: Privacy<'_>) -> Self {
        let id = match plan.patient {
            PatientSource::Column(column) => plan.header.get(column).and_then(|name| grid.column(name)),
            PatientSource::Constant(_) => None,
        };
        let mut of_text: FxHashMap<&str, usize> = FxHashMap::default();
        for (column, name) in plan.header.iter().enumerate() {
            of_text.entry(name).or_insert(column);
        }
        let made_of: FxHashSet<&str> = made_of.iter().map(String::as_str).collect();
        let came: Vec<Option<usize>> = grid.header.iter().map(|name| of_text.get(name.as_str()).copied()).collect();
        let used: Vec<bool> = grid.header.iter().zip(&came).map(|(name, came)| came.is_some() || made_of.contains(name.as_str())).collect();
        let is_used = |column: usize| used.get(column).is_some_and(|&used| used);
        let personal = PersonalColumns::in_table(grid, id, plan.kind == LogKind::Patients, privacy, is_used);
        let of_came = |came: &Option<usize>| came.is_some_and(|column| carried.holds(column));
        let is_personal: Vec<bool> = came.iter().enumerate().map(|(column, came)| personal.holds(column) || of_came(came)).collect();
        let first = is_personal.iter().position(|&is| is);
        Self { header: grid.header.clone(), id, used, personal, is_personal, first }
    }

    /// What is found of its columns, without a value.
    pub fn findings(&self, file: &str) -> Vec<Finding> {
        self.personal.column_findings(file, &self.header)
    }

    /// Columns that are not carried for another reason than that they look personal.
    pub fn notes(&self, file: &str) -> Vec<String> {
        self.personal.notes(file, &self.header)
    }

    /// Takes out of a row set aside what is personal; `carried` are the personal columns that came along.
    pub fn clean(&self, plan: &Plan, carried: &PersonalColumns, privacy: Privacy<'_>, aside: &mut SetAside) {
        let SetAside { row, columns } = aside;
        let by = if carried.first().is_some() { carried } else { &self.personal };
        if by.first().is_none() && privacy.pseudonyms.is_none() {
            return;
        }
        let Some(cells) = cells(MARKS, &row.raw).filter(|_| !is_damaged(row)) else {
            return by.withhold_record(row);
        };
        // Where only some cells of the row are shown, `columns` says which.
        let column_of = |place: usize| columns.as_ref().map_or(Some(place), |columns| columns.get(place).copied()).unwrap_or(usize::MAX);
        let texts: Vec<(usize, String)> =
            cells.iter().enumerate().map(|(place, cell)| (column_of(place), cell.text(&row.raw).into_owned())).collect();
        let is_personal = |column: usize| self.is_personal.get(column).is_some_and(|&is| is);
        let tells = |text: &str| says_much(text) && !is_date_like(text) && !is_number_like(text);
        if row.rule == rules::CONFLICTING_VALUES.id {
            // It quotes a cell of another row as well. Rows of such an export are whole: a cell is what its column holds.
            let at = |header: &[String]| header.iter().position(|name| *name == row.column);
            let of_person = at(&self.header).is_some_and(is_personal) || at(&plan.header).is_some_and(|column| carried.holds(column));
            if of_person || privacy.pseudonyms.is_some() {
                row.value = if row.value.is_empty() { String::new() } else { REMOVED.to_owned() };
                row.sentence = format!("\"{}\" is something else here than on an earlier row.", row.column);
                quote_nothing(row);
            } else if !row.also.is_empty() {
                quote_nothing(row);
            }
        } else {
            let quoted = |text: &str| [&row.value, &row.sentence, &row.also, &row.fix].iter().any(|said| said.contains(text));
            let told = texts.iter().any(|(column, text)| {
                let secret = tells(text) || (is_personal(*column) || self.id == Some(*column)) && text.chars().count() >= 2;
                secret && quoted(text)
            });
            if told {
                return by.withhold(row);
            }
        }
        let shown = texts.iter().map(|&(column, ref text)| match privacy.pseudonyms {
            _ if text.is_empty() => String::new(),
            Some(pseudonyms) if self.id == Some(column) => pseudonyms.of(text),
            _ if is_personal(column) => REMOVED.to_owned(),
            Some(_) if tells(text) || !self.used.get(column).is_some_and(|&used| used) => REMOVED.to_owned(),
            None if self.id != Some(column) && self.first.is_some_and(|first| column > first) && tells(text) => REMOVED.to_owned(),
            _ if text.contains([',', '"', '\n', '\r']) => format!("\"{}\"", text.replace('"', "\"\"")),
            _ => text.clone(),
        });
        row.raw = shown.collect::<Vec<_>>().join(",");
    }
}
