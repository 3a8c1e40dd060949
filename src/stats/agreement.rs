//! Do two measurements of the same thing agree?

use serde::Serialize;

use super::distributions::{f_quantile, f_upper_p, normal_quantile, t_quantile};
use super::error::{StatsError, check_finite, check_level};
use super::estimate::{Estimate, Interval};
use super::hypothesis::TestResult;
use super::summary::summarize;
use super::trend::least_squares;

/// Bland and Altman's limits of agreement.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct BlandAltman {
    /// Pairs.
    pub n: usize,
    /// Mean difference, first less second, with its t interval.
    pub bias: Estimate,
    /// Standard deviation of the differences.
    pub std_dev: f64,
    /// Lower limit of agreement, with its approximate interval.
    pub lower: Estimate,
    /// Upper limit of agreement.
    pub upper: Estimate,
    /// Slope of the differences on the means of the pairs: does disagreement grow with the value? `None` where the means do not vary.
    pub proportional: Option<Estimate>,
    /// Test that this slope is 0.
    pub proportional_test: Option<TestResult>,
}

/// Limits of agreement of two measurements of each of n things.
///
/// # Formula
/// ```text
/// d̄ ± z₁₋α⸝₂ s;   se(limit) = s √(1/n + z²/(2(n − 1))),  intervals by t on n − 1 degrees of freedom
/// ```
/// `level` is both the share of differences between the limits and the level of the intervals.
///
/// # Errors
/// [`StatsError::TooFew`] below 3 pairs; [`StatsError::LengthMismatch`]; [`StatsError::NotFinite`]; [`StatsError::InvalidLevel`].
///
/// # Agrees with
/// R `blandr`, `BlandAltmanLeh` (with z = 1.96).
///
/// # References
/// Bland & Altman (1986), Lancet i:307–310; (1999), Stat Methods Med Res 8:135–160.
pub fn bland_altman(first: &[f64], second: &[f64], level: f64) -> Result<BlandAltman, StatsError> {
    check_level(level)?;
    if first.len() != second.len() {
        return Err(StatsError::LengthMismatch { what: "the second measurement".to_owned(), found: second.len(), expected: first.len() });
    }
    check_finite("the first measurement", first)?;
    check_finite("the second measurement", second)?;
    if first.len() < 3 {
        return Err(StatsError::TooFew { found: first.len(), needed: 3 });
    }
    let differences: Vec<f64> = first.iter().zip(second).map(|(a, b)| a - b).collect();
    let means: Vec<f64> = first.iter().zip(second).map(|(a, b)| f64::midpoint(*a, *b)).collect();
    let summary = summarize(&differences)?;
    let (n, s) = (differences.len() as f64, summary.std_dev.unwrap_or(0.0));
    let (z, t) = (normal_quantile(0.5 + level / 2.0), t_quantile(0.5 + level / 2.0, n - 1.0));
    let with_interval = |estimate: f64, std_error: f64| Estimate {
        estimate,
        std_error,
        interval: Some(Interval { lower: estimate - t * std_error, upper: estimate + t * std_error, level }),
    };
    let limit_error = s * (1.0 / n + z * z / (2.0 * (n - 1.0))).sqrt();
    let line = least_squares(&means, &differences, level).ok();
    Ok(BlandAltman {
        n: differences.len(),
        bias: with_interval(summary.mean, s / n.sqrt()),
        std_dev: s,
        lower: with_interval(summary.mean - z * s, limit_error),
        upper: with_interval(summary.mean + z * s, limit_error),
        proportional: line.map(|line| line.slope),
        proportional_test: line.and_then(|line| line.test),
    })
}

/// Intraclass correlations of ratings, one row per thing rated.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct IntraclassCorrelations {
    /// Things rated.
    pub n: usize,
    /// Ratings of each.
    pub raters: usize,
    /// One-way: each thing is rated by raters of its own, ICC(1,1).
    pub one_way: Estimate,
    /// Two-way random: the raters are a sample, absolute agreement, ICC(2,1).
    pub agreement: Estimate,
    /// Two-way mixed: these raters alone, consistency, ICC(3,1).
    pub consistency: Estimate,
    /// Standard error of measurement, the root of the within-thing variance (one-way).
    pub std_error_of_measurement: f64,
    /// Smallest change beyond measurement error at the level: `z √2 SEM`.
    pub minimal_detectable_change: f64,
    /// F test that things do not differ (one-way).
    pub test: TestResult,
}

/// Intraclass correlations from a complete table of ratings.
///
/// # Formula
/// With mean squares between things B, within W, between raters J, and residual E, for n things and k raters:
/// ```text
/// ICC(1,1) = (B − W)/(B + (k − 1)W)     ICC(2,1) = (B − E)/(B + (k − 1)E + k(J − E)/n)     ICC(3,1) = (B − E)/(B + (k − 1)E)
/// ```
/// Intervals by F (for ICC(2,1) with Satterthwaite's degrees of freedom); `std_error` is that of a normal with the same interval.
///
/// # Errors
/// [`StatsError::TooFew`] below 2 things or raters; [`StatsError::LengthMismatch`]; [`StatsError::NotFinite`];
/// [`StatsError::Undefined`] if nothing varies; [`StatsError::InvalidLevel`].
///
/// # Agrees with
/// R `psych::ICC`, `irr::icc`.
///
/// # References
/// Shrout & Fleiss (1979), Psychol Bull 86:420–428; McGraw & Wong (1996), Psychol Methods 1:30–46.
pub fn intraclass_correlations(ratings: &[Vec<f64>], level: f64) -> Result<IntraclassCorrelations, StatsError> {
    check_level(level)?;
    let (n, k) = (ratings.len(), ratings.first().map_or(0, Vec::len));
    for row in ratings {
        if row.len() != k {
            return Err(StatsError::LengthMismatch { what: "a row of ratings".to_owned(), found: row.len(), expected: k });
        }
        check_finite("ratings", row)?;
    }
    if n < 2 || k < 2 {
        return Err(StatsError::TooFew { found: n.min(k), needed: 2 });
    }
    let (nf, kf) = (n as f64, k as f64);
    let first = ratings[0][0];
    let mean = ratings.iter().flatten().map(|value| value - first).sum::<f64>() / (nf * kf);
    let centred = |row: usize, rater: usize| ratings[row][rater] - first - mean;
    let row_means: Vec<f64> = (0..n).map(|row| (0..k).map(|rater| centred(row, rater)).sum::<f64>() / kf).collect();
    let rater_means: Vec<f64> = (0..k).map(|rater| (0..n).map(|row| centred(row, rater)).sum::<f64>() / nf).collect();
    let squares = |values: &[f64]| values.iter().map(|value| value * value).sum::<f64>();
    let (between, raters) = (kf * squares(&row_means), nf * squares(&rater_means));
    let total: f64 = (0..n).flat_map(|row| (0..k).map(move |rater| (row, rater))).map(|(row, rater)| centred(row, rater).powi(2)).sum();
    let within = total - between;
    let (df_between, df_within, df_error) = (nf - 1.0, nf * (kf - 1.0), (nf - 1.0) * (kf - 1.0));
    let (b, w, j, e) = (between / df_between, within / df_within, raters / (kf - 1.0), (within - raters) / df_error);
    if total <= 0.0 || w <= 1e-14 * b || e <= 1e-14 * b {
        return Err(StatsError::Undefined { why: "the ratings agree completely (or do not vary), so no interval can be given".to_owned() });
    }
    let tail = (1.0 - level) / 2.0;
    let z = normal_quantile(0.5 + level / 2.0);
    let estimate = |estimate: f64, lower: f64, upper: f64| Estimate {
        estimate,
        std_error: (upper - lower) / (2.0 * z),
        interval: Some(Interval { lower, upper, level }),
    };
    let from_f = |f: f64, df: f64| {
        let low = f / f_quantile(1.0 - tail, df_between, df);
        let high = f * f_quantile(1.0 - tail, df, df_between);
        ((low - 1.0) / (low + kf - 1.0), (high - 1.0) / (high + kf - 1.0))
    };
    let f = b / w;
    let (low1, high1) = from_f(f, df_within);
    let (low3, high3) = from_f(b / e, df_error);
    let icc2 = (b - e) / (b + (kf - 1.0) * e + kf * (j - e) / nf);
    // McGraw and Wong's limits of absolute agreement.
    let fj = j / e;
    let vn = df_error * (kf * icc2 * fj + nf * (1.0 + (kf - 1.0) * icc2) - kf * icc2).powi(2);
    let vd = df_between * kf * kf * icc2 * icc2 * fj * fj + (nf * (1.0 + (kf - 1.0) * icc2) - kf * icc2).powi(2);
    let v = vn / vd;
    let (upper_f, lower_f) = (f_quantile(1.0 - tail, df_between, v), f_quantile(1.0 - tail, v, df_between));
    let low2 = nf * (b - upper_f * e) / (upper_f * (kf * j + (kf * nf - kf - nf) * e) + nf * b);
    let high2 = nf * (lower_f * b - e) / (kf * j + (kf * nf - kf - nf) * e + nf * lower_f * b);
    Ok(IntraclassCorrelations {
        n,
        raters: k,
        one_way: estimate((f - 1.0) / (f + kf - 1.0), low1, high1),
        agreement: estimate(icc2, low2, high2),
        consistency: estimate((b - e) / (b + (kf - 1.0) * e), low3, high3),
        std_error_of_measurement: w.sqrt(),
        minimal_detectable_change: z * std::f64::consts::SQRT_2 * w.sqrt(),
        test: TestResult {
            method: "F test between things rated",
            statistic: f,
            df: Some(df_between),
            p_value: f_upper_p(f, df_between, df_within),
        },
    })
}
