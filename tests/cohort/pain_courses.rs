use std::fmt::Write;

use staywell::cohort::{BaselineSource, Course, CourseChange, NoPattern, Pattern, Severity};
use staywell::domain::PainSite;
use staywell::study::Study;

use super::{day, pain_csv, program_csv, report, sessions_csv, study};

/// One log a week from day 1 on, with these scores.
fn weekly(scores: &[f64]) -> Study {
    logs(scores.iter().enumerate().map(|(week, score)| (1 + 7 * week as i32, *score)), "")
}

fn logs(rows: impl IntoIterator<Item = (i32, f64)>, settings: &str) -> Study {
    study(&[
        ("sessions.csv", &sessions_csv([(1, "functional", "done")])),
        ("pain.csv", &pain_csv(rows)),
        ("programs.csv", &program_csv(84, 2)),
        ("study.toml", settings),
    ])
}

fn course(study: &Study) -> &Course {
    &study.cohort.courses[0]
}

#[test]
fn patterns_follow_the_published_rules() {
    let of = |scores: &[f64]| {
        let found = course(&weekly(scores)).trajectory;
        (found.severity.unwrap(), found.pattern)
    };
    // A pain-free month between two periods; mean 28/14 = 2.
    assert_eq!(of(&[5., 5., 4., 0., 0., 0., 0., 5., 5., 4., 0., 0., 0., 0.]), (Severity::Mild, Ok(Pattern::Episodic)));
    // Three weeks at 0 are not a month: varies by 5, mean 38/12 = 3.2.
    assert_eq!(of(&[5., 5., 4., 0., 0., 0., 5., 5., 4., 3., 4., 3.]), (Severity::Mild, Ok(Pattern::Fluctuating)));
    // Within 1 of the mean, pain every logged day.
    assert_eq!(of(&[6., 6., 7., 6., 6., 7., 6., 6., 6., 6., 6., 6.]), (Severity::Severe, Ok(Pattern::Ongoing)));
    // One period of two weeks.
    assert_eq!(of(&[0., 0., 0., 0., 6., 6., 0., 0., 0., 0., 0., 0.]), (Severity::MinorOrRecovered, Ok(Pattern::SingleEpisode)));
    assert_eq!(of(&[0.; 12]), (Severity::MinorOrRecovered, Ok(Pattern::NoPain)));
    // One period of eight weeks and then none: no published pattern holds it.
    assert_eq!(of(&[6., 6., 5., 5., 4., 4., 3., 2., 0., 0., 0., 0.]).1, Err(NoPattern::OneLongEpisode));
    // Between 4 and 6, mean 4.5: leaves 1 point, does not exceed 2.
    assert_eq!(of(&[4., 4., 4., 4., 6., 4., 4., 4., 6., 4., 4., 6.]), (Severity::Moderate, Err(NoPattern::Between)));
}

#[test]
fn on_another_scale_nobody_has_a_pattern_and_points_are_said_to_be_its_own() {
    // Fourteen weekly answers of 2 and 3 days: within 1 of their mean, so ongoing were they scores.
    let rows = || (0..14).map(|week| (1 + 7 * week, if week % 2 == 0 { 2.0 } else { 3.0 }));
    for (settings, pattern, said) in [("", "ongoing", false), ("[files.pain]\nscale = \"days7\"\n", "", true)] {
        let (report, text) = report(&logs(rows(), settings));
        let patients = report.tables.iter().find(|table| table.name == "patients").unwrap();
        let column = patients.header.iter().position(|name| name == "pattern").unwrap();
        assert_eq!(patients.rows[0][column], pattern);
        assert_eq!(text.contains("Points are those of the scale pain was logged on (0–7 days a week)"), said, "{text}");
    }
}

#[test]
fn a_course_needs_enough_weeks_and_few_gaps_and_bands_hold_rounded_means() {
    assert_eq!(course(&weekly(&[5.; 11])).trajectory.pattern, Err(NoPattern::TooFewWeeks));
    // 12 weeks logged of 23.
    let sparse = logs((0..12).map(|n| (1 + 14 * n, 5.0)), "");
    assert_eq!(course(&sparse).trajectory.pattern, Err(NoPattern::TooManyGaps));
    // A mean of 5.5 lies between the published bands; rounded first it is 6.
    let half: Vec<f64> = (0..12).map(|week| if week % 2 == 0 { 5.0 } else { 6.0 }).collect();
    assert_eq!(course(&weekly(&half)).trajectory.severity, Some(Severity::Severe));
    // A week whose mean is 0.4 rounds to a pain-free one.
    let study = logs((0..84).map(|n| (1 + n, if n % 5 == 0 { 1.0 } else { 0.0 })), "");
    assert_eq!(course(&study).trajectory.pattern, Ok(Pattern::NoPain));
}

#[test]
fn a_marked_fall_within_the_first_month_is_rapid_and_later_gradual() {
    let of = |scores: &[f64]| course(&weekly(scores)).trajectory.change.unwrap();
    assert_eq!(of(&[8., 6., 4., 3., 3., 3., 3., 2., 2., 2., 2., 2.]), CourseChange::RapidImprovement);
    assert_eq!(of(&[8., 8., 8., 7., 7., 7., 7., 6., 5., 4., 3., 3.]), CourseChange::GradualImprovement);
    assert_eq!(of(&[2., 2., 3., 3., 3., 4., 4., 4., 5., 5., 5., 5.]), CourseChange::Progressing);
    // From 8 to 6 is 2 points, but only 25 %.
    assert_eq!(of(&[8., 8., 8., 7., 7., 7., 7., 6., 6., 6., 6., 6.]), CourseChange::NoMarkedChange);
}

#[test]
fn a_flare_is_two_points_above_the_logged_days_before() {
    // Ten days at 3; then 5, 5, 4, 5. Averages before them: 3, 35/11 = 3.18, 40/12 = 3.33 and 44/13 = 3.38; only the first 5 reaches its
    // average plus 2. The first seven days cannot be judged.
    let mut rows: Vec<(i32, f64)> = (1..=10).map(|n| (n, 3.0)).collect();
    rows.extend([(11, 5.0), (12, 5.0), (13, 4.0), (14, 5.0)]);
    let found = &course(&logs(rows.clone(), "")).flares.clone();
    assert_eq!((found.judged_days, found.flares.len(), found.days()), (7, 1, 1));
    assert_eq!((found.flares[0].from, found.flares[0].to, found.flares[0].average), (day(11), day(11), 3.0));
    // Against all of the person's own days (49/14 = 3.5) 5 is never 2 above.
    let own = logs(rows.clone(), "[pain]\nflare_average = 0\n");
    assert_eq!((course(&own).flares.judged_days, course(&own).flares.flares.len()), (14, 0));
    // With 1.5 points: days 11 and 12 are one flare, day 14 another.
    let lower = logs(rows, "[pain]\nflare_points = 1.5\n");
    let spans: Vec<_> = course(&lower).flares.flares.iter().map(|flare| (flare.from, flare.to, flare.logs)).collect();
    assert_eq!(spans, [(day(11), day(12), 2), (day(14), day(14), 1)]);
    let summary = lower.pain.courses.flares.value().unwrap();
    assert_eq!((summary.patients_with, summary.flares, summary.judged_days), (1, 2, 7));
    assert!((summary.per_100_days - 200.0 / 7.0).abs() < 1e-12);
}

#[test]
fn the_average_before_a_day_forgets_what_lies_longer_back() {
    // Window of 7: days 1 to 7 at 8, days 8 to 14 at 1, then 3: 2 above the last seven days, below the mean of all.
    let rows = (1..=7).map(|n| (n, 8.0)).chain((8..=14).map(|n| (n, 1.0))).chain([(15, 3.0)]);
    let study = logs(rows, "[pain]\nflare_average = 7\n");
    let flares = &course(&study).flares.flares;
    assert_eq!((flares.len(), flares[0].from, flares[0].average), (1, day(15), 1.0));
}

#[test]
fn the_baseline_rule_is_a_setting() {
    let baseline = |settings: &str| {
        let pain = pain_csv([(1, 8.0), (5, 6.0), (9, 4.0), (10, 2.0), (40, 9.0)]);
        let program = format!("patient_id,start,completed_on,outcome\nA,{},{},completed\n", day(8), day(30));
        let sessions = sessions_csv([(8, "functional", "done")]);
        let study = study(&[("sessions.csv", &sessions), ("pain.csv", &pain), ("programs.csv", &program), ("study.toml", settings)]);
        course(&study).pain.as_ref().unwrap().baseline.unwrap()
    };
    assert_eq!(baseline(""), (7.0, BaselineSource::BeforeFirstSession));
    assert_eq!(baseline("[pain]\nbaseline = \"first-logged-days\"\n"), (3.0, BaselineSource::FirstProgramDays));
    assert_eq!(baseline("[pain]\nbaseline = \"first-score\"\n"), (4.0, BaselineSource::FirstScore));
}

#[test]
fn each_threshold_alone_has_its_responders() {
    // A: 8 → 5.5 (31 %, 2.5 points). B: 10 → 8 (20 %, 2). C: 4 → 2 (50 %, 2). D: 2 → 0 (2 points; too low for a share). E: 8, not seen.
    let mut pain = "patient_id,date,pain\n".to_owned();
    let (mut programs, mut sessions) = ("patient_id,start,completed_on,outcome\n".to_owned(), "patient_id,date\n".to_owned());
    for (id, baseline, end) in
        [("A", 8.0, Some(5.5)), ("B", 10.0, Some(8.0)), ("C", 4.0, Some(2.0)), ("D", 2.0, Some(0.0)), ("E", 8.0, None::<f64>)]
    {
        writeln!(pain, "{id},{},{baseline}", day(3)).unwrap();
        if let Some(end) = end {
            writeln!(pain, "{id},{},{end}", day(60)).unwrap();
        }
        writeln!(programs, "{id},{},{},completed", day(8), day(60)).unwrap();
        writeln!(sessions, "{id},{}", day(8)).unwrap();
    }
    let study = study(&[("sessions.csv", &sessions), ("pain.csv", &pain), ("programs.csv", &programs)]);
    let counts: Vec<(usize, usize, usize)> = study
        .pain
        .simple
        .iter()
        .map(|found| (found.imputed.value().unwrap().count, found.imputed.value().unwrap().n, found.observed.value().unwrap().n))
        .collect();
    assert_eq!(counts, [(2, 4, 3), (1, 4, 3), (4, 5, 4)]);
}

#[test]
fn pain_that_reaches_down_the_leg_and_stays_there_is_flagged() {
    let found = |sites: &[&str]| {
        let mut pain = "patient_id,date,pain,site\n".to_owned();
        for (n, site) in sites.iter().enumerate() {
            writeln!(pain, "A,{},5,{site}", day(1 + n as i32)).unwrap();
        }
        let study = study(&[("sessions.csv", &sessions_csv([(1, "functional", "done")])), ("pain.csv", &pain)]);
        staywell::cohort::peripheralizations(&study.logs.pain, study.logs.pain.rows(0))
            .into_iter()
            .map(|found| (found.day, found.from, found.to))
            .collect::<Vec<_>>()
    };
    assert_eq!(found(&["buttock", "thigh", "calf", "thigh"]), [(day(2), PainSite::Buttock, PainSite::Thigh)]);
    // Back at once, or only two entries: not yet. An entry without a site is none.
    assert_eq!(found(&["buttock", "thigh", "buttock", "thigh"]), []);
    assert_eq!(found(&["buttock", "thigh", "thigh"]), []);
    assert_eq!(found(&["buttock", "", "thigh", "thigh", "thigh"]), [(day(3), PainSite::Buttock, PainSite::Thigh)]);
    // Pain that comes back to the lower back has not moved down.
    assert_eq!(found(&["none", "low back", "low back", "low back"]), []);
}

#[test]
fn several_scores_of_a_day_lie_apart_by_the_greatest_less_the_least() {
    // Day 1: 3, 6, 4 (3 apart); day 2: 5 alone; day 3: 2, 3 (1 apart). Mean 2.
    let pain = pain_csv([(1, 3.0), (1, 6.0), (1, 4.0), (2, 5.0), (3, 2.0), (3, 3.0)]);
    let study = study(&[("sessions.csv", &sessions_csv([(1, "functional", "done")])), ("pain.csv", &pain)]);
    let found = study.pain.courses.within_day.value().unwrap();
    assert_eq!((found.patients, found.days, found.spread.mean, found.spread.max), (1, 2, 2.0, 3.0));
}
