//! `staywell stats logrank`.

use super::columns::{Columns, FileOptions};
use super::numbers::finite;
use super::survival_columns::SurvivalOptions;
use super::table::{Block, StatisticTable, cells};
use crate::cli::error::CliError;
use crate::stats::exact_text;
use crate::stats::survival::{FlemingHarringtonWeights, log_rank_by, log_rank_trend};

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  staywell stats logrank --data lung.csv --time time --event status --event-code 2 --by sex\n  \
    staywell stats logrank --data lung.csv --time time --event status --event-code 2 --by ph.ecog --strata sex --trend\n\n\
    --rho 1 gives more weight to early differences (Peto & Peto), --gamma 1 to late ones.")]
pub(super) struct Args {
    #[command(flatten)]
    file: FileOptions,
    #[command(flatten)]
    survival: SurvivalOptions,
    /// Columns of the groups
    #[arg(long, value_delimiter = ',', required = true, value_name = "COLUMNS")]
    by: Vec<String>,
    /// Columns of the strata within which groups are compared
    #[arg(long, value_delimiter = ',', value_name = "COLUMNS")]
    strata: Vec<String>,
    /// Weight S(t)^rho
    #[arg(long, allow_negative_numbers = true, value_parser = finite, default_value_t = 0.0, value_name = "RHO")]
    rho: f64,
    /// Weight (1 − S(t))^gamma
    #[arg(long, allow_negative_numbers = true, value_parser = finite, default_value_t = 0.0, value_name = "GAMMA")]
    gamma: f64,
    /// Also test for trend over the groups in sorted order (scores 1, 2, …)
    #[arg(long)]
    trend: bool,
}

pub(super) fn run(args: &Args) -> Result<StatisticTable, CliError> {
    if args.survival.weights.is_some() {
        return Err(CliError::Usage(
            "--weights: the log-rank test takes no case weights; a weighted Cox model has a robust score test".to_owned(),
        ));
    }
    let mut used = args.survival.used();
    used.extend(args.by.iter().chain(&args.strata).map(String::as_str));
    let columns = Columns::read(&args.file.data, &used)?;
    let sample = args.survival.sample(&columns)?;
    let (labels, codes) = columns.groups(&args.by)?;
    let strata = if args.strata.is_empty() { None } else { Some(columns.groups(&args.strata)?.1) };
    let weights = FlemingHarringtonWeights { rho: args.rho, gamma: args.gamma };
    let result = log_rank_by(&sample, &codes, strata.as_deref(), weights)?;
    let mut tidy = Block::new("tidy", &["strata", "n", "obs", "exp", "variance"]);
    for (group, label) in labels.iter().enumerate() {
        tidy.push(cells![label, result.n[group], result.observed[group], result.expected[group], result.covariance[group][group]]);
    }
    let glance =
        Block::new("glance", &["statistic", "df", "p.value"]).with(cells![result.test.statistic, result.test.df, result.test.p_value]);
    let mut blocks = vec![tidy, glance];
    if args.trend {
        let scores: Vec<f64> = (1..=labels.len()).map(|score| score as f64).collect();
        let trend = log_rank_trend(&result, &scores)?;
        blocks.push(Block::new("trend", &["statistic", "df", "p.value"]).with(cells![trend.statistic, trend.df, trend.p_value]));
    }
    let kind = if args.rho == 0.0 && args.gamma == 0.0 {
        "unweighted".to_owned()
    } else {
        format!("weights S(t−)^{} (1 − S(t−))^{}", exact_text(args.rho), exact_text(args.gamma))
    };
    // survdiff has no weight of late times.
    let as_r = if args.gamma == 0.0 { ", as R's survdiff" } else { "" };
    let within = if strata.is_some() { format!(", within strata of {}", args.strata.join(", ")) } else { String::new() };
    let notes = vec![
        format!(
            "{} rows used, {} events; {} dropped because a used column is missing.",
            columns.len(),
            sample.n_events(),
            columns.dropped()
        ),
        format!("Log-rank test ({kind}{within}), hypergeometric variance{as_r}; p two-sided."),
    ];
    Ok(StatisticTable { title: "Log-rank test".to_owned(), blocks, notes })
}
