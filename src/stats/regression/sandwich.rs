//! Covariance of coefficients that does not lean on the model's variance.

use nalgebra::DMatrix;

use super::clusters::in_order_of_appearance;
use super::design::Design;
use crate::stats::error::StatsError;

/// How the covariance of the coefficients is estimated.
///
/// # Formula
/// ```text
/// classical  φ B,  B = (XᵀWX)⁻¹
/// HCk        B (Σ uᵢ² kᵢ xᵢ xᵢᵀ) B,  uᵢ = wᵢ (yᵢ − μᵢ);  kᵢ = 1 (HC0), n/(n − p) (HC1), 1/(1 − hᵢ) (HC2), 1/(1 − hᵢ)² (HC3)
/// cluster    B (Σ_g s_g s_gᵀ) B · G/(G − 1),  s_g = Σ_{i in g} uᵢ xᵢ;  HC1 times (n − 1)/(n − p)
/// ```
///
/// # Agrees with
/// R sandwich 3.0-2 `vcovHC(fit, type = …)` and `vcovCL(fit, cluster, type = "HC0" | "HC1", cadjust = TRUE)`.
///
/// # References
/// `MacKinnon` & White (1985), J Econometrics 29:305–325. Zeileis, Köll & Graham (2020), J Stat Software 95(1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Covariance<'a> {
    /// From the model.
    Classical,
    /// White's.
    Hc0,
    /// HC0 · n/(n − p).
    Hc1,
    /// Squared residuals over 1 − h.
    Hc2,
    /// Squared residuals over (1 − h)².
    Hc3,
    /// Clustered, rows of equal label together, factor G/(G − 1).
    ClusterHc0(&'a [usize]),
    /// Clustered, factors G/(G − 1) and (n − 1)/(n − p).
    ClusterHc1(&'a [usize]),
}

impl Covariance<'_> {
    /// Its usual name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Classical => "classical",
            Self::Hc0 => "HC0",
            Self::Hc1 => "HC1",
            Self::Hc2 => "HC2",
            Self::Hc3 => "HC3",
            Self::ClusterHc0(_) => "cluster HC0",
            Self::ClusterHc1(_) => "cluster HC1",
        }
    }

    pub(super) fn needs_leverage(self) -> bool {
        matches!(self, Self::Hc2 | Self::Hc3)
    }

    /// Number of clusters with weight; `None` without clusters.
    pub(super) fn n_clusters(self, weight: impl Fn(usize) -> f64) -> Option<usize> {
        let (Self::ClusterHc0(label) | Self::ClusterHc1(label)) = self else { return None };
        let mut labels: Vec<usize> = label.iter().enumerate().filter(|&(row, _)| weight(row) > 0.0).map(|(_, &label)| label).collect();
        labels.sort_unstable();
        labels.dedup();
        Some(labels.len())
    }

    /// Refuses labels of another length, or fewer than two clusters.
    pub(super) fn check(self, n: usize, weight: impl Fn(usize) -> f64) -> Result<(), StatsError> {
        let (Self::ClusterHc0(label) | Self::ClusterHc1(label)) = self else { return Ok(()) };
        if label.len() != n {
            return Err(StatsError::LengthMismatch { what: "cluster".to_owned(), found: label.len(), expected: n });
        }
        match self.n_clusters(weight) {
            Some(found) if found < 2 => Err(StatsError::TooFewClusters { found, needed: 2 }),
            _ => Ok(()),
        }
    }
}

/// What a sandwich is made of.
pub(super) struct Scores<'a> {
    /// wᵢ (yᵢ − μᵢ).
    pub(super) score: &'a [f64],
    /// Leverages, where the type needs them.
    pub(super) leverage: &'a [f64],
    /// Rows with weight.
    pub(super) n: usize,
    /// Clusters with weight, where there are clusters.
    pub(super) n_clusters: Option<usize>,
}

/// Robust covariance; `bread` is (XᵀWX)⁻¹. Classical is the caller's.
pub(super) fn sandwich(
    design: &Design,
    bread: &DMatrix<f64>,
    scores: &Scores<'_>,
    covariance: Covariance<'_>,
) -> Result<DMatrix<f64>, StatsError> {
    let (n, p) = (scores.n as f64, design.p as f64);
    let clusters = scores.n_clusters.unwrap_or(2) as f64;
    let few = clusters / (clusters - 1.0);
    let score = scores.score;
    if covariance.needs_leverage()
        && let Some(row) = scores.leverage.iter().position(|&leverage| leverage > 1.0 - 1e-10)
    {
        return Err(StatsError::FullLeverage { position: row + 1 });
    }
    let left = |row: usize| 1.0 - scores.leverage[row];
    let meat = match covariance {
        Covariance::Classical | Covariance::Hc0 => design.crossproduct(|row| score[row].powi(2)),
        Covariance::Hc1 => design.crossproduct(|row| score[row].powi(2)) * (n / (n - p)),
        Covariance::Hc2 => design.crossproduct(|row| score[row].powi(2) / left(row)),
        Covariance::Hc3 => design.crossproduct(|row| (score[row] / left(row)).powi(2)),
        Covariance::ClusterHc0(label) => clustered(design, score, label) * few,
        Covariance::ClusterHc1(label) => clustered(design, score, label) * (few * (n - 1.0) / (n - p)),
    };
    let meat = bread * meat * bread;
    Ok((&meat + meat.transpose()) * 0.5)
}

/// Sum over clusters of the outer products of their scores.
fn clustered(design: &Design, score: &[f64], label: &[usize]) -> DMatrix<f64> {
    let p = design.p;
    let (code, count) = in_order_of_appearance(label);
    let mut sums = vec![0.0; count * p];
    for (row, at) in code.into_iter().enumerate() {
        for (sum, x) in sums[at * p..(at + 1) * p].iter_mut().zip(design.row(row)) {
            *sum += score[row] * x;
        }
    }
    let sums = DMatrix::from_row_slice(count, p, &sums);
    sums.transpose() * &sums
}
