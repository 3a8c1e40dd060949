//! What a linear mixed model takes and gives.

use serde::Serialize;

use crate::stats::estimate::Interval;

/// Which likelihood is maximized.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Estimation {
    /// Restricted maximum likelihood: variances without the bias of estimated fixed effects.
    Reml,
    /// Maximum likelihood: the one to compare models of different fixed effects with.
    Ml,
}

/// What differs from group to group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RandomEffects {
    /// The level.
    Intercept,
    /// The level and the slope of one covariate.
    InterceptAndSlope {
        /// Position of the covariate among the fixed effects' columns, from 0.
        column: usize,
        /// Whether level and slope may be correlated.
        correlated: bool,
    },
}

/// One fixed effect.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FixedEffect {
    /// Its name; the first is `(Intercept)`.
    pub name: String,
    /// Change of the outcome per unit.
    pub estimate: f64,
    /// Standard error.
    pub std_error: f64,
    /// Satterthwaite's degrees of freedom.
    pub df: f64,
    /// estimate / standard error.
    pub statistic: f64,
    /// Two-sided p value on t.
    pub p_value: f64,
    /// t interval; `None` where there are so few degrees of freedom that its limits lie beyond all numbers.
    pub interval: Option<Interval>,
}

/// How much the groups differ.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RandomEffectVariance {
    /// Names of the random effects; the first is `(Intercept)`.
    pub names: Vec<String>,
    /// Their covariance.
    pub covariance: Vec<Vec<f64>>,
    /// Square roots of the diagonal.
    pub std_dev: Vec<f64>,
    /// Correlation of level and slope; `None` where there is no slope, none was allowed, or a variance is 0.
    pub correlation: Option<f64>,
}

/// The random effects of one group.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct GroupEffect {
    /// The group, as given.
    pub group: usize,
    /// Its rows.
    pub n_rows: usize,
    /// Best linear unbiased predictions, in the order of the names.
    pub effect: Vec<f64>,
    /// Their standard deviations given the data, with the fixed effects and variances taken as known.
    pub std_dev: Vec<f64>,
}

/// Share of the variance that lies between groups.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct IntraclassCorrelation {
    /// τ² / (τ² + σ²).
    pub estimate: f64,
    /// Exact interval from the F distribution; `None` where no degrees of freedom are left between or within groups.
    pub interval: Option<Interval>,
}

/// Nakagawa's R².
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct ExplainedVariance {
    /// Share of the variance explained by the fixed effects.
    pub marginal: f64,
    /// Share explained by fixed and random effects.
    pub conditional: f64,
}

/// A fitted linear mixed model.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LinearMixedModel {
    /// Rows.
    pub n_rows: usize,
    /// Groups.
    pub n_groups: usize,
    /// Which likelihood was maximized.
    pub estimation: Estimation,
    /// Fixed effects: the intercept, then the covariates in their order.
    pub fixed_effects: Vec<FixedEffect>,
    /// Covariance of the fixed effects.
    pub covariance: Vec<Vec<f64>>,
    /// Variances of the random effects.
    pub random_effects: RandomEffectVariance,
    /// Residual standard deviation σ.
    pub residual_std_dev: f64,
    /// (Restricted) log likelihood.
    pub log_likelihood: f64,
    /// −2 log likelihood: the deviance, or the REML criterion.
    pub deviance: f64,
    /// Fixed effects, variances and covariances, the residual one among them.
    pub n_parameters: usize,
    /// Deviance + 2 · parameters.
    pub aic: f64,
    /// Deviance + ln(rows) · parameters.
    pub bic: f64,
    /// Whether the fit lies on the edge of what is possible: a variance of 0 or a correlation of ±1.
    pub singular: bool,
    /// Which component does, in words.
    pub singular_component: Option<String>,
    /// Steps of the minimization.
    pub iterations: usize,
    /// Random effects by group, in rising order of the group.
    pub group_effects: Vec<GroupEffect>,
    /// Fitted values with the random effects, in the order of the rows.
    pub fitted: Vec<f64>,
    /// Outcome − fitted.
    pub residuals: Vec<f64>,
    /// Intraclass correlation; only where groups differ in level alone.
    pub intraclass_correlation: Option<IntraclassCorrelation>,
    /// Share of the variance explained.
    pub explained_variance: ExplainedVariance,
}
