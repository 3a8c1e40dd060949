//! Two samples compared by ranks, with the shift between them.

use serde::Serialize;

use super::calculation::Calculation;
use super::exact_ranks::{limit_rank, rank_sum_distribution, two_sided};
use super::pairwise_order::{kth_difference, median_of};
use super::ranks::Ranks;
use crate::stats::distributions::{normal_lower_p, normal_quantile, normal_two_sided_p};
use crate::stats::error::{StatsError, check_finite, check_level};
use crate::stats::estimate::Interval;
use crate::stats::hypothesis::TestResult;

/// A rank-sum test and the shift that goes with it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct RankSum {
    /// Test of equal distributions; the statistic is W, the pairs with the first sample's value above, ties counting half.
    pub test: TestResult,
    /// Whether p value and limits are exact.
    pub exact: bool,
    /// W over the number of pairs: the chance that a value of the first sample lies above one of the second.
    pub probability_above: f64,
    /// Hodges–Lehmann shift: median of all differences, first less second.
    pub shift: f64,
    /// Its limits, at the level they reach; `None` if they reach none.
    pub interval: Option<Interval>,
}

/// Limits of a shift by the normal approximation: their rank from either end and their level. `pairs` pairs, of which the
/// statistic counts those above with standard deviation `sigma`.
pub(super) fn approximate_limit_rank(pairs: f64, sigma: f64, correction: f64, level: f64) -> (u64, f64) {
    let spread = normal_quantile(0.5 + level / 2.0) * sigma;
    let rank = (pairs / 2.0 - correction - spread).floor() + 1.0;
    if rank >= 1.0 {
        return (rank as u64, level);
    }
    // Even the outermost pairs fall short.
    (1, 1.0 - 2.0 * normal_lower_p((correction - pairs / 2.0) / sigma))
}

/// Mann–Whitney (Wilcoxon rank-sum) test with the Hodges–Lehmann shift.
///
/// # Formula
/// ```text
/// W = Σ ranks of the first − n(n + 1)/2,   z = (W − nm/2 ∓ ½) / √(nm/12 · (N + 1 − Σ(t³ − t)/(N(N − 1))))
/// shift = median of xᵢ − yⱼ;   limits: the differences of rank C and nm + 1 − C
/// exact: C the smallest q ≥ 1 with P(W ≤ q) ≥ α/2;   else C = ⌊nm/2 − ½ − z σ⌋ + 1
/// ```
/// ∓ ½ towards 0, with the continuity correction only.
///
/// # Conventions
/// [`Calculation::Automatic`] is exact below 50 values in each sample without ties, as R. R finds estimate and limits of the
/// approximate test by root search to 1e-4; here they are the order statistics that search closes in on, with σ for the ties
/// inside each sample (none across them, once one sample is shifted).
///
/// # Edge cases
/// Samples too small for the level: the outermost differences, with the level those reach.
///
/// # Errors
/// [`StatsError::NoVariation`] if all values are equal, [`StatsError::NotPossible`] for an exact test with ties or of more than
/// 40 000 pairs, [`StatsError::EmptySample`], [`StatsError::NotFinite`], [`StatsError::InvalidLevel`].
///
/// # Agrees with
/// R `wilcox.test(first, second, conf.int = TRUE)`.
///
/// # References
/// Mann & Whitney (1947), Annals of Mathematical Statistics 18:50–60; Hodges & Lehmann (1963), ibid. 34:598–611.
pub fn rank_sum(first: &[f64], second: &[f64], calculation: Calculation, continuity: bool, level: f64) -> Result<RankSum, StatsError> {
    check_level(level)?;
    check_finite("first sample", first)?;
    check_finite("second sample", second)?;
    if first.is_empty() || second.is_empty() {
        return Err(StatsError::EmptySample);
    }
    let (n, m) = (first.len() as f64, second.len() as f64);
    let total = n + m;
    let ranks = Ranks::of(&[first, second].concat());
    let statistic = ranks.ranks[..first.len()].iter().sum::<f64>() - n * (n + 1.0) / 2.0;
    let (mut x, mut y) = (first.to_vec(), second.to_vec());
    x.sort_unstable_by(f64::total_cmp);
    y.sort_unstable_by(f64::total_cmp);
    if !(x[x.len() - 1] - y[0]).is_finite() || !(x[0] - y[y.len() - 1]).is_finite() {
        return Err(StatsError::NotPossible { what: "the shift", reason: "the values are too large to be subtracted" });
    }
    let pairs = first.len() as u64 * second.len() as u64;
    let tied = !ranks.ties.is_empty();
    let exact = match calculation {
        Calculation::Automatic => !tied && first.len() < 50 && second.len() < 50,
        Calculation::Exact if tied => {
            return Err(StatsError::NotPossible { what: "an exact rank-sum test", reason: "there are tied values" });
        }
        Calculation::Exact => true,
        Calculation::Asymptotic => false,
    };
    let (method, p_value, (rank, reached));
    if exact {
        let Some(distribution) = rank_sum_distribution(first.len(), second.len()) else {
            return Err(StatsError::NotPossible { what: "an exact rank-sum test", reason: "the samples are too large" });
        };
        method = "exact Wilcoxon rank-sum test";
        p_value = two_sided(&distribution, statistic.round() as usize);
        (rank, reached) = limit_rank(&distribution, level);
    } else {
        let sigma_with = |ties: f64| (n * m / 12.0 * (total + 1.0 - ties / (total * (total - 1.0)))).max(0.0).sqrt();
        let sigma = sigma_with(ranks.tie_sum());
        // All tied: the difference above is 0 but for rounding.
        if ranks.ties.first().is_some_and(|&t| t >= total) || sigma <= 0.0 {
            return Err(StatsError::NoVariation { what: "the values of both samples" });
        }
        let centred = statistic - n * m / 2.0;
        let correction = if continuity { 0.5 } else { 0.0 };
        method = if continuity { "Wilcoxon rank-sum test with continuity correction" } else { "Wilcoxon rank-sum test" };
        p_value = normal_two_sided_p((centred.abs() - if centred.abs() > 0.0 { correction } else { 0.0 }) / sigma).min(1.0);
        let inside = sigma_with(Ranks::of(&x).tie_sum() + Ranks::of(&y).tie_sum());
        (rank, reached) = approximate_limit_rank(n * m, inside, correction, level);
    }
    let shift = median_of(pairs, |k| kth_difference(&x, &y, k));
    let interval = (reached > 0.0).then(|| Interval {
        lower: kth_difference(&x, &y, rank),
        upper: kth_difference(&x, &y, pairs + 1 - rank),
        level: reached,
    });
    let test = TestResult { method, statistic, df: None, p_value };
    Ok(RankSum { test, exact, probability_above: statistic / (n * m), shift, interval })
}
