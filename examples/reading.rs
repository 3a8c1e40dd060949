//! Reads a study as `staywell check` does, and prints the account of each file: the measurement of `docs/performance.md`.
//!
//! ```sh
//! cargo run --release --example reading -- COHORT_FOLDER [STUDY_TOML]
//! ```

use std::path::Path;

use staywell::ingest::{open_study, read_study};

#[allow(clippy::print_stdout)]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let cohort = arguments.first().ok_or("name the folder of the study")?;
    let (folder, file) = open_study(cohort.as_ref(), arguments.get(1).map(Path::new))?;
    let logs = read_study(&folder, &file)?;
    for account in &logs.reading.files {
        let (read, used, rejected) = (account.read, account.used, account.rejected);
        println!("{}: {read} rows read, {used} used, {rejected} rejected, {} merged", account.file, account.merged);
    }
    println!("{} patients, {} days of pain, {} sessions", logs.n_patients(), logs.pain.day.len(), logs.sessions.day.len());
    Ok(())
}
