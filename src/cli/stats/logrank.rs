//! `staywell stats logrank`.

use super::data::{DataOptions, SurvivalData};
use super::deliver;
use super::table::{Block, Cell, StatisticTable};
use crate::cli::error::CliError;
use crate::cli::options::OutputOptions;
use crate::cli::output::Destination;
use crate::stats::survival::{TimeToEvent, log_rank};

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  staywell stats logrank --data lung.csv --time time --event status --event-code 2 --by sex")]
pub(super) struct Args {
    #[command(flatten)]
    data: DataOptions,
    /// Column of the groups
    #[arg(long, value_name = "COLUMN")]
    by: String,
    #[command(flatten)]
    output: OutputOptions,
}

pub(super) fn run(args: &Args) -> Result<(), CliError> {
    let destination = Destination::open(&args.output)?;
    let data = SurvivalData::read(&args.data, &[&args.by])?;
    let groups = data.groups(&args.by)?;
    let samples: Vec<&TimeToEvent> = groups.iter().map(|(_, sample)| sample).collect();
    let result = log_rank(&samples)?;
    let rows = groups
        .iter()
        .enumerate()
        .map(|(group, (label, _))| {
            vec![
                Cell::Text(label.clone()),
                Cell::Count(result.n[group]),
                Cell::Number(result.observed[group]),
                Cell::Number(result.expected[group]),
            ]
        })
        .collect();
    let glance = vec![vec![Cell::Number(result.test.statistic), Cell::optional(result.test.df), Cell::Number(result.test.p_value)]];
    let mut notes = data.notes;
    notes.push("Log-rank test (unweighted), hypergeometric variance, as R's survdiff; p two-sided.".to_owned());
    let blocks = vec![
        Block { name: "tidy", header: vec!["strata", "n", "obs", "exp"], rows },
        Block { name: "glance", header: vec!["statistic", "df", "p.value"], rows: glance },
    ];
    deliver(&StatisticTable { title: "Log-rank test".to_owned(), blocks, notes }, &args.output, destination)
}
