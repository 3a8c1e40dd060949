use staywell::cohort::{Exposure, LandmarkFate, ever_maintained, landmark_fate, maintained_at};
use staywell::settings::{ExposureSettings, LandmarkOrigin};
use staywell::study::Study;

use super::{day, pain_csv, program_csv, sessions_csv, study};

/// One patient, completion on day 10, calm from day 11 to day 300, maintenance sessions on these days.
pub(super) fn kept(sessions: impl IntoIterator<Item = i32>) -> Study {
    let rows = [(1, "functional", "done")].into_iter().chain(sessions.into_iter().map(|n| (n, "maintenance", "done")));
    let pain = pain_csv((11..=300).step_by(3).map(|n| (n, 0.0)));
    study(&[("sessions.csv", &sessions_csv(rows)), ("pain.csv", &pain), ("programs.csv", &program_csv(10, 2))])
}

#[test]
fn four_sessions_in_the_28_days_that_end_a_week_before_are_maintenance() {
    // At day 100 with lag 7: the window is days 66–93. Four sessions in it are one a week.
    let rule = ExposureSettings::default();
    let at = |sessions: &[i32]| maintained_at(&kept(sessions.iter().copied()).cohort.courses[0].sessions, day(10), day(100), &rule);
    assert_eq!(at(&[66, 75, 84, 93]), Some(Exposure::Maintained));
    assert_eq!(at(&[66, 75, 84]), Some(Exposure::NotMaintained));
    // A session a day too early, or inside the lag, does not count.
    assert_eq!(at(&[65, 75, 84, 93]), Some(Exposure::NotMaintained));
    assert_eq!(at(&[66, 75, 84, 94]), Some(Exposure::NotMaintained));
}

#[test]
fn the_window_does_not_reach_into_the_program() {
    // At day 31 with lag 7 the window would be days −3 to 24; after completion (day 10) 14 days are left: two sessions.
    let rule = ExposureSettings::default();
    let at =
        |sessions: &[i32], now: i32| maintained_at(&kept(sessions.iter().copied()).cohort.courses[0].sessions, day(10), day(now), &rule);
    assert_eq!(at(&[12, 20], 31), Some(Exposure::Maintained));
    assert_eq!(at(&[12], 31), Some(Exposure::NotMaintained));
    // Fewer than 7 days after completion tell nothing.
    assert_eq!(at(&[12], 23), None);
}

#[test]
fn no_session_after_the_landmark_changes_the_group() {
    // At risk from day 41; landmark 84 days later is day 125; the window is days 91–118.
    let fate = |sessions: Vec<i32>| {
        let study = kept(sessions);
        match landmark_fate(&study.cohort.courses[0], 84, LandmarkOrigin::AtRisk, &ExposureSettings::default()) {
            Some(LandmarkFate::Member(member)) => (member.landmark, member.exposure, member.days, member.recurred),
            other => panic!("{other:?}"),
        }
    };
    // The last log is day 299: 174 days after the landmark.
    assert_eq!(fate(vec![]), (day(125), Exposure::NotMaintained, 174, false));
    assert_eq!(fate((119..=290).collect()), (day(125), Exposure::NotMaintained, 174, false));
    assert_eq!(fate(vec![91, 100, 110, 118]), (day(125), Exposure::Maintained, 174, false));
}

#[test]
fn recurrence_or_loss_before_the_landmark_keeps_out_of_it() {
    let fate = |pain: String| {
        let study = study(&[
            ("sessions.csv", &sessions_csv([(1, "functional", "done")])),
            ("pain.csv", &pain),
            ("programs.csv", &program_csv(10, 2)),
        ]);
        landmark_fate(&study.cohort.courses[0], 84, LandmarkOrigin::AtRisk, &ExposureSettings::default())
    };
    let calm = |to: i32| (11..=to).step_by(3).map(|n| (n, 0.0));
    assert_eq!(fate(pain_csv(calm(80).chain([(82, 5.0), (83, 5.0)]))), Some(LandmarkFate::RecurredBefore));
    assert_eq!(fate(pain_csv(calm(122))), Some(LandmarkFate::CensoredBefore));
    assert_eq!(fate(pain_csv((11..=80).map(|n| (n, 4.0)))), None);
}

#[test]
fn the_naive_label_looks_at_the_whole_follow_up_and_so_needs_time_to_be_earned() {
    let rule = ExposureSettings::default();
    let label = |sessions: Vec<i32>| {
        let study = kept(sessions);
        let course = &study.cohort.courses[0];
        ever_maintained(&course.sessions, &course.follow_up.unwrap(), &rule)
    };
    // Sessions long after any landmark earn the label; sessions before the time at risk (day 41) do not.
    assert_eq!(label(vec![250, 257, 264, 271]), Exposure::Maintained);
    assert_eq!(label(vec![11, 18, 25, 32]), Exposure::NotMaintained);
    assert_eq!(label(vec![200, 215, 230, 245]), Exposure::NotMaintained);
}
