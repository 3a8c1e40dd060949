//! `staywell claims STUDY`: the claims and their verdicts.

use super::error::{CliError, Outcome};
use super::options::{OutputOptions, StudyOptions};
use super::output::{Destination, deliver};
use super::study::{Opened, outcome};
use crate::claims::CLAIMS;
use crate::domain::nearest;

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  staywell claims sample-data --only maintenance-delays-recurrence")]
pub(super) struct Args {
    #[command(flatten)]
    study: StudyOptions,
    /// Print only this claim (all are tested as one family all the same)
    #[arg(long, value_name = "ID")]
    only: Option<String>,
    #[command(flatten)]
    output: OutputOptions,
}

pub(super) fn run(args: &Args) -> Result<Outcome, CliError> {
    if let Some(id) = args.only.as_deref().filter(|id| CLAIMS.iter().all(|claim| claim.id != *id)) {
        let known = || CLAIMS.iter().map(|claim| claim.id);
        let near = nearest(id, known()).map(|near| format!(" Did you mean \"{near}\"?")).unwrap_or_default();
        return Err(CliError::Usage(format!(
            "there is no claim \"{id}\"; the claims are: {}.{near}",
            known().collect::<Vec<_>>().join(", ")
        )));
    }
    let destination = Destination::open(&args.output)?;
    let (study, provenance) = Opened::read(&args.study)?.analyze(&args.study);
    deliver(&crate::report::claims(&study, args.only.as_deref(), &provenance), &args.output, destination)?;
    Ok(outcome(&args.study, &study.logs.reading))
}
