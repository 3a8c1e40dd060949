use staywell::cohort::{FollowUp, FollowUpEnd};
use staywell::domain::{CensorReason, Exclusion};

use super::{day, pain_csv, program_csv, sessions_csv, study};

/// Follow-up of one patient who completes on day 10, from (day, pain) pairs, under extra settings and events.
fn follow(pain: impl IntoIterator<Item = (i32, f64)>, settings: &str, events: &str) -> Result<FollowUp, Exclusion> {
    let sessions = sessions_csv([(1, "functional", "done")]);
    let (pain, program, events) = (pain_csv(pain), program_csv(10, 2), format!("patient_id,date,event\n{events}"));
    let files = [
        ("sessions.csv", &*sessions),
        ("pain.csv", &*pain),
        ("programs.csv", &*program),
        ("events.csv", &*events),
        ("study.toml", settings),
    ];
    study(&files).cohort.courses[0].follow_up
}

/// Pain 0 every third day from `from` to `to`.
fn calm(from: i32, to: i32) -> impl Iterator<Item = (i32, f64)> {
    (from..=to).step_by(3).map(|n| (n, 0.0))
}

#[test]
fn risk_begins_when_thirty_calm_days_are_confirmed_and_not_before() {
    // Pain 5 until completion, then calm from day 12: the run is 30 days old on day 42.
    let found = follow((1..=10).map(|n| (n, 5.0)).chain(calm(12, 60)), "", "").unwrap();
    assert_eq!((found.remission_from, found.remission_confirmed, found.at_risk_from), (day(12), day(42), day(42)));
    assert_eq!((found.end, found.ended_by), (day(60), FollowUpEnd::Censored(CensorReason::LastLog)));
    assert_eq!(found.days(), 18);
}

#[test]
fn a_remission_that_stands_at_completion_puts_at_risk_from_completion() {
    // Completion on day 60 of a program whose pain ended on day 5.
    let sessions = sessions_csv([(1, "functional", "done")]);
    let pain = pain_csv((1..=5).map(|n| (n, 5.0)).chain(calm(6, 90)));
    let study = study(&[("sessions.csv", &sessions), ("pain.csv", &pain), ("programs.csv", &program_csv(60, 2))]);
    let found = study.cohort.courses[0].follow_up.unwrap();
    assert_eq!((found.remission_confirmed, found.at_risk_from), (day(36), day(60)));
}

#[test]
fn one_bad_day_is_no_recurrence_but_two_within_three_days_are() {
    let course = |second: (i32, f64)| follow(calm(11, 41).chain([(44, 4.0), second, (50, 0.0), (53, 0.0)]), "", "").unwrap();
    assert_eq!(course((47, 3.0)).ended_by, FollowUpEnd::Recurrence);
    assert_eq!(course((47, 3.0)).end, day(44));
    assert!(!course((47, 1.0)).recurred());
    // Four days apart: the second does not confirm the first.
    assert!(!course((48, 3.0)).recurred());
}

#[test]
fn one_bad_day_is_enough_where_the_study_says_so_or_it_lasted_24_hours() {
    let pain = || calm(11, 41).chain([(44, 4.0), (47, 0.0)]);
    assert_eq!(follow(pain(), "[recurrence]\nhold = \"one-log\"\n", "").unwrap().end, day(44));
    let sessions = sessions_csv([(1, "functional", "done")]);
    let mut text = "patient_id,date,pain,lasted_24h\n".to_owned();
    for (n, score) in pain() {
        text.push_str(&format!("A,{},{score},{}\n", day(n), if score > 1.0 { "yes" } else { "no" }));
    }
    let study = study(&[("sessions.csv", &sessions), ("pain.csv", &text), ("programs.csv", &program_csv(10, 2))]);
    assert!(study.cohort.courses[0].follow_up.unwrap().recurred());
}

#[test]
fn three_of_seven_days_need_three_days_within_a_week() {
    let hold = "[recurrence]\nhold = \"three-of-seven\"\n";
    let within = follow(calm(11, 41).chain([(44, 4.0), (46, 0.0), (47, 3.0), (50, 2.0)]), hold, "").unwrap();
    assert_eq!((within.end, within.recurred()), (day(44), true));
    let beyond = follow(calm(11, 41).chain([(44, 4.0), (47, 3.0), (51, 2.0), (54, 0.0)]), hold, "").unwrap();
    assert!(!beyond.recurred());
}

#[test]
fn a_silence_inside_the_calm_run_starts_it_anew() {
    // Calm on days 11–20, silent for 10 days, calm again from day 30: confirmed 30 days after day 30.
    let found = follow(calm(11, 20).chain(calm(30, 75)), "", "").unwrap();
    assert_eq!((found.remission_from, found.at_risk_from), (day(30), day(60)));
}

#[test]
fn a_long_silence_ends_follow_up_at_the_last_log_before_it() {
    // The recurrence after 30 silent days (day 47 to 77) is not seen as one: the patient was lost on day 47.
    let found = follow(calm(11, 47).chain([(77, 6.0), (78, 6.0)]), "", "").unwrap();
    assert_eq!((found.end, found.ended_by), (day(47), FollowUpEnd::Censored(CensorReason::Silence)));
    // 28 days of silence are allowed.
    let found = follow(calm(11, 47).chain([(75, 6.0), (76, 6.0)]), "", "").unwrap();
    assert_eq!((found.end, found.recurred()), (day(75), true));
}

#[test]
fn surgery_ends_follow_up_and_before_risk_excludes() {
    let surgery = |n: i32| format!("A,{},surgery\n", day(n));
    let after = follow(calm(11, 80).chain([(82, 5.0), (83, 5.0)]), "", &surgery(60)).unwrap();
    assert_eq!((after.end, after.ended_by), (day(60), FollowUpEnd::Censored(CensorReason::Surgery)));
    assert_eq!(follow(calm(11, 80), "", &surgery(20)), Err(Exclusion::EndedBeforeRisk));
    // A recurrence on the day of surgery comes first.
    let same_day = follow(calm(11, 59).chain([(60, 5.0), (61, 5.0)]), "", &surgery(60)).unwrap();
    assert!(same_day.recurred());
    // Imaging ends nothing.
    assert_eq!(follow(calm(11, 80), "", &format!("A,{},imaging\n", day(60))).unwrap().end, day(80));
}

#[test]
fn those_who_never_recover_or_never_log_again_are_excluded_by_name() {
    assert_eq!(follow((1..=60).map(|n| (n, 3.0)), "", ""), Err(Exclusion::NeverInRemission));
    let silent = "[study]\ncut_off = 2024-06-30\n";
    assert_eq!(follow([(1, 3.0), (9, 0.0)], silent, ""), Err(Exclusion::NoPainAfterCompletion));
}

#[test]
fn logs_before_completion_do_not_confirm_where_the_study_says_so() {
    let sessions = sessions_csv([(1, "functional", "done")]);
    let pain = pain_csv(calm(1, 120));
    let settings = "[remission]\nlogs = \"after-completion\"\n";
    let files = [("sessions.csv", &*sessions), ("pain.csv", &*pain), ("programs.csv", &*program_csv(60, 2)), ("study.toml", settings)];
    // First log after day 60 is day 61; 30 days later is day 91.
    assert_eq!(study(&files).cohort.courses[0].follow_up.unwrap().at_risk_from, day(91));
}

/// A program to day 84, calm from day 1 on to `until`, and again from `again` to day 160.
fn silent_over_completion(until: i32, again: i32, settings: &str, events: &str) -> Result<FollowUp, Exclusion> {
    let sessions = sessions_csv([(1, "functional", "done")]);
    let pain = pain_csv(calm(1, until).chain(calm(again, 160)));
    let events = format!("patient_id,date,event\n{events}");
    let files = [
        ("sessions.csv", &*sessions),
        ("pain.csv", &*pain),
        ("programs.csv", &*program_csv(84, 2)),
        ("events.csv", &*events),
        ("study.toml", settings),
    ];
    study(&files).cohort.courses[0].follow_up
}

#[test]
fn a_silence_over_completion_ends_a_remission_though_each_side_of_it_is_short() {
    // 51 days from day 58 to day 109, 26 of them before completion: calm again from day 109, confirmed on day 139.
    let found = silent_over_completion(58, 109, "", "").unwrap();
    assert_eq!((found.remission_from, found.at_risk_from, found.last_free), (day(109), day(139), day(160)));
    // The run itself may allow any silence; what ends following ends it all the same.
    assert_eq!(silent_over_completion(58, 109, "[remission]\nmax_silence = 0\n", "").unwrap().at_risk_from, day(139));
    // 28 days from day 67 to day 95 are allowed.
    assert_eq!(silent_over_completion(67, 95, "", "").unwrap().at_risk_from, day(84));
    // Surgery ends the silence: after 28 days the remission still stood, after 29 not.
    let surgery = |n: i32| silent_over_completion(58, 109, "", &format!("A,{},surgery\n", day(n)));
    let stood = surgery(86).unwrap();
    assert_eq!((stood.at_risk_from, stood.end), (day(84), day(86)));
    assert_eq!(surgery(87), Err(Exclusion::EndedBeforeRisk));
}
