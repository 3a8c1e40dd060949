//! The profiled deviance as a function of the relative covariance G of the random effects, with its derivatives.
//!
//! ```text
//! M = I + R G Rᵀ,  A = XᵀV⁻¹X,  γ = A⁻¹ XᵀV⁻¹y,  r² = (y − Xγ)ᵀV⁻¹(y − Xγ),  V = I + Z G Zᵀ
//! B = RᵀM⁻¹R,  E = RᵀM⁻¹C,  h = RᵀM⁻¹(d − Cγ),  N = E A⁻¹ Eᵀ
//! d log|V| = tr(B dG),  d r² = −hᵀ dG h,  d log|A| = −tr(N dG), each summed over groups
//! ```

use nalgebra::{Cholesky, DMatrix, DVector};

use super::model::Estimation;
use super::sufficient::{Square, Sufficient, product};

/// What generalized least squares gives at one G.
pub(super) struct Solution {
    /// log |V|.
    pub(super) log_det: f64,
    /// log |A|.
    pub(super) log_det_fixed: f64,
    /// r².
    pub(super) rss: f64,
    /// γ: what the orthonormal columns' coefficients differ from least squares by.
    pub(super) gamma: DVector<f64>,
    /// A⁻¹.
    pub(super) inverse: DMatrix<f64>,
}

impl Solution {
    /// The profiled deviance, up to what does not depend on G.
    pub(super) fn deviance(&self, estimation: Estimation, df: f64) -> f64 {
        let fixed = match estimation {
            Estimation::Reml => self.log_det_fixed,
            Estimation::Ml => 0.0,
        };
        self.log_det + fixed + df * self.rss.ln()
    }
}

/// Sums over groups that all derivatives are made of.
pub(super) struct Sums<const Q: usize> {
    /// Σ B.
    pub(super) b: Square<Q>,
    /// Σ h hᵀ.
    pub(super) hh: Square<Q>,
    /// Σ N.
    pub(super) n: Square<Q>,
    /// Σ B ⊗ B.
    pub(super) b_b: [[Square<Q>; Q]; Q],
    /// Σ h hᵀ ⊗ B.
    pub(super) hh_b: [[Square<Q>; Q]; Q],
    /// Σ N ⊗ B.
    pub(super) n_b: [[Square<Q>; Q]; Q],
    /// Σ Eₖ Eₗᵀ.
    pub(super) ee: Vec<DMatrix<f64>>,
    /// Σ Eₖ hₗ.
    pub(super) eh: Vec<DVector<f64>>,
}

/// One group's M, factored, and the rows it is applied to.
struct Whitened<const Q: usize> {
    /// Diagonal and lower triangle of the factor of M.
    factor: Square<Q>,
}

impl<const Q: usize> Whitened<Q> {
    fn new(r: &Square<Q>, relative: &Square<Q>) -> Self {
        let half = product(r, relative);
        let mut factor = [[0.0; Q]; Q];
        for i in 0..Q {
            for j in 0..=i {
                let m = (0..Q).map(|k| half[i][k] * r[j][k]).sum::<f64>() + f64::from(u8::from(i == j));
                let rest = m - (0..j).map(|k| factor[i][k] * factor[j][k]).sum::<f64>();
                factor[i][j] = if i == j { rest.max(f64::MIN_POSITIVE).sqrt() } else { rest / factor[j][j] };
            }
        }
        Self { factor }
    }

    fn log_det(&self) -> f64 {
        2.0 * (0..Q).map(|k| self.factor[k][k]).product::<f64>().ln()
    }

    /// Forward substitution of Q rows of the given width, in place.
    fn solve(&self, rows: &mut [f64], width: usize) {
        for i in 0..Q {
            let (above, here) = rows.split_at_mut(i * width);
            let here = &mut here[..width];
            for (k, earlier) in above.chunks_exact(width).enumerate() {
                let times = self.factor[i][k];
                for (value, other) in here.iter_mut().zip(earlier) {
                    *value -= times * other;
                }
            }
            let pivot = self.factor[i][i];
            for value in here {
                *value /= pivot;
            }
        }
    }
}

impl<const Q: usize> Sufficient<Q> {
    /// Generalized least squares; `None` if the columns cannot be told apart at this G.
    pub(super) fn solve(&self, relative: &Square<Q>) -> Option<Solution> {
        let (p, width) = (self.p, self.p + 1);
        // Columns of X and, last, y.
        let mut cross = vec![0.0; width * width];
        let mut rows = vec![0.0; Q * width];
        let mut log_det = 0.0;
        for ((r, c), d) in self.r.iter().zip(self.c.chunks_exact(Q * p)).zip(&self.d) {
            let whitened = Whitened::new(r, relative);
            log_det += whitened.log_det();
            for k in 0..Q {
                rows[k * width..k * width + p].copy_from_slice(&c[k * p..(k + 1) * p]);
                rows[k * width + p] = d[k];
            }
            whitened.solve(&mut rows, width);
            for row in rows.chunks_exact(width) {
                for (j, (a, sums)) in row.iter().zip(cross.chunks_exact_mut(width)).enumerate() {
                    for (sum, b) in sums[..=j].iter_mut().zip(row) {
                        *sum += a * b;
                    }
                }
            }
        }
        let a = DMatrix::from_fn(p, p, |j, k| self.within_xx[(j, k)] + cross[j.max(k) * width + j.min(k)]);
        let b = DVector::from_fn(p, |j, _| self.within_xy[j] + cross[p * width + j]);
        let factor = Cholesky::new(a)?;
        let gamma = factor.solve(&b);
        let rss = self.within_yy + cross[p * width + p] - gamma.dot(&b);
        let log_det_fixed = 2.0 * factor.l_dirty().diagonal().iter().map(|pivot| pivot.ln()).sum::<f64>();
        let solution = Solution { log_det, log_det_fixed, rss, gamma, inverse: factor.inverse() };
        (rss > 0.0 && (log_det + log_det_fixed).is_finite()).then_some(solution)
    }

    /// The sums the derivatives at this G are made of.
    pub(super) fn sums(&self, relative: &Square<Q>, solution: &Solution) -> Sums<Q> {
        let p = self.p;
        // Columns: R, X, and the residual.
        let width = Q + p + 1;
        let mut rows = vec![0.0; Q * width];
        let (mut e, mut solved) = (vec![0.0; Q * p], vec![0.0; Q * p]);
        let mut ee = vec![0.0; Q * Q * p * p];
        let mut eh = vec![0.0; Q * Q * p];
        let inverse: Vec<f64> = solution.inverse.iter().copied().collect();
        let zero = [[0.0; Q]; Q];
        let mut sums =
            Sums { b: zero, hh: zero, n: zero, b_b: [[zero; Q]; Q], hh_b: [[zero; Q]; Q], n_b: [[zero; Q]; Q], ee: vec![], eh: vec![] };
        for ((r, c), d) in self.r.iter().zip(self.c.chunks_exact(Q * p)).zip(&self.d) {
            let whitened = Whitened::new(r, relative);
            for k in 0..Q {
                let row = &mut rows[k * width..(k + 1) * width];
                row[..Q].copy_from_slice(&r[k]);
                row[Q..Q + p].copy_from_slice(&c[k * p..(k + 1) * p]);
                row[Q + p] = d[k] - row[Q..Q + p].iter().zip(solution.gamma.iter()).map(|(c, gamma)| c * gamma).sum::<f64>();
            }
            whitened.solve(&mut rows, width);
            let (mut b, mut h) = (zero, [0.0; Q]);
            e.fill(0.0);
            for row in rows.chunks_exact(width) {
                for k in 0..Q {
                    for l in 0..Q {
                        b[k][l] += row[k] * row[l];
                    }
                    h[k] += row[k] * row[Q + p];
                    for (value, c) in e[k * p..(k + 1) * p].iter_mut().zip(&row[Q..Q + p]) {
                        *value += row[k] * c;
                    }
                }
            }
            for (solved, e) in solved.chunks_exact_mut(p).zip(e.chunks_exact(p)) {
                for (value, column) in solved.iter_mut().zip(inverse.chunks_exact(p)) {
                    *value = column.iter().zip(e).map(|(a, b)| a * b).sum();
                }
            }
            let mut n = zero;
            for k in 0..Q {
                let left = &e[k * p..(k + 1) * p];
                for l in 0..Q {
                    n[k][l] = left.iter().zip(&solved[l * p..(l + 1) * p]).map(|(a, b)| a * b).sum();
                    for (value, a) in eh[(k * Q + l) * p..(k * Q + l + 1) * p].iter_mut().zip(left) {
                        *value += a * h[l];
                    }
                    if l >= k {
                        let right = &e[l * p..(l + 1) * p];
                        let block = &mut ee[(k * Q + l) * p * p..(k * Q + l + 1) * p * p];
                        for (a, values) in left.iter().zip(block.chunks_exact_mut(p)) {
                            for (value, b) in values.iter_mut().zip(right) {
                                *value += a * b;
                            }
                        }
                    }
                }
            }
            sums.add(&b, &h, &n);
        }
        let block = |k: usize, l: usize| DMatrix::from_row_slice(p, p, &ee[(k * Q + l) * p * p..(k * Q + l + 1) * p * p]);
        sums.ee = (0..Q * Q).map(|at| if at % Q >= at / Q { block(at / Q, at % Q) } else { block(at % Q, at / Q).transpose() }).collect();
        sums.eh = eh.chunks_exact(p).map(DVector::from_column_slice).collect();
        sums
    }

    /// Random effects of each group relative to σ: G h, and their covariance given the data, relative to σ²: (G⁻¹ + RᵀR)⁻¹.
    pub(super) fn predictions(&self, root: &Square<Q>, solution: &Solution) -> Vec<([f64; Q], Square<Q>)> {
        let relative = product(root, &transposed(root));
        self.r
            .iter()
            .zip(self.c.chunks_exact(Q * self.p))
            .zip(&self.d)
            .map(|((r, c), d)| {
                let mut rows = [0.0; Q];
                for k in 0..Q {
                    let along = c[k * self.p..(k + 1) * self.p].iter().zip(solution.gamma.iter());
                    rows[k] = d[k] - along.map(|(c, gamma)| c * gamma).sum::<f64>();
                }
                // Rows of R beside the residual, whitened.
                let whitened = Whitened::new(r, &relative);
                whitened.solve(&mut rows, 1);
                let mut white = [[0.0; Q]; Q];
                let mut flat: Vec<f64> = r.iter().flatten().copied().collect();
                whitened.solve(&mut flat, Q);
                white.iter_mut().zip(flat.chunks_exact(Q)).for_each(|(row, values)| row.copy_from_slice(values));
                let h: [f64; Q] = std::array::from_fn(|k| (0..Q).map(|row| white[row][k] * rows[row]).sum());
                let effect = std::array::from_fn(|k| (0..Q).map(|l| relative[k][l] * h[l]).sum());
                // L (I + LᵀRᵀRL)⁻¹ Lᵀ: with the root L there is no difference of large numbers.
                let turned = product(r, root);
                let inner = Whitened::new(&transposed(&turned), &identity());
                let mut flat: Vec<f64> = transposed(root).iter().flatten().copied().collect();
                inner.solve(&mut flat, Q);
                let covariance =
                    std::array::from_fn(|k| std::array::from_fn(|l| (0..Q).map(|row| flat[row * Q + k] * flat[row * Q + l]).sum::<f64>()));
                (effect, covariance)
            })
            .collect()
    }
}

impl<const Q: usize> Sums<Q> {
    fn add(&mut self, b: &Square<Q>, h: &[f64; Q], n: &Square<Q>) {
        for i in 0..Q {
            for j in 0..Q {
                let hh = h[i] * h[j];
                self.b[i][j] += b[i][j];
                self.hh[i][j] += hh;
                self.n[i][j] += n[i][j];
                for k in 0..Q {
                    for l in 0..Q {
                        self.b_b[i][j][k][l] += b[i][j] * b[k][l];
                        self.hh_b[i][j][k][l] += hh * b[k][l];
                        self.n_b[i][j][k][l] += n[i][j] * b[k][l];
                    }
                }
            }
        }
    }
}

pub(super) fn transposed<const Q: usize>(a: &Square<Q>) -> Square<Q> {
    std::array::from_fn(|i| std::array::from_fn(|j| a[j][i]))
}

pub(super) fn identity<const Q: usize>() -> Square<Q> {
    std::array::from_fn(|i| std::array::from_fn(|j| f64::from(u8::from(i == j))))
}
