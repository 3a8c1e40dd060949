//! One cohort after another through the whole analysis.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use staywell::ingest::{Asked as Reading, LogText, read_log_texts};
use staywell::settings::{FileSettings, LogKind, parse};
use staywell::simulate::{SimulationOptions, simulate};
use staywell::study::Study;

use super::estimators::{ESTIMATORS, Estimated};
use super::options::Asked;
use super::scenarios::{SCENARIOS, SETTINGS, Scenario};
use super::warnings::fired;

/// What came of a cohort.
pub struct CohortResult {
    /// Its seed.
    pub seed: u64,
    /// Estimates in the order of the estimators.
    pub estimates: Vec<Option<Estimated>>,
    /// The verdict of each claim.
    pub verdicts: BTreeMap<String, &'static str>,
    /// Warnings that fired.
    pub warnings: BTreeSet<String>,
    /// Patients compared at the landmark, and recurrences among them.
    pub compared: (usize, usize),
}

/// Simulates and analyzes the cohorts of a scenario.
pub fn simulated(scenario: &'static Scenario, asked: &Asked) -> Result<Vec<CohortResult>, String> {
    let place = SCENARIOS.iter().position(|other| other.id == scenario.id).unwrap_or_default() as u64;
    let first = asked.seed + 1_000_000 * place;
    (first..first + asked.cohorts).into_par_iter().map(|seed| cohort(scenario, asked.patients, seed)).collect()
}

fn cohort(scenario: &Scenario, patients: usize, seed: u64) -> Result<CohortResult, String> {
    let study = analyzed(&SimulationOptions { patients, seed, ..scenario.options() })?;
    let comparison = study.recurrence.landmark.comparison.value();
    Ok(CohortResult {
        seed,
        estimates: ESTIMATORS.iter().map(|estimator| (estimator.of)(&study)).collect(),
        verdicts: study.claims.iter().map(|claim| (claim.id.clone(), claim.verdict.as_str())).collect(),
        warnings: fired(&study),
        compared: comparison.map_or((0, 0), |comparison| (comparison.n, comparison.n_events)),
    })
}

/// A simulated cohort, read and analyzed as files of a study would be.
fn analyzed(options: &SimulationOptions) -> Result<Study, String> {
    let study = simulate(options).map_err(|error| error.to_string())?;
    let named = |name: &str| study.files.iter().find(|file| file.name == name);
    let toml = named("study.toml").map(|file| file.content.as_str()).unwrap_or_default();
    let settings = parse(&format!("{toml}\n{SETTINGS}"), "study.toml").map_err(|error| error.to_string())?;
    let texts = LogKind::ALL.iter().filter_map(|&kind| {
        let file = named(&format!("{}.csv", kind.as_str()))?;
        let bytes = file.content.clone().into_bytes();
        Some(LogText { kind, name: file.name.clone(), bytes, settings: FileSettings::default() })
    });
    let logs = read_log_texts(texts.collect(), &settings, &Reading::default()).map_err(|error| error.to_string())?;
    Ok(Study::run(logs, settings.settings))
}
