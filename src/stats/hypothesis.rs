//! The result of a test.

use serde::Serialize;

/// The result of a test; the p value is two-sided unless the method says otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct TestResult {
    /// Name of the test.
    pub method: &'static str,
    /// Test statistic.
    pub statistic: f64,
    /// Degrees of freedom, where it has them.
    pub df: Option<f64>,
    /// p value.
    pub p_value: f64,
}
