//! Foreign layouts that `study.toml` describes.

use staywell::ingest::{CovariateValues, open_study, read_study};

use super::study::{PAIN, StudyFolder, pain_rows};

#[test]
fn parts_fill_down_filter_and_a_constant_patient_work_together() {
    let toml = "[files.pain]\npatient_id = \"P7\"\nskip_lines = 1\ncomment = \"#\"\ncolumns = { pain = \"intensity\" }\nfill_down = [\"year\", \"month\", \"day\"]\n\
        date_parts = { year = \"year\", month = \"month\", day = \"day\" }\nfilter = { column = \"region\", equals = [\"knees\"] }\n";
    let pain = "a note,,,,\nyear,month,day,region,intensity\n2023,12,31,Knees,3\n,,,Hands,9\n# new year\n2024,1,1,Hands,5\n,,,Knees,4\n,,2,Knees,5\n,13,,Knees,6\n";
    let logs = StudyFolder::clean().with("pain.csv", pain).with("study.toml", toml).read();
    let days: Vec<(String, f64)> = pain_rows(&logs).into_iter().map(|row| (row.1, row.2)).collect();
    assert_eq!(days, [("2023-12-31".to_owned(), 3.0), ("2024-01-01".to_owned(), 4.0), ("2024-01-02".to_owned(), 5.0)]);
    let account = logs.reading.files.iter().find(|file| file.file == "pain.csv").unwrap();
    assert_eq!((account.read, account.used, account.rejected, account.filtered), (6, 3, 1, 2));
    let row = &logs.reading.rejected[0];
    assert_eq!((row.line, row.column.as_str(), row.value.as_str()), (9, "year, month, day", "2024-13-2"));
    assert_eq!(row.sentence, "There is no day 2024-13-2 (year-month-day) in the calendar.");
}

#[test]
fn a_pattern_reads_one_file_per_patient_in_the_order_of_names() {
    let toml = "[[files.pain]]\npath = \"diary-b*.csv\"\npatient_id = \"B\"\n[[files.pain]]\npath = \"pain.csv\"\n";
    let rows = "date,pain\n2024-01-05,1\n";
    let logs =
        StudyFolder::clean().with("diary-b2.csv", rows).with("diary-b1.csv", "date,pain\n2024-01-05,2\n").with("study.toml", toml).read();
    let files: Vec<&str> = logs.reading.files.iter().map(|file| file.file.as_str()).collect();
    assert_eq!(files, ["sessions.csv", "diary-b1.csv", "diary-b2.csv", "pain.csv"]);
    assert_eq!(logs.patients.ids, ["B", "P1", "P2"]);
}

#[test]
fn a_hundred_millimetre_scale_is_divided_by_ten() {
    let folder = StudyFolder::clean()
        .with("pain.csv", "patient_id,date,pain\nP1,2024-01-01,35\n")
        .with("study.toml", "[files.pain]\nscale = \"vas100\"\n");
    let logs = folder.read();
    assert_eq!(pain_rows(&logs)[0].2, 3.5);
    assert_eq!((logs.scale.name.as_str(), logs.scale.max), ("0–10 VAS", 10.0));
}

#[test]
fn words_that_mean_missing_are_missing() {
    let toml = "[files.pain]\nmissing = [\"-9\"]\n";
    let row = StudyFolder::clean().with("pain.csv", format!("{PAIN}P1,2024-01-09,-9\n")).with("study.toml", toml).rejection();
    assert_eq!(row.rule, "missing_value");
}

#[test]
fn further_columns_of_the_roster_are_covariates() {
    let patients = "patient_id,Gender,age,clinic\nP2,f,40,North\nP3,,51.5,South\nP1,m,NA,North\n";
    let roster = StudyFolder::clean().with("patients.csv", patients).read().patients;
    assert!(roster.listed);
    assert_eq!(roster.ids, ["P1", "P2", "P3"]);
    let names: Vec<&str> = roster.covariates.iter().map(|covariate| covariate.name.as_str()).collect();
    assert_eq!(names, ["sex", "age", "clinic"]);
    let CovariateValues::Category { levels, codes } = &roster.covariates[0].values else { panic!("sex is a category") };
    assert_eq!((levels.as_slice(), codes.as_slice()), (["f".to_owned(), "m".to_owned()].as_slice(), [Some(1), Some(0), None].as_slice()));
    let CovariateValues::Number(ages) = &roster.covariates[1].values else { panic!("age is a number") };
    assert_eq!(ages, &[None, Some(40.0), Some(51.5)]);
}

#[test]
fn pain_said_to_last_a_day_is_kept_with_its_row() {
    let pain = "patient_id,date,pain,lasted_24h\nP1,2024-01-02,3,no\nP1,2024-01-01,3,yes\nP1,2024-01-03,3,\n";
    let logs = StudyFolder::clean().with("pain.csv", pain).read();
    assert_eq!((0..3).map(|row| logs.pain.lasted(row)).collect::<Vec<_>>(), [true, false, false]);
}

#[test]
fn a_column_that_only_one_file_has_is_missing_in_the_other() {
    let toml = "[[files.sessions]]\npath = \"a.csv\"\n[[files.sessions]]\npath = \"b.csv\"\n[[files.sessions]]\npath = \"c.csv\"\n";
    let folder = StudyFolder::clean()
        .with("a.csv", "patient_id,date\nP1,2024-01-01\n")
        .with("b.csv", "patient_id,date,minutes\nP1,2024-01-02,30\n")
        .with("c.csv", "patient_id,date\nP1,2024-01-03\n")
        .with("study.toml", toml);
    assert_eq!(folder.read().sessions.minutes, [None, Some(30.0), None]);
}

#[test]
fn a_study_is_a_folder_or_its_study_toml_and_another_file_may_be_given() {
    let folder =
        StudyFolder::clean().with("study.toml", "[study]\nname = \"Back class\"\n").with("other.toml", "[study]\ncut_off = 2024-01-05\n");
    assert_eq!(folder.read().study_name, "Back class");
    let (path, study) = open_study(&folder.path().join("study.toml"), None).unwrap();
    assert_eq!(path, folder.path());
    assert_eq!(read_study(&path, &study).unwrap().study_name, "Back class");
    let (path, study) = open_study(folder.path(), Some(&folder.path().join("other.toml"))).unwrap();
    let logs = read_study(&path, &study).unwrap();
    assert_eq!(logs.cut_off.to_string(), "2024-01-05");
    assert_eq!(logs.study_name, folder.path().file_name().unwrap().to_string_lossy());
}
