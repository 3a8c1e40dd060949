//! `staywell stats correlation`.

use super::columns::{Columns, FileOptions};
use super::percent::percent;
use super::table::{Block, StatisticTable, cells, high, low};
use crate::cli::error::CliError;
use crate::stats::comparison::Calculation;
use crate::stats::{kendall, pearson, spearman};

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  staywell stats correlation --data sleepstudy.csv --x Days --y Reaction")]
pub(super) struct Args {
    #[command(flatten)]
    file: FileOptions,
    /// One column
    #[arg(long, value_name = "COLUMN")]
    x: String,
    /// The other
    #[arg(long, value_name = "COLUMN")]
    y: String,
}

pub(super) fn run(args: &Args) -> Result<StatisticTable, CliError> {
    let columns = Columns::read(&args.file.data, &[args.x.as_str(), &args.y])?;
    let (x, y) = (columns.numbers(&args.x)?, columns.numbers(&args.y)?);
    let mut tidy = Block::new("tidy", &["method", "estimate", "statistic", "p.value", "parameter", "conf.low", "conf.high"]);
    let found = [
        ("pearson", pearson(&x, &y, args.file.level)?),
        ("spearman", spearman(&x, &y, Calculation::Automatic)?),
        ("kendall", kendall(&x, &y, Calculation::Automatic)?),
    ];
    for (name, found) in found {
        let test = found.test;
        tidy.push(cells![
            name,
            found.coefficient,
            test.map(|test| test.statistic),
            // Points on a line: Pearson's t is infinite, as R prints it, and its p 0.
            test.map_or(0.0, |test| test.p_value),
            test.and_then(|test| test.df),
            low(found.interval),
            high(found.interval)
        ]);
    }
    let notes = vec![
        columns.note(),
        format!(
            "Pearson: t, Fisher's limits at {} %; Spearman: S; Kendall: tau-b, z (or concordant pairs where p is exact); as R's cor.test; points on a line: t infinite (–), p 0.",
            percent(args.file.level)
        ),
    ];
    Ok(StatisticTable { title: "Correlation".to_owned(), blocks: vec![tidy], notes })
}
