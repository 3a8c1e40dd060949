//! Files → clean columns, and an account of every row. The only layer that reads files.
//!
//! `locate` finds the files, `layout` and `plan` settle what their cells mean, `blocks` and `record` cut them, `rows`
//! reads them in parallel by the rules of `rules`, and `study` puts the logs together.
//!
//! A row with more or fewer cells than the header is rejected as `wrong_number_of_cells`, unless the further cells are
//! empty or the missing ones belong to optional columns at the end. Fill-down comes before the filter, the filter
//! before every other rule.

mod accounting;
mod blocks;
mod columns;
mod dates;
mod decode;
mod error;
mod events;
mod file;
mod formats;
mod layout;
mod locate;
mod logs;
mod number;
mod options;
mod order;
mod pain;
mod plan;
mod privacy;
mod programs;
mod record;
mod roster;
mod row;
mod rows;
mod rules;
mod scale;
mod sessions;
mod study;
mod table;

pub use accounting::{FileAccount, ReadingReport, Rejected};
pub use columns::{ColumnSpec, Field, columns_of};
pub use error::IngestError;
pub use file::BlockSize;
pub use locate::{open_study, study_files};
pub use logs::{Covariate, CovariateValues, EventLog, Logs, PainLog, ProgramRecord, Roster, SessionLog};
pub use options::ReadOptions;
pub use privacy::{Pseudonyms, hidden};
pub use rules::{RULES, Rule};
pub use study::{read_study, read_study_in_blocks, read_study_with};
pub use table::{Table, read_table};
