//! No command replaces a file that it reads.

use std::fs;

use crate::harness::StudyFolder;

const SESSIONS: &str = "patient_id,date\nA,2024-01-01\n";
const PAIN: &str = "patient_id,date,pain\nA,2024-01-02,5\n";

/// A study whose pain log has this name.
fn study(name: &str) -> StudyFolder {
    StudyFolder::new().file("sessions.csv", SESSIONS).file(name, PAIN).file("study.toml", format!("[files.pain]\npath = \"{name}\"\n"))
}

fn refuses(folder: &StudyFolder, args: &[&str], input: &str) {
    let before = fs::read(folder.path().join(input)).unwrap();
    let run = folder.run(args);
    let expected =
        format!("error: STUDY/{input} is read by this command and would be replaced by its result\n  Give --out another name.\n");
    assert_eq!((run.code, run.stderr), (2, expected), "{args:?}");
    assert_eq!(fs::read(folder.path().join(input)).unwrap(), before, "{args:?}");
}

#[test]
fn a_folder_is_refused_in_which_a_log_has_the_name_of_a_result() {
    for (command, name) in [
        ("check", "findings.csv"),
        ("check", "rejected.csv"),
        ("check", "check.json"),
        ("report", "rejected.csv"),
        ("report", "findings.csv"),
        ("report", "tables/patients.csv"),
        ("report", "figures/pain.csv"),
    ] {
        refuses(&study(name), &[command, "STUDY", "--out", "STUDY", "--quiet"], name);
    }
    refuses(&study("figures/pain.csv"), &["patient", "STUDY", "A", "--out", "STUDY", "--quiet"], "figures/pain.csv");
    // The name is what counts, not the folder.
    let folder = study("findings.csv");
    assert_eq!(folder.run(&["check", "STUDY", "--out", "STUDY/out", "--quiet"]).code, 0);
    assert_eq!(study("diary.csv").run(&["check", "STUDY", "--out", "STUDY", "--quiet"]).code, 0);
}

#[test]
fn settings_given_by_name_and_the_key_are_inputs_too() {
    let settings = "[files.pain]\npath = \"findings.csv\"\n";
    let folder = StudyFolder::new()
        .file("study/sessions.csv", SESSIONS)
        .file("study/findings.csv", PAIN)
        .file("out/check.json", settings)
        .file("out/rejected.csv", "correct horse battery staple\n");
    let check = ["check", "STUDY/study", "--config", "STUDY/out/check.json", "--quiet", "--out"];
    refuses(&folder, &[&check[..], &["STUDY/study"]].concat(), "study/findings.csv");
    refuses(&folder, &[&check[..], &["STUDY/out"]].concat(), "out/check.json");
    let keyed = ["convert", "STUDY/study", "--config", "STUDY/out/check.json", "--pseudonymize", "STUDY/out/rejected.csv", "--force"];
    refuses(&folder, &[&keyed[..], &["--out", "STUDY/out"]].concat(), "out/rejected.csv");
    let pain = ["pain", "STUDY/study", "--config", "STUDY/out/check.json", "--out"];
    refuses(&folder, &[&pain[..], &["STUDY/study/findings.csv"]].concat(), "study/findings.csv");
}

#[test]
fn a_file_of_a_single_command_is_no_input() {
    for command in ["adherence", "pain", "recurrence", "claims"] {
        refuses(&study("diary.csv"), &[command, "STUDY", "--out", "STUDY/diary.csv"], "diary.csv");
    }
    refuses(
        &study("diary.csv"),
        &["stats", "summary", "--data", "STUDY/diary.csv", "--y", "pain", "--out", "STUDY/diary.csv"],
        "diary.csv",
    );
}

#[test]
fn a_result_is_the_same_in_a_file_on_the_screen_and_over_a_longer_one() {
    let folder = study("diary.csv").file("old.json", "x".repeat(100_000));
    for (format, name) in [("json", "old.json"), ("csv", "new.csv"), ("table", "new.txt")] {
        let shown = folder.run(&["pain", "STUDY", "--format", format]).stdout;
        let out = format!("STUDY/{name}");
        assert_eq!(folder.run(&["pain", "STUDY", "--format", format, "--out", &out]).code, 0);
        assert_eq!(fs::read_to_string(folder.path().join(name)).unwrap(), shown, "{format}");
        assert!(shown.len() > 20, "{shown}");
    }
}
