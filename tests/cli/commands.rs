//! The commands on good input.

use std::fs;
use std::io::Read;
use std::process::{Command, Stdio};

use serde_json::Value;
use staywell::ingest::RULES;

use crate::harness::{StudyFolder, sample_data, staywell};

fn sample() -> String {
    sample_data().display().to_string()
}

fn json(args: &[&str]) -> Value {
    let run = staywell(args);
    assert_eq!(run.code, 0, "{}", run.stderr);
    serde_json::from_str(&run.stdout).unwrap()
}

#[test]
fn report_writes_everything_it_promises_and_the_same_twice() {
    let folder = StudyFolder::new();
    let written = |name: &str| {
        let out = folder.path().join(name);
        let run = staywell(&["report", &sample(), "--out", out.to_str().unwrap()]);
        assert_eq!(run.code, 0, "{}", run.stderr);
        assert!(run.stdout.lines().count() <= 45, "more than a screen:\n{}", run.stdout);
        let mut files: Vec<(String, Vec<u8>)> = Vec::new();
        for part in ["", "figures", "tables"] {
            for entry in fs::read_dir(out.join(part)).unwrap().map(Result::unwrap).filter(|entry| entry.path().is_file()) {
                files.push((format!("{part}/{}", entry.file_name().to_str().unwrap()), fs::read(entry.path()).unwrap()));
            }
        }
        files.sort();
        files
    };
    let first = written("first");
    let names: Vec<&str> = first.iter().map(|(name, _)| name.as_str()).collect();
    for name in ["/report.html", "/report.md", "/report.json", "/rejected.csv", "tables/patients.csv", "tables/landmark_curves.csv"] {
        assert!(names.contains(&name), "no {name} among {names:?}");
    }
    for figure in
        ["landmark", "naive", "effects", "lags", "weighted", "balance", "overlap", "strategies", "adherence", "pain", "recurrence"]
    {
        for kind in ["svg", "png", "csv"] {
            let name = format!("figures/{figure}.{kind}");
            assert!(first.iter().any(|(found, bytes)| *found == name && bytes.len() > 200), "no {name}");
        }
    }
    assert_eq!(first, written("second"));
}

#[test]
fn every_command_on_the_sample_prints_a_table_json_and_csv() {
    for command in ["adherence", "pain", "recurrence", "claims", "check"] {
        let table = staywell(&[command, &sample()]);
        assert_eq!((table.code, table.stderr.as_str()), (0, ""), "{command}");
        assert!(table.stdout.lines().all(|line| line.chars().count() <= 80), "{command} is wider than a terminal");
        assert_eq!(json(&[command, &sample(), "--format", "json"])["study"], "Simulated back clinic");
        let csv = staywell(&[command, &sample(), "--format", "csv"]).stdout;
        let mut reader = csv::Reader::from_reader(csv.as_bytes());
        assert!(reader.records().map(Result::unwrap).count() > 2, "{command}");
    }
}

#[test]
fn definitions_are_printed_with_what_the_study_changed() {
    let folder = StudyFolder::new().file("other.toml", "[recurrence]\nfloor = 3\n");
    let run = staywell(&["recurrence", &sample(), "--config", folder.path().join("other.toml").to_str().unwrap()]);
    assert!(run.stdout.contains("the first log at or above 3.0 while at risk"), "{}", run.stdout);
    assert!(run.stdout.contains("(changed by this study)"));
    assert!(!staywell(&["recurrence", &sample()]).stdout.contains("(changed by this study)"));
}

#[test]
fn json_holds_the_same_numbers_as_the_report_in_full() {
    let claims = json(&["claims", &sample(), "--format", "json"]);
    let recurrence = json(&["recurrence", &sample(), "--format", "json"]);
    let fit = &recurrence["recurrence"]["landmark"]["comparison"]["value"]["adjusted"]["value"]["ratio"];
    assert_eq!(claims["claims"][0]["primary"]["estimate"], fit["hazard_ratio"]);
    assert!(fit["hazard_ratio"].as_f64().unwrap() > 0.0);
}

#[test]
fn a_patients_page_holds_nothing_of_any_other_patient() {
    let folder = StudyFolder::new();
    let out = folder.path().join("page");
    let run = staywell(&["patient", &sample(), "P0042", "--out", out.to_str().unwrap()]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    for name in ["patient.html", "patient.md", "patient.json", "figures/pain.svg", "figures/pain.csv"] {
        let text = fs::read_to_string(out.join(name)).unwrap();
        assert!(name.ends_with("csv") || text.contains("P0042"), "{name} does not name the patient");
        for other in (1..=460).filter(|&number| number != 42) {
            assert!(!text.contains(&format!("P{other:04}")), "{name} names P{other:04}");
        }
    }
}

#[test]
fn the_real_logs_say_what_cannot_be_tested_and_draw_what_can() {
    let real = sample_data().join("real").display().to_string();
    let report = json(&["recurrence", &real, "--format", "json"]);
    assert!(report["recurrence"]["curve"]["not_testable"].as_str().unwrap().starts_with("not testable: no completion."));
    let folder = StudyFolder::new();
    for id in ["participant-1", "participant-2", "participant-8"] {
        let out = folder.path().join(id);
        assert_eq!(staywell(&["patient", &real, id, "--out", out.to_str().unwrap()]).code, 0);
        assert!(fs::metadata(out.join("figures/pain.png")).unwrap().len() > 10_000);
    }
}

#[test]
fn init_makes_a_study_that_check_understands_and_never_overwrites() {
    let folder = StudyFolder::new();
    let made = folder.run(&["init", "STUDY/new"]);
    assert_eq!(
        made.stdout,
        "Wrote study.toml, patients.csv, programs.csv, sessions.csv, pain.csv, events.csv, measures.csv into STUDY/new.\nFill in sessions.csv and pain.csv (the others are optional), then:\n  \
         staywell check STUDY/new\n  staywell report STUDY/new --out report\n"
    );
    let again = folder.run(&["init", "STUDY/new"]);
    assert_eq!(
        (again.code, again.stderr.as_str()),
        (2, "error: STUDY/new is not empty\n  Name a new or empty folder, or add --force to write into this one.\n")
    );
    let logs = folder.file("new/pain.csv", "id,day,nrs\nA,2024-01-01,3\n").file("other/diary.csv", "id,day,nrs\nA,2024-01-01,3\n");
    assert_eq!(logs.run(&["init", "STUDY/new", "--force"]).code, 0);
    let kept = std::fs::read_to_string(logs.path().join("new/pain.csv")).unwrap();
    assert_eq!(kept, "id,day,nrs\nA,2024-01-01,3\n");
    let beside = logs.run(&["init", "STUDY/other"]);
    assert!(beside.stdout.starts_with("Wrote study.toml into STUDY/other.\nSay under"), "{}", beside.stdout);
    let folder = logs;
    let unfilled = folder.run(&["check", "STUDY/new"]);
    assert!(unfilled.stderr.contains("has a header but no rows"), "{}", unfilled.stderr);
}

#[test]
fn simulate_makes_a_study_that_report_reads() {
    let folder = StudyFolder::new();
    let made = folder.run(&["simulate", "--out", "STUDY/cohort", "--patients", "60", "--seed", "3"]);
    assert_eq!(made.code, 0, "{}", made.stderr);
    let read = folder.run(&["report", "STUDY/cohort", "--out", "STUDY/report", "--quiet"]);
    assert_eq!((read.code, read.stderr.as_str()), (0, ""));
}

#[test]
fn a_closed_pipe_is_success() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_staywell"))
        .args(["adherence", &sample(), "--format", "csv"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // Take a few bytes and close the pipe while megabytes are still to come.
    let mut stdout = child.stdout.take().unwrap();
    stdout.read_exact(&mut [0; 10]).unwrap();
    drop(stdout);
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(0), ""));
}

#[test]
fn every_command_has_help_with_an_example() {
    for command in ["report", "patient", "check", "adherence", "pain", "recurrence", "claims", "simulate", "init"] {
        let help = staywell(&[command, "--help"]);
        assert!(help.code == 0 && help.stdout.contains(&format!("  staywell {command} ")), "{command}:\n{}", help.stdout);
    }
    for method in ["km", "logrank", "cox"] {
        assert!(staywell(&["stats", method, "--help"]).stdout.contains(&format!("  staywell stats {method} --data")), "{method}");
    }
}

#[test]
fn every_rule_is_explained_with_its_reason_and_what_to_do() {
    for rule in RULES {
        let run = staywell(&["explain", rule.id]);
        let words = run.stdout.split_whitespace().collect::<Vec<&str>>().join(" ");
        assert_eq!(run.code, 0, "{}", run.stderr);
        for part in [rule.meaning, rule.why, rule.fix] {
            assert!(words.contains(part), "{}: {words}", rule.id);
        }
        assert!(run.stdout.lines().all(|line| line.chars().count() <= 80), "{}", run.stdout);
        assert!(staywell(&["explain"]).stdout.contains(rule.id));
    }
    // As the table of `check` prints it.
    assert!(staywell(&["explain", "Unknown patient"]).stdout.starts_with("unknown_patient (reject)\n"));
    let wrong = staywell(&["explain", "unknown_patent"]);
    assert!(wrong.code == 2 && wrong.stderr.contains("Did you mean unknown_patient?"), "{}", wrong.stderr);
}
