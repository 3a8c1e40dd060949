//! What could mislead, on cohorts of a few patients whose answers are worked out here.

use std::fmt::Write;

use staywell::analysis::{Computed, OddsRatio};
use staywell::claims::{CORE, EffectRole};
use staywell::cohort::{dose_spans, exposure_spans};
use staywell::settings::ExposureSettings;
use staywell::stats::survival::{Covariates, CoxModel, CoxOptions, TimeToEvent};
use staywell::study::Study;

use super::invariants::sample;
use super::{day, study};

/// One patient: completion on day 10, free of pain from day 11 on, at risk from day 41.
#[derive(Clone)]
struct One {
    sessions: Vec<i32>,
    /// Day of two high logs, this and the next.
    recurs: Option<i32>,
    /// Days between logs.
    every: usize,
    to: i32,
}

fn one(sessions: impl IntoIterator<Item = i32>, recurs: Option<i32>) -> One {
    One { sessions: sessions.into_iter().collect(), recurs, every: 3, to: 300 }
}

fn files(patients: &[One]) -> [(&'static str, String); 3] {
    let mut pain = "patient_id,date,pain\n".to_owned();
    let mut sessions = "patient_id,date,phase,status\n".to_owned();
    let mut programs = "patient_id,start,completed_on,outcome,prescribed_per_week\n".to_owned();
    for (number, patient) in patients.iter().enumerate() {
        let id = format!("P{number:03}");
        writeln!(programs, "{id},{},{},completed,2", day(1), day(10)).unwrap();
        writeln!(sessions, "{id},{},functional,done", day(1)).unwrap();
        for &session in &patient.sessions {
            writeln!(sessions, "{id},{},maintenance,done", day(session)).unwrap();
        }
        for log in (11..=patient.to).step_by(patient.every) {
            let high = patient.recurs.is_some_and(|recurs| log == recurs || log == recurs + 3);
            writeln!(pain, "{id},{},{}", day(log), if high { 5 } else { 0 }).unwrap();
        }
    }
    [("sessions.csv", sessions), ("pain.csv", pain), ("programs.csv", programs)]
}

fn of(patients: &[One]) -> Study {
    let files = files(patients);
    study(&files.each_ref().map(|(name, text)| (*name, text.as_str())))
}

fn close(found: f64, expected: f64) {
    assert!((found - expected).abs() < 1e-6, "{found} is not {expected}");
}

fn value(odds: &Computed<OddsRatio>) -> &OddsRatio {
    odds.value().unwrap_or_else(|| panic!("{odds:?}"))
}

#[test]
fn a_case_crossover_with_one_referent_is_the_ratio_of_the_discordant_pairs() {
    // Recurrence on day 80: the window of day 79 is days 45 to 72, that of 28 days earlier days 17 to 44; 56 days earlier nobody was at risk.
    let before = |n: usize| vec![one([46, 53, 60, 67], Some(80)); n];
    let earlier = |n: usize| vec![one([18, 25, 32, 39], Some(80)); n];
    let always = vec![one([18, 25, 32, 39, 46, 53, 60, 67], Some(80)); 3];
    let patients: Vec<One> = before(8).into_iter().chain(earlier(4)).chain(always).collect();
    let found = of(&patients).recurrence.bias.within_person;
    assert_eq!((found.recurrences, found.sets, found.patients, found.referents, found.discordant), (15, 15, 15, 15, 12));
    let odds = value(&found.maintained);
    // McNemar: 8 against 4, error of the logarithm √(1/8 + 1/4).
    close(odds.odds_ratio, 2.0);
    close(odds.interval.lower, 2.0 * (-1.959_963_984_540_054 * 0.375_f64.sqrt()).exp());
    // A session a week more or less in every pair: the same.
    close(value(&found.per_session).odds_ratio, 2.0);
    // Nobody is at risk for longer, so nothing tells the trend.
    assert!(found.maintained_over_trend.reason().unwrap().contains("among those without a recurrence"));
}

#[test]
fn exercise_that_only_stops_is_not_compared_within_a_patient() {
    let patients = vec![one([18, 25, 32, 39], Some(80)); 12];
    let found = of(&patients).recurrence.bias.within_person;
    assert_eq!(found.discordant, 12);
    assert!(found.maintained.reason().unwrap().contains("has less exercise"), "{:?}", found.maintained);
}

#[test]
fn the_odds_ratio_of_the_cases_is_the_trend_times_what_is_left() {
    // Twelve recur, of whom 8 do more before; twenty go on, of whom most do less by then.
    let mut patients: Vec<One> = vec![one([46, 53, 60, 67], Some(80)); 8];
    patients.extend(vec![one([18, 25, 32, 39], Some(80)); 4]);
    patients.extend(vec![one([18, 25, 32, 39], None); 14]);
    patients.extend(vec![one([46, 53, 60, 67], None); 6]);
    let found = of(&patients).recurrence.bias.within_person;
    let over = found.maintained_over_trend.value().unwrap();
    assert_eq!(over.control_sets, 24, "two of the others for each recurrence");
    assert!(over.trend.odds_ratio < 1.0);
    close(over.trend.odds_ratio * over.ratio.odds_ratio, 2.0);
}

#[test]
fn exercise_after_the_recurrence_is_compared_within_those_at_risk_on_its_day() {
    // Recurrence on day 80; the later window is days 109 to 136. Two others go on: one exercises then, one does not. With k of n cases
    // exercising then the estimate solves k (θ + 2) = (n − k)(2 θ² + θ); 10 of 14 give 10 · 4 = 4 · 10 at θ = 2.
    let later = [110, 117, 124, 131];
    let mut patients: Vec<One> = vec![one(later, Some(80)); 10];
    patients.extend(vec![one([], Some(80)); 4]);
    patients.extend([one(later, None), one([], None)]);
    // These no longer log on day 136.
    patients.extend(vec![One { to: 134, ..one(later, Some(80)) }; 3]);
    let found = of(&patients).recurrence.bias.negative_exposure;
    assert_eq!((found.from, found.to, found.recurrences, found.sets, found.controls, found.not_followed), (29, 56, 17, 14, 28, 3));
    assert_eq!(found.discordant, 14);
    close(value(&found.unadjusted).odds_ratio, 2.0);
    // Nobody exercised before, so there is nothing to adjust for.
    close(value(&found.adjusted).odds_ratio, 2.0);
}

#[test]
fn a_fall_in_the_last_week_warns_that_the_pain_may_come_first() {
    // Recurrence on day 110. Days −35 to −8 are days 75 to 102 with four sessions, days −7 to −1 days 103 to 109 with one or none.
    let weekly = |to: i32| (21..=to).step_by(7);
    let mut patients: Vec<One> = vec![one(weekly(98), Some(110)); 10];
    patients.extend(vec![one(weekly(300), Some(110)); 10]);
    patients.extend(vec![one(weekly(300), None); 4]);
    let bias = of(&patients).recurrence.bias;
    let change = *bias.event_centered.sessions_last_week.value().unwrap();
    assert_eq!((change.n, change.patients), (20, 20));
    close(change.change, -0.5);
    close(change.control_change, 0.0);
    // Ten times −1 and ten times 0: standard error √(0.25 · 20/19 / 20), t of 19 degrees of freedom 2.093024.
    let half = 2.093_024_054_408_263 * (0.25_f64 / 19.0).sqrt();
    let limits = change.difference.interval.unwrap();
    close(limits.lower, -0.5 - half);
    close(limits.upper, -0.5 + half);
    assert!(bias.warnings.iter().any(|warning| warning.id == "reverse-causation"), "{:?}", bias.warnings);
    // Days 0 to 4 hold the logs of days 110 and 113 (5 and 5), days −5 to −1 those of days 107 (0).
    let bin = |from: i32| *bias.event_centered.bins.iter().find(|bin| bin.from == from).unwrap();
    assert_eq!((bin(0).pain.unwrap().mean.estimate, bin(-5).pain.unwrap().mean.estimate), (5.0, 0.0));
    assert_eq!((bin(0).pain.unwrap().n, bin(0).control_pain.unwrap().n), (20, 80));
    assert_eq!((bias.event_centered.bins.len(), bin(-60).to, bias.event_centered.bins[17].to), (18, -56, 29));
}

#[test]
fn steady_exercise_before_a_recurrence_warns_of_nothing() {
    let mut patients: Vec<One> = vec![one((21..=300).step_by(7), Some(110)); 20];
    patients.extend(vec![one((22..=300).step_by(7), None); 20]);
    let bias = of(&patients).recurrence.bias;
    assert!(bias.warnings.is_empty(), "{:?}", bias.warnings);
}

#[test]
fn entries_a_week_are_counted_by_group_and_a_difference_warns() {
    // At risk from day 41 (43), landmark day 125 (127), last log on day 299: 87 entries on 174 days, 43 on 172.
    let weekly = |every: usize, keeps: bool| One { every, ..one((12..=300).step_by(7).filter(|_| keeps), None) };
    let patients: Vec<One> = [vec![weekly(2, true); 6], vec![weekly(4, false); 6]].concat();
    let bias = of(&patients).recurrence.bias;
    let [not_maintained, maintained] = bias.density.by_landmark;
    assert_eq!((not_maintained.programs, not_maintained.days, not_maintained.entries), (6, 6 * 172, 6 * 43));
    assert_eq!((maintained.programs, maintained.days, maintained.entries), (6, 6 * 174, 6 * 87));
    assert_eq!((not_maintained.median_gap, maintained.median_gap), (Some(4), Some(2)));
    assert_eq!((not_maintained.per_week, maintained.per_week), (Some(1.75), Some(3.5)));
    close(bias.density.by_landmark_ratio.value().unwrap().ratio, 2.0);
    assert!(bias.warnings.iter().any(|warning| warning.id == "detection" && warning.sentence.contains("2.00 times")));
    // Weeks 1 to 24 of 172 days.
    let last = bias.density.weeks.last().unwrap();
    assert_eq!((last.week, last.n), (24, [6, 6]));
}

#[test]
fn without_anybody_at_risk_every_number_has_a_reason() {
    let patients = vec![One { to: 20, ..one([], None) }; 3];
    let recurrence = of(&patients).recurrence;
    assert!(recurrence.bias.warnings.is_empty());
    let bias = &recurrence.bias;
    assert!(bias.within_person.maintained.reason().is_some() && bias.negative_exposure.adjusted.reason().is_some());
    assert!(bias.event_centered.sessions_before.reason().is_some() && bias.density.by_day_ratio.reason().is_some());
    assert!(recurrence.dose.per_session.reason().is_some() && recurrence.dose.curve.reason().is_some());
}

#[test]
fn an_event_exercise_cannot_prevent_is_counted_from_the_landmark_on() {
    // Landmark on day 125. Twelve of twenty who keep it up have imaging on day 200, six of twenty who do not; those on day 100 are too early.
    let keeps = (12..=300).step_by(7);
    let patients: Vec<One> = [vec![one(keeps, None); 20], vec![one([], None); 20]].concat();
    let mut events = "patient_id,date,event\n".to_owned();
    for number in (0..12).chain(20..26) {
        writeln!(events, "P{number:03},{},imaging", day(200)).unwrap();
    }
    for number in 30..33 {
        writeln!(events, "P{number:03},{},imaging", day(100)).unwrap();
    }
    let logs = files(&patients);
    let settings = "[negative_control]\nevent = \"imaging\"\n";
    let with: Vec<(&str, &str)> =
        logs.iter().map(|(name, text)| (*name, text.as_str())).chain([("events.csv", events.as_str()), ("study.toml", settings)]).collect();
    let found = study(&with).recurrence.bias.negative_outcome;
    assert_eq!((found.n, found.events), (40, 18));
    // One event time at which 18 of 40 have it: Efron's likelihood, checked against a fit of its own.
    let time = vec![75.0; 18].into_iter().chain(vec![174.0; 22]).collect();
    let event = (0..40).map(|row| row < 18).collect();
    let maintained = (0..40).map(|row| f64::from((0..12).contains(&row) || (18..26).contains(&row))).collect();
    let rows = TimeToEvent::new(time, event).unwrap();
    let fit = CoxModel::fit(&rows, &Covariates::new(vec!["x".to_owned()], vec![maintained]).unwrap(), &CoxOptions::default()).unwrap().fit;
    close(found.hazard_ratio.value().unwrap().hazard_ratio, fit.terms[0].hazard_ratio);
    // Without the setting the reason says what to do.
    let without: Vec<(&str, &str)> = logs.iter().map(|(name, text)| (*name, text.as_str())).collect();
    assert!(study(&without).recurrence.bias.negative_outcome.hazard_ratio.reason().unwrap().contains("[negative_control]"));
}

#[test]
fn blocks_of_days_have_the_dose_of_their_first_day_and_hold_every_day_once() {
    let study = sample();
    let rule = ExposureSettings::default();
    for course in &study.cohort.courses {
        let exact = exposure_spans(course, &rule);
        assert_eq!(dose_spans(course, &rule, 1), exact);
        let blocks = dose_spans(course, &rule, 7);
        let Some(first) = exact.first() else {
            assert!(blocks.is_empty());
            continue;
        };
        let days = |spans: &[staywell::cohort::ExposureSpan]| spans.iter().map(|span| span.to - span.from).sum::<i32>();
        assert_eq!(days(&blocks), days(&exact));
        assert_eq!(blocks.last().unwrap().recurred, exact.last().unwrap().recurred);
        for block in &blocks {
            assert_eq!((block.from - first.from) % 7, 0);
            let on_first_day = exact.iter().find(|span| span.from <= block.from && block.from < span.to).unwrap();
            assert_eq!((block.sessions, block.window_days), (on_first_day.sessions, on_first_day.window_days));
        }
    }
}

#[test]
fn the_hazard_for_each_session_is_that_of_a_model_of_single_days() {
    // A row for every day at risk, its dose straight from the definition; covariates left out by the settings.
    let logs = ["sessions.csv", "pain.csv", "programs.csv"].map(|name| {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("sample-data");
        (name, std::fs::read_to_string(folder.join(name)).unwrap())
    });
    let mut with: Vec<(&str, &str)> = logs.iter().map(|(name, text)| (*name, text.as_str())).collect();
    with.push(("study.toml", "[model]\ncovariates = []\n"));
    let study = study(&with);
    let rule = &study.settings.maintenance;
    let (mut entry, mut time, mut event, mut dose, mut cluster) = (vec![], vec![], vec![], vec![], vec![]);
    for course in &study.cohort.courses {
        let (Ok(follow_up), Some(Ok(completion))) = (course.follow_up, course.program.map(|program| program.completion)) else { continue };
        for at_risk in 0..follow_up.days() {
            let to = follow_up.at_risk_from.plus(at_risk - rule.lag);
            let from = to.plus(1 - rule.window).max(completion.plus(1));
            let days = to.days_since(from) + 1;
            if days < 7 {
                continue;
            }
            entry.push(f64::from(at_risk));
            time.push(f64::from(at_risk + 1));
            event.push(follow_up.recurred() && at_risk + 1 == follow_up.days());
            dose.push(course.sessions.done_between(from, to) * 7.0 / f64::from(days));
            cluster.push(course.patient);
        }
    }
    let events = event.iter().filter(|&&event| event).count();
    let rows = TimeToEvent::new(time, event).unwrap().with_entry(entry).unwrap();
    let options = CoxOptions { cluster: Some(&cluster), ..CoxOptions::default() };
    let fit = CoxModel::fit(&rows, &Covariates::new(vec!["dose".to_owned()], vec![dose]).unwrap(), &options).unwrap().fit;
    let found = study.recurrence.dose;
    let line = found.per_session.value().unwrap();
    close(line.hazard_ratio, fit.terms[0].hazard_ratio);
    close(line.interval.upper, fit.terms[0].interval.upper);
    // Every day and recurrence lies in one band and one bar.
    let days: i64 = found.bands.iter().map(|band| band.days).sum();
    assert_eq!((days, found.bands.iter().map(|band| band.recurrences).sum::<usize>()), (rows.len() as i64, events));
    assert_eq!((found.days.iter().map(|bar| bar.days).sum::<i64>(), found.n_events), (days, events));
    // The curve starts at 1 without a session.
    let first = found.curve.value().unwrap().points[0];
    assert_eq!((first.dose, first.hazard_ratio, first.lower, first.upper), (0.0, 1.0, 1.0, 1.0));
}

#[test]
fn the_same_logs_under_other_names_draw_the_same_sets() {
    // All alike in dates and in the number of sessions; only the days of the sessions tell them apart.
    let patient = |n: i32| {
        let sessions = (0..20).map(|k| 20 + (k * (7 + n * 13 % 11) + n * 5) % 260).collect::<std::collections::BTreeSet<_>>();
        one(sessions, (n % 3 == 0).then_some(101 + 3 * (n % 7)))
    };
    let forth: Vec<One> = (0..60).map(patient).collect();
    let mut back = forth.clone();
    back.reverse();
    let (forth, back) = (of(&forth).recurrence.bias, of(&back).recurrence.bias);
    assert_eq!(forth.negative_exposure.discordant, back.negative_exposure.discordant);
    assert_eq!(forth.within_person.discordant, back.within_person.discordant);
    assert!(forth.event_centered.bins.iter().filter(|bin| bin.control_sessions.is_some()).count() > 5);
    for (one, other) in forth.event_centered.bins.iter().zip(&back.event_centered.bins) {
        let mean = |bin: Option<staywell::analysis::BinMean>| bin.map_or(-1.0, |bin| bin.mean.estimate);
        close(mean(one.control_sessions), mean(other.control_sessions));
    }
}

#[test]
fn a_program_in_many_sets_is_counted_once_where_a_covariate_is_missing() {
    let patients: Vec<One> = (0..60).map(|n| one((20..260).step_by(2 + n as usize % 5), (n % 3 == 0).then_some(101 + n))).collect();
    let logs = files(&patients);
    let mut ages = "patient_id,age\n".to_owned();
    for number in 0..60 {
        writeln!(ages, "P{number:03},{}", if number % 2 == 0 { String::new() } else { (30 + number).to_string() }).unwrap();
    }
    let mut all: Vec<(&str, &str)> = logs.iter().map(|(name, text)| (*name, text.as_str())).collect();
    all.push(("patients.csv", &ages));
    let dropped = study(&all).recurrence.bias.negative_exposure.dropped;
    // Half of those in the sets have no age; nobody stands in more than the 60 there are.
    let age = dropped.iter().find(|reason| reason.starts_with("age")).unwrap_or_else(|| panic!("{dropped:?}"));
    let counts: Vec<usize> = age.split(|c: char| !c.is_ascii_digit()).filter_map(|word| word.parse().ok()).collect();
    assert!(counts.len() == 2 && counts[0] <= 30 && counts[1] <= 60, "{age}");
}

#[test]
fn a_negative_control_is_not_called_biased() {
    let claims = sample().claims;
    let others = &claims.iter().find(|claim| claim.id == CORE).unwrap().others;
    let of = |role: EffectRole| others.iter().filter(|other| other.role == role).map(|other| other.label.as_str()).collect::<Vec<_>>();
    let controls = of(EffectRole::NegativeControl);
    assert!(!controls.is_empty() && controls.iter().all(|label| label.starts_with("negative control")), "{controls:?}");
    assert_eq!(of(EffectRole::Biased), ["ever maintained at any time (biased by immortal time)"]);
}
