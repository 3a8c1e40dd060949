//! A field of a log: where it stands in the export, and what its cells mean.

use std::collections::BTreeMap;

use super::choices;
use super::dictionary::{FieldEntry, FieldType};
use super::export::{Export, Source};
use crate::ingest::columns::Field;
use crate::ingest::error::IngestError;
use crate::ingest::formats::foreign::Foreign;
use crate::ingest::formats::grid::GridRow;
use crate::ingest::missing::MissingCodes;
use crate::ingest::number::DecimalMark;

/// What a log's column holds, as far as codes and labels are concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holds {
    Number,
    Date,
    /// A word of a closed list, or text.
    Words,
    /// Whose row it is, or something the settings alone make sense of.
    AsItStands,
}

impl Holds {
    pub fn of(field: Field) -> Self {
        match field {
            Field::PatientId => Self::AsItStands,
            Field::Date | Field::PlannedEnd | Field::CompletedOn => Self::Date,
            field if field.is_number() => Self::Number,
            _ => Self::Words,
        }
    }
}

/// Null flavors REDCap proposes as codes for "missing": none of them is a number or a date.
const NULL_FLAVORS: [&str; 14] = ["NI", "INV", "UNK", "NASK", "ASKU", "NAV", "MSK", "NAVU", "NP", "QS", "TRC", "UNC", "DER", "OTH"];

/// A field of the log.
pub(super) struct LogField {
    /// Native name, or the name of a covariate.
    pub native: String,
    /// Its name in the text: as the settings or the file give it.
    pub name: String,
    pub source: Source,
    holds: Holds,
    entry: FieldEntry,
    /// Cell → what it means, where the dictionary says so.
    words: BTreeMap<String, String>,
    /// Codes for "missing".
    missing: MissingCodes,
    /// Whether the column is one box of a checkbox field.
    one_box: bool,
    /// Whether it says how far a form is.
    progress: bool,
    /// Whether a row that fills it is one of the log's.
    pub counts: bool,
    /// What was made of codes, for a note.
    pub note: Option<String>,
}

/// What a cell says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Said {
    Nothing,
    /// A box that is not checked, a form that is not begun: REDCap fills it in by itself.
    ByDefault(String),
    Value(String),
}

impl Said {
    /// The cell to write.
    pub fn text(&self) -> &str {
        match self {
            Self::Nothing => "",
            Self::ByDefault(text) | Self::Value(text) => text,
        }
    }
}

impl LogField {
    pub fn new(
        foreign: &Foreign<'_>,
        export: &Export<'_>,
        native: &str,
        name: String,
        source: Source,
        holds: Holds,
    ) -> Result<Self, IngestError> {
        let (column, base) = match &source {
            Source::Column(column) => (Some(*column), export.name(*column).to_owned()),
            Source::Checkboxes(_) => (None, name.clone()),
        };
        let one_box = column.is_some() && base.contains("___");
        let dictionary = export.dictionary.as_ref();
        let entry = dictionary.and_then(|dictionary| match dictionary.checkbox(&base) {
            Some((field, _)) if one_box => Some(field),
            _ => dictionary.field(&base),
        });
        let entry = entry.cloned().unwrap_or_default();
        let mut missing: Vec<String> = entry.missing.clone();
        if !entry.no_missing {
            missing.extend(foreign.located.settings.missing.iter().map(|code| code.trim().to_owned()));
            if matches!(holds, Holds::Number | Holds::Date) {
                missing.extend(NULL_FLAVORS.map(str::to_owned));
            }
        }
        let progress = column.is_some_and(|column| export.is_progress(column));
        if progress && native == "status" {
            let problem = format!("leads to {name}, which says how far the form is filled in, not whether the session was done");
            return Err(foreign.setting(
                "columns.status",
                problem,
                "Name the field of the session itself, or leave status out: a row then says that it was done.".to_owned(),
            ));
        }
        let missing = MissingCodes::new(&missing, DecimalMark::Either);
        let (words, note) = (BTreeMap::new(), None);
        let mut field =
            Self { native: native.to_owned(), name, source, holds, entry, words, missing, one_box, progress, counts: true, note };
        if let (Some(column), false) = (column, one_box) {
            field.learn_words(foreign, export, column)?;
        }
        Ok(field)
    }

    /// Whether the dictionary marks it as identifying a person.
    pub fn identifies(&self) -> bool {
        self.entry.identifier
    }

    /// Whether it says whose row it is.
    pub fn is_id(&self) -> bool {
        self.native == "patient_id"
    }

    /// Whether a row says anything in the fields of a log.
    pub fn any_filled(fields: &[Self], said: &[Said]) -> bool {
        fields.iter().zip(said).any(|(field, said)| field.counts && !field.is_id() && matches!(said, Said::Value(_)))
    }

    fn learn_words(&mut self, foreign: &Foreign<'_>, export: &Export<'_>, column: usize) -> Result<(), IngestError> {
        if self.entry.field_type == FieldType::YesNo && self.holds == Holds::Words {
            self.words.extend([("1", "yes"), ("0", "no")].map(|(code, word)| (code.to_owned(), word.to_owned())));
        }
        if self.entry.field_type != FieldType::Choice
            || self.entry.choices.is_empty()
            || matches!(self.holds, Holds::AsItStands | Holds::Date)
        {
            return Ok(());
        }
        let cells: Vec<&str> = export.grid.rows.iter().map(|row| row.cell(column)).filter(|cell| !self.is_missing(foreign, cell)).collect();
        let is_code = |cell: &str| self.entry.choices.iter().any(|choice| choice.code == cell);
        let is_label = |cell: &str| self.entry.choices.iter().any(|choice| choices::same(&choice.label, cell));
        let same = self.entry.choices.iter().all(|choice| choice.code == choice.label);
        let (codes, labels) = (cells.iter().all(|cell| is_code(cell)), cells.iter().all(|cell| is_label(cell)));
        let labels = match (codes, labels) {
            (true, true) if !same && !cells.is_empty() => export.labels.ok_or_else(|| {
                let problem = format!(
                    "is given, but the cells of {} are codes and labels at once, and the file does not show which of them it holds",
                    self.name
                );
                foreign.setting(
                    "redcap",
                    problem,
                    "Export the raw data with all fields of the form (its _complete column tells codes from labels).".to_owned(),
                )
            })?,
            (false, true) => true,
            (true, _) => false,
            // A mixture: what is a code is a code, the rest is left as it stands.
            (false, false) => export.labels.unwrap_or(false),
        };
        match self.holds {
            Holds::Number => self.learn_numbers(foreign, labels),
            _ if labels => Ok(()),
            _ => {
                self.words.extend(self.entry.choices.iter().map(|choice| (choice.code.clone(), choice.label.clone())));
                Ok(())
            }
        }
    }

    /// The number each choice of a number field stands for: its label where all labels are numbers, else its code.
    fn learn_numbers(&mut self, foreign: &Foreign<'_>, labels: bool) -> Result<(), IngestError> {
        // Codes for "missing" are among the choices of many fields.
        let is_value = |choice: &&choices::Choice| {
            let code = choice.code.parse::<f64>().ok();
            let number = code.is_some() || choices::number_of(&choice.label).is_some();
            number && code.is_none_or(|code| code >= 0.0) && !self.is_missing(foreign, &choice.code)
        };
        let list: Vec<choices::Choice> = self.entry.choices.iter().filter(is_value).cloned().collect();
        let numbers: Vec<Option<&str>> = list.iter().map(|choice| choices::number_of(&choice.label)).collect();
        let value = |text: &str| text.parse::<f64>().ok();
        let by_label = numbers.iter().all(Option::is_some);
        let agree = list.iter().zip(&numbers).all(|(choice, number)| number.is_none_or(|number| value(number) == value(&choice.code)));
        let codes = list.iter().all(|choice| value(&choice.code).is_some());
        if !(by_label || codes && agree) {
            let shown: Vec<String> = list.iter().take(3).map(|choice| format!("{} = \"{}\"", choice.code, choice.label)).collect();
            let problem = format!("leads to {}, whose choices ({} …) have no one number each", self.name, shown.join(", "));
            let fix = "Number the choices by what they mean in the data dictionary, or keep this field out of columns.";
            return Err(foreign.setting(&format!("columns.{}", self.native), problem, fix.to_owned()));
        }
        for (choice, number) in list.iter().zip(&numbers) {
            let meant = if by_label { number.unwrap_or_default() } else { &choice.code };
            let cell = if labels { &choice.label } else { &choice.code };
            self.words.insert(cell.clone(), meant.to_owned());
        }
        if by_label && !agree && !labels {
            let (first, last) = (list.first(), list.last());
            let code = |choice: Option<&choices::Choice>| choice.map_or(String::new(), |choice| choice.code.clone());
            let label = |number: Option<&choices::Choice>| {
                number.and_then(|choice| choices::number_of(&choice.label)).unwrap_or_default().to_owned()
            };
            self.note = Some(format!(
                "{}: {} is coded {} … {} and read as its labels say, {} … {}.",
                foreign.located.name,
                self.name,
                code(first),
                code(last),
                label(first),
                label(last)
            ));
        }
        Ok(())
    }

    fn is_missing(&self, foreign: &Foreign<'_>, cell: &str) -> bool {
        if cell.is_empty() || cell == "[not completed]" {
            return true;
        }
        if self.holds == Holds::AsItStands {
            // "099" is another record than the code 99.
            return cell.eq_ignore_ascii_case("NA") || self.missing.declared_codes().iter().any(|code| code == cell);
        }
        self.missing.has(cell, DecimalMark::Either) && !foreign.is_own_word(&self.native, cell)
    }

    /// What a row says of the field.
    pub fn said(&self, foreign: &Foreign<'_>, row: &GridRow) -> Said {
        let column = match &self.source {
            Source::Checkboxes(boxes) => return self.said_by_boxes(row, boxes),
            Source::Column(column) => *column,
        };
        let cell = row.cell(column);
        if self.is_missing(foreign, cell) {
            return Said::Nothing;
        }
        if self.one_box {
            let (yes, no) = if self.holds == Holds::Number { ("1", "0") } else { ("yes", "no") };
            return if is_checked(cell) { Said::Value(yes.to_owned()) } else { Said::ByDefault(no.to_owned()) };
        }
        if self.progress {
            let begun = !matches!(cell, "0" | "Incomplete");
            return if begun { Said::Value(cell.to_owned()) } else { Said::ByDefault(cell.to_owned()) };
        }
        if !self.words.is_empty()
            && let Some(word) = self.words.get(cell).or_else(|| self.words.get(&choices::plain(cell)))
        {
            return Said::Value(word.clone());
        }
        let number = self.holds == Holds::Number;
        let comma = number && self.entry.comma && cell.matches(',').count() == 1 && !cell.contains('.');
        Said::Value(match (number, comma) {
            (true, true) => cell.replace(',', "."),
            (true, false) => foreign.with_point(cell),
            (false, _) => cell.to_owned(),
        })
    }

    /// The labels of the boxes that are checked.
    fn said_by_boxes(&self, row: &GridRow, boxes: &[(usize, String)]) -> Said {
        let mut checked = Vec::new();
        for (column, code) in boxes.iter().filter(|(column, _)| is_checked(row.cell(*column))) {
            if self.missing.declared_codes().iter().any(|missing| choices::in_column_name(missing) == code.to_lowercase()) {
                return Said::Nothing;
            }
            let choice = self.entry.choices.iter().find(|choice| choices::in_column_name(&choice.code) == code.to_lowercase());
            let cell = row.cell(*column);
            // Without a dictionary, exports of labels may still name the choice in the cell.
            let named = !matches!(cell, "1" | "Checked");
            checked.push(choice.map_or(if named { cell } else { code.as_str() }, |choice| choice.label.as_str()));
        }
        if checked.is_empty() { Said::Nothing } else { Said::Value(checked.join("; ")) }
    }
}

/// Whether a box is checked: `1`, `Checked`, or the label of its choice.
fn is_checked(cell: &str) -> bool {
    !matches!(cell, "" | "0" | "Unchecked")
}
