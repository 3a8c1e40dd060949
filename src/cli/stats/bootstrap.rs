//! `staywell stats bootstrap`.

use clap::ValueEnum;

use super::columns::{Columns, FileOptions};
use super::numbers::finite;
use super::percent::percent;
use super::table::{Block, Cell, StatisticTable, cells};
use crate::cli::error::CliError;
use crate::stats::resampling::{
    BootstrapInterval, BootstrapMethod, BootstrapOptions, CurveContrast, CurveMeasure, Resample, ResamplingPlan, Statistic, bootstrap,
};
use crate::stats::survival::TimeToEvent;
use crate::stats::{StatsError, quantile};

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  staywell stats bootstrap --statistic rmst-difference --data lung.csv --time time --event status --event-code 2 --by sex --horizon 365\n  \
    staywell stats bootstrap --statistic median --data pain.csv --y pain --cluster patient\n\n\
    With --cluster whole patients are drawn, not rows. Differences and ratios are second group less (over) first."
)]
pub(super) struct Args {
    #[command(flatten)]
    file: FileOptions,
    /// What is resampled
    #[arg(long, value_enum)]
    statistic: StatisticOption,
    /// Column of the values (mean, median, mean-difference, median-difference)
    #[arg(long, value_name = "COLUMN")]
    y: Option<String>,
    /// Column of the time to event or censoring
    #[arg(long, value_name = "COLUMN")]
    time: Option<String>,
    /// Column that says whether the event happened
    #[arg(long, value_name = "COLUMN")]
    event: Option<String>,
    /// The value of --event that means the event happened
    #[arg(long, allow_negative_numbers = true, value_name = "VALUE")]
    event_code: Option<String>,
    /// Column of the two groups
    #[arg(long, value_name = "COLUMN")]
    by: Option<String>,
    /// Horizon of restricted means, or the time of event-free probabilities
    #[arg(long, allow_negative_numbers = true, value_parser = finite, value_name = "TIME")]
    horizon: Option<f64>,
    /// Column of the patients
    #[arg(long, value_name = "COLUMN")]
    cluster: Option<String>,
    /// Resamples
    #[arg(long, default_value_t = 2_000, value_name = "N", value_parser = clap::value_parser!(u32).range(39..=10_000_000))]
    replicates: u32,
    /// Seed: the same seed gives the same limits
    #[arg(long, default_value_t = 1, value_name = "N")]
    seed: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum StatisticOption {
    Mean,
    Median,
    MeanDifference,
    MedianDifference,
    RmstDifference,
    RmstRatio,
    SurvivalDifference,
    SurvivalMedianDifference,
}

impl StatisticOption {
    fn of_curve(self, horizon: Option<f64>) -> Result<Option<CurveMeasure>, CliError> {
        let at = || horizon.ok_or_else(|| CliError::Usage("this statistic needs --horizon".to_owned()));
        Ok(Some(match self {
            Self::RmstDifference => CurveMeasure::RmstDifference { horizon: at()? },
            Self::RmstRatio => CurveMeasure::RmstRatio { horizon: at()? },
            Self::SurvivalDifference => CurveMeasure::SurvivalDifference { time: at()? },
            Self::SurvivalMedianDifference => CurveMeasure::MedianDifference,
            _ => return Ok(None),
        }))
    }

    fn groups(self) -> usize {
        if matches!(self, Self::Mean | Self::Median) { 1 } else { 2 }
    }
}

pub(super) fn run(args: &Args) -> Result<StatisticTable, CliError> {
    let needed = |column: &Option<String>, option: &str| {
        column.clone().ok_or_else(|| CliError::Usage(format!("this statistic needs --{option} COLUMN")))
    };
    let curve = args.statistic.of_curve(args.horizon)?;
    let mut used = Vec::new();
    if curve.is_some() {
        used.extend([needed(&args.time, "time")?, needed(&args.event, "event")?]);
    } else {
        used.push(needed(&args.y, "y")?);
    }
    used.extend(args.by.iter().chain(&args.cluster).cloned());
    let columns = Columns::read(&args.file.data, &used.iter().map(String::as_str).collect::<Vec<_>>())?;
    let (labels, group) = columns.groups(args.by.as_slice())?;
    let expected = args.statistic.groups();
    if labels.len() != expected {
        let plural = if expected == 1 { "group" } else { "groups" };
        return Err(CliError::Usage(format!("--by: this statistic is of {expected} {plural}, there are {}", labels.len())));
    }
    let mut plan = match &args.cluster {
        None => ResamplingPlan::rows(columns.len())?,
        Some(name) => ResamplingPlan::clusters(&columns.identities(name)?.1)?,
    };
    // Groups keep their sizes, unless a patient is in both.
    let mut stratified = false;
    if expected == 2 {
        match plan.clone().stratified(&group) {
            Ok(within) => (plan, stratified) = (within, true),
            Err(StatsError::SplitCluster { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    let statistic: Box<dyn Statistic> = if let Some(measure) = curve {
        let events = columns.truths(&used[1], args.event_code.as_deref(), "event-code")?;
        let rows = columns.located(TimeToEvent::new(columns.numbers(&used[0])?, events))?;
        let in_second: Vec<bool> = group.iter().map(|&group| group == 1).collect();
        Box::new(CurveContrast::new(&rows, &in_second, measure)?)
    } else {
        let mean = matches!(args.statistic, StatisticOption::Mean | StatisticOption::MeanDifference);
        let values = Values { y: columns.numbers(&used[0])?, group, mean, difference: expected == 2 };
        Box::new(move |resample: &Resample<'_>| values.statistic(resample.multiplicities()))
    };
    let options = |method| BootstrapOptions { replicates: args.replicates as usize, seed: args.seed, level: args.file.level, method };
    let percentile = bootstrap(&*statistic, &plan, &options(BootstrapMethod::Percentile))?;
    let accelerated = bootstrap(&*statistic, &plan, &options(BootstrapMethod::Bca));
    let name = args.statistic.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned());
    let title = if labels.len() == 2 { format!("{name}: {} against {}", labels[1], labels[0]) } else { name };
    let mut notes = vec![
        columns.note(),
        format!(
            "Bootstrap, {} resamples of {} {}{}, seed {}; {} without a value left out; limits at {} %.",
            percentile.replicates,
            percentile.n_units,
            if args.cluster.is_some() { "clusters" } else { "rows" },
            if stratified { " within groups" } else { "" },
            percentile.seed,
            percentile.n_failed,
            percent(args.file.level)
        ),
    ];
    let mut tidy = Block::new("tidy", &["method", "estimate", "bias", "std.error", "conf.low", "conf.high"]);
    tidy.push(row("percentile", &percentile));
    match &accelerated {
        Ok(found) => {
            tidy.push(row("bca", found));
            if found.extreme {
                notes.push("The BCa limits lie at the ends of the resamples: use more of them.".to_owned());
            }
        }
        Err(error) => notes.push(format!("No BCa limits: {error}.")),
    }
    Ok(StatisticTable { title, blocks: vec![tidy], notes })
}

fn row(method: &str, found: &BootstrapInterval) -> Vec<Cell> {
    cells![method, found.estimate, found.bias, found.std_error, found.interval.lower, found.interval.upper]
}

struct Values {
    y: Vec<f64>,
    group: Vec<usize>,
    mean: bool,
    difference: bool,
}

impl Values {
    fn statistic(&self, counts: &[u32]) -> Option<f64> {
        let of = |wanted: usize| -> Option<f64> {
            let rows = (0..self.y.len()).filter(|&row| self.group[row] == wanted);
            if self.mean {
                let (sum, n) = rows.fold((0.0, 0.0), |(sum, n), row| {
                    let count = f64::from(counts[row]);
                    (sum + count * self.y[row], n + count)
                });
                return (n > 0.0).then(|| sum / n);
            }
            let values: Vec<f64> = rows.flat_map(|row| std::iter::repeat_n(self.y[row], counts[row] as usize)).collect();
            quantile(&values, 0.5).ok()
        };
        if self.difference { Some(of(1)? - of(0)?) } else { of(0) }
    }
}
