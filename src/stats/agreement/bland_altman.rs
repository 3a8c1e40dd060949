//! Limits of agreement of two measurements of the same patients.

use serde::Serialize;

use crate::stats::distributions::{noncentral_t_quantile, normal_quantile, t_quantile};
use crate::stats::error::{StatsError, check_finite, check_level};
use crate::stats::estimate::{Estimate, Interval};
use crate::stats::magnitude::check_range;
use crate::stats::trend::{LinearFit, least_squares};

/// A limit of agreement.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct AgreementLimit {
    /// The limit.
    pub estimate: f64,
    /// Its standard error (Bland and Altman).
    pub std_error: f64,
    /// Exact interval (Carkeet).
    pub exact: Interval,
    /// Approximate interval (Bland and Altman).
    pub approximate: Interval,
}

/// Agreement of two measurements.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BlandAltman {
    /// Number of pairs.
    pub n: usize,
    /// Mean difference, first less second, with its t interval.
    pub bias: Estimate,
    /// Standard deviation of the differences.
    pub std_dev: f64,
    /// Lower limit of agreement.
    pub lower: AgreementLimit,
    /// Upper limit of agreement.
    pub upper: AgreementLimit,
    /// Share of differences meant to lie between the limits.
    pub coverage: f64,
    /// Line of the difference on the mean of the two: a slope is a bias that grows with the value. `None` below three pairs or
    /// if all means are equal.
    pub proportional_bias: Option<LinearFit>,
}

/// Differences, first less second, checked.
pub(super) fn differences(first: &[f64], second: &[f64]) -> Result<Vec<f64>, StatsError> {
    if first.len() != second.len() {
        return Err(StatsError::LengthMismatch { what: "second".to_owned(), found: second.len(), expected: first.len() });
    }
    check_range("the first measurement", first)?;
    check_range("the second measurement", second)?;
    let differences: Vec<f64> = first.iter().zip(second).map(|(a, b)| a - b).collect();
    check_range("the differences", &differences)?;
    Ok(differences)
}

/// Refuses a share of differences outside (0, 1).
pub(super) fn check_coverage(coverage: f64) -> Result<(), StatsError> {
    if coverage > 0.0 && coverage < 1.0 {
        return Ok(());
    }
    Err(StatsError::OutOfRange { what: "the coverage", value: coverage, expected: "it must be a share between 0 and 1" })
}

/// Bland–Altman limits of agreement.
///
/// # Formula
/// ```text
/// d = first − second;   limits d̄ ± z s,  z = Φ⁻¹((1 + coverage)/2)
/// approximate: limit ± t₍n−1₎ s √(1/n + z²/(2(n − 1)))
/// exact (upper limit): d̄ + s t′(α/2)/√n to d̄ + s t′(1 − α/2)/√n,  t′ of the noncentral t with n − 1 and δ = z √n; lower: mirrored
/// ```
///
/// # Conventions
/// One pair per patient. `coverage` is the share between the limits (0.95), `level` that of the intervals. The differences are
/// taken to be normal; each exact interval is for its own limit.
///
/// # Edge cases
/// All differences equal: limits and intervals are that difference.
///
/// # Errors
/// [`StatsError::TooFew`] below two pairs, [`StatsError::LengthMismatch`], [`StatsError::NotFinite`], [`StatsError::Magnitude`],
/// [`StatsError::InvalidLevel`], [`StatsError::OutOfRange`] for the coverage.
///
/// # Agrees with
/// R `mean(d) ± qnorm(0.975) * sd(d)` and `qt(p, n - 1, ncp = qnorm(0.975) * sqrt(n))`; `lm(d ~ m)`.
///
/// # References
/// Bland & Altman (1986), Lancet 327:307–310; (1999), Statistical Methods in Medical Research 8:135–160. Carkeet (2015), Optometry
/// and Vision Science 92:e71–e80.
pub fn bland_altman(first: &[f64], second: &[f64], coverage: f64, level: f64) -> Result<BlandAltman, StatsError> {
    check_coverage(coverage)?;
    check_level(level)?;
    let differences = differences(first, second)?;
    let pairs = differences.len();
    if pairs < 2 {
        return Err(StatsError::TooFew { found: pairs, needed: 2 });
    }
    let (n, df) = (pairs as f64, (pairs - 1) as f64);
    let origin = differences[0];
    let mean = origin + differences.iter().map(|value| value - origin).sum::<f64>() / n;
    let std_dev = (differences.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / df).sqrt();
    let z = normal_quantile(f64::midpoint(1.0, coverage));
    let t = t_quantile(f64::midpoint(1.0, level), df);
    let std_error = std_dev * (1.0 / n + z * z / (2.0 * df)).sqrt();
    let factor = |p: f64| noncentral_t_quantile(p, df, z * n.sqrt()) / n.sqrt();
    let (inner, outer) = (factor((1.0 - level) / 2.0), factor(f64::midpoint(1.0, level)));
    let limit = |sign: f64| {
        let estimate = mean + sign * z * std_dev;
        let exact = [mean + sign * inner * std_dev, mean + sign * outer * std_dev];
        AgreementLimit {
            estimate,
            std_error,
            exact: Interval { lower: exact[0].min(exact[1]), upper: exact[0].max(exact[1]), level },
            approximate: Interval { lower: estimate - t * std_error, upper: estimate + t * std_error, level },
        }
    };
    let bias_error = std_dev / n.sqrt();
    let bias = Estimate {
        estimate: mean,
        std_error: bias_error,
        interval: Some(Interval { lower: mean - t * bias_error, upper: mean + t * bias_error, level }),
    };
    let (lower, upper) = (limit(-1.0), limit(1.0));
    check_finite("the limits of agreement", &[std_dev, lower.exact.lower, upper.exact.upper, lower.approximate.lower])?;
    let means: Vec<f64> = first.iter().zip(second).map(|(&a, &b)| f64::midpoint(a, b)).collect();
    let proportional_bias = least_squares(&means, &differences, level).ok().filter(|fit| fit.slope.estimate.is_finite());
    Ok(BlandAltman { n: pairs, bias, std_dev, lower, upper, coverage, proportional_bias })
}
