//! Date orders: declared, settled by the column, or refused.

use super::study::{StudyFolder, pain_rows};

fn pain(rows: &str) -> StudyFolder {
    StudyFolder::clean().with("pain.csv", format!("patient_id,date,pain\n{rows}"))
}

fn days(folder: &StudyFolder) -> Vec<String> {
    pain_rows(&folder.read()).into_iter().map(|row| row.1).collect()
}

#[test]
fn one_date_that_can_be_read_one_way_settles_the_column() {
    let folder = pain("P1,03/04/2024,3\nP1,2024-05-06,3\nP1,31/07/2024,3\n");
    assert_eq!(days(&folder), ["2024-04-03", "2024-05-06", "2024-07-31"]);
    let layout = &folder.read().reading.files[1].layout;
    assert_eq!(layout, "comma-separated · decimal point · date day first (settled by 31/07/2024 on line 4) · UTF-8");
    assert_eq!(days(&pain("P1,03-04-2024 08:30,3\nP1,7-31-2024 23:59,3\n")), ["2024-03-04", "2024-07-31"]);
}

#[test]
fn dates_that_nothing_settles_are_refused_with_both_readings() {
    let (sentence, hint) = pain("P1,2024-01-01,3\nP1,03/04/2024,3\nP1,05/06/2024,3\n").refusal();
    assert_eq!(
        sentence,
        "pain.csv, line 3, column date: \"03/04/2024\" may be 2024-04-03 (day first) or 2024-03-04 (month first), and no date in the column settles which."
    );
    assert_eq!(hint, "Say which in study.toml: [files.pain] date_order = \"day-first\" or date_order = \"month-first\"");
}

#[test]
fn dates_in_both_orders_are_refused_with_a_witness_of_each() {
    let (sentence, _) = pain("P1,31/03/2024,3\nP1,04/05/2024,3\nP1,03/31/2024,3\n").refusal();
    assert_eq!(
        sentence,
        "pain.csv, column date: \"31/03/2024\" (line 2) can only be day first and \"03/31/2024\" (line 4) only month first, so the other dates cannot be trusted."
    );
}

#[test]
fn the_declared_order_is_followed() {
    let toml = |order| format!("[files.pain]\ndate_order = \"{order}\"\n");
    let rows = "P1,03/04/2024,3\n";
    assert_eq!(days(&pain(rows).with("study.toml", toml("day-first"))), ["2024-04-03"]);
    assert_eq!(days(&pain(rows).with("study.toml", toml("month-first"))), ["2024-03-04"]);
}

#[test]
fn each_date_column_of_a_program_settles_its_own_order() {
    let folder = StudyFolder::clean().with("programs.csv", "patient_id,start,completed_on\nP1,31/01/2024,02/28/2024\nP2,02/01/2024,\n");
    let programs = folder.read().programs;
    assert_eq!(programs.of(0)[0].completed_on.unwrap().to_string(), "2024-02-28");
    assert_eq!(programs.of(1)[0].start.to_string(), "2024-01-02");
}

#[test]
fn the_local_day_of_a_date_time_counts_and_the_last_log_is_the_cut_off() {
    let folder = pain("P1,2024-01-01T23:30:00-08:00,3\nP1,2024-03-02 00:10:00+02:00,3\n");
    assert_eq!(days(&folder), ["2024-01-01", "2024-03-02"]);
    let logs = folder.read();
    assert_eq!((logs.cut_off.to_string().as_str(), logs.cut_off_declared), ("2024-03-02", false));
}
