//! Cells of unfolded tables that mean "missing": the codes of all files, those a study declares, and its own words.

use staywell::domain::Day;
use staywell::ingest::{FileAccount, Logs};

use super::study::{StudyFolder, pain_rows};

/// A study whose file `log.csv` is of this kind.
fn study(kind: &str, toml: &str, table: &str) -> StudyFolder {
    StudyFolder::clean().with("log.csv", table).with("study.toml", format!("[files.{kind}]\npath = \"log.csv\"\n{toml}\n"))
}

fn account(logs: &Logs) -> &FileAccount {
    logs.reading.files.iter().find(|file| file.file == "log.csv").unwrap()
}

fn sessions(logs: &Logs) -> Vec<String> {
    let rows = (0..logs.n_patients()).flat_map(|patient| logs.sessions.rows(patient));
    rows.map(|row| format!("{} {}", Day(logs.sessions.day[row]), logs.sessions.status[row])).collect()
}

fn pain(logs: &Logs) -> Vec<String> {
    pain_rows(logs).into_iter().map(|(patient, day, score)| format!("{patient} {day} {score}")).collect()
}

const WIDE_STATUS: &str = "missing = [\"-9\"]\nwide = { columns = \"d*\", value = \"status\", start_date = 2024-05-01 }";

#[test]
fn a_missing_cell_of_a_wide_table_is_no_session() {
    let logs = study("sessions", WIDE_STATUS, "id,d1,d2,d3,d4,d5,d6,d7\nA,x,-,.,NULL,n/a,-9.0,x\n").read();
    assert_eq!(sessions(&logs), ["2024-05-01 done", "2024-05-07 done"]);
    assert_eq!((account(&logs).read, account(&logs).used), (2, 2));
    assert_eq!(logs.reading.notes[0], "log.csv: 1 row × 7 columns (d1 … d7) = 7 cells; 5 empty (not logged), 2 read.");
}

#[test]
fn a_missing_number_of_minutes_or_sessions_is_no_session() {
    let wide = |value: &str| format!("missing = [\"999\"]\nwide = {{ columns = \"d*\", value = \"{value}\", start_date = 2024-05-01 }}");
    let table = "id,d1,d2,d3,d4,d5\nA,--,999.0,#N/A,\u{2013},2\n";
    for value in ["minutes", "sessions"] {
        let logs = study("sessions", &wide(value), table).read();
        assert_eq!(account(&logs).rejected, 0, "{value}");
        assert_eq!(sessions(&logs)[0], "2024-05-05 done", "{value}");
    }
    let logs = study("pain", &wide("pain"), table).read();
    assert_eq!((pain(&logs), account(&logs).read), (vec!["A 2024-05-05 2".to_owned()], 1));
}

#[test]
fn a_dash_that_the_study_gives_a_meaning_is_a_value() {
    let toml = format!("{WIDE_STATUS}\nwords = {{ status = {{ missed = [\"-\"], done = [\"-9\"] }} }}");
    let logs = study("sessions", &toml, "id,d1,d2,d3,d4\nA,-,.,-9,-9.0\n").read();
    assert_eq!(sessions(&logs), ["2024-05-01 missed", "2024-05-03 done"]);
}

#[test]
fn a_start_that_is_missing_is_not_called_unreadable() {
    let toml = "wide = { columns = \"d*\", value = \"pain\", start = \"start\" }";
    let logs = study("pain", toml, "id,start,d1\nA,2024-05-01,3\nB,.,4\n").read();
    assert_eq!((logs.reading.rejected[0].rule, logs.reading.rejected[0].value.as_str()), ("missing_date", "."));
}

#[test]
fn a_missing_answer_is_a_question_not_answered() {
    let table = "id,sent,reply\nA,2024-01-07,n/a\nA,2024-01-14,-\nA,2024-01-21,-9,\nA,2024-01-28,-9.0\nA,2024-02-04,4\n";
    let logs = study("pain", "missing = [\"-9\"]\nweekly = { answer = \"reply\", date = \"sent\" }", table).read();
    assert_eq!(pain(&logs), ["A 2024-02-04 4"]);
    assert_eq!((account(&logs).read, account(&logs).filtered, account(&logs).rejected), (5, 4, 0));
    let columns = "id,start,w1,w2,w3\nA,2024-01-01,null,-9.0,2\n";
    let logs = study("pain", "missing = [\"-9\"]\nweekly = { columns = \"w*\", start = \"start\" }", columns).read();
    assert_eq!((pain(&logs), account(&logs).read), (vec!["A 2024-01-22 2".to_owned()], 1));
}

const DIARY: &str = "record_id,redcap_repeat_instrument,redcap_repeat_instance,date,done,diary_complete\n";

#[test]
fn a_missing_field_of_a_redcap_record_is_no_session() {
    let toml = "missing = [\"-9\"]\nredcap = { instrument = \"diary\" }\ncolumns = { date = \"date\", status = \"done\" }";
    let rows = "A,diary,1,2024-05-01,done,2\nA,diary,2,-,-9.0,0\nA,diary,3,NULL,.,0\nA,diary,4,2024-05-04,n/a,2\n";
    let logs = study("sessions", toml, &format!("{DIARY}{rows}")).read();
    // The fourth has a day and, like any session of such a log, no word on how it went.
    assert_eq!((account(&logs).read, account(&logs).filtered), (4, 2));
    let own = format!("{toml}\nwords = {{ status = {{ missed = [\"-\"] }} }}");
    let logs = study("sessions", &own, &format!("{DIARY}A,diary,1,2024-05-01,-,2\n")).read();
    assert_eq!(sessions(&logs), ["2024-05-01 missed"]);
}

#[test]
fn a_record_whose_number_is_that_of_a_code_is_a_record() {
    let toml = "missing = [\"99\"]\nredcap = { instrument = \"diary\" }\ncolumns = { date = \"date\", status = \"done\" }";
    let logs = study("sessions", toml, &format!("{DIARY}099,diary,1,2024-05-01,done,2\n")).read();
    assert_eq!((account(&logs).used, account(&logs).rejected), (1, 0));
}
