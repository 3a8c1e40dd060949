//! Plain cells are read in fewer steps than others, to the same values: messy logs read in one go, and again one row a block with a word
//! for "missing" that no cell has, which makes every cell go through all rules.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use staywell::ingest::{Asked, BlockSize, open_study, read_study_as};

use super::study::StudyFolder;

/// Cells of a column, the usual ones first.
struct Cells {
    usual: &'static [&'static str],
    odd: &'static [&'static str],
}

const IDS: Cells = Cells {
    usual: &["P1", "P2", "P0000003", "patient-number-000000004", "5"],
    odd: &["", " P1", "P1 ", "\"P1\"", "\"P, 1\"", "NA", "na", "é", "P1\u{a0}", "\"two\nlines\"", "P\"1", "#7", "P11"],
};
const DATES: Cells = Cells {
    usual: &["2024-01-01", "2024-02-29", "2024-02-28", "2023-12-31", "2024-03-01"],
    odd: &[
        "",
        "NA",
        "soon",
        "2023-02-29",
        "2024-13-01",
        "2024-00-10",
        "2024-01-32",
        "1899-12-31",
        "1900-01-01",
        "2200-12-31",
        "2201-01-01",
        " 2024-01-01",
        "\"2024-01-01\"",
        "2024-01-01 10:00",
        "2024-01-01T10:00:00Z",
        "2024/1/5",
        "31/01/2024",
        "05.01.2024",
        "2024-01-0",
        "2024-01-011",
    ],
};
const SCORES: Cells = Cells {
    usual: &["0", "7", "10", "3.5", "03"],
    odd: &[
        "", "NA", "11", "-1", "+2", "7,5", "\"7,5\"", "\"4\"", " 4", "4 ", ".5", "5.", "1e0", "9.99", "0.125", "12345678", "seven",
        "10.01", "é",
    ],
};
const ANSWERS: Cells = Cells { usual: &["yes", "no", "", "1", "0"], odd: &["YES", "maybe", "\"yes\"", "NA", " no", "ja ", "-"] };
const PHASES: Cells = Cells {
    usual: &["strengthening", "program", "maintenance", "", "balance"],
    odd: &["Program", "\"program\"", "NA", "home program", "programs", "PROPRIOCEPTIVE", "proprioception and more", "programm", "prograM "],
};
const STATUSES: Cells =
    Cells { usual: &["done", "missed", "partial", "1", "0"], odd: &["", "Done", "NA", "\"done\"", "2", "yes", "half done"] };
const MINUTES: Cells = Cells { usual: &["30", "45.5", "", "0", "120"], odd: &["-5", "NA", "\"30\"", "30 min", "1000000", "12.345", " 7"] };
const EVENTS: Cells = Cells { usual: &["surgery", "imaging", "died"], odd: &["", "Surgery", "NA", "operation", "\"died\""] };
const NOTES: Cells = Cells { usual: &["", "fine", "a b"], odd: &["\"a, b\"", "\"say \"\"ah\"\"\"", "5\" tall", "\"\n\"", "é", "\u{1}"] };

/// A log whose rows are drawn, its columns now and then in another order.
fn log(rng: &mut ChaCha8Rng, columns: &[(&str, &Cells)], odd: f64) -> String {
    let delimiter = [",", ";", "\t"][rng.random_range(0..3)];
    let mut order: Vec<&(&str, &Cells)> = columns.iter().collect();
    if rng.random_bool(0.3) {
        let first = rng.random_range(0..order.len());
        order.rotate_left(first);
    }
    let header: Vec<&str> = order.iter().map(|(name, _)| *name).collect();
    let mut text = format!("{}\n", header.join(delimiter));
    let mut id = "P1";
    for _ in 0..rng.random_range(1..40) {
        if rng.random_bool(0.3) {
            id = IDS.usual[rng.random_range(0..IDS.usual.len())];
        }
        let mut cells: Vec<&str> = Vec::new();
        for &&(name, known) in &order {
            let pool = if rng.random_bool(odd) { known.odd } else { known.usual };
            let drawn = pool[rng.random_range(0..pool.len())];
            cells.push(if name == "patient_id" && pool[0] == IDS.usual[0] { id } else { drawn });
        }
        if rng.random_bool(odd / 2.0) {
            cells.truncate(rng.random_range(1..=cells.len()));
        }
        if rng.random_bool(odd / 2.0) {
            cells.push(["", "more"][rng.random_range(0..2)]);
        }
        let end =
            if rng.random_bool(odd) { ["\r\n", "\r", "\n\n", "\n#, no row\n", "\n ,,\n", "\n\"\n"][rng.random_range(0..6)] } else { "\n" };
        text.push_str(&cells.join(delimiter));
        text.push_str(end);
    }
    if rng.random_bool(0.3) {
        text.truncate(text.trim_end().len());
    }
    text
}

/// Settings of one log; `words` are the ones for "missing".
fn settings(rng: &mut ChaCha8Rng, kind: &str) -> (String, String) {
    let word = match kind {
        "pain" => "lasted_24h",
        "sessions" => "phase",
        _ => "event",
    };
    let filled = format!("fill_down = [\"patient_id\", \"{word}\"]\n");
    let mut lines = format!("[files.{kind}]\npath = \"{kind}.csv\"\n");
    for (line, chance) in [
        ("comment = \"#\"\n", 0.3),
        (filled.as_str(), 0.25),
        ("date_order = \"day-first\"\n", 0.4),
        ("decimal = \",\"\n", 0.15),
        ("filter = { column = \"note\", equals = [\"fine\", \"a b\", \"\"] }\n", 0.2),
    ] {
        if rng.random_bool(chance) {
            lines.push_str(line);
        }
    }
    let slow = format!("{lines}missing = [\"in no cell of these\"]\n");
    (lines, slow)
}

fn read(folder: &StudyFolder, bytes: usize) -> String {
    let result = open_study(folder.path(), None)
        .and_then(|(path, study)| read_study_as(&path, &study, &Asked { block_size: BlockSize { bytes }, ..Asked::default() }));
    match result {
        Ok(logs) => format!("{logs:?}"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn plain_cells_are_read_as_the_rules_read_them() {
    let logs: [(&str, &[(&str, &Cells)]); 3] = [
        ("pain", &[("patient_id", &IDS), ("date", &DATES), ("pain", &SCORES), ("lasted_24h", &ANSWERS), ("note", &NOTES)]),
        (
            "sessions",
            &[
                ("patient_id", &IDS),
                ("date", &DATES),
                ("phase", &PHASES),
                ("note", &NOTES),
                ("minutes", &MINUTES),
                ("status", &STATUSES),
                ("prescribed", &MINUTES),
                ("technique", &SCORES),
            ],
        ),
        ("events", &[("patient_id", &IDS), ("date", &DATES), ("event", &EVENTS), ("note", &NOTES)]),
    ];
    let mut usable = 0;
    for seed in 0..400 {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let (mut plain, mut slow) = (String::new(), String::new());
        if rng.random_bool(0.5) {
            let checks = "[study]\ncut_off = 2024-03-01\n[checks]\nunknown_patient = \"reject\"\npain_before_program = \"reject\"\n";
            plain.push_str(checks);
            slow.push_str(checks);
        }
        let mut folder = StudyFolder::clean()
            .with("patients.csv", "patient_id\nP1\nP2\nP0000003\n\"P, 1\"\n")
            .with("programs.csv", "patient_id,start\nP1,2024-01-01\nP2,2024-02-29\n");
        for (kind, columns) in logs {
            let odd = [0.0, 0.02, 0.2][rng.random_range(0..3)];
            folder = folder.with(&format!("{kind}.csv"), log(&mut rng, columns, odd));
            let (lines, with_words) = settings(&mut rng, kind);
            plain.push_str(&lines);
            slow.push_str(&with_words);
        }
        let folder = folder.with("study.toml", &plain);
        let in_one_go = read(&folder, 1 << 20);
        let folder = folder.with("study.toml", &slow);
        assert_eq!(in_one_go, read(&folder, 1), "seed {seed}\n{plain}");
        usable += usize::from(in_one_go.starts_with("Logs"));
    }
    assert!(usable > 150, "only {usable} of the studies could be read at all");
}
