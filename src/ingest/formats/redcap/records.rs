//! Logs with one row per patient: the rows of a record become one, and values that differ are nobody's.

use std::collections::BTreeMap;

use super::export::Export;
use super::rows::LeftOut;
use super::values::{LogField, Said};
use crate::ingest::formats::foreign::{Foreign, shortened};
use crate::ingest::formats::grid::GridRow;
use crate::ingest::formats::unfolded::Unfolded;
use crate::ingest::rules;
use crate::settings::LogKind;

/// Rows by record, in the order of the file. Rows without an id are each their own.
pub(super) fn records<'a>(rows: &[&'a GridRow], id: usize) -> Vec<Vec<&'a GridRow>> {
    let (mut index, mut records): (BTreeMap<&str, usize>, Vec<Vec<&GridRow>>) = (BTreeMap::new(), Vec::new());
    for &row in rows {
        match index.get(row.cell(id)).and_then(|&at| records.get_mut(at)) {
            Some(record) if !row.cell(id).is_empty() => record.push(row),
            _ => {
                index.insert(row.cell(id), records.len());
                records.push(vec![row]);
            }
        }
    }
    records
}

/// The value of one field over the rows of a record.
#[derive(Default)]
struct Merged {
    /// The first value and the line it stands on.
    value: Option<(String, usize)>,
    by_default: Option<String>,
    /// Lines that say the same, in the order of the file.
    agreeing: Vec<usize>,
    /// Lines that say something else, in the order of the file.
    conflicts: Vec<(String, usize)>,
}

impl Merged {
    fn add(&mut self, said: Said, line: usize) {
        match (said, &self.value) {
            (Said::Nothing, _) => {}
            (Said::ByDefault(value), _) => {
                self.by_default.get_or_insert(value);
            }
            (Said::Value(value), None) => self.value = Some((value, line)),
            (Said::Value(value), Some((known, _))) if value.eq_ignore_ascii_case(known) => self.agreeing.push(line),
            (Said::Value(value), Some(_)) => self.conflicts.push((value, line)),
        }
    }

    /// The one value there is.
    fn text(&self) -> &str {
        match (&self.value, &self.by_default) {
            (Some((value, _)), _) if self.conflicts.is_empty() => value,
            (None, Some(value)) => value,
            _ => "",
        }
    }

    fn gives(&self, line: usize) -> bool {
        self.value.as_ref().is_some_and(|&(_, at)| at == line) || self.agreeing.binary_search(&line).is_ok()
    }
}

/// Writes the one row of a record (or the rows of its programs) and accounts for its other rows.
pub(super) fn write(
    foreign: &Foreign<'_>,
    export: &Export<'_>,
    fields: &[LogField],
    record: &[&GridRow],
    left_out: &mut LeftOut,
    unfolded: &mut Unfolded,
) {
    // A program of its own stands on each row of a repeating instrument or event.
    let repeats = |row: &&GridRow| foreign.kind == LogKind::Programs && !Export::cell(row, export.instance).is_empty();
    let (own, common): (Vec<&GridRow>, Vec<&GridRow>) = record.iter().copied().partition(repeats);
    let mut merged: Vec<Merged> = fields.iter().map(|_| Merged::default()).collect();
    for row in &common {
        for (field, merged) in fields.iter().zip(&mut merged) {
            merged.add(field.said(foreign, row), row.line);
        }
    }
    let mut programs = 0;
    for row in own {
        let said: Vec<Said> = fields.iter().map(|field| field.said(foreign, row)).collect();
        if !LogField::any_filled(fields, &said) {
            left_out.empty(unfolded);
            continue;
        }
        programs += 1;
        let cells = said.iter().zip(&merged).map(|(said, common)| if let Said::Value(value) = said { value } else { common.text() });
        unfolded.push(&cells.collect::<Vec<_>>(), row.line, None);
    }
    let of_patient = || fields.iter().zip(&merged).filter(|(field, _)| !field.is_id());
    let of_content = || of_patient().filter(|(field, _)| field.counts);
    // The record's row is that of its first value; a patient without any is a patient all the same.
    let first = of_content().filter_map(|(_, merged)| merged.value.as_ref().map(|&(_, line)| line)).min();
    let patient = if foreign.kind == LogKind::Patients { common.first().map(|row| row.line) } else { None };
    let place = if programs > 0 { None } else { first.or(patient) };
    if let Some(line) = place {
        unfolded.push(&merged.iter().map(Merged::text).collect::<Vec<_>>(), line, None);
    }
    for row in common.iter().filter(|row| Some(row.line) != place) {
        let mut conflicts = of_patient().filter_map(|(field, merged)| {
            let at = merged.conflicts.binary_search_by_key(&row.line, |&(_, line)| line).ok()?;
            let (here, _) = merged.conflicts.get(at)?;
            let (there, line) = merged.value.as_ref()?;
            Some((field, here, format!("\"{}\" is \"{here}\" here and \"{}\" on line {line}.", field.name, shortened(there))))
        });
        if let Some((field, here, sentence)) = conflicts.next() {
            let also: Vec<String> = conflicts.map(|(_, _, sentence)| format!("{}: {sentence}", rules::CONFLICTING_VALUES.id)).collect();
            let mut rejected = foreign.rejected(rules::CONFLICTING_VALUES, row, &field.name, here, sentence);
            rejected.also = also.join(" ");
            unfolded.reject(rejected);
        } else if of_content().any(|(_, merged)| merged.gives(row.line)) {
            unfolded.aside.merged += 1;
        } else {
            left_out.empty(unfolded);
        }
    }
}
