//! `staywell stats tost`.

use super::numbers::finite;
use super::percent::percent;
use super::table::{Block, StatisticTable, cells, high, low};
use super::two_samples::TwoSampleOptions;
use crate::cli::error::CliError;
use crate::stats::comparison::{equivalence_of_means, equivalence_of_paired_means};
use crate::stats::exact_text;

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  staywell stats tost --data pain.csv --y pain --by group --lower=-1 --upper 1")]
pub(super) struct Args {
    #[command(flatten)]
    samples: TwoSampleOptions,
    /// Smallest difference that does not matter (first less second)
    #[arg(long, allow_negative_numbers = true, value_parser = finite, value_name = "MARGIN")]
    lower: f64,
    /// Largest difference that does not matter
    #[arg(long, allow_negative_numbers = true, value_parser = finite, value_name = "MARGIN")]
    upper: f64,
}

pub(super) fn run(args: &Args) -> Result<StatisticTable, CliError> {
    let samples = args.samples.two()?;
    let level = args.samples.file.level;
    let (x, y) = (&samples.values[0], &samples.values[1]);
    let test = if samples.paired { equivalence_of_paired_means } else { equivalence_of_means };
    let found = test(x, y, (args.lower, args.upper), 1.0 - level)?;
    let interval = found.difference.interval;
    let header = ["term", "estimate", "std.error", "p.value", "conf.low", "conf.high", "equivalent"];
    let tidy = Block::new("tidy", &header).with(cells![
        format!("{} − {}", samples.labels[0], samples.labels[1]),
        found.difference.estimate,
        found.difference.std_error,
        found.p_value,
        low(interval),
        high(interval),
        found.equivalent,
    ]);
    let tests = Block::tests(&[("above lower margin", found.above_lower), ("below upper margin", found.below_upper)]);
    let notes = vec![
        samples.columns.note(),
        format!(
            "Two one-sided t tests at {} % each; limits at {} %: equivalent if they lie within {} and {}.",
            percent(1.0 - level),
            percent(2.0 * level - 1.0),
            exact_text(args.lower),
            exact_text(args.upper)
        ),
    ];
    Ok(StatisticTable { title: "Equivalence".to_owned(), blocks: vec![tidy, tests], notes })
}
