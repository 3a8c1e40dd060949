//! `staywell adherence STUDY`: adherence to the prescribed sessions.

use super::error::{CliError, Outcome};
use super::options::{OutputOptions, StudyOptions};
use super::output::{Destination, deliver};
use super::study::{Opened, outcome};

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  staywell adherence sample-data --format csv --out adherence.csv")]
pub(super) struct Args {
    #[command(flatten)]
    study: StudyOptions,
    #[command(flatten)]
    output: OutputOptions,
}

pub(super) fn run(args: &Args) -> Result<Outcome, CliError> {
    let destination = Destination::open(&args.output)?;
    let (study, provenance) = Opened::read(&args.study)?.analyze(&args.study);
    deliver(&crate::report::adherence(&study, &provenance), &args.output, destination)?;
    Ok(outcome(&args.study, &study.logs.reading))
}
