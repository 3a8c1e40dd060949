//! Are the groups alike, before and after weighting?

use serde::Serialize;

use crate::stats::covariates::Covariates;
use crate::stats::error::StatsError;

/// One covariate in the two groups.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Balance {
    /// The covariate.
    pub name: String,
    /// Mean of the exposed.
    pub mean_exposed: f64,
    /// Mean of the others.
    pub mean_unexposed: f64,
    /// Weighted mean of the exposed.
    pub weighted_mean_exposed: f64,
    /// Weighted mean of the others.
    pub weighted_mean_unexposed: f64,
    /// Standardized mean difference; `None` if the covariate does not vary.
    pub difference: Option<f64>,
    /// The same after weighting, over the same standard deviation.
    pub weighted_difference: Option<f64>,
    /// Ratio of the weighted variances, exposed over others; `None` for a covariate of two values or without variance.
    pub weighted_variance_ratio: Option<f64>,
}

/// All covariates.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BalanceTable {
    /// One row per covariate.
    pub rows: Vec<Balance>,
    /// Largest absolute standardized difference.
    pub largest: f64,
    /// The same after weighting; above 0.1 is taken for imbalance.
    pub weighted_largest: f64,
}

/// Balance of covariates between exposed and others.
///
/// # Formula
/// ```text
/// SMD = (x̄₁ − x̄₀)/√((s₁² + s₀²)/2)   with the unweighted variances before and after weighting
/// ```
/// Means and variances weighted by `w`, variances as `Σw(x − x̄)²/(Σw − Σw²/Σw)`.
///
/// # Errors
/// [`StatsError::LengthMismatch`]; [`StatsError::OneGroup`]; [`StatsError::TooFew`] below two rows in a group.
///
/// # Agrees with
/// R `cobalt::bal.tab(…, s.d.denom = "pooled", binary = "std")`.
///
/// # References
/// Austin (2009), Stat Med 28:3083–3107.
pub fn balance_table(exposed: &[bool], covariates: &Covariates, weight: &[f64]) -> Result<BalanceTable, StatsError> {
    let n = exposed.len();
    for (what, found) in [("covariates", covariates.n_rows()), ("weight", weight.len())] {
        if found != n {
            return Err(StatsError::LengthMismatch { what: what.to_owned(), found, expected: n });
        }
    }
    let n_exposed = exposed.iter().filter(|&&exposed| exposed).count();
    if n_exposed == 0 || n_exposed == n {
        return Err(StatsError::OneGroup);
    }
    if n_exposed < 2 || n - n_exposed < 2 {
        return Err(StatsError::TooFew { found: n_exposed.min(n - n_exposed), needed: 2 });
    }
    let ones = vec![1.0; n];
    let mut table = BalanceTable { rows: vec![], largest: 0.0, weighted_largest: 0.0 };
    for (name, column) in covariates.names().iter().zip(covariates.columns()) {
        let moments = |wanted: bool, weight: &[f64]| moments(column, exposed, wanted, weight);
        let ((m1, v1), (m0, v0)) = (moments(true, &ones), moments(false, &ones));
        let ((w1, u1), (w0, u0)) = (moments(true, weight), moments(false, weight));
        let spread = f64::midpoint(v1, v0).sqrt();
        let standardized = |difference: f64| (spread > 0.0).then(|| difference / spread);
        let mut values = column.clone();
        values.sort_by(f64::total_cmp);
        values.dedup();
        let row = Balance {
            name: name.clone(),
            mean_exposed: m1,
            mean_unexposed: m0,
            weighted_mean_exposed: w1,
            weighted_mean_unexposed: w0,
            difference: standardized(m1 - m0),
            weighted_difference: standardized(w1 - w0),
            weighted_variance_ratio: (values.len() > 2 && u1 > 0.0 && u0 > 0.0).then(|| u1 / u0),
        };
        table.largest = table.largest.max(row.difference.unwrap_or(0.0).abs());
        table.weighted_largest = table.weighted_largest.max(row.weighted_difference.unwrap_or(0.0).abs());
        table.rows.push(row);
    }
    Ok(table)
}

/// Weighted mean and variance of one group.
fn moments(column: &[f64], exposed: &[bool], wanted: bool, weight: &[f64]) -> (f64, f64) {
    let rows = || column.iter().zip(exposed).zip(weight).filter(|((_, exposed), _)| **exposed == wanted).map(|((x, _), w)| (*x, *w));
    let (sum, squares, total) = rows().fold((0.0, 0.0, 0.0), |(sum, squares, total), (x, w)| (sum + w, squares + w * w, total + w * x));
    let mean = total / sum;
    let variance = rows().map(|(x, w)| w * (x - mean).powi(2)).sum::<f64>() / (sum - squares / sum);
    (mean, variance)
}
