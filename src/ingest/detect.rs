//! The files of a study that no `study.toml` names: native names in any container, or one workbook with a sheet per log.

use std::path::Path;

use super::columns::normalized;
use super::error::IngestError;
use super::formats::sheet_name::{find, suggests};
use super::formats::{Book, Container, ContainerError, container};
use crate::settings::{FileSettings, LogKind, StudyFile};

/// Ends of native file names, in order of preference where a study has several: plain text is what people edit.
const ENDS: [&str; 10] = ["csv", "csv.gz", "tsv", "tsv.gz", "xlsx", "xlsm", "xlsb", "xls", "ods", "parquet"];

/// The file of a folder that has a log's native name.
pub(super) fn native(folder: &Path, kind: LogKind) -> Result<Option<String>, IngestError> {
    let named = |end: &&str| format!("{}.{end}", kind.as_str());
    let mut files: Vec<String> = ENDS.iter().map(named).filter(|name| folder.join(name).is_file()).collect();
    // The plain file is the study's; the same log packed or as a workbook beside it is mostly a copy.
    let plain = files.first().is_some_and(|name| *name == named(&"csv"));
    match (files.len(), plain) {
        (0, _) => Ok(None),
        (1, _) | (_, true) => Ok(Some(files.swap_remove(0))),
        _ => Err(ContainerError::WhichFile { kind, files }.into()),
    }
}

/// Whether a folder holds a file of a native name.
pub(super) fn any_native(folder: &Path) -> bool {
    LogKind::ALL.iter().any(|kind| ENDS.iter().any(|end| folder.join(format!("{}.{end}", kind.as_str())).is_file()))
}

/// The logs a workbook has sheets for, added to a study that names no files; whether it holds the logs a study cannot do without.
pub(super) fn take_workbook(study: &mut StudyFile, folder: &Path, name: &str) -> Result<bool, IngestError> {
    let path = folder.join(name);
    if container(&path) != Container::Workbook {
        return Ok(false);
    }
    let book = Book::open(&path, name)?;
    let mut sheets = Vec::new();
    for &kind in LogKind::ALL {
        let Some(sheet) = book.called(kind) else { continue };
        sheets.push(format!("[{sheet}] as {}", kind.as_str()));
        let file = FileSettings { path: Some(name.to_owned()), sheet: Some(sheet), ..FileSettings::default() };
        study.reading.files.insert(kind, vec![file]);
    }
    if !LogKind::ALL.iter().all(|kind| !kind.required() || study.reading.files.contains_key(kind)) {
        study.reading.files.clear();
        return Ok(false);
    }
    study.assumed.push(format!("No study.toml names the files: {name} was taken for the study, its sheets {}.", sheets.join(", ")));
    Ok(true)
}

/// The one workbook among the files of a folder.
pub(super) fn only_workbook<'a>(folder: &Path, names: &'a [String]) -> Option<&'a String> {
    let mut books = names.iter().filter(|name| !name.starts_with("~$") && container(&folder.join(name)) == Container::Workbook);
    match (books.next(), books.next()) {
        (Some(only), None) => Some(only),
        _ => None,
    }
}

/// The lines that would make a study of files with other names, if it can be said for each needed log which one it might be.
pub(super) fn suggestion(folder: &Path, names: &[String]) -> Option<String> {
    let tables: Vec<&String> = names.iter().filter(|name| is_table(folder, name)).collect();
    let mut lines = Vec::new();
    for &kind in LogKind::ALL {
        let fits: Vec<&&String> = tables.iter().filter(|name| suggests(stem(name), kind)).collect();
        match fits.as_slice() {
            [only] => lines.push(format!("[files.{}] path = \"{only}\"", kind.as_str())),
            [_, _, ..] => lines.extend(fits.iter().map(|file| format!("[[files.{}]] path = \"{file}\"", kind.as_str()))),
            [] if kind.required() => {
                let line = match only_workbook(folder, names) {
                    Some(book) => sheet_line(folder, book, kind),
                    None => only_left(&tables, kind).map(|file| format!("[files.{}] path = \"{file}\"", kind.as_str())),
                };
                lines.push(line?);
            }
            [] => {}
        }
    }
    Some(lines.join(" "))
}

/// The lines that would make a study of a workbook whose sheets have other names.
pub(super) fn book_suggestion(folder: &Path, book: &str) -> Option<String> {
    let lines: Option<Vec<String>> =
        LogKind::ALL.iter().filter(|kind| kind.required()).map(|&kind| sheet_line(folder, book, kind)).collect();
    lines.map(|lines| lines.join(" "))
}

/// The sheet a log might be: the one called like it, the only one with a word of it in its name, or the only one there is.
fn sheet_line(folder: &Path, book: &str, kind: LogKind) -> Option<String> {
    let sheets = Book::open(&folder.join(book), book).ok()?.names();
    let called = || find(sheets.iter().map(String::as_str), kind).and_then(|at| sheets.get(at));
    let sheet = called().or_else(|| only(sheets.iter().filter(|sheet| suggests(sheet, kind)))).or_else(|| only(sheets.iter()))?;
    Some(format!("[files.{}] path = \"{book}\"\nsheet = \"{sheet}\"", kind.as_str()))
}

/// The table a needed log must be if the folder holds it: the only one, which then holds all logs, or the only one that seems to be no other log.
pub(super) fn only_left<'a>(tables: &[&'a String], kind: LogKind) -> Option<&'a String> {
    let data = || tables.iter().copied().filter(|name| !normalized(name).contains("dictionary"));
    let other = |name: &&String| LogKind::ALL.iter().any(|&other| other != kind && suggests(stem(name), other));
    only(data()).or_else(|| only(data().filter(|name| !other(name))))
}

/// The pattern of several files that fits no other: `exports/pain_*.csv`.
pub(super) fn pattern_of(files: &[&String], names: &[String]) -> Option<String> {
    let [first, further @ ..] = files else { return None };
    if further.is_empty() || first.contains(['*', '?', '[']) {
        return None;
    }
    let start = first.char_indices().map(|(at, letter)| at + letter.len_utf8()).take_while(|&end| {
        let head = first.get(..end);
        head.is_some() && further.iter().all(|file| file.get(..end) == head)
    });
    let start = first.get(..start.last().unwrap_or(0))?;
    let tail = |end: usize| first.len().checked_sub(end).and_then(|from| first.get(from..));
    let end =
        first.char_indices().rev().filter_map(|(at, _)| tail(first.len() - at)).take_while(|end| {
            !end.contains('/') && files.iter().all(|file| file.get(start.len()..).is_some_and(|rest| rest.ends_with(end)))
        });
    let end = end.last().unwrap_or_default();
    // What the numbers of all have in common is chance.
    let digit = |letter: char| letter.is_ascii_digit();
    let (start, end) = (start.trim_end_matches(digit), end.trim_start_matches(digit));
    let pattern = format!("{start}*{end}");
    let fits = glob::Pattern::new(&pattern).ok()?;
    let options = glob::MatchOptions { require_literal_separator: true, ..glob::MatchOptions::new() };
    let fitting = names.iter().filter(|name| fits.matches_with(name, options)).count();
    (fitting == files.len() && !end.is_empty()).then_some(pattern)
}

fn only<T>(mut items: impl Iterator<Item = T>) -> Option<T> {
    let first = items.next()?;
    items.next().is_none().then_some(first)
}

pub(super) fn is_table(folder: &Path, name: &str) -> bool {
    let text =
        Path::new(name).extension().is_some_and(|end| ["csv", "tsv", "txt", "gz"].iter().any(|known| end.eq_ignore_ascii_case(known)));
    match container(&folder.join(name)) {
        Container::Text => text,
        Container::Gzip | Container::Workbook | Container::Parquet => true,
        Container::Other(..) => false,
    }
}

fn stem(name: &str) -> &str {
    let file = name.rsplit_once('/').map_or(name, |(_, file)| file);
    file.split('.').next().unwrap_or(file)
}
