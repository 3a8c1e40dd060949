//! Logs held in memory, read by the very code that reads the files of a study: for whoever has text and no folder.

use std::path::PathBuf;

use rustc_hash::FxHashMap;

use super::asked::Asked;
use super::error::IngestError;
use super::locate::Located;
use super::logs::Logs;
use super::study::read_given;
use crate::settings::{FileSettings, LogKind, StudyFile};

/// A log held in memory, and how to read it.
#[derive(Clone, Debug)]
pub struct LogText {
    /// Which log it is.
    pub kind: LogKind,
    /// Its name in the accounts; each log needs its own.
    pub name: String,
    /// Its bytes as they would stand in a file of delimited text.
    pub bytes: Vec<u8>,
    /// How to read it.
    pub settings: FileSettings,
}

/// Reads logs held in memory. A study of which a required log is not given has none of its rows.
///
/// # Errors
/// As [`read_study`](super::read_study), except for what concerns finding files.
pub fn read_log_texts(texts: Vec<LogText>, study: &StudyFile, asked: &Asked) -> Result<Logs, IngestError> {
    let mut files: FxHashMap<LogKind, Vec<Located>> = FxHashMap::default();
    for LogText { kind, name, bytes, settings } in texts {
        let located = Located { path: PathBuf::from(&name), name, settings, held: Some(bytes.into()), book: None, emitted: None };
        files.entry(kind).or_default().push(located);
    }
    read_given(files, study, asked)
}
