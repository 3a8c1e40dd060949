//! Times that end in one of several causes, from columns.

use clap::Args;

use super::absent_value::listed;
use super::columns::Columns;
use super::groups::rows_of_groups;
use crate::cli::error::CliError;
use crate::stats::competing::TimeToCause;

/// Which columns hold the times and what ended them.
#[derive(Args, Clone, Debug)]
pub(super) struct CompetingOptions {
    /// Column of the time to an event or censoring
    #[arg(long, value_name = "COLUMN")]
    pub(super) time: String,
    /// Column of what ended it: the value of --censor, or one of the events
    #[arg(long, value_name = "COLUMN")]
    pub(super) event: String,
    /// The value of --event that means censored (0 unless it is named; '' if nobody is censored)
    #[arg(long, allow_negative_numbers = true, value_name = "VALUE")]
    censor: Option<String>,
    /// Column of the time from which a row is at risk
    #[arg(long, value_name = "COLUMN")]
    pub(super) entry: Option<String>,
    /// Column of case weights
    #[arg(long, value_name = "COLUMN")]
    pub(super) weights: Option<String>,
}

/// The rows, the names of the causes 1, 2, … in sorted order, and what there is to say of the censored.
pub(super) struct CompetingRows {
    pub(super) rows: TimeToCause,
    pub(super) causes: Vec<String>,
    pub(super) notes: Vec<String>,
}

/// What means censored unless another value is named.
const CENSORED: &str = "0";

impl CompetingOptions {
    pub(super) fn used(&self) -> Vec<&str> {
        [Some(&self.time), Some(&self.event), self.entry.as_ref(), self.weights.as_ref()]
            .into_iter()
            .flatten()
            .map(String::as_str)
            .collect()
    }

    /// The value that means censored.
    pub(super) fn censored(&self) -> &str {
        self.censor.as_deref().unwrap_or(CENSORED)
    }

    pub(super) fn events(&self, columns: &Columns) -> Result<CompetingRows, CliError> {
        let (levels, codes) = columns.levels(&self.event)?;
        let value = columns.value_named(&self.event, self.censored(), "censor")?;
        let censored = value.as_ref().and_then(|value| levels.iter().position(|level| columns.is_same(level, value)));
        let notes = if censored.is_none() { vec![self.nobody_censored(columns, value.is_some())?] } else { vec![] };
        let causes: Vec<String> =
            levels.iter().enumerate().filter(|(code, _)| Some(*code) != censored).map(|(_, level)| level.clone()).collect();
        let cause_of = |code: usize| match censored {
            Some(censored) if code == censored => 0,
            Some(censored) if code > censored => code,
            _ => code + 1,
        };
        let cause: Vec<usize> = codes.into_iter().map(cause_of).collect();
        let mut rows = columns.located(TimeToCause::new(columns.numbers(&self.time)?, cause))?.with_causes(causes.len())?;
        if let Some(entry) = &self.entry {
            rows = columns.located(rows.with_entry(columns.numbers(entry)?))?;
        }
        if let Some(weights) = &self.weights {
            rows = rows.with_weights(columns.numbers(weights)?)?;
        }
        Ok(CompetingRows { rows, causes, notes })
    }

    /// The note that no row in use is censored; an error where the value that means censored is more likely another one.
    fn nobody_censored(&self, columns: &Columns, is_known: bool) -> Result<String, CliError> {
        let (event, code) = (&self.event, self.censored());
        if code.is_empty() {
            return Ok("Nobody is censored.".to_owned());
        }
        if is_known {
            return Ok(format!("Nobody is censored: no row in use has {event} = {code}."));
        }
        let values = columns.values(event)?;
        match &self.censor {
            Some(code) => Err(columns.no_such_value(event, code)?),
            None if values.iter().all(|value| value.parse::<f64>().is_ok()) => {
                Ok(format!("Nobody is censored: no row has {event} = {code}."))
            }
            None => Err(CliError::Usage(format!(
                "{}: no row has \"{code}\" in column \"{event}\", which would mean censored; it holds {}. Name the one that means \
                 censored: --censor VALUE (--censor '' if nobody is)",
                columns.file(),
                listed(&values)
            ))),
        }
    }

    /// The number of a cause named on the command line.
    pub(super) fn cause(&self, columns: &Columns, causes: &[String], wanted: &str) -> Result<usize, CliError> {
        columns.place_named(causes, wanted, "cause")?.map(|place| place + 1).ok_or_else(|| {
            CliError::Usage(format!(
                "--cause {wanted}: \"{}\" holds the events {} (and {} for censored)",
                self.event,
                listed(causes),
                self.censored()
            ))
        })
    }
}

/// The rows of each group; every group has all the causes.
pub(super) fn split(rows: &TimeToCause, codes: &[usize], n_groups: usize) -> Result<Vec<TimeToCause>, CliError> {
    Ok(rows_of_groups(codes, n_groups).iter().map(|members| rows.subset(members)).collect::<Result<_, _>>()?)
}
