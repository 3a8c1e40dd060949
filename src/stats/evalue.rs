//! How strong an unmeasured confounder would have to be.

use serde::Serialize;

use super::error::{StatsError, check_level};
use super::estimate::Interval;

/// E-values of an estimate and of the limit of its interval nearest to no effect.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct EValue {
    /// For the estimate.
    pub estimate: f64,
    /// For the limit nearest to 1; exactly 1 if the interval holds 1; `None` without an interval.
    pub limit: Option<f64>,
}

/// What an estimate measures; each is turned into a risk ratio.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum EffectMeasure {
    /// Risk ratio, or rate ratio.
    RiskRatio,
    /// Odds ratio of an outcome rarer than 15 %: taken as a risk ratio.
    OddsRatioRare,
    /// Odds ratio of a common outcome: √OR.
    OddsRatioCommon,
    /// Hazard ratio of an outcome rarer than 15 % by the end of follow-up: taken as a risk ratio.
    HazardRatioRare,
    /// Hazard ratio of a common outcome: (1 − 0.5^√HR)/(1 − 0.5^√(1/HR)).
    HazardRatioCommon,
    /// Difference of means: exp(0.91 d), d the difference over the standard deviation of the outcome.
    MeanDifference {
        /// Standard deviation of the outcome.
        std_dev: f64,
    },
}

impl EffectMeasure {
    fn risk_ratio(self, value: f64) -> f64 {
        match self {
            Self::RiskRatio | Self::OddsRatioRare | Self::HazardRatioRare => value,
            Self::OddsRatioCommon => value.sqrt(),
            Self::HazardRatioCommon => risk_ratio(value),
            Self::MeanDifference { std_dev } => (0.91 * value / std_dev).exp(),
        }
    }
}

/// E-values of an effect: how strongly, on the risk ratio scale, an unmeasured confounder would have to be associated with both
/// exposure and outcome to explain it away.
///
/// # Formula
/// ```text
/// E = RR + √(RR (RR − 1)), RR inverted if below 1; RR from the measure as [`EffectMeasure`] says
/// ```
///
/// # Conventions
/// The limit is that of the interval nearest to no effect. For a difference of means the interval is that of the difference: with
/// a normal interval of 95 % this is R's `exp(0.91 d ± 1.78 se)`, whose 1.78 is 0.91 · 1.96 rounded.
///
/// # Edge cases
/// Interval that holds no effect: the limit's E-value is exactly 1.
///
/// # Errors
/// [`StatsError::OutOfRange`] for a ratio or limit not above 0, a standard deviation not above 0, an estimate outside its interval,
/// or an effect too large for a number; [`StatsError::InvalidLevel`].
///
/// # Agrees with
/// R `EValue::evalues.RR`, `evalues.OR`, `evalues.HR`, `evalues.MD`.
///
/// # References
/// VanderWeele & Ding (2017), Annals of Internal Medicine 167:268–274.
pub fn e_value_of(measure: EffectMeasure, estimate: f64, interval: Option<Interval>) -> Result<EValue, StatsError> {
    let range = |what: &'static str, value: f64, expected: &'static str| Err(StatsError::OutOfRange { what, value, expected });
    let difference = matches!(measure, EffectMeasure::MeanDifference { .. });
    if let EffectMeasure::MeanDifference { std_dev } = measure
        && !(std_dev > 0.0 && std_dev.is_finite())
    {
        return range("the standard deviation", std_dev, "it must be above 0");
    }
    let usable = |value: f64| value.is_finite() && (difference || value > 0.0);
    if !usable(estimate) {
        return range("the estimate", estimate, if difference { "it must be a number" } else { "a ratio must be above 0" });
    }
    if let Some(Interval { lower, upper, level }) = interval {
        check_level(level)?;
        for limit in [lower, upper] {
            if !usable(limit) {
                return range("a limit", limit, if difference { "it must be a number" } else { "a ratio must be above 0" });
            }
        }
        if !(lower <= estimate && estimate <= upper) {
            return range("the estimate", estimate, "it must lie inside its interval");
        }
    }
    let null = if difference { 0.0 } else { 1.0 };
    let of = |value: f64| of_risk_ratio(measure.risk_ratio(value));
    let limit = interval.map(|interval| {
        if interval.lower <= null && interval.upper >= null {
            1.0
        } else {
            of(if estimate < null { interval.upper } else { interval.lower })
        }
    });
    let found = EValue { estimate: of(estimate), limit };
    if !(found.estimate.is_finite() && found.limit.is_none_or(f64::is_finite)) {
        return range("the estimate", estimate, "its E-value is too large for a number");
    }
    Ok(found)
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
    let limit = interval.map(|interval| {
        if interval.lower <= 1.0 && interval.upper >= 1.0 {
            1.0
        } else {
            of_risk_ratio(risk_ratio(if hazard_ratio < 1.0 { interval.upper } else { interval.lower }))
        }
    });
    EValue { estimate: of_risk_ratio(risk_ratio(hazard_ratio)), limit }
}

fn risk_ratio(hazard_ratio: f64) -> f64 {
    // 1 − 0.5ˣ, without the cancellation at small x.
    let share = |x: f64| -(-x * std::f64::consts::LN_2).exp_m1();
    share(hazard_ratio.sqrt()) / share((1.0 / hazard_ratio).sqrt())
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
