//! Newton's method within a region of trust, and Newton steps to the last digit.

use nalgebra::{DMatrix, DVector, SymmetricEigen};

use super::parameters::SecondOrder;
use crate::stats::error::StatsError;

/// A function with its derivatives at a point.
#[derive(Clone, Debug)]
pub(super) struct Evaluated {
    pub(super) at: DVector<f64>,
    pub(super) value: f64,
    pub(super) order: SecondOrder,
}

/// Where the minimum was found.
pub(super) struct Minimum {
    pub(super) point: Evaluated,
    pub(super) iterations: usize,
}

const MAX_ITERATIONS: usize = 200;
const MAX_POLISHING: usize = 60;
/// Once a full step promises less than this, values no longer tell better from worse and only the gradient does.
const FLAT: f64 = 1e-8;
/// The last digits of a flat deviance may wander; a fit is not settled while a Newton step promises more than this.
const SETTLED: f64 = 1e-7;
/// A parameter this large leaves nothing to the residual variance.
const RUNAWAY: f64 = 1e7;
/// Curvature below this share of the largest counts as none.
const NO_CURVATURE: f64 = 1e-11;

/// Minimizes `function` (`None` outside of its domain) from `start`.
pub(super) fn minimize(function: impl Fn(&DVector<f64>) -> Option<Evaluated>, start: &DVector<f64>) -> Result<Minimum, StatsError> {
    let mut point = function(start).ok_or(StatsError::NoResidualVariance)?;
    let mut radius = start.norm().max(1e-3);
    let mut iterations = 0;
    loop {
        let (step, promised) = trusted_step(&point.order, radius);
        if promised < FLAT && step.norm() < 0.999 * radius {
            break;
        }
        if iterations == MAX_ITERATIONS {
            return Err(unsettled(&point, iterations));
        }
        iterations += 1;
        let next = function(&(&point.at + &step));
        let gained = next.as_ref().map_or(f64::NEG_INFINITY, |next| point.value - next.value);
        let kept = gained / promised;
        if kept < 0.25 {
            radius = step.norm() / 4.0;
        } else if kept > 0.75 && step.norm() > 0.9 * radius {
            radius *= 3.0;
        }
        if let Some(next) = next.filter(|_| kept > 1e-4) {
            point = next;
        } else if radius < 1e-12 * point.at.norm().max(1.0) {
            break;
        }
        if point.at.amax() > RUNAWAY {
            return Err(StatsError::NoResidualVariance);
        }
    }
    let (point, polishing) = polish(function, point)?;
    Ok(Minimum { point, iterations: iterations + polishing })
}

/// Far out the residual variance is lost in the rounding of the variance between groups.
fn unsettled(point: &Evaluated, iterations: usize) -> StatsError {
    if point.at.amax() > 1e-3 * RUNAWAY { StatsError::NoResidualVariance } else { StatsError::NotConverged { iterations } }
}

/// Newton steps as long as each promises much less than the one before.
fn polish(function: impl Fn(&DVector<f64>) -> Option<Evaluated>, start: Evaluated) -> Result<(Evaluated, usize), StatsError> {
    let mut point = start;
    let (mut step, mut promised) = newton_step(&point.order);
    let mut steps = 0;
    while promised > 1e-28 && steps < MAX_POLISHING {
        let Some(next) = function(&(&point.at + &step)) else { break };
        let (next_step, next_promised) = newton_step(&next.order);
        if next_promised > 0.5 * promised {
            break;
        }
        steps += 1;
        (point, step, promised) = (next, next_step, next_promised);
    }
    if promised < SETTLED { Ok((point, steps)) } else { Err(unsettled(&point, steps)) }
}

/// The Newton step along directions of upward curvature, and the fall it promises.
fn newton_step(order: &SecondOrder) -> (DVector<f64>, f64) {
    let step = -(pseudo_inverse(&order.hessian) * &order.gradient);
    let promised = -0.5 * order.gradient.dot(&step);
    (step, promised)
}

/// The step of at most `radius` that promises the largest fall of the second-order approximation, and that fall.
fn trusted_step(order: &SecondOrder, radius: f64) -> (DVector<f64>, f64) {
    let eigen = SymmetricEigen::new(order.hessian.clone());
    let along = eigen.eigenvectors.transpose() * &order.gradient;
    let (lowest, smallest) =
        eigen.eigenvalues.iter().enumerate().fold((0, f64::INFINITY), |best, (k, &value)| if value < best.1 { (k, value) } else { best });
    let largest = eigen.eigenvalues.amax();
    let shifted = |shift: f64| -> DVector<f64> {
        DVector::from_iterator(
            along.len(),
            along.iter().zip(eigen.eigenvalues.iter()).map(|(g, value)| {
                let curvature = value + shift;
                if curvature > NO_CURVATURE * largest { -g / curvature } else { 0.0 }
            }),
        )
    };
    let mut step = shifted(0.0);
    if smallest < -NO_CURVATURE * largest || step.norm() > radius {
        // The length of the step falls as the shift of the curvature grows.
        let floor = (-smallest).max(0.0) + 2.0 * NO_CURVATURE * largest;
        let (mut low, mut high) = (floor, floor + along.norm() / radius + largest);
        step = shifted(low);
        if step.norm() > radius {
            for _ in 0..80 {
                let middle = f64::midpoint(low, high);
                if shifted(middle).norm() > radius { low = middle } else { high = middle }
            }
            step = shifted(high);
        } else {
            // A ridge: along the direction of downward curvature either way is downhill.
            let missing = (radius * radius - step.norm_squared()).max(0.0).sqrt();
            step[lowest] += if along[lowest] > 0.0 { -missing } else { missing };
        }
    }
    let promised = -along.dot(&step) - 0.5 * step.iter().zip(eigen.eigenvalues.iter()).map(|(s, value)| s * s * value).sum::<f64>();
    (&eigen.eigenvectors * step, promised)
}

/// Inverse of a symmetric matrix on the directions of upward curvature, whatever the units of its rows.
pub(super) fn pseudo_inverse(matrix: &DMatrix<f64>) -> DMatrix<f64> {
    let m = matrix.nrows();
    let unit = DVector::from_iterator(m, matrix.diagonal().iter().map(|value| if *value > 0.0 { 1.0 / value.sqrt() } else { 0.0 }));
    let scaled = DMatrix::from_fn(m, m, |j, k| matrix[(j, k)] * unit[j] * unit[k]);
    let eigen = SymmetricEigen::new(scaled);
    let mut inverse = DMatrix::zeros(m, m);
    for (value, vector) in eigen.eigenvalues.iter().zip(eigen.eigenvectors.column_iter()) {
        if *value > 1e-9 {
            let vector = vector.component_mul(&unit);
            inverse += &vector * vector.transpose() / *value;
        }
    }
    inverse
}
