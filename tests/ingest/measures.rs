//! Questionnaires and other measurements.

use staywell::domain::Day;
use staywell::ingest::{Finding, Logs};

use super::study::StudyFolder;

const HEADER: &str = "patient_id,date,measure,value\n";

fn read(rows: &str) -> Logs {
    StudyFolder::clean().with("measures.csv", format!("{HEADER}{rows}")).read()
}

fn account(logs: &Logs) -> (usize, usize, usize, usize) {
    let account = logs.reading.files.iter().find(|account| account.file == "measures.csv").unwrap();
    assert!(account.balances());
    (account.read, account.used, account.rejected, account.merged)
}

fn rows(logs: &Logs, patient: usize) -> Vec<(String, &str, f64)> {
    let log = &logs.measures;
    log.rows(patient).map(|row| (Day(log.day[row]).to_string(), log.names[log.measure[row] as usize].as_str(), log.value[row])).collect()
}

fn found<'a>(logs: &'a Logs, rule: &str) -> Vec<&'a Finding> {
    logs.reading.findings.iter().filter(|finding| finding.rule == rule).collect()
}

fn day(text: &str, measure: &'static str, value: f64) -> (String, &'static str, f64) {
    (text.to_owned(), measure, value)
}

#[test]
fn measurements_are_sorted_by_patient_day_and_measure() {
    let logs =
        read("P2,2024-01-02,RMDQ,11\nP1,2024-03-01,ODI,22\nP1,2024-01-01,odi,40.5\nP1,2024-01-01,flexion_cm,-3\nP1,2024-01-01,ODI1,2\n");
    // The spelling met first is kept: "ODI" stands above "odi".
    assert_eq!(logs.measures.names, ["ODI", "ODI1", "RMDQ", "flexion_cm"]);
    let first = "2024-01-01";
    assert_eq!(
        rows(&logs, 0),
        [day(first, "ODI", 40.5), day(first, "ODI1", 2.0), day(first, "flexion_cm", -3.0), day("2024-03-01", "ODI", 22.0)]
    );
    assert_eq!(rows(&logs, 1), [day("2024-01-02", "RMDQ", 11.0)]);
    assert_eq!(account(&logs), (5, 5, 0, 0));
    assert_eq!(logs.measures.places.of(0).unwrap().line, 4);
}

#[test]
fn bad_values_are_rejected_with_their_place() {
    let logs = read("P1,2024-01-01,ODI,high\nP1,2024-01-01,,7\nP1,2024-01-01,ODI,\nP1,soon,ODI,8\nP1,2024-01-01,RMDQ,9\n");
    let rejected: Vec<_> = logs.reading.rejected.iter().map(|row| (row.line, row.rule, row.column.as_str())).collect();
    assert_eq!(
        rejected,
        [(2, "not_a_number", "value"), (3, "missing_value", "measure"), (4, "missing_value", "value"), (5, "invalid_date", "date")]
    );
    assert_eq!((account(&logs), rows(&logs, 0)), ((5, 1, 4, 0), vec![day("2024-01-01", "RMDQ", 9.0)]));
    assert_eq!(logs.measures.names, ["RMDQ"], "a measure of rejected rows only is none");
}

#[test]
fn of_several_values_of_a_day_the_last_one_counts_and_the_difference_is_said() {
    let logs = read("P1,2024-01-01,ODI,40\nP1,2024-01-01,RMDQ,9\nP1,2024-01-01,odi,42\nP1,2024-01-01,RMDQ,9\n");
    assert_eq!(rows(&logs, 0), [day("2024-01-01", "ODI", 42.0), day("2024-01-01", "RMDQ", 9.0)]);
    assert_eq!(account(&logs), (4, 2, 0, 2));
    let conflicts = found(&logs, "conflicting_measure");
    assert_eq!(conflicts.len(), 1);
    assert_eq!((conflicts[0].line, conflicts[0].value.as_str(), conflicts[0].patient.as_deref()), (Some(4), "42", Some("P1")));
    assert_eq!(conflicts[0].sentence, "P1 has ODI of 40 and 42 on 2024-01-01; the last one in the files, 42, is used.");
    assert_eq!(found(&logs, "repeated_rows").len(), 1);
}

#[test]
fn several_files_are_one_log_and_may_have_their_own_names_and_decimal_marks() {
    let toml = "[[files.measures]]\npath = \"odi.csv\"\n[[files.measures]]\npath = \"fb.csv\"\ncolumns = { patient_id = \"Kennung\" }\n\
                date_order = \"day-first\"\n";
    let logs = StudyFolder::clean()
        .with("odi.csv", format!("{HEADER}P1,2024-01-01,ODI,40\n"))
        .with("fb.csv", "Kennung;Datum;Fragebogen;Wert\nP1;01.01.2024;ODI;40,0\nP2;03.02.2024;PGIC;2,5\n")
        .with("study.toml", toml)
        .read();
    assert_eq!(rows(&logs, 0), [day("2024-01-01", "ODI", 40.0)]);
    assert_eq!(rows(&logs, 1), [day("2024-02-03", "PGIC", 2.5)]);
    let merged: Vec<usize> = logs.reading.files.iter().filter(|file| file.kind.as_str() == "measures").map(|file| file.merged).collect();
    assert_eq!(merged, [1, 0]);
}

#[test]
fn a_measure_may_be_the_last_thing_logged() {
    let logs = read("P1,2025-06-01,ODI,40\n");
    assert_eq!(logs.cut_off.to_string(), "2025-06-01");
}

#[test]
fn a_column_for_each_measure_is_read_as_a_row_for_each() {
    let wide = "patient_id,date,ODI,RMDQ,remark\n\
                P2,2024-01-02,30,,\n\
                P1,2024-01-01,40,12,fine\n\
                P1,2024-02-01,,,\n\
                P1,2024-03-01,low,9,\n\
                P1,2024-01-01,40,13,\n";
    let logs = StudyFolder::clean().with("measures.csv", wide).read();
    // The second row of the first day says something else of one measure and the same of the other: the last one counts for both.
    assert_eq!(rows(&logs, 0), [day("2024-01-01", "ODI", 40.0), day("2024-01-01", "RMDQ", 13.0), day("2024-03-01", "RMDQ", 9.0)]);
    assert_eq!(rows(&logs, 1), [day("2024-01-02", "ODI", 30.0)]);
    assert_eq!(logs.measures.names, ["ODI", "RMDQ"]);
    // The row above it is merged as a whole; the one without any value is rejected.
    assert_eq!(account(&logs), (5, 3, 1, 1));
    assert_eq!((logs.reading.rejected[0].line, logs.reading.rejected[0].rule), (4, "missing_value"));
    let unread: Vec<_> = found(&logs, "cell_not_read").iter().map(|finding| (finding.line, finding.column.clone())).collect();
    assert_eq!(unread, [(Some(3), "remark".to_owned()), (Some(5), "ODI".to_owned())]);
    let conflicts: Vec<_> = found(&logs, "conflicting_measure").iter().map(|finding| finding.sentence.clone()).collect();
    assert_eq!(conflicts, ["P1 has RMDQ of 12 and 13 on 2024-01-01; the last one in the files, 13, is used."]);
    assert!(found(&logs, "columns_not_used").is_empty());
}

#[test]
fn measures_are_checked_against_the_roster_and_personal_columns_are_no_measures() {
    let logs = StudyFolder::clean()
        .with("patients.csv", "patient_id,age\nP1,40\nP2,50\n")
        .with("measures.csv", "patient_id,date,Telefon,ODI\nP1,2024-01-01,079 555 12 34,40\nP9,2024-01-01,079 555 12 35,30\n")
        .read();
    assert_eq!((rows(&logs, 0), account(&logs)), (vec![day("2024-01-01", "ODI", 40.0)], (2, 1, 1, 0)));
    assert_eq!(logs.reading.rejected[0].rule, "unknown_patient");
    assert_eq!(logs.measures.names, ["ODI"]);
    assert_eq!(found(&logs, "personal_column").len(), 1);
}
