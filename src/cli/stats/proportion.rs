//! `staywell stats proportion`.

use super::columns::{Columns, FileOptions};
use super::percent::percent;
use super::table::{Block, StatisticTable, cells, high, low};
use crate::cli::error::CliError;
use crate::stats::comparison::{odds_ratio, risk_difference, risk_ratio};
use crate::stats::{StatsError, clopper_pearson, newcombe_difference, wilson};

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  staywell stats proportion --data clinic.csv --event recurred --by maintained")]
pub(super) struct Args {
    #[command(flatten)]
    file: FileOptions,
    /// Column that says whether it happened (0/1, true/false, yes/no)
    #[arg(long, value_name = "COLUMN")]
    event: String,
    /// The value of --event that means it happened
    #[arg(long, allow_negative_numbers = true, value_name = "VALUE")]
    event_code: Option<String>,
    /// Columns of the groups
    #[arg(long, value_delimiter = ',', value_name = "COLUMNS")]
    by: Vec<String>,
}

pub(super) fn run(args: &Args) -> Result<StatisticTable, CliError> {
    let used: Vec<&str> = std::iter::once(&args.event).chain(&args.by).map(String::as_str).collect();
    let columns = Columns::read(&args.file.data, &used)?;
    let events = columns.truths(&args.event, args.event_code.as_deref(), "event-code")?;
    let (labels, codes) = columns.groups(&args.by)?;
    let level = args.file.level;
    let mut counts = vec![(0, 0); labels.len()];
    for (&event, &code) in events.iter().zip(&codes) {
        counts[code].0 += usize::from(event);
        counts[code].1 += 1;
    }
    let header = ["strata", "count", "n", "estimate", "conf.low", "conf.high", "exact.conf.low", "exact.conf.high"];
    let mut tidy = Block::new("tidy", &header);
    for (label, &(count, n)) in labels.iter().zip(&counts) {
        let (share, exact) = (wilson(count, n, level)?, clopper_pearson(count, n, level)?.interval);
        let interval = share.interval;
        tidy.push(cells![label, count, n, share.proportion, interval.lower, interval.upper, exact.lower, exact.upper]);
    }
    let mut blocks = vec![tidy];
    if let [first, second] = counts[..] {
        blocks.push(effects(first, second, level)?);
    }
    let notes = vec![
        columns.note(),
        format!(
            "Wilson limits, exact (Clopper–Pearson) limits, difference (second group less first) with Newcombe's limits, all at {} %.",
            percent(level)
        ),
    ];
    Ok(StatisticTable { title: "Proportions".to_owned(), blocks, notes })
}

/// Difference, ratio and odds ratio of two shares, second against first.
pub(super) fn effects(first: (usize, usize), second: (usize, usize), level: f64) -> Result<Block, StatsError> {
    let mut block = Block::new("effects", &["term", "estimate", "std.error", "p.value", "conf.low", "conf.high"]);
    let difference = newcombe_difference(second.0, second.1, first.0, first.1, level)?;
    let error = risk_difference(second, first, level).ok().map(|difference| difference.std_error);
    let interval = difference.interval;
    block.push(cells!["risk difference", difference.difference, error, None::<f64>, interval.lower, interval.upper]);
    for (name, effect) in [("risk ratio", risk_ratio(second, first, level)?), ("odds ratio", odds_ratio(second, first, level)?)] {
        block.push(cells![name, effect.ratio, effect.log_std_error, effect.p_value, low(effect.interval), high(effect.interval)]);
    }
    Ok(block)
}
