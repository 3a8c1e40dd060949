//! Outcome distributions with their canonical links.

use serde::Serialize;

use crate::stats::distributions::log_gamma;
use crate::stats::error::StatsError;

/// Distribution of the outcome, with its canonical link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Family {
    /// Normal, identity link.
    Gaussian,
    /// 0 or 1 (or a share of trials with the trials as weights), logit link.
    Binomial,
    /// Counts, log link.
    Poisson,
}

impl Family {
    /// Mean from the linear predictor.
    pub(super) fn mean(self, eta: f64) -> f64 {
        match self {
            Self::Gaussian => eta,
            Self::Binomial => 1.0 / (1.0 + (-eta).exp()),
            Self::Poisson => eta.exp(),
        }
    }

    /// Linear predictor from the mean.
    pub(super) fn link(self, mean: f64) -> f64 {
        match self {
            Self::Gaussian => mean,
            Self::Binomial => (mean / (1.0 - mean)).ln(),
            Self::Poisson => mean.ln(),
        }
    }

    /// Variance at the mean; with a canonical link also the derivative of the mean.
    pub(super) fn variance(self, mean: f64) -> f64 {
        match self {
            Self::Gaussian => 1.0,
            Self::Binomial => mean * (1.0 - mean),
            Self::Poisson => mean,
        }
    }

    /// Derivative of the variance with respect to the mean.
    pub(super) fn variance_slope(self, mean: f64) -> f64 {
        match self {
            Self::Gaussian => 0.0,
            Self::Binomial => 1.0 - 2.0 * mean,
            Self::Poisson => 1.0,
        }
    }

    /// A row's part of the deviance.
    pub(super) fn deviance(self, y: f64, mean: f64) -> f64 {
        let y_log = |y: f64, mean: f64| if y > 0.0 { y * (y / mean).ln() } else { 0.0 };
        match self {
            Self::Gaussian => (y - mean).powi(2),
            Self::Binomial => 2.0 * (y_log(y, mean) + y_log(1.0 - y, 1.0 - mean)),
            Self::Poisson => 2.0 * (y_log(y, mean) - (y - mean)),
        }
    }

    /// A row's log likelihood; a binomial share of `weight` trials has its coefficient.
    pub(super) fn log_likelihood(self, y: f64, mean: f64, weight: f64) -> f64 {
        let times_log = |y: f64, mean: f64| if y > 0.0 { y * mean.ln() } else { 0.0 };
        match self {
            Self::Gaussian => 0.0,
            Self::Binomial => {
                let successes = weight * y;
                let ways = log_gamma(weight + 1.0) - log_gamma(successes + 1.0) - log_gamma(weight - successes + 1.0);
                ways + weight * (times_log(y, mean) + times_log(1.0 - y, 1.0 - mean))
            }
            Self::Poisson => weight * (times_log(y, mean) - mean - log_gamma(y + 1.0)),
        }
    }

    /// Refuses outcomes the distribution cannot have.
    pub(super) fn check(self, outcome: &[f64]) -> Result<(), StatsError> {
        let wrong = |value: &&f64| match self {
            Self::Gaussian => false,
            Self::Binomial => !(0.0..=1.0).contains(*value),
            Self::Poisson => **value < 0.0,
        };
        if let Some(&value) = outcome.iter().find(wrong) {
            let expected = if self == Self::Binomial { "a yes/no outcome must be 0 or 1" } else { "a count cannot be negative" };
            return Err(StatsError::OutOfRange { what: "the outcome", value, expected });
        }
        let same = outcome.iter().all(|value| *value == outcome[0]);
        match self {
            Self::Binomial if same && (outcome[0] == 0.0 || outcome[0] == 1.0) => {
                Err(StatsError::Undefined { why: "the outcome is the same in every row, so nothing can explain it".to_owned() })
            }
            Self::Poisson if same && outcome[0] == 0.0 => {
                Err(StatsError::Undefined { why: "every count is 0, so no rate can be estimated".to_owned() })
            }
            _ => Ok(()),
        }
    }
}
