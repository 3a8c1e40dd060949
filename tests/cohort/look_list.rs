use std::fmt::Write;

use staywell::analysis::LookReason;
use staywell::study::Study;

use super::{day, study};

const CUT_OFF: i32 = 100;

/// Patients with (day, pain, numbness) logs, their programs running, the cut-off on day 100.
/// A patient's id, and day, score and further cells of each log.
type Logged<'a> = (&'a str, &'a [(i32, f64, &'a str)]);

fn looked(patients: &[Logged<'_>], more: &[(&str, &str)]) -> Study {
    let (mut pain, mut programs) = ("patient_id,date,pain,numbness\n".to_owned(), "patient_id,start,outcome\n".to_owned());
    let mut sessions = "patient_id,date\n".to_owned();
    for (id, logs) in patients {
        for (n, score, numbness) in *logs {
            writeln!(pain, "{id},{},{score},{numbness}", day(*n)).unwrap();
        }
        writeln!(programs, "{id},{},ongoing", day(1)).unwrap();
        writeln!(sessions, "{id},{}", day(1)).unwrap();
    }
    let settings = format!("[study]\ncut_off = {}\n", day(CUT_OFF));
    let mut files = vec![("sessions.csv", sessions.as_str()), ("pain.csv", &pain), ("programs.csv", &programs), ("study.toml", &settings)];
    files.extend(more);
    study(&files)
}

fn listed(study: &Study) -> Vec<(String, Vec<LookReason>)> {
    study.look_list.entries.iter().map(|entry| (entry.id.clone(), entry.looks.iter().map(|look| look.reason).collect())).collect()
}

/// Logged every day up to the cut-off.
fn daily(score: impl Fn(i32) -> f64) -> Vec<(i32, f64, &'static str)> {
    (60..=CUT_OFF).map(|n| (n, score(n), "")).collect()
}

#[test]
fn the_list_holds_who_stands_out_the_most_pressing_first_and_nobody_else() {
    let steady = daily(|n| f64::from(3 + n % 2));
    // From day 73 (of 28 up to day 100) on half a point a week, with a wobble.
    let rising = daily(|n| 2.0 + 0.1 * f64::from((n - 60) / 3) + 0.3 * f64::from(n % 2));
    // Silent since day 80: 20 days.
    let silent: Vec<_> = (60..=80).map(|n| (n, 3.0, "")).collect();
    let mut numb = daily(|n| f64::from(3 + n % 2));
    for (n, _, answer) in &mut numb {
        *answer = if *n >= 95 { "yes" } else { "no" };
    }
    let study = looked(&[("A", &steady), ("B", &rising), ("C", &silent), ("D", &numb)], &[]);
    assert_eq!(
        listed(&study),
        [
            ("D".to_owned(), vec![LookReason::NewNumbness]),
            ("B".to_owned(), vec![LookReason::RisingPain]),
            ("C".to_owned(), vec![LookReason::Silence]),
        ]
    );
    assert_eq!(study.look_list.followed, 4);
    assert_eq!(study.look_list.entries[0].looks[0].since, day(95));
    assert_eq!(study.look_list.entries[2].last_log, day(80));
    let looks = study.patient("D").unwrap().looks;
    assert_eq!(looks, study.look_list.entries[0].looks);
}

#[test]
fn a_week_two_points_above_the_days_before_is_a_rise_and_a_flare() {
    let jump = daily(|n| if n > 93 { 6.0 } else { 3.0 });
    let study = looked(&[("A", &jump)], &[]);
    assert_eq!(listed(&study), [("A".to_owned(), vec![LookReason::Flare, LookReason::RisingPain])]);
    let entry = &study.look_list.entries[0];
    assert_eq!((entry.looks[0].since, entry.in_program), (day(94), true));
}

#[test]
fn numbness_that_was_there_from_the_first_answer_is_not_new_and_old_numbness_not_recent() {
    let answers = |answer: fn(i32) -> &'static str| (60..=CUT_OFF).map(|n| (n, 3.0, answer(n))).collect::<Vec<_>>();
    let always = answers(|_| "yes");
    // New on day 65, 35 days before the cut-off.
    let long_ago = answers(|n| if n >= 65 { "yes" } else { "no" });
    assert_eq!(listed(&looked(&[("A", &always), ("B", &long_ago)], &[])), []);
}

#[test]
fn who_died_or_withdrew_or_fell_silent_long_ago_is_not_listed() {
    let silent: Vec<_> = (60..=80).map(|n| (n, 3.0, "")).collect();
    // Silent since day 10: 90 days, more than the 84 of the setting.
    let gone: Vec<_> = (2..=10).map(|n| (n, 3.0, "")).collect();
    let events = format!("patient_id,date,event\nA,{},withdrawn\n", day(81));
    let study = looked(&[("A", &silent), ("B", &gone)], &[("events.csv", &events)]);
    assert_eq!((listed(&study), study.look_list.followed), (vec![], 0));
}
