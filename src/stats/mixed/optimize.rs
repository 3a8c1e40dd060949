//! Newton's method for the profiled deviance, with derivatives by differences of high order.

use nalgebra::{DMatrix, DVector, SymmetricEigen};

use super::profile::Profile;
use super::sufficient::Sufficient;
use crate::stats::error::StatsError;

const MAX_ITERATIONS: usize = 200;
/// Step of the differences in θ, which is of the order of 1.
const STEP: f64 = 2e-3;

/// The best θ (diagonal not negative), and the steps taken.
///
/// The deviance is even in each column of Λ, so no bounds are needed: an optimum at 0 is a flat place, and signs are set right after.
pub(super) fn minimize(data: &Sufficient, theta: Vec<f64>, reml: bool) -> Result<(Vec<f64>, usize), StatsError> {
    let deviance = |theta: &[f64]| Profile::at(data, theta).map_or(f64::INFINITY, |profile| profile.deviance(data, reml));
    let mut theta = theta;
    let mut best = deviance(&theta);
    if !best.is_finite() {
        return Err(StatsError::NotConverged { iterations: 0 });
    }
    for iteration in 1..=MAX_ITERATIONS {
        let (gradient, hessian) = derivatives(&deviance, &theta, best);
        let eigen = SymmetricEigen::new(hessian);
        let largest = eigen.eigenvalues.amax().max(1e-8);
        // Downhill in every direction, also where the surface bends the wrong way.
        let along = eigen.eigenvectors.transpose() * &gradient;
        let mut step = DVector::zeros(theta.len());
        for (j, value) in eigen.eigenvalues.iter().enumerate() {
            step -= eigen.eigenvectors.column(j) * (along[j] / value.abs().max(1e-7 * largest));
        }
        // No more than a factor of about three at once.
        let size = theta.iter().fold(1.0_f64, |size, value| size.max(value.abs()));
        step *= (2.0 * size / step.amax().max(1e-300)).min(1.0);
        let mut fraction = 1.0;
        let (next, value) = loop {
            let next: Vec<f64> = theta.iter().zip(step.iter()).map(|(theta, step)| theta + fraction * step).collect();
            let value = deviance(&next);
            if value <= best + 1e-11 * best.abs().max(1.0) {
                break (next, value);
            }
            fraction /= 2.0;
            if fraction < 1e-7 {
                break (theta.clone(), best);
            }
        };
        let moved = theta.iter().zip(&next).map(|(old, new)| (old - new).abs()).fold(0.0, f64::max);
        (theta, best) = (next, value);
        if moved < 1e-9 * size {
            return Ok((signs_right(theta), iteration));
        }
    }
    // A ridge so flat that 200 steps do not reach its end moves nothing that can be seen.
    let (gradient, _) = derivatives(&deviance, &theta, best);
    if gradient.amax() < 1e-4 {
        Ok((signs_right(theta), MAX_ITERATIONS))
    } else {
        Err(StatsError::NotConverged { iterations: MAX_ITERATIONS })
    }
}

/// Columns of Λ with their diagonal not negative.
fn signs_right(mut theta: Vec<f64>) -> Vec<f64> {
    let last = theta.len() - 1;
    if theta[0] < 0.0 {
        theta[0] = -theta[0];
        if last == 2 {
            theta[1] = -theta[1];
        }
    }
    if last > 0 {
        theta[last] = theta[last].abs();
    }
    theta
}

/// Gradient and Hessian by central differences of fourth order (second for the mixed ones, extrapolated).
pub(super) fn derivatives(f: &dyn Fn(&[f64]) -> f64, at: &[f64], value: f64) -> (DVector<f64>, DMatrix<f64>) {
    let n = at.len();
    let steps: Vec<f64> = at.iter().map(|x| STEP * x.abs().max(0.1)).collect();
    let shifted = |moves: &[(usize, f64)]| {
        let mut x = at.to_vec();
        moves.iter().for_each(|&(j, by)| x[j] += by * steps[j]);
        f(&x)
    };
    let mut gradient = DVector::zeros(n);
    let mut hessian = DMatrix::zeros(n, n);
    for j in 0..n {
        let [a, b, c, d] = [-2.0, -1.0, 1.0, 2.0].map(|by| shifted(&[(j, by)]));
        gradient[j] = (a - 8.0 * b + 8.0 * c - d) / (12.0 * steps[j]);
        hessian[(j, j)] = (-a + 16.0 * b - 30.0 * value + 16.0 * c - d) / (12.0 * steps[j] * steps[j]);
        for k in 0..j {
            let mixed = |by: f64| {
                let corner = |s: f64, t: f64| shifted(&[(j, s * by), (k, t * by)]);
                (corner(1.0, 1.0) - corner(1.0, -1.0) - corner(-1.0, 1.0) + corner(-1.0, -1.0)) / (4.0 * by * by * steps[j] * steps[k])
            };
            let cell = (4.0 * mixed(1.0) - mixed(2.0)) / 3.0;
            (hessian[(j, k)], hessian[(k, j)]) = (cell, cell);
        }
    }
    (gradient, hessian)
}
