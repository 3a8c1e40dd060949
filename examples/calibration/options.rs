//! What is asked for on the command line.

use std::path::PathBuf;

use super::scenarios::SCENARIOS;

/// What is asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    /// Cohorts of a scenario.
    pub cohorts: u64,
    /// Patients of a cohort.
    pub patients: usize,
    /// Scenarios; none stands for all.
    pub scenarios: Vec<String>,
    /// Seed of the first cohort.
    pub seed: u64,
    /// Patients from whom the true values are worked out.
    pub truth_patients: usize,
    /// The document to write.
    pub out: PathBuf,
    /// The file of all estimates to write.
    pub csv: Option<PathBuf>,
}

/// How it is called.
pub const USAGE: &str = "calibration [--cohorts 500] [--patients 400] [--scenario NAME]... [--seed 1] [--truth-patients 400000]\n            \
                         [--out docs/calibration.md] [--csv FILE]\n";

/// Reads the arguments; `None` if the usage was asked for.
pub fn read(arguments: impl Iterator<Item = String>) -> Result<Option<Asked>, Box<dyn std::error::Error>> {
    let mut asked = Asked {
        cohorts: 500,
        patients: 400,
        scenarios: vec![],
        seed: 1,
        truth_patients: 400_000,
        out: PathBuf::from("docs/calibration.md"),
        csv: None,
    };
    let mut arguments = arguments;
    while let Some(option) = arguments.next() {
        if option == "--help" || option == "-h" {
            return Ok(None);
        }
        let value = arguments.next().ok_or_else(|| format!("{option} needs a value\n{USAGE}"))?;
        match option.as_str() {
            "--cohorts" => asked.cohorts = value.parse()?,
            "--patients" => asked.patients = value.parse()?,
            "--seed" => asked.seed = value.parse()?,
            "--truth-patients" => asked.truth_patients = value.parse()?,
            "--out" => asked.out = value.into(),
            "--csv" => asked.csv = Some(value.into()),
            "--scenario" => {
                if SCENARIOS.iter().all(|scenario| scenario.id != value) {
                    let names: Vec<&str> = SCENARIOS.iter().map(|scenario| scenario.id).collect();
                    return Err(format!("there is no scenario {value}; there are {}", names.join(", ")).into());
                }
                asked.scenarios.push(value);
            }
            _ => return Err(format!("{option} is no option\n{USAGE}").into()),
        }
    }
    if asked.cohorts < 2 {
        return Err("at least two cohorts are needed".into());
    }
    Ok(Some(asked))
}
