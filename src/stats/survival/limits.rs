//! Pointwise limits of a survival curve.

use serde::Serialize;

/// Scale on which the limits of a curve are symmetric.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum CurveInterval {
    /// log(−log S): inside (0, 1) always.
    LogLog,
    /// log S, cut at 1.
    Log,
    /// S, cut at 0 and 1.
    Plain,
}

impl CurveInterval {
    /// Limits of S from the standard error of log S, as R's `survfit_confint`; `None` where there are none: at S = 0, and
    /// on the log–log scale at S = 1.
    ///
    /// # Formula
    /// ```text
    /// plain:   S ± z S σ        log: exp(log S ± z σ)        log–log: exp(−exp(log(−log S) ± z σ / log S))
    /// ```
    /// where σ is the standard error of log S.
    pub(super) fn limits(self, survival: f64, std_error_log: f64, z: f64) -> Option<(f64, f64)> {
        if survival <= 0.0 {
            return None;
        }
        match self {
            Self::Plain => {
                let half = z * survival * std_error_log;
                Some(((survival - half).max(0.0), (survival + half).min(1.0)))
            }
            Self::Log => {
                let half = z * std_error_log;
                Some(((survival.ln() - half).exp(), (survival.ln() + half).exp().min(1.0)))
            }
            Self::LogLog => {
                if survival >= 1.0 {
                    return None;
                }
                let log = survival.ln();
                let half = z * std_error_log / log;
                let centre = (-log).ln();
                Some(((-(centre - half).exp()).exp(), (-(centre + half).exp()).exp()))
            }
        }
    }
}
