//! Pseudonyms in native files, in foreign layouts, in names of files and on the fast way through plain rows.

use std::path::Path;

use staywell::ingest::{Asked, Conversion, Logs, Pseudonyms, Rejected, convert_study, open_study, read_study, read_study_as};
use staywell::settings::LogKind;

use super::study::{PAIN, SESSIONS, StudyFolder};

fn pseudonyms() -> Pseudonyms {
    Pseudonyms::new(b"0123456789abcdef").unwrap()
}

fn asked() -> Asked {
    Asked { pseudonyms: Some(pseudonyms()), ..Asked::default() }
}

fn read(folder: &StudyFolder) -> Logs {
    let (path, study) = open_study(folder.path(), None).unwrap();
    read_study_as(&path, &study, &asked()).unwrap_or_else(|error| panic!("{error}"))
}

/// The native files by log, in the order in which they were handed on.
fn converted(path: &Path, asked: &Asked) -> (Conversion, Vec<(LogKind, String)>) {
    let (path, study) = open_study(path, None).unwrap();
    let mut files = Vec::new();
    let mut sink = |log: staywell::ingest::NativeLog| files.push((log.kind, String::from_utf8(log.text).unwrap()));
    let conversion = convert_study(&path, &study, asked, &mut sink).unwrap_or_else(|error| panic!("{error}"));
    (conversion, files)
}

fn file(files: &[(LogKind, String)], kind: LogKind) -> &str {
    &files.iter().find(|(known, _)| *known == kind).unwrap().1
}

#[test]
fn an_id_that_is_the_pseudonym_of_another_patient_is_a_patient_of_its_own() {
    let one = pseudonyms().of("P1");
    let pain = format!("patient_id,date,pain\nP1,2024-01-01,5\n{one},2024-01-02,4\n{one},2024-01-03,4\nP1,2024-01-04,3\nP1,2024-01-05,3\n");
    let logs = read(&StudyFolder::clean().with("pain.csv", pain).with("sessions.csv", "patient_id,date\nP1,2024-01-01\n"));
    let other = pseudonyms().of(&one);
    let rows = |id: &str| logs.pain.rows(logs.patients.ids.iter().position(|known| known == id).unwrap()).len();
    assert_eq!((logs.n_patients(), rows(&one), rows(&other)), (2, 3, 2));
}

#[test]
fn native_files_name_patients_by_pseudonym_and_hold_no_personal_cell() {
    let folder = StudyFolder::empty()
        .with(
            "pain.csv",
            "patient_id,date,pain,context\nFREI-2,2024-01-02,5,\nMEIER-1,2024-01-01,6,\"drove FREI-2 home\"\nMEIER-1,2024-01-08,4,\n",
        )
        .with(
            "sessions.csv",
            "patient_id,date,exercise,Telefon,remark\nMEIER-1,2024-01-01,plank,079 555 12 34,with MEIER-1's son\n\
             MEIER-1,2024-01-02,plank,079 555 12 34,\nFREI-2,2024-01-02,bridge,078 555 43 21,\n",
        )
        .with("patients.csv", "patient_id,age,Vorname,partner\nFREI-2,50,Urs,\nMEIER-1,40,Anna,FREI-2\n");
    let (conversion, files) = converted(folder.path(), &asked());
    let (meier, frei) = (pseudonyms().of("MEIER-1"), pseudonyms().of("FREI-2"));
    // Rows stand in the order of the pseudonyms, or the order of the files would tell who is who.
    assert!(meier < frei);
    assert_eq!(file(&files, LogKind::Patients), format!("patient_id,age,partner\n{meier},40,{frei}\n{frei},50,\n"));
    assert_eq!(
        file(&files, LogKind::Pain),
        format!("patient_id,date,pain,context\n{meier},2024-01-01,6,drove {frei} home\n{meier},2024-01-08,4,\n{frei},2024-01-02,5,\n")
    );
    let sessions = file(&files, LogKind::Sessions);
    assert!(sessions.starts_with("patient_id,date,exercise,entry\n"), "{sessions}");
    for (_, text) in &files {
        assert!(!text.contains("MEIER") && !text.contains("FREI") && !text.contains("555") && !text.contains("Anna"), "{text}");
    }
    let of_sessions = conversion.files.iter().find(|file| file.kind == LogKind::Sessions).unwrap();
    assert_eq!(of_sessions.not_carried, ["Telefon", "remark"]);
    // Read again without the key the files give the logs that were converted.
    let again = files.iter().fold(StudyFolder::empty(), |folder, (kind, text)| folder.with(&format!("{}.csv", kind.as_str()), text)).read();
    assert_eq!(again.patients.ids, conversion.logs.patients.ids);
    assert_eq!((&again.pain.day, again.reading.rejected.len()), (&conversion.logs.pain.day, 0));
}

#[test]
fn what_tells_sessions_apart_cannot_be_guessed_from_a_name() {
    let sessions = |name: &str| format!("patient_id,date,Telefon,remark\nP1,2024-01-01,{name},x\nP2,2024-01-02,079 555 43 21,y\n");
    let entries = |name: &str, asked: &Asked| {
        let folder = StudyFolder::clean().with("sessions.csv", sessions(name));
        let (_, files) = converted(folder.path(), asked);
        let shown = |id: &str| asked.pseudonyms.as_ref().map_or_else(|| id.to_owned(), |pseudonyms| pseudonyms.of(id));
        let entry = |id: &str| {
            let row = file(&files, LogKind::Sessions).lines().find(|row| row.starts_with(&shown(id))).unwrap();
            row.rsplit(',').next().unwrap().to_owned()
        };
        ["P1", "P2"].map(entry)
    };
    // Without a key the phone number has no part in it; with one it has, and other columns are hashed with the key as well.
    let (one, other) = ("079 555 12 34", "079 555 12 35");
    assert_eq!(entries(one, &Asked::default()), entries(other, &Asked::default()));
    assert_ne!(entries(one, &asked())[0], entries(other, &asked())[0]);
    assert_eq!(entries(one, &asked())[1], entries(other, &asked())[1]);
    assert_ne!(entries(one, &asked())[1], entries(one, &Asked::default())[1]);
    assert!(entries(one, &asked()).iter().all(|entry| entry.len() == 16));
}

#[test]
fn personal_columns_are_named_as_not_carried_without_pseudonyms_too() {
    let folder = StudyFolder::clean().with("patients.csv", "patient_id,Vorname,Alter\nP1,Anna,40\nP2,Urs,50\n");
    let (conversion, files) = converted(folder.path(), &Asked::default());
    assert_eq!(file(&files, LogKind::Patients), "patient_id,age\nP1,40\nP2,50\n");
    let patients = conversion.files.iter().find(|file| file.kind == LogKind::Patients).unwrap();
    assert_eq!(patients.not_carried, ["Vorname"]);
    assert_eq!(patients.renamed, [("Alter".to_owned(), "age".to_owned())]);
    // A native column with personal cells is not carried either.
    let folder = StudyFolder::clean()
        .with("pain.csv", "patient_id,date,pain,site\nP1,2024-01-01,6,anna@x.ch\nP1,2024-01-08,4,anna@x.ch\nP2,2024-01-02,5,urs@y.ch\n");
    let (_, files) = converted(folder.path(), &Asked::default());
    assert!(file(&files, LogKind::Pain).starts_with("patient_id,date,pain\n"));
}

#[test]
fn a_pain_log_that_is_read_twice_is_handed_on_once() {
    let folder = StudyFolder::clean()
        .with("pain.csv", format!("{PAIN}P2,2024-01-02,7\n"))
        .with("study.toml", "[checks]\nsame_day_pain = \"refuse\"\n");
    for asked in [Asked::default(), asked()] {
        let (conversion, files) = converted(folder.path(), &asked);
        let pain: Vec<&str> = files.iter().filter(|(kind, _)| *kind == LogKind::Pain).map(|(_, text)| text.as_str()).collect();
        assert_eq!((pain.len(), conversion.logs.reading.rejected.len()), (1, 2));
        assert_eq!(pain[0].lines().count(), 3, "{}", pain[0]);
    }
}

#[test]
fn one_file_per_patient_shows_no_id_in_its_name_and_rows() {
    let folder = StudyFolder::empty();
    std::fs::create_dir(folder.path().join("MEIER-1")).unwrap();
    let folder = folder
        .with("sessions.csv", "patient_id,date\nMEIER-1,2024-01-01\nFREI-2,2024-01-01\n")
        .with("MEIER-1/painMEIER-1x.csv", "patient,date,pain\nMEIER-1,2024-01-01,6\nFREI-2,2024-01-02,5\nHUBER-3,2024-01-03,5\n")
        .with("study.toml", "[files.pain]\npatient_from_path = \"MEIER-1/pain*x.csv\"\n");
    let (meier, frei) = (pseudonyms().of("MEIER-1"), pseudonyms().of("FREI-2"));
    let logs = read(&folder);
    let account = logs.reading.files.iter().find(|file| file.kind == LogKind::Pain).unwrap();
    assert_eq!(account.file, format!("{meier}/pain{meier}x.csv"));
    let rows: Vec<&Rejected> = logs.reading.rejected.iter().collect();
    assert_eq!((rows.len(), rows[0].rule, rows[0].value.as_str()), (2, "another_patient", frei.as_str()));
    assert_eq!(rows[0].sentence, format!("The file is \"{meier}\"'s by its name, but the row is \"{frei}\"'s."));
    assert_eq!(rows[0].raw, format!("{frei},2024-01-02,5"));
    let shown = format!("{:?}", logs.reading);
    assert!(!shown.contains("MEIER") && !shown.contains("FREI") && !shown.contains("HUBER"), "{shown}");
    let (conversion, _) = converted(folder.path(), &asked());
    let pain = conversion.files.iter().find(|file| file.kind == LogKind::Pain).unwrap();
    assert_eq!((pain.file.as_str(), pain.patient.as_deref()), (account.file.as_str(), Some(meier.as_str())));
}

#[test]
fn what_differs_in_a_second_row_of_the_roster_may_be_an_id() {
    let folder = StudyFolder::clean()
        .with("sessions.csv", "patient_id,date\n10017,2024-01-01\n")
        .with("pain.csv", "patient_id,date,pain\n10017,2024-01-01,5\n10018,2024-01-01,5\n")
        .with("patients.csv", "patient_id,twin\n10017,10018\n10018,10017\n10017,10019\n");
    let logs = read(&folder);
    let row = &logs.reading.rejected[0];
    let one = pseudonyms().of("10017");
    assert_eq!((row.rule, row.raw.as_str()), ("repeated_patient", format!("{one},[removed]").as_str()));
    assert_eq!(row.sentence, format!("Patient \"{one}\" already has a row, whose twin is something else."));
}

const WIDE: &str =
    "[files.pain]\npath = \"wide.csv\"\nwide = { columns = \"day_*\", value = \"pain\", start_date = 2024-01-01, first = 1 }\n";

/// A wide table with a name beside the id, and a row with a cell too many.
fn wide() -> StudyFolder {
    StudyFolder::empty()
        .with("sessions.csv", SESSIONS)
        .with("study.toml", WIDE)
        .with("wide.csv", "patient_id,Name,day_1,day_2\nP1,Anna Meier,6,5\nP2,Urs Frei,4,3\nP2,Frei, Urs,4,3\n")
}

#[test]
fn personal_columns_that_unfolding_leaves_behind_are_reported() {
    let logs = wide().read();
    let found: Vec<(&str, &str)> = logs
        .reading
        .findings
        .iter()
        .filter(|finding| finding.rule == "personal_column")
        .map(|finding| (finding.file.as_str(), finding.column.as_str()))
        .collect();
    assert_eq!(found, [("wide.csv", "Name")]);
    let row = &logs.reading.rejected[0];
    assert_eq!((row.rule, row.line), ("wrong_number_of_cells", 4));
    assert_eq!(row.raw, "[not shown: the file has personal columns, and the cells of this row cannot be told apart]");
    // It may be kept or dropped by name, as any other column.
    let kept = wide().with("study.toml", format!("{WIDE}[privacy]\nkeep = [\"name\"]\n")).read();
    assert!(!kept.reading.findings.iter().any(|finding| finding.rule == "personal_column"));
    assert_eq!(kept.reading.rejected[0].raw, "P2,Frei,Urs,4,3");
}

#[test]
fn rows_set_aside_by_a_layout_show_no_id_and_no_name() {
    let folder = StudyFolder::empty()
        .with("sessions.csv", "patient_id,date\nMEIER-1,2024-01-01\nFREI-2,2024-01-01\n")
        .with(
            "study.toml",
            "[files.pain]\npath = \"weekly.csv\"\nweekly = { answer = \"reply\", week = \"week\", start = \"start\" }\ncolumns = { patient_id = \"patient_id\" }\n",
        )
        .with(
            "weekly.csv",
            "patient_id,Telefon,start,week,reply\nMEIER-1,079 555 12 34,2024-01-01,1,3\nFREI-2,078 555 43 21,2024-01-01,1,2\n\
             MEIER-1,079 555 12 34,2024-01-01,2,ask FREI-2\nMEIER-1,079 555 12 34,2024-01-01,FREI,2\n",
        );
    let plain = folder.read();
    assert_eq!(plain.reading.rejected.len(), 2);
    for row in &plain.reading.rejected {
        assert!(row.raw.starts_with("[not shown: the file has personal columns") && row.value == "[removed]", "{row:?}");
    }
    let hashed = read(&folder);
    let shown = format!("{:?}", hashed.reading);
    assert!(!shown.contains("MEIER") && !shown.contains("FREI") && !shown.contains("555"), "{shown}");
    assert_eq!(hashed.pain.day, plain.pain.day);
    assert!(hashed.reading.findings.iter().any(|finding| finding.column == "Telefon"), "{shown}");
}

#[test]
fn a_rejected_cell_shows_the_cells_of_its_own_columns_or_none() {
    let folder = StudyFolder::empty()
        .with("sessions.csv", SESSIONS)
        .with("study.toml", "[files.pain]\npath = \"wide.csv\"\nwide = { columns = \"day_*\", value = \"pain\", start = \"start\" }\n")
        .with(
            "wide.csv",
            "patient_id,Telefon,day_1,start,day_2\nP1,079 555 12 34,6,2024-01-01,5\nFREI-2,078 555 43 21,4,99,3\nHUBER-3,,,99,Anna\n",
        );
    let raw = |logs: &Logs| logs.reading.rejected.iter().map(|row| row.raw.clone()).collect::<Vec<_>>();
    let plain = raw(&folder.read());
    assert_eq!(plain[..2], ["FREI-2,4,99", "FREI-2,99,3"]);
    // What a person may be called by is not shown right of a personal column.
    assert_eq!(plain[2], "HUBER-3,99,[removed]");
    let frei = pseudonyms().of("FREI-2");
    let hashed = read(&folder);
    assert_eq!(raw(&hashed)[..2], [format!("{frei},4,[removed]"), format!("{frei},[removed],3")]);
    assert!(!format!("{:?}", hashed.reading).contains("FREI") && !format!("{:?}", hashed.reading).contains("Anna"));
}

#[test]
fn values_of_a_record_that_contradict_each_other_are_not_quoted_where_ids_are_hidden() {
    let folder = StudyFolder::clean()
        .with("study.toml", "[files.patients]\npath = \"export.csv\"\nredcap = {}\ncolumns = { weight = \"weight\", vorname = \"vorname\" }\n")
        .with(
            "export.csv",
            "record_id,redcap_event_name,vorname,weight\nP1,baseline_arm_1,Anna,80\nP1,month_3_arm_1,Anne,80\nP2,baseline_arm_1,Urs,70\nP2,month_3_arm_1,Urs,71\n",
        );
    let plain = folder.read();
    let sentences: Vec<&str> = plain.reading.rejected.iter().map(|row| row.sentence.as_str()).collect();
    assert_eq!(
        sentences,
        ["\"vorname\" is something else here than on an earlier row.", "\"weight\" is \"71\" here and \"70\" on line 4."]
    );
    let raws: Vec<&str> = plain.reading.rejected.iter().map(|row| row.raw.as_str()).collect();
    assert_eq!(raws, ["P1,month_3_arm_1,[removed],80", "P2,month_3_arm_1,[removed],71"]);
    let hashed = read(&folder);
    assert_eq!(hashed.reading.rejected[1].sentence, "\"weight\" is something else here than on an earlier row.");
    assert!(!format!("{:?}", hashed.reading).contains("Ann"));
}

#[test]
fn bytes_that_cannot_be_read_in_an_id_are_not_shown() {
    let mut pain = b"patient_id,date,pain\nM\xc3\xbcLLER-1,2024-01-01,6\nFREI-2,2024-01-02,5\nM\xfcLLER-1,2024-01-03,5\n".to_vec();
    for day in 1..28 {
        pain.extend(format!("M\u{fc}LLER-1,2024-02-{day:02},6\n").bytes());
    }
    let folder = StudyFolder::clean().with("pain.csv", pain).with("sessions.csv", "patient_id,date\nFREI-2,2024-01-01\n");
    let plain = folder.read();
    assert_eq!(plain.reading.rejected[0].rule, "mixed_encoding");
    let row = &read(&folder).reading.rejected[0];
    assert_eq!((row.rule, row.value.as_str()), ("mixed_encoding", "[removed]"));
    assert!(!format!("{row:?}").contains("LLER"), "{row:?}");
}

#[test]
fn reading_with_another_key_changes_ids_and_nothing_else() {
    let folder = StudyFolder::clean();
    let (path, study) = open_study(folder.path(), None).unwrap();
    let plain = read_study(&path, &study).unwrap();
    let hashed = read(&folder);
    assert_eq!((plain.n_patients(), plain.pain.day.len()), (hashed.n_patients(), hashed.pain.day.len()));
    assert!(hashed.patients.ids.iter().all(|id| id.starts_with("p-")));
    assert_ne!(hashed.input_hash, plain.input_hash, "by the plain hash anybody could try what stands in the files");
    assert_eq!(hashed.input_hash, read(&folder).input_hash);
}
