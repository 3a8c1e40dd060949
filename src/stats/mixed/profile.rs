//! The deviance with fixed effects and scale profiled out.

use nalgebra::{Cholesky, DMatrix, DVector, Dyn};

use super::sufficient::{MOST_EFFECTS, Sufficient};

/// Lower triangle of the relative covariance factor Λ: level, (covariance,) slope.
#[derive(Clone, Copy, Debug)]
pub(super) struct Factor {
    pub(super) lower: [f64; MOST_EFFECTS * MOST_EFFECTS],
}

impl Factor {
    pub(super) fn new(theta: &[f64], q: usize) -> Self {
        let lower = match (q, theta) {
            (1, [level]) => [*level, 0.0, 0.0, 0.0],
            (_, [level, slope]) => [*level, 0.0, 0.0, *slope],
            (_, [level, both, slope]) => [*level, 0.0, *both, *slope],
            _ => [0.0; 4],
        };
        Self { lower }
    }
}

/// Where the profile stands at one θ.
pub(super) struct Profile {
    /// Penalized residual sum of squares.
    pub(super) penalized_rss: f64,
    /// log |Λ'Z'ZΛ + I|, summed over patients.
    pub(super) log_determinant: f64,
    /// Factor of X'X less what the random effects explain.
    pub(super) factor: Cholesky<f64, Dyn>,
    pub(super) beta: DVector<f64>,
}

/// One patient's root of Λ'Z'ZΛ + I, and L⁻¹Λ' applied to its sums.
pub(super) struct Root {
    l: [f64; 4],
}

impl Root {
    pub(super) fn new(zz: &[f64; 4], factor: &Factor, q: usize) -> Self {
        let [a, _, b, d] = factor.lower;
        if q == 1 {
            return Self { l: [(a * a * zz[0] + 1.0).sqrt(), 0.0, 0.0, 1.0] };
        }
        // Λ'AΛ with Λ = [a 0; b d].
        let (first, second) = ([a * zz[0] + b * zz[2], a * zz[1] + b * zz[3]], [d * zz[2], d * zz[3]]);
        let m11 = first[0] * a + first[1] * b + 1.0;
        let m21 = second[0] * a + second[1] * b;
        let m22 = second[1] * d + 1.0;
        let l11 = m11.sqrt();
        let l21 = m21 / l11;
        Self { l: [l11, 0.0, l21, (m22 - l21 * l21).sqrt()] }
    }

    pub(super) fn log_determinant(&self) -> f64 {
        2.0 * (self.l[0] * self.l[3]).ln()
    }

    /// L⁻¹ Λ' (v₁, v₂).
    pub(super) fn apply(&self, factor: &Factor, v: [f64; 2]) -> [f64; 2] {
        let [a, _, b, d] = factor.lower;
        let first = (a * v[0] + b * v[1]) / self.l[0];
        [first, (d * v[1] - self.l[2] * first) / self.l[3]]
    }

    /// Λ L⁻ᵀ (u₁, u₂).
    pub(super) fn back(&self, factor: &Factor, u: [f64; 2]) -> [f64; 2] {
        let [a, _, b, d] = factor.lower;
        let second = u[1] / self.l[3];
        let first = (u[0] - self.l[2] * second) / self.l[0];
        [a * first, b * first + d * second]
    }
}

impl Profile {
    /// `None` where X'X less the explained part is not positive definite.
    pub(super) fn at(data: &Sufficient, theta: &[f64]) -> Option<Self> {
        let (p, q) = (data.p, data.q);
        let factor = Factor::new(theta, q);
        let mut explained = vec![0.0; p * p];
        let mut explained_y = vec![0.0; p];
        let (mut explained_yy, mut log_determinant) = (0.0, 0.0);
        let mut rows = vec![0.0; 2 * p];
        for group in &data.groups {
            let root = Root::new(&group.zz, &factor, q);
            log_determinant += root.log_determinant();
            let cy = root.apply(&factor, group.zy);
            for j in 0..p {
                let second = if q == 2 { group.zx[p + j] } else { 0.0 };
                let [first, second] = root.apply(&factor, [group.zx[j], second]);
                (rows[j], rows[p + j]) = (first, second);
            }
            explained_yy += cy[0] * cy[0] + cy[1] * cy[1];
            for j in 0..p {
                explained_y[j] += rows[j] * cy[0] + rows[p + j] * cy[1];
                for k in j..p {
                    explained[j * p + k] += rows[j] * rows[k] + rows[p + j] * rows[p + k];
                }
            }
        }
        let left = DMatrix::from_fn(p, p, |j, k| data.xx[(j, k)] - explained[j.min(k) * p + j.max(k)]);
        let left_y = &data.xy - DVector::from_vec(explained_y);
        let factor = Cholesky::new(left)?;
        let beta = factor.solve(&left_y);
        let penalized_rss = data.yy - explained_yy - left_y.dot(&beta);
        (penalized_rss > 0.0 && penalized_rss.is_finite()).then_some(Self { penalized_rss, log_determinant, factor, beta })
    }

    pub(super) fn log_determinant_x(&self) -> f64 {
        2.0 * self.factor.l_dirty().diagonal().iter().map(|cell| cell.ln()).sum::<f64>()
    }

    /// Residual degrees of freedom of the criterion, n − p or n.
    pub(super) fn df(data: &Sufficient, reml: bool) -> f64 {
        (data.n - if reml { data.p } else { 0 }) as f64
    }

    /// The deviance (REML criterion) with σ at its best.
    pub(super) fn deviance(&self, data: &Sufficient, reml: bool) -> f64 {
        let df = Self::df(data, reml);
        let fixed = if reml { self.log_determinant_x() } else { 0.0 };
        self.log_determinant + fixed + df * (1.0 + (std::f64::consts::TAU * self.penalized_rss / df).ln())
    }
}
