//! Options that commands share.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// Where the study is and how to read it.
#[derive(Args, Clone, Debug)]
pub(super) struct StudyOptions {
    /// Folder with the logs, or the path of a study.toml
    #[arg(value_name = "STUDY")]
    pub(super) study: PathBuf,
    /// Settings to use instead of the folder's study.toml
    #[arg(long, value_name = "FILE")]
    pub(super) config: Option<PathBuf>,
    /// End with exit code 1 if any row was rejected or there is a warning
    #[arg(long)]
    pub(super) strict: bool,
    /// Replace each patient id by a keyed hash, in every output; KEYFILE holds a key of at least 16 bytes
    #[arg(long, value_name = "KEYFILE")]
    pub(super) pseudonymize: Option<PathBuf>,
    #[command(flatten)]
    pub(super) quiet: QuietOption,
}

/// As [`StudyOptions`], for a command that also does something without a study.
#[derive(Args, Clone, Debug)]
pub(super) struct OptionalStudy {
    /// Folder with the logs, or the path of a study.toml
    #[arg(value_name = "STUDY")]
    study: Option<PathBuf>,
    /// Settings to use instead of the folder's study.toml
    #[arg(long, value_name = "FILE", requires = "study")]
    config: Option<PathBuf>,
    /// End with exit code 1 if any row was rejected or there is a warning
    #[arg(long, requires = "study")]
    strict: bool,
    /// Replace each patient id by a keyed hash, in every output; KEYFILE holds a key of at least 16 bytes
    #[arg(long, value_name = "KEYFILE", requires = "study")]
    pseudonymize: Option<PathBuf>,
    #[command(flatten)]
    quiet: QuietOption,
}

impl OptionalStudy {
    /// The study, if one is named.
    pub(super) fn given(&self) -> Option<StudyOptions> {
        let Self { study, config, strict, pseudonymize, quiet } = self.clone();
        Some(StudyOptions { study: study?, config, strict, pseudonymize, quiet })
    }
}

/// Less on the terminal.
#[derive(Args, Clone, Copy, Debug)]
pub(super) struct QuietOption {
    /// No progress and no notes on standard error
    #[arg(long, short)]
    pub(super) quiet: bool,
}

/// How and where the result is printed.
#[derive(Args, Clone, Debug)]
pub(super) struct OutputOptions {
    /// How the result is printed
    #[arg(long, value_enum, global = true, default_value_t = Format::Table)]
    pub(super) format: Format,
    /// Write the result to this file instead of standard output
    #[arg(long, value_name = "FILE", global = true)]
    pub(super) out: Option<PathBuf>,
}

/// Forms of a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For reading
    Table,
    /// Everything, at full precision
    Json,
    /// The main table, at full precision
    Csv,
}
