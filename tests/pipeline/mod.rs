//! The reference job on a small cohort (see `README.md` here), number by number against another program's summary.

#[path = "../../benches/pipeline/agreement.rs"]
mod agreement;

use std::fs;
use std::path::Path;

use staywell::ingest::{open_study, read_study};
use staywell::study::Study;

const HERE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/pipeline");
const SETTINGS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/pipeline/study.toml");

#[test]
fn the_reference_job_gives_the_numbers_other_programs_agree_on() {
    let (folder, file) = open_study(Path::new(HERE), Some(Path::new(SETTINGS))).unwrap();
    let study = Study::run(read_study(&folder, &file).unwrap(), file.settings);
    let expected = serde_json::from_str(&fs::read_to_string(format!("{HERE}/expected.json")).unwrap()).unwrap();
    let lines = agreement::compare(&study, &expected);
    assert!(lines.len() > 80, "only {} numbers were compared", lines.len());
    for line in &lines {
        assert!(line.agrees(), "{}: {} instead of {}", line.name, line.found, line.expected);
    }
}
