//! Exposure over the whole time at risk.

use staywell::analysis::Computed;
use staywell::cohort::{Exposure, exposure_spans, maintained_at};
use staywell::settings::ExposureSettings;
use staywell::stats::survival::{Covariates, CoxModel, CoxOptions, TimeToEvent};
use staywell::study::Study;

use super::exposure::kept;
use super::invariants::sample;

#[test]
fn a_span_ends_where_a_session_enters_or_leaves_the_window() {
    // At risk from day 41 to 299. Sessions on days 30, 40, 50 and 60 leave the 28 days at the end of days 58, 68, 78, 88.
    let study = kept([30, 40, 50, 60]);
    let rule = ExposureSettings { lag: 0, ..ExposureSettings::default() };
    let spans = exposure_spans(&study.cohort.courses[0], &rule);
    let told: Vec<(i32, i32, f64)> = spans.iter().map(|span| (span.from, span.to, span.sessions)).collect();
    let expected = [(0, 9, 2.0), (9, 17, 3.0), (17, 19, 2.0), (19, 27, 3.0), (27, 37, 2.0), (37, 47, 1.0), (47, 258, 0.0)];
    assert_eq!(told, expected);
    assert!(spans.iter().all(|span| !span.recurred && span.window_days == 28));
    assert_eq!(
        (spans[1].exposure(&rule), spans[0].exposure(&ExposureSettings { sessions_per_week: 0.5, ..rule })),
        (Exposure::NotMaintained, Exposure::Maintained)
    );
    // With a lag of 7 days everything happens 7 days later; the first two days at risk know 25 and 26 days after completion.
    let lagged = exposure_spans(&study.cohort.courses[0], &ExposureSettings::default());
    let told: Vec<(i32, i32, f64, i32)> = lagged.iter().map(|span| (span.from, span.to, span.sessions, span.window_days)).take(6).collect();
    assert_eq!(told, [(0, 1, 1.0, 24), (1, 2, 1.0, 25), (2, 3, 1.0, 26), (3, 4, 1.0, 27), (4, 6, 1.0, 28), (6, 16, 2.0, 28)]);
}

#[test]
fn days_before_the_exposure_is_known_are_in_no_span() {
    // Remission may be confirmed on the day of completion; then nothing is known of the first days at risk.
    let study = sample();
    let rule = ExposureSettings::default();
    let mut late = 0;
    for course in &study.cohort.courses {
        let (Ok(follow_up), Some(Ok(completion))) = (course.follow_up, course.program.map(|program| program.completion)) else { continue };
        // Seven days of window and a lag of seven days after completion.
        let known_from = completion.plus(14).days_since(follow_up.at_risk_from).max(0);
        let spans = exposure_spans(course, &rule);
        assert_eq!(spans.first().map(|span| span.from), (known_from < follow_up.days()).then_some(known_from));
        late += usize::from(known_from > 0);
    }
    assert!(late > 0, "somebody is at risk before 14 days after completion");
}

/// Every day at risk with its exposure, straight from the definition.
fn daily(study: &Study, rule: &ExposureSettings) -> Vec<(usize, i32, Exposure, bool)> {
    let mut rows = Vec::new();
    for (index, course) in study.cohort.courses.iter().enumerate() {
        let (Ok(follow_up), Some(Ok(completion))) = (course.follow_up, course.program.map(|program| program.completion)) else { continue };
        for day in 0..follow_up.days() {
            let now = follow_up.at_risk_from.plus(day);
            if let Some(exposure) = maintained_at(&course.sessions, completion, now, rule) {
                rows.push((index, day, exposure, follow_up.recurred() && day + 1 == follow_up.days()));
            }
        }
    }
    rows
}

#[test]
fn spans_hold_every_day_and_recurrence_once_with_the_exposure_of_its_morning() {
    let study = sample();
    for lag in [0, 7, 28] {
        let rule = ExposureSettings { lag, ..ExposureSettings::default() };
        let mut told = Vec::new();
        for (index, course) in study.cohort.courses.iter().enumerate() {
            let spans = exposure_spans(course, &rule);
            assert!(spans.windows(2).all(|pair| pair[0].to == pair[1].from), "no day is left out or told twice");
            for span in spans {
                let days = (span.from..span.to).map(|day| (index, day, span.exposure(&rule), span.recurred && day + 1 == span.to));
                told.extend(days);
            }
        }
        assert_eq!(told, daily(&study, &rule));
    }
}

#[test]
fn no_session_after_the_morning_of_a_span_takes_part_in_it() {
    let study = sample();
    let rule = ExposureSettings::default();
    for course in &study.cohort.courses {
        let Ok(follow_up) = course.follow_up else { continue };
        let spans = exposure_spans(course, &rule);
        for span in spans.iter().step_by(7) {
            let mut known = course.clone();
            let last = follow_up.at_risk_from.plus(span.from - rule.lag);
            let keep = known.sessions.day.partition_point(|&day| day <= last.0);
            known.sessions.day.truncate(keep);
            known.sessions.done.truncate(keep);
            known.sessions.phase.truncate(keep);
            let again = exposure_spans(&known, &rule).into_iter().find(|other| other.from <= span.from && span.from < other.to).unwrap();
            assert_eq!((again.sessions, again.window_days), (span.sessions, span.window_days));
        }
    }
}

#[test]
fn person_time_and_recurrences_add_up_and_the_model_is_that_of_single_days() {
    let study = sample();
    let found = &study.recurrence.time_varying;
    let rows = daily(&study, &study.settings.maintenance);
    let at_risk: i64 =
        study.cohort.courses.iter().filter_map(|course| course.follow_up.ok()).map(|follow_up| i64::from(follow_up.days())).sum();
    assert_eq!(found.days + found.days_unknown, at_risk);
    assert_eq!(found.days, rows.len() as i64);
    let recurrences: usize = found.states.iter().map(|state| state.recurrences).sum();
    assert_eq!(recurrences + found.recurrences_unknown, study.recurrence.recurrences);

    // The partial likelihood does not mind into how many rows the same days are cut.
    let time = rows.iter().map(|row| f64::from(row.1 + 1)).collect();
    let outcome = TimeToEvent::new(time, rows.iter().map(|row| row.3).collect()).unwrap();
    let outcome = outcome.with_entry(rows.iter().map(|row| f64::from(row.1)).collect()).unwrap();
    let maintained = rows.iter().map(|row| f64::from(row.2 == Exposure::Maintained)).collect();
    let covariates = Covariates::new(vec!["maintained".to_owned()], vec![maintained]).unwrap();
    let model = CoxModel::fit(&outcome, &covariates, &CoxOptions::default()).unwrap().fit;
    let term = &model.terms[0];
    let ratio = found.unadjusted.value().unwrap();
    assert!((ratio.hazard_ratio / term.hazard_ratio - 1.0).abs() < 1e-9, "{} {}", ratio.hazard_ratio, term.hazard_ratio);
    assert!((ratio.interval.upper / term.interval.upper - 1.0).abs() < 1e-9);
    let states = [Exposure::NotMaintained, Exposure::Maintained];
    for (state, exposure) in found.states.iter().zip(states) {
        assert_eq!(state.days, rows.iter().filter(|row| row.2 == exposure).count() as i64);
        assert_eq!(state.per_100_years, Some(100.0 * state.recurrences as f64 / (state.days as f64 / 365.25)));
    }
    // The model's lag is one of the sweep, with the same answer.
    let cell = found.lags.iter().find(|cell| cell.lag == found.lag).unwrap();
    assert_eq!(cell.hazard_ratio.value(), found.hazard_ratio());
}

#[test]
fn without_variation_there_is_nothing_to_compare() {
    let found = kept([]).recurrence.time_varying;
    assert_eq!(
        found.unadjusted,
        Computed::NotTestable("the exercise was kept up on no day at risk, so there is nothing to compare".to_owned())
    );
    assert_eq!((found.states[1].days, found.states[1].per_100_years), (0, None));
    let found = kept((11..300).step_by(2)).recurrence.time_varying;
    assert_eq!(
        found.unadjusted,
        Computed::NotTestable("the exercise was kept up on every day at risk, so there is nothing to compare".to_owned())
    );
}
