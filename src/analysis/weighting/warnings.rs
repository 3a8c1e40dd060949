//! What speaks against a weighted comparison, in sentences.

use super::distribution::WeightDistribution;
use super::treatment::TreatmentModel;
use crate::domain::number::{decimal, percent};

/// A covariate whose means differ by less than this, in standard deviations, is called balanced.
const BALANCED: f64 = 0.1;

/// Of the groups and their weights; `counted` is what is compared (`patients` or `programs`).
pub(super) fn of_treatment(model: &TreatmentModel, counted: &str) -> Vec<String> {
    let mut found = Vec::new();
    let overlap = &model.overlap;
    if overlap.share_outside > 0.1 {
        found.push(format!(
            "{} of the {counted} have a probability of keeping it up that nobody in the other group has: for them the comparison \
             rests on the model, not on data.",
            percent(overlap.share_outside)
        ));
    }
    if overlap.share_extreme > 0.01 {
        found.push(format!(
            "{} of the {counted} were nearly certain (5 % or 95 %) to drop or to keep up the exercise: there is hardly anybody to compare \
             them with.",
            percent(overlap.share_extreme)
        ));
    }
    for (group, weights) in [("who kept it up", &model.maintained), ("who did not", &model.not_maintained)] {
        found.extend(of_weights(&format!("those {group}"), weights));
    }
    let left: Vec<String> = model
        .balance
        .rows
        .iter()
        .filter_map(|row| {
            let difference = row.weighted_smd.filter(|difference| difference.abs() > BALANCED)?;
            Some(format!("{} ({})", row.name, decimal(difference, 2)))
        })
        .collect();
    if !left.is_empty() {
        found.push(format!("Weighting did not make the groups alike in: {} (standardized differences).", left.join(", ")));
    }
    found
}

/// Of one set of weights.
pub(super) fn of_weights(whose: &str, weights: &WeightDistribution) -> Vec<String> {
    let mut found = Vec::new();
    if (weights.mean - 1.0).abs() > 0.1 {
        found.push(format!(
            "The mean weight of {whose} is {} and should be near 1: the model behind it may not fit.",
            decimal(weights.mean, 2)
        ));
    }
    if weights.max > 10.0 * weights.mean {
        found.push(format!(
            "The largest weight of {whose} is {} times their mean: one row weighs heavily.",
            decimal(weights.max / weights.mean, 0)
        ));
    }
    if weights.effective_sample_size < 0.5 * weights.n as f64 {
        found.push(format!(
            "The weighted {} rows of {whose} say as much as {} unweighted ones would.",
            weights.n,
            decimal(weights.effective_sample_size, 0)
        ));
    }
    found
}
