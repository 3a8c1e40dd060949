//! `staywell stats cuminc`.

use clap::ValueEnum;

use super::at_times::{SINCE, since_time_before};
use super::columns::{Columns, FileOptions};
use super::competing_columns::{CompetingOptions, CompetingRows, split};
use super::numbers::finite;
use super::percent::percent;
use super::table::{Block, Cell, StatisticTable, cells, contrast_cells};
use crate::cli::error::CliError;
use crate::stats::competing::{
    CumulativeIncidence, IncidenceInterval, IncidenceVariance, cumulative_incidence, gray_test, incidence_difference,
};

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  staywell stats cuminc --data mgus2.csv --time etime --event estat --by sex --times 60,120\n\n\
    Every value of --event but that of --censor is an event of its own. With groups, Gray's test of each event is the block gray.")]
pub(super) struct Args {
    #[command(flatten)]
    file: FileOptions,
    #[command(flatten)]
    events: CompetingOptions,
    /// Columns of the groups
    #[arg(long, value_delimiter = ',', value_name = "COLUMNS")]
    by: Vec<String>,
    /// Columns of the strata of Gray's test
    #[arg(long, value_delimiter = ',', value_name = "COLUMNS")]
    strata: Vec<String>,
    /// Print the incidence at these times only (n.event, n.censor: since the time before), and the difference of two groups there
    #[arg(long, allow_hyphen_values = true, value_parser = finite, value_delimiter = ',', value_name = "TIMES")]
    times: Vec<f64>,
    /// Limits of the incidence
    #[arg(long, value_enum, default_value_t = Limits::LogLog)]
    ci: Limits,
    /// Standard errors: R's survfit (jackknife) or R's cuminc (delta)
    #[arg(long, value_enum, default_value_t = VarianceOption::Jackknife)]
    variance: VarianceOption,
    /// Gray's test: weight (1 − F)^rho
    #[arg(long, allow_negative_numbers = true, value_parser = finite, default_value_t = 0.0, value_name = "RHO")]
    rho: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Limits {
    LogLog,
    Log,
    Plain,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum VarianceOption {
    Jackknife,
    Delta,
}

const TIDY: [&str; 10] = ["time", "n.risk", "n.event", "n.censor", "estimate", "std.error", "conf.low", "conf.high", "outcome", "strata"];

pub(super) fn run(args: &Args) -> Result<StatisticTable, CliError> {
    let mut used = args.events.used();
    used.extend(args.by.iter().chain(&args.strata).map(String::as_str));
    let columns = Columns::read(&args.file.data, &used)?;
    let CompetingRows { rows: events, causes, notes: of_censoring } = args.events.events(&columns)?;
    let (labels, codes) = columns.groups(&args.by)?;
    let (method, limits) = match args.ci {
        Limits::LogLog => (IncidenceInterval::LogLog, "log-log"),
        Limits::Log => (IncidenceInterval::Log, "log"),
        Limits::Plain => (IncidenceInterval::Plain, "plain"),
    };
    let (variance, errors) = match args.variance {
        VarianceOption::Jackknife => (IncidenceVariance::InfinitesimalJackknife, "infinitesimal-jackknife standard errors (R's survfit)"),
        VarianceOption::Delta => (IncidenceVariance::Aalen, "delta-method standard errors (R's cuminc)"),
    };
    let mut curves = Vec::new();
    for rows in split(&events, &codes, labels.len())? {
        curves.push(cumulative_incidence(&rows, variance, method, args.file.level)?);
    }
    let mut tidy = Block::new("tidy", &TIDY);
    for (label, curve) in labels.iter().zip(&curves) {
        for (place, cause) in causes.iter().enumerate().take(curve.incidence.len()) {
            if args.times.is_empty() {
                tidy.rows.extend((0..curve.time.len()).map(|row| every_time(label, cause, place, curve, row)));
            } else {
                tidy.rows.extend(args.times.iter().map(|&time| at_time(label, cause, place, curve, &args.times, time)));
            }
        }
    }
    let (mut blocks, mut without_test, mut without) = (vec![tidy], Vec::new(), Vec::new());
    if labels.len() > 1 {
        let strata = if args.strata.is_empty() { None } else { Some(columns.groups(&args.strata)?.1) };
        let mut gray = Block::new("gray", &["outcome", "statistic", "df", "p.value"]);
        for (place, cause) in causes.iter().enumerate() {
            let test = match gray_test(&events, &codes, strata.as_deref(), place + 1, args.rho) {
                Ok(found) => Some(found.test),
                Err(error) => {
                    without_test.push((cause.clone(), error.to_string()));
                    None
                }
            };
            gray.push(cells![cause, test.map(|test| test.statistic), test.and_then(|test| test.df), test.map(|test| test.p_value)]);
        }
        blocks.push(gray);
    }
    if let ([first, second], false) = (&curves[..], args.times.is_empty()) {
        let header = ["term", "outcome", "time", "estimate", "std.error", "statistic", "p.value", "conf.low", "conf.high"];
        let mut difference = Block::new("difference", &header);
        for (place, cause) in causes.iter().enumerate() {
            for &time in &args.times {
                let found = incidence_difference(first, second, place + 1, time).map(|found| (found.difference, found.test));
                let mut row = cells![format!("{} − {}", labels[1], labels[0]), cause, time];
                row.extend(contrast_cells(found, time, &mut without));
                difference.push(row);
            }
        }
        blocks.push(difference);
    }
    let censored = if args.events.censored().is_empty() { String::new() } else { format!(", censored {}", args.events.censored()) };
    let mut notes = vec![
        columns.note(),
        format!(
            "Cumulative incidence (Aalen–Johansen); events {}{censored}; {errors}; {limits} limits at {} %; competing events are no \
             censorings; {SINCE}.",
            causes.join(", "),
            percent(args.file.level)
        ),
    ];
    notes.extend(of_censoring);
    notes.extend(without_test.chunk_by(|a, b| a.1 == b.1).map(|alike| {
        let causes: Vec<&str> = alike.iter().map(|(cause, _)| cause.as_str()).collect();
        format!("Missing for {}: {}.", causes.join(", "), alike[0].1)
    }));
    notes.extend(without);
    Ok(StatisticTable { title: "Cumulative incidence".to_owned(), blocks, notes })
}

fn every_time(label: &str, cause: &str, place: usize, curve: &CumulativeIncidence, row: usize) -> Vec<Cell> {
    cells![
        curve.time[row],
        Cell::weight(curve.at_risk[row]),
        Cell::weight(curve.events[place][row]),
        Cell::weight(curve.censored[row]),
        curve.incidence[place].estimate[row],
        curve.incidence[place].std_error[row],
        curve.incidence[place].lower[row],
        curve.incidence[place].upper[row],
        cause,
        label,
    ]
}

fn at_time(label: &str, cause: &str, place: usize, curve: &CumulativeIncidence, times: &[f64], time: f64) -> Vec<Cell> {
    let since = |counts: &[f64]| Cell::weight(since_time_before(&curve.time, counts, times, time));
    let point = curve.at(place + 1, time).ok();
    cells![
        time,
        point.as_ref().map_or(Cell::Count(0), |point| Cell::weight(point.at_risk)),
        since(&curve.events[place]),
        since(&curve.censored),
        point.as_ref().map(|point| point.estimate),
        point.as_ref().map(|point| point.std_error),
        point.as_ref().and_then(|point| point.lower),
        point.as_ref().and_then(|point| point.upper),
        cause,
        label,
    ]
}
