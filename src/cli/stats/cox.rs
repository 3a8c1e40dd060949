//! `staywell stats cox`.

use clap::ValueEnum;

use super::data::{DataOptions, SurvivalData};
use super::deliver;
use super::table::{Block, Cell, StatisticTable};
use crate::cli::error::CliError;
use crate::cli::options::OutputOptions;
use crate::cli::output::Destination;
use crate::stats::TestResult;
use crate::stats::survival::{Covariates, CoxFit, Ties, cox};

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  staywell stats cox --data lung.csv --time time --event status --event-code 2 --covariates age,sex,ph.ecog\n\n\
    A covariate whose values are words, or one named in --factor, becomes one term per level; its first level in sorted order\n\
    is the reference."
)]
pub(super) struct Args {
    #[command(flatten)]
    data: DataOptions,
    /// Columns in the model
    #[arg(long, value_delimiter = ',', required = true, value_name = "COLUMNS")]
    covariates: Vec<String>,
    /// Covariates that are categories although their values are numbers
    #[arg(long, value_delimiter = ',', value_name = "COLUMNS")]
    factor: Vec<String>,
    /// Ties between events
    #[arg(long, value_enum, default_value_t = TiesOption::Efron)]
    ties: TiesOption,
    #[command(flatten)]
    output: OutputOptions,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum TiesOption {
    Efron,
    Breslow,
}

pub(super) fn run(args: &Args) -> Result<(), CliError> {
    if let Some(stray) = args.factor.iter().find(|name| !args.covariates.contains(name)) {
        return Err(CliError::Usage(format!("--factor {stray}: it is not among --covariates {}", args.covariates.join(","))));
    }
    let destination = Destination::open(&args.output)?;
    let used: Vec<&str> = args.covariates.iter().map(String::as_str).collect();
    let data = SurvivalData::read(&args.data, &used)?;
    let (ties, name) = match args.ties {
        TiesOption::Efron => (Ties::Efron, "Efron"),
        TiesOption::Breslow => (Ties::Breslow, "Breslow"),
    };
    let fit = cox(&data.whole()?, &design(&data, args)?, ties, args.data.level)?;
    let mut notes = data.notes;
    notes.push(format!(
        "Cox model; {name} ties; model-based standard errors; estimate is the log hazard ratio; limits of the hazard ratio at {} %; p two-sided \
         (Wald).",
        100.0 * args.data.level
    ));
    let blocks = vec![tidy(&fit), glance(&fit), tests(&fit)];
    deliver(&StatisticTable { title: "Cox proportional hazards".to_owned(), blocks, notes }, &args.output, destination)
}

fn design(data: &SurvivalData, args: &Args) -> Result<Covariates, CliError> {
    let (mut names, mut columns) = (Vec::new(), Vec::new());
    for column in &args.covariates {
        let numbers = if args.factor.contains(column) { None } else { data.table.numbers(column).ok() };
        if let Some(values) = numbers {
            names.push(column.clone());
            columns.push(data.rows.iter().filter_map(|&row| values[row]).collect());
        } else {
            let (levels, codes) = data.levels(column)?;
            for (code, level) in levels.iter().enumerate().skip(1) {
                names.push(format!("{column}={level}"));
                columns.push(codes.iter().map(|&row_code| f64::from(row_code == code)).collect());
            }
        }
    }
    Ok(Covariates::new(names, columns)?)
}

fn tidy(fit: &CoxFit) -> Block {
    let rows = fit
        .terms
        .iter()
        .map(|term| {
            vec![
                Cell::Text(term.name.clone()),
                Cell::Number(term.coefficient),
                Cell::Number(term.std_error),
                Cell::Number(term.statistic),
                Cell::Number(term.p_value),
                Cell::Number(term.hazard_ratio),
                Cell::Number(term.interval.lower),
                Cell::Number(term.interval.upper),
            ]
        })
        .collect();
    Block {
        name: "tidy",
        header: vec!["term", "estimate", "std.error", "statistic", "p.value", "hazard.ratio", "conf.low", "conf.high"],
        rows,
    }
}

fn glance(fit: &CoxFit) -> Block {
    Block {
        name: "glance",
        header: vec!["nobs", "nevent", "logLik", "logLik.null", "AIC", "iterations"],
        rows: vec![vec![
            Cell::Count(fit.n),
            Cell::Count(fit.n_events),
            Cell::Number(fit.log_likelihood),
            Cell::Number(fit.log_likelihood_null),
            Cell::Number(2.0 * (fit.terms.len() as f64 - fit.log_likelihood)),
            Cell::Count(fit.iterations),
        ]],
    }
}

fn tests(fit: &CoxFit) -> Block {
    let row = |name: &str, test: &TestResult| {
        vec![Cell::Text(name.to_owned()), Cell::Number(test.statistic), Cell::optional(test.df), Cell::Number(test.p_value)]
    };
    Block {
        name: "tests",
        header: vec!["test", "statistic", "df", "p.value"],
        rows: vec![row("likelihood ratio", &fit.likelihood_ratio), row("wald", &fit.wald), row("score", &fit.score)],
    }
}
