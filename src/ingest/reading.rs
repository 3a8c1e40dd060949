//! The ways to read a study, and what the caller may ask beside its settings.

use std::path::Path;

use super::error::IngestError;
use super::file::BlockSize;
use super::logs::Logs;
use super::privacy::{Pseudonyms, hidden};
use super::study;
use crate::settings::StudyFile;

/// What the caller asks of the reader.
#[derive(Clone, Debug, Default)]
pub struct ReadOptions {
    /// How files are cut.
    pub block_size: BlockSize,
    /// What patient ids are replaced by, if they are.
    pub pseudonyms: Option<Pseudonyms>,
}

/// A study with everything that is wrong with it.
#[derive(Clone, Debug)]
pub struct CheckedStudy {
    /// The logs; where there are `errors`, those parts of them that could be read, good for their account alone.
    pub logs: Logs,
    /// Why the study cannot be analyzed, file by file; empty if it can.
    pub errors: Vec<IngestError>,
}

/// Reads the logs of a study, which is a folder or the path of its `study.toml`.
///
/// # Errors
/// An [`IngestError`] where nothing trustworthy can be made of the files. A row that breaks a rule is no error: it is
/// listed in [`ReadingReport::rejected`](super::ReadingReport::rejected).
pub fn read_study(path: &Path, study: &StudyFile) -> Result<Logs, IngestError> {
    read_study_with(path, study, &ReadOptions::default())
}

/// As [`read_study`], with a chosen block size.
///
/// # Errors
/// As [`read_study`].
pub fn read_study_in_blocks(path: &Path, study: &StudyFile, size: BlockSize) -> Result<Logs, IngestError> {
    read_study_with(path, study, &ReadOptions { block_size: size, ..ReadOptions::default() })
}

/// As [`read_study`], with options. With pseudonyms no error names a file, a column or a cell that may be an id.
///
/// # Errors
/// As [`read_study`].
pub fn read_study_with(path: &Path, study: &StudyFile, options: &ReadOptions) -> Result<Logs, IngestError> {
    read(path, study, options, false).map(|checked| checked.logs)
}

/// As [`read_study_with`], but one unusable file does not hide what is wrong with the others.
///
/// # Errors
/// An [`IngestError`] where there is no study at all, or where rows went missing inside staywell.
pub fn check_study(path: &Path, study: &StudyFile, options: &ReadOptions) -> Result<CheckedStudy, IngestError> {
    read(path, study, options, true)
}

fn read(path: &Path, study: &StudyFile, options: &ReadOptions, keep_going: bool) -> Result<CheckedStudy, IngestError> {
    let read = study::read(path, study, options, keep_going);
    if options.pseudonyms.is_none() {
        return read;
    }
    let shown = |checked: CheckedStudy| CheckedStudy { errors: checked.errors.into_iter().map(hidden).collect(), ..checked };
    read.map(shown).map_err(hidden)
}
