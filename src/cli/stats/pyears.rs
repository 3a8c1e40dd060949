//! `staywell stats pyears`.

use super::columns::{Columns, FileOptions};
use super::survival_columns::{SurvivalOptions, split};
use super::table::{Block, Cell, StatisticTable, cells};
use crate::cli::error::CliError;
use crate::stats::survival::{person_time_rate, rate_ratio};

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  staywell stats pyears --data lung.csv --time time --event status --event-code 2 --by sex --scale 365.25"
)]
pub(super) struct Args {
    #[command(flatten)]
    file: FileOptions,
    #[command(flatten)]
    survival: SurvivalOptions,
    /// Columns of the groups
    #[arg(long, value_delimiter = ',', value_name = "COLUMNS")]
    by: Vec<String>,
    /// Units of time in one unit of person-time (365.25 for days into years)
    #[arg(long, default_value_t = 365.25, value_name = "SCALE")]
    scale: f64,
}

pub(super) fn run(args: &Args) -> Result<StatisticTable, CliError> {
    let mut used = args.survival.used();
    used.extend(args.by.iter().map(String::as_str));
    let columns = Columns::read(&args.file.data, &used)?;
    let sample = args.survival.sample(&columns)?;
    let (labels, codes) = columns.groups(&args.by)?;
    let mut tidy = Block::new("tidy", &["strata", "n", "pyears", "event", "estimate", "conf.low", "conf.high"]);
    let mut rates = Vec::new();
    for (label, rows) in labels.iter().zip(split(&sample, &codes, labels.len())?) {
        let rate = person_time_rate(&rows, args.scale, args.file.level)?;
        let event = Cell::weight(rate.events);
        tidy.push(cells![label, rate.n, rate.person_time, event, rate.rate, rate.interval.lower, rate.interval.upper]);
        rates.push(rate);
    }
    let mut blocks = vec![tidy];
    if let [first, second] = &rates[..] {
        let ratio = rate_ratio(first, second, args.file.level)?;
        let header = ["term", "estimate", "conf.low", "conf.high", "p.value"];
        let label = format!("{} / {}", labels[1], labels[0]);
        blocks.push(Block::new("rate_ratio", &header).with(cells![label, ratio.estimate, ratio.lower, ratio.upper, ratio.test.p_value]));
    }
    let notes = vec![
        columns.note(),
        format!(
            "Events per {} units of time; exact Poisson limits at {} %; rate ratio: exact conditional limits, mid-p value.",
            args.scale,
            100.0 * args.file.level
        ),
    ];
    Ok(StatisticTable { title: "Rates".to_owned(), blocks, notes })
}
