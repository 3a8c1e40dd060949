//! Mann–Whitney (Wilcoxon rank-sum) test with the Hodges–Lehmann shift.

use serde::Serialize;

use super::ranks::{kth_smallest, median_of, mid_ranks, tie_sum};
use crate::stats::distributions::{normal_quantile, normal_two_sided_p};
use crate::stats::error::{StatsError, check_finite, check_level};
use crate::stats::estimate::Interval;
use crate::stats::hypothesis::TestResult;

/// How a rank test gets its p value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RankTestOptions {
    /// The exact distribution (only without ties); `None`: as R, exact without ties below 50 values a sample.
    pub exact: Option<bool>,
    /// Continuity correction of the normal approximation.
    pub continuity: bool,
}

impl Default for RankTestOptions {
    fn default() -> Self {
        Self { exact: None, continuity: true }
    }
}

/// A Mann–Whitney test.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct MannWhitney {
    /// Pairs in which the first sample's value is larger, ties half (R's W).
    pub u: f64,
    /// The test; its statistic is U.
    pub test: TestResult,
    /// Whether p is exact.
    pub exact: bool,
    /// P(first > second) + ½ P(equal), U over the number of pairs.
    pub probability_of_superiority: f64,
    /// Hodges–Lehmann: the median of all differences, first less second.
    pub shift: f64,
    /// Interval of the shift: order statistics of the differences; `None` where there are too few for the level.
    pub shift_interval: Option<Interval>,
}

/// The exact distribution takes about this many steps at most.
const MOST_STEPS: usize = 1_000_000_000;

/// Mann–Whitney test that neither of two samples tends to larger values.
///
/// # Formula
/// ```text
/// U = R₁ − n(n + 1)/2,   z = (U − nm/2 ∓ ½) / √(nm/12 · [(N + 1) − Σ(t³ − t)/(N(N − 1))])
/// ```
/// R₁ the rank sum of the first sample, ties at their mean rank.
///
/// # Conventions
/// The shift is the median of the nm differences and its limits their order statistics, whatever the p value's method; R's
/// `conf.int` searches for the zero of z instead when not exact and agrees to its tolerance of 1e-4.
///
/// # Errors
/// [`StatsError::EmptySample`], [`StatsError::NotFinite`], [`StatsError::InvalidLevel`]; [`StatsError::Undefined`] if all values are
/// equal, or if the exact p value is asked for with ties or for samples of several
/// hundreds.
///
/// # Agrees with
/// R `wilcox.test(x, y, exact = …, correct = …)`.
///
/// # References
/// Mann & Whitney (1947); Hodges & Lehmann (1963), Ann Math Stat 34:598–611.
pub fn mann_whitney(x: &[f64], y: &[f64], options: RankTestOptions, level: f64) -> Result<MannWhitney, StatsError> {
    check_level(level)?;
    for sample in [x, y] {
        if sample.is_empty() {
            return Err(StatsError::EmptySample);
        }
        check_finite("values", sample)?;
    }
    let (n, m) = (x.len(), y.len());
    let (nf, mf) = (n as f64, m as f64);
    let all: Vec<f64> = x.iter().chain(y).copied().collect();
    let ties = tie_sum(&all);
    let u = mid_ranks(&all)[..n].iter().sum::<f64>() - nf * (nf + 1.0) / 2.0;
    let total = nf + mf;
    let variance = nf * mf / 12.0 * ((total + 1.0) - ties / (total * (total - 1.0)));
    if variance <= 0.0 {
        return Err(StatsError::Undefined { why: "all values are equal, so there is nothing to rank".to_owned() });
    }
    let exact = options.exact.unwrap_or(ties == 0.0 && n < 50 && m < 50);
    if exact && (ties > 0.0 || (n + m) * n.min(m) * n * m > MOST_STEPS) {
        return Err(StatsError::Undefined { why: "the exact p value needs values without ties, and not too many of them".to_owned() });
    }
    let z_level = normal_quantile(0.5 + level / 2.0);
    let pairs = (n * m) as u64;
    let (p_value, below) = if exact {
        let counts = cumulative(&rank_sum_distribution(n, m));
        let lower = if u > nf * mf / 2.0 { 1.0 - counts[u as usize - 1] } else { counts[u as usize] };
        // The limits leave out as many differences at each end as have less than half the error in probability.
        (2.0 * lower.min(1.0), counts.partition_point(|&share| share < (1.0 - level) / 2.0) as u64)
    } else {
        let away = u - nf * mf / 2.0;
        let correction = if options.continuity { 0.5 * away.signum() } else { 0.0 };
        let z = if away == 0.0 { 0.0 } else { (away - correction) / variance.sqrt() };
        (normal_two_sided_p(z), (nf * mf / 2.0 - z_level * variance.sqrt()).round().max(0.0) as u64)
    };
    let (mut sx, mut sy) = (x.to_vec(), y.to_vec());
    sx.sort_by(f64::total_cmp);
    sy.sort_by(f64::total_cmp);
    // Differences x − y up to v, counted with one pointer: for rising x the y's with x − y ≤ v move up.
    let count = |v: f64| {
        let mut from = 0;
        let mut found = 0;
        for &x in &sx {
            while from < m && x - sy[from] > v {
                from += 1;
            }
            found += (m - from) as u64;
        }
        found
    };
    let kth = |k: u64| kth_smallest(k, count);
    let shift_interval = (below >= 1).then(|| Interval { lower: kth(below), upper: kth(pairs + 1 - below), level });
    Ok(MannWhitney {
        u,
        test: TestResult { method: "Mann-Whitney test", statistic: u, df: None, p_value: p_value.min(1.0) },
        exact,
        probability_of_superiority: u / (nf * mf),
        shift: median_of(pairs, kth),
        shift_interval,
    })
}

/// P(U = u) for u = 0 … nm, without ties: how many ways the ranks of the smaller sample can have each sum. Only sums of positive
/// terms, so that the tails keep their digits.
fn rank_sum_distribution(n: usize, m: usize) -> Vec<f64> {
    let (few, total, width) = (n.min(m), n + m, n * m + 1);
    // shares[k][u]: of the ranks so far k are taken, with U = u; each rank is taken with the probability that is left for it.
    let mut shares = vec![vec![0.0; width]; few + 1];
    shares[0][0] = 1.0;
    for rank in 1..=total {
        for k in (0..=few.min(rank)).rev() {
            // Before this rank, k or k − 1 were taken of rank − 1.
            let skipped = (rank - 1).checked_sub(k).map_or(0.0, |others| (total - few).saturating_sub(others) as f64);
            let left = (total - rank + 1) as f64;
            let taken = (few + 1).saturating_sub(k) as f64 / left;
            // The k-th smallest taken at this rank adds the number of others below it to U.
            let shift = rank - k.min(rank);
            for u in (0..width).rev() {
                let stay = shares[k][u] * skipped / left;
                let come = if k >= 1 && u >= shift { shares[k - 1][u - shift] * taken } else { 0.0 };
                shares[k][u] = stay + come;
            }
        }
    }
    shares.swap_remove(few)
}

fn cumulative(shares: &[f64]) -> Vec<f64> {
    shares
        .iter()
        .scan(0.0, |sum, share| {
            *sum += share;
            Some(*sum)
        })
        .collect()
}
