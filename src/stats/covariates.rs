//! Named explanatory variables.

use super::error::{StatsError, check_finite};

/// Named explanatory variables of equal length.
#[derive(Clone, Debug, PartialEq)]
pub struct Covariates {
    names: Vec<String>,
    columns: Vec<Vec<f64>>,
    n_rows: usize,
}

impl Covariates {
    /// Takes one column per name.
    ///
    /// # Errors
    /// [`StatsError::EmptySample`] without columns, [`StatsError::LengthMismatch`], [`StatsError::NotFinite`].
    pub fn new(names: Vec<String>, columns: Vec<Vec<f64>>) -> Result<Self, StatsError> {
        let Some(n_rows) = columns.first().map(Vec::len) else { return Err(StatsError::EmptySample) };
        if names.len() != columns.len() {
            return Err(StatsError::LengthMismatch { what: "names".to_owned(), found: names.len(), expected: columns.len() });
        }
        for (name, column) in names.iter().zip(&columns) {
            if column.len() != n_rows {
                return Err(StatsError::LengthMismatch { what: name.clone(), found: column.len(), expected: n_rows });
            }
            check_finite(name, column)?;
        }
        Ok(Self { names, columns, n_rows })
    }

    /// No variables: models with an intercept alone.
    #[must_use]
    pub fn none(n_rows: usize) -> Self {
        Self { names: vec![], columns: vec![], n_rows }
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

    /// Number of variables.
    #[must_use]
    pub fn width(&self) -> usize {
        self.columns.len()
    }

    /// Number of rows.
    #[must_use]
    pub fn n_rows(&self) -> usize {
        self.n_rows
    }
}
