//! What the caller of the reader decides.

use super::file::BlockSize;
use super::privacy::Pseudonyms;
use crate::domain::Day;

/// What the caller of the reader decides.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// How files are cut. The result does not depend on it.
    pub block_size: BlockSize,
    /// The day on which the files are read: where the study does not say when they were exported, a later log is a
    /// mistake. Without it no log is too late.
    pub today: Option<Day>,
    /// What patient ids are replaced by, if they are. Then no error names a file, a column or a cell that may be an id.
    pub pseudonyms: Option<Pseudonyms>,
}
