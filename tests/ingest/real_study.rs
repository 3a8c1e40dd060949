//! The logs of `sample-data/real`, read as their owners exported them.

use std::path::Path;

use staywell::domain::Day;
use staywell::ingest::{Logs, open_study, read_study};

fn logs() -> Logs {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample-data/real");
    let (folder, study) = open_study(&folder, None).unwrap();
    read_study(&folder, &study).unwrap()
}

#[test]
fn every_row_of_the_real_logs_is_accounted_for() {
    let logs = logs();
    assert_eq!(logs.patients.ids, ["participant-1", "participant-2", "participant-3", "participant-7", "participant-8"]);
    // Rows and rows of the symptom were counted with Python's csv module on the same files.
    let accounts: Vec<(&str, usize, usize)> =
        logs.reading.files.iter().map(|file| (file.file.as_str(), file.read, file.read - file.filtered - file.rejected)).collect();
    assert_eq!(
        accounts,
        [
            ("P1_sport.csv", 357, 357),
            ("P1_pain.csv", 3281, 680),
            ("P2_Participant2Pain.csv", 562, 558),
            ("P2_Participant2PainNew.csv", 929, 873),
            ("P8_Participant8Pain.csv", 1736, 379),
            ("P8_Participant8PainNew.csv", 2398, 468),
            ("P3_Participant3KneePain.csv", 95, 86),
            ("P7_Participant7Pain.csv", 220, 74),
        ]
    );
    assert!(logs.reading.files.iter().all(staywell::ingest::FileAccount::balances));
    assert_eq!(logs.reading.rejected.len(), 30);
    assert!(
        logs.reading
            .rejected
            .iter()
            .all(|row| row.file == "P1_pain.csv" && row.rule == "wrong_number_of_cells" && row.raw.contains("could be"))
    );
}

#[test]
fn blanks_are_filled_down_and_overlapping_exports_give_each_day_once() {
    let logs = logs();
    let first = logs.pain.rows(0).start;
    assert_eq!(Day(logs.pain.day[first]).to_string(), "2022-01-01");
    for patient in 0..logs.n_patients() {
        let days = &logs.pain.day[logs.pain.rows(patient)];
        assert!(days.len() > 50 && days.windows(2).all(|pair| pair[0] < pair[1]), "{}", logs.patients.ids[patient]);
    }
    assert_eq!(logs.sessions.offsets[1], logs.sessions.day.len(), "only participant 1 has a sport log");
    assert!(logs.sessions.has_exercise && !logs.sessions.has_phase);
}
