//! Which covariates a model can use for the courses it compares.

use super::covariates::CovariateChoice;

/// A covariate missing in a larger share of the programs compared is left out of the model, and named.
const MOST_MISSING: f64 = 0.2;

/// The covariates a model is adjusted for.
pub(super) struct Adjustment<'a> {
    /// Their names.
    pub names: Vec<String>,
    /// Those that cannot be used, each with the reason.
    pub dropped: Vec<String>,
    columns: Vec<&'a [Option<f64>]>,
}

impl<'a> Adjustment<'a> {
    /// Chooses among the covariates those that most of the courses have and that differ between them.
    pub fn of(choice: &'a CovariateChoice, courses: &[usize]) -> Self {
        let mut adjustment = Self { names: vec![], dropped: vec![], columns: vec![] };
        for (name, column) in choice.names.iter().zip(&choice.columns) {
            let mut present = courses.iter().filter_map(|&course| column[course]);
            let first = present.next();
            let missing = courses.iter().filter(|&&course| column[course].is_none()).count();
            if missing as f64 > MOST_MISSING * courses.len() as f64 {
                adjustment.dropped.push(format!("{name}: missing in {missing} of {} compared", courses.len()));
            } else if first.is_none_or(|first| present.all(|value| (value - first).abs() < f64::EPSILON)) {
                adjustment.dropped.push(format!("{name}: the same in everybody compared"));
            } else {
                adjustment.names.push(name.clone());
                adjustment.columns.push(column);
            }
        }
        adjustment
    }

    /// The covariates of a course; `None` if one is missing.
    pub fn values(&self, course: usize) -> Option<Vec<f64>> {
        self.columns.iter().map(|column| column[course]).collect()
    }
}
