//! Baseline hazard and predicted survival.

use serde::Serialize;

use super::model::CoxModel;
use super::steps::Steps;
use crate::stats::distributions::normal_quantile;
use crate::stats::error::{StatsError, check_finite, check_level};
use crate::stats::survival::limits::CurveInterval;

/// Predicted survival of one set of covariates in one stratum: one row per distinct time of the stratum.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CoxPrediction {
    /// Code of the stratum, as given to the fit.
    pub stratum: usize,
    /// Distinct times, rising, censoring-only times included.
    pub time: Vec<f64>,
    /// Cumulative hazard after each.
    pub cumulative_hazard: Vec<f64>,
    /// Its standard error, that of log S.
    pub std_error: Vec<f64>,
    /// Probability of being event-free after each.
    pub survival: Vec<f64>,
    /// Lower pointwise limit; `None` where there is none.
    pub lower: Vec<Option<f64>>,
    /// Upper pointwise limit.
    pub upper: Vec<Option<f64>>,
}

impl CoxModel {
    /// Cumulative baseline hazard: that of rows whose covariates and offset are all 0, stratum by stratum.
    ///
    /// # Formula
    /// As [`predict`](Self::predict) at 0.
    ///
    /// # Agrees with
    /// R survival 3.5-3 `basehaz(fit, centered = FALSE)`.
    ///
    /// # Errors
    /// As [`predict`](Self::predict).
    pub fn baseline_hazard(&self) -> Result<Vec<CoxPrediction>, StatsError> {
        self.predict(&vec![0.0; self.data.p], CurveInterval::Log, self.fit.terms[0].interval.level)
    }

    /// Survival predicted at given covariates (and offset 0), in each stratum.
    ///
    /// # Formula
    /// ```text
    /// Λ(t|x) = e^{xβ} Σ_{s ≤ t} λ(s),   S = exp(−Λ)
    /// Var Λ = e^{2xβ} [ Σ λ(s)/Σ_R(s) w e^η + qᵀ V q ],   q = Σ λ(s) (x − x̄(s))
    /// ```
    /// with Efron's parts of a tie one after the other; `V` is robust if the fit is.
    ///
    /// # Errors
    /// [`StatsError::LengthMismatch`] unless there is a value per term; [`StatsError::NotFinite`]; [`StatsError::InvalidLevel`].
    ///
    /// # Agrees with
    /// R survival 3.5-3 `survfit(coxph(…), newdata = …, conf.type = …)`.
    ///
    /// # References
    /// Tsiatis (1981), Ann Stat 9:93–108; Therneau & Grambsch (2000), section 10.2.
    pub fn predict(&self, covariates: &[f64], interval: CurveInterval, level: f64) -> Result<Vec<CoxPrediction>, StatsError> {
        let data = &self.data;
        let p = data.p;
        check_level(level)?;
        if covariates.len() != p {
            return Err(StatsError::LengthMismatch { what: "covariates".to_owned(), found: covariates.len(), expected: p });
        }
        check_finite("covariates", covariates)?;
        let z = normal_quantile(0.5 + level / 2.0);
        let x: Vec<f64> = (0..p).map(|j| (covariates[j] - data.centre[j]) / data.scale[j]).collect();
        let relative = (x.iter().zip(&self.beta).map(|(x, b)| x * b).sum::<f64>() - data.offset_mean).exp();
        // Covariance of the scaled coefficients, robust where the fit is.
        let covariance = |j: usize, k: usize| self.fit.covariance[j][k] * data.scale[j] * data.scale[k];
        let strata = Steps::all(data, &self.beta, self.fit.ties);
        let mut result = Vec::with_capacity(strata.len());
        for ((steps, range), &stratum) in strata.iter().zip(&data.strata).zip(&data.stratum_code) {
            let mut time: Vec<f64> = data.time[range.clone()].iter().rev().copied().collect();
            time.dedup();
            let mut prediction = CoxPrediction {
                stratum,
                cumulative_hazard: vec![],
                std_error: vec![],
                survival: vec![],
                lower: vec![],
                upper: vec![],
                time: vec![],
            };
            for &time in &time {
                let (mut hazard, mut variance) = (0.0, 0.0);
                if let Some(last) = steps.through(time).checked_sub(1) {
                    hazard = steps.hazard[last];
                    let q: Vec<f64> = (0..p).map(|j| hazard * x[j] - steps.hazard_mean[last * p + j]).collect();
                    variance = steps.variance[last];
                    for j in 0..p {
                        for k in 0..p {
                            variance += q[j] * covariance(j, k) * q[k];
                        }
                    }
                }
                let (hazard, std_error) = (relative * hazard, relative * variance.sqrt());
                let survival = (-hazard).exp();
                let limits = interval.limits(survival, std_error, z);
                prediction.cumulative_hazard.push(hazard);
                prediction.std_error.push(std_error);
                prediction.survival.push(survival);
                prediction.lower.push(limits.map(|(lower, _)| lower));
                prediction.upper.push(limits.map(|(_, upper)| upper));
            }
            prediction.time = time;
            result.push(prediction);
        }
        Ok(result)
    }
}
