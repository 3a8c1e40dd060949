//! `staywell stats km`.

use clap::ValueEnum;

use super::at_times::{SINCE, since_time_before};
use super::columns::{Columns, FileOptions};
use super::groups::{pick, rows_of_groups};
use super::numbers::finite;
use super::percent::percent;
use super::survival_columns::{SurvivalOptions, split};
use super::table::{Block, Cell, Contrast, StatisticTable, cells, contrast_cells, high, low};
use crate::cli::error::CliError;
use crate::stats::survival::{CurveEstimator, CurveInterval, SurvivalCurve, curve, rmst, rmst_difference, rmst_ratio, survival_difference};

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  staywell stats km --data lung.csv --time time --event status --event-code 2 --by sex --horizon 365\n\n\
    Columns: time, n.risk (just before time), n.event, n.censor, estimate, std.error (of the estimate), std.error.log (of its\n\
    logarithm, as R's fit$std.err), conf.low, conf.high, strata, cumhaz, std.error.cumhaz (Nelson-Aalen)."
)]
pub(super) struct Args {
    #[command(flatten)]
    file: FileOptions,
    #[command(flatten)]
    survival: SurvivalOptions,
    /// Columns of the groups
    #[arg(long, value_delimiter = ',', value_name = "COLUMNS")]
    by: Vec<String>,
    /// More columns of groups, for curves within strata
    #[arg(long, value_delimiter = ',', value_name = "COLUMNS")]
    strata: Vec<String>,
    /// Column of clusters (patients with several rows): robust standard errors
    #[arg(long, value_name = "COLUMN")]
    cluster: Option<String>,
    /// Limits of the curve
    #[arg(long, value_enum, default_value_t = Limits::LogLog)]
    ci: Limits,
    /// How the curve is estimated
    #[arg(long, value_enum, default_value_t = EstimatorOption::KaplanMeier)]
    estimator: EstimatorOption,
    /// Print the curve at these times only (n.event, n.censor: since the time before), and the difference of two groups there
    #[arg(long, allow_hyphen_values = true, value_parser = finite, value_delimiter = ',', value_name = "TIMES")]
    times: Vec<f64>,
    /// Restricted mean up to this time, and its difference and ratio between two groups
    #[arg(long, allow_negative_numbers = true, value_parser = finite, value_name = "TIME")]
    horizon: Option<f64>,
    /// Quantiles of the time to event (shares who have had it)
    #[arg(long, allow_hyphen_values = true, value_parser = finite, value_delimiter = ',', value_name = "SHARES", default_values_t = [0.25, 0.5, 0.75])]
    quantiles: Vec<f64>,
    /// Follow-up instead of the event: censoring and events change places (reverse Kaplan-Meier)
    #[arg(long)]
    reverse: bool,
}

/// Limits of a curve.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Limits {
    LogLog,
    Log,
    Plain,
    Logit,
    Arcsin,
}

impl Limits {
    pub(super) fn method(self) -> (CurveInterval, &'static str) {
        match self {
            Self::LogLog => (CurveInterval::LogLog, "log-log"),
            Self::Log => (CurveInterval::Log, "log"),
            Self::Plain => (CurveInterval::Plain, "plain"),
            Self::Logit => (CurveInterval::Logit, "logit"),
            Self::Arcsin => (CurveInterval::ArcSin, "arcsin"),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum EstimatorOption {
    KaplanMeier,
    NelsonAalen,
    FlemingHarrington,
}

const TIDY: [&str; 12] = [
    "time",
    "n.risk",
    "n.event",
    "n.censor",
    "estimate",
    "std.error",
    "std.error.log",
    "conf.low",
    "conf.high",
    "strata",
    "cumhaz",
    "std.error.cumhaz",
];
const GLANCE: [&str; 14] = [
    "strata",
    "nobs",
    "nevent",
    "n.max",
    "median",
    "conf.low",
    "conf.high",
    "rmst",
    "rmst.std.error",
    "rmst.conf.low",
    "rmst.conf.high",
    "horizon",
    "last.time",
    "robust",
];
const CONTRAST: [&str; 8] = ["term", "time", "estimate", "std.error", "statistic", "p.value", "conf.low", "conf.high"];

pub(super) fn run(args: &Args) -> Result<StatisticTable, CliError> {
    let by: Vec<String> = args.by.iter().chain(&args.strata).cloned().collect();
    let mut used = args.survival.used();
    used.extend(by.iter().chain(&args.cluster).map(String::as_str));
    let columns = Columns::read(&args.file.data, &used)?;
    let mut events = columns.truths(&args.survival.event, args.survival.event_code.as_deref(), "event-code")?;
    if args.reverse {
        for event in &mut events {
            *event = !*event;
        }
    }
    if let Some(share) = args.quantiles.iter().find(|share| !(0.0..=1.0).contains(*share)) {
        return Err(CliError::Usage(format!("--quantiles {share}: expected shares between 0 and 1")));
    }
    let sample = args.survival.sample_of(&columns, events)?;
    let (labels, codes) = columns.groups(&by)?;
    let clusters = args.cluster.as_ref().map(|name| columns.identities(name)).transpose()?.map(|(_, codes)| codes);
    let (method, limits) = args.ci.method();
    let (estimator, name) = match args.estimator {
        EstimatorOption::KaplanMeier => (CurveEstimator::KaplanMeier, "Kaplan–Meier"),
        EstimatorOption::NelsonAalen => (CurveEstimator::NelsonAalen, "exp(−Nelson–Aalen)"),
        EstimatorOption::FlemingHarrington => (CurveEstimator::FlemingHarrington, "exp(−H), ties one after the other (Fleming–Harrington)"),
    };
    let mut curves: Vec<(&String, SurvivalCurve)> = Vec::new();
    let rows = rows_of_groups(&codes, labels.len());
    for ((label, rows), sample) in labels.iter().zip(&rows).zip(split(&sample, &codes, labels.len())?) {
        let clusters = clusters.as_ref().map(|clusters| pick(clusters, rows));
        curves.push((label, curve(&sample, estimator, method, args.file.level, clusters.as_deref())?));
    }

    let mut tidy = Block::new("tidy", &TIDY);
    let mut glance = Block::new("glance", &GLANCE);
    let mut quantiles = Block::new("quantiles", &["strata", "probability", "estimate", "conf.low", "conf.high"]);
    for (label, curve) in &curves {
        tidy.rows.extend(if args.times.is_empty() { every_time(label, curve) } else { at_times(label, curve, &args.times) });
        let median = curve.median();
        let mean = args.horizon.map(|horizon| rmst(curve, horizon)).transpose()?;
        let interval = mean.and_then(|mean| mean.interval);
        let most = curve.at_risk.iter().copied().fold(0.0, f64::max);
        glance.push(cells![
            *label,
            curve.n,
            curve.n_events,
            Cell::weight(most),
            median.estimate,
            median.lower,
            median.upper,
            mean.map(|mean| mean.estimate),
            mean.map(|mean| mean.std_error),
            low(interval),
            high(interval),
            args.horizon,
            curve.last_time(),
            curve.robust,
        ]);
        for &share in &args.quantiles {
            let quantile = curve.quantile(share);
            quantiles.push(cells![*label, share, quantile.estimate, quantile.lower, quantile.upper]);
        }
    }
    let (mut blocks, mut without) = (vec![tidy, glance, quantiles], Vec::new());
    if let [(first_label, first), (second_label, second)] = &curves[..] {
        let label = |sign: &str| format!("{second_label} {sign} {first_label}");
        if let Some(horizon) = args.horizon {
            let difference = rmst_difference(first, second, horizon).map(|found| (found.difference, found.test));
            blocks.push(contrast("rmst_difference", vec![(label("−"), horizon, difference)], &mut without));
            let ratio = rmst_ratio(first, second, horizon);
            blocks.push(contrast("rmst_ratio", vec![(label("/"), horizon, ratio)], &mut without));
        }
        if !args.times.is_empty() {
            let there = args.times.iter().map(|&time| (label("−"), time, survival_difference(first, second, time)));
            blocks.push(contrast("survival_difference", there.collect(), &mut without));
        }
    }
    let errors = if curves.iter().any(|(_, curve)| curve.robust) { "robust (infinitesimal-jackknife)" } else { "Greenwood" };
    let mut notes = vec![
        format!(
            "{} rows used, {} events; {} dropped because a used column is missing.",
            columns.len(),
            sample.n_events(),
            columns.dropped()
        ),
        format!(
            "{name}{}; {limits} limits at {} %, pointwise; {errors} standard errors; at risk just before each time; events before censorings \
             at the same time; quantiles by R's midpoint rule, – where one is not reached; {SINCE}.",
            if args.reverse { " of follow-up (reversed: the event is being censored)" } else { "" },
            percent(args.file.level)
        ),
    ];
    notes.extend(without);
    Ok(StatisticTable { title: "Kaplan–Meier".to_owned(), blocks, notes })
}

/// Contrasts at a time each; `without` takes the reasons of those that there are not.
fn contrast(name: &'static str, rows: Vec<(String, f64, Contrast)>, without: &mut Vec<String>) -> Block {
    let mut block = Block::new(name, &CONTRAST);
    for (label, time, found) in rows {
        let mut row = cells![label, time];
        row.extend(contrast_cells(found, time, without));
        block.push(row);
    }
    block
}

fn every_time(label: &str, curve: &SurvivalCurve) -> Vec<Vec<Cell>> {
    let row = |row: usize| {
        cells![
            curve.time[row],
            Cell::weight(curve.at_risk[row]),
            Cell::weight(curve.events[row]),
            Cell::weight(curve.censored[row]),
            curve.estimate[row],
            curve.std_error[row],
            curve.std_error_log[row],
            curve.lower[row],
            curve.upper[row],
            label,
            curve.cumulative_hazard[row],
            curve.cumulative_hazard_std_error[row],
        ]
    };
    (0..curve.time.len()).map(row).collect()
}

fn at_times(label: &str, curve: &SurvivalCurve, times: &[f64]) -> Vec<Vec<Cell>> {
    let row = |&time: &f64| {
        let within = |counts: &[f64]| Cell::weight(since_time_before(&curve.time, counts, times, time));
        let Some(point) = curve.at(time) else {
            let mut row = vec![Cell::Missing; TIDY.len()];
            row[0] = time.into();
            (row[1], row[2], row[3]) = (Cell::Count(0), within(&curve.events), within(&curve.censored));
            row[9] = label.into();
            return row;
        };
        let last = curve.time.partition_point(|&row| row <= time).checked_sub(1);
        cells![
            time,
            Cell::weight(point.at_risk),
            within(&curve.events),
            within(&curve.censored),
            point.estimate,
            point.std_error,
            (point.estimate > 0.0).then(|| point.std_error / point.estimate),
            point.lower,
            point.upper,
            label,
            last.map_or(0.0, |row| curve.cumulative_hazard[row]),
            last.map_or(0.0, |row| curve.cumulative_hazard_std_error[row]),
        ]
    };
    times.iter().map(row).collect()
}
