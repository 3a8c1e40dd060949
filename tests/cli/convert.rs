//! `convert`: native files, the account of what was assumed, and what it refuses to write over.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::harness::{StudyFolder, sample_data, staywell};

fn data(name: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ingest/data").join(name)).unwrap()
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_workbook_becomes_a_study_with_an_account_of_what_was_assumed() {
    let folder = StudyFolder::new().file("clinic.xlsx", data("clinic.xlsx"));
    let run = folder.run(&["convert", "STUDY/clinic.xlsx", "--out", "STUDY/study", "--quiet"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    assert_eq!(
        run.stdout,
        "Wrote sessions.csv (2 rows), pain.csv (3 rows), study.toml and rejected.csv into STUDY/study.\n\
         \n\
         clinic.xlsx [Sessions] → sessions.csv: 2 rows read\n  \
           sheet \"Sessions\" · decimal point or comma · date year-month-day\n\
         \n\
         clinic.xlsx [Schmerzen] → pain.csv: 3 rows read\n  \
           sheet \"Schmerzen\" · decimal point or comma · date year-month-day\n\
         \n\
         Notes\n  \
           No study.toml names the files: clinic.xlsx was taken for the study, its sheets [Sessions] as sessions, [Schmerzen] as pain.\n"
    );
    let out = folder.path().join("study");
    assert_eq!(names(&out), ["pain.csv", "rejected.csv", "sessions.csv", "study.toml"]);
    assert_eq!(
        fs::read_to_string(out.join("pain.csv")).unwrap(),
        "patient_id,date,pain\nP1,2024-01-01,6.5\nP1,2024-01-08,4\nP2,2024-01-02,5\n"
    );
    assert_eq!(folder.run(&["check", "STUDY/study", "--strict", "--quiet"]).code, 0);
}

#[test]
fn what_was_rejected_renamed_and_left_out_is_said() {
    let folder = StudyFolder::new()
        .file("sessions.csv", "patient_id,date\nA,2024-01-01\n")
        .file("pain.csv", "Patient;Datum;NRS;Bemerkung\nA;31.01.2024;6,5;x\nA;01.02.2024;elf;\n");
    let run = folder.run(&["convert", "STUDY", "--out", "STUDY/new/native", "--strict"]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    let expected = "pain.csv → pain.csv: 2 rows read, 1 rejected\n  \
        semicolon-separated · decimal point or comma · Datum day first (settled by 31.01.2024 on line 2) · UTF-8\n  \
        columns renamed: Patient → patient_id, Datum → date, NRS → pain\n  \
        columns not carried: Bemerkung\n";
    assert!(run.stdout.contains(expected), "{}", run.stdout);
    assert!(run.stdout.ends_with("1 row rejected; rejected.csv says where and why.\n"), "{}", run.stdout);
    let rejected = fs::read_to_string(folder.path().join("new/native/rejected.csv")).unwrap();
    assert!(rejected.contains("pain.csv,3,NRS,elf,not_a_number"), "{rejected}");
    let json = folder.run(&["convert", "STUDY", "--out", "STUDY/json", "--format", "json"]).stdout;
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["written"][1]["rows"], 1);
    assert_eq!(json["columns"][1]["renamed"][2][1], "pain");
    assert_eq!(json["columns"][1]["not_carried"][0], "Bemerkung");
}

#[test]
fn the_report_of_a_converted_study_is_the_report_of_the_study() {
    let folder = StudyFolder::new();
    let sample = sample_data().display().to_string();
    assert_eq!(folder.run(&["convert", &sample, "--out", "STUDY/copy", "--quiet"]).code, 0);
    for command in ["pain", "adherence", "recurrence"] {
        let of = |study: &str| folder.run(&[command, study, "--format", "csv", "--quiet"]).stdout;
        assert!(of(&sample).lines().count() > 1);
        assert_eq!(of(&sample), of("STUDY/copy"), "{command}");
    }
}

#[test]
fn nothing_is_written_over_and_a_failure_leaves_nothing_behind() {
    let study = || {
        StudyFolder::new()
            .file("sessions.csv", "patient_id,date\nA,2024-01-01\n")
            .file("pain.csv", "patient_id,date,pain\nA,2024-01-02,5\n")
    };
    let folder = study();
    let into_itself = folder.run(&["convert", "STUDY", "--out", "STUDY", "--force"]);
    assert_eq!(
        (into_itself.code, into_itself.stderr.as_str()),
        (2, "error: STUDY is read by this command and would be replaced by its result\n  Give --out another name.\n")
    );
    let folder = study().file("out/notes.txt", "mine");
    let run = folder.run(&["convert", "STUDY", "--out", "STUDY/out"]);
    assert!(run.code == 2 && run.stderr.starts_with("error: STUDY/out is not empty\n"), "{}", run.stderr);
    assert_eq!(folder.run(&["convert", "STUDY", "--out", "STUDY/out", "--force"]).code, 0);
    assert_eq!(fs::read_to_string(folder.path().join("out/notes.txt")).unwrap(), "mine");
    // A log of another study beside the new ones would be read with them.
    let folder = study().file("out/events.csv", "patient_id,date,event\nA,2024-01-02,died\n");
    let run = folder.run(&["convert", "STUDY", "--out", "STUDY/out", "--force"]);
    assert!(run.code == 2 && run.stderr.contains("events.csv is there and would be read as part of the study"), "{}", run.stderr);
    assert_eq!(names(&folder.path().join("out")), ["events.csv"]);
    let folder = study().file("pain.csv", "patient_id,date\nA,2024-01-02\n");
    assert_eq!(folder.run(&["convert", "STUDY", "--out", "STUDY/out"]).code, 2);
    assert!(!folder.path().join("out").exists());
}

#[test]
fn damage_is_an_error_and_not_a_crash() {
    let mut spoiled = data("clinic.xls");
    spoiled.truncate(3000);
    let folder = StudyFolder::new().file("clinic.xls", spoiled);
    let run = folder.run(&["check", "STUDY/clinic.xls"]);
    assert!(run.code == 2 && run.stderr.starts_with("error: clinic.xls is damaged: as a workbook it cannot be read"), "{}", run.stderr);
    assert_eq!(run.stderr.lines().count(), 2, "{}", run.stderr);
}

#[test]
fn its_help_has_an_example() {
    let help = staywell(&["convert", "--help"]).stdout;
    assert!(help.contains("  staywell convert clinic.xlsx --out study"), "{help}");
}
