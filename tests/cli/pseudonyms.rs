//! `--pseudonymize`: no byte of any output holds an id or a personal value, and the numbers stay.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::harness::{Run, StudyFolder, sample_data, staywell};

const KEY: &str = "correct horse battery staple\n";
const SURNAMES: [&str; 7] = ["MUELLER", "HUBER", "KELLER", "BAUMANN", "STEINER", "GARCIA", "OKONKWO"];

/// The id a patient of the sample has here.
fn id(number: usize) -> String {
    format!("{}-{}-{number:03}", SURNAMES[number % SURNAMES.len()], 1930 + number % 70)
}

/// A part of the sample study with ids made of names, personal columns, and rows that are rejected for every sort of reason.
fn clinic() -> StudyFolder {
    let renamed = |file: &str| {
        let text = fs::read_to_string(sample_data().join(file)).unwrap();
        let rows = text.lines().filter_map(|line| {
            let (first, rest) = line.split_once(',').unwrap();
            let number = first.strip_prefix('P').and_then(|number| number.parse::<usize>().ok());
            let few = number.is_none_or(|number| number <= 70);
            few.then(|| format!("{},{rest}\n", number.map_or_else(|| first.to_owned(), id)))
        });
        rows.collect::<Vec<String>>().concat()
    };
    let mut patients = String::new();
    for (row, line) in renamed("patients.csv").lines().enumerate() {
        let further = match row {
            0 => "Nachname,Rufname,Tel.,Wohnort,Geb.,Kontakt,twin".to_owned(),
            row => format!(
                "Zwysigx{row},Xaverlix,+41 79 555 {:02} {:02},Oberwilx,{}.{}.{},person{row}@postx.ch,{}",
                row % 100,
                row / 7 % 100,
                row % 28 + 1,
                row % 12 + 1,
                1931 + row % 60,
                if row % 5 == 0 { id(row + 1) } else { String::new() }
            ),
        };
        patients.push_str(&format!("{line},{further}\n"));
    }
    let again = patients.lines().nth(2).unwrap().to_owned();
    patients.push_str(&format!("{again}\n{},Meierx, Evax,44,female,1\n", id(3)));
    let mut pain = renamed("pain.csv");
    let (one, two) = (id(1), id(2));
    for row in [
        "STRANGER-1955-777,2024-01-01,5".to_owned(),
        format!("{one},2024-13-01,5"),
        format!("2024-01-01,{two},5"),
        format!("{one},2024-01-01,{two}"),
        format!("{one},2024-01-02"),
        format!("\"{one},2024-01-03,4"),
        format!("{one},2024-01-04,55,{two}"),
    ] {
        pain.push_str(&format!("{row}\n"));
    }
    StudyFolder::new()
        .file("study/sessions.csv", renamed("sessions.csv"))
        .file("study/programs.csv", renamed("programs.csv"))
        .file("study/events.csv", renamed("events.csv"))
        .file("study/patients.csv", patients)
        .file("study/pain.csv", pain)
        .file("clinic.key", KEY)
}

/// Asserts that no bytes hold an id (in any case) or a personal value.
fn assert_clean(what: &str, bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes).to_uppercase();
    for part in SURNAMES.iter().copied().chain(["STRANGER", "ZWYSIGX", "XAVERLIX", "555 ", "OBERWILX", "POSTX", "MEIERX", "EVAX"]) {
        let found = text.find(part).map(|at| text.get(at.saturating_sub(80)..(at + 80).min(text.len())).map(str::to_owned));
        // The phone numbers: groups after 079 555.
        let found = if part == "555 " { text.contains("79 555 ").then_some(None) } else { found };
        assert!(found.is_none(), "{part} in {what}: {found:?}");
    }
    for birth in ["2.2.1932", "3.3.1933", "4.4.1934"] {
        assert!(!text.contains(&format!(",{birth}")), "{birth} in {what}");
    }
}

fn assert_run_clean(what: &str, run: &Run) {
    assert_clean(what, run.stdout.as_bytes());
    assert_clean(what, run.stderr.as_bytes());
}

fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        if entry.path().is_dir() {
            found.extend(files(&entry.path()).into_iter().map(|(name, bytes)| (format!("{}/{name}", entry.file_name().display()), bytes)));
        } else {
            found.insert(entry.file_name().display().to_string(), fs::read(entry.path()).unwrap());
        }
    }
    found
}

fn pseudonymized(folder: &StudyFolder, args: &[&str]) -> Run {
    folder.run(&[args, &["--pseudonymize", "STUDY/clinic.key"]].concat())
}

#[test]
fn no_command_shows_an_id_or_a_personal_value_in_any_form() {
    let folder = clinic();
    for command in ["check", "adherence", "pain", "recurrence", "claims"] {
        for format in ["table", "json", "csv"] {
            let run = pseudonymized(&folder, &[command, "STUDY/study", "--format", format]);
            assert_eq!(run.code, 0, "{command}: {}", run.stderr);
            assert_run_clean(command, &run);
        }
    }
    let one = id(1);
    let runs: [&[&str]; 4] = [
        &["report", "STUDY/study", "--out", "STUDY/out/report"],
        &["check", "STUDY/study", "--out", "STUDY/out/check"],
        &["patient", "STUDY/study", &one, "--out", "STUDY/out/patient"],
        &["convert", "STUDY/study", "--out", "STUDY/out/convert"],
    ];
    for args in runs {
        let run = pseudonymized(&folder, args);
        assert_eq!(run.code, 0, "{args:?}: {}", run.stderr);
        assert_run_clean(args[0], &run);
    }
    let written = files(&folder.path().join("out"));
    assert!(written.len() > 25, "{:?}", written.keys());
    for (name, bytes) in &written {
        assert_clean(name, name.as_bytes());
        assert_clean(name, bytes);
    }
    let rejected = String::from_utf8(written["report/rejected.csv"].clone()).unwrap();
    assert!(rejected.lines().count() > 8, "{rejected}");
    let json = String::from_utf8(written["report/report.json"].clone()).unwrap();
    assert!(!json.contains("correct horse") && json.contains("\"pseudonym_key\": \""));
}

#[test]
fn the_numbers_are_those_without_pseudonyms_where_personal_values_stay_out_too() {
    let folder = clinic();
    assert_eq!(folder.run(&["report", "STUDY/study", "--out", "STUDY/plain"]).code, 0);
    assert_eq!(pseudonymized(&folder, &["report", "STUDY/study", "--out", "STUDY/hashed"]).code, 0);
    // Personal values stay out without pseudonyms as well.
    assert_eq!(folder.run(&["convert", "STUDY/study", "--out", "STUDY/plain/native"]).code, 0);
    for (name, bytes) in files(&folder.path().join("plain")) {
        let text = String::from_utf8_lossy(&bytes).to_uppercase();
        for part in ["ZWYSIGX", "XAVERLIX", "79 555 ", "OBERWILX", "POSTX", "MEIERX", "EVAX"] {
            assert!(!text.contains(part), "{part} in {name}");
        }
    }
    let said = |name: &str| {
        let text = fs::read_to_string(folder.path().join(name).join("report.md")).unwrap();
        let differs = ["seudonym", "looks like", "column \"", ". Input "];
        let lines = text.lines().filter(|line| !line.is_empty() && !differs.iter().any(|part| line.contains(part)));
        lines.map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(said("plain"), said("hashed"));
    let rows = |name: &str| {
        let text = fs::read_to_string(folder.path().join(name).join("tables/patients.csv")).unwrap();
        let mut rows: Vec<String> = text.lines().skip(1).map(|line| line.split_once(',').unwrap().1.to_owned()).collect();
        rows.sort();
        rows
    };
    assert_eq!(rows("plain"), rows("hashed"));
}

#[test]
fn a_converted_study_has_pseudonyms_for_ids_and_is_read_without_the_key() {
    let folder = clinic();
    let run = pseudonymized(&folder, &["convert", "STUDY/study", "--out", "STUDY/native", "--format", "json"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_run_clean("the account of convert", &run);
    let patients = |run: Run| {
        assert_eq!(run.code, 0, "{}", run.stderr);
        run.stdout
    };
    let converted = patients(folder.run(&["recurrence", "STUDY/native", "--format", "csv"]));
    assert_eq!(converted, patients(pseudonymized(&folder, &["recurrence", "STUDY/study", "--format", "csv"])));
    // One file per patient: the id stands in the name of the file alone.
    let diaries = StudyFolder::new()
        .file("study/sessions.csv", "patient_id,date\nMUELLER-1967,2024-01-01\nHUBER-1980,2024-01-02\n")
        .file("study/diaries/painMUELLER-1967.csv", "date,pain\n2024-01-01,5\n")
        .file("study/diaries/painHUBER-1980.csv", "patient,date,pain\nHUBER-1980,2024-01-01,5\nMUELLER-1967,2024-01-02,5\n")
        .file("study/study.toml", "[files.pain]\npatient_from_path = \"diaries/pain*.csv\"\n")
        .file("clinic.key", KEY);
    for format in ["table", "json"] {
        let run = pseudonymized(&diaries, &["convert", "STUDY/study", "--out", "STUDY/native", "--force", "--format", format]);
        assert_eq!(run.code, 0, "{}", run.stderr);
        assert_run_clean("convert of diaries", &run);
        assert!(run.stdout.contains("diaries/painp-"), "{}", run.stdout);
    }
    for (name, bytes) in files(&diaries.path().join("native")) {
        assert_clean(&name, &bytes);
    }
}

#[test]
fn a_patient_is_found_by_the_id_and_by_the_pseudonym() {
    let folder = clinic();
    let (by_id, unknown) = (id(1), "MUELLER-1931-002");
    let page = pseudonymized(&folder, &["patient", "STUDY/study", &by_id]);
    // Python: "p-" + base64.b32encode(hmac.new(b"correct horse battery staple", b"HUBER-1931-001", "sha256").digest()[:10]).decode().lower()
    let pseudonym = "p-lmxxyugkam2w2iyq";
    assert!(page.stdout.contains(pseudonym), "{}", page.stdout);
    assert_eq!(pseudonymized(&folder, &["patient", "STUDY/study", pseudonym]).stdout, page.stdout);
    let run = pseudonymized(&folder, &["patient", "STUDY/study", unknown]);
    assert_eq!(run.code, 2);
    assert_run_clean("unknown patient", &run);
}

#[test]
fn one_key_gives_one_patient_the_same_pseudonym_in_every_study() {
    let ids = |key: &str| {
        let folder = clinic().file("clinic.key", key);
        let run = pseudonymized(&folder, &["recurrence", "STUDY/study", "--format", "csv"]);
        let ids: Vec<String> = run.stdout.lines().skip(1).map(|line| line.split(',').next().unwrap().to_owned()).collect();
        assert!(ids.is_sorted() && ids.iter().all(|id| id.starts_with("p-") && id.len() == 18), "{ids:?}");
        ids
    };
    let first = ids(KEY);
    assert_eq!(first, ids("correct horse battery staple\r\n"));
    assert_ne!(first, ids("correct horse battery stapler\n"));
}

#[test]
fn a_key_that_cannot_be_used_is_explained() {
    let folder = clinic().file("short.key", "0123456789abcde\n").file("empty.key", "\n").file("study/inside.key", KEY);
    let refused = |key: &str| {
        let run = folder.run(&["check", "STUDY/study", "--pseudonymize", key]);
        assert_eq!(run.code, 2, "{key}");
        run.stderr
    };
    assert!(refused("STUDY/none.key").contains("error: There is no key file STUDY/none.key."));
    assert!(refused("STUDY/none.key").contains("head -c 32 /dev/urandom | base64 > clinic.key"));
    assert!(refused("STUDY/short.key").contains("has 15 bytes; it needs at least 16"));
    assert!(refused("STUDY/empty.key").contains("STUDY/empty.key is empty."));
    assert!(refused("STUDY/study").contains("is a folder"));
    let inside = folder.run(&["check", "STUDY/study", "--pseudonymize", "STUDY/study/inside.key"]);
    assert_eq!(inside.code, 0);
    let unwrapped = inside.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(unwrapped.contains("The key file of --pseudonymize lies in the study folder."), "{}", inside.stdout);
    let key = folder.run(&["claims", "STUDY/study", "--out", "STUDY/clinic.key", "--pseudonymize", "STUDY/clinic.key"]);
    assert_eq!(key.code, 2, "the key would be replaced");
    assert_eq!(fs::read_to_string(folder.path().join("clinic.key")).unwrap(), KEY);
}

#[test]
fn names_of_files_and_errors_show_no_id() {
    let diaries = |name: &str, rows: &str| (format!("study/diaries/{name}.csv"), format!("patient_id,date,pain\n{rows}"));
    let folder = [
        diaries("MUELLER-1967", "MUELLER-1967,2024-01-01,5\nMUELLER-1967,2024-01-02,44\n"),
        diaries("HUBER-1980", "HUBER-1980,2024-01-01,5\n"),
    ]
    .into_iter()
    .fold(StudyFolder::new(), |folder, (name, text)| folder.file(&name, text))
    .file("study/sessions.csv", "patient_id,date\nMUELLER-1967,2024-01-01\nHUBER-1980,2024-01-02\n")
    .file("study/study.toml", "[files.pain]\npath = \"diaries/*.csv\"\n")
    .file("clinic.key", KEY);
    for format in ["table", "json", "csv"] {
        let run = pseudonymized(&folder, &["check", "STUDY/study", "--format", format]);
        assert_eq!(run.code, 0, "{}", run.stderr);
        assert_run_clean("check of diaries", &run);
        assert!(format == "csv" || run.stdout.contains("diaries/p-"), "{}", run.stdout);
    }
    for (file, text) in [
        ("study/diaries/KELLER-1950.csv", "KELLER-1950,2024-01-01,5\nKELLER-1950,2024-01-02,5\n"),
        ("study/diaries/KELLER-1950.csv", ""),
        ("study/diaries/KELLER-1950.csv", "patient_id,date,pain\nKELLER-1950,1/2/2024,5\n"),
        ("study/study.toml", "[files.pain]\npath = \"KELLER-1950.csv\"\n"),
        (
            "study/study.toml",
            "[[files.pain]]\npath = \"diaries/HUBER-1980.csv\"\npatient_id = \"HUBER-1980\"\ncolumns = { date = \"tag\" }\n",
        ),
    ] {
        let folder = folder_with(&folder, file, text);
        let run = pseudonymized(&folder, &["check", "STUDY/study"]);
        assert_eq!(run.code, 2, "{file} {text}: {}", run.stdout);
        assert_run_clean("an error", &run);
        assert!(run.stderr.starts_with("error: "), "{}", run.stderr);
    }
    fs::remove_file(folder.path().join("study/sessions.csv")).unwrap();
    let run = pseudonymized(&folder, &["check", "STUDY/study"]);
    assert_run_clean("a missing log", &run);
    assert_eq!(run.code, 2);
}

/// A copy of a folder with one more file.
fn folder_with(folder: &StudyFolder, name: &str, text: &str) -> StudyFolder {
    let copied = files(folder.path()).into_iter().fold(StudyFolder::new(), |copy, (name, bytes)| copy.file(&name, bytes));
    copied.file(name, text)
}

#[test]
fn without_the_option_nothing_is_replaced() {
    let run = staywell(&["recurrence", sample_data().to_str().unwrap(), "--format", "csv"]);
    assert!(run.stdout.lines().nth(1).unwrap().starts_with("P0001,"));
}
