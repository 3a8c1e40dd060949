//! What each unit contributes to a statistic.

use rayon::prelude::*;

use super::bootstrap::{Statistic, finite};
use super::plan::{Draw, ResamplingPlan};
use crate::stats::error::StatsError;

/// Influence of each unit on a statistic: the change of the statistic per share of weight moved to the unit, over the number of
/// units.
///
/// # Formula
/// ```text
/// dᵤ = (m − 1)/m (θ̄₍.₎ − θ₍₋ᵤ₎)        m units in the stratum of u, θ₍₋ᵤ₎ without u, θ̄₍.₎ their mean in the stratum
/// ```
/// or, where the statistic has its derivatives in closed form ([`Statistic::influence`]), their sum over the rows of the unit
/// (infinitesimal jackknife). `√Σ dᵤ²` is the jackknife standard error up to a factor √(m/(m − 1)).
///
/// # Edge cases
/// Units without which the statistic has no value count 0; if they are more than 5 %, that is an error.
///
/// # Errors
/// [`StatsError::FailedResamples`].
///
/// # Agrees with
/// R `boot::empinf(type = "jack")`, divided by the number of units in the stratum, centred.
///
/// # References
/// Efron & Tibshirani (1993), An Introduction to the Bootstrap, 11.5; Davison & Hinkley (1997), Bootstrap Methods, 2.7 and 3.2.1.
pub fn unit_influences<S: Statistic + ?Sized>(statistic: &S, plan: &ResamplingPlan) -> Result<Vec<f64>, StatsError> {
    if let Some(rows) = statistic.influence() {
        return Ok((0..plan.n_units()).map(|unit| plan.rows_of(unit).map(|row| rows[row]).sum()).collect());
    }
    let without: Vec<Option<f64>> = (0..plan.n_units())
        .into_par_iter()
        .with_min_len(16)
        .map_init(
            || Draw::whole(plan),
            |draw, unit| {
                draw.set(unit, 0);
                let value = finite(statistic.value(&draw.resample()));
                draw.set(unit, 1);
                value
            },
        )
        .collect();
    let failed = without.iter().filter(|value| value.is_none()).count();
    if failed * 20 > without.len() {
        return Err(StatsError::FailedResamples { failed, replicates: without.len() });
    }
    let mut influences = vec![0.0; without.len()];
    for stratum in plan.strata() {
        let values = || stratum.iter().filter_map(|&unit| without[unit as usize]);
        let Some(origin) = values().next() else { continue };
        let count = values().count() as f64;
        // From one of the values: a mean of large numbers would round away what differs.
        let mean = values().map(|value| value - origin).sum::<f64>() / count;
        let units = stratum.len() as f64;
        for &unit in stratum {
            influences[unit as usize] = without[unit as usize].map_or(0.0, |value| (units - 1.0) / units * (mean - (value - origin)));
        }
    }
    Ok(influences)
}
