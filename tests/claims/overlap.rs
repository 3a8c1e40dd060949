//! Groups that nobody can be compared between.

use std::fmt::Write;

use staywell::claims::Verdict;
use staywell::study::Study;

use crate::cohort::{day, study};

/// 120 patients, free of pain from day 7 on; every other one keeps the exercise up, two in three recur. Ages by number and group.
fn clinic(age: impl Fn(usize, bool) -> usize) -> Study {
    let mut pain = "patient_id,date,pain\n".to_owned();
    let mut sessions = "patient_id,date,phase,status\n".to_owned();
    let mut programs = "patient_id,start,completed_on,outcome,prescribed_per_week\n".to_owned();
    let mut patients = "patient_id,age\n".to_owned();
    for number in 0..120 {
        let (id, exercises) = (format!("P{number:03}"), number % 2 == 1);
        writeln!(programs, "{id},{},{},completed,2", day(1), day(21)).unwrap();
        writeln!(patients, "{id},{}", age(number, exercises)).unwrap();
        for on in (1..21).step_by(3) {
            writeln!(sessions, "{id},{},functional,done", day(on)).unwrap();
        }
        for on in (22..300).step_by(3).filter(|_| exercises) {
            writeln!(sessions, "{id},{},maintenance,done", day(on)).unwrap();
        }
        let recurs = (number % 3 > 0).then(|| 151 + 3 * (number as i32 * 7 % 30));
        for on in (1..300).step_by(3) {
            let high = on < 7 || recurs.is_some_and(|from| (from..from + 6).contains(&on));
            writeln!(pain, "{id},{},{}", day(on), if high { 5 } else { 0 }).unwrap();
        }
    }
    let double = "[[claims.own]]\nid = \"double\"\nstatement = \"The core claim again.\"\nexposure = \"maintained_at_landmark\"\n\
                  outcome = \"recurrence\"\nclaim = \"less\"\n";
    let files = [("pain.csv", &pain), ("sessions.csv", &sessions), ("programs.csv", &programs), ("patients.csv", &patients)];
    study(&files.map(|(name, text)| (name, text.as_str())).into_iter().chain([("study.toml", double)]).collect::<Vec<_>>())
}

fn not_testable(study: &Study, id: &str) -> Option<(String, String)> {
    let claim = study.claims.iter().find(|claim| claim.id == id).unwrap();
    (claim.verdict == Verdict::NotTestable).then(|| (claim.sentence.clone(), claim.doubt.clone()))
}

/// The core claim, its dose, and a claim of the clinic that is the core one again.
const CLAIMS: [&str; 3] = ["maintenance-delays-recurrence", "maintenance-dose-response", "double"];

#[test]
fn a_covariate_that_tells_the_groups_apart_makes_the_claims_not_testable() {
    let apart = clinic(|number, exercises| if exercises { 80 + number % 3 } else { 20 + number % 3 });
    for id in CLAIMS {
        let (reason, remedy) = not_testable(&apart, id).unwrap();
        assert!(reason.contains("\"age\" tells") && remedy.contains("[model] covariates"), "{reason} {remedy}");
    }
    // The adjusted ratio would be a line drawn from 22 to 80 years; none is given anywhere.
    let recurrence = &apart.recurrence;
    assert!(recurrence.landmark.comparison.value().unwrap().adjusted.reason().unwrap().contains("age"));
    assert!(recurrence.time_varying.adjusted.reason().is_some());
}

#[test]
fn groups_of_which_too_few_are_alike_make_them_not_testable() {
    // Of those who exercise 5 are as young as the others, and of the others 5 as old as those.
    let few = |number: usize, exercises: bool| match (exercises, number < 10) {
        (true, false) | (false, true) => 70 + number % 5,
        (true, true) | (false, false) => 30 + number % 5,
    };
    let reasons = CLAIMS.map(|id| not_testable(&clinic(few), id));
    // All ages stand in both groups, so everybody has somebody alike: testable.
    assert_eq!(reasons, [None, None, None]);
    // Ages 40 to 44 in both groups for 5 of each; else 30 to 34 without and 70 to 74 with the exercise.
    let between = |number: usize, exercises: bool| match (number < 10, exercises) {
        (true, _) => 40 + number % 5,
        (false, true) => 70 + number % 5,
        (false, false) => 30 + number % 5,
    };
    let study = clinic(between);
    for id in CLAIMS {
        let (reason, _) = not_testable(&study, id).unwrap();
        assert!(reason.contains("only 5 patients") && reason.contains("at least 20 of each"), "{reason}");
    }
}
