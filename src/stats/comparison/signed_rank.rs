//! Wilcoxon signed-rank test with the pseudo-median.

use serde::Serialize;

use super::rank_sum::RankTestOptions;
use super::ranks::{kth_smallest, median_of, mid_ranks, tie_sum};
use crate::stats::distributions::{normal_quantile, normal_two_sided_p};
use crate::stats::error::{StatsError, check_finite, check_level};
use crate::stats::estimate::Interval;
use crate::stats::hypothesis::TestResult;

/// A signed-rank test.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct SignedRank {
    /// Differences that are not 0.
    pub n: usize,
    /// Differences of 0, left out.
    pub zeros: usize,
    /// The test; its statistic is V, the rank sum of the positive differences.
    pub test: TestResult,
    /// Whether p is exact.
    pub exact: bool,
    /// Median of all pairwise means of differences (Hodges–Lehmann).
    pub pseudo_median: f64,
    /// Its interval: order statistics of these means; `None` where there are too few for the level.
    pub interval: Option<Interval>,
}

/// Wilcoxon signed-rank test that differences are symmetric about 0.
///
/// # Formula
/// ```text
/// V = Σ_{d > 0} rank |d|,   z = (V − n(n + 1)/4 ∓ ½) / √(n(n + 1)(2n + 1)/24 − Σ(t³ − t)/48)
/// ```
///
/// # Conventions
/// Zeros are dropped first. Without ties and zeros, below 50 differences, p is exact unless asked otherwise (R's rule).
///
/// # Errors
/// As [`super::mann_whitney`]; [`StatsError::Undefined`] if all differences are 0.
///
/// # Agrees with
/// R `wilcox.test(x, y, paired = TRUE, exact = …)` for V and p.
///
/// # References
/// Wilcoxon (1945), Biometrics Bulletin 1:80–83.
pub fn signed_rank(differences: &[f64], options: RankTestOptions, level: f64) -> Result<SignedRank, StatsError> {
    check_level(level)?;
    if differences.is_empty() {
        return Err(StatsError::EmptySample);
    }
    check_finite("differences", differences)?;
    let mut kept: Vec<f64> = differences.iter().copied().filter(|&difference| difference != 0.0).collect();
    kept.sort_by(f64::total_cmp);
    let (n, zeros) = (kept.len(), differences.len() - kept.len());
    if n == 0 {
        return Err(StatsError::Undefined { why: "all differences are 0, so there is nothing to rank".to_owned() });
    }
    let sizes: Vec<f64> = kept.iter().map(|difference| difference.abs()).collect();
    let ties = tie_sum(&sizes);
    let ranks = mid_ranks(&sizes);
    let v: f64 = kept.iter().zip(&ranks).filter(|(difference, _)| **difference > 0.0).map(|(_, rank)| rank).sum();
    let nf = n as f64;
    let (centre, variance) = (nf * (nf + 1.0) / 4.0, nf * (nf + 1.0) * (2.0 * nf + 1.0) / 24.0 - ties / 48.0);
    let exact = options.exact.unwrap_or(ties == 0.0 && zeros == 0 && n < 50);
    if exact && (ties > 0.0 || n > 1000) {
        return Err(StatsError::Undefined { why: "the exact p value needs differences without ties, at most 1,000 of them".to_owned() });
    }
    let pairs = (n * (n + 1) / 2) as u64;
    let (p_value, below) = if exact {
        let shares = distribution(n);
        let mut sum = 0.0;
        let counts: Vec<f64> = shares
            .iter()
            .map(|share| {
                sum += share;
                sum
            })
            .collect();
        let tail = if v > centre { 1.0 - counts[v as usize - 1] } else { counts[v as usize] };
        (2.0 * tail, counts.partition_point(|&share| share < (1.0 - level) / 2.0) as u64)
    } else {
        let away = v - centre;
        let correction = if options.continuity { 0.5 * away.signum() } else { 0.0 };
        let z = if away == 0.0 { 0.0 } else { (away - correction) / variance.sqrt() };
        (normal_two_sided_p(z), (centre - normal_quantile(0.5 + level / 2.0) * variance.sqrt()).round().max(0.0) as u64)
    };
    // Pairs i ≤ j whose mean is at most v, counted with one pointer from the far end.
    let count = |v: f64| {
        let (mut found, mut end) = (0, n);
        for i in 0..n {
            while end > i && f64::midpoint(kept[i], kept[end - 1]) > v {
                end -= 1;
            }
            found += end.saturating_sub(i) as u64;
        }
        found
    };
    let kth = |k: u64| kth_smallest(k, count);
    let interval = (below >= 1).then(|| Interval { lower: kth(below), upper: kth(pairs + 1 - below), level });
    Ok(SignedRank {
        n,
        zeros,
        test: TestResult { method: "Wilcoxon signed-rank test", statistic: v, df: None, p_value: p_value.min(1.0) },
        exact,
        pseudo_median: median_of(pairs, kth),
        interval,
    })
}

/// P(V = v) for v = 0 … n(n + 1)/2: each rank is in or out with probability one half.
fn distribution(n: usize) -> Vec<f64> {
    let mut shares = vec![0.0; n * (n + 1) / 2 + 1];
    shares[0] = 1.0;
    for rank in 1..=n {
        for at in (0..shares.len()).rev() {
            let with = if at >= rank { shares[at - rank] } else { 0.0 };
            shares[at] = 0.5 * (shares[at] + with);
        }
    }
    shares
}
