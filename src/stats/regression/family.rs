//! Distributions of an outcome, each with its canonical link.

use serde::Serialize;
use statrs::function::gamma::ln_gamma;

use super::observations::Observations;
use crate::stats::error::StatsError;

/// The distribution of an outcome with the link of its mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Family {
    /// Normal, mean itself.
    Gaussian,
    /// 0 or 1 (or a share, with the number of trials as weight), logit of the mean.
    Binomial,
    /// Counts, logarithm of the mean.
    Poisson,
}

/// ln(1 + eᵗ) without overflow.
fn softplus(t: f64) -> f64 {
    t.max(0.0) + (-t.abs()).exp().ln_1p()
}

/// x ln(x/y), 0 at x = 0.
fn x_log_ratio(x: f64, y: f64) -> f64 {
    if x > 0.0 { x * (x / y).ln() } else { 0.0 }
}

impl Family {
    /// The mean at a linear predictor.
    pub(in crate::stats) fn mean(self, eta: f64) -> f64 {
        match self {
            Self::Gaussian => eta,
            Self::Binomial => {
                let e = (-eta.abs()).exp();
                if eta >= 0.0 { 1.0 / (1.0 + e) } else { e / (1.0 + e) }
            }
            Self::Poisson => eta.exp(),
        }
    }

    /// Variance of the outcome at a linear predictor, for a scale of 1; with a canonical link also the slope of the mean.
    pub(in crate::stats) fn variance(self, eta: f64) -> f64 {
        match self {
            Self::Gaussian => 1.0,
            Self::Binomial => {
                let e = (-eta.abs()).exp();
                e / (1.0 + e).powi(2)
            }
            Self::Poisson => eta.exp(),
        }
    }

    /// Slope of the variance in the mean.
    pub(super) fn variance_slope(self, mean: f64) -> f64 {
        match self {
            Self::Gaussian => 0.0,
            Self::Binomial => 1.0 - 2.0 * mean,
            Self::Poisson => 1.0,
        }
    }

    /// The linear predictor at a mean.
    pub(super) fn link(self, mean: f64) -> f64 {
        match self {
            Self::Gaussian => mean,
            Self::Binomial => (mean / (1.0 - mean)).ln(),
            Self::Poisson => mean.ln(),
        }
    }

    /// Twice the log-likelihood an outcome falls short of a perfect fit.
    pub(super) fn deviance(self, outcome: f64, eta: f64) -> f64 {
        match self {
            Self::Gaussian => (outcome - eta).powi(2),
            Self::Binomial => {
                let perfect = x_log_ratio(outcome, 1.0) + x_log_ratio(1.0 - outcome, 1.0);
                2.0 * (perfect + outcome * softplus(-eta) + (1.0 - outcome) * softplus(eta))
            }
            Self::Poisson => {
                let mean = eta.exp();
                if outcome > 0.0 { 2.0 * (outcome * (outcome.ln() - eta) - (outcome - mean)) } else { 2.0 * mean }
            }
        }
    }

    /// Log-likelihood of a perfect fit (binomial and Poisson).
    pub(super) fn perfect_log_likelihood(self, outcome: f64, weight: f64) -> f64 {
        match self {
            Self::Gaussian => 0.0,
            Self::Binomial => {
                let (hits, misses) = (weight * outcome, weight * (1.0 - outcome));
                if hits <= 0.0 || misses <= 0.0 {
                    return 0.0;
                }
                let choose = ln_gamma(weight + 1.0) - ln_gamma(hits + 1.0) - ln_gamma(misses + 1.0);
                choose + x_log_ratio(hits, weight) + x_log_ratio(misses, weight)
            }
            Self::Poisson => {
                if outcome > 0.0 {
                    weight * (outcome * outcome.ln() - outcome - ln_gamma(outcome + 1.0))
                } else {
                    0.0
                }
            }
        }
    }

    /// Whether the scale is estimated.
    pub(super) fn has_scale(self) -> bool {
        self == Self::Gaussian
    }

    /// Refuses outcomes the family cannot have, and outcomes at its edge everywhere.
    pub(super) fn check(self, observations: &Observations<'_>) -> Result<(), StatsError> {
        let outcome = observations.outcome;
        let find = |bad: &dyn Fn(f64) -> bool| outcome.iter().copied().find(|&value| bad(value));
        let wrong = match self {
            Self::Gaussian => None,
            Self::Binomial => {
                find(&|value| !(0.0..=1.0).contains(&value)).map(|value| (value, "a binomial outcome is 0, 1 or a share between"))
            }
            Self::Poisson => find(&|value| value < 0.0).map(|value| (value, "a count cannot be negative")),
        };
        if let Some((value, expected)) = wrong {
            return Err(StatsError::OutOfRange { what: "an outcome", value, expected });
        }
        let everywhere =
            |value: f64| outcome.iter().enumerate().all(|(row, &other)| observations.weight(row) <= 0.0 || (other - value).abs() <= 0.0);
        match self {
            Self::Binomial | Self::Poisson if everywhere(0.0) => Err(StatsError::NoEvents),
            Self::Binomial if everywhere(1.0) => Err(StatsError::ConstantOutcome),
            _ => Ok(()),
        }
    }
}
