//! Mann–Kendall test of a trend, Kendall's τ.

use serde::Serialize;

use super::distributions::normal_two_sided_p;
use super::error::{StatsError, check_finite};
use super::hypothesis::TestResult;
use super::inversions::count_inversions;

/// A Mann–Kendall test.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct MannKendall {
    /// Number of values.
    pub n: usize,
    /// S: pairs that rise less pairs that fall.
    pub score: i64,
    /// Variance of S without a trend, ties taken into account.
    pub variance: f64,
    /// Kendall's τ (τ-b): S over what it could be with these ties.
    pub tau: f64,
    /// z test with continuity correction.
    pub test: TestResult,
}

/// Numbers of pairs by how x and y order them.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct PairSigns {
    n: usize,
    /// Pairs with different x of which y falls.
    pub(super) falling: u64,
    /// Pairs with different x of which y is the same.
    pub(super) level: u64,
    /// Pairs with different x of which y rises.
    pub(super) rising: u64,
    /// Sizes of the groups of tied x.
    x_ties: Vec<u64>,
    /// Sizes of the groups of tied y.
    y_ties: Vec<u64>,
}

impl PairSigns {
    /// Variance of S without a trend, with ties in x and in y.
    pub(super) fn variance_of_score(&self) -> f64 {
        let n = self.n as f64;
        let sum = |ties: &[u64], of: fn(f64) -> f64| ties.iter().map(|&size| of(size as f64)).sum::<f64>();
        let v = |k: f64| k * (k - 1.0) * (2.0 * k + 5.0);
        let two = |k: f64| k * (k - 1.0);
        let three = |k: f64| k * (k - 1.0) * (k - 2.0);
        let (x_ties, y_ties) = (&self.x_ties, &self.y_ties);
        let mut variance = (v(n) - sum(y_ties, v) - sum(x_ties, v)) / 18.0;
        if !x_ties.is_empty() && !y_ties.is_empty() {
            variance += sum(y_ties, two) * sum(x_ties, two) / (2.0 * two(n));
            // Of two points there are no triples.
            variance += sum(y_ties, three) * sum(x_ties, three) / (9.0 * three(n)).max(1.0);
        }
        variance
    }
}

fn pairs(n: u64) -> u64 {
    n * n.saturating_sub(1) / 2
}

/// Sizes of the runs of equal values, ones left out.
fn ties<T>(sorted: &[T], equal: impl Fn(&T, &T) -> bool) -> Vec<u64> {
    sorted.chunk_by(equal).map(|run| run.len() as u64).filter(|&size| size > 1).collect()
}

/// Counts the pairs in O(n log n); values must be finite, x and y of one length.
pub(super) fn pair_signs(x: &[f64], y: &[f64]) -> PairSigns {
    // 0 added turns −0 into 0, which orders before it and yet is equal.
    let mut points: Vec<(f64, f64)> = x.iter().zip(y).map(|(x, y)| (x + 0.0, y + 0.0)).collect();
    points.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let x_ties = ties(&points, |a, b| a.0.total_cmp(&b.0).is_eq());
    let both: u64 = ties(&points, |a, b| a.0.total_cmp(&b.0).is_eq() && a.1.total_cmp(&b.1).is_eq()).into_iter().map(pairs).sum();
    // Within a group of tied x the y rise, so none of its pairs counts as falling.
    let mut values: Vec<f64> = points.iter().map(|point| point.1).collect();
    let falling = count_inversions(&mut values, &mut Vec::new(), 0.0, true);
    let y_ties = ties(&values, |a, b| a.total_cmp(b).is_eq());
    let level = y_ties.iter().copied().map(pairs).sum::<u64>() - both;
    let apart = pairs(x.len() as u64) - x_ties.iter().copied().map(pairs).sum::<u64>();
    PairSigns { n: x.len(), falling, level, rising: apart - level - falling, x_ties, y_ties }
}

/// Mann–Kendall test that y neither rises nor falls with x; without x, with its position.
///
/// # Formula
/// ```text
/// S = Σ_{i<j} sign(xⱼ − xᵢ) sign(yⱼ − yᵢ)
/// Var S = (v(n) − Σ v(t) − Σ v(u))/18 + Σ t(t−1) Σ u(u−1) / (2n(n−1)) + Σ t(t−1)(t−2) Σ u(u−1)(u−2) / (9n(n−1)(n−2))
/// v(k) = k(k−1)(2k+5), t and u the sizes of groups of tied y and x;   z = (S − sign S)/√Var S
/// τ = S / √((n₀ − Σ t(t−1)/2)(n₀ − Σ u(u−1)/2)),  n₀ = n(n−1)/2
/// ```
/// in O(n log n), by counting exchanges in a merge sort.
///
/// # Conventions
/// Normal approximation at every n, with continuity correction.
///
/// # Edge cases
/// Pairs tied in x or y count 0. Values that depend on each other in time (weekly pain does) make p too small.
///
/// # Errors
/// [`StatsError::TooFew`] below 3 values, [`StatsError::LengthMismatch`], [`StatsError::NotFinite`],
/// [`StatsError::ConstantCovariate`] if x or y has one value only.
///
/// # Agrees with
/// R `trend::mk.test(y)`, `Kendall::MannKendall(y)` with ties or more than 10 values (exact below), and
/// `cor.test(x, y, method = "kendall", exact = FALSE, continuity = TRUE)`.
///
/// # References
/// Mann (1945), Econometrica 13:245–259. Kendall (1975), Rank Correlation Methods. Knight (1966), JASA 61:436–439.
pub fn mann_kendall(x: Option<&[f64]>, y: &[f64]) -> Result<MannKendall, StatsError> {
    if let Some(x) = x
        && x.len() != y.len()
    {
        return Err(StatsError::LengthMismatch { what: "y".to_owned(), found: y.len(), expected: x.len() });
    }
    if y.len() < 3 {
        return Err(StatsError::TooFew { found: y.len(), needed: 3 });
    }
    check_finite("y", y)?;
    let signs = match x {
        Some(x) => {
            check_finite("x", x)?;
            pair_signs(x, y)
        }
        None => pair_signs(&(0..y.len()).map(|position| position as f64).collect::<Vec<f64>>(), y),
    };
    let whole = |ties: &[u64]| ties.first().is_some_and(|&size| size as usize == y.len());
    for (term, ties) in [("y", &signs.y_ties), ("x", &signs.x_ties)] {
        if whole(ties) {
            return Err(StatsError::ConstantCovariate { term: term.to_owned() });
        }
    }
    let variance = signs.variance_of_score();
    let score = signs.rising as i64 - signs.falling as i64;
    let possible = |ties: &[u64]| (pairs(y.len() as u64) - ties.iter().copied().map(pairs).sum::<u64>()) as f64;
    let tau = (score as f64 / (possible(&signs.y_ties) * possible(&signs.x_ties)).sqrt()).clamp(-1.0, 1.0);
    let statistic = (score - score.signum()) as f64 / variance.sqrt();
    let test = TestResult { method: "Mann–Kendall test", statistic, df: None, p_value: normal_two_sided_p(statistic) };
    Ok(MannKendall { n: y.len(), score, variance, tau, test })
}
