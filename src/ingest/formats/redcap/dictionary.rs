//! The data dictionary of a REDCap project: 18 columns, one row per field.

use std::path::{Path, PathBuf};

use super::choices::{self, Choice};
use crate::domain::nearest;
use crate::ingest::columns::normalized;
use crate::ingest::error::IngestError;
use crate::ingest::formats::grid;
use crate::ingest::formats::grid::Grid;
use crate::ingest::locate::Located;
use crate::settings::{FileSettings, LogKind};

/// What a field holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum FieldType {
    #[default]
    Text,
    /// Radio buttons or a drop-down list.
    Choice,
    Checkbox,
    /// Yes/no or true/false: 1 and 0.
    YesNo,
    Slider,
}

/// One field.
#[derive(Clone, Debug, Default)]
pub(super) struct FieldEntry {
    pub name: String,
    pub form: String,
    pub label: String,
    /// The label as it is compared.
    pub bare_label: String,
    pub field_type: FieldType,
    pub choices: Vec<Choice>,
    /// Whether its numbers have a decimal comma.
    pub comma: bool,
    pub least: Option<f64>,
    pub greatest: Option<f64>,
    /// Whether it identifies a person.
    pub identifier: bool,
    /// Whether codes for "missing" are values in it (`@NOMISSING`).
    pub no_missing: bool,
    /// Codes for "missing" of this field alone.
    pub missing: Vec<String>,
}

/// The fields of a project, in their order.
#[derive(Clone, Debug, Default)]
pub(super) struct Dictionary {
    pub fields: Vec<FieldEntry>,
}

/// Columns of a dictionary: as downloaded from the project, and as the API gives them.
const NAME: [&str; 2] = ["variable_field_name", "field_name"];
const FORM: [&str; 2] = ["form_name", "form_name"];
const TYPE: [&str; 2] = ["field_type", "field_type"];
const LABEL: [&str; 2] = ["field_label", "field_label"];
const CHOICES: [&str; 2] = ["choices_calculations_or_slider_labels", "select_choices_or_calculations"];
const VALIDATION: [&str; 2] = ["text_validation_type_or_show_slider_number", "text_validation_type_or_show_slider_number"];
const LEAST: [&str; 2] = ["text_validation_min", "text_validation_min"];
const GREATEST: [&str; 2] = ["text_validation_max", "text_validation_max"];
const IDENTIFIER: [&str; 2] = ["identifier", "identifier"];
const ANNOTATION: [&str; 2] = ["field_annotation", "field_annotation"];

impl Dictionary {
    /// Reads the dictionary a file's settings name; the path is relative to the study folder, or to the file itself.
    pub fn read(located: &Located, name: &str, kind: LogKind) -> Result<Self, IngestError> {
        let path = path_of(located, name);
        let setting = |problem: String, fix: &str| IngestError::Setting {
            file: located.name.clone(),
            setting: format!("files.{}.redcap.dictionary", kind.as_str()),
            problem,
            fix: fix.to_owned(),
        };
        let Some(path) = path else {
            return Err(setting(
                format!("names \"{name}\", and there is no such file"),
                "Download it in REDCap (Project Setup, Data Dictionary) and give its path relative to study.toml, or take dictionary out.",
            ));
        };
        let (table, _) =
            grid(&Located { path, name: name.to_owned(), settings: FileSettings::default(), book: None, emitted: None }, kind)?;
        Self::of_grid(&table).ok_or_else(|| {
            let first = table.header.first().map_or("", String::as_str);
            let near = nearest("Variable / Field Name", table.header.iter().map(String::as_str)).unwrap_or(first);
            setting(
                format!("names \"{name}\", which has no columns \"Variable / Field Name\" and \"Field Type\" (nearest: \"{near}\")"),
                "Give the data dictionary as REDCap writes it (18 columns), not the export of the data.",
            )
        })
    }

    /// The dictionary in a table, if it is one.
    pub fn of_grid(grid: &Grid) -> Option<Self> {
        let plain: Vec<String> = grid.header.iter().map(|name| normalized(name)).collect();
        let column = |names: [&str; 2]| plain.iter().position(|name| names.contains(&name.as_str()));
        let (name, field_type) = (column(NAME)?, column(TYPE)?);
        let optional = [FORM, LABEL, CHOICES, VALIDATION, LEAST, GREATEST, IDENTIFIER, ANNOTATION].map(column);
        let fields = grid.rows.iter().filter(|row| !row.cell(name).is_empty()).map(|row| {
            let [form, label, list, validation, least, greatest, identifier, annotation] =
                optional.map(|column| column.map_or("", |column| row.cell(column)));
            let field_type = match row.cell(field_type).to_ascii_lowercase().as_str() {
                "radio" | "dropdown" => FieldType::Choice,
                "checkbox" => FieldType::Checkbox,
                "yesno" | "truefalse" => FieldType::YesNo,
                "slider" => FieldType::Slider,
                _ => FieldType::Text,
            };
            let has_choices = matches!(field_type, FieldType::Choice | FieldType::Checkbox);
            let number = |cell: &str| cell.trim().replace(',', ".").parse::<f64>().ok().filter(|number| number.is_finite());
            FieldEntry {
                name: row.cell(name).to_owned(),
                form: form.to_owned(),
                label: choices::plain(label),
                bare_label: choices::bare(label),
                field_type,
                choices: if has_choices { choices::parse(list) } else { Vec::new() },
                comma: validation.to_ascii_lowercase().ends_with("comma_decimal"),
                least: number(least),
                greatest: number(greatest),
                identifier: identifier.eq_ignore_ascii_case("y"),
                no_missing: annotation.to_ascii_uppercase().contains("@NOMISSING"),
                missing: choices::missing_codes(annotation),
            }
        });
        Some(Self { fields: fields.collect() })
    }

    /// The field of that name.
    pub fn field(&self, name: &str) -> Option<&FieldEntry> {
        self.fields.iter().find(|field| field.name.eq_ignore_ascii_case(name))
    }

    /// The checkbox field a column such as `symptoms___2` belongs to, and its choice.
    pub fn checkbox(&self, column: &str) -> Option<(&FieldEntry, Option<&Choice>)> {
        let (base, code) = column.split_once("___")?;
        let field = self.field(base).filter(|field| field.field_type == FieldType::Checkbox)?;
        Some((field, field.choices.iter().find(|choice| choices::in_column_name(&choice.code) == code.to_lowercase())))
    }

    /// The field meant by a variable name, or by a label that only one field has.
    pub fn meant(&self, name: &str) -> Option<&FieldEntry> {
        let bare = choices::bare(name);
        let mut labelled = self.fields.iter().filter(|field| !bare.is_empty() && field.bare_label == bare);
        self.field(name).or_else(|| labelled.next().filter(|_| labelled.next().is_none()))
    }
}

/// Where a dictionary is: relative to the study folder, or to the file itself.
pub(super) fn path_of(located: &Located, name: &str) -> Option<PathBuf> {
    folders(located).into_iter().map(|folder| folder.join(name)).find(|path| path.is_file())
}

/// The study folder, and the folder of the file.
fn folders(located: &Located) -> Vec<PathBuf> {
    let depth = Path::new(&located.name).components().count();
    let study = located.path.ancestors().nth(depth).map(Path::to_owned);
    let own = located.path.parent().map(Path::to_owned);
    study.into_iter().chain(own).collect()
}

/// The dictionary that lies beside a file, by its name.
pub(super) fn beside(path: &Path) -> Option<String> {
    let entries = std::fs::read_dir(path.parent()?).ok()?;
    let mut names: Vec<String> = entries.filter_map(Result::ok).map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names.into_iter().find(|name| {
        let plain = normalized(name).replace('_', "");
        plain.contains("datadictionary") && plain.ends_with("csv")
    })
}
