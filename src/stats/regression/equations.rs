//! The estimating equations of a marginal model: coefficients, scale and correlation.

use std::ops::Range;

use nalgebra::{DMatrix, DVector};
use rayon::prelude::*;

use super::clusters::Grouped;
use super::coefficient::without_rounding;
use super::design::{Design, add_outer, added, symmetric};
use super::scoring::Response;
use super::working_correlation::{PairSums, WorkingCorrelation};
use crate::stats::error::StatsError;

const MAX_ITERATIONS: usize = 600;
/// Up to which iteration what share of a step is taken.
const PACES: [(usize, f64); 3] = [(100, 1.0), (250, 0.5), (MAX_ITERATIONS, 0.2)];
/// Largest change of a coefficient (scaled columns) or of α at which the iteration ends.
const TOLERANCE: f64 = 1e-12;
/// The same where rounding keeps the last digits moving.
const COARSE: f64 = 1e-8;
/// Clusters in a chunk, fixed so that sums come out the same however many threads there are.
const CHUNK: usize = 256;

/// The model, row by row and cluster by cluster.
pub(super) struct Equations<'a> {
    pub(super) design: &'a Design,
    pub(super) response: &'a Response,
    pub(super) grouped: &'a Grouped,
    pub(super) working: WorkingCorrelation,
}

/// Where the iteration stands.
pub(super) struct State {
    pub(super) gamma: Vec<f64>,
    pub(super) phi: f64,
    pub(super) alpha: Option<f64>,
}

/// Covariances of what was estimated.
pub(super) struct Sandwich {
    pub(super) covariance: DMatrix<f64>,
    pub(super) model: DMatrix<f64>,
    pub(super) alpha_error: f64,
    /// What geepack prints in its place.
    pub(super) geepack_alpha_error: f64,
    pub(super) phi_error: f64,
}

impl Equations<'_> {
    /// Runs `of` over chunks of clusters, in parallel, results in order.
    fn by_clusters<T: Send>(&self, of: impl Fn(Range<usize>) -> T + Sync) -> Vec<T> {
        let n = self.grouped.starts.len() - 1;
        if n <= CHUNK {
            return vec![of(0..n)];
        }
        (0..n.div_ceil(CHUNK)).into_par_iter().map(|chunk| of(chunk * CHUNK..((chunk + 1) * CHUNK).min(n))).collect()
    }

    fn cluster(&self, cluster: usize) -> Range<usize> {
        self.grouped.starts[cluster]..self.grouped.starts[cluster + 1]
    }

    /// Writes a row's `√w (μ′/√V) x` and, last, `√w (y − μ)/√V`.
    fn standardised(&self, row: usize, gamma: &[f64], into: &mut Vec<f64>) {
        let (family, eta) = (self.response.family, self.response.eta(self.design, row, gamma));
        let (root_weight, root) = (self.response.weight[row].sqrt(), family.variance(eta).sqrt());
        // The link is canonical: μ′ is V, but for the Gaussian family where both are 1.
        into.extend(self.design.row(row).iter().map(|x| root_weight * root * x));
        into.push(root_weight * (self.response.outcome[row] - family.mean(eta)) / root);
    }

    /// `Aᵀ R⁻¹ A` over all clusters, the residual being A's last column.
    fn quadratic(&self, gamma: &[f64], alpha: f64) -> DMatrix<f64> {
        let q = self.design.p + 1;
        let sums = added(self.by_clusters(|clusters| {
            let (mut sum, mut rows, mut carried) = (vec![0.0; q * (q + 1) / 2], vec![], vec![0.0; q]);
            for cluster in clusters {
                rows.clear();
                let range = self.cluster(cluster);
                range.clone().for_each(|row| self.standardised(row, gamma, &mut rows));
                self.working.add_quadratic(&mut sum, &rows, q, &self.grouped.wave[range], alpha, &mut carried);
            }
            sum
        }));
        symmetric(&sums, q)
    }

    fn pearson(&self, row: usize, gamma: &[f64]) -> f64 {
        let (family, eta) = (self.response.family, self.response.eta(self.design, row, gamma));
        (self.response.outcome[row] - family.mean(eta)) / family.variance(eta).sqrt()
    }

    /// Solves the equations, one step of each in turn, from `gamma` and no correlation on.
    pub(super) fn iterate(&self, mut gamma: Vec<f64>) -> Result<(State, usize), StatsError> {
        let p = self.design.p;
        let weight = &self.response.weight;
        let total: f64 = weight.iter().sum();
        let (mut phi, mut alpha) = (1.0_f64, 0.0_f64);
        let has_pairs = self.working != WorkingCorrelation::Independence
            && self.grouped.ranges().any(|rows| weight[rows].iter().filter(|&&weight| weight > 0.0).count() > 1);
        for iterations in 1..=MAX_ITERATIONS {
            let failed = StatsError::NotConverged { iterations };
            // Where each equation's step undoes the other's, shorter ones settle.
            let pace = PACES.iter().find(|(last, _)| iterations <= *last).map_or(1.0, |(_, pace)| *pace);
            let whole = self.quadratic(&gamma, alpha);
            let (information, score) = (whole.view((0, 0), (p, p)).into_owned(), whole.view((0, p), (p, 1)).into_owned());
            let Some(step) = information.lu().solve(&score) else { return Err(failed) };
            let mut change = 0.0_f64;
            for (g, step) in gamma.iter_mut().zip(step.iter()) {
                *g += pace * step;
                change = change.max(step.abs() / (1.0 + g.abs()));
            }
            let residual: Vec<f64> = (0..self.design.n).map(|row| self.pearson(row, &gamma)).collect();
            let next_phi = residual.iter().zip(weight).map(|(r, w)| w * r * r).sum::<f64>() / total;
            if !next_phi.is_finite() || gamma.iter().any(|g| !g.is_finite()) {
                return Err(failed);
            }
            // A Gaussian outcome has variance 1 here: this is an exact fit.
            if next_phi <= 1e-28 {
                return Err(StatsError::ExactFit);
            }
            change = change.max((next_phi - phi).abs() / next_phi);
            phi = next_phi;
            if has_pairs {
                let sums = self.pairs(&residual, phi, alpha);
                if sums.information > 0.0 {
                    let step = (sums.product - sums.expected) / sums.information;
                    alpha += pace * step;
                    change = change.max(step.abs());
                } else {
                    // Without neighbours one wave apart the pairs say nothing of α at 0.
                    alpha = 0.5;
                    change = 1.0;
                }
            }
            if !alpha.is_finite() {
                return Err(failed);
            }
            if change <= TOLERANCE || (iterations == MAX_ITERATIONS && change <= COARSE) {
                return Ok((State { gamma, phi, alpha: has_pairs.then_some(alpha) }, iterations));
            }
        }
        Err(StatsError::NotConverged { iterations: MAX_ITERATIONS })
    }

    fn pairs(&self, residual: &[f64], phi: f64, alpha: f64) -> PairSums {
        let root = phi.sqrt();
        let parts = self.by_clusters(|clusters| {
            let mut s = vec![];
            clusters.fold(PairSums::default(), |sum, cluster| {
                let rows = self.cluster(cluster);
                s.clear();
                s.extend(residual[rows.clone()].iter().map(|r| r / root));
                sum.plus(self.working.pair_sums(&self.response.weight[rows.clone()], &s, &self.grouped.wave[rows], alpha))
            })
        });
        parts.into_iter().fold(PairSums::default(), PairSums::plus)
    }

    /// The sandwich of the equations of β, φ and α together: block lower triangular, as neither of the first sees the next.
    pub(super) fn sandwich(&self, state: &State) -> Result<Sandwich, StatsError> {
        let p = self.design.p;
        let alpha = state.alpha.unwrap_or(0.0);
        let parts = self.by_clusters(|clusters| {
            let mut sums = Sums::new(p);
            for cluster in clusters {
                self.add_cluster(state, alpha, cluster, &mut sums);
            }
            sums
        });
        let mut whole = Sums::new(p);
        for part in parts {
            whole.append(part);
        }
        let information = symmetric(&whole.beta_beta, p);
        let singular = StatsError::SingularCorrelation { alpha };
        let Some(bread) = information.try_inverse() else { return Err(singular) };
        let below = |cross: &Cross| {
            let phi_beta = -(&bread * DVector::from_column_slice(&cross.phi_beta)) / whole.phi_phi;
            let alpha_beta = -(&bread * DVector::from_column_slice(&cross.alpha_beta) + &phi_beta * whole.alpha_phi) / whole.alpha_alpha;
            (phi_beta, alpha_beta)
        };
        let ((phi_beta, alpha_beta), (_, geepack_alpha_beta)) = (below(&whole.cross), below(&whole.geepack_cross));
        let (mut meat, mut phi_variance, mut alpha_variance, mut geepack_variance) = (vec![0.0; p * (p + 1) / 2], 0.0, 0.0, 0.0);
        let alpha_phi = -whole.alpha_phi / whole.alpha_alpha / whole.phi_phi;
        for score in whole.scores.chunks_exact(p + 2) {
            let (beta, phi, alpha) = (&score[..p], score[p], score[p + 1]);
            add_outer(&mut meat, beta, 1.0);
            let dot = |with: &DVector<f64>| with.iter().zip(beta).map(|(a, b)| a * b).sum::<f64>();
            phi_variance += (dot(&phi_beta) + phi / whole.phi_phi).powi(2);
            if state.alpha.is_some() {
                let own = alpha_phi * phi + alpha / whole.alpha_alpha;
                alpha_variance += (dot(&alpha_beta) + own).powi(2);
                geepack_variance += (dot(&geepack_alpha_beta) + own).powi(2);
            }
        }
        let covariance = &bread * symmetric(&meat, p) * &bread;
        let mut covariance = (&covariance + covariance.transpose()) * 0.5;
        if !(alpha_variance + geepack_variance + phi_variance).is_finite()
            || covariance.iter().chain(bread.iter()).any(|value| !value.is_finite())
        {
            return Err(singular);
        }
        without_rounding(&mut covariance, &bread);
        Ok(Sandwich {
            covariance,
            model: bread,
            alpha_error: alpha_variance.sqrt(),
            geepack_alpha_error: geepack_variance.sqrt(),
            phi_error: phi_variance.sqrt(),
        })
    }

    fn add_cluster(&self, state: &State, alpha: f64, cluster: usize, sums: &mut Sums) {
        let (p, phi, family) = (self.design.p, state.phi, self.response.family);
        let q = p + 1;
        let range = self.cluster(cluster);
        let (weight, wave) = (&self.response.weight[range.clone()], &self.grouped.wave[range.clone()]);
        let (mut rows, mut carried, mut around) = (vec![], vec![0.0; q], vec![]);
        range.clone().for_each(|row| self.standardised(row, &state.gamma, &mut rows));
        let residual: Vec<f64> = range.clone().map(|row| self.pearson(row, &state.gamma)).collect();

        let mut quadratic = vec![0.0; q * (q + 1) / 2];
        self.working.add_quadratic(&mut quadratic, &rows, q, wave, alpha, &mut carried);
        let quadratic = symmetric(&quadratic, q) / phi;
        let mut at = 0;
        for j in 0..p {
            for k in j..p {
                sums.beta_beta[at] += quadratic[(j, k)];
                at += 1;
            }
            sums.scores.push(quadratic[(j, p)]);
        }

        self.working.slopes_around(weight, &residual, wave, alpha, &mut around);
        let mut phi_score = 0.0;
        for (index, row) in range.clone().enumerate() {
            let (w, r) = (weight[index], residual[index]);
            let eta = self.response.eta(self.design, row, &state.gamma);
            let (variance, slope) = (family.variance(eta), family.variance_slope(family.mean(eta)));
            let root = variance.sqrt();
            phi_score += w * (r * r - phi) / (2.0 * phi);
            sums.phi_phi += w / (2.0 * phi);
            let [weights_around, residuals_around] = around[index];
            // ∂r/∂β = −(√V + r V'/2) x; the residuals of a pair change each with the other's.
            let change = root + 0.5 * r * slope;
            // geepack: 1 + r V'/(2√V) for it, and each residual of a pair beside its own change.
            let geepack_change = 1.0 + 0.5 * r * slope / root;
            for (j, x) in self.design.row(row).iter().enumerate() {
                sums.cross.phi_beta[j] += w * r * change / phi * x;
                sums.cross.alpha_beta[j] += w * residuals_around * change / phi * x;
                sums.geepack_cross.phi_beta[j] += w * r * geepack_change / phi * x;
                sums.geepack_cross.alpha_beta[j] += w * r * (weights_around * root + 0.5 * slope * residuals_around) / phi * x;
            }
        }
        sums.scores.push(phi_score);

        let s: Vec<f64> = residual.iter().map(|r| r / phi.sqrt()).collect();
        let pairs = self.working.pair_sums(weight, &s, wave, alpha);
        sums.alpha_alpha += pairs.information;
        sums.alpha_phi += pairs.product / phi;
        sums.scores.push(pairs.product - pairs.expected);
    }
}

/// Sums of the equations' derivatives, and each cluster's equations.
struct Sums {
    beta_beta: Vec<f64>,
    cross: Cross,
    geepack_cross: Cross,
    phi_phi: f64,
    alpha_phi: f64,
    alpha_alpha: f64,
    scores: Vec<f64>,
}

impl Sums {
    fn new(p: usize) -> Self {
        Self {
            beta_beta: vec![0.0; p * (p + 1) / 2],
            cross: Cross::new(p),
            geepack_cross: Cross::new(p),
            phi_phi: 0.0,
            alpha_phi: 0.0,
            alpha_alpha: 0.0,
            scores: vec![],
        }
    }

    fn append(&mut self, other: Self) {
        let add = |to: &mut [f64], from: &[f64]| to.iter_mut().zip(from).for_each(|(sum, value)| *sum += value);
        add(&mut self.beta_beta, &other.beta_beta);
        for (to, from) in [(&mut self.cross, &other.cross), (&mut self.geepack_cross, &other.geepack_cross)] {
            add(&mut to.phi_beta, &from.phi_beta);
            add(&mut to.alpha_beta, &from.alpha_beta);
        }
        self.phi_phi += other.phi_phi;
        self.alpha_phi += other.alpha_phi;
        self.alpha_alpha += other.alpha_alpha;
        self.scores.extend(other.scores);
    }
}

/// Derivatives of the equations of φ and of α in β.
struct Cross {
    phi_beta: Vec<f64>,
    alpha_beta: Vec<f64>,
}

impl Cross {
    fn new(p: usize) -> Self {
        Self { phi_beta: vec![0.0; p], alpha_beta: vec![0.0; p] }
    }
}
