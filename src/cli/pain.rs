//! `staywell pain STUDY`: pain of the cohort.

use super::error::{CliError, Outcome};
use super::options::{OutputOptions, StudyOptions};
use super::output::{Destination, deliver};
use super::study::{Opened, outcome};

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  staywell pain sample-data --format json")]
pub(super) struct Args {
    #[command(flatten)]
    study: StudyOptions,
    #[command(flatten)]
    output: OutputOptions,
}

pub(super) fn run(args: &Args) -> Result<Outcome, CliError> {
    let destination = Destination::open(&args.output)?;
    let (study, provenance) = Opened::read(&args.study)?.analyze(&args.study);
    deliver(&crate::report::pain(&study, &provenance), &args.output, destination)?;
    Ok(outcome(&args.study, &study.logs.reading))
}
