//! A mean of values of which several belong to one patient.

use crate::stats::{Estimate, Interval, t_quantile};

/// Mean with its interval by patient.
///
/// # Definition
/// ```text
/// x̄ = Σ xᵢ / n,   var x̄ = G/(G − 1) Σ_g (Σ_{i in g} (xᵢ − x̄))² / n²,   x̄ ± t_{(1+level)/2, G−1} se
/// ```
/// for `G` patients; with one value a patient this is the t interval of a mean. `None` below two patients. No interval where all
/// values are equal.
///
/// # References
/// Liang & Zeger (1986), Biometrika 73:13–22.
pub(super) fn clustered_mean(values: &[(usize, f64)], level: f64) -> Option<(Estimate, usize)> {
    let n = values.len() as f64;
    let mut sorted = values.to_vec();
    sorted.sort_by_key(|&(patient, _)| patient);
    let groups: Vec<&[(usize, f64)]> = sorted.chunk_by(|one, other| one.0 == other.0).collect();
    if groups.len() < 2 {
        return None;
    }
    let mean = sorted.iter().map(|(_, value)| value).sum::<f64>() / n;
    let squares: f64 = groups.iter().map(|group| group.iter().map(|(_, value)| value - mean).sum::<f64>().powi(2)).sum();
    let clusters = groups.len() as f64;
    let std_error = (clusters / (clusters - 1.0) * squares).sqrt() / n;
    let half = t_quantile(0.5 + level / 2.0, clusters - 1.0) * std_error;
    let interval = (std_error > 0.0).then_some(Interval { lower: mean - half, upper: mean + half, level });
    Some((Estimate { estimate: mean, std_error, interval }, groups.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_one_patient_count_as_one_when_they_are_equal() {
        // Two patients, 1 and 3; the values of each twice: mean 2, sums of deviations −2 and 2, se = √(2 · 8)/4 = 1.
        let (twice, patients) = clustered_mean(&[(0, 1.0), (7, 3.0), (0, 1.0), (7, 3.0)], 0.95).unwrap();
        assert_eq!((twice.estimate, twice.std_error, patients), (2.0, 1.0, 2));
        // Once each: deviations −1 and 1, se = √(2 · 2)/2 = 1 as well.
        let (once, _) = clustered_mean(&[(0, 1.0), (7, 3.0)], 0.95).unwrap();
        assert_eq!((once.estimate, once.std_error), (2.0, 1.0));
        assert_eq!(clustered_mean(&[(3, 1.0), (3, 2.0)], 0.95), None);
        assert!(clustered_mean(&[(3, 1.0), (4, 1.0)], 0.95).unwrap().0.interval.is_none());
    }
}
