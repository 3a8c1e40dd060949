//! `staywell stats recurrent`.

use clap::ValueEnum;

use super::columns::{Columns, FileOptions, TermOptions};
use super::cox;
use super::percent::percent;
use super::table::StatisticTable;
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
    /// Column of its end
    #[arg(long, value_name = "COLUMN")]
    time: String,
    /// Column that says whether it ended in an event (0/1, true/false, yes/no)
    #[arg(long, value_name = "COLUMN")]
    event: String,
    /// The value of --event that means the event happened
    #[arg(long, value_name = "VALUE")]
    event_code: Option<String>,
    /// Column of the patients
    #[arg(long, value_name = "COLUMN")]
    id: String,
    /// Columns in the model
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
    let mut used = vec![args.entry.as_str(), &args.time, &args.event, &args.id];
    used.extend(args.covariates.iter().map(String::as_str));
    let columns = Columns::read(&args.file.data, &used)?;
    let (start, stop) = (columns.numbers(&args.entry)?, columns.numbers(&args.time)?);
    let event = columns.truths(&args.event, args.event_code.as_deref(), "event-code")?;
    let (_, patient) = columns.identities(&args.id)?;
    let covariates = columns.terms(&args.covariates, &args.terms)?;
    let ordered = conditional_rows(&RecurrentRows::new(patient.clone(), start.clone(), stop.clone(), event.clone())?, None)?;
    // Put back into the order of the file.
    let mut number = vec![0; columns.len()];
    let (mut gap_start, mut gap_stop) = (vec![0.0; columns.len()], vec![0.0; columns.len()]);
    for (place, &row) in ordered.source_row.iter().enumerate() {
        number[row] = ordered.event_number[place];
        (gap_start[row], gap_stop[row]) = (ordered.gap_start[place], ordered.gap_stop[place]);
    }
    let (rows, strata, title) = match args.model {
        ModelOption::AndersenGill => (TimeToEvent::new(stop, event)?.with_entry(start)?, None, "Andersen-Gill"),
        ModelOption::PwpTotal => (TimeToEvent::new(stop, event)?.with_entry(start)?, Some(&number), "PWP, total time"),
        ModelOption::PwpGap => (TimeToEvent::new(gap_stop, event)?.with_entry(gap_start)?, Some(&number), "PWP, gap time"),
    };
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
            args.id,
            percent(args.file.level)
        ),
    ];
    let blocks = vec![cox::tidy(&model.fit), cox::glance(&model), cox::tests(&model.fit)];
    Ok(StatisticTable { title: title.to_owned(), blocks, notes })
}
