//! The bootstrap, with percentile and bias-corrected accelerated limits.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;
use serde::Serialize;

use crate::stats::distributions::{normal_lower_p, normal_quantile};
use crate::stats::error::{StatsError, check_level};
use crate::stats::estimate::Interval;

/// How often, from where and at what level.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BootstrapOptions<'a> {
    /// Replicates.
    pub replicates: usize,
    /// Seed: the same seed gives the same limits, on any number of threads.
    pub seed: u64,
    /// Level of the limits.
    pub level: f64,
    /// Stratum of each unit, counted from 0: each stratum is resampled to its own size.
    pub strata: Option<&'a [usize]>,
    /// Also compute the accelerated limits, which need a jackknife.
    pub accelerated: bool,
}

impl Default for BootstrapOptions<'_> {
    fn default() -> Self {
        Self { replicates: 2_000, seed: 1, level: 0.95, strata: None, accelerated: true }
    }
}

/// Bootstrap limits of a statistic.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Bootstrap {
    /// The statistic of the data.
    pub estimate: f64,
    /// Mean of the replicates less the estimate.
    pub bias: f64,
    /// Standard deviation of the replicates.
    pub std_error: f64,
    /// Percentile limits.
    pub percentile: Interval,
    /// Bias-corrected accelerated limits; `None` if not asked for, or where the jackknife does not vary.
    pub accelerated: Option<Interval>,
    /// Units resampled.
    pub n_units: usize,
    /// Replicates.
    pub replicates: usize,
    /// Replicates in which the statistic did not exist; left out.
    pub failed: usize,
    /// Seed.
    pub seed: u64,
}

/// Share of replicates that may fail.
const MOST_FAILED: f64 = 0.05;
/// The jackknife leaves out one unit at a time up to this many, else as many blocks.
const MOST_JACKKNIFE: usize = 2_000;

/// Bootstrap limits of a statistic of how often each unit (row or patient) is counted.
///
/// # Formula
/// ```text
/// percentile: quantiles α/2 and 1 − α/2 of the replicates θ*
/// BCa:        quantiles Φ(z₀ + (z₀ + z)/(1 − a(z₀ + z))),  z₀ = Φ⁻¹(#{θ* < θ̂}/R),
///             a = Σ(θ̄ − θ₍ᵢ₎)³ / 6(Σ(θ̄ − θ₍ᵢ₎)²)^{3/2} over the leave-one-out values
/// ```
/// Quantiles are interpolated between order statistics on the normal scale, as R's `boot` does.
///
/// # Conventions
/// The statistic gets a count for each unit (all 1 for the data) and gives `None` where it does not exist. Units are what is
/// independent: patients, not their rows. Replicate r has a random stream of its own.
///
/// # Errors
/// [`StatsError::TooFew`] below 2 units or 100 replicates; [`StatsError::Undefined`] if the statistic does not exist for the data, or in
/// more than 5 % of the replicates; [`StatsError::LengthMismatch`]; [`StatsError::InvalidLevel`].
///
/// # Agrees with
/// R `boot::boot.ci(type = c("perc", "bca"))`, but for the random numbers.
///
/// # References
/// Efron & Tibshirani (1993), An Introduction to the Bootstrap, ch. 13–14; Davison & Hinkley (1997), section 5.3.
pub fn bootstrap(
    n_units: usize,
    statistic: impl Fn(&[u32]) -> Option<f64> + Sync,
    options: &BootstrapOptions<'_>,
) -> Result<Bootstrap, StatsError> {
    check_level(options.level)?;
    if n_units < 2 {
        return Err(StatsError::TooFew { found: n_units, needed: 2 });
    }
    if options.replicates < 100 {
        return Err(StatsError::TooFew { found: options.replicates, needed: 100 });
    }
    let strata = members(n_units, options.strata)?;
    let finite = |counts: &[u32]| statistic(counts).filter(|value| value.is_finite());
    let mut counts = vec![1_u32; n_units];
    let no_value = || StatsError::Undefined { why: "the statistic has no value for these data".to_owned() };
    let estimate = finite(&counts).ok_or_else(no_value)?;
    let mut values: Vec<f64> = (0..options.replicates as u64)
        .into_par_iter()
        .map_init(
            || vec![0_u32; n_units],
            |counts, replicate| {
                let mut random = ChaCha8Rng::seed_from_u64(options.seed);
                random.set_stream(replicate);
                counts.fill(0);
                for units in &strata {
                    for _ in 0..units.len() {
                        counts[units[random.random_range(0..units.len())] as usize] += 1;
                    }
                }
                finite(counts)
            },
        )
        .filter_map(|value| value)
        .collect();
    let failed = options.replicates - values.len();
    if failed as f64 > MOST_FAILED * options.replicates as f64 {
        let why = format!("the statistic has no value in {failed} of {} resamples, so its limits cannot be trusted", options.replicates);
        return Err(StatsError::Undefined { why });
    }
    values.sort_by(f64::total_cmp);
    let kept = values.len() as f64;
    let mean = values.iter().sum::<f64>() / kept;
    let std_error = (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (kept - 1.0)).sqrt();
    let tail = (1.0 - options.level) / 2.0;
    let interval = |lower: f64, upper: f64| Interval {
        lower: interpolated(&values, lower),
        upper: interpolated(&values, upper),
        level: options.level,
    };
    let accelerated = if options.accelerated {
        let leave_one_out = jackknife(&mut counts, &finite);
        acceleration(&leave_one_out).and_then(|a| {
            let below = values.iter().filter(|&&value| value < estimate).count() as f64 / kept;
            (below > 0.0 && below < 1.0).then(|| {
                let z0 = normal_quantile(below);
                let adjusted = |p: f64| {
                    let z = z0 + normal_quantile(p);
                    normal_lower_p(z0 + z / (1.0 - a * z))
                };
                interval(adjusted(tail), adjusted(1.0 - tail))
            })
        })
    } else {
        None
    };
    Ok(Bootstrap {
        estimate,
        bias: mean - estimate,
        std_error,
        percentile: interval(tail, 1.0 - tail),
        accelerated,
        n_units,
        replicates: options.replicates,
        failed,
        seed: options.seed,
    })
}

fn members(n_units: usize, strata: Option<&[usize]>) -> Result<Vec<Vec<u32>>, StatsError> {
    let Some(strata) = strata else { return Ok(vec![(0..n_units as u32).collect()]) };
    if strata.len() != n_units {
        return Err(StatsError::LengthMismatch { what: "strata".to_owned(), found: strata.len(), expected: n_units });
    }
    let mut members = vec![vec![]; strata.iter().max().map_or(0, |last| last + 1)];
    (0_u32..).zip(strata).for_each(|(unit, &stratum)| members[stratum].push(unit));
    members.retain(|units: &Vec<u32>| !units.is_empty());
    Ok(members)
}

/// The statistic without each unit, or without each of as many blocks as are allowed.
fn jackknife(counts: &mut [u32], statistic: &(impl Fn(&[u32]) -> Option<f64> + Sync)) -> Vec<f64> {
    let n = counts.len();
    let blocks = n.min(MOST_JACKKNIFE);
    let all = counts.to_vec();
    (0..blocks)
        .into_par_iter()
        .map_init(
            || all.clone(),
            |counts, block| {
                let units = (block..n).step_by(blocks);
                units.clone().for_each(|unit| counts[unit] = 0);
                let value = statistic(counts);
                units.for_each(|unit| counts[unit] = 1);
                value
            },
        )
        .filter_map(|value| value)
        .collect()
}

fn acceleration(values: &[f64]) -> Option<f64> {
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    let (mut squares, mut cubes) = (0.0, 0.0);
    for value in values {
        let away = mean - value;
        squares += away * away;
        cubes += away * away * away;
    }
    (squares > 0.0).then(|| cubes / (6.0 * squares.powf(1.5)))
}

/// R's `norm.inter`: between order statistics, linear in the normal quantile of their rank.
fn interpolated(sorted: &[f64], p: f64) -> f64 {
    let count = sorted.len() as f64 + 1.0;
    let k = (count * p).floor();
    if k < 1.0 {
        return sorted[0];
    }
    let low = k as usize - 1;
    if low + 1 >= sorted.len() {
        return sorted[sorted.len() - 1];
    }
    let (from, to) = (normal_quantile(k / count), normal_quantile((k + 1.0) / count));
    sorted[low] + (normal_quantile(p) - from) / (to - from) * (sorted[low + 1] - sorted[low])
}
