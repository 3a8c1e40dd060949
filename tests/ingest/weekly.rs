//! Weekly answers of 0 to 7 days, by text message.

use staywell::ingest::{FileAccount, Logs};

use super::study::{StudyFolder, pain_rows};

fn study(toml: &str, table: &str) -> StudyFolder {
    StudyFolder::clean().with("sms.csv", table).with("study.toml", format!("{toml}\n"))
}

fn weekly(weekly: &str, table: &str) -> StudyFolder {
    study(&format!("[files.pain]\npath = \"sms.csv\"\nweekly = {{ {weekly} }}"), table)
}

fn rows(logs: &Logs) -> Vec<String> {
    pain_rows(logs).into_iter().map(|(patient, day, score)| format!("{patient} {day} {score}")).collect()
}

fn account(logs: &Logs) -> &FileAccount {
    logs.reading.files.iter().find(|file| file.file == "sms.csv").unwrap()
}

#[test]
fn one_column_a_week_is_dated_at_the_end_of_the_week_it_speaks_of() {
    let table = "id,enrolled,w0,w1,w2,w52\nA,2023-03-01,7,5,,0 dage\nB,2023-03-06,,3?,2 days.,STOP\n";
    let logs = weekly("columns = \"w*\", start = \"enrolled\"", table).read();
    // Week 1 of A ends seven days after 1 March; week 52 of 364 days later is 28 February 2024.
    assert_eq!(rows(&logs), ["A 2023-03-01 7", "A 2023-03-08 5", "A 2024-02-28 0", "B 2023-03-20 2"]);
    assert_eq!((logs.scale.name.as_str(), logs.scale.max), ("0–7 days a week", 7.0));
    let rejected: Vec<_> = logs.reading.rejected.iter().map(|row| (row.line, row.column.as_str(), row.value.as_str(), row.rule)).collect();
    assert_eq!(rejected, [(3, "w1", "3?", "not_a_number"), (3, "w52", "STOP", "unknown_word")]);
    assert_eq!(
        logs.reading.rejected[1].fix,
        "If the patient left the study, log the event withdrawn in events.csv; otherwise empty the cell."
    );
    assert_eq!((account(&logs).read, account(&logs).used), (6, 4));
    assert_eq!(
        logs.reading.notes,
        [
            "sms.csv: the answers are read on the scale of 0 to 7 days a week (scale = \"days7\").",
            "sms.csv: 2 rows × 4 columns (w0 … w52) = 8 cells; 2 empty (not logged), 6 read.",
            "Pain is logged as days a week, one log every 7 days. Set in study.toml: remission.max_silence = 14 (now 7: one late answer starts a remission anew); \
             recurrence.hold_within = 8 (now 3: two weekly answers never confirm each other).",
        ]
    );
}

#[test]
fn definitions_that_fit_weekly_answers_are_not_complained_of() {
    let toml = "[files.pain]\npath = \"sms.csv\"\nscale = \"days7\"\nweekly = { columns = \"w*\", start = \"enrolled\" }\n\
        [remission]\nmax_silence = 14\n[recurrence]\nhold_within = 8";
    let notes = study(toml, "id,enrolled,w1\nA,2023-03-01,7\n").read().reading.notes;
    assert_eq!(notes, ["sms.csv: 1 row × 1 column (w1 … w1) = 1 cell; 0 empty (not logged), 1 read."]);
}

#[test]
fn one_row_an_answer_is_dated_by_its_week() {
    let table = "id;week;enrolled;reply\nA;1;15.01.2024;3\nA;Week 2;15.01.2024;3 days\nA;3;15.01.2024;\nB;1;;4\nB;x;15.01.2024;4\nB;2;15.01.2024;9\n";
    let logs = weekly("week = \"week\", answer = \"reply\", start = \"enrolled\"", table).read();
    assert_eq!(rows(&logs), ["A 2024-01-22 3", "A 2024-01-29 3"]);
    let account = account(&logs);
    assert_eq!((account.read, account.used, account.rejected, account.filtered), (6, 2, 3, 1));
    let rejected: Vec<_> = logs.reading.rejected.iter().map(|row| (row.line, row.column.as_str(), row.rule)).collect();
    assert_eq!(rejected, [(5, "enrolled", "missing_date"), (6, "week", "invalid_date"), (7, "reply", "pain_out_of_range")]);
    assert!(logs.reading.notes.contains(&"sms.csv: 1 question was not answered (not logged).".to_owned()));
}

#[test]
fn the_last_answer_of_a_week_counts_and_a_thank_you_does_not_replace_it() {
    let table = "id,sent_at,reply,reply_at\nA,2024-01-07 18:00,5,2024-01-07 18:05\nA,2024-01-07 18:00,4,2024-01-07 19:10\n\
        A,2024-01-07 18:00,thanks!,2024-01-07 19:11\nA,2024-01-14 18:00,2,2024-01-15 07:00\nB,2024-01-07 18:00,1,2024-01-08 07:00\n";
    let asked = "answer = \"reply\", date = \"sent_at\"";
    let logs = weekly(asked, table).read();
    assert_eq!(rows(&logs), ["A 2024-01-07 4", "A 2024-01-14 2", "B 2024-01-07 1"]);
    let counts = |logs: &Logs| (account(logs).read, account(logs).used, account(logs).rejected, account(logs).merged);
    assert_eq!(counts(&logs), (5, 3, 1, 1));
    assert!(
        logs.reading.notes.contains(
            &"sms.csv: 1 answer stood beside another one of the same week; the last in the file counts, and in 1 week they differed."
                .to_owned()
        )
    );
    let first = weekly(&format!("{asked}, corrections = \"first\""), table).read();
    assert_eq!(rows(&first)[0], "A 2024-01-07 5");
    let refused = weekly(&format!("{asked}, corrections = \"refuse\""), table).read();
    assert_eq!(rows(&refused), ["A 2024-01-14 2", "B 2024-01-07 1"]);
    assert_eq!(counts(&refused), (5, 2, 3, 0));
    assert_eq!(refused.reading.rejected[0].sentence, "There are several answers for this week: 5, 4.");
}

#[test]
fn of_many_answers_of_a_week_five_are_quoted() {
    let answers = (1..=7).map(|days| format!("A,2024-01-07,{days}\n")).collect::<Vec<String>>().concat();
    let table = format!("id,sent,reply\n{answers}B,2024-01-07,0\n");
    let logs = weekly("answer = \"reply\", date = \"sent\", corrections = \"refuse\"", &table).read();
    let sentences: Vec<&str> = logs.reading.rejected.iter().map(|row| row.sentence.as_str()).collect();
    assert_eq!(sentences, ["There are several answers for this week: 1, 2, 3, 4, 5 and 2 more."; 7]);
    assert_eq!((logs.reading.rejected[6].line, logs.reading.rejected[6].raw.as_str()), (8, "A,2024-01-07,7"));
}

#[test]
fn dates_of_answers_follow_the_rules_of_dates() {
    let (message, _) = weekly("answer = \"reply\", date = \"sent\"", "id,sent,reply\nA,03/04/2024,5\n").refusal();
    assert!(message.starts_with("sms.csv, line 2, column sent: \"03/04/2024\" may be"), "{message}");
    let (message, _) =
        weekly("answer = \"reply\", week = \"week\", start = \"begin\"", "id,begin,week,reply\nA,03/04/2024,1,5\n").refusal();
    assert!(message.starts_with("sms.csv, line 2, column begin: \"03/04/2024\" may be"), "{message}");
    let logs = weekly("answer = \"reply\", date = \"sent\"", "id,sent,reply\nA,13/04/2024,5\nA,,4\n").read();
    assert_eq!(rows(&logs), ["A 2024-04-13 5"]);
    assert_eq!((logs.reading.rejected[0].line, logs.reading.rejected[0].rule), (3, "missing_date"));
}

#[test]
fn settings_that_do_not_say_where_or_when_are_explained() {
    let table = "id,week,start,reply\nA,1,2024-01-01,3\n";
    for (given, problem) in [
        ("", "does not say where the answers are"),
        ("answer = \"reply\"", "does not say when the answers were given"),
        ("answer = \"reply\", week = \"week\"", "does not say when the answers were given"),
        ("answer = \"reply\", date = \"start\", week = \"week\"", "gives a date and beside it weeks or a start"),
        ("answer = \"reply\", columns = \"w*\"", "gives both answer and columns"),
        ("answer = \"replay\", date = \"start\"", "there is no column \"replay\", which study.toml names as weekly.answer"),
    ] {
        let (message, hint) = weekly(given, table).refusal();
        assert!(message.contains(problem) && !hint.is_empty(), "{message}");
    }
    let both =
        study("[files.pain]\npath = \"sms.csv\"\nweekly = { answer = \"reply\" }\nwide = { columns = \"w*\", value = \"pain\" }", table);
    assert!(both.refusal().0.contains("stands beside wide, but a file has one layout"));
    let sessions = study("[files.sessions]\npath = \"sms.csv\"\nweekly = { answer = \"reply\" }", table);
    assert!(sessions.refusal().1.contains("Move it to [files.pain]"));
}

#[test]
fn strange_replies_are_rejected_and_never_panic() {
    let replies = ["\u{1F44D}", "٣", "½", "७", "-0", "+3", "3\u{a0}days", "99999999999999999999", "\"\"", "7-", "..", "\u{0}"];
    let mut table = "id,week,start,reply\nA,1,2024-01-01,3\n".to_owned();
    for (week, reply) in replies.iter().enumerate() {
        table.push_str(&format!("A,{},2024-01-01,{reply}\n", week + 2));
    }
    table.push_str("A,-1,2024-01-01,3\nA,1e9,2024-01-01,3\nA,1,9999-12-31,3\nA,4,\u{1F44D},3\n");
    let logs = weekly("week = \"week\", answer = \"reply\", start = \"start\"", &table).read();
    assert_eq!(rows(&logs), ["A 2024-01-08 3", "A 2024-02-26 3"]);
}
