//! The estimators under test. A further one is one line of [`ESTIMATORS`].

use staywell::analysis::HazardRatio;
use staywell::study::Study;

use super::estimands::Target;

/// An estimate of a log hazard ratio with its interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimated {
    /// Log hazard ratio.
    pub estimate: f64,
    /// Lower limit on the log scale.
    pub lower: f64,
    /// Upper limit on the log scale.
    pub upper: f64,
}

impl Estimated {
    /// Its standard error, read off the interval.
    pub fn std_error(&self) -> f64 {
        (self.upper - self.lower) / (2.0 * 1.959_963_984_540_054)
    }
}

/// An estimator.
pub struct Estimator {
    /// Its name in the tables.
    pub name: &'static str,
    /// What it is held against.
    pub target: Target,
    /// The estimate of a study, if it has one.
    pub of: fn(&Study) -> Option<Estimated>,
}

/// Every estimator, the primary one second.
pub const ESTIMATORS: &[Estimator] = &[
    Estimator { name: "naive", target: Target::Landmark, of: |study| log(study.recurrence.naive.value()?.hazard_ratio()) },
    Estimator { name: "landmark", target: Target::Landmark, of: |study| log(study.recurrence.landmark.comparison.value()?.hazard_ratio()) },
    Estimator {
        name: "landmark, not adjusted",
        target: Target::LandmarkMarginal,
        of: |study| log(study.recurrence.landmark.comparison.value()?.unadjusted.value()),
    },
    Estimator { name: "time-varying, lag 7", target: Target::Daily, of: |study| log(study.recurrence.time_varying.hazard_ratio()) },
    Estimator {
        name: "time-varying, lag 42",
        target: Target::Daily,
        of: |study| log(study.recurrence.time_varying.lags.iter().find(|cell| cell.lag == 42)?.hazard_ratio.value()),
    },
    Estimator {
        name: "weighted landmark",
        target: Target::LandmarkMarginal,
        of: |study| log(study.recurrence.weighted.value().map(|weighted| &weighted.hazard_ratio)),
    },
    Estimator {
        name: "clone-censor-weight",
        target: Target::StrategiesFromStart,
        of: |study| log(study.recurrence.clone_censor_weight.value().map(|strategies| &strategies.hazard_ratio)),
    },
    Estimator {
        name: "clone-censor-weight, after the grace time",
        target: Target::Strategies,
        of: |study| log(study.recurrence.clone_censor_weight.value()?.after_grace.value()),
    },
];

/// The primary estimator: the one the verdict of the core claim rests on.
pub const PRIMARY: &str = "landmark";

fn log(ratio: Option<&HazardRatio>) -> Option<Estimated> {
    let ratio = ratio?;
    let found = Estimated { estimate: ratio.hazard_ratio.ln(), lower: ratio.interval.lower.ln(), upper: ratio.interval.upper.ln() };
    [found.estimate, found.lower, found.upper].iter().all(|value| value.is_finite()).then_some(found)
}
