//! Tables of counts.

use serde::Serialize;

use crate::stats::distributions::chi_squared_upper_p;
use crate::stats::error::StatsError;
use crate::stats::hypothesis::TestResult;

/// A χ² test of a table.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ChiSquareTest {
    /// The test.
    pub test: TestResult,
    /// Expected counts if rows and columns are independent.
    pub expected: Vec<Vec<f64>>,
    /// Whether any expected count is below 5, where the approximation is doubtful.
    pub small_expected: bool,
    /// Cramér's V.
    pub cramers_v: f64,
}

/// Rows of equal length with non-empty margins.
pub(super) fn margins(table: &[Vec<u64>]) -> Result<(Vec<f64>, Vec<f64>, f64), StatsError> {
    let columns = table.first().map_or(0, Vec::len);
    if table.len() < 2 || columns < 2 {
        return Err(StatsError::Undefined { why: "a table needs at least two rows and two columns".to_owned() });
    }
    if let Some(row) = table.iter().find(|row| row.len() != columns) {
        return Err(StatsError::LengthMismatch { what: "a row of the table".to_owned(), found: row.len(), expected: columns });
    }
    let rows: Vec<f64> = table.iter().map(|row| row.iter().sum::<u64>() as f64).collect();
    let sums: Vec<f64> = (0..columns).map(|j| table.iter().map(|row| row[j]).sum::<u64>() as f64).collect();
    let total = rows.iter().sum();
    Ok((rows, sums, total))
}

/// Pearson's χ² test that rows and columns of a table are independent.
///
/// # Formula
/// ```text
/// χ² = Σ (|o − e| − c)²/e,   e = row · column / total,   on (r − 1)(k − 1) degrees of freedom
/// ```
/// with Yates's `c = min(½, |o − e|)` for 2 × 2 tables if asked for, else 0. Cramér's V is `√(χ²/(n (min(r, k) − 1)))` without it.
///
/// # Errors
/// [`StatsError::Undefined`] below 2 × 2 or with an empty row or column; [`StatsError::LengthMismatch`].
///
/// # Agrees with
/// R `chisq.test(table, correct = …)`.
///
/// # References
/// Pearson (1900); Yates (1934).
pub fn chi_square_test(table: &[Vec<u64>], yates: bool) -> Result<ChiSquareTest, StatsError> {
    let (rows, columns, total) = margins(table)?;
    if rows.iter().chain(&columns).any(|&sum| sum <= 0.0) {
        return Err(StatsError::Undefined { why: "a row or column of the table is empty".to_owned() });
    }
    let expected: Vec<Vec<f64>> = rows.iter().map(|row| columns.iter().map(|column| row * column / total).collect()).collect();
    let cells = || table.iter().flatten().map(|&cell| cell as f64).zip(expected.iter().flatten().copied());
    let nearest = cells().map(|(o, e)| (o - e).abs()).fold(f64::INFINITY, f64::min);
    let correction = if yates && rows.len() == 2 && columns.len() == 2 { nearest.min(0.5) } else { 0.0 };
    let sum = |correction: f64| cells().map(|(o, e)| ((o - e).abs() - correction).powi(2) / e).sum::<f64>();
    let statistic = sum(correction);
    let df = ((rows.len() - 1) * (columns.len() - 1)) as f64;
    let least = rows.len().min(columns.len()) as f64 - 1.0;
    let small_expected = expected.iter().flatten().any(|&cell| cell < 5.0);
    Ok(ChiSquareTest {
        test: TestResult { method: "Pearson chi-square test", statistic, df: Some(df), p_value: chi_squared_upper_p(statistic, df) },
        cramers_v: (sum(0.0) / (total * least)).sqrt(),
        small_expected,
        expected,
    })
}

/// McNemar's test of paired yes/no answers: `only_first` and `only_second` are the pairs that differ.
///
/// # Formula
/// `χ² = (|b − c| − 1)²/(b + c)` with continuity correction, else `(b − c)²/(b + c)`, on 1 degree of freedom.
///
/// # Errors
/// [`StatsError::Undefined`] if no pair differs.
///
/// # Agrees with
/// R `mcnemar.test(table, correct = …)`.
///
/// # References
/// McNemar (1947), Psychometrika 12:153–157.
pub fn mcnemar(only_first: u64, only_second: u64, continuity: bool) -> Result<TestResult, StatsError> {
    let (b, c) = (only_first as f64, only_second as f64);
    if b + c <= 0.0 {
        return Err(StatsError::Undefined { why: "no pair differs, so there is nothing to compare".to_owned() });
    }
    let away = (b - c).abs();
    let corrected = if continuity && away > 0.0 { (away - 1.0).max(0.0) } else { away };
    let statistic = corrected * corrected / (b + c);
    Ok(TestResult { method: "McNemar test", statistic, df: Some(1.0), p_value: chi_squared_upper_p(statistic, 1.0) })
}
