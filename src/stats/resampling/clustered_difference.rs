//! Restricted means of two groups whose rows come in clusters that may reach across the groups.

use super::bootstrap::Statistic;
use super::curve_contrast::{CurveContrast, CurveMeasure};
use crate::stats::distributions::{normal_quantile, normal_two_sided_p};
use crate::stats::error::StatsError;
use crate::stats::estimate::{Estimate, Interval};
use crate::stats::hypothesis::TestResult;
use crate::stats::survival::{CurveInterval, RmstDifference, TimeToEvent, kaplan_meier, rmst};

/// Difference of restricted means, second less first, with errors by cluster.
///
/// # Formula
/// ```text
/// Var(μ₂ − μ₁) = Σ_c (Σ_{i in c} ∂(μ₂ − μ₁)/∂wᵢ)²
/// ```
/// over clusters `c` (infinitesimal jackknife), likewise for each mean; z test and normal interval. A cluster with rows in both
/// groups ties their means together, which two variances added up would miss.
///
/// # Conventions
/// Each group comes with its rows' clusters; equal numbers are one cluster in both groups.
///
/// # Errors
/// As [`rmst`]; [`StatsError::LengthMismatch`]; [`StatsError::OneCluster`]; [`StatsError::UndefinedVariance`] if the clusters
/// leave no error.
///
/// # Agrees with
/// R survival 3.5-3 `rowsum(residuals(survfit(Surv(time, event) ~ group), times = τ, type = "rmst"), id)`, squared and summed.
///
/// # References
/// Therneau & Grambsch (2000), Modeling Survival Data, section 2.2.
pub fn clustered_rmst_difference(
    (first, first_cluster): (&TimeToEvent, &[usize]),
    (second, second_cluster): (&TimeToEvent, &[usize]),
    horizon: f64,
    level: f64,
) -> Result<RmstDifference, StatsError> {
    for (rows, cluster) in [(first, first_cluster), (second, second_cluster)] {
        if cluster.len() != rows.len() {
            return Err(StatsError::LengthMismatch { what: "cluster".to_owned(), found: cluster.len(), expected: rows.len() });
        }
    }
    let mean = |rows: &TimeToEvent| rmst(&kaplan_meier(rows, CurveInterval::LogLog, level)?, horizon).map(|mean| mean.estimate);
    let (one, two) = (mean(first)?, mean(second)?);
    let clusters: Vec<usize> = first_cluster.iter().chain(second_cluster).copied().collect();
    let n_clusters = clusters.iter().max().map_or(0, |last| last + 1);
    if clusters.iter().all(|cluster| Some(cluster) == clusters.first()) {
        return Err(StatsError::OneCluster);
    }
    let join = |a: &[f64], b: &[f64]| a.iter().chain(b).copied().collect();
    let event = first.event().iter().chain(second.event()).copied().collect();
    let rows = TimeToEvent::new(join(first.time(), second.time()), event)?;
    let in_second: Vec<bool> = (0..rows.len()).map(|row| row >= first.len()).collect();
    let contrast = CurveContrast::new(&rows, &in_second, CurveMeasure::RmstDifference { horizon })?;
    let undefined = StatsError::UndefinedVariance { what: "the error of the restricted means by cluster" };
    let influences = contrast.influence().ok_or(undefined.clone())?;
    let error_of = |members: std::ops::Range<usize>| {
        let mut sums = vec![0.0_f64; n_clusters];
        for row in members {
            sums[clusters[row]] += influences[row];
        }
        sums.iter().map(|sum| sum * sum).sum::<f64>().sqrt()
    };
    let std_error = error_of(0..rows.len());
    if std_error <= 0.0 {
        return Err(undefined);
    }
    let z = normal_quantile(0.5 + level / 2.0);
    let with_error = |estimate: f64, std_error: f64| Estimate {
        estimate,
        std_error,
        interval: Some(Interval { lower: estimate - z * std_error, upper: estimate + z * std_error, level }),
    };
    let statistic = (two - one) / std_error;
    Ok(RmstDifference {
        first: with_error(one, error_of(0..first.len())),
        second: with_error(two, error_of(first.len()..rows.len())),
        difference: with_error(two - one, std_error),
        test: TestResult {
            method: "z test of the restricted mean difference, errors by cluster",
            statistic,
            df: None,
            p_value: normal_two_sided_p(statistic),
        },
        horizon,
    })
}
