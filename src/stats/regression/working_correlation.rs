//! Working correlations of the rows of a cluster, with inverses in closed form.

use serde::Serialize;

use super::design::add_outer;

/// How the rows of a cluster are taken to be correlated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum WorkingCorrelation {
    /// Not at all.
    Independence,
    /// Every pair alike: α.
    Exchangeable,
    /// Falling with the distance in time: α to the power of the number of waves between.
    Ar1,
}

/// Sums over the pairs of a cluster; `e` is the slope of a pair's correlation in α, `rho` the correlation.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct PairSums {
    /// Σ e² wᵢ wⱼ.
    pub(super) information: f64,
    /// Σ e wᵢ wⱼ sᵢ sⱼ.
    pub(super) product: f64,
    /// Σ e wᵢ wⱼ rho.
    pub(super) expected: f64,
}

impl PairSums {
    pub(super) fn plus(self, other: Self) -> Self {
        Self {
            information: self.information + other.information,
            product: self.product + other.product,
            expected: self.expected + other.expected,
        }
    }
}

/// A power of whole waves.
fn power(alpha: f64, waves: u32) -> f64 {
    alpha.powi(i32::try_from(waves).unwrap_or(i32::MAX))
}

/// Waves between each row and the one before it.
fn gaps(wave: &[u32]) -> impl Iterator<Item = u32> + '_ {
    std::iter::once(0).chain(wave.windows(2).map(|pair| pair[1] - pair[0]))
}

impl WorkingCorrelation {
    /// Adds `Aᵀ R⁻¹ A` of one cluster to an upper triangle. `rows` are A's, `q` long each; `carried` is a buffer of that length.
    ///
    /// Exchangeable: `R⁻¹ = (I − c 11ᵀ)/(1 − α)`, `c = α/(1 + (n − 1) α)`. AR-1: each row less `αᵍ` times the one before has variance
    /// `1 − α²ᵍ` and is uncorrelated with all before, g being the waves between.
    pub(super) fn add_quadratic(self, sum: &mut [f64], rows: &[f64], q: usize, wave: &[u32], alpha: f64, carried: &mut [f64]) {
        match self {
            Self::Independence => rows.chunks_exact(q).for_each(|row| add_outer(sum, row, 1.0)),
            Self::Exchangeable => {
                let n = (rows.len() / q) as f64;
                if n < 2.0 {
                    add_outer(sum, rows, 1.0);
                    return;
                }
                carried.fill(0.0);
                for row in rows.chunks_exact(q) {
                    add_outer(sum, row, 1.0 / (1.0 - alpha));
                    for (total, value) in carried.iter_mut().zip(row) {
                        *total += value;
                    }
                }
                add_outer(sum, carried, -alpha / ((1.0 + (n - 1.0) * alpha) * (1.0 - alpha)));
            }
            Self::Ar1 => {
                for (index, (row, gap)) in rows.chunks_exact(q).zip(gaps(wave)).enumerate() {
                    if index == 0 {
                        add_outer(sum, row, 1.0);
                        continue;
                    }
                    let rho = power(alpha, gap);
                    let before = &rows[(index - 1) * q..index * q];
                    for ((slot, value), old) in carried.iter_mut().zip(row).zip(before) {
                        *slot = value - rho * old;
                    }
                    add_outer(sum, carried, 1.0 / (1.0 - rho * rho));
                }
            }
        }
    }

    /// Sums over the pairs of one cluster with weights `w` and standardised residuals `s`, in time proportional to its rows.
    ///
    /// AR-1 carries Σ wᵢ sᵢ αᵏ, Σ wᵢ sᵢ k αᵏ⁻¹ and the like from row to row, k being the waves from i.
    pub(super) fn pair_sums(self, weight: &[f64], s: &[f64], wave: &[u32], alpha: f64) -> PairSums {
        let mut sums = PairSums::default();
        match self {
            Self::Independence => {}
            Self::Exchangeable => {
                let (mut total, mut products) = (0.0, 0.0);
                for (w, s) in weight.iter().zip(s) {
                    sums.information += w * total;
                    sums.product += w * s * products;
                    total += w;
                    products += w * s;
                }
                sums.expected = alpha * sums.information;
            }
            Self::Ar1 => {
                let (mut level, mut slope) = (0.0, 0.0);
                // Of the squared correlation: Σ w α²ᵏ, Σ w k α²ᵏ⁻¹, Σ w k² α²ᵏ⁻².
                let (mut square, mut square_slope, mut square_slopes) = (0.0, 0.0, 0.0);
                for row in 1..weight.len() {
                    let gap = wave[row] - wave[row - 1];
                    let (g, rho, below) = (f64::from(gap), power(alpha, gap), power(alpha, gap - 1));
                    // The row before joins at distance 0, then all move g further away.
                    let (w, product) = (weight[row - 1], weight[row - 1] * s[row - 1]);
                    slope = rho * slope + g * below * (level + product);
                    level = rho * (level + product);
                    square_slopes = rho * rho * square_slopes + 2.0 * g * rho * below * square_slope + (g * below).powi(2) * (square + w);
                    square_slope = rho * rho * square_slope + g * rho * below * (square + w);
                    square = rho * rho * (square + w);
                    sums.information += weight[row] * square_slopes;
                    sums.product += weight[row] * s[row] * slope;
                    sums.expected += weight[row] * square_slope;
                }
            }
        }
        sums
    }

    /// For each row i of a cluster, `Σⱼ eᵢⱼ wⱼ` and `Σⱼ eᵢⱼ wⱼ rⱼ` over the others, e being the slope of the pair's correlation in α.
    pub(super) fn slopes_around(self, weight: &[f64], residual: &[f64], wave: &[u32], alpha: f64, around: &mut Vec<[f64; 2]>) {
        around.clear();
        around.resize(weight.len(), [0.0; 2]);
        let own = |row: usize| [weight[row], weight[row] * residual[row]];
        match self {
            Self::Independence => {}
            Self::Exchangeable => {
                let total = (0..weight.len()).map(own).fold([0.0; 2], |sum, own| [sum[0] + own[0], sum[1] + own[1]]);
                for (row, slot) in around.iter_mut().enumerate() {
                    *slot = [total[0] - own(row)[0], total[1] - own(row)[1]];
                }
            }
            Self::Ar1 => {
                let n = weight.len();
                let mut carry = |from: &dyn Fn(usize) -> (usize, usize)| {
                    let (mut level, mut slope) = ([0.0; 2], [0.0; 2]);
                    for step in 1..n {
                        let (before, row) = from(step);
                        let gap = wave[row].abs_diff(wave[before]);
                        let (g, rho, below) = (f64::from(gap), power(alpha, gap), power(alpha, gap - 1));
                        for k in 0..2 {
                            slope[k] = rho * slope[k] + g * below * (level[k] + own(before)[k]);
                            level[k] = rho * (level[k] + own(before)[k]);
                            around[row][k] += slope[k];
                        }
                    }
                };
                carry(&|step| (step - 1, step));
                carry(&|step| (n - step, n - step - 1));
            }
        }
    }

    /// Whether the correlation matrix of every cluster is positive definite.
    pub(super) fn is_positive_definite(self, alpha: f64, largest: usize) -> bool {
        match self {
            Self::Independence => true,
            Self::Exchangeable => alpha < 1.0 && 1.0 + (largest as f64 - 1.0) * alpha > 0.0,
            Self::Ar1 => alpha.abs() < 1.0,
        }
    }
}
