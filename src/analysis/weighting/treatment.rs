//! Weights for who kept the exercise up: the propensity, its overlap, and the balance it gives.

use serde::Serialize;

use super::confounders::Confounders;
use super::distribution::{WeightDistribution, Weights};
use crate::analysis::common_support::support;
use crate::stats::StatsError;
use crate::stats::causal::{BalanceTable, SmdDenominator, WeightKind, balance, propensity_weights};
use crate::stats::survival::Covariates;

/// The model of who kept the exercise up, and what its weights do.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TreatmentModel {
    /// What the groups are weighted for.
    pub confounders: Vec<String>,
    /// Further terms of the logistic model.
    pub squares: Vec<String>,
    /// What could not be used, each with the reason.
    pub dropped: Vec<String>,
    /// Weights of those who kept it up.
    pub maintained: WeightDistribution,
    /// Weights of the others.
    pub not_maintained: WeightDistribution,
    /// Where the probabilities of both groups lie.
    pub overlap: PropensityOverlap,
    /// The confounders in both groups, before and after weighting.
    pub balance: BalanceTable,
}

/// Probabilities of keeping the exercise up, by group.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PropensityOverlap {
    /// Least and greatest probability that both groups reach.
    pub support: (f64, f64),
    /// Share of programs outside it.
    pub share_outside: f64,
    /// Share of programs with a probability below 0.05 or above 0.95.
    pub share_extreme: f64,
    /// How many of each group have a probability of each twentieth.
    pub bins: Vec<OverlapBin>,
}

/// Programs with a probability from `from` up to `to`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct OverlapBin {
    /// From this probability (included) …
    pub from: f64,
    /// … to this one (the last bin's is included).
    pub to: f64,
    /// Of those who kept it up.
    pub maintained: usize,
    /// Of the others.
    pub not_maintained: usize,
}

/// Bins of the overlap.
const BINS: usize = 20;

/// Programs of the smaller group for each term, if numbers are to bend.
const PER_TERM: usize = 10;

/// Stabilized weights by the probability of each row's own group, and the model behind them.
///
/// # Formula
/// `wᵢ = P(A = aᵢ) / P(A = aᵢ | xᵢ)`, logistic in the confounders and, with 10 programs of the smaller group a term, the squares of
/// numbers with at least 6 values; cut at the percentiles `truncate` and 1 − `truncate`.
///
/// # Errors
/// In words: nothing to weight for, one group only, a confounder that tells the groups apart, no overlap.
pub(super) fn treatment_weights(
    exposed: &[bool],
    confounders: &Confounders,
    truncate: f64,
    level: f64,
) -> Result<(Weights, TreatmentModel), String> {
    if confounders.names.is_empty() {
        return Err(
            "nothing logged differs between patients that the groups could be weighted for; log age, sex, previous episodes or other \
             columns in patients.csv"
                .to_owned(),
        );
    }
    let in_words = |error: &StatsError| match error {
        StatsError::Separation { term } => format!(
            "no overlap: \"{term}\" tells those who kept the exercise up from those who did not, so nobody can be compared with anybody; \
             leave it out of [model] covariates, or log more patients"
        ),
        error => format!("the model of who kept the exercise up could not be fitted: {error}"),
    };
    let cut = (truncate > 0.0).then_some((truncate, 1.0 - truncate));
    let fit = |columns: &Covariates| propensity_weights(exposed, columns, WeightKind::StabilizedAverage, cut, level);
    let linear = Covariates::new(confounders.names.clone(), confounders.columns.clone()).map_err(|error| error.to_string())?;
    let (mut used, mut squares) = (fit(&linear).map_err(|error| in_words(&error))?, vec![]);
    let extra = confounders.squares();
    let smaller = used.exposed.distribution.n.min(used.unexposed.distribution.n);
    if !extra.is_empty() && smaller >= PER_TERM * (linear.width() + extra.len()) {
        let (names, columns): (Vec<String>, Vec<Vec<f64>>) = extra.into_iter().unzip();
        let join = Covariates::new(
            linear.names().iter().chain(&names).cloned().collect(),
            linear.columns().iter().cloned().chain(columns).collect(),
        );
        // Where the squares cannot be told apart the straight lines stay.
        if let Ok(bent) = join.and_then(|columns| fit(&columns)) {
            (used, squares) = (bent, names);
        }
    }
    let overlap = overlap(exposed, &used.propensity);
    if overlap.support.0 > overlap.support.1 + 1e-9 {
        return Err(
            "no overlap: by what is logged, everybody who kept the exercise up was likelier to than everybody who did not, so nobody can \
             be compared with anybody; choose fewer covariates ([model] covariates), or log more patients"
                .to_owned(),
        );
    }
    let balance = balance(exposed, &linear, &used.weights, SmdDenominator::Pooled).map_err(|error| error.to_string())?;
    let cut = used.weights.iter().zip(&used.weights_before_truncation).map(|(used, before)| used.total_cmp(before).is_ne()).collect();
    let weights = Weights { values: used.weights, cut };
    let distribution = |group: bool| {
        let own = weights.among((0..exposed.len()).filter(|&row| exposed[row] == group));
        own.distribution().map_err(|error| error.to_string())
    };
    let (maintained, not_maintained) = (distribution(true)?, distribution(false)?);
    let model = TreatmentModel {
        confounders: confounders.names.clone(),
        squares,
        dropped: confounders.dropped.clone(),
        maintained,
        not_maintained,
        overlap,
        balance,
    };
    Ok((weights, model))
}

fn overlap(exposed: &[bool], propensity: &[f64]) -> PropensityOverlap {
    let support = support(exposed, propensity);
    let share = |counts: &dyn Fn(f64) -> bool| {
        propensity.iter().filter(|&&probability| counts(probability)).count() as f64 / propensity.len().max(1) as f64
    };
    let edge = |bin: usize| bin as f64 / BINS as f64;
    let mut bins: Vec<OverlapBin> =
        (0..BINS).map(|bin| OverlapBin { from: edge(bin), to: edge(bin + 1), maintained: 0, not_maintained: 0 }).collect();
    for (&exposed, &probability) in exposed.iter().zip(propensity) {
        let place = ((probability * BINS as f64) as usize).min(BINS - 1);
        let bin = &mut bins[place];
        *(if exposed { &mut bin.maintained } else { &mut bin.not_maintained }) += 1;
    }
    PropensityOverlap {
        support,
        share_outside: share(&|probability| probability < support.0 || probability > support.1),
        share_extreme: share(&|probability| !(0.05..=0.95).contains(&probability)),
        bins,
    }
}
