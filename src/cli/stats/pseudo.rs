//! `staywell stats pseudo`.

use clap::ValueEnum;

use super::columns::{Columns, FileOptions};
use super::numbers::finite;
use super::survival_columns::SurvivalOptions;
use super::table::{Block, StatisticTable, cells};
use crate::cli::error::CliError;
use crate::stats::competing::{TimeToCause, pseudo_event_free, pseudo_restricted_mean};

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  staywell stats pseudo --data ovarian.csv --time futime --event fustat --times 365,600 --of rmst")]
pub(super) struct Args {
    #[command(flatten)]
    file: FileOptions,
    #[command(flatten)]
    survival: SurvivalOptions,
    /// At these times
    #[arg(long, allow_hyphen_values = true, value_parser = finite, value_delimiter = ',', required = true, value_name = "TIMES")]
    times: Vec<f64>,
    /// Of the probability of being event-free, or of the restricted mean
    #[arg(long, value_enum, default_value_t = OutcomeOption::Survival)]
    of: OutcomeOption,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum OutcomeOption {
    Survival,
    Rmst,
}

pub(super) fn run(args: &Args) -> Result<StatisticTable, CliError> {
    let columns = Columns::read(&args.file.data, &args.survival.used())?;
    let sample = args.survival.sample(&columns)?;
    let cause = sample.event().iter().map(|&event| usize::from(event)).collect();
    let mut rows = TimeToCause::new(sample.time().to_vec(), cause)?;
    if let Some(entry) = sample.entry() {
        rows = rows.with_entry(entry.to_vec())?;
    }
    if let Some(weights) = sample.weights() {
        rows = rows.with_weights(weights.to_vec())?;
    }
    let values: Vec<Vec<f64>> = match args.of {
        OutcomeOption::Survival => pseudo_event_free(&rows, &args.times)?,
        OutcomeOption::Rmst => {
            let by_time = args.times.iter().map(|&time| pseudo_restricted_mean(&rows, time)).collect::<Result<Vec<_>, _>>()?;
            (0..rows.len()).map(|row| by_time.iter().map(|values| values[row]).collect()).collect()
        }
    };
    let mut tidy = Block::new("tidy", &["line", "time", "estimate"]);
    for (row, values) in values.into_iter().enumerate() {
        for (time, value) in args.times.iter().zip(values) {
            tidy.push(cells![columns.line(row), *time, value]);
        }
    }
    let notes = vec![
        columns.note(),
        "Pseudo-observations by the infinitesimal jackknife (R's survival::pseudo): an outcome for ordinary regression.".to_owned(),
    ];
    Ok(StatisticTable { title: "Pseudo-observations".to_owned(), blocks: vec![tidy], notes })
}
