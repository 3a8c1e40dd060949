//! The reference job on a cohort of `benches/README.md`, number by number beside the expected summary:
//!
//! ```sh
//! cargo run --release --example pipeline -- COHORT_FOLDER expected/summary_S.json
//! ```

#[path = "../benches/pipeline/agreement.rs"]
mod agreement;

use std::path::Path;
use std::process::ExitCode;

use staywell::ingest::{open_study, read_study};
use staywell::study::Study;

const SETTINGS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/pipeline/study.toml");

#[allow(clippy::print_stdout)]
fn main() -> Result<ExitCode, Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [cohort, expected] = &arguments[..] else {
        return Err("name the cohort's folder and the expected summary".into());
    };
    let (folder, file) = open_study(cohort.as_ref(), Some(Path::new(SETTINGS)))?;
    let logs = read_study(&folder, &file)?;
    let study = Study::run(logs, file.settings);
    let lines = agreement::compare(&study, &serde_json::from_str(&std::fs::read_to_string(expected)?)?);
    let worst = lines.iter().map(|line| (line.found - line.expected).abs() / line.expected.abs().max(1e-3)).fold(0.0, f64::max);
    for line in lines.iter().filter(|line| !line.agrees()) {
        println!("differs: {} is {} and should be {}", line.name, line.found, line.expected);
    }
    let agreeing = lines.iter().filter(|line| line.agrees()).count();
    println!("{agreeing} of {} numbers agree; largest relative difference {worst:.2e}", lines.len());
    Ok(if agreeing == lines.len() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
