//! `staywell stats km`.

use clap::ValueEnum;

use super::data::{DataOptions, SurvivalData};
use super::deliver;
use super::table::{Block, Cell, StatisticTable};
use crate::cli::error::CliError;
use crate::cli::options::OutputOptions;
use crate::cli::output::Destination;
use crate::stats::survival::{CurveInterval, SurvivalCurve, kaplan_meier, rmst, rmst_difference};

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  staywell stats km --data lung.csv --time time --event status --event-code 2 --by sex --horizon 365\n\n\
    Columns: time, n.risk (just before time), n.event, n.censor, estimate, std.error (of the estimate), std.error.log (of its\n\
    logarithm, as R's fit$std.err), conf.low, conf.high, strata."
)]
pub(super) struct Args {
    #[command(flatten)]
    data: DataOptions,
    /// Column of the groups
    #[arg(long, value_name = "COLUMN")]
    by: Option<String>,
    /// Limits of the curve
    #[arg(long, value_enum, default_value_t = Limits::LogLog)]
    ci: Limits,
    /// Print the curve at these times only
    #[arg(long, value_delimiter = ',', value_name = "TIMES")]
    times: Vec<f64>,
    /// Restricted mean up to this time, and its difference between two groups
    #[arg(long, value_name = "TIME")]
    horizon: Option<f64>,
    #[command(flatten)]
    output: OutputOptions,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Limits {
    LogLog,
    Log,
    Plain,
}

impl Limits {
    fn method(self) -> (CurveInterval, &'static str) {
        match self {
            Self::LogLog => (CurveInterval::LogLog, "log-log"),
            Self::Log => (CurveInterval::Log, "log"),
            Self::Plain => (CurveInterval::Plain, "plain"),
        }
    }
}

const TIDY: [&str; 10] =
    ["time", "n.risk", "n.event", "n.censor", "estimate", "std.error", "std.error.log", "conf.low", "conf.high", "strata"];
const GLANCE: [&str; 9] = ["strata", "nobs", "nevent", "median", "conf.low", "conf.high", "rmst", "rmst.std.error", "horizon"];

pub(super) fn run(args: &Args) -> Result<(), CliError> {
    let destination = Destination::open(&args.output)?;
    let data = SurvivalData::read(&args.data, args.by.as_deref().as_slice())?;
    let (method, name) = args.ci.method();
    let samples = match &args.by {
        None => vec![("all".to_owned(), data.whole()?)],
        Some(column) => data.groups(column)?,
    };
    let mut curves: Vec<(String, SurvivalCurve)> = Vec::new();
    for (label, sample) in &samples {
        curves.push((label.clone(), kaplan_meier(sample, method, args.data.level)?));
    }
    let mut glance = Vec::new();
    for (label, curve) in &curves {
        let median = curve.median();
        let mean = args.horizon.map(|horizon| rmst(curve, horizon)).transpose()?;
        glance.push(vec![
            Cell::Text(label.clone()),
            Cell::Count(curve.n),
            Cell::Count(curve.n_events),
            Cell::optional(median.estimate),
            Cell::optional(median.lower),
            Cell::optional(median.upper),
            Cell::optional(mean.map(|mean| mean.estimate)),
            Cell::optional(mean.map(|mean| mean.std_error)),
            Cell::optional(args.horizon),
        ]);
    }
    let mut blocks = vec![
        Block {
            name: "tidy",
            header: TIDY.to_vec(),
            rows: curves.iter().flat_map(|(label, curve)| rows(label, curve, &args.times)).collect(),
        },
        Block { name: "glance", header: GLANCE.to_vec(), rows: glance },
    ];
    if let (Some(horizon), [(first_label, first), (second_label, second)]) = (args.horizon, &curves[..]) {
        blocks.push(difference(first_label, first, second_label, second, horizon)?);
    }
    let mut notes = data.notes;
    notes.push(format!(
        "Kaplan–Meier; {name} limits at {} %, pointwise; Greenwood standard errors; at risk just before each time; events before censorings \
         at the same time; median by R's midpoint rule, – where it is not reached.",
        100.0 * args.data.level
    ));
    deliver(&StatisticTable { title: "Kaplan–Meier".to_owned(), blocks, notes }, &args.output, destination)
}

fn difference(
    first_label: &str,
    first: &SurvivalCurve,
    second_label: &str,
    second: &SurvivalCurve,
    horizon: f64,
) -> Result<Block, CliError> {
    let result = rmst_difference(first, second, horizon)?;
    let interval = result.difference.interval;
    Ok(Block {
        name: "rmst_difference",
        header: vec!["term", "estimate", "std.error", "statistic", "p.value", "conf.low", "conf.high"],
        rows: vec![vec![
            Cell::Text(format!("{second_label} − {first_label}")),
            Cell::Number(result.difference.estimate),
            Cell::Number(result.difference.std_error),
            Cell::Number(result.test.statistic),
            Cell::Number(result.test.p_value),
            Cell::optional(interval.map(|interval| interval.lower)),
            Cell::optional(interval.map(|interval| interval.upper)),
        ]],
    })
}

fn rows(label: &str, curve: &SurvivalCurve, times: &[f64]) -> Vec<Vec<Cell>> {
    let log_error = |estimate: f64, std_error: f64| if estimate > 0.0 { Cell::Number(std_error / estimate) } else { Cell::Missing };
    if !times.is_empty() {
        return times
            .iter()
            .map(|&time| match curve.at(time) {
                None => {
                    let mut row = vec![Cell::Missing; TIDY.len()];
                    row[0] = Cell::Number(time);
                    row[1] = Cell::Count(0);
                    row[9] = Cell::Text(label.to_owned());
                    row
                }
                Some(point) => {
                    // Events and censorings since the time before, as R's summary counts them.
                    let since = times.iter().copied().filter(|&earlier| earlier < time).fold(f64::NEG_INFINITY, f64::max);
                    let counted = |counts: &[usize]| {
                        curve.time.iter().zip(counts).filter(|(at, _)| **at > since && **at <= time).map(|(_, n)| n).sum::<usize>()
                    };
                    vec![
                        Cell::Number(time),
                        Cell::Count(point.at_risk),
                        Cell::Count(counted(&curve.events)),
                        Cell::Count(counted(&curve.censored)),
                        Cell::Number(point.estimate),
                        Cell::Number(point.std_error),
                        log_error(point.estimate, point.std_error),
                        Cell::optional(point.lower),
                        Cell::optional(point.upper),
                        Cell::Text(label.to_owned()),
                    ]
                }
            })
            .collect();
    }
    (0..curve.time.len())
        .map(|row| {
            vec![
                Cell::Number(curve.time[row]),
                Cell::Count(curve.at_risk[row]),
                Cell::Count(curve.events[row]),
                Cell::Count(curve.censored[row]),
                Cell::Number(curve.estimate[row]),
                Cell::Number(curve.std_error[row]),
                log_error(curve.estimate[row], curve.std_error[row]),
                Cell::optional(curve.lower[row]),
                Cell::optional(curve.upper[row]),
                Cell::Text(label.to_owned()),
            ]
        })
        .collect()
}
