//! `staywell stats METHOD --data any.csv`: one statistic, so that any number can be checked elsewhere.

mod cox;
mod data;
mod km;
mod logrank;
mod table;

use clap::{Args as ClapArgs, Subcommand};

use super::error::{CliError, Outcome};
use super::options::OutputOptions;
use super::output::{Destination, json_text};
use table::StatisticTable;

#[derive(Debug, ClapArgs)]
#[command(after_help = "Example:\n  staywell stats km --data lung.csv --time time --event status --event-code 2 --by sex --times 180,365")]
pub(super) struct Args {
    #[command(subcommand)]
    method: Method,
    /// No progress and no notes on standard error
    #[arg(long, short, global = true)]
    quiet: bool,
}

#[derive(Debug, Subcommand)]
enum Method {
    /// Kaplan–Meier curves, medians, restricted means
    Km(km::Args),
    /// Log-rank test for two groups or more
    Logrank(logrank::Args),
    /// Cox proportional-hazards model (Efron or Breslow ties)
    Cox(cox::Args),
}

pub(super) fn run(args: &Args) -> Result<Outcome, CliError> {
    match &args.method {
        Method::Km(args) => km::run(args),
        Method::Logrank(args) => logrank::run(args),
        Method::Cox(args) => cox::run(args),
    }?;
    Ok(Outcome::Clean)
}

fn deliver(table: &StatisticTable, options: &OutputOptions, destination: Destination) -> Result<(), CliError> {
    use super::options::Format;
    let text = match options.format {
        Format::Table => table.text(),
        Format::Json => json_text(&table.json()),
        Format::Csv => table.csv(),
    };
    destination.write(&text)
}
