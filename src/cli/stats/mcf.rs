//! `staywell stats mcf`.

use super::columns::{Columns, FileOptions};
use super::survival_columns::{SurvivalOptions, split, split_codes};
use super::table::{Block, Cell, StatisticTable, cells, high, low};
use crate::cli::error::CliError;
use crate::stats::recurrent::{MeanCumulativeFunction, mean_cumulative_difference, mean_cumulative_function};

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  staywell stats mcf --data bladder2.csv --entry start --time stop --event event --id id --by rx --times 12,24\n\n\
    One start-stop row for each stretch of a patient. Andersen-Gill and PWP models of the same rows: staywell stats recurrent."
)]
pub(super) struct Args {
    #[command(flatten)]
    file: FileOptions,
    #[command(flatten)]
    survival: SurvivalOptions,
    /// Column of the patients
    #[arg(long, value_name = "COLUMN")]
    id: String,
    /// Columns of the groups
    #[arg(long, value_delimiter = ',', value_name = "COLUMNS")]
    by: Vec<String>,
    /// Print the means at these times only, and the difference of two groups there
    #[arg(long, value_delimiter = ',', value_name = "TIMES")]
    times: Vec<f64>,
}

pub(super) fn run(args: &Args) -> Result<StatisticTable, CliError> {
    let mut used = args.survival.used();
    used.push(&args.id);
    used.extend(args.by.iter().map(String::as_str));
    let columns = Columns::read(&args.file.data, &used)?;
    let sample = args.survival.sample(&columns)?;
    let (_, patients) = columns.identities(&args.id)?;
    let (labels, codes) = columns.groups(&args.by)?;
    let mut curves: Vec<MeanCumulativeFunction> = Vec::new();
    for (group, rows) in split(&sample, &codes, labels.len())?.into_iter().enumerate() {
        curves.push(mean_cumulative_function(&rows, &split_codes(&patients, &codes, group), args.file.level)?);
    }
    let mut tidy = Block::new("tidy", &["time", "n.risk", "n.event", "estimate", "std.error", "conf.low", "conf.high", "strata"]);
    let mut glance = Block::new("glance", &["strata", "patients", "nevent"]);
    for (label, curve) in labels.iter().zip(&curves) {
        glance.push(cells![label, curve.n_patients, curve.n_events]);
        if args.times.is_empty() {
            for row in 0..curve.time.len() {
                let (risk, events) = (Cell::weight(curve.at_risk[row]), Cell::weight(curve.events[row]));
                let (estimate, error) = (curve.estimate[row], curve.std_error[row]);
                tidy.push(cells![curve.time[row], risk, events, estimate, error, curve.lower[row], curve.upper[row], label]);
            }
        }
        for &time in &args.times {
            let through = curve.time.partition_point(|&row| row <= time);
            let risk = curve.at_risk.get(curve.time.partition_point(|&row| row < time)).copied().unwrap_or(0.0);
            let point = curve.at(time);
            let interval = point.and_then(|point| point.interval);
            tidy.push(cells![
                time,
                Cell::weight(risk),
                Cell::weight(curve.events[..through].iter().sum()),
                point.map(|point| point.estimate),
                point.map(|point| point.std_error),
                low(interval),
                high(interval),
                label
            ]);
        }
    }
    let mut blocks = vec![tidy, glance];
    if let ([first, second], false) = (&curves[..], args.times.is_empty()) {
        let header = ["term", "time", "estimate", "std.error", "statistic", "p.value", "conf.low", "conf.high"];
        let mut difference = Block::new("difference", &header);
        for &time in &args.times {
            let Ok((estimate, test)) = mean_cumulative_difference(first, second, time) else { continue };
            let (label, interval) = (format!("{} − {}", labels[1], labels[0]), estimate.interval);
            let (statistic, p) = (test.statistic, test.p_value);
            difference.push(cells![label, time, estimate.estimate, estimate.std_error, statistic, p, low(interval), high(interval)]);
        }
        blocks.push(difference);
    }
    let notes = vec![
        columns.note(),
        format!(
            "Mean number of events per patient (Nelson–Aalen of recurrent events); standard errors robust, clustered by {}; log limits at {} %.",
            args.id,
            100.0 * args.file.level
        ),
    ];
    Ok(StatisticTable { title: "Mean cumulative function".to_owned(), blocks, notes })
}
