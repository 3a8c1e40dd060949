//! An export with its header understood: which column is which field, event, instrument and instance.

use super::choices;
use super::dictionary::{Dictionary, FieldType};
use crate::domain::nearest;
use crate::ingest::columns::normalized;
use crate::ingest::error::IngestError;
use crate::ingest::formats::foreign::Foreign;
use crate::ingest::formats::grid::{Grid, GridRow};

/// Columns REDCap adds, by their names in raw exports and in exports of labels.
const EVENT: [&str; 2] = ["redcap_event_name", "Event Name"];
const INSTRUMENT: [&str; 2] = ["redcap_repeat_instrument", "Repeat Instrument"];
const INSTANCE: [&str; 2] = ["redcap_repeat_instance", "Repeat Instance"];
const OTHERS: [&str; 8] = [
    "redcap_data_access_group",
    "Data Access Group",
    "redcap_survey_identifier",
    "Survey Identifier",
    "Survey Timestamp",
    "Complete?",
    "redcap_event_name",
    "redcap_custom_event_label",
];

/// Where a field of a log stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Source {
    Column(usize),
    /// The columns of a checkbox field, each with the code in its name.
    Checkboxes(Vec<(usize, String)>),
}

/// An export and what its columns are.
pub(super) struct Export<'a> {
    pub grid: &'a Grid,
    pub dictionary: Option<Dictionary>,
    /// For each column the name of its field; several where a label does not say which.
    pub names: Vec<Vec<String>>,
    pub event: Option<usize>,
    pub instrument: Option<usize>,
    pub instance: Option<usize>,
    /// Whether the cells hold labels instead of codes, where the file shows it.
    pub labels: Option<bool>,
}

impl<'a> Export<'a> {
    pub fn new(grid: &'a Grid, dictionary: Option<Dictionary>) -> Self {
        let system = |names: [&str; 2]| grid.header.iter().position(|name| names.iter().any(|known| known.eq_ignore_ascii_case(name)));
        let names = grid.header.iter().map(|name| fields_called(name, dictionary.as_ref())).collect();
        let mut export = Self {
            grid,
            names,
            dictionary,
            event: system(EVENT),
            instrument: system(INSTRUMENT),
            instance: system(INSTANCE),
            labels: None,
        };
        export.labels = export.holds_labels();
        export
    }

    /// Whether the header has columns only REDCap writes.
    pub fn is_one(&self) -> bool {
        let raw = |column: Option<usize>| column.is_some_and(|column| self.grid.header[column].starts_with("redcap_"));
        raw(self.event) || raw(self.instance) || (self.instrument.is_some() && self.instance.is_some())
    }

    /// Whether a column is REDCap's own.
    pub fn is_system(&self, column: usize) -> bool {
        [self.event, self.instrument, self.instance].contains(&Some(column))
            || self.grid.header.get(column).is_some_and(|name| OTHERS.contains(&name.as_str()))
    }

    /// Whether a column says how far a form or survey is, which is no content.
    pub fn is_progress(&self, column: usize) -> bool {
        let name = self.name(column);
        name.ends_with("_complete") || name == "Complete?"
    }

    /// The field a column is of, or its name in the file.
    pub fn name(&self, column: usize) -> &str {
        match self.names.get(column).map(Vec::as_slice) {
            Some([name]) => name,
            _ => self.grid.header.get(column).map_or("", String::as_str),
        }
    }

    /// What tells codes from labels: how complete forms are, checkboxes, names of events.
    fn holds_labels(&self) -> Option<bool> {
        let cells = |column: usize| self.grid.rows.iter().map(move |row| row.cell(column)).filter(|cell| !cell.is_empty());
        for column in 0..self.grid.header.len() {
            let telling: [(&[&str], bool); 2] = if self.is_progress(column) {
                [(&["0", "1", "2"], false), (&["Incomplete", "Unverified", "Complete"], true)]
            } else if self.name(column).contains("___") {
                [(&["0", "1"], false), (&["Checked", "Unchecked"], true)]
            } else {
                continue;
            };
            for (words, labels) in telling {
                if cells(column).next().is_some() && cells(column).all(|cell| words.contains(&cell)) {
                    return Some(labels);
                }
            }
        }
        let event = self.event?;
        let unique = |cell: &str| cell.rsplit_once("_arm_").is_some_and(|(_, arm)| arm.bytes().all(|byte| byte.is_ascii_digit()));
        cells(event).next().map(|_| !cells(event).all(unique))
    }

    /// Where a field stands that the settings name by its variable name or by the header of its column.
    pub fn find(&self, foreign: &Foreign<'_>, wanted: &str, setting: &str) -> Result<Source, IngestError> {
        let wanted = wanted.trim();
        let by_name: Vec<usize> = (0..self.names.len())
            .filter(|&column| matches!(self.names[column].as_slice(), [name] if name.eq_ignore_ascii_case(wanted)))
            .collect();
        let by_header: Vec<usize> = (0..self.names.len()).filter(|&column| self.grid.header[column].eq_ignore_ascii_case(wanted)).collect();
        match (by_name.as_slice(), by_header.as_slice()) {
            ([column], _) | ([], [column]) => return Ok(Source::Column(*column)),
            ([], []) => {
                // "Record ID" for record_id, in exports of labels.
                let plain = normalized(wanted);
                let mut alike = (0..self.names.len()).filter(|&column| !plain.is_empty() && normalized(self.name(column)) == plain);
                if let (Some(column), None) = (alike.next(), alike.next()) {
                    return Ok(Source::Column(column));
                }
            }
            (several, others) => {
                let columns = if several.is_empty() { others } else { several };
                return Err(self.several(foreign, wanted, setting, columns));
            }
        }
        if let Some(boxes) = self.checkboxes(wanted) {
            return Ok(Source::Checkboxes(boxes));
        }
        let unclear: Vec<usize> = (0..self.names.len())
            .filter(|&column| self.names[column].len() > 1 && self.names[column].iter().any(|name| name.eq_ignore_ascii_case(wanted)))
            .collect();
        if !unclear.is_empty() {
            return Err(self.several(foreign, wanted, setting, &unclear));
        }
        let known = self.grid.header.iter().chain(self.names.iter().filter(|names| names.len() == 1).flatten()).map(String::as_str);
        let near = nearest(wanted, known).map(str::to_owned);
        let perhaps = near.as_ref().map_or_else(String::new, |near| format!(", perhaps to \"{near}\""));
        let fix = format!("Correct {setting} under [files.{}] in study.toml{perhaps}.", foreign.kind.as_str());
        Err(foreign.no_column(format!("column \"{wanted}\", which study.toml names as {setting}"), near, fix))
    }

    fn several(&self, foreign: &Foreign<'_>, wanted: &str, setting: &str, columns: &[usize]) -> IngestError {
        let label = columns.first().map_or("", |&column| foreign.name(column));
        let fields: Vec<&str> =
            columns.first().and_then(|&column| self.names.get(column)).into_iter().flatten().map(String::as_str).collect();
        let of = if fields.len() > 1 { format!(", the label of the fields {}", fields.join(", ")) } else { String::new() };
        let problem = format!(
            "names \"{wanted}\", but {} called \"{label}\"{of}: it is not clear which one is meant",
            match columns.len() {
                1 => "the column is".to_owned(),
                n => format!("{n} columns are"),
            }
        );
        let fix = "Export the data again with the variable names as header (raw data), or rename the column in the file.".to_owned();
        foreign.setting(setting, problem, fix)
    }

    /// The columns of a checkbox field.
    pub fn checkboxes(&self, field: &str) -> Option<Vec<(usize, String)>> {
        let boxes = (0..self.names.len()).filter_map(|column| {
            let (base, code) = self.name(column).split_once("___")?;
            base.eq_ignore_ascii_case(field).then(|| (column, code.to_owned()))
        });
        Some(boxes.collect()).filter(|boxes: &Vec<_>| !boxes.is_empty())
    }

    /// The cell of one of REDCap's own columns.
    pub fn cell(row: &GridRow, column: Option<usize>) -> &str {
        column.map_or("", |column| row.cell(column))
    }

    /// The different cells of one of REDCap's own columns, in the order of the file.
    pub fn seen(&self, column: Option<usize>) -> Vec<&'a str> {
        let mut seen: Vec<&str> = Vec::new();
        for row in &self.grid.rows {
            let cell = column.map_or("", |column| row.cell(column));
            if !cell.is_empty() && !seen.contains(&cell) {
                seen.push(cell);
            }
        }
        seen
    }
}

/// The fields a column of that name may be of: itself, or those with that label.
fn fields_called(name: &str, dictionary: Option<&Dictionary>) -> Vec<String> {
    let itself = vec![name.to_owned()];
    let Some(dictionary) = dictionary else { return itself };
    let of_form = |ending: &str| name.strip_suffix(ending).is_some_and(|form| dictionary.fields.iter().any(|field| field.form == form));
    if dictionary.field(name).is_some() || dictionary.checkbox(name).is_some() || of_form("_complete") || of_form("_timestamp") {
        return itself;
    }
    let labelled = |label: &str| {
        let bare = choices::bare(label);
        dictionary.fields.iter().filter(move |field| !bare.is_empty() && field.bare_label == bare)
    };
    let mut called: Vec<String> = Vec::new();
    if let Some((label, choice)) = name.strip_suffix(')').and_then(|name| name.rsplit_once("(choice=")) {
        for field in labelled(label).filter(|field| field.field_type == FieldType::Checkbox) {
            let fitting = field.choices.iter().filter(|known| choices::same(&known.label, choice));
            called.extend(fitting.map(|choice| format!("{}___{}", field.name, choices::in_column_name(&choice.code))));
        }
    } else {
        called.extend(labelled(name).filter(|field| field.field_type != FieldType::Checkbox).map(|field| field.name.clone()));
    }
    if called.is_empty() { itself } else { called }
}
