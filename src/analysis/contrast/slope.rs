//! The slope of an outcome on an exposure at equal covariates.

use crate::stats::regression::{Covariance, Observations, linear_regression};
use crate::stats::{Covariates, StatsError};

use super::Contrast;
use super::rows::{Adjustment, ModelRows};
use crate::analysis::common_support::told_apart_by;
use crate::cohort::Cohort;

/// Difference of the outcome for a unit more of the exposure, by least squares; errors are HC3, and clustered by patient where one
/// has several programs.
///
/// # Definition
/// `yᵢ = α + β xᵢ + γ zᵢ + εᵢ` over the programs that have outcome, exposure and covariates; the estimate is β. For an outcome of
/// 0 or 1, β is a difference of risks; for an outcome at the program's end with its baseline among the covariates this is the
/// analysis of covariance. A covariate missing in more than 20 % of the programs, or the same in all, is left out and named.
///
/// # Errors
/// [`StatsError`] where the model cannot be fitted: too few programs, an exposure that does not vary or follows from the
/// covariates, a covariate that tells its two groups apart.
///
/// # References
/// Vickers & Altman (2001), *BMJ* 323:1123–1124. Long & Ervin (2000), *Am Stat* 54:217–224. Cheung (2007), *Am J Epidemiol*
/// 166:1337–1344 (differences of risks by least squares).
pub fn adjusted_slope(
    cohort: &Cohort,
    outcome: &[Option<f64>],
    exposure: &[Option<f64>],
    adjustment: &Adjustment<'_>,
    level: f64,
) -> Result<Contrast, StatsError> {
    let value = |column: &[Option<f64>], course: usize| column.get(course).copied().flatten();
    let courses: Vec<usize> =
        (0..cohort.courses.len()).filter(|&course| value(outcome, course).is_some() && value(exposure, course).is_some()).collect();
    let patients: Vec<usize> = courses.iter().map(|&course| cohort.courses[course].patient).collect();
    let rows = ModelRows::choose(&courses, &patients, adjustment);
    let of_place = |column: &[Option<f64>]| rows.places.iter().filter_map(|&place| value(column, courses[place])).collect::<Vec<f64>>();
    let (y, x) = (of_place(outcome), of_place(exposure));
    if let Some(term) = told_apart_by(&rows.names, &rows.columns, &x) {
        return Err(StatsError::NoOverlap { term });
    }
    let mut names = rows.names.clone();
    let mut columns = rows.columns.clone();
    names.push("exposure".to_owned());
    columns.push(x);
    let covariates = Covariates::new(names, columns)?;
    let covariance = rows.cluster.as_deref().map_or(Covariance::Hc3, Covariance::ClusterHc1);
    let fit = linear_regression(&Observations::new(&y, &covariates), covariance, level)?;
    let term = fit.coefficients.last().ok_or(StatsError::EmptySample)?;
    let p_value = term.p_value.ok_or(StatsError::UndefinedVariance { what: "the slope: the outcome does not vary" })?;
    Ok(Contrast {
        estimate: term.estimate,
        interval: term.interval,
        p_value,
        std_error: term.std_error,
        df: term.df,
        n: rows.n,
        patients: rows.patients,
        n_events: None,
        adjusted_for: rows.names,
        dropped: rows.dropped,
        missing_covariate: rows.missing,
    })
}
