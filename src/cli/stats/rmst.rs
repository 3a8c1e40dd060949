//! `staywell stats rmst`.

use super::columns::{Columns, FileOptions};
use super::numbers::finite;
use super::percent::percent;
use super::survival_columns::{SurvivalOptions, split};
use super::table::{Block, StatisticTable, cells, contrast_cells, high, low};
use crate::cli::error::CliError;
use crate::stats::exact_text;
use crate::stats::survival::{CurveInterval, kaplan_meier, rmst, rmst_difference, rmst_ratio};

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  staywell stats rmst --data lung.csv --time time --event status --event-code 2 --by sex --horizon 365\n\n\
    With two groups, difference and ratio are second less (over) first in sorted order. std.error of the ratio is that of its logarithm."
)]
pub(super) struct Args {
    #[command(flatten)]
    file: FileOptions,
    #[command(flatten)]
    survival: SurvivalOptions,
    /// Columns of the groups
    #[arg(long, value_delimiter = ',', value_name = "COLUMNS")]
    by: Vec<String>,
    /// Mean time without the event up to this time
    #[arg(long, allow_negative_numbers = true, value_parser = finite, value_name = "TIME")]
    horizon: f64,
}

pub(super) fn run(args: &Args) -> Result<StatisticTable, CliError> {
    let mut used = args.survival.used();
    used.extend(args.by.iter().map(String::as_str));
    let columns = Columns::read(&args.file.data, &used)?;
    let sample = args.survival.sample(&columns)?;
    let (labels, codes) = columns.groups(&args.by)?;
    let mut curves = Vec::new();
    for sample in split(&sample, &codes, labels.len())? {
        curves.push(kaplan_meier(&sample, CurveInterval::LogLog, args.file.level)?);
    }
    let mut tidy = Block::new("tidy", &["strata", "n", "n.event", "estimate", "std.error", "conf.low", "conf.high", "horizon"]);
    for (label, curve) in labels.iter().zip(&curves) {
        let mean = rmst(curve, args.horizon)?;
        let (estimate, error, interval) = (mean.estimate, mean.std_error, mean.interval);
        tidy.push(cells![label, curve.n, curve.n_events, estimate, error, low(interval), high(interval), args.horizon]);
    }
    let (mut blocks, mut without) = (vec![tidy], Vec::new());
    if let [first, second] = &curves[..] {
        let mut contrasts =
            Block::new("contrasts", &["contrast", "term", "estimate", "std.error", "statistic", "p.value", "conf.low", "conf.high"]);
        let difference = rmst_difference(first, second, args.horizon).map(|found| (found.difference, found.test));
        let ratio = rmst_ratio(first, second, args.horizon);
        let (first, second) = (&labels[0], &labels[1]);
        for (contrast, term, found) in
            [("difference", format!("{second} − {first}"), difference), ("ratio", format!("{second} / {first}"), ratio)]
        {
            let mut row = cells![contrast, term];
            row.extend(contrast_cells(found, args.horizon, &mut without));
            contrasts.push(row);
        }
        blocks.push(contrasts);
    }
    let mut notes = vec![
        columns.note(),
        format!(
            "Restricted mean time without the event up to {}: area under the Kaplan–Meier curve; Greenwood-type standard errors without a \
             finite-sample factor (R's survmean); limits at {} %; z tests, two-sided.",
            exact_text(args.horizon),
            percent(args.file.level)
        ),
    ];
    notes.extend(without);
    Ok(StatisticTable { title: "Restricted mean".to_owned(), blocks, notes })
}
