//! Every rule a row can break: what `rejected.csv` says of it, word for word.

use staywell::ingest::RULES;

use super::study::{PAIN, SESSIONS, StudyFolder};

const SCALE: &str = "Correct the value, or declare the scale the file uses (scale = … under [files.pain]).";

fn check(folder: &StudyFolder, place: (&str, usize, &str, &str), rule: &str, sentence: &str, fix: &str) {
    let row = folder.rejection();
    assert_eq!((row.file.as_str(), row.line, row.column.as_str(), row.value.as_str()), place);
    assert_eq!((row.rule, row.sentence.as_str(), row.fix.as_str(), row.also.as_str()), (rule, sentence, fix, ""));
    assert!(RULES.iter().any(|known| known.id == rule));
}

fn pain(row: &str) -> StudyFolder {
    StudyFolder::clean().with("pain.csv", format!("{PAIN}{row}\n"))
}

fn sessions(header: &str, row: &str) -> StudyFolder {
    StudyFolder::clean().with("sessions.csv", format!("{header}\nP1,2024-01-01,\n{row}\n"))
}

#[test]
fn pain_11_is_off_the_scale() {
    let sentence = "\"11\" lies outside the scale \"0–10 NRS\" (0 to 10 as logged).";
    check(&pain("P1,2024-01-09,11"), ("pain.csv", 5, "pain", "11"), "pain_out_of_range", sentence, SCALE);
}

#[test]
fn pain_7_comma_5_is_no_number_where_commas_separate() {
    let fix = "Write 7.5, or set decimal = \",\" under [files.pain] in study.toml.";
    check(&pain("P1,2024-01-09,\"7,5\""), ("pain.csv", 5, "pain", "7,5"), "not_a_number", "\"7,5\" is not a number.", fix);
}

#[test]
fn pain_in_words_and_no_pain_are_rejected() {
    let fix = "Write a number, or say which one it stands for: words = { pain = { \"…\" = [\"bad\"] } } under [files.pain] in study.toml, with the number for ….";
    check(&pain("P1,2024-01-09,bad"), ("pain.csv", 5, "pain", "bad"), "not_a_number", "\"bad\" is not a number.", fix);
    let fix = "Enter the value, or delete the row if nothing was logged.";
    check(&pain("P1,2024-01-09,"), ("pain.csv", 5, "pain", ""), "missing_value", "The pain score is missing.", fix);
    check(&pain("P1,2024-01-09,NA"), ("pain.csv", 5, "pain", "NA"), "missing_value", "The pain score is missing.", fix);
}

#[test]
fn the_31st_of_february_is_no_day() {
    let folder = StudyFolder::clean().with("pain.csv", "patient_id,date,pain\nP1,30/01/2024,3\nP1,31/02/2024,4\n");
    let sentence = "There is no day \"31/02/2024\" in the calendar read day first.";
    check(&folder, ("pain.csv", 3, "date", "31/02/2024"), "invalid_date", sentence, "Write the date as YYYY-MM-DD, such as 2024-03-31.");
    // Of an ISO date nobody asks what comes first.
    let folder = StudyFolder::clean().with("pain.csv", "patient_id,date,pain\nP1,30/01/2024,3\nP1,2024-02-31,4\n");
    let sentence = "There is no day \"2024-02-31\" in the calendar.";
    check(&folder, ("pain.csv", 3, "date", "2024-02-31"), "invalid_date", sentence, "Write the date as YYYY-MM-DD, such as 2024-03-31.");
}

#[test]
fn dates_that_are_missing_short_or_ancient_are_rejected() {
    let fix = "Write the date as YYYY-MM-DD, such as 2024-03-31.";
    check(&pain("P1,,3"), ("pain.csv", 5, "date", ""), "missing_date", "The date is missing.", "Enter the date.");
    check(&pain("P1,soon,3"), ("pain.csv", 5, "date", "soon"), "invalid_date", "\"soon\" is not a date.", fix);
    let sentence = "\"3/4/24\" has a year of two digits, so its century is not known.";
    let years = "Write the year with four digits, or add two_digit_years = 1950 (49 is 2049, 50 is 1950) under [files.pain] in study.toml.";
    check(&pain("P1,3/4/24,3"), ("pain.csv", 5, "date", "3/4/24"), "invalid_date", sentence, years);
    let sentence = "1024-01-09 lies before 1900.";
    check(&pain("P1,1024-01-09,3"), ("pain.csv", 5, "date", "1024-01-09"), "before_1900", sentence, "Correct the year.");
}

#[test]
fn a_date_after_the_cut_off_is_rejected() {
    let folder = pain("P1,2031-05-05,3").with("study.toml", "[study]\ncut_off = 2024-12-31\n");
    let sentence = "2031-05-05 lies after the cut-off, 2024-12-31.";
    check(&folder, ("pain.csv", 5, "date", "2031-05-05"), "after_cut_off", sentence, "Correct the date, or move study.cut_off.");
    assert_eq!(folder.read().cut_off.to_string(), "2024-12-31");
}

#[test]
fn a_patient_who_is_not_in_the_roster_is_unknown_unless_kept() {
    let folder = pain("X9,2024-01-09,3").with("patients.csv", "patient_id\nP1\nP2\nP3\n");
    let fix = "Add the patient to patients.csv or correct the id; checks.unknown_patient = \"keep\" uses such rows.";
    let sentence = "There is no patient \"X9\" in patients.csv.";
    check(&folder, ("pain.csv", 5, "patient_id", "X9"), "unknown_patient", sentence, fix);
    assert_eq!(folder.read().patients.ids, ["P1", "P2", "P3"]);
    let kept = folder.with("study.toml", "[checks]\nunknown_patient = \"keep\"\n").read();
    assert_eq!(kept.patients.ids, ["P1", "P2", "P3", "X9"]);
}

#[test]
fn a_row_without_a_patient_is_rejected() {
    check(
        &pain(",2024-01-09,3"),
        ("pain.csv", 5, "patient_id", ""),
        "missing_patient_id",
        "The patient id is missing.",
        "Enter the patient id; where each empty cell means the id above it, add fill_down = [\"patient_id\"] under [files.pain] in study.toml.",
    );
}

#[test]
fn ragged_rows_are_rejected_unless_nothing_is_lost() {
    let fix = "Give the row as many cells as the header; quote a cell that contains the separator.";
    check(&pain("P1,2024-01-09"), ("pain.csv", 5, "", ""), "wrong_number_of_cells", "The row has 2 cells, the header 3.", fix);
    check(&pain("P1,2024-01-09,7,5"), ("pain.csv", 5, "", ""), "wrong_number_of_cells", "The row has 4 cells, the header 3.", fix);
    assert_eq!(pain("P1,2024-01-09,7,,").read().reading.rejected, []);
    let trailing = StudyFolder::clean().with("sessions.csv", "patient_id,date,status,phase,minutes\nP1,2024-01-01,missed\n");
    assert_eq!(trailing.read().reading.rejected, []);
    // A line cut off before its status would say that the session was done.
    let folder = sessions("patient_id,date,status", "P1,2024-01-02");
    check(&folder, ("sessions.csv", 3, "", ""), "wrong_number_of_cells", "The row has 2 cells, the header 3.", fix);
}

#[test]
fn numbers_outside_what_a_column_can_hold_are_rejected() {
    let fix = "Correct the value, or leave the cell empty.";
    let folder = sessions("patient_id,date,minutes", "P1,2024-01-02,-20");
    check(&folder, ("sessions.csv", 3, "minutes", "-20"), "out_of_range", "\"-20\" is not 0 or more.", fix);
    let folder = sessions("patient_id,date,fraction_done", "P1,2024-01-02,1.5");
    check(&folder, ("sessions.csv", 3, "fraction_done", "1.5"), "out_of_range", "\"1.5\" is not a share from 0 to 1.", fix);
    let folder = sessions("patient_id,date,technique", "P1,2024-01-02,6");
    check(&folder, ("sessions.csv", 3, "technique", "6"), "out_of_range", "\"6\" is not a grade from 1 to 5.", fix);
}

#[test]
fn an_unknown_word_is_answered_with_the_nearest_known_one() {
    let fix = |words: &str, log: &str| {
        format!(
            "Use one of the known words, leave the cell empty, or say what it means: words = {words} under [files.{log}] in study.toml."
        )
    };
    let folder = sessions("patient_id,date,status", "P1,2024-01-02,misssed");
    let sentence = "\"misssed\" is none of done, partial, missed. Did you mean \"missed\"?";
    let missed = fix("{ status = { missed = [\"misssed\"] } }", "sessions");
    check(&folder, ("sessions.csv", 3, "status", "misssed"), "unknown_word", sentence, &missed);
    let folder = StudyFolder::clean().with("events.csv", "patient_id,date,event\nP1,2024-01-02,party\n");
    let sentence = "\"party\" is none of surgery, injection, imaging, referral, new_program, withdrawn, died.";
    let party = fix("{ event = { \"…\" = [\"party\"] } }", "events");
    check(&folder, ("events.csv", 2, "event", "party"), "unknown_word", sentence, &party);
}

#[test]
fn a_program_that_ends_before_it_starts_is_rejected() {
    let header = "patient_id,start,planned_end,completed_on";
    let folder = StudyFolder::clean().with("programs.csv", format!("{header}\nP1,2024-03-01,2024-06-01,2024-02-01\n"));
    let sentence = "The program ends on 2024-02-01, before it starts on 2024-03-01.";
    let fix = "Correct the start or the end of the program.";
    check(&folder, ("programs.csv", 2, "completed_on", "2024-02-01"), "end_before_start", sentence, fix);
}

#[test]
fn a_patient_listed_twice_is_rejected() {
    let folder = StudyFolder::clean().with("patients.csv", "patient_id,age\nP1,40\nP2,50\nP1,41\n");
    let sentence = "Patient \"P1\" already has a row, whose age is \"40\".";
    check(&folder, ("patients.csv", 4, "patient_id", "P1"), "repeated_patient", sentence, "Keep one row per patient.");
}

#[test]
fn pain_before_the_program_is_kept_unless_the_study_rejects_it() {
    let folder = StudyFolder::clean().with("programs.csv", "patient_id,start\nP1,2024-01-05\n");
    assert_eq!(folder.read().reading.rejected, []);
    let folder = folder.with("study.toml", "[checks]\npain_before_program = \"reject\"\n");
    let sentence = "2024-01-01 lies before the program's start, 2024-01-05.";
    let fix = "Correct the date; checks.pain_before_program = \"keep\" uses such rows.";
    check(&folder, ("pain.csv", 2, "date", "2024-01-01"), "before_program", sentence, fix);
}

#[test]
fn a_row_that_breaks_several_rules_names_them_all() {
    let row = pain("P1,soon,11").rejection();
    assert_eq!((row.rule, row.raw.as_str()), ("invalid_date", "P1,soon,11"));
    assert_eq!(row.also, "pain_out_of_range: \"11\" lies outside the scale \"0–10 NRS\" (0 to 10 as logged).");
}

#[test]
fn all_problems_of_all_files_come_in_one_pass_by_file_and_line() {
    let folder = pain("P1,soon,3\nP1,2024-01-09,12").with("sessions.csv", format!("{SESSIONS}P1,,,\n"));
    let rows: Vec<(String, usize)> = folder.read().reading.rejected.into_iter().map(|row| (row.file, row.line)).collect();
    assert_eq!(rows, [("pain.csv".to_owned(), 5), ("pain.csv".to_owned(), 6), ("sessions.csv".to_owned(), 4)]);
}

#[test]
fn an_id_that_a_spreadsheet_has_shortened_is_nobodys() {
    let sentence = "\"1.23E+11\" is a long number as a spreadsheet shortens it: which patient it was cannot be said.";
    let fix = "Export the file again with the column of the ids as text.";
    check(&pain("1.23E+11,2024-01-09,3"), ("pain.csv", 5, "patient_id", "1.23E+11"), "spreadsheet_error", sentence, fix);
    for id in ["1E+05", "E+1", "A1.2E+11", "1.23E-11"] {
        assert_eq!(pain(&format!("{id},2024-01-09,3")).read().reading.rejected, [], "{id}");
    }
}
