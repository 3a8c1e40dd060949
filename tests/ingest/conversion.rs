//! Native files from studies of any form: reading them again gives the same logs.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use staywell::ingest::{Asked, Conversion, CovariateValues, Logs, Places, SameDayLog, convert_study, open_study, read_study};
use staywell::settings::{LogKind, StudyFile, written};
use tempfile::TempDir;

use super::study::{PAIN, SESSIONS, StudyFolder};

/// A study converted into a folder of its own, as the command does.
struct Converted {
    folder: TempDir,
    conversion: Conversion,
}

impl Converted {
    fn of(path: &Path) -> Self {
        let (folder, study) = open_study(path, None).unwrap_or_else(|error| panic!("{error}"));
        let out = tempfile::tempdir().unwrap();
        let mut sink = |log: staywell::ingest::NativeLog| {
            let rows = String::from_utf8(log.text.clone()).unwrap().matches('\n').count();
            assert!(rows > log.rows, "a header and {} rows", log.rows);
            std::fs::write(out.path().join(format!("{}.csv", log.kind.as_str())), log.text).unwrap();
        };
        let conversion = convert_study(&folder, &study, &Asked::default(), &mut sink).unwrap_or_else(|error| panic!("{error}"));
        std::fs::write(out.path().join("study.toml"), toml(&study, &conversion)).unwrap();
        Self { folder: out, conversion }
    }

    fn text(&self, name: &str) -> String {
        std::fs::read_to_string(self.folder.path().join(name)).unwrap()
    }

    fn files(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let mut files: Vec<_> = std::fs::read_dir(self.folder.path())
            .unwrap()
            .map(|entry| {
                let path = entry.unwrap().path();
                (path.file_name().unwrap().into(), std::fs::read(&path).unwrap())
            })
            .collect();
        files.sort();
        files
    }
}

fn toml(study: &StudyFile, conversion: &Conversion) -> String {
    let mut settings = study.settings.clone();
    settings.study.name = Some(conversion.logs.study_name.clone());
    written(&settings, &study.reading.checks, &conversion.kept(), conversion.scale.as_ref()).unwrap()
}

/// Everything but the account of the files and the places in them.
fn told(logs: &Logs) -> String {
    let mut logs = logs.clone();
    logs.pain.places = Places::default();
    logs.sessions.places = Places::default();
    logs.events.places = Places::default();
    logs.programs.place.clear();
    logs.measures.places = Places::default();
    // How often overlapping exports tell of a score is no longer known of rows that stand in one file.
    let same_day = several(&std::mem::take(&mut logs.pain.same_day));
    let covariates: Vec<String> = logs.patients.covariates.iter().map(|covariate| format!("{covariate:?}")).collect();
    let mut covariates = covariates;
    covariates.sort();
    format!(
        "{} {:?} {} {covariates:?} {:?} {same_day:?} {:?} {:?} {:?} {:?} {:?} {} {}",
        logs.study_name,
        logs.patients.ids,
        logs.patients.listed,
        logs.pain,
        logs.sessions,
        logs.programs,
        logs.events,
        logs.measures,
        logs.scale,
        logs.cut_off,
        logs.cut_off_declared
    )
}

/// The scores of each day that has several different ones, or one of a visit: patient, day, score, whether of a visit.
fn several(log: &SameDayLog) -> BTreeSet<(usize, i32, u32, bool)> {
    let patients = 0..log.offsets.len().saturating_sub(1);
    let all: BTreeSet<_> = patients
        .flat_map(|patient| log.rows(patient).map(move |row| (patient, row)))
        .map(|(patient, row)| (patient, log.day[row], log.score[row].to_bits(), log.is_visit(row)))
        .collect();
    let of_day = |one: &(usize, i32, u32, bool)| all.iter().filter(|other| (other.0, other.1) == (one.0, one.1)).count();
    all.iter().filter(|one| one.3 || of_day(one) > 1).copied().collect()
}

/// Converts twice: the first output is read as the original, the second is the first to the byte.
fn round_trip(path: &Path) -> Converted {
    let first = Converted::of(path);
    let (folder, study) = open_study(first.folder.path(), None).unwrap();
    let again = read_study(&folder, &study).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(again.reading.rejected, []);
    assert_eq!(told(&again), told(&first.conversion.logs));
    let used: usize = first.conversion.logs.reading.files.iter().map(|file| file.used + file.merged).sum();
    assert_eq!(again.reading.files.iter().map(|file| file.read).sum::<usize>(), used, "accepted rows, before merging");
    assert_eq!(Converted::of(first.folder.path()).files(), first.files());
    first
}

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

#[test]
fn the_sample_studies_come_back_as_they_were() {
    round_trip(&here("sample-data"));
    let real = round_trip(&here("sample-data/real"));
    assert!(real.text("pain.csv").starts_with("patient_id,date,pain\n"));
}

#[test]
fn workbooks_parquet_and_packed_files_become_the_same_native_files() {
    let pain = "patient_id,date,pain\nP1,2024-01-01,6.5\nP1,2024-01-08,4\nP2,2024-01-02,5\n";
    for name in ["clinic.xlsx", "clinic_1904.xlsx", "clinic.xls", "clinic.ods"] {
        let converted = round_trip(&here("tests/ingest/data").join(name));
        assert_eq!(converted.text("pain.csv"), pain, "{name}");
        assert_eq!(
            converted.text("sessions.csv"),
            "patient_id,date,phase,status,minutes\nP1,2024-01-01,strengthening,done,30\nP2,2024-01-02,maintenance,missed,\n"
        );
    }
    for (file, name) in [("pain_zstd.parquet", "pain.parquet"), ("pain_parts.csv.gz", "pain.csv.gz")] {
        let bytes = std::fs::read(here("tests/ingest/data").join(file)).unwrap();
        let folder = StudyFolder::empty().with("sessions.csv", SESSIONS).with(name, bytes);
        assert_eq!(round_trip(folder.path()).text("pain.csv"), pain, "{name}");
    }
}

#[test]
fn every_native_column_is_carried_in_native_form_and_no_other() {
    let toml = "[study]\ncut_off = 2024-12-31\n[checks]\nunknown_patient = \"keep\"\n[files.pain]\nscale = \"vas100\"\nmissing = [\"-9\"]\n\
        columns = { pain = \"Stärke\", site = \"Ort\" }\nfilter = { column = \"Symptom\", equals = [\"back\"] }\nfill_down = [\"Patient\"]\n";
    let folder = StudyFolder::empty()
        .with("study.toml", toml)
        .with("pain.csv", "Patient;Datum;Stärke;Ort;Symptom;Lasted24h\nP1;31.01.2024;65,5;Knie, links;back;ja\n;01.02.2024 08:30;20;-9;Back;\n;02.02.2024;30;;head;\n;03.02.2024;130;;back;\n")
        .with("sessions.csv", "id\tdate\tCompleted\tsets\treps\tnote\nP1\t2024-01-31\t1\t3\t12,5\t=1+1\nP1\t2024-01-31\t1\t3\t12,5\t\n")
        .with("programs.csv", "patient,start,planned_end,outcome,phase_plan\nP1,2024-01-01,2024-03-01,Completed,\"a\nb\"\n")
        .with("patients.csv", "patient_id;Alter;BMI class;Weight\nP1;40;\"=high; \"\"very\"\"\";81,5\nP2;;low;70\n")
        .with("events.csv", "patient_id,date,type\nP1,2024-02-10,MRI\n");
    let converted = round_trip(folder.path());
    assert_eq!(
        converted.text("pain.csv"),
        "patient_id,date,pain,lasted_24h,site\nP1,2024-01-31,65.5,yes,\"Knie, links\"\nP1,2024-02-01 08:30,20,,\n"
    );
    assert_eq!(
        converted.text("programs.csv"),
        "patient_id,start,planned_end,outcome,phase_plan\nP1,2024-01-01,2024-03-01,completed,\"a\nb\"\n"
    );
    assert_eq!(converted.text("patients.csv"), "patient_id,age,BMI class,Weight\nP1,40,\"=high; \"\"very\"\"\",81.5\nP2,,low,70\n");
    assert_eq!(converted.text("events.csv").lines().next(), Some("patient_id,date,event"));
    // The note is not carried, but the two sessions it tells apart stay two.
    let sessions = converted.text("sessions.csv");
    let lines: Vec<&str> = sessions.lines().collect();
    assert_eq!((lines[0], lines[2]), ("patient_id,date,status,sets,reps,entry", "P1,2024-01-31,done,3,12.5,"));
    assert!(lines[1].starts_with("P1,2024-01-31,done,3,12.5,") && lines[1].len() == lines[2].len() + 16, "{sessions}");
    let pain = converted.conversion.files.iter().find(|file| file.kind == LogKind::Pain).unwrap();
    let renamed = [("Patient", "patient_id"), ("Datum", "date"), ("Stärke", "pain"), ("Ort", "site"), ("Lasted24h", "lasted_24h")];
    assert!(
        renamed.iter().all(|(theirs, native)| pain.renamed.contains(&((*theirs).to_owned(), (*native).to_owned()))),
        "{:?}",
        pain.renamed
    );
    let left: Vec<&[String]> =
        converted.conversion.files.iter().map(|file| file.not_carried.as_slice()).filter(|left| !left.is_empty()).collect();
    assert_eq!(left, [["note".to_owned()]]);
    let CovariateValues::Number(_) = converted.conversion.logs.patients.covariates[2].values else { panic!("weight is a number") };
}

#[test]
fn files_of_several_columns_and_scales_become_one() {
    let toml =
        "[[files.pain]]\npath = \"a.csv\"\nscale = \"vas100\"\npatient_id = \"P1\"\n[[files.pain]]\npath = \"b.csv\"\nscale = \"vas10\"\n";
    let folder = StudyFolder::empty()
        .with("sessions.csv", SESSIONS)
        .with("a.csv", "date,pain\n2024-01-01,65\n2024-01-01,70\n")
        .with("b.csv", "patient_id,pain,date,medication\nP2,6.4,2024-01-02,\"x, y\"\n")
        .with("study.toml", toml);
    let converted = round_trip(folder.path());
    assert_eq!(
        converted.text("pain.csv"),
        "patient_id,date,pain,medication\nP1,2024-01-01,6.5,\nP1,2024-01-01,7,\nP2,2024-01-02,6.4,\"x, y\"\n"
    );
    // A file without an accepted row says nothing of the columns.
    let toml = "[[files.sessions]]\npath = \"a.csv\"\n[[files.sessions]]\npath = \"b.csv\"\n";
    let folder = StudyFolder::empty()
        .with("pain.csv", PAIN)
        .with("a.csv", "patient_id,date\nP1,2024-01-01\n")
        .with("b.csv", "patient_id,date,phase\nP1,soon,maintenance\n")
        .with("study.toml", toml);
    assert_eq!(round_trip(folder.path()).text("sessions.csv"), "patient_id,date\nP1,2024-01-01\n");
}

#[test]
fn dates_in_parts_and_a_file_per_patient_become_plain_rows() {
    let toml = "[files.pain]\npatient_from_path = \"*_pain.csv\"\ndate_parts = { year = \"Y\", month = \"M\", day = \"D\" }\nfill_down = [\"Y\"]\n";
    let folder = StudyFolder::empty()
        .with("sessions.csv", SESSIONS)
        .with("P1_pain.csv", "Y,M,D,pain\n2024,1,2,3\n,1,3,4\n")
        .with("P2_pain.csv", "Y,M,D,pain\n2024,12,31,-0\n")
        .with("study.toml", toml);
    assert_eq!(round_trip(folder.path()).text("pain.csv"), "patient_id,date,pain\nP1,2024-01-02,3\nP1,2024-01-03,4\nP2,2024-12-31,0\n");
}

#[test]
fn a_column_that_the_study_keeps_is_kept_by_the_files_it_is_converted_into() {
    let folder = StudyFolder::clean()
        .with("patients.csv", "patient_id,Nachname,Vorname,city\nP1,Red,Anna,Bern\nP2,Blue,Urs,Basel\n")
        .with("study.toml", "[privacy]\nkeep = [\"nachname\"]\n");
    let converted = round_trip(folder.path());
    assert_eq!(converted.conversion.kept(), ["Nachname"]);
    assert!(converted.text("patients.csv").starts_with("patient_id,Nachname"));
    assert!(!converted.text("patients.csv").contains("Anna"));
}

#[test]
fn further_columns_come_back_in_canonical_words_and_unreadable_cells_as_they_stand() {
    let sessions = "patient_id,date,Setting,Exercise category,muscles,exercise,sets,reps,Hold (sec),pre_pain,NRS post,technique\n\
                    P1,2024-01-01,at home,Core stability,Trunk,plank,3,12,30,60,35.5,4\n\
                    P1,2024-01-01,HOME,Core stability,Trunk,plank,3,12,30,60,35.5,4\n\
                    P2,2024-01-02,group,dry needling,,,three,,,,500,\n";
    let pain = "patient_id,date,pain,location_of_pain,numb,activity_limiting,context,painkillers\n\
                P1,2024-01-01,55,lower back,ja,nein,app,?\nP1,2024-01-01,80,5,,,clinic,\nP2,2024-01-02,20,knee,,,,x\n";
    let folder = StudyFolder::clean()
        .with("sessions.csv", sessions)
        .with("pain.csv", pain)
        .with("measures.csv", "patient_id,date,odi,PGIC\nP1,2024-01-01,40,-1\nP2,2024-01-02,,2\nP2,2024-01-03,38.5,\n");
    for scales in ["[files.pain]\nscale = \"vas100\"\n", "[files.pain]\nscale = \"vas100\"\n[files.sessions]\nscale = \"vas100\"\n"] {
        let study = StudyFolder::empty().with("study.toml", scales);
        for name in ["sessions.csv", "pain.csv", "measures.csv"] {
            std::fs::copy(folder.path().join(name), study.path().join(name)).unwrap();
        }
        let converted = Converted::of(study.path());
        let (native, settings) = open_study(converted.folder.path(), None).unwrap();
        assert_eq!(told(&read_study(&native, &settings).unwrap()), told(&converted.conversion.logs));
        assert_eq!(Converted::of(converted.folder.path()).files(), converted.files());
        assert_eq!(
            converted.text("sessions.csv"),
            "patient_id,date,exercise,technique,setting,modality,muscle_group,sets,reps,hold_seconds,pain_before,pain_after\n\
             P1,2024-01-01,plank,4,home,core,Trunk,3,12,30,60,35.5\nP1,2024-01-01,plank,4,home,core,Trunk,3,12,30,60,35.5\n\
             P2,2024-01-02,,,class,dry needling,,three,,,,500\n"
        );
        assert_eq!(
            converted.text("pain.csv"),
            "patient_id,date,pain,site,numbness,limited,context,medication\nP1,2024-01-01,55,low_back,yes,no,diary,?\n\
             P1,2024-01-01,80,foot,,,visit,\nP2,2024-01-02,20,knee,,,,yes\n"
        );
        assert_eq!(
            converted.text("measures.csv"),
            "patient_id,date,measure,value\nP1,2024-01-01,odi,40\nP1,2024-01-01,PGIC,-1\nP2,2024-01-02,PGIC,2\nP2,2024-01-03,odi,38.5\n"
        );
    }
}

#[test]
fn pain_with_exercise_on_a_scale_of_its_own_is_converted_to_that_of_the_pain_log() {
    let sessions = "patient_id,date,pain_before\nP1,2024-01-01,3\nP1,2024-01-02,6.5\n";
    let toml = "[files.pain]\nscale = \"vas100\"\n[files.sessions]\nscale = \"nrs\"\n";
    let folder = StudyFolder::clean().with("sessions.csv", sessions).with("study.toml", toml);
    let converted = Converted::of(folder.path());
    assert_eq!(converted.text("sessions.csv"), "patient_id,date,pain_before\nP1,2024-01-01,30\nP1,2024-01-02,65\n");
    let (native, settings) = open_study(converted.folder.path(), None).unwrap();
    assert_eq!(told(&read_study(&native, &settings).unwrap()), told(&converted.conversion.logs));
}

#[test]
fn a_measure_of_a_wide_row_that_reading_leaves_out_becomes_no_row() {
    let folder = StudyFolder::clean().with(
        "measures.csv",
        "patient_id,date,ODI,RMDQ\nP1,2024-01-01,40,3000000\nP2,2024-01-02,-0,n/a\nP2,2024-01-03,low,\"2,000,000\"\n",
    );
    let converted = Converted::of(folder.path());
    assert_eq!(converted.text("measures.csv"), "patient_id,date,measure,value\nP1,2024-01-01,ODI,40\nP2,2024-01-02,ODI,0\n");
    let (native, settings) = open_study(converted.folder.path(), None).unwrap();
    let again = read_study(&native, &settings).unwrap();
    assert_eq!(told(&again), told(&converted.conversion.logs));
    assert!(again.reading.rejected.is_empty(), "{:?}", again.reading.rejected);
}
