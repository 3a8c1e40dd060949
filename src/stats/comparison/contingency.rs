//! Tables of counts: independence, and agreement of pairs.

use serde::Serialize;

use crate::stats::distributions::chi_squared_upper_p;
use crate::stats::error::StatsError;
use crate::stats::hypothesis::TestResult;

/// Pearson's χ² test of a table.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ChiSquaredTest {
    /// The test.
    pub test: TestResult,
    /// Expected counts under independence, rows and columns without counts left out.
    pub expected: Vec<Vec<f64>>,
    /// Least expected count; below 5 the χ² distribution is a rough guide.
    pub smallest_expected: f64,
    /// Cramér's V, from the statistic without correction: 0 for independence, 1 for a table that determines one variable.
    pub cramers_v: f64,
}

/// Refuses tables with rows of different length; leaves out rows and columns without counts.
pub(super) fn without_empty_lines(table: &[Vec<u64>]) -> Result<Vec<Vec<u64>>, StatsError> {
    let columns = table.first().map_or(0, Vec::len);
    for row in table {
        if row.len() != columns {
            return Err(StatsError::LengthMismatch { what: "a row of the table".to_owned(), found: row.len(), expected: columns });
        }
    }
    let used: Vec<usize> = (0..columns).filter(|&column| table.iter().any(|row| row[column] > 0)).collect();
    let kept: Vec<Vec<u64>> =
        table.iter().filter(|row| row.iter().any(|&count| count > 0)).map(|row| used.iter().map(|&column| row[column]).collect()).collect();
    if kept.is_empty() {
        return Err(StatsError::EmptySample);
    }
    // Above this a count is no longer exact as a float.
    if kept.iter().flatten().any(|&count| count > 1 << 50) {
        return Err(StatsError::NotPossible { what: "the test", reason: "a count is too large" });
    }
    if kept.len() < 2 || used.len() < 2 { Err(StatsError::OneGroup) } else { Ok(kept) }
}

/// Pearson's χ² test of independence in a table of counts.
///
/// # Formula
/// ```text
/// E = row · column / n,   X² = Σ (|O − E| − c)²/E,   χ² with (rows − 1)(columns − 1) degrees of freedom
/// ```
/// c = 0, or with Yates' continuity correction, for a 2 × 2 table only, min(½, |O − E|). V = √(X²/(n (min(rows, columns) − 1))).
///
/// # Edge cases
/// Rows and columns without counts are left out, as R's `factor` does.
///
/// # Errors
/// [`StatsError::OneGroup`] for fewer than two rows or columns with counts, [`StatsError::EmptySample`],
/// [`StatsError::LengthMismatch`].
///
/// # Agrees with
/// R `chisq.test(table, correct = continuity)`.
///
/// # References
/// Pearson (1900), Philosophical Magazine 50:157–175; Yates (1934), JRSS Supplement 1:217–235.
pub fn chi_squared_test(table: &[Vec<u64>], continuity: bool) -> Result<ChiSquaredTest, StatsError> {
    let table = without_empty_lines(table)?;
    let rows: Vec<f64> = table.iter().map(|row| row.iter().map(|&count| count as f64).sum()).collect();
    let columns: Vec<f64> = (0..table[0].len()).map(|column| table.iter().map(|row| row[column] as f64).sum()).collect();
    let n: f64 = rows.iter().sum();
    let expected: Vec<Vec<f64>> = rows.iter().map(|row| columns.iter().map(|column| row / n * column).collect()).collect();
    let cells = || table.iter().flatten().map(|&count| count as f64).zip(expected.iter().flatten().copied());
    let two_by_two = rows.len() == 2 && columns.len() == 2;
    let correction = if continuity && two_by_two { cells().map(|(count, e)| (count - e).abs()).fold(0.5, f64::min) } else { 0.0 };
    let statistic_with = |correction: f64| cells().map(|(count, e)| ((count - e).abs() - correction).powi(2) / e).sum::<f64>();
    let statistic = statistic_with(correction);
    let df = ((rows.len() - 1) * (columns.len() - 1)) as f64;
    let method = if correction > 0.0 { "Pearson's χ² test with Yates' continuity correction" } else { "Pearson's χ² test" };
    Ok(ChiSquaredTest {
        test: TestResult { method, statistic, df: Some(df), p_value: chi_squared_upper_p(statistic, df) },
        smallest_expected: cells().map(|(_, e)| e).fold(f64::INFINITY, f64::min),
        cramers_v: (statistic_with(0.0) / n / (rows.len().min(columns.len()) - 1) as f64).sqrt().min(1.0),
        expected,
    })
}

/// `McNemar`'s test of a square table of pairs: are changes one way as frequent as the other? With more than two categories
/// Bowker's test of symmetry.
///
/// # Formula
/// ```text
/// X² = Σ_{i < j} (|nᵢⱼ − nⱼᵢ| − c)² / (nᵢⱼ + nⱼᵢ),   χ² with k(k − 1)/2 degrees of freedom
/// ```
/// c = 1 with the continuity correction, for a 2 × 2 table with a difference only, else 0.
///
/// # Edge cases
/// Cells with no pair either way are left out and cost a degree of freedom (R gives NaN).
///
/// # Errors
/// [`StatsError::NoVariation`] if no pair differs, [`StatsError::LengthMismatch`] if the table is not square,
/// [`StatsError::TooFew`] below two categories.
///
/// # Agrees with
/// R `mcnemar.test(table, correct = continuity)`.
///
/// # References
/// `McNemar` (1947), Psychometrika 12:153–157; Bowker (1948), JASA 43:572–574.
pub fn mcnemar(table: &[Vec<u64>], continuity: bool) -> Result<TestResult, StatsError> {
    let size = table.len();
    if size < 2 {
        return Err(StatsError::TooFew { found: size, needed: 2 });
    }
    if let Some(row) = table.iter().find(|row| row.len() != size) {
        return Err(StatsError::LengthMismatch { what: "a row of the table".to_owned(), found: row.len(), expected: size });
    }
    let (mut statistic, mut df, mut corrected) = (0.0, 0.0, false);
    let above = table.iter().enumerate().flat_map(|(i, row)| row.iter().enumerate().skip(i + 1).map(move |(j, &count)| (i, j, count)));
    for (i, j, count) in above {
        let (one, other) = (count as f64, table[j][i] as f64);
        if one + other > 0.0 {
            let mut difference = (one - other).abs();
            if continuity && size == 2 && difference > 0.0 {
                difference -= 1.0;
                corrected = true;
            }
            statistic += difference * difference / (one + other);
            df += 1.0;
        }
    }
    if df < 1.0 {
        return Err(StatsError::NoVariation { what: "the two members of every pair" });
    }
    let method = if corrected { "McNemar's test with continuity correction" } else { "McNemar's test" };
    Ok(TestResult { method, statistic, df: Some(df), p_value: chi_squared_upper_p(statistic, df) })
}
