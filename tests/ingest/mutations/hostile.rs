//! Files and settings that no random change would make. Work is bounded by time only where the square of the input would
//! take hours.

use std::time::{Duration, Instant};

use staywell::ingest::{Asked, IngestError, LogText, Logs, open_study, read_log_texts, read_study};
use staywell::settings::{FileSettings, LogKind, StudyFile, parse};

use crate::ingest::study::{PAIN, SESSIONS, StudyFolder, pain_rows};

fn read(kind: LogKind, bytes: impl Into<Vec<u8>>, settings: FileSettings) -> Result<Logs, IngestError> {
    let text = LogText { kind, name: "log.csv".to_owned(), bytes: bytes.into(), settings };
    let started = Instant::now();
    let logs = read_log_texts(vec![text], &StudyFile::default(), &Asked::default());
    assert!(started.elapsed() < Duration::from_secs(60), "reading took {:?}", started.elapsed());
    if let Ok(logs) = &logs {
        assert!(logs.reading.files.iter().all(staywell::ingest::FileAccount::balances));
    }
    logs
}

fn pain(bytes: impl Into<Vec<u8>>) -> Result<Logs, IngestError> {
    read(LogKind::Pain, bytes, FileSettings::default())
}

fn sentence(read: Result<Logs, IngestError>) -> String {
    read.map_or_else(|error| error.to_string(), |logs| format!("read: {:?}", logs.reading))
}

#[test]
fn a_million_cells_and_a_million_blank_lines_are_read() {
    let text = format!("{PAIN}P3,2024-01-01,5{}\nP4,2024-01-01{}\n", ",".repeat(1_000_000), ",6".repeat(1_000_000));
    let logs = pain(text).unwrap();
    assert_eq!((logs.reading.files[0].used, logs.reading.rejected.len(), logs.reading.rejected[0].line), (4, 1, 6));
    let text = format!("patient_id,date,pain\n{}P1,2024-01-01,5\nP1,soon,5\n", "\n".repeat(1_000_000));
    let logs = pain(text).unwrap();
    assert_eq!((logs.reading.files[0].read, logs.reading.rejected[0].line), (2, 1_000_003));
}

#[test]
fn ids_of_a_megabyte_and_over_lines_are_kept_whole() {
    let long = "x".repeat(1 << 20);
    let logs = pain(format!("patient_id,date,pain\n{long},2024-01-01,5\n\"a\nb\",2024-01-01,5\n")).unwrap();
    assert_eq!(logs.patients.ids, ["a\nb".to_owned(), long]);
}

#[test]
fn a_header_of_very_many_names_takes_no_square_of_them() {
    let names: Vec<String> = (0..30_000).map(|column| format!("c{column}")).collect();
    let logs = pain(format!("patient_id,date,pain,{}\nP1,2024-01-01,5\n", names.join(","))).unwrap();
    assert_eq!(logs.reading.files[0].used, 1);
    for endless in ["x,".repeat(1 << 20), "\n".repeat(2 << 20)] {
        assert_eq!(sentence(pain(endless)), "log.csv could not be read: its first megabyte holds no line that names the columns.");
    }
}

#[test]
fn very_many_rows_of_one_patient_and_day_take_no_square_of_them() {
    let rows = (0..200_000).map(|row| format!("P1,2024-01-01,{row}\n")).collect::<Vec<_>>().concat();
    let text = format!("patient_id,date,exercise\n{rows}{rows}");
    let logs = read(LogKind::Sessions, text, FileSettings::default()).unwrap();
    assert_eq!((logs.reading.files[0].used, logs.reading.files[0].merged), (200_000, 200_000));
}

#[test]
fn quotes_that_open_on_every_line_cost_each_its_own() {
    let text = format!("{PAIN}{}", "\"P1,2024-01-01,5\n".repeat(50_000));
    let logs = pain(text).unwrap();
    assert_eq!((logs.reading.files[0].used, logs.reading.rejected.len()), (3, 50_000));
    assert!(logs.reading.rejected.iter().enumerate().all(|(row, rejected)| rejected.line == row + 5));
}

#[test]
fn a_quote_that_opens_in_the_header_is_said() {
    assert_eq!(
        sentence(pain("patient_id,\"date,pain\nP1,2024-01-01,5\n")),
        "log.csv, line 1: a quotation mark opens a cell and is not closed."
    );
}

#[test]
fn a_header_that_swallows_rows_is_refused() {
    let text = "patient_id,date,pain,\"note\nP1,2024-01-01,5,ok\nP1,2024-01-02,5,ok\nP1,2024-01-03,5,ok\"\nP1,2024-01-04,5,ok\n";
    assert_eq!(sentence(pain(text)), "log.csv, line 1: a quotation mark opens a cell and is not closed.");
    let two = "patient_id,date,\"pain\n(0-10)\",note\nP1,2024-01-04,5,ok\n";
    let columns = [("pain".to_owned(), "pain\n(0-10)".to_owned())].into();
    assert_eq!(read(LogKind::Pain, two, FileSettings { columns, ..FileSettings::default() }).unwrap().pain.score, [5.0]);
}

#[test]
fn a_file_of_nuls_is_refused() {
    let error = sentence(pain(b"p\0atient_id,date,pain\n\0\0\0\n"));
    assert!(error.starts_with("No pain row can be used (read 1, rejected 1") && error.contains("NUL bytes"), "{error}");
}

#[test]
fn numbers_too_great_to_be_held_are_out_of_range() {
    let text =
        "patient_id,date,minutes,prescribed\nP1,2024-01-01,30,3\nP1,2024-01-02,1e308,3\nP1,2024-01-03,1e-320,3\nP1,2024-01-04,30,1e39\n";
    let logs = read(LogKind::Sessions, text, FileSettings::default()).unwrap();
    assert_eq!(logs.sessions.minutes, [Some(30.0), Some(0.0)]);
    let rejected: Vec<(usize, &str)> = logs.reading.rejected.iter().map(|row| (row.line, row.rule)).collect();
    assert_eq!(rejected, [(3, "out_of_range"), (5, "out_of_range")]);
    assert_eq!(logs.reading.rejected[0].sentence, "\"1e308\" is more than any log can mean (at most 1,000,000).");
}

#[test]
fn settings_that_cannot_be_meant_are_explained() {
    for delimiter in ['é', '"', '\n', 'a', '7', ' ', '.', '-'] {
        let error = sentence(read(LogKind::Pain, PAIN, FileSettings { delimiter: Some(delimiter), ..FileSettings::default() }));
        assert_eq!(error, format!("log.csv: the setting delimiter is \"{}\".", delimiter.escape_debug()), "{delimiter:?}");
    }
    for comment in ['é', '"', '\n'] {
        let error = sentence(read(LogKind::Pain, PAIN, FileSettings { comment: Some(comment), ..FileSettings::default() }));
        assert_eq!(error, format!("log.csv: the setting comment is \"{}\".", comment.escape_debug()), "{comment:?}");
    }
    let error = sentence(read(LogKind::Pain, PAIN, FileSettings { skip_lines: 1_000_000_000_000_000_000, ..FileSettings::default() }));
    assert_eq!(
        error,
        "log.csv: the setting skip_lines is 1000000000000000000, but only 4 lines were found before the end of the file or of its first megabyte."
    );
}

#[test]
fn days_and_numbers_without_bounds_are_refused_in_study_toml() {
    for line in [
        "[landmark]\nday = 2147483647",
        "[landmark]\nsensitivity_days = [28, -1]",
        "[landmark]\nsensitivity_lags = [2147483647]",
        "[remission]\ndays = 2147483647",
        "[remission]\nceiling = -inf",
        "[recurrence]\nfloor = inf",
        "[model]\nhorizon = inf",
        "[model]\ntimes = [nan]",
        "[model]\ntimes = [-1]",
        "[pain]\nshare_from_baseline = nan",
        "[pain]\nimportant_points = inf",
        "[maintenance]\nsessions_per_week = inf",
        "[adherence]\nprescribed_per_week = inf",
    ] {
        let error = parse(line, "study.toml").expect_err(line).to_string();
        assert!(error.contains("it must be") || error.contains("must"), "{error}");
    }
}

#[test]
fn paths_that_lead_elsewhere_are_missing_files_and_no_hang() {
    let folder = StudyFolder::clean();
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("loop.csv", folder.path().join("loop.csv")).unwrap();
        std::os::unix::fs::symlink(folder.path(), folder.path().join("self")).unwrap();
        let made = std::process::Command::new("mkfifo").arg(folder.path().join("pipe.csv")).status();
        assert!(made.is_ok_and(|status| status.success()));
    }
    for path in ["/etc", "..", "../..", "", ".", "loop.csv", "pipe.csv", "self", "**/nothing*.csv", "no\u{0}thing.csv"] {
        let study = StudyFile {
            reading: parse(&format!("[files.pain]\npath = {path:?}\n").replace("\\0", "\\u0000"), "s").unwrap().reading,
            ..StudyFile::default()
        };
        let error = read_study(folder.path(), &study).expect_err(path);
        assert!(matches!(error, IngestError::MissingFile { .. }), "{path:?}: {error}");
    }
}

#[test]
fn ten_thousand_files_of_one_log_are_read() {
    let folder = StudyFolder::empty().with("sessions.csv", SESSIONS).with("study.toml", "[files.pain]\npath = \"p-*.csv\"\n");
    for file in 0..10_000 {
        std::fs::write(folder.path().join(format!("p-{file}.csv")), format!("patient_id,date,pain\nP{},2024-01-01,5\n", file % 7)).unwrap();
    }
    let (path, study) = open_study(folder.path(), None).unwrap();
    let logs = read_study(&path, &study).unwrap();
    assert_eq!((logs.reading.files.len(), logs.pain.day.len()), (10_001, 7));
}

#[test]
fn a_filled_value_is_not_taken_from_a_row_that_cannot_be_read() {
    let toml = "[files.pain]\nfill_down = [\"patient_id\", \"date\"]\n";
    let text = "patient_id,date,pain,note\nP1,2024-01-01,5,a\n2024-01-02,7\n,2024-01-03,4,b\nP3,2024-01-04,3,c\n,,2,d\n\"P4,2024-01-05,1,e\n,2024-01-06,1,f\nP5,2024-01-07,5,g, or h\n,2024-01-08,6,i\n";
    let folder = StudyFolder::clean().with("pain.csv", text).with("study.toml", toml);
    let logs = folder.read();
    let rejected: Vec<(usize, &str, &str)> = logs.reading.rejected.iter().map(|row| (row.line, row.rule, row.column.as_str())).collect();
    assert_eq!(
        rejected,
        [
            (3, "wrong_number_of_cells", ""),
            (4, "nothing_to_repeat", "patient_id"),
            (7, "unterminated_quote", ""),
            (8, "nothing_to_repeat", "patient_id"),
            (9, "wrong_number_of_cells", ""),
        ]
    );
    // The cells before a spare one are read if all of them read well: line 10 belongs to P5.
    let rows: Vec<(String, f64)> = pain_rows(&logs).into_iter().map(|(id, _, pain)| (id, pain)).collect();
    assert_eq!(rows, [("P1".to_owned(), 5.0), ("P3".to_owned(), 2.0_f64.max(3.0)), ("P5".to_owned(), 6.0)]);
}

#[test]
fn one_byte_of_another_encoding_costs_its_row_and_changes_no_other() {
    let text = [
        b"patient_id,date,pain,note\nZo\xC3\xAB,2024-01-01,5,\nAnd\xE9,2024-01-02,4,\nP1,2024-01-03,3,caf\xE9\n".as_slice(),
        b"P2,2024-01-04,2,\n",
    ]
    .concat();
    let logs = StudyFolder::clean().with("pain.csv", text).read();
    let ids: Vec<String> = pain_rows(&logs).into_iter().map(|row| row.0).collect();
    assert_eq!(ids, ["P1", "P2", "Zoë"]);
    let row = &logs.reading.rejected[0];
    assert_eq!((row.line, row.rule, row.column.as_str(), row.value.as_str()), (3, "mixed_encoding", "patient_id", "And\u{fffd}"));
    let findings: Vec<&str> =
        logs.reading.findings.iter().filter(|finding| finding.rule == "not_utf8").map(|finding| finding.sentence.as_str()).collect();
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert!(findings[0].contains("2 lines (line 3 is the first)"), "{findings:?}");
}

#[test]
fn session_rows_merge_only_if_they_say_the_same() {
    let toml = "[[files.sessions]]\npath = \"a.csv\"\n[[files.sessions]]\npath = \"b.csv\"\n[[files.sessions]]\npath = \"c.csv\"\nfill_down = [\"exercise\"]\n";
    let folder = StudyFolder::clean()
        .with("a.csv", "patient_id,date,minutes\nP1,2024-01-01,3\n")
        .with("b.csv", "date,prescribed,patient_id\n2024-01-01,3,P1\n")
        .with("c.csv", "patient_id,exercise,date,minutes\nP2,squat,2024-01-01,10\nP2,,2024-01-01,20\nP2,plank,2024-01-01,10\nP2,,2024-01-01,20\nP1,,2024-01-01,3\n")
        .with("study.toml", toml);
    let logs = folder.read();
    assert!(logs.reading.files.iter().all(|file| file.merged == 0), "other columns, or below other exercises");
    let again = folder.with("b.csv", "minutes,patient_id,date\n3,P1,2024-01-01\n").read();
    assert_eq!(again.reading.files[1].merged, 1, "the same in another order");
}

#[test]
fn a_header_that_comes_again_is_no_row() {
    let patients = "patient_id,age\nP1,40\npatient_id,age\nP2,50\n";
    let logs = StudyFolder::clean().with("patients.csv", patients).read();
    assert_eq!(logs.patients.ids, ["P1", "P2"]);
    let row = &logs.reading.rejected[0];
    assert_eq!((row.rule, row.line, row.raw.as_str()), ("repeated_header", 3, "patient_id,age"));
    assert!(matches!(logs.patients.covariates[0].values, staywell::ingest::CovariateValues::Number(_)));
}

#[test]
fn a_mapped_covariate_has_its_native_name_in_any_case() {
    let toml = "[files.patients]\ncolumns = { age = \"Alter (Jahre)\" }\n";
    let logs = StudyFolder::clean().with("patients.csv", "patient_id,ALTER (Jahre)\nP1,40\nP2,50\n").with("study.toml", toml).read();
    assert_eq!(logs.patients.covariates[0].name, "age");
}
