//! Mann–Kendall test of trend.

use serde::Serialize;

use super::distributions::normal_two_sided_p;
use super::error::{StatsError, check_finite};
use super::hypothesis::TestResult;
use super::kendall::kendall_score;

/// A Mann–Kendall test.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct MannKendall {
    /// Rising less falling pairs.
    pub s: f64,
    /// Its variance without trend, ties taken into account.
    pub variance: f64,
    /// Kendall's tau-b of value and time.
    pub tau: f64,
    /// z test with continuity correction.
    pub test: TestResult,
    /// Values.
    pub n: usize,
}

/// Mann–Kendall test that values have no trend over time.
///
/// # Formula
/// ```text
/// S = Σ_{i<j} sign(x_j − x_i) sign(y_j − y_i),   z = (S − sign S)/√Var S
/// Var S = [n(n − 1)(2n + 5) − Σ t(t − 1)(2t + 5)]/18    (ties in y; with ties in x too, Kendall's full variance)
/// ```
///
/// # Conventions
/// Times need not be in order or distinct; pairs at one time count 0.
///
/// # Errors
/// [`StatsError::TooFew`] below 3 values; [`StatsError::Undefined`] if all values or all times are equal;
/// [`StatsError::LengthMismatch`], [`StatsError::NotFinite`].
///
/// # Agrees with
/// R `trend::mk.test(y)`, `Kendall::Kendall(x, y)` (which leaves the continuity correction out of tau).
///
/// # References
/// Mann (1945), Econometrica 13:245–259; Kendall (1975), Rank Correlation Methods.
pub fn mann_kendall(x: &[f64], y: &[f64]) -> Result<MannKendall, StatsError> {
    if x.len() != y.len() {
        return Err(StatsError::LengthMismatch { what: "y".to_owned(), found: y.len(), expected: x.len() });
    }
    check_finite("x", x)?;
    check_finite("y", y)?;
    if x.len() < 3 {
        return Err(StatsError::TooFew { found: x.len(), needed: 3 });
    }
    let counted = kendall_score(x, y);
    let free = (counted.pairs - counted.tied_x) * (counted.pairs - counted.tied_y);
    if free <= 0.0 || counted.variance <= 0.0 {
        return Err(StatsError::Undefined { why: "all values (or all times) are equal, so there is no trend to test".to_owned() });
    }
    let s = counted.score;
    let statistic = if s == 0.0 { 0.0 } else { (s - s.signum()) / counted.variance.sqrt() };
    let test = TestResult { method: "Mann-Kendall test", statistic, df: None, p_value: normal_two_sided_p(statistic) };
    Ok(MannKendall { s, variance: counted.variance, tau: s / free.sqrt(), test, n: x.len() })
}
