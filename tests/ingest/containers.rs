//! Workbooks, Parquet and packed text, written by other programs (`data/README.md`).

use std::path::{Path, PathBuf};

use staywell::ingest::{FORMATS, Logs, Rejected, open_study, read_study, study_files};

use super::study::{PAIN, SESSIONS, StudyFolder, pain_rows};

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ingest/data").join(name)
}

fn bytes(name: &str) -> Vec<u8> {
    std::fs::read(data(name)).unwrap()
}

fn read(path: &Path) -> Logs {
    let (folder, study) = open_study(path, None).unwrap_or_else(|error| panic!("{error}"));
    read_study(&folder, &study).unwrap_or_else(|error| panic!("{error}"))
}

fn rows(rows: &[(&str, &str, f64)]) -> Vec<(String, String, f64)> {
    rows.iter().map(|(id, day, score)| ((*id).to_owned(), (*day).to_owned(), *score)).collect()
}

fn expected() -> Vec<(String, String, f64)> {
    rows(&[("P1", "2024-01-01", 6.5), ("P1", "2024-01-08", 4.0), ("P2", "2024-01-02", 5.0)])
}

fn pain_file(logs: &Logs) -> (String, String) {
    let account = logs.reading.files.iter().find(|file| file.kind.as_str() == "pain").unwrap();
    (account.file.clone(), account.layout.clone())
}

fn place(row: &Rejected) -> (usize, &str, &str, &str) {
    (row.line, row.column.as_str(), row.value.as_str(), row.rule)
}

#[test]
fn a_workbook_in_either_epoch_and_of_any_program_is_a_study() {
    for (name, sheets) in [
        ("clinic.xlsx", ["[Sessions] as sessions", "[Schmerzen] as pain"]),
        ("clinic_1904.xlsx", ["[Sessions] as sessions", "[Schmerzen] as pain"]),
        ("clinic.xls", ["[Exercises] as sessions", "[Pain] as pain"]),
        ("clinic.ods", ["[Sessions] as sessions", "[Pain] as pain"]),
    ] {
        let logs = read(&data(name));
        assert_eq!(pain_rows(&logs), expected(), "{name}");
        assert_eq!(logs.reading.rejected, [], "{name}");
        assert_eq!(logs.sessions.minutes, [Some(30.0), None], "{name}");
        let assumed = &logs.reading.notes[0];
        assert_eq!(
            assumed,
            &format!("No study.toml names the files: {name} was taken for the study, its sheets {}, {}.", sheets[0], sheets[1])
        );
        let sheet = sheets[1].split(" as").next().unwrap();
        let (file, layout) = pain_file(&logs);
        assert_eq!(file, format!("{name} {sheet}"));
        let sheet = sheet.trim_matches(['[', ']']);
        assert_eq!(layout, format!("sheet \"{sheet}\" · decimal point or comma · date year-month-day"));
    }
}

#[test]
fn a_folder_with_one_workbook_is_a_study_and_its_file_is_guarded() {
    let folder = StudyFolder::empty().with("Reha 2024.xlsx", bytes("clinic.xlsx")).with("~$Reha 2024.xlsx", "lock").with("notes.txt", "x");
    assert_eq!(pain_rows(&folder.read()), expected());
    assert!(study_files(folder.path(), None).contains(&folder.path().join("Reha 2024.xlsx")));
    assert!(study_files(&data("clinic.xlsx"), None).contains(&data("clinic.xlsx")));
    // study.toml decides, whatever lies beside it.
    let folder = StudyFolder::clean().with("clinic.xlsx", bytes("odd_cells.xlsx")).with("study.toml", "[study]\nname = \"Mine\"\n");
    let (path, study) = open_study(&folder.path().join("clinic.xlsx"), None).unwrap();
    let logs = read_study(&path, &study).unwrap();
    assert_eq!((logs.study_name.as_str(), pain_file(&logs).0.as_str()), ("Mine", "pain.csv"));
    assert_eq!(logs.reading.notes[0], "study.toml says which files are read, whatever file beside it was named.");
}

#[test]
fn native_names_in_any_container_are_taken_silently() {
    for (name, file) in [
        ("pain.parquet", "pain_none.parquet"),
        ("pain.parquet", "pain_snappy.parquet"),
        ("pain.parquet", "pain_gzip.parquet"),
        ("pain.parquet", "pain_zstd.parquet"),
        ("pain.csv.gz", "pain_parts.csv.gz"),
        ("pain.xlsx", "clinic.xlsx"),
    ] {
        let logs = StudyFolder::empty().with("sessions.csv", SESSIONS).with(name, bytes(file)).read();
        assert_eq!(pain_rows(&logs), expected(), "{file}");
        assert!(pain_file(&logs).0.starts_with(name), "{file}");
    }
    let both = StudyFolder::empty()
        .with("sessions.csv", SESSIONS)
        .with("pain.parquet", bytes("pain_none.parquet"))
        .with("pain.xlsx", bytes("clinic.xlsx"));
    let (message, hint) = both.refusal();
    assert_eq!(message, "The folder has \"pain.xlsx\", \"pain.parquet\", and each could be the pain log.");
    assert!(hint.starts_with("Say which in study.toml: [files.pain] path = \"pain.xlsx\""), "{hint}");
}

#[test]
fn other_names_are_suggested_and_never_taken() {
    let folder = StudyFolder::empty().with("pain_2024.csv", PAIN).with("Trainingstagebuch.csv.gz", bytes("pain_parts.csv.gz"));
    let (message, hint) = folder.refusal();
    assert!(message.contains("is not a study"), "{message}");
    assert_eq!(
        hint,
        "If these are the logs, write a study.toml there with: [files.sessions] path = \"Trainingstagebuch.csv.gz\" [files.pain] path = \"pain_2024.csv\""
    );
}

#[test]
fn cells_of_a_sheet_are_read_as_what_they_are() {
    let toml = "[files.pain]\npath = \"odd_cells.xlsx\"\nskip_lines = 2\ncolumns = { date = \"Day\\n(logged)\" }\n";
    let logs =
        StudyFolder::empty().with("sessions.csv", SESSIONS).with("odd_cells.xlsx", bytes("odd_cells.xlsx")).with("study.toml", toml).read();
    assert_eq!(
        pain_rows(&logs),
        rows(&[
            ("0001", "2024-01-31", 6.5),
            ("0002", "2024-01-31", 0.3),
            ("P3", "2024-01-31", 7.5),
            ("P3", "2024-02-13", 4.0),
            ("P4", "2024-02-03", 0.5),
            ("P5", "2024-02-04", 5.0),
        ])
    );
    assert_eq!((0..4).map(|row| logs.pain.lasted(row)).collect::<Vec<_>>(), [true, false, true, false]);
    let rejected: Vec<_> = logs.reading.rejected.iter().map(place).collect();
    assert_eq!(
        rejected,
        [
            (9, "NRS", "#DIV/0!", "not_a_number"),
            (10, "NRS", "", "missing_value"),
            (11, "Day\n(logged)", "08:30:00", "invalid_date"),
            (12, "Day\n(logged)", "36:00:00", "invalid_date"),
            (15, "Patient", "", "missing_patient_id"),
            (16, "Patient", "#REF!", "spreadsheet_error"),
        ]
    );
    let (file, layout) = pain_file(&logs);
    assert_eq!(file, "odd_cells.xlsx [Diary]");
    assert!(layout.contains("day first (settled by 31.01.2024 on line 6)"), "{layout}");
    let note = |part: &str| assert!(logs.reading.notes.iter().any(|note| note.contains(part)), "{part}: {:?}", logs.reading.notes);
    note("1 row has cells right of the last named column (the first: row 6); they are not read.");
    note("1 merged cell spans several rows, and only the first row of each has its value.");
    // What the note advises.
    let filled = StudyFolder::empty()
        .with("sessions.csv", SESSIONS)
        .with("odd_cells.xlsx", bytes("odd_cells.xlsx"))
        .with("study.toml", format!("{toml}fill_down = [\"Patient\"]\n"))
        .read();
    assert!(pain_rows(&filled).contains(&("P5".to_owned(), "2024-02-05".to_owned(), 5.0)));
}

#[test]
fn a_title_above_the_header_is_named_with_the_line_to_add() {
    let folder = StudyFolder::empty().with("sessions.csv", SESSIONS).with("pain.xlsx", bytes("odd_cells.xlsx"));
    assert_eq!(
        folder.refusal(),
        (
            "pain.xlsx [Diary], row 1: \"Pain diary, ward 3\" stands alone where the names of the columns should; they seem to stand in row 3."
                .to_owned(),
            "Say so in study.toml: [files.pain] skip_lines = 2".to_owned()
        )
    );
}

#[test]
fn a_sheet_is_named_or_refused_with_the_names_there_are() {
    let study = |toml: &str| StudyFolder::clean().with("clinic.xlsx", bytes("clinic.xlsx")).with("study.toml", toml);
    let named = study("[files.pain]\npath = \"clinic.xlsx\"\nsheet = \"SCHMERZEN\"\n");
    assert_eq!(pain_rows(&named.read()), expected());
    let (message, hint) = study("[files.pain]\npath = \"clinic.xlsx\"\nsheet = \"Schmerz\"\n").refusal();
    assert_eq!(message, "clinic.xlsx has no sheet \"Schmerz\". Its sheets are \"Sessions\", \"Schmerzen\", \"Notes\".");
    assert_eq!(hint, "Say which in study.toml: [files.pain] path = \"clinic.xlsx\"\nsheet = \"Schmerzen\"");
    let (message, _) = study("[files.events]\npath = \"clinic.xlsx\"\n").refusal();
    assert_eq!(message, "clinic.xlsx has the sheets \"Sessions\", \"Schmerzen\", \"Notes\", and none of them is called events alone.");
}

#[test]
fn typed_columns_become_the_cells_a_native_file_has() {
    let logs = StudyFolder::empty().with("sessions.csv", SESSIONS).with("pain.parquet", bytes("odd_columns.parquet")).read();
    assert_eq!(pain_rows(&logs), rows(&[("1", "2024-01-31", 6.5), ("2", "2024-01-31", 0.25)]));
    assert!(logs.pain.lasted(0));
    let rejected: Vec<_> = logs.reading.rejected.iter().map(place).collect();
    assert_eq!(rejected, [(4, "patient_id", "", "missing_patient_id"), (5, "date", "", "missing_date")]);
    let notes = &logs.reading.notes;
    assert!(notes.contains(&"pain.parquet: columns of lists or records are not read: sites.".to_owned()), "{notes:?}");
    assert!(
        notes.contains(&"pain.parquet: moments are stored without their time zone, and the day in UTC counts: seen.".to_owned()),
        "{notes:?}"
    );
}

#[test]
fn a_packed_file_is_read_like_the_file_in_it() {
    let plain = StudyFolder::clean().read();
    let gz = StudyFolder::empty().with("sessions.csv", SESSIONS).with("pain.csv.gz", bytes("pain_parts.csv.gz")).read();
    let text = "patient_id,date,pain\nP1,2024-01-01,6.5\nP1,2024-01-08,4\nP2,2024-01-02,5\n";
    let same = StudyFolder::empty().with("sessions.csv", SESSIONS).with("pain.csv", text).read();
    assert_eq!((gz.input_hash.as_str(), pain_rows(&gz)), (same.input_hash.as_str(), pain_rows(&same)));
    assert_ne!(gz.input_hash, plain.input_hash);
    assert_eq!(pain_file(&gz).1, "comma-separated · decimal point · date year-month-day · UTF-8");
}

#[test]
fn a_packed_file_cut_short_says_how_far_it_could_be_read() {
    let whole = bytes("pain_parts.csv.gz");
    let (message, _) = StudyFolder::empty().with("sessions.csv", SESSIONS).with("pain.csv.gz", &whole[..whole.len() - 12]).refusal();
    let begins = "pain.csv.gz could not be read: as a gzip file it ends too early; only its first ";
    let lines = message.strip_prefix(begins).and_then(|rest| rest.strip_suffix(" lines can be unpacked. Copy or export it again."));
    // The first part is whole and has the header and the start of a row.
    assert!(lines.and_then(|lines| lines.parse::<usize>().ok()).is_some_and(|lines| (1..4).contains(&lines)), "{message}");
}

#[test]
fn damaged_files_are_refused_and_never_crash() {
    for (name, source) in [
        ("pain.xlsx", "odd_cells.xlsx"),
        ("pain.xls", "clinic.xls"),
        ("pain.ods", "clinic.ods"),
        ("pain.parquet", "odd_columns.parquet"),
        ("pain.csv.gz", "pain_parts.csv.gz"),
    ] {
        let whole = bytes(source);
        // The last tenth may be padding.
        for cut in (4..whole.len() * 9 / 10).step_by(97) {
            let folder = StudyFolder::empty().with("sessions.csv", SESSIONS).with(name, &whole[..cut]);
            assert!(folder.try_read().is_err(), "{name} cut after {cut} bytes");
        }
        // Deterministic damage: one byte in 41 in turn inverted, the file read or refused.
        for at in (0..whole.len()).step_by(41) {
            let mut spoiled = whole.clone();
            spoiled[at] ^= 0xFF;
            let folder = StudyFolder::empty().with("sessions.csv", SESSIONS).with(name, &spoiled);
            if let Err(error) = folder.try_read() {
                assert!(!error.to_string().is_empty());
            }
        }
    }
}

#[test]
fn what_is_no_table_is_said_by_its_content_and_not_its_name() {
    let refused = |content: &[u8]| StudyFolder::empty().with("sessions.csv", SESSIONS).with("pain.xlsx", content).refusal();
    let (message, hint) = refused(b"<html><body><table><tr><td>patient_id</td></tr></table></body></html>");
    assert_eq!(message, "pain.xlsx is a web page (HTML), whatever its name says, which cannot be read as a log.");
    assert!(hint.contains("save it as an Excel workbook"), "{hint}");
    assert!(refused(b"%PDF-1.7").0.contains("is a PDF document"));
    let (message, hint) = refused(&bytes("pain_none.parquet")[..40]);
    assert!(message.starts_with("pain.xlsx is damaged: as a Parquet file it cannot be read at all"), "{message}");
    assert_eq!(hint, "Export or copy the file again; nothing of it was used.");
    // A text under the name of a workbook is read as the text it is.
    let logs = StudyFolder::empty().with("sessions.csv", SESSIONS).with("pain.xls", PAIN.replace(',', "\t")).read();
    assert_eq!(pain_rows(&logs).len(), 3);
}

#[test]
fn every_format_says_how_it_is_recognized_and_read() {
    assert!(FORMATS.iter().all(|format| !format.name.is_empty() && !format.looks_like.is_empty() && !format.read_as.is_empty()));
}
