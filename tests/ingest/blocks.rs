//! The result does not depend on how a file is cut into blocks.

use proptest::prelude::*;
use staywell::ingest::{Asked, BlockSize, Logs, open_study, read_study_as};

use super::study::StudyFolder;

fn row() -> impl Strategy<Value = String> {
    let id = prop_oneof![4 => "P[0-9]", 1 => Just(String::new()), 1 => Just("\"P, 1\"".to_owned()), 1 => Just("\"P\n1\"".to_owned())];
    let date = prop_oneof![5 => "2024-0[1-9]-[0-3][0-9]", 1 => "[0-3]?[0-9]/1[0-2]/2024", 1 => Just("soon".to_owned()), 1 => Just("\"2024-01-01\"".to_owned()),
        1 => Just("2024-01-01T23:00:00Z".to_owned()), 1 => Just("Mon 5 Mar 2024".to_owned())];
    let pain = prop_oneof![5 => "[0-9]", 1 => "1[0-9]", 1 => Just("\"7,5\"".to_owned()), 1 => Just("\"say \"\"ah\"\"".to_owned()), 1 => Just("é".to_owned()), 1 => Just("5\0".to_owned())];
    let end = prop_oneof![4 => Just("\n"), 2 => Just("\r\n"), 1 => Just(",,\n"), 1 => Just("\n\n"), 1 => Just("\r")];
    (id, date, pain, end).prop_map(|(id, date, pain, end)| format!("{id},{date},{pain}{end}"))
}

fn read(folder: &StudyFolder, bytes: usize) -> Result<Logs, String> {
    let (path, study) = open_study(folder.path(), None).map_err(|error| error.to_string())?;
    read_study_as(&path, &study, &Asked { block_size: BlockSize { bytes }, ..Asked::default() }).map_err(|error| error.to_string())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]
    #[test]
    fn blocks_of_64_bytes_give_what_one_block_gives(rows in prop::collection::vec(row(), 1..60), western in any::<bool>(), fill in any::<bool>()) {
        let text = format!("patient_id,date,pain\nP0,2024-01-01,5\n{}", rows.concat());
        let bytes: Vec<u8> = if western { text.chars().map(|c| c as u32 as u8).collect() } else { text.into_bytes() };
        let toml = if fill { "[files.pain]\nfill_down = [\"patient_id\"]\n" } else { "" };
        let folder = StudyFolder::clean().with("pain.csv", bytes).with("study.toml", toml);
        let (one, many) = (read(&folder, 4 << 20), read(&folder, 64));
        prop_assert_eq!(one.as_ref().err(), many.as_ref().err());
        if let (Ok(one), Ok(many)) = (one, many) {
            prop_assert_eq!(&one.patients.ids, &many.patients.ids);
            prop_assert_eq!((&one.pain.offsets, &one.pain.day, &one.pain.score), (&many.pain.offsets, &many.pain.day, &many.pain.score));
            let rows = 0..=one.pain.day.len();
            prop_assert!(rows.into_iter().all(|row| one.pain.places.of(row) == many.pain.places.of(row)));
            prop_assert_eq!(&one.reading.rejected, &many.reading.rejected);
            prop_assert_eq!(&one.reading.notes, &many.reading.notes);
            prop_assert_eq!(&one.input_hash, &many.input_hash);
            for (a, b) in one.reading.files.iter().zip(&many.reading.files) {
                prop_assert!(a.balances());
                prop_assert_eq!(format!("{a:?}"), format!("{b:?}"));
            }
        }
    }
}

#[test]
fn unticked_boxes_are_missed_sessions_in_whichever_block_they_stand() {
    let rows: Vec<String> =
        (0..60).map(|at| format!("P{},2024-01-{:02},{}\n", at % 3, at / 3 + 1, if at == 41 { "x" } else { "" })).collect();
    let folder = StudyFolder::clean().with("sessions.csv", format!("patient_id,date,done\n{}", rows.concat()));
    for bytes in [64, 4 << 20] {
        let status = read(&folder, bytes).unwrap().sessions.status;
        let done: Vec<usize> = (0..60).filter(|&at| status[at] == staywell::domain::SessionStatus::Done).collect();
        // Row 41 is the 14th day of P2, which comes after the 20 days each of P0 and P1.
        assert_eq!(done, [53], "{bytes}");
    }
}
