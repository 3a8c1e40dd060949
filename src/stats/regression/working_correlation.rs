//! Working correlations of a cluster's rows, inverted without a matrix.

use serde::Serialize;

/// How a patient's rows are taken to be correlated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum WorkingCorrelation {
    /// Not at all.
    Independence,
    /// Every pair alike: α.
    Exchangeable,
    /// α to the power of the distance.
    Ar1,
}

/// Sums over the pairs of a cluster that the equation of α needs.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct PairSums {
    /// Σ e (r r/φ − ρ), `e` the derivative of ρ.
    pub(super) score: f64,
    /// Σ e².
    pub(super) information: f64,
    /// Σ e r r/φ.
    pub(super) products: f64,
}

impl WorkingCorrelation {
    /// Multiplies rows (of `width` numbers) by a root of the inverse correlation: R⁻¹ = LᵀL.
    ///
    /// Exchangeable: rows less `share` of their mean, over √(1 − α). AR-1: each row less what the one before foretells.
    pub(super) fn whiten(self, alpha: f64, times: &[f64], values: &mut [f64], width: usize) {
        let n = times.len();
        match self {
            Self::Independence => {}
            Self::Exchangeable => {
                let size = n as f64;
                // Along the mean the eigenvalue is 1 + (n − 1)α, across it 1 − α.
                let across = 1.0 / (1.0 - alpha).sqrt();
                let along = 1.0 / (1.0 + (size - 1.0) * alpha).sqrt();
                for j in 0..width {
                    let mean = values[j..].iter().step_by(width).sum::<f64>() / size;
                    for value in values[j..].iter_mut().step_by(width) {
                        *value = across * (*value - mean) + along * mean;
                    }
                }
            }
            Self::Ar1 => {
                for row in (1..n).rev() {
                    let memory = alpha.powf(times[row] - times[row - 1]);
                    let scale = 1.0 / (1.0 - memory * memory).sqrt();
                    let (before, own) = values.split_at_mut(row * width);
                    for (value, previous) in own[..width].iter_mut().zip(&before[(row - 1) * width..]) {
                        *value = (*value - memory * previous) * scale;
                    }
                }
            }
        }
    }

    /// The sums over pairs, for residuals `r` of scale φ.
    pub(super) fn pairs(self, alpha: f64, times: &[f64], residuals: &[f64], phi: f64) -> PairSums {
        let mut sums = PairSums::default();
        match self {
            Self::Independence => {}
            Self::Exchangeable => {
                let n = residuals.len() as f64;
                let (sum, squares) = residuals.iter().fold((0.0, 0.0), |(sum, squares), r| (sum + r, squares + r * r));
                sums.information = n * (n - 1.0) / 2.0;
                sums.products = (sum * sum - squares) / (2.0 * phi);
                sums.score = sums.products - alpha * sums.information;
            }
            Self::Ar1 => {
                // Over the rows before: Σ α^l r and Σ l α^{l−1} r; and with α² in place of α, without r.
                let square = alpha * alpha;
                let [mut a, mut b, mut c, mut d] = [0.0; 4];
                let mut e = 0.0;
                for row in 1..times.len() {
                    let lag = times[row] - times[row - 1];
                    let r = residuals[row - 1];
                    let (decay, slope) = (alpha.powf(lag), lag * alpha.powf(lag - 1.0));
                    b = decay * b + slope * (a + r);
                    a = decay * (a + r);
                    // Sums over the rows before of q^l, l q^{l−1} and l² q^{l−1}, q = α².
                    let (decay, slope) = (square.powf(lag), square.powf(lag - 1.0));
                    let older = c + 1.0;
                    e = decay * e + 2.0 * lag * decay * d + lag * lag * slope * older;
                    d = decay * d + lag * slope * older;
                    c = decay * older;
                    sums.products += b * residuals[row] / phi;
                    // e ρ = l α^{2l−1} = α · l q^{l−1};  e² = l² α^{2l−2} = l² q^{l−1}.
                    sums.score -= alpha * d;
                    sums.information += e;
                }
                sums.score += sums.products;
            }
        }
        sums
    }

    /// For each row, Σ over its pairs of e r (of the other row): what the derivative of α's equation needs.
    pub(super) fn partners(self, alpha: f64, times: &[f64], residuals: &[f64]) -> Vec<f64> {
        let n = residuals.len();
        let mut partners = vec![0.0; n];
        match self {
            Self::Independence => {}
            Self::Exchangeable => {
                let sum: f64 = residuals.iter().sum();
                partners.iter_mut().zip(residuals).for_each(|(partner, r)| *partner = sum - r);
            }
            Self::Ar1 => {
                let mut go = |rows: &mut dyn Iterator<Item = (usize, usize)>| {
                    let [mut a, mut b] = [0.0; 2];
                    for (row, before) in rows {
                        let lag = (times[row] - times[before]).abs();
                        let (decay, slope) = (alpha.powf(lag), lag * alpha.powf(lag - 1.0));
                        b = decay * b + slope * (a + residuals[before]);
                        a = decay * (a + residuals[before]);
                        partners[row] += b;
                    }
                };
                go(&mut (1..n).map(|row| (row, row - 1)));
                go(&mut (0..n.saturating_sub(1)).rev().map(|row| (row, row + 1)));
            }
        }
        partners
    }
}
