//! How a study is to be read, beside its settings.

use super::file::BlockSize;
use super::privacy::Pseudonyms;

/// What the caller asks of the reader.
#[derive(Clone, Debug, Default)]
pub struct ReadOptions {
    /// How files are cut.
    pub block_size: BlockSize,
    /// What patient ids are replaced by, if they are.
    pub pseudonyms: Option<Pseudonyms>,
}
