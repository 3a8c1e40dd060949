//! What must hold on any study: events in = events out, person-time in = out, everybody counted once.

use staywell::cohort::FollowUpEnd;
use staywell::ingest::{open_study, read_study};
use staywell::study::Study;

use crate::harness::sample_data;

fn sample() -> Study {
    let (folder, file) = open_study(&sample_data(), None).unwrap();
    let logs = read_study(&folder, &file).unwrap();
    Study::run(logs, file.settings)
}

#[test]
fn everybody_is_counted_once_and_every_count_adds_up() {
    let study = sample();
    let recurrence = &study.recurrence;
    let excluded: usize = recurrence.excluded.iter().map(|excluded| excluded.programs).sum();
    let censored: usize = recurrence.censored.iter().map(|censored| censored.programs).sum();
    assert_eq!(recurrence.patients, study.logs.n_patients());
    assert_eq!(recurrence.programs, study.cohort.courses.len());
    assert_eq!(recurrence.programs, recurrence.at_risk + excluded);
    assert_eq!(recurrence.at_risk, recurrence.recurrences + censored);
    let counts = recurrence.landmark.counts;
    assert_eq!(
        counts.at_risk,
        counts.members + counts.recurred_before + counts.censored_before + counts.not_yet_at_risk + counts.exposure_unknown
    );
    let comparison = recurrence.landmark.comparison.value().unwrap();
    assert_eq!(comparison.n, counts.members);
    assert_eq!(comparison.groups.iter().map(|group| group.curve.n).sum::<usize>(), counts.members);
    for file in &study.logs.reading.files {
        assert!(file.balances(), "{file:?}");
    }
    assert_eq!(study.logs.reading.rejected.len(), study.logs.reading.rows_rejected());
}

#[test]
fn recurrences_and_person_time_after_the_landmark_are_those_of_the_courses() {
    let study = sample();
    let landmark = &study.recurrence.landmark;
    let comparison = landmark.comparison.value().unwrap();
    let (mut events, mut days) = (0, 0);
    for course in &study.cohort.courses {
        let Ok(follow_up) = course.follow_up else { continue };
        let from = follow_up.at_risk_from.plus(landmark.day);
        if follow_up.end > from {
            events += usize::from(follow_up.ended_by == FollowUpEnd::Recurrence);
            days += i64::from(follow_up.end.days_since(from));
        }
    }
    assert_eq!(comparison.n_events, events);
    // Person-time of a curve: at each distinct time, those who leave there have been followed that long.
    let person_days: f64 = comparison
        .groups
        .iter()
        .flat_map(|group| {
            (0..group.curve.time.len()).map(|row| group.curve.time[row] * (group.curve.events[row] + group.curve.censored[row]))
        })
        .sum();
    assert_eq!(person_days as i64, days);
}

#[test]
fn nobody_is_labelled_by_a_session_inside_the_lag_or_later() {
    let study = sample();
    let settings = &study.settings;
    for course in &study.cohort.courses {
        let (Ok(follow_up), Some(Ok(completion))) = (course.follow_up, course.program.map(|program| program.completion)) else { continue };
        let landmark = follow_up.at_risk_from.plus(settings.landmark.day);
        let known = staywell::cohort::maintained_at(&course.sessions, completion, landmark, &settings.maintenance);
        let mut history = course.sessions.clone();
        let keep = history.day.partition_point(|&day| day <= landmark.plus(-settings.maintenance.lag).0);
        history.day.truncate(keep);
        history.done.truncate(keep);
        history.phase.truncate(keep);
        assert_eq!(known, staywell::cohort::maintained_at(&history, completion, landmark, &settings.maintenance));
    }
}
