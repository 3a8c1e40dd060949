//! Seeded cohorts with a known truth through the whole analysis: do the estimates cover it, how often is each verdict given, and do
//! the warnings fire where the assumptions fail? Writes `docs/calibration.md` and every estimate as CSV:
//!
//! ```sh
//! cargo run --release --example calibration -- --cohorts 500 --out docs/calibration.md --csv calibration.csv
//! ```

mod cohorts;
mod document;
mod estimands;
mod estimators;
mod options;
mod scenarios;
mod table;
mod warnings;

use std::process::ExitCode;

use cohorts::CohortResult;
use estimands::Estimands;
use scenarios::{SCENARIOS, Scenario};

/// A scenario with all its cohorts.
pub struct Run {
    /// What was simulated.
    pub scenario: &'static Scenario,
    /// What is true of it.
    pub truth: Estimands,
    /// Its cohorts, in the order of their seeds.
    pub cohorts: Vec<CohortResult>,
}

fn main() -> Result<ExitCode, Box<dyn std::error::Error>> {
    let Some(asked) = options::read(std::env::args().skip(1))? else {
        eprint!("{}", options::USAGE);
        return Ok(ExitCode::SUCCESS);
    };
    let mut runs = Vec::new();
    let mut known = estimands::Known::default();
    for scenario in SCENARIOS.iter().filter(|scenario| asked.scenarios.is_empty() || asked.scenarios.iter().any(|name| name == scenario.id))
    {
        eprintln!("{}: truth", scenario.id);
        let truth = known.of(&scenario.options(), asked.truth_patients)?;
        eprintln!("{}: {} cohorts of {} patients", scenario.id, asked.cohorts, asked.patients);
        let cohorts = cohorts::simulated(scenario, &asked)?;
        runs.push(Run { scenario, truth, cohorts });
    }
    std::fs::write(&asked.out, document::document(&runs, &asked))?;
    if let Some(path) = &asked.csv {
        std::fs::write(path, table::csv(&runs))?;
    }
    Ok(ExitCode::SUCCESS)
}
