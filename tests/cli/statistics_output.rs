//! What `staywell stats` prints: missing contrasts, counts at times, numbers and texts at the edge, refusals and their hints.

use serde_json::Value;

use crate::harness::{Run, StudyFolder};

fn run(folder: &StudyFolder, line: &str) -> Run {
    let words: Vec<&str> = line.split(' ').collect();
    folder.run(&[&["stats", words[0]], &words[1..]].concat())
}

fn json(folder: &StudyFolder, line: &str) -> Value {
    let run = run(folder, &format!("{line} --format json"));
    assert_eq!(run.code, 0, "{line}: {}", run.stderr);
    serde_json::from_str(&run.stdout).unwrap()
}

fn refused(folder: &StudyFolder, line: &str) -> String {
    let run = run(folder, line);
    assert_eq!(run.code, 2, "{line}: {}", run.stdout);
    run.stderr
}

/// Twelve rows of numbers of both signs, a yes/no column and clusters, numbers multiplied by `size`.
fn of_size(size: f64) -> StudyFolder {
    let mut text = "id,g,event,count,x,y,z,zero\n".to_owned();
    for row in 0..12_i32 {
        let (x, y, z) = ((row * 7) % 11 - 5, (row * 5) % 13 - 4, (row * row) % 7);
        text.push_str(&format!(
            "{},{},{},{},{:e},{:e},{:e},0\n",
            row / 3,
            row % 2,
            u8::from((row * 5) % 12 < 6),
            row % 4,
            f64::from(x) * size,
            f64::from(y) * size,
            f64::from(z) * size
        ));
    }
    StudyFolder::new().file("d.csv", text)
}

const MODELS: [&str; 12] = [
    "ols --data STUDY/d.csv --y y --x g",
    "ols --data STUDY/d.csv --y count --x x",
    "logistic --data STUDY/d.csv --y event --x x",
    "poisson --data STUDY/d.csv --y count --x x",
    "gee --data STUDY/d.csv --y y --x g --id id",
    "lmm --data STUDY/d.csv --y y --x g --id id",
    "iptw --data STUDY/d.csv --exposure event --covariates x",
    "summary --data STUDY/d.csv --y y",
    "ttest --data STUDY/d.csv --y y --by g",
    "tost --data STUDY/d.csv --y y --by g --lower=-1 --upper 1",
    "bland-altman --data STUDY/d.csv --first x --second y",
    "correlation --data STUDY/d.csv --x x --y y",
];

#[test]
fn numbers_whose_squares_overflow_or_vanish_are_refused_by_every_model() {
    for size in [1e155, 1e300, 1e-155, 1e-300] {
        let folder = of_size(size);
        for model in MODELS {
            let said = refused(&folder, model);
            assert!(said.contains("too large or too small") && said.contains("give them in other units"), "{size:e}, {model}: {said}");
            assert!(said.len() < 200, "{said}");
        }
    }
    // Zeros are of no size, and what can be squared is computed.
    for size in [1.0, 1e100, 1e-100] {
        let folder = of_size(size);
        assert_eq!(json(&folder, "summary --data STUDY/d.csv --y zero")["tidy"][0]["std.dev"], 0.0);
        for model in MODELS {
            let found = json(&folder, model);
            let row = &found["tidy"][0];
            assert!(row.get("std.error").is_none_or(|error| error.as_f64().unwrap() > 0.0), "{size:e}, {model}: {row}");
        }
    }
}

#[test]
fn a_statistic_does_not_depend_on_the_unit_however_large() {
    // t, r and z are ratios: the same in any unit, the estimate in units of y over x the same too.
    let one = of_size(1.0);
    for size in [1e100, 1e-100] {
        let scaled = of_size(size);
        for (line, block, column) in [
            ("ols --data STUDY/d.csv --y y --x x", 1, "statistic"),
            ("ols --data STUDY/d.csv --y y --x x", 1, "std.error"),
            ("ols --data STUDY/d.csv --y event --x x", 1, "statistic"),
            ("logistic --data STUDY/d.csv --y event --x x", 1, "statistic"),
            ("ttest --data STUDY/d.csv --y y --by g", 0, "statistic"),
            ("correlation --data STUDY/d.csv --x x --y y", 0, "estimate"),
        ] {
            let number = |folder: &StudyFolder| json(folder, line)["tidy"][block][column].as_f64().unwrap();
            let (found, expected) = (number(&scaled), number(&one));
            assert!((found - expected).abs() <= 1e-9 * expected.abs(), "{size:e}, {line}, {column}: {found} is not {expected}");
        }
    }
}

#[test]
fn a_huge_number_is_printed_with_a_power_of_ten_and_reads_back_as_itself() {
    let folder = of_size(1e100);
    let line = "ols --data STUDY/d.csv --y y --x g";
    let csv = run(&folder, &format!("{line} --format csv")).stdout;
    let cells: Vec<f64> = csv.lines().nth(1).unwrap().split(',').skip(1).map(|cell| cell.parse().unwrap()).collect();
    // The text of the JSON, read by the standard library: serde_json's reader is off by one in the last bit now and then.
    let text = run(&folder, &format!("{line} --format json")).stdout;
    for (name, cell) in ["estimate", "std.error", "statistic", "p.value", "conf.low", "conf.high"].iter().zip(cells) {
        let number = text.split(&format!("\"{name}\": ")).nth(1).unwrap().split([',', '}']).next().unwrap();
        assert_eq!(number.parse::<f64>().unwrap().to_bits(), cell.to_bits(), "{name}: {number}");
    }
    assert!(csv.lines().all(|line| line.len() < 200), "{csv}");
    let said = refused(&folder, "tost --data STUDY/d.csv --y y --by g --lower 1e200 --upper 1");
    assert!(said.contains("the lower margin is 1e200, but it must lie below the upper one"), "{said}");
}

#[test]
fn a_level_is_printed_with_the_digits_it_was_given_with() {
    let folder = of_size(1.0);
    for line in ["summary --data STUDY/d.csv --y y --level 0.55", "ttest --data STUDY/d.csv --y y --by g --level 0.57"] {
        let text = run(&folder, line).stdout;
        assert!(text.contains(" 55 %") || text.contains(" 57 %"), "{text}");
    }
    // 1 − 0.975 and 2 · 0.975 − 1.
    let text = run(&folder, "tost --data STUDY/d.csv --y y --by g --lower=-1 --upper 1 --level 0.975").stdout;
    assert!(text.contains("at 2.5 % each; limits at 95 %"), "{text}");
}

/// Group a is followed to 4, group b to 10; two causes, one row each.
fn two_groups() -> StudyFolder {
    StudyFolder::new()
        .file("d.csv", "id,g,time,event,cause\n1,a,1,1,1\n2,a,2,1,2\n3,a,3,0,0\n4,a,4,0,0\n5,b,2,1,1\n6,b,5,1,2\n7,b,8,1,1\n8,b,10,0,0\n")
}

#[test]
fn a_contrast_that_cannot_be_had_is_a_row_of_missing_cells_and_a_note_with_the_reason() {
    let folder = two_groups();
    for (line, block, rows) in [
        ("km --data STUDY/d.csv --time time --event event --by g --times 3,9", "survival_difference", 2),
        ("cuminc --data STUDY/d.csv --time time --event cause --by g --times 3,9", "difference", 4),
        ("mcf --data STUDY/d.csv --time time --event event --id id --by g --times 3,9", "difference", 2),
    ] {
        let found = json(&folder, line);
        let printed = found[block].as_array().unwrap();
        assert_eq!(printed.len(), rows, "{line}: {found}");
        for row in printed {
            // Group a ends at 4: the difference is known at 3 and unknown at 9.
            assert_eq!(row["estimate"].is_null(), row["time"] == 9.0, "{line}: {row}");
            assert_eq!(row["p.value"].is_null(), row["time"] == 9.0, "{line}: {row}");
        }
        let notes: Vec<&str> = found["notes"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        let reasons: Vec<&&str> = notes.iter().filter(|note| note.starts_with("No contrast at 9: ")).collect();
        assert_eq!(reasons.len(), 1, "{line}: {notes:?}");
        assert!(reasons[0].contains("beyond the last follow-up at 4"), "{line}: {notes:?}");
        assert!(notes.iter().any(|note| note.contains("since the time before")), "{line}: {notes:?}");
    }
}

#[test]
fn where_nobody_has_had_an_event_yet_the_reason_is_not_that_there_are_none() {
    let folder = two_groups();
    for line in [
        "km --data STUDY/d.csv --time time --event event --by g --times 0.5",
        "mcf --data STUDY/d.csv --time time --event event --id id --by g --times 0.5",
    ] {
        let notes = json(&folder, line)["notes"].to_string();
        let known = ["neither curve has a standard error there", "nobody has had an event by then"];
        assert!(notes.contains("No contrast at 0.5") && known.iter().any(|reason| notes.contains(reason)), "{line}: {notes}");
    }
}

#[test]
fn counts_at_times_are_since_the_time_before_in_every_curve() {
    let folder = two_groups();
    // Group b: events at 2 (cause 1), 5 (cause 2), 8 (cause 1), censored at 10. Up to 3: one; after 3 up to 9: two; after 9: the censored.
    let counts = |line: &str, of: &dyn Fn(&Value) -> bool, column: &str| -> Vec<u64> {
        let found = json(&folder, line);
        found["tidy"].as_array().unwrap().iter().filter(|row| of(row)).map(|row| row[column].as_u64().unwrap()).collect()
    };
    let km = "km --data STUDY/d.csv --time time --event event --by g --times 3,9,10";
    let cuminc = "cuminc --data STUDY/d.csv --time time --event cause --by g --times 3,9,10";
    let mcf = "mcf --data STUDY/d.csv --time time --event event --id id --by g --times 3,9,10";
    let b = |row: &Value| row["strata"] == "g=b";
    let cause = |row: &Value, cause: &str| b(row) && row["outcome"] == cause;
    assert_eq!(counts(km, &b, "n.event"), [1, 2, 0]);
    // Group a, whose follow-up ends at 4: events at 1 and 2, censored at 3 and 4, nothing later.
    let a = |row: &Value| row["strata"] == "g=a";
    assert_eq!((counts(km, &a, "n.event"), counts(km, &a, "n.censor")), (vec![2, 0, 0], vec![1, 1, 0]));
    assert_eq!(counts(mcf, &a, "n.event"), [2, 0, 0]);
    assert_eq!(counts(cuminc, &|row| a(row) && row["outcome"] == "1", "n.censor"), [1, 1, 0]);
    assert_eq!(counts(mcf, &b, "n.event"), [1, 2, 0]);
    assert_eq!(counts(cuminc, &|row| cause(row, "1"), "n.event"), [1, 1, 0]);
    assert_eq!(counts(cuminc, &|row| cause(row, "2"), "n.event"), [0, 1, 0]);
    assert_eq!(counts(km, &b, "n.censor"), [0, 0, 1]);
    assert_eq!(counts(cuminc, &|row| cause(row, "2"), "n.censor"), [0, 0, 1]);
}

#[test]
fn control_characters_of_a_file_reach_neither_the_table_nor_an_error() {
    let folder =
        StudyFolder::new().file("d.csv", "g,y\n\"\u{1b}[31mred\",1\n\"two\nlines\ta\",2\n\"\u{1b}[31mred\",3\n\"two\nlines\ta\",5\n");
    let table = run(&folder, "summary --data STUDY/d.csv --y y --by g").stdout;
    assert!(table.contains("g=\\u{1b}[31mred") && table.contains("g=two\\nlines\\ta"), "{table}");
    assert!(!table.contains(['\u{1b}', '\t']), "{table}");
    let error = refused(&folder, "summary --data STUDY/d.csv --y g");
    assert!(error.contains("\\u{1b}[31mred") && !error.contains('\u{1b}'), "{error}");
    let error = refused(&folder, "km --data STUDY/d.csv --time y --event g --event-code 2 --by nothing");
    assert_eq!(error.lines().count(), 1, "{error}");
    // What machines read is as it was.
    let found = json(&folder, "summary --data STUDY/d.csv --y y --by g");
    assert_eq!(found["tidy"][0]["strata"], "g=\u{1b}[31mred");
}

#[test]
fn refusals_name_what_was_given_and_what_would_do() {
    let folder = StudyFolder::new()
        .file("d.csv", "g,x,y,yes\n1,2,1,yes\n1,4,3,no\n2,1,4,yes\n2,3,9,no\n")
        .file("empty.csv", "")
        .file("header.csv", "g,y\n");
    for file in ["empty", "header"] {
        let said = refused(&folder, &format!("summary --data STUDY/{file}.csv --y y"));
        assert!(!said.contains("study does") && said.contains("at least one row"), "{said}");
    }
    for (line, wanted) in [
        ("power --events=nan", "'nan' for '--events <N>': a number is expected"),
        ("power --events=inf", "'inf' for '--events <N>': a number is expected"),
        ("power --events=-1 --hazard-ratio 0.5", "the number of events is -1, but"),
        ("power --events=0", "there are no events"),
        ("tost --data STUDY/d.csv --y y --by g --lower=-1 --upper nan", "'nan' for '--upper <MARGIN>': a number is expected"),
        ("tost --data STUDY/d.csv --y y --by g --lower=1 --upper=-1", "the lower margin is 1, but it must lie below the upper one"),
        ("bland-altman --data STUDY/d.csv --first x --second y --coverage 0", "the coverage is 0, but it must be a share between 0 and 1"),
        ("bland-altman --data STUDY/d.csv --first x --second y --id g --coverage 1", "the coverage is 1, but"),
        ("poisson --data STUDY/d.csv --y yes --x x", "expects counts: staywell stats logistic --y yes"),
        ("poisson --data STUDY/d.csv --y g --x nothing", "no column \"nothing\""),
        ("ttest --data STUDY/d.csv --y y", "either --by or --second is needed"),
    ] {
        let said = refused(&folder, line);
        assert!(said.contains(wanted), "{line}: {said}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_standard_output_asks_for_no_folder() {
    let folder = two_groups();
    let data = folder.path().join("d.csv");
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_staywell"))
        .args(["stats", "summary", "--y", "time", "--data"])
        .arg(&data)
        .stdout(full)
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(said.starts_with("error: cannot write to standard output") && !said.contains("--out"), "{said}");
}

#[test]
fn points_on_a_line_have_a_p_of_zero_and_no_finite_statistic() {
    let folder = StudyFolder::new().file("d.csv", "x,y\n1,2\n2,4\n3,6\n4,8\n");
    // R: cor.test(1:4, 2 * 1:4) prints t = Inf, p-value = 0 (up to rounding).
    let found = json(&folder, "correlation --data STUDY/d.csv --x x --y y");
    let row = &found["tidy"][0];
    assert_eq!((&row["estimate"], &row["p.value"]), (&Value::from(1.0), &Value::from(0.0)));
    assert!(row["statistic"].is_null());
}
