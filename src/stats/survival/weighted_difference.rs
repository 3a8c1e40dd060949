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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::resampling::clustered_rmst_difference;
    use crate::stats::survival::{CurveInterval, kaplan_meier};

    fn rows(n: u32, seed: u32) -> TimeToEvent {
        let time = (0..n).map(|row| f64::from(1 + (row * 37 + seed * 11) % 61)).collect();
        TimeToEvent::new(time, (0..n).map(|row| !(row + seed).is_multiple_of(3)).collect()).unwrap()
    }

    fn contrast(first: &TimeToEvent, second: &TimeToEvent, clusters: (&[usize], &[usize])) -> HorizonContrast {
        let curve = |rows: &TimeToEvent| kaplan_meier(rows, CurveInterval::LogLog, 0.95).unwrap();
        let (one, two) = (curve(first), curve(second));
        let part = |rows, curve, cluster| ClusteredGroup { rows, curve, cluster };
        weighted_difference(part(first, &one, clusters.0), part(second, &two, clusters.1), 50.0, 0.95).unwrap()
    }

    #[test]
    fn without_weights_it_is_the_clustered_difference_of_restricted_means() {
        let (first, second) = (rows(40, 1), rows(50, 2));
        // Every patient has a row in each group, some two.
        let clusters: (Vec<usize>, Vec<usize>) = ((0..40).map(|row| row % 25).collect(), (0..50).map(|row| row % 25).collect());
        let found = contrast(&first, &second, (&clusters.0, &clusters.1)).rmst;
        let known = clustered_rmst_difference((&first, &clusters.0), (&second, &clusters.1), 50.0, 0.95).unwrap();
        for (found, known) in [(found.first, known.first), (found.second, known.second), (found.difference, known.difference)] {
            assert!((found.estimate - known.estimate).abs() < 1e-9 && (found.std_error - known.std_error).abs() < 1e-9);
        }
    }

    #[test]
    fn rows_cut_in_two_at_any_time_say_the_same() {
        let (first, second) = (rows(40, 1), rows(50, 2));
        let (one, two): (Vec<usize>, Vec<usize>) = ((0..40).collect(), (40..90).collect());
        let whole = contrast(&first, &second, (&one, &two));
        let (mut from, mut to, mut event, mut cluster) = (vec![], vec![], vec![], vec![]);
        for row in 0..40 {
            let (time, middle) = (first.time()[row], (first.time()[row] / 2.0).floor());
            if middle > 0.0 {
                from.push(0.0);
                to.push(middle);
                event.push(false);
                cluster.push(row);
            }
            from.push(middle);
            to.push(time);
            event.push(first.event()[row]);
            cluster.push(row);
        }
        let cut = TimeToEvent::new(to, event).unwrap().with_entry(from).unwrap();
        let found = contrast(&cut, &second, (&cluster, &two));
        for (found, whole) in [(found.survival.difference, whole.survival.difference), (found.rmst.difference, whole.rmst.difference)] {
            assert!((found.estimate - whole.estimate).abs() < 1e-9 && (found.std_error - whole.std_error).abs() < 1e-9);
        }
    }

    #[test]
    fn the_difference_at_a_time_by_hand() {
        // Four rows each, all events: S(2) is 1/2 of the first (events on days 1, 2, 5, 6), 3/4 of the second (1, 4, 5, 6).
        // Without censoring a row moves a share by (1[t > 2] − S)/4: errors √(4 · (1/8)²) = 1/4 and √(3 · (1/16)² + (3/16)²) = √3/8.
        let of = |times: [f64; 4]| TimeToEvent::new(times.to_vec(), vec![true; 4]).unwrap();
        let (first, second) = (of([1.0, 2.0, 5.0, 6.0]), of([1.0, 4.0, 5.0, 6.0]));
        let curve = |rows: &TimeToEvent| kaplan_meier(rows, CurveInterval::LogLog, 0.95).unwrap();
        let (one, two) = (curve(&first), curve(&second));
        let part = |rows, curve, cluster| ClusteredGroup { rows, curve, cluster };
        let found = weighted_difference(part(&first, &one, &[0, 1, 2, 3]), part(&second, &two, &[4, 5, 6, 7]), 2.0, 0.95).unwrap().survival;
        assert!((found.difference.estimate - 0.25).abs() < 1e-12);
        assert!((found.first.std_error - 0.25).abs() < 1e-12, "{found:?}");
        assert!((found.second.std_error - 3.0_f64.sqrt() / 8.0).abs() < 1e-12, "{found:?}");
        assert!((found.difference.std_error - (1.0_f64 / 16.0 + 3.0 / 64.0).sqrt()).abs() < 1e-12);
    }
}
