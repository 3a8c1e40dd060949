//! What `check` says and writes: findings in one shape, all files in one go, exit codes.

use std::fs;

use serde_json::Value;

use crate::harness::{StudyFolder, sample_data, staywell};

const SESSIONS: &str = "patient_id,date,status,minutes\nA,2024-01-01,done,30\nA,2024-01-20,done,30\n";
const PAIN: &str = "patient_id,date,pain\nA,2024-01-02,5\nA,2024-01-19,4\n";

fn study() -> StudyFolder {
    StudyFolder::new().file("sessions.csv", SESSIONS).file("pain.csv", PAIN)
}

fn written(folder: &StudyFolder, name: &str) -> String {
    fs::read_to_string(folder.path().join("out").join(name)).unwrap()
}

#[test]
fn findings_csv_holds_rejections_warnings_and_notes_in_one_shape() {
    let folder = study()
        .file("sessions.csv", format!("{SESSIONS}A,2024-01-21,done,1441\n"))
        .file("pain.csv", format!("{PAIN}A,2024-01-19,7\nA,2024-01-20,eleven\n=A,2024-01-20,3\n"));
    let run = folder.run(&["check", "STUDY", "--out", "STUDY/out"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, "Wrote findings.csv, rejected.csv and check.json into STUDY/out.\n"));
    assert_eq!(
        written(&folder, "findings.csv"),
        "severity,rule,file,line,column,value,patient,sentence,fix\n\
         note,conflicting_pain,pain.csv,4,date,2024-01-19,A,\"A has 2 scores from 4 to 7 on 2024-01-19; the day's worst, 7, is used.\",\
         \"Keep the score that is right; checks.same_day_pain says which one is used (max, mean, last) or that none is (refuse).\"\n\
         reject,not_a_number,pain.csv,5,pain,eleven,,\"\"\"eleven\"\" is not a number.\",\
         \"Write a number, or say which one it stands for: words = { pain = { \"\"…\"\" = [\"\"eleven\"\"] } } under [files.pain] in study.toml, \
         with the number for ….\"\n\
         warn,similar_ids,pain.csv,6,patient_id,'=A,'=A,\"\"\"=A\"\" (1 row) and \"\"A\"\" (5 rows) may be one patient.\",\
         \"If they are one patient, use one spelling in all files; if not, add \"\"similar_ids\"\" to checks.ignore.\"\n\
         note,patient_without_logs,pain.csv,6,,,'=A,'=A has pain scores of 1 day and no session.,\
         \"Look for the patient's logs, perhaps under another spelling of the id; or nothing, if there are none yet.\"\n\
         warn,more_than_a_day,sessions.csv,4,minutes,1441,A,\"A has 1441 minutes of exercise on 2024-01-21 (1 row); a day has 1,440.\",\
         \"Correct the minutes; often they are seconds, or a total was entered with each exercise.\"\n"
    );
    // On the screen the same as CSV, and the table by rule.
    assert_eq!(folder.run(&["check", "STUDY", "--format", "csv"]).stdout, written(&folder, "findings.csv"));
    let table = folder.run(&["check", "STUDY"]).stdout;
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    for part in
        ["not a number reject 1", "more than a day warn 1", "conflicting pain note 1", "pain.csv:4", "sessions.csv:4", "such run is 1 log."]
    {
        assert!(words(&table).contains(part), "no \"{part}\" in\n{table}");
    }
    assert!(table.lines().all(|line| line.chars().count() <= 80), "{table}");
    let json: Value = serde_json::from_str(&written(&folder, "check.json")).unwrap();
    assert_eq!(json["usable"], true);
    assert_eq!(json["rejected"][0]["raw"], "A,2024-01-20,eleven");
    assert_eq!(json["findings"].as_array().unwrap().len(), 4);
    assert_eq!(json["reading"]["findings_by_rule"]["more_than_a_day"], 1);
    assert_eq!(json["data_quality"]["scores"]["logs"], 3);
}

#[test]
fn strict_ends_with_1_for_warnings_and_rejections_and_not_for_notes() {
    let strict = |folder: &StudyFolder| folder.run(&["check", "STUDY", "--strict", "--quiet"]).code;
    assert_eq!(strict(&study()), 0);
    assert_eq!(strict(&study().file("pain.csv", format!("{PAIN}A,2024-01-19,7\n"))), 0);
    let warned = study().file("sessions.csv", format!("{SESSIONS}A,2024-01-21,done,1441\n"));
    assert_eq!(strict(&warned), 1);
    assert_eq!(warned.run(&["check", "STUDY", "--quiet"]).code, 0);
    assert_eq!(strict(&study().file("pain.csv", format!("{PAIN}A,2024-01-20,x\n"))), 1);
}

#[test]
fn an_unusable_file_does_not_hide_what_is_wrong_with_the_others() {
    let folder = study()
        .file("sessions.csv", "patient_id,date,status,minutes\nA,01/02/2024,done,30\n")
        .file("pain.csv", format!("{PAIN}A,2024-01-20,eleven\n"))
        .file("programs.csv", "patient_id,kickoff\nA,2024-01-01\n");
    let run = folder.run(&["check", "STUDY", "--out", "STUDY/out", "--quiet"]);
    assert_eq!(run.code, 2);
    // Programs are read first, then sessions.
    let errors: Vec<&str> = run.stderr.lines().filter(|line| line.starts_with("error: ")).collect();
    assert_eq!(errors.len(), 2, "{}", run.stderr);
    assert!(errors[0].starts_with("error: programs.csv, line 1: there is no "), "{}", errors[0]);
    assert!(errors[1].starts_with("error: sessions.csv, line 2, column date: \"01/02/2024\" may be"), "{}", errors[1]);
    assert!(run.stdout.contains("not a number"), "{}", run.stdout);
    assert!(written(&folder, "rejected.csv").contains("pain.csv,4,pain,eleven,not_a_number"));
    let json: Value = serde_json::from_str(&written(&folder, "check.json")).unwrap();
    assert_eq!((&json["usable"], json["errors"].as_array().unwrap().len()), (&Value::Bool(false), 2));
    assert!(json["errors"][1]["fix"].as_str().unwrap().contains("date_order"));
}

#[test]
fn a_log_without_a_usable_row_is_listed_row_by_row() {
    let folder = study().file("pain.csv", "patient_id,date,pain\nA,2024-01-02,x\nA,2024-01-19,y\n");
    let run = folder.run(&["check", "STUDY", "--out", "STUDY/out", "--quiet"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.starts_with("error: No pain row can be used (read 2, rejected 2, left out by the filter 0)."), "{}", run.stderr);
    assert_eq!(written(&folder, "rejected.csv").lines().count(), 3);
    assert_eq!(written(&folder, "findings.csv").lines().count(), 3);
}

#[test]
fn the_report_folder_has_the_findings_as_check_writes_them() {
    let folder = StudyFolder::new();
    let sample = sample_data().display().to_string();
    let out = |name: &str| folder.path().join(name).display().to_string();
    assert_eq!(staywell(&["report", &sample, "--out", &out("report"), "--quiet"]).code, 0);
    assert_eq!(staywell(&["check", &sample, "--out", &out("check"), "--quiet"]).code, 0);
    for name in ["findings.csv", "rejected.csv"] {
        let read = |part: &str| fs::read_to_string(folder.path().join(part).join(name)).unwrap();
        assert_eq!(read("report"), read("check"), "{name}");
        assert!(read("check").lines().count() > 300, "{name}");
    }
    let page = fs::read_to_string(folder.path().join("report/report.md")).unwrap();
    assert!(page.contains("**What was found**") && page.contains("Pain logs a week"), "the section shows both");
}
