//! Analysis of covariance: groups compared at equal covariates.

use serde::Serialize;

use super::coefficient::{Coefficient, FTest};
use super::least_squares::{LinearPrediction, LinearRegression, linear_regression};
use super::observations::Observations;
use super::sandwich::Covariance;
use crate::stats::error::StatsError;
use crate::stats::survival::Covariates;

/// Groups compared at equal covariates.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Ancova {
    /// The regression: one column for each group but the first, then the covariates.
    pub fit: LinearRegression,
    /// Mean of each group at the mean of each covariate.
    pub adjusted_means: Vec<AdjustedMean>,
    /// Every pair of groups, unadjusted for their number.
    pub differences: Vec<AdjustedDifference>,
    /// F test of no difference between the groups; `None` if the fit is exact.
    pub group_test: Option<FTest>,
}

/// Mean of a group at the mean of each covariate.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AdjustedMean {
    /// The group.
    pub group: String,
    /// Rows of it.
    pub n: usize,
    /// Its adjusted mean.
    pub mean: LinearPrediction,
}

/// Adjusted difference of two groups.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AdjustedDifference {
    /// The group subtracted.
    pub first: String,
    /// The group it is subtracted from.
    pub second: String,
    /// Second less first, with its test.
    pub difference: Coefficient,
}

/// Compares the outcome of groups at equal covariates.
///
/// # Formula
/// Least squares on one indicator column for each group but the first and the covariates, slopes equal in all groups; adjusted mean of
/// a group: its prediction at each covariate's mean over all rows with weight.
///
/// # Conventions
/// `group[i]` is the position of row i's group in `names`; the first is the reference. Observations hold the covariates without
/// the groups; without any this is the analysis of variance.
///
/// # Errors
/// As [`linear_regression`]; a group without rows is a [`StatsError::ConstantCovariate`] naming it;
/// [`StatsError::OutOfRange`] for a position outside `names`.
///
/// # Agrees with
/// R `lm(y ~ group + x)`, `drop1(fit, ~ group, test = "F")`, emmeans `emmeans(fit, ~ group)`.
pub fn ancova(
    observations: &Observations<'_>,
    group: &[usize],
    names: &[String],
    covariance: Covariance<'_>,
    level: f64,
) -> Result<Ancova, StatsError> {
    let used = |row: usize| observations.weights.is_none_or(|weights| weights.get(row).is_some_and(|&weight| weight > 0.0));
    if group.len() != observations.outcome.len() {
        return Err(StatsError::LengthMismatch { what: "group".to_owned(), found: group.len(), expected: observations.outcome.len() });
    }
    if let Some(&value) = group.iter().find(|&&value| value >= names.len()) {
        return Err(StatsError::OutOfRange { what: "a group", value: value as f64, expected: "it must be the position of a name" });
    }
    let size = |level: usize| group.iter().enumerate().filter(|&(row, &value)| value == level && used(row)).count();
    let sizes: Vec<usize> = (0..names.len()).map(size).collect();
    if sizes.iter().filter(|&&size| size > 0).count() < 2 {
        return Err(StatsError::OneGroup);
    }
    // The first group has no column of its own, so its absence would pass for collinearity.
    if let Some(empty) = sizes.iter().position(|&size| size == 0) {
        return Err(StatsError::ConstantCovariate { term: names[empty].clone() });
    }
    let mut columns: Vec<Vec<f64>> = (1..names.len()).map(|level| group.iter().map(|&value| f64::from(value == level)).collect()).collect();
    let mut all_names: Vec<String> = names[1..].to_vec();
    let mut centre = vec![];
    if let Some(covariates) = observations.covariates {
        for (name, column) in covariates.names().iter().zip(covariates.columns()) {
            let kept: Vec<f64> = column.iter().enumerate().filter(|&(row, _)| used(row)).map(|(_, &value)| value).collect();
            let first = kept.first().copied().unwrap_or(0.0);
            centre.push(first + kept.iter().map(|value| value - first).sum::<f64>() / kept.len() as f64);
            all_names.push(name.clone());
            columns.push(column.clone());
        }
    }
    let covariates = Covariates::new(all_names, columns)?;
    let fit = linear_regression(&Observations { covariates: Some(&covariates), ..*observations }, covariance, level)?;
    let place =
        |level: usize| -> Vec<f64> { (1..names.len()).map(|other| f64::from(other == level)).chain(centre.iter().copied()).collect() };
    let adjusted_means = names
        .iter()
        .enumerate()
        .map(|(level, name)| Ok(AdjustedMean { group: name.clone(), n: sizes[level], mean: fit.predict(&place(level))? }))
        .collect::<Result<_, StatsError>>()?;
    let mut differences = vec![];
    for (first, first_name) in names.iter().enumerate() {
        for (second, second_name) in names.iter().enumerate().skip(first + 1) {
            let difference = fit.contrast(&format!("{second_name} − {first_name}"), &place(first), &place(second))?;
            differences.push(AdjustedDifference { first: first_name.clone(), second: second_name.clone(), difference });
        }
    }
    let terms: Vec<&str> = names[1..].iter().map(String::as_str).collect();
    Ok(Ancova { group_test: fit.joint_test(&terms), fit, adjusted_means, differences })
}
