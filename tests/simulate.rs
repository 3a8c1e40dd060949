//! Simulated cohorts: the same bytes every time, the truth they claim, and refusals in words.

use std::fs;

use staywell::domain::Day;
use staywell::simulate::{SimulatedStudy, SimulationOptions, simulate};

use crate::harness::sample_data;

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
    for slip in [",11\n", ",mild\n", "2023-02-31", "P9999"] {
        assert!(pain.contains(slip), "no {slip:?} in pain.csv");
    }
    for slip in [",-20,", "dnoe", "2023-04-31", "P9999"] {
        assert!(sessions.contains(slip), "no {slip:?} in sessions.csv");
    }
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
        refused(SimulationOptions { cut_off: usual().first_start, ..usual() }),
        "--cut-off 2022-01-03 leaves less than 30 days after the first start on 2022-01-03; choose a later cut-off"
    );
}
