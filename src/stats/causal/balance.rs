//! Whether weights made the covariates alike.

use serde::Serialize;

use super::propensity::effective_sample_size;
use crate::stats::error::{StatsError, check_finite};
use crate::stats::survival::Covariates;

/// What a difference of means is divided by; always from the unweighted groups, so that weighting cannot shrink it by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SmdDenominator {
    /// √((s₁² + s₀²)/2), usual for the average effect.
    Pooled,
    /// s₁ of the exposed, usual for the effect in the exposed.
    Exposed,
}

/// One covariate in the two groups.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BalanceRow {
    /// Its name.
    pub name: String,
    /// Whether it has two values only.
    pub is_binary: bool,
    /// Mean among the exposed, unweighted.
    pub mean_exposed: f64,
    /// Mean among the others, unweighted.
    pub mean_unexposed: f64,
    /// Weighted mean among the exposed.
    pub weighted_mean_exposed: f64,
    /// Weighted mean among the others.
    pub weighted_mean_unexposed: f64,
    /// Standardised mean difference, exposed less others; `None` if the denominator is 0.
    pub smd: Option<f64>,
    /// The same of the weighted means, by the same denominator.
    pub weighted_smd: Option<f64>,
    /// Variance among the exposed over that among the others; `None` for two values or without variance.
    pub variance_ratio: Option<f64>,
    /// The same, weighted.
    pub weighted_variance_ratio: Option<f64>,
}

/// All covariates in the two groups.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BalanceTable {
    /// A row for each covariate.
    pub rows: Vec<BalanceRow>,
    /// Number of exposed.
    pub n_exposed: usize,
    /// Number of others.
    pub n_unexposed: usize,
    /// Effective sample size of the exposed.
    pub effective_exposed: f64,
    /// Effective sample size of the others.
    pub effective_unexposed: f64,
    /// Largest |SMD| before weighting; `None` if no covariate has one.
    pub largest_smd: Option<f64>,
    /// Largest |SMD| after weighting.
    pub largest_weighted_smd: Option<f64>,
}

/// Balance of covariates between the exposed and the others, before and after weighting.
///
/// # Formula
/// ```text
/// smd = (m₁ − m₀)/s;  s² weighted = Σw/((Σw)² − Σw²) Σ w (x − m)², which is the usual n − 1 variance at equal weights
/// ```
/// A covariate with two values has the variance `p (1 − p)` times their squared distance.
///
/// # Conventions
/// The denominator is that of the unweighted groups, before and after. A common rule calls |SMD| below 0.1 balanced.
///
/// # Edge cases
/// A group of one row has no variance; where a denominator is 0 the SMD is `None`.
///
/// # Errors
/// [`StatsError::OneExposureGroup`]; [`StatsError::OutOfRange`] for a negative weight or a group of total weight 0;
/// [`StatsError::LengthMismatch`], [`StatsError::NotFinite`].
///
/// # Agrees with
/// R cobalt `bal.tab(…, stats = c("m", "v"), binary = "std", s.d.denom = "pooled" | "treated", un = TRUE)`.
///
/// # References
/// Austin & Stuart (2015), Statistics in Medicine 34:3661–3679.
pub fn balance(
    exposed: &[bool],
    covariates: &Covariates,
    weights: &[f64],
    denominator: SmdDenominator,
) -> Result<BalanceTable, StatsError> {
    let n = exposed.len();
    for (what, found) in [("covariates", covariates.columns()[0].len()), ("weights", weights.len())] {
        if found != n {
            return Err(StatsError::LengthMismatch { what: what.to_owned(), found, expected: n });
        }
    }
    check_finite("weights", weights)?;
    if let Some(&value) = weights.iter().find(|&&weight| weight < 0.0) {
        return Err(StatsError::OutOfRange { what: "a weight", value, expected: "weights cannot be negative" });
    }
    let rows_of = |group: bool| -> Vec<usize> { (0..n).filter(|&row| exposed[row] == group).collect() };
    let (ones, others) = (rows_of(true), rows_of(false));
    if ones.is_empty() || others.is_empty() {
        return Err(StatsError::OneExposureGroup);
    }
    let own = |rows: &[usize]| -> Vec<f64> { rows.iter().map(|&row| weights[row]).collect() };
    let (weight_one, weight_other) = (own(&ones), own(&others));
    if weight_one.iter().sum::<f64>() <= 0.0 || weight_other.iter().sum::<f64>() <= 0.0 {
        return Err(StatsError::OutOfRange { what: "the weight of a group", value: 0.0, expected: "it must be above 0" });
    }
    let (unit_one, unit_other) = (vec![1.0; ones.len()], vec![1.0; others.len()]);
    let rows: Vec<BalanceRow> = covariates
        .names()
        .iter()
        .zip(covariates.columns())
        .map(|(name, column)| {
            let is_binary = has_two_values(column);
            // In units of the largest difference, whose squares neither overflow nor vanish.
            let first = column[0];
            let span = column.iter().map(|value| (value - first).abs()).fold(0.0_f64, f64::max);
            let unit = if span > 0.0 { span } else { 1.0 };
            let moments =
                |rows: &[usize], weights: &[f64]| Moments::of(rows.iter().map(|&row| (column[row] - first) / unit), weights, is_binary);
            let back = |moments: &Moments| first + unit * moments.mean;
            let (one, other) = (moments(&ones, &unit_one), moments(&others, &unit_other));
            let (weighted_one, weighted_other) = (moments(&ones, &weight_one), moments(&others, &weight_other));
            let spread = match denominator {
                SmdDenominator::Pooled => one.variance.zip(other.variance).map(|(one, other)| f64::midpoint(one, other).sqrt()),
                SmdDenominator::Exposed => one.variance.map(f64::sqrt),
            };
            let standardised = |one: &Moments, other: &Moments| spread.filter(|&s| s > 0.0).map(|s| (one.mean - other.mean) / s);
            let ratio = |one: &Moments, other: &Moments| {
                let (one, other) = one.variance.zip(other.variance)?;
                (!is_binary && one > 0.0 && other > 0.0).then(|| one / other)
            };
            BalanceRow {
                name: name.clone(),
                is_binary,
                mean_exposed: back(&one),
                mean_unexposed: back(&other),
                weighted_mean_exposed: back(&weighted_one),
                weighted_mean_unexposed: back(&weighted_other),
                smd: standardised(&one, &other),
                weighted_smd: standardised(&weighted_one, &weighted_other),
                variance_ratio: ratio(&one, &other),
                weighted_variance_ratio: ratio(&weighted_one, &weighted_other),
            }
        })
        .collect();
    let largest = |of: &dyn Fn(&BalanceRow) -> Option<f64>| rows.iter().filter_map(of).map(f64::abs).max_by(f64::total_cmp);
    Ok(BalanceTable {
        n_exposed: ones.len(),
        n_unexposed: others.len(),
        effective_exposed: effective_sample_size(&weight_one),
        effective_unexposed: effective_sample_size(&weight_other),
        largest_smd: largest(&|row| row.smd),
        largest_weighted_smd: largest(&|row| row.weighted_smd),
        rows,
    })
}

/// Exactly two different values.
fn has_two_values(column: &[f64]) -> bool {
    let Some(&first) = column.first() else { return false };
    let Some(&second) = column.iter().find(|value| value.total_cmp(&first).is_ne()) else { return false };
    column.iter().all(|value| value.total_cmp(&first).is_eq() || value.total_cmp(&second).is_eq())
}

struct Moments {
    mean: f64,
    variance: Option<f64>,
}

impl Moments {
    fn of(values: impl Iterator<Item = f64> + Clone, weights: &[f64], is_binary: bool) -> Self {
        let (total, squares) = weights.iter().fold((0.0, 0.0), |(sum, squares), w| (sum + w, squares + w * w));
        let mean = values.clone().zip(weights).map(|(value, w)| w * value).sum::<f64>() / total;
        let deviations: f64 = values.zip(weights).map(|(value, w)| w * (value - mean).powi(2)).sum();
        let left = total * total - squares;
        let variance = if is_binary { Some(deviations / total) } else { (left > 1e-12 * total * total).then(|| deviations * total / left) };
        Self { mean, variance }
    }
}
