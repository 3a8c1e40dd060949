//! Limits of agreement with several pairs per patient.

use std::collections::BTreeMap;

use serde::Serialize;

use super::bland_altman::{check_coverage, differences};
use crate::stats::distributions::{chi_squared_quantile, normal_quantile, t_quantile};
use crate::stats::error::{StatsError, check_finite, check_level};
use crate::stats::estimate::{Estimate, Interval};

/// Agreement of two measurements taken several times per patient.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RepeatedBlandAltman {
    /// Number of patients.
    pub n_subjects: usize,
    /// Number of pairs.
    pub n_pairs: usize,
    /// Mean of all differences, first less second.
    pub bias: Estimate,
    /// Variance of the patients' own mean differences; 0 where it would be negative.
    pub between_variance: f64,
    /// Variance of the differences of one patient.
    pub within_variance: f64,
    /// Standard deviation of a single difference: the root of the sum of the two.
    pub std_dev: f64,
    /// Lower limit of agreement.
    pub lower: Estimate,
    /// Upper limit of agreement.
    pub upper: Estimate,
    /// Share of differences meant to lie between the limits.
    pub coverage: f64,
}

/// Bland–Altman limits of agreement for several pairs per patient, when the true value varies from pair to pair.
///
/// # Formula
/// ```text
/// one-way analysis of variance of the differences by patient, mᵢ pairs of patient i, N in all, k patients:
/// σ²_within = MSW,   σ²_between = (MSB − MSW)/λ,   λ = (N² − Σ mᵢ²)/((k − 1) N)
/// limits d̄ ± z √(σ²_between + σ²_within),   Var d̄ = σ²_between Σ mᵢ²/N² + σ²_within/N
/// ```
/// Intervals of the limits by MOVER: that of the total variance from the χ² intervals of its two parts, the variance of the
/// patients' means and (1 − mean of 1/mᵢ) MSW, joined with the t interval of the bias.
///
/// # Conventions
/// Pairs are taken at the same moment; `subject` names the patient of each pair. Standard errors of the limits are a quarter of
/// the interval's width over z.
///
/// # Edge cases
/// A negative between-patient variance is 0.
///
/// # Errors
/// [`StatsError::TooFew`] below two patients or without a second pair of anybody; [`StatsError::LengthMismatch`],
/// [`StatsError::NotFinite`], [`StatsError::Magnitude`], [`StatsError::InvalidLevel`], [`StatsError::OutOfRange`] for the coverage.
///
/// # Agrees with
/// R `anova(lm(d ~ factor(subject)))` with the formulas above; equal numbers of pairs: Zou's limits.
///
/// # References
/// Bland & Altman (2007), Journal of Biopharmaceutical Statistics 17:571–582, 3. Zou (2013), Statistical Methods in Medical
/// Research 22:630–642.
pub fn bland_altman_repeated(
    subject: &[usize],
    first: &[f64],
    second: &[f64],
    coverage: f64,
    level: f64,
) -> Result<RepeatedBlandAltman, StatsError> {
    check_coverage(coverage)?;
    check_level(level)?;
    let differences = differences(first, second)?;
    if subject.len() != differences.len() {
        return Err(StatsError::LengthMismatch { what: "subject".to_owned(), found: subject.len(), expected: differences.len() });
    }
    let mut of_subject: BTreeMap<usize, Vec<f64>> = BTreeMap::new();
    for (&name, &difference) in subject.iter().zip(&differences) {
        of_subject.entry(name).or_default().push(difference);
    }
    let (n_subjects, n_pairs) = (of_subject.len(), differences.len());
    if n_subjects < 2 {
        return Err(StatsError::TooFew { found: n_subjects, needed: 2 });
    }
    if n_pairs == n_subjects {
        return Err(StatsError::TooFew { found: n_pairs, needed: n_subjects + 1 });
    }
    let n = n_pairs as f64;
    let origin = differences[0];
    let mean = origin + differences.iter().map(|value| value - origin).sum::<f64>() / n;
    let (mut between, mut within, mut squares, mut inverses) = (0.0, 0.0, 0.0, 0.0);
    let mut own_means = Vec::with_capacity(n_subjects);
    for values in of_subject.values() {
        let m = values.len() as f64;
        let own = values.iter().map(|value| value - mean).sum::<f64>() / m;
        between += m * own * own;
        within += values.iter().map(|value| (value - mean - own).powi(2)).sum::<f64>();
        squares += m * m;
        inverses += 1.0 / m;
        own_means.push(own);
    }
    let (df_between, df_within) = ((n_subjects - 1) as f64, (n_pairs - n_subjects) as f64);
    let (between_square, within_variance) = (between / df_between, within / df_within);
    let lambda = (n - squares / n) / df_between;
    let between_variance = ((between_square - within_variance) / lambda).max(0.0);
    let mean_of_means = own_means.iter().sum::<f64>() / n_subjects as f64;
    let variance = between_variance + within_variance;
    let half = (1.0 - level) / 2.0;
    // The variance of the patients' means and what it misses of that within: of a single difference, also with uneven pairs.
    let of_means = own_means.iter().map(|own| (own - mean_of_means).powi(2)).sum::<f64>() / df_between;
    let parts = [(of_means, df_between), ((1.0 - inverses / n_subjects as f64) * within_variance, df_within)];
    // How far the variance may lie from its estimate, each part by its own χ² limits.
    let reach = |p: f64| parts.iter().map(|&(part, df)| (part * (1.0 - df / chi_squared_quantile(p, df))).powi(2)).sum::<f64>().sqrt();
    let (least, most) = ((variance - reach(1.0 - half)).max(0.0), variance + reach(half));
    let std_dev = variance.sqrt();
    let bias_error = (between_variance * squares / (n * n) + within_variance / n).sqrt();
    let t = t_quantile(1.0 - half, df_between);
    let z = normal_quantile(f64::midpoint(1.0, coverage));
    let inward = (t * bias_error).hypot(z * (std_dev - least.sqrt()));
    let outward = (t * bias_error).hypot(z * (most.sqrt() - std_dev));
    let std_error = (inward + outward) / (2.0 * normal_quantile(1.0 - half));
    let limit = |estimate: f64, below: f64, above: f64| Estimate {
        estimate,
        std_error,
        interval: Some(Interval { lower: estimate - below, upper: estimate + above, level }),
    };
    let (lower, upper) = (limit(mean - z * std_dev, outward, inward), limit(mean + z * std_dev, inward, outward));
    check_finite("the limits of agreement", &[mean, std_dev, inward, outward])?;
    Ok(RepeatedBlandAltman {
        n_subjects,
        n_pairs,
        bias: Estimate {
            estimate: mean,
            std_error: bias_error,
            interval: Some(Interval { lower: mean - t * bias_error, upper: mean + t * bias_error, level }),
        },
        between_variance,
        within_variance,
        std_dev,
        lower,
        upper,
        coverage,
    })
}
