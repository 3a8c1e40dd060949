//! Several programs of one patient.

use staywell::ingest::{OverlappingPrograms, Place, overlapping_programs};

use super::study::StudyFolder;

const HEADER: &str = "patient_id,start,planned_end,completed_on,outcome,prescribed_per_week\n";

fn with_programs(rows: &str) -> StudyFolder {
    StudyFolder::clean().with("programs.csv", format!("{HEADER}{rows}"))
}

#[test]
fn all_programs_of_a_patient_are_kept_by_start_with_their_lines() {
    let logs = with_programs("P2,2024-05-01,,,,2\nP1,2024-03-01,,,,3\nP2,2024-01-01,,2024-02-01,completed,4\n").read();
    assert_eq!(logs.programs.offsets, [0, 1, 3]);
    let starts: Vec<String> = logs.programs.record.iter().map(|record| record.start.to_string()).collect();
    assert_eq!(starts, ["2024-03-01", "2024-01-01", "2024-05-01"]);
    assert_eq!(logs.programs.place.iter().map(|place| place.line).collect::<Vec<_>>(), [3, 4, 2]);
    assert_eq!(logs.programs.of(1)[0].prescribed_per_week, Some(4.0));
    assert_eq!(logs.reading.rejected, []);
}

#[test]
fn a_row_that_says_the_same_merges_also_across_files_and_is_counted_for_its_own() {
    let toml = "[[files.programs]]\npath = \"old.csv\"\n[[files.programs]]\npath = \"new.csv\"\n";
    let old = format!("{HEADER}P1,2024-01-01,2024-02-01,,completed,3\n");
    let new = format!("{HEADER}P2,2024-01-01,,,,\nP1,2024-01-01,2024-02-01,,completed,3.0\n");
    let logs = StudyFolder::clean().with("old.csv", old).with("new.csv", new).with("study.toml", toml).read();
    let account = |name: &str| {
        let account = logs.reading.files.iter().find(|account| account.file == name).unwrap();
        assert!(account.balances());
        (account.read, account.used, account.rejected, account.merged)
    };
    assert_eq!((account("old.csv"), account("new.csv")), ((1, 1, 0, 0), (2, 1, 0, 1)));
    assert_eq!(logs.reading.notes, ["Programs: 1 row said the same as another and merged into it."]);
    let file = |patient: usize| logs.reading.files[logs.programs.place[logs.programs.rows(patient).start].file as usize].file.clone();
    assert_eq!((file(0), file(1)), ("old.csv".to_owned(), "new.csv".to_owned()));
}

#[test]
fn of_two_programs_with_one_start_the_first_row_stands() {
    let folder = with_programs("P1,2024-01-01,,2024-02-01,completed,3\nP1,2024-03-01,,,,2\nP1,01.01.2024,,2024-02-15,completed,3\n");
    let folder = folder.with("study.toml", "[files.programs]\ndate_order = \"day-first\"\n");
    let found = folder.rejection();
    assert_eq!((found.file.as_str(), found.line, found.column.as_str(), found.value.as_str()), ("programs.csv", 4, "start", "01.01.2024"));
    assert_eq!(found.rule, "conflicting_program");
    assert_eq!(found.sentence, "Patient \"P1\" has another program from 2024-01-01 that says something else: programs.csv, line 2.");
    assert_eq!(found.raw, "P1,01.01.2024,,2024-02-15,completed,3");
    let logs = folder.read();
    assert_eq!(logs.programs.of(0).iter().map(|program| program.prescribed_per_week).collect::<Vec<_>>(), [Some(3.0), Some(2.0)]);
    assert_eq!((logs.reading.files[0].used, logs.reading.files[0].rejected), (2, 1));
}

#[test]
fn overlaps_are_found_against_the_earlier_program_that_lasts_longest() {
    let day = |text: &str| staywell::domain::Day::parse_iso(text).unwrap();
    // The second starts on the first one's last day, the third inside the first; the fourth after a program left early.
    let rows = "P1,2024-01-01,,2024-06-30,completed,\nP1,2024-06-30,2024-06-30,,,\nP1,2024-02-01,2024-03-01,,,\n\
                P2,2024-01-01,2024-06-30,,dropped_out,\nP2,2024-02-01,2024-03-01,,,\nP2,2024-03-02,,,,\n";
    let logs = with_programs(rows).read();
    let place = |line| Place { file: 0, line };
    let first = |later, later_start| OverlappingPrograms {
        patient: 0,
        earlier: place(2),
        earlier_start: day("2024-01-01"),
        earlier_end: day("2024-06-30"),
        later: place(later),
        later_start: day(later_start),
    };
    assert_eq!(overlapping_programs(&logs.programs), [first(4, "2024-02-01"), first(3, "2024-06-30")]);
    let found = logs.reading.findings.iter().find(|finding| finding.rule == "overlapping_programs").unwrap();
    assert_eq!((found.file.as_str(), found.line, found.patient.as_deref()), ("programs.csv", Some(3), Some("P1")));
    assert_eq!(
        found.sentence,
        "P1's program from 2024-06-30 starts before the one from 2024-01-01 ends on 2024-06-30 (programs.csv, line 2); both are kept."
    );
}

#[test]
fn pain_before_the_first_of_several_programs_is_what_lies_before_the_program() {
    let folder = with_programs("P1,2024-02-01,,,,\nP1,2024-01-05,,2024-01-20,completed,\n");
    let folder = folder.with("study.toml", "[checks]\npain_before_program = \"reject\"\n");
    let found = folder.rejection();
    assert_eq!((found.line, found.sentence.as_str()), (2, "2024-01-01 lies before the program's start, 2024-01-05."));
}
