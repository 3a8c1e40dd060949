//! Partial likelihood of the Cox model with its score and information, in one pass over the risk sets.

use super::cox::Ties;

/// Rows sorted by falling time, covariates row by row.
pub(super) struct Rows {
    /// Times, falling.
    pub(super) time: Vec<f64>,
    /// Events.
    pub(super) event: Vec<bool>,
    /// Covariates, `n × p`, row by row.
    pub(super) x: Vec<f64>,
    /// Number of covariates.
    pub(super) p: usize,
}

/// Log partial likelihood with its first and (negative) second derivatives.
#[derive(Clone, Debug)]
pub(super) struct Likelihood {
    pub(super) log_likelihood: f64,
    pub(super) score: Vec<f64>,
    /// `p × p`, row by row.
    pub(super) information: Vec<f64>,
}

/// Weighted sums over a set of rows: Σw, Σwx, Σwxxᵀ (upper triangle).
struct Sums {
    weight: f64,
    first: Vec<f64>,
    second: Vec<f64>,
}

impl Sums {
    fn new(p: usize) -> Self {
        Self { weight: 0.0, first: vec![0.0; p], second: vec![0.0; p * p] }
    }

    fn clear(&mut self) {
        self.weight = 0.0;
        self.first.fill(0.0);
        self.second.fill(0.0);
    }

    fn add(&mut self, weight: f64, x: &[f64]) {
        let p = x.len();
        self.weight += weight;
        for (j, &xj) in x.iter().enumerate() {
            let wx = weight * xj;
            self.first[j] += wx;
            for (sum, &xk) in self.second[j * p + j..(j + 1) * p].iter_mut().zip(&x[j..]) {
                *sum += wx * xk;
            }
        }
    }
}

/// Evaluates the partial likelihood at `beta`.
///
/// # Formula
/// ```text
/// Efron:   ℓ = Σ_i [ Σ_{D_i} xβ − Σ_{l=0}^{d−1} log(Σ_{R_i} e^{xβ} − (l/d) Σ_{D_i} e^{xβ}) ]
/// Breslow: the same with l/d = 0
/// ```
pub(super) fn evaluate(rows: &Rows, beta: &[f64], ties: Ties) -> Likelihood {
    let p = rows.p;
    let mut at_risk = Sums::new(p);
    let mut dying = Sums::new(p);
    let mut result = Likelihood { log_likelihood: 0.0, score: vec![0.0; p], information: vec![0.0; p * p] };
    let mut mean = vec![0.0; p];
    let mut start = 0;
    while start < rows.time.len() {
        let now = rows.time[start];
        let mut end = start;
        let mut deaths = 0_u32;
        dying.clear();
        while end < rows.time.len() && rows.time[end].total_cmp(&now).is_eq() {
            let x = &rows.x[end * p..(end + 1) * p];
            let eta: f64 = x.iter().zip(beta).map(|(x, b)| x * b).sum();
            let weight = eta.exp();
            at_risk.add(weight, x);
            if rows.event[end] {
                deaths += 1;
                dying.add(weight, x);
                result.log_likelihood += eta;
                for (score, x) in result.score.iter_mut().zip(x) {
                    *score += x;
                }
            }
            end += 1;
        }
        for death in 0..deaths {
            let removed = match ties {
                Ties::Efron => f64::from(death) / f64::from(deaths),
                Ties::Breslow => 0.0,
            };
            let weight = at_risk.weight - removed * dying.weight;
            result.log_likelihood -= weight.ln();
            for (mean, (all, dead)) in mean.iter_mut().zip(at_risk.first.iter().zip(&dying.first)) {
                *mean = (all - removed * dead) / weight;
            }
            for j in 0..p {
                result.score[j] -= mean[j];
                for k in j..p {
                    let second = (at_risk.second[j * p + k] - removed * dying.second[j * p + k]) / weight;
                    result.information[j * p + k] += second - mean[j] * mean[k];
                }
            }
        }
        start = end;
    }
    for j in 0..p {
        for k in 0..j {
            result.information[j * p + k] = result.information[k * p + j];
        }
    }
    result
}
