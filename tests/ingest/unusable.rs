//! Studies of which nothing trustworthy can be made: the sentence and what to do, word for word.

use staywell::ingest::open_study;

use super::study::{PAIN, SESSIONS, StudyFolder, file_sentences};

fn refused(folder: &StudyFolder, sentence: &str, hint: &str) {
    assert_eq!(folder.refusal(), (sentence.to_owned(), hint.to_owned()));
}

#[test]
fn a_path_that_does_not_exist_is_named() {
    let error = open_study(std::path::Path::new("no/such/folder"), None).unwrap_err();
    assert_eq!(error.to_string(), "There is no folder or file \"no/such/folder\".");
    assert_eq!(error.hint().unwrap(), "Give a folder of logs, a workbook or a study.toml.");
}

#[test]
fn a_folder_that_is_not_a_study_says_what_it_holds() {
    let folder = StudyFolder::empty().with("holiday.jpg", "x");
    let sentence = format!(
        "\"{}\" is not a study: it holds neither a study.toml nor any of sessions.csv, pain.csv, programs.csv, patients.csv, events.csv, measures.csv. The folder has holiday.jpg.",
        folder.path().display()
    );
    let hint = "Name your files sessions.csv and pain.csv, or run `staywell init` there for a study.toml that says what they are called.";
    refused(&folder, &sentence, hint);
}

#[test]
fn a_single_csv_file_is_not_a_study() {
    let folder = StudyFolder::clean();
    let error = open_study(&folder.path().join("pain.csv"), None).unwrap_err();
    assert!(error.to_string().ends_with("It is a single file; give the folder it is in."), "{error}");
}

#[test]
fn a_missing_log_is_asked_for_with_the_file_likely_meant() {
    let folder = StudyFolder::empty().with("pain.csv", PAIN).with("session.csv", SESSIONS);
    refused(
        &folder,
        "The study has no sessions.csv, and cannot do without it. The folder has pain.csv, session.csv.",
        "If it has another name, say so in study.toml: [files.sessions] path = \"session.csv\"",
    );
}

#[test]
fn a_file_named_in_study_toml_must_be_there() {
    let folder = StudyFolder::clean().with("study.toml", "[files.pain]\npath = \"diary*.csv\"\n");
    let (sentence, _) = folder.refusal();
    assert_eq!(
        sentence,
        "study.toml names \"diary*.csv\" under [files.pain], but the folder has no such file. The folder has pain.csv, sessions.csv, study.toml."
    );
}

#[test]
fn a_mistake_in_study_toml_is_placed() {
    let folder = StudyFolder::clean().with("study.toml", "[studdy]\n");
    assert_eq!(folder.refusal().0, "study.toml, line 1, column 2: there is no setting \"studdy\" here. Did you mean \"study\"?");
}

#[test]
fn an_empty_file_and_a_bare_header_are_told_apart() {
    let hint = "Export the file again, or remove it if the study does without it.";
    refused(&StudyFolder::clean().with("pain.csv", ""), "pain.csv is empty: it has no header and no rows.", hint);
    refused(&StudyFolder::clean().with("pain.csv", "\n \n"), "pain.csv is empty: it has no header and no rows.", hint);
    refused(&StudyFolder::clean().with("pain.csv", "patient_id,date,pain\n"), "pain.csv has a header but no rows.", hint);
}

#[test]
fn an_events_file_without_rows_is_only_noted() {
    let logs = StudyFolder::clean().with("events.csv", "patient_id,date,event\n").read();
    assert_eq!(file_sentences(&logs, "no_rows"), ["events.csv: The file has a header but no rows."]);
    assert_eq!(logs.events.offsets, [0, 0, 0]);
}

#[test]
fn a_missing_required_column_is_asked_for_with_the_line_to_add() {
    let folder = StudyFolder::clean().with("pain.csv", "patient_id,date,pian\nP1,2024-01-01,3\n");
    refused(
        &folder,
        "pain.csv, line 1: there is no column for pain. The columns are \"patient_id\", \"date\", \"pian\". Did you mean \"pian\"?",
        "Add to study.toml: [files.pain] columns = { pain = \"pian\" }",
    );
}

#[test]
fn year_month_and_day_without_a_setting_suggest_date_parts() {
    let folder = StudyFolder::clean().with("pain.csv", "patient_id,Year,Month,Day,pain\nP1,2024,1,1,3\n");
    let hint = "Add to study.toml: [files.pain] date_parts = { year = \"Year\", month = \"Month\", day = \"Day\" }";
    assert_eq!(folder.refusal().1, hint);
}

#[test]
fn a_mapping_to_a_column_that_is_not_there_is_named() {
    let folder = StudyFolder::clean().with("study.toml", "[files.pain]\ncolumns = { pain = \"pains\" }\n");
    refused(
        &folder,
        "pain.csv, line 1: there is no column \"pains\", which study.toml names as columns.pain. The columns are \"patient_id\", \"date\", \"pain\". Did you mean \"pain\"?",
        "Correct columns.pain under [files.pain] in study.toml, perhaps to \"pain\".",
    );
    let folder = StudyFolder::clean().with("study.toml", "[files.pain]\ncolumns = { pian = \"pain\" }\n");
    refused(&folder, "pain.csv: the setting files.pain.columns maps \"pian\", which is no column of pain.csv.", "Did you mean \"pain\"?");
}

#[test]
fn a_header_must_name_each_column_once() {
    let folder = StudyFolder::clean().with("pain.csv", "patient_id,date,pain,pain\nP1,2024-01-01,3,4\n");
    refused(
        &folder,
        "pain.csv, line 1: two columns are called \"pain\", so it is not clear which one is meant.",
        "Rename one of them in the file.",
    );
    let folder = StudyFolder::clean().with("pain.csv", ",,\nP1,2024-01-01,3\n");
    assert_eq!(folder.refusal().0, "pain.csv, line 1: none of the columns has a name.");
}

#[test]
fn two_columns_that_could_be_the_one_are_not_guessed() {
    let folder = StudyFolder::clean().with("pain.csv", "patient_id,date,nrs,vas\nP1,2024-01-01,3,40\n");
    refused(
        &folder,
        "pain.csv, line 1: the columns \"nrs\" and \"vas\" could both be pain.",
        "Say which in study.toml: [files.pain] columns = { pain = \"nrs\" } or columns = { pain = \"vas\" }",
    );
}

#[test]
fn a_file_on_another_scale_is_refused_with_the_scale_it_looks_like() {
    let folder = StudyFolder::clean()
        .with("pain.csv", "patient_id,date,pain\nP1,2024-01-01,35\nP1,2024-01-02,60\nP1,2024-01-03,5\nP1,2024-01-04,88\n");
    refused(
        &folder,
        "pain.csv: 3 of 4 pain values lie outside the scale \"0–10 NRS\" (0 to 10 as logged) (from 5 to 88 were found), so the file is not on that scale.",
        "They look like a 0–100 visual analogue scale: [files.pain] scale = \"vas100\"",
    );
}

#[test]
fn pain_on_two_scales_is_refused() {
    let toml = "[[files.pain]]\npath = \"pain.csv\"\n[[files.pain]]\npath = \"b.csv\"\nscale = \"days7\"\n";
    let folder = StudyFolder::clean().with("b.csv", PAIN).with("study.toml", toml);
    assert_eq!(folder.refusal().0, "pain.csv is on the scale 0–10 NRS, but b.csv on 0–7 days a week: one study needs one pain scale.");
}

#[test]
fn a_log_without_one_usable_row_says_why() {
    let folder = StudyFolder::clean().with("pain.csv", "patient_id,date,pain\nP1,soon,3\nP1,later,4\n");
    refused(
        &folder,
        "No pain row can be used (read 2, rejected 2, left out by the filter 0). The first: pain.csv, line 2, column date: \"soon\" is not a date. Write the date as YYYY-MM-DD, such as 2024-03-31.",
        "Check the layout of the file against [files.pain] in study.toml.",
    );
    let folder = StudyFolder::clean().with("study.toml", "[files.pain]\nfilter = { column = \"patient_id\", equals = [\"P9\"] }\n");
    refused(
        &folder,
        "No pain row can be used (read 3, rejected 0, left out by the filter 3).",
        "The filter under [files.pain] fits no row; correct it.",
    );
}

#[test]
fn tables_of_other_names_are_proposed_one_for_each_log_or_one_for_both() {
    let hint = |files: &[&str]| {
        let folder = files.iter().fold(StudyFolder::empty(), |folder, file| folder.with(file, PAIN));
        folder.refusal().1
    };
    let proposed = |lines: &str| format!("If these are the logs, write a study.toml there with: {lines}");
    assert_eq!(
        hint(&["Form Responses 1.csv"]),
        proposed("[files.sessions] path = \"Form Responses 1.csv\" [files.pain] path = \"Form Responses 1.csv\"")
    );
    assert_eq!(
        hint(&["Schmerzprotokoll.txt", "Einheiten.txt"]),
        proposed("[files.sessions] path = \"Einheiten.txt\" [files.pain] path = \"Schmerzprotokoll.txt\"")
    );
    assert_eq!(
        hint(&["app/pain 1.csv", "app/pain 2.csv", "app/workouts.csv"]),
        proposed(
            "[files.sessions] path = \"app/workouts.csv\" [[files.pain]] path = \"app/pain 1.csv\" [[files.pain]] path = \"app/pain 2.csv\""
        )
    );
    assert!(hint(&["a.csv", "b.csv", "c.csv"]).starts_with("Name your files sessions.csv and pain.csv"));
}

#[test]
fn a_missing_log_is_looked_for_in_the_folders_of_the_study() {
    let folder = StudyFolder::empty().with("sessions.csv", SESSIONS).with("diaries/Anna.csv", PAIN).with("diaries/Ben.csv", PAIN);
    refused(
        &folder,
        "The study has no pain.csv, and cannot do without it. The folder has sessions.csv, diaries/Anna.csv, diaries/Ben.csv.",
        "If it has another name, say so in study.toml: [files.pain] path = \"diaries/*.csv\"",
    );
    let several = |names: [&str; 3]| {
        let folder = names.iter().fold(StudyFolder::empty().with("sessions.csv", SESSIONS), |folder, name| folder.with(name, PAIN));
        folder.refusal().1
    };
    let path = |path: &str| format!("If it has another name, say so in study.toml: [files.pain] path = \"{path}\"");
    assert_eq!(several(["app/pain_20240101.csv", "app/pain_20240201.csv", "app/pain_20240301.csv"]), path("app/pain_*.csv"));
    assert_eq!(several(["pain Ä.csv", "pain Ö.csv", "notes.csv"]), path("pain *.csv"));
    let nameless = StudyFolder::empty()
        .with("sessions.csv", SESSIONS)
        .with("diaries/Anna.csv", "date,pain\n2024-01-01,3\n")
        .with("study.toml", "[files.pain]\npath = \"diaries/*.csv\"\n");
    assert_eq!(
        nameless.refusal().1,
        "If the files are named after their patients, write patient_from_path = \"diaries/*.csv\" in place of path under [files.pain] in study.toml."
    );
}

#[test]
fn a_header_in_another_order_below_refuses_the_file_and_one_in_the_same_order_is_a_row() {
    let study = |again: &str| {
        let rows = format!("patient_id,date,minutes,technique\nA,2024-01-01,4,5\n{again}\nA,2024-01-02,5,4\n");
        StudyFolder::empty().with("pain.csv", PAIN).with("sessions.csv", rows)
    };
    refused(
        &study("patient_id,date,technique,minutes"),
        "sessions.csv, line 3: the names of the columns stand here again, in another order, so the rows below belong to other columns.",
        "Give the file in two parts, the second from line 3 on: several files are several [[files.sessions]] in study.toml.",
    );
    let quoted = "\u{feff}\"patient_id\",\"date\",\"minutes\",\"technique\"";
    for again in ["patient_id,date,minutes,technique", "\u{feff}Patient_ID,Date,Minutes,Technique", quoted] {
        let logs = study(again).read();
        let rejected: Vec<_> = logs.reading.rejected.iter().map(|row| (row.rule, row.line)).collect();
        assert_eq!(rejected, [("repeated_header", 3)], "{again}");
    }
}

#[test]
fn a_section_and_a_setting_given_twice_are_explained() {
    let twice = |toml: &str| StudyFolder::clean().with("study.toml", toml).refusal().0;
    assert_eq!(
        twice("[files.pain]\npath = \"a.csv\"\n\n[files.pain]\nskip_lines = 1\n"),
        "study.toml, line 4, column 8: [files.pain] stands here a second time. Put its settings under the first one; a further file of the log begins with [[files.pain]], and so does the first then"
    );
    assert_eq!(
        twice("[checks]\nsilence = 7\nsilence = 8\n"),
        "study.toml, line 3, column 1: silence = 8 stands here a second time. Keep one of them"
    );
}

#[test]
fn a_setting_behind_the_name_of_its_section_is_explained() {
    let folder = StudyFolder::clean().with("study.toml", "[files.pain] date_order = \"iso\"\n");
    assert_eq!(
        folder.refusal().0,
        "study.toml, line 1, column 14: the name of a section stands on a line of its own. Put what follows it on the next line"
    );
}

#[test]
fn a_first_line_that_is_no_header_is_never_proposed_as_a_column() {
    let hint = |pain: &str| StudyFolder::clean().with("pain.csv", pain).refusal().1;
    let one_cell =
        "Each line is one cell: export the file with commas or semicolons between the cells, and no quotation marks around whole lines.";
    assert_eq!(hint("\"patient_id,date,pain\"\n\"P1,2024-01-01,3\"\n"), one_cell);
    assert_eq!(hint("patient_id date pain\nP1 2024-01-01 3\n"), one_cell);
    let json = "[{\"patient_id\":\"P1\",\"date\":\"2024-01-01\"},\n{\"patient_id\":\"P1\",\"date\":\"2024-01-02\"}]\n";
    assert_eq!(hint(json), "This looks like JSON, not like a table: export it as CSV.");
}
