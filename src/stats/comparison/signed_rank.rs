//! Paired differences compared with zero by ranks, with their pseudo-median.

use serde::Serialize;

use super::calculation::Calculation;
use super::exact_ranks::{limit_rank, signed_rank_distribution, two_sided};
use super::pairwise_order::{kth_walsh_average, median_of};
use super::rank_sum::approximate_limit_rank;
use super::ranks::Ranks;
use crate::stats::distributions::normal_two_sided_p;
use crate::stats::error::{StatsError, check_finite, check_level};
use crate::stats::estimate::Interval;
use crate::stats::hypothesis::TestResult;

/// A signed-rank test and the pseudo-median that goes with it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct SignedRank {
    /// Differences other than zero.
    pub n: usize,
    /// Zeros, left out.
    pub zeros: usize,
    /// Test of symmetry around zero; the statistic is V, the sum of the ranks of positive differences.
    pub test: TestResult,
    /// Whether p value and limits are exact.
    pub exact: bool,
    /// Hodges–Lehmann pseudo-median: median of all averages of two differences.
    pub pseudo_median: f64,
    /// Its limits, at the level they reach; `None` if they reach none.
    pub interval: Option<Interval>,
}

/// Wilcoxon signed-rank test of differences, with the Hodges–Lehmann pseudo-median.
///
/// # Formula
/// ```text
/// V = Σ ranks of |d| over d > 0,   z = (V − M/2 ∓ ½) / √(n(n + 1)(2n + 1)/24 − Σ(t³ − t)/48),   M = n(n + 1)/2
/// pseudo-median = median of (dᵢ + dⱼ)/2, i ≤ j;   limits: the averages of rank C and M + 1 − C
/// exact: C the smallest q ≥ 1 with P(V ≤ q) ≥ α/2;   else C = ⌊M/2 − ½ − z σ⌋ + 1
/// ```
/// ∓ ½ towards 0, with the continuity correction only.
///
/// # Conventions
/// Zeros are dropped (Wilcoxon), also for the pseudo-median, as R. [`Calculation::Automatic`] is exact below 50 differences without
/// ties and zeros. R finds estimate and limits of the approximate test by root search to 1e-4; here they are the order statistics
/// that search closes in on, with σ for differences that are equal (not merely opposite). In small samples with ties R's search may
/// fall back to a lower level where these limits still reach the one asked for.
///
/// # Edge cases
/// Too few differences for the level: the outermost averages, with the level those reach.
///
/// # Errors
/// [`StatsError::NoVariation`] if all differences are zero, [`StatsError::NotPossible`] for an exact test with ties, with zeros or
/// of more than 1000 differences, [`StatsError::EmptySample`], [`StatsError::NotFinite`], [`StatsError::InvalidLevel`].
///
/// # Agrees with
/// R `wilcox.test(differences, conf.int = TRUE)`, with `paired = TRUE` for two samples.
///
/// # References
/// Wilcoxon (1945), Biometrics Bulletin 1:80–83; Hollander & Wolfe (1999), Nonparametric Statistical Methods, 3.1–3.3.
pub fn signed_rank(differences: &[f64], calculation: Calculation, continuity: bool, level: f64) -> Result<SignedRank, StatsError> {
    check_level(level)?;
    check_finite("differences", differences)?;
    if differences.is_empty() {
        return Err(StatsError::EmptySample);
    }
    let mut kept: Vec<f64> = differences.iter().copied().filter(|&difference| difference != 0.0).collect();
    let zeros = differences.len() - kept.len();
    if kept.is_empty() {
        return Err(StatsError::NoVariation { what: "the differences (all zero)" });
    }
    kept.sort_unstable_by(f64::total_cmp);
    if kept[0].abs().max(kept[kept.len() - 1].abs()) > f64::MAX / 2.0 {
        return Err(StatsError::NotPossible { what: "the pseudo-median", reason: "the values are too large to be added" });
    }
    let n = kept.len() as f64;
    let ranks = Ranks::of(&kept.iter().map(|difference| difference.abs()).collect::<Vec<f64>>());
    let positive = kept.iter().zip(&ranks.ranks).filter(|(difference, _)| **difference > 0.0);
    let statistic = positive.fold(0.0, |sum, (_, rank)| sum + rank);
    let pairs = kept.len() as u64 * (kept.len() as u64 + 1) / 2;
    let clean = ranks.ties.is_empty() && zeros == 0;
    let exact = match calculation {
        Calculation::Automatic => clean && kept.len() < 50,
        Calculation::Exact if !clean => {
            return Err(StatsError::NotPossible { what: "an exact signed-rank test", reason: "there are tied differences or zeros" });
        }
        Calculation::Exact => true,
        Calculation::Asymptotic => false,
    };
    let (method, p_value, (rank, reached));
    if exact {
        let Some(distribution) = signed_rank_distribution(kept.len()) else {
            return Err(StatsError::NotPossible { what: "an exact signed-rank test", reason: "the sample is too large" });
        };
        method = "exact Wilcoxon signed-rank test";
        p_value = two_sided(&distribution, statistic.round() as usize);
        (rank, reached) = limit_rank(&distribution, level);
    } else {
        let sigma_with = |ties: f64| (n * (n + 1.0) * (2.0 * n + 1.0) / 24.0 - ties / 48.0).sqrt();
        let centred = statistic - n * (n + 1.0) / 4.0;
        let correction = if continuity { 0.5 } else { 0.0 };
        method = if continuity { "Wilcoxon signed-rank test with continuity correction" } else { "Wilcoxon signed-rank test" };
        let distance = centred.abs() - if centred.abs() > 0.0 { correction } else { 0.0 };
        p_value = normal_two_sided_p(distance / sigma_with(ranks.tie_sum())).min(1.0);
        (rank, reached) = approximate_limit_rank(pairs as f64, sigma_with(Ranks::of(&kept).tie_sum()), correction, level);
    }
    let pseudo_median = median_of(pairs, |k| kth_walsh_average(&kept, k));
    let interval = (reached > 0.0).then(|| Interval {
        lower: kth_walsh_average(&kept, rank),
        upper: kth_walsh_average(&kept, pairs + 1 - rank),
        level: reached,
    });
    let test = TestResult { method, statistic, df: None, p_value };
    Ok(SignedRank { n: kept.len(), zeros, test, exact, pseudo_median, interval })
}
