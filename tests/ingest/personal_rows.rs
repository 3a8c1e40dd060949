//! Rejected rows of files with personal columns, and patient ids that are personal: what of them is shown.

use staywell::ingest::{Asked, Finding, Logs, Pseudonyms, open_study, read_study_as};

use super::study::{PAIN, SESSIONS, StudyFolder};

fn rejected_row(header: &str, row: &str) -> staywell::ingest::Rejected {
    StudyFolder::clean()
        .with("pain.csv", format!("{header}\nP1,Anna Meier,2024-01-01,6,ok\nP2,Urs Keller,2024-01-02,5,\n{row}\n"))
        .rejection()
}

const HEADER: &str = "patient_id,name,date,pain,comment";

#[test]
fn personal_cells_of_rejected_rows_are_blanked_and_the_others_stay() {
    let row = rejected_row(HEADER, "P1, \"Anna Meier\" ,2024-01-09,11,");
    assert_eq!((row.line, row.value.as_str(), row.rule), (4, "11", "pain_out_of_range"));
    assert_eq!(row.raw, "P1,[removed],2024-01-09,11,");
    // A comment after the name may be a piece of the name.
    assert_eq!(rejected_row(HEADER, "P1,Anna,2024-01-09,11,Meier").raw, "P1,[removed],2024-01-09,11,[removed]");
    let before = "patient_id,comment,date,pain,name";
    let folder = StudyFolder::clean().with("pain.csv", format!("{before}\nP1,fine today,2024-01-01,6,Anna Meier\nP2,,2024-01-02,12,Urs\n"));
    assert_eq!(folder.rejection().raw, "P2,,2024-01-02,12,[removed]");
    let folder = folder.with("pain.csv", format!("{before}\nP1,,2024-01-01,6,Anna Meier\nP2,\"so, so\",2024-01-02,12,Urs\n"));
    assert_eq!(folder.rejection().raw, "P2,\"so, so\",2024-01-02,12,[removed]");
}

#[test]
fn rows_whose_cells_cannot_be_told_apart_are_withheld_with_the_reason() {
    let apart = "[not shown: the file has personal columns, and the cells of this row cannot be told apart]";
    let row = rejected_row(HEADER, "P1,Meier, Anna,2024-01-09,6,ok");
    assert_eq!((row.line, row.rule, row.raw.as_str()), (4, "wrong_number_of_cells", apart));
    let row = rejected_row(HEADER, "P1,\"Anna Meier,2024-01-09,6,ok");
    assert_eq!((row.rule, row.value.as_str(), row.raw.as_str()), ("unterminated_quote", "", apart));
    // One separator too many, and as many cells as the header: a first name stands where the date should.
    let row = rejected_row(HEADER, "P1,Meier, Anna,2024-01-09,6");
    assert_eq!((row.line, row.rule, row.value.as_str(), row.also.as_str()), (4, "invalid_date", "[removed]", "not_a_number"));
    assert_eq!(row.sentence, "A cell does not hold what its column should; its text is not shown, because the file has personal columns.");
    assert_eq!(row.raw, "[not shown: the file has personal columns, and cells of this row may stand in the wrong columns]");
}

#[test]
fn rows_of_files_without_personal_columns_stay_as_they_are() {
    let folder = StudyFolder::clean().with("pain.csv", format!("{PAIN}P1,soon,Anna\n"));
    assert_eq!(folder.rejection().raw, "P1,soon,Anna");
    let folder = StudyFolder::clean().with("pain.csv", format!("{PAIN}P1,2024-01-09\n"));
    assert_eq!(folder.rejection().raw, "P1,2024-01-09");
}

#[test]
fn a_name_where_the_age_should_be_withholds_the_row() {
    let patients = "patient_id,age,name\nP1,40,Meier\nP2,50,Huber\nP1,Meier,40\n";
    let row = StudyFolder::clean().with("patients.csv", patients).rejection();
    assert_eq!((row.line, row.rule, row.value.as_str()), (4, "repeated_patient", "[removed]"));
    assert!(row.raw.starts_with("[not shown: "), "{}", row.raw);
}

#[test]
fn a_program_row_rejected_for_another_one_is_cleaned_too() {
    let programs = "patient_id,start,outcome,name\nP1,2024-01-01,completed,Anna Meier\nP2,2024-01-01,,Urs Frei\nP1,2024-01-01,dropped_out,Anna Meier\n";
    let row = StudyFolder::clean().with("programs.csv", programs).rejection();
    assert_eq!((row.rule, row.raw.as_str()), ("conflicting_program", "P1,2024-01-01,dropped_out,[removed]"));
}

/// The clean study with files of its own, read with pseudonyms.
fn pseudonymized(folder: &StudyFolder) -> (Pseudonyms, Logs) {
    let pseudonyms = Pseudonyms::new(b"0123456789abcdef").unwrap();
    let (path, study) = open_study(folder.path(), None).unwrap();
    let options = Asked { pseudonyms: Some(pseudonyms.clone()), ..Asked::default() };
    (pseudonyms, read_study_as(&path, &study, &options).unwrap())
}

#[test]
fn two_spellings_of_one_patient_are_found_behind_their_pseudonyms() {
    let pain = "patient_id,date,pain\nMeier-007,2024-01-01,6\nMEIER 7,2024-01-02,5\nFREI-001,2024-01-01,5\n";
    let sessions = "patient_id,date\nMeier-007,2024-01-01\nFREI-001,2024-01-01\n";
    let folder = StudyFolder::empty().with("pain.csv", pain).with("sessions.csv", sessions);
    let (pseudonyms, logs) = pseudonymized(&folder);
    let similar: Vec<&Finding> = logs.reading.findings.iter().filter(|finding| finding.rule == "similar_ids").collect();
    let (one, other) = (pseudonyms.of("Meier-007"), pseudonyms.of("MEIER 7"));
    assert_eq!(similar.len(), 1, "{:?}", logs.reading.findings);
    assert!(similar[0].sentence.contains(&one) && similar[0].sentence.contains(&other), "{}", similar[0].sentence);
    assert_eq!((similar[0].file.as_str(), similar[0].line), ("pain.csv", Some(3)));
    // An id that is one letter off one of the roster.
    let folder = folder.with("patients.csv", "patient_id\nMeier-007\nFREI-001\n").with("pain.csv", pain.replace("MEIER 7", "Meyer-007"));
    let (pseudonyms, logs) = pseudonymized(&folder);
    let typo = pseudonyms.of("Meyer-007");
    let wanted = format!("\"{typo}\" (1 row) is not in patients.csv, but \"{one}\" is: one patient?");
    assert!(logs.reading.findings.iter().any(|finding| finding.sentence == wanted), "{:?}", logs.reading.findings);
    assert_eq!(logs.reading.rejected[0].raw, format!("{typo},2024-01-02,5"));
}

#[test]
fn an_id_in_a_column_of_another_meaning_is_not_shown() {
    let folder = StudyFolder::empty()
        .with("pain.csv", "patient_id,date,pain\n10017,2024-01-01,6\n10018,2024-01-02,5\n10017,2024-01-03,10018\n10018,2024-01-04,11\n")
        .with("sessions.csv", "patient_id,date\n10017,2024-01-01\n10018,2024-01-01\n")
        .with("patients.csv", "patient_id,age,twin,again,weight\n10017,40,10018,10017,10018\n10018,41,10017,10018,70\n");
    let (pseudonyms, logs) = pseudonymized(&folder);
    let shown = format!("{:?}", (&logs.patients, &logs.reading));
    // A weight is a number, whatever patients are called.
    assert_eq!(shown.matches("10018").count(), 1, "{shown}");
    assert_eq!(shown.matches("10017").count(), 0, "{shown}");
    assert!(shown.contains("again\\\" repeats the patient id"), "{shown}");
    assert_eq!(logs.reading.rejected[1].raw, format!("{},2024-01-04,11", pseudonyms.of("10018")));
    assert!(logs.patients.ids.is_sorted());
}

#[test]
fn ids_that_look_personal_are_warned_of_and_stay() {
    let folder = |a: &str, b: &str, c: &str| {
        let pain = format!("patient_id,date,pain\n\"{a}\",2024-01-01,6\n\"{b}\",2024-01-02,5\n\"{c}\",2024-01-02,5\n");
        StudyFolder::clean().with("pain.csv", pain).with("sessions.csv", SESSIONS)
    };
    for (what, [a, b, c]) in [
        ("e-mail addresses", ["anna@x.ch", "urs@x.ch", "eva@x.ch"]),
        ("names of people", ["Meier, Anna", "Keller, Urs", "Frei, Eva"]),
        ("phone numbers", ["+41 79 123 45 67", "+41 79 123 45 68", "+41 79 123 45 69"]),
    ] {
        let logs = folder(a, b, c).read();
        assert!(logs.patients.ids.iter().any(|id| id == a));
        let warnings: Vec<&Finding> = logs.reading.findings.iter().filter(|finding| finding.rule == "personal_ids").collect();
        assert_eq!(warnings.len(), 1);
        assert_eq!((warnings[0].file.as_str(), warnings[0].column.as_str()), ("pain.csv", "patient_id"));
        assert_eq!(warnings[0].sentence, format!("The patient ids look like {what} and stand in every table and on every page."));
    }
    for [a, b, c] in
        [["P1", "P2", "P3"], ["MUELLER-1967", "HUBER-1980", "FREI-1950"], ["1", "2", "3"], ["2024-001", "2024-002", "2024-003"]]
    {
        assert!(!folder(a, b, c).read().reading.findings.iter().any(|finding| finding.rule.starts_with("personal")), "{a}");
    }
}
