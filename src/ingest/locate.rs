//! Where a study's files are.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::decode::{self, Opened};
use super::detect;
use super::error::IngestError;
use super::formats::sheet_name::suggests;
use super::formats::{self, Book, Container, ContainerError};
use super::from_path;
use crate::domain::nearest;
use crate::settings::{self, FileSettings, LogKind, Reading, StudyFile};

/// A file to read and how.
#[derive(Clone, Debug)]
pub(super) struct Located {
    pub path: PathBuf,
    /// Path relative to the study folder.
    pub name: String,
    pub settings: FileSettings,
    /// Its bytes, if they are given and not to be read from the disk.
    pub held: Option<Arc<[u8]>>,
    /// The workbook it is a sheet of, once it was opened.
    pub book: Option<Book>,
    /// If its rows are also to be written as native ones, what pain is divided by.
    pub emitted: Option<f64>,
}

impl Located {
    /// Opens it as text.
    pub fn open(&self) -> Result<Opened, IngestError> {
        let opened = self.held.as_deref().map_or_else(|| decode::open(&self.path), |bytes| decode::held(bytes.to_vec()));
        opened.map_err(|error| unreadable(&self.name, &error))
    }

    /// What it is by its first bytes; what is held in memory is text, packed or not.
    pub fn container(&self) -> Container {
        if self.held.is_some() { Container::Text } else { formats::container(&self.path) }
    }
}

/// Finds and reads the `study.toml` of a study: `path` is its folder or the file itself, `config` another file to use instead.
///
/// Gives the folder the files are in and the settings; without a `study.toml` these are the defaults.
///
/// # Errors
/// [`IngestError::NoSuchPath`], [`IngestError::NotAStudy`], [`IngestError::Unreadable`], or [`IngestError::Settings`]
/// with the place of the mistake.
pub fn open_study(path: &Path, config: Option<&Path>) -> Result<(PathBuf, StudyFile), IngestError> {
    if !path.exists() {
        return Err(IngestError::NoSuchPath { path: path.to_owned() });
    }
    let is_toml = path.is_file() && path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("toml"));
    let folder = study_folder(path);
    let native = folder.join("study.toml");
    if path.is_file() && !is_toml && config.is_none() && !native.is_file() {
        return single_file(path, folder);
    }
    let file = match config {
        Some(config) => Some(config.to_owned()),
        None if is_toml => Some(path.to_owned()),
        None => native.is_file().then_some(native),
    };
    let Some(file) = file else {
        let mut study = StudyFile::default();
        if !detect::any_native(&folder) && !take_only_workbook(&mut study, &folder)? {
            let names = files_near(&folder)?;
            let suggestion = detect::suggestion(&folder, &names);
            return Err(IngestError::NotAStudy { path: path.to_owned(), has: has_sentence(&names), suggestion });
        }
        return Ok((folder, study));
    };
    let shown = file.file_name().map_or_else(|| file.display().to_string(), |name| name.to_string_lossy().into_owned());
    let text = std::fs::read_to_string(&file).map_err(|error| unreadable(&file.display().to_string(), &error))?;
    let mut study = settings::parse(&text, &shown)?;
    if path.is_file() && !is_toml {
        study.assumed.push(format!("{shown} says which files are read, whatever file beside it was named."));
    }
    if study.reading.files.is_empty() && !detect::any_native(&folder) {
        take_only_workbook(&mut study, &folder)?;
    }
    Ok((folder, study))
}

/// A single file as a study: a workbook with a sheet per log.
fn single_file(path: &Path, folder: PathBuf) -> Result<(PathBuf, StudyFile), IngestError> {
    let mut study = StudyFile::default();
    let name = relative(path, &folder);
    if detect::take_workbook(&mut study, &folder, &name)? {
        return Ok((folder, study));
    }
    let mut suggestion = None;
    let has = match formats::container(path) {
        Container::Workbook => {
            suggestion = detect::book_suggestion(&folder, &name);
            let sheets = Book::open(path, &name)?.names();
            format!("Its sheets are {}; a study needs one called sessions and one called pain.", sheets.join(", "))
        }
        Container::Text | Container::Gzip | Container::Parquet => "It is a single file; give the folder it is in.".to_owned(),
        Container::Other(is, fix) => return Err(ContainerError::NotATable { file: name, is: is.to_owned(), fix }.into()),
    };
    Err(IngestError::NotAStudy { path: path.to_owned(), has, suggestion })
}

fn take_only_workbook(study: &mut StudyFile, folder: &Path) -> Result<bool, IngestError> {
    let names = file_names(folder)?;
    match detect::only_workbook(folder, &names) {
        Some(book) => detect::take_workbook(study, folder, book),
        None => Ok(false),
    }
}

/// The files a study is read from, its `study.toml` among them; none where there is no study. `config` is used instead of `study.toml`.
#[must_use]
pub fn study_files(path: &Path, config: Option<&Path>) -> Vec<PathBuf> {
    let is_toml = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("toml"));
    let Ok((folder, study)) = open_study(path, config) else { return Vec::new() };
    let located = || LogKind::ALL.iter().filter_map(|&kind| locate(&folder, kind, &study.reading).ok()).flatten();
    let dictionaries = located().filter_map(|located| super::formats::dictionary_path(&located));
    let logs = located().map(|located| located.path).chain(dictionaries);
    let settings = if is_toml { path.to_owned() } else { folder.join("study.toml") };
    logs.chain([settings]).chain(config.map(Path::to_owned)).collect()
}

/// The file of a folder that would be read as a log where no `study.toml` names one; the first of several.
#[must_use]
pub fn native_file(folder: &Path, kind: LogKind) -> Option<PathBuf> {
    match detect::native(folder, kind) {
        Ok(name) => name.map(|name| folder.join(name)),
        Err(_) => Some(folder.to_owned()),
    }
}

/// The folder of a study given as a folder or as the path of its `study.toml`.
pub(super) fn study_folder(path: &Path) -> PathBuf {
    if path.is_file() {
        path.parent().filter(|parent| !parent.as_os_str().is_empty()).map_or_else(|| PathBuf::from("."), Path::to_owned)
    } else {
        path.to_owned()
    }
}

/// The files of one kind of log, in the order of `study.toml` and of their names.
pub(super) fn locate(folder: &Path, kind: LogKind, reading: &Reading) -> Result<Vec<Located>, IngestError> {
    let native = format!("{}.csv", kind.as_str());
    let Some(entries) = reading.files.get(&kind).filter(|entries| !entries.is_empty()) else {
        if let Some(name) = detect::native(folder, kind)? {
            return Ok(vec![Located {
                path: folder.join(&name),
                name,
                settings: FileSettings::default(),
                held: None,
                book: None,
                emitted: None,
            }]);
        }
        if !kind.required() {
            return Ok(Vec::new());
        }
        let (has, nearest) = instead(folder, &native)?;
        return Err(IngestError::MissingLog { kind, has, nearest });
    };
    let mut located = Vec::new();
    for entry in entries {
        let given = entry.path.as_deref().or(entry.patient_from_path.as_deref());
        let found = if given.is_none() { detect::native(folder, kind)? } else { None };
        let wanted = given.or(found.as_deref()).unwrap_or(&native);
        let paths = expand(folder, wanted, kind)?;
        if paths.is_empty() {
            let (has, nearest) = instead(folder, wanted)?;
            return Err(IngestError::MissingFile { kind, path: wanted.to_owned(), has, nearest });
        }
        for path in paths {
            let mut file = Located { name: relative(&path, folder), path, settings: entry.clone(), held: None, book: None, emitted: None };
            if let Some(pattern) = &entry.patient_from_path {
                file.settings.patient_id = Some(from_path::patient(pattern, &file, kind)?);
            }
            located.push(file);
        }
    }
    Ok(located)
}

fn expand(folder: &Path, wanted: &str, kind: LogKind) -> Result<Vec<PathBuf>, IngestError> {
    let plain = folder.join(wanted);
    if plain.is_file() || !wanted.contains(['*', '?', '[']) {
        return Ok(plain.is_file().then_some(plain).into_iter().collect());
    }
    let pattern = format!("{}/{wanted}", glob::Pattern::escape(&folder.to_string_lossy()));
    let matches = glob::glob(&pattern).map_err(|error| IngestError::Setting {
        file: wanted.to_owned(),
        setting: format!("files.{}.path", kind.as_str()),
        problem: format!("is not a pattern: {}", error.msg),
        fix: "Use * for any run of characters and ? for any one.".to_owned(),
    })?;
    Ok(matches.filter_map(Result::ok).filter(|path| path.is_file()).collect())
}

fn relative(path: &Path, folder: &Path) -> String {
    path.strip_prefix(folder).unwrap_or(path).to_string_lossy().replace('\\', "/")
}

/// What the folder holds instead of `wanted`, and the file most likely meant.
fn instead(folder: &Path, wanted: &str) -> Result<(String, Option<String>), IngestError> {
    let names = files_near(folder)?;
    let tables = names.iter().map(String::as_str).filter(|name| {
        let native = LogKind::ALL.iter().any(|kind| *name == format!("{}.csv", kind.as_str()));
        let extension = Path::new(name).extension();
        !native && extension.is_some_and(|extension| !extension.eq_ignore_ascii_case("toml"))
    });
    let kind = LogKind::ALL.iter().find(|kind| wanted == format!("{}.csv", kind.as_str()));
    let called = kind.and_then(|&kind| {
        let called: Vec<&String> = names.iter().filter(|name| suggests(name, kind)).collect();
        detect::pattern_of(&called, &names).or_else(|| called.first().map(|&name| name.clone()))
    });
    let near = called.or_else(|| nearest(wanted, tables).map(str::to_owned)).or_else(|| {
        let free: Vec<&String> = names.iter().filter(|name| !is_native(name) && detect::is_table(folder, name)).collect();
        detect::only_left(&free, *kind?).cloned().or_else(|| detect::pattern_of(&free, &names))
    });
    Ok((has_sentence(&names), near))
}

/// Whether a file has the native name of a log.
fn is_native(name: &str) -> bool {
    LogKind::ALL.iter().any(|kind| name.split_once('.').is_some_and(|(stem, _)| stem == kind.as_str()))
}

/// The files in a folder, sorted; where a study might be in its folders, also theirs.
fn files_near(folder: &Path) -> Result<Vec<String>, IngestError> {
    let mut names = file_names(folder)?;
    if names.iter().any(|name| !is_native(name) && detect::is_table(folder, name)) {
        return Ok(names);
    }
    let entries = std::fs::read_dir(folder).map_err(|error| unreadable(&folder.display().to_string(), &error))?;
    let folders = entries.filter_map(Result::ok).filter(|entry| entry.path().is_dir());
    let mut folders: Vec<String> = folders.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    folders.sort();
    for inner in folders.iter().filter(|name| !name.starts_with('.')) {
        // What cannot be looked into is not what was meant.
        let inside = file_names(&folder.join(inner)).unwrap_or_default();
        names.extend(inside.into_iter().map(|name| format!("{inner}/{name}")));
    }
    Ok(names)
}

/// The names of the files in a folder, sorted.
fn file_names(folder: &Path) -> Result<Vec<String>, IngestError> {
    let entries = std::fs::read_dir(folder).map_err(|error| unreadable(&folder.display().to_string(), &error))?;
    let files = entries.filter_map(Result::ok).filter(|entry| entry.path().is_file());
    let mut names: Vec<String> = files.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    Ok(names)
}

/// Longer lists are cut.
const SHOWN: usize = 12;

fn has_sentence(names: &[String]) -> String {
    match names {
        [] => "The folder has no files.".to_owned(),
        names if names.len() > SHOWN => format!("The folder has {} and {} more files.", names[..SHOWN].join(", "), names.len() - SHOWN),
        names => format!("The folder has {}.", names.join(", ")),
    }
}

pub(super) fn unreadable(file: &str, error: &std::io::Error) -> IngestError {
    let problem = match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such file".to_owned(),
        std::io::ErrorKind::PermissionDenied => "permission was denied".to_owned(),
        std::io::ErrorKind::IsADirectory => "it is a folder".to_owned(),
        std::io::ErrorKind::InvalidData => "it is not UTF-8 text".to_owned(),
        _ => error.to_string(),
    };
    IngestError::Unreadable { file: file.to_owned(), problem }
}
