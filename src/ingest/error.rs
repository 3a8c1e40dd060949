//! What makes a study or a table unusable as a whole, in full sentences.

use std::path::PathBuf;

use thiserror::Error;

use super::formats::ContainerError;
use crate::domain::Day;
use crate::settings::{LogKind, SettingsError};

/// Reading had to stop: nothing trustworthy could be made of the files.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum IngestError {
    /// Neither a folder nor a file.
    #[error("There is no folder or file \"{}\".", path.display())]
    NoSuchPath {
        /// The path as given.
        path: PathBuf,
    },
    /// A folder (or file) without logs.
    #[error("\"{}\" is not a study: it holds neither a study.toml nor any of sessions.csv, pain.csv, programs.csv, patients.csv, events.csv, measures.csv. {has}", path.display())]
    NotAStudy {
        /// The path as given.
        path: PathBuf,
        /// What it holds, as a sentence.
        has: String,
        /// Lines for `study.toml` that would make it one.
        suggestion: Option<String>,
    },
    /// The system refused to open or read it.
    #[error("{file} could not be read: {problem}.")]
    Unreadable {
        /// The file.
        file: String,
        /// What the system said.
        problem: String,
    },
    /// `study.toml` is wrong.
    #[error("{0}")]
    Settings(#[from] SettingsError),
    /// `study.toml` asks for something a file cannot give.
    #[error("{file}: the setting {setting} {problem}.")]
    Setting {
        /// The data file concerned.
        file: String,
        /// Dotted name of the setting.
        setting: String,
        /// What is wrong with it.
        problem: String,
        /// What to do.
        fix: String,
    },
    /// A required log is not there.
    #[error("The study has no {}.csv, and cannot do without it. {has}", kind.as_str())]
    MissingLog {
        /// Which one.
        kind: LogKind,
        /// What the folder holds, as a sentence.
        has: String,
        /// The file most likely meant.
        nearest: Option<String>,
    },
    /// A file that `study.toml` names is not there.
    #[error("study.toml names \"{path}\" under [files.{}], but the folder has no such file. {has}", kind.as_str())]
    MissingFile {
        /// Which log it was to be.
        kind: LogKind,
        /// Path or pattern as written.
        path: String,
        /// What the folder holds, as a sentence.
        has: String,
        /// The file most likely meant.
        nearest: Option<String>,
    },
    /// Nothing in it.
    #[error("{file} is empty: it has no header and no rows.")]
    EmptyFile {
        /// The file.
        file: String,
    },
    /// Only a header.
    #[error("{file} has a header but no rows.")]
    HeaderOnly {
        /// The file.
        file: String,
    },
    /// Two columns of one name.
    #[error("{file}, line {line}: two columns are called \"{name}\", so it is not clear which one is meant.")]
    DuplicateColumn {
        /// The file.
        file: String,
        /// Line of the header.
        line: usize,
        /// The name.
        name: String,
    },
    /// A header without names.
    #[error("{file}, line {line}: none of the columns has a name.")]
    NamelessHeader {
        /// The file.
        file: String,
        /// Line of the header.
        line: usize,
    },
    /// A required column is not there.
    #[error("{file}, line {line}: there is no {wanted}. The columns are {}.{}", list(found), nearest_sentence(nearest.as_deref()))]
    MissingColumn {
        /// The file.
        file: String,
        /// Line of the header.
        line: usize,
        /// What was looked for, as a noun phrase.
        wanted: Box<str>,
        /// The columns found.
        found: Box<[String]>,
        /// The column most likely meant.
        nearest: Option<String>,
        /// What to do.
        fix: String,
    },
    /// Two columns could be the one.
    #[error("{file}, line {line}: the columns \"{first}\" and \"{second}\" could both be {native}.")]
    AmbiguousColumn {
        /// The file.
        file: String,
        /// Line of the header.
        line: usize,
        /// Which log it is.
        kind: LogKind,
        /// Native name.
        native: &'static str,
        /// One column.
        first: String,
        /// The other.
        second: String,
    },
    /// A column whose dates can be read in two ways.
    #[error(
        "{file}, line {line}, column {column}: \"{cell}\" may be {day_first} (day first) or {month_first} (month first), and no date in the column settles which."
    )]
    AmbiguousDates {
        /// The file.
        file: String,
        /// Which log it is.
        kind: LogKind,
        /// Line of the first such cell.
        line: usize,
        /// Its column.
        column: String,
        /// The cell.
        cell: String,
        /// Read day first.
        day_first: Day,
        /// Read month first.
        month_first: Day,
    },
    /// A column with dates in both orders.
    #[error(
        "{file}, column {column}: \"{day_first}\" (line {day_first_line}) can only be day first and \"{month_first}\" (line {month_first_line}) only month first, so the other dates cannot be trusted."
    )]
    MixedDates {
        /// The file.
        file: String,
        /// Which log it is.
        kind: LogKind,
        /// The column.
        column: String,
        /// A cell that must be day first.
        day_first: String,
        /// Its line.
        day_first_line: usize,
        /// A cell that must be month first.
        month_first: String,
        /// Its line.
        month_first_line: usize,
    },
    /// Most pain values are off the scale.
    #[error(
        "{file}: {off} of {scored} pain values lie outside {scale} (from {least} to {greatest} were found), so the file is not on that scale."
    )]
    OffScale {
        /// The file.
        file: String,
        /// Values off the scale.
        off: usize,
        /// Values that are numbers.
        scored: usize,
        /// The scale.
        scale: String,
        /// Least value found.
        least: f64,
        /// Greatest value found.
        greatest: f64,
        /// What to do.
        fix: String,
    },
    /// Title lines stand where the column names are looked for.
    #[error("{file}, line {line}: the column names do not stand here but on line {header_line}.")]
    HeaderBelow {
        /// The file.
        file: String,
        /// Which log it is.
        kind: LogKind,
        /// The line taken for the header.
        line: usize,
        /// The line with the column names.
        header_line: usize,
    },
    /// The header again, with the columns in another order.
    #[error("{file}, line {line}: the names of the columns stand here again, in another order, so the rows below belong to other columns.")]
    ColumnsMoved {
        /// The file.
        file: String,
        /// Which log it is.
        kind: LogKind,
        /// The line of the second header.
        line: usize,
    },
    /// Pain files on scales that cannot be put together.
    #[error("{first} is on the scale {first_scale}, but {second} on {second_scale}: one study needs one pain scale.")]
    DifferentScales {
        /// One file.
        first: String,
        /// Its scale.
        first_scale: String,
        /// Another file.
        second: String,
        /// Its scale.
        second_scale: String,
    },
    /// Every row of a required log was rejected or left out.
    #[error("No {} row can be used (read {read}, rejected {rejected}, left out by the filter {filtered}).{first}", kind.as_str())]
    NothingUsable {
        /// Which log.
        kind: LogKind,
        /// Rows read.
        read: usize,
        /// Rows rejected.
        rejected: usize,
        /// Rows filtered.
        filtered: usize,
        /// The first rejection, as a sentence with a space before it, or empty.
        first: String,
    },
    /// A table has no column of this name.
    #[error("{file} has no column \"{name}\". Its columns are {}.{}", list(found), nearest_sentence(nearest.as_deref()))]
    NoColumn {
        /// The file.
        file: String,
        /// The name asked for.
        name: String,
        /// The columns found.
        found: Vec<String>,
        /// The column most likely meant.
        nearest: Option<String>,
    },
    /// A cell of a table is not what its column must hold.
    #[error("{file}, line {line}, column {column}: \"{cell}\" is not a number.")]
    NotANumber {
        /// The file.
        file: String,
        /// Line.
        line: usize,
        /// Column.
        column: String,
        /// The cell.
        cell: String,
    },
    /// A row of a table has another number of cells than the header.
    #[error("{file}, line {line}: the row has {cells} cells, the header {columns}.")]
    RaggedRow {
        /// The file.
        file: String,
        /// Line.
        line: usize,
        /// Cells of the row.
        cells: usize,
        /// Columns of the header.
        columns: usize,
    },
    /// A quotation mark that is not closed in a table.
    #[error("{file}, line {line}: a quotation mark opens a cell and is not closed.")]
    OpenQuote {
        /// The file.
        file: String,
        /// Line.
        line: usize,
    },
    /// The cells of a file cannot be reached.
    #[error(transparent)]
    Container(#[from] ContainerError),
    /// Rows went missing inside staywell itself.
    #[error(
        "Internal error: {file} has {read} rows, but {accounted} were accounted for. No number of this run can be trusted; please report it."
    )]
    Unbalanced {
        /// The file.
        file: String,
        /// Rows read.
        read: usize,
        /// Rows accounted for.
        accounted: usize,
    },
    /// The key of pseudonyms cannot be used.
    #[error("{}.", crate::domain::capitalized(problem))]
    Key {
        /// What is wrong with it, as a clause.
        problem: String,
        /// What to do.
        fix: String,
    },
    /// An error that names files, columns or cells, while ids are pseudonymized.
    #[error("{what}")]
    Hidden {
        /// What can be said of it, as a sentence.
        what: String,
    },
}

fn list(names: &[String]) -> String {
    names.iter().filter(|name| !name.is_empty()).map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ")
}

fn nearest_sentence(nearest: Option<&str>) -> String {
    nearest.map_or_else(String::new, |name| format!(" Did you mean \"{name}\"?"))
}

impl IngestError {
    /// What to do about it, as a full sentence, where there is something to do.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::NoSuchPath { .. } => "Give a folder of logs, a workbook or a study.toml.".to_owned(),
            Self::NotAStudy { suggestion: Some(lines), .. } => format!("If these are the logs, write a study.toml there with: {lines}"),
            Self::NotAStudy { .. } => {
                "Name your files sessions.csv and pain.csv, or run `staywell init` there for a study.toml that says what they are called."
                    .to_owned()
            }
            Self::MissingLog { kind, nearest, .. } | Self::MissingFile { kind, nearest, .. } => {
                let file = nearest.clone().unwrap_or_else(|| "your-file.csv".to_owned());
                format!("If it has another name, say so in study.toml: [files.{}] path = \"{file}\"", kind.as_str())
            }
            Self::EmptyFile { .. } | Self::HeaderOnly { .. } => {
                "Export the file again, or remove it if the study does without it.".to_owned()
            }
            Self::DuplicateColumn { .. } => "Rename one of them in the file.".to_owned(),
            Self::NamelessHeader { .. } => {
                "The first line must name the columns; skip_lines under [files.…] in study.toml skips lines before it.".to_owned()
            }
            Self::Setting { fix, .. } | Self::MissingColumn { fix, .. } | Self::OffScale { fix, .. } | Self::Key { fix, .. } => fix.clone(),
            Self::Hidden { .. } => {
                "Run the command without --pseudonymize to see more: names of files, columns and cells may be ids.".to_owned()
            }
            Self::AmbiguousColumn { kind, native, first, second, .. } => {
                let kind = kind.as_str();
                format!(
                    "Say which in study.toml: [files.{kind}] columns = {{ {native} = \"{first}\" }} or columns = {{ {native} = \"{second}\" }}"
                )
            }
            Self::AmbiguousDates { kind, .. } | Self::MixedDates { kind, .. } => {
                format!("Say which in study.toml: [files.{0}] date_order = \"day-first\" or date_order = \"month-first\"", kind.as_str())
            }
            Self::HeaderBelow { kind, header_line, .. } => {
                format!("Add to study.toml: [files.{}] skip_lines = {}", kind.as_str(), header_line - 1)
            }
            Self::ColumnsMoved { kind, line, .. } => format!(
                "Give the file in two parts, the second from line {line} on: several files are several [[files.{}]] in study.toml.",
                kind.as_str()
            ),
            Self::DifferentScales { .. } => {
                "Read one of them in a study of its own, or declare the scale of each under [[files.pain]].".to_owned()
            }
            Self::NothingUsable { kind, filtered, read, .. } => {
                if filtered == read {
                    format!("The filter under [files.{}] fits no row; correct it.", kind.as_str())
                } else {
                    format!("Check the layout of the file against [files.{}] in study.toml.", kind.as_str())
                }
            }
            Self::NotANumber { .. } => "Correct the cell; an empty cell and NA mean missing.".to_owned(),
            Self::RaggedRow { .. } => "Give the row as many cells as the header; quote a cell that contains the separator.".to_owned(),
            Self::OpenQuote { .. } => "Close the quotation mark, or double it if it belongs to the text.".to_owned(),
            Self::Container(error) => error.hint(),
            Self::Unreadable { .. } | Self::Settings(_) | Self::NoColumn { .. } | Self::Unbalanced { .. } => return None,
        };
        Some(hint)
    }
}
