//! What must hold on any study: events in = events out, person-time in = out, everybody counted once.

use std::fmt::Write;

use staywell::cohort::FollowUpEnd;
use staywell::domain::Day;
use staywell::ingest::{open_study, read_study};
use staywell::study::Study;

use crate::harness::{StudyFolder, sample_data};

pub(super) fn sample() -> Study {
    let (folder, file) = open_study(&sample_data(), None).unwrap();
    let logs = read_study(&folder, &file).unwrap();
    Study::run(logs, file.settings)
}

/// The sample study, where every third patient who completed a program begins another one 140 days later.
fn sample_with_second_programs() -> Study {
    let mut folder = StudyFolder::new();
    for name in ["sessions.csv", "pain.csv", "patients.csv", "events.csv", "study.toml"] {
        folder = folder.file(name, std::fs::read(sample_data().join(name)).unwrap());
    }
    let mut programs = std::fs::read_to_string(sample_data().join("programs.csv")).unwrap();
    let rows: Vec<String> = programs.lines().skip(1).step_by(3).map(str::to_owned).collect();
    for row in rows {
        let cells: Vec<&str> = row.split(',').collect();
        if let Ok(completed) = Day::parse_iso(cells[3]) {
            writeln!(programs, "{},{},,{},completed,2,", cells[0], completed.plus(140), completed.plus(196)).unwrap();
        }
    }
    let folder = folder.file("programs.csv", programs);
    let (path, file) = open_study(folder.path(), None).unwrap();
    Study::run(read_study(&path, &file).unwrap(), file.settings)
}

#[test]
fn with_several_programs_every_log_belongs_to_one_and_every_day_at_risk_is_counted_once() {
    let study = sample_with_second_programs();
    let (programs, patients) = (study.cohort.courses.len(), study.cohort.n_patients());
    assert!(programs > patients + 50, "{programs} programs of {patients} patients");
    for patient in 0..patients {
        let courses = study.cohort.of(patient);
        let sessions: usize = courses.iter().map(|course| course.session_rows).sum();
        assert_eq!(sessions, study.logs.sessions.rows(patient).len());
        let in_weeks: u32 =
            courses.iter().filter_map(|course| course.pain.as_ref()).flat_map(|pain| &pain.weeks).map(|week| week.days).sum();
        assert!(in_weeks as usize <= study.logs.pain.rows(patient).len());
        for (earlier, later) in courses.iter().zip(&courses[1..]) {
            assert_eq!(earlier.patient, later.patient);
            // A start after the cut-off is not known to have come.
            let Some(next) = earlier.next_start else { continue };
            assert_eq!(Some(next), later.program.map(|program| program.start));
            assert!(earlier.program.unwrap().end < next);
            assert!(earlier.follow_up.is_ok_and(|follow_up| follow_up.end < next) || earlier.follow_up.is_err());
            assert!(later.follow_up.is_ok_and(|follow_up| follow_up.at_risk_from > next) || later.follow_up.is_err());
        }
    }
    adds_up(&study);
    landmark_adds_up(&study);
    let comparison = study.recurrence.landmark.comparison.value().unwrap();
    assert!(comparison.patients < comparison.n && comparison.adjusted.value().unwrap().fit.robust);
}

#[test]
fn everybody_is_counted_once_and_every_count_adds_up() {
    adds_up(&sample());
}

fn adds_up(study: &Study) {
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
    landmark_adds_up(&sample());
}

fn landmark_adds_up(study: &Study) {
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
