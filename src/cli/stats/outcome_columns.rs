//! An outcome and what explains it, from columns.

use clap::Args;

use super::columns::{Columns, FileOptions, TermOptions};
use super::table::{Block, cells};
use crate::cli::error::CliError;
use crate::stats::Covariates;
use crate::stats::regression::Term;

/// Which column is explained by which.
#[derive(Args, Clone, Debug)]
pub(super) struct OutcomeOptions {
    #[command(flatten)]
    pub(super) file: FileOptions,
    /// Column of the outcome
    #[arg(long, value_name = "COLUMN")]
    pub(super) y: String,
    /// Columns that explain it; a:b is the product of two (without any: an intercept alone)
    #[arg(long, alias = "covariates", value_delimiter = ',', value_name = "COLUMNS")]
    pub(super) x: Vec<String>,
    #[command(flatten)]
    pub(super) terms: TermOptions,
}

impl OutcomeOptions {
    /// The columns used, with `also`.
    pub(super) fn read(&self, also: &[&Option<String>]) -> Result<Columns, CliError> {
        let mut used = vec![self.y.as_str()];
        used.extend(self.x.iter().flat_map(|term| term.split(':')));
        used.extend(also.iter().filter_map(|name| name.as_deref()));
        Columns::read(&self.file.data, &used)
    }

    pub(super) fn covariates(&self, columns: &Columns) -> Result<Covariates, CliError> {
        if self.x.is_empty() { Ok(Covariates::none(columns.len())) } else { columns.terms(&self.x, &self.terms) }
    }

    /// A yes/no outcome as 0 and 1.
    pub(super) fn yes_no(&self, columns: &Columns, code: Option<&str>) -> Result<Vec<f64>, CliError> {
        Ok(columns.truths(&self.y, code, "event-code")?.into_iter().map(f64::from).collect())
    }
}

/// Terms under broom's names; with a ratio, `exp(estimate)` and its limits beside.
pub(super) fn tidy(terms: &[Term], ratio: Option<&'static str>) -> Block {
    let mut header = vec!["term", "estimate", "std.error", "statistic", "p.value", "conf.low", "conf.high"];
    if let Some(ratio) = ratio {
        header.extend([ratio, "ratio.conf.low", "ratio.conf.high"]);
    }
    let mut block = Block::new("tidy", &header);
    for term in terms {
        let interval = term.interval;
        let mut row = cells![&term.name, term.estimate, term.std_error, term.statistic, term.p_value, interval.lower, interval.upper];
        if ratio.is_some() {
            row.extend(cells![term.estimate.exp(), interval.lower.exp(), interval.upper.exp()]);
        }
        block.push(row);
    }
    block
}
