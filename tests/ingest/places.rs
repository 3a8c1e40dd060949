//! Every row kept knows its file and physical line.

use staywell::domain::Day;
use staywell::ingest::{Logs, Place, Places};

use super::redcap::{DICTIONARY, RAW, TOML, study};
use super::study::{SESSIONS, StudyFolder};

/// File name and line of each row.
fn places(logs: &Logs, places: &Places, rows: usize) -> Vec<(String, usize)> {
    let named = |place: Place| (logs.reading.files[place.file].file.clone(), place.line);
    (0..rows).map(|row| named(places.of(row).unwrap())).collect()
}

fn at(places: &[(&str, usize)]) -> Vec<(String, usize)> {
    places.iter().map(|&(file, line)| (file.to_owned(), line)).collect()
}

#[test]
fn a_sorted_log_leaves_out_rejected_rows_and_rows_merged_into_others() {
    let pain = "patient_id,date,pain\nP1,2024-01-01,6\n\nP1,2024-01-02,2\nP1,2024-01-02,8\nP1,soon,4\n\"P1\",\"2024-01-04\",\"5\n\"\nP2,2024-01-02,5\n";
    for (rule, second_day) in [("max", 5), ("mean", 4), ("last", 5)] {
        let toml = format!("[checks]\nsame_day_pain = \"{rule}\"\n");
        let logs = StudyFolder::clean().with("pain.csv", pain).with("study.toml", toml).read();
        let expected = [("pain.csv", 2), ("pain.csv", second_day), ("pain.csv", 7), ("pain.csv", 9)];
        assert_eq!(places(&logs, &logs.pain.places, 4), at(&expected), "{rule}");
        assert_eq!(logs.pain.places.of(4), None);
    }
}

#[test]
fn a_log_of_several_files_in_any_order_is_traced_to_each_of_them() {
    let toml = "[[files.pain]]\npath = \"old.csv\"\n[[files.pain]]\npath = \"new.csv\"\n";
    let old = "patient_id,date,pain\nP2,2024-01-09,1\nP1,2024-01-03,3\nP2,2024-01-01,7\nP1,2024-01-01,6\n";
    let new = "\npatient_id,date,pain\nP1,2024-01-03,2\nP1,2024-01-02,4\nP2,2024-01-09,6\n";
    let events = "patient_id,date,event\nP2,2024-03-01,imaging\nP1,2024-02-01,surgery\n";
    let sessions = "patient_id,date,phase,status\nP2,2024-01-05,strengthening,done\nP1,2024-01-04,strengthening,done\nP2,2024-01-05,strengthening,done\nP1,2024-01-02,strengthening,missed\n";
    let folder = StudyFolder::clean().with("old.csv", old).with("new.csv", new).with("events.csv", events).with("sessions.csv", sessions);
    let logs = folder.with("study.toml", toml).read();
    let days: Vec<String> = logs.pain.day.iter().map(|&day| Day(day).to_string()).collect();
    assert_eq!(days, ["2024-01-01", "2024-01-02", "2024-01-03", "2024-01-01", "2024-01-09"]);
    let expected = [("old.csv", 5), ("new.csv", 4), ("old.csv", 3), ("old.csv", 4), ("new.csv", 5)];
    assert_eq!(places(&logs, &logs.pain.places, 5), at(&expected));
    assert_eq!(places(&logs, &logs.sessions.places, 3), at(&[("sessions.csv", 5), ("sessions.csv", 3), ("sessions.csv", 2)]));
    assert_eq!(places(&logs, &logs.events.places, 2), at(&[("events.csv", 3), ("events.csv", 2)]));
}

#[test]
fn sessions_in_order_keep_their_lines_past_equal_rows() {
    let sessions =
        format!("{SESSIONS}P3,2024-01-05,strengthening,done\nP3,2024-01-05,strengthening,done\nP3,2024-01-06,strengthening,done\n");
    let lines = sessions.lines().count();
    let logs = StudyFolder::clean().with("sessions.csv", sessions).read();
    let rows = logs.sessions.day.len();
    let found = places(&logs, &logs.sessions.places, rows);
    assert_eq!(found[rows - 2..], at(&[("sessions.csv", lines - 2), ("sessions.csv", lines)]));
}

#[test]
fn rows_of_unfolded_tables_stand_on_the_lines_of_the_file() {
    let wide = "id;start;T0;T1\n\nB;13.02.2024;1;2\nA;01.02.2024;3;4\n";
    let toml = "[files.pain]\npath = \"wide.csv\"\nwide = { columns = \"T*\", value = \"pain\", start = \"start\", first = 0 }\n";
    let logs = StudyFolder::clean().with("wide.csv", wide).with("study.toml", toml).read();
    assert_eq!(places(&logs, &logs.pain.places, 4), at(&[("wide.csv", 4), ("wide.csv", 4), ("wide.csv", 3), ("wide.csv", 3)]));

    let logs = study(RAW, DICTIONARY, TOML).read();
    assert_eq!(places(&logs, &logs.pain.places, 3), at(&[("DATA.csv", 3), ("DATA.csv", 4), ("DATA.csv", 11)]));
    assert_eq!(places(&logs, &logs.sessions.places, 3), at(&[("DATA.csv", 6), ("DATA.csv", 7), ("DATA.csv", 12)]));
    let roster: Vec<usize> = logs.patients.places.iter().map(|place| place.unwrap().line).collect();
    assert_eq!(roster, [2, 9]);
}

#[test]
fn findings_about_rows_of_unfolded_tables_name_the_lines_of_the_file() {
    let wide = "id;start;T0;T1\n\nP2;13.02.2024;1;2\nP1;01.02.2024;3;4\n";
    let toml = "[files.pain]\npath = \"wide.csv\"\nwide = { columns = \"T*\", value = \"pain\", start = \"start\", first = 0 }\n";
    let events = "patient_id,date,event\nP1,2024-02-01,death\n";
    let logs = StudyFolder::clean().with("wide.csv", wide).with("events.csv", events).with("study.toml", toml).read();
    let found: Vec<(&str, &str, usize)> = logs
        .reading
        .findings
        .iter()
        .filter(|finding| finding.rule == "log_after_death")
        .map(|finding| (finding.file.as_str(), finding.value.as_str(), finding.line.unwrap()))
        .collect();
    assert_eq!(found, [("wide.csv", "2024-02-02", 4)]);

    let more = "patient_id,start,completed_on\n2,2024-02-01,2024-06-01\n";
    let toml = TOML.replace("[files.programs]", "[[files.programs]]") + "[[files.programs]]\npath = \"more.csv\"\n";
    let rejected = study(RAW, DICTIONARY, &toml).with("more.csv", more).read().reading.rejected;
    let found = rejected.iter().find(|row| row.rule == "conflicting_program").unwrap();
    assert_eq!((found.file.as_str(), found.line), ("more.csv", 2));
    assert_eq!(found.sentence, "Patient \"2\" has another program from 2024-02-01 that says something else: DATA.csv, line 9.");
}
