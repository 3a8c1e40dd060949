//! `staywell stats bland-altman`.

use super::columns::{Columns, FileOptions};
use super::table::{Block, StatisticTable, cells, high, low};
use crate::cli::error::CliError;
use crate::stats::bland_altman;

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  staywell stats bland-altman --data nrs.csv --first paper --second app")]
pub(super) struct Args {
    #[command(flatten)]
    file: FileOptions,
    /// Column of the first measurement
    #[arg(long, value_name = "COLUMN")]
    first: String,
    /// Column of the second measurement
    #[arg(long, value_name = "COLUMN")]
    second: String,
}

pub(super) fn run(args: &Args) -> Result<StatisticTable, CliError> {
    let columns = Columns::read(&args.file.data, &[args.first.as_str(), &args.second])?;
    let found = bland_altman(&columns.numbers(&args.first)?, &columns.numbers(&args.second)?, args.file.level)?;
    let mut tidy = Block::new("tidy", &["term", "estimate", "std.error", "conf.low", "conf.high"]);
    for (name, estimate) in [("bias", found.bias), ("lower limit", found.lower), ("upper limit", found.upper)] {
        tidy.push(cells![name, estimate.estimate, estimate.std_error, low(estimate.interval), high(estimate.interval)]);
    }
    let slope = found.proportional;
    let glance = Block::new("glance", &["nobs", "std.dev", "proportional.slope", "proportional.p.value"]).with(cells![
        found.n,
        found.std_dev,
        slope.map(|slope| slope.estimate),
        found.proportional_test.map(|test| test.p_value)
    ]);
    let notes = vec![
        columns.note(),
        format!(
            "Bland–Altman: {} less {}; limits hold {} % of differences if these are normal; intervals by t; proportional: slope of the \
             differences on the means.",
            args.first,
            args.second,
            100.0 * args.file.level
        ),
    ];
    Ok(StatisticTable { title: "Limits of agreement".to_owned(), blocks: vec![tidy, glance], notes })
}
