//! How long recovery takes, whether early gains last, what follows a lapse, what a visit reads.

use staywell::analysis::{BiasWarning, analyze_early_gains, analyze_lapses, analyze_recovery_time};
use staywell::claims::{CLAIMS, EffectRole, Evidence, Scale, Verdict, test_claims};
use staywell::study::Study;

use super::small_study::{Numbers, SmallStudy, claim, refused};

const RECOVERY: &str = "process-takes-3-4-months";
const EARLY: &str = "early-gain-fades";
const LAPSE: &str = "lapse-brings-pain-back";
const VISIT: &str = "one-visit-misleads";

/// Patients with pain 6 until the day on which each is free of it for good; logged to day 200.
fn recovering_on(days: impl IntoIterator<Item = i32>) -> Study {
    let mut logs = SmallStudy::new();
    for (n, free_from) in days.into_iter().enumerate() {
        let id = format!("R{n:03}");
        logs.completed(&id, 112, 2);
        logs.sessions(&id, (1..112).step_by(7), "functional", "clinic");
        logs.pain(&id, -6..=200, |day| if day >= free_from { 0.0 } else { 6.0 });
    }
    logs.run()
}

#[test]
fn half_recovered_after_a_hundred_days_is_the_time_claimed() {
    // 40 of 60 on day 101, which is 100 days after day 1; 20 on day 121. S falls from 1 to 1/3 at 100 days, where its upper limit is below
    // a half: the median and both of its limits are 100.
    let study = recovering_on([101; 40].into_iter().chain([121; 20]));
    let claim = claim(&study, RECOVERY);
    let primary = claim.primary.as_ref().unwrap();
    assert_eq!((primary.scale, primary.estimate), (Scale::DurationDays, 100.0));
    assert_eq!((primary.interval.lower, primary.interval.upper), (100.0, 100.0));
    assert_eq!(claim.verdict, Verdict::Supported, "{}", claim.sentence);
    assert_eq!((claim.n_used, claim.n_events), (60, Some(60)));
    let by_17 = claim.others.iter().find(|other| other.label.contains("week 17")).unwrap();
    // By day 119, 40 of 60.
    assert!((by_17.estimate - 2.0 / 3.0).abs() < 1e-12);
}

#[test]
fn recovering_in_three_weeks_or_never_is_not_the_time_claimed() {
    let soon = recovering_on([21; 60]);
    assert_eq!(claim(&soon, RECOVERY).verdict, Verdict::Contradicted);
    assert_eq!(claim(&soon, RECOVERY).primary.as_ref().unwrap().estimate, 20.0);
    // Nobody recovers: there is no median, and the share recovered within four months is 0 of 60.
    let never = recovering_on([999; 60]);
    let claim = claim(&never, RECOVERY);
    let primary = claim.primary.as_ref().unwrap();
    assert_eq!((primary.scale, primary.estimate, claim.verdict), (Scale::Share, 0.0, Verdict::Contradicted));
}

#[test]
fn a_recovery_too_late_to_be_seen_to_hold_is_none() {
    // Logged to day 200: a remission from day 171 on has 29 days, one from day 170 on has 30.
    let late = recovering_on([171; 40]);
    assert_eq!(claim(&late, RECOVERY).n_events, Some(0));
    let seen = recovering_on([170; 40]);
    assert_eq!(claim(&seen, RECOVERY).n_events, Some(40));
}

#[test]
fn ten_patients_do_not_tell_how_long_recovery_takes() {
    let text = refused(&recovering_on([101; 10]), RECOVERY);
    assert!(text.contains("10 recoveries were seen and 0 patients still followed without one after four months"), "{text}");
}

/// 24 patients with pain 6 logged to day 60, and another program from this day on.
fn leaving_on(day: i32) -> Study {
    let mut logs = SmallStudy::new();
    for n in 0..24 {
        let id = format!("R{n:03}");
        logs.completed(&id, 56, 2);
        logs.sessions(&id, (1..56).step_by(7), "functional", "clinic");
        logs.pain(&id, -6..=60, |_| 6.0);
        logs.completed_from(&id, day, day + 56, 2);
        logs.sessions(&id, (day..day + 56).step_by(7), "functional", "clinic");
    }
    logs.run()
}

#[test]
fn another_program_long_after_the_last_log_is_no_leaving() {
    // The silence is 28 days: day 88 is the last on which the patients are still watched.
    for (day, left) in [(70, 24), (88, 24), (89, 0), (730, 0)] {
        let study = leaving_on(day);
        let found = analyze_recovery_time(&study.logs, &study.cohort, &[4], &study.settings);
        assert_eq!(found.value().unwrap().left, left, "another program on day {day}");
    }
}

#[test]
fn shares_past_the_end_of_all_logs_are_not_told() {
    // 40 are free of pain from day 10, logged to day 45; five are in pain and withdraw on day 44. By week 8 nobody is followed.
    let mut logs = SmallStudy::new();
    for n in 0..45 {
        let id = format!("R{n:03}");
        logs.completed(&id, 40, 2);
        logs.sessions(&id, (1..40).step_by(7), "functional", "clinic");
        logs.pain(&id, -6..=if n < 40 { 45 } else { 43 }, |day| if n < 40 && day >= 10 { 0.0 } else { 6.0 });
        if n >= 40 {
            logs.event(&id, 44, "withdrawn");
        }
    }
    let result = claim(&logs.run(), RECOVERY).clone();
    assert!(
        result.checks.iter().any(|check| check.ends_with("Counted as not recovering (Aalen–Johansen), half have after 9 days.")),
        "{:?}",
        result.checks
    );
}

#[test]
fn without_anybody_followed_for_four_months_there_is_no_share_to_tell() {
    // 30 of 80 recover on day 61; the others are followed to 130 − 30 days.
    let mut logs = SmallStudy::new();
    for n in 0..80 {
        let id = format!("R{n:03}");
        logs.completed(&id, 112, 2);
        logs.sessions(&id, (1..112).step_by(7), "functional", "clinic");
        logs.pain(&id, -6..=130, |day| if n < 30 && day >= 61 { 0.0 } else { 6.0 });
    }
    let text = refused(&logs.run(), RECOVERY);
    assert!(text.contains("nobody is followed for four months from the start of a program"), "{text}");
}

/// Patients with baseline 8, 3 from the first day on, and 8 again from the week given on (never without one); 12 weeks.
fn gaining(relapse_in_week: impl IntoIterator<Item = Option<i32>>) -> Study {
    let mut logs = SmallStudy::new();
    for (n, week) in relapse_in_week.into_iter().enumerate() {
        let id = format!("E{n:03}");
        logs.completed(&id, 84, 2);
        logs.sessions(&id, (1..84).step_by(7), "functional", "clinic");
        let back = week.map_or(i32::MAX, |week| 7 * (week - 1) + 1);
        logs.pain(&id, -6..=84, |day| if day < 1 || day >= back { 8.0 } else { 3.0 });
    }
    logs.run()
}

#[test]
fn half_of_the_early_gains_lost_is_more_than_one_in_ten_and_none_is_less() {
    let half = gaining((0..60).map(|n| (n % 2 == 0).then_some(9)));
    let result = claim(&half, EARLY);
    assert_eq!((result.primary.as_ref().unwrap().estimate, result.n_used), (0.5, 60));
    assert_eq!(result.verdict, Verdict::Supported, "{}", result.sentence);
    let none = gaining((0..120).map(|_| None));
    let result = claim(&none, EARLY);
    // Score test of 0 of 120 against 0.1: z = −0.1/√(0.09/120) = −3.651.
    assert!((result.primary.as_ref().unwrap().p_value - 2.6073e-4).abs() < 1e-8);
    assert_eq!(result.verdict, Verdict::Contradicted, "{}", result.sentence);
}

#[test]
fn one_bad_week_at_the_end_is_no_loss_and_a_gain_after_week_four_is_not_early() {
    let study = gaining([Some(12); 30]);
    let found = analyze_early_gains(&study.cohort, &study.settings);
    assert_eq!(found.lost.value().unwrap().count, 0);
    // From week 4 on pain is back: weeks 1 to 3 show the gain, the last two weeks do not.
    assert_eq!(analyze_early_gains(&gaining([Some(4); 30]).cohort, &study.settings).lost.value().unwrap().count, 30);
    // From week 2 on: only one week shows it.
    assert_eq!(analyze_early_gains(&gaining([Some(2); 30]).cohort, &study.settings).gained, 0);
}

#[test]
fn nineteen_early_gains_are_too_few() {
    let text = refused(&gaining([None; 19]), EARLY);
    assert!(text.contains("19 patients had an early gain and pain logged at the end of the program; at least 20 are needed"), "{text}");
}

/// A session every 7 days from day 1 to 400 but for the five weeks after day 197; pain 1, and in these weeks, from a day after the last
/// session on, more by `rise`.
fn lapsing(patients: usize, from: i32, rise: impl Fn(usize) -> f64) -> Study {
    let mut logs = SmallStudy::new();
    for n in 0..patients {
        let id = format!("L{n:03}");
        logs.completed(&id, 84, 1);
        logs.sessions(&id, (1..=84).step_by(7), "functional", "clinic");
        logs.sessions(&id, (85..=400).step_by(7).filter(|day| !(198..232).contains(day)), "maintenance", "home");
        logs.pain(&id, -6..=400, |day| if (197 + from..232).contains(&day) { 1.0 + rise(n) } else { 1.0 });
    }
    logs.run()
}

#[test]
fn pain_that_comes_back_in_a_lapse_is_the_rise_over_weeks_of_going_on() {
    // Half of the patients rise by 1, half by 3, from day 8 of the lapse on; going on changes nothing. Mean 2. Resuming takes as much away.
    let study = lapsing(40, 8, |n| if n % 2 == 0 { 1.0 } else { 3.0 });
    let result = claim(&study, LAPSE);
    assert!((result.primary.as_ref().unwrap().estimate - 2.0).abs() < 1e-9, "{:?}", result.primary);
    assert_eq!((result.verdict, result.n_used), (Verdict::Supported, 40));
    let resuming = result.others.iter().find(|other| other.label.contains("after resuming")).unwrap();
    assert!((resuming.estimate + 2.0).abs() < 1e-9);
    // The other way round: pain 3 falls by as much.
    let falling = lapsing(40, 8, |n| if n % 2 == 0 { -0.25 } else { -0.75 });
    assert_eq!(claim(&falling, LAPSE).verdict, Verdict::Contradicted);
}

#[test]
fn no_verdict_on_a_lapse_where_pain_stops_the_exercise() {
    let mut study = lapsing(40, 8, |n| if n % 2 == 0 { 1.0 } else { 3.0 });
    assert_eq!(claim(&study, LAPSE).verdict, Verdict::Supported);
    study.recurrence.bias.warnings.push(BiasWarning { id: "lag-sweep", sentence: "The ratio rises with the lag.".to_owned() });
    let Study { logs, cohort, adherence, pain, recurrence, settings, .. } = &study;
    let evidence = Evidence { logs, cohort, adherence, pain, recurrence, settings };
    let claims = test_claims(CLAIMS, &evidence);
    let found = claims.iter().find(|claim| claim.id == LAPSE).unwrap();
    assert_eq!((found.verdict, found.doubt.as_str()), (Verdict::Inconclusive, "The ratio rises with the lag."));
    assert!(found.warnings.iter().any(|warning| warning.id == "lag-sweep"));
}

#[test]
fn a_session_on_the_21st_day_ends_a_lapse_and_one_on_the_20th_prevents_it() {
    for (gap, lapses) in [(20, 0), (21, 1)] {
        let mut logs = SmallStudy::new();
        logs.completed("L000", 84, 1);
        logs.sessions("L000", (1..=197).step_by(7), "maintenance", "home");
        logs.sessions("L000", (197 + gap..=400).step_by(7), "maintenance", "home");
        logs.pain("L000", -6..=400, |_| 1.0);
        let study = logs.run();
        assert_eq!(analyze_lapses(&study.logs, &study.cohort, &study.settings).lapses, lapses, "{gap} days");
    }
}

#[test]
fn a_lapse_after_pain_has_begun_to_rise_is_left_out() {
    for from in [-3, 2] {
        let study = lapsing(40, from, |n| if n % 2 == 0 { 3.0 } else { 4.0 });
        let found = analyze_lapses(&study.logs, &study.cohort, &study.settings);
        assert_eq!((found.lapses, found.rising), (0, 40), "from day {from}");
        let text = refused(&study, LAPSE);
        assert!(text.contains("0 patients have a lapse that can be judged (of 40 lapses in all)"), "{text}");
    }
}

/// Patients who stop for five weeks when pain is low (below their usual), high, or whatever it is; exercise does nothing.
fn without_effect(seed: u64, stops_at: impl Fn(f64, &mut Numbers) -> bool) -> Study {
    let mut numbers = Numbers::new(seed);
    let mut logs = SmallStudy::new();
    for n in 0..150 {
        let id = format!("N{n:03}");
        logs.completed(&id, 84, 1);
        logs.sessions(&id, (1..=84).step_by(7), "functional", "clinic");
        let usual = 3.0 + numbers.normal();
        let (mut state, mut series) = (0.0, Vec::new());
        for _ in 0..640 {
            state = 0.93 * state + 0.5 * numbers.normal();
            series.push((usual + state + 0.4 * numbers.normal()).clamp(0.0, 10.0).round());
        }
        let mean_of_week = |day: usize| (day - 7..day).map(|at| series[at]).sum::<f64>() / 7.0;
        let (mut today, mut days) = (85, vec![]);
        while today < 610 {
            days.push(today);
            let deviation = mean_of_week(today as usize) - usual;
            today += if today > 120 && stops_at(deviation, &mut numbers) { 35 } else { 7 };
        }
        logs.sessions(&id, days, "maintenance", "home");
        logs.pain(&id, 1..=630, |day| series[day as usize]);
    }
    logs.run()
}

#[test]
fn stopping_at_random_or_when_well_does_not_look_like_a_cause_of_pain() {
    let at_random = without_effect(7, |_, numbers| numbers.next() < 0.05);
    let result = claim(&at_random, LAPSE);
    assert_ne!(result.verdict, Verdict::Supported, "{}", result.sentence);
    assert!(result.primary.as_ref().unwrap().estimate.abs() < 0.2, "{}", result.sentence);
    // Stopping in good weeks: in plain before and after pain comes back, which is regression to the mean.
    let when_well = without_effect(8, |deviation, numbers| deviation < -0.8 && numbers.next() < 0.4);
    let result = claim(&when_well, LAPSE);
    let plain = result.others.iter().find(|other| other.role == EffectRole::Biased).unwrap();
    assert!(plain.estimate > 0.05, "{plain:?}");
    assert_ne!(result.verdict, Verdict::Supported, "{}", result.sentence);
    assert!(result.primary.as_ref().unwrap().estimate < 0.2, "{}", result.sentence);
}

/// Diary of 3 every day; three visits of each patient, of which the first `off` are 2 points higher.
fn visited(patients: usize, off: usize) -> Study {
    let mut logs = SmallStudy::new();
    for n in 0..patients {
        let id = format!("V{n:03}");
        logs.completed(&id, 50, 1);
        logs.sessions(&id, [1, 8], "functional", "clinic");
        logs.pain(&id, 1..=60, |_| 3.0);
        for visit in 0..3 {
            logs.visit(&id, 10 + 20 * visit, if (visit as usize) < off { 5.0 } else { 3.0 });
        }
    }
    logs.run()
}

#[test]
fn visits_are_off_by_two_points_or_they_are_not() {
    let study = visited(40, 2);
    let result = claim(&study, VISIT);
    assert!((result.primary.as_ref().unwrap().estimate - 2.0 / 3.0).abs() < 1e-12, "{:?}", result.primary);
    // The diary has a score on each day, so that the mean of a visit is not in it.
    assert!(result.sentence.contains("Of 120 visits of 40 patients"), "{}", result.sentence);
    assert!(result.warnings.iter().any(|warning| warning.id == "visits-on-bad-days"));
    let right = visited(120, 0);
    assert_eq!(claim(&right, VISIT).verdict, Verdict::Contradicted, "{}", claim(&right, VISIT).sentence);
    let text = refused(&visited(9, 1), VISIT);
    assert!(text.contains("of 27 visits, 27 of 9 patients have a diary of at least 3 days around them"), "{text}");
}

#[test]
fn without_visits_what_a_visit_reads_is_not_testable() {
    assert!(refused(&gaining([None; 5]), VISIT).contains("no pain score is marked as the reading of a visit"));
}
