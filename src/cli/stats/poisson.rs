//! `staywell stats poisson`.

use super::columns::Columns;
use super::outcome_columns::{ErrorOption, OutcomeOptions, observations, tidy};
use super::percent::percent;
use super::table::{Block, StatisticTable, cells};
use crate::cli::error::CliError;
use crate::stats::regression::{Family, generalized_linear_model};

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  staywell stats poisson --data falls.csv --y falls --x group --offset log_years --errors hc0")]
pub(super) struct Args {
    #[command(flatten)]
    outcome: OutcomeOptions,
    /// Column of weights (repeats of a row)
    #[arg(long, value_name = "COLUMN")]
    weights: Option<String>,
    /// Column of a known part of the linear predictor (the log of the time at risk)
    #[arg(long, value_name = "COLUMN")]
    offset: Option<String>,
    /// Standard errors
    #[arg(long, value_enum, default_value_t = ErrorOption::Model)]
    errors: ErrorOption,
    /// Column of the clusters (patients): standard errors by cluster
    #[arg(long, value_name = "COLUMN", conflicts_with = "errors")]
    cluster: Option<String>,
}

pub(super) fn run(args: &Args) -> Result<StatisticTable, CliError> {
    let columns = args.outcome.read(&[&args.weights, &args.offset, &args.cluster])?;
    let covariates = args.outcome.covariates(&columns)?;
    let numbers = |name: &Option<String>| name.as_ref().map(|name| columns.numbers(name)).transpose();
    let (weights, offset) = (numbers(&args.weights)?, numbers(&args.offset)?);
    let cluster = args.cluster.as_ref().map(|name| columns.identities(name)).transpose()?;
    let named = cluster.as_ref().zip(args.cluster.as_deref()).map(|((_, codes), name)| (codes.as_slice(), name));
    let (covariance, note) = args.errors.covariance(named, false);
    let level = args.outcome.file.level;
    let outcome = counts(&columns, &args.outcome.y)?;
    let observations = observations(&outcome, covariates.as_ref(), weights.as_deref(), offset.as_deref());
    let fit = columns.located(generalized_linear_model(&observations, Family::Poisson, covariance, level))?;
    let header = ["null.deviance", "deviance", "logLik", "AIC", "BIC", "df.residual", "nobs", "dispersion", "iterations"];
    let glance = Block::new("glance", &header).with(cells![
        fit.null_deviance,
        fit.deviance,
        fit.log_likelihood,
        fit.aic,
        fit.bic,
        fit.df_residual,
        fit.n,
        fit.dispersion,
        fit.iterations,
    ]);
    let notes = vec![columns.note(), format!("Poisson regression; {note}; Wald limits at {} %; p two-sided (z).", percent(level))];
    Ok(StatisticTable { title: "Poisson regression".to_owned(), blocks: vec![tidy(&fit.coefficients, Some("rate.ratio")), glance], notes })
}

/// The outcome's numbers. Yes and no are no counts, but another model takes them.
fn counts(columns: &Columns, name: &str) -> Result<Vec<f64>, CliError> {
    columns.numbers(name).map_err(|error| match columns.truths(name, None, "event-code") {
        Ok(_) => CliError::Usage(format!(
            "\"{name}\" says yes or no, where Poisson regression expects counts: staywell stats logistic --y {name} takes such an outcome"
        )),
        Err(_) => error,
    })
}
