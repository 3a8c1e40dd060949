//! The rows of a model: an intercept and the covariates, centred and scaled.

use std::ops::Range;

use nalgebra::{DMatrix, DVector};
use rayon::prelude::*;

use super::observations::Observations;
use crate::stats::error::StatsError;

/// Rows in a chunk. Fixed, so that sums come out the same however many threads there are.
const CHUNK: usize = 8_192;
/// A column of which this share or less is left beside the earlier ones is made of them (the tolerance of R's `lm`).
const COLLINEAR: f64 = 1e-7;

/// Runs `of` over fixed ranges of rows, in parallel, and gives the results in order.
pub(super) fn by_chunks<T: Send>(n: usize, of: impl Fn(Range<usize>) -> T + Sync) -> Vec<T> {
    if n <= CHUNK {
        return vec![of(0..n)];
    }
    (0..n.div_ceil(CHUNK)).into_par_iter().map(|chunk| of(chunk * CHUNK..((chunk + 1) * CHUNK).min(n))).collect()
}

/// Adds vectors in the order in which they come.
pub(super) fn added(parts: Vec<Vec<f64>>) -> Vec<f64> {
    let mut parts = parts.into_iter();
    let mut total = parts.next().unwrap_or_default();
    for part in parts {
        for (sum, value) in total.iter_mut().zip(part) {
            *sum += value;
        }
    }
    total
}

/// The model's columns: the intercept, then the covariates centred and scaled, stored row after row.
#[derive(Clone, Debug)]
pub(in crate::stats) struct Design {
    pub(super) names: Vec<String>,
    pub(super) n: usize,
    pub(super) p: usize,
    pub(super) x: Vec<f64>,
    pub(super) scaling: Scaling,
}

/// How the columns were centred and scaled; the intercept is left alone.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Scaling {
    pub(super) centre: Vec<f64>,
    pub(super) scale: Vec<f64>,
}

impl Design {
    /// Takes checked observations; rows in this order where one is given.
    pub(in crate::stats) fn new(observations: &Observations<'_>, order: Option<&[usize]>) -> Result<Self, StatsError> {
        let (n, p) = (observations.len(), observations.n_terms());
        let mut names = vec!["(Intercept)".to_owned()];
        let (mut centre, mut scale) = (vec![0.0], vec![1.0]);
        let mut columns: Vec<&[f64]> = vec![];
        if let Some(covariates) = observations.covariates {
            for (name, column) in covariates.names().iter().zip(covariates.columns()) {
                let (middle, deviation) =
                    centre_and_scale(column, observations).ok_or_else(|| StatsError::ConstantCovariate { term: name.clone() })?;
                names.push(name.clone());
                centre.push(middle);
                scale.push(deviation);
                columns.push(column);
            }
        }
        let mut x = vec![1.0; n * p];
        if p > 1 {
            x.par_chunks_mut(CHUNK * p).enumerate().for_each(|(chunk, block)| {
                for (index, row) in block.chunks_exact_mut(p).enumerate() {
                    let position = chunk * CHUNK + index;
                    let source = order.map_or(position, |order| order[position]);
                    for (j, column) in columns.iter().enumerate() {
                        row[j + 1] = (column[source] - centre[j + 1]) / scale[j + 1];
                    }
                }
            });
        }
        Ok(Self { names, n, p, x, scaling: Scaling { centre, scale } })
    }

    /// An intercept alone.
    pub(super) fn intercept(n: usize) -> Self {
        let scaling = Scaling { centre: vec![0.0], scale: vec![1.0] };
        Self { names: vec!["(Intercept)".to_owned()], n, p: 1, x: vec![1.0; n], scaling }
    }

    /// One row.
    pub(in crate::stats) fn row(&self, row: usize) -> &[f64] {
        &self.x[row * self.p..(row + 1) * self.p]
    }

    /// Linear predictor of a row, without offset.
    pub(super) fn predictor(&self, row: usize, gamma: &[f64]) -> f64 {
        self.row(row).iter().zip(gamma).map(|(x, g)| x * g).sum()
    }

    /// The triangle R of a QR decomposition of the rows times `root(row)`, with `response(row)` as a last column.
    ///
    /// Decomposed chunk by chunk, then the triangles together, which is as accurate as one decomposition of the whole.
    pub(super) fn triangle(&self, root: impl Fn(usize) -> f64 + Sync, response: impl Fn(usize) -> f64 + Sync) -> DMatrix<f64> {
        let q = self.p + 1;
        let triangles = by_chunks(self.n, |rows| {
            let start = rows.start;
            let mut block = DMatrix::<f64>::zeros(rows.len().max(q), q);
            for row in rows {
                let weight = root(row);
                for (j, x) in self.row(row).iter().enumerate() {
                    block[(row - start, j)] = weight * x;
                }
                block[(row - start, self.p)] = weight * response(row);
            }
            block.qr().unpack_r()
        });
        if let [triangle] = triangles.as_slice() {
            return triangle.clone();
        }
        let mut stacked = DMatrix::<f64>::zeros(triangles.len() * q, q);
        for (index, triangle) in triangles.iter().enumerate() {
            stacked.view_mut((index * q, 0), (q, q)).copy_from(triangle);
        }
        stacked.qr().unpack_r()
    }

    /// Refuses a column made of earlier ones, by the triangle of the weighted rows.
    pub(super) fn check_rank(&self, triangle: &DMatrix<f64>) -> Result<(), StatsError> {
        match (1..self.p).find(|&j| triangle[(j, j)].abs() <= COLLINEAR * triangle.column(j).norm()) {
            Some(j) => Err(StatsError::Collinear { term: self.names[j].clone() }),
            None => Ok(()),
        }
    }

    /// wᵢ xᵢᵀ (XᵀWX)⁻¹ xᵢ of each row, from the inverse of the weighted rows' triangle.
    pub(super) fn leverages(&self, inverse: &DMatrix<f64>, weight: impl Fn(usize) -> f64 + Sync) -> Vec<f64> {
        let parts = by_chunks(self.n, |rows| {
            rows.map(|row| {
                let x = self.row(row);
                let length: f64 = (0..self.p).map(|k| (0..=k).map(|j| x[j] * inverse[(j, k)]).sum::<f64>().powi(2)).sum();
                weight(row) * length
            })
            .collect::<Vec<f64>>()
        });
        parts.concat()
    }

    /// Σ wᵢ xᵢ xᵢᵀ.
    pub(super) fn crossproduct(&self, weight: impl Fn(usize) -> f64 + Sync) -> DMatrix<f64> {
        let p = self.p;
        let parts = by_chunks(self.n, |rows| {
            let mut sum = vec![0.0; p * (p + 1) / 2];
            for row in rows {
                add_outer(&mut sum, self.row(row), weight(row));
            }
            sum
        });
        symmetric(&added(parts), p)
    }
}

/// Adds `weight · row rowᵀ` to an upper triangle stored row after row.
pub(super) fn add_outer(sum: &mut [f64], row: &[f64], weight: f64) {
    let mut at = 0;
    for (j, x) in row.iter().enumerate() {
        let scaled = weight * x;
        for (slot, y) in sum[at..].iter_mut().zip(&row[j..]) {
            *slot += scaled * y;
        }
        at += row.len() - j;
    }
}

/// The matrix of an upper triangle stored row after row.
pub(super) fn symmetric(upper: &[f64], p: usize) -> DMatrix<f64> {
    let mut matrix = DMatrix::<f64>::zeros(p, p);
    let mut values = upper.iter();
    for j in 0..p {
        for k in j..p {
            let value = values.next().copied().unwrap_or(0.0);
            matrix[(j, k)] = value;
            matrix[(k, j)] = value;
        }
    }
    matrix
}

/// Inverse of an upper triangle's leading block.
pub(super) fn inverse_triangle(triangle: &DMatrix<f64>, p: usize) -> Option<DMatrix<f64>> {
    triangle.view((0, 0), (p, p)).into_owned().solve_upper_triangular(&DMatrix::identity(p, p))
}

impl Scaling {
    /// Coefficients of the columns as they came.
    pub(super) fn coefficients(&self, gamma: &[f64]) -> Vec<f64> {
        let mut beta: Vec<f64> = gamma.iter().zip(&self.scale).map(|(g, s)| g / s).collect();
        let shift: f64 = beta.iter().zip(&self.centre).skip(1).map(|(b, c)| b * c).sum();
        beta[0] -= shift;
        beta
    }

    /// Covariance of those coefficients.
    pub(super) fn covariance(&self, gamma: &DMatrix<f64>) -> DMatrix<f64> {
        let p = self.scale.len();
        let mut back = DMatrix::<f64>::zeros(p, p);
        for j in 0..p {
            back[(j, j)] = 1.0 / self.scale[j];
            back[(0, j)] -= self.centre[j] / self.scale[j];
        }
        let covariance = &back * gamma * back.transpose();
        (&covariance + covariance.transpose()) * 0.5
    }

    /// Standard errors of those coefficients, from roots: their squares may lie beyond what a number can hold.
    pub(super) fn std_errors(&self, gamma: &DMatrix<f64>) -> Vec<f64> {
        let to_zero = DVector::from_fn(self.scale.len(), |j, _| if j == 0 { 1.0 } else { -self.centre[j] / self.scale[j] });
        let at_zero = to_zero.dot(&(gamma * &to_zero));
        (0..self.scale.len())
            .map(|j| if j == 0 { at_zero.max(0.0).sqrt() } else { gamma[(j, j)].max(0.0).sqrt() / self.scale[j] })
            .collect()
    }

    /// A row as the model sees it, from covariate values as they come.
    pub(super) fn row(&self, values: &[f64]) -> Result<DVector<f64>, StatsError> {
        let expected = self.scale.len() - 1;
        if values.len() != expected {
            return Err(StatsError::LengthMismatch { what: "the covariates of the prediction".to_owned(), found: values.len(), expected });
        }
        crate::stats::error::check_finite("the covariates of the prediction", values)?;
        Ok(DVector::from_fn(expected + 1, |j, _| if j == 0 { 1.0 } else { (values[j - 1] - self.centre[j]) / self.scale[j] }))
    }
}

/// Weighted mean and standard deviation of a column; `None` if it does not vary.
///
/// Differences from the first value, in units of the largest: numbers near 1e9 keep their digits and 1e200 does not overflow.
fn centre_and_scale(column: &[f64], observations: &Observations<'_>) -> Option<(f64, f64)> {
    let used = |row: usize| observations.weight(row) > 0.0;
    let first = (0..column.len()).find(|&row| used(row)).map(|row| column[row])?;
    let span = column.iter().enumerate().filter(|&(row, _)| used(row)).map(|(_, value)| (value - first).abs()).fold(0.0_f64, f64::max);
    if span <= 0.0 || !span.is_finite() {
        return None;
    }
    let (mut total, mut sum) = (0.0, 0.0);
    for (row, value) in column.iter().enumerate() {
        total += observations.weight(row);
        sum += observations.weight(row) * ((value - first) / span);
    }
    let mean = sum / total;
    let squares: f64 =
        column.iter().enumerate().map(|(row, value)| observations.weight(row) * ((value - first) / span - mean).powi(2)).sum();
    let deviation = (squares / total).sqrt() * span;
    (deviation > 0.0).then_some((first + mean * span, deviation))
}
