//! Blocks of `study.toml` for files nobody has described yet.

use std::path::Path;

use super::{grid, redcap, wide};
use crate::ingest::error::IngestError;
use crate::ingest::locate::Located;
use crate::settings::{FileSettings, LogKind};

/// A block of `study.toml` for one log of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LayoutProposal {
    /// Which log the file seems to hold.
    pub kind: LogKind,
    /// The block, from `[files.…]` on (for a wide table the setting alone, in a sentence).
    pub block: String,
}

/// What a file in another layout than the native one seems to hold, by its header and cells: the logs of a REDCap export, or a
/// wide table. Nothing for a file that looks native. `name` is its path as `study.toml` would give it.
///
/// # Errors
/// [`IngestError::Unreadable`] and what else keeps a file from being read as a table.
pub fn propose_layouts(path: &Path, name: &str) -> Result<Vec<LayoutProposal>, IngestError> {
    let located = Located { path: path.to_owned(), name: name.to_owned(), settings: FileSettings::default(), book: None, emitted: None };
    let (table, _) = grid(&located, LogKind::Pain)?;
    let of_redcap = redcap::proposals(&table, path, name);
    if !of_redcap.is_empty() {
        return Ok(of_redcap.into_iter().map(|(kind, block)| LayoutProposal { kind, block }).collect());
    }
    let wide = [LogKind::Pain, LogKind::Sessions].into_iter().filter_map(|kind| {
        let block = wide::suggestion(&table.header, kind)?;
        Some(LayoutProposal { kind, block })
    });
    Ok(wide.collect())
}
