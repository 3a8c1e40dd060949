use staywell::cohort::BaselineSource;

use super::{day, pain_csv, program_csv, sessions_csv, study};

#[test]
fn the_baseline_is_the_week_before_the_first_session() {
    // First session on day 8; days 1–7 are the baseline week, day 8 is not in it.
    let pain = pain_csv([(1, 4.0), (4, 6.0), (7, 8.0), (8, 0.0), (30, 2.0)]);
    let sessions = sessions_csv([(8, "flexibility", "done")]);
    let program = format!("patient_id,start,completed_on,outcome\nA,{},{},completed\n", day(8), day(30));
    let study = study(&[("sessions.csv", &sessions), ("pain.csv", &pain), ("programs.csv", &program)]);
    let course = study.cohort.courses[0].pain.as_ref().unwrap();
    assert_eq!(course.baseline, Some((6.0, BaselineSource::BeforeFirstSession)));
    assert_eq!(course.end, Some(2.0));
    assert_eq!(course.change(), Some(-4.0));
}

#[test]
fn without_a_log_before_the_program_its_first_seven_logged_days_are_the_baseline() {
    let pain = pain_csv((1..=14).map(|n| (n, f64::from(n.min(10)))));
    let study =
        study(&[("sessions.csv", &sessions_csv([(1, "flexibility", "done")])), ("pain.csv", &pain), ("programs.csv", &program_csv(14, 2))]);
    let course = study.cohort.courses[0].pain.as_ref().unwrap();
    // Mean of 1 to 7.
    assert_eq!(course.baseline, Some((4.0, BaselineSource::FirstProgramDays)));
}

#[test]
fn weeks_are_counted_from_program_start_and_days_beside_each_other_are_averaged() {
    let pain = pain_csv([(1, 6.0), (7, 4.0), (8, 3.0), (15, 1.0), (22, 9.0)]);
    let study =
        study(&[("sessions.csv", &sessions_csv([(1, "flexibility", "done")])), ("pain.csv", &pain), ("programs.csv", &program_csv(21, 2))]);
    let weeks: Vec<(u32, u32, f64)> =
        study.cohort.courses[0].pain.as_ref().unwrap().weeks.iter().map(|week| (week.week, week.days, week.mean)).collect();
    // Day 22 is after completion and in no program week.
    assert_eq!(weeks, [(0, 2, 5.0), (1, 1, 3.0), (2, 1, 1.0)]);
    // Slopes of (0, 5), (1, 3), (2, 1): −2 a week by either method.
    let slopes = study.pain.slopes.value().unwrap();
    assert!((slopes.least_squares.mean + 2.0).abs() < 1e-12 && (slopes.theil_sen.median + 2.0).abs() < 1e-12);
}

#[test]
fn a_responder_needs_the_share_and_the_points_and_those_not_seen_at_the_end_did_not_respond() {
    // A: 8 → 5 (37 %, 3 points) responds. B: 10 → 8 (20 %) does not. C: 4 → 2.5 (37 %, 1.5 points) does not.
    // D: baseline 2 is too low for a percent change. E: no log in the last week of the program.
    let mut pain = "patient_id,date,pain\n".to_owned();
    let mut programs = "patient_id,start,completed_on,outcome\n".to_owned();
    let mut sessions = "patient_id,date\n".to_owned();
    for (id, baseline, end) in
        [("A", 8.0, Some(5.0)), ("B", 10.0, Some(8.0)), ("C", 4.0, Some(2.5)), ("D", 2.0, Some(0.0)), ("E", 8.0, None::<f64>)]
    {
        pain.push_str(&format!("{id},{},{baseline}\n", day(3)));
        if let Some(end) = end {
            pain.push_str(&format!("{id},{},{end}\n", day(60)));
        }
        programs.push_str(&format!("{id},{},{},completed\n", day(8), day(60)));
        sessions.push_str(&format!("{id},{}\n", day(8)));
    }
    let study = study(&[("sessions.csv", &sessions), ("pain.csv", &pain), ("programs.csv", &programs)]);
    let responders = &study.pain.important;
    let (imputed, observed) = (responders.imputed.value().unwrap(), responders.observed.value().unwrap());
    assert_eq!((responders.baseline_too_low, responders.no_baseline), (1, 0));
    assert_eq!((imputed.count, imputed.n), (1, 4));
    assert_eq!((observed.count, observed.n), (1, 3));
}
