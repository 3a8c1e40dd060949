//! Several samples compared by ranks.

use super::ranks::Ranks;
use crate::stats::distributions::chi_squared_upper_p;
use crate::stats::error::{StatsError, check_finite};
use crate::stats::hypothesis::TestResult;

/// Kruskal–Wallis test.
///
/// # Formula
/// ```text
/// H = 12/(N(N + 1)) · Σ nⱼ (R̄ⱼ − (N + 1)/2)² / (1 − Σ(t³ − t)/(N³ − N)),   χ² with groups − 1 degrees of freedom
/// ```
///
/// # Edge cases
/// Empty groups are left out.
///
/// # Errors
/// [`StatsError::OneGroup`] for fewer than two groups with values, [`StatsError::NoVariation`] if all values are equal,
/// [`StatsError::NotFinite`].
///
/// # Agrees with
/// R `kruskal.test(list(…))`.
///
/// # References
/// Kruskal & Wallis (1952), JASA 47:583–621.
pub fn kruskal_wallis(groups: &[&[f64]]) -> Result<TestResult, StatsError> {
    let groups: Vec<&[f64]> = groups.iter().copied().filter(|group| !group.is_empty()).collect();
    if groups.len() < 2 {
        return Err(StatsError::OneGroup);
    }
    let all = groups.concat();
    check_finite("values", &all)?;
    let ranks = Ranks::of(&all);
    let n = all.len() as f64;
    if ranks.ties.first().is_some_and(|&t| t >= n) {
        return Err(StatsError::NoVariation { what: "the values of all groups" });
    }
    let middle = f64::midpoint(n, 1.0);
    let (mut from, mut between) = (0, 0.0);
    for group in &groups {
        let size = group.len() as f64;
        let mean = ranks.ranks[from..from + group.len()].iter().sum::<f64>() / size;
        between += size * (mean - middle).powi(2);
        from += group.len();
    }
    let statistic = 12.0 / (n * (n + 1.0)) * between / (1.0 - ranks.tie_sum() / (n * (n * n - 1.0)));
    let df = (groups.len() - 1) as f64;
    Ok(TestResult { method: "Kruskal–Wallis test", statistic, df: Some(df), p_value: chi_squared_upper_p(statistic, df) })
}
