//! Robust covariances: a matrix between two others.

use nalgebra::DMatrix;

use super::design::Design;
use crate::stats::error::StatsError;

/// How standard errors are got.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum ErrorKind<'a> {
    /// From the model.
    #[default]
    Model,
    /// White's, without correction.
    Hc0,
    /// Times n/(n − p).
    Hc1,
    /// Squared residuals over 1 − leverage.
    Hc2,
    /// Squared residuals over (1 − leverage)².
    Hc3,
    /// Summed within clusters (a number per row, counted from 0), times G/(G − 1), and for least squares (n − 1)/(n − p).
    Cluster(&'a [usize]),
}

/// `V (Σ uᵤᵤᵀ) V` for the rows' scores `u = score · x`, with `V` the inverse of the information.
pub(super) fn sandwich(
    design: &Design,
    inverse: &DMatrix<f64>,
    score: &[f64],
    leverage: impl Fn(usize) -> f64,
    kind: ErrorKind<'_>,
    least_squares: bool,
) -> Result<DMatrix<f64>, StatsError> {
    let (n, p) = (design.n as f64, design.p as f64);
    let meat = match kind {
        ErrorKind::Model => return Ok(inverse.clone()),
        ErrorKind::Cluster(cluster) => {
            if cluster.len() != design.n {
                return Err(StatsError::LengthMismatch { what: "cluster".to_owned(), found: cluster.len(), expected: design.n });
            }
            let sums = cluster_scores(design, score, cluster);
            let clusters = sums.row_iter().count() as f64;
            if clusters < 2.0 {
                return Err(StatsError::OneCluster);
            }
            let small = if least_squares { (n - 1.0) / (n - p) } else { 1.0 };
            sums.transpose() * &sums * (small * clusters / (clusters - 1.0))
        }
        _ => {
            let factor = |row: usize| match kind {
                ErrorKind::Hc1 => n / (n - p),
                ErrorKind::Hc2 => 1.0 / (1.0 - leverage(row)),
                ErrorKind::Hc3 => 1.0 / (1.0 - leverage(row)).powi(2),
                _ => 1.0,
            };
            let (meat, _) = design.crossproducts(|row| score[row] * score[row], score);
            if matches!(kind, ErrorKind::Hc0) {
                meat
            } else {
                let factors: Vec<f64> = (0..design.n).map(factor).collect();
                if factors.iter().any(|factor| !factor.is_finite()) {
                    return Err(StatsError::Undefined {
                        why: "a row has leverage 1: without it a term could not be estimated, so these robust errors do not exist"
                            .to_owned(),
                    });
                }
                design.crossproducts(|row| score[row] * score[row] * factors[row], score).0
            }
        }
    };
    Ok(inverse * meat * inverse)
}

/// One row per cluster that has rows.
fn cluster_scores(design: &Design, score: &[f64], cluster: &[usize]) -> DMatrix<f64> {
    let mut place = vec![usize::MAX; cluster.iter().max().map_or(0, |last| last + 1)];
    let mut clusters = 0;
    for &code in cluster {
        if place[code] == usize::MAX {
            place[code] = clusters;
            clusters += 1;
        }
    }
    let mut sums = DMatrix::zeros(clusters, design.p);
    for (row, &code) in cluster.iter().enumerate() {
        for (j, x) in design.row(row).iter().enumerate() {
            sums[(place[code], j)] += score[row] * x;
        }
    }
    sums
}
