//! Two distributions compared at the place where they differ most.

use super::calculation::Calculation;
use crate::stats::error::{StatsError, check_finite};
use crate::stats::hypothesis::TestResult;

/// Pairs above which an exact p value takes too long.
const MOST_PAIRS: u64 = 200_000_000;

/// Two-sample Kolmogorov–Smirnov test.
///
/// # Formula
/// ```text
/// D = max |F₁ − F₂|,   λ = D √(nm/(n + m))
/// asymptotic: λ ≥ 1: p = 2 Σ (−1)ᵏ⁻¹ exp(−2 k² λ²), until a term is below 1e-6;   λ < 1: p = 1 − √(2π)/λ · exp(−π²/8λ²)
/// exact: the share of all orders of the pooled values with a D as large, counted as paths on the n × m grid
/// ```
///
/// # Conventions
/// The two series are cut where R cuts them (tolerance 1e-6), which just below λ = 1 costs up to 4e-5. Small asymptotic p values keep
/// their digits here; R takes them from one. [`Calculation::Automatic`] is exact below 10 000 pairs, as R. Exact p values hold with
/// ties too: only places between different values count.
///
/// # Errors
/// [`StatsError::EmptySample`], [`StatsError::NotFinite`], [`StatsError::NotPossible`] for an exact test of more than 2·10⁸ pairs.
///
/// # Agrees with
/// R 4.2 `ks.test(first, second)`.
///
/// # References
/// Durbin (1973), Distribution Theory for Tests Based on the Sample Distribution Function; Schröer & Trenkler (1995), Computational
/// Statistics & Data Analysis 20:185–202.
pub fn kolmogorov_smirnov(first: &[f64], second: &[f64], calculation: Calculation) -> Result<TestResult, StatsError> {
    check_finite("first sample", first)?;
    check_finite("second sample", second)?;
    if first.is_empty() || second.is_empty() {
        return Err(StatsError::EmptySample);
    }
    let (n, m) = (first.len() as i64, second.len() as i64);
    let mut pooled: Vec<(f64, bool)> = first.iter().map(|&x| (x + 0.0, true)).chain(second.iter().map(|&y| (y + 0.0, false))).collect();
    pooled.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    // After how many values the next one is larger.
    let step_ends: Vec<bool> =
        (0..pooled.len()).map(|k| k + 1 == pooled.len() || pooled[k].0.total_cmp(&pooled[k + 1].0).is_lt()).collect();
    // n m D as an integer.
    let (mut position, mut greatest) = (0_i64, 0_i64);
    for (&(_, is_first), &ends) in pooled.iter().zip(&step_ends) {
        position += if is_first { m } else { -n };
        if ends {
            greatest = greatest.max(position.abs());
        }
    }
    let pairs = n as u64 * m as u64;
    let statistic = greatest as f64 / pairs as f64;
    let exact = match calculation {
        Calculation::Automatic => pairs < 10_000,
        Calculation::Exact if pairs > MOST_PAIRS => {
            return Err(StatsError::NotPossible { what: "an exact Kolmogorov–Smirnov test", reason: "the samples are too large" });
        }
        Calculation::Exact => true,
        Calculation::Asymptotic => false,
    };
    let (method, p_value) = if greatest == 0 {
        (if exact { EXACT } else { ASYMPTOTIC }, 1.0)
    } else if exact {
        (EXACT, exact_p(n, m, greatest, &step_ends))
    } else {
        (ASYMPTOTIC, asymptotic_p(statistic * (pairs as f64 / (n + m) as f64).sqrt()))
    };
    Ok(TestResult { method, statistic, df: None, p_value: p_value.clamp(0.0, 1.0) })
}

const EXACT: &str = "exact two-sample Kolmogorov–Smirnov test";
const ASYMPTOTIC: &str = "asymptotic two-sample Kolmogorov–Smirnov test";

fn asymptotic_p(lambda: f64) -> f64 {
    if lambda < 1.0 {
        let exponent = -std::f64::consts::PI.powi(2) / (8.0 * lambda * lambda);
        return 1.0 - std::f64::consts::TAU.sqrt() / lambda * exponent.exp();
    }
    let (mut sum, mut sign, mut k) = (0.0, 1.0, 1.0);
    loop {
        let term = 2.0 * (-2.0 * k * k * lambda * lambda).exp();
        sum += sign * term;
        if term <= 1e-6 {
            return sum;
        }
        sign = -sign;
        k += 1.0;
    }
}

/// Chance that a random order of the pooled values reaches |u m − v n| ≥ greatest after u values of the first sample and v of the
/// second. Paths that reach it are taken out and added up, so that a small chance keeps its digits.
fn exact_p(n: i64, m: i64, greatest: i64, step_ends: &[bool]) -> f64 {
    let mut row = vec![0.0_f64; m as usize + 1];
    let mut reached = 0.0;
    for u in 0..=n {
        for v in 0..=m {
            let left = (n + m - u - v + 1) as f64;
            let at = v as usize;
            let from_first = if u > 0 { row[at] * (n - u + 1) as f64 / left } else { 0.0 };
            let from_second = if v > 0 { row[at - 1] * (m - v + 1) as f64 / left } else { 0.0 };
            let here = if u + v == 0 { 1.0 } else { from_first + from_second };
            if u + v > 0 && (u * m - v * n).abs() >= greatest && step_ends[(u + v - 1) as usize] {
                reached += here;
                row[at] = 0.0;
            } else {
                row[at] = here;
            }
        }
    }
    reached
}
