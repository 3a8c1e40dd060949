//! `staywell power`: recurrences and patients needed, and what a study could have found.

use super::error::{CliError, Outcome};
use super::options::{OptionalStudy, OutputOptions};
use super::output::{Destination, deliver};
use super::study::{Opened, outcome};
use crate::analysis::{PowerAssumptions, power_assumptions, power_needed, power_of_study};
use crate::report::PowerReport;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  staywell power --recurrence 0.6 --maintained 0.5\n  staywell power sample-data --hazard-ratio 0.72\n\n\
    With a STUDY the shares are those at its landmark, unless they are given, and the power it had is told."
)]
pub(super) struct Args {
    #[command(flatten)]
    study: OptionalStudy,
    /// Hazard ratio to be found; may be given several times
    #[arg(long, value_name = "RATIO", default_values_t = [0.5, 0.6, 0.72, 0.8])]
    hazard_ratio: Vec<f64>,
    /// Share of patients with a recurrence while followed
    #[arg(long, value_name = "SHARE", required_unless_present = "study")]
    recurrence: Option<f64>,
    /// Share of patients who keep the exercise up
    #[arg(long, value_name = "SHARE", required_unless_present = "study")]
    maintained: Option<f64>,
    /// Probability of finding the difference if it is there
    #[arg(long, value_name = "SHARE", default_value_t = 0.8)]
    power: f64,
    /// Size of the two-sided test
    #[arg(long, value_name = "SHARE", default_value_t = 0.05)]
    alpha: f64,
    #[command(flatten)]
    output: OutputOptions,
}

pub(super) fn run(args: &Args) -> Result<Outcome, CliError> {
    let destination = Destination::open(&args.output)?;
    let Some(options) = &args.study.given() else {
        let (recurrence, maintained) = (args.recurrence.unwrap_or_default(), args.maintained.unwrap_or_default());
        let assumed = PowerAssumptions { recurrence, maintained, power: args.power, alpha: args.alpha };
        let report = PowerReport { assumed, as_in_study: false, needed: power_needed(&args.hazard_ratio, &assumed)?, study: None };
        deliver(&crate::report::power(&report), &args.output, destination)?;
        return Ok(Outcome::Clean);
    };
    let (study, provenance) = Opened::read(options)?.analyze(options);
    let of_study = power_assumptions(&study.recurrence, args.power, args.alpha);
    let assumed = match (args.recurrence, args.maintained, of_study) {
        (Some(recurrence), Some(maintained), _) => PowerAssumptions { recurrence, maintained, power: args.power, alpha: args.alpha },
        (recurrence, maintained, Ok(assumed)) => PowerAssumptions {
            recurrence: recurrence.unwrap_or(assumed.recurrence),
            maintained: maintained.unwrap_or(assumed.maintained),
            ..assumed
        },
        (.., Err(reason)) => {
            return Err(CliError::Usage(format!("the study has no rates of its own: {reason}. Give --recurrence and --maintained.")));
        }
    };
    let found = power_of_study(&study.recurrence, &args.hazard_ratio, &assumed)?;
    let report = PowerReport {
        assumed,
        as_in_study: args.recurrence.is_none() && args.maintained.is_none(),
        needed: power_needed(&args.hazard_ratio, &assumed)?,
        study: found.map(|found| (found, &study, &provenance)),
    };
    deliver(&crate::report::power(&report), &args.output, destination)?;
    Ok(outcome(options, &study.logs.reading))
}
