//! The command line. One file per command; shared options, output and exit codes beside them.

mod adherence;
mod check;
mod claims;
mod convert;
mod error;
mod explain;
mod hint_lines;
mod init;
mod inputs;
mod options;
mod output;
mod pain;
mod patient;
mod power;
mod printable;
mod progress;
mod recurrence;
mod report;
mod simulate;
mod stats;
mod study;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use error::{CliError, Outcome};

const ABOUT: &str = "Do patients who keep up their exercise program stay well? Answers from a clinic's own session and pain logs.";

const AFTER: &str = "\
STUDY is a folder with sessions.csv and pain.csv (programs.csv, patients.csv, events.csv, measures.csv and study.toml make more testable),
the path of a study.toml, or a workbook with a sheet per log. Logs may be packed (.csv.gz), workbooks or Parquet files.

Examples:
  staywell report sample-data --out report      the whole cohort: report, figures, tables
  staywell patient sample-data P0042            one patient's course in words
  staywell check sample-data                    what is wrong with the logs, and where

Exit codes: 0 clean; 1 usable, but --strict was given and there are rejected rows or warnings; 2 unusable input or wrong usage.";

#[derive(Debug, Parser)]
#[command(name = "staywell", version, about = ABOUT, after_help = AFTER, propagate_version = true, max_term_width = 110)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// The whole cohort: report.html, figures, tables, rejected rows
    Report(report::Args),
    /// One patient: pain over weeks, sessions, adherence, remission and recurrence
    Patient(patient::Args),
    /// What is wrong with the logs, row by row, without stopping at the first problem
    Check(check::Args),
    /// Logs of any form as native files, with an account of what was assumed
    Convert(convert::Args),
    /// What a rule of `check` means, why it is there, what to do
    Explain(explain::Args),
    /// Adherence to the prescribed sessions, by patient and by week
    Adherence(adherence::Args),
    /// Pain: baseline, change, responders, weekly means and slopes
    Pain(pain::Args),
    /// Recurrence after completion: who is at risk, curves, the comparison at the landmark
    Recurrence(recurrence::Args),
    /// The claims under test and their verdicts
    Claims(claims::Args),
    /// Recurrences and patients needed to find a hazard ratio, and what a study could have found
    Power(power::Args),
    /// One statistic on any CSV, so that a number can be checked elsewhere
    Stats(stats::Args),
    /// A synthetic study with a known truth
    Simulate(simulate::Args),
    /// A commented study.toml and empty templates of the logs
    Init(init::Args),
}

/// Parses the arguments, runs the command, prints the error if there is one.
#[must_use]
pub fn run() -> ExitCode {
    quiet_about_damaged_files();
    let cli = Cli::parse();
    let result = match cli.command {
        Command::Report(args) => report::run(&args),
        Command::Patient(args) => patient::run(&args),
        Command::Check(args) => check::run(&args),
        Command::Convert(args) => convert::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Adherence(args) => adherence::run(&args),
        Command::Pain(args) => pain::run(&args),
        Command::Recurrence(args) => recurrence::run(&args),
        Command::Claims(args) => claims::run(&args),
        Command::Power(args) => power::run(&args),
        Command::Stats(args) => stats::run(&args),
        Command::Simulate(args) => simulate::run(&args),
        Command::Init(args) => init::run(&args),
    };
    match result {
        Ok(Outcome::Clean) | Err(CliError::BrokenPipe) => ExitCode::SUCCESS,
        Ok(Outcome::Complaints) => ExitCode::from(1),
        Err(error) => {
            output::print_error(&error);
            ExitCode::from(2)
        }
    }
}

/// A damaged file on which the reader of its container panics is explained as an error; the panic itself says nothing to a clinic.
fn quiet_about_damaged_files() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if std::thread::current().name() != Some(crate::ingest::APART) {
            usual(panic);
        }
    }));
}
