//! What the caller of the reader decides.

use super::file::BlockSize;
use crate::domain::Day;

/// What the caller of the reader decides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// How files are cut. The result does not depend on it.
    pub block_size: BlockSize,
    /// The day on which the files are read: where the study does not say when they were exported, a later log is a
    /// mistake. Without it no log is too late.
    pub today: Option<Day>,
}
