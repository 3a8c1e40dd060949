//! `staywell recurrence STUDY`: recurrence after completion.

use super::error::{CliError, Outcome};
use super::options::{OutputOptions, StudyOptions};
use super::output::{Destination, deliver};
use super::study::{Opened, outcome};
use crate::settings::GridCells;

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  staywell recurrence sample-data\n  staywell recurrence sample-data --grid --format csv")]
pub(super) struct Args {
    #[command(flatten)]
    study: StudyOptions,
    /// The core comparison under every combination of definitions instead ([grid] in study.toml)
    #[arg(long)]
    grid: bool,
    #[command(flatten)]
    output: OutputOptions,
}

pub(super) fn run(args: &Args) -> Result<Outcome, CliError> {
    let destination = Destination::open(&args.output)?;
    let mut opened = Opened::read(&args.study)?;
    if args.grid {
        opened.logs.settings.grid.cells = GridCells::All;
    }
    let (study, provenance) = opened.analyze(&args.study);
    let report = if args.grid { crate::report::recurrence_grid } else { crate::report::recurrence };
    deliver(&report(&study, &provenance), &args.output, destination)?;
    Ok(outcome(&args.study, &study.logs.reading))
}
