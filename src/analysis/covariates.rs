//! What a hazard ratio is adjusted for.

use serde::Serialize;

use crate::cohort::{Cohort, Course};
use crate::domain::Day;
use crate::ingest::{Covariate, CovariateValues, Logs};
use crate::settings::Settings;

/// Looked for when the settings name no covariates.
const USUAL: [&str; 5] = ["age", "sex", "previous_episodes", "baseline_pain", "adherence"];

/// The covariates chosen, and where each comes from.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CovariateChoice {
    /// Term names: a number's name, or `column=level` for a category.
    pub names: Vec<String>,
    /// Where each comes from, in words.
    pub sources: Vec<String>,
    /// Names that were asked for or usual but cannot be used, and why.
    pub left_out: Vec<String>,
    /// One column per name, one value per course of the cohort; missing is `None`.
    #[serde(skip)]
    pub columns: Vec<Vec<Option<f64>>>,
}

/// Chooses covariates: the setting's, else the usual ones that are logged.
///
/// A name is looked for in `patients.csv` first (`age` also as `birth_year`), then among the derived `baseline_pain`
/// (mean of the baseline days) and `adherence` (the variant called adherence).
#[must_use]
pub fn choose_covariates(logs: &Logs, cohort: &Cohort, settings: &Settings) -> CovariateChoice {
    let mut choice = CovariateChoice { names: vec![], sources: vec![], left_out: vec![], columns: vec![] };
    let asked = settings.model.covariates.as_ref();
    let names: Vec<&str> = asked.map_or_else(|| USUAL.to_vec(), |names| names.iter().map(String::as_str).collect());
    for name in names {
        if !add(&mut choice, name, logs, cohort) && asked.is_some() {
            choice.left_out.push(format!("{name}: not a column of patients.csv, and not one of baseline_pain, adherence"));
        }
    }
    choice
}

fn add(choice: &mut CovariateChoice, name: &str, logs: &Logs, cohort: &Cohort) -> bool {
    let listed = |name: &str| logs.patients.covariates.iter().find(|covariate| covariate.name == name);
    if let Some(covariate) = listed(name) {
        return add_listed(choice, covariate, cohort);
    }
    let derived = |part: fn(&Course) -> Option<f64>| cohort.courses.iter().map(part).collect::<Vec<_>>();
    let (column, source) = match name {
        "age" => {
            let Some(Covariate { values: CovariateValues::Number(years), .. }) = listed("birth_year") else { return false };
            let age = |course: &Course| Some(year_of(course.program?.start) - years[course.patient]?);
            (cohort.courses.iter().map(age).collect(), "patients.csv, year of program start less birth_year")
        }
        "baseline_pain" => (derived(|course| course.pain.as_ref()?.baseline.map(|(pain, _)| pain)), "pain log, mean of the baseline days"),
        "adherence" => (derived(|course| course.adherence.as_ref().map(|adherence| adherence.value)), "session log, in the program"),
        _ => return false,
    };
    push(choice, name.to_owned(), source, column)
}

fn year_of(day: Day) -> f64 {
    use chrono::Datelike;
    f64::from(day.date().year())
}

fn add_listed(choice: &mut CovariateChoice, covariate: &Covariate, cohort: &Cohort) -> bool {
    // What patients.csv says of a patient holds in each of the patient's programs.
    let each = |value: &dyn Fn(usize) -> Option<f64>| cohort.courses.iter().map(|course| value(course.patient)).collect();
    match &covariate.values {
        CovariateValues::Number(values) => push(choice, covariate.name.clone(), "patients.csv", each(&|patient| values[patient])),
        CovariateValues::Category { levels, codes } => {
            // The first level in sorted order is the reference.
            for (level, level_name) in levels.iter().enumerate().skip(1) {
                let indicator = each(&|patient| codes[patient].map(|code| f64::from(code as usize == level)));
                push(choice, format!("{}={level_name}", covariate.name), "patients.csv", indicator);
            }
            levels.len() > 1
        }
    }
}

fn push(choice: &mut CovariateChoice, name: String, source: &str, column: Vec<Option<f64>>) -> bool {
    if column.iter().all(Option::is_none) {
        return false;
    }
    choice.names.push(name);
    choice.sources.push(source.to_owned());
    choice.columns.push(column);
    true
}
