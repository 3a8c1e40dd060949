//! Errors of a study whose ids are pseudonymized: a file name, a header and a cell may each name a patient.

use crate::ingest::error::IngestError;
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
        E::NotAStudy { path, .. } => E::NotAStudy { path, has: NOT_SHOWN.to_owned() },
        E::MissingLog { kind, .. } => E::MissingLog { kind, has: NOT_SHOWN.to_owned(), nearest: None },
        E::MissingFile { kind, .. } => {
            E::Hidden { what: format!("A file that study.toml names under [files.{}] is not in the folder.", kind.as_str()) }
        }
        E::Unreadable { file: name, problem } => E::Unreadable { file: file(name), problem },
        E::EmptyFile { file: name } => E::EmptyFile { file: file(name) },
        E::HeaderOnly { file: name } => E::HeaderOnly { file: file(name) },
        E::NamelessHeader { file: name, line } => E::NamelessHeader { file: file(name), line },
        E::Setting { file: name, setting, problem, fix } => E::Setting { file: file(name), setting, problem, fix },
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
        E::OffScale { file: name, off, scored, scale, least, greatest } => {
            E::OffScale { file: file(name), off, scored, scale, least, greatest }
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

/// Names that say nothing of a patient: those of native files, and those in which a pseudonym stands already.
fn is_safe(name: &str) -> bool {
    let native = LogKind::ALL.iter().any(|kind| name == format!("{}.csv", kind.as_str()));
    native || name == "study.toml" || name == "rejected.csv"
}
