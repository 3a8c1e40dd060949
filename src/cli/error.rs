//! What can go wrong below the command line, and the exit code of what went well.

use std::path::PathBuf;

use thiserror::Error;

use crate::charts::ChartError;
use crate::claims::OwnClaimError;
use crate::ingest::IngestError;
use crate::report::ReportError;
use crate::simulate::SimulationError;
use crate::stats::StatsError;
use crate::study::UnknownPatient;

/// How a command that worked ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// Nothing to complain of, or not asked to.
    Clean,
    /// `--strict`, and rows were rejected or there are warnings.
    Complaints,
}

/// Why a command did not work.
#[derive(Debug, Error)]
pub(super) enum CliError {
    #[error(transparent)]
    Ingest(#[from] IngestError),
    /// A file read for its own sake, without a study around it.
    #[error(transparent)]
    Table(IngestError),
    #[error(transparent)]
    OwnClaim(#[from] OwnClaimError),
    #[error(transparent)]
    UnknownPatient(#[from] UnknownPatient),
    #[error(transparent)]
    Report(#[from] ReportError),
    #[error(transparent)]
    Chart(#[from] ChartError),
    #[error(transparent)]
    Simulation(#[from] SimulationError),
    #[error("{0}")]
    Stats(StatsError),
    #[error("{0}")]
    Usage(String),
    #[error("cannot write {}: {problem}", path.display())]
    Write { path: PathBuf, problem: String },
    #[error("{} is read by this command and would be replaced by its result", path.display())]
    WouldReplaceInput { path: PathBuf },
    #[error("cannot write to standard output: {problem}")]
    StandardOutput { problem: String },
    #[error("{} is not empty", path.display())]
    WouldOverwrite { path: PathBuf },
    /// The reader of our output closed it: that is success.
    #[error("the output was closed")]
    BrokenPipe,
}

impl From<StatsError> for CliError {
    fn from(error: StatsError) -> Self {
        Self::Stats(error)
    }
}

impl CliError {
    /// Whether the sentence is laid out over several lines, as the place of a mistake in study.toml is.
    pub(super) fn has_lines(&self) -> bool {
        matches!(self, Self::Ingest(IngestError::Settings(_)))
    }

    /// What to do about it, where there is more to say than the sentence.
    pub(super) fn hint(&self) -> Option<String> {
        match self {
            Self::Table(IngestError::EmptyFile { .. } | IngestError::HeaderOnly { .. }) => {
                Some("A first line with the names of the columns and at least one row are needed; export the file again.".to_owned())
            }
            Self::Table(IngestError::NamelessHeader { .. }) => Some("The first line must name the columns.".to_owned()),
            Self::Ingest(error) | Self::Table(error) => error.hint(),
            Self::Write { .. } => Some("Choose a folder you may write to with --out.".to_owned()),
            Self::WouldReplaceInput { .. } => Some("Give --out another name.".to_owned()),
            Self::WouldOverwrite { .. } => Some("Name a new or empty folder, or add --force to write into this one.".to_owned()),
            _ => None,
        }
    }
}
