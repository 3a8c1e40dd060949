//! The bootstrap of any statistic.

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;
use serde::Serialize;

use super::jackknife::unit_influences;
use super::limits::{BootstrapMethod, bca_limits, percentile_limits};
use super::plan::{Draw, Resample, ResamplingPlan};
use crate::stats::error::{StatsError, check_finite, check_level};
use crate::stats::estimate::Interval;

/// A number computed from resampled rows. A closure `Fn(&Resample) -> Option<f64>` is one.
pub trait Statistic: Sync {
    /// The statistic of a resample; `None` where it has no value.
    fn value(&self, resample: &Resample<'_>) -> Option<f64>;

    /// Derivative of the statistic by the weight of each row, at weight 1, where there is a closed form. It takes the place of
    /// computing the statistic without each unit in turn.
    fn influence(&self) -> Option<Vec<f64>> {
        None
    }
}

impl<F: Fn(&Resample<'_>) -> Option<f64> + Sync> Statistic for F {
    fn value(&self, resample: &Resample<'_>) -> Option<f64> {
        self(resample)
    }
}

/// How to bootstrap.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct BootstrapOptions {
    /// Resamples to draw.
    pub replicates: usize,
    /// Seed of the draws.
    pub seed: u64,
    /// Confidence level.
    pub level: f64,
    /// How the limits come from the replicates.
    pub method: BootstrapMethod,
}

impl Default for BootstrapOptions {
    /// 2,000 resamples, BCa limits of 95 %, seed 1.
    fn default() -> Self {
        Self { replicates: 2_000, seed: 1, level: 0.95, method: BootstrapMethod::Bca }
    }
}

/// An estimate with its bootstrap error and interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct BootstrapInterval {
    /// The statistic of the data.
    pub estimate: f64,
    /// Mean of the replicates less the estimate.
    pub bias: f64,
    /// Standard deviation of the replicates.
    pub std_error: f64,
    /// The interval.
    pub interval: Interval,
    /// How its limits were made.
    pub method: BootstrapMethod,
    /// Bias correction z₀ of BCa limits.
    pub bias_correction: Option<f64>,
    /// Acceleration a of BCa limits.
    pub acceleration: Option<f64>,
    /// Whether a limit is the outermost replicate: more replicates are needed for this level.
    pub extreme: bool,
    /// Resamples drawn.
    pub replicates: usize,
    /// Resamples in which the statistic had no value; they take no part in the rest.
    pub n_failed: usize,
    /// Units drawn in each resample: rows or clusters.
    pub n_units: usize,
    /// Seed of the draws.
    pub seed: u64,
}

/// Bootstrap interval of a statistic.
///
/// # Definition
/// The statistic is computed from `replicates` resamples of the plan's units, drawn with replacement within strata. Standard error
/// and bias are those of the replicates; limits by [`percentile_limits`] or [`bca_limits`].
///
/// # Conventions
/// Replicate r draws from stream r of `ChaCha8` under the seed, so the result does not depend on the number of threads.
///
/// # Edge cases
/// A resample without a value (or with one that is not finite) is left out and counted; more than 5 % of them is an error. All
/// replicates equal: the interval is that point.
///
/// # Errors
/// [`StatsError::UndefinedStatistic`] if the data themselves give no value; [`StatsError::FailedResamples`];
/// [`StatsError::TooFew`] if the replicates are too few for percentile limits of the level (below 2/(1 − level) − 1);
/// [`StatsError::OneSidedResamples`]; [`StatsError::InvalidLevel`].
///
/// # Agrees with
/// R `boot::boot` with `boot::boot.ci(type = c("perc", "bca"))`, given the same replicates and influence values.
///
/// # References
/// Efron & Tibshirani (1993), An Introduction to the Bootstrap. Davison & Hinkley (1997), Bootstrap Methods and their Application.
pub fn bootstrap<S: Statistic + ?Sized>(
    statistic: &S,
    plan: &ResamplingPlan,
    options: &BootstrapOptions,
) -> Result<BootstrapInterval, StatsError> {
    let BootstrapOptions { replicates, seed, level, method } = *options;
    check_level(level)?;
    // A rounding above a whole number must not ask for one more.
    let needed = (2.0 / (1.0 - level) - 1.0 - 1e-9).ceil().max(2.0);
    if (replicates as f64) < needed {
        return Err(StatsError::TooFew { found: replicates, needed: needed as usize });
    }
    let estimate = finite(statistic.value(&Draw::whole(plan).resample())).ok_or(StatsError::UndefinedStatistic)?;
    let drawn = bootstrap_replicates(statistic, plan, replicates, seed);
    let values: Vec<f64> = drawn.into_iter().flatten().collect();
    let n_failed = replicates - values.len();
    if n_failed * 20 > replicates {
        return Err(StatsError::FailedResamples { failed: n_failed, replicates });
    }
    let n = values.len() as f64;
    let bias = values.iter().map(|value| value - estimate).sum::<f64>() / n;
    // Over the largest deviation, so that squares neither vanish nor overflow.
    let scale = values.iter().fold(f64::MIN_POSITIVE, |largest, value| largest.max((value - estimate - bias).abs()));
    let variance = values.iter().map(|value| ((value - estimate - bias) / scale).powi(2)).sum::<f64>() / (n - 1.0);
    let std_error = scale * variance.sqrt();
    check_finite("bias and standard error of the replicates", &[bias, std_error])?;
    let limits = match method {
        BootstrapMethod::Percentile => percentile_limits(&values, level)?,
        BootstrapMethod::Bca => bca_limits(estimate, &values, &unit_influences(statistic, plan)?, level)?,
    };
    Ok(BootstrapInterval {
        estimate,
        bias,
        std_error,
        interval: limits.interval,
        method,
        bias_correction: limits.bias_correction,
        acceleration: limits.acceleration,
        extreme: limits.extreme,
        replicates,
        n_failed,
        n_units: plan.n_units(),
        seed,
    })
}

/// The statistic of each resample, in the order of their numbers; `None` where it has no value.
///
/// # Definition
/// As [`bootstrap`]: replicate r draws from stream r.
#[must_use]
pub fn bootstrap_replicates<S: Statistic + ?Sized>(statistic: &S, plan: &ResamplingPlan, replicates: usize, seed: u64) -> Vec<Option<f64>> {
    let source = ChaCha8Rng::seed_from_u64(seed);
    (0..replicates)
        .into_par_iter()
        .with_min_len(16)
        .map_init(
            || Draw::whole(plan),
            |draw, replicate| {
                let mut rng = source.clone();
                rng.set_stream(replicate as u64);
                draw.draw(&mut rng);
                finite(statistic.value(&draw.resample()))
            },
        )
        .collect()
}

pub(super) fn finite(value: Option<f64>) -> Option<f64> {
    value.filter(|value| value.is_finite())
}
