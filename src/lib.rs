//! Do patients who keep up their exercise program stay well? staywell answers from a clinic's own session and pain logs.
//!
//! # The pipeline
//!
//! ```text
//! CSV files ─ ingest ─▶ Logs ─ cohort ─▶ one Course per patient ─ analysis ─▶ adherence, pain, recurrence
//!                │                                                                     │
//!                ▼                                                      claims ◀───────┴───────▶ charts
//!          rejected rows                                                   │                       │
//!                                                                          └───────▶ report ◀──────┘
//! ```
//!
//! [`study::Study::run`] is that picture as one function: logs and settings in, verdicts out.
//!
//! # Layers
//!
//! ```text
//! main → cli → report → study → claims | charts → analysis → cohort → ingest → settings → domain | stats | simulate
//! ```
//!
//! A file imports only from layers to its right, never sideways (`tests/architecture.rs` keeps it so). `domain` and `stats`
//! import nothing of ours; `simulate` imports `domain` only; `charts` draws numbers it is given and computes none. Only
//! `ingest` reads files; only `cli` writes them and prints. Nothing reads the clock: same input, same bytes.
//!
//! # From Rust
//!
//! ```no_run
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use staywell::{ingest, study::Study};
//!
//! let (folder, file) = ingest::open_study("sample-data".as_ref(), None)?;
//! let logs = ingest::read_study(&folder, &file)?;
//! let study = Study::run(logs, file.settings);
//! println!("{} recurrences among {} patients at risk", study.recurrence.recurrences, study.recurrence.at_risk);
//! # Ok(())
//! # }
//! ```

pub mod analysis;
pub mod charts;
pub mod claims;
pub mod cli;
pub mod cohort;
pub mod domain;
pub mod ingest;
pub mod report;
pub mod settings;
pub mod simulate;
pub mod stats;
pub mod study;
