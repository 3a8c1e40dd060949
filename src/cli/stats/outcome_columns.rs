//! An outcome and what explains it, from columns.

use clap::{Args, ValueEnum};

use super::columns::{Columns, FileOptions};
use super::table::{Block, cells};
use super::terms::{TermOptions, columns_of};
use crate::cli::error::CliError;
use crate::stats::Covariates;
use crate::stats::regression::{Coefficient, Covariance, Observations};

/// Which column is explained by which.
#[derive(Args, Clone, Debug)]
pub(super) struct OutcomeOptions {
    #[command(flatten)]
    pub(super) file: FileOptions,
    /// Column of the outcome
    #[arg(long, value_name = "COLUMN")]
    pub(super) y: String,
    /// Columns that explain it; a:b is the product of two: name both main effects too (without any: an intercept alone)
    #[arg(long, alias = "covariates", value_delimiter = ',', value_name = "COLUMNS")]
    pub(super) x: Vec<String>,
    #[command(flatten)]
    pub(super) terms: TermOptions,
}

impl OutcomeOptions {
    /// The columns used, with `also`.
    pub(super) fn read(&self, also: &[&Option<String>]) -> Result<Columns, CliError> {
        let mut used = vec![self.y.as_str()];
        used.extend(columns_of(&self.x));
        used.extend(also.iter().filter_map(|name| name.as_deref()));
        Columns::read(&self.file.data, &used)
    }

    /// The terms; none for an intercept alone.
    pub(super) fn covariates(&self, columns: &Columns) -> Result<Option<Covariates>, CliError> {
        if self.x.is_empty() { Ok(None) } else { columns.terms(&self.x, &self.terms).map(Some) }
    }

    /// A yes/no outcome as 0 and 1.
    pub(super) fn yes_no(&self, columns: &Columns, code: Option<&str>) -> Result<Vec<f64>, CliError> {
        Ok(columns.truths(&self.y, code, "event-code")?.into_iter().map(f64::from).collect())
    }
}

/// Outcome and terms as a model takes them.
pub(super) fn observations<'a>(
    outcome: &'a [f64],
    covariates: Option<&'a Covariates>,
    weights: Option<&'a [f64]>,
    offset: Option<&'a [f64]>,
) -> Observations<'a> {
    let mut observations =
        covariates.map_or_else(|| Observations::intercept_only(outcome), |covariates| Observations::new(outcome, covariates));
    if let Some(weights) = weights {
        observations = observations.with_weights(weights);
    }
    if let Some(offset) = offset {
        observations = observations.with_offset(offset);
    }
    observations
}

/// Kinds of standard errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ErrorOption {
    Model,
    Hc0,
    Hc1,
    Hc2,
    Hc3,
}

impl ErrorOption {
    /// The kind, and its name in a note. Clusters are corrected as `sandwich::vcovCL` does by default: HC1 for least squares, else HC0.
    pub(super) fn covariance<'a>(self, cluster: Option<(&'a [usize], &str)>, least_squares: bool) -> (Covariance<'a>, String) {
        match (cluster, self) {
            (Some((codes, name)), _) if least_squares => {
                (Covariance::ClusterHc1(codes), format!("standard errors clustered by {name} (HC1)"))
            }
            (Some((codes, name)), _) => (Covariance::ClusterHc0(codes), format!("standard errors clustered by {name} (HC0)")),
            (None, Self::Model) => (Covariance::Classical, "model-based standard errors".to_owned()),
            (None, Self::Hc0) => (Covariance::Hc0, "HC0 standard errors".to_owned()),
            (None, Self::Hc1) => (Covariance::Hc1, "HC1 standard errors".to_owned()),
            (None, Self::Hc2) => (Covariance::Hc2, "HC2 standard errors".to_owned()),
            (None, Self::Hc3) => (Covariance::Hc3, "HC3 standard errors".to_owned()),
        }
    }
}

/// Terms under broom's names; with a ratio, `exp(estimate)` and its limits beside.
pub(super) fn tidy(terms: &[Coefficient], ratio: Option<&'static str>) -> Block {
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
