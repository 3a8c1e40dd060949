//! Recurrences after the first, exits, and what is known of the day of a recurrence.

use std::fmt::Write;

use staywell::analysis::Exit;
use staywell::cohort::{Course, FollowUpEnd};
use staywell::domain::{CensorReason, Exclusion};
use staywell::study::Study;

use super::invariants::sample;
use super::{day, pain_csv, program_csv, sessions_csv, study};

/// One patient who completes on day 10.
fn patient(pain: impl IntoIterator<Item = (i32, f64)>, events: &str) -> Study {
    let sessions = sessions_csv([(1, "functional", "done")]);
    let (pain, program, events) = (pain_csv(pain), program_csv(10, 2), format!("patient_id,date,event\n{events}"));
    study(&[("sessions.csv", &*sessions), ("pain.csv", &*pain), ("programs.csv", &*program), ("events.csv", &*events)])
}

/// Pain 0 every third day from `from` to `to`.
fn calm(from: i32, to: i32) -> impl Iterator<Item = (i32, f64)> {
    (from..=to).step_by(3).map(|n| (n, 0.0))
}

/// At risk from day 41, a recurrence on day 44, calm again from day 50 on.
fn once(to: i32) -> impl Iterator<Item = (i32, f64)> {
    calm(11, 41).chain([(44, 4.0), (47, 3.0)]).chain(calm(50, to))
}

fn course(study: &Study) -> &Course {
    &study.cohort.courses[0]
}

#[test]
fn after_a_recurrence_the_patient_is_at_risk_again_once_a_new_remission_is_confirmed() {
    // Calm from day 50: confirmed on day 80. The second recurrence is on day 98; calm again from 104, but no 30 days long.
    let study = patient(once(95).chain([(98, 5.0), (101, 5.0)]).chain(calm(104, 119)), "");
    let all = course(&study).episodes.as_ref().unwrap();
    let spells: Vec<_> = all.spells.iter().map(|spell| (spell.at_risk_from, spell.end, spell.ended_by, spell.last_free)).collect();
    let recurrence = FollowUpEnd::Recurrence;
    assert_eq!(spells, [(day(41), day(44), recurrence, day(41)), (day(80), day(98), recurrence, day(95))]);
    let first = all.episodes[0].remission.unwrap();
    assert_eq!((all.episodes[0].recurrence, first.from, first.confirmed), (day(44), day(50), day(80)));
    assert_eq!((all.episodes[1].recurrence, all.episodes[1].remission), (day(98), None));
    assert_eq!((all.observed_to, all.ended_by), (day(119), CensorReason::LastLog));

    // Three days at risk and then 18. The mean count rises by one on days 3 and 57 since the first day at risk.
    let repeated = &study.recurrence.repeated;
    assert_eq!((repeated.recurrences, repeated.remitted, repeated.days_at_risk), (2, 1, 21));
    assert_eq!(repeated.by_number, [0, 0, 1]);
    assert!((repeated.per_patient_year.unwrap() - 2.0 / (21.0 / 365.25)).abs() < 1e-12);
    let curve = repeated.mean_count.value().unwrap();
    assert_eq!((&curve.time[..], &curve.estimate[..]), (&[3.0, 57.0, 78.0][..], &[1.0, 2.0, 2.0][..]));
}

#[test]
fn a_silence_inside_an_episode_ends_following_and_so_does_surgery() {
    // 33 days without a log after day 47; what comes after them is not looked at.
    let silent = patient(calm(11, 41).chain([(44, 4.0), (47, 3.0)]).chain(calm(80, 140)), "");
    let all = course(&silent).episodes.as_ref().unwrap();
    assert_eq!((all.spells.len(), all.observed_to, all.ended_by), (1, day(47), CensorReason::Silence));
    // Surgery on day 60, before the new remission is confirmed on day 80.
    let operated = patient(once(119), &format!("A,{},surgery\n", day(60)));
    let all = course(&operated).episodes.as_ref().unwrap();
    assert_eq!((all.spells.len(), all.observed_to, all.ended_by), (1, day(60), CensorReason::Surgery));
    // On day 90 it ends the second time at risk.
    let later = patient(once(119), &format!("A,{},surgery\n", day(90)));
    let second = course(&later).episodes.as_ref().unwrap().spells[1];
    assert_eq!((second.at_risk_from, second.end), (day(80), day(90)));
    assert_eq!(second.ended_by, FollowUpEnd::Censored(CensorReason::Surgery));
}

#[test]
fn a_high_log_that_does_not_hold_is_no_proof_of_being_free() {
    // Day 44 is high but its neighbor is four days off; day 48 holds with day 50. Last known free: day 41.
    let study = patient(calm(11, 41).chain([(44, 4.0), (48, 4.0), (50, 3.0)]), "");
    let found = course(&study).follow_up.unwrap();
    assert_eq!((found.recurred(), found.end, found.last_free), (true, day(48), day(41)));
}

#[test]
fn spells_are_apart_begin_with_a_confirmed_remission_and_the_first_is_the_follow_up() {
    let study = sample();
    let mut later = 0;
    for course in &study.cohort.courses {
        let Some(all) = &course.episodes else {
            assert!(course.follow_up.is_err());
            continue;
        };
        assert_eq!(course.follow_up, Ok(all.spells[0]));
        assert_eq!(all.episodes.len(), all.spells.iter().filter(|spell| spell.recurred()).count());
        for (spell, episode) in all.spells.iter().zip(&all.episodes) {
            assert!(spell.recurred() && spell.end == episode.recurrence);
            assert!(spell.at_risk_from <= spell.last_free && spell.last_free < spell.end);
        }
        for (number, pair) in all.spells.windows(2).enumerate() {
            let remission = all.episodes[number].remission.unwrap();
            // The episode and the confirming window lie between the spells.
            assert!(pair[0].end < remission.from && remission.from < remission.confirmed);
            assert_eq!(pair[1].at_risk_from, remission.confirmed);
            assert!(remission.confirmed.days_since(remission.from) >= study.settings.remission.days);
            later += 1;
        }
        assert!(all.spells.iter().all(|spell| spell.end <= all.observed_to));
        assert!(all.observed_to <= study.logs.cut_off);
    }
    assert!(later > 50, "{later} later spells");
    // Recurrences and days in are recurrences and days out.
    let repeated = &study.recurrence.repeated;
    assert!(repeated.recurrences > study.recurrence.recurrences);
    assert_eq!(repeated.by_number.iter().enumerate().map(|(number, programs)| number * programs).sum::<usize>(), repeated.recurrences);
    assert!(repeated.states.iter().map(|state| state.days).sum::<i64>() <= repeated.days_at_risk);
    assert_eq!(repeated.mean_count.value().unwrap().n_events, repeated.recurrences);
    let first: i64 = study.recurrence.time_varying.states.iter().map(|state| state.days).sum();
    assert!(repeated.states.iter().map(|state| state.days).sum::<i64>() > first);
}

#[test]
fn exits_and_those_still_well_make_one_on_every_day() {
    let study = sample();
    let exits = &study.recurrence.exits;
    let found = exits.incidence.value().unwrap();
    for step in 0..found.time.len() {
        let sum: f64 = found.incidence.iter().map(|curve| curve.estimate[step]).sum::<f64>() + found.event_free.estimate[step];
        assert!((sum - 1.0).abs() < 1e-9, "{sum} on day {}", found.time[step]);
    }
    assert_eq!(Exit::ALL.len(), found.incidence.len());
    assert_eq!(exits.counts[0], study.recurrence.recurrences);
    let last_log =
        study.recurrence.censored.iter().find(|censored| censored.reason == CensorReason::LastLog).map_or(0, |last| last.programs);
    assert_eq!(exits.counts.iter().sum::<usize>() + last_log, study.recurrence.at_risk);
    // Taking competing exits for censorings can only overstate.
    for (naive, point) in exits.one_minus_survival.iter().zip(&exits.recurrence) {
        assert!(naive.unwrap() >= point.unwrap().estimate - 1e-12);
    }
}

#[test]
fn with_a_log_every_day_the_curve_between_logs_is_kaplan_meier() {
    // Twelve patients with a log every day: at risk from day 41, a recurrence on day 45 + 7 n; every third one has none.
    let (mut sessions, mut pain, mut programs) = (
        "patient_id,date,phase,status\n".to_owned(),
        "patient_id,date,pain\n".to_owned(),
        "patient_id,start,completed_on,outcome\n".to_owned(),
    );
    for n in 0..12 {
        writeln!(sessions, "P{n:02},{},functional,done", day(1)).unwrap();
        writeln!(programs, "P{n:02},{},{},completed", day(1), day(10)).unwrap();
        let recurs = (n % 3 != 0).then_some(45 + 7 * n);
        for today in 11..=(60 + 7 * n) {
            let high = recurs.is_some_and(|from| (from..from + 3).contains(&today));
            writeln!(pain, "P{n:02},{},{}", day(today), if high { 5 } else { 0 }).unwrap();
        }
    }
    let study = study(&[("sessions.csv", &*sessions), ("pain.csv", &*pain), ("programs.csv", &*programs)]);
    let found = study.recurrence.between_logs[0].value().unwrap();
    assert_eq!((found.n, found.n_events, found.median_width), (12, 8, Some(1.0)));
    assert!(found.widest_gap.gap() < 1e-6, "{:?}", found.widest_gap);
    let curve = study.recurrence.curve.value().unwrap();
    for (time, estimate) in curve.time.iter().zip(&curve.estimate) {
        assert!((found.free_at(*time) - estimate).abs() < 1e-6);
    }
}

#[test]
fn logs_a_week_apart_date_a_recurrence_half_a_week_before_the_log() {
    // Thirty patients with a log every seventh day from day 41 on, all with a recurrence that one log shows: between two logs the
    // curve falls evenly, so on the day half way it lies half way between Kaplan–Meier's steps.
    let (mut sessions, mut pain, mut programs) = (
        "patient_id,date,phase,status\n".to_owned(),
        "patient_id,date,pain\n".to_owned(),
        "patient_id,start,completed_on,outcome\n".to_owned(),
    );
    for n in 0..30 {
        writeln!(sessions, "P{n:02},{},functional,done", day(1)).unwrap();
        writeln!(programs, "P{n:02},{},{},completed", day(1), day(10)).unwrap();
        for week in 0..=(5 + n % 10) {
            let today = 11 + 6 * week.min(5) + 7 * (week - 5).max(0);
            writeln!(pain, "P{n:02},{},{}", day(today), if week == 5 + n % 10 && week > 5 { 5 } else { 0 }).unwrap();
        }
    }
    let settings = "[recurrence]\nhold = \"one-log\"\n[study]\ncut_off = 2024-04-30\n";
    let study = study(&[("sessions.csv", &*sessions), ("pain.csv", &*pain), ("programs.csv", &*programs), ("study.toml", settings)]);
    let found = study.recurrence.between_logs[0].value().unwrap();
    assert_eq!((found.n_events, found.median_width), (27, Some(7.0)));
    let curve = study.recurrence.curve.value().unwrap();
    let (before, after) = (curve.at(7.0).unwrap().estimate, curve.at(14.0).unwrap().estimate);
    assert!((found.free_at(10.5) - f64::midpoint(before, after)).abs() < 1e-6);
}

#[test]
fn a_recurrence_may_have_to_limit_activity() {
    let sessions = sessions_csv([(1, "functional", "done")]);
    let mut pain = "patient_id,date,pain,limited\n".to_owned();
    let logs = calm(11, 41).map(|(n, score)| (n, score, "no"));
    // Pain on days 44 and 47 that limits nothing, and on days 59 and 62 that does.
    for (n, score, limited) in logs.chain([(44, 4.0, "no"), (47, 4.0, ""), (50, 0.0, ""), (59, 4.0, "yes"), (62, 3.0, "no"), (65, 0.0, "")])
    {
        writeln!(pain, "A,{},{score},{limited}", day(n)).unwrap();
    }
    let run = |pain: &str, settings: &str| {
        let program = program_csv(10, 2);
        study(&[("sessions.csv", &*sessions), ("pain.csv", pain), ("programs.csv", &*program), ("study.toml", settings)])
    };
    let any = run(&pain, "");
    assert_eq!(course(&any).follow_up.unwrap().end, day(44));
    assert_eq!(course(&any).by_other_limiting.unwrap().unwrap().end, day(59));
    let limiting = run(&pain, "[recurrence]\nlimiting = true\n");
    assert_eq!(course(&limiting).follow_up.unwrap().end, day(59));
    for study in [&any, &limiting] {
        let recurrences = study.recurrence.limiting.value().unwrap().variants.each_ref().map(|variant| variant.recurrences);
        assert_eq!(recurrences, [1, 1]);
    }
    // Where nobody logs it, the score alone counts, and the report says so.
    let without = pain_csv(once(119));
    let unlogged = run(&without, "[recurrence]\nlimiting = true\n");
    assert_eq!(course(&unlogged).follow_up.unwrap().end, day(44));
    assert!(!unlogged.settings.recurrence.limiting);
    assert!(unlogged.logs.reading.notes.iter().any(|note| note.starts_with("recurrence.limiting")));
}

#[test]
fn pain_that_limits_nothing_ends_the_remission_before_completion_too() {
    let sessions = sessions_csv([(1, "functional", "done")]);
    let mut pain = "patient_id,date,pain,limited\n".to_owned();
    // Calm to day 40, then pain of 6 every second day beyond completion on day 84.
    for (n, score) in calm(1, 40).chain((42..=120).step_by(2).map(|n| (n, 6.0))) {
        writeln!(pain, "A,{},{score},no", day(n)).unwrap();
    }
    for settings in ["", "[recurrence]\nlimiting = true\n"] {
        let program = program_csv(84, 2);
        let study = study(&[("sessions.csv", &*sessions), ("pain.csv", &*pain), ("programs.csv", &*program), ("study.toml", settings)]);
        assert_eq!(course(&study).follow_up, Err(Exclusion::NeverInRemission), "{settings}");
        assert_eq!(course(&study).by_other_limiting, Some(Err(Exclusion::NeverInRemission)), "{settings}");
    }
}
