//! χ² of differences whose covariance may be singular.

/// Share of a group's variance that others leave unexplained below which it is rounding.
const LEAST_PIVOT: f64 = 1e-9;

/// dᵀ V⁻ d over these groups, and the rank of V: a Cholesky decomposition of their correlations, the largest pivot first, of which only
/// the groups whose differences say all there is are kept.
pub(super) fn quadratic_form(groups: &[usize], difference: &[f64], covariance: &[Vec<f64>]) -> (f64, usize) {
    let spread: Vec<f64> = groups.iter().map(|&group| covariance[group][group].max(0.0).sqrt()).collect();
    let mut candidates: Vec<Candidate> = groups
        .iter()
        .zip(&spread)
        .filter(|(_, spread)| **spread > 0.0)
        .map(|(&group, &spread)| Candidate { group, spread, row: vec![], variance: 1.0, difference: difference[group] / spread })
        .collect();
    let (mut statistic, mut rank) = (0.0, 0);
    // Of equals the first group.
    while let Some(place) = (0..candidates.len())
        .max_by(|&a, &b| candidates[a].variance.total_cmp(&candidates[b].variance).then(candidates[b].group.cmp(&candidates[a].group)))
    {
        let pivot = candidates.swap_remove(place);
        if pivot.variance <= LEAST_PIVOT {
            break;
        }
        let root = pivot.variance.sqrt();
        let along = pivot.difference / root;
        statistic += along * along;
        rank += 1;
        for other in &mut candidates {
            let shared: f64 = other.row.iter().zip(&pivot.row).map(|(a, b)| a * b).sum();
            let correlation = covariance[other.group][pivot.group] / (other.spread * pivot.spread);
            let element = (correlation - shared) / root;
            other.row.push(element);
            other.variance -= element * element;
            other.difference -= element * along;
        }
    }
    (statistic, rank)
}

/// A group that is no pivot yet.
struct Candidate {
    group: usize,
    spread: f64,
    /// Its row of the triangle so far.
    row: Vec<f64>,
    /// What the pivots so far leave of its variance, in units of it.
    variance: f64,
    /// What they leave of its difference, in standard deviations.
    difference: f64,
}
