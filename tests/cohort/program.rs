use staywell::cohort::ProgramSource;
use staywell::domain::Exclusion;

use super::{day, pain_csv, program_csv, sessions_csv, study};

#[test]
fn without_programs_the_last_session_before_maintenance_is_completion() {
    let sessions = sessions_csv([(3, "flexibility", "done"), (20, "functional", "done"), (30, "maintenance", "done")]);
    let study = study(&[("sessions.csv", &sessions), ("pain.csv", &pain_csv([(40, 1.0)]))]);
    let program = study.cohort.courses[0].program.unwrap();
    assert_eq!((program.start, program.completion, program.source), (day(3), Ok(day(20)), ProgramSource::Derived));
    assert_eq!(study.cohort.derived_programs(), 1);
}

#[test]
fn a_program_whose_last_session_is_recent_is_still_running() {
    let sessions = sessions_csv([(3, "flexibility", "done"), (20, "functional", "done")]);
    let recent = study(&[("sessions.csv", &sessions), ("pain.csv", &pain_csv([(40, 1.0)]))]);
    assert_eq!(recent.cohort.courses[0].program.unwrap().completion, Err(Exclusion::ProgramOngoing));
    let long_ago = study(&[("sessions.csv", &sessions), ("pain.csv", &pain_csv([(49, 1.0)]))]);
    assert_eq!(long_ago.cohort.courses[0].program.unwrap().completion, Ok(day(20)));
}

#[test]
fn sessions_without_phases_show_no_completion_and_recurrence_says_so() {
    let study = study(&[("sessions.csv", "patient_id,date\nA,2024-01-01\n"), ("pain.csv", &pain_csv([(40, 1.0)]))]);
    assert_eq!(study.cohort.courses[0].follow_up, Err(Exclusion::NoCompletion));
    assert_eq!(
        study.recurrence.curve.reason(),
        Some(
            "not testable: no completion. No patient's program has a known end; log completed_on in programs.csv, or the phase of each session"
        )
    );
}

#[test]
fn dropping_out_and_going_on_are_told_apart() {
    let sessions = sessions_csv([(1, "flexibility", "done")]);
    let outcome = |row: &str| {
        let programs = format!("patient_id,start,planned_end,completed_on,outcome\nA,{},{row}\n", day(1));
        study(&[("sessions.csv", &sessions), ("pain.csv", &pain_csv([(100, 1.0)])), ("programs.csv", &programs)]).cohort.courses[0]
            .program
            .unwrap()
            .completion
    };
    assert_eq!(outcome(&format!("{},,dropped_out", day(84))), Err(Exclusion::DroppedOut));
    assert_eq!(outcome(&format!("{},,ongoing", day(184))), Err(Exclusion::ProgramOngoing));
    assert_eq!(outcome(&format!("{},,completed", day(84))), Ok(day(84)));
    assert_eq!(outcome(&format!("{},{},", day(84), day(80))), Ok(day(80)));
    assert_eq!(outcome(&format!("{},,", day(184))), Err(Exclusion::ProgramOngoing));
}

#[test]
fn the_cut_off_is_the_last_log_unless_it_is_set() {
    let sessions = sessions_csv([(1, "flexibility", "done")]);
    let files = [("sessions.csv", &*sessions), ("pain.csv", &*pain_csv([(40, 1.0)])), ("programs.csv", &*program_csv(30, 2))];
    assert_eq!((study(&files).logs.cut_off, study(&files).logs.cut_off_declared), (day(40), false));
}
