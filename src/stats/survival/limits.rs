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
    /// log(S / (1 − S)): inside (0, 1) always.
    Logit,
    /// arcsin √S, cut at 0 and π/2.
    ArcSin,
}

impl CurveInterval {
    /// Limits of S from the standard error of log S, as R's `survfit_confint`; `None` where there are none: at S = 0, and
    /// on all but the plain and log scales at S = 1.
    ///
    /// # Formula
    /// ```text
    /// plain:   S ± z S σ        log: exp(log S ± z σ)        log–log: exp(−exp(log(−log S) ± z σ / log S))
    /// logit:   1 / (1 + exp(−log(S / (1 − S)) ∓ z σ / (1 − S)))
    /// arcsin:  sin²(arcsin √S ± z σ/2 · √(S / (1 − S)))
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
            Self::Logit => {
                if survival >= 1.0 {
                    return None;
                }
                let centre = (survival / (1.0 - survival)).ln();
                let half = z * std_error_log / (1.0 - survival);
                // R's form, 1 − 1/(1 + e^x), loses digits near 0; this one does not.
                let back = |x: f64| 1.0 / (1.0 + (-x).exp());
                Some((back(centre - half), back(centre + half)))
            }
            Self::ArcSin => {
                if survival >= 1.0 {
                    return None;
                }
                let centre = survival.sqrt().asin();
                let half = 0.5 * z * std_error_log * (survival / (1.0 - survival)).sqrt();
                let lower = (centre - half).max(0.0).sin().powi(2);
                let upper = (centre + half).min(std::f64::consts::FRAC_PI_2).sin().powi(2);
                Some((lower, upper))
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
