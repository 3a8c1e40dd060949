//! `staywell stats finegray`.

use clap::ValueEnum;

use super::columns::{Columns, FileOptions, TermOptions};
use super::competing_columns::CompetingOptions;
use super::table::{Block, StatisticTable, cells};
use crate::cli::error::CliError;
use crate::stats::competing::{FineGrayMethod, fine_gray};

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  staywell stats finegray --data mgus2.csv --time etime --event estat --cause 1 --covariates age,sex\n\n\
    crr follows R's cmprsk::crr; weighted follows survival::finegray with coxph (ties = \"breslow\", no cluster)."
)]
pub(super) struct Args {
    #[command(flatten)]
    file: FileOptions,
    #[command(flatten)]
    events: CompetingOptions,
    /// The event of interest
    #[arg(long, default_value = "1", value_name = "VALUE")]
    cause: String,
    /// Columns in the model
    #[arg(long, value_delimiter = ',', required = true, value_name = "COLUMNS")]
    covariates: Vec<String>,
    #[command(flatten)]
    terms: TermOptions,
    /// Whose conventions
    #[arg(long, value_enum, default_value_t = MethodOption::Crr)]
    method: MethodOption,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum MethodOption {
    Crr,
    Weighted,
}

pub(super) fn run(args: &Args) -> Result<StatisticTable, CliError> {
    let mut used = args.events.used();
    used.extend(args.covariates.iter().map(String::as_str));
    let columns = Columns::read(&args.file.data, &used)?;
    let (events, causes) = args.events.events(&columns)?;
    let cause = args.events.cause(&causes, &args.cause)?;
    let covariates = columns.terms(&args.covariates, &args.terms)?;
    let (method, note) = match args.method {
        MethodOption::Crr => (FineGrayMethod::Crr, "as cmprsk::crr, its sandwich standard errors"),
        MethodOption::Weighted => (
            FineGrayMethod::Weighted,
            "as survival::finegray with coxph; std.error robust by expanded row, as coxph prints it; model.std.error model-based",
        ),
    };
    let fit = fine_gray(&events, &covariates, cause, method, args.file.level)?;
    let header = ["term", "estimate", "std.error", "statistic", "p.value", "hazard.ratio", "conf.low", "conf.high", "model.std.error"];
    let mut tidy = Block::new("tidy", &header);
    for term in &fit.terms {
        tidy.push(cells![
            &term.name,
            term.coefficient,
            term.std_error,
            term.statistic,
            term.p_value,
            term.hazard_ratio,
            term.interval.lower,
            term.interval.upper,
            term.model_std_error,
        ]);
    }
    let glance = Block::new("glance", &["nobs", "nevent", "ncompeting", "logLik", "logLik.null", "iterations"]).with(cells![
        fit.n,
        fit.n_events,
        fit.n_competing,
        fit.log_likelihood,
        fit.log_likelihood_null,
        fit.iterations
    ]);
    let tests = Block::tests(&[("likelihood ratio", fit.likelihood_ratio), ("wald", fit.wald)]);
    let mut baseline = Block::new("baseline", &["time", "cumhaz"]);
    for (time, hazard) in fit.event_time.iter().zip(&fit.baseline) {
        baseline.push(cells![*time, *hazard]);
    }
    let notes = vec![
        columns.note(),
        format!(
            "Fine–Gray model of the subdistribution hazard of {}={}; Breslow ties; {note}; estimate is the log subdistribution hazard ratio; \
             limits at {} %.",
            args.events.event,
            args.cause,
            100.0 * args.file.level
        ),
    ];
    Ok(StatisticTable { title: "Fine-Gray".to_owned(), blocks: vec![tidy, glance, tests, baseline], notes })
}
