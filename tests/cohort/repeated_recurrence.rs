//! Recurrences after the first, compared: the clock and the number of each spell at risk.

use std::fmt::Write;

use super::{day, report, study};

/// A patient: the day of completion, the days of calm, the days of pain, and whether the exercise goes on after completion.
struct One {
    completed: i32,
    calm_from: i32,
    pain: &'static [i32],
    exercise: bool,
}

#[test]
fn gap_time_runs_from_the_first_day_of_a_spell_and_spells_are_numbered_by_every_recurrence() {
    // Four complete on day 10, are calm from day 11 and at risk from day 41, their exposure known from the first day on. Two of them
    // have a recurrence: on day 50 (gap 9) one who exercises, on day 53 (gap 12) one who does not.
    let early = |pain, exercise| One { completed: 10, calm_from: 11, pain, exercise };
    // Three are calm in the program and at risk from completion on day 40; their exposure is known from day 54 on (gap 14). One of
    // them has a recurrence before that, on day 46, and is at risk a second time from day 82 on.
    let late = |pain| One { completed: 40, calm_from: 1, pain, exercise: true };
    let patients =
        [early(&[50, 53], true), early(&[], true), early(&[53, 56], false), early(&[], false), late(&[]), late(&[]), late(&[46, 49])];
    let (mut sessions, mut pain, mut programs) = (
        "patient_id,date,phase,status\n".to_owned(),
        "patient_id,date,pain\n".to_owned(),
        "patient_id,start,completed_on,outcome\n".to_owned(),
    );
    for (n, patient) in patients.iter().enumerate() {
        writeln!(sessions, "P{n},{},functional,done", day(1)).unwrap();
        writeln!(programs, "P{n},{},{},completed", day(1), day(patient.completed)).unwrap();
        for today in (patient.completed + 1..=103).step_by(3).filter(|_| patient.exercise) {
            writeln!(sessions, "P{n},{},maintenance,done", day(today)).unwrap();
        }
        for today in (patient.calm_from..=103).step_by(3) {
            writeln!(pain, "P{n},{},{}", day(today), if patient.pain.contains(&today) { 5 } else { 0 }).unwrap();
        }
    }
    let study = study(&[("sessions.csv", &*sessions), ("pain.csv", &*pain), ("programs.csv", &*programs)]);
    let repeated = &study.recurrence.repeated;
    assert_eq!(repeated.recurrences, 3);
    // Those at risk of a first recurrence with a known exposure are two and two on day 9 and one and two on day 12, so the score is
    // 1 − 2θ/(2θ + 2) − θ/(θ + 2), which is 0 at √2. Nobody has a second recurrence.
    let found = repeated.gap_time.value().unwrap();
    assert_eq!(found.n_events, 2);
    assert!((found.hazard_ratio - 2.0_f64.sqrt()).abs() < 1e-6, "{}", found.hazard_ratio);
    // Not known are 14 days of each of two, and of the third all 6 of the first spell, with the recurrence.
    let text = report(&study).1;
    assert!(text.contains("| Not known yet | 34 | 1 | – |"), "{text}");
}
