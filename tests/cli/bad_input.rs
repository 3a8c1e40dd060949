//! Bad input: the full text of each refusal and each listed rejection.

use crate::harness::StudyFolder;

const SESSIONS: &str = "patient_id,date,phase,status,minutes\nA,2024-01-01,functional,done,30\nA,2024-01-20,functional,done,30\n";
const PAIN: &str = "patient_id,date,pain\nA,2024-01-02,5\nA,2024-01-19,4\n";

fn study() -> StudyFolder {
    StudyFolder::new().file("sessions.csv", SESSIONS).file("pain.csv", PAIN)
}

/// The program refuses with exactly this on standard error, and nothing on standard output.
#[track_caller]
fn refuses(folder: &StudyFolder, args: &[&str], stderr: &str) {
    let run = folder.run(args);
    assert_eq!(run.stderr, stderr);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""));
}

/// `check --out` lists exactly these rejected rows in rejected.csv, and ends well.
#[track_caller]
fn rejects(folder: &StudyFolder, rows: &str) {
    let out = tempfile::tempdir().unwrap();
    let run = folder.run(&["check", "STUDY", "--out", out.path().to_str().unwrap(), "--quiet"]);
    let rejected = std::fs::read_to_string(out.path().join("rejected.csv")).unwrap();
    assert_eq!(
        rejected.replace(&folder.path().display().to_string(), "STUDY"),
        format!("file,line,column,value,rule,sentence,fix,also,raw\n{rows}")
    );
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(folder.run(&["check", "STUDY", "--strict", "--quiet"]).code, i32::from(!rows.is_empty()));
}

#[test]
fn a_missing_required_column_names_those_there_are_and_the_line_to_add() {
    refuses(
        &study().file("pain.csv", "patient_id,date,pian\nA,2024-01-02,5\n"),
        &["check", "STUDY"],
        "error: pain.csv, line 1: there is no column for pain. The columns are \"patient_id\", \"date\", \"pian\". Did you mean \"pian\"?\n  \
         Add to study.toml:\n  [files.pain]\n  columns = { pain = \"pian\" }\n",
    );
}

#[test]
fn an_empty_file_and_a_header_without_rows_are_told_apart() {
    refuses(
        &study().file("pain.csv", ""),
        &["check", "STUDY"],
        "error: pain.csv is empty: it has no header and no rows.\n  Export the file again, or remove it if the study does without it.\n",
    );
    refuses(
        &study().file("sessions.csv", "patient_id,date\n"),
        &["report", "STUDY", "--out", "STUDY/report"],
        "error: sessions.csv has a header but no rows.\n  Export the file again, or remove it if the study does without it.\n",
    );
}

#[test]
fn an_unknown_patient_is_named_with_the_nearest() {
    let folder = study()
        .file("pain.csv", "patient_id,date,pain\nP0041,2024-01-02,5\nP0042,2024-01-02,5\n")
        .file("sessions.csv", "patient_id,date\nP0041,2024-01-01\n");
    refuses(
        &folder,
        &["patient", "STUDY", "P042"],
        "error: there is no patient \"P042\" in this study of 2 patients; did you mean \"P0042\"?\n",
    );
}

#[test]
fn a_folder_that_is_no_study_and_a_path_that_is_nowhere() {
    refuses(
        &StudyFolder::new(),
        &["report", "STUDY", "--out", "STUDY/report"],
        "error: \"STUDY\" is not a study: it holds neither a study.toml nor any of sessions.csv, pain.csv, programs.csv, patients.csv, \
         events.csv, measures.csv. The folder has no files.\n  \
         Name your files sessions.csv and pain.csv, or run `staywell init` there for a study.toml that says what they are called.\n",
    );
    refuses(
        &StudyFolder::new(),
        &["check", "STUDY/nowhere"],
        "error: There is no folder or file \"STUDY/nowhere\".\n  Give a folder of logs, a workbook or a study.toml.\n",
    );
}

#[test]
fn an_output_that_cannot_be_written_is_refused_before_the_work() {
    let folder = study().file("taken", "a file");
    refuses(
        &folder,
        &["report", "STUDY", "--out", "STUDY/taken"],
        "error: cannot write STUDY/taken: a file of that name is in the way\n  Choose a folder you may write to with --out.\n",
    );
    refuses(
        &folder,
        &["adherence", "STUDY", "--out", "STUDY/no/such/file.csv"],
        "error: cannot write STUDY/no/such/file.csv: there is no such folder\n  Choose a folder you may write to with --out.\n",
    );
}

#[test]
fn scores_off_the_scale_decimal_commas_and_impossible_days_are_listed() {
    rejects(
        &study().file(
            "pain.csv",
            "patient_id,date,pain\nA,2024-01-02,5\nA,2024-01-03,11\nA,2024-01-04,\"7,5\"\nA,31/02/2024,3\nA,2024-01-06,\n",
        ),
        "pain.csv,3,pain,11,pain_out_of_range,\"\"\"11\"\" lies outside the scale \"\"0–10 NRS\"\" (0 to 10 as logged).\",\"Correct the value, or \
         declare the scale the file uses (scale = … under [files.pain]).\",,\"A,2024-01-03,11\"\n\
         pain.csv,4,pain,\"7,5\",not_a_number,\"\"\"7,5\"\" is not a number.\",\"Write 7.5, or set decimal = \"\",\"\" under [files.pain] in \
         study.toml.\",,\"A,2024-01-04,\"\"7,5\"\"\"\n\
         pain.csv,5,date,31/02/2024,invalid_date,\"There is no day \"\"31/02/2024\"\" in the calendar, day or month first.\",\"Write the date as \
         YYYY-MM-DD, such as 2024-03-31.\",,\"A,31/02/2024,3\"\n\
         pain.csv,6,pain,,missing_value,The pain score is missing.,\"Enter the value, or delete the row if nothing was logged.\",,\"A,2024-01-06,\"\n",
    );
}

#[test]
fn a_date_after_the_cut_off_and_negative_minutes_are_listed() {
    let folder = study()
        .file("study.toml", "[study]\nname = \"Small\"\ncut_off = 2024-01-31\n")
        .file("sessions.csv", "patient_id,date,minutes\nA,2024-01-01,30\nA,2024-01-02,-5\nA,2024-03-01,30\n");
    let run = folder.run(&["check", "STUDY", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let rules: Vec<(&str, u64)> =
        json["rejected"].as_array().unwrap().iter().map(|row| (row["rule"].as_str().unwrap(), row["line"].as_u64().unwrap())).collect();
    assert_eq!(rules, [("out_of_range", 3), ("after_cut_off", 4)]);
    assert_eq!(json["rejected"][0]["sentence"], "\"-5\" is not 0 or more.");
    assert_eq!(json["rejected"][1]["sentence"], "2024-03-01 lies after the cut-off, 2024-01-31.");
}

#[test]
fn completion_before_the_start_is_listed_and_the_program_not_used() {
    let folder = study().file("programs.csv", "patient_id,start,completed_on\nA,2024-03-01,2024-01-15\n");
    let run = folder.run(&["check", "STUDY", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!((json["rejected"][0]["rule"].as_str(), json["rejected"][0]["line"].as_u64()), (Some("end_before_start"), Some(2)));
}

#[test]
fn rows_that_say_the_same_twice_are_merged_and_counted() {
    let folder = study().file("pain.csv", "patient_id,date,pain\nA,2024-01-02,5\nA,2024-01-02,5\nA,2024-01-02,7\n");
    let run = folder.run(&["recurrence", "STUDY", "--format", "json"]);
    assert_eq!(run.code, 0);
    let report = folder.run(&["check", "STUDY", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&report.stdout).unwrap();
    let pain = json["reading"]["files"].as_array().unwrap().iter().find(|file| file["file"] == "pain.csv").unwrap();
    assert_eq!((pain["read"].as_u64(), pain["used"].as_u64(), pain["merged"].as_u64()), (Some(3), Some(1), Some(2)));
}

#[test]
fn pain_that_comes_back_before_completion_is_no_recurrence() {
    // Pain-free for weeks, back before completion on 2024-04-01, never in remission again.
    let mut pain = "patient_id,date,pain\n".to_owned();
    for (month, score) in [(1, 0), (2, 0), (3, 5), (4, 5)] {
        for day in (1..=28).step_by(3) {
            pain.push_str(&format!("A,2024-{month:02}-{day:02},{score}\n"));
        }
    }
    let folder =
        study().file("pain.csv", pain).file("programs.csv", "patient_id,start,completed_on,outcome\nA,2024-01-01,2024-04-01,completed\n");
    let run = folder.run(&["recurrence", "STUDY", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!((json["recurrence"]["at_risk"].as_u64(), json["recurrence"]["recurrences"].as_u64()), (Some(0), Some(0)));
    assert_eq!(json["recurrence"]["excluded"][0]["reason"], "never in remission");
}

/// Patients who complete on 2024-01-31 and log calm pain for a year; of each kind `(maintains, recurs on day n)` so many.
fn cohort(kinds: &[(usize, bool, Option<i32>)]) -> StudyFolder {
    let day = |n: i32| staywell::domain::Day::from_ymd(2024, 1, 1).unwrap().plus(n);
    let (mut sessions, mut pain, mut programs) =
        ("patient_id,date,phase\n".to_owned(), "patient_id,date,pain\n".to_owned(), "patient_id,start,completed_on,outcome\n".to_owned());
    let mut number = 0;
    for &(count, maintains, recurs) in kinds {
        for _ in 0..count {
            number += 1;
            let id = format!("P{number:03}");
            programs.push_str(&format!("{id},{},{},completed\n", day(0), day(30)));
            sessions.push_str(&format!("{id},{},functional\n", day(0)));
            for n in (33..360).step_by(5).filter(|_| maintains) {
                sessions.push_str(&format!("{id},{},maintenance\n", day(n)));
            }
            for n in (0..365).step_by(3) {
                let bad = recurs.is_some_and(|from| (from..from + 12).contains(&(n - number % 7)));
                pain.push_str(&format!("{id},{},{}\n", day(n), if bad { 6 } else { 0 }));
            }
        }
    }
    StudyFolder::new().file("sessions.csv", sessions).file("pain.csv", pain).file("programs.csv", programs)
}

/// The core claim's verdict and sentence.
fn verdict(folder: &StudyFolder) -> (String, String) {
    let run = folder.run(&["claims", "STUDY", "--format", "json"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let json: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let claim = &json["claims"][0];
    (claim["verdict"].as_str().unwrap().to_owned(), claim["sentence"].as_str().unwrap().to_owned())
}

#[test]
fn nobody_with_a_recurrence_is_not_testable() {
    let (verdict, sentence) = verdict(&cohort(&[(25, true, None), (25, false, None)]));
    assert_eq!(verdict, "not-testable");
    assert_eq!(sentence, "These logs cannot test this: there are 0 recurrences after the landmark; the rule asks for at least 30.");
}

#[test]
fn one_group_only_is_not_testable() {
    let (verdict, sentence) = verdict(&cohort(&[(40, true, Some(200))]));
    assert_eq!(verdict, "not-testable");
    assert_eq!(
        sentence,
        "These logs cannot test this: 40 patients had kept the exercise up at the landmark, 0 patients had not; each group needs at least 20."
    );
}

#[test]
fn everybody_recurring_before_the_landmark_leaves_nobody_to_compare() {
    let (verdict, sentence) = verdict(&cohort(&[(25, true, Some(60)), (25, false, Some(60))]));
    assert_eq!(verdict, "not-testable");
    assert_eq!(
        sentence,
        "These logs cannot test this: of 50 patients at risk, none is still followed without a recurrence at the landmark."
    );
}

#[test]
fn all_censored_still_makes_a_report_and_says_not_reached() {
    let folder = cohort(&[(25, true, None), (25, false, None)]);
    let run = folder.run(&["report", "STUDY", "--out", "STUDY/report"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stdout.contains("recurrence  0 of 50 at risk; median not reached"), "{}", run.stdout);
    assert!(std::fs::read_to_string(folder.path().join("report/report.md")).unwrap().contains("Median time to recurrence: not reached."));
}

#[test]
fn a_mistyped_setting_command_option_or_claim_finds_the_nearest() {
    let folder = study().file("study.toml", "[remision]\ndays = 3\n");
    refuses(
        &folder,
        &["check", "STUDY"],
        "error: study.toml, line 1, column 2: there is no setting \"remision\" here. Did you mean \"remission\"?\n",
    );
    let command = study().run(&["recurence", "STUDY"]);
    assert!(command.code == 2 && command.stderr.contains("'recurrence'"), "{}", command.stderr);
    let option = study().run(&["check", "STUDY", "--fromat", "json"]);
    assert!(option.code == 2 && option.stderr.contains("a similar argument exists: '--format'"), "{}", option.stderr);
    let claim = study().run(&["claims", "STUDY", "--only", "maintenance-delay"]);
    let (begin, end) = (
        "error: there is no claim \"maintenance-delay\"; the claims are: maintenance-delays-recurrence",
        ". Did you mean \"maintenance-delays-recurrence\"?\n",
    );
    assert!(claim.code == 2 && claim.stdout.is_empty(), "{}", claim.stdout);
    assert!(claim.stderr.starts_with(begin) && claim.stderr.ends_with(end), "{}", claim.stderr);
}
