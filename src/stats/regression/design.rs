//! Covariates with an intercept, centred and scaled, row by row.

use nalgebra::{Cholesky, DMatrix, DVector, Dyn, SymmetricEigen};
use rayon::prelude::*;

use crate::stats::covariates::Covariates;
use crate::stats::error::StatsError;

/// Rows per block of sums: fixed, so that results do not depend on the number of threads.
const BLOCK: usize = 16_384;

/// `1, (x − centre)/scale, …` in each row.
pub(in crate::stats) struct Design {
    pub(in crate::stats) names: Vec<String>,
    pub(in crate::stats) n: usize,
    /// Columns with the intercept.
    pub(in crate::stats) p: usize,
    /// `n × p`, row by row.
    pub(in crate::stats) x: Vec<f64>,
    centre: Vec<f64>,
    scale: Vec<f64>,
}

impl Design {
    /// Centres and scales; refuses constant and collinear columns by name.
    pub(in crate::stats) fn new(covariates: &Covariates) -> Result<Self, StatsError> {
        let (n, p) = (covariates.n_rows(), covariates.width() + 1);
        if n == 0 {
            return Err(StatsError::EmptySample);
        }
        let mut design = Self { names: covariates.names().to_vec(), n, p, x: vec![1.0; n * p], centre: vec![0.0], scale: vec![1.0] };
        for (j, (name, column)) in covariates.names().iter().zip(covariates.columns()).enumerate() {
            let first = column[0];
            if column.iter().all(|value| *value == first) {
                return Err(StatsError::ConstantCovariate { term: name.clone() });
            }
            // Differences from the first value first: a mean of numbers near 1e9 would lose their digits.
            let mean = column.iter().map(|value| value - first).sum::<f64>() / n as f64;
            let deviation = (column.iter().map(|value| (value - first - mean).powi(2)).sum::<f64>() / n as f64).sqrt();
            design.x[j + 1..].iter_mut().step_by(p).zip(column).for_each(|(x, value)| *x = (value - first - mean) / deviation);
            design.centre.push(first + mean);
            design.scale.push(deviation);
        }
        if n < p {
            return Err(StatsError::TooFew { found: n, needed: p });
        }
        design.check_collinear()?;
        Ok(design)
    }

    pub(in crate::stats) fn row(&self, row: usize) -> &[f64] {
        &self.x[row * self.p..(row + 1) * self.p]
    }

    /// Linear predictors.
    pub(in crate::stats) fn predictor(&self, coefficients: &[f64]) -> Vec<f64> {
        self.x.chunks_exact(self.p).map(|x| x.iter().zip(coefficients).map(|(x, b)| x * b).sum()).collect()
    }

    /// Σ w x xᵀ and Σ w z x over the rows.
    pub(in crate::stats) fn crossproducts(&self, weight: impl Fn(usize) -> f64 + Sync, z: &[f64]) -> (DMatrix<f64>, DVector<f64>) {
        let p = self.p;
        let blocks: Vec<(Vec<f64>, Vec<f64>)> = self
            .x
            .par_chunks(BLOCK * p)
            .enumerate()
            .map(|(block, rows)| {
                let (mut products, mut sums) = (vec![0.0; p * p], vec![0.0; p]);
                for (place, x) in rows.chunks_exact(p).enumerate() {
                    let row = block * BLOCK + place;
                    let weight = weight(row);
                    for j in 0..p {
                        let wx = weight * x[j];
                        sums[j] += wx * z[row];
                        for k in j..p {
                            products[j * p + k] += wx * x[k];
                        }
                    }
                }
                (products, sums)
            })
            .collect();
        let (mut products, mut sums) = (vec![0.0; p * p], vec![0.0; p]);
        for (block_products, block_sums) in blocks {
            products.iter_mut().zip(block_products).for_each(|(sum, block)| *sum += block);
            sums.iter_mut().zip(block_sums).for_each(|(sum, block)| *sum += block);
        }
        (DMatrix::from_fn(p, p, |j, k| products[j.min(k) * p + j.max(k)]), DVector::from_vec(sums))
    }

    /// Factor of a matrix of crossproducts; without one, the covariates repeat each other in the rows with weight.
    pub(in crate::stats) fn factor(&self, products: DMatrix<f64>) -> Result<Cholesky<f64, Dyn>, StatsError> {
        Cholesky::new(products)
            .ok_or_else(|| StatsError::Collinear { term: self.names.last().cloned().unwrap_or_else(|| "(Intercept)".to_owned()) })
    }

    /// Coefficients of the covariates as they were.
    pub(in crate::stats) fn in_units(&self, scaled: &[f64]) -> Vec<f64> {
        let transform = self.transform();
        (transform * DVector::from_column_slice(scaled)).iter().copied().collect()
    }

    /// Covariance of the coefficients of the covariates as they were.
    pub(in crate::stats) fn covariance_in_units(&self, scaled: &DMatrix<f64>) -> DMatrix<f64> {
        let transform = self.transform();
        &transform * scaled * transform.transpose()
    }

    pub(in crate::stats) fn scale_of(&self, column: usize) -> f64 {
        self.scale[column]
    }

    pub(in crate::stats) fn centre_of(&self, column: usize) -> f64 {
        self.centre[column]
    }

    fn transform(&self) -> DMatrix<f64> {
        DMatrix::from_fn(self.p, self.p, |j, k| match (j, k) {
            (0, 0) => 1.0,
            (0, k) => -self.centre[k] / self.scale[k],
            (j, k) if j == k => 1.0 / self.scale[j],
            _ => 0.0,
        })
    }

    /// The smallest eigenvalue of the covariates' correlation matrix shows whether one is made of others.
    fn check_collinear(&self) -> Result<(), StatsError> {
        if self.p < 3 {
            return Ok(());
        }
        let (products, _) = self.crossproducts(|_| 1.0 / self.n as f64, &vec![0.0; self.n]);
        let eigen = SymmetricEigen::new(products);
        let Some((smallest, value)) = eigen.eigenvalues.iter().enumerate().min_by(|a, b| a.1.total_cmp(b.1)) else { return Ok(()) };
        if *value > 1e-11 {
            return Ok(());
        }
        let involved = eigen.eigenvectors.column(smallest);
        // Of the terms in the combination, the last one named is the one to leave out.
        let term = (1..self.p).rev().find(|&j| involved[j].abs() > 1e-4).unwrap_or(self.p - 1);
        Err(StatsError::Collinear { term: self.names[term - 1].clone() })
    }
}
