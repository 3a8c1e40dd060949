//! REDCap exports read with their data dictionary: labels, numbers, scales, missing-data codes.

use staywell::ingest::study_files;
use staywell::settings::LogKind;

use super::redcap::{DICTIONARY, RAW, TOML, counts, covariate, pain, rows, sessions, study};

#[test]
fn an_export_of_labels_is_read_through_the_dictionary() {
    let labels = "\"Record ID\",\"Event Name\",\"Repeat Instrument\",\"Repeat Instance\",Age,Sex,\"Start of the program\",Complete?,\"Day of the entry\",\"Pain now(0 = none)\",\"Symptoms (choice=Back pain)\",\"Symptoms (choice=Leg pain, below the knee)\",\"Symptoms (choice=Not asked)\",Complete?,\"Day of exercise\",\"Did you exercise?\",Minutes,Complete?
1,\"Baseline (Arm 1: Exercise)\",,,54,Male,2024-01-08,Complete,,,Unchecked,Unchecked,Unchecked,,,,,
1,\"Baseline (Arm 1: Exercise)\",\"Exercise Log\",1,,,,,,,,,,,2024-01-10,Partly,\"12,5\",Complete
1,\"Baseline (Arm 1: Exercise)\",\"Pain Diary\",1,,,,,2024-01-08,4,Checked,Checked,Unchecked,Complete,,,,
1,\"Discharge (Arm 1: Exercise)\",,,,,,,,,Unchecked,Unchecked,Unchecked,,,,,
";
    let dictionary = DICTIONARY
        .replace("diary_date,pain_diary,,text,Date", "diary_date,pain_diary,,text,Day of the entry")
        .replace("session_date,exercise_log,,text,Date", "session_date,exercise_log,,text,Day of exercise");
    let programs =
        "[files.programs]\npath = \"DATA.csv\"\nredcap = {}\ncolumns = { start = \"start_date\", completed_on = \"completed_on\" }\n";
    let logs = study(labels, &dictionary, &TOML.replace(programs, "")).read();
    assert_eq!(rows(&logs), ["1 2024-01-08 4"]);
    assert!(logs.pain.lasted(0), "the box of leg pain is checked");
    assert_eq!(sessions(&logs), ["1 2024-01-10 partial Some(12.5)"]);
    assert_eq!((covariate(&logs, "sex"), covariate(&logs, "age")), (vec!["Male".to_owned()], vec!["Some(54.0)".to_owned()]));
    assert_eq!(counts(&logs, LogKind::Pain), (4, 1, 0, 0, 3));
    assert!(logs.reading.files[2].layout.starts_with("REDCap export (labels)"), "{}", logs.reading.files[2].layout);
    // By the headers themselves, without a dictionary.
    let toml = "redcap = { instrument = \"Pain Diary\" }\ncolumns = { date = \"Day of the entry\", pain = \"Pain now(0 = none)\" }";
    assert_eq!(rows(&pain(labels, "", toml).read()), ["1 2024-01-08 4"]);
}

#[test]
fn labels_in_cells_become_numbers_words_and_boxes() {
    let dictionary = "field_name,form_name,field_type,field_label,select_choices_or_calculations\nid,base,text,ID,\n\
        when,diary,text,When,\npain,diary,radio,Pain,\"0, 0 No pain | 1, 1 | 2, 2 | 3, 3 Worst\"\nlong,diary,checkbox,Long,\"1, A day | 2, A week\"\n";
    let labels = "id,redcap_event_name,when,pain,long___1,long___2,diary_complete\nA,Visit 1,2024-01-01,0 No pain,Checked,Unchecked,Complete\nA,Visit 2,2024-01-02,3 Worst,Unchecked,Checked,Complete\n";
    let toml = "redcap = { dictionary = \"dictionary.csv\" }\nscale = \"nrs\"\ncolumns = { date = \"when\", lasted_24h = \"long___1\" }";
    let logs = pain(labels, dictionary, toml).read();
    assert_eq!(rows(&logs), ["A 2024-01-01 0", "A 2024-01-02 3"]);
    assert_eq!((logs.pain.lasted(0), logs.pain.lasted(1)), (true, false));
    let by_label = labels.replace(
        "id,redcap_event_name,when,pain,long___1,long___2,diary_complete",
        "ID,Event Name,When,Pain,Long (choice=A day),Long (choice=A week),Complete?",
    );
    assert_eq!(rows(&pain(&by_label, dictionary, toml).read()), ["A 2024-01-01 0", "A 2024-01-02 3"]);
}

#[test]
fn a_label_that_two_fields_have_is_explained() {
    let labels = "Record ID,Event Name,Repeat Instrument,Repeat Instance,Date,\"Pain now (0 = none)\",Complete?,Date,Complete?\n1,Baseline,Pain Diary,1,2024-01-01,4,Complete,,\n";
    let toml = "redcap = { instrument = \"pain_diary\", dictionary = \"dictionary.csv\" }\ncolumns = { date = \"diary_date\", pain = \"pain_nrs\" }";
    let (message, hint) = pain(labels, &DICTIONARY.replace("<br>", " "), toml).refusal();
    assert_eq!(
        message,
        "DATA.csv: the setting files.pain.columns.date names \"diary_date\", but 2 columns are called \"Date\", the label of the fields diary_date, session_date: it is not clear which one is meant."
    );
    assert!(hint.starts_with("Export the data again with the variable names as header"), "{hint}");
}

#[test]
fn choices_coded_from_one_are_read_as_their_labels_say() {
    let data = "id,redcap_event_name,date,pain,diary_complete\nA,v1_arm_1,2024-01-01,1,2\nA,v2_arm_1,2024-01-02,11,2\n";
    let choices: Vec<String> = (0..=10).map(|score| format!("{}, {score}", score + 1)).collect();
    let dictionary = |choices: &str| {
        format!("field_name,field_type,field_label,select_choices_or_calculations\nid,text,ID,\npain,radio,Pain,\"{choices}\"\n")
    };
    let toml = "redcap = { dictionary = \"dictionary.csv\" }";
    let logs = pain(data, &dictionary(&choices.join(" | ")), toml).read();
    assert_eq!(rows(&logs), ["A 2024-01-01 0", "A 2024-01-02 10"]);
    assert!(
        logs.reading.notes.contains(&"DATA.csv: pain is coded 1 … 11 and read as its labels say, 0 … 10.".to_owned()),
        "{:?}",
        logs.reading.notes
    );
    let with_refusal = format!("{} | UNK, Not known | -99, Refused", choices.join(" | "));
    assert_eq!(rows(&pain(data, &dictionary(&with_refusal), toml).read()), ["A 2024-01-01 0", "A 2024-01-02 10"]);
    let (message, _) = pain(data, &dictionary("1, None | 2, 1 | 3, 2 | -99, Refused"), toml).refusal();
    assert!(
        message.contains(
            "files.pain.columns.pain leads to pain, whose choices (1 = \"None\", 2 = \"1\", 3 = \"2\" …) have no one number each"
        ),
        "{message}"
    );
}

#[test]
fn missing_codes_are_those_of_the_project_the_field_and_the_null_flavors() {
    let dictionary = "field_name,field_type,field_label,text_validation_type_or_show_slider_number,text_validation_min,text_validation_max,field_annotation\n\
        id,text,ID,,,,\npain,text,Pain,number_comma_decimal,0,10,Missing codes: 77\nminutes,text,Minutes,integer,,,@NOMISSING\n";
    let data = "id,redcap_event_name,redcap_repeat_instrument,redcap_repeat_instance,date,pain,minutes,diary_timestamp\n\
        A,e_arm_1,diary,1,2024-01-01,\"3,5\",-9,[not completed]\nA,e_arm_1,diary,2,2024-01-02,77,,\nA,e_arm_1,diary,3,NASK,NASK,,[not completed]\nA,e_arm_1,diary,4,2024-01-04,-9,,\nA,e_arm_1,diary,5,2024-01-05,4,,\n";
    let logs = pain(data, dictionary, "missing = [\"-9\"]\nredcap = { instrument = \"diary\", dictionary = \"dictionary.csv\" }").read();
    assert_eq!(rows(&logs), ["A 2024-01-01 3.5", "A 2024-01-05 4"]);
    assert_eq!(counts(&logs, LogKind::Pain), (5, 2, 2, 0, 1));
    let sessions = "[files.sessions]\npath = \"DATA.csv\"\nmissing = [\"-9\"]\nredcap = { instrument = \"diary\", dictionary = \"dictionary.csv\" }\ncolumns = { minutes = \"minutes\" }";
    let rejected = study(data, dictionary, sessions).read().reading.rejected;
    assert_eq!(rejected[0].sentence, "\"-9\" is not 0 or more.", "@NOMISSING: -9 is a value in this field");
    let by_time = pain(data, dictionary, "redcap = { instrument = \"diary\" }\ncolumns = { date = \"diary_timestamp\" }");
    assert!(by_time.refusal().0.contains("No pain row can be used"));
}

#[test]
fn the_dictionary_gives_the_scale() {
    let data = "id,redcap_event_name,date,pain\nA,a_arm_1,2024-01-01,65\nA,b_arm_1,2024-01-02,7\n";
    let dictionary = |field: &str| {
        format!(
            "field_name,field_type,field_label,text_validation_type_or_show_slider_number,text_validation_min,text_validation_max\nid,text,ID,,,\npain,{field}\n"
        )
    };
    let toml = "redcap = { dictionary = \"dictionary.csv\" }";
    let logs = pain(data, &dictionary("slider,Pain now,,,"), toml).read();
    assert_eq!((rows(&logs), logs.scale.name.as_str()), (vec!["A 2024-01-01 6.5".to_owned(), "A 2024-01-02 0.7".to_owned()], "0–10 VAS"));
    assert_eq!(
        logs.reading.notes[0],
        "DATA.csv: the data dictionary gives pain from 0 to 100, so it is read with scale = \"vas100\"; another scale can be set under [files.pain]."
    );
    let days = pain(&data.replace("65", "5"), &dictionary("text,Days with pain last week,integer,0,7"), toml).read();
    assert_eq!(days.scale.name, "0–7 days a week");
    let own = pain(&data.replace("65", "5"), &dictionary("text,Pain,number,1,7"), toml).read();
    assert_eq!((own.scale.name.as_str(), own.scale.min, own.scale.max), ("pain", 1.0, 7.0));
    let set = pain(&data.replace("65", "5"), &dictionary("slider,Pain,,,"), &format!("{toml}\nscale = \"nrs\"")).read();
    assert_eq!(rows(&set), ["A 2024-01-01 5", "A 2024-01-02 7"]);
}

#[test]
fn the_fields_of_a_form_become_covariates_without_those_that_identify() {
    let toml = TOML
        .replace("redcap = { events = [\"baseline_arm_1\"], dictionary", "redcap = { instrument = \"enrolment\", dictionary")
        .replace(", age = \"age\", sex = \"sex\"", "");
    let logs = study(RAW, DICTIONARY, &toml).read();
    let names: Vec<&str> = logs.patients.covariates.iter().map(|covariate| covariate.name.as_str()).collect();
    assert_eq!(names, ["age", "sex", "start_date"]);
    let mapped = study(RAW, DICTIONARY, &TOML.replace("age = \"age\"", "contact = \"email\"")).read();
    assert!(mapped.reading.notes.contains(&"DATA.csv: the data dictionary marks as identifying: email.".to_owned()));
}

#[test]
fn the_dictionary_is_a_file_of_the_study() {
    let folder = study(RAW, DICTIONARY, TOML);
    assert!(study_files(folder.path(), None).contains(&folder.path().join("dictionary.csv")));
    assert!(study_files(folder.path(), None).contains(&folder.path().join("DATA.csv")));
}
