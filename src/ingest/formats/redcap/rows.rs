//! Which rows of an export are a log's.

use super::export::{Export, Source};
use crate::domain::nearest;
use crate::ingest::columns::normalized;
use crate::ingest::error::IngestError;
use crate::ingest::formats::foreign::Foreign;
use crate::ingest::formats::grid::GridRow;
use crate::ingest::formats::unfolded::Unfolded;
use crate::settings::RedcapSettings;

/// The rows a log is on.
pub(super) struct Rows {
    /// Cells of the event column that are meant; `None` for all.
    events: Option<Vec<String>>,
    /// Cells of the instrument column that are meant; `None` for all.
    instruments: Option<Vec<String>>,
    /// The column of the study's own filter, and the cells it keeps.
    filter: Option<(usize, Vec<String>)>,
}

/// Rows that are not the log's.
#[derive(Default)]
pub(super) struct LeftOut {
    pub elsewhere: usize,
    pub empty: usize,
}

impl LeftOut {
    /// Counts a row of another instrument or event.
    pub fn elsewhere(&mut self, unfolded: &mut Unfolded) {
        self.elsewhere += 1;
        unfolded.aside.filtered += 1;
    }

    /// Counts a row in which the log's fields are empty.
    pub fn empty(&mut self, unfolded: &mut Unfolded) {
        self.empty += 1;
        unfolded.aside.filtered += 1;
    }
}

impl Rows {
    pub fn new(foreign: &Foreign<'_>, export: &Export<'_>, redcap: &RedcapSettings) -> Result<Self, IngestError> {
        let events = if redcap.events.is_empty() { None } else { Some(events(foreign, export, &redcap.events)?) };
        let instruments = redcap.instrument.as_deref().map(|wanted| instruments(foreign, export, wanted)).transpose()?;
        // In exports of labels an instrument may have any name: what its fields say decides.
        let instruments = instruments.filter(|found| !found.is_empty() || export.labels != Some(true));
        let filter =
            foreign.located.settings.filter.as_ref().map(|filter| match export.find(foreign, &filter.column, "filter.column")? {
                Source::Column(column) => Ok((column, filter.equals.iter().map(|cell| cell.trim().to_lowercase()).collect())),
                Source::Checkboxes(_) => {
                    let problem = format!("is \"{}\", a field with one column per box", filter.column);
                    Err(foreign.setting("filter.column", problem, format!("Name one of its columns, such as \"{}___1\".", filter.column)))
                }
            });
        Ok(Self { events, instruments, filter: filter.transpose()? })
    }

    /// Whether a row may be the log's: it is of one of the events, and not of another repeating instrument.
    pub fn may_have(&self, export: &Export<'_>, row: &GridRow) -> bool {
        let event = self.events.as_ref().is_none_or(|events| events.iter().any(|event| event == Export::cell(row, export.event)));
        let instrument = Export::cell(row, export.instrument);
        let kept = self.filter.as_ref().is_none_or(|(column, cells)| cells.contains(&row.cell(*column).to_lowercase()));
        event
            && kept
            && (instrument.is_empty() || self.instruments.as_ref().is_none_or(|names| names.iter().any(|name| name == instrument)))
    }

    /// Whether a row is one of the repeating instrument the log is on.
    pub fn is_of_instrument(&self, export: &Export<'_>, row: &GridRow) -> bool {
        !Export::cell(row, export.instrument).is_empty() && self.instruments.is_some()
    }
}

/// `Screening & Enrollment (Arm 1: Drug A)` is `screening__enrollm_arm_1` in raw exports.
fn is_event(cell: &str, wanted: &str) -> bool {
    if cell.eq_ignore_ascii_case(wanted) {
        return true;
    }
    let label = cell.split(" (Arm ").next().unwrap_or(cell);
    let unique: String = label
        .to_lowercase()
        .chars()
        .filter_map(|c| if c == ' ' { Some('_') } else { c.is_ascii_alphanumeric().then_some(c) })
        .take(18)
        .collect();
    let arm = cell.split_once(" (Arm ").map(|(_, arm)| arm.chars().take_while(char::is_ascii_digit).collect::<String>());
    let named =
        wanted.rsplit_once("_arm_").is_some_and(|(event, of)| event.eq_ignore_ascii_case(&unique) && arm.is_none_or(|arm| arm == of));
    named || label.eq_ignore_ascii_case(wanted)
}

fn events(foreign: &Foreign<'_>, export: &Export<'_>, wanted: &[String]) -> Result<Vec<String>, IngestError> {
    let seen = export.seen(export.event);
    let mut events = Vec::new();
    for wanted in wanted {
        let fitting: Vec<String> = seen.iter().filter(|cell| is_event(cell, wanted.trim())).map(|&cell| cell.to_owned()).collect();
        if fitting.is_empty() {
            return Err(not_seen(foreign, "redcap.events", wanted, &seen, "events"));
        }
        events.extend(fitting);
    }
    Ok(events)
}

fn instruments(foreign: &Foreign<'_>, export: &Export<'_>, wanted: &str) -> Result<Vec<String>, IngestError> {
    let seen = export.seen(export.instrument);
    let plain = normalized(wanted);
    let fitting: Vec<String> = seen.iter().filter(|cell| normalized(cell) == plain).map(|&cell| cell.to_owned()).collect();
    let known = || {
        let form =
            export.dictionary.as_ref().is_some_and(|dictionary| dictionary.fields.iter().any(|field| normalized(&field.form) == plain));
        form || export.grid.header.iter().any(|name| name.strip_suffix("_complete").is_some_and(|form| form == plain))
    };
    if !fitting.is_empty() || known() {
        return Ok(fitting);
    }
    let complete = export.grid.header.iter().filter_map(|name| name.strip_suffix("_complete"));
    let all: Vec<&str> = seen.iter().copied().chain(complete.filter(|form| !seen.contains(form))).collect();
    Err(not_seen(foreign, "redcap.instrument", wanted, &all, "instruments"))
}

fn not_seen(foreign: &Foreign<'_>, setting: &str, wanted: &str, seen: &[&str], what: &str) -> IngestError {
    let has = if seen.is_empty() { format!("the file names no {what}") } else { format!("the file has {}", seen.join(", ")) };
    let fix = match nearest(wanted, seen.iter().copied()) {
        Some(near) => format!("Did you mean \"{near}\"?"),
        None if seen.is_empty() => format!("Take {setting} out."),
        None => format!("Give one of the {what} as it stands in the file."),
    };
    foreign.setting(setting, format!("names \"{wanted}\", but {has}"), fix)
}
