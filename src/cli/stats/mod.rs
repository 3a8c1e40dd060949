//! `staywell stats METHOD --data any.csv`: one statistic, so that any number can be checked elsewhere.

mod columns;
mod cox;
mod km;
mod logrank;
mod survival_columns;
mod table;
mod zph;

use clap::{Args as ClapArgs, Subcommand};

use super::error::{CliError, Outcome};
use super::options::{Format, OutputOptions};
use super::output::{Destination, json_text};
use table::StatisticTable;

#[derive(Debug, ClapArgs)]
#[command(after_help = "Example:\n  staywell stats km --data lung.csv --time time --event status --event-code 2 --by sex --times 180,365")]
pub(super) struct Args {
    #[command(subcommand)]
    method: Method,
    #[command(flatten)]
    output: OutputOptions,
    /// Print one block of the result only: tidy, glance, tests, …
    #[arg(long, value_name = "NAME", global = true)]
    block: Option<String>,
    /// No progress and no notes on standard error
    #[arg(long, short, global = true)]
    quiet: bool,
}

/// One line per method: its name, its options, what it does.
macro_rules! methods {
    ($($(#[$doc:meta])* $variant:ident($module:ident)),* $(,)?) => {
        #[derive(Debug, Subcommand)]
        enum Method {
            $($(#[$doc])* $variant($module::Args)),*
        }

        impl Method {
            fn run(&self) -> Result<StatisticTable, CliError> {
                match self {
                    $(Self::$variant(args) => $module::run(args)),*
                }
            }
        }
    };
}

methods! {
    /// Kaplan–Meier curves, medians, restricted means
    Km(km),
    /// Log-rank tests: two groups or more, strata, weights over time, trend
    Logrank(logrank),
    /// Cox proportional-hazards model
    Cox(cox),
    /// Test of proportional hazards (scaled Schoenfeld residuals)
    Zph(zph),
}

pub(super) fn run(args: &Args) -> Result<Outcome, CliError> {
    let destination = Destination::open(&args.output)?;
    let mut table = args.method.run()?;
    if let Some(name) = &args.block {
        table = table.only(name)?;
    }
    let text = match args.output.format {
        Format::Table => table.text(),
        Format::Json => json_text(&table.json()),
        Format::Csv => table.csv(),
    };
    destination.write(&text)?;
    Ok(Outcome::Clean)
}
