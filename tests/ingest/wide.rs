//! Wide tables: one row per patient, one column per day, week or date.

use staywell::domain::{Day, SessionStatus};
use staywell::ingest::{FileAccount, Logs};

use super::study::{StudyFolder, pain_rows};

fn pain(toml: &str, table: &str) -> StudyFolder {
    StudyFolder::clean().with("wide.csv", table).with("study.toml", format!("[files.pain]\npath = \"wide.csv\"\n{toml}\n"))
}

fn account(logs: &Logs) -> &FileAccount {
    logs.reading.files.iter().find(|file| file.file == "wide.csv").unwrap()
}

fn rows(logs: &Logs) -> Vec<String> {
    pain_rows(logs).into_iter().map(|(patient, day, score)| format!("{patient} {day} {score}")).collect()
}

fn sessions(logs: &Logs) -> Vec<String> {
    let rows = (0..logs.n_patients()).flat_map(|patient| logs.sessions.rows(patient).map(move |row| (patient, row)));
    rows.map(|(patient, row)| format!("{} {} {}", logs.patients.ids[patient], Day(logs.sessions.day[row]), logs.sessions.status[row]))
        .collect()
}

#[test]
fn days_are_counted_from_the_start_of_each_patient() {
    let table = "pid,clinic,start_date,day1,day2,day3,comment\nA,North,2024-02-28,6,,5,\nB,South,2024-12-31,NA,3.5,-9,call\nC,South,2024-01-01,,,,\n";
    let toml =
        "columns = { patient_id = \"pid\" }\nmissing = [\"-9\"]\nwide = { columns = \"day*\", value = \"pain\", start = \"start_date\" }";
    let logs = pain(toml, table).read();
    assert_eq!(rows(&logs), ["A 2024-02-28 6", "A 2024-03-01 5", "B 2025-01-01 3.5"]);
    assert_eq!((account(&logs).read, account(&logs).used), (3, 3));
    assert_eq!(account(&logs).layout, "3 columns day1 … day3 unfolded · decimal point · date year-month-day");
    assert_eq!(
        logs.reading.notes,
        [
            "wide.csv: 3 rows × 3 columns (day1 … day3) = 9 cells; 6 empty (not logged), 3 read.",
            "wide.csv: 1 row has no value in any of these columns.",
            "wide.csv: columns not used: clinic, comment.",
        ]
    );
}

#[test]
fn a_rejected_cell_is_named_by_its_line_and_column_in_the_file() {
    let table = "id;start;T0;T1\n\"A\";01.02.2024;3,5;elf\n\nB;13.02.2024;11;2\n";
    let logs = pain("wide = { columns = \"T*\", value = \"pain\", start = \"start\", first = 0 }", table).read();
    assert_eq!(rows(&logs), ["A 2024-02-01 3.5", "B 2024-02-14 2"]);
    let rejected: Vec<_> = logs.reading.rejected.iter().map(|row| (row.line, row.column.as_str(), row.value.as_str(), row.rule)).collect();
    assert_eq!(rejected, [(2, "T1", "elf", "not_a_number"), (4, "T0", "11", "pain_out_of_range")]);
}

#[test]
fn the_start_column_follows_the_date_rules_and_is_never_guessed() {
    let toml = "wide = { columns = \"w*\", value = \"pain\", start = \"begin\", step = \"week\" }";
    let (message, hint) = pain(toml, "id,begin,w1,w2\nA,03/04/2024,5,4\n").refusal();
    assert_eq!(
        message,
        "wide.csv, line 2, column begin: \"03/04/2024\" may be 2024-04-03 (day first) or 2024-03-04 (month first), and no date in the column settles which."
    );
    assert!(hint.contains("date_order = \"day-first\""), "{hint}");
    let logs = pain(&format!("date_order = \"month-first\"\n{toml}"), "id,begin,w1,w2\nA,03/04/2024,5,4\n").read();
    assert_eq!(rows(&logs), ["A 2024-03-04 5", "A 2024-03-11 4"]);
    let (message, _) = pain(toml, "id,begin,w1\nA,13/04/2024,5\nB,04/13/2024,5\n").refusal();
    assert!(message.contains("\"13/04/2024\" (line 2) can only be day first and \"04/13/2024\" (line 3) only month first"), "{message}");
}

#[test]
fn a_row_without_a_start_is_rejected_cell_by_cell() {
    let logs = pain(
        "wide = { columns = \"day*\", value = \"pain\", start = \"start\" }",
        "id,start,day1,day2\nA,,5,\nB,2024-01-01,1,2\nC,soon,,7\n",
    )
    .read();
    assert_eq!(rows(&logs), ["B 2024-01-01 1", "B 2024-01-02 2"]);
    let account = account(&logs);
    assert_eq!((account.read, account.used, account.rejected), (4, 2, 2));
    let rejected = &logs.reading.rejected;
    assert_eq!((rejected[0].line, rejected[0].rule, rejected[0].column.as_str()), (2, "missing_date", "start"));
    assert_eq!(rejected[0].sentence, "day1 says \"5\", but without a start day in column start its day is not known.");
    assert_eq!((rejected[1].line, rejected[1].rule, rejected[1].value.as_str()), (4, "invalid_date", "soon"));
    // Of the row only the id, the start and the cell itself: a row of a thousand days would stand there a thousand times.
    assert_eq!(rejected[0].raw, "A,,5");
    assert_eq!(rejected[1].raw, "C,soon,7");
}

#[test]
fn rejected_cells_of_a_long_row_do_not_repeat_it() {
    let days = (1..=300).map(|day| format!(",day{day}")).collect::<Vec<String>>().concat();
    let row = |id: &str, start: &str, pain: &str| format!("{id},{start}{}\n", format!(",{pain}").repeat(300));
    let long = "soon ".repeat(1_000);
    let table = format!("id,start{days},comment\n{}{}{}", row("A", "2024-01-01", "5"), row("B", "", "4"), row("C", long.trim(), "3"));
    let logs = pain("wide = { columns = \"day*\", value = \"pain\", start = \"start\" }", &table).read();
    let rejected = &logs.reading.rejected;
    assert_eq!((account(&logs).read, account(&logs).used, rejected.len()), (900, 300, 600));
    assert!(rejected[..300].iter().all(|row| row.raw == "B,,4"));
    // Of the long start 200 letters and a mark of three bytes, in the value, the sentence and the record.
    let quoted = format!("{}\u{2026}", &long[..200]);
    assert_eq!((rejected[300].value.as_str(), rejected[599].raw.as_str()), (quoted.as_str(), format!("C,{quoted},3").as_str()));
    assert!(rejected[300..].iter().all(|row| row.sentence.len() < 300 && row.raw.len() == 207));
}

#[test]
fn columns_named_by_dates_are_read_by_the_order_of_all_of_them() {
    let toml = "wide = { columns = \"*\", value = \"pain\" }";
    let logs = pain(toml, "id,2024-03-01,2024-03-02 00:00:00\nA,5,\nB,,4\n").read();
    assert_eq!(rows(&logs), ["A 2024-03-01 5", "B 2024-03-02 4"]);
    let logs = pain(toml, "id,12.03.2024,13.03.2024\nA,5,6\n").read();
    assert_eq!(rows(&logs), ["A 2024-03-12 5", "A 2024-03-13 6"]);
    let (message, _) = pain(toml, "id,01.03.2024,02.03.2024\nA,5,6\n").refusal();
    assert!(message.starts_with("wide.csv, line 1, column (header): \"01.03.2024\" may be"), "{message}");
    let logs =
        pain(&format!("date_order = \"day-first\"\n{}", toml.replace('*', "pain *")), "id,pain 01.03.2024,pain 02.03.2024\nA,5,6\n").read();
    assert_eq!(rows(&logs), ["A 2024-03-01 5", "A 2024-03-02 6"]);
}

#[test]
fn numbers_can_be_days_of_a_month_or_be_counted_from_one_day() {
    let table = "id,28,29,30,31\nA,1,2,,\nB,,,,7\n";
    let logs = pain("wide = { columns = \"*\", value = \"pain\", month = \"2024-02\" }", table).read();
    assert_eq!(rows(&logs), ["A 2024-02-28 1", "A 2024-02-29 2"]);
    let rejected = &logs.reading.rejected[0];
    assert_eq!((rejected.line, rejected.column.as_str(), rejected.sentence.as_str()), (3, "31", "The month has no day \"31\"."));
    for day in ["2024-03-01", "\"2024-03-01\""] {
        let toml = format!("wide = {{ columns = \"*\", value = \"pain\", first = 28, start_date = {day} }}");
        assert_eq!(rows(&pain(&toml, table).read()), ["A 2024-03-01 1", "A 2024-03-02 2", "B 2024-03-04 7"]);
    }
}

#[test]
fn one_table_may_hold_several_values_a_day() {
    let table = "id,start,d01_pain,d01_done,d02_pain,d02_done\nA,2024-05-01,4,x,3,0\nB,2024-05-01,,1,2,\n";
    let toml = "[files.pain]\npath = \"wide.csv\"\nwide = { columns = \"d*_pain\", value = \"pain\", start = \"start\" }\n\
        [files.sessions]\npath = \"wide.csv\"\nwide = { columns = \"d*_done\", value = \"status\", start = \"start\" }\n";
    let logs = StudyFolder::empty().with("wide.csv", table).with("study.toml", toml).read();
    assert_eq!(rows(&logs), ["A 2024-05-01 4", "A 2024-05-02 3", "B 2024-05-02 2"]);
    assert_eq!(sessions(&logs), ["A 2024-05-01 done", "A 2024-05-02 missed", "B 2024-05-01 done"]);
    assert_eq!(logs.sessions.status[1], SessionStatus::Missed);
}

#[test]
fn numbers_of_sessions_become_rows_only_where_their_days_are_known_or_the_study_says_so() {
    let table = "id,start,w1,w2,w3\nA,2024-05-01,2,0,\nB,2024-05-06,8,51,two\n";
    let toml = |rest: &str| {
        format!(
            "[files.sessions]\npath = \"wide.csv\"\nwide = {{ columns = \"w*\", value = \"sessions\", start = \"start\", step = \"week\"{rest} }}\n"
        )
    };
    let study = |rest: &str| StudyFolder::clean().with("wide.csv", table).with("study.toml", toml(rest));
    let (message, hint) = study("").refusal();
    assert_eq!(
        message,
        "wide.csv: the setting files.sessions.wide.value is \"sessions\", a number a week, which does not say on which days they were."
    );
    assert!(hint.starts_with("With spread = true they are dated on the first days of the week"), "{hint}");
    let logs = study(", spread = true").read();
    let expected = [
        "A 2024-05-01 done",
        "A 2024-05-02 done",
        "A 2024-05-08 missed",
        "B 2024-05-06 done",
        "B 2024-05-06 done",
        "B 2024-05-07 done",
        "B 2024-05-08 done",
        "B 2024-05-09 done",
        "B 2024-05-10 done",
        "B 2024-05-11 done",
        "B 2024-05-12 done",
    ];
    assert_eq!(sessions(&logs), expected);
    let account = account(&logs);
    assert_eq!((account.read, account.used, account.rejected, account.merged), (13, 11, 2, 0));
    let rules: Vec<_> = logs.reading.rejected.iter().map(|row| (row.column.as_str(), row.rule)).collect();
    assert_eq!(rules, [("w2", "out_of_range"), ("w3", "not_a_number")]);
}

#[test]
fn no_minutes_are_no_session_and_a_part_is_not_a_whole() {
    let toml = |value: &str| {
        format!("[files.sessions]\npath = \"wide.csv\"\nwide = {{ columns = \"d*\", value = \"{value}\", start_date = 2024-05-01 }}\n")
    };
    let study = |value: &str, cells: &str| {
        StudyFolder::clean().with("wide.csv", format!("id;d1;d2;d3;d4\nA;{cells}\n")).with("study.toml", toml(value)).read()
    };
    let logs = study("minutes", "25;0;;12,5");
    assert_eq!(sessions(&logs), ["A 2024-05-01 done", "A 2024-05-02 missed", "A 2024-05-04 done"]);
    assert_eq!(logs.sessions.minutes, [Some(25.0), Some(0.0), Some(12.5)]);
    assert_eq!(sessions(&study("fraction_done", "1;0;0,5;")), ["A 2024-05-01 done", "A 2024-05-02 missed", "A 2024-05-03 partial"]);
}

#[test]
fn patterns_that_fit_nothing_too_much_or_the_same_day_twice_are_explained() {
    let refused = |columns: &str, header: &str| {
        let toml = format!("wide = {{ columns = \"{columns}\", value = \"pain\", start = \"start\" }}");
        pain(&toml, &format!("{header}\n")).refusal()
    };
    let (message, hint) = refused("tag*", "id,start,day1,day2,day3,day4,day5");
    assert!(
        message.starts_with("wide.csv: the setting files.pain.wide.columns is \"tag*\", which fits none of the columns \"id\", \"start\""),
        "{message}"
    );
    assert_eq!(hint, "Correct wide.columns, perhaps to \"day*\".");
    assert!(refused("day", "id,start,day1").0.contains("has not one *"));
    assert!(refused("day*", "id,start,day1,day01").0.contains("fits \"day1\" and \"day01\": the same day twice"));
    assert!(refused("*", "id,start,01.03.24").0.contains("\"01.03.24\", which is no date that can be read"));
    assert!(refused("*", "id,start,45352,45353").0.contains("\"45352\" is that of no day or week"));
    assert!(refused("*", "id,start,1,2024-01-01").0.contains("fits a number (\"1\") and a date (\"2024-01-01\")"));
    let start = "wide = { columns = \"day*\", value = \"pain\", start = \"begin\" }";
    let (message, hint) = pain(start, "id,begun,day1\nA,2024-01-01,1\n").refusal();
    assert!(message.contains("there is no column \"begin\", which study.toml names as wide.start"), "{message}");
    assert_eq!(hint, "Correct wide.start under [files.pain] in study.toml, perhaps to \"begun\".");
    let (message, _) = pain("wide = { columns = \"day*\", value = \"pain\" }", "id,day1\nA,1\n").refusal();
    assert!(message.contains("does not say from which day the columns are counted"), "{message}");
    let (message, hint) = pain("wide = { columns = \"day*\", value = \"pian\", start = \"s\" }", "id,s,day1\nA,2024-01-01,1\n").refusal();
    assert!(
        message.contains("is \"pian\", but the cells of pain can hold pain") && hint.contains("Did you mean \"pain\"?"),
        "{message} {hint}"
    );
    let (message, _) = pain("wide = { columns = \"day*\", vale = \"pain\" }", "id,s,day1\n").refusal();
    assert!(message.contains("there is no setting \"vale\" here. Did you mean \"value\"?"), "{message}");
}

#[test]
fn a_wide_table_without_the_setting_is_recognized() {
    let header: Vec<String> = (1..=7).map(|day| format!("day_{day}")).collect();
    let (message, hint) = pain("", &format!("id,enrolled,{}\nA,2024-01-01,1,2,3,4,5,6,7\n", header.join(","))).refusal();
    assert!(message.contains("there is no column for date"), "{message}");
    assert_eq!(
        hint,
        "The columns day_* look like one column a day. Add to study.toml: [files.pain] wide = { columns = \"day_*\", value = \"pain\", start = \"enrolled\" }"
    );
}

#[test]
fn numbered_columns_are_not_offered_for_a_date_that_is_only_misspelled() {
    let (_, hint) = pain("", "id,datte,odi_1,odi_2,odi_3,odi_4,odi_5,pain\nA,2024-01-01,1,2,3,4,5,6\n").refusal();
    assert_eq!(hint, "Add to study.toml: [files.pain] columns = { date = \"datte\" }");
}

#[test]
fn damaged_rows_are_rejected_and_short_ones_are_counted() {
    let table = "id,start,day1,day2\nA,2024-01-01,1,2\n\"B,2024-01-01,3,4\nC,2024-01-01,5\nD\nE,2024-01-01,1,2,3\n,2024-01-01,6,\n";
    let logs = pain("wide = { columns = \"day*\", value = \"pain\", start = \"start\" }", table).read();
    assert_eq!(rows(&logs), ["A 2024-01-01 1", "A 2024-01-02 2", "C 2024-01-01 5"]);
    let rules: Vec<_> = logs.reading.rejected.iter().map(|row| (row.line, row.rule)).collect();
    assert_eq!(rules, [(3, "unterminated_quote"), (5, "wrong_number_of_cells"), (6, "wrong_number_of_cells"), (7, "missing_patient_id")]);
    assert_eq!(account(&logs).read, 7);
    assert!(
        logs.reading
            .notes
            .contains(&"wide.csv: 1 row has fewer cells than the header; the cells that are not there count as empty.".to_owned())
    );
}

#[test]
fn filters_fill_down_and_a_constant_patient_work_on_wide_tables() {
    let table = "id,what,start,day1,day2\nA,pain,2024-01-01,1,2\n,steps,2024-01-01,5000,6000\n,pain,2024-02-01,3,\n";
    let toml = "fill_down = [\"id\"]\nfilter = { column = \"what\", equals = [\"pain\"] }\nwide = { columns = \"day*\", value = \"pain\", start = \"start\" }";
    let logs = pain(toml, table).read();
    assert_eq!(rows(&logs), ["A 2024-01-01 1", "A 2024-01-02 2", "A 2024-02-01 3"]);
    assert_eq!((account(&logs).read, account(&logs).filtered), (5, 2));
    let logs =
        pain("patient_id = \"Z\"\nwide = { columns = \"day*\", value = \"pain\", start_date = \"2024-01-01\" }", "day1,day2\n1,2\n").read();
    assert_eq!(rows(&logs), ["Z 2024-01-01 1", "Z 2024-01-02 2"]);
}

#[test]
fn hostile_tables_are_refused_or_read_and_never_panic() {
    let header = "id,start,day1,day2";
    for (toml, table) in [
        ("columns = \"day*\", value = \"pain\", start = \"start\", first = -2147483648", format!("{header}\nA,2024-01-01,1,2\n")),
        (
            "columns = \"day*\", value = \"pain\", start = \"start\", first = 2147483647, step = \"week\"",
            format!("{header}\nA,2024-01-01,1,2\n"),
        ),
        ("columns = \"day*\", value = \"pain\", start = \"start\"", format!("{header}\nA,9999-12-31,1,2\n")),
        ("columns = \"day*\", value = \"pain\", start = \"start\"", format!("{header}\nA,0000-01-01,1,2\n")),
        ("columns = \"*\", value = \"pain\", month = \"99999-77\"", "id,1\nA,1\n".to_owned()),
        ("columns = \"*\", value = \"pain\", start = \"id\"", "id,99999999999999999999,00000000\nA,1,2\n".to_owned()),
        ("columns = \"ä*é\", value = \"pain\", start = \"id\"", "id,Ä1É\n2024-01-01,1\n".to_owned()),
        ("columns = \"**\", value = \"pain\", start = \"id\"", header.to_owned()),
        ("columns = \"day*\", value = \"pain\", start = \"day1\"", format!("{header}\nA,2024-01-01,1,2\n")),
        ("columns = \"day*\", value = \"pain\", start = \"start\"", format!("{header}\n\u{0},\u{0},\u{0}\n\"\n")),
    ] {
        if let Ok(logs) = pain(&format!("wide = {{ {toml} }}"), &table).try_read() {
            assert!(logs.reading.files.iter().all(FileAccount::balances));
        }
    }
}

#[test]
fn a_table_of_weeks_is_proposed_as_scores_and_as_days_with_pain() {
    let header: Vec<String> = (1..=6).map(|week| format!("Week {week}")).collect();
    let (_, hint) = pain("", &format!("id,enrolled,{}\nA,2024-01-01,1,2,3,4,5,6\n", header.join(","))).refusal();
    assert_eq!(
        hint,
        "The columns Week * look like one column a week. If the cells are days with pain (0 to 7), write weekly = { columns = \"Week *\", start = \"enrolled\" } in place of wide. Add to study.toml: [files.pain] wide = { columns = \"Week *\", value = \"pain\", start = \"enrolled\", step = \"week\" }"
    );
}
