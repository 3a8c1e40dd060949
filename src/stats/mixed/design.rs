//! Outcome and columns, centred, scaled and made orthonormal, so that numbers near 1e9 lose no digits.

use nalgebra::{DMatrix, DVector};

use crate::stats::error::StatsError;
use crate::stats::magnitude::check_range;
use crate::stats::survival::Covariates;

/// A column whose part not explained by the others is smaller than this share of it is one of their combinations (as in R's `lm`).
const COLLINEAR: f64 = 1e-7;

/// A column as `center + scale · value`, the values of mean 0 and mean square 1.
#[derive(Clone, Debug)]
pub(super) struct Standardized {
    pub(super) values: Vec<f64>,
    pub(super) center: f64,
    pub(super) scale: f64,
}

impl Standardized {
    /// `None` if all values are equal.
    pub(super) fn new(column: &[f64], what: &str) -> Result<Option<Self>, StatsError> {
        check_range(what, column)?;
        let (first, n) = (column[0], column.len() as f64);
        // Differences from the first value first: a mean of numbers near 1e9 would lose their digits.
        let widest = column.iter().map(|value| (value - first).abs()).fold(0.0, f64::max);
        if widest <= 0.0 {
            return Ok(None);
        }
        let mean = column.iter().map(|value| value - first).sum::<f64>() / n;
        let scale = (column.iter().map(|value| (value - first - mean).powi(2)).sum::<f64>() / n).sqrt();
        let values = column.iter().map(|value| (value - first - mean) / scale).collect();
        Ok(Some(Self { values, center: first + mean, scale }))
    }
}

/// The fixed part of a model as rows of orthonormal columns, and the outcome less its least-squares fit.
pub(super) struct Design {
    pub(super) names: Vec<String>,
    pub(super) n: usize,
    pub(super) p: usize,
    /// Row by row.
    pub(super) x: Vec<f64>,
    /// Residuals of the least-squares fit, in units of `y_scale`.
    pub(super) y: Vec<f64>,
    pub(super) y_center: f64,
    pub(super) y_scale: f64,
    /// The columns before they were made orthonormal, without the intercept.
    pub(super) columns: Vec<Standardized>,
    /// Least-squares coefficients of the orthonormal columns.
    pub(super) least_squares: DVector<f64>,
    /// From coefficients of the orthonormal columns to those of the columns given.
    pub(super) to_original: DMatrix<f64>,
    /// log |Xᵀ X| of the columns given.
    pub(super) log_det: f64,
}

impl Design {
    pub(super) fn new(outcome: &[f64], fixed: Option<&Covariates>) -> Result<Self, StatsError> {
        let n = outcome.len();
        if n == 0 {
            return Err(StatsError::EmptySample);
        }
        check_range("the outcome", outcome)?;
        let (names, given): (&[String], &[Vec<f64>]) = fixed.map_or((&[], &[]), |fixed| (fixed.names(), fixed.columns()));
        if let Some((name, column)) = names.iter().zip(given).find(|(_, column)| column.len() != n) {
            return Err(StatsError::LengthMismatch { what: name.clone(), found: column.len(), expected: n });
        }
        let p = given.len() + 1;
        if n <= p {
            return Err(StatsError::TooFew { found: n, needed: p + 1 });
        }
        let mut columns = Vec::with_capacity(p - 1);
        for (name, column) in names.iter().zip(given) {
            let column = Standardized::new(column, name)?;
            columns.push(column.ok_or_else(|| StatsError::ConstantCovariate { term: name.clone() })?);
        }
        let (basis, triangle) = orthonormal(&columns, n, names)?;
        let outcome = Standardized::new(outcome, "the outcome")?.ok_or(StatsError::NoResidualVariance)?;
        let mut y = outcome.values;
        let mut least_squares = DVector::zeros(p);
        // Twice: what the first pass leaves of the columns is taken out by the second.
        for _ in 0..2 {
            for (j, column) in basis.iter().enumerate() {
                let along = dot(column, &y);
                least_squares[j] += along;
                subtract(&mut y, along, column);
            }
        }
        if dot(&y, &y) <= 1e-24 * n as f64 {
            return Err(StatsError::NoResidualVariance);
        }
        let mut x = vec![0.0; n * p];
        for (j, column) in basis.iter().enumerate() {
            for (row, value) in column.iter().enumerate() {
                x[row * p + j] = *value;
            }
        }
        let log_det = 2.0 * (triangle.diagonal().iter().map(|r| r.ln()).sum::<f64>() + columns.iter().map(|c| c.scale.ln()).sum::<f64>());
        let to_original = to_original(&triangle, &columns).ok_or(StatsError::NoResidualVariance)?;
        let names = std::iter::once("(Intercept)".to_owned()).chain(names.iter().cloned()).collect();
        let (y_center, y_scale) = (outcome.center, outcome.scale);
        Ok(Self { names, n, p, x, y, y_center, y_scale, columns, least_squares, to_original, log_det })
    }
}

/// Gram and Schmidt's columns, each orthogonalized twice, and the triangle that leads back.
fn orthonormal(columns: &[Standardized], n: usize, names: &[String]) -> Result<(Vec<Vec<f64>>, DMatrix<f64>), StatsError> {
    let length = (n as f64).sqrt();
    let mut triangle = DMatrix::zeros(columns.len() + 1, columns.len() + 1);
    triangle[(0, 0)] = length;
    let mut basis = vec![vec![1.0 / length; n]];
    for (j, column) in columns.iter().enumerate() {
        let mut left = column.values.clone();
        for _ in 0..2 {
            for (i, earlier) in basis.iter().enumerate() {
                let along = dot(earlier, &left);
                triangle[(i, j + 1)] += along;
                subtract(&mut left, along, earlier);
            }
        }
        let rest = dot(&left, &left).sqrt();
        if rest <= COLLINEAR * length {
            return Err(StatsError::Collinear { term: names[j].clone() });
        }
        triangle[(j + 1, j + 1)] = rest;
        basis.push(left.into_iter().map(|value| value / rest).collect());
    }
    Ok((basis, triangle))
}

/// Undoes first the triangle, then scale and centre of each column.
fn to_original(triangle: &DMatrix<f64>, columns: &[Standardized]) -> Option<DMatrix<f64>> {
    let p = columns.len() + 1;
    let mut map = triangle.solve_upper_triangular(&DMatrix::identity(p, p))?;
    for (j, column) in columns.iter().enumerate() {
        for k in 0..p {
            let coefficient = map[(j + 1, k)] / column.scale;
            map[(j + 1, k)] = coefficient;
            map[(0, k)] -= coefficient * column.center;
        }
    }
    Some(map)
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn subtract(from: &mut [f64], times: f64, column: &[f64]) {
    for (value, other) in from.iter_mut().zip(column) {
        *value -= times * other;
    }
}
