//! `staywell stats ols`.

use super::outcome_columns::{ErrorOption, OutcomeOptions, observations, tidy};
use super::percent::percent;
use super::table::{Block, StatisticTable, cells};
use crate::cli::error::CliError;
use crate::stats::regression::linear_regression;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  staywell stats ols --data pain.csv --y pain_week_12 --x group,pain_week_0 --factor group --errors hc3\n  \
    staywell stats ols --data pain.csv --y pain --x week,group,week:group --cluster id\n\n\
    With a group and the baseline value this is analysis of covariance."
)]
pub(super) struct Args {
    #[command(flatten)]
    outcome: OutcomeOptions,
    /// Column of weights (inverse variances)
    #[arg(long, value_name = "COLUMN")]
    weights: Option<String>,
    /// Standard errors
    #[arg(long, value_enum, default_value_t = ErrorOption::Model)]
    errors: ErrorOption,
    /// Column of the clusters (patients): standard errors by cluster
    #[arg(long, value_name = "COLUMN", conflicts_with = "errors")]
    cluster: Option<String>,
}

pub(super) fn run(args: &Args) -> Result<StatisticTable, CliError> {
    let columns = args.outcome.read(&[&args.weights, &args.cluster])?;
    let covariates = args.outcome.covariates(&columns)?;
    let weights = args.weights.as_ref().map(|name| columns.numbers(name)).transpose()?;
    let cluster = args.cluster.as_ref().map(|name| columns.identities(name)).transpose()?;
    let named = cluster.as_ref().zip(args.cluster.as_deref()).map(|((_, codes), name)| (codes.as_slice(), name));
    let (covariance, note) = args.errors.covariance(named, true);
    let level = args.outcome.file.level;
    let outcome = columns.numbers(&args.outcome.y)?;
    let fit =
        columns.located(linear_regression(&observations(&outcome, covariates.as_ref(), weights.as_deref(), None), covariance, level))?;
    let header = ["r.squared", "adj.r.squared", "sigma", "statistic", "p.value", "df", "logLik", "AIC", "BIC", "df.residual", "nobs"];
    let f = fit.f_test;
    let glance = Block::new("glance", &header).with(cells![
        fit.r_squared,
        fit.adjusted_r_squared,
        fit.residual_std_error,
        f.map(|f| f.statistic),
        f.map(|f| f.p_value),
        f.map(|f| f.df_numerator),
        fit.log_likelihood,
        fit.aic,
        fit.bic,
        fit.df,
        fit.n,
    ]);
    let notes = vec![columns.note(), format!("Least squares; {note}; t limits at {} %; p two-sided.", percent(level))];
    Ok(StatisticTable { title: "Linear regression".to_owned(), blocks: vec![tidy(&fit.coefficients, None), glance], notes })
}
