//! `staywell stats ols`.

use clap::ValueEnum;

use super::outcome_columns::{OutcomeOptions, tidy};
use super::table::{Block, StatisticTable, cells};
use crate::cli::error::CliError;
use crate::stats::regression::{ErrorKind, LinearOptions, linear_regression};

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

/// Kinds of standard errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ErrorOption {
    Model,
    Hc0,
    Hc1,
    Hc2,
    Hc3,
}

impl ErrorOption {
    /// The kind, and its name in a note.
    pub(super) fn kind<'a>(self, cluster: Option<(&'a [usize], &str)>) -> (ErrorKind<'a>, String) {
        match (cluster, self) {
            (Some((codes, name)), _) => (ErrorKind::Cluster(codes), format!("standard errors clustered by {name}")),
            (None, Self::Model) => (ErrorKind::Model, "model-based standard errors".to_owned()),
            (None, Self::Hc0) => (ErrorKind::Hc0, "HC0 standard errors".to_owned()),
            (None, Self::Hc1) => (ErrorKind::Hc1, "HC1 standard errors".to_owned()),
            (None, Self::Hc2) => (ErrorKind::Hc2, "HC2 standard errors".to_owned()),
            (None, Self::Hc3) => (ErrorKind::Hc3, "HC3 standard errors".to_owned()),
        }
    }
}

pub(super) fn run(args: &Args) -> Result<StatisticTable, CliError> {
    let columns = args.outcome.read(&[&args.weights, &args.cluster])?;
    let covariates = args.outcome.covariates(&columns)?;
    let weights = args.weights.as_ref().map(|name| columns.numbers(name)).transpose()?;
    let cluster = args.cluster.as_ref().map(|name| columns.identities(name)).transpose()?;
    let named = cluster.as_ref().zip(args.cluster.as_deref()).map(|((_, codes), name)| (codes.as_slice(), name));
    let (errors, note) = args.errors.kind(named);
    let level = args.outcome.file.level;
    let fit =
        linear_regression(&columns.numbers(&args.outcome.y)?, &covariates, &LinearOptions { weights: weights.as_deref(), errors, level })?;
    let header = ["r.squared", "adj.r.squared", "sigma", "statistic", "p.value", "df", "logLik", "AIC", "BIC", "df.residual", "nobs"];
    let f = fit.f_test;
    let glance = Block::new("glance", &header).with(cells![
        fit.r_squared,
        fit.adjusted_r_squared,
        fit.sigma,
        f.map(|f| f.statistic),
        f.map(|f| f.p_value),
        f.and_then(|f| f.df),
        fit.log_likelihood,
        fit.aic,
        fit.bic,
        fit.df_residual,
        fit.n,
    ]);
    let notes = vec![columns.note(), format!("Least squares; {note}; t limits at {} %; p two-sided.", 100.0 * level)];
    Ok(StatisticTable { title: "Linear regression".to_owned(), blocks: vec![tidy(&fit.terms, None), glance], notes })
}
