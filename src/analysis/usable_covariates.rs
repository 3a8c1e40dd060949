//! Which covariates a model can use for the programs it compares: one rule for every model.

use super::clusters::Clusters;
use super::covariates::CovariateChoice;
use crate::cohort::Cohort;
use crate::domain::Counted;

/// A covariate missing in a larger share of the programs compared is left out of the model, and named.
const MOST_MISSING: f64 = 0.2;

/// A covariate: its name, and one value per course of the cohort.
pub(super) type NamedColumn<'a> = (&'a str, &'a [Option<f64>]);

/// The covariates a model of these rows can use, and those it cannot, each with the reason. A covariate that many lack would leave
/// few in the model; one that never varies explains nothing. `courses` and `patients` are those of each row, in the order of the cohort.
pub(super) fn usable_covariates<'a>(
    courses: &[usize],
    patients: &[usize],
    covariates: impl Iterator<Item = NamedColumn<'a>>,
) -> (Vec<NamedColumn<'a>>, Vec<String>) {
    let n_programs = distinct(courses.iter().copied());
    let counted = Counted::of(n_programs, Clusters::of(patients.iter().copied()).patients);
    let mut dropped = Vec::new();
    let mut used: Vec<NamedColumn<'_>> = Vec::new();
    for (name, column) in covariates {
        let value = |course: &usize| column.get(*course).copied().flatten();
        let missing = distinct(courses.iter().copied().filter(|course| value(course).is_none()));
        let mut present = courses.iter().filter_map(value);
        let first = present.next();
        if missing as f64 > MOST_MISSING * n_programs as f64 {
            dropped.push(format!("{name}: missing in {missing} of {n_programs} {} compared", counted.plural()));
        } else if first.is_some_and(|first| present.all(|value| (value - first).abs() < f64::EPSILON)) {
            dropped.push(format!("{name}: the same in every {} compared", counted.singular()));
        } else {
            used.push((name, column));
        }
    }
    (used, dropped)
}

/// Distinct values of neighbors.
pub(super) fn distinct(values: impl Iterator<Item = usize>) -> usize {
    let mut last = None;
    values.filter(|&value| last.replace(value) != Some(value)).count()
}

/// The usable covariates of a model, by course.
pub(super) struct UsableCovariates<'a> {
    /// Their names.
    pub names: Vec<String>,
    /// Those that cannot be used, each with the reason.
    pub dropped: Vec<String>,
    columns: Vec<&'a [Option<f64>]>,
}

impl<'a> UsableCovariates<'a> {
    /// Chooses among the study's covariates those that can be used for these courses.
    pub fn of(choice: &'a CovariateChoice, cohort: &Cohort, courses: &[usize]) -> Self {
        let patients: Vec<usize> = courses.iter().map(|&course| cohort.courses[course].patient).collect();
        let columns = choice.names.iter().map(String::as_str).zip(choice.columns.iter().map(Vec::as_slice));
        let (used, dropped) = usable_covariates(courses, &patients, columns);
        Self {
            names: used.iter().map(|(name, _)| (*name).to_owned()).collect(),
            dropped,
            columns: used.into_iter().map(|(_, column)| column).collect(),
        }
    }

    /// The covariates of a course; `None` if one is missing.
    pub fn values(&self, course: usize) -> Option<Vec<f64>> {
        self.columns.iter().map(|column| column[course]).collect()
    }
}
