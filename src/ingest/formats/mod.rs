//! Files that are not native CSV: containers (what the bytes are) and layouts (what the cells mean).
//!
//! A **container** turns a file into rows of text cells, collected as a [`Grid`] or written on as native text; a
//! **layout** unfolds a grid into rows of native shape ([`Unfolded`]). From there on the common reader takes over, so
//! that every rule, every count and every place is the same for all formats. Plain delimited text in native shape, also
//! packed, never comes here: it is read in blocks from the disk.

mod apart;
mod compound;
mod container;
mod day_cells;
mod delimited;
mod error;
mod foreign;
mod grid;
pub(super) mod gzip;
mod parquet;
mod proposals;
mod redcap;
mod rows;
mod sheet_cell;
pub(super) mod sheet_name;
mod sheet_rows;
mod unfolded;
mod weekly;
mod wide;
mod workbook;

pub use apart::APART;
pub(super) use container::Container;
pub use error::ContainerError;
pub(super) use foreign::{scale, suggested_layout};
pub(super) use grid::Grid;
pub use proposals::{LayoutProposal, propose_layouts};
pub(super) use redcap::dictionary_path;
pub(super) use unfolded::{Aside, Origins, SetAside, Unfolded};
pub(super) use weekly::fitting_definitions;
pub(super) use workbook::Book;

use std::borrow::Cow;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::accounting::Rejected;
use super::decode::{self, Opened};
use super::error::IngestError;
use super::layout;
use super::locate::{Located, unreadable};
use crate::settings::{FileSettings, LogKind};
use rows::{Rows, Said};

/// One format: what it is called, what it looks like, how it is read.
#[derive(Clone, Copy, Debug)]
pub struct Format {
    /// Short name.
    pub id: &'static str,
    /// Name for people, with the usual ends of file names.
    pub name: &'static str,
    /// By what it is recognized.
    pub looks_like: &'static str,
    /// How its cells become rows.
    pub read_as: &'static str,
}

/// Every container that is read, for the documentation. Layouts (REDCap exports, wide tables, weekly answers) are none:
/// each may come in any of these, and is read as the settings `redcap`, `wide` and `weekly` say.
pub const FORMATS: &[&Format] = &[&delimited::FORMAT, &gzip::FORMAT, &workbook::FORMAT, &parquet::FORMAT];

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
    /// The header and first rows of the file itself, if it had another layout.
    pub original: Option<Grid>,
}

impl Input {
    /// Text of native shape, read as it stands.
    pub fn as_it_stands(opened: Opened) -> Self {
        Self { opened, origins: None, described: Vec::new(), notes: Vec::new(), aside: Aside::default(), read_by: None, original: None }
    }

    /// Rows made from a foreign file.
    pub fn unfolded(mut unfolded: Unfolded) -> Self {
        let (described, notes) = (std::mem::take(&mut unfolded.described), std::mem::take(&mut unfolded.notes));
        let (aside, read_by, original) = (std::mem::take(&mut unfolded.aside), unfolded.read_by.take(), unfolded.original.take());
        let (text, origins) = unfolded.into_parts();
        Self { opened: decode::held_text(text), origins: Some(origins), described, notes, aside, read_by, original }
    }

    /// The settings of a file as they hold for the text it was made into: marks and lines before the header were its own.
    pub fn settings<'a>(&self, settings: &'a FileSettings) -> Cow<'a, FileSettings> {
        if let Some(read_by) = &self.read_by {
            return Cow::Owned(read_by.clone());
        }
        if self.origins.is_none() {
            return Cow::Borrowed(settings);
        }
        Cow::Owned(FileSettings { delimiter: Some(','), comment: None, skip_lines: 0, ..settings.clone() })
    }

    /// The line of the file that a line of the text stands for.
    pub fn line(&self, line: usize) -> usize {
        self.origins.as_ref().map_or(line, |origins| origins.line(line))
    }

    /// Moves an error about the header from its line of the text to its place in the file.
    pub fn place_error(&self, mut error: IngestError) -> IngestError {
        if let IngestError::DuplicateColumn { line, .. } | IngestError::NamelessHeader { line, .. } = &mut error {
            *line = self.line(*line);
        }
        error
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

/// What a file is by its first bytes; anything that cannot be looked at is left to the reader of text, which says why.
pub(super) fn container(path: &Path) -> Container {
    let mut head = Vec::new();
    let regular = std::fs::metadata(path).is_ok_and(|file| file.is_file());
    let read = regular.then(|| File::open(path).and_then(|file| file.take(container::HEAD as u64).read_to_end(&mut head)));
    if matches!(read, Some(Ok(_))) { Container::of(&head) } else { Container::Text }
}

/// Opens a file for the common reader, whatever its container and layout.
pub(super) fn open(located: &Located, kind: LogKind) -> Result<Input, IngestError> {
    if let Some(unfolded) = foreign::unfold(located, kind)? {
        return Ok(Input::unfolded(unfolded));
    }
    if text(located)? {
        let opened = located.open()?;
        foreign::check_native(&opened, located, kind)?;
        return Ok(Input::as_it_stands(opened));
    }
    let mut table: Option<Unfolded> = None;
    let said = read(located, kind, &mut table)?;
    let mut unfolded = table.unwrap_or_else(|| Unfolded::new(&[], 1));
    unfolded.described = said.described;
    unfolded.notes = said.notes;
    let input = Input::unfolded(unfolded);
    foreign::check_native(&input.opened, located, kind)?;
    Ok(input)
}

/// All cells of a file, for layouts that have to be unfolded. Names in its header may come twice.
pub(super) fn grid(located: &Located, kind: LogKind) -> Result<(Grid, Vec<String>), IngestError> {
    if !text(located)? {
        let mut grid = Grid::default();
        let said = read(located, kind, &mut grid)?;
        grid.described = said.described;
        grid.decimal_comma = true;
        return Ok((grid, said.notes));
    }
    let failed = |error: std::io::Error| unreadable(&located.name, &error);
    let opened = located.open()?;
    let layout = layout::settle_any(&opened, &located.settings, &located.name)?;
    let mut bytes = Vec::new();
    opened.from(layout.data_offset).and_then(|mut source| source.read_to_end(&mut bytes)).map_err(failed)?;
    Ok((Grid::of_text(&opened, &layout, &bytes), Vec::new()))
}

/// Whether a file is delimited text, packed or not.
fn text(located: &Located) -> Result<bool, IngestError> {
    match located.container() {
        Container::Text | Container::Gzip => Ok(true),
        Container::Workbook | Container::Parquet => Ok(false),
        Container::Other(is, fix) => Err(ContainerError::NotATable { file: located.name.clone(), is: is.to_owned(), fix }.into()),
    }
}

fn read(located: &Located, kind: LogKind, table: &mut dyn Rows) -> Result<Said, IngestError> {
    if located.container() == Container::Parquet {
        return parquet::rows(located, table);
    }
    let book = located.book.clone().map_or_else(|| Book::open(&located.path, &located.name), Ok)?;
    let sheet = book.sheet(kind, located.settings.sheet.as_deref(), &located.name)?;
    Ok(book.rows(located, kind, &sheet, table)?)
}

/// Opens the workbooks among `files`, each once, and names each file after its sheet.
pub(super) fn name_sheets<'a>(files: impl IntoIterator<Item = (LogKind, &'a mut Located)>) -> Result<(), IngestError> {
    let mut books: Vec<(std::path::PathBuf, Book)> = Vec::new();
    for (kind, located) in files {
        if located.container() != Container::Workbook {
            continue;
        }
        let known = books.iter().find(|(path, _)| *path == located.path).map(|(_, book)| book.clone());
        let book = if let Some(book) = known {
            book
        } else {
            let book = Book::open(&located.path, &located.name)?;
            books.push((located.path.clone(), book.clone()));
            book
        };
        let sheet = book.sheet(kind, located.settings.sheet.as_deref(), &located.name)?;
        located.name = format!("{} [{sheet}]", located.name);
        located.settings.sheet = Some(sheet);
        located.book = Some(book);
    }
    Ok(())
}
