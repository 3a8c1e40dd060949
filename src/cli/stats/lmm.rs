//! `staywell stats lmm`.

use clap::ValueEnum;

use super::outcome_columns::OutcomeOptions;
use super::percent::percent;
use super::table::{Block, StatisticTable, cells, high, low};
use crate::cli::error::CliError;
use crate::stats::mixed::{Estimation, LinearMixedModel, RandomEffects, linear_mixed_model};

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
    let random = match &slope {
        None => RandomEffects::Intercept,
        Some(name) => {
            let known = covariates.as_ref().and_then(|covariates| covariates.names().iter().position(|term| term == name));
            let column = known.ok_or_else(|| {
                CliError::Usage(format!(
                    "--random {name}: a slope that varies between patients has a mean too; name it in --x, as a number"
                ))
            })?;
            RandomEffects::InterceptAndSlope { column, correlated: !args.uncorrelated }
        }
    };
    let (method, name) = match args.method {
        MethodOption::Reml => (Estimation::Reml, "REML"),
        MethodOption::Ml => (Estimation::Ml, "ML"),
    };
    let level = args.outcome.file.level;
    let outcome = columns.numbers(&args.outcome.y)?;
    let fit = linear_mixed_model(&outcome, covariates.as_ref(), &codes, random, method, level)?;
    let mut tidy = Block::new("tidy", &["term", "estimate", "std.error", "statistic", "df", "p.value", "conf.low", "conf.high"]);
    for term in &fit.fixed_effects {
        let interval = term.interval;
        tidy.push(cells![&term.name, term.estimate, term.std_error, term.statistic, term.df, term.p_value, low(interval), high(interval)]);
    }
    let mut blocks = vec![tidy, random_block(&fit, &args.id), glance(&fit)];
    if args.blups {
        let mut blups = Block::new("blups", &["level", "term", "estimate", "std.error"]);
        for group in &fit.group_effects {
            for (place, name) in fit.random_effects.names.iter().enumerate() {
                blups.push(cells![&patients[group.group], name, group.effect[place], group.std_dev[place]]);
            }
        }
        blocks.push(blups);
    }
    let mut notes = vec![
        columns.note(),
        format!("Linear mixed model by {name}; Satterthwaite's degrees of freedom; t limits at {} %; p two-sided.", percent(level)),
    ];
    notes.extend(fit.singular_component.as_ref().map(|why| format!("Singular fit: {why}.")));
    Ok(StatisticTable { title: "Linear mixed model".to_owned(), blocks, notes })
}

fn random_block(fit: &LinearMixedModel, id: &str) -> Block {
    let mut block = Block::new("random", &["group", "term", "variance", "std.dev"]);
    let random = &fit.random_effects;
    for (place, name) in random.names.iter().enumerate() {
        block.push(cells![id, name, random.covariance[place][place], random.std_dev[place]]);
    }
    if let Some(correlation) = random.correlation {
        block.push(cells![id, format!("cor({})", random.names.join(", ")), random.covariance[0][1], correlation]);
    }
    block.with(cells!["Residual", "", fit.residual_std_dev.powi(2), fit.residual_std_dev])
}

fn glance(fit: &LinearMixedModel) -> Block {
    let icc = fit.intraclass_correlation;
    let interval = icc.and_then(|icc| icc.interval);
    let header = [
        "nobs",
        "ngroups",
        "sigma",
        "logLik",
        "AIC",
        "BIC",
        "icc",
        "icc.conf.low",
        "icc.conf.high",
        "r2.marginal",
        "r2.conditional",
        "singular",
        "iterations",
    ];
    Block::new("glance", &header).with(cells![
        fit.n_rows,
        fit.n_groups,
        fit.residual_std_dev,
        fit.log_likelihood,
        fit.aic,
        fit.bic,
        icc.map(|icc| icc.estimate),
        low(interval),
        high(interval),
        fit.explained_variance.marginal,
        fit.explained_variance.conditional,
        fit.singular,
        fit.iterations,
    ])
}
