//! `staywell stats recurrent`.

use clap::ValueEnum;

use super::columns::{Columns, FileOptions};
use super::cox;
use super::percent::percent;
use super::recurrent_columns::{RecurrentOptions, RowEnds};
use super::table::StatisticTable;
use super::terms::{TermOptions, columns_of};
use crate::cli::error::CliError;
use crate::stats::recurrent::{RecurrentRows, conditional_rows};
use crate::stats::survival::{CoxModel, CoxOptions, Ties, TimeToEvent};

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  staywell stats recurrent --data bladder2.csv --entry start --time stop --event event --id id --covariates rx,size --model pwp-gap\n\n\
    Rows of a patient are put in order and their events numbered; standard errors are clustered by patient."
)]
pub(super) struct Args {
    #[command(flatten)]
    file: FileOptions,
    /// Column of the start of a row
    #[arg(long, value_name = "COLUMN")]
    entry: String,
    #[command(flatten)]
    rows: RecurrentOptions,
    /// Columns in the model; a:b is the product of two: name both main effects too
    #[arg(long, value_delimiter = ',', required = true, value_name = "COLUMNS")]
    covariates: Vec<String>,
    #[command(flatten)]
    terms: TermOptions,
    /// Which model
    #[arg(long, value_enum, default_value_t = ModelOption::AndersenGill)]
    model: ModelOption,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ModelOption {
    /// Every event alike, time since the start
    AndersenGill,
    /// A baseline for each event number, time since the start
    PwpTotal,
    /// A baseline for each event number, time since the last event
    PwpGap,
}

pub(super) fn run(args: &Args) -> Result<StatisticTable, CliError> {
    let mut used = args.rows.used();
    used.push(&args.entry);
    used.extend(columns_of(&args.covariates));
    let columns = Columns::read(&args.file.data, &used)?;
    let RowEnds { stop, event, patient } = args.rows.ends(&columns)?;
    let start = columns.numbers(&args.entry)?;
    let covariates = columns.terms(&args.covariates, &args.terms)?;
    let rows = columns.located(RecurrentRows::new(patient.clone(), start.clone(), stop.clone(), event.clone()))?;
    let ordered = conditional_rows(&rows, None)?;
    // Put back into the order of the file.
    let mut number = vec![0; columns.len()];
    let (mut gap_start, mut gap_stop) = (vec![0.0; columns.len()], vec![0.0; columns.len()]);
    for (place, &row) in ordered.source_row.iter().enumerate() {
        number[row] = ordered.event_number[place];
        (gap_start[row], gap_stop[row]) = (ordered.gap_start[place], ordered.gap_stop[place]);
    }
    let (start, stop, strata, title) = match args.model {
        ModelOption::AndersenGill => (start, stop, None, "Andersen-Gill"),
        ModelOption::PwpTotal => (start, stop, Some(&number), "PWP, total time"),
        ModelOption::PwpGap => (gap_start, gap_stop, Some(&number), "PWP, gap time"),
    };
    let rows = columns.located(TimeToEvent::new(stop, event).and_then(|rows| rows.with_entry(start)))?;
    let options = CoxOptions {
        ties: Ties::Efron,
        level: args.file.level,
        strata: strata.map(Vec::as_slice),
        cluster: Some(&patient),
        ..CoxOptions::default()
    };
    let model = CoxModel::fit(&rows, &covariates, &options)?;
    let notes = vec![
        columns.note(),
        format!(
            "{title} model of recurrent events; Efron ties; robust standard errors clustered by {}; estimate is the log hazard ratio; limits of \
             the hazard ratio at {} %.",
            args.rows.id,
            percent(args.file.level)
        ),
    ];
    let blocks = vec![cox::tidy(&model.fit), cox::glance(&model), cox::tests(&model.fit)];
    Ok(StatisticTable { title: title.to_owned(), blocks, notes })
}
