//! Named explanatory variables.

use super::error::{StatsError, check_finite};

/// Named explanatory variables of equal length.
#[derive(Clone, Debug, PartialEq)]
pub struct Covariates {
    names: Vec<String>,
    columns: Vec<Vec<f64>>,
}

impl Covariates {
    /// Takes one column per name.
    ///
    /// # Errors
    /// [`StatsError::EmptySample`] without columns, [`StatsError::LengthMismatch`], [`StatsError::NotFinite`].
    pub fn new(names: Vec<String>, columns: Vec<Vec<f64>>) -> Result<Self, StatsError> {
        if columns.is_empty() {
            return Err(StatsError::EmptySample);
        }
        if names.len() != columns.len() {
            return Err(StatsError::LengthMismatch { what: "names".to_owned(), found: names.len(), expected: columns.len() });
        }
        for (name, column) in names.iter().zip(&columns) {
            if column.len() != columns[0].len() {
                return Err(StatsError::LengthMismatch { what: name.clone(), found: column.len(), expected: columns[0].len() });
            }
            check_finite(name, column)?;
        }
        Ok(Self { names, columns })
    }

    /// Names.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Columns.
    #[must_use]
    pub fn columns(&self) -> &[Vec<f64>] {
        &self.columns
    }

    /// Number of variables; never 0.
    #[must_use]
    pub fn width(&self) -> usize {
        self.columns.len()
    }

    /// Number of rows.
    #[must_use]
    pub fn n_rows(&self) -> usize {
        self.columns[0].len()
    }
}
