//! Lin's concordance correlation.

use serde::Serialize;

use super::bland_altman::differences;
use crate::stats::distributions::normal_quantile;
use crate::stats::error::{StatsError, check_finite, check_level};
use crate::stats::estimate::Interval;

/// How near pairs lie to the line of equality.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct ConcordanceCorrelation {
    /// Number of pairs.
    pub n: usize,
    /// Concordance correlation `ρ_c`.
    pub estimate: f64,
    /// Its asymptotic standard error.
    pub std_error: f64,
    /// Interval by Fisher's z.
    pub interval: Interval,
    /// Pearson's correlation: how near to any line.
    pub pearson: f64,
    /// `C_b = ρ_c/ρ`: how near that line is to the one of equality.
    pub bias_correction: f64,
    /// Difference of the means, first less second, over the root of the product of the standard deviations.
    pub location_shift: f64,
    /// Standard deviation of the first over that of the second.
    pub scale_shift: f64,
}

/// Lin's concordance correlation coefficient.
///
/// # Formula
/// ```text
/// ρ_c = 2 s_xy/(s_x² + s_y² + (x̄ − ȳ)²) = ρ C_b,   C_b = 2/(v + 1/v + u²),   v = s_x/s_y,   u = (x̄ − ȳ)/√(s_x s_y)
/// Var = ((1 − ρ²) C_b² (1 − ρ_c²) + 2 C_b ρ_c² (1 − ρ_c) u² − C_b² ρ_c² u⁴/2)/(n − 2);   z = atanh ρ_c,  se(z) = se/(1 − ρ_c²)
/// ```
///
/// # Conventions
/// Variances with 1/n, as Lin; the variance with his correction of 2000.
///
/// # Edge cases
/// All pairs on the line of equality: 1, with the interval 1 to 1.
///
/// # Errors
/// [`StatsError::TooFew`] below three pairs; [`StatsError::ConstantCovariate`] if one measurement does not vary;
/// [`StatsError::LengthMismatch`], [`StatsError::NotFinite`], [`StatsError::InvalidLevel`].
///
/// # Agrees with
/// R `epiR::epi.ccc(first, second, ci = "z-transform")`.
///
/// # References
/// Lin (1989), Biometrics 45:255–268; correction (2000), Biometrics 56:324–325.
pub fn concordance_correlation(first: &[f64], second: &[f64], level: f64) -> Result<ConcordanceCorrelation, StatsError> {
    check_level(level)?;
    let differences = differences(first, second)?;
    if first.len() < 3 {
        return Err(StatsError::TooFew { found: first.len(), needed: 3 });
    }
    let n = first.len() as f64;
    // Less a first value, so that large ones keep their digits.
    let origin = first[0];
    let mean = |values: &[f64]| values.iter().map(|value| value - origin).sum::<f64>() / n;
    let (mean_x, mean_y) = (mean(first), mean(second));
    let root = |values: &[f64], mean: f64| (values.iter().map(|value| (value - origin - mean).powi(2)).sum::<f64>() / n).sqrt();
    let (sd_x, sd_y) = (root(first, mean_x), root(second, mean_y));
    for (term, sd) in [("first", sd_x), ("second", sd_y)] {
        if sd <= 0.0 {
            return Err(StatsError::ConstantCovariate { term: term.to_owned() });
        }
    }
    let pair = |(x, y): (&f64, &f64)| ((x - origin - mean_x) / sd_x) * ((y - origin - mean_y) / sd_y);
    let pearson = (first.iter().zip(second).map(pair).sum::<f64>() / n).clamp(-1.0, 1.0);
    let shift = differences.iter().sum::<f64>() / n;
    let (v, u) = (sd_x / sd_y, shift / (sd_x * sd_y).sqrt());
    let c = 2.0 / (v + 1.0 / v + u * u);
    let equal = differences.iter().all(|&difference| difference == 0.0);
    let (pearson, estimate) = if equal { (1.0, 1.0) } else { (pearson, pearson * c) };
    let rc2 = estimate * estimate;
    let variance = ((1.0 - pearson * pearson) * c * c * (1.0 - rc2) + 2.0 * c * rc2 * (1.0 - estimate) * u * u
        - c * c * rc2 * u.powi(4) / 2.0)
        .max(0.0)
        / (n - 2.0);
    let std_error = variance.sqrt();
    let rest = 1.0 - rc2;
    let interval = if rest > 0.0 {
        let half = normal_quantile(f64::midpoint(1.0, level)) * std_error / rest;
        Interval { lower: (estimate.atanh() - half).tanh(), upper: (estimate.atanh() + half).tanh(), level }
    } else {
        Interval { lower: estimate, upper: estimate, level }
    };
    check_finite("the concordance correlation", &[estimate, std_error, u, v, interval.lower, interval.upper])?;
    Ok(ConcordanceCorrelation {
        n: first.len(),
        estimate,
        std_error,
        interval,
        pearson,
        bias_correction: c,
        location_shift: u,
        scale_shift: v,
    })
}
