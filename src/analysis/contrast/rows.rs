//! Which programs a model uses and what it adjusts for.

use crate::analysis::clusters::Clusters;
use crate::analysis::covariates::CovariateChoice;
use crate::analysis::usable_covariates::{distinct, usable_covariates};

/// What a contrast is adjusted for: named columns with one value per course of the cohort.
#[derive(Clone, Debug, Default)]
pub struct Adjustment<'a> {
    columns: Vec<(String, &'a [Option<f64>])>,
}

impl<'a> Adjustment<'a> {
    /// The study's covariates but those named, which are the exposure itself, a part of it, or already in the model.
    #[must_use]
    pub fn but(choice: &'a CovariateChoice, left_out: &[&str]) -> Self {
        let columns = choice.names.iter().zip(&choice.columns).filter(|(name, _)| !left_out.contains(&name.as_str()));
        Self { columns: columns.map(|(name, column)| (name.clone(), column.as_slice())).collect() }
    }

    /// Whether a course has a value of each of these columns.
    #[must_use]
    pub fn is_known(&self, names: &[String], course: usize) -> bool {
        let mut columns = self.columns.iter().filter(|(name, _)| names.contains(name));
        columns.all(|(_, column)| column.get(course).copied().flatten().is_some())
    }

    /// The same and one more, unless a column of that name is there already.
    #[must_use]
    pub fn and(mut self, name: &str, column: &'a [Option<f64>]) -> Self {
        if self.columns.iter().all(|(known, _)| known != name) {
            self.columns.push((name.to_owned(), column));
        }
        self
    }
}

/// The rows of a model: places among the candidates, and the covariates that can be used on them.
pub(in crate::analysis) struct ModelRows {
    /// Places of the candidates used.
    pub places: Vec<usize>,
    /// Names of the covariates used.
    pub names: Vec<String>,
    /// Their columns, one value per place.
    pub columns: Vec<Vec<f64>>,
    /// Covariates left out, each with the reason.
    pub dropped: Vec<String>,
    /// Programs used.
    pub n: usize,
    /// Their patients.
    pub patients: usize,
    /// Programs among the candidates without a value of a covariate used.
    pub missing: usize,
    /// The patient of each place, if some patient has several programs.
    pub cluster: Option<Vec<usize>>,
}

impl ModelRows {
    /// `courses` and `patients` are those of each candidate row, in the order of the cohort; rows of one course follow each other.
    pub fn choose(courses: &[usize], patients: &[usize], adjustment: &Adjustment<'_>) -> Self {
        let n_programs = distinct(courses.iter().copied());
        let columns = adjustment.columns.iter().map(|(name, column)| (name.as_str(), *column));
        let (used, dropped) = usable_covariates(courses, patients, columns);
        let complete = |course: usize| used.iter().all(|(_, column)| column.get(course).copied().flatten().is_some());
        let places: Vec<usize> = (0..courses.len()).filter(|&place| complete(courses[place])).collect();
        let n = distinct(places.iter().map(|&place| courses[place]));
        let clusters = Clusters::of(places.iter().map(|&place| patients[place]));
        let of_place = |column: &[Option<f64>]| places.iter().filter_map(|&place| column[courses[place]]).collect();
        Self {
            names: used.iter().map(|(name, _)| (*name).to_owned()).collect(),
            columns: used.iter().map(|(_, column)| of_place(column)).collect(),
            dropped,
            n,
            patients: clusters.patients,
            missing: n_programs - n,
            // Rows of one program hold one event at most: only several programs of a patient make a cluster.
            cluster: (n > clusters.patients).then_some(clusters.of_row).flatten(),
            places,
        }
    }
}
