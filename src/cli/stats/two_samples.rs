//! Two samples from columns: one column split by another, or two columns of pairs.

use clap::Args;

use super::columns::{Columns, FileOptions};
use crate::cli::error::CliError;

/// Where the two samples are.
#[derive(Args, Clone, Debug)]
pub(super) struct TwoSampleOptions {
    #[command(flatten)]
    pub(super) file: FileOptions,
    /// Column of the values (with --by), or of the first of each pair (with --second)
    #[arg(long, alias = "first", value_name = "COLUMN")]
    pub(super) y: String,
    /// Column of the groups (this or --second is needed)
    #[arg(long, value_name = "COLUMN", conflicts_with = "second")]
    pub(super) by: Option<String>,
    /// Column of the second of each pair
    #[arg(long, value_name = "COLUMN")]
    pub(super) second: Option<String>,
}

/// Samples with their labels.
pub(super) struct Samples {
    pub(super) columns: Columns,
    pub(super) labels: Vec<String>,
    pub(super) values: Vec<Vec<f64>>,
    /// Whether the two are pairs.
    pub(super) paired: bool,
}

impl TwoSampleOptions {
    /// All groups, or the two columns.
    pub(super) fn samples(&self) -> Result<Samples, CliError> {
        let Some(other) = self.by.as_ref().or(self.second.as_ref()) else {
            return Err(CliError::Usage(
                "either --by or --second is needed: --by COLUMN compares groups of rows, --second COLUMN the pairs of two columns"
                    .to_owned(),
            ));
        };
        let used = [self.y.as_str(), other];
        let columns = Columns::read(&self.file.data, &used)?;
        let first = columns.numbers(&self.y)?;
        if let Some(second) = &self.second {
            let values = vec![first, columns.numbers(second)?];
            return Ok(Samples { labels: vec![self.y.clone(), second.clone()], values, columns, paired: true });
        }
        let (labels, codes) = columns.groups(self.by.as_slice())?;
        let mut values = vec![vec![]; labels.len()];
        first.iter().zip(&codes).for_each(|(value, &code)| values[code].push(*value));
        Ok(Samples { columns, labels, values, paired: false })
    }

    /// Exactly two samples.
    pub(super) fn two(&self) -> Result<Samples, CliError> {
        let samples = self.samples()?;
        if samples.values.len() == 2 {
            return Ok(samples);
        }
        let by = self.by.as_deref().unwrap_or_default();
        Err(CliError::Usage(format!(
            "--by {by}: this compares two groups, \"{by}\" has {}: {}",
            samples.labels.len(),
            samples.labels.iter().take(8).cloned().collect::<Vec<_>>().join(", ")
        )))
    }
}
