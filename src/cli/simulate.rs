//! `staywell simulate`: a synthetic study with a known truth.

use std::path::PathBuf;

use super::error::{CliError, Outcome};
use super::options::QuietOption;
use super::output::{Folder, print};
use crate::domain::Day;
use crate::simulate::{Columns, SimulationOptions, Uptake, simulate};

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  staywell simulate --out cohort --patients 500 --maintenance-hazard-ratio 0.6 --seed 7\n  \
    staywell simulate --sample --out sample-data       the study in sample-data, to the byte\n\n\
    The folder gets the logs, study.toml, README.md and truth.csv (what the logs do not show).")]
pub(super) struct Args {
    /// Folder to write into
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Write into the folder even if it is not empty
    #[arg(long)]
    force: bool,
    /// The options of the sample study; all others are ignored
    #[arg(long)]
    sample: bool,
    /// Number of patients
    #[arg(long, value_name = "N")]
    patients: Option<usize>,
    /// Seed: the same seed and options give the same bytes
    #[arg(long, value_name = "SEED")]
    seed: Option<u64>,
    /// First day on which a program may start (YYYY-MM-DD)
    #[arg(long, value_name = "DAY", value_parser = day)]
    first_start: Option<Day>,
    /// Programs start within this many days
    #[arg(long, value_name = "DAYS")]
    enrolment_days: Option<i32>,
    /// Data cut-off (YYYY-MM-DD)
    #[arg(long, value_name = "DAY", value_parser = day)]
    cut_off: Option<Day>,
    /// Hazard of recurrence while maintaining, relative to not maintaining
    #[arg(long, value_name = "RATIO")]
    maintenance_hazard_ratio: Option<f64>,
    /// How much full adherence speeds up relief in the program
    #[arg(long, value_name = "EFFECT")]
    program_effect: Option<f64>,
    /// Make the further claims untrue: nothing done in the program changes how pain falls
    #[arg(long)]
    null_claims: bool,
    /// Share of patients who drop out of the program
    #[arg(long, value_name = "SHARE")]
    program_dropout: Option<f64>,
    /// Who takes up maintenance: by-trait (healthy adherers), random (as in a trial), always, never
    #[arg(long, value_name = "WHO", value_parser = uptake)]
    uptake: Option<Uptake>,
    /// Healthy adherers: how much a trait lowers the hazard and raises the exercise
    #[arg(long, value_name = "STRENGTH", allow_negative_numbers = true)]
    confounding: Option<f64>,
    /// Share of the trait that the logs show (the activity level in patients.csv): 0 none, 1 all of it
    #[arg(long, value_name = "SHARE")]
    confounding_measured: Option<f64>,
    /// Share of recurrences that twinges announce, which stop the exercise 10 to 45 days before
    #[arg(long, value_name = "SHARE")]
    reverse_causation: Option<f64>,
    /// Rate at which patients stop logging
    #[arg(long, value_name = "RATE")]
    dropout_per_year: Option<f64>,
    /// How much more those stop logging who do not maintain, whose trait is low, whose pain comes back: 0 no more, 1 strongly
    #[arg(long, value_name = "STRENGTH", allow_negative_numbers = true)]
    informative_dropout: Option<f64>,
    /// Pain logs a week after the program
    #[arg(long, value_name = "N")]
    logs_per_week: Option<f64>,
    /// The same while not maintaining, as a share of it: 1 as many, 0.5 half as many
    #[arg(long, value_name = "SHARE")]
    logging_when_stopped: Option<f64>,
    /// Share of damaged rows
    #[arg(long, value_name = "SHARE")]
    dirty_share: Option<f64>,
    /// minimal: the columns of the core question; full: those of every claim, and measures.csv
    #[arg(long, value_name = "WHICH", value_parser = columns)]
    columns: Option<Columns>,
    #[command(flatten)]
    quiet: QuietOption,
}

fn day(text: &str) -> Result<Day, String> {
    Day::parse_iso(text).map_err(|_| "write the day as YYYY-MM-DD, such as 2024-01-31".to_owned())
}

fn uptake(text: &str) -> Result<Uptake, String> {
    chosen(text, &Uptake::ALL, Uptake::as_str)
}

fn columns(text: &str) -> Result<Columns, String> {
    chosen(text, &Columns::ALL, Columns::as_str)
}

/// The choice written so.
fn chosen<T: Copy>(text: &str, choices: &[T], written: fn(T) -> &'static str) -> Result<T, String> {
    choices.iter().copied().find(|&choice| written(choice) == text).ok_or_else(|| {
        let names: Vec<&str> = choices.iter().map(|&choice| written(choice)).collect();
        format!("write one of {}", names.join(", "))
    })
}

pub(super) fn run(args: &Args) -> Result<Outcome, CliError> {
    let folder = Folder::create_new(&args.out, args.force)?;
    let study = simulate(&options(args))?;
    for file in &study.files {
        folder.write(&file.name, file.content.as_bytes())?;
    }
    if !args.quiet.quiet {
        print(&format!("{}\nWritten to {}.\n", study.summary.trim_end(), folder.path().display()))?;
    }
    Ok(Outcome::Clean)
}

fn options(args: &Args) -> SimulationOptions {
    if args.sample {
        return SimulationOptions::sample();
    }
    let default = SimulationOptions::default();
    SimulationOptions {
        patients: args.patients.unwrap_or(default.patients),
        seed: args.seed.unwrap_or(default.seed),
        first_start: args.first_start.unwrap_or(default.first_start),
        cut_off: args.cut_off.unwrap_or(default.cut_off),
        maintenance_hazard_ratio: args.maintenance_hazard_ratio.unwrap_or(default.maintenance_hazard_ratio),
        program_effect: args.program_effect.unwrap_or(default.program_effect),
        claim_effects: !args.null_claims,
        program_dropout: args.program_dropout.unwrap_or(default.program_dropout),
        uptake: args.uptake.unwrap_or(default.uptake),
        confounding: args.confounding.unwrap_or(default.confounding),
        confounding_measured: args.confounding_measured.unwrap_or(default.confounding_measured),
        reverse_causation: args.reverse_causation.unwrap_or(default.reverse_causation),
        dropout_per_year: args.dropout_per_year.unwrap_or(default.dropout_per_year),
        informative_dropout: args.informative_dropout.unwrap_or(default.informative_dropout),
        logs_per_week: args.logs_per_week.unwrap_or(default.logs_per_week),
        logging_when_stopped: args.logging_when_stopped.unwrap_or(default.logging_when_stopped),
        dirty_share: args.dirty_share.unwrap_or(default.dirty_share),
        columns: args.columns.unwrap_or(default.columns),
        enrolment_days: args.enrolment_days.unwrap_or(default.enrolment_days),
    }
}
