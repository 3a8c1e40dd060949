//! Two nested mixed models compared.

use super::model::{Estimation, LinearMixedModel};
use crate::stats::distributions::chi_squared_upper_p;
use crate::stats::error::StatsError;
use crate::stats::hypothesis::TestResult;

/// Likelihood-ratio test of a mixed model against a larger one of the same rows.
///
/// # Formula
/// ```text
/// 2 (log likelihood of the larger − of the smaller) ~ χ² with as many degrees of freedom as it has parameters more
/// ```
///
/// # Conventions
/// Maximum likelihood compares any two nested models; restricted likelihoods compare only models of the same fixed effects. A
/// variance lies on the edge of what is possible under the hypothesis that it is 0, so the p value of a test of random effects is
/// too large (about twice for a single variance). That one model is nested in the other is for the caller to know.
///
/// # Errors
/// [`StatsError::NotComparable`] with different rows, groups or likelihoods, restricted likelihoods of different fixed effects,
/// or without parameters more.
///
/// # Agrees with
/// R lme4 1.1-31 `anova(small, large)` (`refit = FALSE` for restricted likelihoods).
///
/// # References
/// Stram and Lee (1994), Biometrics 50:1171–1177, on variances.
pub fn likelihood_ratio_test(small: &LinearMixedModel, large: &LinearMixedModel) -> Result<TestResult, StatsError> {
    let refused = |reason| Err(StatsError::NotComparable { reason });
    if small.n_rows != large.n_rows || small.n_groups != large.n_groups {
        return refused("they were fitted to different rows");
    }
    if small.estimation != large.estimation {
        return refused("one was fitted by maximum, one by restricted maximum likelihood");
    }
    let same_fixed = small.fixed_effects.iter().map(|effect| &effect.name).eq(large.fixed_effects.iter().map(|effect| &effect.name));
    if small.estimation == Estimation::Reml && !same_fixed {
        return refused("restricted likelihoods of different fixed effects are not on one scale; fit both by maximum likelihood");
    }
    if large.n_parameters <= small.n_parameters {
        return refused("the second has no parameters more than the first");
    }
    let statistic = (small.deviance - large.deviance).max(0.0);
    let df = (large.n_parameters - small.n_parameters) as f64;
    Ok(TestResult { method: "likelihood-ratio test", statistic, df: Some(df), p_value: chi_squared_upper_p(statistic, df) })
}
