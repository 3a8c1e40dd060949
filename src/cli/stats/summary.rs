//! `staywell stats summary`.

use super::columns::{Columns, FileOptions};
use super::groups::{pick, rows_of_groups};
use super::numbers::finite;
use super::percent::percent;
use super::table::{Block, StatisticTable, cells, high, low};
use crate::cli::error::CliError;
use crate::stats::comparison::shapiro_wilk;
use crate::stats::{QuantileType, mean_interval, median_absolute_deviation, quantiles, summarize};

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  staywell stats summary --data pain.csv --y pain --by group --quantiles 0.1,0.9")]
pub(super) struct Args {
    #[command(flatten)]
    file: FileOptions,
    /// Column of the values
    #[arg(long, value_name = "COLUMN")]
    y: String,
    /// Columns of the groups
    #[arg(long, value_delimiter = ',', value_name = "COLUMNS")]
    by: Vec<String>,
    /// Quantiles
    #[arg(long, allow_hyphen_values = true, value_parser = finite, value_delimiter = ',', value_name = "SHARES", default_values_t = [0.25, 0.5, 0.75])]
    quantiles: Vec<f64>,
    /// Their type, 1 to 9 (R's numbering)
    #[arg(long = "type", default_value_t = 7, value_name = "TYPE")]
    kind: u8,
}

pub(super) fn run(args: &Args) -> Result<StatisticTable, CliError> {
    let used: Vec<&str> = std::iter::once(&args.y).chain(&args.by).map(String::as_str).collect();
    let kind = quantile_type(args.kind)?;
    let columns = Columns::read(&args.file.data, &used)?;
    let y = columns.numbers(&args.y)?;
    let (labels, codes) = columns.groups(&args.by)?;
    let header =
        ["strata", "n", "mean", "std.dev", "conf.low", "conf.high", "median", "mad", "min", "max", "shapiro.statistic", "shapiro.p.value"];
    let mut tidy = Block::new("tidy", &header);
    let mut shares = Block::new("quantiles", &["strata", "probability", "estimate"]);
    for (label, rows) in labels.iter().zip(rows_of_groups(&codes, labels.len())) {
        let values = pick(&y, &rows);
        let summary = summarize(&values)?;
        let interval = mean_interval(&values, args.file.level).ok().and_then(|mean| mean.interval);
        let normal = shapiro_wilk(&values).ok();
        tidy.push(cells![
            label,
            summary.n,
            summary.mean,
            summary.std_dev,
            low(interval),
            high(interval),
            summary.median,
            median_absolute_deviation(&values)?,
            summary.min,
            summary.max,
            normal.map(|test| test.statistic),
            normal.map(|test| test.p_value),
        ]);
        for (share, value) in args.quantiles.iter().zip(quantiles(&values, &args.quantiles, kind)?) {
            shares.push(cells![label, *share, value]);
        }
    }
    let notes = vec![
        columns.note(),
        format!(
            "Standard deviation with n − 1; t limits of the mean at {} %; quantiles of type {}; mad times 1.4826; Shapiro–Wilk for 3 to 5,000 \
             values.",
            percent(args.file.level),
            args.kind
        ),
    ];
    Ok(StatisticTable { title: "Summary".to_owned(), blocks: vec![tidy, shares], notes })
}

/// R's numbering.
fn quantile_type(number: u8) -> Result<QuantileType, CliError> {
    Ok(match number {
        1 => QuantileType::InverseEmpirical,
        2 => QuantileType::AveragedEmpirical,
        3 => QuantileType::NearestEven,
        4 => QuantileType::LinearEmpirical,
        5 => QuantileType::Hazen,
        6 => QuantileType::Weibull,
        7 => QuantileType::Linear,
        8 => QuantileType::MedianUnbiased,
        9 => QuantileType::NormalUnbiased,
        _ => return Err(CliError::Usage(format!("--type {number}: quantiles have the types 1 to 9"))),
    })
}
