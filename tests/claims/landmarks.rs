//! Recurrence by balance training, place and dose of the exercise; surgery, and recovery after it.

use staywell::analysis::{RecoveryAfterSurgery, analyze_balance_training, analyze_recovery_after_surgery};
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
    assert!(refused(&operated(0, 0), SURGERY).contains("no surgery is logged while patients were followed"));
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

/// Logged to day 120, so followed to day 148 with a silence of 28 days.
#[test]
fn what_is_logged_after_a_silence_does_not_decide_whether_a_surgery_counts() {
    let followed = |later: &[i32]| {
        let mut logs = SmallStudy::new();
        for (n, surgery) in (0..).zip([148, 149, 300, 390]) {
            let id = format!("S{n:03}");
            logs.completed(&id, 112, 2);
            logs.sessions(&id, (1..112).step_by(7), "functional", "clinic");
            logs.pain(&id, (1..=120).chain(later.iter().copied()), |_| 5.0);
            logs.event(&id, surgery, "surgery");
        }
        // Somebody else goes on logging, so that the cut-off is no limit.
        logs.completed("S999", 112, 2);
        logs.sessions("S999", (1..112).step_by(7), "functional", "clinic");
        logs.pain("S999", 1..=420, |_| 5.0);
        let study = logs.run();
        let found = staywell::analysis::analyze_surgery(&study.logs, &study.cohort, &study.recurrence.covariates, &study.settings);
        (found.n, found.surgeries)
    };
    assert_eq!(followed(&[]), (5, 1));
    assert_eq!(followed(&[400]), (5, 1));
}

/// Two sessions of two in each of seven weeks: 7/8 of a plan of eight weeks, 7/12 of the twelve weeks to the landmark without one.
#[test]
fn a_program_given_up_is_judged_to_its_planned_end() {
    let bands = |planned: Option<i32>| {
        let mut logs = SmallStudy::new();
        logs.dropped_out("S000", planned, 2);
        logs.sessions("S000", (1..50).filter(|day| day % 7 == 1 || day % 7 == 4), "functional", "clinic");
        logs.pain("S000", 1..=300, |_| 5.0);
        logs.event("S000", 200, "surgery");
        let study = logs.run();
        let found = staywell::analysis::analyze_surgery(&study.logs, &study.cohort, &study.recurrence.covariates, &study.settings);
        found.bands.map(|band| band.n)
    };
    assert_eq!(bands(Some(56)), [0, 1]);
    assert_eq!(bands(None), [1, 0]);
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

fn after_surgery(logs: &SmallStudy) -> RecoveryAfterSurgery {
    let study = logs.run();
    analyze_recovery_after_surgery(&study.logs, &study.cohort, &study.recurrence.covariates, &study.settings)
}

#[test]
fn the_week_that_ended_the_day_before_surgery_counts() {
    // The first week is days 1 to 7.
    for (surgery, counted) in [(7, 0), (8, 1)] {
        let mut logs = SmallStudy::new();
        logs.completed("F000", 112, 2);
        logs.sessions("F000", [1, 4], "functional", "clinic");
        logs.event("F000", surgery, "surgery");
        logs.pain("F000", -6..=200, |_| 6.0);
        let found = after_surgery(&logs);
        assert_eq!((found.n, found.no_adherence), (counted, 1 - counted), "surgery on day {surgery}");
    }
}

/// Surgery on day 120; all are free of pain from day 40, which day 70 confirms.
#[test]
fn who_is_in_remission_at_surgery_cannot_recover_from_it() {
    let mut logs = SmallStudy::new();
    let mut patient = |id: &str, days: &mut dyn Iterator<Item = i32>, pain: &dyn Fn(i32) -> f64| {
        logs.completed(id, 112, 2);
        logs.sessions(id, (1..112).step_by(7), "functional", "clinic");
        logs.event(id, 120, "surgery");
        logs.pain(id, days, pain);
    };
    let before = |day: i32, pain: f64| if day < 40 { 6.0 } else { pain };
    patient("F000", &mut (-6..=250), &|day| before(day, 0.0));
    // Not if pain is back on the day before surgery, or if the log is silent of it for more than seven days.
    patient("F001", &mut (-6..=250), &|day| before(day, if (119..140).contains(&day) { 6.0 } else { 0.0 }));
    patient("F002", &mut (-6..=100).chain(121..=250), &|day| before(day, if (121..150).contains(&day) { 6.0 } else { 0.0 }));
    let found = after_surgery(&logs);
    assert_eq!((found.surgeries, found.in_remission, found.n, found.recovered), (3, 1, 2, 2));
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
    let rising = doses(0.4);
    let result = claim(&rising, DOSE);
    assert!(result.primary.as_ref().unwrap().interval.lower > 1.0 && result.verdict != Verdict::Supported, "{}", result.sentence);
    assert_ne!(claim(&doses(0.0), DOSE).verdict, Verdict::Supported);
}
