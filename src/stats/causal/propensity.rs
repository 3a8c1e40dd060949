//! Inverse-probability weights of a yes/no exposure.

use serde::Serialize;

use crate::stats::covariates::Covariates;
use crate::stats::error::StatsError;
use crate::stats::quantile::quantile;
use crate::stats::regression::{Family, GeneralizedLinearModel, GlmOptions, generalized_linear_model};

/// For whom the weighted comparison speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum WeightTarget {
    /// Everybody: 1/e and 1/(1 − e).
    #[default]
    All,
    /// The exposed: 1 and e/(1 − e).
    Exposed,
    /// Those who might have done either: 1 − e and e.
    Overlap,
}

/// How weights are made.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PropensityOptions {
    /// For whom.
    pub target: WeightTarget,
    /// Times the share of the own exposure, so that weights are around 1 (everybody only).
    pub stabilized: bool,
    /// Weights beyond these percentiles of the weights are set to them, such as (0.01, 0.99).
    pub truncate: Option<(f64, f64)>,
}

impl Default for PropensityOptions {
    fn default() -> Self {
        Self { target: WeightTarget::All, stabilized: true, truncate: None }
    }
}

/// Weights, with what should be known before they are used.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PropensityWeights {
    /// The logistic model of exposure.
    pub model: GeneralizedLinearModel,
    /// Each row's probability of being exposed.
    pub propensity: Vec<f64>,
    /// Each row's weight.
    pub weight: Vec<f64>,
    /// (Σw)²/Σw² of the exposed: how many unweighted rows they are worth.
    pub effective_exposed: f64,
    /// The same of the others.
    pub effective_unexposed: f64,
    /// Largest weight.
    pub largest: f64,
    /// Share of rows with a probability below 0.05 or above 0.95: nearly nobody to compare them with.
    pub share_extreme: f64,
    /// What to doubt, in words.
    pub warnings: Vec<String>,
}

/// Inverse-probability weights from a logistic model of the exposure.
///
/// # Formula
/// ```text
/// everybody: A/e + (1 − A)/(1 − e), stabilized times P(A = own);   exposed: A + (1 − A) e/(1 − e);   overlap: A(1 − e) + (1 − A) e
/// ```
///
/// # Errors
/// [`StatsError::Separation`] where a covariate decides the exposure; [`StatsError::OneGroup`] if all or none are exposed;
/// [`StatsError::OutOfRange`] for percentiles out of order; as [`generalized_linear_model`].
///
/// # Agrees with
/// R `WeightIt::weightit(method = "glm", estimand = "ATE", "ATT", "ATO")`, `ipw::ipwpoint`.
///
/// # References
/// Robins, Hernán & Brumback (2000), Epidemiology 11:550–560; Cole & Hernán (2008), Am J Epidemiol 168:656–664; Li, Morgan & Zaslavsky
/// (2018), JASA 113:390–400.
pub fn inverse_probability_weights(
    exposed: &[bool],
    covariates: &Covariates,
    options: &PropensityOptions,
) -> Result<PropensityWeights, StatsError> {
    let n = exposed.len();
    let n_exposed = exposed.iter().filter(|&&exposed| exposed).count();
    if n_exposed == 0 || n_exposed == n {
        return Err(StatsError::OneGroup);
    }
    let outcome: Vec<f64> = exposed.iter().map(|&exposed| f64::from(exposed)).collect();
    let model = generalized_linear_model(&outcome, covariates, Family::Binomial, &GlmOptions::default())?;
    let share = n_exposed as f64 / n as f64;
    let mut weight: Vec<f64> = exposed
        .iter()
        .zip(&model.fitted)
        .map(|(&exposed, &e)| match (options.target, exposed) {
            (WeightTarget::All, true) => {
                if options.stabilized {
                    share / e
                } else {
                    1.0 / e
                }
            }
            (WeightTarget::All, false) => {
                if options.stabilized {
                    (1.0 - share) / (1.0 - e)
                } else {
                    1.0 / (1.0 - e)
                }
            }
            (WeightTarget::Exposed, true) => 1.0,
            (WeightTarget::Exposed, false) => e / (1.0 - e),
            (WeightTarget::Overlap, true) => 1.0 - e,
            (WeightTarget::Overlap, false) => e,
        })
        .collect();
    if weight.iter().any(|weight| !weight.is_finite()) {
        return Err(StatsError::Undefined {
            why: "a row was certain to be exposed or certain not to be, so its weight is infinite".to_owned(),
        });
    }
    if let Some((low, high)) = options.truncate {
        if !(0.0 <= low && low < high && high <= 1.0) {
            return Err(StatsError::OutOfRange {
                what: "the lower percentile",
                value: low,
                expected: "it must be below the upper, both between 0 and 1",
            });
        }
        let (low, high) = (quantile(&weight, low)?, quantile(&weight, high)?);
        weight.iter_mut().for_each(|weight| *weight = weight.clamp(low, high));
    }
    let effective = |wanted: bool| {
        let (sum, squares) = exposed
            .iter()
            .zip(&weight)
            .filter(|(exposed, _)| **exposed == wanted)
            .fold((0.0, 0.0), |(sum, squares), (_, weight)| (sum + weight, squares + weight * weight));
        sum * sum / squares
    };
    let largest = weight.iter().copied().fold(0.0, f64::max);
    let share_extreme = model.fitted.iter().filter(|&&e| !(0.05..=0.95).contains(&e)).count() as f64 / n as f64;
    let mean = weight.iter().sum::<f64>() / n as f64;
    let mut warnings = Vec::new();
    if share_extreme > 0.0 && options.target == WeightTarget::All {
        warnings.push(format!("{:.1} % of rows have a probability of exposure below 0.05 or above 0.95", 100.0 * share_extreme));
    }
    if largest > 10.0 * mean {
        warnings.push(format!("the largest weight is {:.1} times the mean: a few rows decide the result", largest / mean));
    }
    Ok(PropensityWeights {
        effective_exposed: effective(true),
        effective_unexposed: effective(false),
        propensity: model.fitted.clone(),
        largest,
        share_extreme,
        warnings,
        weight,
        model,
    })
}
