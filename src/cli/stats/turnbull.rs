//! `staywell stats turnbull`.

use std::path::PathBuf;

use super::columns::Columns;
use super::groups::{pick, rows_of_groups};
use super::numbers::finite;
use super::table::{Block, StatisticTable, cells};
use crate::cli::error::CliError;
use crate::stats::survival::{IntervalCensored, turnbull};

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  staywell stats turnbull --data visits.csv --left last_free --right first_seen --by group --times 90,180\n\n\
    The event lies after --left and by --right; an empty --right means it was not seen, equal values that its time is known."
)]
pub(super) struct Args {
    /// Any CSV with a header
    #[arg(long, value_name = "FILE")]
    data: PathBuf,
    /// Column of the last time known to be free of the event
    #[arg(long, value_name = "COLUMN")]
    left: String,
    /// Column of the first time known to have had it; empty for not seen
    #[arg(long, value_name = "COLUMN")]
    right: String,
    /// Columns of the groups
    #[arg(long, value_delimiter = ',', value_name = "COLUMNS")]
    by: Vec<String>,
    /// Also print the range of the curve at these times
    #[arg(long, allow_hyphen_values = true, value_parser = finite, value_delimiter = ',', value_name = "TIMES")]
    times: Vec<f64>,
}

pub(super) fn run(args: &Args) -> Result<StatisticTable, CliError> {
    let mut used = vec![args.left.as_str()];
    used.extend(args.by.iter().map(String::as_str));
    let columns = Columns::read(&args.data, &used)?;
    let (left, right) = (columns.numbers(&args.left)?, columns.optional_numbers(&args.right)?);
    let (labels, codes) = columns.groups(&args.by)?;
    let mut tidy = Block::new("tidy", &["left", "right", "probability", "estimate", "strata"]);
    let mut glance = Block::new("glance", &["strata", "nobs", "logLik", "gap", "iterations"]);
    let mut at = Block::new("at", &["time", "estimate.low", "estimate.high", "strata"]);
    for (label, rows) in labels.iter().zip(rows_of_groups(&codes, labels.len())) {
        let rights = rows.iter().map(|&row| right[row].unwrap_or(f64::INFINITY)).collect();
        let fit = turnbull(&columns.located_among(IntervalCensored::new(pick(&left, &rows), rights), |row| rows[row])?)?;
        let mut left_of_all = 1.0;
        for interval in &fit.intervals {
            left_of_all -= interval.mass;
            tidy.push(cells![interval.left, interval.right, interval.mass, f64::max(left_of_all, 0.0), label]);
        }
        glance.push(cells![label, fit.n, fit.log_likelihood, fit.kuhn_tucker_gap, fit.iterations]);
        for &time in &args.times {
            let bounds = fit.survival_bounds(time);
            at.push(cells![time, bounds.lower, bounds.upper, label]);
        }
    }
    let mut blocks = vec![tidy, glance];
    if !args.times.is_empty() {
        blocks.push(at);
    }
    let notes = vec![
        format!("{} rows used; {} dropped because a used column other than {} is missing.", columns.len(), columns.dropped(), args.right),
        "Turnbull's nonparametric maximum likelihood for interval-censored times; estimate is the probability of being event-free after the \
         interval; within an interval the curve is not identified; gap: largest directional derivative less 1, 0 at the maximum."
            .to_owned(),
    ];
    Ok(StatisticTable { title: "Turnbull".to_owned(), blocks, notes })
}
