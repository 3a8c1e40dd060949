//! Errors of a study whose ids are pseudonymized: a file name, a header and a cell may each name a patient.

use crate::ingest::error::IngestError;
use crate::ingest::formats::ContainerError;
use crate::settings::LogKind;

const FILE: &str = "A file of the study";
const NOT_SHOWN: &str = "What else is there is not shown with --pseudonymize, since names of files may be ids.";

/// The error without anything that may be an id. What it says more is seen without `--pseudonymize`.
#[must_use]
pub fn hidden(error: IngestError) -> IngestError {
    use IngestError as E;
    let file = |name: String| if is_safe(&name) { name } else { FILE.to_owned() };
    match error {
        E::NoSuchPath { .. } | E::Settings(_) | E::Key { .. } | E::Hidden { .. } => error,
        E::NotAStudy { path, .. } => E::NotAStudy { path, has: NOT_SHOWN.to_owned(), suggestion: None },
        E::MissingLog { kind, .. } => E::MissingLog { kind, has: NOT_SHOWN.to_owned(), nearest: None },
        E::MissingFile { kind, .. } => {
            E::Hidden { what: format!("A file that study.toml names under [files.{}] is not in the folder.", kind.as_str()) }
        }
        E::Unreadable { file: name, problem } => E::Unreadable { file: file(name), problem },
        E::EmptyFile { file: name } => E::EmptyFile { file: file(name) },
        E::HeaderOnly { file: name } => E::HeaderOnly { file: file(name) },
        E::NamelessHeader { file: name, line } => E::NamelessHeader { file: file(name), line },
        E::HeaderBelow { file: name, kind, line, header_line } => E::HeaderBelow { file: file(name), kind, line, header_line },
        E::ColumnsMoved { file: name, kind, line } => E::ColumnsMoved { file: file(name), kind, line },
        E::Container(error) => container(error, file),
        E::Setting { file: name, setting, problem, fix } if speaks_of_settings(&setting) => {
            E::Setting { file: file(name), setting, problem, fix }
        }
        E::Setting { file: name, setting, .. } => {
            E::Hidden { what: format!("{}: the setting {setting} does not fit the file.", file(name)) }
        }
        // A file without a header has a patient's row for one.
        E::MissingColumn { file: name, line, wanted, .. } => {
            E::Hidden { what: format!("{}, line {line}: there is no {wanted}.", file(name)) }
        }
        E::DuplicateColumn { file: name, line, .. } => {
            E::Hidden { what: format!("{}, line {line}: two columns have the same name.", file(name)) }
        }
        E::AmbiguousColumn { file: name, line, kind, native, first, second } => {
            E::AmbiguousColumn { file: file(name), line, kind, native, first, second }
        }
        E::AmbiguousDates { file: name, kind, line, column, cell, day_first, month_first } => {
            E::AmbiguousDates { file: file(name), kind, line, column, cell, day_first, month_first }
        }
        E::MixedDates { file: name, kind, column, day_first, day_first_line, month_first, month_first_line } => {
            E::MixedDates { file: file(name), kind, column, day_first, day_first_line, month_first, month_first_line }
        }
        E::OffScale { file: name, off, scored, scale, least, greatest, fix } => {
            E::OffScale { file: file(name), off, scored, scale, least, greatest, fix }
        }
        E::DifferentScales { first, first_scale, second, second_scale } => {
            E::DifferentScales { first: file(first), first_scale, second: file(second), second_scale }
        }
        E::NothingUsable { kind, read, rejected, filtered, .. } => {
            E::NothingUsable { kind, read, rejected, filtered, first: String::new() }
        }
        E::Unbalanced { file: name, read, accounted } => E::Unbalanced { file: file(name), read, accounted },
        _ => E::Hidden { what: "The study cannot be read.".to_owned() },
    }
}

/// What is wrong with a container: names of its sheets may be ids, and a title may name anybody.
fn container(error: ContainerError, file: impl Fn(String) -> String) -> IngestError {
    use ContainerError as C;
    let error = match error {
        C::NotATable { file: name, is, fix } => C::NotATable { file: file(name), is, fix },
        C::Damaged { file: name, container, line, .. } => {
            C::Damaged { file: file(name), container, line, problem: "it contradicts itself".to_owned() }
        }
        C::Password { file: name } => C::Password { file: file(name) },
        C::TooLarge { file: name, gigabytes } => C::TooLarge { file: file(name), gigabytes },
        C::EmptySheet { file: name } => C::EmptySheet { file: file(name) },
        // Native names in several containers.
        C::WhichFile { .. } => error,
        C::NoSuchSheet { file: name, kind, .. } => {
            let what = format!("{}: there is no sheet that study.toml names under [files.{}].", file(name), kind.as_str());
            return IngestError::Hidden { what };
        }
        C::WhichSheet { file: name, kind, .. } => {
            let what = format!("{}: none of its sheets is called {} alone; say which in study.toml.", file(name), kind.as_str());
            return IngestError::Hidden { what };
        }
        C::TitleRows { file: name, kind, line, header_line, .. } => {
            return IngestError::HeaderBelow { file: file(name), kind, line, header_line };
        }
    };
    error.into()
}

/// Whether what is wrong with a setting is said without a name or a cell of the file.
fn speaks_of_settings(setting: &str) -> bool {
    const ALONE: [&str; 8] = ["columns", "comment", "decimal", "delimiter", "scale", "time_zone", "words", "path"];
    match setting.strip_prefix("files.").and_then(|rest| rest.split_once('.')) {
        Some((_, of_file)) => ALONE.contains(&of_file),
        None => true,
    }
}

/// Names that say nothing of a patient: those of native files, and those in which a pseudonym stands already.
fn is_safe(name: &str) -> bool {
    let native = LogKind::ALL.iter().any(|kind| name == format!("{}.csv", kind.as_str()));
    native || name == "study.toml" || name == "rejected.csv"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_of_containers_and_layouts_name_no_sheet_no_title_and_no_column() {
        let (file, id) = ("MEIER-1.xlsx".to_owned(), "MEIER-1".to_owned());
        let errors: [IngestError; 7] = [
            ContainerError::NoSuchSheet {
                file: file.clone(),
                kind: LogKind::Pain,
                sheet: id.clone(),
                sheets: vec![id.clone()],
                nearest: None,
            }
            .into(),
            ContainerError::WhichSheet { file: file.clone(), kind: LogKind::Pain, sheets: vec![id.clone()] }.into(),
            ContainerError::TitleRows { file: file.clone(), kind: LogKind::Pain, line: 1, title: id.clone(), header_line: 3 }.into(),
            ContainerError::Damaged { file: file.clone(), container: "a workbook", line: 3, problem: id.clone() }.into(),
            ContainerError::Password { file: file.clone() }.into(),
            IngestError::HeaderBelow { file: file.clone(), kind: LogKind::Pain, line: 1, header_line: 4 },
            IngestError::Setting { file, setting: "files.pain.wide.columns".to_owned(), problem: format!("fits none of {id}"), fix: id },
        ];
        for error in errors {
            let shown = hidden(error);
            assert!(!format!("{shown} {shown:?} {:?}", shown.hint()).contains("MEIER"), "{shown}");
        }
        let below = hidden(IngestError::HeaderBelow { file: "pain.csv".to_owned(), kind: LogKind::Pain, line: 1, header_line: 4 });
        assert_eq!(below.hint().unwrap(), "Add to study.toml: [files.pain] skip_lines = 3");
        let decimal = IngestError::Setting {
            file: "pain.csv".to_owned(),
            setting: "files.pain.decimal".to_owned(),
            problem: "is \"x\"".to_owned(),
            fix: "Use another.".to_owned(),
        };
        assert_eq!(hidden(decimal.clone()), decimal);
    }
}
