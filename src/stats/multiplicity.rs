//! Several tests at once: p values adjusted for their number. All take p values in any order and give them back in that order; an
//! empty slice gives an empty vector.

/// Positions from the smallest p value to the greatest.
fn ascending(p: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|&a, &b| p[a].total_cmp(&p[b]));
    order
}

/// Step-up: from the greatest p value down, the least of `factor(rank) · p` so far, at most 1.
fn step_up(p: &[f64], factor: impl Fn(usize) -> f64) -> Vec<f64> {
    let mut adjusted = vec![0.0; p.len()];
    let mut lowest = 1.0_f64;
    for (position, &index) in ascending(p).iter().enumerate().rev() {
        lowest = lowest.min(factor(position + 1) * p[index]);
        adjusted[index] = lowest;
    }
    adjusted
}

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
    let mut adjusted = vec![0.0; p.len()];
    let mut highest = 0.0_f64;
    for (rank, &index) in ascending(p).iter().enumerate() {
        highest = highest.max(((p.len() - rank) as f64 * p[index]).min(1.0));
        adjusted[index] = highest;
    }
    adjusted
}

/// Hochberg-adjusted p values, for tests that are independent or positively dependent.
///
/// # Formula
/// ```text
/// p̃₍ᵢ₎ = min over j ≥ i of (m − j + 1) p₍ⱼ₎
/// ```
///
/// # Agrees with
/// R `p.adjust(p, "hochberg")`.
///
/// # References
/// Hochberg (1988), Biometrika 75:800–802.
#[must_use]
pub fn hochberg(p: &[f64]) -> Vec<f64> {
    step_up(p, |rank| (p.len() - rank + 1) as f64)
}

/// Bonferroni-adjusted p values.
///
/// # Formula
/// `p̃ = min(1, m p)`.
///
/// # Agrees with
/// R `p.adjust(p, "bonferroni")`.
///
/// # References
/// Dunn (1961), JASA 56:52–64.
#[must_use]
pub fn bonferroni(p: &[f64]) -> Vec<f64> {
    p.iter().map(|value| (p.len() as f64 * value).min(1.0)).collect()
}

/// Benjamini–Hochberg: the false discovery rate at which each test would be called.
///
/// # Formula
/// ```text
/// p̃₍ᵢ₎ = min over j ≥ i of min(1, m p₍ⱼ₎ / j)
/// ```
///
/// # Agrees with
/// R `p.adjust(p, "BH")`.
///
/// # References
/// Benjamini & Hochberg (1995), JRSS B 57:289–300.
#[must_use]
pub fn benjamini_hochberg(p: &[f64]) -> Vec<f64> {
    let m = p.len() as f64;
    step_up(p, |rank| m / rank as f64)
}

/// Benjamini–Yekutieli: the false discovery rate under any dependence of the tests.
///
/// # Formula
/// ```text
/// p̃₍ᵢ₎ = min over j ≥ i of min(1, m p₍ⱼ₎ / j · Σ_{k ≤ m} 1/k)
/// ```
///
/// # Agrees with
/// R `p.adjust(p, "BY")`.
///
/// # References
/// Benjamini & Yekutieli (2001), Annals of Statistics 29:1165–1188.
#[must_use]
pub fn benjamini_yekutieli(p: &[f64]) -> Vec<f64> {
    let m = p.len() as f64;
    let harmonic: f64 = (1..=p.len()).map(|k| 1.0 / k as f64).sum();
    step_up(p, |rank| harmonic * m / rank as f64)
}
