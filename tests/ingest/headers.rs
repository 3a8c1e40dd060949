//! The header of a file: its names in many languages, title lines above it, separators at its end.

use super::study::{PAIN, SESSIONS, StudyFolder, pain_rows};

fn expected() -> Vec<(String, String, f64)> {
    [("P1", "2024-01-01", 6.5), ("P1", "2024-01-08", 4.0)].map(|(id, day, score)| (id.to_owned(), day.to_owned(), score)).to_vec()
}

fn read(pain: impl AsRef<[u8]>) -> Vec<(String, String, f64)> {
    let logs = StudyFolder::clean().with("pain.csv", pain).read();
    assert_eq!(logs.reading.rejected, []);
    pain_rows(&logs)
}

#[test]
fn names_of_real_exports_are_known() {
    for header in [
        "Patient-ID;Datum;Schmerz",
        "Patientennummer;Datum;Schmerzstärke (0-10)",
        "Patient_Nr.;Datum (TT.MM.JJJJ);NRS",
        "PatientID;Date of session;pain_nrs",
        "patientId;entryDate;painScore",
        "Subject ID;Date;Average pain",
        "Study participant;Assessment date;VAS score",
        "record_id;date;Pain (0 = no pain, 10 = worst pain imaginable)",
        "ID patient;Date de la séance;Intensité de la douleur",
        "Paciente;Fecha;Dolor",
        "Patiëntnummer;Datum;Pijnscore",
        "\u{a0}PATIENT\u{a0}ID;DATE;PAIN LEVEL",
    ] {
        assert_eq!(read(format!("{header}\nP1;2024-01-01;6,5\nP1;2024-01-08;4\n")), expected(), "{header}");
    }
}

#[test]
fn a_name_that_says_more_than_a_unit_is_not_taken_for_pain() {
    for name in ["pain (before)", "pain (0-7)", "pain_1"] {
        let (sentence, hint) = StudyFolder::clean().with("pain.csv", format!("patient_id,date,{name}\nP1,2024-01-01,3\n")).refusal();
        assert!(sentence.starts_with("pain.csv, line 1: there is no column for pain."), "{sentence}");
        assert_eq!(hint, format!("Add to study.toml: [files.pain] columns = {{ pain = \"{name}\" }}"));
    }
    let (sentence, _) = StudyFolder::clean().with("pain.csv", "patient_id,date,NRS,Schmerz\nP1,2024-01-01,3,3\n").refusal();
    assert_eq!(sentence, "pain.csv, line 1: the columns \"NRS\" and \"Schmerz\" could both be pain.");
}

#[test]
fn title_lines_above_the_header_are_answered_with_skip_lines() {
    for (title, line) in [
        ("Export of 2024-06-01\n\n", 3),
        ("Clinic, Ward 3\nExport,2024\n", 3),
        (",,\n", 2),
        ("a,a,a\n", 2),
        ("Schmerztagebuch;;\r\nStand: 1.6.2024;;\r\n;;\r\n", 4),
    ] {
        let separator = if title.contains(';') { ";" } else { "," };
        let pain = format!("{title}{}", PAIN.replace(',', separator));
        let folder = StudyFolder::clean().with("pain.csv", &pain);
        let (sentence, hint) = folder.refusal();
        assert!(sentence.ends_with(&format!("the column names do not stand here but on line {line}.")), "{sentence}");
        assert_eq!(hint, format!("Add to study.toml: [files.pain] skip_lines = {}", line - 1));
        let logs = folder.with("study.toml", format!("[files.pain]\nskip_lines = {}\n", line - 1)).read();
        assert_eq!(pain_rows(&logs).len(), 3, "{title}");
    }
}

#[test]
fn a_separator_too_many_at_the_end_of_the_header_or_the_rows_loses_nothing() {
    assert_eq!(read("patient_id;date;pain;\nP1;2024-01-01;6,5\nP1;2024-01-08;4,0\n"), expected());
    assert_eq!(read("patient_id;date;pain\nP1;2024-01-01;6,5;\nP1;2024-01-08;4,0;\n"), expected());
    assert_eq!(read("patient_id,date,pain,\nP1,2024-01-01,6.5,\nP1,2024-01-08,4,\n"), expected());
    // A comma in the header and decimal commas in every row do not outweigh three columns by semicolon.
    assert_eq!(read("patient_id;date;pain;note, or none\nP1;2024-01-01;6,5;;\nP1;2024-01-08;4,0;;\n"), expected());
}

#[test]
fn names_of_other_logs_are_known_too() {
    let logs = StudyFolder::clean()
        .with("sessions.csv", SESSIONS.replace("patient_id,date,phase,status", "Patienten-ID,Trainingsdatum,Trainingsphase,Durchgeführt"))
        .with("programs.csv", "Patient,Startdatum,Enddatum,Ergebnis\nP1,2024-01-01,2024-02-01,abgeschlossen\n")
        .read();
    assert_eq!(logs.reading.rejected, []);
    assert_eq!(logs.sessions.day.len(), 2);
    assert_eq!(logs.programs.of(0)[0].completed_on.unwrap().to_string(), "2024-02-01");
}

#[test]
fn a_column_of_answers_that_is_not_read_is_asked_about_where_no_column_is_the_status() {
    let sentence = |sessions: &str| {
        let logs = StudyFolder::clean().with("sessions.csv", sessions).read();
        logs.reading.findings.iter().find(|finding| finding.rule == "columns_not_used").map(|finding| finding.sentence.clone()).unwrap()
    };
    let rows = "P1,2024-01-01,Yes,x\nP1,2024-01-02,No,y\n";
    assert_eq!(
        sentence(&format!("patient_id,date,Did you exercise?,comment\n{rows}")),
        "Columns not used: Did you exercise?, comment. No column is the status, so every row is a session done, but \"Did you exercise?\" holds answers such as \"No\". If it says whether the session was done, add columns = { status = \"Did you exercise?\" } under [files.sessions] in study.toml."
    );
    assert_eq!(sentence("patient_id,date,helped\nP1,2024-01-01,Yes\nP1,2024-01-02,\n"), "Columns not used: helped.");
    let known = "patient_id,date,status,helped\nP1,2024-01-01,done,Yes\nP1,2024-01-02,done,No\n";
    assert_eq!(sentence(known), "Columns not used: helped.");
}

#[test]
fn of_two_columns_an_id_without_a_word_is_proposed_last() {
    let pain = "_id,user.id,date,pain\n9,P1,2024-01-02,4\n";
    let hint = StudyFolder::clean().with("pain.csv", pain).refusal().1;
    assert!(hint.contains("columns = { patient_id = \"user.id\" } or columns = { patient_id = \"_id\" }"), "{hint}");
}
