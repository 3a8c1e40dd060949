//! Recurrence by balance training, place and dose of the exercise; surgery, and recovery after it.

use staywell::analysis::analyze_balance_training;
use staywell::claims::Verdict;
use staywell::study::Study;

use super::small_study::{Numbers, SmallStudy, claim, refused};

const BALANCE: &str = "skipping-proprioception-relapses";
const CLASS: &str = "weekly-class-maintains";
const SURGERY: &str = "exercise-avoids-surgery";
const FIT: &str = "fit-for-surgery";
const DOSE: &str = "maintenance-dose-response";

/// Pain 6 to day 40, then none but for two days of 5 from each of the days given; logged to day 500.
fn recurring(logs: &mut SmallStudy, id: &str, on: &[i32]) {
    logs.pain(id, -6..=500, |day| {
        let high = day <= 40 || on.iter().any(|&first| day == first || day == first + 1);
        if high { if day <= 40 { 6.0 } else { 5.0 } } else { 0.0 }
    });
}

/// 40 patients without and 40 with balance training; those without have two recurrences each, of those with every second has one (or the
/// other way round).
fn balance(skipping_recurs: bool) -> Study {
    let mut logs = SmallStudy::new();
    for n in 0..80 {
        let (id, skips) = (format!("B{n:03}"), n < 40);
        logs.completed(&id, 84, 2);
        logs.sessions(&id, (1..84).step_by(7), "functional", "clinic");
        if !skips {
            logs.sessions(&id, [60, 67, 74, 81], "proprioception", "clinic");
        }
        let days: &[i32] = match (skips == skipping_recurs, n % 2 == 0) {
            (true, _) => &[150 + n, 300 + n],
            (false, true) => &[200 + n],
            (false, false) => &[],
        };
        recurring(&mut logs, &id, days);
    }
    logs.run()
}

#[test]
fn all_recurrences_count_with_and_without_balance_training() {
    let study = balance(true);
    let found = analyze_balance_training(&study.logs, &study.cohort, &study.recurrence.covariates, &study.settings);
    assert_eq!((found.without, found.recurrences_without, found.with, found.recurrences_with), (40, 80, 40, 20));
    let result = claim(&study, BALANCE);
    assert_eq!((result.verdict, result.n_events), (Verdict::Supported, Some(100)), "{}", result.sentence);
    assert!(result.primary.as_ref().unwrap().estimate > 2.0);
    assert_eq!(claim(&balance(false), BALANCE).verdict, Verdict::Contradicted);
}

#[test]
fn balance_training_after_the_planned_end_does_not_count() {
    let mut logs = SmallStudy::new();
    for n in 0..30 {
        let id = format!("B{n:03}");
        logs.completed(&id, 84, 2);
        logs.sessions(&id, (1..84).step_by(7), "functional", "clinic");
        logs.sessions(&id, [90, 97], "proprioception", "clinic");
        recurring(&mut logs, &id, &[200 + n]);
    }
    let text = refused(&logs.run(), BALANCE);
    assert!(
        text.contains("30 patients had no balance training in the program, 0 patients had some; each group needs at least 20"),
        "{text}"
    );
}

/// 40 patients in a class, 40 at home, 40 who do nothing after completion, with the shares of each that recur after the landmark.
fn places(class: f64, home: f64, none: f64) -> Study {
    let mut logs = SmallStudy::new();
    let mut numbers = Numbers::new(3);
    for n in 0..120 {
        let id = format!("C{n:03}");
        logs.completed(&id, 84, 1);
        logs.sessions(&id, (1..84).step_by(7), "functional", "clinic");
        let (place, share) = [("class", class), ("home", home), ("", none)][n % 3];
        if !place.is_empty() {
            logs.sessions(&id, (85..=480).step_by(5), "maintenance", place);
        }
        let recurs = ((n / 3) as f64) < 40.0 * share;
        let on = 180 + (300.0 * numbers.next()) as i32;
        recurring(&mut logs, &id, if recurs { std::slice::from_ref(&on) } else { &[] });
    }
    logs.run()
}

#[test]
fn a_class_is_compared_with_none_and_with_home() {
    let study = places(0.2, 0.5, 0.9);
    let result = claim(&study, CLASS);
    assert_eq!(result.verdict, Verdict::Supported, "{}", result.sentence);
    assert_eq!((result.n_used, result.n_events), (80, Some(44)));
    assert!(result.sentence.contains("8 of the 40 who went to a class and 36 of the 40"), "{}", result.sentence);
    assert!(result.others.iter().any(|other| other.label.starts_with("class against home")));
    assert_eq!(claim(&places(0.9, 0.5, 0.2), CLASS).verdict, Verdict::Contradicted);
    let same = places(0.5, 0.5, 0.5);
    assert_eq!(claim(&same, CLASS).verdict, Verdict::Inconclusive);
}

#[test]
fn without_a_class_there_is_nothing_to_compare() {
    let text = refused(&balance(true), CLASS);
    assert!(text.contains("0 patients went to a class at the landmark"), "{text}");
}

/// 60 patients who do all of two sessions a week and 60 who do one in two weeks; so many of each have surgery after day 85.
fn operated(high: usize, low: usize) -> Study {
    let mut logs = SmallStudy::new();
    for n in 0..120 {
        let (id, adherent, rank) = (format!("S{n:03}"), n % 2 == 0, n / 2);
        logs.completed(&id, 112, 2);
        if adherent {
            logs.sessions(&id, (1..112).filter(|day| day % 7 == 1 || day % 7 == 4), "functional", "clinic");
        } else {
            logs.sessions(&id, (1..112).step_by(14), "functional", "clinic");
        }
        logs.pain(&id, (-6..=500).step_by(7), |_| 5.0);
        if rank < if adherent { high } else { low } {
            logs.event(&id, 100 + 6 * rank as i32 + n as i32 % 2, "surgery");
        }
    }
    logs.run()
}

#[test]
fn surgery_by_adherence_up_to_the_landmark() {
    let study = operated(8, 40);
    let result = claim(&study, SURGERY);
    assert_eq!((result.verdict, result.n_used, result.n_events), (Verdict::Supported, 120, Some(48)), "{}", result.sentence);
    assert!(
        result.sentence.contains("8 of 60 with high adherence") && result.sentence.contains("40 of 60 with less"),
        "{}",
        result.sentence
    );
    assert_eq!(claim(&operated(40, 8), SURGERY).verdict, Verdict::Contradicted);
    assert!(refused(&operated(8, 20), SURGERY).contains("there are 28 surgeries after the landmark; the rule asks for at least 30"));
    assert!(refused(&operated(0, 0), SURGERY).contains("no surgery is logged"));
    assert!(refused(&operated(0, 0), FIT).contains("no surgery after the start of a program is logged"));
}

#[test]
fn surgery_on_the_landmark_or_before_is_left_out() {
    let mut logs = SmallStudy::new();
    for n in 0..4 {
        let id = format!("S{n:03}");
        logs.completed(&id, 112, 2);
        logs.sessions(&id, (1..112).step_by(7), "functional", "clinic");
        logs.pain(&id, 1..=300, |_| 5.0);
        // Day 1 plus 84 is day 85.
        logs.event(&id, [60, 85, 86, 200][n], "surgery");
    }
    let study = logs.run();
    let found = staywell::analysis::analyze_surgery(&study.logs, &study.cohort, &study.recurrence.covariates, &study.settings);
    assert_eq!((found.left_out.surgery_before, found.n, found.surgeries), (2, 2, 2));
}

/// 30 patients operated on after high and 30 after low adherence, free of pain so many days after surgery; logged for a year.
fn recovering_after(high: i32, low: i32) -> Study {
    let mut logs = SmallStudy::new();
    for n in 0..60 {
        let (id, adherent) = (format!("F{n:03}"), n % 2 == 0);
        logs.completed(&id, 112, 2);
        if adherent {
            logs.sessions(&id, (1..112).filter(|day| day % 7 == 1 || day % 7 == 4), "functional", "clinic");
        } else {
            logs.sessions(&id, (1..112).step_by(14), "functional", "clinic");
        }
        let free = 120 + if adherent { high } else { low } + n / 2;
        logs.event(&id, 120, "surgery");
        logs.pain(&id, -6..=480, |day| if day >= free { 0.0 } else { 6.0 });
    }
    logs.run()
}

#[test]
fn who_was_conditioned_recovers_sooner_or_later_after_surgery() {
    let result = recovering_after(40, 65);
    let result = claim(&result, FIT);
    assert_eq!((result.verdict, result.n_used, result.n_events), (Verdict::Supported, 60, Some(60)), "{}", result.sentence);
    // Ranks 0 to 29 after 40 days: the 15th and 16th of 30 at 54 and 55 days, and S is ½ between them.
    assert!(result.sentence.contains("half had recovered after 55 days against 80"), "{}", result.sentence);
    assert_eq!(claim(&recovering_after(65, 40), FIT).verdict, Verdict::Contradicted);
}

/// 90 patients who exercise 0, 1 or 3 times a week for good; the hazard of recurrence falls with the dose, rises, or neither.
fn doses(log_ratio: f64) -> Study {
    let mut logs = SmallStudy::new();
    let mut numbers = Numbers::new(11);
    for n in 0..240 {
        let id = format!("D{n:03}");
        logs.completed(&id, 84, 2);
        logs.sessions(&id, (1..84).step_by(7), "functional", "clinic");
        let dose = [0, 1, 3][n % 3];
        logs.sessions(&id, (85..=500).filter(|day| day % 7 < dose), "maintenance", "home");
        let hazard = 0.004 * (log_ratio * f64::from(dose)).exp();
        let on = 100.0 - numbers.next().max(1e-9).ln() / hazard;
        let on: Vec<i32> = if on < 490.0 { vec![on as i32] } else { vec![] };
        recurring(&mut logs, &id, &on);
    }
    logs.run()
}

#[test]
fn the_dose_finds_a_ratio_for_each_session_a_week() {
    let truth = 0.6_f64;
    let study = doses(truth.ln());
    let result = claim(&study, DOSE);
    let primary = result.primary.as_ref().unwrap();
    assert!(primary.interval.lower < truth && truth < primary.interval.upper, "{primary:?}");
    assert_eq!(result.verdict, Verdict::Supported, "{} {}", result.sentence, result.doubt);
    assert!(result.others.iter().any(|other| other.label == "3 and more a week against none"));
    assert_eq!(claim(&doses(0.4), DOSE).verdict, Verdict::Contradicted);
    assert_ne!(claim(&doses(0.0), DOSE).verdict, Verdict::Supported);
}
