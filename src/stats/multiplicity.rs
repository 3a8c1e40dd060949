//! Several tests at once.

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
