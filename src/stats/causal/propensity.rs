//! Inverse-probability weights of a binary exposure.

use serde::Serialize;

use crate::stats::error::StatsError;
use crate::stats::quantile::quantile;
use crate::stats::regression::{Covariance, Family, GeneralizedLinearModel, Observations, generalized_linear_model};
use crate::stats::summary::{Summary, summarize};
use crate::stats::survival::Covariates;

/// Whom the weighted groups stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum WeightKind {
    /// Everybody (average effect): 1/e for the exposed, 1/(1 − e) for the others.
    Average,
    /// Everybody, each weight times the share of its group: the same weighted means, weights near 1.
    StabilizedAverage,
    /// The exposed (average effect in the exposed): 1 for the exposed, e/(1 − e) for the others.
    Exposed,
    /// Those who could be in either group: 1 − e for the exposed, e for the others.
    Overlap,
}

/// Where weights were cut.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Truncation {
    /// Least weight allowed.
    pub lower: f64,
    /// Greatest weight allowed.
    pub upper: f64,
    /// Weights raised to the least.
    pub n_raised: usize,
    /// Weights lowered to the greatest.
    pub n_lowered: usize,
}

/// The weights of a group.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct GroupWeights {
    /// Their distribution.
    pub distribution: Summary,
    /// (Σw)² / Σw²: as many unweighted rows would say as much.
    pub effective_sample_size: f64,
}

/// Weights by the propensity to be exposed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PropensityWeights {
    /// The logistic model of the exposure.
    pub model: GeneralizedLinearModel,
    /// Whom the weights stand for.
    pub kind: WeightKind,
    /// Each row's probability of exposure.
    pub propensity: Vec<f64>,
    /// Each row's weight, after truncation.
    pub weights: Vec<f64>,
    /// Each row's weight before truncation.
    pub weights_before_truncation: Vec<f64>,
    /// Where weights were cut; `None` without truncation.
    pub truncation: Option<Truncation>,
    /// Weights of the exposed.
    pub exposed: GroupWeights,
    /// Weights of the others.
    pub unexposed: GroupWeights,
    /// Share of rows with a propensity below 0.05 or above 0.95.
    pub share_extreme: f64,
    /// What speaks against positivity, a sentence each.
    pub warnings: Vec<String>,
}

/// Propensities outside these limits count as extreme.
const EXTREME: (f64, f64) = (0.05, 0.95);

/// Weights by the inverse probability of the exposure each row had.
///
/// # Formula
/// ```text
/// eᵢ = P(exposed | xᵢ), logistic;  weights as in WeightKind;  truncation: weights outside the two percentiles are set to them
/// effective sample size of a group = (Σw)² / Σw²
/// ```
///
/// # Conventions
/// `level` is that of the exposure model's intervals. `truncate` holds two shares such as `(0.01, 0.99)`; percentiles are type 7 over all weights, with [`WeightKind::Exposed`] over
/// those of the unexposed (the others are 1 and stay). Warned of: a propensity below 0.05 or above 0.95 in more than 1 % of rows, a weight above 10
/// times its group's mean, an effective sample size below half of a group.
///
/// # Errors
/// [`StatsError::OneExposureGroup`]; [`StatsError::Separation`] naming a covariate that tells the groups apart entirely (no
/// positivity); [`StatsError::OutOfRange`] for percentiles not in 0 ≤ lower < upper ≤ 1; else as [`generalized_linear_model`].
///
/// # Agrees with
/// R `glm(exposed ~ …, binomial)`; `WeightIt` `weightit(…, method = "glm", estimand = "ATE" | "ATT" | "ATO", stabilize = …)`, `ESS`.
///
/// # References
/// Robins, Hernán & Brumback (2000), Epidemiology 11:550–560. Cole & Hernán (2008), Am J Epidemiology 168:656–664. Li, Morgan &
/// Zaslavsky (2018), JASA 113:390–400.
pub fn propensity_weights(
    exposed: &[bool],
    covariates: &Covariates,
    kind: WeightKind,
    truncate: Option<(f64, f64)>,
    level: f64,
) -> Result<PropensityWeights, StatsError> {
    let n = exposed.len();
    let n_exposed = exposed.iter().filter(|&&exposed| exposed).count();
    if n == 0 {
        return Err(StatsError::EmptySample);
    }
    if n_exposed == 0 || n_exposed == n {
        return Err(StatsError::OneExposureGroup);
    }
    let outcome: Vec<f64> = exposed.iter().map(|&exposed| f64::from(exposed)).collect();
    let model = generalized_linear_model(&Observations::new(&outcome, covariates), Family::Binomial, Covariance::Classical, level)?;
    let propensity = model.fitted.clone();
    let share = n_exposed as f64 / n as f64;
    let before: Vec<f64> = exposed.iter().zip(&propensity).map(|(&exposed, &e)| kind.weight(exposed, e, share)).collect();
    // A propensity that rounds to 0 or 1 has no weight.
    if before.iter().any(|weight| !weight.is_finite()) || [true, false].iter().any(|&group| total(&before, exposed, group) <= 0.0) {
        let value =
            propensity.iter().copied().fold(0.0_f64, |extreme, e| if (e - 0.5).abs() > (extreme - 0.5).abs() { e } else { extreme });
        return Err(StatsError::OutOfRange { what: "a propensity", value, expected: "weights need it strictly between 0 and 1" });
    }
    let (weights, truncation) = match truncate {
        None => (before.clone(), None),
        Some(shares) => {
            let (weights, truncation) = truncated(&before, exposed, kind, shares)?;
            (weights, Some(truncation))
        }
    };
    let extreme = propensity.iter().filter(|&&e| e < EXTREME.0 || e > EXTREME.1).count();
    let groups = [group_weights(&weights, exposed, true)?, group_weights(&weights, exposed, false)?];
    let share_extreme = extreme as f64 / n as f64;
    Ok(PropensityWeights {
        model,
        kind,
        warnings: warnings(&groups, extreme, n),
        propensity,
        weights,
        weights_before_truncation: before,
        truncation,
        exposed: groups[0],
        unexposed: groups[1],
        share_extreme,
    })
}

impl WeightKind {
    fn weight(self, exposed: bool, e: f64, share: f64) -> f64 {
        match (self, exposed) {
            (Self::Average, true) => 1.0 / e,
            (Self::Average, false) => 1.0 / (1.0 - e),
            (Self::StabilizedAverage, true) => share / e,
            (Self::StabilizedAverage, false) => (1.0 - share) / (1.0 - e),
            (Self::Exposed, true) => 1.0,
            (Self::Exposed, false) => e / (1.0 - e),
            (Self::Overlap, true) => 1.0 - e,
            (Self::Overlap, false) => e,
        }
    }

    /// Slope of ln(weight) in the log-odds of exposure.
    pub(super) fn log_slope(self, exposed: bool, e: f64) -> f64 {
        match (self, exposed) {
            (Self::Average | Self::StabilizedAverage, true) => e - 1.0,
            (Self::Average | Self::StabilizedAverage, false) => e,
            (Self::Exposed, true) => 0.0,
            (Self::Exposed, false) => 1.0,
            (Self::Overlap, true) => -e,
            (Self::Overlap, false) => 1.0 - e,
        }
    }
}

fn total(weights: &[f64], exposed: &[bool], group: bool) -> f64 {
    weights.iter().zip(exposed).filter(|(_, exposed)| **exposed == group).map(|(weight, _)| weight).sum()
}

fn truncated(before: &[f64], exposed: &[bool], kind: WeightKind, shares: (f64, f64)) -> Result<(Vec<f64>, Truncation), StatsError> {
    let (low, high) = shares;
    if !((0.0..=1.0).contains(&low) && low < high && high <= 1.0) {
        let value = if (0.0..=1.0).contains(&low) { high } else { low };
        return Err(StatsError::OutOfRange {
            what: "a truncation percentile",
            value,
            expected: "the two must lie between 0 and 1, the lower first",
        });
    }
    let cut = |exposed: bool| kind != WeightKind::Exposed || !exposed;
    let cuttable: Vec<f64> = before.iter().zip(exposed).filter(|(_, exposed)| cut(**exposed)).map(|(&weight, _)| weight).collect();
    let (lower, upper) = (quantile(&cuttable, low)?, quantile(&cuttable, high)?);
    let weights = before.iter().zip(exposed).map(|(&w, &exposed)| if cut(exposed) { w.clamp(lower, upper) } else { w }).collect();
    let truncation = Truncation {
        lower,
        upper,
        n_raised: cuttable.iter().filter(|&&weight| weight < lower).count(),
        n_lowered: cuttable.iter().filter(|&&weight| weight > upper).count(),
    };
    Ok((weights, truncation))
}

fn group_weights(weights: &[f64], exposed: &[bool], group: bool) -> Result<GroupWeights, StatsError> {
    let own: Vec<f64> = weights.iter().zip(exposed).filter(|(_, exposed)| **exposed == group).map(|(&weight, _)| weight).collect();
    Ok(GroupWeights { distribution: summarize(&own)?, effective_sample_size: effective_sample_size(&own) })
}

/// (Σw)² / Σw²: as many unweighted rows would say as much. 0 of no weights.
#[must_use]
pub fn effective_sample_size(weights: &[f64]) -> f64 {
    let (sum, squares) = weights.iter().fold((0.0, 0.0), |(sum, squares), w| (sum + w, squares + w * w));
    if squares > 0.0 { sum * sum / squares } else { 0.0 }
}

fn warnings(groups: &[GroupWeights; 2], extreme: usize, n: usize) -> Vec<String> {
    let mut found = vec![];
    if extreme as f64 > 0.01 * n as f64 {
        let share = 100.0 * extreme as f64 / n as f64;
        found.push(format!(
            "{extreme} of {n} rows ({share:.1} %) have a propensity below {} or above {}: for them there is hardly anybody to compare with",
            EXTREME.0, EXTREME.1
        ));
    }
    for (group, name) in groups.iter().zip(["exposed", "unexposed"]) {
        let (distribution, effective) = (&group.distribution, group.effective_sample_size);
        let times = distribution.max / distribution.mean;
        if times > 10.0 {
            found.push(format!("the largest weight among the {name} is {times:.0} times their mean: a single row weighs heavily"));
        }
        if effective < 0.5 * distribution.n as f64 {
            found.push(format!("the weighted {name} say as much as {effective:.0} unweighted rows would, out of {}", distribution.n));
        }
    }
    found
}
