//! `staywell stats zph`.

use super::cox::ModelOptions;
use super::table::{Block, Cell, StatisticTable, cells};
use crate::cli::error::CliError;
use crate::stats::survival::ProportionalHazards;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  staywell stats zph --data lung.csv --time time --event status --event-code 2 --covariates age,sex --transform rank"
)]
pub(super) struct Args {
    #[command(flatten)]
    model: ModelOptions,
}

pub(super) fn run(args: &Args) -> Result<StatisticTable, CliError> {
    let fitted = args.model.fit()?;
    let tests = args.model.proportional_hazards(&fitted)?;
    let notes = vec![
        format!(
            "{} rows used, {} events; {} dropped because a used column is missing.",
            fitted.columns.len(),
            fitted.model.fit.n_events,
            fitted.columns.dropped()
        ),
        format!(
            "Score test that each log hazard ratio is constant over time (R's cox.zph since survival 3.0, terms = FALSE); time on the scale {}.",
            args.model.transform_name()
        ),
    ];
    Ok(StatisticTable { title: "Proportional hazards".to_owned(), blocks: vec![block("tidy", &tests)], notes })
}

const HEADER: [&str; 4] = ["term", "statistic", "df", "p.value"];

/// The terms of a model whose event times are too few for a test.
pub(super) fn without_test(name: &'static str, terms: &[String]) -> Block {
    let mut block = Block::new(name, &HEADER);
    for term in terms.iter().map(String::as_str).chain(["GLOBAL"]) {
        block.push(cells![term, Cell::Missing, Cell::Missing, Cell::Missing]);
    }
    block
}

pub(super) fn block(name: &'static str, tests: &ProportionalHazards) -> Block {
    let mut block = Block::new(name, &HEADER);
    for term in &tests.terms {
        block.push(cells![&term.term, term.test.statistic, term.test.df, term.test.p_value]);
    }
    block.with(cells!["GLOBAL", tests.global.statistic, tests.global.df, tests.global.p_value])
}
