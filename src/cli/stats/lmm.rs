//! `staywell stats lmm`.

use clap::ValueEnum;

use super::outcome_columns::OutcomeOptions;
use super::table::{Block, StatisticTable, cells, high, low};
use crate::cli::error::CliError;
use crate::stats::mixed::{MixedMethod, MixedModel, MixedOptions, RandomEffects, linear_mixed_model};

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  staywell stats lmm --data sleepstudy.csv --y Reaction --x Days --id Subject --random Days\n  \
    staywell stats lmm --data pain.csv --y pain --x week,group,week:group --id patient\n\n\
    --random slope is the slope on the first column of --x; --random COLUMN on that column. Random effects of each patient: --blups.")]
pub(super) struct Args {
    #[command(flatten)]
    outcome: OutcomeOptions,
    /// Column of the patients
    #[arg(long, value_name = "COLUMN")]
    id: String,
    /// What varies between patients: intercept, slope (on the first of --x), or a column to have a slope on
    #[arg(long, default_value = "intercept", value_name = "WHAT")]
    random: String,
    /// Level and slope of a patient vary independently
    #[arg(long)]
    uncorrelated: bool,
    /// Likelihood
    #[arg(long, value_enum, default_value_t = MethodOption::Reml)]
    method: MethodOption,
    /// Also print each patient's predicted deviation
    #[arg(long)]
    blups: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum MethodOption {
    Reml,
    Ml,
}

pub(super) fn run(args: &Args) -> Result<StatisticTable, CliError> {
    let slope = match (args.random.as_str(), args.outcome.x.first()) {
        ("intercept" | "1", _) => None,
        ("slope", Some(first)) => Some(first.clone()),
        ("slope", None) => return Err(CliError::Usage("--random slope: there is no column in --x to have a slope on".to_owned())),
        (column, _) => Some(column.to_owned()),
    };
    let columns = args.outcome.read(&[&Some(args.id.clone()), &slope])?;
    let covariates = args.outcome.covariates(&columns)?;
    let (patients, codes) = columns.identities(&args.id)?;
    let column = slope.as_ref().map(|name| columns.numbers(name)).transpose()?;
    let random = match (&slope, &column) {
        (Some(name), Some(column)) => RandomEffects::Slope { name, column, correlated: !args.uncorrelated },
        _ => RandomEffects::Intercept,
    };
    let (method, name) = match args.method {
        MethodOption::Reml => (MixedMethod::Reml, "REML"),
        MethodOption::Ml => (MixedMethod::Ml, "ML"),
    };
    let level = args.outcome.file.level;
    let fit = linear_mixed_model(&columns.numbers(&args.outcome.y)?, &covariates, &codes, &MixedOptions { random, method, level })?;
    let mut tidy = Block::new("tidy", &["term", "estimate", "std.error", "statistic", "df", "p.value", "conf.low", "conf.high"]);
    for term in &fit.fixed {
        let interval = term.interval;
        tidy.push(cells![&term.name, term.estimate, term.std_error, term.statistic, term.df, term.p_value, interval.lower, interval.upper]);
    }
    let mut blocks = vec![tidy, random_block(&fit, &args.id), glance(&fit)];
    if args.blups {
        let mut blups = Block::new("blups", &["level", "term", "estimate", "std.error"]);
        for group in &fit.random {
            for (place, name) in fit.random_names.iter().enumerate() {
                blups.push(cells![&patients[group.group], name, group.effects[place], group.std_devs[place]]);
            }
        }
        blocks.push(blups);
    }
    let mut notes = vec![
        columns.note(),
        format!("Linear mixed model by {name}; Satterthwaite's degrees of freedom; t limits at {} %; p two-sided.", 100.0 * level),
    ];
    notes.extend(fit.singular.as_ref().map(|why| format!("Singular fit: {why}.")));
    Ok(StatisticTable { title: "Linear mixed model".to_owned(), blocks, notes })
}

fn random_block(fit: &MixedModel, id: &str) -> Block {
    let mut block = Block::new("random", &["group", "term", "variance", "std.dev"]);
    for (place, name) in fit.random_names.iter().enumerate() {
        let variance = fit.random_covariance[place][place];
        block.push(cells![id, name, variance, variance.sqrt()]);
    }
    if let Some(correlation) = fit.random_correlation {
        block.push(cells![id, format!("cor({})", fit.random_names.join(", ")), fit.random_covariance[0][1], correlation]);
    }
    block.with(cells!["Residual", "", fit.sigma * fit.sigma, fit.sigma])
}

fn glance(fit: &MixedModel) -> Block {
    let icc = fit.intraclass_correlation;
    let interval = icc.and_then(|icc| icc.interval);
    let header = ["nobs", "ngroups", "sigma", "logLik", "AIC", "BIC", "icc", "icc.conf.low", "icc.conf.high", "singular", "iterations"];
    Block::new("glance", &header).with(cells![
        fit.n,
        fit.n_groups,
        fit.sigma,
        fit.log_likelihood,
        fit.aic,
        fit.bic,
        icc.map(|icc| icc.estimate),
        low(interval),
        high(interval),
        fit.singular.is_some(),
        fit.iterations,
    ])
}
