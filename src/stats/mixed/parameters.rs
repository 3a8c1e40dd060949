//! The parameters θ: the entries of the Cholesky factor L of the relative covariance G = L Lᵀ that are free.

use nalgebra::{DMatrix, DVector};

use super::profile::{Solution, Sums, transposed};
use super::sufficient::{Square, product};

/// Which entries of L are free, row by row.
#[derive(Clone, Debug)]
pub(super) struct Parameters<const Q: usize> {
    entries: Vec<(usize, usize)>,
}

/// A function of θ to second order.
#[derive(Clone, Debug)]
pub(super) struct SecondOrder {
    pub(super) gradient: DVector<f64>,
    pub(super) hessian: DMatrix<f64>,
}

/// The three parts of the deviance to second order.
pub(super) struct Derivatives {
    /// Of log |V|.
    pub(super) log_det: SecondOrder,
    /// Of r².
    pub(super) rss: SecondOrder,
    /// Of log |A|.
    pub(super) log_det_fixed: SecondOrder,
    /// −dA: one matrix per parameter.
    pub(super) information_loss: Vec<DMatrix<f64>>,
}

impl<const Q: usize> Parameters<Q> {
    /// The whole triangle, or just its diagonal.
    pub(super) fn new(correlated: bool) -> Self {
        let entries = (0..Q).flat_map(|row| (0..=row).map(move |column| (row, column)));
        Self { entries: entries.filter(|(row, column)| correlated || row == column).collect() }
    }

    pub(super) fn count(&self) -> usize {
        self.entries.len()
    }

    /// L.
    pub(super) fn root(&self, theta: &DVector<f64>) -> Square<Q> {
        let mut root = [[0.0; Q]; Q];
        for (&(row, column), value) in self.entries.iter().zip(theta.iter()) {
            root[row][column] = *value;
        }
        root
    }

    /// θ of L, with a diagonal that is not negative.
    pub(super) fn of_root(&self, root: &Square<Q>) -> DVector<f64> {
        let sign: [f64; Q] = std::array::from_fn(|column| if root[column][column] < 0.0 { -1.0 } else { 1.0 });
        DVector::from_iterator(self.count(), self.entries.iter().map(|&(row, column)| sign[column] * root[row][column]))
    }

    /// G.
    pub(super) fn relative(&self, theta: &DVector<f64>) -> Square<Q> {
        let root = self.root(theta);
        product(&root, &transposed(&root))
    }

    /// Change of G with one entry of L: e lᵀ + l eᵀ, with l the column of L the entry stands in.
    fn direction(root: &Square<Q>, (row, column): (usize, usize)) -> Square<Q> {
        let mut direction = [[0.0; Q]; Q];
        for k in 0..Q {
            direction[row][k] += root[k][column];
            direction[k][row] += root[k][column];
        }
        direction
    }

    /// Derivatives with respect to θ from the sums over groups.
    pub(super) fn derivatives(&self, theta: &DVector<f64>, sums: &Sums<Q>, solution: &Solution) -> Derivatives {
        let (m, root) = (self.count(), self.root(theta));
        let directions: Vec<Square<Q>> = self.entries.iter().map(|&entry| Self::direction(&root, entry)).collect();
        let p = solution.gamma.len();
        let (mut lost, mut pulled, mut scaled) = (vec![], vec![], vec![]);
        for direction in &directions {
            let information: DMatrix<f64> =
                direction.iter().flatten().zip(&sums.ee).fold(DMatrix::zeros(p, p), |sum, (weight, block)| sum + block * *weight);
            let pull: DVector<f64> =
                direction.iter().flatten().zip(&sums.eh).fold(DVector::zeros(p), |sum, (weight, block)| sum + block * *weight);
            scaled.push(&solution.inverse * &information);
            lost.push(information);
            pulled.push(pull);
        }
        let mut parts = [0, 1, 2].map(|_| SecondOrder { gradient: DVector::zeros(m), hessian: DMatrix::zeros(m, m) });
        for a in 0..m {
            parts[0].gradient[a] = inner(&sums.b, &directions[a]);
            parts[1].gradient[a] = -inner(&sums.hh, &directions[a]);
            parts[2].gradient[a] = -inner(&sums.n, &directions[a]);
            for b in 0..=a {
                let bent = self.bend(a, b);
                let (ga, gb) = (&directions[a], &directions[b]);
                let values = [
                    inner(&sums.b, &bent) - contracted(&sums.b_b, ga, gb),
                    2.0 * contracted(&sums.hh_b, ga, gb) - inner(&sums.hh, &bent) - 2.0 * pulled[a].dot(&(&solution.inverse * &pulled[b])),
                    2.0 * contracted(&sums.n_b, ga, gb) - inner(&sums.n, &bent) - scaled[a].dot(&scaled[b].transpose()),
                ];
                for (part, value) in parts.iter_mut().zip(values) {
                    part.hessian[(a, b)] = value;
                    part.hessian[(b, a)] = value;
                }
            }
        }
        let [log_det, rss, log_det_fixed] = parts;
        Derivatives { log_det, rss, log_det_fixed, information_loss: lost }
    }

    /// Second derivative of G: entries of the same column of L bend it.
    fn bend(&self, a: usize, b: usize) -> Square<Q> {
        let ((row, column), (other_row, other_column)) = (self.entries[a], self.entries[b]);
        let mut bent = [[0.0; Q]; Q];
        if column == other_column {
            bent[row][other_row] += 1.0;
            bent[other_row][row] += 1.0;
        }
        bent
    }
}

fn inner<const Q: usize>(a: &Square<Q>, b: &Square<Q>) -> f64 {
    a.iter().flatten().zip(b.iter().flatten()).map(|(a, b)| a * b).sum()
}

/// Σ tr(F Ga B Gb) from Σ F ⊗ B.
fn contracted<const Q: usize>(sums: &[[Square<Q>; Q]; Q], ga: &Square<Q>, gb: &Square<Q>) -> f64 {
    let mut total = 0.0;
    for (i, row) in sums.iter().enumerate() {
        for (j, block) in row.iter().enumerate() {
            for k in 0..Q {
                for l in 0..Q {
                    total += block[k][l] * ga[j][k] * gb[l][i];
                }
            }
        }
    }
    total
}
