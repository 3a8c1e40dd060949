//! `sample-data/messy`: every rule of reading is broken there, each where `expected-findings.csv` says.

use std::collections::BTreeSet;
use std::path::Path;

use staywell::ingest::{FileAccount, RULES, open_study, read_study};

/// Folder, severity, rule, file, line (empty for a file as a whole), column and value.
type Expected = [String; 7];

fn messy() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/sample-data/messy"))
}

/// The list written by hand.
fn expected() -> Vec<Expected> {
    let mut reader = csv::Reader::from_path(messy().join("expected-findings.csv")).unwrap();
    let rows = reader.records().map(|row| {
        let cells: Vec<String> = row.unwrap().iter().map(str::to_owned).collect();
        cells.try_into().unwrap()
    });
    rows.collect()
}

#[test]
fn the_messy_study_gives_the_findings_listed_by_hand_and_no_others() {
    let expected: BTreeSet<Expected> = expected().into_iter().collect();
    let folders: BTreeSet<&str> = expected.iter().map(|row| row[0].as_str()).collect();
    let mut found = Vec::new();
    for &name in &folders {
        let (folder, study) = open_study(&messy().join(name), None).unwrap();
        let logs = read_study(&folder, &study).unwrap();
        assert!(logs.reading.files.iter().all(FileAccount::balances));
        found.extend(logs.reading.all_findings().map(|finding| {
            let line = finding.line.map(|line| line.to_string()).unwrap_or_default();
            [name, finding.severity.as_str(), finding.rule, finding.file, &line, finding.column, finding.value].map(str::to_owned)
        }));
    }
    let distinct: BTreeSet<Expected> = found.iter().cloned().collect();
    let (missing, surprising): (Vec<_>, Vec<_>) = (expected.difference(&distinct).collect(), distinct.difference(&expected).collect());
    assert!(missing.is_empty() && surprising.is_empty(), "not found: {missing:#?}\nnot expected: {surprising:#?}");
    assert_eq!(found.len(), expected.len(), "a finding stands there twice");
}

#[test]
fn every_rule_has_its_example_in_the_messy_study() {
    let shown: BTreeSet<String> = expected().into_iter().map(|row| row[2].clone()).collect();
    let without: Vec<&str> = RULES.iter().map(|rule| rule.id).filter(|id| !shown.contains(*id)).collect();
    assert!(
        without.is_empty(),
        "add a row to sample-data/messy that breaks each of these, and a line to expected-findings.csv: {without:?}"
    );
}
