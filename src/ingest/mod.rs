//! Files → clean columns, and an account of every row. The only layer that reads files.
//!
//! `locate` finds the files, `layout` and `plan` settle what their cells mean, `blocks` and `record` cut them, `rows`
//! reads them in parallel by the rules of `rules`, and `study` puts the logs together.
//!
//! A row with more or fewer cells than the header is rejected as `wrong_number_of_cells`, unless the further cells are
//! empty or the missing ones belong to optional columns at the end. Fill-down comes before the filter, the filter
//! before every other rule. A row that cannot be read ends a run of filled cells, if it may have begun another.

mod accounting;
mod asked;
mod blocks;
mod categories;
mod columns;
mod conversion;
mod dates;
mod decode;
mod detect;
mod emission;
mod error;
mod events;
mod file;
mod fill_down;
mod formats;
mod from_memory;
mod from_path;
mod header;
mod joined;
mod layout;
mod lead;
mod locate;
mod logs;
mod measures;
mod merged;
mod missing;
mod number;
mod order;
mod pain;
mod pain_details;
mod places;
mod plain;
mod plan;
mod privacy;
mod program_log;
mod programs;
mod reader;
mod record;
mod refused;
mod relations;
mod roster;
mod row;
mod rows;
mod rules;
mod runs;
mod same_day;
mod scale;
mod session_details;
mod sessions;
mod study;
mod table;
mod told;
mod unread;
mod unused_columns;
mod words;

pub use accounting::{FileAccount, Finding, Found, ReadingReport, Rejected};
pub use asked::Asked;
pub use categories::Categories;
pub use columns::{ColumnSpec, Field, columns_of};
pub use conversion::{Conversion, ConvertedFile, convert_study};
pub use emission::NativeLog;
pub use error::IngestError;
pub use file::BlockSize;
pub use formats::{APART, ContainerError, FORMATS, Format, LayoutProposal, propose_layouts};
pub use from_memory::{LogText, read_log_texts};
pub use locate::{native_file, open_study, study_files};
pub use logs::{
    Covariate, CovariateValues, EventLog, Filled, Logs, MeasureLog, PainLog, ProgramLog, ProgramRecord, Roster, SameDayLog, SessionLog,
};
pub use places::{Place, Places};
pub use privacy::{Pseudonyms, hidden};
pub use program_log::{OverlappingPrograms, overlapping_programs};
pub use rules::{RULES, Rule, Severity};
pub use study::{CheckedStudy, check_study, read_study, read_study_as};
pub use table::{Table, read_table};
