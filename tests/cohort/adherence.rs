use super::{pain_csv, program_csv, sessions_csv, study};

fn close(a: f64, b: f64) {
    assert!((a - b).abs() < 1e-12, "{a} is not {b}");
}

#[test]
fn a_week_is_capped_before_the_mean_and_the_raw_ratio_is_not() {
    // Two weeks (days 1–7, 8–14), 2 a week prescribed. Week 1: 4 done → min(4, 2)/2 = 1. Week 2: 1 done, 1 missed → 1/2. Mean 3/4.
    let sessions = sessions_csv([
        (1, "flexibility", "done"),
        (2, "flexibility", "done"),
        (3, "flexibility", "done"),
        (4, "flexibility", "done"),
        (8, "strengthening", "done"),
        (9, "strengthening", "missed"),
    ]);
    let study =
        study(&[("sessions.csv", &sessions), ("pain.csv", &pain_csv([(1, 5.0), (100, 5.0)])), ("programs.csv", &program_csv(14, 2))]);
    let adherence = study.cohort.courses[0].adherence.as_ref().unwrap();
    close(adherence.weekly_capped, 0.75);
    close(adherence.raw, 5.0 / 4.0);
    close(adherence.adherent_weeks, 0.5);
    close(adherence.missed, 1.0);
    close(adherence.unlogged, 0.0);
    close(adherence.upper_bound, 0.75);
    close(adherence.value, 0.75);
}

#[test]
fn what_is_not_logged_is_neither_done_nor_missed_and_bounds_the_answer() {
    // One week, 4 prescribed: 1 done, 1 missed, 2 unlogged. Lower bound 1/4, upper bound 3/4.
    let sessions = sessions_csv([(1, "functional", "done"), (2, "functional", "missed")]);
    let study =
        study(&[("sessions.csv", &sessions), ("pain.csv", &pain_csv([(1, 5.0), (100, 5.0)])), ("programs.csv", &program_csv(7, 4))]);
    let adherence = study.cohort.courses[0].adherence.as_ref().unwrap();
    close(adherence.weekly_capped, 0.25);
    close(adherence.upper_bound, 0.75);
    close(adherence.unlogged, 2.0);
}

#[test]
fn a_short_last_week_is_prescribed_its_share() {
    // 10 days, 7 a week: week 1 prescribes 7, the 3 days of week 2 prescribe 3. Done: 7 and 3 → fully adherent.
    let sessions = sessions_csv((1..=10).map(|n| (n, "functional", "done")));
    let study =
        study(&[("sessions.csv", &sessions), ("pain.csv", &pain_csv([(1, 5.0), (100, 5.0)])), ("programs.csv", &program_csv(10, 7))]);
    let adherence = study.cohort.courses[0].adherence.as_ref().unwrap();
    close(adherence.prescribed, 10.0);
    close(adherence.weekly_capped, 1.0);
}

#[test]
fn a_partial_session_counts_its_fraction_and_maintenance_does_not_count() {
    let sessions = "patient_id,date,phase,status,fraction_done\n\
                    A,2024-01-01,functional,partial,0.25\n\
                    A,2024-01-02,functional,partial,\n\
                    A,2024-01-03,maintenance,done,\n";
    let study = study(&[("sessions.csv", sessions), ("pain.csv", &pain_csv([(1, 5.0), (100, 5.0)])), ("programs.csv", &program_csv(7, 1))]);
    close(study.cohort.courses[0].adherence.as_ref().unwrap().done, 0.25 + 0.5);
}

#[test]
fn with_an_exercise_column_a_day_is_one_session() {
    let sessions = "patient_id,date,phase,status,exercise\n\
                    A,2024-01-01,functional,done,bridge\n\
                    A,2024-01-01,functional,done,plank\n\
                    A,2024-01-02,functional,done,bridge\n\
                    A,2024-01-02,functional,missed,plank\n";
    let study = study(&[("sessions.csv", sessions), ("pain.csv", &pain_csv([(1, 5.0), (100, 5.0)])), ("programs.csv", &program_csv(7, 2))]);
    // Day 1 whole, day 2 half.
    close(study.cohort.courses[0].adherence.as_ref().unwrap().done, 1.5);
}

#[test]
fn persistence_ends_where_the_first_long_gap_began() {
    // Sessions on days 1 and 11, then none until day 60: the gap of 49 days began on day 11, 10 days after the start.
    let sessions = sessions_csv([(1, "functional", "done"), (11, "functional", "done"), (60, "functional", "done")]);
    let study =
        study(&[("sessions.csv", &sessions), ("pain.csv", &pain_csv([(1, 5.0), (100, 5.0)])), ("programs.csv", &program_csv(60, 2))]);
    assert_eq!(study.cohort.courses[0].adherence.as_ref().unwrap().persistence_days, 10);
}

#[test]
fn without_a_prescription_there_is_no_adherence_and_the_report_says_so() {
    let study = study(&[("sessions.csv", &sessions_csv([(1, "functional", "done")])), ("pain.csv", &pain_csv([(1, 5.0)]))]);
    assert!(study.cohort.courses[0].adherence.is_none());
    assert_eq!(
        study.adherence.adherence.reason(),
        Some(
            "no patient has both a program and a prescription; log prescribed_per_week in programs.csv or set adherence.prescribed_per_week"
        )
    );
}
