//! `staywell stats icc`.

use super::columns::{Columns, FileOptions};
use super::table::{Block, StatisticTable, cells, high, low};
use crate::cli::error::CliError;
use crate::stats::intraclass_correlations;

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  staywell stats icc --data retest.csv --raters day_1,day_8")]
pub(super) struct Args {
    #[command(flatten)]
    file: FileOptions,
    /// Columns of the ratings, one row per thing rated
    #[arg(long, value_delimiter = ',', required = true, value_name = "COLUMNS")]
    raters: Vec<String>,
}

pub(super) fn run(args: &Args) -> Result<StatisticTable, CliError> {
    let used: Vec<&str> = args.raters.iter().map(String::as_str).collect();
    let columns = Columns::read(&args.file.data, &used)?;
    let ratings = used.iter().map(|name| columns.numbers(name)).collect::<Result<Vec<_>, _>>()?;
    let rows: Vec<Vec<f64>> = (0..columns.len()).map(|row| ratings.iter().map(|column| column[row]).collect()).collect();
    let found = intraclass_correlations(&rows, args.file.level)?;
    let mut tidy = Block::new("tidy", &["term", "estimate", "conf.low", "conf.high"]);
    for (name, icc) in
        [("ICC(1,1) one-way", found.one_way), ("ICC(2,1) agreement", found.agreement), ("ICC(3,1) consistency", found.consistency)]
    {
        tidy.push(cells![name, icc.estimate, low(icc.interval), high(icc.interval)]);
    }
    let glance = Block::new("glance", &["n", "raters", "sem", "mdc", "statistic", "p.value"]).with(cells![
        found.n,
        found.raters,
        found.std_error_of_measurement,
        found.minimal_detectable_change,
        found.test.statistic,
        found.test.p_value
    ]);
    let notes = vec![
        columns.note(),
        format!(
            "Intraclass correlations (Shrout & Fleiss, McGraw & Wong), F limits at {} %; sem: standard error of measurement; mdc: smallest \
             change beyond it.",
            100.0 * args.file.level
        ),
    ];
    Ok(StatisticTable { title: "Intraclass correlation".to_owned(), blocks: vec![tidy, glance], notes })
}
