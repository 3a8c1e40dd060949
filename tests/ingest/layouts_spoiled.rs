//! Files of the unfolded layouts, spoiled at random: never a panic, never a row lost.

use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use staywell::ingest::FileAccount;

use super::study::StudyFolder;

const REDCAP: &str = "record_id,redcap_event_name,redcap_repeat_instrument,redcap_repeat_instance,start,sex,day,pain,box___1,box____9,diary_complete\n\
    1,base_arm_1,,,2024-01-01,1,,,0,0,\n1,base_arm_1,diary,1,,,2024-01-02,4,1,0,2\n1,base_arm_1,diary,2,,,2024-01-03,\"3\",0,1,2\n\
    1,end_arm_1,,,,2,,,0,0,\n2,base_arm_1,,,2024-02-01,2,,,0,0,\n2,base_arm_1,diary,1,,,2024-02-02,10,1,0,2\n";
const DICTIONARY: &str = "Variable / Field Name,Form Name,Field Type,Field Label,\"Choices, Calculations, OR Slider Labels\",Field Annotation\n\
    record_id,base,text,ID,,\nsex,base,radio,Sex,\"1, Female | 2, <b>Male</b>\",\npain,diary,radio,Pain,\"0, 0 none | 10, 10 worst\",Missing: -9\n\
    box,diary,checkbox,Where,\"1, Back | -9, Unknown\",@NOMISSING\n";
const WIDE: &str = "id,start,d1,d2,d3,w1,w2\nA,2024-01-01,1,,3,5,2 days\nB,13/02/2024,4,x,\"6\",STOP,\nC,,7,8,9,0,7.\n";
const TOML: &str = "[files.patients]\npath = \"redcap.csv\"\nredcap = { events = [\"base_arm_1\"], dictionary = \"dictionary.csv\" }\ncolumns = { sex = \"sex\", site = \"box\" }\n\
    [files.programs]\npath = \"redcap.csv\"\nredcap = {}\n\
    [[files.pain]]\npath = \"redcap.csv\"\nredcap = { instrument = \"diary\", dictionary = \"dictionary.csv\" }\ncolumns = { date = \"day\" }\n\
    [[files.pain]]\npath = \"wide.csv\"\nwide = { columns = \"d*\", value = \"pain\", start = \"start\" }\n\
    [files.sessions]\npath = \"wide.csv\"\nwide = { columns = \"d*\", value = \"sessions\", start = \"start\" }\n\
    [checks]\nunknown_patient = \"keep\"\n";
const WEEKLY: &str = "[[files.pain]]\npath = \"wide.csv\"\nweekly = { columns = \"w*\", start = \"start\" }\n\
    [[files.pain]]\npath = \"wide.csv\"\nweekly = { answer = \"w2\", week = \"d1\", start = \"start\", corrections = \"refuse\" }\n";

/// One to four wounds of the kinds files get: cut, doubled, moved, overwritten.
fn spoiled(text: &str, random: &mut ChaCha8Rng) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    for _ in 0..random.random_range(1..=4) {
        let at = random.random_range(0..=bytes.len());
        let end = random.random_range(at..=bytes.len().min(at + 40));
        match random.random_range(0..6) {
            0 => drop(bytes.drain(at..end)),
            1 => bytes.truncate(at),
            2 => bytes.splice(at..at, bytes[at..end].to_vec()).for_each(drop),
            3 => bytes.insert(at, *b"\",;\n\r\0\xFF-<|".get(random.random_range(0..10)).unwrap_or(&b'"')),
            4 => bytes[at..end].reverse(),
            _ => bytes[at..end].fill(u8::try_from(random.next_u32() & 0xFF).unwrap_or(0)),
        }
    }
    bytes
}

#[test]
fn spoiled_files_are_refused_or_every_row_is_accounted_for() {
    let mut random = ChaCha8Rng::seed_from_u64(4);
    let (mut read, mut rejected) = (0, 0);
    for _ in 0..400 {
        let spoil = random.random_range(0..3);
        let mut with = |which: u32, text: &str| if spoil == which { spoiled(text, &mut random) } else { text.as_bytes().to_vec() };
        let (redcap, dictionary, wide) = (with(0, REDCAP), with(1, DICTIONARY), with(2, WIDE));
        for toml in [TOML, WEEKLY] {
            let folder = StudyFolder::clean().with("redcap.csv", &redcap).with("dictionary.csv", &dictionary).with("wide.csv", &wide);
            if let Ok(logs) = folder.with("study.toml", toml).try_read() {
                assert!(logs.reading.files.iter().all(FileAccount::balances));
                read += 1;
                rejected += logs.reading.rows_rejected();
            }
        }
    }
    // Most wounds cost a row or two, not the file.
    assert!(read > 300 && rejected > 1000, "{read} read, {rejected} rejected");
}
