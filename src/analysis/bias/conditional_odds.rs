//! Odds ratios within sets of one case and its controls.

use serde::Serialize;

use crate::analysis::clusters::Clusters;
use crate::stats::survival::{CoxFit, CoxModel, CoxOptions, TimeToEvent};
use crate::stats::{Covariates, Interval, StatsError};

/// An odds ratio within sets.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OddsRatio {
    /// The ratio.
    pub odds_ratio: f64,
    /// Its interval.
    pub interval: Interval,
    /// Two-sided Wald p value.
    pub p_value: f64,
}

/// A row of a set.
pub(super) struct SetRow {
    pub set: usize,
    pub case: bool,
    /// Patient by whom errors are worked out where one stands in several sets.
    pub patient: usize,
    pub values: Vec<f64>,
}

/// Conditional logistic regression of one case a set.
///
/// # Definition
/// ```text
/// L(β) = Π_sets exp(x_case β) / Σ_{rows of the set} exp(x β)
/// ```
/// which is the partial likelihood of a Cox model in which each set is a stratum, all rows have one time and only the case the event;
/// with one case a set the Efron and Breslow forms are exact. Where a patient stands in several sets errors are robust by patient.
///
/// # Errors
/// As [`CoxModel::fit`].
///
/// # References
/// Breslow & Day (1980), Statistical Methods in Cancer Research I, chapter 7.
pub(super) fn conditional_logistic(rows: &[SetRow], names: &[String], level: f64) -> Result<CoxFit, StatsError> {
    let columns = (0..names.len()).map(|term| rows.iter().map(|row| row.values[term]).collect()).collect();
    let outcome = TimeToEvent::new(vec![1.0; rows.len()], rows.iter().map(|row| row.case).collect())?;
    let strata: Vec<usize> = rows.iter().map(|row| row.set).collect();
    let mut stands: Vec<(usize, usize)> = rows.iter().map(|row| (row.patient, row.set)).collect();
    stands.sort_unstable();
    stands.dedup();
    let several = stands.windows(2).any(|pair| pair[0].0 == pair[1].0);
    let cluster = if several { Clusters::of(rows.iter().map(|row| row.patient)).of_row } else { None };
    let options = CoxOptions { level, strata: Some(&strata), cluster: cluster.as_deref(), ..CoxOptions::default() };
    CoxModel::fit(&outcome, &Covariates::new(names.to_vec(), columns)?, &options).map(|model| model.fit)
}

/// One term of a conditional logistic regression.
pub(super) fn odds_ratio(fit: &CoxFit, term: usize) -> Result<OddsRatio, StatsError> {
    let term = fit.terms.get(term).ok_or(StatsError::EmptySample)?;
    Ok(OddsRatio { odds_ratio: term.hazard_ratio, interval: term.interval, p_value: term.p_value })
}

/// Sets in which the case's value of a term differs from that of some other row.
pub(super) fn discordant(rows: &[SetRow], term: usize) -> usize {
    let differs = |set: &&[SetRow]| {
        set.iter().find(|row| row.case).is_some_and(|case| set.iter().any(|row| (row.values[term] - case.values[term]).abs() > 1e-9))
    };
    rows.chunk_by(|one, other| one.set == other.set).filter(differs).count()
}

/// Why sets that differ so seldom have no odds ratio.
pub(super) fn too_few(discordant: usize, needed: usize, what: &str) -> Option<String> {
    (discordant < needed).then(|| {
        format!("{what} differs in {discordant} of the sets compared, and at least {needed} are needed; more recurrences, followed for longer, would give them")
    })
}

/// Discordant sets that the exposure needs. Terms adjusted for are not counted: with few sets they widen the interval.
pub(super) const SETS_A_TERM: usize = 10;
