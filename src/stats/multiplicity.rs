//! Several tests at once: family-wise error and false discoveries.

/// Holm-adjusted p values, in the order given.
///
/// # Formula
/// ```text
/// p̃₍ᵢ₎ = max over j ≤ i of min(1, (m − j + 1) p₍ⱼ₎)
/// ```
/// An empty slice gives an empty vector.
///
/// # Agrees with
/// R `p.adjust(p, "holm")`.
///
/// # References
/// Holm (1979), Scandinavian Journal of Statistics 6:65–70.
#[must_use]
pub fn holm(p: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|&a, &b| p[a].total_cmp(&p[b]));
    let mut adjusted = vec![0.0; p.len()];
    let mut highest = 0.0_f64;
    for (rank, &index) in order.iter().enumerate() {
        highest = highest.max(((p.len() - rank) as f64 * p[index]).min(1.0));
        adjusted[index] = highest;
    }
    adjusted
}

/// Hochberg-adjusted p values, in the order given: as [`holm`], from the largest down; for independent or positively dependent tests.
///
/// # Formula
/// ```text
/// p̃₍ᵢ₎ = min over j ≥ i of min(1, (m − j + 1) p₍ⱼ₎)
/// ```
///
/// # Agrees with
/// R `p.adjust(p, "hochberg")`.
///
/// # References
/// Hochberg (1988), Biometrika 75:800–802.
#[must_use]
pub fn hochberg(p: &[f64]) -> Vec<f64> {
    step_up(p, |m, rank| (m - rank + 1) as f64)
}

/// Benjamini–Hochberg-adjusted p values, in the order given: the false discovery rate at which each would be called.
///
/// # Formula
/// ```text
/// p̃₍ᵢ₎ = min over j ≥ i of min(1, (m / j) p₍ⱼ₎)
/// ```
///
/// # Agrees with
/// R `p.adjust(p, "BH")`.
///
/// # References
/// Benjamini & Hochberg (1995), JRSS B 57:289–300.
#[must_use]
pub fn benjamini_hochberg(p: &[f64]) -> Vec<f64> {
    step_up(p, |m, rank| m as f64 / rank as f64)
}

/// Benjamini–Yekutieli-adjusted p values, in the order given: [`benjamini_hochberg`] whatever the dependence of the tests.
///
/// # Formula
/// As [`benjamini_hochberg`] times `Σ 1/j`.
///
/// # Agrees with
/// R `p.adjust(p, "BY")`.
///
/// # References
/// Benjamini & Yekutieli (2001), Ann Stat 29:1165–1188.
#[must_use]
pub fn benjamini_yekutieli(p: &[f64]) -> Vec<f64> {
    let harmonic: f64 = (1..=p.len()).map(|j| 1.0 / j as f64).sum();
    step_up(p, |m, rank| harmonic * m as f64 / rank as f64)
}

/// Bonferroni-adjusted p values: each times their number.
///
/// # Formula
/// `min(1, m p)`.
///
/// # Agrees with
/// R `p.adjust(p, "bonferroni")`.
#[must_use]
pub fn bonferroni(p: &[f64]) -> Vec<f64> {
    p.iter().map(|value| (value * p.len() as f64).min(1.0)).collect()
}

/// Running minimum from the largest p value down; `factor` of (m, rank from 1).
fn step_up(p: &[f64], factor: impl Fn(usize, usize) -> f64) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|&a, &b| p[a].total_cmp(&p[b]));
    let mut adjusted = vec![0.0; p.len()];
    let mut lowest = 1.0_f64;
    for (rank, &index) in order.iter().enumerate().rev() {
        lowest = lowest.min(factor(p.len(), rank + 1) * p[index]);
        adjusted[index] = lowest;
    }
    adjusted
}
