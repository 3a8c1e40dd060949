//! One log in several files: a file per patient, exports that overlap.

use staywell::ingest::CovariateValues;

use super::study::{PAIN, SESSIONS, StudyFolder, pain_rows};

fn account(logs: &staywell::ingest::Logs, file: &str) -> (usize, usize, usize, usize) {
    let account = logs.reading.files.iter().find(|account| account.file == file).unwrap();
    (account.read, account.used, account.rejected, account.merged)
}

#[test]
fn the_name_of_a_file_says_whose_it_is() {
    let toml = "[files.pain]\npatient_from_path = \"pain_*.csv\"\n";
    let folder = StudyFolder::empty()
        .with("sessions.csv", SESSIONS)
        .with("pain_P1.csv", "date,pain\n2024-01-01,6\n")
        .with("pain_Ana K.csv", "patient_id,date,pain\nAna K,2024-01-02,3\nP1,2024-01-03,4\n,2024-01-04,5\n")
        .with("study.toml", toml);
    let logs = folder.read();
    let rows = [("Ana K", "2024-01-02", 3.0), ("Ana K", "2024-01-04", 5.0), ("P1", "2024-01-01", 6.0)];
    assert_eq!(pain_rows(&logs), rows.map(|(id, day, score)| (id.to_owned(), day.to_owned(), score)));
    let row = &logs.reading.rejected[0];
    assert_eq!((row.rule, row.line, row.column.as_str(), row.value.as_str()), ("another_patient", 3, "patient_id", "P1"));
    assert_eq!(row.sentence, "The file is \"Ana K\"'s by its name, but the row is \"P1\"'s.");
    let (message, _) = folder.with("study.toml", "[files.pain]\npath = \"*.csv\"\npatient_from_path = \"pain_*.csv\"\n").refusal();
    assert_eq!(message, "sessions.csv: the setting files.pain.patient_from_path is \"pain_*.csv\", which does not fit this file.");
}

#[test]
fn sessions_that_two_exports_tell_of_are_one_whatever_their_columns_order_and_form() {
    let toml = "[[files.sessions]]\npath = \"a.csv\"\n[[files.sessions]]\npath = \"b.csv\"\n";
    let logs = StudyFolder::empty()
        .with("pain.csv", PAIN)
        .with("a.csv", "patient_id,date,minutes,exercise,sets\nP1,2024-01-01,30,squat,3\nP1,2024-01-01 08:00,10,walk,\nP1,2024-01-01 18:00,10,walk,\n")
        .with("b.csv", "sets;Exercise;Duration;Datum;Patient\n3,0;squat;30,0;01.01.2024;P1\n;walk;10;01.01.2024 08:00:00;P1\n4;squat;30;01.01.2024;P1\n;rest;;31.01.2024;P1\n")
        .with("study.toml", toml)
        .read();
    assert_eq!(account(&logs, "a.csv"), (3, 3, 0, 0));
    assert_eq!(account(&logs, "b.csv"), (4, 2, 0, 2));
    assert_eq!(logs.sessions.minutes, [Some(30.0), Some(10.0), Some(10.0), Some(30.0), None]);
    assert!(logs.reading.notes.contains(&"Sessions: 2 rows repeated another in every value and merged into it.".to_owned()));
}

#[test]
fn a_score_that_two_exports_tell_of_weighs_once_in_the_mean() {
    let toml = "[checks]\nsame_day_pain = \"mean\"\n[[files.pain]]\npath = \"a.csv\"\n[[files.pain]]\npath = \"b.csv\"\n";
    let logs = StudyFolder::empty()
        .with("sessions.csv", SESSIONS)
        .with("a.csv", "patient_id,date,pain\nP1,2024-01-01,6\nP1,2024-01-01,3\n")
        .with("b.csv", "date,patient_id,pain\n2024-01-01,P1,6.0\n2024-01-01,P1,0\n")
        .with("study.toml", toml)
        .read();
    // 6, 3 and 0, not 6 twice.
    assert_eq!(pain_rows(&logs)[0].2, 3.0);
    assert_eq!((account(&logs, "a.csv"), account(&logs, "b.csv")), ((2, 1, 0, 1), (2, 0, 0, 2)));
    let one_file = "patient_id,date,pain\nP1,2024-01-01,6\nP1,2024-01-01,6\nP1,2024-01-01,0\n";
    let logs = StudyFolder::empty()
        .with("sessions.csv", SESSIONS)
        .with("pain.csv", one_file)
        .with("study.toml", "[checks]\nsame_day_pain = \"mean\"\n")
        .read();
    assert_eq!(pain_rows(&logs)[0].2, 4.0);
}

#[test]
fn the_last_file_wins_under_last() {
    let toml = "[checks]\nsame_day_pain = \"last\"\n[[files.pain]]\npath = \"b.csv\"\n[[files.pain]]\npath = \"a.csv\"\n";
    let folder = StudyFolder::empty()
        .with("sessions.csv", SESSIONS)
        .with("a.csv", "patient_id,date,pain\nP1,2024-01-01,2\n")
        .with("b.csv", "patient_id,date,pain\nP1,2024-01-01,9\n")
        .with("study.toml", toml);
    assert_eq!(pain_rows(&folder.read())[0].2, 2.0);
}

#[test]
fn an_event_counts_once() {
    let toml = "[[files.events]]\npath = \"a.csv\"\n[[files.events]]\npath = \"b.csv\"\n";
    let logs = StudyFolder::clean()
        .with("a.csv", "patient_id,date,event\nP1,2024-02-01,surgery\nP1,2024-02-01,MRI\n")
        .with("b.csv", "event,date,patient_id\nSurgery,2024-02-01,P1\nsurgery,2024-02-02,P1\n")
        .with("study.toml", toml)
        .read();
    assert_eq!(logs.events.offsets, [0, 3, 3]);
    assert_eq!((account(&logs, "a.csv"), account(&logs, "b.csv")), ((2, 2, 0, 0), (2, 1, 0, 1)));
    assert!(logs.reading.notes.contains(&"Events: 1 row repeated another of the patient and day and merged into it.".to_owned()));
}

#[test]
fn rosters_that_agree_are_one_and_a_contradiction_is_rejected() {
    let toml = "[[files.patients]]\npath = \"a.csv\"\n[[files.patients]]\npath = \"b.csv\"\n";
    let logs = StudyFolder::clean()
        .with("a.csv", "patient_id,age,clinic\nP1,40,North\nP2,,North\n")
        .with("b.csv", "sex,patient_id,Age\nf,P1,40\nm,P2,50\nf,P3,60\nf,P1,41\n")
        .with("study.toml", toml)
        .read();
    assert_eq!((account(&logs, "a.csv"), account(&logs, "b.csv")), ((2, 2, 0, 0), (4, 1, 1, 2)));
    assert_eq!(logs.patients.ids, ["P1", "P2", "P3"]);
    let names: Vec<&str> = logs.patients.covariates.iter().map(|covariate| covariate.name.as_str()).collect();
    assert_eq!(names, ["age", "clinic", "sex"]);
    let CovariateValues::Number(ages) = &logs.patients.covariates[0].values else { panic!("age is a number") };
    assert_eq!(ages, &[Some(40.0), Some(50.0), Some(60.0)]);
    let CovariateValues::Category { codes, .. } = &logs.patients.covariates[1].values else { panic!("clinic is a category") };
    assert_eq!(codes, &[Some(0), Some(0), None]);
    let row = &logs.reading.rejected[0];
    assert_eq!((row.rule, row.line), ("repeated_patient", 5));
    assert_eq!(row.sentence, "Patient \"P1\" already has a row, whose age is \"40\".");
}

#[test]
fn a_date_in_words_has_no_time_that_would_tell_its_session_from_the_same_one_elsewhere() {
    let toml = "[[files.sessions]]\npath = \"a.csv\"\n[[files.sessions]]\npath = \"b.csv\"\n";
    let logs = StudyFolder::empty()
        .with("pain.csv", PAIN)
        .with("a.csv", "patient_id,date,minutes\nP1,4 March 2024,30\nP1,5 March 2024 14:05,30\n")
        .with("b.csv", "patient_id,date,minutes\nP1,2024-03-04,30\nP1,2024-03-05T14:05,30\nP1,2024-03-05T18:00,30\n")
        .with("study.toml", toml)
        .read();
    assert_eq!(account(&logs, "a.csv"), (2, 2, 0, 0));
    assert_eq!(account(&logs, "b.csv"), (3, 1, 0, 2));
}

#[test]
fn a_box_that_was_not_ticked_is_not_the_session_that_was_done() {
    let logs = StudyFolder::empty()
        .with("pain.csv", PAIN)
        .with("sessions.csv", "patient_id,date,status\nP1,2024-01-01,\nP1,2024-01-01,x\nP1,2024-01-02,\nP1,2024-01-02,\n")
        .read();
    assert_eq!(account(&logs, "sessions.csv"), (4, 3, 0, 1));
    let status: Vec<&str> = logs.sessions.status.iter().map(|status| status.as_str()).collect();
    assert_eq!(status, ["missed", "done", "missed"]);
}
