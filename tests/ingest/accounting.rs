//! Duplicates, and the balance of every file.

use super::study::{PAIN, SESSIONS, StudyFolder, pain_rows};

fn account(logs: &staywell::ingest::Logs, file: &str) -> (usize, usize, usize, usize) {
    let account = logs.reading.files.iter().find(|account| account.file == file).unwrap();
    assert!(account.balances());
    (account.read, account.used, account.rejected, account.merged)
}

fn repeated_pain(rule: &str) -> staywell::ingest::Logs {
    let pain = "patient_id,date,pain\nP1,2024-01-01,6\nP1,2024-01-01,8\nP1,2024-01-01,4\nP2,2024-01-02,5\nP2,2024-01-02,5\n";
    StudyFolder::clean().with("pain.csv", pain).with("study.toml", format!("[checks]\nsame_day_pain = \"{rule}\"\n")).read()
}

#[test]
fn several_scores_of_one_day_become_one_by_the_rule() {
    for (rule, score) in [("max", 8.0), ("mean", 6.0), ("last", 4.0)] {
        let logs = repeated_pain(rule);
        assert_eq!(pain_rows(&logs).iter().map(|row| row.2).collect::<Vec<_>>(), [score, 5.0], "{rule}");
        assert_eq!(account(&logs, "pain.csv"), (5, 2, 0, 3));
    }
    let note = "Pain: 3 rows of a day already logged merged into one score (the day's worst); on 1 day the scores differed.";
    assert_eq!(repeated_pain("max").reading.notes, [note]);
}

#[test]
fn overlapping_exports_are_merged_and_counted_for_their_own_file() {
    let toml = "[[files.pain]]\npath = \"old.csv\"\n[[files.pain]]\npath = \"new.csv\"\n";
    let new = format!("{PAIN}P2,2024-02-02,1\n");
    let logs = StudyFolder::clean().with("old.csv", PAIN).with("new.csv", new).with("study.toml", toml).read();
    assert_eq!(account(&logs, "old.csv"), (3, 3, 0, 0));
    assert_eq!(account(&logs, "new.csv"), (4, 1, 0, 3));
    assert_eq!(pain_rows(&logs).len(), 4);
}

#[test]
fn session_rows_equal_in_every_value_merge_unless_kept() {
    let sessions =
        format!("{SESSIONS}P1,2024-01-01,strengthening,done\nP1,2024-01-01,strengthening,missed\n\"P1\",2024-01-01,strengthening,done,\n");
    let folder = StudyFolder::clean().with("sessions.csv", sessions);
    let logs = folder.read();
    assert_eq!(account(&logs, "sessions.csv"), (5, 3, 0, 2));
    assert_eq!(logs.sessions.offsets, [0, 2, 3]);
    let logs = folder.with("study.toml", "[checks]\nrepeated_sessions = \"keep\"\n").read();
    assert_eq!(account(&logs, "sessions.csv"), (5, 5, 0, 0));
    assert_eq!(logs.sessions.offsets, [0, 4, 5]);
}

#[test]
fn patients_of_rejected_rows_only_are_no_patients() {
    let logs = StudyFolder::clean().with("pain.csv", format!("{PAIN}P9,soon,3\n")).read();
    assert_eq!(logs.patients.ids, ["P1", "P2"]);
    assert_eq!(logs.programs.offsets, [0, 0, 0]);
    assert_eq!(logs.pain.offsets, [0, 2, 3]);
}
