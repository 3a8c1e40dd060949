//! `staywell stats mcf`.

use super::at_times::{SINCE, since_time_before};
use super::columns::{Columns, FileOptions};
use super::groups::{pick, rows_of_groups};
use super::numbers::finite;
use super::percent::percent;
use super::recurrent_columns::{RecurrentOptions, RowEnds};
use super::table::{Block, Cell, StatisticTable, cells, contrast_cells};
use crate::cli::error::CliError;
use crate::stats::recurrent::{CountInterval, MeanCumulativeFunction, RecurrentRows, mean_count_difference, mean_cumulative_function};

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  staywell stats mcf --data bladder2.csv --entry start --time stop --event event --id id --by rx --times 12,24\n\n\
    One start-stop row for each stretch of a patient. Andersen-Gill and PWP models of the same rows: staywell stats recurrent."
)]
pub(super) struct Args {
    #[command(flatten)]
    file: FileOptions,
    /// Column of the start of a row (without it every row starts at 0)
    #[arg(long, value_name = "COLUMN")]
    entry: Option<String>,
    #[command(flatten)]
    rows: RecurrentOptions,
    /// Columns of the groups
    #[arg(long, value_delimiter = ',', value_name = "COLUMNS")]
    by: Vec<String>,
    /// Print the means at these times only (n.event: since the time before), and the difference of two groups there
    #[arg(long, allow_hyphen_values = true, value_parser = finite, value_delimiter = ',', value_name = "TIMES")]
    times: Vec<f64>,
}

pub(super) fn run(args: &Args) -> Result<StatisticTable, CliError> {
    let mut used = args.rows.used();
    used.extend(args.entry.iter().chain(&args.by).map(String::as_str));
    let columns = Columns::read(&args.file.data, &used)?;
    let RowEnds { stop, event, patient: patients } = args.rows.ends(&columns)?;
    let start = args.entry.as_ref().map_or_else(|| Ok(vec![0.0; stop.len()]), |name| columns.numbers(name))?;
    let (labels, codes) = columns.groups(&args.by)?;
    let mut curves: Vec<MeanCumulativeFunction> = Vec::new();
    for members in rows_of_groups(&codes, labels.len()) {
        let rows = RecurrentRows::new(pick(&patients, &members), pick(&start, &members), pick(&stop, &members), pick(&event, &members));
        let rows = columns.located_among(rows, |row| members[row])?;
        curves.push(mean_cumulative_function(&rows, CountInterval::Log, args.file.level)?);
    }
    let mut tidy = Block::new("tidy", &["time", "n.risk", "n.event", "estimate", "std.error", "conf.low", "conf.high", "strata"]);
    let mut glance = Block::new("glance", &["strata", "patients", "nevent"]);
    for (label, curve) in labels.iter().zip(&curves) {
        glance.push(cells![label, curve.n_patients, curve.n_events]);
        if args.times.is_empty() {
            for row in 0..curve.time.len() {
                let (risk, events) = (curve.at_risk[row], curve.events[row]);
                let (estimate, error) = (curve.estimate[row], curve.std_error[row]);
                tidy.push(cells![curve.time[row], risk, events, estimate, error, curve.lower[row], curve.upper[row], label]);
            }
        }
        let events: Vec<f64> = curve.events.iter().map(|&events| events as f64).collect();
        for &time in &args.times {
            let point = curve.at(time).ok();
            let point = point.as_ref();
            tidy.push(cells![
                time,
                point.map_or(0, |point| point.at_risk),
                Cell::weight(since_time_before(&curve.time, &events, &args.times, time)),
                point.map(|point| point.estimate),
                point.map(|point| point.std_error),
                point.and_then(|point| point.lower),
                point.and_then(|point| point.upper),
                label
            ]);
        }
    }
    let (mut blocks, mut without) = (vec![tidy, glance], Vec::new());
    if let ([first, second], false) = (&curves[..], args.times.is_empty()) {
        let header = ["term", "time", "estimate", "std.error", "statistic", "p.value", "conf.low", "conf.high"];
        let mut difference = Block::new("difference", &header);
        for &time in &args.times {
            let found = mean_count_difference(first, second, time).map(|found| (found.difference, found.test));
            let mut row = cells![format!("{} − {}", labels[1], labels[0]), time];
            row.extend(contrast_cells(found, time, &mut without));
            difference.push(row);
        }
        blocks.push(difference);
    }
    let mut notes = vec![
        columns.note(),
        format!(
            "Mean number of events per patient (Nelson–Aalen of recurrent events); standard errors robust, clustered by {}; log limits at {} %; {SINCE}.",
            args.rows.id,
            percent(args.file.level)
        ),
    ];
    notes.extend(without);
    Ok(StatisticTable { title: "Mean cumulative function".to_owned(), blocks, notes })
}
