//! Satterthwaite's degrees of freedom.

use nalgebra::{DMatrix, DVector, SymmetricEigen};

use super::optimize::derivatives;
use super::profile::Profile;
use super::sufficient::Sufficient;

/// The covariance of (θ, σ) and how the covariance of the fixed effects moves with them.
pub(super) struct Satterthwaite {
    /// 2 H⁻¹ of the deviance in (θ, σ).
    covariance: DMatrix<f64>,
    /// Derivatives of the fixed effects' covariance.
    slopes: Vec<DMatrix<f64>>,
    /// The fixed effects' covariance itself.
    pub(super) fixed: DMatrix<f64>,
    /// Curvature of the deviance in θ with σ profiled out.
    pub(super) profile_curvature: DMatrix<f64>,
}

impl Satterthwaite {
    /// At the best θ and σ.
    pub(super) fn new(data: &Sufficient, theta: &[f64], sigma: f64, reml: bool) -> Option<Self> {
        let k = theta.len();
        let df = Profile::df(data, reml);
        let at = |theta: &[f64]| Profile::at(data, theta);
        let here = at(theta)?;
        // Log determinants and the sum of squares apart: σ is not profiled out.
        let deviance = |theta: &[f64]| {
            at(theta).map_or(f64::NAN, |profile| {
                let fixed = if reml { profile.log_determinant_x() } else { 0.0 };
                profile.log_determinant + fixed + profile.penalized_rss / (sigma * sigma)
            })
        };
        let squares = |theta: &[f64]| at(theta).map_or(f64::NAN, |profile| profile.penalized_rss);
        let profiled = |theta: &[f64]| at(theta).map_or(f64::NAN, |profile| profile.deviance(data, reml));
        let (_, theta_part) = derivatives(&deviance, theta, deviance(theta));
        let (squares_slope, _) = derivatives(&squares, theta, here.penalized_rss);
        let (_, profile_curvature) = derivatives(&profiled, theta, profiled(theta));
        let mut hessian = DMatrix::zeros(k + 1, k + 1);
        hessian.view_mut((0, 0), (k, k)).copy_from(&theta_part);
        for j in 0..k {
            let cell = -2.0 * squares_slope[j] / sigma.powi(3);
            (hessian[(j, k)], hessian[(k, j)]) = (cell, cell);
        }
        hessian[(k, k)] = -2.0 * df / (sigma * sigma) + 6.0 * here.penalized_rss / sigma.powi(4);
        if hessian.iter().any(|cell| !cell.is_finite()) {
            return None;
        }
        // As lmerTest: directions without curvature (a variance at 0) are left out.
        let eigen = SymmetricEigen::new(hessian);
        let mut covariance = DMatrix::zeros(k + 1, k + 1);
        for (j, &value) in eigen.eigenvalues.iter().enumerate().filter(|(_, value)| **value > 1e-8) {
            let direction = eigen.eigenvectors.column(j);
            covariance += direction * direction.transpose() * (2.0 / value);
        }
        let unscaled = |theta: &[f64]| at(theta).map(|profile| profile.factor.inverse());
        let fixed = unscaled(theta)? * (sigma * sigma);
        let mut slopes = Vec::with_capacity(k + 1);
        for j in 0..k {
            let step = 2e-3 * theta[j].abs().max(0.1);
            let moved = |by: f64| {
                let mut theta = theta.to_vec();
                theta[j] += by * step;
                unscaled(&theta)
            };
            let slope = (moved(-2.0)? - moved(2.0)? + (moved(1.0)? - moved(-1.0)?) * 8.0) / (12.0 * step);
            slopes.push(slope * (sigma * sigma));
        }
        slopes.push(&fixed * (2.0 / sigma));
        Some(Self { covariance, slopes, fixed, profile_curvature })
    }

    /// `2 (cᵀVc)² / (gᵀAg)` of a contrast of the fixed effects.
    pub(super) fn df(&self, contrast: &DVector<f64>) -> f64 {
        let variance = contrast.dot(&(&self.fixed * contrast));
        let gradient = DVector::from_iterator(self.slopes.len(), self.slopes.iter().map(|slope| contrast.dot(&(slope * contrast))));
        2.0 * variance * variance / gradient.dot(&(&self.covariance * &gradient))
    }
}
