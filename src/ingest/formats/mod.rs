//! Files that are not native CSV: containers (what the bytes are) and layouts (what the cells mean).
//!
//! A **container** turns a file into a [`Grid`] of text cells; a **layout** unfolds a grid into rows of native shape
//! ([`Unfolded`]). From there on the common reader takes over, so that every rule, every count and every place is the
//! same for all formats. Plain delimited text in native shape never comes here: it is read in blocks from the disk.

#![allow(dead_code, unused_imports)]

mod day_cells;
mod foreign;
mod grid;
mod proposals;
mod redcap;
mod unfolded;
mod weekly;
mod wide;

pub(super) use foreign::{scale, suggested_layout};
pub(super) use grid::{Grid, GridRow};
pub use proposals::{LayoutProposal, propose_layouts};
pub(super) use redcap::dictionary_path;
pub(super) use unfolded::{Aside, Origins, Unfolded};
pub(super) use weekly::fitting_definitions;

use std::io::Read;

use super::accounting::Rejected;
use super::decode::{self, Opened};
use super::error::IngestError;
use super::layout;
use super::locate::{Located, unreadable};
use crate::settings::{FileSettings, LogKind};

/// A file the common reader can read.
pub(super) struct Input {
    /// Its bytes, or those of the text it was unfolded into.
    pub opened: Opened,
    /// Where the lines of that text came from; `None` if the file is read as it stands.
    pub origins: Option<Origins>,
    /// What the file is, in words for the account.
    pub described: Vec<String>,
    /// What was assumed or left out, in whole sentences.
    pub notes: Vec<String>,
    /// Rows of the file that are not in the text.
    pub aside: Aside,
    /// The settings the text is read by, where unfolding has used up those of the file.
    pub read_by: Option<FileSettings>,
}

impl Input {
    /// Text of native shape, read as it stands.
    pub fn as_it_stands(opened: Opened) -> Self {
        Self { opened, origins: None, described: Vec::new(), notes: Vec::new(), aside: Aside::default(), read_by: None }
    }

    /// Rows made from a foreign file.
    pub fn unfolded(mut unfolded: Unfolded) -> Self {
        let (described, notes) = (std::mem::take(&mut unfolded.described), std::mem::take(&mut unfolded.notes));
        let (aside, read_by) = (std::mem::take(&mut unfolded.aside), unfolded.read_by.take());
        let (text, origins) = unfolded.into_parts();
        Self { opened: decode::held_text(text), origins: Some(origins), described, notes, aside, read_by }
    }

    /// Moves a rejected row from its line of the text to its place in the file.
    pub fn place(&self, rejected: &mut Rejected) {
        let Some(origins) = &self.origins else { return };
        // A row made of one cell is about that cell, unless the patient is what is wrong.
        if let Some(column) = origins.column(rejected.line)
            && ["date", "pain", "status", "minutes", "fraction_done", "event"].contains(&rejected.column.as_str())
        {
            column.clone_into(&mut rejected.column);
        }
        rejected.line = origins.line(rejected.line);
    }
}

/// Opens a file for the common reader, whatever its container and layout.
pub(super) fn open(located: &Located, kind: LogKind) -> Result<Input, IngestError> {
    if let Some(unfolded) = foreign::unfold(located, kind)? {
        return Ok(Input::unfolded(unfolded));
    }
    let opened = decode::open(&located.path).map_err(|error| unreadable(&located.name, &error))?;
    foreign::check_native(&opened, located, kind)?;
    Ok(Input::as_it_stands(opened))
}

/// All cells of a file, for layouts that have to be unfolded. Names in its header may come twice.
pub(super) fn grid(located: &Located, _kind: LogKind) -> Result<(Grid, Vec<String>), IngestError> {
    let failed = |error: std::io::Error| unreadable(&located.name, &error);
    let opened = decode::open(&located.path).map_err(failed)?;
    let layout = layout::settle_any(&opened, &located.settings, &located.name)?;
    let mut bytes = Vec::new();
    opened.from(layout.data_offset).and_then(|mut source| source.read_to_end(&mut bytes)).map_err(failed)?;
    Ok((Grid::of_text(&opened, &layout, &bytes), Vec::new()))
}
