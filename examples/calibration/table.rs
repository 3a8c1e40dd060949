//! What the cohorts of a scenario come to, and all of them as CSV.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use super::Run;
use super::estimators::{ESTIMATORS, Estimated, Estimator};

/// An estimator over the cohorts of a scenario.
pub struct Performance {
    /// The estimator.
    pub estimator: &'static Estimator,
    /// The true log hazard ratio it is held against.
    pub target: f64,
    /// Cohorts with an estimate.
    pub n: usize,
    /// Share of cohorts without.
    pub not_estimable: f64,
    /// Mean estimate.
    pub mean: f64,
    /// Mean estimate less target.
    pub bias: f64,
    /// Mean estimate less the generator's daily log hazard ratio.
    pub bias_of_daily: f64,
    /// Standard deviation of the estimates.
    pub empirical_error: f64,
    /// Mean of the standard errors they came with.
    pub model_error: f64,
    /// Share of intervals that hold the target.
    pub coverage: f64,
    /// Share of intervals below 1.
    pub below_one: f64,
}

impl Performance {
    /// Monte Carlo error of the coverage.
    pub fn coverage_error(&self) -> f64 {
        (self.coverage * (1.0 - self.coverage) / self.n.max(1) as f64).sqrt()
    }

    /// Monte Carlo error of the bias.
    pub fn bias_error(&self) -> f64 {
        self.empirical_error / (self.n.max(1) as f64).sqrt()
    }
}

/// Every estimator of a scenario; `None` where no cohort has an estimate.
pub fn performances(run: &Run) -> Vec<(&'static Estimator, Option<Performance>)> {
    ESTIMATORS.iter().enumerate().map(|(place, estimator)| (estimator, performance(run, estimator, place))).collect()
}

fn performance(run: &Run, estimator: &'static Estimator, place: usize) -> Option<Performance> {
    let found: Vec<Estimated> = run.cohorts.iter().filter_map(|cohort| cohort.estimates[place]).collect();
    let n = found.len();
    (n > 1).then_some(())?;
    let mean = |of: &dyn Fn(&Estimated) -> f64| found.iter().map(of).sum::<f64>() / n as f64;
    let average = mean(&|found| found.estimate);
    let target = run.truth.of(estimator.target);
    Some(Performance {
        estimator,
        target,
        n,
        not_estimable: 1.0 - n as f64 / run.cohorts.len() as f64,
        mean: average,
        bias: average - target,
        bias_of_daily: average - run.truth.daily,
        empirical_error: (mean(&|found| (found.estimate - average).powi(2)) * n as f64 / (n - 1) as f64).sqrt(),
        model_error: mean(&Estimated::std_error),
        coverage: mean(&|found| f64::from(found.lower <= target && target <= found.upper)),
        below_one: mean(&|found| f64::from(found.upper < 0.0)),
    })
}

/// Share of cohorts with each verdict, by claim, in the order of the claims.
pub fn verdicts(run: &Run) -> BTreeMap<String, BTreeMap<&'static str, f64>> {
    let mut shares: BTreeMap<String, BTreeMap<&'static str, f64>> = BTreeMap::new();
    for cohort in &run.cohorts {
        for (claim, verdict) in &cohort.verdicts {
            *shares.entry(claim.clone()).or_default().entry(verdict).or_default() += 1.0 / run.cohorts.len() as f64;
        }
    }
    shares
}

/// Claims that no effect makes true, or that describe the course of pain and not an effect: where nothing works, saying *supported* of them is
/// not false.
pub const NOT_FALSE: [&str; 4] = ["traction-adds-little", "process-takes-3-4-months", "early-gain-fades", "one-visit-misleads"];

/// Share of cohorts in which any claim is `supported` that is false where nothing works.
pub fn any_supported(run: &Run) -> f64 {
    let falsely = |(claim, verdict): (&String, &&'static str)| *verdict == "supported" && !NOT_FALSE.contains(&claim.as_str());
    share(run, |cohort| cohort.verdicts.iter().any(falsely))
}

/// Share of cohorts in which each warning fired.
pub fn warnings(run: &Run) -> BTreeMap<String, f64> {
    let names: BTreeSet<&String> = run.cohorts.iter().flat_map(|cohort| &cohort.warnings).collect();
    names.into_iter().map(|name| (name.clone(), share(run, |cohort| cohort.warnings.contains(name)))).collect()
}

/// Share of cohorts in which at least one of the warnings fired that ought to, those of `unspecific` left out.
pub fn warned(run: &Run, unspecific: &[&str]) -> f64 {
    let names = run.scenario.ought_to_warn.iter().filter(|name| !unspecific.contains(name));
    share(run, |cohort| names.clone().any(|name| cohort.warnings.contains(*name)))
}

/// Share of cohorts in which a claim is `supported`.
pub fn supported(run: &Run, claim: &str) -> f64 {
    share(run, |cohort| cohort.verdicts.get(claim) == Some(&"supported"))
}

/// Share of cohorts of which something is true.
pub fn share(run: &Run, of: impl Fn(&super::CohortResult) -> bool) -> f64 {
    run.cohorts.iter().filter(|cohort| of(cohort)).count() as f64 / run.cohorts.len() as f64
}

/// Everything that came of every cohort, one thing a row.
pub fn csv(runs: &[Run]) -> String {
    let mut text = "scenario,seed,what,name,value,lower,upper,target\n".to_owned();
    for run in runs {
        for cohort in &run.cohorts {
            let mut row = |what: &str, name: &str, rest: &str| {
                let _ = writeln!(text, "{},{},{what},\"{name}\",{rest}", run.scenario.id, cohort.seed);
            };
            for (estimator, found) in ESTIMATORS.iter().zip(&cohort.estimates) {
                let target = run.truth.of(estimator.target);
                match found {
                    Some(found) => {
                        let Estimated { estimate, lower, upper } = found;
                        row("log hazard ratio", estimator.name, &format!("{estimate:.6},{lower:.6},{upper:.6},{target:.6}"));
                    }
                    None => row("log hazard ratio", estimator.name, &format!(",,,{target:.6}")),
                }
            }
            for (claim, verdict) in &cohort.verdicts {
                row("verdict", claim, &format!("{verdict},,,"));
            }
            for warning in &cohort.warnings {
                row("warning", warning, "1,,,");
            }
        }
    }
    text
}
