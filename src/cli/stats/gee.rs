//! `staywell stats gee`.

use clap::ValueEnum;

use super::columns::Columns;
use super::outcome_columns::{OutcomeOptions, observations, tidy};
use super::percent::percent;
use super::table::{Block, StatisticTable, cells};
use crate::cli::error::CliError;
use crate::stats::regression::{Clusters, Family, WorkingCorrelation, estimating_equations};

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  staywell stats gee --data ohio.csv --y resp --x age,smoke --id id --family binomial --corr exchangeable"
)]
pub(super) struct Args {
    #[command(flatten)]
    outcome: OutcomeOptions,
    /// Column of the patients
    #[arg(long, value_name = "COLUMN")]
    id: String,
    /// Distribution of the outcome
    #[arg(long, value_enum, default_value_t = FamilyOption::Gaussian)]
    family: FamilyOption,
    /// Working correlation of a patient's rows
    #[arg(long, value_enum, default_value_t = CorrelationOption::Exchangeable)]
    corr: CorrelationOption,
    /// Column of whole times, for ar1 with gaps
    #[arg(long, value_name = "COLUMN")]
    wave: Option<String>,
    /// The value of --y that means yes (binomial)
    #[arg(long, allow_negative_numbers = true, value_name = "VALUE")]
    event_code: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum FamilyOption {
    Gaussian,
    Binomial,
    Poisson,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum CorrelationOption {
    Independence,
    Exchangeable,
    Ar1,
}

pub(super) fn run(args: &Args) -> Result<StatisticTable, CliError> {
    let columns = args.outcome.read(&[&Some(args.id.clone()), &args.wave])?;
    let covariates = args.outcome.covariates(&columns)?;
    let (_, patients) = columns.identities(&args.id)?;
    let wave = args.wave.as_ref().map(|name| waves(&columns, name)).transpose()?;
    let (family, ratio, outcome) = match args.family {
        FamilyOption::Gaussian => (Family::Gaussian, None, columns.numbers(&args.outcome.y)?),
        FamilyOption::Binomial => (Family::Binomial, Some("odds.ratio"), args.outcome.yes_no(&columns, args.event_code.as_deref())?),
        FamilyOption::Poisson => (Family::Poisson, Some("rate.ratio"), columns.numbers(&args.outcome.y)?),
    };
    let (correlation, name) = match args.corr {
        CorrelationOption::Independence => (WorkingCorrelation::Independence, "independence"),
        CorrelationOption::Exchangeable => (WorkingCorrelation::Exchangeable, "exchangeable"),
        CorrelationOption::Ar1 => (WorkingCorrelation::Ar1, "AR-1"),
    };
    let level = args.outcome.file.level;
    let clusters = Clusters { id: &patients, wave: wave.as_deref() };
    let fit = estimating_equations(&observations(&outcome, covariates.as_ref(), None, None), &clusters, family, correlation, level)?;
    let header = ["nobs", "n.clusters", "max.cluster.size", "alpha", "alpha.std.error", "alpha.std.error.geepack", "phi", "iterations"];
    let glance = Block::new("glance", &header).with(cells![
        fit.n,
        fit.n_clusters,
        fit.largest_cluster,
        fit.correlation.map(|alpha| alpha.estimate),
        fit.correlation.map(|alpha| alpha.std_error),
        fit.geepack_correlation_error,
        fit.scale.estimate,
        fit.iterations,
    ]);
    let mut notes = vec![
        columns.note(),
        format!(
            "Generalized estimating equations, {name} working correlation; sandwich standard errors by {} without small-sample correction; \
             statistic is z (geepack prints its square); alpha.std.error.geepack is geepack's, for comparison; limits at {} %.",
            args.id,
            percent(level)
        ),
    ];
    if !fit.is_positive_definite
        && let Some(alpha) = fit.correlation
    {
        notes.push(format!(
            "Warning: no {} rows can correlate so (alpha {:.3}); try another working correlation, such as --corr independence.",
            fit.largest_cluster, alpha.estimate
        ));
    }
    Ok(StatisticTable { title: "GEE".to_owned(), blocks: vec![tidy(&fit.coefficients, ratio), glance], notes })
}

/// Whole times from 0 on.
fn waves(columns: &Columns, name: &str) -> Result<Vec<u32>, CliError> {
    let whole = |(index, value): (usize, f64)| {
        if value >= 0.0 && value.fract() == 0.0 && value <= f64::from(u32::MAX) {
            return Ok(value as u32);
        }
        Err(CliError::Usage(format!(
            "{}, line {}, column \"{name}\": {value} is no wave; expected whole numbers from 0 on",
            columns.file(),
            columns.line(index)
        )))
    };
    columns.numbers(name)?.into_iter().enumerate().map(whole).collect()
}
