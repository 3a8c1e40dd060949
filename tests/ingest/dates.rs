//! Date orders: declared, settled by the column, or refused.

use staywell::domain::Day;
use staywell::ingest::{Asked, open_study, read_study_as};

use super::study::{StudyFolder, pain_rows};

fn pain(rows: &str) -> StudyFolder {
    StudyFolder::clean().with("pain.csv", format!("patient_id,date,pain\n{rows}"))
}

fn days(folder: &StudyFolder) -> Vec<String> {
    pain_rows(&folder.read()).into_iter().map(|row| row.1).collect()
}

#[test]
fn one_date_that_can_be_read_one_way_settles_the_column() {
    let folder = pain("P1,03/04/2024,3\nP1,2024-05-06,3\nP1,31/07/2024,3\n");
    assert_eq!(days(&folder), ["2024-04-03", "2024-05-06", "2024-07-31"]);
    let layout = &folder.read().reading.files[1].layout;
    assert_eq!(layout, "comma-separated · decimal point · date day first (settled by 31/07/2024 on line 4) · UTF-8");
    assert_eq!(days(&pain("P1,03-04-2024 08:30,3\nP1,7-31-2024 23:59,3\n")), ["2024-03-04", "2024-07-31"]);
}

#[test]
fn dates_that_nothing_settles_are_refused_with_both_readings() {
    let (sentence, hint) = pain("P1,2024-01-01,3\nP1,03/04/2024,3\nP1,05/06/2024,3\n").refusal();
    assert_eq!(
        sentence,
        "pain.csv, line 3, column date: \"03/04/2024\" may be 2024-04-03 (day first) or 2024-03-04 (month first), and no date in the column settles which."
    );
    assert_eq!(hint, "Say which in study.toml: [files.pain] date_order = \"day-first\" or date_order = \"month-first\"");
}

#[test]
fn dates_in_both_orders_are_refused_with_a_witness_of_each() {
    let (sentence, _) = pain("P1,31/03/2024,3\nP1,04/05/2024,3\nP1,03/31/2024,3\n").refusal();
    assert_eq!(
        sentence,
        "pain.csv, column date: \"31/03/2024\" (line 2) can only be day first and \"03/31/2024\" (line 4) only month first, so the other dates cannot be trusted."
    );
}

#[test]
fn the_declared_order_is_followed() {
    let toml = |order| format!("[files.pain]\ndate_order = \"{order}\"\n");
    let rows = "P1,03/04/2024,3\n";
    assert_eq!(days(&pain(rows).with("study.toml", toml("day-first"))), ["2024-04-03"]);
    assert_eq!(days(&pain(rows).with("study.toml", toml("month-first"))), ["2024-03-04"]);
}

#[test]
fn each_date_column_of_a_program_settles_its_own_order() {
    let folder = StudyFolder::clean().with("programs.csv", "patient_id,start,completed_on\nP1,31/01/2024,02/28/2024\nP2,02/01/2024,\n");
    let programs = folder.read().programs;
    assert_eq!(programs.of(0)[0].completed_on.unwrap().to_string(), "2024-02-28");
    assert_eq!(programs.of(1)[0].start.to_string(), "2024-01-02");
}

#[test]
fn the_local_day_of_a_date_time_counts_and_the_last_log_is_the_cut_off() {
    let folder = pain("P1,2024-01-01T23:30:00-08:00,3\nP1,2024-03-02 00:10:00+02:00,3\n");
    assert_eq!(days(&folder), ["2024-01-01", "2024-03-02"]);
    let logs = folder.read();
    assert_eq!((logs.cut_off.to_string().as_str(), logs.cut_off_declared), ("2024-03-02", false));
}

fn with(settings: &str, rows: &str) -> StudyFolder {
    pain(rows).with("study.toml", format!("[files.pain]\n{settings}\n"))
}

/// Rule, sentence and fix of the one rejected row.
fn finding(folder: &StudyFolder) -> (&'static str, String, String) {
    let row = folder.rejection();
    (row.rule, row.sentence, row.fix)
}

const GOOD: &str = "P1,2024-01-01,3\n";

#[test]
fn dates_of_several_shapes_stand_in_one_column_if_each_can_be_read_one_way() {
    let rows = "P1,2024-03-01,3\nP1,20240302,3\nP1,3 Mar 2024,3\nP1,\"Mar 4, 2024\",3\nP1,5-MAR-2024,3\nP1,\"Wednesday, 6 March 2024 2:05 PM\",3\nP1,2024/3/7 14h05,3\n";
    assert_eq!(days(&pain(rows)), ["2024-03-01", "2024-03-02", "2024-03-03", "2024-03-04", "2024-03-05", "2024-03-06", "2024-03-07"]);
}

#[test]
fn the_order_may_be_declared_by_column() {
    let programs = "patient_id,Beginn,completed_on\nP1,03/04/2024,05/06/2024\n";
    let toml = "[files.programs]\ndate_order = { start = \"day-first\", completed_on = \"month-first\" }\n";
    let program = StudyFolder::clean().with("programs.csv", programs).with("study.toml", toml).read().programs.of(0)[0];
    assert_eq!((program.start.to_string(), program.completed_on.unwrap().to_string()), ("2024-04-03".to_owned(), "2024-05-06".to_owned()));
    let wrong = StudyFolder::clean().with("programs.csv", programs).with("study.toml", toml.replace("start", "stard"));
    assert!(wrong.refusal().0.contains("which study.toml names as date_order.stard"), "{}", wrong.refusal().0);
}

#[test]
fn years_of_two_digits_are_refused_without_the_setting() {
    assert_eq!(
        days(&with("two_digit_years = 1950\ndate_order = \"day-first\"", "P1,31/03/24,3\nP1,01/04/49,3\n")),
        ["2024-03-31", "2049-04-01"]
    );
    let (rule, sentence, fix) = finding(&with("two_digit_years = 1950", &format!("{GOOD}P1,31/03/24,3\n")));
    assert_eq!(
        (rule, sentence.as_str()),
        ("invalid_date", "\"31/03/24\" has a year of two digits, which may be its first number or its last.")
    );
    assert_eq!(fix, "Add date_order = \"day-first\", \"month-first\" or \"iso\" under [files.pain] in study.toml.");
    let (sentence, _) = with("two_digit_years = 50", GOOD).refusal();
    assert!(sentence.starts_with("study.toml: files.pain.two_digit_years = 50, but it is the first of the hundred years"), "{sentence}");
}

#[test]
fn month_names_of_other_languages_need_the_setting() {
    let rows = format!("{GOOD}P1,\"Montag, 4. März 2024\",3\n");
    assert_eq!(days(&with("language = \"de\"", &rows)), ["2024-01-01", "2024-03-04"]);
    let (rule, sentence, fix) = finding(&pain(&rows));
    assert_eq!(rule, "invalid_date");
    assert_eq!(sentence, "\"Montag, 4. März 2024\" names its month or weekday in a language that is not declared (perhaps German).");
    assert_eq!(fix, "Add language = \"de\" under [files.pain] in study.toml.");
    let (sentence, _) = with("language = \"xx\"", GOOD).refusal();
    assert!(sentence.contains("\"xx\" is not one of en, de, fr, es, it, pt, nl, sv, da, no"), "{sentence}");
}

#[test]
fn a_weekday_that_is_not_the_dates_is_a_finding() {
    let (rule, sentence, fix) = finding(&pain(&format!("{GOOD}P1,Mon 2024-03-05,3\n")));
    assert_eq!((rule, sentence.as_str()), ("weekday_mismatch", "\"Mon 2024-03-05\" says Monday, but 2024-03-05 is a Tuesday."));
    assert_eq!(fix, "Correct the date or the weekday.");
    // 2024-04-03 was a Wednesday and 2024-03-04 a Monday: the weekday settles the column.
    assert_eq!(days(&pain("P1,Wed 03/04/2024,3\nP1,05/06/2024,3\n")), ["2024-04-03", "2024-06-05"]);
}

#[test]
fn day_numbers_of_a_spreadsheet_are_refused_with_both_readings_and_read_by_the_setting() {
    let (rule, sentence, fix) = finding(&pain(&format!("{GOOD}P1,45382,3\n")));
    assert_eq!(rule, "invalid_date");
    // 45382 days from 1899-12-30; 1462 more from 1904-01-01.
    assert_eq!(sentence, "\"45382\" looks like a spreadsheet's day number: 2024-03-31 counted from 1900, 2028-04-01 counted from 1904.");
    assert_eq!(
        fix,
        "Export the column as dates, or add date_serial = \"1900\" (or \"1904\", from old versions of Excel for Mac) under [files.pain] in study.toml."
    );
    assert_eq!(days(&with("date_serial = \"1900\"", "P1,45382.75,3\nP1,2024-04-01,3\n")), ["2024-03-31", "2024-04-01"]);
    assert_eq!(days(&with("date_serial = \"1904\"", "P1,43920,3\n")), ["2024-03-31"]);
}

#[test]
fn stamps_in_utc_count_for_the_day_written_and_say_so_or_for_the_local_one() {
    let rows = "P1,2024-01-01T23:30:00Z,3\nP1,2024-07-01T22:30:00+00:00,3\nP1,2024-07-03T23:30:00+02:00,3\n";
    let folder = pain(rows);
    assert_eq!(days(&folder), ["2024-01-01", "2024-07-01", "2024-07-03"]);
    assert_eq!(
        folder.read().reading.notes,
        [
            "pain.csv, column date: 2 date-times in UTC were taken to be on the day written; time_zone = \"Europe/Berlin\" (or yours) under [files.pain] in study.toml takes each to the day it was there."
        ]
    );
    // Berlin is one hour ahead in winter and two in summer.
    let local = with("time_zone = \"Europe/Berlin\"", rows);
    assert_eq!(days(&local), ["2024-01-02", "2024-07-02", "2024-07-03"]);
    assert_eq!(local.read().reading.notes, Vec::<String>::new());
    let (sentence, hint) = with("time_zone = \"Europe/Berlinn\"", rows).refusal();
    assert_eq!(sentence, "pain.csv: the setting files.pain.time_zone is \"Europe/Berlinn\", which is no zone of the IANA list.");
    assert_eq!(hint, "Did you mean \"Europe/Berlin\"?");
}

#[test]
fn dates_in_parts_may_name_the_month_and_shorten_the_year() {
    let parts = |rows: &str, more: &str| {
        let toml = format!("[files.pain]\ndate_parts = {{ year = \"y\", month = \"m\", day = \"d\" }}\n{more}\n");
        StudyFolder::clean().with("pain.csv", format!("patient_id,y,m,d,pain\n{rows}")).with("study.toml", toml)
    };
    let rows = "P1,2024,March,31,3\nP1,2024.0,4.0,1.0,3\n";
    assert_eq!(days(&parts(rows, "")), ["2024-03-31", "2024-04-01"]);
    assert_eq!(days(&parts("P1,24,Mrz,31,3\n", "two_digit_years = 1950\nlanguage = \"de\"")), ["2024-03-31"]);
    let row = parts(&format!("{rows}P1,24,3,31,3\n"), "").rejection();
    assert_eq!((row.rule, row.sentence.as_str()), ("invalid_date", "\"24\" has a year of two digits, so its century is not known."));
    let row = parts(&format!("{rows}P1,2024,3,thirty,3\n"), "").rejection();
    assert_eq!(row.sentence, "\"thirty\" in column d is no part of a date.");
    let row = parts(&format!("{rows}P1,2024,-,3,3\n"), "").rejection();
    assert_eq!((row.rule, row.sentence.as_str()), ("missing_date", "The date is missing its m."));
}

#[test]
fn days_after_the_export_or_after_today_are_findings() {
    let rows = format!("{GOOD}P1,2025-01-02,3\n");
    let exported = "[study]\nexported_on = 2025-01-01\n";
    let (rule, sentence, fix) = finding(&pain(&rows).with("study.toml", exported));
    assert_eq!((rule, sentence.as_str()), ("future_date", "2025-01-02 lies after the day of export, 2025-01-01."));
    assert_eq!(fix, "Correct the date, or study.exported_on if the files were exported later.");

    let today = |folder: &StudyFolder| {
        let (path, study) = open_study(folder.path(), None).unwrap();
        let asked = Asked { today: Some(Day::from_ymd(2025, 1, 1).unwrap()), ..Asked::default() };
        read_study_as(&path, &study, &asked).unwrap().reading.rejected
    };
    let rejected = today(&pain(&rows));
    assert_eq!((rejected.len(), rejected[0].rule, rejected[0].line), (1, "future_date", 3));
    assert_eq!(
        (rejected[0].sentence.as_str(), rejected[0].fix.as_str()),
        ("2025-01-02 lies after today, 2025-01-01.", "Correct the date.")
    );
    // Without today nothing is late, and a cut-off before today keeps its own rule.
    assert_eq!(pain(&rows).read().reading.rejected, []);
    let cut = today(&pain(&rows).with("study.toml", "[study]\ncut_off = 2024-12-31\n"));
    assert_eq!((cut.len(), cut[0].rule), (1, "after_cut_off"));
    // A program may be planned to end in the future, but not have been completed there.
    let programs = "patient_id,start,planned_end,completed_on\nP1,2024-12-01,2025-03-01,\nP2,2024-12-01,,2025-03-01\n";
    let rejected = today(&StudyFolder::clean().with("programs.csv", programs));
    assert_eq!((rejected.len(), rejected[0].rule, rejected[0].line, rejected[0].column.as_str()), (1, "future_date", 3, "completed_on"));
}
