//! `--pseudonymize`: what a study says of itself holds no id, and no hash of it lets an id be tried.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::harness::StudyFolder;

const KEY: &str = "correct horse battery staple\n";

/// A study that names a patient wherever its settings may hold free text.
fn study() -> StudyFolder {
    let (mut sessions, mut pain) = ("patient_id,date,exercise\n".to_owned(), "patient_id,date,pain\n".to_owned());
    for day in 1..=28 {
        for id in ["MUELLER-1967", "100200305"] {
            sessions.push_str(&format!("{id},2024-01-{day:02},for 100200305\n"));
            pain.push_str(&format!("{id},2024-01-{day:02},{}\n", day % 7));
        }
    }
    let settings = "[study]\nname = \"Case MUELLER-1967\"\n\
        [files.sessions]\npath = \"sessions.csv\"\nwords = { status = { done = [\"MUELLER-1967\"] } }\n\
        [files.pain]\npath = \"MUELLER-1967.csv\"\nscale = { name = \"0–6 as MUELLER-1967\", min = 0, max = 6 }\n\
        filter = { column = \"patient_id\", equals = [\"MUELLER-1967\", \"100200305\"] }\n\
        [model]\ncovariates = [\"dose of MUELLER-1967\", \"age\"]\n";
    StudyFolder::new()
        .file("study/sessions.csv", sessions)
        .file("study/MUELLER-1967.csv", pain)
        .file("study/patients.csv", "patient_id,age,dose of MUELLER-1967\nMUELLER-1967,40,3\n100200305,50,4\n")
        .file("study/study.toml", settings)
        .file("clinic.key", KEY)
}

fn assert_no_id(what: &str, text: &str) {
    for id in ["MUELLER", "100200305"] {
        let found = text.to_uppercase().find(id);
        assert!(found.is_none(), "{id} in {what}: {:?}", found.map(|at| text.get(at.saturating_sub(60)..)));
    }
}

fn assert_folder_clean(folder: &Path) -> usize {
    let entries: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    let files = entries.iter().map(|path| {
        if path.is_dir() {
            return assert_folder_clean(path);
        }
        assert_no_id(&path.display().to_string(), &String::from_utf8_lossy(&fs::read(path).unwrap()));
        1
    });
    files.sum()
}

fn json(folder: &StudyFolder, args: &[&str]) -> Value {
    let run = folder.run(args);
    assert_eq!(run.code, 0, "{args:?}: {}", run.stderr);
    serde_json::from_str(&run.stdout).unwrap()
}

#[test]
fn no_output_holds_an_id_that_stands_in_the_settings() {
    let folder = study();
    let keyed = ["--pseudonymize", "STUDY/clinic.key"];
    for command in ["check", "adherence", "pain", "recurrence", "claims"] {
        for format in ["table", "json", "csv"] {
            let run = folder.run(&[&[command, "STUDY/study", "--format", format], &keyed[..]].concat());
            assert_eq!(run.code, 0, "{command}: {}", run.stderr);
            assert_no_id(command, &run.stdout);
            assert_no_id(command, &run.stderr);
        }
    }
    for (command, args) in [("report", &[][..]), ("check", &[]), ("patient", &["MUELLER-1967"]), ("convert", &[])] {
        let out = format!("STUDY/out/{command}");
        let run = folder.run(&[&[command, "STUDY/study"], args, &["--out", &out], &keyed].concat());
        assert_eq!(run.code, 0, "{command}: {}", run.stderr);
        assert_no_id(command, &run.stdout);
        assert_no_id(command, &run.stderr);
    }
    assert!(assert_folder_clean(&folder.path().join("out")) > 25);
    // Python: "p-" + base64.b32encode(hmac.new(b"correct horse battery staple", b"MUELLER-1967", "sha256").digest()[:10]).decode().lower()
    let pseudonym = "p-5h7rpegaor36aod7";
    let pain = json(&folder, &[&["pain", "STUDY/study", "--format", "json"], &keyed[..]].concat());
    assert_eq!(pain["settings"]["study"]["name"], format!("Case {pseudonym}"));
    assert_eq!(pain["study"], format!("Case {pseudonym}"));
    assert_eq!(pain["settings"]["model"]["covariates"][0], format!("dose of {pseudonym}"));
    assert_eq!(pain["settings"]["model"]["covariates"][1], "age");
    let patients = fs::read_to_string(folder.path().join("out/convert/patients.csv")).unwrap();
    assert!(patients.starts_with(&format!("patient_id,age,dose of {pseudonym}\n")), "{patients}");
    // What was converted is read by its own settings, and gives the same numbers.
    let converted = folder.run(&["recurrence", "STUDY/out/convert", "--format", "csv"]);
    assert_eq!(converted.code, 0, "{}", converted.stderr);
    let before = folder.run(&[&["recurrence", "STUDY/study", "--format", "csv"], &keyed[..]].concat());
    assert_eq!(converted.stdout, before.stdout);
    // Without a key all is as the study says.
    let plain = json(&folder, &["pain", "STUDY/study", "--format", "json"]);
    assert_eq!(plain["settings"]["study"]["name"], "Case MUELLER-1967");
}

#[test]
fn hashes_of_settings_and_files_are_keyed() {
    let folder = study().file("other.key", "correct horse battery stapler\n");
    let hashes = |key: Option<&str>| {
        let mut args = vec!["pain", "STUDY/study", "--format", "json"];
        args.extend(key.into_iter().flat_map(|key| ["--pseudonymize", key]));
        let json = json(&folder, &args);
        ["settings_hash", "input_hash"].map(|name| json["provenance"][name].as_str().unwrap().to_owned())
    };
    let (plain, one, other) = (hashes(None), hashes(Some("STUDY/clinic.key")), hashes(Some("STUDY/other.key")));
    for hash in 0..2 {
        assert!(plain[hash] != one[hash] && one[hash] != other[hash] && plain[hash] != other[hash], "{plain:?} {one:?} {other:?}");
        assert_eq!(one[hash].len(), 16);
    }
    assert_eq!(hashes(Some("STUDY/clinic.key")), one);
}
