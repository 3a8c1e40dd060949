//! Thousands of seeded corruptions of valid studies: nothing panics or hangs, every row is accounted for, and what is
//! kept is what stands in the file.
//!
//! `valid` writes studies in many dresses and remembers what each row says; `corruption` spoils one file; `reference`
//! cuts the spoiled file into records and `meaning` reads their cells, slowly and by the documented rules alone;
//! `kept` says by file and line what staywell made of it; `verdict` compares. Where this reading knows less than staywell
//! (a further way to write a date, say), it says so and does not judge.

#![allow(clippy::pedantic, clippy::type_complexity, reason = "a model to compare with, written to be obvious")]

mod corruption;
mod hostile;
mod kept;
mod meaning;
mod reference;
mod valid;
mod verdict;

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use staywell::ingest::{Asked, BlockSize, IngestError, Logs, open_study, read_study_as};

use corruption::Corruption;
use valid::ValidStudy;

/// Reads a study in blocks of a size; a panic is told from a refusal.
fn read(study: &ValidStudy, bytes: usize) -> Result<Result<Logs, IngestError>, String> {
    catch_unwind(AssertUnwindSafe(|| {
        let (folder, settings) = open_study(study.path(), None)?;
        read_study_as(&folder, &settings, &Asked { block_size: BlockSize { bytes }, ..Asked::default() })
    }))
    .map_err(|panic| match panic.downcast::<String>() {
        Ok(text) => format!("panic: {text}"),
        Err(panic) => panic.downcast::<&str>().map_or_else(|_| "panic".to_owned(), |text| format!("panic: {text}")),
    })
}

/// What must not depend on the size of blocks.
fn fingerprint(read: &Result<Logs, IngestError>) -> String {
    match read {
        Ok(logs) => format!("{logs:?}"),
        Err(error) => format!("{error:?}"),
    }
}

const BLOCKS: [usize; 3] = [4 << 20, 64, 4 << 10];

fn alone() -> &'static rayon::ThreadPool {
    static POOL: std::sync::OnceLock<rayon::ThreadPool> = std::sync::OnceLock::new();
    POOL.get_or_init(|| rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap())
}

/// One corrupted study, checked; what the reference could not judge.
fn check(study: &ValidStudy, file: usize, spoiled: &[u8], shorten: bool) -> Result<usize, String> {
    study.write(file, spoiled);
    let sizes = if shorten { &BLOCKS[..2] } else { &BLOCKS[..] };
    let mut first: Option<(String, Result<Logs, IngestError>)> = None;
    for &bytes in sizes {
        // Small blocks are read in turn, large ones by as many threads as there are.
        let outcome = if bytes == BLOCKS[0] { read(study, bytes) } else { alone().install(|| read(study, bytes)) }?;
        let print = fingerprint(&outcome);
        match &first {
            None => first = Some((print, outcome)),
            Some((known, _)) if *known == print => {}
            Some((known, _)) => return Err(format!("blocks of {bytes} bytes change the result\n  {}", difference(known, &print))),
        }
    }
    let outcome = first.map(|(_, outcome)| outcome).ok_or("nothing was read")?;
    verdict::judge(study, file, spoiled, &outcome)
}

/// The surroundings of the first difference of two texts.
fn difference(one: &str, other: &str) -> String {
    let at = one.bytes().zip(other.bytes()).position(|(a, b)| a != b).unwrap_or(one.len().min(other.len()));
    let around = |text: &str| String::from_utf8_lossy(&text.as_bytes()[at.saturating_sub(80)..(at + 80).min(text.len())]).into_owned();
    format!("{}\n  {}", around(one), around(other))
}

/// Faults after which a run stops.
const SHOWN: usize = 12;

/// Runs `cases` corruptions and tells of the first ones that are not borne.
fn run(cases: usize, seed: u64) {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let (mut ran, mut beyond): (BTreeMap<&str, usize>, usize) = (BTreeMap::new(), 0);
    let mut studies: Vec<ValidStudy> = (0..valid::DRESSES).map(|dress| ValidStudy::new(dress, seed.wrapping_add(dress as u64))).collect();
    for study in &studies {
        let left = check(study, 0, &study.files[0].bytes, false).unwrap_or_else(|fault| panic!("dress {}: {fault}", study.dress.name));
        assert_eq!(left, 0, "the reference knows every cell of a valid study: {}", study.dress.name);
    }
    let (mut faults, mut first) = (Vec::new(), None);
    for case in 0..cases {
        let corruption = Corruption::ALL[case % Corruption::ALL.len()];
        // Megabytes through a debug build are slow: a few of each are enough.
        let huge = matches!(corruption, Corruption::HugeField | Corruption::LongRow);
        if huge && !(case / Corruption::ALL.len()).is_multiple_of(25) {
            continue;
        }
        let which = rng.random_range(0..studies.len());
        if case % 400 == 399 {
            studies[which] = ValidStudy::new(which, rng.random());
        }
        let study = &studies[which];
        let file = rng.random_range(0..study.files.len());
        let mut spoiled = study.files[file].bytes.clone();
        for _ in 0..if huge { 1 } else { rng.random_range(1..4) } {
            spoiled = corruption.apply(&spoiled, study, file, &mut rng);
        }
        match check(study, file, &spoiled, case % 3 != 0) {
            Ok(left) => beyond += left,
            Err(fault) if faults.len() < SHOWN => {
                faults.push(format!(
                    "case {case}: {} of {} in dress {}: {fault}",
                    corruption.name(),
                    study.files[file].name,
                    study.dress.name
                ));
                first.get_or_insert_with(|| {
                    let shown = String::from_utf8_lossy(&spoiled[..spoiled.len().min(6000)]).into_owned();
                    format!("study.toml:\n{}\nthe file:\n{shown}", study.toml)
                });
            }
            Err(_) => break,
        }
        study.write(file, &study.files[file].bytes);
        *ran.entry(corruption.name()).or_default() += 1;
    }
    assert!(faults.is_empty(), "seed {seed}, {} faults:\n{}\nThe first:\n{}", faults.len(), faults.join("\n"), first.unwrap_or_default());
    println!("{} corruptions borne ({beyond} cells kept that the reference cannot judge): {ran:?}", ran.values().sum::<usize>());
    for corruption in Corruption::ALL {
        assert!(ran.get(corruption.name()).is_some_and(|&count| count > 0), "{} never ran", corruption.name());
    }
}

/// Two runs at a time: each reads its studies in turn.
fn run_twice(cases: usize, seed: u64) {
    std::thread::scope(|scope| {
        for half in 0..2 {
            scope.spawn(move || run(cases / 2, seed + half));
        }
    });
}

#[test]
fn thousands_of_corruptions_lose_no_row_and_change_no_value() {
    run_twice(2_000, 20_240_301);
}

#[test]
#[ignore = "ten times as many, a minute or two: cargo test --release -- --ignored"]
fn tens_of_thousands_of_corruptions_lose_no_row_and_change_no_value() {
    for part in 0..10 {
        run_twice(2_000, 77_000 + 1_000 * part);
    }
}
