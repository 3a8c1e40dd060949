//! Logs held in memory, read by the very code that reads the files of a study: for whoever has text and no folder.

use std::path::{Path, PathBuf};

use rustc_hash::FxHashMap;

use super::error::IngestError;
use super::file::BlockSize;
use super::locate::Located;
use super::logs::Logs;
use super::study::read_located;
use crate::settings::{FileSettings, LogKind, StudyFile};

/// A log held in memory, and how to read it.
#[derive(Clone, Debug)]
pub struct LogText {
    /// Which log it is.
    pub kind: LogKind,
    /// Its name in the accounts; each log needs its own.
    pub name: String,
    /// Its bytes as they would stand in a file.
    pub bytes: Vec<u8>,
    /// How to read it.
    pub settings: FileSettings,
}

/// Reads logs held in memory. Nothing is read from the disk; a study of which a required log is not given has none of its rows.
///
/// # Errors
/// As [`read_study`](super::read_study), except for what concerns finding files.
pub fn read_log_texts(texts: Vec<LogText>, study: &StudyFile, size: BlockSize) -> Result<Logs, IngestError> {
    let mut files: FxHashMap<LogKind, Vec<Located>> = LogKind::ALL.iter().map(|&kind| (kind, Vec::new())).collect();
    let mut held = FxHashMap::default();
    for text in texts {
        let located = Located { path: PathBuf::from(&text.name), name: text.name.clone(), settings: text.settings };
        files.entry(text.kind).or_default().push(located);
        held.insert(text.name, text.bytes);
    }
    read_located(Path::new("memory"), study, files, held, size)
}
