//! Exports of REDCap projects: rows of all instruments and events in one file, codes or labels in the cells.
//!
//! A row is a log's if it may be (its event, its repeating instrument) and says something in one of the log's fields;
//! every other row counts as filtered. Logs with one row per patient take their values from all rows of a record.

mod choices;
mod dictionary;
mod export;
mod propose;
mod records;
mod rows;
mod values;

pub(super) use propose::proposals;

use std::path::PathBuf;

use super::foreign::Foreign;
use super::unfolded::Unfolded;
use crate::domain::number;
use crate::ingest::columns::{Field, columns_of, normalized};
use crate::ingest::error::IngestError;
use crate::ingest::locate::Located;
use crate::settings::{LogKind, RedcapSettings, ScaleSetting};
use dictionary::{Dictionary, FieldEntry, FieldType};
use export::{Export, Source};
use rows::{LeftOut, Rows};
use values::{Holds, LogField, Said};

pub(super) fn unfold(foreign: &Foreign<'_>, redcap: &RedcapSettings) -> Result<Unfolded, IngestError> {
    let read = |name: &String| Dictionary::read(foreign.located, name, foreign.kind);
    let export = Export::new(&foreign.grid, redcap.dictionary.as_ref().map(read).transpose()?);
    let fields = fields(foreign, &export, redcap)?;
    let rows = Rows::new(foreign, &export, redcap)?;
    let names: Vec<&str> = fields.iter().map(|field| field.name.as_str()).collect();
    let mut unfolded = Unfolded::new(&names, foreign.grid.header_line);
    let columns = fields.iter().map(|field| (field.native.clone(), field.name.clone()));
    let mut settings = foreign.settings_of_text(columns);
    // What means "missing" has been blanked, field by field.
    settings.missing.clear();
    settings.filter = None;
    unfolded.read_by = Some(settings);
    describe(&export, &mut unfolded);
    let mut left_out = LeftOut::default();
    let mut kept = Vec::new();
    for row in &foreign.grid.rows {
        if let Some(rejected) = foreign.misshapen(row, foreign.grid.header.len().min(2)) {
            unfolded.reject(rejected);
        } else if rows.may_have(&export, row) {
            kept.push(row);
        } else {
            left_out.elsewhere(&mut unfolded);
        }
    }
    if matches!(foreign.kind, LogKind::Patients | LogKind::Programs) && foreign.located.settings.patient_id.is_none() {
        let id = fields
            .iter()
            .find_map(|field| if let (true, Source::Column(column)) = (field.is_id(), &field.source) { Some(*column) } else { None });
        for record in records::records(&kept, id.unwrap_or_default()) {
            records::write(foreign, &export, &fields, &record, &mut left_out, &mut unfolded);
        }
    } else {
        for row in kept {
            let said: Vec<Said> = fields.iter().map(|field| field.said(foreign, row)).collect();
            if LogField::any_filled(&fields, &said) {
                let cells = said.iter().map(Said::text).collect::<Vec<_>>();
                unfolded.push(&cells, row.line, None);
            } else if rows.is_of_instrument(&export, row) {
                left_out.empty(&mut unfolded);
            } else {
                left_out.elsewhere(&mut unfolded);
            }
        }
    }
    let rows = foreign.grid.rows.len();
    if rows > 0 && unfolded.aside.filtered == rows && (foreign.kind.required() || foreign.kind == LogKind::Patients) {
        let names: Vec<&str> = fields.iter().filter(|field| field.counts && !field.is_id()).map(|field| field.name.as_str()).collect();
        let problem = format!(
            "leaves no row: {} of the events and instruments asked for say anything in {}",
            if left_out.empty > 0 {
                format!("none of the {}", number::counted(left_out.empty, "row", "rows"))
            } else {
                "no rows".to_owned()
            },
            names.join(", ")
        );
        let fix = "Name the instrument and events these fields are on, as redcap_repeat_instrument and redcap_event_name give them.";
        return Err(foreign.setting("redcap", problem, fix.to_owned()));
    }
    note(foreign, &fields, &left_out, &mut unfolded);
    Ok(unfolded)
}

/// The fields of a log: mapped by the settings, of native names, or (patients) all those of the instrument.
fn fields(foreign: &Foreign<'_>, export: &Export<'_>, redcap: &RedcapSettings) -> Result<Vec<LogField>, IngestError> {
    let settings = &foreign.located.settings;
    let mut fields: Vec<LogField> = Vec::new();
    let add = |native: &str, name: &str, source: Source, holds: Holds, fields: &mut Vec<LogField>| {
        if fields.iter().all(|known| known.name != name) {
            let own = matches!(source, Source::Column(column) if export.is_system(column));
            let mut field = LogField::new(foreign, export, native, name.to_owned(), source, holds)?;
            // REDCap fills in its own columns on every row.
            field.counts &= !own;
            fields.push(field);
        }
        Ok::<(), IngestError>(())
    };
    if settings.patient_id.is_none() {
        let first = (0..foreign.grid.header.len()).find(|&column| !export.is_system(column)).unwrap_or_default();
        let (name, source) = if let Some(name) = settings.columns.get("patient_id") {
            (name.as_str(), export.find(foreign, name, "columns.patient_id")?)
        } else {
            (foreign.name(first), Source::Column(first))
        };
        add("patient_id", name, source, Holds::AsItStands, &mut fields)?;
    }
    let specs = columns_of(foreign.kind);
    for (native, name) in settings.columns.iter().filter(|(native, _)| *native != "patient_id") {
        let source = export.find(foreign, name, &format!("columns.{native}"))?;
        let field = specs.iter().find(|spec| spec.name == native).map_or(Field::Covariate, |spec| spec.field);
        add(native, name, source, Holds::of(field), &mut fields)?;
    }
    let named = |field: Field| !matches!(field, Field::PatientId | Field::Unused);
    for spec in specs.iter().filter(|spec| named(spec.field) && !settings.columns.contains_key(spec.name)) {
        let plain = |column: &usize| normalized(export.name(*column));
        let columns = || (0..foreign.grid.header.len()).filter(|&column| !export.is_system(column) && !export.is_progress(column));
        let exact = columns().find(|column| plain(column) == spec.name);
        let mut fits = columns().filter(|column| spec.aliases.contains(&plain(column).as_str()));
        let found = exact.or_else(|| fits.next().filter(|_| fits.next().is_none()));
        if let Some(column) = found.filter(|&column| !fields.iter().any(|field| field.source == Source::Column(column))) {
            add(spec.name, foreign.name(column), Source::Column(column), Holds::of(spec.field), &mut fields)?;
            if let Some(field) = fields.last_mut() {
                // A column nobody has mapped may be of another instrument: it makes no row the log's.
                field.counts = spec.required || spec.field == Field::Covariate;
            }
        }
    }
    if let (LogKind::Patients, Some(form), Some(dictionary)) = (foreign.kind, &redcap.instrument, &export.dictionary) {
        let of_form = |field: &&FieldEntry| normalized(&field.form) == normalized(form) && !field.identifier;
        for entry in dictionary.fields.iter().filter(of_form) {
            let column = (0..foreign.grid.header.len()).find(|&column| export.name(column) == entry.name);
            let source = column.map(Source::Column).or_else(|| export.checkboxes(&entry.name).map(Source::Checkboxes));
            let used = |source: &Source| fields.iter().any(|field| field.source == *source);
            if let Some(source) = source.filter(|source| !used(source)) {
                add(&entry.name, &entry.name, source, Holds::Words, &mut fields)?;
            }
        }
    }
    // The filter has been applied to the rows themselves.
    let parts = settings.date_parts.iter().flat_map(|parts| [&parts.year, &parts.month, &parts.day]);
    for name in parts {
        let source = export.find(foreign, name, "date_parts")?;
        let before = fields.len();
        add("", name, source, Holds::AsItStands, &mut fields)?;
        fields.iter_mut().skip(before).for_each(|field| field.counts = false);
    }
    Ok(fields)
}

fn describe(export: &Export<'_>, unfolded: &mut Unfolded) {
    let cells = match export.labels {
        Some(true) => "REDCap export (labels)",
        Some(false) => "REDCap export (raw)",
        None => "REDCap export",
    };
    unfolded.described.push(cells.to_owned());
}

fn note(foreign: &Foreign<'_>, fields: &[LogField], left_out: &LeftOut, unfolded: &mut Unfolded) {
    let file = &foreign.located.name;
    unfolded.notes.extend(fields.iter().filter_map(|field| field.note.clone()));
    let log = foreign.kind.as_str();
    if left_out.elsewhere + left_out.empty > 0 {
        unfolded.notes.push(format!(
            "{file}: {} of other instruments or events left out of {log}, and {} in which its fields are empty.",
            number::counted(left_out.elsewhere, "row", "rows"),
            number::count(left_out.empty),
        ));
    }
    if unfolded.aside.merged > 0 {
        let rows = number::counted(unfolded.aside.merged, "row", "rows");
        unfolded.notes.push(format!("{file}: {rows} gave values to the {log} row of their record and merged into it."));
    }
    let private: Vec<&str> = fields.iter().filter(|field| field.identifies()).map(|field| field.name.as_str()).collect();
    if !private.is_empty() {
        unfolded.notes.push(format!("{file}: the data dictionary marks as identifying: {}.", private.join(", ")));
    }
}

/// The data dictionary a file is read with.
pub(in crate::ingest) fn dictionary_path(located: &Located) -> Option<PathBuf> {
    let name = located.settings.redcap.as_ref()?.dictionary.as_ref()?;
    dictionary::path_of(located, name)
}

/// The scale the dictionary gives the pain field.
pub(super) fn scale(located: &Located, redcap: &RedcapSettings) -> Result<Option<(ScaleSetting, String)>, IngestError> {
    let Some(name) = &redcap.dictionary else { return Ok(None) };
    let dictionary = Dictionary::read(located, name, LogKind::Pain)?;
    let entry = match located.settings.columns.get("pain") {
        Some(name) => dictionary.meant(name),
        None => dictionary.field("pain"),
    };
    let Some((entry, (least, greatest))) = entry.and_then(|entry| span(entry).map(|span| (entry, span))) else { return Ok(None) };
    let is = |from: f64, to: f64| (least - from).abs() < f64::EPSILON && (greatest - to).abs() < f64::EPSILON;
    if is(0.0, 10.0) || least >= greatest {
        return Ok(None);
    }
    let label = entry.label.to_lowercase();
    let of_days = ["day", "dag", "tag", "jour", "día", "giorn"].iter().any(|word| label.contains(word));
    let (scale, shown) = if is(0.0, 100.0) {
        (ScaleSetting::Named("vas100".to_owned()), "\"vas100\"".to_owned())
    } else if is(0.0, 7.0) && of_days {
        (ScaleSetting::Named("days7".to_owned()), "\"days7\"".to_owned())
    } else {
        let own = ScaleSetting::Own { name: entry.name.clone(), min: least, max: greatest };
        (own, format!("{{ name = \"{}\", min = {least}, max = {greatest} }}", entry.name))
    };
    let note = format!(
        "{}: the data dictionary gives {} from {least} to {greatest}, so it is read with scale = {shown}; another scale can be set under [files.pain].",
        located.name, entry.name
    );
    Ok(Some((scale, note)))
}

/// From where to where a field goes.
fn span(entry: &FieldEntry) -> Option<(f64, f64)> {
    match entry.field_type {
        // A slider without limits of its own goes from 0 to 100.
        FieldType::Slider => Some((entry.least.unwrap_or(0.0), entry.greatest.unwrap_or(100.0))),
        FieldType::Text => entry.least.zip(entry.greatest),
        FieldType::Choice => {
            let by_label: Option<Vec<f64>> =
                entry.choices.iter().map(|choice| choices::number_of(&choice.label).and_then(|number| number.parse().ok())).collect();
            let by_code = || entry.choices.iter().map(|choice| choice.code.parse().ok()).collect::<Option<Vec<f64>>>();
            let mut numbers = by_label.or_else(by_code)?;
            // Codes for "missing" may be among the choices.
            numbers.retain(|number| *number >= 0.0);
            let least = numbers.iter().copied().reduce(f64::min)?;
            let greatest = numbers.iter().copied().reduce(f64::max)?;
            // 1 to 4 words are no scale of numbers.
            (numbers.len() > 4).then_some((least, greatest))
        }
        FieldType::Checkbox | FieldType::YesNo => None,
    }
}

/// Refuses an export that would be read as if all its rows were one log's, with the block to add.
pub(super) fn check_declared(foreign: &Foreign<'_>) -> Result<(), IngestError> {
    let export = Export::new(&foreign.grid, None);
    let settings = &foreign.located.settings;
    let filtered = settings.filter.as_ref().and_then(|filter| foreign.grid.column(&filter.column));
    if !export.is_one() || filtered.is_some_and(|column| export.is_system(column)) {
        return Ok(());
    }
    let list = |seen: Vec<&str>, what: &str| if seen.is_empty() { String::new() } else { format!(" ({what}: {})", seen.join(", ")) };
    let problem = format!(
        "is not given, but the file is an export of a REDCap project, whose rows are of several events and instruments{}{}",
        list(export.seen(export.event), "events"),
        list(export.seen(export.instrument), "repeating instruments")
    );
    Err(foreign.setting("redcap", problem, propose::fix(&foreign.grid, &foreign.located.path, &foreign.located.name, foreign.kind)))
}
