//! What is odd about the logs together: each check on a study made for it, every expected finding worked out by hand.
#![allow(clippy::format_collect, reason = "logs of a few rows")]

use staywell::ingest::{Asked, Finding, Logs, Severity, check_study, open_study};

use super::study::StudyFolder;

const SESSIONS: &str = "patient_id,date,status\n";
const PAIN: &str = "patient_id,date,pain\n";

fn study(sessions: &str, pain: &str) -> StudyFolder {
    StudyFolder::empty().with("sessions.csv", format!("{SESSIONS}{sessions}")).with("pain.csv", format!("{PAIN}{pain}"))
}

/// `file:line sentence` of each finding of a rule.
fn found(logs: &Logs, rule: &str) -> Vec<String> {
    let findings = logs.reading.findings.iter().filter(|finding| finding.rule == rule);
    findings
        .map(|finding| {
            format!("{}:{} {}", finding.file, finding.line.map_or_else(|| "-".to_owned(), |line| line.to_string()), finding.sentence)
        })
        .collect()
}

fn only(logs: &Logs, rule: &str) -> Finding {
    let findings: Vec<&Finding> = logs.reading.findings.iter().filter(|finding| finding.rule == rule).collect();
    assert_eq!(findings.len(), 1, "{rule}: {:?}", logs.reading.findings);
    findings[0].clone()
}

/// A pain log of a patient: one score a day from 2024-01-01 on.
fn diary(patient: &str, scores: impl IntoIterator<Item = f64>) -> String {
    let start = staywell::domain::Day::from_ymd(2024, 1, 1).unwrap();
    scores.into_iter().enumerate().map(|(day, score)| format!("{patient},{},{score}\n", start.plus(day as i32))).collect()
}

#[test]
fn a_study_in_order_has_no_finding() {
    let logs = study("P1,2024-01-02,done\n", "P1,2024-01-01,5\nP1,2024-01-08,4\n").read();
    assert!(logs.reading.findings.is_empty(), "{:?}", logs.reading.findings);
}

#[test]
fn patients_of_whom_a_log_says_nothing_are_named_where_they_stand() {
    let logs = study("P1,2024-01-02,done\nP2,2024-01-02,done\nP2,2024-01-03,done\n", "P1,2024-01-01,5\nP3,2024-01-08,4\n")
        .with("patients.csv", "patient_id,age\nP1,30\nP2,40\nP3,50\nP4,60\n")
        .read();
    assert_eq!(
        found(&logs, "patient_without_logs"),
        [
            "pain.csv:3 P3 has pain scores of 1 day and no session.",
            "patients.csv:5 P4 has neither a session nor a pain score.",
            "sessions.csv:3 P2 has 2 sessions and no pain score.",
        ]
    );
    assert_eq!(logs.reading.findings[1].severity, Severity::Note);
}

#[test]
fn exercise_and_events_before_the_program_are_named_and_exercise_may_be_rejected() {
    let folder = study("P1,2024-01-02,done\nP1,2024-01-09,done\nP1,2024-01-10,done\n", "P1,2024-01-01,5\n")
        .with("programs.csv", "patient_id,start\nP1,2024-01-10\n")
        .with("events.csv", "patient_id,date,event\nP1,2023-12-01,imaging\nP1,2024-01-10,injection\n");
    let logs = folder.read();
    assert_eq!(
        found(&logs, "exercise_before_program"),
        ["sessions.csv:2 P1 has 2 sessions before the program starts on 2024-01-10, the first on 2024-01-02."]
    );
    assert_eq!(
        found(&logs, "event_before_program"),
        ["events.csv:2 P1 has the event imaging on 2023-12-01, before the program starts on 2024-01-10."]
    );
    let logs = folder.with("study.toml", "[checks]\nexercise_before_program = \"reject\"\n").read();
    assert!(found(&logs, "exercise_before_program").is_empty());
    let rejected: Vec<(usize, &str)> = logs.reading.rejected.iter().map(|row| (row.line, row.rule)).collect();
    assert_eq!(rejected, [(2, "exercise_before_program"), (3, "exercise_before_program")]);
    assert_eq!(logs.sessions.day.len(), 1);
}

#[test]
fn a_day_has_no_more_than_1440_minutes() {
    let sessions = "patient_id,date,status,minutes\nP1,2024-01-01,done,1000\nP1,2024-01-01,partial,441\nP1,2024-01-02,done,1440\n\
                    P1,2024-01-03,missed,2000\n";
    let logs = study("", "P1,2024-01-01,5\n").with("sessions.csv", sessions).read();
    // 1000 + 441 = 1441; the next day is just full; what was missed took no time.
    let finding = only(&logs, "more_than_a_day");
    assert_eq!(finding.sentence, "P1 has 1441 minutes of exercise on 2024-01-01 (2 rows); a day has 1,440.");
    assert_eq!((finding.line, finding.value.as_str(), finding.severity), (Some(2), "1441", Severity::Warn));
}

#[test]
fn pauses_and_the_end_of_a_pain_log_are_noted_beyond_the_setting() {
    // 01-01 to 01-29 are 28 days, no pause; 01-29 to 02-27 are 29, 02-27 to 04-07 are 40.
    let pain = "P1,2024-01-01,5\nP1,2024-01-29,5\nP1,2024-02-27,5\nP1,2024-04-07,5\n";
    let folder = study("P1,2024-01-01,done\nP1,2024-05-06,done\n", pain);
    let logs = folder.read();
    assert_eq!(
        found(&logs, "pause_in_log"),
        ["pain.csv:5 P1's pain log has 2 pauses of more than 28 days, the longest from 2024-02-27 to 2024-04-07 (40 days)."]
    );
    // 04-07 to 05-06 are 29 days.
    assert_eq!(
        found(&logs, "went_silent"),
        ["pain.csv:5 P1's pain log ends on 2024-04-07, 29 days before the last session on 2024-05-06."]
    );
    let logs = folder.with("study.toml", "[checks]\nsilence = 39\n").read();
    assert_eq!(
        found(&logs, "pause_in_log"),
        ["pain.csv:5 P1's pain log has 1 pause of more than 39 days, from 2024-02-27 to 2024-04-07 (40 days)."]
    );
    assert!(found(&logs, "went_silent").is_empty());
    let off = study("P1,2024-01-01,done\nP1,2024-05-06,done\n", pain).with("study.toml", "[checks]\nsilence = 0\n").read();
    assert!(off.reading.findings.is_empty());
}

#[test]
fn pauses_that_most_logs_have_are_told_once() {
    // 60 patients, 55 of them with a pause of 60 days.
    let sessions: String = (1..=60).map(|n| format!("P{n},2024-01-01,done\n")).collect();
    let pain: String = (1..=60).map(|n| format!("P{n},2024-01-01,4\nP{n},2024-{},4\n", if n <= 55 { "03-01" } else { "01-09" })).collect();
    let logs = study(&sessions, &pain).read();
    assert_eq!(
        found(&logs, "pause_in_log"),
        ["pain.csv:- 55 of 60 patients with a pain log have a pause of more than 28 days in it; they are not listed one by one."]
    );
}

#[test]
fn logs_after_death_or_withdrawal_are_named_with_the_first_of_them() {
    let logs = study(
        "P1,2024-01-02,done\nP1,2024-01-06,done\nP2,2024-01-06,done\n",
        "P1,2024-01-05,5\nP1,2024-01-07,4\nP1,2024-01-08,4\nP2,2024-01-05,3\nP2,2024-01-06,3\n",
    )
    .with("events.csv", "patient_id,date,event\nP1,2024-01-05,died\nP1,2024-01-09,imaging\nP2,2024-01-05,withdrawn\n")
    .read();
    assert_eq!(
        found(&logs, "log_after_death"),
        [
            "events.csv:3 P1 died on 2024-01-05 and has 1 event after that day, on 2024-01-09.",
            "pain.csv:3 P1 died on 2024-01-05 and has 2 pain scores after that day, the first on 2024-01-07.",
            "sessions.csv:3 P1 died on 2024-01-05 and has 1 session after that day, on 2024-01-06.",
        ]
    );
    assert_eq!(
        found(&logs, "log_after_withdrawal"),
        [
            "pain.csv:6 P2 withdrew on 2024-01-05 and has 1 pain score after that day, on 2024-01-06.",
            "sessions.csv:4 P2 withdrew on 2024-01-05 and has 1 session after that day, on 2024-01-06.",
        ]
    );
}

#[test]
fn a_program_completed_after_the_cut_off_is_a_warning() {
    let folder = study("P1,2024-01-02,done\n", "P1,2024-01-05,5\n")
        .with("programs.csv", "patient_id,start,completed_on\nP1,2024-01-01,2024-02-01\n");
    let finding = only(&folder.read(), "completed_after_cut_off");
    assert_eq!(finding.sentence, "P1's program is completed on 2024-02-01, after the data cut-off, 2024-01-05.");
    assert_eq!((finding.file.as_str(), finding.column.as_str()), ("programs.csv", "completed_on"));
    let declared = folder.with("study.toml", "[study]\ncut_off = 2024-02-01\n").read();
    assert!(found(&declared, "completed_after_cut_off").is_empty());
}

#[test]
fn days_far_after_all_others_are_named_where_they_make_the_cut_off() {
    // Without 2042, the last day is 2024-03-01; 2042-01-05 and 2042-01-09 lie near each other and far from it.
    let folder = study("P1,2024-01-02,done\nP2,2042-01-05,done\n", "P1,2024-01-05,5\nP1,2042-01-09,5\nP2,2024-03-01,4\n");
    let lone = found(&folder.read(), "lone_last_day");
    let tail = "every other day of the study is 2024-03-01 or earlier, and without a declared cut-off the last day is the cut-off.";
    assert_eq!(
        lone,
        [format!("pain.csv:3 P1 has a row of 2042-01-09; {tail}"), format!("sessions.csv:3 P2 has a row of 2042-01-05; {tail}")]
    );
    let declared = folder.with("study.toml", "[study]\ncut_off = 2042-12-31\n").read();
    assert!(found(&declared, "lone_last_day").is_empty());
    // 2024-01-05 and 180 days later: not far enough.
    let near = study("P1,2024-01-02,done\n", "P1,2024-01-05,5\nP1,2024-07-03,5\n").read();
    assert!(found(&near, "lone_last_day").is_empty());
    let far = study("P1,2024-01-02,done\n", "P1,2024-01-05,5\nP1,2024-07-04,5\n").read();
    assert_eq!(found(&far, "lone_last_day").len(), 1);
    // Rows of one patient are told together; more than three patients with late days are a wave of the study.
    let late = |patients: usize, rows: usize| {
        let all = (1..=patients).flat_map(|patient| (0..rows).map(move |row| format!("P{patient},2042-01-0{},5\n", row + 1)));
        let pain: String = (1..=9).map(|patient| format!("P{patient},2024-01-05,5\n")).chain(all).collect();
        found(&study("P1,2024-01-02,done\n", &pain).read(), "lone_last_day")
    };
    let tail = "every other day of the study is 2024-01-05 or earlier, and without a declared cut-off the last day is the cut-off.";
    assert_eq!(late(1, 9), [format!("pain.csv:11 P1 has 9 rows from 2042-01-01 to 2042-01-09; {tail}")]);
    assert_eq!((late(3, 1).len(), late(4, 1).len()), (3, 0));
    // Fifteen rows after a long pause are a log taken up again.
    let again = |rows: i32| {
        let all = (0..rows).map(|row| format!("P1,{},5\n", staywell::domain::Day::from_ymd(2024, 9, 1).unwrap().plus(row)));
        let pain: String = ["P1,2024-01-05,5\n".to_owned()].into_iter().chain(all).collect();
        found(&study("P1,2024-01-02,done\n", &pain).read(), "lone_last_day").len()
    };
    assert_eq!((again(14), again(15)), (1, 0));
}

#[test]
fn ids_spelt_in_two_ways_are_suggested_and_never_merged() {
    let logs = study(
        "P0012,2024-01-01,done\nP0012,2024-01-02,done\np12,2024-01-03,done\nP0021,2024-01-01,done\n",
        "P0012,2024-01-01,4\np12,2024-01-05,4\nP0021,2024-01-01,3\n",
    )
    .read();
    assert_eq!(logs.patients.ids, ["P0012", "P0021", "p12"]);
    let finding = only(&logs, "similar_ids");
    // The rarer spelling is the one to look at, at its first row.
    assert_eq!(finding.sentence, "\"p12\" (2 rows) and \"P0012\" (3 rows) may be one patient.");
    assert_eq!((finding.file.as_str(), finding.line, finding.patient.as_deref()), ("pain.csv", Some(3), Some("p12")));
}

#[test]
fn an_unknown_id_is_held_against_the_roster() {
    let roster = "patient_id\nP0012\nP0345\nP0346\n";
    let pain = "P0012,2024-01-01,4\nP-12,2024-01-02,4\nP-12,2024-01-03,4\nPX012,2024-01-04,3\nP0347,2024-01-01,3\nQQQ,2024-01-01,3\n";
    let logs = study("P0012,2024-01-01,done\n", pain).with("patients.csv", roster).read();
    // P-12 folds onto P0012; PX012 is one letter off it; P0347 is one letter off two known ids; QQQ is nobody.
    assert_eq!(
        found(&logs, "similar_ids"),
        [
            "pain.csv:3 \"P-12\" (2 rows) is not in patients.csv, but \"P0012\" is: one patient?",
            "pain.csv:5 \"PX012\" (1 row) is not in patients.csv, but \"P0012\" is: one patient?",
        ]
    );
    assert_eq!(logs.reading.rejected.len(), 5);
}

#[test]
fn a_study_that_numbers_its_patients_in_two_ways_is_told_once() {
    // 30 patients, each as A1 in the one file and a-001 in the other.
    let sessions: String = (1..=30).map(|n| format!("A{n},2024-01-01,done\n")).collect();
    let pain: String = (1..=30).map(|n| format!("a-{n:03},2024-01-01,3\n")).collect();
    let finding = only(&study(&sessions, &pain).read(), "similar_ids");
    assert!(finding.sentence.starts_with("30 pairs of ids differ only in case"), "{}", finding.sentence);
}

#[test]
fn a_log_that_goes_on_on_another_scale_is_a_warning() {
    // 0–100 with whole tens and ones around 50, then the same patient on 0–10, read on 0–100: 5, 6, 4 …
    let hundred = [50.0, 62.0, 48.0, 55.0, 60.0, 52.0, 47.0, 58.0, 61.0, 49.0, 54.0, 57.0];
    let ten = [5.0, 6.0, 4.0, 5.0, 6.0, 5.0, 4.0, 6.0, 5.0, 5.0, 4.0, 6.0];
    let vas = "[files.pain]\nscale = \"vas100\"\n";
    let forth = diary("P1", hundred.into_iter().chain(ten));
    let back = diary("P2", ten.into_iter().chain(hundred));
    let logs = study("P1,2024-01-01,done\nP2,2024-01-01,done\n", &format!("{forth}{back}")).with("study.toml", vas).read();
    // The change is on the 13th logged day: line 14 of P1, line 26 + 12 of P2. Medians of the ten next to it, on 0–10:
    // 48 47 49 52 54 55 57 58 60 61 → 5.45; 4 4 5 5 5 5 5 6 6 6 → 0.5.
    let findings = found(&logs, "scale_change");
    assert_eq!(findings.len(), 2, "{findings:?}");
    assert!(
        findings[0].starts_with("pain.csv:14 P1's pain is about 5.45 up to 2024-01-12 and about 0.5 from 2024-01-13 on"),
        "{}",
        findings[0]
    );
    assert!(findings[1].starts_with("pain.csv:38 P2's pain is about 0.5 up to 2024-01-12 and about 5"), "{}", findings[1]);
}

#[test]
fn getting_well_is_no_change_of_scale() {
    let down = [7.0, 6.0, 7.0, 5.0, 6.0, 5.0, 4.0, 4.0, 3.0, 3.0, 2.0, 2.0, 1.0, 1.0, 0.0, 1.0, 0.0, 1.0, 1.0, 1.0, 1.0, 0.0, 1.0, 1.0];
    let cured = [7.0; 12].into_iter().chain([0.0; 12]);
    let later = [1.0; 12].into_iter().chain([7.0, 6.0, 1.0, 1.0, 0.0, 5.0, 6.0, 5.0, 6.0, 5.0, 5.0]);
    let pain = format!("{}{}{}", diary("P1", down), diary("P2", cured), diary("P3", later));
    let logs = study("P1,2024-01-01,done\nP2,2024-01-01,done\nP3,2024-01-01,done\n", &pain).read();
    assert!(found(&logs, "scale_change").is_empty(), "{:?}", found(&logs, "scale_change"));
}

#[test]
fn differing_scores_of_a_day_are_listed_day_by_day() {
    let pain = "P1,2024-01-01,6\nP1,2024-01-01,8\nP1,2024-01-02,3\nP2,2024-01-01,2\nP2,2024-01-01,2\nP2,2024-01-03,1\nP2,2024-01-03,1\nP2,2024-01-03,4\n";
    let folder = study("P1,2024-01-01,done\nP2,2024-01-01,done\n", pain);
    let logs = folder.read();
    assert_eq!(
        found(&logs, "conflicting_pain"),
        [
            "pain.csv:3 P1 has 2 scores from 6 to 8 on 2024-01-01; the day's worst, 8, is used.",
            "pain.csv:9 P2 has 3 scores from 1 to 4 on 2024-01-03; the day's worst, 4, is used.",
        ]
    );
    // P2's 2 of 2024-01-01 stands there twice.
    assert_eq!(found(&logs, "repeated_rows"), ["pain.csv:6 1 row says a day's pain score again and was merged into it."]);
}

#[test]
fn a_study_may_refuse_days_whose_scores_differ() {
    let pain = "P1,2024-01-01,6\nP1,2024-01-01,8\nP1,2024-01-02,3\nP2,2024-01-01,2\nP2,2024-01-01,2\nP2,2024-01-01,x\nP3,2024-01-01,1\nP3,2024-01-01,2\n";
    let logs = study("P1,2024-01-01,done\n", pain).with("study.toml", "[checks]\nsame_day_pain = \"refuse\"\n").read();
    let rejected: Vec<(usize, &str, &str, &str)> =
        logs.reading.rejected.iter().map(|row| (row.line, row.rule, row.value.as_str(), row.raw.as_str())).collect();
    assert_eq!(
        rejected,
        [
            (2, "conflicting_pain", "6", "P1,2024-01-01,6"),
            (3, "conflicting_pain", "8", "P1,2024-01-01,8"),
            (7, "not_a_number", "x", "P2,2024-01-01,x"),
            (8, "conflicting_pain", "1", "P3,2024-01-01,1"),
            (9, "conflicting_pain", "2", "P3,2024-01-01,2"),
        ]
    );
    assert_eq!(
        logs.reading.rejected[0].sentence,
        "The scores of P1 on 2024-01-01 differ (from 6 to 8), and the study uses none of them then."
    );
    let account = logs.reading.files.iter().find(|account| account.file == "pain.csv").unwrap();
    assert_eq!((account.read, account.used, account.rejected, account.merged), (8, 2, 5, 1));
    // Nobody is left of P3: patients of rejected rows only are no patients.
    assert_eq!(logs.patients.ids, ["P1", "P2"]);
}

#[test]
fn refusing_looks_at_all_files_of_a_log_together() {
    let toml = "[checks]\nsame_day_pain = \"refuse\"\n[[files.pain]]\npath = \"old.csv\"\n[[files.pain]]\npath = \"new.csv\"\n";
    let logs = study("P1,2024-01-01,done\n", "")
        .with("old.csv", format!("{PAIN}P1,2024-01-01,6\nP1,2024-01-02,5\n"))
        .with("new.csv", format!("{PAIN}P1,2024-01-01,7\nP1,2024-01-02,5\nP1,2024-01-03,4\n"))
        .with("study.toml", toml)
        .read();
    let places: Vec<(&str, usize)> = logs.reading.rejected.iter().map(|row| (row.file.as_str(), row.line)).collect();
    assert_eq!(places, [("new.csv", 2), ("old.csv", 2)]);
    assert_eq!(logs.pain.day.len(), 2);
    assert!(logs.reading.files.iter().all(staywell::ingest::FileAccount::balances));
}

#[test]
fn a_diary_that_asks_several_times_a_day_is_told_once() {
    // 60 days with two differing scores each: 60 of 60 days.
    let start = staywell::domain::Day::from_ymd(2024, 1, 1).unwrap();
    let pain: String = (0..60).map(|day| format!("P1,{0},3\nP1,{0},5\n", start.plus(day))).collect();
    let logs = study("P1,2024-01-01,done\n", &pain).read();
    assert!(found(&logs, "conflicting_pain").is_empty());
    assert_eq!(found(&logs, "many_scores_a_day"), ["pain.csv:- 60 days have several scores that differ; the day's worst is used."]);
}

#[test]
fn rules_that_a_study_ignores_are_silent_and_rejections_cannot_be_ignored() {
    let folder = study("P1,2024-01-02,done\nP2,2024-01-02,done\n", "P1,2024-01-01,5\n");
    let logs = folder.with("study.toml", "[checks]\nignore = [\"patient_without_logs\"]\n").read();
    assert!(logs.reading.findings.is_empty());
    let refused = |id: &str| {
        study("P1,2024-01-02,done\n", "P1,2024-01-01,5\n").with("study.toml", format!("[checks]\nignore = [\"{id}\"]\n")).refusal().0
    };
    assert_eq!(
        refused("similar_id"),
        "study.toml: the setting checks.ignore names \"similar_id\", which is no rule (did you mean \"similar_ids\"?)."
    );
    assert_eq!(
        refused("not_a_number"),
        "study.toml: the setting checks.ignore names \"not_a_number\", a rule that rejects rows; rejected rows are always listed."
    );
}

#[test]
fn findings_and_rejected_rows_come_in_the_order_of_their_places() {
    let logs = study("P1,2024-01-02,done\nP2,2024-01-02,done\n", "P1,2024-01-01,5\nP1,2024-01-01,6\nP1,2024-01-02,x\n").read();
    let order: Vec<(String, Option<usize>, &str)> =
        logs.reading.all_findings().map(|found| (found.file.to_owned(), found.line, found.rule)).collect();
    let expected = [("pain.csv", 3, "conflicting_pain"), ("pain.csv", 4, "not_a_number"), ("sessions.csv", 3, "patient_without_logs")];
    assert_eq!(order, expected.map(|(file, line, rule)| (file.to_owned(), Some(line), rule)));
}

#[test]
fn ids_spelt_otherwise_are_suggested_where_no_row_of_a_log_can_be_used() {
    let folder = StudyFolder::empty()
        .with("patients.csv", "patient_id,age\n7,50\n12,40\n")
        .with("sessions.csv", "patient_id,date,status\n7,2024-01-02,done\n")
        .with("pain.csv", "patient_id,date,pain\n007,2024-01-02,4\n007,2024-01-03,4\n012,2024-01-02,4\n");
    let (path, study) = open_study(folder.path(), None).unwrap();
    let checked = check_study(&path, &study, &Asked::default()).unwrap();
    assert_eq!(checked.errors.len(), 1);
    let found = found(&checked.logs, "similar_ids");
    assert_eq!(
        found,
        [
            "pain.csv:2 \"007\" (2 rows) is not in patients.csv, but \"7\" is: one patient?",
            "pain.csv:4 \"012\" (1 row) is not in patients.csv, but \"12\" is: one patient?"
        ]
    );
}
