//! How strong an unmeasured confounder would have to be.

use serde::Serialize;

use super::estimate::Interval;

/// E-values of an estimate and of the limit of its interval nearest to no effect.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct EValue {
    /// For the estimate.
    pub estimate: f64,
    /// For the limit nearest to 1; exactly 1 if the interval holds 1; `None` without an interval.
    pub limit: Option<f64>,
}

/// E-value of a hazard ratio for an outcome that is common by the end of follow-up.
///
/// # Formula
/// ```text
/// RR ≈ (1 − 0.5^√HR) / (1 − 0.5^√(1/HR)),   E = RR + √(RR (RR − 1))      (RR inverted if below 1)
/// ```
///
/// # References
/// VanderWeele & Ding (2017), Annals of Internal Medicine 167:268–274.
#[must_use]
pub fn e_value(hazard_ratio: f64, interval: Option<Interval>) -> EValue {
    e_value_of_risk_ratio(
        risk_ratio(hazard_ratio),
        interval.map(|interval| Interval { lower: risk_ratio(interval.lower), upper: risk_ratio(interval.upper), level: interval.level }),
    )
}

/// E-value of a risk ratio (or of a hazard or odds ratio of a rare outcome).
///
/// # Formula
/// `E = RR + √(RR (RR − 1))`, RR inverted if below 1; 1 for a limit on the other side of 1.
///
/// # Agrees with
/// R `EValue::evalues.RR`.
///
/// # References
/// VanderWeele & Ding (2017), Annals of Internal Medicine 167:268–274.
#[must_use]
pub fn e_value_of_risk_ratio(risk_ratio: f64, interval: Option<Interval>) -> EValue {
    let limit = interval.map(|interval| {
        if interval.lower <= 1.0 && interval.upper >= 1.0 {
            1.0
        } else {
            of_risk_ratio(if risk_ratio < 1.0 { interval.upper } else { interval.lower })
        }
    });
    EValue { estimate: of_risk_ratio(risk_ratio), limit }
}

fn risk_ratio(hazard_ratio: f64) -> f64 {
    (1.0 - 0.5_f64.powf(hazard_ratio.sqrt())) / (1.0 - 0.5_f64.powf((1.0 / hazard_ratio).sqrt()))
}

/// E-value of a risk ratio.
fn of_risk_ratio(risk_ratio: f64) -> f64 {
    let ratio = if risk_ratio < 1.0 { 1.0 / risk_ratio } else { risk_ratio };
    ratio + (ratio * (ratio - 1.0)).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worked_examples_of_the_paper_and_of_a_trial() {
        // VanderWeele & Ding: RR 3.9 → 7.26, its limit 2.4 → 4.23.
        assert!((of_risk_ratio(3.9) - 7.26).abs() < 0.005);
        assert!((of_risk_ratio(2.4) - 4.23).abs() < 0.005);
        // WalkBack: HR 0.72, limit 0.85 → 1.82, 1.48.
        let found = e_value(0.72, Some(Interval { lower: 0.60, upper: 0.85, level: 0.95 }));
        assert!((found.estimate - 1.82).abs() < 0.005 && (found.limit.unwrap() - 1.48).abs() < 0.005);
        assert_eq!(e_value(0.9, Some(Interval { lower: 0.7, upper: 1.1, level: 0.95 })).limit, Some(1.0));
    }
}
