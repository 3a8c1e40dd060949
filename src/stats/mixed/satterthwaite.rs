//! Satterthwaite's degrees of freedom of a combination of fixed effects.

use nalgebra::{DMatrix, DVector};

use super::model::Estimation;
use super::optimize::pseudo_inverse;
use super::parameters::Derivatives;
use super::profile::Solution;

/// The covariance of (θ, σ), and what it takes to carry it over to the variance of a combination of fixed effects.
pub(super) struct Satterthwaite {
    sigma: f64,
    df: f64,
    parameters: DMatrix<f64>,
    inverse: DMatrix<f64>,
    information_loss: Vec<DMatrix<f64>>,
}

impl Satterthwaite {
    /// ```text
    /// deviance(θ, σ) = log|V| + r²/σ² + df log σ² (+ log|A|);  covariance of (θ, σ) = 2 H⁻¹
    /// ```
    /// where df is the rows, less the fixed effects under REML. Directions without curvature (a variance of 0 that does not
    /// matter) are left out, as lmerTest leaves them out.
    pub(super) fn new(estimation: Estimation, df: f64, solution: &Solution, derivatives: &Derivatives) -> Self {
        let (m, sigma) = (derivatives.rss.gradient.len(), (solution.rss / df).sqrt());
        let mut theta = &derivatives.log_det.hessian + &derivatives.rss.hessian / sigma.powi(2);
        if estimation == Estimation::Reml {
            theta += &derivatives.log_det_fixed.hessian;
        }
        let mut hessian = DMatrix::zeros(m + 1, m + 1);
        hessian.view_mut((0, 0), (m, m)).copy_from(&theta);
        for a in 0..m {
            let mixed = -2.0 * derivatives.rss.gradient[a] / sigma.powi(3);
            hessian[(a, m)] = mixed;
            hessian[(m, a)] = mixed;
        }
        hessian[(m, m)] = 4.0 * df / sigma.powi(2);
        Self {
            sigma,
            df,
            parameters: 2.0 * pseudo_inverse(&hessian),
            inverse: solution.inverse.clone(),
            information_loss: derivatives.information_loss.clone(),
        }
    }

    /// Variance σ² cᵀA⁻¹c of the combination c, and 2 variance² / (gᵀ · covariance · g) with g the variance's gradient.
    pub(super) fn variance_and_df(&self, combination: &DVector<f64>) -> (f64, f64) {
        let m = self.information_loss.len();
        let solved = &self.inverse * combination;
        let relative = combination.dot(&solved);
        let variance = self.sigma.powi(2) * relative;
        let gradient = DVector::from_fn(m + 1, |a, _| {
            if a == m { 2.0 * self.sigma * relative } else { self.sigma.powi(2) * solved.dot(&(&self.information_loss[a] * &solved)) }
        });
        let spread = gradient.dot(&(&self.parameters * &gradient));
        let df = 2.0 * variance.powi(2) / spread;
        (variance, if df.is_finite() { df } else { self.df })
    }
}
