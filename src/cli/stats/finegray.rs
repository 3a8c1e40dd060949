//! `staywell stats finegray`.

use clap::ValueEnum;

use super::columns::{Columns, FileOptions};
use super::competing_columns::{CompetingOptions, CompetingRows};
use super::percent::percent;
use super::table::{Block, StatisticTable, cells};
use super::terms::{TermOptions, columns_of};
use crate::cli::error::CliError;
use crate::stats::competing::{FineGrayMethod, fine_gray};

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  staywell stats finegray --data mgus2.csv --time etime --event estat --cause 1 --covariates age,sex\n\n\
    crr follows R's cmprsk::crr; the others follow survival::finegray with coxph and Breslow ties. They treat equal times differently."
)]
pub(super) struct Args {
    #[command(flatten)]
    file: FileOptions,
    #[command(flatten)]
    events: CompetingOptions,
    /// The event of interest
    #[arg(long, allow_negative_numbers = true, default_value = "1", value_name = "VALUE")]
    cause: String,
    /// Columns in the model; a:b is the product of two: name both main effects too
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
    /// As R's crr
    Crr,
    /// As R's finegray with coxph, model-based standard errors
    Weighted,
    /// The same, standard errors robust by row of the data (cluster = id)
    WeightedRobust,
    /// The same, robust by expanded row, as coxph prints it without an id
    WeightedByRow,
}

pub(super) fn run(args: &Args) -> Result<StatisticTable, CliError> {
    let mut used = args.events.used();
    used.extend(columns_of(&args.covariates));
    let columns = Columns::read(&args.file.data, &used)?;
    let CompetingRows { rows: events, causes, notes: of_censoring } = args.events.events(&columns)?;
    let cause = args.events.cause(&columns, &causes, &args.cause)?;
    let covariates = columns.terms(&args.covariates, &args.terms)?;
    let (method, note) = match args.method {
        MethodOption::Crr => (FineGrayMethod::Crr, "as cmprsk::crr, its sandwich standard errors"),
        MethodOption::Weighted => (FineGrayMethod::Weighted, "as survival::finegray with coxph, model-based standard errors"),
        MethodOption::WeightedRobust => (FineGrayMethod::WeightedRobust, "as survival::finegray with coxph, robust by row of the data"),
        MethodOption::WeightedByRow => (FineGrayMethod::WeightedRobustByRow, "as survival::finegray with coxph, robust by expanded row"),
    };
    let fit = fine_gray(&events, cause, &covariates, method, args.file.level)?;
    let header = ["term", "estimate", "std.error", "statistic", "p.value", "hazard.ratio", "conf.low", "conf.high"];
    let mut tidy = Block::new("tidy", &header);
    for term in &fit.terms {
        tidy.push(cells![
            &term.name,
            term.coefficient,
            term.std_error,
            term.statistic,
            term.p_value,
            term.subdistribution_hazard_ratio,
            term.interval.lower,
            term.interval.upper,
        ]);
    }
    let glance = Block::new("glance", &["nobs", "nevent", "ncompeting", "logLik", "logLik.null", "iterations"]).with(cells![
        fit.n,
        fit.n_events[cause - 1],
        fit.n_events.iter().sum::<usize>() - fit.n_events[cause - 1],
        fit.log_likelihood,
        fit.log_likelihood_null,
        fit.iterations
    ]);
    let tests = Block::tests(&[("likelihood ratio", fit.likelihood_ratio), ("wald", fit.wald), ("score", fit.score)]);
    let mut baseline = Block::new("baseline", &["time", "cumhaz"]);
    for (time, hazard) in fit.event_time.iter().zip(&fit.baseline_cumulative_hazard) {
        baseline.push(cells![*time, *hazard]);
    }
    let mut notes = vec![
        columns.note(),
        format!(
            "Fine–Gray model of the subdistribution hazard of {}={}; Breslow ties; {note}; estimate is the log subdistribution hazard ratio; \
             limits at {} %.",
            args.events.event,
            args.cause,
            percent(args.file.level)
        ),
    ];
    notes.extend(of_censoring);
    Ok(StatisticTable { title: "Fine-Gray".to_owned(), blocks: vec![tidy, glance, tests, baseline], notes })
}
