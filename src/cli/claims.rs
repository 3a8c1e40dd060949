//! `staywell claims STUDY`: the claims and their verdicts; `claims list`, `claims explain ID` and `claims vocabulary` without a study.

use clap::Subcommand;

use super::error::{CliError, Outcome};
use super::options::{OptionalStudy, OutputOptions};
use super::output::{Destination, deliver};
use super::study::{Opened, outcome};
use crate::claims::{CLAIMS, Claim};
use crate::domain::nearest;

#[derive(Debug, clap::Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "Examples:\n  staywell claims sample-data --only maintenance-delays-recurrence\n  staywell claims list\n  \
    staywell claims explain maintenance-delays-recurrence"
)]
pub(super) struct Args {
    #[command(subcommand)]
    about: Option<About>,
    #[command(flatten)]
    study: OptionalStudy,
    /// Print only this claim (all are tested as one family all the same)
    #[arg(long, value_name = "ID")]
    only: Option<String>,
    #[command(flatten)]
    output: OutputOptions,
}

#[derive(Debug, Subcommand)]
enum About {
    /// Every claim in one sentence
    List,
    /// Exposures and outcomes of which claims of your own can be made in study.toml
    Vocabulary,
    /// How a claim is tested, what it needs, and what makes the obvious test dishonest
    Explain {
        /// Id of the claim, as `claims list` prints it
        id: String,
    },
}

pub(super) fn run(args: &Args) -> Result<Outcome, CliError> {
    match &args.about {
        Some(About::List) => tell(args, CLAIMS, false),
        Some(About::Explain { id }) => tell(args, std::slice::from_ref(find(id)?), true),
        Some(About::Vocabulary) => {
            let destination = Destination::open(&args.output)?;
            deliver(&crate::report::claim_vocabulary(), &args.output, destination).map(|()| Outcome::Clean)
        }
        None => test(args),
    }
}

fn test(args: &Args) -> Result<Outcome, CliError> {
    let Some(study) = &args.study.given() else {
        return Err(CliError::Usage("name the STUDY, or ask for `claims list` or `claims explain ID`".to_owned()));
    };
    let destination = Destination::open(&args.output)?;
    let opened = Opened::read(study)?;
    if let Some(id) = &args.only {
        let own = opened.logs.settings.claims.own.iter().map(|own| own.id.as_str());
        let ids = CLAIMS.iter().map(|claim| claim.id).chain(own);
        if !ids.clone().any(|known| known == id) {
            return Err(none_of(id, ids));
        }
    }
    let (analyzed, provenance) = opened.analyze(study);
    deliver(&crate::report::claims(&analyzed, args.only.as_deref(), &provenance), &args.output, destination)?;
    Ok(outcome(study, &analyzed.logs.reading))
}

fn find(id: &str) -> Result<&'static Claim, CliError> {
    CLAIMS.iter().find(|claim| claim.id == id).ok_or_else(|| none_of(id, CLAIMS.iter().map(|claim| claim.id)))
}

/// What is said of an id that is none of these, with the nearest that is.
fn none_of<'a>(id: &str, ids: impl Iterator<Item = &'a str>) -> CliError {
    let ids: Vec<&str> = ids.collect();
    let near = nearest(id, ids.iter().copied()).map(|near| format!(" Did you mean \"{near}\"?")).unwrap_or_default();
    CliError::Usage(format!("there is no claim \"{id}\"; the claims are: {}.{near}", ids.join(", ")))
}

/// Prints what the claims are, in the form and to the place asked for.
fn tell(args: &Args, claims: &[Claim], in_full: bool) -> Result<Outcome, CliError> {
    let destination = Destination::open(&args.output)?;
    deliver(&crate::report::claim_register(claims, in_full), &args.output, destination).map(|()| Outcome::Clean)
}
