//! Two weighted curves at one horizon: event-free probability and restricted mean, with errors by cluster.

use serde::Serialize;

use super::kaplan_meier::SurvivalCurve;
use super::rmst::{RmstDifference, rmst};
use super::time_to_event::TimeToEvent;
use crate::stats::distributions::{normal_quantile, normal_two_sided_p};
use crate::stats::error::{StatsError, check_level};
use crate::stats::estimate::{Estimate, Interval};
use crate::stats::hypothesis::TestResult;

/// A group of a comparison: its rows, its Kaplan–Meier curve, and the cluster of each row.
#[derive(Clone, Copy, Debug)]
pub struct ClusteredGroup<'a> {
    /// The rows, which may enter late and carry weights.
    pub rows: &'a TimeToEvent,
    /// Their product-limit curve.
    pub curve: &'a SurvivalCurve,
    /// A number for each row; equal numbers are one cluster in both groups.
    pub cluster: &'a [usize],
}

/// Event-free probability of two groups at a horizon and its difference.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct SurvivalDifference {
    /// Probability in the first group.
    pub first: Estimate,
    /// Probability in the second group.
    pub second: Estimate,
    /// Second less first.
    pub difference: Estimate,
    /// z test of no difference.
    pub test: TestResult,
}

/// Two curves compared at a horizon.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct HorizonContrast {
    /// The horizon.
    pub horizon: f64,
    /// Event-free probability there.
    pub survival: SurvivalDifference,
    /// Restricted mean up to it.
    pub rmst: RmstDifference,
}

/// Difference of two weighted curves at a horizon, and of their restricted means, with errors by cluster.
///
/// # Formula
/// ```text
/// Uᵢ(f) = −wᵢ Σ_{s ≤ τ} f(s) [dNᵢ(s) − Yᵢ(s) d(s)/n(s)] / (n(s) − d(s)),  f(s) = S(τ) for the probability, ∫ₛ^τ S for the mean
/// Var(second − first) = Σ_c (Σ_{i in c, second} Uᵢ − Σ_{i in c, first} Uᵢ)²
/// ```
/// over clusters `c` (infinitesimal jackknife), likewise for each group alone; z tests and normal intervals. `Yᵢ(s)` is 1 for
/// entry < s ≤ time. Weights are taken as known.
///
/// # Conventions
/// A patient who is in several rows of a group, or in both groups, is one cluster.
///
/// # Edge cases
/// Where all at risk have the event the curve is 0 from there on and adds nothing.
///
/// # Errors
/// As [`rmst`]; [`StatsError::LengthMismatch`]; [`StatsError::OneCluster`]; [`StatsError::UndefinedVariance`] if the clusters leave
/// no error.
///
/// # Agrees with
/// R survival 3.5-3 `residuals(survfit(Surv(start, stop, event) ~ 1, weights = w), times = τ, type = "pstate" | "rmst")` times the
/// weights, summed by cluster, squared and summed.
///
/// # References
/// Therneau & Grambsch (2000), Modeling Survival Data, section 2.2.
pub fn weighted_difference(
    first: ClusteredGroup<'_>,
    second: ClusteredGroup<'_>,
    horizon: f64,
    level: f64,
) -> Result<HorizonContrast, StatsError> {
    check_level(level)?;
    for group in [first, second] {
        if group.cluster.len() != group.rows.len() {
            return Err(StatsError::LengthMismatch { what: "cluster".to_owned(), found: group.cluster.len(), expected: group.rows.len() });
        }
    }
    let all = || first.cluster.iter().chain(second.cluster);
    let n_clusters = all().max().map_or(0, |last| last + 1);
    if all().all(|cluster| Some(cluster) == first.cluster.first()) {
        return Err(StatsError::OneCluster);
    }
    let means = [rmst(first.curve, horizon)?.estimate, rmst(second.curve, horizon)?.estimate];
    let probabilities = [first, second].map(|group| at(group.curve, horizon));
    let parts = [first, second].map(|group| Influences::of(group, horizon, n_clusters));
    let contrast = |values: [f64; 2], of: fn(&Influences) -> &[f64], what: &'static str, method: &'static str| {
        let [one, two] = [of(&parts[0]), of(&parts[1])];
        let length = |sums: &mut dyn Iterator<Item = f64>| sums.map(|sum| sum * sum).sum::<f64>().sqrt();
        let errors = [length(&mut one.iter().copied()), length(&mut two.iter().copied())];
        let std_error = length(&mut one.iter().zip(two).map(|(one, two)| two - one));
        if std_error <= 0.0 {
            return Err(StatsError::UndefinedVariance { what });
        }
        let z = normal_quantile(0.5 + level / 2.0);
        let estimate = |estimate: f64, std_error: f64| Estimate {
            estimate,
            std_error,
            interval: Some(Interval { lower: estimate - z * std_error, upper: estimate + z * std_error, level }),
        };
        let difference = values[1] - values[0];
        let statistic = difference / std_error;
        let test = TestResult { method, statistic, df: None, p_value: normal_two_sided_p(statistic) };
        Ok((estimate(values[0], errors[0]), estimate(values[1], errors[1]), estimate(difference, std_error), test))
    };
    let survival = contrast(
        probabilities,
        |part| &part.survival,
        "the error of the difference at the horizon",
        "z test of a difference at one time, errors by cluster",
    )
    .map(|(first, second, difference, test)| SurvivalDifference { first, second, difference, test })?;
    let rmst = contrast(
        means,
        |part| &part.mean,
        "the error of the restricted means by cluster",
        "z test of the restricted mean difference, errors by cluster",
    )
    .map(|(first, second, difference, test)| RmstDifference { first, second, difference, test, horizon })?;
    Ok(HorizonContrast { horizon, survival, rmst })
}

/// The curve after the last time up to the horizon.
fn at(curve: &SurvivalCurve, horizon: f64) -> f64 {
    match curve.time.partition_point(|&time| time <= horizon) {
        0 => 1.0,
        rows => curve.estimate[rows - 1],
    }
}

/// Derivatives by the weights, times the weights, summed by cluster.
struct Influences {
    survival: Vec<f64>,
    mean: Vec<f64>,
}

impl Influences {
    fn of(group: ClusteredGroup<'_>, horizon: f64, n_clusters: usize) -> Self {
        let curve = group.curve;
        let steps = curve.time.partition_point(|&time| time <= horizon);
        let last = at(curve, horizon);
        // The area ahead of each time, from the horizon back.
        let mut ahead = vec![0.0; steps];
        let (mut area, mut right) = (0.0_f64, horizon);
        for step in (0..steps).rev() {
            area += curve.estimate[step] * (right - curve.time[step]);
            right = curve.time[step];
            ahead[step] = area;
        }
        // What an event at a time takes away from its row, and what being at risk has given it by then.
        let own = |step: usize, f: f64| {
            let left = curve.at_risk[step] - curve.events[step];
            if left > 1e-12 * curve.at_risk[step] { f / left } else { 0.0 }
        };
        let running = |f: &dyn Fn(usize) -> f64| {
            let mut sum = 0.0;
            let mut sums = vec![0.0];
            for step in 0..steps {
                if curve.events[step] > 0.0 {
                    sum += own(step, f(step)) * curve.events[step] / curve.at_risk[step];
                }
                sums.push(sum);
            }
            sums
        };
        let (by_survival, by_mean) = (running(&|_| last), running(&|step| ahead[step]));
        let mut found = Self { survival: vec![0.0; n_clusters], mean: vec![0.0; n_clusters] };
        let rows = group.rows;
        for (row, (&time, &event)) in rows.time().iter().zip(rows.event()).enumerate() {
            let up_to = |time: f64| curve.time[..steps].partition_point(|&step| step <= time);
            let to = up_to(time);
            let from = rows.entry().map_or(0, |entry| up_to(entry[row]));
            let (mut survival, mut mean) = (by_survival[to] - by_survival[from], by_mean[to] - by_mean[from]);
            if event && time <= horizon && to > 0 {
                survival -= own(to - 1, last);
                mean -= own(to - 1, ahead[to - 1]);
            }
            let (weight, cluster) = (rows.weight(row), group.cluster[row]);
            found.survival[cluster] += weight * survival;
            found.mean[cluster] += weight * mean;
        }
        found
    }
}
