//! A patient with several programs: each by itself, and together they add up.

use std::fmt::Write;

use staywell::cohort::{BaselineSource, FollowUpEnd};
use staywell::domain::{CensorReason, Exclusion};
use staywell::report::{Provenance, build, patient, render};
use staywell::study::Study;

use super::{day, study};

/// A: a program on days 1–28, well from day 10 to a recurrence on day 100; a second one on days 120–147, well after it until
/// the last log on day 240. B: one program and logs of the same shape to day 119.
fn two_programs() -> Study {
    let mut pain = "patient_id,date,pain\n".to_owned();
    let mut sessions = "patient_id,date,phase,status\n".to_owned();
    let score = |n: i32| match n {
        ..=9 => 6,
        100..=104 => 5,
        113..=130 => 4,
        _ => 0,
    };
    for n in (1..=240).filter(|n| n % 3 == 1 || (100..=104).contains(n) || (113..=119).contains(n)) {
        writeln!(pain, "A,{},{}", day(n), score(n)).unwrap();
        if n < 100 {
            writeln!(pain, "B,{},{}", day(n), score(n)).unwrap();
        }
    }
    for n in [1, 8, 15, 22, 120, 127, 134] {
        writeln!(sessions, "A,{},functional,done", day(n)).unwrap();
    }
    writeln!(sessions, "A,{},maintenance,done\nA,{},maintenance,done\nB,{},functional,done", day(60), day(180), day(1)).unwrap();
    let programs = format!(
        "patient_id,start,completed_on,outcome,prescribed_per_week\nA,{},{},completed,1\nA,{},{},completed,2\nB,{},{},completed,1\n",
        day(1),
        day(28),
        day(120),
        day(147),
        day(1),
        day(28)
    );
    study(&[("sessions.csv", &sessions), ("pain.csv", &pain), ("programs.csv", &programs)])
}

#[test]
fn each_program_has_its_own_sessions_pain_and_follow_up() {
    let study = two_programs();
    assert_eq!((study.cohort.courses.len(), study.cohort.n_patients()), (3, 2));
    let [first, second] = study.cohort.of(0) else { panic!("A has two programs") };
    assert_eq!((first.program_number, second.program_number, second.patient), (1, 2, 0));
    assert_eq!((first.next_start, second.next_start), (Some(day(120)), None));
    assert_eq!(first.sessions.day, [day(1).0, day(8).0, day(15).0, day(22).0, day(60).0]);
    assert_eq!(second.sessions.day, [day(120).0, day(127).0, day(134).0, day(180).0]);
    // Four weeks of one session each, all done; then four weeks of two, three of eight done.
    let adherence = |course: &staywell::cohort::Course| course.adherence.as_ref().map(|adherence| (adherence.prescribed, adherence.done));
    assert_eq!((adherence(first), adherence(second)), (Some((4.0, 4.0)), Some((8.0, 3.0))));
    // The week before the second program's first session lies before its start.
    assert_eq!(second.pain.as_ref().unwrap().baseline, Some((4.0, BaselineSource::BeforeFirstSession)));
    // The first program's has no log before it: its first seven logs are 6, 6, 6, 0, 0, 0, 0.
    assert_eq!(first.pain.as_ref().unwrap().baseline, Some((18.0 / 7.0, BaselineSource::FirstProgramDays)));
    let (one, two) = (first.follow_up.unwrap(), second.follow_up.unwrap());
    // Calm from day 10, confirmed on day 40; back on day 100.
    assert_eq!((one.at_risk_from, one.end, one.ended_by), (day(40), day(100), FollowUpEnd::Recurrence));
    // Calm from day 133, confirmed on day 163; the last log is on day 238.
    assert_eq!((two.at_risk_from, two.end, two.ended_by), (day(163), day(238), FollowUpEnd::Censored(CensorReason::LastLog)));
}

#[test]
fn programs_and_patients_are_counted_each_by_the_right_number() {
    let study = two_programs();
    let found = &study.recurrence;
    assert_eq!((found.patients, found.programs, found.at_risk, found.patients_at_risk), (2, 3, 3, 2));
    assert_eq!((found.recurrences, found.patients_recurred), (1, 1));
    let curve = found.curve.value().unwrap();
    // Days at risk: A 60 and 75, B from day 40 to its last log on day 97.
    assert_eq!((curve.time.as_slice(), curve.robust), ([57.0, 60.0, 75.0].as_slice(), true));
    assert_eq!((study.adherence.patients, study.adherence.programs), (2, 3));
    assert_eq!(study.adherence.by_week.iter().map(|week| (week.patients, week.programs)).collect::<Vec<_>>(), [(2, 3); 4]);
    assert_eq!((study.pain.patients, study.pain.programs), (2, 3));
}

#[test]
fn the_next_program_ends_follow_up_on_the_day_before_it() {
    let pain = super::pain_csv((1..=200).step_by(2).map(|n| (n, if n < 5 { 5.0 } else { 0.0 })));
    let sessions = super::sessions_csv([(1, "functional", "done")]);
    let follow_up = |programs: &str, settings: &str| {
        let programs = format!("patient_id,start,planned_end,completed_on,outcome\n{programs}");
        let files = [("sessions.csv", &*sessions), ("pain.csv", &*pain), ("programs.csv", &*programs), ("study.toml", settings)];
        study(&files).cohort.courses[0].follow_up
    };
    let rows = format!("A,{},,{},completed\nA,{},,,\n", day(1), day(28), day(101));
    for settings in ["", "[censoring]\ncompeting_events = false\n"] {
        let found = follow_up(&rows, settings).unwrap();
        assert_eq!((found.end, found.ended_by), (day(100), FollowUpEnd::Censored(CensorReason::NewProgram)));
    }
    // Completed the day before the next one begins, or after it has begun: no time at risk in between.
    for completed in [100, 130] {
        let rows = format!("A,{},,{},completed\nA,{},,,\n", day(1), day(completed), day(101));
        assert_eq!(follow_up(&rows, ""), Err(Exclusion::EndedBeforeRisk));
    }
    // What another program follows is not going on.
    let rows = format!("A,{},{},,ongoing\nA,{},,,\n", day(1), day(150), day(101));
    assert_eq!(follow_up(&rows, ""), Err(Exclusion::NoCompletion));
    // A program that begins after the last log has not begun.
    let rows = format!("A,{},,{},completed\nA,{},,,\n", day(1), day(28), day(300));
    assert_eq!(follow_up(&rows, "").unwrap().end, day(199));
}

#[test]
fn overlapping_programs_share_no_day() {
    let pain = super::pain_csv((1..=100).map(|n| (n, 3.0)));
    let sessions = super::sessions_csv((1..=100).step_by(7).map(|n| (n, "functional", "done")));
    let programs = format!("patient_id,start,completed_on,prescribed_per_week\nA,{},{},1\nA,{},{},1\n", day(1), day(70), day(29), day(84));
    let study = study(&[("sessions.csv", &sessions), ("pain.csv", &pain), ("programs.csv", &programs)]);
    let window = |course: &staywell::cohort::Course| course.program.map(|program| (program.start, program.end));
    assert_eq!(study.cohort.courses.iter().filter_map(window).collect::<Vec<_>>(), [(day(1), day(28)), (day(29), day(84))]);
    let done: f64 = study.cohort.courses.iter().filter_map(|course| course.adherence.as_ref()).map(|adherence| adherence.done).sum();
    assert_eq!(done, 12.0);
    assert_eq!(study.pain.by_week.len(), 8);
}

fn provenance() -> Provenance {
    Provenance { version: "test".to_owned(), settings_hash: "s".to_owned(), input_hash: "i".to_owned() }
}

#[test]
fn the_report_says_programs_where_it_counts_programs() {
    let study = two_programs();
    let report = build(&study, &provenance()).unwrap();
    let text = render::markdown(&report.document, &report.figures);
    for words in [
        "The study has 3 programs of 2 patients; at risk are 3 programs of 2 patients, compared",
        "Of 3 programs of 2 patients at risk, 1 were followed by a recurrence.",
        "Adherence over programs",
        "Limits by patient (robust)",
        "| Step | Programs |",
    ] {
        assert!(text.contains(words), "{words} is not in\n{text}");
    }
    let table = |name: &str| report.tables.iter().find(|table| table.name == name).unwrap();
    let keys: Vec<_> = table("patients").rows.iter().map(|row| format!("{} {}", row[0], row[1])).collect();
    assert_eq!((table("patients").header[1].as_str(), keys), ("program", vec!["A 1".to_owned(), "A 2".to_owned(), "B 1".to_owned()]));
    assert_eq!(table("exclusions").rows[0], ["study", "patients", "2", "3"]);
    assert_eq!(table("patient_weeks").rows.iter().filter(|row| row[0] == "A" && row[1] == "2").count(), 4);
}

#[test]
fn a_patients_page_shows_every_program() {
    let study = two_programs();
    let page = patient(&study, &study.patient("A").unwrap(), &provenance()).unwrap();
    let text = render::markdown(&page.report.document, &page.report.figures);
    for words in [
        "2 programs are recorded; each is followed to the day before the next.",
        "### Program 1",
        "### Program 2",
        "Sessions by week of program 2",
        "The program ran from 2024-04-29 to 2024-05-26.",
        "Pain came back on 2024-04-09, 60 days later.",
        "3 of 8 prescribed sessions of program 2 done",
    ] {
        assert!(text.contains(words), "{words} is not in\n{text}");
    }
    let programs = page.report.json["patient"]["programs"].as_array().unwrap();
    assert_eq!(programs.iter().map(|program| program["adherence"]["done"].as_f64()).collect::<Vec<_>>(), [Some(4.0), Some(3.0)]);
    let numbers = &page.report.figures[0].numbers;
    let dates = |series: &str| numbers.rows.iter().filter(|row| row[0] == series).map(|row| row[1].clone()).collect::<Vec<_>>();
    assert_eq!(dates("completion"), ["2024-01-28", "2024-05-26"]);
    assert_eq!((dates("program from"), dates("program to")), (dates("program start"), dates("completion")));
    // One program is told by its marks and needs no shading.
    let other = patient(&study, &study.patient("B").unwrap(), &provenance()).unwrap();
    assert!(other.report.figures[0].numbers.rows.iter().all(|row| row[0] != "program from"));
}
