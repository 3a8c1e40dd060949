use std::fmt::Write;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::{day, study};

/// Patients over 12 weeks; pain falls by 0.2 a week and by `more` a week for each 10 % of adherence so far above a half.
fn cohort(patients: usize, more: f64) -> staywell::study::Study {
    let mut rng = ChaCha8Rng::seed_from_u64(5);
    let (mut sessions, mut pain) = ("patient_id,date,status\n".to_owned(), "patient_id,date,pain\n".to_owned());
    let mut programs = "patient_id,start,completed_on,outcome,prescribed_per_week\n".to_owned();
    for patient in 0..patients {
        writeln!(programs, "P{patient},{},{},completed,5", day(8), day(91)).unwrap();
        writeln!(pain, "P{patient},{},{}", day(5), 6 + patient % 3).unwrap();
        let level = rng.random::<f64>() - 0.5;
        let usual = 1 + patient % 5;
        let mut done_so_far = 0.0;
        for week in 0..12 {
            let so_far = if week > 0 { done_so_far / f64::from(week) } else { 0.5 };
            let score = 6.0 + level + f64::from(week) * (-0.2 + more * 10.0 * (so_far - 0.5)) + 0.6 * (rng.random::<f64>() - 0.5);
            // Sessions are logged on the first days of a week, pain on its last.
            for session in 0..usual {
                writeln!(sessions, "P{patient},{},done", day(8 + 7 * week + session as i32)).unwrap();
            }
            done_so_far += usual as f64 / 5.0;
            writeln!(pain, "P{patient},{},{:.4}", day(14 + 7 * week), score.clamp(0.0, 10.0)).unwrap();
        }
    }
    study(&[("sessions.csv", &sessions), ("pain.csv", &pain), ("programs.csv", &programs)])
}

#[test]
fn the_interaction_of_week_and_adherence_so_far_is_found_again() {
    let study = cohort(100, -0.03);
    let model = study.pain.by_adherence.value().unwrap();
    // Week 1 has nothing before it: 11 weeks of 100 patients.
    assert_eq!((model.patients, model.weeks), (100, 1_100));
    let interval = model.interaction.interval.unwrap();
    assert!(interval.lower < -0.03 && -0.03 < interval.upper && interval.upper < 0.0, "{:?}", model.interaction);
}

#[test]
fn too_few_patients_are_not_testable_and_the_reason_says_what_is_missing() {
    let study = cohort(10, 0.0);
    let reason = study.pain.by_adherence.reason().unwrap();
    assert!(reason.contains("10 of the 20 patients"), "{reason}");
}
