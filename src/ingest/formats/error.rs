//! What is wrong with a file as a container, before any of its cells is looked at.

use thiserror::Error;

use crate::settings::LogKind;

/// A file whose cells cannot be reached.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum ContainerError {
    /// Something that holds no table staywell can read.
    #[error("{file} is {is}, which cannot be read as a log.")]
    NotATable {
        /// The file.
        file: String,
        /// What it is, with its article.
        is: String,
        /// What to do.
        fix: &'static str,
    },
    /// Cut short or changed on its way.
    #[error("{file} is damaged: as {container} it cannot be read {}: {problem}.", reach(*.line))]
    Damaged {
        /// The file.
        file: String,
        /// What it would be, with its article.
        container: &'static str,
        /// The last line (row of the sheet) that could be read; 0 if none could.
        line: usize,
        /// What the decoder said.
        problem: String,
    },
    /// A workbook protected by a password.
    #[error("{file} is protected by a password.")]
    Password {
        /// The file.
        file: String,
    },
    /// More than could be read in reasonable memory.
    #[error("{file} would unpack to {gigabytes:.1} GB, more than a log of any clinic.")]
    TooLarge {
        /// The file.
        file: String,
        /// Its size when unpacked.
        gigabytes: f64,
    },
    /// The sheet `study.toml` names is not there.
    #[error("{file} has no sheet \"{sheet}\". Its sheets are {}.", quoted(.sheets))]
    NoSuchSheet {
        /// The workbook.
        file: String,
        /// Which log was looked for.
        kind: LogKind,
        /// The sheet as named.
        sheet: String,
        /// The sheets there are.
        sheets: Vec<String>,
        /// The one most likely meant.
        nearest: Option<String>,
    },
    /// Several sheets, none of which is named after the log.
    #[error("{file} has the sheets {}, and none of them is called {} alone.", quoted(.sheets), .kind.as_str())]
    WhichSheet {
        /// The workbook.
        file: String,
        /// Which log was looked for.
        kind: LogKind,
        /// The sheets there are.
        sheets: Vec<String>,
    },
    /// A sheet without cells.
    #[error("{file} has no cells.")]
    EmptySheet {
        /// The workbook and sheet.
        file: String,
    },
    /// A title stands where the names of the columns should.
    #[error("{file}, row {line}: \"{title}\" stands alone where the names of the columns should; they seem to stand in row {header_line}.")]
    TitleRows {
        /// The workbook and sheet.
        file: String,
        /// Which log it is.
        kind: LogKind,
        /// Row of the title.
        line: usize,
        /// The title.
        title: String,
        /// Row that looks like the header.
        header_line: usize,
    },
    /// Several files of a log's name.
    #[error("The folder has {}, and each could be the {} log.", quoted(.files), .kind.as_str())]
    WhichFile {
        /// Which log.
        kind: LogKind,
        /// The files.
        files: Vec<String>,
    },
}

fn reach(line: usize) -> String {
    if line == 0 { "at all".to_owned() } else { format!("beyond line {line}") }
}

fn quoted(names: &[String]) -> String {
    names.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ")
}

impl ContainerError {
    /// What to do about it, as a full sentence.
    #[must_use]
    pub fn hint(&self) -> String {
        match self {
            Self::NotATable { fix, .. } => (*fix).to_owned(),
            Self::Damaged { .. } => "Export or copy the file again; nothing of it was used.".to_owned(),
            Self::Password { .. } => "Remove the password in the spreadsheet program (File, Save as, Tools) and save it again.".to_owned(),
            Self::TooLarge { .. } => "Export each log as a CSV file.".to_owned(),
            Self::NoSuchSheet { file, kind, sheets, nearest, .. } => which_sheet(*kind, file, nearest.as_ref().or_else(|| sheets.first())),
            Self::WhichSheet { file, kind, sheets } => which_sheet(*kind, file, sheets.first()),
            Self::EmptySheet { .. } => "Export the file again, or remove it if the study does without it.".to_owned(),
            Self::TitleRows { kind, header_line, .. } => {
                format!("Say so in study.toml: [files.{}] skip_lines = {}", kind.as_str(), header_line.saturating_sub(1))
            }
            Self::WhichFile { kind, files } => {
                let first = files.first().map_or("", String::as_str);
                format!("Say which in study.toml: [files.{}] path = \"{first}\"; several files are several [[files.{0}]].", kind.as_str())
            }
        }
    }
}

fn which_sheet(kind: LogKind, file: &str, sheet: Option<&String>) -> String {
    let sheet = sheet.map_or("its name", String::as_str);
    format!("Say which in study.toml: [files.{}] path = \"{file}\"\nsheet = \"{sheet}\"", kind.as_str())
}
