//! `staywell stats bootstrap`.

use clap::ValueEnum;

use super::columns::{Columns, FileOptions};
use super::table::{Block, StatisticTable, cells};
use crate::cli::error::CliError;
use crate::stats::quantile;
use crate::stats::resampling::{Bootstrap, BootstrapOptions, CurveComparison, CurveStatistic, bootstrap};
use crate::stats::survival::TimeToEvent;

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
    #[arg(long, value_name = "VALUE")]
    event_code: Option<String>,
    /// Column of the two groups
    #[arg(long, value_name = "COLUMN")]
    by: Option<String>,
    /// Horizon of restricted means, or the time of event-free probabilities
    #[arg(long, value_name = "TIME")]
    horizon: Option<f64>,
    /// Column of the patients
    #[arg(long, value_name = "COLUMN")]
    cluster: Option<String>,
    /// Resamples
    #[arg(long, default_value_t = 2_000, value_name = "N")]
    replicates: usize,
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
    Rmst,
    RmstDifference,
    RmstRatio,
    Survival,
    SurvivalDifference,
    SurvivalMedian,
    SurvivalMedianDifference,
}

impl StatisticOption {
    fn of_curve(self, horizon: Option<f64>) -> Result<Option<CurveStatistic>, CliError> {
        let at = || horizon.ok_or_else(|| CliError::Usage("this statistic needs --horizon".to_owned()));
        Ok(Some(match self {
            Self::Rmst => CurveStatistic::RestrictedMean(at()?),
            Self::RmstDifference => CurveStatistic::RestrictedMeanDifference(at()?),
            Self::RmstRatio => CurveStatistic::RestrictedMeanRatio(at()?),
            Self::Survival => CurveStatistic::Survival(at()?),
            Self::SurvivalDifference => CurveStatistic::SurvivalDifference(at()?),
            Self::SurvivalMedian => CurveStatistic::Median,
            Self::SurvivalMedianDifference => CurveStatistic::MedianDifference,
            _ => return Ok(None),
        }))
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
    let unit = args.cluster.as_ref().map(|name| columns.identities(name)).transpose()?.map(|(_, codes)| codes);
    let n_units = unit.as_ref().map_or(columns.len(), |unit| unit.iter().max().map_or(0, |last| last + 1));
    // Patients of one group stay with their number; a patient in both groups is drawn from all.
    let strata = strata(&group, unit.as_deref(), n_units);
    let options = BootstrapOptions {
        replicates: args.replicates,
        seed: args.seed,
        level: args.file.level,
        strata: strata.as_deref(),
        accelerated: true,
    };
    let found = if let Some(statistic) = curve {
        let events = columns.truths(&used[1], args.event_code.as_deref(), "event-code")?;
        let rows = TimeToEvent::new(columns.numbers(&used[0])?, events)?;
        let comparison = CurveComparison::new(&rows, &group, unit.as_deref(), statistic)?;
        bootstrap(n_units, |counts| comparison.value(counts), &options)?
    } else {
        let difference = matches!(args.statistic, StatisticOption::MeanDifference | StatisticOption::MedianDifference);
        if labels.len() != 1 + usize::from(difference) {
            return Err(CliError::Usage(format!(
                "--by: this statistic is of {} group(s), there are {}",
                1 + usize::from(difference),
                labels.len()
            )));
        }
        let values = Values { y: columns.numbers(&used[0])?, group, unit };
        let mean = matches!(args.statistic, StatisticOption::Mean | StatisticOption::MeanDifference);
        bootstrap(n_units, |counts| values.statistic(counts, mean, difference), &options)?
    };
    let name = args.statistic.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned());
    let title = if labels.len() == 2 { format!("{name}: {} against {}", labels[1], labels[0]) } else { name };
    let notes = vec![
        columns.note(),
        format!(
            "Bootstrap, {} resamples of {} {}{}, seed {}; {} without a value left out; percentile and BCa limits at {} %.",
            found.replicates,
            found.n_units,
            if args.cluster.is_some() { "clusters" } else { "rows" },
            if strata.is_some() { " within groups" } else { "" },
            found.seed,
            found.failed,
            100.0 * args.file.level
        ),
    ];
    Ok(StatisticTable { title, blocks: vec![tidy(&found)], notes })
}

fn tidy(found: &Bootstrap) -> Block {
    let header = ["method", "estimate", "bias", "std.error", "conf.low", "conf.high"];
    let mut block = Block::new("tidy", &header);
    let row = |method: &str, low: f64, high: f64| cells![method, found.estimate, found.bias, found.std_error, low, high];
    block.push(row("percentile", found.percentile.lower, found.percentile.upper));
    if let Some(interval) = found.accelerated {
        block.push(row("bca", interval.lower, interval.upper));
    }
    block
}

/// Each unit's group, if every unit is in one group only.
fn strata(group: &[usize], unit: Option<&[usize]>, n_units: usize) -> Option<Vec<usize>> {
    let Some(unit) = unit else { return Some(group.to_vec()) };
    let mut strata = vec![usize::MAX; n_units];
    for (&unit, &group) in unit.iter().zip(group) {
        if strata[unit] != usize::MAX && strata[unit] != group {
            return None;
        }
        strata[unit] = group;
    }
    Some(strata)
}

struct Values {
    y: Vec<f64>,
    group: Vec<usize>,
    unit: Option<Vec<usize>>,
}

impl Values {
    fn statistic(&self, counts: &[u32], mean: bool, difference: bool) -> Option<f64> {
        let of = |wanted: usize| -> Option<f64> {
            let rows = (0..self.y.len()).filter(|&row| self.group[row] == wanted);
            let count = |row: usize| counts[self.unit.as_ref().map_or(row, |unit| unit[row])];
            if mean {
                let (sum, n) =
                    rows.fold((0.0, 0.0), |(sum, n), row| (sum + f64::from(count(row)) * self.y[row], n + f64::from(count(row))));
                return (n > 0.0).then(|| sum / n);
            }
            let values: Vec<f64> = rows.flat_map(|row| std::iter::repeat_n(self.y[row], count(row) as usize)).collect();
            quantile(&values, 0.5).ok()
        };
        if difference { Some(of(1)? - of(0)?) } else { of(0) }
    }
}
