use std::fmt::Write;

use staywell::analysis::{Instrument, NoScore, Part};
use staywell::study::Study;

use super::{day, pain_csv, program_csv, report, sessions_csv, study};

/// Measures of patient A (day, name, value) around a program from day 1 to day 84.
fn measured(rows: &[(i32, &str, f64)], settings: &str) -> Study {
    let mut measures = "patient_id,date,measure,value\n".to_owned();
    for (n, name, value) in rows {
        writeln!(measures, "A,{},{name},{value}", day(*n)).unwrap();
    }
    study(&[
        ("sessions.csv", &sessions_csv([(1, "functional", "done")])),
        ("pain.csv", &pain_csv([(1, 5.0), (120, 5.0)])),
        ("programs.csv", &program_csv(84, 2)),
        ("measures.csv", &measures),
        ("study.toml", settings),
    ])
}

#[test]
fn items_are_scored_by_each_questionnaire_s_own_rule() {
    // The ODI's own example: nine sections answered, 16 points: 16/45 = 35.6 %.
    let mut odi = vec![Some(2.0); 8];
    odi.extend([Some(0.0), None]);
    assert!((Instrument::Odi.score_items(&odi).unwrap() - 100.0 * 16.0 / 45.0).abs() < 1e-12);
    assert_eq!(Instrument::Odi.score_items(&[vec![Some(2.0); 7], vec![None; 3]].concat()), Err(NoScore::TooFewAnswers));
    assert_eq!(Instrument::Odi.score_items(&[vec![Some(2.0); 9], vec![Some(6.0)]].concat()), Err(NoScore::OutOfRange));
    // RMDQ: a missing item is not guessed.
    assert_eq!(Instrument::Rmdq.score_items(&[vec![Some(1.0); 7], vec![Some(0.0); 17]].concat()), Ok(7.0));
    assert_eq!(Instrument::Rmdq.score_items(&[vec![Some(1.0); 23], vec![None]].concat()), Err(NoScore::TooFewAnswers));
    assert_eq!(Instrument::Ears.score_items(&[Some(3.0); 6]), Ok(18.0));
    assert_eq!(Instrument::Ears.score_items(&[Some(3.5); 6]), Err(NoScore::OutOfRange));
    assert_eq!(Instrument::Pgic.check_total(8.0), Err(NoScore::OutOfRange));
    assert_eq!(Instrument::Odi.check_total(35.5), Ok(35.5));
}

#[test]
fn names_of_scores_and_items_are_known_as_clinics_spell_them() {
    for (name, found) in [
        ("ODI", Some((Instrument::Odi, Part::Total))),
        ("odi_total", Some((Instrument::Odi, Part::Total))),
        ("ODI item 3", Some((Instrument::Odi, Part::Item(3)))),
        ("odi_q10", Some((Instrument::Odi, Part::Item(10)))),
        ("odi_11", None),
        ("Oswestry", Some((Instrument::Odi, Part::Total))),
        ("rmdq24", Some((Instrument::Rmdq, Part::Item(24)))),
        ("Roland-Morris", Some((Instrument::Rmdq, Part::Total))),
        ("PGIC", Some((Instrument::Pgic, Part::Total))),
        ("ears_6", Some((Instrument::Ears, Part::Item(6)))),
        ("flexion_cm", None),
    ] {
        assert_eq!(Instrument::recognize(name), found, "{name}");
    }
}

#[test]
fn the_change_is_from_the_last_score_at_the_start_to_the_last_at_the_end() {
    // Start: day 5 (within 7 days), not day −30 or day 40. End: day 100 (16 days after day 84), not day 120.
    let rows = [(-30, "ODI", 60.0), (5, "ODI", 44.0), (40, "ODI", 30.0), (100, "ODI", 34.0), (120, "ODI", 10.0)];
    let study = measured(&rows, "");
    let odi = &study.questionnaires[0];
    assert_eq!((odi.instrument, odi.patients, odi.scores), (Instrument::Odi, 1, 5));
    assert_eq!((odi.start.value().unwrap().mean, odi.end.value().unwrap().mean), (44.0, 34.0));
    // 10 points less is important; 10 of 44 is 23 %, which is not.
    let responded: Vec<usize> = odi.important.iter().map(|found| found.imputed.value().unwrap().count).collect();
    assert_eq!(responded, [1, 0]);
    let bands: Vec<(&str, usize, usize)> = odi.bands.iter().map(|band| (band.band, band.start, band.end)).collect();
    assert_eq!(bands, [("minimal", 0, 0), ("moderate", 0, 1), ("severe", 1, 0), ("crippling", 0, 0), ("greatest", 0, 0)]);
}

#[test]
fn a_score_between_whole_numbers_is_in_the_band_above() {
    let study = measured(&[(1, "ODI", 20.5), (84, "ODI", 20.0)], "");
    let bands: Vec<(usize, usize)> = study.questionnaires[0].bands.iter().map(|band| (band.start, band.end)).collect();
    assert_eq!(bands[..2], [(0, 1), (1, 0)]);
}

#[test]
fn impossible_scores_are_counted_and_not_used() {
    let study = measured(&[(1, "RMDQ", 25.0), (2, "rmdq_1", 1.0), (84, "RMDQ", 3.0)], "");
    let rmdq = &study.questionnaires[0];
    assert_eq!(rmdq.refused.get(&NoScore::OutOfRange), Some(&1));
    assert_eq!(rmdq.refused.get(&NoScore::TooFewAnswers), Some(&1));
    assert_eq!((rmdq.scores, rmdq.start.value()), (1, None));
}

#[test]
fn the_best_two_categories_of_the_global_impression_hang_on_its_coding() {
    let good = |settings: &str| {
        let study = measured(&[(84, "PGIC", 2.0)], settings);
        study.questionnaires[0].good_at_end.as_ref().unwrap().value().unwrap().count
    };
    assert_eq!((good(""), good("[questionnaires]\npgic_best = 7\n")), (1, 0));
    // The report says which it took.
    for (settings, said) in [("", "PGIC 1–7, 1 is"), ("[questionnaires]\npgic_best = 7\n", "PGIC 1–7, 7 is")] {
        assert!(report(&measured(&[(84, "PGIC", 2.0)], settings)).1.contains(said));
    }
}

#[test]
fn other_measurements_are_no_questionnaire() {
    assert!(measured(&[(1, "flexion_cm", 12.0)], "").questionnaires.is_empty());
}

#[test]
fn a_name_that_tells_the_number_of_items_is_the_score() {
    let study = measured(&[(1, "RMDQ-24", 12.0), (84, "RMDQ-24", 6.0)], "");
    assert_eq!(study.questionnaires[0].start.value().unwrap().mean, 12.0);
}
