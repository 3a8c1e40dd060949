//! `staywell stats pyears`.

use super::columns::{Columns, FileOptions};
use super::numbers::finite;
use super::percent::percent;
use super::survival_columns::SurvivalOptions;
use super::table::{Block, StatisticTable, cells};
use crate::cli::error::CliError;
use crate::stats::exact_text;
use crate::stats::survival::{person_years, rate_ratio};

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
    #[arg(long, allow_negative_numbers = true, value_parser = finite, default_value_t = 365.25, value_name = "SCALE")]
    scale: f64,
}

pub(super) fn run(args: &Args) -> Result<StatisticTable, CliError> {
    if args.survival.weights.is_some() {
        return Err(CliError::Usage("--weights: exact limits of a rate are of counted events, not of weighted ones".to_owned()));
    }
    let mut used = args.survival.used();
    used.extend(args.by.iter().map(String::as_str));
    let columns = Columns::read(&args.file.data, &used)?;
    let sample = args.survival.sample(&columns)?;
    let (labels, codes) = columns.groups(&args.by)?;
    let rates = person_years(sample.entry(), sample.time(), sample.event(), &codes, args.scale, args.file.level)?;
    let mut tidy = Block::new("tidy", &["strata", "n", "pyears", "event", "estimate", "conf.low", "conf.high"]);
    for (label, rate) in labels.iter().zip(&rates) {
        let interval = rate.interval;
        tidy.push(cells![label, rate.n, rate.person_time, rate.n_events, rate.rate, interval.lower, interval.upper]);
    }
    let mut blocks = vec![tidy];
    if let [first, second] = &rates[..] {
        let ratio = rate_ratio((first.n_events, first.person_time), (second.n_events, second.person_time), args.file.level)?;
        let header = ["term", "method", "estimate", "conf.low", "conf.high", "p.value"];
        let label = format!("{} / {}", labels[1], labels[0]);
        let block = Block::new("rate_ratio", &header)
            .with(cells![&label, "exact", ratio.ratio, ratio.exact_lower, ratio.exact_upper, ratio.exact.p_value])
            .with(cells![&label, "mid-p", ratio.ratio, ratio.mid_p_lower, ratio.mid_p_upper, ratio.mid_p.p_value]);
        blocks.push(block);
    }
    let notes = vec![
        columns.note(),
        format!(
            "Events per {} units of time; exact Poisson limits at {} %; rate ratio: conditional on the number of events, exact and mid-p.",
            exact_text(args.scale),
            percent(args.file.level)
        ),
    ];
    Ok(StatisticTable { title: "Rates".to_owned(), blocks, notes })
}
