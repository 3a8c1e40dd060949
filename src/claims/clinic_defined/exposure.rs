//! The exposure of a clinic's claim: one of the vocabulary, or a column of `patients.csv`.

use crate::analysis::vocabulary::{Described, ExposureKind, Known, exposure};
use crate::ingest::{Covariate, CovariateValues};
use crate::settings::OwnClaim;

/// What stands before the name of a column of `patients.csv`.
pub(super) const COLUMN: &str = "patients.";

/// The exposure of a claim, one value per course.
pub(super) struct Compared {
    /// `None` where it is not known.
    pub values: Vec<Option<f64>>,
    /// Between yes and no, not by an amount.
    pub yes_no: bool,
    /// When it is known.
    pub known: Known,
    /// What it is, as a noun.
    pub label: String,
    /// What the estimate is for, in the values' unit.
    pub per: f64,
    /// The same in words.
    pub per_in_words: String,
}

/// The exposure that a claim names; else why there is none, and what would help.
pub(super) fn compared(own: &OwnClaim, described: &Described<'_>) -> Result<Compared, (String, String)> {
    let (values, yes_no, known, label, per, per_in_words) = if let Some(column) = own.exposure.strip_prefix(COLUMN) {
        let (values, level) = of_column(column, own.is.as_deref(), described)?;
        if own.at_least.is_some() && level.is_some() {
            return Err((
                format!("the column \"{column}\" holds words, of which none is at least another"),
                "Use is in place of at_least in study.toml.".to_owned(),
            ));
        }
        let yes_no = level.is_some();
        let words = level.map_or_else(|| format!("one more of {column}"), |level| format!("{column} \"{level}\" against the others"));
        (values, yes_no, Known::Start, column.to_owned(), 1.0, words)
    } else {
        let Some(ExposureKind { values, yes_no, known, label, per, per_in_words, .. }) = exposure(&own.exposure) else {
            return Err((format!("there is no exposure \"{}\"", own.exposure), "Name one of the vocabulary in study.toml.".to_owned()));
        };
        (values(described), *yes_no, *known, (*label).to_owned(), *per, (*per_in_words).to_owned())
    };
    Ok(match own.at_least {
        Some(limit) if !yes_no => Compared {
            values: values.into_iter().map(|value| value.map(|value| f64::from(value >= limit - 1e-9))).collect(),
            yes_no: true,
            known,
            per: 1.0,
            per_in_words: format!("{label} of {limit} or more against less"),
            label,
        },
        _ => Compared { values, yes_no, known, label, per, per_in_words },
    })
}

/// One value per course, and the level that is 1 in a column of words.
type Column = (Vec<Option<f64>>, Option<String>);

/// A column of `patients.csv`: its numbers, or 1 for the level asked for and 0 for the others.
fn of_column(column: &str, level: Option<&str>, described: &Described<'_>) -> Result<Column, (String, String)> {
    let listed = &described.logs.patients.covariates;
    let Some(Covariate { values, .. }) = listed.iter().find(|covariate| covariate.name == column) else {
        let names: Vec<&str> = listed.iter().map(|covariate| covariate.name.as_str()).collect();
        let known = if names.is_empty() { "it has none to compare".to_owned() } else { format!("it has {}", names.join(", ")) };
        return Err((
            format!("patients.csv has no column \"{column}\" ({known})"),
            format!("Log {column} for each patient in patients.csv."),
        ));
    };
    let courses = &described.cohort.courses;
    match (values, level) {
        (CovariateValues::Number(values), None) => Ok((courses.iter().map(|course| values[course.patient]).collect(), None)),
        (CovariateValues::Number(_), Some(level)) => Err((
            format!("the column \"{column}\" holds numbers, so \"{level}\" is no level of it"),
            "Use at_least in place of is in study.toml.".to_owned(),
        )),
        (CovariateValues::Category { levels, codes }, level) => {
            // Two levels need no word: the second in sorted order ("yes" after "no") is compared with the first.
            let wanted = match level {
                Some(level) => levels.iter().position(|known| known.eq_ignore_ascii_case(level)),
                None => (levels.len() == 2).then_some(1),
            };
            let Some(wanted) = wanted else {
                let known = levels.iter().map(|level| format!("\"{level}\"")).collect::<Vec<_>>().join(", ");
                return Err((
                    format!("the column \"{column}\" holds {known}, and it is not said which of them to compare with the others"),
                    "Name one of them in study.toml: is = \"…\".".to_owned(),
                ));
            };
            let value = |patient: usize| codes[patient].map(|code| f64::from(code as usize == wanted));
            Ok((courses.iter().map(|course| value(course.patient)).collect(), levels.get(wanted).cloned()))
        }
    }
}
