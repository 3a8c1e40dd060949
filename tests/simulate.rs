//! Simulated cohorts: the same bytes every time, the truth they claim, and refusals in words.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use staywell::domain::Day;
use staywell::simulate::{Columns, SimulatedStudy, SimulationOptions, Uptake, simulate, true_courses};

use crate::harness::{StudyFolder, sample_data};

fn file<'a>(study: &'a SimulatedStudy, name: &str) -> &'a str {
    &study.files.iter().find(|file| file.name == name).unwrap().content
}

#[test]
fn the_sample_study_is_what_its_readme_says_made_it() {
    let study = simulate(&SimulationOptions::sample()).unwrap();
    for file in study.files.iter().filter(|file| file.name != "truth.csv") {
        let committed = fs::read_to_string(sample_data().join(&file.name)).unwrap();
        assert!(committed == file.content, "sample-data/{} differs: run staywell simulate --sample --out sample-data --force", file.name);
    }
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_one_does_not() {
    let options = SimulationOptions { patients: 30, ..SimulationOptions::default() };
    let other = SimulationOptions { seed: options.seed + 1, ..options.clone() };
    assert_eq!(simulate(&options).unwrap(), simulate(&options).unwrap());
    assert_ne!(file(&simulate(&options).unwrap(), "pain.csv"), file(&simulate(&other).unwrap(), "pain.csv"));
}

#[test]
fn a_patient_is_the_same_in_a_small_cohort_and_in_a_large_one() {
    let rows = |patients: usize| {
        let study = simulate(&SimulationOptions { patients, ..SimulationOptions::default() }).unwrap();
        file(&study, "pain.csv").lines().filter(|row| row.starts_with("P0003")).map(str::to_owned).collect::<Vec<_>>()
    };
    assert!(rows(5).len() > 20);
    assert_eq!(rows(5), rows(50));
}

#[test]
fn every_kind_of_dirt_is_in_the_sample() {
    let study = simulate(&SimulationOptions::sample()).unwrap();
    let (pain, sessions) = (file(&study, "pain.csv"), file(&study, "sessions.csv"));
    for slip in [",11,", ",mild,", "2023-02-31", "P9999"] {
        assert!(pain.contains(slip), "no {slip:?} in pain.csv");
    }
    for slip in [",-20,", "dnoe", "2023-04-31", "P9999"] {
        assert!(sessions.contains(slip), "no {slip:?} in sessions.csv");
    }
}

/// Rows of a file as cells by column name.
fn rows<'a>(study: &'a SimulatedStudy, name: &str) -> Vec<BTreeMap<&'a str, &'a str>> {
    let mut lines = file(study, name).lines();
    let header: Vec<&str> = lines.next().unwrap().split(',').collect();
    lines.map(|line| header.iter().copied().zip(line.split(',')).collect()).collect()
}

fn date(row: &BTreeMap<&str, &str>, column: &str) -> Option<Day> {
    Day::parse_iso(row.get(column)?.get(..10)?).ok()
}

fn mean(values: impl IntoIterator<Item = f64>) -> f64 {
    let (n, sum) = values.into_iter().fold((0.0, 0.0), |(n, sum), value| (n + 1.0, sum + value));
    sum / n
}

#[test]
fn the_minimal_columns_are_the_first_ones_of_the_full_and_hold_the_same() {
    let clean = |columns| SimulationOptions { patients: 40, dirty_share: 0.0, columns, ..SimulationOptions::default() };
    let (minimal, full) = (simulate(&clean(Columns::Minimal)).unwrap(), simulate(&clean(Columns::Full)).unwrap());
    for (name, cells) in [("patients.csv", 4), ("sessions.csv", 9), ("pain.csv", 3), ("programs.csv", 7), ("events.csv", 3)] {
        let cut: BTreeSet<String> =
            file(&full, name).lines().map(|line| line.split(',').take(cells).collect::<Vec<_>>().join(",")).collect();
        for line in file(&minimal, name).lines() {
            assert!(line.split(',').count() == cells && cut.contains(line), "{name}: {line}");
        }
    }
    assert_eq!(file(&minimal, "truth.csv"), file(&full, "truth.csv"));
    assert!(minimal.files.iter().all(|file| file.name != "measures.csv"));
}

#[test]
fn the_full_columns_hold_what_every_claim_needs() {
    let study = simulate(&SimulationOptions { patients: 200, dirty_share: 0.0, ..SimulationOptions::default() }).unwrap();
    let of = |name: &str, column: &str| -> BTreeSet<String> {
        rows(&study, name).iter().map(|row| row.get(column).copied().unwrap_or("absent").to_owned()).collect()
    };
    let modalities = of("sessions.csv", "modality");
    for modality in
        ["stretching", "core", "stabilization", "aerobic", "balance", "aquatic", "traction", "manual", "heat", "cold", "stimulation"]
    {
        assert!(modalities.contains(modality), "{modality} in {modalities:?}");
    }
    let stretched: BTreeSet<&str> =
        rows(&study, "sessions.csv").iter().filter(|row| row["modality"] == "stretching").map(|row| row["muscle_group"]).collect();
    assert_eq!(stretched.len(), 7, "{stretched:?}");
    assert!(of("pain.csv", "site").is_superset(&["", "1", "2", "3"].map(str::to_owned).into()));
    assert_eq!(of("pain.csv", "context"), ["", "diary", "visit"].map(str::to_owned).into());
    for column in ["numbness", "weakness", "lasted_24h", "limited"] {
        assert_eq!(of("pain.csv", column), ["", "no", "yes"].map(str::to_owned).into(), "{column}");
    }
    assert_eq!(of("measures.csv", "measure"), ["EARS", "ODI", "PGIC", "RMDQ"].map(str::to_owned).into());
    for row in rows(&study, "measures.csv") {
        let value: f64 = row["value"].parse().unwrap();
        let top = match row["measure"] {
            "ODI" => 100.0,
            "PGIC" => 7.0,
            _ => 24.0,
        };
        assert!((0.0..=top).contains(&value), "{row:?}");
    }
    for row in rows(&study, "sessions.csv") {
        let held = row["status"] != "missed";
        assert_eq!(held, !row["modality"].is_empty() && !row["pain_during"].is_empty(), "{row:?}");
    }
    let (programs, sessions) = (rows(&study, "programs.csv"), rows(&study, "sessions.csv"));
    let completed: BTreeSet<&str> = programs.iter().filter(|row| !row["completed_on"].is_empty()).map(|row| row["patient_id"]).collect();
    let balanced: BTreeSet<&str> = sessions.iter().filter(|row| row["phase"] == "proprioception").map(|row| row["patient_id"]).collect();
    let without = completed.difference(&balanced).count() as f64 / completed.len() as f64;
    assert!((0.1..0.4).contains(&without), "{without} of the programs without balance training");
}

#[test]
fn a_study_with_questionnaires_beside_the_logs_is_read() {
    let study = simulate(&SimulationOptions { patients: 30, dirty_share: 0.0, ..SimulationOptions::default() }).unwrap();
    let folder = study.files.iter().fold(StudyFolder::new(), |folder, file| folder.file(&file.name, &file.content));
    assert!(file(&study, "measures.csv").lines().count() > 50);
    let run = folder.run(&["check", "STUDY", "--strict"]);
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
}

#[test]
fn twinges_stop_the_exercise_weeks_ahead_and_stay_below_what_counts_as_a_recurrence() {
    let cohort = |reverse_causation| SimulationOptions {
        patients: 500,
        reverse_causation,
        confounding: 0.0,
        dropout_per_year: 0.0,
        dirty_share: 0.0,
        maintenance_hazard_ratio: 1.0,
        uptake: Uptake::Always,
        columns: Columns::Minimal,
        ..SimulationOptions::default()
    };
    // The share with a session in the ten days before the recurrence, and the share of ones and twos in the diary of these days, of those
    // who had been well for 60 days.
    let before = |options: SimulationOptions| -> (f64, f64) {
        let (study, courses) = (&simulate(&options).unwrap(), true_courses(&options).unwrap());
        let ids: Vec<String> = (1..=courses.len()).map(|number| format!("P{number:04}")).collect();
        let well =
            |course: &staywell::simulate::TrueCourse| course.recurrence.filter(|day| day.days_since(course.at_risk_from.unwrap()) > 60);
        let watched: BTreeMap<&str, Day> = ids.iter().zip(&courses).filter_map(|(id, course)| Some((id.as_str(), well(course)?))).collect();
        let sessions = rows(study, "sessions.csv");
        let near = |row: &BTreeMap<&str, &str>| {
            let day = watched.get(row["patient_id"]).and_then(|day| Some(day.days_since(date(row, "date")?)));
            day.is_some_and(|days| (1..=10).contains(&days))
        };
        let exercised: BTreeSet<&str> = sessions.iter().filter(|row| near(row)).map(|row| row["patient_id"]).collect();
        let scores: Vec<i32> = rows(study, "pain.csv").iter().filter(|row| near(row)).map(|row| row["pain"].parse().unwrap()).collect();
        let held = scores.windows(2).filter(|pair| pair[0] >= 2 && pair[1] >= 2).count();
        let felt = scores.iter().filter(|score| **score > 0).count() as f64 / scores.len() as f64;
        assert!(watched.len() > 80 && held * 50 < scores.len(), "{} of {} scores", held, scores.len());
        (exercised.len() as f64 / watched.len() as f64, felt)
    };
    let (usual, announced) = (before(cohort(0.0)), before(cohort(1.0)));
    assert!(usual.0 > 0.8 && usual.1 < 0.25, "{usual:?}");
    assert!(announced.0 < 0.05 && announced.1 > 0.5, "{announced:?}");
}

/// Correlation of what is logged of the trait with the trait, and of either with taking up maintenance.
#[test]
fn the_logs_show_as_much_of_the_trait_as_was_asked_for() {
    for (measured, low, high) in [(0.0, -0.08, 0.08), (0.5, 0.65, 0.76), (1.0, 0.99, 1.01)] {
        let options =
            SimulationOptions { patients: 3_000, confounding: 1.0, confounding_measured: measured, ..SimulationOptions::default() };
        let courses = true_courses(&options).unwrap();
        let pairs: Vec<(f64, f64)> = courses.iter().map(|course| (course.activity_level, course.health_trait)).collect();
        let (level, hidden) = (mean(pairs.iter().map(|pair| pair.0)), mean(pairs.iter().map(|pair| pair.1)));
        let spread = |of: &dyn Fn(&(f64, f64)) -> f64| mean(pairs.iter().map(of));
        let together = spread(&|pair| (pair.0 - level) * (pair.1 - hidden));
        let correlation = together / (spread(&|pair| (pair.0 - level).powi(2)) * spread(&|pair| (pair.1 - hidden).powi(2))).sqrt();
        assert!((low..high).contains(&correlation), "asked for {measured}, found {correlation}");
        // The trait acts all the same, and at random it does not.
        let takes_up = |options: &SimulationOptions, sign: f64| {
            let courses = true_courses(options).unwrap();
            mean(
                courses
                    .iter()
                    .filter(|course| course.completed.is_some() && sign * course.health_trait > 0.5)
                    .map(|course| f64::from(course.maintained_to.is_some())),
            )
        };
        assert!(takes_up(&options, 1.0) > takes_up(&options, -1.0) + 0.25);
        let random = SimulationOptions { uptake: Uptake::Random, ..options };
        assert!((takes_up(&random, 1.0) - takes_up(&random, -1.0)).abs() < 0.1);
    }
}

#[test]
fn referrals_go_with_the_trait_and_not_with_the_exercise() {
    let referred = |options: &SimulationOptions, sign: f64| {
        let (study, courses) = (simulate(options).unwrap(), true_courses(options).unwrap());
        let events = rows(&study, "events.csv");
        let ids: BTreeSet<&str> = events.iter().filter(|row| row["event"] == "referral").map(|row| row["patient_id"]).collect();
        let followed = courses.iter().enumerate().filter(|(_, course)| course.completed.is_some() && sign * course.health_trait > 0.3);
        mean(followed.map(|(index, _)| f64::from(ids.contains(format!("P{:04}", index + 1).as_str()))))
    };
    let options = |uptake| SimulationOptions {
        patients: 400,
        confounding: 2.0,
        dropout_per_year: 0.0,
        columns: Columns::Minimal,
        uptake,
        ..SimulationOptions::default()
    };
    assert!(referred(&options(Uptake::Never), -1.0) > referred(&options(Uptake::Never), 1.0) + 0.25);
    // Surgery after a recurrence ends the log of a few.
    assert!((referred(&options(Uptake::Never), 1.0) - referred(&options(Uptake::Always), 1.0)).abs() < 0.05);
}

#[test]
fn everybody_or_nobody_maintains_where_that_is_asked_for() {
    let cohort = |uptake| true_courses(&SimulationOptions { patients: 60, uptake, ..SimulationOptions::default() }).unwrap();
    for course in cohort(Uptake::Always).iter().filter(|course| course.completed.is_some_and(|day| day < course.last_day)) {
        assert_eq!(course.maintained_to, Some(course.last_day));
    }
    assert!(cohort(Uptake::Never).iter().all(|course| course.maintained_to.is_none() && course.maintenance.is_empty()));
}

#[test]
fn a_true_course_is_at_risk_after_completion_and_recurs_after_that() {
    let courses = true_courses(&SimulationOptions { patients: 500, ..SimulationOptions::default() }).unwrap();
    let mut recurred = 0;
    for course in &courses {
        assert!(course.at_risk_from.is_none_or(|risk| course.completed.is_some_and(|completed| completed <= risk)));
        assert!(course.recurrence.is_none_or(|day| course.at_risk_from.unwrap() < day && day <= course.last_day));
        assert!(course.maintenance.is_sorted() && course.maintenance.iter().all(|day| *day > course.completed.unwrap()));
        recurred += usize::from(course.recurrence.is_some());
    }
    assert!(recurred > 100);
}

/// Share of recurrences by the truth that the diary is kept up to, off and on maintenance.
fn logged_recurrences(options: &SimulationOptions) -> [f64; 2] {
    let study = simulate(options).unwrap();
    [false, true].map(|maintaining| {
        mean(rows(&study, "truth.csv").iter().filter_map(|row| {
            let day = date(row, "recurrence_on")?;
            let on = date(row, "maintained_to").is_some_and(|to| day <= to);
            (on == maintaining).then(|| f64::from(date(row, "logged_to").unwrap() >= day))
        }))
    })
}

#[test]
fn informative_dropout_hides_more_recurrences_of_those_who_stopped() {
    let options = SimulationOptions {
        patients: 1_000,
        maintenance_hazard_ratio: 1.0,
        dropout_per_year: 0.5,
        confounding: 0.0,
        columns: Columns::Minimal,
        ..SimulationOptions::default()
    };
    let usual = logged_recurrences(&options);
    let informative = logged_recurrences(&SimulationOptions { informative_dropout: 1.0, ..options });
    let hidden = [0, 1].map(|arm| usual[arm] - informative[arm]);
    assert!(hidden[0] > hidden[1] + 0.08, "of those who stopped and of those who maintain: {hidden:?}");
}

#[test]
fn those_who_stopped_log_as_much_less_as_was_asked_for() {
    let options = SimulationOptions { patients: 150, logging_when_stopped: 0.4, dirty_share: 0.0, ..SimulationOptions::default() };
    let study = simulate(&options).unwrap();
    let truth: BTreeMap<&str, BTreeMap<&str, &str>> = rows(&study, "truth.csv").into_iter().map(|row| (row["patient_id"], row)).collect();
    let (mut days, mut logs) = ([0.0; 2], [0.0; 2]);
    for row in truth.values() {
        let (Some(completed), Some(logged_to)) = (date(row, "completed_on"), date(row, "logged_to")) else { continue };
        let switch = date(row, "maintained_to").unwrap_or(completed).min(logged_to);
        days[1] += f64::from(switch.days_since(completed));
        days[0] += f64::from(logged_to.days_since(switch));
    }
    for row in rows(&study, "pain.csv").iter().filter(|row| row["context"].is_empty()) {
        let (of, day) = (&truth[row["patient_id"]], date(row, "date").unwrap());
        let Some(completed) = date(of, "completed_on").filter(|completed| *completed < day) else { continue };
        logs[usize::from(day <= date(of, "maintained_to").unwrap_or(completed))] += 1.0;
    }
    let ratio = logs[0] / days[0] / (logs[1] / days[1]);
    // Gaps are whole days, which moves the ratio a little.
    assert!((0.37..0.43).contains(&ratio), "{ratio}");
}

#[test]
fn with_null_claims_nothing_done_in_the_program_changes_relief() {
    let relief_by_adherence = |claim_effects| {
        let options = SimulationOptions { patients: 1_500, claim_effects, program_dropout: 0.0, ..SimulationOptions::default() };
        let courses = true_courses(&options).unwrap();
        let days = |low: f64, high: f64| {
            let within = courses.iter().filter(|course| (low..high).contains(&course.adherence));
            mean(within.filter_map(|course| Some(f64::from(course.at_risk_from?.days_since(course.started)))))
        };
        days(0.0, 0.7) - days(0.85, 1.01)
    };
    assert!(relief_by_adherence(true) > 15.0);
    assert!(relief_by_adherence(false).abs() < 8.0);
}

/// Recurrences and person-days off and on maintenance, up to the first recurrence, from the truth.
fn rates(study: &SimulatedStudy, cut_off: Day) -> [(f64, f64); 2] {
    let mut totals = [(0.0, 0.0); 2];
    for row in file(study, "truth.csv").lines().skip(1) {
        let cells: Vec<&str> = row.split(',').collect();
        let day = |text: &str| Day::parse_iso(text).ok();
        let Some(completed) = day(cells[1]) else { continue };
        let last = cut_off.min(completed.plus(730));
        let end = day(cells[3]).unwrap_or(last);
        let switch = day(cells[2]).unwrap_or(completed).min(end);
        totals[1].1 += f64::from(switch.days_since(completed));
        totals[0].1 += f64::from(end.days_since(switch));
        if let Some(recurrence) = day(cells[3]) {
            let on = day(cells[2]).is_some_and(|to| recurrence <= to);
            totals[usize::from(on)].0 += 1.0;
        }
    }
    totals
}

#[test]
fn the_hazard_ratio_asked_for_is_the_one_in_the_truth() {
    for asked in [1.0_f64, 0.3] {
        let options = SimulationOptions {
            patients: 3_000,
            maintenance_hazard_ratio: asked,
            confounding: 0.0,
            reverse_causation: 0.0,
            ..SimulationOptions::default()
        };
        let [(off, off_days), (on, on_days)] = rates(&simulate(&options).unwrap(), options.cut_off);
        let ratio: f64 = (on / on_days) / (off / off_days);
        // Previous episodes still differ between people, which moves the ratio a little; chance moves it by about 5 %.
        assert!((ratio / asked).ln().abs() < 0.2, "asked for {asked}, found {ratio}");
    }
}

#[test]
fn options_that_make_no_cohort_are_refused_in_words() {
    let refused = |options: SimulationOptions| simulate(&options).unwrap_err().to_string();
    let usual = SimulationOptions::default;
    assert_eq!(refused(SimulationOptions { patients: 0, ..usual() }), "--patients is 0, but it must be between 1 and 1000000");
    assert_eq!(
        refused(SimulationOptions { maintenance_hazard_ratio: 0.0, ..usual() }),
        "--maintenance-hazard-ratio is 0, but it must be above 0 (1 is no effect)"
    );
    assert_eq!(refused(SimulationOptions { dirty_share: 1.5, ..usual() }), "--dirty-share is 1.5, but it must be between 0 and 1");
    assert_eq!(
        refused(SimulationOptions { confounding_measured: -0.1, ..usual() }),
        "--confounding-measured is -0.1, but it must be between 0 and 1"
    );
    assert_eq!(
        refused(SimulationOptions { informative_dropout: f64::NAN, ..usual() }),
        "--informative-dropout is NaN, but it must be between -3 and 3"
    );
    assert_eq!(
        refused(SimulationOptions { logging_when_stopped: 0.0, ..usual() }),
        "--logging-when-stopped is 0, but it must be between 0.05 and 1"
    );
    assert_eq!(refused(SimulationOptions { program_dropout: 2.0, ..usual() }), "--program-dropout is 2, but it must be between 0 and 1");
    assert_eq!(
        refused(SimulationOptions { cut_off: usual().first_start, ..usual() }),
        "--cut-off 2022-01-03 leaves less than 30 days after the first start on 2022-01-03; choose a later cut-off"
    );
}

#[test]
fn a_choice_that_is_not_one_is_answered_with_those_there_are() {
    let folder = StudyFolder::new();
    let run = folder.run(&["simulate", "--out", "STUDY/cohort", "--uptake", "some"]);
    assert!(run.code == 2 && run.stderr.contains("write one of by-trait, random, always, never"), "{}", run.stderr);
    let run = folder.run(&["simulate", "--out", "STUDY/cohort", "--columns", "all"]);
    assert!(run.code == 2 && run.stderr.contains("write one of minimal, full"), "{}", run.stderr);
}

#[test]
fn the_readme_of_a_cohort_has_the_command_that_makes_it_again() {
    let folder = StudyFolder::new();
    let options = [
        "--patients",
        "20",
        "--uptake",
        "random",
        "--null-claims",
        "--confounding",
        "-1.5",
        "--columns",
        "minimal",
        "--informative-dropout",
        "0.5",
    ];
    let run = folder.run(&[&["simulate", "--out", "STUDY/one", "--quiet"][..], &options].concat());
    assert_eq!(run.code, 0, "{}", run.stderr);
    let readme = fs::read_to_string(folder.path().join("one/README.md")).unwrap();
    let command = readme.lines().find(|line| line.starts_with("staywell simulate")).unwrap().replace("--out DIR", "--out STUDY/two");
    let run = folder.run(&command.split(' ').skip(1).collect::<Vec<_>>());
    assert_eq!(run.code, 0, "{}", run.stderr);
    for name in ["pain.csv", "sessions.csv", "truth.csv", "README.md"] {
        let read = |which: &str| fs::read_to_string(folder.path().join(which).join(name)).unwrap();
        assert!(read("one") == read("two"), "{name}");
    }
}

#[test]
fn nobody_stops_logging_where_nobody_is_to_however_informative_it_would_be() {
    let options = |informative_dropout| SimulationOptions {
        patients: 40,
        dropout_per_year: 0.0,
        informative_dropout,
        columns: Columns::Minimal,
        ..SimulationOptions::default()
    };
    let (usual, informative) = (simulate(&options(0.0)).unwrap(), simulate(&options(3.0)).unwrap());
    for name in ["pain.csv", "sessions.csv", "events.csv", "truth.csv"] {
        assert!(file(&usual, name) == file(&informative, name), "{name}");
    }
    assert!(file(&informative, "README.md").contains("Nobody stops logging."));
}

#[test]
fn twinges_stop_the_exercise_of_those_who_exercise() {
    let options = SimulationOptions { patients: 300, reverse_causation: 1.0, columns: Columns::Minimal, ..SimulationOptions::default() };
    let study = simulate(&options).unwrap();
    let truth = rows(&study, "truth.csv");
    let stopped: Vec<_> = truth.iter().filter_map(|row| Some((row, date(row, "stopped_on")?))).collect();
    assert!(stopped.len() > 30);
    for (row, stop) in stopped {
        let exercised = date(row, "completed_on").unwrap() < stop && date(row, "maintained_to").is_some_and(|to| stop <= to);
        assert!(exercised, "{row:?}");
    }
}
