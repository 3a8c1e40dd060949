use std::fmt::Write;

use staywell::cohort::{DoseBand, PatientAdherence};
use staywell::domain::{Phase, Setting};
use staywell::study::Study;

use super::{day, pain_csv, program_csv, report, sessions_csv, study};

fn close(a: f64, b: f64) {
    assert!((a - b).abs() < 1e-12, "{a} is not {b}");
}

fn with(sessions: &str, program: &str, settings: &str) -> Study {
    study(&[
        ("sessions.csv", sessions),
        ("pain.csv", &pain_csv([(1, 5.0), (100, 5.0)])),
        ("programs.csv", program),
        ("study.toml", settings),
    ])
}

fn of(study: &Study) -> &PatientAdherence {
    study.cohort.courses[0].adherence.as_ref().unwrap()
}

#[test]
fn every_variant_has_both_bounds_and_weeks_above_the_prescription_are_seen() {
    // 2 a week over 3 weeks. Week 1: 4 done. Week 2: 1 done, 1 unlogged. Week 3: 1 missed, 1 unlogged.
    let sessions = sessions_csv([
        (1, "functional", "done"),
        (2, "functional", "done"),
        (3, "functional", "done"),
        (4, "functional", "done"),
        (8, "functional", "done"),
        (15, "functional", "missed"),
    ]);
    let study = with(&sessions, &program_csv(21, 2), "");
    let adherence = of(&study);
    // Capped: 1, 1/2, 0. With the unlogged done: 1, 1, 1/2.
    close(adherence.weekly_capped, 0.5);
    close(adherence.upper_bound, 2.5 / 3.0);
    // 5 of 6, and 7 of 6 with the two unlogged.
    close(adherence.raw, 5.0 / 6.0);
    close(adherence.raw_upper, 7.0 / 6.0);
    // Weeks with at least 80 %: 1 of 3, and 2 of 3.
    close(adherence.adherent_weeks, 1.0 / 3.0);
    close(adherence.adherent_weeks_upper, 2.0 / 3.0);
    close(adherence.weeks_over, 1.0 / 3.0);
    assert_eq!(adherence.band, DoseBand::Most);
    // What is called adherence has the bound of its own rule.
    for (rule, lower, upper) in [
        ("weekly-capped", 0.5, 2.5 / 3.0),
        ("raw", 5.0 / 6.0, 7.0 / 6.0),
        ("raw-capped", 5.0 / 6.0, 1.0),
        ("adherent-weeks", 1.0 / 3.0, 2.0 / 3.0),
    ] {
        let study = with(&sessions, &program_csv(21, 2), &format!("[adherence]\nrule = \"{rule}\"\n"));
        close(of(&study).value, lower);
        close(of(&study).value_upper, upper);
        close(study.adherence.upper.value().unwrap().mean, upper);
    }
    let variants = &study.adherence.variants;
    assert_eq!(variants.programs_over, 1);
    let shares: Vec<(f64, f64)> =
        variants.cuts.iter().map(|cut| (cut.lower.value().unwrap().proportion, cut.upper.value().unwrap().proportion)).collect();
    // 0.5 reaches the cut of 50 % only; 0.83 reaches 50 to 80 %.
    assert_eq!(shares, [(1.0, 1.0), (0.0, 1.0), (0.0, 1.0), (0.0, 1.0), (0.0, 0.0)]);
}

#[test]
fn a_dose_is_in_the_band_that_holds_it() {
    for (share, band) in [
        (0.0, DoseBand::Nothing),
        (0.1, DoseBand::BelowHalf),
        (0.5, DoseBand::Half),
        (0.795, DoseBand::Half),
        (0.8, DoseBand::Most),
        (0.999, DoseBand::Most),
        (0.1 + 0.2 + 0.7, DoseBand::All),
        (1.01, DoseBand::More),
    ] {
        assert_eq!(DoseBand::of(share), band, "{share}");
    }
}

#[test]
fn a_week_in_which_nothing_was_prescribed_is_in_no_share_and_is_counted() {
    // Weeks 1 and 3 prescribe 2, week 2 (a holiday) 0. Done: 2, 1, 1. Capped 1 and 1/2; the session of the holiday counts for nothing.
    let sessions = "patient_id,date,prescribed\n\
                    A,2024-01-01,2\nA,2024-01-02,2\nA,2024-01-08,0\nA,2024-01-15,2\n";
    let program = format!("patient_id,start,completed_on,outcome\nA,{},{},completed\n", day(1), day(21));
    let study = with(sessions, &program, "");
    let adherence = of(&study);
    assert_eq!(adherence.undefined_weeks, 1);
    close(adherence.prescribed, 4.0);
    close(adherence.weekly_capped, 0.75);
    close(adherence.raw, 0.75);
    assert_eq!(study.adherence.variants.undefined_weeks, 1);
    // The week is not in the table by week either.
    assert_eq!(study.adherence.by_week.iter().map(|week| week.week).collect::<Vec<_>>(), [1, 3]);
}

#[test]
fn a_prescription_that_changes_holds_from_its_week_on() {
    // Week 1 prescribes 2 (2 done), week 2 has no row, week 3 prescribes 4 (1 done): 1, 0 of 2, 1/4.
    let sessions = "patient_id,date,prescribed\nA,2024-01-01,2\nA,2024-01-02,2\nA,2024-01-15,4\n";
    let program = format!("patient_id,start,completed_on,outcome\nA,{},{},completed\n", day(1), day(21));
    let study = with(sessions, &program, "");
    close(of(&study).prescribed, 8.0);
    close(of(&study).weekly_capped, 1.25 / 3.0);
}

#[test]
fn exercises_count_by_row_against_the_usual_number_a_session() {
    // 2 sessions prescribed in the one week. Sessions of 3, 3 and 1 rows: usually 3, so 6 exercises prescribed; 3 + 2 + 1 = 6 done.
    let mut sessions = "patient_id,date,status,exercise\n".to_owned();
    for (n, status, exercise) in [
        (1, "done", "bridge"),
        (1, "done", "plank"),
        (1, "done", "squat"),
        (3, "done", "bridge"),
        (3, "done", "plank"),
        (3, "missed", "squat"),
        (5, "done", "bridge"),
    ] {
        writeln!(sessions, "A,{},{status},{exercise}", day(n)).unwrap();
    }
    let study = with(&sessions, &program_csv(7, 2), "");
    let exercises = of(&study).exercises.unwrap();
    close(exercises.raw, 1.0);
    // By sessions: 1 + 2/3 + 1 done of 2.
    // Shares of a session are held in 32 bits.
    assert!((of(&study).raw - (1.0 + 2.0 / 3.0 + 1.0) / 2.0).abs() < 1e-6);
    assert!(study.adherence.variants.minutes.reason().unwrap().contains("no column minutes"));
}

#[test]
fn minutes_count_against_the_minutes_prescribed_and_sessions_without_minutes_are_unlogged_ones() {
    // 60 minutes and 3 sessions a week, 20 minutes a session. 25 minutes done, one done without minutes, one not logged; the minutes of
    // the missed session count for nothing. 25/60, and (25 + 20)/60 if the one without minutes took 20.
    let sessions = "patient_id,date,status,minutes\nA,2024-01-01,done,25\nA,2024-01-02,done,\nA,2024-01-03,missed,30\n";
    let study = with(sessions, &program_csv(7, 3), "[adherence]\nprescribed_minutes = 60\n");
    let minutes = of(&study).in_minutes.unwrap();
    close(minutes.raw, 25.0 / 60.0);
    close(minutes.raw_upper, 45.0 / 60.0);
    assert_eq!(of(&study).minutes, Some(25.0));
    let without = with(sessions, &program_csv(7, 3), "");
    assert!(without.adherence.variants.minutes.reason().unwrap().contains("adherence.prescribed_minutes"));
}

#[test]
fn a_program_is_begun_by_a_first_session_in_time_where_its_start_is_recorded() {
    let begun = |first: i32, settings: &str| {
        let sessions = sessions_csv([(2, "functional", "missed"), (first, "functional", "done")]);
        let study = with(&sessions, &program_csv(60, 2), settings);
        (of(&study).initiation.days, of(&study).initiation.within)
    };
    // Day 15 is 14 days after day 1; a missed session begins nothing.
    assert_eq!(begun(15, ""), (Some(14), Some(true)));
    assert_eq!(begun(16, ""), (Some(15), Some(false)));
    assert_eq!(begun(16, "[adherence]\ninitiation_days = 15\n"), (Some(15), Some(true)));
    // Never: after 59 days it is known.
    let never = with(&sessions_csv([(2, "functional", "missed")]), &program_csv(60, 2), "");
    assert_eq!((of(&never).initiation.days, of(&never).initiation.within), (None, Some(false)));
    // Without a recorded start the first session is the start.
    let derived = study(&[
        ("sessions.csv", &sessions_csv([(1, "functional", "done"), (9, "maintenance", "done")])),
        ("pain.csv", &pain_csv([(1, 5.0)])),
        ("study.toml", "[adherence]\nprescribed_per_week = 2\n"),
    ]);
    assert_eq!(of(&derived).initiation.within, None);
    assert_eq!(derived.adherence.variants.initiation.unknown, 1);
}

#[test]
fn a_week_belongs_to_the_phase_of_most_of_its_sessions() {
    // Week 1: flexibility twice, strengthening once. Week 2: none. Week 3: one each, strengthening later. 2 a week.
    let sessions = sessions_csv([
        (1, "flexibility", "done"),
        (2, "strengthening", "done"),
        (3, "flexibility", "missed"),
        (15, "flexibility", "done"),
        (16, "strengthening", "missed"),
    ]);
    let study = with(&sessions, &program_csv(21, 2), "");
    let phases: Vec<(Phase, usize, f64)> =
        of(&study).phases.iter().map(|found| (found.phase, found.sessions.weeks, found.sessions.weekly_capped)).collect();
    // Flexibility: weeks 1 (2 of 2 done) and 2 (0 of 2). Strengthening: week 3 (1 of 2).
    assert_eq!(phases, [(Phase::Flexibility, 2, 0.5), (Phase::Strengthening, 1, 0.5)]);
}

#[test]
fn sessions_are_told_apart_by_where_they_took_place() {
    let sessions = "patient_id,date,status,setting\nA,2024-01-01,done,clinic\nA,2024-01-02,done,home\nA,2024-01-03,missed,home\n\
                    A,2024-01-04,partial,home\nA,2024-01-05,done,\n";
    let study = with(sessions, &program_csv(7, 5), "");
    let found: Vec<(Setting, f64, f64)> =
        study.cohort.courses[0].settings.iter().map(|found| (found.setting, found.done, found.missed)).collect();
    assert_eq!(found, [(Setting::Clinic, 1.0, 0.0), (Setting::Home, 1.5, 1.5)]);
    assert_eq!(study.adherence.variants.settings[1].done_of_logged.mean, 0.5);
}

#[test]
fn a_preset_changes_what_is_called_adherence_and_nothing_else() {
    let sessions =
        sessions_csv([(1, "functional", "done"), (2, "functional", "done"), (3, "functional", "done"), (8, "functional", "done")]);
    // 2 a week over 2 weeks: 3 and 1 done. Weekly capped 3/4, raw 1, one of two weeks at 80 %.
    let value = |settings: &str| of(&with(&sessions, &program_csv(14, 2), settings)).value;
    close(value(""), 0.75);
    close(value("[adherence]\npreset = \"de-geest-2018\"\n"), 0.75);
    close(value("[adherence]\npreset = \"cma2\"\n"), 1.0);
    close(value("[adherence]\npreset = \"bailey-2020\"\n"), 1.0);
    close(value("[adherence]\npreset = \"pdc\"\n"), 0.5);
    close(value("[adherence]\npreset = \"pdc\"\nadherent_week = 0.5\n"), 1.0);
    // 80 % is asked of the ratio called adherence: raw 1 reaches it, weekly capped 3/4 does not.
    let adherent = |settings: &str| {
        let study = with(&sessions, &program_csv(14, 2), settings);
        study.adherence.adherent_patients.value().unwrap().count
    };
    assert_eq!((adherent(""), adherent("[adherence]\npreset = \"bailey-2020\"\n")), (0, 1));
}

#[test]
fn the_report_says_what_is_called_adherence_with_its_own_bound_and_what_overrides_a_preset() {
    // 2 a week over 3 weeks: 6 done in the first, 2 missed in each of the others. Raw 6 of 6, and nothing unlogged.
    let done = (1..=6).map(|n| (n, "functional", "done"));
    let sessions = sessions_csv(done.chain([8, 9, 15, 16].map(|n| (n, "functional", "missed"))));
    let program = program_csv(21, 2);
    let text = |settings: &str| report(&with(&sessions, &program, settings)).1;
    let cma2 = text("[adherence]\npreset = \"cma2\"\n");
    assert!(cma2.contains("sessions done over sessions prescribed; up to 100 % if all unlogged sessions were done"), "{cma2}");
    assert!(cma2.contains("Had every unlogged session been done, adherence would be 100 %.") && !cma2.contains("are written beside it"));
    let own = text("[adherence]\npreset = \"pdc\"\nadherent_week = 0.75\n");
    assert!(own.contains("share of weeks with enough of their prescription done; up to 33 %"), "{own}");
    assert!(own.contains("; other values are written beside it"), "{own}");
}
