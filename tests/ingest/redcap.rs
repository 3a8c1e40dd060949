//! REDCap exports: rows of all instruments and events in one file, codes or labels in the cells.

use staywell::domain::Day;
use staywell::ingest::{CovariateValues, FileAccount, Logs, propose_layouts};
use staywell::settings::LogKind;

use super::study::{StudyFolder, pain_rows};

/// A raw export: enrolment on the baseline event, a diary and an exercise log as repeating instruments, a discharge event.
pub const RAW: &str = "\u{feff}record_id,redcap_event_name,redcap_repeat_instrument,redcap_repeat_instance,redcap_data_access_group,age,sex,email,start_date,enrolment_complete,\
diary_date,pain_nrs,symptoms___1,symptoms___2,symptoms____99,pain_diary_complete,session_date,session_done,session_minutes,exercise_log_complete,completed_on,discharge_complete
1,baseline_arm_1,,,clinic_a,54,2,ann@example.org,2024-01-08,2,,,0,0,0,,,,,,,
1,baseline_arm_1,pain_diary,1,clinic_a,,,,,,2024-01-08,6,1,0,0,2,,,,,,
1,baseline_arm_1,pain_diary,2,clinic_a,,,,,,2024-01-09,5,1,1,0,2,,,,,,
1,baseline_arm_1,pain_diary,3,clinic_a,,,,,,,,0,0,0,0,,,,,,
1,baseline_arm_1,exercise_log,1,clinic_a,,,,,,,,,,,,2024-01-10,1,25,2,,
1,baseline_arm_1,exercise_log,2,clinic_a,,,,,,,,,,,,2024-01-12,3,,2,,
1,discharge_arm_1,,,clinic_a,,,,,,,,0,0,0,,,,,,2024-04-01,2
2,baseline_arm_1,,,clinic_b,61,1,,2024-02-01,2,,,0,0,0,,,,,,,
2,baseline_arm_1,pain_diary,1,clinic_b,,,,,,2024-02-01,-99,0,0,1,2,,,,,,
2,baseline_arm_1,pain_diary,2,clinic_b,,,,,,2024-02-02,3,0,0,0,2,,,,,,
2,baseline_arm_1,exercise_log,1,clinic_b,,,,,,,,,,,,2024-02-03,2,40,2,,
";

pub const DICTIONARY: &str = "\"Variable / Field Name\",\"Form Name\",\"Section Header\",\"Field Type\",\"Field Label\",\"Choices, Calculations, OR Slider Labels\",\"Field Note\",\"Text Validation Type OR Show Slider Number\",\"Text Validation Min\",\"Text Validation Max\",Identifier?,\"Branching Logic (Show field only if...)\",\"Required Field?\",\"Custom Alignment\",\"Question Number (surveys only)\",\"Matrix Group Name\",\"Matrix Ranking?\",\"Field Annotation\"
record_id,enrolment,,text,\"Record ID\",,,,,,,,,,,,,
age,enrolment,\"<b>About you</b>\",text,Age,,,integer,18,99,,,,,,,,
sex,enrolment,,radio,Sex,\"1, Female | 2, Male | 3, Other, or not said\",,,,,,,,,,,,
email,enrolment,,text,E-mail,,,email,,,y,,,,,,,
start_date,enrolment,,text,\"Start of the program\",,,date_dmy,,,,,y,,,,,
diary_date,pain_diary,,text,Date,,,date_dmy,,,,,,,,,,
pain_nrs,pain_diary,,text,\"Pain now<br>(0&nbsp;= none)\",,,integer,0,10,,,,,,,,
symptoms,pain_diary,,checkbox,Symptoms,\"1, Back pain | 2, Leg pain, below the knee | -99, Not asked\",,,,,,,,,,,,
session_date,exercise_log,,text,Date,,,date_mdy,,,,,,,,,,
session_done,exercise_log,,radio,\"Did you exercise?\",\"1, Done | 2, Partly | 3, Not done\",,,,,,,,,,,,
session_minutes,exercise_log,,text,Minutes,,,number_comma_decimal,0,,,,,,,,,
completed_on,discharge,,text,\"Completed on\",,,date_ymd,,,,,,,,,,
";

pub const TOML: &str = r#"
[files.patients]
path = "DATA.csv"
redcap = { events = ["baseline_arm_1"], dictionary = "dictionary.csv" }
columns = { patient_id = "record_id", age = "age", sex = "sex" }
[files.programs]
path = "DATA.csv"
redcap = {}
columns = { start = "start_date", completed_on = "completed_on" }
[files.sessions]
path = "DATA.csv"
redcap = { instrument = "exercise_log", dictionary = "dictionary.csv" }
columns = { date = "session_date", status = "session_done", minutes = "session_minutes" }
[files.pain]
path = "DATA.csv"
redcap = { instrument = "pain_diary", dictionary = "dictionary.csv" }
missing = ["-99"]
columns = { date = "diary_date", pain = "pain_nrs", lasted_24h = "symptoms___2" }
"#;

pub fn study(data: &str, dictionary: &str, toml: &str) -> StudyFolder {
    StudyFolder::clean().with("DATA.csv", data).with("dictionary.csv", dictionary).with("study.toml", toml)
}

pub fn pain(data: &str, dictionary: &str, settings: &str) -> StudyFolder {
    study(data, dictionary, &format!("[files.pain]\npath = \"DATA.csv\"\n{settings}\n"))
}

pub fn rows(logs: &Logs) -> Vec<String> {
    pain_rows(logs).into_iter().map(|(patient, day, score)| format!("{patient} {day} {score}")).collect()
}

pub fn sessions(logs: &Logs) -> Vec<String> {
    let rows = (0..logs.n_patients()).flat_map(|patient| logs.sessions.rows(patient).map(move |row| (patient, row)));
    let shown = |row: usize| format!("{} {} {:?}", Day(logs.sessions.day[row]), logs.sessions.status[row], logs.sessions.minutes[row]);
    rows.map(|(patient, row)| format!("{} {}", logs.patients.ids[patient], shown(row))).collect()
}

pub fn counts(logs: &Logs, kind: LogKind) -> (usize, usize, usize, usize, usize) {
    let account: &FileAccount = logs.reading.files.iter().find(|file| file.kind == kind).unwrap();
    (account.read, account.used, account.rejected, account.merged, account.filtered)
}

pub fn covariate(logs: &Logs, name: &str) -> Vec<String> {
    let covariate = logs.patients.covariates.iter().find(|covariate| covariate.name == name).unwrap();
    match &covariate.values {
        CovariateValues::Number(numbers) => numbers.iter().map(|number| format!("{number:?}")).collect(),
        CovariateValues::Category { levels, codes } => {
            codes.iter().map(|code| code.map_or("-".to_owned(), |code| levels[code as usize].clone())).collect()
        }
    }
}

#[test]
fn four_logs_are_read_from_one_raw_export_and_every_row_is_accounted_for() {
    let logs = study(RAW, DICTIONARY, TOML).read();
    assert_eq!(rows(&logs), ["1 2024-01-08 6", "1 2024-01-09 5", "2 2024-02-02 3"]);
    assert_eq!((0..3).map(|row| logs.pain.lasted(row)).collect::<Vec<_>>(), [false, true, false]);
    assert_eq!(sessions(&logs), ["1 2024-01-10 done Some(25.0)", "1 2024-01-12 missed None", "2 2024-02-03 partial Some(40.0)"]);
    assert_eq!(covariate(&logs, "age"), ["Some(54.0)", "Some(61.0)"]);
    assert_eq!(covariate(&logs, "sex"), ["Male", "Female"]);
    let program = logs.programs.of(0)[0];
    assert_eq!((program.start.to_string(), program.completed_on.unwrap().to_string()), ("2024-01-08".to_owned(), "2024-04-01".to_owned()));
    assert_eq!(logs.programs.of(1)[0].completed_on, None);
    // read, used, rejected, merged, filtered: 11 rows for each log.
    assert_eq!(counts(&logs, LogKind::Pain), (11, 3, 1, 0, 7));
    assert_eq!(counts(&logs, LogKind::Sessions), (11, 3, 0, 0, 8));
    assert_eq!(counts(&logs, LogKind::Programs), (11, 2, 0, 1, 8));
    assert_eq!(counts(&logs, LogKind::Patients), (11, 2, 0, 0, 9));
    let rejected = &logs.reading.rejected[0];
    assert_eq!((rejected.line, rejected.column.as_str(), rejected.rule), (10, "pain_nrs", "missing_value"));
    let notes = logs.reading.notes.join("\n");
    assert!(
        notes.contains("DATA.csv: 6 rows of other instruments or events left out of pain, and 1 in which its fields are empty."),
        "{notes}"
    );
    assert!(notes.contains("DATA.csv: 1 row gave values to the programs row of their record and merged into it."), "{notes}");
    assert!(!notes.contains("columns not used"), "{notes}");
    let layout = &logs.reading.files.iter().find(|file| file.kind == LogKind::Pain).unwrap().layout;
    assert_eq!(layout, "REDCap export (raw) · decimal point · diary_date year-month-day");
}

#[test]
fn checked_boxes_become_a_list_of_their_labels() {
    let toml = |more: &str| {
        let patients = format!(
            "{more}redcap = {{ instrument = \"pain_diary\", dictionary = \"dictionary.csv\" }}\ncolumns = {{ patient_id = \"record_id\", symptoms = \"symptoms\" }}"
        );
        format!(
            "[files.patients]\npath = \"DATA.csv\"\n{patients}\n{}",
            TOML.split_once("[files.programs]").map(|(_, rest)| format!("[files.programs]{rest}")).unwrap()
        )
    };
    let logs = study(RAW, DICTIONARY, &toml("missing = [\"-99\"]\n")).read();
    // Record 1 has "Back pain" on line 3 and both on line 4: neither is taken. Record 2 was not asked.
    assert_eq!(covariate(&logs, "symptoms"), ["None", "None"]);
    let conflict = logs.reading.rejected.iter().find(|row| row.rule == "conflicting_values").unwrap();
    assert_eq!((conflict.line, conflict.column.as_str()), (4, "symptoms"));
    assert_eq!(conflict.sentence, "\"symptoms\" is \"Back pain; Leg pain, below the knee\" here and \"Back pain\" on line 3.");
    let second = study(RAW, DICTIONARY, &toml("filter = { column = \"redcap_repeat_instance\", equals = [\"2\"] }\n")).read();
    assert_eq!(covariate(&second, "symptoms"), ["Back pain; Leg pain, below the knee", "-"]);
    let unasked = study(RAW, DICTIONARY, &toml("filter = { column = \"redcap_repeat_instance\", equals = [\"1\"] }\n")).read();
    assert_eq!(covariate(&unasked, "symptoms"), ["Back pain", "Not asked"]);
}

#[test]
fn boxes_without_a_dictionary_give_their_codes_and_defaults_do_not_conflict() {
    let data = "id,redcap_event_name,redcap_repeat_instrument,redcap_repeat_instance,site___1,site___2,other\n1,a_arm_1,,,0,1,x\n1,b_arm_1,,,0,0,\n2,a_arm_1,,,1,1,\n3,a_arm_1,,,0,0,\n";
    let toml = "[files.patients]\npath = \"DATA.csv\"\nredcap = {}\ncolumns = { site = \"site\", two = \"site___2\" }\n[files.pain]\npath = \"pain.csv\"\n[checks]\nunknown_patient = \"keep\"\n";
    let logs = study(data, "", toml).read();
    assert_eq!(logs.patients.ids, ["1", "2", "3", "P1", "P2"]);
    assert_eq!(covariate(&logs, "site"), ["2", "1; 2", "-", "-", "-"]);
    assert_eq!(covariate(&logs, "two"), ["yes", "yes", "no", "-", "-"]);
    assert_eq!(counts(&logs, LogKind::Patients), (4, 3, 0, 0, 1));
}

#[test]
fn values_that_differ_between_events_are_nobodys_until_the_event_is_named() {
    let data = "record_id,redcap_event_name,weight,sex\n1,baseline_arm_1,80,2\n1,month_3_arm_1,84,2\n2,baseline_arm_1,70,1\n";
    let toml = "[files.patients]\npath = \"DATA.csv\"\nredcap = {}\ncolumns = { weight = \"weight\", sex = \"sex\" }\n[checks]\nunknown_patient = \"keep\"\n";
    let logs = study(data, "", toml).read();
    assert_eq!(covariate(&logs, "weight")[..2], ["None", "Some(70.0)"]);
    assert_eq!(covariate(&logs, "sex")[..2], ["Some(2.0)", "Some(1.0)"]);
    let rejected = &logs.reading.rejected[0];
    assert_eq!(
        (rejected.rule, rejected.line, rejected.column.as_str(), rejected.value.as_str()),
        ("conflicting_values", 3, "weight", "84")
    );
    assert_eq!(rejected.sentence, "\"weight\" is \"84\" here and \"80\" on line 2.");
    assert_eq!(counts(&logs, LogKind::Patients), (3, 2, 1, 0, 0));
    let named = study(data, "", &toml.replace("{}", "{ events = [\"Baseline\", \"baseline_arm_1\"] }"));
    assert!(named.refusal().0.contains("names \"Baseline\", but the file has baseline_arm_1, month_3_arm_1"));
    let named = study(data, "", &toml.replace("{}", "{ events = [\"baseline_arm_1\"] }")).read();
    assert_eq!(covariate(&named, "weight")[..2], ["Some(80.0)", "Some(70.0)"]);
    assert_eq!(counts(&named, LogKind::Patients), (3, 2, 0, 0, 1));
}

#[test]
fn columns_redcap_adds_may_be_covariates_and_make_no_row() {
    let toml = TOML.replace("age = \"age\"", "center = \"redcap_data_access_group\"").replace("events = [\"baseline_arm_1\"], ", "");
    let logs = study(RAW, DICTIONARY, &toml).read();
    assert_eq!(covariate(&logs, "center"), ["clinic_a", "clinic_b"]);
    assert_eq!(counts(&logs, LogKind::Patients), (11, 2, 0, 0, 9));
    let moved = study(&RAW.replace("diary,2,clinic_a", "diary,2,clinic_c"), DICTIONARY, &toml).read();
    assert_eq!(covariate(&moved, "center"), ["-", "clinic_b"]);
    let conflict = moved.reading.rejected.iter().find(|row| row.rule == "conflicting_values").unwrap();
    assert_eq!((conflict.line, conflict.value.as_str()), (4, "clinic_c"));
}

#[test]
fn repeating_events_have_an_instance_and_no_instrument() {
    let data = "id,redcap_event_name,redcap_repeat_instrument,redcap_repeat_instance,start,end,visit,pain\n\
        1,enrolment_arm_1,,,,,,\n1,course_arm_1,,1,2024-01-01,2024-03-01,2024-01-05,4\n1,course_arm_1,,2,2024-06-01,,2024-06-05,2\n";
    let toml = "[files.programs]\npath = \"DATA.csv\"\nredcap = {}\ncolumns = { start = \"start\", completed_on = \"end\" }\n\
        [files.pain]\npath = \"DATA.csv\"\nredcap = { events = [\"course_arm_1\"] }\ncolumns = { date = \"visit\" }\n";
    let logs = study(data, "", toml).read();
    assert_eq!(rows(&logs), ["1 2024-01-05 4", "1 2024-06-05 2"]);
    assert_eq!(counts(&logs, LogKind::Pain), (3, 2, 0, 0, 1));
    let (read, used, rejected, merged, filtered) = counts(&logs, LogKind::Programs);
    assert_eq!((read, used + rejected, merged, filtered), (3, 2, 0, 1));
    assert_eq!(logs.programs.of(0)[0].completed_on.unwrap().to_string(), "2024-03-01");
}

#[test]
fn an_undeclared_export_is_refused_with_the_block_to_add_and_the_block_works() {
    let (message, hint) = pain(RAW, DICTIONARY, "").refusal();
    assert_eq!(
        message,
        "DATA.csv: the setting files.pain.redcap is not given, but the file is an export of a REDCap project, whose rows are of several events and instruments \
         (events: baseline_arm_1, discharge_arm_1) (repeating instruments: pain_diary, exercise_log)."
    );
    let block = hint.split_once(":\n").unwrap().1;
    assert_eq!(
        block,
        "[files.pain]\npath = \"DATA.csv\"\nredcap = { instrument = \"pain_diary\", events = [\"baseline_arm_1\"] }\nmissing = [\"-99\"]\ncolumns = { patient_id = \"record_id\", date = \"diary_date\", pain = \"pain_nrs\" }\n"
    );
    assert_eq!(rows(&study(RAW, DICTIONARY, block).read()), ["1 2024-01-08 6", "1 2024-01-09 5", "2 2024-02-02 3"]);
    let native = StudyFolder::empty()
        .with("sessions.csv", "patient_id,date\n1,2024-01-01\n")
        .with("pain.csv", "record_id,redcap_event_name,date,pain\n1,a,2024-01-01,4\n");
    assert!(native.refusal().0.starts_with("pain.csv: the setting files.pain.redcap is not given"));
    let filtered = "filter = { column = \"redcap_repeat_instrument\", equals = [\"pain_diary\"] }\ncolumns = { date = \"diary_date\", pain = \"pain_nrs\" }\nmissing = [\"-99\"]";
    assert_eq!(rows(&pain(RAW, DICTIONARY, filtered).read()).len(), 3, "a filter on the export's own columns is a declaration");
}

#[test]
fn a_question_with_answers_in_words_is_proposed_as_the_status() {
    let labels = "Record ID,Event Name,Repeat Instrument,Repeat Instance,Date of exercise,Did you exercise?,Minutes\n\
        1,Diary,Exercise,1,2024-01-10,Yes,20\n1,Diary,Exercise,2,2024-01-12,No,\n";
    let folder = StudyFolder::empty().with("DATA.csv", labels).with("pain.csv", "patient_id,date,pain\n1,2024-01-10,4\n");
    let proposals = propose_layouts(&folder.path().join("DATA.csv"), "DATA.csv").unwrap();
    let toml: String = proposals.iter().map(|proposal| proposal.block.as_str()).collect();
    let logs = folder.with("study.toml", &toml).read();
    assert_eq!(sessions(&logs), ["1 2024-01-10 done Some(20.0)", "1 2024-01-12 missed None"]);
}

#[test]
fn blocks_are_proposed_for_all_logs_and_read_what_they_should() {
    let folder = StudyFolder::empty().with("DATA.csv", RAW).with("Back_DataDictionary_2024-05-01.csv", DICTIONARY);
    let proposals = propose_layouts(&folder.path().join("DATA.csv"), "DATA.csv").unwrap();
    let kinds: Vec<LogKind> = proposals.iter().map(|proposal| proposal.kind).collect();
    assert_eq!(kinds, [LogKind::Patients, LogKind::Programs, LogKind::Sessions, LogKind::Pain]);
    let toml: String = proposals.iter().map(|proposal| proposal.block.as_str()).collect();
    assert!(toml.contains("dictionary = \"Back_DataDictionary_2024-05-01.csv\""), "{toml}");
    let logs = folder.with("study.toml", &toml).read();
    assert_eq!(sessions(&logs), ["1 2024-01-10 done Some(25.0)", "1 2024-01-12 missed None", "2 2024-02-03 partial Some(40.0)"]);
    assert_eq!(logs.programs.of(0)[0].completed_on.unwrap().to_string(), "2024-04-01");
    assert_eq!(covariate(&logs, "sex"), ["Male", "Female"]);
    let wide = StudyFolder::empty().with("w.csv", "id,start,w1,w2,w3,w4,w5\n");
    let proposals = propose_layouts(&wide.path().join("w.csv"), "w.csv").unwrap();
    assert!(
        proposals[0].block.contains("wide = { columns = \"w*\", value = \"pain\", start = \"start\", step = \"week\" }"),
        "{proposals:?}"
    );
}

#[test]
fn the_id_is_the_first_field_whatever_its_name_and_place() {
    let data = "redcap_event_name,mrn,date,pain\nweek_1_arm_1,0042,2024-01-01,4\nweek_2_arm_1,0042,2024-01-08,3\n";
    assert_eq!(rows(&pain(data, "", "redcap = {}").read()), ["0042 2024-01-01 4", "0042 2024-01-08 3"]);
    let second = "record_id,redcap_event_name,study_no,date,pain\n1,week_1_arm_1,S7,2024-01-01,4\n";
    assert_eq!(rows(&pain(second, "", "redcap = {}\ncolumns = { patient_id = \"study_no\" }").read()), ["S7 2024-01-01 4"]);
}

#[test]
fn dates_a_spreadsheet_has_rewritten_are_not_guessed() {
    let data = "record_id,redcap_event_name,date,pain\n1,week_1_arm_1,03/04/2024,4\n1,week_2_arm_1,05/04/2024,3\n";
    assert!(pain(data, "", "redcap = {}").refusal().0.starts_with("DATA.csv, line 2, column date: \"03/04/2024\" may be"));
    let settled = pain(&data.replace("05/04", "25/04"), "", "redcap = {}").read();
    assert_eq!(rows(&settled), ["1 2024-04-03 4", "1 2024-04-25 3"]);
}

#[test]
fn settings_that_name_what_the_file_has_not_are_explained() {
    for (toml, problem, advice) in [
        (
            "redcap = { instrument = \"pain_dairy\" }",
            "names \"pain_dairy\", but the file has pain_diary, exercise_log",
            "Did you mean \"pain_diary\"?",
        ),
        (
            "redcap = { events = [\"baseline\"] }",
            "names \"baseline\", but the file has baseline_arm_1, discharge_arm_1",
            "Did you mean \"baseline_arm_1\"?",
        ),
        (
            "redcap = { instrument = \"exercise_log\" }\ncolumns = { date = \"diary_date\", pain = \"pain_nrs\" }",
            "leaves no row: none of the 3 rows of the events and instruments asked for say anything in diary_date, pain_nrs",
            "Name the instrument and events these fields are on",
        ),
        ("redcap = { dictionary = \"nowhere.csv\" }", "names \"nowhere.csv\", and there is no such file", "Download it in REDCap"),
        ("redcap = { dictionary = \"DATA.csv\" }", "has no columns \"Variable / Field Name\"", "not the export of the data"),
        (
            "redcap = {}\ncolumns = { pain = \"pain_vas\" }",
            "there is no column \"pain_vas\", which study.toml names as columns.pain",
            "\"pain_nrs\"",
        ),
    ] {
        let (message, hint) = pain(RAW, DICTIONARY, toml).refusal();
        assert!(message.contains(problem), "{message}");
        assert!(hint.contains(advice), "{hint}");
    }
    let complete = study(RAW, DICTIONARY, &TOML.replace("status = \"session_done\"", "status = \"exercise_log_complete\""));
    assert!(complete.refusal().0.contains("says how far the form is filled in, not whether the session was done"));
    let (message, _) = pain(RAW, DICTIONARY, "redcap = { instrumnt = \"pain_diary\" }").refusal();
    assert!(message.contains("there is no setting \"instrumnt\" here. Did you mean \"instrument\"?"), "{message}");
}

#[test]
fn broken_rows_are_rejected_and_hostile_exports_never_panic() {
    let broken = RAW
        .replace("1,baseline_arm_1,pain_diary,2,clinic_a", "\"1,baseline_arm_1,pain_diary,2,clinic_a")
        .replace("2,baseline_arm_1,exercise_log", ",baseline_arm_1,exercise_log");
    let logs = study(&broken, DICTIONARY, TOML).read();
    let rules: Vec<_> = logs.reading.rejected.iter().map(|row| (row.line, row.rule)).collect();
    assert!(rules.contains(&(4, "unterminated_quote")) && rules.contains(&(12, "missing_patient_id")), "{rules:?}");
    assert_eq!(rows(&logs), ["1 2024-01-08 6", "2 2024-02-02 3"]);
    let dictionaries = [
        "",
        "\u{0}",
        "field_name,field_type\n",
        "field_name,field_type,select_choices_or_calculations\npain,radio,\"|||,,|<|</|&amp;\"\n_,checkbox,\"-,-\"\n",
        DICTIONARY,
    ];
    let exports = [
        RAW.replace(",,", ",\"\","),
        "redcap_event_name\n".to_owned(),
        "redcap_event_name,redcap_repeat_instance\n,\n\n".to_owned(),
        "a,___,b___,___c,pain,date\n1,1,1,1,\u{e9},2024-01-01\n".to_owned(),
        "id,pain,date,(choice=,x (choice=),Complete?,Complete?\n1,\u{1F4A3},2024-01-01,(,),,\n".to_owned(),
        RAW.chars().rev().collect(),
    ];
    for dictionary in dictionaries {
        for export in &exports {
            for toml in [
                TOML,
                "[files.pain]\npath = \"DATA.csv\"\nredcap = { dictionary = \"dictionary.csv\" }\n",
                "[files.pain]\npath = \"DATA.csv\"\n",
            ] {
                if let Ok(logs) = study(export, dictionary, toml).try_read() {
                    assert!(logs.reading.files.iter().all(FileAccount::balances));
                }
            }
        }
    }
}
